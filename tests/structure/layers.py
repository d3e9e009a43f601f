"""Includes follow DESIGN section 1: cli -> api -> text | image | audio -> core; image and audio may see text; plugins and cli
see veil.h alone; OpenCV only in src/image/cv_*.cpp, and in src/cli/cv_*.cpp, because programs set OpenCV's thread count; no
"../" anywhere."""
import re

import tree

MAY_SEE = {
    "core": {"core"},
    "text": {"core", "text"},
    "image": {"core", "text", "image"},
    "audio": {"core", "text", "audio"},
    "api": {"core", "text", "image", "audio", "api"},
    "cli": {"cli"},
    "plugins": {"plugins"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def wrong_in_layer(path, quote, target):
    """Why a file of src must not include this, or None."""
    layer = path.relative_to(tree.ROOT / "src").parts[0]
    for prefix, name in (("tesseract/", "src/plugins/tess.cpp"), ("ZXing/", "src/image/zxing_codes.cpp")):
        if target.startswith(prefix):
            return None if str(path.relative_to(tree.ROOT)) == name else f"{prefix[:-1]} is for {name} alone"
    if target.startswith("opencv2/"):
        is_shim = layer in ("image", "cli") and path.name.startswith("cv_") and path.suffix == ".cpp"
        return None if is_shim else "OpenCV is for cv_*.cpp of image and cli alone"
    if quote == "<" or target == "veil.h":
        return None
    parts = target.split("/")
    if len(parts) == 1:
        return None if (path.parent / target).exists() or target.endswith(".inc") else "no such file beside it"
    if parts[0] not in MAY_SEE:
        return "not a layer"
    return None if parts[0] in MAY_SEE[layer] else f"{layer} must not see {parts[0]}"


def main():
    problems = []
    checked = 0
    for path in tree.files(["src", "include", "tests", "examples", "bench"], {".c", ".h", ".cpp", ".inc"}):
        for match in INCLUDE.finditer(path.read_text(encoding="utf-8")):
            checked += 1
            quote, target = match.groups()
            reason = None
            if "../" in target:
                reason = '"../" in an include'
            elif path.is_relative_to(tree.ROOT / "src"):
                reason = wrong_in_layer(path, quote, target)
            elif path.is_relative_to(tree.ROOT / "include") and quote == '"':
                reason = "the public header includes the C library alone"
            if reason:
                problems.append(f"{tree.name(path)}: {target}: {reason}")
    tree.finish(problems, checked, "includes")


main()

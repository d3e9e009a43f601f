"""Public names: veil.h, the version script and the built libraries agree. Usage: symbols.py SHARED-LIBRARY ARCHIVE"""
import re
import subprocess
import sys

import tree


def declared():
    header = (tree.ROOT / "include/veil.h").read_text(encoding="utf-8")
    header = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    return set(re.findall(r"VEIL_API\b[^;{]*?\b(veil_\w+)\s*\(", header))


def scripted():
    script = (tree.ROOT / "src/api/veil.map").read_text(encoding="utf-8")
    return set(re.findall(r"^\s*(veil_\w+);", script, flags=re.MULTILINE))


def defined(arguments):
    """[(type, name)] of what nm calls defined and external."""
    output = subprocess.run(["nm", "--defined-only", "--extern-only", *arguments], check=True, capture_output=True,
                            text=True).stdout
    rows = [line.split() for line in output.splitlines()]
    return [(row[1], row[2]) for row in rows if len(row) == 3]


def differ(left, right, left_name, right_name):
    return ([f"{name}: in {left_name}, not in {right_name}" for name in sorted(left - right)] +
            [f"{name}: in {right_name}, not in {left_name}" for name in sorted(right - left)])


def main():
    shared, archive = sys.argv[1:3]
    header = declared()
    exported = {name.split("@")[0] for kind, name in defined(["-D", shared]) if kind != "A"}
    problems = differ(header, scripted(), "veil.h", "veil.map")
    problems += differ(header, exported, "veil.h", "the shared library")
    # gcc's C++ instantiations are weak (W, V, u); the sanitizers' and the model's own names are checked like any other.
    names = [name for kind, name in defined([archive]) if kind not in "WVu"]
    problems += [f"{name}: a global of the archive without veil_ or vl_" for name in sorted(set(names))
                 if not name.startswith(("veil_", "vl_"))]
    problems += [f"{name}: missing in the archive" for name in sorted(header - set(names))]
    tree.finish(problems, len(header) + len(names), "symbols")


main()

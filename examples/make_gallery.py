#!/usr/bin/env python3
"""Make the pictures of docs/gallery.md: those that are looked at by draw_gallery, the others by the commands that the page shows.

Usage: make_gallery.py [--check] [--no-ocr] [BUILD | --draw PROGRAM --veil PROGRAM]
BUILD is a build folder, build/release if nothing is given. --check writes nothing and compares: a committed picture that is not what is made
today, a command that fails, a picture that no command makes, and a folder of more than 400 KB are errors. Two files are the same when their
bytes are, or, of PNGs, their pixels (another zlib packs differently). Standard library only.
"""
import argparse
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCS = os.path.join(ROOT, "docs")
GALLERY = os.path.join(DOCS, "gallery")
FOLDER_MAX_BYTES = 400_000


def read(path):
    with open(path, "rb") as file:
        return file.read()


def pixels(png):
    """(header, unpacked rows) of an 8-bit PNG that is not interlaced: gray, gray and alpha, RGB or RGBA."""
    at, data, head = 8, b"", b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IHDR":
            head = png[at + 8:at + 8 + size]
        elif kind == b"IDAT":
            data += png[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", head)
    assert depth == 8 and interlace == 0, "8 bits, not interlaced"
    step = {0: 1, 2: 3, 4: 2, 6: 4}[color]
    raw, row, out = zlib.decompress(data), bytearray(width * step), bytearray()
    for y in range(height):
        start = y * (width * step + 1)
        line, up = bytearray(raw[start + 1:start + 1 + width * step]), row
        for i in range(len(line)):
            a, b, c = (line[i - step], up[i], up[i - step]) if i >= step else (0, up[i], 0)
            line[i] = (line[i] + filtered(raw[start], a, b, c)) & 255
        row = line
        out += row
    return head, bytes(out)


def filtered(kind, left, up, corner):
    """What a filter of the PNG standard (section 9) adds."""
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda v: abs(guess - v))
    return (0, left, up, (left + up) // 2)[kind]


def same(a, b):
    return a == b or (a[1:4] == b[1:4] == b"PNG" and pixels(a) == pixels(b))


def commands(has_ocr):
    """Every line of the page that begins with "veil redact", as a list of words."""
    with open(os.path.join(DOCS, "gallery.md"), encoding="utf-8") as file:
        lines = re.findall(r"^    (veil redact .*)$", file.read(), re.M)
    found = [shlex.split(line) for line in lines]
    return [words for words in found if has_ocr or "--ocr" not in words]


def made(draw, veil, has_ocr, folder):
    """Make everything into `folder`: (path of the committed file, path of the new one)."""
    subprocess.run([draw, folder], check=True)
    pairs = [(os.path.join(GALLERY, name), os.path.join(folder, name)) for name in sorted(os.listdir(folder))]
    for words in commands(has_ocr):
        at = words.index("-o") + 1
        target = os.path.normpath(os.path.join(GALLERY, words[at]))
        source = words[-1] if "/" in words[-1] else os.path.join(folder, words[-1])
        new = os.path.join(folder, os.path.basename(words[at]))
        subprocess.run([veil, *words[1:at], new, *words[at + 1:-1], source], check=True, cwd=GALLERY, stdout=subprocess.DEVNULL)
        pairs.append((target, new))
    return pairs


def problems_of(pairs, has_ocr):
    problems = [f"{os.path.relpath(old, ROOT)}: not what is made today (examples/make_gallery.py makes it again; look at it before you commit it)"
                for old, new in pairs if not os.path.exists(old) or not same(read(old), read(new))]
    names = set(os.listdir(GALLERY))
    if has_ocr:
        problems += [f"docs/gallery/{name}: no command makes it" for name in sorted(names - {os.path.basename(p) for p, _ in pairs})]
    if sum(os.path.getsize(os.path.join(GALLERY, name)) for name in names) > FOLDER_MAX_BYTES:
        problems.append(f"docs/gallery: more than {FOLDER_MAX_BYTES} bytes")
    with open(os.path.join(DOCS, "gallery.md"), encoding="utf-8") as file:
        shown = set(re.findall(r"!\[[^\]]+\]\(gallery/([^)]+)\)", file.read()))
    problems += [f"docs/gallery/{name}: the page does not show it" for name in sorted(names - shown)]
    return problems


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--draw")
    parser.add_argument("--veil")
    parser.add_argument("build", nargs="?", default=os.path.join(ROOT, "build", "release"))
    args = parser.parse_args()
    draw = os.path.abspath(args.draw or os.path.join(args.build, "examples", "draw_gallery"))
    veil = os.path.abspath(args.veil or os.path.join(args.build, "bin", "veil"))
    with tempfile.TemporaryDirectory(prefix="veil-gallery-") as folder:
        pairs = made(draw, veil, not args.no_ocr, folder)
        if args.check:
            problems = problems_of(pairs, not args.no_ocr)
            print(*problems, f"gallery: {len(pairs)} pictures, {len(problems)} wrong", sep="\n")
            return 1 if problems or len(pairs) < 8 else 0
        for old, new in pairs:
            with open(old, "wb") as file:
                file.write(read(new))
    return 0


sys.exit(main())

"""The files that the structure tests look at, and how they report."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(folders, suffixes):
    """Files below the folders with one of the suffixes, in a stable order; build folders are not part of the tree."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file() and "build" not in path.relative_to(ROOT).parts:
                found.append(path)
    return found


def name(path):
    return str(path.relative_to(ROOT))


def finish(problems, looked_at, what):
    """Print every problem; a check that looked at nothing has failed."""
    for problem in problems:
        print(problem)
    if not looked_at:
        print(f"{what}: nothing was checked")
    else:
        print(f"{what}: {looked_at} checked, {len(problems)} wrong")
    sys.exit(1 if problems or not looked_at else 0)

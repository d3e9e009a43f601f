#!/usr/bin/env python3
"""Run the tests that make their cases by chance with many seeds, and name the seeds that fail.

    python3 tests/sweep.py BUILD COUNT [FIRST] [TEST...]     BUILD: build/release; TEST: stream, differential, ... (default: all)

A test is one of these when its source asks for test_seed (tests/support/seed.h). A failing one is repeated by
`VEIL_TEST_SEED=N BUILD/tests/text/text_NAME_test`. Exit 1 when any failed.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def seeded(build):
    for source in sorted((ROOT / "tests/text").glob("*_test.c")):
        if "test_seed(" in source.read_text(encoding="utf-8"):
            yield build / "tests/text" / f"text_{source.stem}"


def fails(program, seed):
    run = subprocess.run([program], env=dict(os.environ, VEIL_TEST_SEED=str(seed)), capture_output=True, check=False)
    return run.returncode != 0


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    build, count = pathlib.Path(arguments[0]).resolve(), int(arguments[1])
    first = int(arguments[2]) if len(arguments) > 2 else 1
    wanted = arguments[3:]
    failed = 0
    for program in seeded(build):
        name = program.name[len("text_") : -len("_test")]
        if wanted and name not in wanted:
            continue
        bad = [seed for seed in range(first, first + count) if fails(program, seed)]
        failed += len(bad)
        print(f"{name}: {count} seeds from {first}, {len(bad)} fail {bad if bad else ''}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

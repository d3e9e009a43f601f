#!/bin/sh
# Installs what is missing, builds and runs the tests. The README's second command; .ci/run calls it.
# Usage: sh cmake/test.sh [PRESET...]   dev, release, asan, tsan, fuzz; all of them when none is named
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- dev release asan tsan fuzz

build() {
  mkdir -p "build/$1"
  if ! { cmake --preset "$1" && cmake --build --preset "$1"; } >"build/$1/build.log" 2>&1; then
    cat "build/$1/build.log"
    return 1
  fi
  tail -n 1 "build/$1/build.log"
}

# ctest shows no output of tests that pass; what they left out must be seen all the same
show_skipped() {
  skipped=$(grep -hoE '^(\[  SKIPPED \] [a-z_0-9]+$|skipped:.*)' "build/$1/Testing/Temporary/LastTest.log" | sort -u) || true
  [ -z "$skipped" ] || printf 'skipped in %s:\n%s\n' "$1" "$skipped"
}

sh cmake/dependencies.sh
for preset in "$@"; do
  printf '\n== %s\n' "$preset"
  build "$preset"
  case $preset in
    dev) ctest --preset dev -j 2 ;;
    # what an optimised build alone can show: figures, stacks, allocation counts; the rest ran in dev
    release) ctest --preset release -R 'bench_|canary|faults|stress|text_|differential|example' ;;
    fuzz) ctest --preset fuzz -j 2 -R '^fuzz_' ;;
    # the scripts that build other trees would only repeat what dev has shown
    *) ctest --preset "$preset" -j 2 -LE tree ;;
  esac
  show_skipped "$preset"
done

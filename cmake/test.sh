#!/bin/sh
# Installs what is missing, builds and runs the tests. The README's second command; .ci/run calls it.
# Usage: sh cmake/test.sh [PRESET...]   dev, release, asan, tsan, fuzz; all of them when none is named
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- dev release asan tsan fuzz
sh cmake/dependencies.sh
for preset in "$@"; do
  printf '\n== %s\n' "$preset"
  mkdir -p "build/$preset"
  log=build/$preset/build.log
  if ! { cmake --preset "$preset" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
    cat "$log"
    exit 1
  fi
  tail -n 1 "$log"
  case $preset in
    dev) ctest --preset dev ;;
    # what an optimised build alone can show: figures, stacks, allocation counts; the rest ran in dev
    release) ctest --preset release -R 'bench_|canary|faults|stress|text_|differential|example' ;;
    fuzz) ctest --preset fuzz -R '^fuzz_' ;;
    # the scripts that build other trees would only repeat what dev has shown
    *) ctest --preset "$preset" -j 2 -LE tree ;;
  esac
done

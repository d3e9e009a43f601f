#!/bin/sh
# Installs what is missing, builds and runs every test. The README's second command; .ci/run calls it.
# Usage: sh cmake/test.sh [PRESET]   dev (default), release, asan, tsan or fuzz
set -eu
cd "$(dirname "$0")/.."
preset=${1:-dev}
sh cmake/dependencies.sh
cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset"

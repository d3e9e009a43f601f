#!/bin/sh
# Installs what is missing, builds and runs every test. The README's second command; .ci/run calls it.
set -eu
cd "$(dirname "$0")/.."
sh cmake/dependencies.sh
cmake --preset dev
cmake --build --preset dev
ctest --preset dev

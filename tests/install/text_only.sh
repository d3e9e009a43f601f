#!/bin/sh
# A text-only build is real: configured without images, audio and YAML it builds with C alone, links neither OpenCV nor libsndfile
# nor an image codec, works, and answers UNSUPPORTED to the rest. Usage: text_only.sh SOURCE-FOLDER CC
set -eu
source=$1 cc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
run cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O0 \
  -DVEIL_IMAGE=OFF -DVEIL_AUDIO=OFF -DVEIL_YAML=OFF -DVEIL_TESTS=OFF -DVEIL_EXAMPLES=OFF -DVEIL_CLI=OFF
run cmake --build "$work/build"
run cmake --install "$work/build" --prefix "$work/prefix"
library=$(dirname "$(find "$work/prefix" -name libveil.a)")
if ldd "$library/libveil.so" | grep -E 'opencv|sndfile|jpeg|png|yaml|stdc\+\+.*opencv'; then
  echo "a text-only library must not need these"
  exit 1
fi
if grep -E 'opencv|sndfile|jpeg|png|yaml' "$library/pkgconfig/veil.pc"; then
  echo "nor must its veil.pc name them"
  exit 1
fi
export PKG_CONFIG_PATH="$library/pkgconfig" LD_LIBRARY_PATH="$library"
$cc -std=c17 "$source/tests/install/text_only.c" -o "$work/program" $(pkg-config --cflags --libs veil)
"$work/program"
echo "text-only: $(ldd "$library/libveil.so" | wc -l) shared objects"

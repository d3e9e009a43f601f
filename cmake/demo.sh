#!/bin/sh
# The README's first command: installs what is missing, builds a release, and shows the main job on three real inputs.
# Usage: sh cmake/demo.sh   (as root, or as a user with sudo; needs no network but for apt)
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "Debian packages"
sh cmake/dependencies.sh
say "Build (release)"
mkdir -p build/demo
if ! { cmake --preset release && cmake --build --preset release --target veil_cli example_latency; } >build/demo/build.log 2>&1; then
  cat build/demo/build.log >&2
  exit 1
fi
tail -n 1 build/demo/build.log
veil=build/release/bin/veil
"$veil" version

say "A letter: what is in it"
"$veil" scan examples/message.txt
say "A letter: without it"
"$veil" redact -o build/demo/message.txt examples/message.txt
sed 's/^/  | /' build/demo/message.txt

say "A picture: the face goes; the line of text and the background stay"
"$veil" scan examples/picture.jpg
"$veil" redact -o build/demo/picture.jpg examples/picture.jpg

say "A phone call with its word-timed transcript: a beep over what it gives away"
"$veil" scan --transcript examples/call.json examples/call.wav
"$veil" redact --transcript examples/call.json -o build/demo/call.wav examples/call.wav

say "Latency of these three, each repeated for a second on one thread"
OPENCV_FOR_THREADS_NUM=1 build/release/examples/example_latency examples/message.txt examples/picture.jpg examples/call.wav examples/call.json 1

say "Copies are in build/demo: message.txt, picture.jpg, call.wav"

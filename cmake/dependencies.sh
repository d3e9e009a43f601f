#!/bin/sh
# The one list of Debian packages that Veil builds, tests and measures with. Installs what is missing (as root, or with
# sudo); on another system it prints the list and stops. Usage: sh cmake/dependencies.sh [--list] [--text-only]
set -eu

text="build-essential cmake ninja-build pkg-config libhyperscan-dev libxxhash-dev libssl-dev libjemalloc-dev libyaml-dev libcmocka-dev"
media="libopencv-dev libjpeg-dev libpng-dev libwebp-dev libsndfile1-dev libzxingcore-dev libtesseract-dev tesseract-ocr-eng libpocketsphinx-dev libsphinxbase-dev pocketsphinx-en-us"
tools="clang clang-format libclang-rt-dev libre2-dev libpcre2-dev opencv-data espeak-ng libimage-exiftool-perl libphonenumber-dev python3 python3-numpy"

packages="$text $media $tools"
for argument in "$@"; do
  case $argument in
    --list) printf '%s\n' $packages; exit 0 ;;
    --text-only) packages=$text ;;
    *) echo "usage: sh cmake/dependencies.sh [--list] [--text-only]" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  echo "This is not a Debian system. Veil needs what these Debian 12 packages hold:" >&2
  printf '  %s\n' $packages >&2
  exit 1
fi

missing=""
for package in $packages; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "Please install these packages as root, then run this again:$missing" >&2
  exit 1
fi

# apt tells each of some thousand steps; that is of interest only when one fails
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  $as_root "$@" >"$log" 2>&1 && return
  cat "$log" >&2
  exit 1
}

echo "Installing:$missing"
quietly apt-get update -qq
quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
echo "Installed."

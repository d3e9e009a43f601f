#!/bin/sh
# Install into an empty prefix, then build and run an outside C project and an outside C++ project against it: by pkg-config
# and by find_package, shared and static. Usage: install.sh BUILD-FOLDER CC CXX
set -eu
build=$1 cc=$2 cxx=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
expected="mail <EMAIL_ADDRESS> (0.1.0)"

check() { # check NAME PROGRAM
  answer=$("$2")
  [ "$answer" = "$expected" ] || { echo "$1 printed: $answer"; exit 1; }
  echo "$1: ok"
}

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix" # an installed tree may be moved
prefix=$work/prefix
library=$(dirname "$(find "$prefix" -name libveil.a)")
export PKG_CONFIG_PATH="$library/pkgconfig" LD_LIBRARY_PATH="$library"
if grep -rlE "$(cd "$here/../.." && pwd)|$work/first" "$prefix" --include='*.cmake' --include='*.pc' --include='*.h'; then
  echo "installed text files name the source tree or the first prefix"
  exit 1
fi
[ "$(pkg-config --modversion veil)" = "0.1.0" ] || { echo "veil.pc has another version"; exit 1; }

$cc -std=c17 -Wall -Wextra -Werror "$here/outside_c/main.c" -o "$work/c_shared" $(pkg-config --cflags --libs veil)
check "C, pkg-config, shared" "$work/c_shared"
$cxx -std=c++17 -Wall -Wextra -Werror "$here/outside_cxx/main.cpp" -o "$work/cxx_shared" $(pkg-config --cflags --libs veil)
check "C++, pkg-config, shared" "$work/cxx_shared"

# --static also names the libraries' own private ones, static or not as the linker finds them; Veil itself must be the archive.
static=$(pkg-config --static --libs veil | sed "s| -lveil | $library/libveil.a |; s|^-lveil |$library/libveil.a |")
$cc -std=c17 "$here/outside_c/main.c" -o "$work/c_static" $(pkg-config --cflags veil) $static
check "C, pkg-config, static" "$work/c_static"
$cxx -std=c++17 "$here/outside_cxx/main.cpp" -o "$work/cxx_static" $(pkg-config --cflags veil) $static
check "C++, pkg-config, static" "$work/cxx_static"

for language in c cxx; do
  cmake -S "$here/outside_$language" -B "$work/$language" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  cmake --build "$work/$language" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  check "$language, find_package, shared" "$work/$language/with_shared"
  check "$language, find_package, static" "$work/$language/with_static"
done

for program in "$work/c_static" "$work/cxx_static" "$work/c/with_static" "$work/cxx/with_static"; do
  if ldd "$program" | grep -q libveil; then
    echo "$program was to hold the archive and uses the shared library"
    exit 1
  fi
done
ldd "$work/c_shared" | grep -q "libveil.so.0 => $library" || { echo "no libveil.so.0 in ldd"; exit 1; }

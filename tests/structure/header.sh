#!/bin/sh
# veil.h compiles alone, in both languages, with every warning an error. Usage: header.sh CC CXX INCLUDE-FOLDER
set -eu
cc=$1 cxx=$2 include=$3
flags="-fsyntax-only -Wall -Wextra -pedantic -Werror"
echo '#include "veil.h"' | $cc -std=c17 $flags -I"$include" -x c -
echo '#include "veil.h"' | $cxx -std=c++17 $flags -I"$include" -x c++ -
# Also with what strict hosts turn on, and after a host that defines short names.
echo '#include "veil.h"' | $cc -std=c17 $flags -Wstrict-prototypes -Wundef -Wconversion -fshort-enums -I"$include" -x c -
echo '#include "veil.h"' | $cxx -std=c++17 $flags -Wundef -Wold-style-cast -I"$include" -x c++ -
echo "veil.h compiles as C17 and C++17"

#!/bin/sh
# Veil inside another project, by add_subdirectory (as FetchContent does): configures beside a parent that found OpenCV first
# and beside one of C alone; tests, examples and the command stay off, the parent's standard, flags and build type its own;
# veil::veil links and runs. Usage: subproject.sh SOURCE-FOLDER CC CXX [with-image]
set -eu
source=$1 cc=$2 cxx=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
expected="mail <EMAIL_ADDRESS> (0.1.0)"

run() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

parent() { # parent NAME LANGUAGES FIRST-LINE [options of cmake]
  name=$1 languages=$2 first=$3
  shift 3
  mkdir "$work/$name"
  cp "$here/outside_c/main.c" "$work/$name/"
  cat >"$work/$name/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(parent LANGUAGES $languages)
$first
add_subdirectory("$source" veil)
foreach(mine CMAKE_C_STANDARD CMAKE_BUILD_TYPE CMAKE_POSITION_INDEPENDENT_CODE BUILD_TESTING)
  if(\${mine})
    message(FATAL_ERROR "Veil set the parent's \${mine}")
  endif()
endforeach()
foreach(extra veil_cli example_text veil-bench version_test)
  if(TARGET \${extra})
    message(FATAL_ERROR "a subproject makes \${extra}")
  endif()
endforeach()
add_executable(with_shared main.c)
target_link_libraries(with_shared PRIVATE veil::veil)
add_executable(with_static main.c)
target_link_libraries(with_static PRIVATE veil::static)
END
  run cmake -S "$work/$name" -B "$work/$name/build" -G Ninja -DCMAKE_C_COMPILER="$cc" "$@"
  echo "subproject, $name: configured"
}

parent text_only C "" -DVEIL_IMAGE=OFF -DVEIL_AUDIO=OFF
run cmake --build "$work/text_only/build"
for program in with_shared with_static; do
  answer=$("$work/text_only/build/$program")
  [ "$answer" = "$expected" ] || { echo "$program printed: $answer"; exit 1; }
  echo "subproject, $program: ok"
done
if [ "${4:-}" = with-image ]; then
  parent after_opencv "C CXX" "find_package(OpenCV REQUIRED COMPONENTS core)" -DCMAKE_CXX_COMPILER="$cxx"
  parent c_alone C ""
fi

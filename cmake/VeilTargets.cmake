# How targets are made here: flags through one interface target, layers that see only what they may call, tests and fuzz
# targets in one line each.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# veil_build: the compile flags of every target in this tree.
add_library(veil_build INTERFACE)
target_compile_definitions(veil_build INTERFACE _GNU_SOURCE)
target_compile_options(veil_build INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wwrite-strings -Wvla -fvisibility=hidden -fno-strict-aliasing
  -fstack-protector-strong $<$<BOOL:${VEIL_WERROR}>:-Werror>
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wframe-larger-than=4096>
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
if(VEIL_SANITIZE)
  target_compile_options(veil_build INTERFACE -fsanitize=${VEIL_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all $<$<COMPILE_LANGUAGE:C>:-Wno-frame-larger-than>)
  target_link_options(veil_build INTERFACE -fsanitize=${VEIL_SANITIZE})
endif()
if(VEIL_FUZZ)
  # no vptr and function checks: their C++ run time is missing where clang links a program of C
  target_compile_options(veil_build INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize=vptr,function)
endif()

# veil_layer(core SOURCES a.c ... LINK veil_other LIBS PkgConfig::X): an object library whose headers are seen as "core/x.h"
# by those who link it, and by nobody else: each layer's include folder holds one link to that layer alone.
function(veil_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;LIBS" ${ARGN})
  set(layer_dir ${PROJECT_BINARY_DIR}/layers/${name})
  file(MAKE_DIRECTORY ${layer_dir})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${name} ${layer_dir}/${name} SYMBOLIC)
  add_library(veil_${name} OBJECT ${arg_SOURCES})
  target_include_directories(veil_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${layer_dir})
  target_link_libraries(veil_${name} PUBLIC ${arg_LINK} PRIVATE veil_build ${arg_LIBS})
  set_property(GLOBAL APPEND PROPERTY VEIL_LAYERS veil_${name})
  set_property(GLOBAL APPEND PROPERTY VEIL_LIBS ${arg_LIBS})
endfunction()

# veil_test(name SOURCES a.c LAYERS core text [LIBS x]): a cmocka program on the static library that may see those layers.
function(veil_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LAYERS;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  foreach(layer ${arg_LAYERS})
    target_include_directories(${name} PRIVATE ${PROJECT_BINARY_DIR}/layers/${layer})
  endforeach()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE VEIL_TEST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE veil_build veil_static PkgConfig::CMOCKA ${arg_LIBS} m)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()

# veil_fuzz(name SOURCES a.c LAYERS ...): LLVMFuzzerTestOneInput over tests/fuzz/corpus/<name>. With VEIL_FUZZ a libFuzzer
# program, else a program that replays the corpus as an ordinary test.
function(veil_fuzz name)
  cmake_parse_arguments(arg "" "" "SOURCES;LAYERS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  foreach(layer ${arg_LAYERS})
    target_include_directories(${name} PRIVATE ${PROJECT_BINARY_DIR}/layers/${layer})
  endforeach()
  target_link_libraries(${name} PRIVATE veil_build veil_static)
  if(VEIL_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(found ${CMAKE_CURRENT_BINARY_DIR}/found/${name}) # new inputs go here, not into the tree
    file(MAKE_DIRECTORY ${found})
    add_test(NAME ${name} COMMAND ${name} -runs=20000 -max_total_time=8 ${found} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.c)
    add_test(NAME ${name} COMMAND ${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
endfunction()

# What `cmake --install` writes: header, both libraries, the CMake package, veil.pc. Shared and static have an export file
# each, so that a program on the shared library needs none of Veil's own dependencies.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/veil)
install(FILES ${PROJECT_SOURCE_DIR}/include/veil.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS veil EXPORT veil-shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS veil_static EXPORT veil-static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT veil-shared NAMESPACE veil:: FILE veil-shared.cmake DESTINATION ${package_dir})
install(EXPORT veil-static NAMESPACE veil:: FILE veil-static.cmake DESTINATION ${package_dir})

# The private libraries of the archive, by their pkg-config names, and by library name where a package's own .pc would
# pull in far more than is used: opencv4.pc lists every module, and sndfile.pc's static libraries are not all in Debian's
# development packages.
set(VEIL_PC_REQUIRES libhs libxxhash libcrypto)
set(VEIL_PRIVATE_NAMES pthread m)
if(VEIL_YAML)
  list(APPEND VEIL_PC_REQUIRES yaml-0.1)
endif()
if(VEIL_IMAGE)
  list(APPEND VEIL_PC_REQUIRES libjpeg libpng)
  if(VEIL_WEBP)
    list(APPEND VEIL_PC_REQUIRES libwebp)
  endif()
  list(PREPEND VEIL_PRIVATE_NAMES opencv_dnn opencv_imgproc opencv_core stdc++)
endif()
if(VEIL_CODES)
  list(PREPEND VEIL_PRIVATE_NAMES ZXing)
endif()
if(VEIL_AUDIO)
  list(PREPEND VEIL_PRIVATE_NAMES sndfile)
endif()
list(JOIN VEIL_PC_REQUIRES " " VEIL_PC_REQUIRES)
list(TRANSFORM VEIL_PRIVATE_NAMES PREPEND -l OUTPUT_VARIABLE VEIL_PC_LIBS)
list(JOIN VEIL_PC_LIBS " " VEIL_PC_LIBS)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/veil-config.cmake.in ${PROJECT_BINARY_DIR}/veil-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/veil-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/veil-config.cmake ${PROJECT_BINARY_DIR}/veil-config-version.cmake
  DESTINATION ${package_dir})

# Paths relative to the file itself: an installed tree may be moved, and DESTDIR works.
file(RELATIVE_PATH VEIL_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" VEIL_PC_PREFIX "${VEIL_PC_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/veil.pc.in ${PROJECT_BINARY_DIR}/veil.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/veil.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

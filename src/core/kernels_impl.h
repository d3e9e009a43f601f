/*
 * Prototypes of every kernel at every level, made from the family lists, so that a kernel file is checked against the member
 * of vl_kernels that it fills. Included by kernel sources and by cpu.c alone.
 *
 * To add a kernel `foo`: a member `foo` in vl_kernels; a line VL_KERNEL(foo, avx2, avx512) in the family's list; the function
 * vl_foo_plain in <family>_plain.c, and vl_foo_avx2, vl_foo_avx512 where the line names those levels. Where a wider form does
 * not pay, name the level whose form is to be used instead: (foo, avx2, avx2), (foo, plain, plain).
 */
#ifndef VL_CORE_KERNELS_IMPL_H
#define VL_CORE_KERNELS_IMPL_H

#include "core/kernels.h"

/* A level may be named twice: declaring a function again with the same type is allowed. */
#define VL_KERNEL(name, avx2_level, avx512_level)                                                                      \
    __typeof__(*((vl_kernels *)0)->name) vl_##name##_plain, vl_##name##_##avx2_level, vl_##name##_##avx512_level;
#include "core/bytes_kernels.inc"
#include "core/classes_kernels.inc"
#include "core/hash_kernels.inc"
#include "core/pixels_kernels.inc"
#include "core/samples_kernels.inc"
#include "core/tones_kernels.inc"
#undef VL_KERNEL

#endif

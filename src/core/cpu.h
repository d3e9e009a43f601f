/*
 * Run-time CPU dispatch. Every SIMD kernel sits behind one function table, with a plain C twin that is the reference. The
 * table of a sanitizer is chosen once, at creation.
 */
#ifndef VL_CORE_CPU_H
#define VL_CORE_CPU_H

#include "core/kernels.h"

/** Best level this machine and operating system run: VEIL_CPU_PLAIN, _AVX2 or _AVX512. */
uint32_t vl_cpu_best(void);

/** "plain", "avx2", "avx512". */
const char *vl_cpu_name(uint32_t level);

/**
 * The kernel table for a level; VEIL_CPU_AUTO takes the best. NULL when the machine does not have the level asked for.
 */
const vl_kernels *vl_kernels_for(uint32_t level);

#endif

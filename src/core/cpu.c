/*
 * The kernel tables and the choice between them. The compiler's run-time check covers both the CPUID bits and what the
 * operating system saves (XGETBV), so a level is reported only when its registers survive a context switch.
 */
#include "core/cpu.h"

#include "core/kernels_impl.h"
#include "veil.h"

#if defined(__x86_64__)
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

#define VL_KERNEL(name, avx2_level, avx512_level) .name = vl_##name##_plain,
const vl_kernels vl_kernels_plain = {
    .level = VEIL_CPU_PLAIN,
#include "core/bytes_kernels.inc"
#include "core/classes_kernels.inc"
#include "core/hash_kernels.inc"
#include "core/pixels_kernels.inc"
#include "core/samples_kernels.inc"
#include "core/tones_kernels.inc"
};
#undef VL_KERNEL

#if HAS_X86
#define VL_KERNEL(name, avx2_level, avx512_level) .name = vl_##name##_##avx2_level,
const vl_kernels vl_kernels_avx2 = {
    .level = VEIL_CPU_AVX2,
#include "core/bytes_kernels.inc"
#include "core/classes_kernels.inc"
#include "core/hash_kernels.inc"
#include "core/pixels_kernels.inc"
#include "core/samples_kernels.inc"
#include "core/tones_kernels.inc"
};
#undef VL_KERNEL

#define VL_KERNEL(name, avx2_level, avx512_level) .name = vl_##name##_##avx512_level,
const vl_kernels vl_kernels_avx512 = {
    .level = VEIL_CPU_AVX512,
#include "core/bytes_kernels.inc"
#include "core/classes_kernels.inc"
#include "core/hash_kernels.inc"
#include "core/pixels_kernels.inc"
#include "core/samples_kernels.inc"
#include "core/tones_kernels.inc"
};
#undef VL_KERNEL

/* What the *_avx2.c files are compiled for (CMakeLists.txt). */
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("fma");
}

/* What the *_avx512.c files are compiled for: Ice Lake, Zen 4 and later. */
static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

uint32_t vl_cpu_best(void)
{
#if HAS_X86
    __builtin_cpu_init(); /* we may run before the constructors of a library that was loaded later */
    if (has_avx512()) return VEIL_CPU_AVX512;
    if (has_avx2()) return VEIL_CPU_AVX2;
#endif
    return VEIL_CPU_PLAIN;
}

const char *vl_cpu_name(uint32_t level)
{
    switch (level) {
    case VEIL_CPU_AVX2:
        return "avx2";
    case VEIL_CPU_AVX512:
        return "avx512";
    default:
        return "plain";
    }
}

const vl_kernels *vl_kernels_for(uint32_t level)
{
    uint32_t best = vl_cpu_best();
    if (level == VEIL_CPU_AUTO) level = best;
    if (level > best) return NULL; /* levels are ordered: each machine runs all below its best */
    switch (level) {
    case VEIL_CPU_PLAIN:
        return &vl_kernels_plain;
#if HAS_X86
    case VEIL_CPU_AVX2:
        return &vl_kernels_avx2;
    case VEIL_CPU_AVX512:
        return &vl_kernels_avx512;
#endif
    default:
        return NULL;
    }
}

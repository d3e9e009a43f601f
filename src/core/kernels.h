/*
 * The function table of SIMD kernels. A kernel is a pure function over byte or sample arrays; it knows no modality. They
 * come in families, three files each: bytes_{plain,avx2,avx512}.c, and likewise pixels_* and samples_*. Adding one: a member
 * here, its plain twin, the AVX2 and AVX-512 forms where they pay (the tables in cpu.c fall back to the plain twin), and a
 * case in tests/core/<family>_test.c, which compares all levels at random sizes and alignments. Kernels may read only the
 * bytes they are given (no over-read past the end).
 */
#ifndef VL_CORE_KERNELS_H
#define VL_CORE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A set of byte values, as the two nibble tables that a byte shuffle needs and as a plain bitmap. Build: vl_byte_set_*. */
typedef struct vl_byte_set {
    uint8_t low[16];  /* low[n] bit (h & 7): byte (h << 4 | n) is in the set, for high nibbles 0-7 */
    uint8_t high[16]; /* the same for high nibbles 8-15 */
    uint64_t bits[4]; /* bit b of the 256-bit set */
} vl_byte_set;

void vl_byte_set_clear(vl_byte_set *set);
void vl_byte_set_add(vl_byte_set *set, uint8_t byte);

typedef struct vl_kernels {
    uint32_t level; /* VEIL_CPU_* */

    /** Index of the first byte of text[0, n) that is in `set`, or n. */
    size_t (*find_in_set)(const uint8_t *text, size_t n, const vl_byte_set *set);

    /** Length of the longest prefix of text[0, n) that is valid UTF-8 (n when all is). */
    size_t (*utf8_valid_prefix)(const uint8_t *text, size_t n);
} vl_kernels;

extern const vl_kernels vl_kernels_plain;
extern const vl_kernels vl_kernels_avx2;
extern const vl_kernels vl_kernels_avx512;

#endif

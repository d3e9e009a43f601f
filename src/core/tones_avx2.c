/* Tone kernels for AVX2: a table row is two registers, samples go in pairs. */
#include <immintrin.h>
#include <string.h>

#include "core/kernels_impl.h"

static inline __m256i pair_at(const int16_t *samples)
{
    int32_t pair;
    memcpy(&pair, samples, sizeof pair);
    return _mm256_set1_epi32(pair);
}

static inline __m256i load(const int16_t *row)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)row);
}

static inline void store(int32_t *out, __m256i a, __m256i b)
{
    _mm256_storeu_si256((__m256i *)(void *)out, a);
    _mm256_storeu_si256((__m256i *)(void *)(out + 8), b);
}

/* Four windows at once share the loads of the table. */
static void four_windows(const int16_t *x, size_t step, size_t pairs, const int16_t *table, int32_t *out)
{
    __m256i a0 = _mm256_setzero_si256(), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (size_t i = 0; i < pairs; i++) {
        __m256i t0 = load(table + i * 2 * VL_TONE_LANES), t1 = load(table + i * 2 * VL_TONE_LANES + 16);
        __m256i p = pair_at(x + 2 * i), q = pair_at(x + step + 2 * i);
        a0 = _mm256_add_epi32(a0, _mm256_madd_epi16(p, t0));
        a1 = _mm256_add_epi32(a1, _mm256_madd_epi16(p, t1));
        b0 = _mm256_add_epi32(b0, _mm256_madd_epi16(q, t0));
        b1 = _mm256_add_epi32(b1, _mm256_madd_epi16(q, t1));
        p = pair_at(x + 2 * step + 2 * i);
        q = pair_at(x + 3 * step + 2 * i);
        c0 = _mm256_add_epi32(c0, _mm256_madd_epi16(p, t0));
        c1 = _mm256_add_epi32(c1, _mm256_madd_epi16(p, t1));
        d0 = _mm256_add_epi32(d0, _mm256_madd_epi16(q, t0));
        d1 = _mm256_add_epi32(d1, _mm256_madd_epi16(q, t1));
    }
    store(out, a0, a1);
    store(out + VL_TONE_LANES, b0, b1);
    store(out + 2 * VL_TONE_LANES, c0, c1);
    store(out + 3 * VL_TONE_LANES, d0, d1);
}

static void one_window(const int16_t *x, size_t pairs, const int16_t *table, int32_t *out)
{
    __m256i a0 = _mm256_setzero_si256(), a1 = a0;
    for (size_t i = 0; i < pairs; i++) {
        __m256i p = pair_at(x + 2 * i);
        a0 = _mm256_add_epi32(a0, _mm256_madd_epi16(p, load(table + i * 2 * VL_TONE_LANES)));
        a1 = _mm256_add_epi32(a1, _mm256_madd_epi16(p, load(table + i * 2 * VL_TONE_LANES + 16)));
    }
    store(out, a0, a1);
}

void vl_tone_windows_avx2(const int16_t *samples, size_t step, size_t pairs, size_t count, const int16_t *table,
                          int32_t *out)
{
    size_t w = 0;
    for (; w + 4 <= count; w += 4)
        four_windows(samples + w * step, step, pairs, table, out + w * VL_TONE_LANES);
    for (; w < count; w++)
        one_window(samples + w * step, pairs, table, out + w * VL_TONE_LANES);
}

void vl_hop_energies_avx2(const int16_t *samples, size_t hop, size_t count, uint64_t *out)
{
    for (size_t h = 0; h < count; h++)
        out[h] = vl_s16_sum_squares_avx2(samples + h * hop, hop);
}

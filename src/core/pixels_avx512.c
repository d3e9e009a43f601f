/*
 * Pixel kernels for AVX-512 (F, BW, VL). As the AVX2 forms, twice as wide; tails use masked loads and stores, which touch
 * nothing past the end.
 */
#include <immintrin.h>

#include "core/kernels_impl.h"

/* All ones for `left` or more bytes to go, else the first `left`. */
static inline uint64_t first_64(size_t left)
{
    return _bzhi_u64(~0ull, left < 64 ? (unsigned)left : 64);
}

static inline __mmask32 first_32(size_t left)
{
    return (__mmask32)first_64(left < 32 ? left : 32);
}

void vl_column_sums_avx512(const uint8_t *rows, size_t stride_bytes, size_t row_count, size_t n, uint16_t *sums)
{
    for (size_t i = 0; i < n; i += 64) {
        __mmask32 low = first_32(n - i), high = (__mmask32)(first_64(n - i) >> 32);
        __m512i s0 = _mm512_setzero_si512(), s1 = s0;
        const uint8_t *p = rows + i;
        for (size_t row = 0; row < row_count; row++, p += stride_bytes) {
            s0 = _mm512_add_epi16(s0, _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(low, p)));
            s1 = _mm512_add_epi16(s1, _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(high, p + 32)));
        }
        _mm512_mask_storeu_epi16(sums + i, low, s0);
        _mm512_mask_storeu_epi16(sums + i + 32, high, s1);
    }
}

void vl_mix_rows_avx512(const int16_t *a, const int16_t *b, int16_t weight, size_t n, uint8_t *out)
{
    const __m512i w = _mm512_set1_epi16(weight), half = _mm512_set1_epi16(64);
    for (size_t i = 0; i < n; i += 32) {
        __mmask32 mask = first_32(n - i);
        __m512i from = _mm512_maskz_loadu_epi16(mask, a + i);
        __m512i to = _mm512_maskz_loadu_epi16(mask, b + i);
        __m512i step = _mm512_mulhrs_epi16(_mm512_sub_epi16(to, from), w);
        __m512i value = _mm512_srli_epi16(_mm512_add_epi16(_mm512_add_epi16(from, step), half), 7);
        _mm256_mask_storeu_epi8(out + i, mask, _mm512_cvtepi16_epi8(value));
    }
}

void vl_clear_hidden_avx512(uint8_t *pixels, size_t pixel_count)
{
    const __m512i alpha = _mm512_set1_epi32((int)0xff000000u);
    for (size_t i = 0; i < pixel_count; i += 16) {
        __mmask16 inside = (__mmask16)first_64(pixel_count - i < 16 ? pixel_count - i : 16);
        __m512i v = _mm512_maskz_loadu_epi32(inside, pixels + 4 * i);
        __mmask16 hidden = _mm512_mask_testn_epi32_mask(inside, v, alpha);
        if (hidden != 0) _mm512_mask_storeu_epi32(pixels + 4 * i, hidden, _mm512_setzero_si512());
    }
}

static inline __m512i apart(__m512i a, __m512i b)
{
    return _mm512_or_si512(_mm512_subs_epu8(a, b), _mm512_subs_epu8(b, a));
}

void vl_count_edges_avx512(const uint8_t *up, const uint8_t *row, const uint8_t *down, size_t n, uint8_t most,
                           uint8_t *counts)
{
    const __m512i limit = _mm512_set1_epi8((char)most);
    for (size_t i = 0; i < n; i += 64) {
        const __mmask64 inside = first_64(n - i);
        const __m512i left = _mm512_maskz_loadu_epi8(inside, row + i - 1);
        const __m512i right = _mm512_maskz_loadu_epi8(inside, row + i + 1);
        const __m512i along = apart(_mm512_maskz_loadu_epi8(inside, up + i), _mm512_maskz_loadu_epi8(inside, down + i));
        const __mmask64 strong = _mm512_cmpgt_epu8_mask(_mm512_max_epu8(apart(left, right), along), limit);
        const __m512i now = _mm512_maskz_loadu_epi8(inside, counts + i);
        _mm512_mask_storeu_epi8(counts + i, strong & inside, _mm512_add_epi8(now, _mm512_set1_epi8(1)));
    }
}

/*
 * Pixel kernels for AVX2. Columns are summed in registers down all rows, 64 bytes at a time, so a sum is written once. Tails
 * go through the plain forms: regions are short, and rows of a picture must not be read past their end.
 */
#include <immintrin.h>

#include "core/kernels_impl.h"

static inline __m256i widen(const uint8_t *p)
{
    return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)p));
}

static inline void store(void *p, __m256i v)
{
    _mm256_storeu_si256((__m256i *)p, v);
}

static inline void sum_64(const uint8_t *rows, size_t stride_bytes, size_t row_count, uint16_t *sums)
{
    __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
    for (size_t row = 0; row < row_count; row++, rows += stride_bytes) {
        s0 = _mm256_add_epi16(s0, widen(rows));
        s1 = _mm256_add_epi16(s1, widen(rows + 16));
        s2 = _mm256_add_epi16(s2, widen(rows + 32));
        s3 = _mm256_add_epi16(s3, widen(rows + 48));
    }
    store(sums, s0);
    store(sums + 16, s1);
    store(sums + 32, s2);
    store(sums + 48, s3);
}

static inline void sum_16(const uint8_t *rows, size_t stride_bytes, size_t row_count, uint16_t *sums)
{
    __m256i s = _mm256_setzero_si256();
    for (size_t row = 0; row < row_count; row++, rows += stride_bytes)
        s = _mm256_add_epi16(s, widen(rows));
    store(sums, s);
}

void vl_column_sums_avx2(const uint8_t *rows, size_t stride_bytes, size_t row_count, size_t n, uint16_t *sums)
{
    size_t i = 0;
    for (; i + 64 <= n; i += 64)
        sum_64(rows + i, stride_bytes, row_count, sums + i);
    for (; i + 16 <= n; i += 16)
        sum_16(rows + i, stride_bytes, row_count, sums + i);
    vl_column_sums_plain(rows + i, stride_bytes, row_count, n - i, sums + i);
}

static inline __m256i load(const int16_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

static inline __m256i mix_16(const int16_t *a, const int16_t *b, __m256i weight)
{
    __m256i from = load(a);
    __m256i step = _mm256_mulhrs_epi16(_mm256_sub_epi16(load(b), from), weight);
    return _mm256_srli_epi16(_mm256_add_epi16(_mm256_add_epi16(from, step), _mm256_set1_epi16(64)), 7);
}

void vl_mix_rows_avx2(const int16_t *a, const int16_t *b, int16_t weight, size_t n, uint8_t *out)
{
    __m256i w = _mm256_set1_epi16(weight);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i packed = _mm256_packus_epi16(mix_16(a + i, b + i, w), mix_16(a + i + 16, b + i + 16, w));
        store(out + i, _mm256_permute4x64_epi64(packed, 0xD8)); /* pack works within halves */
    }
    vl_mix_rows_plain(a + i, b + i, weight, n - i, out + i);
}

void vl_clear_hidden_avx2(uint8_t *pixels, size_t pixel_count)
{
    const __m256i alpha = _mm256_set1_epi32((int)0xff000000u);
    size_t i = 0;
    for (; i + 8 <= pixel_count; i += 8) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(pixels + 4 * i));
        __m256i hidden = _mm256_cmpeq_epi32(_mm256_and_si256(v, alpha), _mm256_setzero_si256());
        if (!_mm256_testz_si256(hidden, hidden)) store(pixels + 4 * i, _mm256_andnot_si256(hidden, v));
    }
    vl_clear_hidden_plain(pixels + 4 * i, pixel_count - i);
}

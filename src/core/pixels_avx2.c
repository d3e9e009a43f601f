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

static inline __m256i load_bytes(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Sixteen bytes each, 48 apart: the same part of two groups of sixteen pixels of three bytes. */
static inline __m256i load_pair(const uint8_t *p)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)p)),
                                   _mm_loadu_si128((const __m128i *)(const void *)(p + 48)), 1);
}

/* (a + b) / 2, rounded down: the instruction rounds up. */
static inline __m256i mean_down(__m256i a, __m256i b)
{
    return _mm256_sub_epi8(_mm256_avg_epu8(a, b), _mm256_and_si256(_mm256_xor_si256(a, b), _mm256_set1_epi8(1)));
}

/* Of sixteen pixels of three bytes, one channel, from the three parts that they lie in. */
static inline __m256i channel(const __m256i parts[3], int which)
{
    static const uint8_t from[3][3][16] = {
#define X 128 /* nothing */
        {{0, 3, 6, 9, 12, 15, X, X, X, X, X, X, X, X, X, X},
         {X, X, X, X, X, X, 2, 5, 8, 11, 14, X, X, X, X, X},
         {X, X, X, X, X, X, X, X, X, X, X, 1, 4, 7, 10, 13}},
        {{1, 4, 7, 10, 13, X, X, X, X, X, X, X, X, X, X, X},
         {X, X, X, X, X, 0, 3, 6, 9, 12, 15, X, X, X, X, X},
         {X, X, X, X, X, X, X, X, X, X, X, 2, 5, 8, 11, 14}},
        {{2, 5, 8, 11, 14, X, X, X, X, X, X, X, X, X, X, X},
         {X, X, X, X, X, 1, 4, 7, 10, 13, X, X, X, X, X, X},
         {X, X, X, X, X, X, X, X, X, X, 0, 3, 6, 9, 12, 15}}};
#undef X
    __m256i all = _mm256_setzero_si256();
    for (int part = 0; part < 3; part++) {
        const __m128i order = _mm_loadu_si128((const __m128i *)(const void *)from[which][part]);
        all = _mm256_or_si256(all, _mm256_shuffle_epi8(parts[part], _mm256_broadcastsi128_si256(order)));
    }
    return all;
}

static inline void luma_32_of_3(const uint8_t *p, uint8_t *out)
{
    const __m256i parts[3] = {load_pair(p), load_pair(p + 16), load_pair(p + 32)};
    store(out, mean_down(mean_down(channel(parts, 0), channel(parts, 2)), channel(parts, 1)));
}

static inline __m256i luma_8_of_4(const uint8_t *p)
{
    const __m256i pairs = _mm256_maddubs_epi16(load_bytes(p), _mm256_set1_epi32(0x00010201));
    return _mm256_srli_epi32(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)), 2);
}

static inline void luma_32_of_4(const uint8_t *p, uint8_t *out)
{
    const __m256i low = _mm256_packus_epi32(luma_8_of_4(p), luma_8_of_4(p + 32));
    const __m256i high = _mm256_packus_epi32(luma_8_of_4(p + 64), luma_8_of_4(p + 96));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7); /* packs work within halves */
    store(out, _mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high), order));
}

void vl_luma_row_avx2(const uint8_t *pixels, size_t step, size_t n, uint8_t *out)
{
    size_t i = 0;
    for (; step == 3 && i + 32 <= n; i += 32)
        luma_32_of_3(pixels + 3 * i, out + i);
    for (; step == 4 && i + 32 <= n; i += 32)
        luma_32_of_4(pixels + 4 * i, out + i);
    vl_luma_row_plain(pixels + step * i, step, n - i, out + i);
}

static inline __m256i halve_16(const uint8_t *a, const uint8_t *b)
{
    const __m256i one = _mm256_set1_epi8(1);
    const __m256i sum =
        _mm256_add_epi16(_mm256_maddubs_epi16(load_bytes(a), one), _mm256_maddubs_epi16(load_bytes(b), one));
    return _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(2)), 2);
}

void vl_halve_rows_avx2(const uint8_t *a, const uint8_t *b, size_t n, uint8_t *out)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        const __m256i packed =
            _mm256_packus_epi16(halve_16(a + 2 * i, b + 2 * i), halve_16(a + 2 * i + 32, b + 2 * i + 32));
        store(out + i, _mm256_permute4x64_epi64(packed, 0xD8));
    }
    vl_halve_rows_plain(a + 2 * i, b + 2 * i, n - i, out + i);
}

static inline __m256i apart(__m256i a, __m256i b)
{
    return _mm256_or_si256(_mm256_subs_epu8(a, b), _mm256_subs_epu8(b, a));
}

void vl_count_edges_avx2(const uint8_t *up, const uint8_t *row, const uint8_t *down, size_t n, uint8_t most,
                         uint8_t *counts)
{
    const __m256i limit = _mm256_set1_epi8((char)most), one = _mm256_set1_epi8(1);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        const __m256i across = apart(load_bytes(row + i - 1), load_bytes(row + i + 1));
        const __m256i along = apart(load_bytes(up + i), load_bytes(down + i));
        const __m256i over = _mm256_subs_epu8(_mm256_max_epu8(across, along), limit);
        const __m256i is_weak = _mm256_cmpeq_epi8(over, _mm256_setzero_si256()); /* -1 */
        store(counts + i, _mm256_add_epi8(_mm256_add_epi8(load_bytes(counts + i), one), is_weak));
    }
    vl_count_edges_plain(up + i, row + i, down + i, n - i, most, counts + i);
}

/* Sixteen sums of four values each, from 32 pixels of both rows. */
static inline __m256i sums_of(const __m256i a[3], const __m256i b[3], int which)
{
    const __m256i one = _mm256_set1_epi8(1);
    return _mm256_add_epi16(_mm256_maddubs_epi16(channel(a, which), one), _mm256_maddubs_epi16(channel(b, which), one));
}

static inline void put_8(float *out, __m128i sums, __m256 scale, __m256 shift)
{
    const __m256 values = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(sums));
    _mm256_storeu_ps(out, _mm256_add_ps(_mm256_mul_ps(values, scale), shift));
}

void vl_halve_to_planes_avx2(const uint8_t *a, const uint8_t *b, size_t n, float scale, float shift,
                             float *const out[3])
{
    const __m256 by = _mm256_set1_ps(scale), plus = _mm256_set1_ps(shift);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const uint8_t *p = a + 6 * i, *q = b + 6 * i;
        const __m256i first[3] = {load_pair(p), load_pair(p + 16), load_pair(p + 32)};
        const __m256i second[3] = {load_pair(q), load_pair(q + 16), load_pair(q + 32)};
        for (int c = 0; c < 3; c++) {
            const __m256i sums = sums_of(first, second, c);
            put_8(out[c] + i, _mm256_castsi256_si128(sums), by, plus);
            put_8(out[c] + i + 8, _mm256_extracti128_si256(sums, 1), by, plus);
        }
    }
    float *const rest[3] = {out[0] + i, out[1] + i, out[2] + i};
    vl_halve_to_planes_plain(a + 6 * i, b + 6 * i, n - i, scale, shift, rest);
}

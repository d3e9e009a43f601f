/* Tone kernels for AVX-512 (F, BW): a table row is one register, samples go in pairs. */
#include <immintrin.h>
#include <string.h>

#include "core/kernels_impl.h"

static inline __m512i pair_at(const int16_t *samples)
{
    int32_t pair;
    memcpy(&pair, samples, sizeof pair);
    return _mm512_set1_epi32(pair);
}

static inline __m512i add_pair(__m512i sum, const int16_t *samples, __m512i row)
{
    return _mm512_add_epi32(sum, _mm512_madd_epi16(pair_at(samples), row));
}

/* Eight windows at once share the loads of the table. */
static void eight_windows(const int16_t *x, size_t step, size_t pairs, const int16_t *table, int32_t *out)
{
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    for (size_t i = 0; i < pairs; i++, x += 2) {
        __m512i row = _mm512_loadu_si512(table + i * 2 * VL_TONE_LANES);
        a = add_pair(a, x, row);
        b = add_pair(b, x + step, row);
        c = add_pair(c, x + 2 * step, row);
        d = add_pair(d, x + 3 * step, row);
        e = add_pair(e, x + 4 * step, row);
        f = add_pair(f, x + 5 * step, row);
        g = add_pair(g, x + 6 * step, row);
        h = add_pair(h, x + 7 * step, row);
    }
    _mm512_storeu_si512(out, a);
    _mm512_storeu_si512(out + VL_TONE_LANES, b);
    _mm512_storeu_si512(out + 2 * VL_TONE_LANES, c);
    _mm512_storeu_si512(out + 3 * VL_TONE_LANES, d);
    _mm512_storeu_si512(out + 4 * VL_TONE_LANES, e);
    _mm512_storeu_si512(out + 5 * VL_TONE_LANES, f);
    _mm512_storeu_si512(out + 6 * VL_TONE_LANES, g);
    _mm512_storeu_si512(out + 7 * VL_TONE_LANES, h);
}

static void one_window(const int16_t *x, size_t pairs, const int16_t *table, int32_t *out)
{
    __m512i a = _mm512_setzero_si512(), b = a;
    size_t i = 0;
    for (; i + 2 <= pairs; i += 2) {
        a = add_pair(a, x + 2 * i, _mm512_loadu_si512(table + i * 2 * VL_TONE_LANES));
        b = add_pair(b, x + 2 * i + 2, _mm512_loadu_si512(table + (i + 1) * 2 * VL_TONE_LANES));
    }
    if (i < pairs) a = add_pair(a, x + 2 * i, _mm512_loadu_si512(table + i * 2 * VL_TONE_LANES));
    _mm512_storeu_si512(out, _mm512_add_epi32(a, b));
}

void vl_tone_windows_avx512(const int16_t *samples, size_t step, size_t pairs, size_t count, const int16_t *table,
                            int32_t *out)
{
    size_t w = 0;
    for (; w + 8 <= count; w += 8)
        eight_windows(samples + w * step, step, pairs, table, out + w * VL_TONE_LANES);
    for (; w < count; w++)
        one_window(samples + w * step, pairs, table, out + w * VL_TONE_LANES);
}

/* Whole registers, then the rest under a mask. */
void vl_hop_energies_avx512(const int16_t *samples, size_t hop, size_t count, uint64_t *out)
{
    const __m512i low_mask = _mm512_set1_epi64(0xFFFFFFFFll);
    const __mmask32 rest = (__mmask32)((1ull << hop % 32) - 1);
    for (size_t h = 0; h < count; h++, samples += hop) {
        __m512i sum = _mm512_setzero_si512();
        for (size_t i = 0; i < hop; i += 32) {
            __m512i v = _mm512_maskz_loadu_epi16(hop - i >= 32 ? 0xFFFFFFFFu : rest, samples + i);
            __m512i pairs = _mm512_madd_epi16(v, v); /* at most 2^31, so read as unsigned */
            sum = _mm512_add_epi64(sum, _mm512_and_si512(pairs, low_mask));
            sum = _mm512_add_epi64(sum, _mm512_srli_epi64(pairs, 32));
        }
        out[h] = (uint64_t)_mm512_reduce_add_epi64(sum);
    }
}

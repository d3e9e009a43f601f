/* Sample kernels for AVX-512 (F, BW). Tails go through the plain form, which gives the same bits. */
#include <immintrin.h>

#include "core/kernels_impl.h"
#include "core/samples.h"

uint64_t vl_s16_sum_squares_avx512(const int16_t *samples, size_t n)
{
    __m512i low_mask = _mm512_set1_epi64(0xFFFFFFFFll);
    __m512i sum = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m512i v = _mm512_loadu_si512(samples + i);
        __m512i pairs = _mm512_madd_epi16(v, v); /* at most 2^31, so read as unsigned */
        sum = _mm512_add_epi64(sum, _mm512_and_si512(pairs, low_mask));
        sum = _mm512_add_epi64(sum, _mm512_srli_epi64(pairs, 32));
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum) + vl_s16_sum_squares_plain(samples + i, n - i);
}

bool vl_f32_all_finite_avx512(const float *samples, size_t n)
{
    __m512i exponent = _mm512_set1_epi32(0x7F800000);
    __mmask16 bad = 0;
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m512i v = _mm512_loadu_si512(samples + i);
        bad |= _mm512_cmpeq_epi32_mask(_mm512_and_si512(v, exponent), exponent);
    }
    return bad == 0 && vl_f32_all_finite_plain(samples + i, n - i);
}

static inline __m512d add_square(__m512d sum, const float *samples)
{
    __m512d v = _mm512_cvtps_pd(_mm256_loadu_ps(samples));
    return _mm512_add_pd(sum, _mm512_mul_pd(v, v));
}

double vl_f32_sum_squares_avx512(const float *samples, size_t n)
{
    __m512d a = _mm512_setzero_pd(), b = a;
    size_t i = 0;
    for (; i + VL_SAMPLE_LANES <= n; i += VL_SAMPLE_LANES) {
        a = add_square(a, samples + i);
        b = add_square(b, samples + i + 8);
    }
    double lanes[VL_SAMPLE_LANES];
    _mm512_storeu_pd(lanes, a);
    _mm512_storeu_pd(lanes + 8, b);
    for (size_t k = 0; i + k < n; k++)
        lanes[k] += (double)samples[i + k] * (double)samples[i + k];
    return vl_sample_lanes_sum(lanes);
}

static inline __m512i noise16(uint32_t counter)
{
    __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i index = _mm512_add_epi32(_mm512_set1_epi32((int)counter), steps);
    __m512i x = _mm512_mullo_epi32(index, _mm512_set1_epi32((int)VL_NOISE_STEP));
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 16)), _mm512_set1_epi32((int)VL_NOISE_MUL1));
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 13)), _mm512_set1_epi32((int)VL_NOISE_MUL2));
    x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
    return _mm512_srai_epi32(x, 16);
}

void vl_f32_to_s16_avx512(const float *in, size_t n, float gain, int16_t *out)
{
    __m512 factor = _mm512_set1_ps(gain), most = _mm512_set1_ps(32767.0f), least = _mm512_set1_ps(-32768.0f);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m512 value = _mm512_max_ps(_mm512_min_ps(_mm512_mul_ps(_mm512_loadu_ps(in + i), factor), most), least);
        _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(value)));
    }
    vl_f32_to_s16_plain(in + i, n - i, gain, out + i);
}

void vl_noise_f32_avx512(float *out, size_t n, uint32_t counter, float scale)
{
    __m512 factor = _mm512_set1_ps(scale);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        _mm512_storeu_ps(out + i, _mm512_mul_ps(_mm512_cvtepi32_ps(noise16(counter + (uint32_t)i)), factor));
    }
    vl_noise_f32_plain(out + i, n - i, counter + (uint32_t)i, scale);
}

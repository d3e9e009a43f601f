/* Sample kernels for AVX2. Tails go through the plain form, which gives the same bits. */
#include <immintrin.h>

#include "core/kernels_impl.h"
#include "core/samples.h"

uint64_t vl_s16_sum_squares_avx2(const int16_t *samples, size_t n)
{
    __m256i low_mask = _mm256_set1_epi64x(0xFFFFFFFFll);
    __m256i sum = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(samples + i));
        __m256i pairs = _mm256_madd_epi16(v, v); /* at most 2^31, so read as unsigned */
        sum = _mm256_add_epi64(sum, _mm256_and_si256(pairs, low_mask));
        sum = _mm256_add_epi64(sum, _mm256_srli_epi64(pairs, 32));
    }
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)(void *)lanes, sum);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3] + vl_s16_sum_squares_plain(samples + i, n - i);
}

bool vl_f32_all_finite_avx2(const float *samples, size_t n)
{
    __m256i exponent = _mm256_set1_epi32(0x7F800000);
    __m256i bad = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(samples + i));
        bad = _mm256_or_si256(bad, _mm256_cmpeq_epi32(_mm256_and_si256(v, exponent), exponent));
    }
    return _mm256_testz_si256(bad, bad) != 0 && vl_f32_all_finite_plain(samples + i, n - i);
}

static inline __m256d add_square(__m256d sum, const float *samples)
{
    __m256d v = _mm256_cvtps_pd(_mm_loadu_ps(samples));
    return _mm256_add_pd(sum, _mm256_mul_pd(v, v));
}

double vl_f32_sum_squares_avx2(const float *samples, size_t n)
{
    __m256d a = _mm256_setzero_pd(), b = a, c = a, d = a;
    size_t i = 0;
    for (; i + VL_SAMPLE_LANES <= n; i += VL_SAMPLE_LANES) {
        a = add_square(a, samples + i);
        b = add_square(b, samples + i + 4);
        c = add_square(c, samples + i + 8);
        d = add_square(d, samples + i + 12);
    }
    double lanes[VL_SAMPLE_LANES];
    _mm256_storeu_pd(lanes, a);
    _mm256_storeu_pd(lanes + 4, b);
    _mm256_storeu_pd(lanes + 8, c);
    _mm256_storeu_pd(lanes + 12, d);
    for (size_t k = 0; i + k < n; k++)
        lanes[k] += (double)samples[i + k] * (double)samples[i + k];
    return vl_sample_lanes_sum(lanes);
}

static inline __m256i noise8(uint32_t counter)
{
    __m256i index = _mm256_add_epi32(_mm256_set1_epi32((int)counter), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256i x = _mm256_mullo_epi32(index, _mm256_set1_epi32((int)VL_NOISE_STEP));
    x = _mm256_mullo_epi32(_mm256_xor_si256(x, _mm256_srli_epi32(x, 16)), _mm256_set1_epi32((int)VL_NOISE_MUL1));
    x = _mm256_mullo_epi32(_mm256_xor_si256(x, _mm256_srli_epi32(x, 13)), _mm256_set1_epi32((int)VL_NOISE_MUL2));
    x = _mm256_xor_si256(x, _mm256_srli_epi32(x, 16));
    return _mm256_srai_epi32(x, 16);
}

static inline __m256i scale8(const float *in, __m256 gain)
{
    __m256 value = _mm256_min_ps(_mm256_mul_ps(_mm256_loadu_ps(in), gain), _mm256_set1_ps(32767.0f));
    return _mm256_cvtps_epi32(_mm256_max_ps(value, _mm256_set1_ps(-32768.0f)));
}

void vl_f32_to_s16_avx2(const float *in, size_t n, float gain, int16_t *out)
{
    __m256 factor = _mm256_set1_ps(gain);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m256i packed = _mm256_packs_epi32(scale8(in + i, factor), scale8(in + i + 8, factor));
        packed = _mm256_permute4x64_epi64(packed, 0xD8); /* undo the pack's lane order */
        _mm256_storeu_si256((__m256i *)(void *)(out + i), packed);
    }
    vl_f32_to_s16_plain(in + i, n - i, gain, out + i);
}

void vl_noise_f32_avx2(float *out, size_t n, uint32_t counter, float scale)
{
    __m256 factor = _mm256_set1_ps(scale);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        _mm256_storeu_ps(out + i, _mm256_mul_ps(_mm256_cvtepi32_ps(noise8(counter + (uint32_t)i)), factor));
    }
    vl_noise_f32_plain(out + i, n - i, counter + (uint32_t)i, scale);
}

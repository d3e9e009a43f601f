/* Sample kernels in plain C: the reference, and the form for CPUs without the wider ones. */
#include <math.h>
#include <string.h>

#include "core/kernels_impl.h"
#include "core/samples.h"

#define F32_EXPONENT 0x7F800000u

uint64_t vl_s16_sum_squares_plain(const int16_t *samples, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t s = samples[i];
        sum += (uint64_t)(s * s);
    }
    return sum;
}

bool vl_f32_all_finite_plain(const float *samples, size_t n)
{
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &samples[i], sizeof bits);
        bad |= (bits & F32_EXPONENT) == F32_EXPONENT;
    }
    return bad == 0;
}

double vl_f32_sum_squares_plain(const float *samples, size_t n)
{
    double lanes[VL_SAMPLE_LANES] = {0};
    size_t i = 0;
    for (; i + VL_SAMPLE_LANES <= n; i += VL_SAMPLE_LANES) {
        for (size_t k = 0; k < VL_SAMPLE_LANES; k++)
            lanes[k] += (double)samples[i + k] * (double)samples[i + k];
    }
    for (size_t k = 0; i + k < n; k++)
        lanes[k] += (double)samples[i + k] * (double)samples[i + k];
    return vl_sample_lanes_sum(lanes);
}

void vl_f32_to_s16_plain(const float *in, size_t n, float gain, int16_t *out)
{
    for (size_t i = 0; i < n; i++) {
        float value = in[i] * gain;
        value = value > 32767.0f ? 32767.0f : value < -32768.0f ? -32768.0f : value;
        out[i] = (int16_t)lrintf(value);
    }
}

void vl_noise_f32_plain(float *out, size_t n, uint32_t counter, float scale)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)vl_noise_at(counter + (uint32_t)i) * scale;
}

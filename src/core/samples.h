/* What the forms of the sample kernels share: the noise function and the order in which lanes are added. */
#ifndef VL_CORE_SAMPLES_H
#define VL_CORE_SAMPLES_H

#include <stdint.h>

#define VL_SAMPLE_LANES 16u

/* Weyl step, then the 32-bit finaliser of MurmurHash3 (Appleby, public domain): every bit of the counter reaches every bit
 * of the result, and both are cheap in vectors. */
#define VL_NOISE_STEP 0x9E3779B1u
#define VL_NOISE_MUL1 0x85EBCA6Bu
#define VL_NOISE_MUL2 0xC2B2AE35u

/** Noise at a position, -32768 to 32767. */
static inline int32_t vl_noise_at(uint32_t counter)
{
    uint32_t x = counter * VL_NOISE_STEP;
    x = (x ^ (x >> 16)) * VL_NOISE_MUL1;
    x = (x ^ (x >> 13)) * VL_NOISE_MUL2;
    x ^= x >> 16;
    return (int32_t)(int16_t)(x >> 16);
}

static inline double vl_sample_lanes_sum(const double lanes[VL_SAMPLE_LANES])
{
    double sum = 0;
    for (uint32_t i = 0; i < VL_SAMPLE_LANES; i++)
        sum += lanes[i];
    return sum;
}

#endif

/* Separable, with the factors of T.81, A.3.3: a flat block of value v has 8 v. */
#include "image/jpeg_dct.h"

#include <string.h>

#define LEVEL  128.0F  /* samples are centred on it */
#define AC_MAX 1023.0F /* 8-bit baseline: categories up to 10 (T.81, F.1.2) */

/* cos(k pi / 16) / 2 */
#define C1 0.49039264F
#define C2 0.461939766F
#define C3 0.415734806F
#define C4 0.353553391F
#define C5 0.277785117F
#define C6 0.191341716F
#define C7 0.097545161F

/* Means of the cosines c(u) / 2 * cos((2 x + 1) u pi / 16), c(0) = 1 / sqrt(2), over pairs of x, and over the halves. */
static const float pairs[4][4] = {
    {0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F},
    {0.453063723F, 0.187665139F, -0.187665139F, -0.453063723F},
    {0.326640741F, -0.326640741F, -0.326640741F, 0.326640741F},
    {0.159094823F, -0.384088878F, 0.384088878F, -0.159094823F},
};
/* over halves: half_dc = 0.353553391, half_first = 0.320364431 */

static uint8_t to_sample(float value)
{
    float level = value + (LEVEL + 0.5F);
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : (int)level);
}

/* In steps that the compiler vectorises. */
static void to_samples(const float values[restrict 8], uint8_t out[restrict 8])
{
    int32_t levels[8];
    for (int x = 0; x < 8; x++) {
        float level = values[x] + (LEVEL + 0.5F);
        level = level < 0 ? 0 : level;
        levels[x] = (int32_t)(level > 255 ? 255 : level);
    }
    for (int x = 0; x < 8; x++)
        out[x] = (uint8_t)levels[x];
}

/* One dimension of the transform, for eight columns at once: even and odd frequencies apart, for they are even and odd functions
 * about the block's middle. */
static void to_positions(const float in[restrict 64], float out[restrict 64])
{
    for (int i = 0; i < 8; i++) {
        float sum = C4 * (in[i] + in[32 + i]), difference = C4 * (in[i] - in[32 + i]);
        float outer = C2 * in[16 + i] + C6 * in[48 + i], inner = C6 * in[16 + i] - C2 * in[48 + i];
        float even0 = sum + outer, even1 = difference + inner, even2 = difference - inner, even3 = sum - outer;
        float odd0 = C1 * in[8 + i] + C3 * in[24 + i] + C5 * in[40 + i] + C7 * in[56 + i];
        float odd1 = C3 * in[8 + i] - C7 * in[24 + i] - C1 * in[40 + i] - C5 * in[56 + i];
        float odd2 = C5 * in[8 + i] - C1 * in[24 + i] + C7 * in[40 + i] + C3 * in[56 + i];
        float odd3 = C7 * in[8 + i] - C5 * in[24 + i] + C3 * in[40 + i] - C1 * in[56 + i];
        out[i] = even0 + odd0;
        out[8 + i] = even1 + odd1;
        out[16 + i] = even2 + odd2;
        out[24 + i] = even3 + odd3;
        out[32 + i] = even3 - odd3;
        out[40 + i] = even2 - odd2;
        out[48 + i] = even1 - odd1;
        out[56 + i] = even0 - odd0;
    }
}

static void to_frequencies(const float in[restrict 64], float out[restrict 64])
{
    for (int i = 0; i < 8; i++) {
        float sum0 = in[i] + in[56 + i], sum1 = in[8 + i] + in[48 + i];
        float sum2 = in[16 + i] + in[40 + i], sum3 = in[24 + i] + in[32 + i];
        float d0 = in[i] - in[56 + i], d1 = in[8 + i] - in[48 + i], d2 = in[16 + i] - in[40 + i],
              d3 = in[24 + i] - in[32 + i];
        out[i] = C4 * (sum0 + sum1 + sum2 + sum3);
        out[32 + i] = C4 * (sum0 - sum1 - sum2 + sum3);
        out[16 + i] = C2 * (sum0 - sum3) + C6 * (sum1 - sum2);
        out[48 + i] = C6 * (sum0 - sum3) - C2 * (sum1 - sum2);
        out[8 + i] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
        out[24 + i] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
        out[40 + i] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
        out[56 + i] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
    }
}

static void transpose(const float in[restrict 64], float out[restrict 64])
{
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++)
            out[8 * y + x] = in[8 * x + y];
    }
}

void vl_jpeg_samples(const int16_t *values, const uint16_t *quant, uint8_t *out, size_t stride_bytes)
{
    float first[64], second[64];
    for (int i = 0; i < 64; i++)
        first[i] = (float)(values[i] * (int32_t)quant[i]);
    to_positions(first, second);
    transpose(second, first);
    to_positions(first, second);
    transpose(second, first);
    for (int y = 0; y < 8; y++)
        to_samples(first + 8 * y, out + (size_t)y * stride_bytes);
}

/* Rounded to the nearest, away from 0 in the middle. */
static void quantise(const float values[restrict 64], const uint16_t quant[restrict 64], int16_t out[restrict 64])
{
    int32_t whole[64];
    for (int i = 0; i < 64; i++) {
        float level = values[i] / (float)(int32_t)quant[i];
        level += level < 0 ? -0.5F : 0.5F;
        level = level < -AC_MAX ? -AC_MAX : level;
        whole[i] = (int32_t)(level > AC_MAX ? AC_MAX : level);
    }
    for (int i = 0; i < 64; i++)
        out[i] = (int16_t)whole[i];
}

static bool is_flat(const uint8_t *samples, size_t stride_bytes)
{
    for (size_t y = 0; y < 8; y++) {
        for (size_t x = 0; x < 8; x++) {
            if (samples[y * stride_bytes + x] != samples[0]) return false;
        }
    }
    return true;
}

void vl_jpeg_values(const uint8_t *samples, size_t stride_bytes, const uint16_t *quant, int16_t *out)
{
    float first[64], second[64];
    if (is_flat(samples, stride_bytes)) {
        memset(first, 0, sizeof first);
        first[0] = ((float)samples[0] - LEVEL) * 8;
        quantise(first, quant, out);
        return;
    }
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++)
            first[8 * y + x] = (float)(int32_t)samples[(size_t)y * stride_bytes + (size_t)x] - LEVEL;
    }
    to_frequencies(first, second);
    transpose(second, first);
    to_frequencies(first, second);
    transpose(second, first);
    quantise(first, quant, out);
}

/* A coefficient, within what pictures have. */
static int32_t dequantised(int16_t value, uint16_t quant)
{
    int32_t product = value * (int32_t)quant;
    return product < -INT16_MAX ? -INT16_MAX : product > INT16_MAX ? INT16_MAX : product;
}

static uint8_t from_q16(int32_t value)
{
    int32_t level = (value + (128 << 16) + (1 << 15)) >> 16;
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

/* In 16 bits behind the point: DC / 8; half_dc * half_first; half_first^2. */
static void means_of_2(const int16_t *values, uint32_t row, const uint16_t *quant, uint8_t *out, size_t stride_bytes)
{
    int32_t dc = dequantised(values[0], quant[0]) * 8192, across = dequantised(values[1], quant[1]) * 7423;
    int32_t down = dequantised(values[row], quant[8]) * 7423, both = dequantised(values[row + 1], quant[9]) * 6726;
    out[0] = from_q16(dc + across + down + both);
    out[1] = from_q16(dc - across + down - both);
    out[stride_bytes] = from_q16(dc + across - down - both);
    out[stride_bytes + 1] = from_q16(dc - across - down + both);
}

static void means_of_4(const int16_t *values, uint32_t row, const uint16_t *quant, uint8_t *out, size_t stride_bytes)
{
    float rows[4][4] = {{0}};
    for (uint32_t v = 0; v < 4; v++) {
        for (uint32_t u = 0; u < 4; u++) {
            float value = (float)values[v * row + u] * (float)quant[8 * v + u];
            for (uint32_t x = 0; x < 4; x++)
                rows[v][x] += value * pairs[u][x];
        }
    }
    for (uint32_t y = 0; y < 4; y++) {
        for (uint32_t x = 0; x < 4; x++)
            out[y * stride_bytes + x] = to_sample(rows[0][x] * pairs[0][y] + rows[1][x] * pairs[1][y] +
                                                  rows[2][x] * pairs[2][y] + rows[3][x] * pairs[3][y]);
    }
}

void vl_jpeg_means(uint32_t side, const int16_t *values, uint32_t row, const uint16_t *quant, uint8_t *out,
                   size_t stride_bytes)
{
    if (side == 2)
        means_of_2(values, row, quant, out, stride_bytes);
    else if (side == 4)
        means_of_4(values, row, quant, out, stride_bytes);
    else if (side == 8)
        vl_jpeg_samples(values, quant, out, stride_bytes);
    else
        out[0] = to_sample((float)values[0] * (float)quant[0] * (1.0F / 8));
}

/* Separable: columns of the matrix are the cosines of T.81's A.3.3 with its factors, so that a flat block of value v has 8 v. */
#include "image/jpeg_dct.h"

#include <string.h>

#define LEVEL  128.0F /* samples are centred on it */
#define AC_MAX 1023   /* 8-bit baseline: categories up to 10 (T.81, F.1.2) */

/* basis[u][x] = c(u) / 2 * cos((2 x + 1) u pi / 16), c(0) = 1 / sqrt(2), else 1 */
static const float basis[8][8] = {
    {0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F},
    {0.49039264F, 0.415734806F, 0.277785117F, 0.097545161F, -0.097545161F, -0.277785117F, -0.415734806F, -0.49039264F},
    {0.461939766F, 0.191341716F, -0.191341716F, -0.461939766F, -0.461939766F, -0.191341716F, 0.191341716F,
     0.461939766F},
    {0.415734806F, -0.097545161F, -0.49039264F, -0.277785117F, 0.277785117F, 0.49039264F, 0.097545161F, -0.415734806F},
    {0.353553391F, -0.353553391F, -0.353553391F, 0.353553391F, 0.353553391F, -0.353553391F, -0.353553391F,
     0.353553391F},
    {0.277785117F, -0.49039264F, 0.097545161F, 0.415734806F, -0.415734806F, -0.097545161F, 0.49039264F, -0.277785117F},
    {0.191341716F, -0.461939766F, 0.461939766F, -0.191341716F, -0.191341716F, 0.461939766F, -0.461939766F,
     0.191341716F},
    {0.097545161F, -0.277785117F, 0.415734806F, -0.49039264F, 0.49039264F, -0.415734806F, 0.277785117F, -0.097545161F},
};

/* The same, averaged over the pairs of x, and over the halves. */
static const float pairs[4][4] = {
    {0.353553391F, 0.353553391F, 0.353553391F, 0.353553391F},
    {0.453063723F, 0.187665139F, -0.187665139F, -0.453063723F},
    {0.326640741F, -0.326640741F, -0.326640741F, 0.326640741F},
    {0.159094823F, -0.384088878F, 0.384088878F, -0.159094823F},
};
static const float half_dc = 0.353553391F, half_first = 0.320364431F;

static uint8_t to_sample(float value)
{
    float level = value + (LEVEL + 0.5F);
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : (int)level);
}

static void add_row(float *restrict sums, const float *restrict row, float factor)
{
    for (int x = 0; x < 8; x++)
        sums[x] += factor * row[x];
}

void vl_jpeg_samples(const int16_t *values, const uint16_t *quant, uint8_t *out, size_t stride_bytes)
{
    float rows[8][8] = {{0}}, sums[8];
    for (int v = 0; v < 8; v++) {
        for (int u = 0; u < 8; u++) { /* most are 0 */
            int value = values[8 * v + u];
            if (value != 0) add_row(rows[v], basis[u], (float)value * (float)quant[8 * v + u]);
        }
    }
    for (int y = 0; y < 8; y++) {
        memset(sums, 0, sizeof sums);
        for (int v = 0; v < 8; v++)
            add_row(sums, rows[v], basis[v][y]);
        for (int x = 0; x < 8; x++)
            out[(size_t)y * stride_bytes + (size_t)x] = to_sample(sums[x]);
    }
}

static int16_t quantise(float value, uint16_t quant, int low)
{
    if (quant == 0) return 0; /* a table may say so; nothing can be coded with it */
    float level = value / (float)quant;
    int whole = (int)(level < 0 ? level - 0.5F : level + 0.5F);
    return (int16_t)(whole < low ? low : whole > AC_MAX ? AC_MAX : whole);
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
    float rows[8][8] = {{0}}, line[8], sums[8];
    memset(out, 0, VL_JPEG_BLOCK_VALUES * sizeof *out);
    if (is_flat(samples, stride_bytes)) {
        out[0] = quantise(((float)samples[0] - LEVEL) * 8, quant[0], -AC_MAX - 1);
        return;
    }
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++)
            line[x] = (float)samples[(size_t)y * stride_bytes + (size_t)x] - LEVEL;
        for (int v = 0; v < 8; v++)
            add_row(rows[v], line, basis[v][y]);
    }
    for (int v = 0; v < 8; v++) {
        for (int u = 0; u < 8; u++) {
            float sum = 0;
            for (int x = 0; x < 8; x++)
                sum += rows[v][x] * basis[u][x];
            sums[u] = sum;
        }
        for (int u = 0; u < 8; u++)
            out[8 * v + u] = quantise(sums[u], quant[8 * v + u], u + v == 0 ? -AC_MAX - 1 : -AC_MAX);
    }
}

static void means_of_2(const int16_t *values, uint32_t row, const uint16_t *quant, uint8_t *out, size_t stride_bytes)
{
    float dc = (float)values[0] * (float)quant[0] * (half_dc * half_dc);
    float across = (float)values[1] * (float)quant[1] * (half_dc * half_first);
    float down = (float)values[row] * (float)quant[8] * (half_dc * half_first);
    float both = (float)values[row + 1] * (float)quant[9] * (half_first * half_first);
    out[0] = to_sample(dc + across + down + both);
    out[1] = to_sample(dc - across + down - both);
    out[stride_bytes] = to_sample(dc + across - down - both);
    out[stride_bytes + 1] = to_sample(dc - across - down + both);
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
        out[0] = to_sample((float)values[0] * (float)quant[0] * (half_dc * half_dc));
}

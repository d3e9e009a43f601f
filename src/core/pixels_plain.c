/* Pixel kernels in plain C: the reference that the other levels are compared with, byte for byte. */
#include <string.h>

#include "core/kernels_impl.h"

void vl_column_sums_plain(const uint8_t *rows, size_t stride_bytes, size_t row_count, size_t n, uint16_t *sums)
{
    memset(sums, 0, n * sizeof *sums);
    for (size_t row = 0; row < row_count; row++, rows += stride_bytes)
        for (size_t i = 0; i < n; i++)
            sums[i] = (uint16_t)(sums[i] + rows[i]);
}

/* Rounds twice, as the multiply instruction of x86 (pmulhrsw) does, so that all levels agree. */
void vl_mix_rows_plain(const int16_t *a, const int16_t *b, int16_t weight, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        int32_t step = ((b[i] - a[i]) * weight + (1 << 14)) >> 15;
        out[i] = (uint8_t)((a[i] + step + 64) >> 7);
    }
}

void vl_clear_hidden_plain(uint8_t *pixels, size_t pixel_count)
{
    for (size_t i = 0; i < pixel_count; i++, pixels += 4)
        if (pixels[3] == 0) memset(pixels, 0, 3);
}

void vl_luma_row_plain(const uint8_t *pixels, size_t step, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++, pixels += step)
        out[i] = (uint8_t)((pixels[0] + 2 * pixels[1] + pixels[2]) >> 2);
}

void vl_halve_rows_plain(const uint8_t *a, const uint8_t *b, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)((a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1] + 2) >> 2);
}

static inline uint8_t apart(uint8_t a, uint8_t b)
{
    return a > b ? (uint8_t)(a - b) : (uint8_t)(b - a);
}

void vl_count_edges_plain(const uint8_t *up, const uint8_t *row, const uint8_t *down, size_t n, uint8_t most,
                          uint8_t *counts)
{
    for (size_t i = 0; i < n; i++) {
        const uint8_t across = apart(*(row + i - 1), row[i + 1]), along = apart(up[i], down[i]);
        counts[i] = (uint8_t)(counts[i] + ((across > along ? across : along) > most));
    }
}

void vl_halve_to_planes_plain(const uint8_t *a, const uint8_t *b, size_t n, float scale, float shift,
                              float *const out[3])
{
    for (size_t i = 0; i < n; i++, a += 6, b += 6) {
        for (int c = 0; c < 3; c++) {
            const float scaled = (float)(a[c] + a[c + 3] + b[c] + b[c + 3]) * scale;
            out[c][i] = scaled + shift;
        }
    }
}

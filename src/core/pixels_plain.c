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

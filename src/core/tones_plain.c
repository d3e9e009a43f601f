/* Tone kernels in plain C: the reference, and the form for CPUs without the wider ones. All sums are of integers: exact. */
#include "core/kernels_impl.h"

void vl_tone_windows_plain(const int16_t *samples, size_t step, size_t pairs, size_t count, const int16_t *table,
                           int32_t *out)
{
    for (size_t w = 0; w < count; w++) {
        const int16_t *x = samples + w * step;
        int32_t *sums = out + w * VL_TONE_LANES;
        for (size_t lane = 0; lane < VL_TONE_LANES; lane++)
            sums[lane] = 0;
        for (size_t i = 0; i < pairs; i++) {
            const int16_t *row = table + i * 2 * VL_TONE_LANES;
            for (size_t lane = 0; lane < VL_TONE_LANES; lane++)
                sums[lane] += row[2 * lane] * x[2 * i] + row[2 * lane + 1] * x[2 * i + 1];
        }
    }
}

void vl_hop_energies_plain(const int16_t *samples, size_t hop, size_t count, uint64_t *out)
{
    for (size_t h = 0; h < count; h++)
        out[h] = vl_s16_sum_squares_plain(samples + h * hop, hop);
}

/*
 * One channel from one sample rate to another, block by block: band-limited interpolation with a windowed sinc, whose cutoff
 * is just below half the lower of the two rates. It serves recognisers; what is redacted is never resampled.
 */
#ifndef VL_AUDIO_RESAMPLE_H
#define VL_AUDIO_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VL_RESAMPLE_LOBES 16u /* zero crossings of the sinc on each side */
#define VL_RESAMPLE_STEPS                                                                                              \
    256u /* table entries from one to the next; linear interpolation errs by 94 dB less than the tone */
#define VL_RESAMPLE_BLOCK 4096u
#define VL_RESAMPLE_SPAN  416u /* samples on each side at most: from 192 to 8 kHz */

/** The right half of the windowed sinc, made once at creation. */
typedef struct vl_resample_table {
    float values[VL_RESAMPLE_LOBES * VL_RESAMPLE_STEPS + 2];
} vl_resample_table;

void vl_resample_table_make(vl_resample_table *table);

typedef struct vl_resampler {
    const vl_resample_table *table;
    float buffer[2 * VL_RESAMPLE_SPAN + VL_RESAMPLE_BLOCK];
    size_t count;      /* samples in the buffer */
    uint64_t first;    /* number of buffer[0]; the sound's first sample has number `span` */
    uint64_t next_out; /* number of the next output sample */
    uint32_t in_hz;
    uint32_t out_hz;
    uint32_t span; /* input samples on each side of an output sample */
    double cutoff; /* of half the input rate */
} vl_resampler;

/** Rates of 8,000 to 192,000 Hz. Silence lies before the sound. */
void vl_resampler_start(vl_resampler *resampler, const vl_resample_table *table, uint32_t in_hz, uint32_t out_hz);
/** How many samples `vl_resampler_put` takes now. */
size_t vl_resampler_room(const vl_resampler *resampler);
/** Append samples, at most as many as there is room for. Behind the end of the sound, put zeros. */
void vl_resampler_put(vl_resampler *resampler, const float *samples, size_t count);
/** Write what can be computed from the samples so far. @return how many, at most `capacity` */
size_t vl_resampler_take(vl_resampler *resampler, float *out, size_t capacity);

#endif

/*
 * Noise with the spectrum of speech: the least noticeable thing to put in its place. A table of one period for each rate:
 * white noise through an all-pole filter whose response follows the long-term spectrum of speech of ANSI S3.5-1997. It
 * depends on the rate alone, so what is put in is a function of the frame's number, whatever the pieces of a sound are.
 */
#ifndef VL_AUDIO_NOISE_H
#define VL_AUDIO_NOISE_H

#include <veil.h>

#include "core/alloc.h"
#include "core/kernels.h"

#define VL_NOISE_FRAMES 32768u /* of a period: 4.1 s at 8 kHz, 0.7 s at 48 kHz */
#define VL_NOISE_BYTES  (VL_NOISE_FRAMES * sizeof(float))
#define VL_NOISE_STRIDE 7919u /* frames from the place of one channel in the table to that of the next */
#define VL_NOISE_RATES  4u

/** Tables of the usual rates, made once at creation. */
typedef struct vl_noises {
    float *values; /* VL_NOISE_RATES periods */
} vl_noises;

/** NO_MEMORY */
veil_status vl_noises_create(const vl_allocator *allocator, const vl_kernels *kernels, vl_noises *out);
void vl_noises_destroy(vl_noises *noises, const vl_allocator *allocator);
/** NULL: no table of this rate; vl_noise_make makes one. */
const float *vl_noises_find(const vl_noises *noises, uint32_t rate_hz);

/** Write one period; its RMS is 1. 0.2 to 0.3 ms on Zen 5. */
void vl_noise_make(const vl_kernels *kernels, uint32_t rate_hz, float *values);

/** Level of speech at a frequency, dB: ANSI S3.5-1997, Table 3, normal vocal effort. */
double vl_speech_level_db(double hz);

#endif

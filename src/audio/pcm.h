/*
 * Samples of every format, one at a time and in runs: what effects write, what the level is made of, what detectors listen to.
 * Full scale is 1. An index counts samples of an interleaved view (vl_sound_plane makes one of a plane).
 */
#ifndef VL_AUDIO_PCM_H
#define VL_AUDIO_PCM_H

#include "audio/sound.h"
#include "core/kernels.h"

/** Round to the format's steps. `value` is within full scale. */
void vl_pcm_write(const vl_sound *sound, size_t index, double value);
/** Multiply by a gain of 0 to 1. */
void vl_pcm_scale(const vl_sound *sound, size_t index, double gain);
/** Every step-th sample from `index` on, full scale 1. */
void vl_pcm_read(const vl_sound *sound, size_t index, size_t step, size_t count, double *out);
/** `count` samples of silence. */
void vl_pcm_silence(const vl_sound *sound, size_t index, size_t count);
/** Sum of squares of `count` samples. */
double vl_pcm_sum_squares(const vl_kernels *kernels, const vl_sound *sound, size_t index, size_t count);
/** False when one of `count` samples is NaN or infinite. */
bool vl_pcm_are_numbers(const vl_kernels *kernels, const vl_sound *sound, size_t index, size_t count);

/** One channel as 16-bit integers: `count` frames from the view's `first` on. Floats clip at full scale. */
void vl_pcm_channel(const vl_sound *sound, uint32_t channel, uint64_t first, size_t count, int16_t *out);

#endif

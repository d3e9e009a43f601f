/* Samples of any format as 16-bit integers of one channel: what the detectors listen to. */
#ifndef VL_AUDIO_PCM_H
#define VL_AUDIO_PCM_H

#include "audio/sound.h"

/** Frames [first, first + count) of the view, from `sound->samples` on. Floats are numbers and clip at full scale. */
void vl_pcm_channel(const vl_sound *sound, uint32_t channel, uint64_t first, size_t count, int16_t *out);

#endif

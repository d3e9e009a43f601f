/*
 * A view of interleaved samples, checked once: what the parts below the public structs work on. Files are worked on block by
 * block, so a view may be a part of a longer sound.
 */
#ifndef VL_AUDIO_SOUND_H
#define VL_AUDIO_SOUND_H

#include <stdbool.h>

#include "core/error.h"

#define VL_RATE_MIN   8000u
#define VL_RATE_MAX   192000u
#define VL_SAMPLE_S32 100u /* beside VEIL_SAMPLE_*: files with 24 and 32 bits a sample */

typedef struct vl_sound {
    void *samples;        /* of frame `first`; NULL when only the shape is known */
    uint64_t first_frame; /* position of samples[0] in the whole sound */
    uint64_t frames;      /* in `samples` */
    uint64_t total_frames;
    uint32_t rate_hz;
    uint32_t channels;
    uint32_t format; /* VEIL_SAMPLE_S16, VEIL_SAMPLE_F32, VL_SAMPLE_S32 */
} vl_sound;

/** What a configuration allows. */
typedef struct vl_sound_limits {
    uint64_t max_seconds;
    uint32_t max_channels;
} vl_sound_limits;

size_t vl_sample_bytes(uint32_t format);

/** Shape alone: rate, channels, length. INVALID_ARGUMENT or LIMIT. */
veil_status vl_sound_check_shape(uint32_t rate_hz, uint32_t channels, uint64_t frames, uint32_t format,
                                 const vl_sound_limits *limits, veil_error *error);

/** A view of the caller's PCM. INVALID_ARGUMENT or LIMIT. */
veil_status vl_sound_from_pcm(const veil_audio *audio, const vl_sound_limits *limits, vl_sound *out, veil_error *error);

/** Fill every sample with zeros. */
void vl_sound_zero(const vl_sound *sound);

#endif

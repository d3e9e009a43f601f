/*
 * A view of samples, checked once: what the parts below the public structs work on. Files and streams are worked on block by
 * block, so a view may be a part of a longer sound. Planar sounds are worked on plane by plane, each a mono view.
 */
#ifndef VL_AUDIO_SOUND_H
#define VL_AUDIO_SOUND_H

#include <stdbool.h>

#include "core/error.h"

#define VL_RATE_MIN 8000u
#define VL_RATE_MAX 192000u

typedef struct vl_sound {
    void *samples;        /* interleaved, of frame `first_frame`; NULL when planar or when only the shape is known */
    void *const *planes;  /* planar: a pointer a channel, of frame 0 of the whole sound; else NULL */
    uint64_t first_frame; /* position of samples[0] in the whole sound */
    uint64_t frames;      /* in `samples` */
    uint64_t total_frames;
    uint32_t rate_hz;
    uint32_t channels;
    uint32_t format; /* VEIL_SAMPLE_* */
    uint32_t plane;  /* a mono view of a planar sound: which plane, */
} vl_sound;

/** What a configuration allows. */
typedef struct vl_sound_limits {
    uint64_t max_seconds;
    uint32_t max_channels;
} vl_sound_limits;

/** 0 for an unknown format. */
size_t vl_sample_bytes(uint32_t format);
/** The byte that every byte of a silent sample has. */
int vl_sample_silence(uint32_t format);

/** A channel of a planar view, as a mono view of the same frames. */
vl_sound vl_sound_plane(const vl_sound *sound, uint32_t channel);
/** Frames [first, first + frames) of a view of the whole sound. */
vl_sound vl_sound_part(const vl_sound *sound, uint64_t first, uint64_t frames);

/** Frames [from, to) of what a view holds, cut at its ends. */
vl_sound vl_sound_slice(const vl_sound *view, uint64_t from, uint64_t to);

/** Shape alone: rate, channels, length. INVALID_ARGUMENT or LIMIT. */
veil_status vl_sound_check_shape(uint32_t rate_hz, uint32_t channels, uint64_t frames, uint32_t format,
                                 const vl_sound_limits *limits, veil_error *error);

/** A view of the caller's PCM. INVALID_ARGUMENT or LIMIT. */
veil_status vl_sound_from_pcm(const veil_audio *audio, const vl_sound_limits *limits, vl_sound *out, veil_error *error);

/** Fill the view with silence. */
void vl_sound_zero(const vl_sound *sound);

#endif

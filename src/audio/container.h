/*
 * What a sound file says of itself, read from its first bytes without a library: kind, shape, length. libsndfile forgives
 * files that end early and chunks that come twice; here both are errors, and limits are decided before anything is reserved.
 */
#ifndef VL_AUDIO_CONTAINER_H
#define VL_AUDIO_CONTAINER_H

#include "audio/sound.h"

#define VL_CONTAINER_HEAD 68u /* RIFF head, extensible fmt chunk, head of the data chunk; FLAC takes 42 */

typedef enum vl_container_kind {
    VL_CONTAINER_WAV,
    VL_CONTAINER_FLAC,
    VL_CONTAINER_VORBIS, /* in Ogg */
    VL_CONTAINER_OPUS,
    VL_CONTAINER_MP3
} vl_container_kind;

/*
 * What the decoder gets to see is a file of our making: shape and samples, without the chunks that may hold personal data
 * (comments, cue points, pictures), which libsndfile would leave on its freed heap. Comments of Ogg are the exception: its
 * decoders want them.
 *
 *   head[head_bytes] | input[body_at .. body_at + body_bytes)
 */
typedef struct vl_container {
    vl_container_kind kind;
    uint8_t head[VL_CONTAINER_HEAD];
    uint32_t head_bytes;
    size_t body_at;
    size_t body_bytes;
    size_t bound_bytes; /* no output of the same kind and length is larger */
    double widen_s;     /* lossy kinds: as far as a sample may show in what is decoded around it */
    vl_sound sound;     /* shape; samples is NULL; format is the one that keeps every bit of a sample */
} vl_container;

/** Lossy: decoded, changed, and encoded again as a whole. */
bool vl_container_is_coded(vl_container_kind kind);

/** MALFORMED_INPUT, UNSUPPORTED (another kind, sample type or rate), LIMIT */
veil_status vl_container_read(const void *input, size_t input_bytes, const vl_sound_limits *limits, vl_container *out,
                              veil_error *error);

/** The same for Ogg and MP3, which `input` begins like; input_bytes is not 0. */
veil_status vl_container_read_coded(const void *input, size_t input_bytes, const vl_sound_limits *limits,
                                    vl_container *out, veil_error *error);

#endif

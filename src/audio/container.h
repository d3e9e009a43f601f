/*
 * What a sound file says of itself, read from its first bytes without a library: kind, shape, length. libsndfile forgives
 * files that end early and chunks that come twice; here both are errors, and limits are decided before anything is reserved.
 */
#ifndef VL_AUDIO_CONTAINER_H
#define VL_AUDIO_CONTAINER_H

#include "audio/sound.h"

typedef enum vl_container_kind { VL_CONTAINER_WAV, VL_CONTAINER_FLAC } vl_container_kind;

typedef struct vl_container {
    vl_container_kind kind;
    size_t size_bytes;  /* of the file proper: what follows is not read and not carried over */
    size_t bound_bytes; /* no output of the same kind and length is larger */
    vl_sound sound;     /* shape; samples is NULL; format is the one that keeps every bit of a sample */
} vl_container;

/** MALFORMED_INPUT, UNSUPPORTED (another kind, sample type or rate), LIMIT */
veil_status vl_container_read(const void *input, size_t input_bytes, const vl_sound_limits *limits, vl_container *out,
                              veil_error *error);

#endif

/*
 * Where a call's samples are read from before any of them is replaced: the caller's PCM, or a decoder. Readers that must hear
 * the sound go through it block by block, once for each pass.
 */
#ifndef VL_AUDIO_SOURCE_H
#define VL_AUDIO_SOURCE_H

#include "audio/sound.h"

typedef struct vl_source {
    /** Go to the first frame. MALFORMED_INPUT, BUSY, NO_MEMORY */
    veil_status (*open)(void *self, veil_error *error);
    /** The next frames; block->frames is 0 at the end. The block is valid until the next call. MALFORMED_INPUT */
    veil_status (*next)(void *self, vl_sound *block, veil_error *error);
    void (*close)(void *self);
    void *self;
} vl_source;

#endif

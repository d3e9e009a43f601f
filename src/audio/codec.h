/*
 * Decoding and encoding in memory through libsndfile, block by block: neither the whole sound nor the whole output is ever
 * held beside the caller's buffers. libsndfile and libFLAC allocate for themselves.
 */
#ifndef VL_AUDIO_CODEC_H
#define VL_AUDIO_CODEC_H

#include <sndfile.h>

#include "audio/container.h"

/** A buffer behind libsndfile's virtual file. A reader sees the container's head and body, a writer counts on when the
 *  buffer is full. */
typedef struct vl_memory_file {
    const vl_container *container; /* reading; NULL: writing */
    const uint8_t *body;           /* reading */
    uint8_t *out;                  /* writing */
    size_t capacity;               /* of out */
    size_t position;
    size_t size; /* bytes there are, or would be */
} vl_memory_file;

typedef struct vl_decoder {
    vl_memory_file memory;
    SNDFILE *file;
    SF_INFO info;
    const vl_container *container;
    uint64_t next_frame;
} vl_decoder;

typedef struct vl_encoder {
    vl_memory_file memory;
    SNDFILE *file;
    uint32_t sample_format;
} vl_encoder;

/** Fill container->sound of a lossy kind from what libsndfile makes of it. MALFORMED_INPUT */
veil_status vl_codec_probe(const void *input, vl_container *container, veil_error *error);

/** MALFORMED_INPUT when libsndfile refuses it or reads another shape than the header gave. */
veil_status vl_decoder_open(vl_decoder *decoder, const vl_container *container, const void *input, veil_error *error);
/** Read exactly block->frames frames into block->samples. MALFORMED_INPUT when they are not there or damaged. */
veil_status vl_decoder_read(vl_decoder *decoder, vl_sound *block, veil_error *error);
void vl_decoder_close(vl_decoder *decoder);

/** The same kind, sample type, rate and channels as `decoder`. NO_MEMORY */
veil_status vl_encoder_open(vl_encoder *encoder, const vl_decoder *decoder, void *out, size_t capacity,
                            veil_error *error);
/** INTERNAL */
veil_status vl_encoder_write(vl_encoder *encoder, const vl_sound *block, veil_error *error);
/** Complete the file. `*size_bytes` is what it takes, also when that is more than the capacity. INTERNAL */
veil_status vl_encoder_finish(vl_encoder *encoder, size_t *size_bytes, veil_error *error);
void vl_encoder_close(vl_encoder *encoder);

#endif

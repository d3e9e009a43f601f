/*
 * A sound that comes in pieces: redacted frames go out as soon as nothing that may still be found can touch them. What goes out
 * is what the one-shot call makes of the whole sound with the same ranges and the same fixed level, however it is cut.
 *
 *   gone | held: frames [out, in) in `buffer` | not come yet
 *        ^ out                                ^ in
 */
#ifndef VL_AUDIO_STREAM_H
#define VL_AUDIO_STREAM_H

#include "audio/engine_impl.h"

typedef struct vl_audio_stream vl_audio_stream;

/** Checked by api: struct sizes, reserved fields. INVALID_ARGUMENT, UNSUPPORTED, LIMIT, BUSY, NO_MEMORY */
veil_status vl_audio_stream_create(const vl_audio_engine *engine, const veil_audio_stream_options *shape,
                                   const veil_audio_options *options, vl_audio_stream **out, veil_error *error);
void vl_audio_stream_destroy(vl_audio_stream *stream);

uint64_t vl_audio_stream_delay(const vl_audio_stream *stream);
veil_status vl_audio_stream_add_range(vl_audio_stream *stream, const veil_audio_range *range, veil_error *error);
veil_status vl_audio_stream_add_transcript(vl_audio_stream *stream, const char *transcript, size_t transcript_bytes,
                                           uint32_t format, veil_error *error);
veil_status vl_audio_stream_push(vl_audio_stream *stream, const void *samples, uint64_t frames, uint64_t *taken,
                                 veil_error *error);
veil_status vl_audio_stream_end(vl_audio_stream *stream, veil_error *error);
veil_status vl_audio_stream_pull(vl_audio_stream *stream, void *out, uint64_t capacity, uint64_t *frames,
                                 veil_audio_result *result, veil_error *error);

#endif

/*
 * A text that comes in pieces: bytes are pushed into a buffer of fixed size, and pulled out redacted as soon as nothing that
 * may follow can change them. Output and findings are those of one call with the whole text.
 *
 * Threads: a stream belongs to one caller at a time. Memory is reserved at creation; a workspace is taken for a pull's length.
 */
#ifndef VL_TEXT_STREAM_H
#define VL_TEXT_STREAM_H

#include "text/text.h"

typedef struct vl_stream vl_stream;

/** The engine must outlive the stream; options are read until this returns. */
veil_status vl_stream_create(const vl_text_engine *engine, const veil_text_options *options, vl_stream **out,
                             veil_error *error);
/** Wipes what is pending. NULL is accepted. */
void vl_stream_destroy(vl_stream *stream);

/** Copy what there is room for. */
veil_status vl_stream_push(vl_stream *stream, const char *text, size_t text_bytes, size_t *taken_bytes,
                           veil_error *error);
/** No more text follows. */
veil_status vl_stream_end(vl_stream *stream, veil_error *error);
/** Take out what is decided. `result` may be NULL. */
veil_status vl_stream_pull(vl_stream *stream, char *out, size_t out_capacity, size_t *out_bytes,
                           veil_text_result *result, veil_error *error);
/** Bytes pushed and not yet pulled. */
size_t vl_stream_held(const vl_stream *stream);

#endif

/* Streams of text: checks and metrics in front of text/stream.c. */
#include "text/stream.h"

#include "check.h"
#include "sanitizer.h"

struct veil_text_stream {
    const veil_sanitizer *sanitizer;
    vl_stream *stream;
};

static veil_status begin(const veil_text_stream *stream, veil_error **error)
{
    if (!vl_error_begin(*error)) {
        *error = NULL;
        return VEIL_ERR_INVALID_ARGUMENT;
    }
    if (stream == NULL) return vl_error_set(*error, VEIL_ERR_INVALID_ARGUMENT, 0, "stream is NULL");
    return VEIL_OK;
}

static veil_status check_create(const veil_sanitizer *sanitizer, veil_text_stream **out, veil_error *error)
{
    if (out == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "out is NULL");
    *out = NULL;
    if (sanitizer == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    if ((sanitizer->config.modalities & VEIL_MODALITY_TEXT) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without text");
    return VEIL_OK;
}

veil_status veil_text_stream_create(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                    veil_text_stream **out, veil_error *error)
{
    veil_text_options local;
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    veil_status checked = check_create(sanitizer, out, error);
    if (status == VEIL_OK) status = checked;
    if (status == VEIL_OK && options != NULL) status = vl_check_text_options(&options, &local, error);
    if (status == VEIL_OK) {
        const vl_allocator *allocator = &sanitizer->runtime.allocator;
        veil_text_stream *stream = vl_alloc_zero(allocator, 1, sizeof *stream);
        status =
            stream == NULL ? VEIL_ERR_NO_MEMORY : vl_stream_create(sanitizer->text, options, &stream->stream, error);
        if (status == VEIL_OK) {
            stream->sanitizer = sanitizer;
            *out = stream;
            return VEIL_OK;
        }
        vl_free(allocator, stream, sizeof *stream);
    }
    vl_error_end(error, status);
    return status;
}

veil_status veil_text_stream_push(veil_text_stream *stream, const char *text, size_t text_bytes, size_t *taken_bytes,
                                  veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (taken_bytes != NULL) *taken_bytes = 0;
    if (status == VEIL_OK && taken_bytes == NULL)
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "taken_bytes is NULL");
    if (status == VEIL_OK && text == NULL && text_bytes != 0)
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "text is NULL but text_bytes is not 0");
    if (status == VEIL_OK) status = vl_stream_push(stream->stream, text, text_bytes, taken_bytes, error);
    vl_error_end(error, status);
    return status;
}

veil_status veil_text_stream_end(veil_text_stream *stream, veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (status == VEIL_OK) status = vl_stream_end(stream->stream, error);
    vl_error_end(error, status);
    return status;
}

veil_status veil_text_stream_pull(veil_text_stream *stream, char *out, size_t out_capacity, size_t *out_bytes,
                                  veil_text_result *result, veil_error *error)
{
    veil_text_result counted = {sizeof counted, NULL, 0, 0}; /* findings are counted, wanted or not */
    veil_status status = begin(stream, &error);
    if (status == VEIL_OK) status = vl_check_text_result(result, false, error);
    if (status == VEIL_OK) status = vl_check_output(NULL, 0, out, out_capacity, out_bytes, error);
    if (status != VEIL_OK) {
        vl_scrub(out, out_capacity, out_bytes);
        vl_error_end(error, status);
        return status;
    }
    vl_metrics *metrics = stream->sanitizer->runtime.metrics;
    const uint64_t start = vl_metrics_begin(metrics, VEIL_METRIC_TEXT_STREAM);
    if (result == NULL) result = &counted;
    status = vl_stream_pull(stream->stream, out, out_capacity, out_bytes, result, error);
    vl_metrics_end(metrics, VEIL_METRIC_TEXT_STREAM, start, status == VEIL_OK ? *out_bytes : 0, status);
    if (result->finding_count != 0) vl_metrics_count(metrics, VL_COUNT_FINDINGS, result->finding_count);
    if (status == VEIL_OK) return status;
    vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    vl_error_end(error, status);
    return status;
}

void veil_text_stream_destroy(veil_text_stream *stream)
{
    if (stream == NULL) return;
    const vl_allocator *allocator = &stream->sanitizer->runtime.allocator;
    vl_stream_destroy(stream->stream);
    vl_free(allocator, stream, sizeof *stream);
}

/* Streams of sound: checks and metrics in front of audio/stream.c. A build without audio answers UNSUPPORTED. */
#include "check.h"
#include "sanitizer.h"
#if VEIL_HAS_AUDIO
#include "audio/stream.h"
#endif

#define SHAPE_BYTES sizeof(veil_audio_stream_options)

struct veil_audio_stream {
    const veil_sanitizer *sanitizer;
    size_t frame_bytes;
#if VEIL_HAS_AUDIO
    vl_audio_stream *stream;
#endif
};

#if VEIL_HAS_AUDIO
#define ENGINE(function, ...) vl_audio_stream_##function(stream->stream, __VA_ARGS__)
#else
#define ENGINE(function, ...) VEIL_ERR_UNSUPPORTED
#endif

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

static veil_status begin(const veil_audio_stream *stream, veil_error **error)
{
    if (!vl_error_begin(*error)) {
        *error = NULL;
        return VEIL_ERR_INVALID_ARGUMENT;
    }
    return stream == NULL ? invalid(*error, "stream is NULL") : VEIL_OK;
}

static veil_status end(veil_error *error, veil_status status)
{
    vl_error_end(error, status);
    return status;
}

static veil_status check_create(const veil_sanitizer *sanitizer, const veil_audio_stream_options *shape,
                                veil_error *error)
{
    if (sanitizer == NULL) return invalid(error, "sanitizer is NULL");
    if ((sanitizer->config.modalities & VEIL_MODALITY_AUDIO) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without audio");
    return vl_check_struct(shape, SHAPE_BYTES, SHAPE_BYTES, "stream", error);
}

#if VEIL_HAS_AUDIO
static veil_status create(const veil_sanitizer *sanitizer, const veil_audio_stream_options *shape,
                          const veil_audio_options *options, veil_audio_stream **out, veil_error *error)
{
    const vl_allocator *allocator = &sanitizer->runtime.allocator;
    veil_audio_stream *made = vl_alloc_zero(allocator, 1, sizeof *made);
    if (made == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "audio stream");
    veil_status status = vl_audio_stream_create(sanitizer->audio, shape, options, &made->stream, error);
    if (status != VEIL_OK) {
        vl_free(allocator, made, sizeof *made);
        return status;
    }
    const veil_audio frame = {sizeof frame, NULL, 1, shape->sample_rate_hz, shape->channel_count, shape->format, 0};
    made->sanitizer = sanitizer;
    made->frame_bytes = (size_t)vl_audio_size_bytes(&frame);
    *out = made;
    return VEIL_OK;
}
#endif

veil_status veil_audio_stream_create(const veil_sanitizer *sanitizer, const veil_audio_stream_options *stream,
                                     const veil_audio_options *options, veil_audio_stream **out, veil_error *error)
{
    veil_audio_options local;
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    if (out != NULL) *out = NULL;
    if (status == VEIL_OK && out == NULL) status = invalid(error, "out is NULL");
    if (status == VEIL_OK) status = check_create(sanitizer, stream, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
#if VEIL_HAS_AUDIO
    if (status == VEIL_OK) status = create(sanitizer, stream, options, out, error);
#endif
    return end(error, status);
}

uint64_t veil_audio_stream_delay_frames(const veil_audio_stream *stream)
{
#if VEIL_HAS_AUDIO
    return stream == NULL ? 0 : vl_audio_stream_delay(stream->stream);
#else
    (void)stream;
    return 0;
#endif
}

veil_status veil_audio_stream_add_range(veil_audio_stream *stream, const veil_audio_range *range, veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (status == VEIL_OK && range == NULL) status = invalid(error, "range is NULL");
    if (status == VEIL_OK) status = ENGINE(add_range, range, error);
    return end(error, status);
}

veil_status veil_audio_stream_add_transcript(veil_audio_stream *stream, const char *transcript, size_t transcript_bytes,
                                             uint32_t format, veil_error *error)
{
    (void)transcript_bytes; /* a build without audio has nobody to give it to */
    veil_status status = begin(stream, &error);
    if (status == VEIL_OK && transcript == NULL) status = invalid(error, "transcript is NULL");
    if (status == VEIL_OK && format > VEIL_TRANSCRIPT_VTT) status = invalid(error, "format is unknown");
    if (status == VEIL_OK) status = ENGINE(add_transcript, transcript, transcript_bytes, format, error);
    return end(error, status);
}

veil_status veil_audio_stream_push(veil_audio_stream *stream, const void *samples, uint64_t frame_count,
                                   uint64_t *taken_frames, veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (taken_frames != NULL) *taken_frames = 0;
    if (status == VEIL_OK && taken_frames == NULL) status = invalid(error, "taken_frames is NULL");
    if (status == VEIL_OK && samples == NULL && frame_count != 0)
        status = invalid(error, "samples is NULL but frame_count is not 0");
    if (status == VEIL_OK) status = ENGINE(push, samples, frame_count, taken_frames, error);
    return end(error, status);
}

veil_status veil_audio_stream_end(veil_audio_stream *stream, veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (status == VEIL_OK) status = ENGINE(end, error);
    return end(error, status);
}

static veil_status check_pull(const void *out, uint64_t frame_capacity, const uint64_t *frames, veil_error *error)
{
    if (frames == NULL) return invalid(error, "frames is NULL");
    return out == NULL && frame_capacity != 0 ? invalid(error, "out is NULL but frame_capacity is not 0") : VEIL_OK;
}

veil_status veil_audio_stream_pull(veil_audio_stream *stream, void *out, uint64_t frame_capacity, uint64_t *frames,
                                   veil_audio_result *result, veil_error *error)
{
    veil_status status = begin(stream, &error);
    if (frames != NULL) *frames = 0;
    if (status == VEIL_OK) status = check_pull(out, frame_capacity, frames, error);
    if (status == VEIL_OK && result != NULL) {
        status = vl_check_audio_result(result, false, error);
        if (status == VEIL_OK && result->struct_size < sizeof *result) status = invalid(error, "result is too short");
    }
    if (status != VEIL_OK) return end(error, status);
    vl_metrics *metrics = stream->sanitizer->runtime.metrics;
    const uint64_t start = vl_metrics_begin(metrics, VEIL_METRIC_AUDIO_STREAM);
    status = ENGINE(pull, out, frame_capacity, frames, result, error);
    vl_metrics_end(metrics, VEIL_METRIC_AUDIO_STREAM, start, *frames * stream->frame_bytes, status);
    if (result != NULL) vl_metrics_count(metrics, VL_COUNT_FINDINGS, result->finding_count);
    return end(error, status);
}

void veil_audio_stream_destroy(veil_audio_stream *stream)
{
    if (stream == NULL) return;
#if VEIL_HAS_AUDIO
    vl_audio_stream_destroy(stream->stream);
#endif
    vl_free(&stream->sanitizer->runtime.allocator, stream, sizeof *stream);
}

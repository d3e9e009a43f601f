/* Checks of sample views: everything is decided from the numbers alone, before a sample is read or memory is reserved. */
#include "audio/sound.h"

#include <string.h>

#include "audio/g711.h"

size_t vl_sample_bytes(uint32_t format)
{
    switch (format) {
    case VEIL_SAMPLE_S16:
        return sizeof(int16_t);
    case VEIL_SAMPLE_F32:
        return sizeof(float);
    case VEIL_SAMPLE_S32:
        return sizeof(int32_t);
    case VEIL_SAMPLE_S24:
        return 3;
    case VEIL_SAMPLE_MULAW:
    case VEIL_SAMPLE_ALAW:
        return 1;
    default:
        return 0;
    }
}

int vl_sample_silence(uint32_t format)
{
    if (format == VEIL_SAMPLE_MULAW) return VL_MULAW_SILENCE;
    return format == VEIL_SAMPLE_ALAW ? VL_ALAW_SILENCE : 0;
}

vl_sound vl_sound_plane(const vl_sound *sound, uint32_t channel)
{
    vl_sound plane = *sound;
    plane.samples = (char *)sound->planes[channel] + sound->first_frame * vl_sample_bytes(sound->format);
    plane.planes = NULL;
    plane.channels = 1;
    plane.plane = channel;
    return plane;
}

vl_sound vl_sound_part(const vl_sound *sound, uint64_t first, uint64_t frames)
{
    vl_sound part = *sound;
    part.first_frame = first;
    part.frames = frames;
    if (sound->planes == NULL)
        part.samples = (char *)sound->samples + first * sound->channels * vl_sample_bytes(sound->format);
    return part;
}

vl_sound vl_sound_slice(const vl_sound *view, uint64_t from, uint64_t to)
{
    uint64_t end = view->first_frame + view->frames;
    vl_sound slice = *view;
    if (from < view->first_frame) from = view->first_frame;
    if (from > end) from = end;
    if (to > end) to = end;
    slice.first_frame = from;
    slice.frames = to > from ? to - from : 0;
    if (view->planes == NULL && view->samples != NULL) {
        size_t frame_bytes = view->channels * vl_sample_bytes(view->format);
        slice.samples = (char *)view->samples + (from - view->first_frame) * frame_bytes;
    }
    return slice;
}

veil_status vl_sound_check_shape(uint32_t rate_hz, uint32_t channels, uint64_t frames, uint32_t format,
                                 const vl_sound_limits *limits, veil_error *error)
{
    if (rate_hz < VL_RATE_MIN || rate_hz > VL_RATE_MAX) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sample rate %u Hz is not within %u to %u", rate_hz,
                            VL_RATE_MIN, VL_RATE_MAX);
    }
    if (channels == 0) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "no channels");
    if (channels > limits->max_channels) {
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "%u channels exceed the limit of %u", channels,
                            limits->max_channels);
    }
    /* Compare in seconds, rounded up, so that no product can overflow. */
    uint64_t seconds = frames / rate_hz + (frames % rate_hz != 0);
    if (seconds > limits->max_seconds) {
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "%llu seconds exceed the limit of %llu",
                            (unsigned long long)seconds, (unsigned long long)limits->max_seconds);
    }
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(frames, (uint64_t)channels * vl_sample_bytes(format), &bytes) || bytes > SIZE_MAX / 2) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "frame count overflows the address space");
    }
    return VEIL_OK;
}

static bool is_aligned(const void *samples, uint32_t format)
{
    return format == VEIL_SAMPLE_S24 || (uintptr_t)samples % vl_sample_bytes(format) == 0;
}

static veil_status check_memory(const veil_audio *audio, veil_error *error)
{
    const bool is_planar = audio->layout == VEIL_LAYOUT_PLANAR;
    if (audio->frame_count == 0) return VEIL_OK;
    if (audio->samples == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "samples is NULL");
    for (uint32_t c = 0; c < (is_planar ? audio->channel_count : 1); c++) {
        const void *samples = is_planar ? ((void *const *)audio->samples)[c] : audio->samples;
        if (samples == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "plane %u is NULL", c);
        if (!is_aligned(samples, audio->format))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "samples is not aligned to a sample");
    }
    return VEIL_OK;
}

veil_status vl_sound_from_pcm(const veil_audio *audio, const vl_sound_limits *limits, vl_sound *out, veil_error *error)
{
    if (vl_sample_bytes(audio->format) == 0) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sample format %u is unknown", audio->format);
    }
    if (audio->layout > VEIL_LAYOUT_PLANAR) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "layout %u is unknown", audio->layout);
    }
    veil_status status = vl_sound_check_shape(audio->sample_rate_hz, audio->channel_count, audio->frame_count,
                                              audio->format, limits, error);
    if (status == VEIL_OK) status = check_memory(audio, error);
    if (status != VEIL_OK) return status;
    const bool is_planar = audio->layout == VEIL_LAYOUT_PLANAR;
    *out = (vl_sound){.samples = is_planar ? NULL : audio->samples,
                      .planes = is_planar && audio->frame_count != 0 ? audio->samples : NULL,
                      .frames = audio->frame_count,
                      .total_frames = audio->frame_count,
                      .rate_hz = audio->sample_rate_hz,
                      .channels = audio->channel_count,
                      .format = audio->format};
    return VEIL_OK;
}

void vl_sound_zero(const vl_sound *sound)
{
    if (sound->planes != NULL) {
        for (uint32_t c = 0; c < sound->channels; c++) {
            vl_sound plane = vl_sound_plane(sound, c);
            vl_sound_zero(&plane);
        }
        return;
    }
    if (sound->samples == NULL || sound->frames == 0) return;
    size_t bytes = (size_t)sound->frames * sound->channels * vl_sample_bytes(sound->format);
    memset(sound->samples, vl_sample_silence(sound->format), bytes);
}

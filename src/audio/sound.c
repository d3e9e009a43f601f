/* Checks of sample views: everything is decided from the numbers alone, before a sample is read or memory is reserved. */
#include "audio/sound.h"

#include <string.h>

size_t vl_sample_bytes(uint32_t format)
{
    if (format == VEIL_SAMPLE_S16) return sizeof(int16_t);
    if (format == VEIL_SAMPLE_F32) return sizeof(float);
    if (format == VL_SAMPLE_S32) return sizeof(int32_t);
    return 0;
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

veil_status vl_sound_from_pcm(const veil_audio *audio, const vl_sound_limits *limits, vl_sound *out, veil_error *error)
{
    if (audio->format != VEIL_SAMPLE_S16 && audio->format != VEIL_SAMPLE_F32) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sample format %u is unknown", audio->format);
    }
    veil_status status = vl_sound_check_shape(audio->sample_rate_hz, audio->channel_count, audio->frame_count,
                                              audio->format, limits, error);
    if (status != VEIL_OK) return status;
    if (audio->samples == NULL && audio->frame_count != 0) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "samples is NULL");
    }
    if ((uintptr_t)audio->samples % vl_sample_bytes(audio->format) != 0) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "samples is not aligned to a sample");
    }
    *out = (vl_sound){.samples = audio->samples,
                      .frames = audio->frame_count,
                      .total_frames = audio->frame_count,
                      .rate_hz = audio->sample_rate_hz,
                      .channels = audio->channel_count,
                      .format = audio->format};
    return VEIL_OK;
}

void vl_sound_zero(const vl_sound *sound)
{
    if (sound->samples == NULL || sound->frames == 0) return;
    memset(sound->samples, 0, (size_t)sound->frames * sound->channels * vl_sample_bytes(sound->format));
}

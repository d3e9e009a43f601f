/* See pcm.h. 24-bit samples are three bytes, least significant first, as WAV and every x86 API have them. */
#include "audio/pcm.h"

#include <math.h>
#include <string.h>

#include "audio/g711.h"

#define SCALE_S16 32767.0
#define SCALE_S24 8388607.0
#define SCALE_S32 2147483392.0 /* largest double below 2^31 that a float holds as well */
#define FULL      32768.0

static int32_t read_s24(const uint8_t *at)
{
    return (int32_t)((uint32_t)at[0] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 24) >> 8;
}

static void write_s24(uint8_t *at, int32_t value)
{
    for (uint32_t i = 0; i < 3; i++)
        at[i] = (uint8_t)((uint32_t)value >> 8 * i);
}

void vl_pcm_write(const vl_sound *sound, size_t index, double value)
{
    uint8_t *bytes = sound->samples;
    switch (sound->format) {
    case VEIL_SAMPLE_S16:
        ((int16_t *)sound->samples)[index] = (int16_t)lrint(value * SCALE_S16);
        break;
    case VEIL_SAMPLE_F32:
        ((float *)sound->samples)[index] = (float)value;
        break;
    case VEIL_SAMPLE_S24:
        write_s24(bytes + 3 * index, (int32_t)lrint(value * SCALE_S24));
        break;
    case VEIL_SAMPLE_MULAW:
        bytes[index] = vl_mulaw_encode((int32_t)lrint(value * SCALE_S16));
        break;
    case VEIL_SAMPLE_ALAW:
        bytes[index] = vl_alaw_encode((int32_t)lrint(value * SCALE_S16));
        break;
    default:
        ((int32_t *)sound->samples)[index] = (int32_t)lrint(value * SCALE_S32);
    }
}

static double read_sample(const vl_sound *sound, size_t index)
{
    const uint8_t *bytes = sound->samples;
    switch (sound->format) {
    case VEIL_SAMPLE_S16:
        return ((const int16_t *)sound->samples)[index] / SCALE_S16;
    case VEIL_SAMPLE_F32:
        return (double)((const float *)sound->samples)[index];
    case VEIL_SAMPLE_S24:
        return read_s24(bytes + 3 * index) / SCALE_S24;
    case VEIL_SAMPLE_MULAW:
        return vl_mulaw_decode(bytes[index]) / SCALE_S16;
    case VEIL_SAMPLE_ALAW:
        return vl_alaw_decode(bytes[index]) / SCALE_S16;
    default:
        return ((const int32_t *)sound->samples)[index] / SCALE_S32;
    }
}

void vl_pcm_read(const vl_sound *sound, size_t index, size_t step, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = read_sample(sound, index + i * step);
}

void vl_pcm_scale(const vl_sound *sound, size_t index, double gain)
{
    uint8_t *bytes = sound->samples;
    int16_t *s16 = sound->samples;
    int32_t *s32 = sound->samples;
    float *f32 = sound->samples;
    switch (sound->format) {
    case VEIL_SAMPLE_S16:
        s16[index] = (int16_t)lrint(s16[index] * gain);
        break;
    case VEIL_SAMPLE_F32:
        f32[index] = (float)(f32[index] * gain);
        break;
    case VEIL_SAMPLE_S24:
        write_s24(bytes + 3 * index, (int32_t)lrint(read_s24(bytes + 3 * index) * gain));
        break;
    case VEIL_SAMPLE_MULAW:
        bytes[index] = vl_mulaw_encode((int32_t)lrint(vl_mulaw_decode(bytes[index]) * gain));
        break;
    case VEIL_SAMPLE_ALAW:
        bytes[index] = vl_alaw_encode((int32_t)lrint(vl_alaw_decode(bytes[index]) * gain));
        break;
    default:
        s32[index] = (int32_t)lrint(s32[index] * gain);
    }
}

void vl_pcm_silence(const vl_sound *sound, size_t index, size_t count)
{
    size_t bytes = vl_sample_bytes(sound->format);
    memset((char *)sound->samples + index * bytes, vl_sample_silence(sound->format), count * bytes);
}

/* As 16 bits: the level does not need more. */
static int32_t read_s16(const vl_sound *sound, size_t index)
{
    const uint8_t *bytes = sound->samples;
    switch (sound->format) {
    case VEIL_SAMPLE_S24:
        return read_s24(bytes + 3 * index) >> 8;
    case VEIL_SAMPLE_MULAW:
        return vl_mulaw_decode(bytes[index]);
    case VEIL_SAMPLE_ALAW:
        return vl_alaw_decode(bytes[index]);
    default:
        return ((const int32_t *)sound->samples)[index] >> 16;
    }
}

double vl_pcm_sum_squares(const vl_kernels *kernels, const vl_sound *sound, size_t index, size_t count)
{
    uint64_t sum = 0;
    if (sound->format == VEIL_SAMPLE_F32) {
        return kernels->f32_sum_squares((const float *)sound->samples + index, count);
    }
    if (sound->format == VEIL_SAMPLE_S16) {
        sum = kernels->s16_sum_squares((const int16_t *)sound->samples + index, count);
    } else {
        for (size_t i = index; i < index + count; i++) {
            int32_t value = read_s16(sound, i);
            sum += (uint64_t)((int64_t)value * value);
        }
    }
    return (double)sum / (FULL * FULL);
}

bool vl_pcm_are_numbers(const vl_kernels *kernels, const vl_sound *sound, size_t index, size_t count)
{
    return sound->format != VEIL_SAMPLE_F32 || kernels->f32_all_finite((const float *)sound->samples + index, count);
}

/* ---- One channel ---- */

static void from_s16(const int16_t *in, size_t step, size_t count, int16_t *out)
{
    if (step == 1) {
        memcpy(out, in, count * sizeof *out); /* a telephone's mono: the common case */
        return;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = in[i * step];
}

static void from_f32(const float *in, size_t step, size_t count, int16_t *out)
{
    for (size_t i = 0; i < count; i++) {
        float value = in[i * step] * 32768.0f;
        out[i] = (int16_t)(value >= 32767.0f ? 32767 : value <= -32768.0f ? -32768 : (int32_t)value);
    }
}

void vl_pcm_channel(const vl_sound *sound, uint32_t channel, uint64_t first, size_t count, int16_t *out)
{
    if (sound->planes != NULL) {
        vl_sound plane = vl_sound_plane(sound, channel);
        vl_pcm_channel(&plane, 0, first, count, out);
        return;
    }
    size_t step = sound->channels, at = (size_t)first * step + channel;
    if (sound->format == VEIL_SAMPLE_S16) {
        from_s16((const int16_t *)sound->samples + at, step, count, out);
    } else if (sound->format == VEIL_SAMPLE_F32) {
        from_f32((const float *)sound->samples + at, step, count, out);
    } else {
        for (size_t i = 0; i < count; i++)
            out[i] = (int16_t)read_s16(sound, at + i * step);
    }
}

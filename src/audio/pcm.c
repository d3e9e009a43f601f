/* See pcm.h. The plain copy is the common case: a telephone's mono 16-bit samples. */
#include "audio/pcm.h"

#include <math.h>
#include <string.h>

static void from_s16(const int16_t *in, size_t step, size_t count, int16_t *out)
{
    if (step == 1) {
        memcpy(out, in, count * sizeof *out);
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

static void from_s32(const int32_t *in, size_t step, size_t count, int16_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (int16_t)(in[i * step] >> 16);
}

void vl_pcm_channel(const vl_sound *sound, uint32_t channel, uint64_t first, size_t count, int16_t *out)
{
    size_t step = sound->channels, at = (size_t)first * step + channel;
    if (sound->format == VEIL_SAMPLE_S16) {
        from_s16((const int16_t *)sound->samples + at, step, count, out);
    } else if (sound->format == VEIL_SAMPLE_F32) {
        from_f32((const float *)sound->samples + at, step, count, out);
    } else {
        from_s32((const int32_t *)sound->samples + at, step, count, out);
    }
}

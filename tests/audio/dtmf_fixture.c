#include "dtmf_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio_fixture.h"

#define TWO_PI 6.283185307179586

static double uniform(uint64_t *seed)
{
    return ((double)random_below(seed, 1u << 30) + 0.5) / (double)(1u << 30);
}

static int16_t clip(double value)
{
    return (int16_t)lrint(value > 32767 ? 32767 : value < -32768 ? -32768 : value);
}

void add_noise(int16_t *samples, size_t frames, double level, uint64_t *seed)
{
    for (size_t i = 0; i < frames; i++) {
        double normal = sqrt(-2 * log(uniform(seed))) * cos(TWO_PI * uniform(seed));
        samples[i] = clip(samples[i] + 32768 * level * normal);
    }
}

static void add_key(const sequence *s, char key, uint64_t *seed, int16_t *out, size_t frames)
{
    static const double rows[] = {697, 770, 852, 941}, columns[] = {1209, 1336, 1477, 1633};
    static const char all[] = KEYS_ALL;
    size_t index = (size_t)(strchr(all, key) - all);
    double ratio = pow(10, s->twist_db / 20), level = pow(10, s->level_db / 20);
    double low = 32768 * level * sqrt(2 / (1 + ratio * ratio)), high = low * ratio;
    double scale = TWO_PI * (1 + s->offset_pct / 100) / s->rate_hz;
    double low_phase = TWO_PI * uniform(seed), high_phase = TWO_PI * uniform(seed);
    for (size_t i = 0; i < frames; i++) {
        out[i] = clip(low * sin(rows[index / 4] * scale * (double)i + low_phase) +
                      high * sin(columns[index % 4] * scale * (double)i + high_phase));
    }
}

int16_t *make_sequence(const sequence *s, uint64_t *seed, size_t *frames, pressed *truth)
{
    size_t count = strlen(s->keys), tone = (size_t)(s->rate_hz * s->tone_ms / 1000);
    size_t pause = (size_t)(s->rate_hz * s->pause_ms / 1000);
    size_t at = s->rate_hz / 4 + random_below(seed, s->rate_hz / 100);
    *frames = at + count * (tone + pause) + s->rate_hz * 3 / 20;
    int16_t *samples = calloc(*frames, sizeof *samples);
    assert_non_null(samples);
    for (size_t i = 0; i < count; i++) {
        add_key(s, s->keys[i], seed, samples + at, tone);
        truth[i] = (pressed){s->keys[i], (double)at / s->rate_hz, (double)(at + tone) / s->rate_hz};
        at += tone + pause;
    }
    if (s->noise_db < 0) add_noise(samples, *frames, pow(10, s->noise_db / 20), seed);
    return samples;
}

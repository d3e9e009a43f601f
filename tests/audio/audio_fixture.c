#include "audio_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "core/pool.h"

void audio_fixture_open(audio_fixture *fixture, const veil_config *config, uint32_t cpu_level, bool with_text)
{
    memset(fixture, 0, sizeof *fixture);
    if (config != NULL) {
        fixture->config = *config;
    } else {
        veil_config_init(&fixture->config);
    }
    vl_pool_class classes[] = {{4096, 4}, {65536, 4}, {1 << 20, 2}};
    fixture->runtime.allocator = vl_allocator_from_config(&fixture->config);
    fixture->runtime.kernels = vl_kernels_for(cpu_level);
    assert_non_null(fixture->runtime.kernels);
    assert_int_equal(
        vl_pool_create(&fixture->runtime.allocator, classes, 3, fixture->config.pool_policy, &fixture->runtime.pool),
        VEIL_OK);
    veil_error error = VEIL_ERROR_INIT;
    if (with_text) {
        assert_int_equal(vl_crypto_create(&fixture->runtime.allocator, &fixture->runtime.crypto, &error), VEIL_OK);
        assert_int_equal(vl_text_engine_create(&fixture->config, &fixture->runtime, &fixture->text, &error), VEIL_OK);
    }
    assert_int_equal(
        vl_audio_engine_create(&fixture->config, &fixture->runtime, fixture->text, &fixture->engine, &error), VEIL_OK);
}

void audio_fixture_close(audio_fixture *fixture)
{
    vl_audio_engine_destroy(fixture->engine);
    vl_text_engine_destroy(fixture->text);
    if (fixture->runtime.crypto != NULL) vl_crypto_destroy(fixture->runtime.crypto);
    vl_pool_destroy(fixture->runtime.pool);
}

uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1Dull;
}

uint64_t random_below(uint64_t *state, uint64_t limit)
{
    return (random_next(state) >> 16) % limit;
}

void *random_samples(uint64_t *state, uint32_t format, size_t count)
{
    void *samples = malloc(count * vl_sample_bytes(format) + 1);
    assert_non_null(samples);
    for (size_t i = 0; i < count; i++) {
        int32_t value = (int32_t)random_below(state, 20000) - 10000;
        if (format == VEIL_SAMPLE_S16) ((int16_t *)samples)[i] = (int16_t)value;
        if (format == VEIL_SAMPLE_F32) ((float *)samples)[i] = (float)value / 32768.0f;
        if (format == VEIL_SAMPLE_S32) ((int32_t *)samples)[i] = value * 65536 + (int32_t)random_below(state, 65536);
        if (format == VEIL_SAMPLE_S24) {
            int32_t fine = value * 256 + (int32_t)random_below(state, 256);
            memcpy((char *)samples + 3 * i, &fine, 3);
        }
        if (format == VEIL_SAMPLE_MULAW || format == VEIL_SAMPLE_ALAW)
            ((uint8_t *)samples)[i] = (uint8_t)random_below(state, 256);
    }
    return samples;
}

veil_audio_options audio_options(void)
{
    veil_audio_options options;
    veil_audio_options_init(&options);
    return options;
}

veil_audio audio_of(void *samples, uint64_t frames, uint32_t rate_hz, uint32_t channels, uint32_t format)
{
    return (veil_audio){.struct_size = sizeof(veil_audio),
                        .samples = samples,
                        .frame_count = frames,
                        .sample_rate_hz = rate_hz,
                        .channel_count = channels,
                        .format = format};
}

/* Sample formats and layouts: G.711 against its tables, planar sounds against interleaved ones, one format against another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/g711.h"
#include "audio/pcm.h"
#include "audio_fixture.h"

static const uint32_t formats[] = {VEIL_SAMPLE_S16, VEIL_SAMPLE_F32,   VEIL_SAMPLE_S32,
                                   VEIL_SAMPLE_S24, VEIL_SAMPLE_MULAW, VEIL_SAMPLE_ALAW};
#define FORMATS (sizeof formats / sizeof formats[0])

/* Decision values and outputs of G.711 tables 1a, 1b (A-law) and 2a, 2b (mu-law), in 16 bits. */
static void codes_stand_for_the_values_of_the_tables(void **state)
{
    (void)state;
    assert_int_equal(vl_mulaw_decode(0xFF), 0);
    assert_int_equal(vl_mulaw_decode(0x7F), 0);
    assert_int_equal(vl_mulaw_decode(0x80), 4 * 8031);
    assert_int_equal(vl_mulaw_decode(0x00), -4 * 8031);
    assert_int_equal(vl_mulaw_decode(0x8F), 4 * 4191);
    assert_int_equal(vl_mulaw_decode(0xEF), 4 * 33);
    assert_int_equal(vl_mulaw_decode(0xFE), 4 * 2);
    assert_int_equal(vl_alaw_decode(0xD5), 8 * 1);
    assert_int_equal(vl_alaw_decode(0x55), -8 * 1);
    assert_int_equal(vl_alaw_decode(0xAA), 8 * 4032);
    assert_int_equal(vl_alaw_decode(0x2A), -8 * 4032);
    assert_int_equal(vl_alaw_decode(0xA5), 8 * 2112);
    assert_int_equal(vl_alaw_decode(0xC5), 8 * 33);
}

static void codes_come_back_and_values_go_to_the_nearest(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 256; code++) {
        uint8_t back = vl_mulaw_encode(vl_mulaw_decode((uint8_t)code));
        assert_int_equal(back, code == 0x7F ? 0xFF : code); /* there are two zeros */
        assert_int_equal(vl_alaw_encode(vl_alaw_decode((uint8_t)code)), code);
    }
    for (int32_t value = -32768; value < 32768; value += 7) {
        int32_t mulaw = abs(vl_mulaw_decode(vl_mulaw_encode(value)) - value);
        int32_t alaw = abs(vl_alaw_decode(vl_alaw_encode(value)) - value);
        int32_t step = abs(value) / 16 + 8; /* steps are at most a sixteenth of the segment's start */
        assert_true(mulaw <= step / 2 + 8 || (abs(value) > 32124 && mulaw <= 644));
        assert_true(alaw <= step / 2 + 12 || (abs(value) > 32256 && alaw <= 512));
    }
}

static void silence_is_silent(void **state)
{
    (void)state;
    for (size_t k = 0; k < FORMATS; k++) {
        uint64_t seed = 3 + k;
        void *samples = random_samples(&seed, formats[k], 100);
        vl_sound sound = {
            .samples = samples, .frames = 50, .total_frames = 50, .rate_hz = 8000, .channels = 2, .format = formats[k]};
        int16_t heard[50];
        vl_sound_zero(&sound);
        for (uint32_t c = 0; c < 2; c++) {
            vl_pcm_channel(&sound, c, 0, 50, heard);
            for (size_t i = 0; i < 50; i++)
                assert_true(abs(heard[i]) <= (formats[k] == VEIL_SAMPLE_ALAW ? 8 : 0)); /* A-law has no zero */
        }
        free(samples);
    }
}

static void every_format_is_read_and_written(void **state)
{
    (void)state;
    static const double values[] = {0, 0.5, -0.5, 0.999, -0.999, 0.01, -0.01, 1, -1};
    for (size_t k = 0; k < FORMATS; k++) {
        _Alignas(8) char memory[64];
        vl_sound sound = {
            .samples = memory, .frames = 9, .total_frames = 9, .rate_hz = 8000, .channels = 1, .format = formats[k]};
        int16_t heard[9];
        for (size_t i = 0; i < 9; i++)
            vl_pcm_write(&sound, i, values[i]);
        vl_pcm_channel(&sound, 0, 0, 9, heard);
        bool is_coarse = formats[k] == VEIL_SAMPLE_MULAW || formats[k] == VEIL_SAMPLE_ALAW;
        for (size_t i = 0; i < 9; i++)
            assert_true(fabs(heard[i] - 32767 * values[i]) <= (is_coarse ? 10 + fabs(values[i]) * 1024 : 2));
        vl_pcm_scale(&sound, 1, 0.5);
        vl_pcm_channel(&sound, 0, 1, 1, heard);
        assert_true(abs(heard[0] - 8191) <= (is_coarse ? 300 : 2));
    }
}

/* ---- Planar ---- */

typedef struct pair {
    void *interleaved;
    void *planes[32];
    void *memory[32];
} pair;

static pair make_pair(uint64_t *seed, uint32_t format, uint32_t channels, size_t frames)
{
    size_t size = vl_sample_bytes(format);
    pair p = {.interleaved = random_samples(seed, format, frames * channels)};
    for (uint32_t c = 0; c < channels; c++) {
        p.memory[c] = malloc(frames * size + 1);
        assert_non_null(p.memory[c]);
        p.planes[c] = p.memory[c];
        for (size_t i = 0; i < frames; i++)
            memcpy((char *)p.planes[c] + i * size, (char *)p.interleaved + (i * channels + c) * size, size);
    }
    return p;
}

static void assert_same(const pair *p, uint32_t format, uint32_t channels, size_t frames)
{
    size_t size = vl_sample_bytes(format);
    for (uint32_t c = 0; c < channels; c++) {
        for (size_t i = 0; i < frames; i++)
            assert_memory_equal((char *)p->planes[c] + i * size, (char *)p->interleaved + (i * channels + c) * size,
                                size);
    }
}

static void free_pair(pair *p, uint32_t channels)
{
    free(p->interleaved);
    for (uint32_t c = 0; c < channels; c++)
        free(p->memory[c]);
}

/* The level is summed in another order, so floats may differ in their last bit: those are compared in silence only. */
static uint32_t random_effect(uint64_t *seed, uint32_t format)
{
    static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_NOISE, VEIL_EFFECT_SILENCE};
    return format == VEIL_SAMPLE_F32 ? VEIL_EFFECT_SILENCE : effects[random_below(seed, 3)];
}

static void planes_come_out_as_interleaved_channels_do(void **state)
{
    (void)state;
    audio_fixture f;
    uint64_t seed = 99;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (int round = 0; round < 120; round++) {
        uint32_t format = formats[random_below(&seed, FORMATS)], channels = 1 + (uint32_t)random_below(&seed, 32);
        size_t frames = 2600 + random_below(&seed, 3000);
        pair p = make_pair(&seed, format, channels, frames);
        veil_audio_range ranges[] = {{0.02, 0.06, -1, 0}, {0.1, 0.15, (int32_t)random_below(&seed, channels), 0}};
        veil_effect_rule rule = {sizeof rule, "*", random_effect(&seed, format), 0};
        veil_audio_options options = audio_options();
        options.ranges = ranges;
        options.range_count = 2;
        options.effects = &rule;
        options.effect_count = 1;
        options.guard_ms = 5;
        veil_audio one = audio_of(p.interleaved, frames, 16000, channels, format);
        veil_audio other = audio_of(p.planes, frames, 16000, channels, format);
        other.layout = VEIL_LAYOUT_PLANAR;
        assert_int_equal(vl_audio_redact(f.engine, &options, &one, NULL, NULL), VEIL_OK);
        assert_int_equal(vl_audio_redact(f.engine, &options, &other, NULL, NULL), VEIL_OK);
        assert_same(&p, format, channels, frames);
        free_pair(&p, channels);
    }
    audio_fixture_close(&f);
}

static void planes_are_checked(void **state)
{
    (void)state;
    audio_fixture f;
    uint64_t seed = 5;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    pair p = make_pair(&seed, VEIL_SAMPLE_F32, 2, 1000);
    veil_audio audio = audio_of(p.planes, 1000, 16000, 2, VEIL_SAMPLE_F32);
    audio.layout = VEIL_LAYOUT_PLANAR;
    p.planes[1] = NULL;
    assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    p.planes[1] = (char *)p.memory[1] + 1;
    assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    p.planes[1] = p.memory[1];
    audio.layout = 2;
    assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    audio.layout = VEIL_LAYOUT_PLANAR;
    ((float *)p.planes[1])[999] = NAN;
    assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, NULL, NULL), VEIL_ERR_MALFORMED_INPUT);
    for (size_t i = 0; i < 1000; i++)
        assert_true(((float *)p.planes[0])[i] == 0 && ((float *)p.planes[1])[i] == 0);
    free_pair(&p, 2);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_stand_for_the_values_of_the_tables),
        cmocka_unit_test(codes_come_back_and_values_go_to_the_nearest),
        cmocka_unit_test(silence_is_silent),
        cmocka_unit_test(every_format_is_read_and_written),
        cmocka_unit_test(planes_come_out_as_interleaved_channels_do),
        cmocka_unit_test(planes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

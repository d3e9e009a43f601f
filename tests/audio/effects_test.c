/*
 * Effects on PCM through the engine, with the caller's ranges. The main property: two sounds that differ only inside the
 * spans come out identical, bit for bit, whatever the effect, format, channel, rate and CPU level.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/noise.h"
#include "audio/pcm.h"
#include "audio_fixture.h"

#define ROUNDS 250

static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_SILENCE, VEIL_EFFECT_NOISE};
static const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 44101, 48000, 96000, 192000};

typedef struct scene {
    veil_audio_range ranges[8];
    veil_audio_options options;
    veil_effect_rule rules[2];
    bool disguises;
    uint32_t rate_hz;
    uint32_t channels;
    uint32_t format;
    uint64_t frames;
} scene;

static scene random_scene(uint64_t *seed)
{
    scene s = {.rate_hz = rates[random_below(seed, sizeof rates / sizeof rates[0])],
               .channels = 1 + (uint32_t)random_below(seed, 5),
               .format = VEIL_SAMPLE_S16 + (uint32_t)random_below(seed, 6),
               .frames = 1 + random_below(seed, 30000)};
    s.options = audio_options();
    s.options.guard_ms = (int32_t)random_below(seed, 60) - 5;
    s.options.fade_ms = (int32_t)random_below(seed, 12) - 2;
    s.rules[0] = (veil_effect_rule){sizeof s.rules[0], "RANGE", effects[random_below(seed, 3)], 0};
    s.rules[1] = (veil_effect_rule){sizeof s.rules[0], "*", VEIL_EFFECT_DISGUISE, 0};
    double duration = (double)s.frames / s.rate_hz;
    s.options.range_count = random_below(seed, 7);
    for (size_t i = 0; i < s.options.range_count; i++) {
        double a = (double)random_below(seed, 1000) / 1000 * duration;
        double length = (double)(1 + random_below(seed, 300)) / 1500 * duration;
        s.ranges[i] = (veil_audio_range){.start_s = a,
                                         .end_s = fmin(a + length, duration) + 1e-9,
                                         .channel = (int32_t)random_below(seed, s.channels + 1) - 1};
        if (s.ranges[i].end_s > duration) s.ranges[i].end_s = duration;
        if (s.ranges[i].end_s <= s.ranges[i].start_s) s.ranges[i].start_s = 0;
    }
    return s;
}

static void bind(scene *s)
{
    s->options.ranges = s->options.range_count == 0 ? NULL : s->ranges;
    s->options.effects = s->rules;
    s->options.effect_count = s->disguises ? 2 : 1;
}

/* Is this sample in a range (not guard)? Frames partly inside count as inside. */
static bool is_inside(const scene *s, uint64_t frame, uint32_t channel, double slack_s)
{
    double start = (double)frame / s->rate_hz, end = (double)(frame + 1) / s->rate_hz;
    for (size_t i = 0; i < s->options.range_count; i++) {
        const veil_audio_range *r = &s->ranges[i];
        if (r->channel != -1 && r->channel != (int32_t)channel) continue;
        if (end > r->start_s - slack_s && start < r->end_s + slack_s) return true;
    }
    return false;
}

static size_t bytes_of(const scene *s)
{
    return (size_t)s->frames * s->channels * vl_sample_bytes(s->format);
}

/* A second sound that differs in every sample inside, and nowhere else. */
static void *disturb(const scene *s, const void *samples, uint64_t *seed)
{
    char *other = malloc(bytes_of(s) + 1);
    assert_non_null(other);
    memcpy(other, samples, bytes_of(s));
    for (uint64_t frame = 0; frame < s->frames; frame++) {
        for (uint32_t c = 0; c < s->channels; c++) {
            if (!is_inside(s, frame, c, 0)) continue;
            size_t index = (size_t)frame * s->channels + c;
            if (s->format == VEIL_SAMPLE_F32) {
                ((float *)(void *)other)[index] += 1.0f + (float)random_below(seed, 1000);
                continue;
            }
            size_t size = vl_sample_bytes(s->format);
            for (size_t b = 0; b < size; b++)
                other[index * size + b] ^= (char)(1 + random_below(seed, 127));
        }
    }
    return other;
}

static void redact(audio_fixture *fixture, scene *s, void *samples, veil_audio_result *result)
{
    veil_error error = VEIL_ERROR_INIT;
    veil_audio audio = audio_of(samples, s->frames, s->rate_hz, s->channels, s->format);
    veil_status status = vl_audio_redact(fixture->engine, &s->options, &audio, result, &error);
    if (status != VEIL_OK) print_error("%s\n", error.message);
    assert_int_equal(status, VEIL_OK);
}

static void nothing_inside_a_span_shows_in_the_output(void **state)
{
    (void)state;
    audio_fixture levels[3];
    uint32_t level_count = 0;
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512 && vl_kernels_for(level) != NULL; level++) {
        audio_fixture_open(&levels[level_count++], NULL, level, false);
    }
    uint64_t seed = 0x5EED2026;
    for (int round = 0; round < ROUNDS; round++) {
        scene s = random_scene(&seed);
        s.disguises = round % 8 == 0 && s.rate_hz <= 16000;
        bind(&s);
        void *first = random_samples(&seed, s.format, (size_t)s.frames * s.channels);
        void *second = disturb(&s, first, &seed);
        veil_audio_result a = {.struct_size = sizeof a}, b = a;
        audio_fixture *other = &levels[random_below(&seed, level_count)];
        redact(&levels[0], &s, first, &a);
        redact(other, &s, second, &b);
        if (memcmp(first, second, bytes_of(&s)) != 0) fail_msg("round %d: the outputs differ", round);
        assert_int_equal(a.redacted_frames, b.redacted_frames);
        free(first);
        free(second);
    }
    for (uint32_t i = 0; i < level_count; i++)
        audio_fixture_close(&levels[i]);
}

static void samples_beyond_guard_and_fade_keep_every_bit(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 77;
    for (int round = 0; round < ROUNDS; round++) {
        scene s = random_scene(&seed);
        bind(&s);
        size_t size = vl_sample_bytes(s.format);
        char *samples = random_samples(&seed, s.format, (size_t)s.frames * s.channels);
        char *original = malloc(bytes_of(&s) + 1);
        assert_non_null(original);
        memcpy(original, samples, bytes_of(&s));
        redact(&fixture, &s, samples, NULL);
        double guard = s.options.guard_ms < 0 ? 0.15 : s.options.guard_ms / 1000.0;
        double fade = s.options.fade_ms < 0 ? 0.005 : s.options.fade_ms / 1000.0;
        /* Two frames of slack: spans are rounded outward, fades up. Gaps of up to two fades may be filled. */
        double reach = guard + fade + 2.0 / s.rate_hz;
        size_t kept = 0;
        for (size_t i = 0; i < (size_t)s.frames * s.channels; i++) {
            if (is_inside(&s, i / s.channels, (uint32_t)(i % s.channels), reach)) continue;
            assert_memory_equal(samples + i * size, original + i * size, size);
            kept++;
        }
        if (s.options.range_count == 0) assert_int_equal(kept, s.frames * s.channels);
        free(samples);
        free(original);
    }
    audio_fixture_close(&fixture);
}

static double rms_of(const int16_t *samples, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += (double)samples[i] * samples[i];
    return sqrt(sum / (double)(to - from)) / 32768;
}

/* Put `effect` over a range of all channels; level 0: that of what lies outside. */
static void replace(audio_fixture *fixture, uint32_t effect, double start_s, double end_s, float level_dbfs,
                    veil_audio *audio, veil_audio_result *result)
{
    veil_audio_range range = {.start_s = start_s, .end_s = end_s, .channel = -1};
    veil_effect_rule rule = {sizeof rule, "*", effect, 0};
    veil_audio_options options = audio_options();
    options.ranges = &range;
    options.range_count = 1;
    options.effects = &rule;
    options.effect_count = 1;
    options.level_dbfs = level_dbfs;
    assert_int_equal(vl_audio_redact(fixture->engine, &options, audio, result, NULL), VEIL_OK);
}

static void one_second(audio_fixture *fixture, uint32_t effect, int16_t *samples)
{
    veil_audio audio = audio_of(samples, 16000, 16000, 1, VEIL_SAMPLE_S16);
    veil_audio_result result = {.struct_size = sizeof result};
    replace(fixture, effect, 0.4, 0.6, 0, &audio, &result);
    assert_int_equal(result.finding_count, 1);
    assert_int_equal(result.redacted_frames, 8000 + 2 * 80);
    assert_int_equal(result.words, VEIL_WORDS_NONE);
}

static void silence_is_zero_and_fades_lie_outside_the_guard(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    static int16_t samples[16000];
    for (size_t i = 0; i < 16000; i++)
        samples[i] = 8000;
    one_second(&fixture, VEIL_EFFECT_SILENCE, samples);
    for (size_t i = 4000; i < 12000; i++)
        assert_int_equal(samples[i], 0);
    for (size_t i = 3920; i < 3999; i++)
        assert_true(samples[i] > samples[i + 1] && samples[i] < 8000);
    for (size_t i = 12000; i < 12079; i++)
        assert_true(samples[i] < samples[i + 1] && samples[i] > 0);
    assert_int_equal(samples[3919], 8000);
    assert_int_equal(samples[12080], 8000);
    audio_fixture_close(&fixture);
}

static void the_beep_is_one_kilohertz_at_the_level_outside(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    static int16_t samples[16000];
    for (size_t i = 0; i < 16000; i++)
        samples[i] = i % 2 == 0 ? 4000 : -4000;
    one_second(&fixture, VEIL_EFFECT_BEEP, samples);
    double level = 4000.0 / 32768, rms = rms_of(samples, 4160, 11840);
    assert_true(rms > level * 0.99 && rms < level * 1.01);
    for (size_t i = 4100; i < 11880; i++)
        assert_int_equal(samples[i], samples[i + 16 > 11899 ? i - 16 : i + 16]);
    uint32_t crossings = 0;
    for (size_t i = 4160; i < 11840; i++)
        crossings += samples[i - 1] < 0 && samples[i] >= 0;
    assert_in_range(crossings, 479, 481);
    audio_fixture_close(&fixture);
}

static void noise_has_the_level_outside(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    static int16_t samples[16000];
    for (size_t i = 0; i < 16000; i++)
        samples[i] = i % 2 == 0 ? 4000 : -4000;
    one_second(&fixture, VEIL_EFFECT_NOISE, samples);
    double rms = rms_of(samples, 4160, 11840), level = 4000.0 / 32768;
    assert_true(rms > level * 0.95 && rms < level * 1.05);
    audio_fixture_close(&fixture);
}

/* Power in a third of an octave around `hz`, over windows of a Hann of 4,096 samples. */
static double band_power(const float *samples, size_t count, uint32_t rate_hz, double hz)
{
    enum { WINDOW = 4096 };
    const double step = (double)rate_hz / WINDOW, half = pow(2, 1.0 / 6);
    double power = 0;
    static double taper[WINDOW];
    for (size_t i = 0; i < WINDOW; i++)
        taper[i] = 1 - cos(2 * acos(-1) * (double)i / WINDOW);
    for (double f = hz / half; f < hz * half; f += step) {
        for (size_t at = 0; at + WINDOW <= count; at += WINDOW) {
            double re = 0, im = 0, angle = 2 * acos(-1) * f / rate_hz;
            double c = 1, s = 0, turn_c = cos(angle), turn_s = sin(angle);
            for (size_t i = 0; i < WINDOW; i++) {
                double value = taper[i] * (double)samples[at + i];
                re += c * value;
                im += s * value;
                double next = c * turn_c - s * turn_s;
                s = s * turn_c + c * turn_s;
                c = next;
            }
            power += re * re + im * im;
        }
    }
    return power / ceil((hz * half - hz / half) / step); /* density: the standard's levels are per hertz */
}

/* ANSI S3.5's long-term spectrum of speech, within 4 dB in every third octave: 3 dB of the filter, 1 dB of chance. */
static void noise_has_the_spectrum_of_speech(void **state)
{
    (void)state;
    static const double bands[] = {160,  200,  250,  315,  400,  500,  630,  800,  1000,
                                   1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000};
    static const uint32_t heard[] = {8000, 11025, 16000, 48000, 96000};
    enum { COUNT = 1 << 16, BANDS = sizeof bands / sizeof bands[0] };
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    float *samples = calloc(COUNT, sizeof *samples);
    assert_non_null(samples);
    for (size_t r = 0; r < sizeof heard / sizeof heard[0]; r++) {
        veil_audio audio = audio_of(samples, COUNT, heard[r], 1, VEIL_SAMPLE_F32);
        replace(&fixture, VEIL_EFFECT_NOISE, 0, (double)COUNT / heard[r], 0, &audio, NULL);
        double off[BANDS], mean = 0;
        size_t count = 0;
        while (count < BANDS && bands[count] * 1.13 < heard[r] / 2.0) {
            off[count] =
                10 * log10(band_power(samples, COUNT, heard[r], bands[count])) - vl_speech_level_db(bands[count]);
            mean += off[count++];
        }
        for (size_t i = 0; i < count; i++) {
            if (fabs(off[i] - mean / (double)count) > 4)
                fail_msg("%u Hz: %.0f Hz is off by %.1f dB", heard[r], bands[i], off[i] - mean / (double)count);
        }
    }
    free(samples);
    audio_fixture_close(&fixture);
}

/* Peaks end at full scale, where a level asks for more. */
static void a_level_near_full_scale_clips(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    for (uint32_t e = VEIL_EFFECT_BEEP; e <= VEIL_EFFECT_NOISE; e++) {
        for (uint32_t format = VEIL_SAMPLE_S16; format <= VEIL_SAMPLE_ALAW; format++) {
            static int32_t samples[16000];
            memset(samples, 0, sizeof samples);
            veil_audio audio = audio_of(samples, 16000, 16000, 1, format);
            replace(&fixture, e, 0, 1, -0.1f, &audio, NULL);
            vl_sound sound = {.samples = samples,
                              .frames = 16000,
                              .total_frames = 16000,
                              .rate_hz = 16000,
                              .channels = 1,
                              .format = format};
            static int16_t heard[16000];
            vl_pcm_channel(&sound, 0, 0, 16000, heard);
            int32_t jump = 0;
            for (size_t i = 200; i + 200 < 16000; i++)
                jump = abs(heard[i] - heard[i - 1]) > jump ? abs(heard[i] - heard[i - 1]) : jump;
            assert_true(jump < 50000); /* a wrap around would be 65,535 */
        }
    }
    audio_fixture_close(&fixture);
}

static void keep_reports_and_leaves(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    static int16_t samples[1600];
    for (size_t i = 0; i < 1600; i++)
        samples[i] = (int16_t)i;
    veil_audio_range range = {.start_s = 0.01, .end_s = 0.05, .channel = 0};
    veil_effect_rule rules[] = {{sizeof rules[0], "RANGE", VEIL_EFFECT_BEEP, 0},
                                {sizeof rules[0], "RANGE", VEIL_EFFECT_KEEP, 0},
                                {sizeof rules[0], "*", VEIL_EFFECT_NOISE, 0}};
    veil_audio_options options = audio_options();
    options.ranges = &range;
    options.range_count = 1;
    options.effects = rules;
    options.effect_count = 3;
    veil_audio_finding finding;
    veil_audio_result result = {.struct_size = sizeof result, .findings = &finding, .finding_capacity = 1};
    veil_audio audio = audio_of(samples, 1600, 16000, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(fixture.engine, &options, &audio, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(finding.entity, "RANGE");
    assert_int_equal(finding.channel, 0);
    assert_int_equal(result.redacted_frames, 0);
    for (size_t i = 0; i < 1600; i++)
        assert_int_equal(samples[i], i);
    audio_fixture_close(&fixture);
}

static void a_float_that_is_no_number_zeroes_the_whole_sound(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int with_range = 0; with_range < 2; with_range++) {
        for (size_t k = 0; k < 3; k++) {
            static float samples[3000];
            for (size_t i = 0; i < 3000; i++)
                samples[i] = 0.25f;
            samples[1234] = bad[k];
            veil_audio_range range = {.start_s = 0.1, .end_s = 0.11, .channel = 1};
            veil_audio_options options = audio_options();
            options.ranges = with_range ? &range : NULL;
            options.range_count = (size_t)with_range;
            veil_audio audio = audio_of(samples, 1500, 8000, 2, VEIL_SAMPLE_F32);
            veil_error error = VEIL_ERROR_INIT;
            assert_int_equal(vl_audio_redact(fixture.engine, &options, &audio, NULL, &error), VEIL_ERR_MALFORMED_INPUT);
            for (size_t i = 0; i < 3000; i++)
                assert_true(samples[i] == 0.0f);
        }
    }
    audio_fixture_close(&fixture);
}

static void ranges_that_make_no_sense_are_refused_and_nothing_is_touched(void **state)
{
    (void)state;
    audio_fixture fixture;
    audio_fixture_open(&fixture, NULL, VEIL_CPU_AUTO, false);
    const veil_audio_range bad[] = {
        {.start_s = NAN, .end_s = 1, .channel = -1},       {.start_s = 0, .end_s = NAN, .channel = -1},
        {.start_s = 0, .end_s = INFINITY, .channel = -1},  {.start_s = -0.1, .end_s = 0.1, .channel = -1},
        {.start_s = 0.2, .end_s = 0.1, .channel = -1},     {.start_s = 0.1, .end_s = 0.1, .channel = -1},
        {.start_s = 1.0, .end_s = 1.05, .channel = -1},    {.start_s = 0.5, .end_s = 1.2, .channel = -1},
        {.start_s = 0, .end_s = 0.1, .channel = 2},        {.start_s = 0, .end_s = 0.1, .channel = -2},
        {.start_s = 1e300, .end_s = 1e301, .channel = -1},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        static int16_t samples[16000];
        for (size_t i = 0; i < 16000; i++)
            samples[i] = 7;
        veil_audio_options options = audio_options();
        options.ranges = &bad[k];
        options.range_count = 1;
        veil_audio audio = audio_of(samples, 8000, 8000, 2, VEIL_SAMPLE_S16);
        veil_error error = VEIL_ERROR_INIT;
        assert_int_equal(vl_audio_redact(fixture.engine, &options, &audio, NULL, &error), VEIL_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "range 0"));
        for (size_t i = 0; i < 16000; i++)
            assert_int_equal(samples[i], 7);
    }
    audio_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_inside_a_span_shows_in_the_output),
        cmocka_unit_test(samples_beyond_guard_and_fade_keep_every_bit),
        cmocka_unit_test(silence_is_zero_and_fades_lie_outside_the_guard),
        cmocka_unit_test(the_beep_is_one_kilohertz_at_the_level_outside),
        cmocka_unit_test(noise_has_the_level_outside),
        cmocka_unit_test(noise_has_the_spectrum_of_speech),
        cmocka_unit_test(a_level_near_full_scale_clips),
        cmocka_unit_test(keep_reports_and_leaves),
        cmocka_unit_test(a_float_that_is_no_number_zeroes_the_whole_sound),
        cmocka_unit_test(ranges_that_make_no_sense_are_refused_and_nothing_is_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

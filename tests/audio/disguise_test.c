/*
 * The disguise of whole voices: formants go where the McAdams coefficient sends them, at every sample rate; what cannot be
 * disguised is silent; spans stay cut, and nothing of them is heard beside them. (effects_test and stream_test draw disguised
 * scenes, too: of sounds that differ inside spans, and of sounds in pieces.)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/disguise.h"
#include "audio/pcm.h"
#include "audio/stream.h"
#include "audio_fixture.h"
#include "support/malloc_count.h"

#define PI    3.14159265358979323846
#define RATE  16000u
#define BELOW 400 /* frames around a span that share a frame of 20 ms or a fade with it, and some */

static const veil_effect_rule disguise = {sizeof disguise, "*", VEIL_EFFECT_DISGUISE, 0};
static const char *const range_name =
    "RANGE"; /* and no keys: this vowel is whispered where those of telephones sound */
static const double formants[] = {700, 1220, 2600}, widths[] = {80, 90, 120};

static double noise(uint64_t *seed)
{
    return ((double)random_below(seed, 2001) - 1000) / 1000;
}

/* A whispered vowel: noise through three resonances. Level about -20 dB. */
static float *make_vowel(uint32_t rate_hz, uint32_t frames, uint64_t *seed)
{
    float *samples = malloc(frames * sizeof *samples);
    double one[3] = {0}, two[3] = {0}, power = 0;
    assert_non_null(samples);
    for (uint32_t i = 0; i < frames; i++) {
        double value = noise(seed);
        for (int f = 0; f < 3; f++) {
            double radius = exp(-PI * widths[f] / rate_hz);
            value += 2 * radius * cos(2 * PI * formants[f] / rate_hz) * one[f] - radius * radius * two[f];
            two[f] = one[f];
            one[f] = value;
        }
        power += value * value;
        samples[i] = (float)value;
    }
    for (uint32_t i = 0; i < frames; i++)
        samples[i] *= (float)(0.1 / sqrt(power / frames));
    return samples;
}

/* Mean power at one frequency, over Hann windows of 32 ms. */
static double power_at(const float *samples, uint32_t frames, uint32_t rate_hz, double hertz)
{
    const uint32_t length = rate_hz * 32 / 1000;
    double sum = 0, factor = 2 * cos(2 * PI * hertz / rate_hz);
    for (uint32_t at = 0; at + length <= frames; at += length / 2) {
        double one = 0, two = 0;
        for (uint32_t i = 0; i < length; i++) {
            double window = 0.5 - 0.5 * cos(2 * PI * i / length);
            double now = (double)samples[at + i] * window + factor * one - two;
            two = one;
            one = now;
        }
        sum += one * one + two * two - factor * one * two;
    }
    return sum;
}

static double peak_near(const float *samples, uint32_t frames, uint32_t rate_hz, double hertz)
{
    double best = 0, found = 0;
    for (double f = hertz - 250; f <= hertz + 250; f += 10) {
        double power = power_at(samples, frames, rate_hz, f);
        if (power > best) best = power, found = f;
    }
    return found;
}

static double rms(const float *samples, uint32_t frames)
{
    double power = 0;
    for (uint32_t i = 0; i < frames; i++)
        power += (double)samples[i] * (double)samples[i];
    return sqrt(power / frames);
}

static veil_status redact(const audio_fixture *f, const veil_audio_options *options, veil_audio *audio,
                          veil_error *error)
{
    return vl_audio_redact(f->engine, options, audio, NULL, error);
}

static veil_audio_options disguised(void)
{
    veil_audio_options options = audio_options();
    options.entities = &range_name;
    options.entity_count = 1;
    options.effects = &disguise;
    options.effect_count = 1;
    return options;
}

static void formants_move_to_the_same_place_at_every_rate(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 48000};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 5;
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        const uint32_t frames = 2 * rates[k];
        float *samples = make_vowel(rates[k], frames, &seed);
        for (int n = 0; n < 3; n++)
            assert_true(fabs(peak_near(samples, frames, rates[k], formants[n]) - formants[n]) <= 40);
        veil_audio audio = audio_of(samples, frames, rates[k], 1, VEIL_SAMPLE_F32);
        veil_audio_options options = disguised();
        const double level = rms(samples, frames);
        assert_int_equal(redact(&f, &options, &audio, NULL), VEIL_OK);
        assert_true(fabs(20 * log10(rms(samples, frames) / level)) < 1);
        for (int n = 0; n < 3; n++) {
            double wanted = 2546.5 * pow(formants[n] / 2546.5, 0.8),
                   found = peak_near(samples, frames, rates[k], wanted);
            if (fabs(found - wanted) > 60)
                fail_msg("%u Hz: formant %d lies at %.0f Hz, wanted %.0f", rates[k], n + 1, found, wanted);
        }
        free(samples);
    }
    audio_fixture_close(&f);
}

/* What docs/security.md warns of: the same filter with the inverse coefficient puts the formants back. */
static void who_knows_the_coefficient_can_turn_it_back(void **state)
{
    (void)state;
    enum { FRAMES = 2 * RATE };
    uint64_t seed = 7;
    float *vowel = make_vowel(RATE, FRAMES, &seed);
    static char memory[2][1 << 17];
    static const vl_tracks no_tracks;
    const vl_mix mix = {.tracks = &no_tracks};
    const vl_sound sound = {.samples = vowel,
                            .frames = FRAMES,
                            .total_frames = FRAMES,
                            .rate_hz = RATE,
                            .channels = 1,
                            .format = VEIL_SAMPLE_F32};
    for (int turn = 0; turn < 2; turn++) {
        vl_audio_work work = {.base = memory[turn], .capacity = sizeof memory[turn]};
        vl_disguise d;
        assert_int_equal(vl_disguise_make(RATE, 1, 0, &work, &d), VEIL_OK);
        if (turn == 1) d.model->alpha = 1 / VL_MCADAMS_ALPHA;
        vl_disguise_run(&d, &mix, &sound, FRAMES + d.delay);
        double wanted = turn == 0 ? 906 : formants[0], first = peak_near(vowel, FRAMES, RATE, wanted);
        assert_true(fabs(first - wanted) <= 60);
        if (turn == 1) print_message("turned back: formant 1 lies at %.0f Hz, it was at %.0f\n", first, formants[0]);
    }
    free(vowel);
}

static void roots_are_found_or_refused(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int round = 0; round < 300; round++) {
        uint32_t pairs = 1 + (uint32_t)random_below(&seed, VL_ROOTS_MAX / 2);
        double taps[VL_ROOTS_MAX + 1] = {1}, re[VL_ROOTS_MAX], im[VL_ROOTS_MAX], wanted[VL_ROOTS_MAX / 2][2];
        for (uint32_t n = 0; n < pairs; n++) { /* of a pair, sum and product: far apart, as poles of speech are */
            double radius = 0.85 + (double)random_below(&seed, 140) / 1000, angle = PI * (n + 0.3) / pairs;
            wanted[n][0] = radius * cos(angle);
            wanted[n][1] = radius * sin(angle);
        }
        for (uint32_t n = 0; n < pairs; n++) { /* far from each other, or the product loses digits */
            const double *root = wanted[n * (pairs % 7 == 0 ? 11 : 7) % pairs];
            for (uint32_t k = 2 * n + 2; k > 0; k--)
                taps[k] +=
                    (k < 2 ? 0 : (root[0] * root[0] + root[1] * root[1]) * taps[k - 2]) - 2 * root[0] * taps[k - 1];
        }
        assert_false(vl_roots_find(taps, 2 * pairs, 0, re, im));
        assert_true(vl_roots_find(taps, 2 * pairs, VL_MCADAMS_ROUNDS, re, im));
        for (uint32_t n = 0; n < pairs; n++) {
            double nearest = 1;
            for (uint32_t i = 0; i < 2 * pairs; i++)
                nearest = fmin(nearest, hypot(re[i] - wanted[n][0], im[i] - wanted[n][1]));
            assert_true(nearest < 1e-5);
        }
    }
    double taps[3] = {1, NAN, 0.5}, re[2], im[2];
    assert_false(vl_roots_find(taps, 2, VL_MCADAMS_ROUNDS, re, im));
    const double twice[3] = {1, -1, 0.25}; /* a double root */
    assert_true(vl_roots_find(twice, 2, VL_MCADAMS_ROUNDS, re, im));
    assert_true(fabs(re[0] - 0.5) < 1e-6 && fabs(re[1] - 0.5) < 1e-6);
}

/* Frames of which the poles are not found are silent, and so is a sound of nothing but such. */
static void what_has_no_filter_is_silent(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 3;
    enum { FRAMES = 3200 };
    float *vowel = make_vowel(RATE, FRAMES, &seed);
    static vl_mcadams m;
    static double frame[2 * VL_MCADAMS_HOP_MAX], out[2 * VL_MCADAMS_HOP_MAX];
    vl_mcadams_make(&m, RATE);
    assert_int_equal(m.hop, 160);
    assert_int_equal(m.order, 20);
    for (uint32_t i = 0; i < 320; i++)
        frame[i] = (double)vowel[i];
    assert_true(vl_mcadams_frame(&m, frame, out));
    m.rounds = 1;
    assert_false(vl_mcadams_frame(&m, frame, out));
    for (uint32_t i = 0; i < 320; i++)
        assert_true(out[i] == 0);
    static char memory[1 << 17];
    vl_audio_work work = {.base = memory, .capacity = sizeof memory};
    vl_disguise d;
    assert_int_equal(vl_disguise_make(RATE, 1, 0, &work, &d), VEIL_OK);
    assert_true(work.used <= vl_disguise_bytes(RATE, 1) + 256); /* ASan has fences */
    d.model->rounds = 1;
    vl_sound sound = {.samples = vowel,
                      .frames = FRAMES,
                      .total_frames = FRAMES,
                      .rate_hz = RATE,
                      .channels = 1,
                      .format = VEIL_SAMPLE_F32};
    static const vl_tracks no_tracks;
    const vl_mix mix = {.tracks = &no_tracks};
    vl_disguise_run(&d, &mix, &sound, FRAMES + d.delay);
    for (uint32_t i = 0; i < FRAMES; i++)
        assert_true(vowel[i] == 0);
    free(vowel);
    audio_fixture_close(&f);
}

static float *copy_of(const float *samples, uint32_t count)
{
    float *copy = malloc(count * sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, samples, count * sizeof *copy);
    return copy;
}

/* The beep in a span is the one that is there without a disguise, silence is silence, and far from spans the cut changes nothing. */
static void spans_are_cut_as_without_it(void **state)
{
    (void)state;
    static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_SILENCE, VEIL_EFFECT_NOISE};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 11;
    enum { FRAMES = 32000, FROM = 12000, TO = 20000 };
    float *vowel = make_vowel(RATE, FRAMES, &seed), *whole = copy_of(vowel, FRAMES);
    veil_audio_range range = {(double)FROM / RATE, (double)TO / RATE, -1, 0};
    veil_audio_options all = disguised();
    veil_audio audio = audio_of(whole, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
    assert_int_equal(redact(&f, &all, &audio, NULL), VEIL_OK);
    for (int k = 0; k < 3; k++) {
        veil_effect_rule rules[] = {{sizeof rules[0], "*", effects[k], 0}, disguise};
        veil_audio_options options = disguised();
        float *plain = copy_of(vowel, FRAMES), *both = copy_of(vowel, FRAMES);
        options.ranges = &range;
        options.range_count = 1;
        options.guard_ms = 0;
        options.effects = rules;
        options.effect_count = 1;
        veil_audio one = audio_of(plain, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
        veil_audio two = audio_of(both, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
        veil_audio_result result = {.struct_size = sizeof result};
        assert_int_equal(redact(&f, &options, &one, NULL), VEIL_OK);
        options.effect_count = 2;
        assert_int_equal(vl_audio_redact(f.engine, &options, &two, &result, NULL), VEIL_OK);
        assert_memory_equal(plain + FROM, both + FROM, (TO - FROM) * sizeof *plain);
        assert_memory_equal(both, whole, (FROM - BELOW) * sizeof *both);
        assert_memory_equal(both + TO + BELOW, whole + TO + BELOW, (FRAMES - TO - BELOW) * sizeof *both);
        assert_int_equal(result.redacted_frames, TO - FROM + 2 * 80); /* what is only disguised does not count */
        free(plain);
        free(both);
    }
    free(vowel);
    free(whole);
    audio_fixture_close(&f);
}

/* Each format gives what f32 gives, to its own step; planar is what interleaved is; channels that were not chosen keep every bit. */
static void formats_layouts_and_channels(void **state)
{
    (void)state;
    static const uint32_t formats[] = {VEIL_SAMPLE_S16, VEIL_SAMPLE_S24, VEIL_SAMPLE_S32, VEIL_SAMPLE_F32};
    static const double steps[] = {1.0 / 32767, 1.0 / 8388607, 1.0 / 8388607, 1.0 / 8388607};
    enum { FRAMES = 5000, CHANNELS = 3 };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 21;
    float *vowel = make_vowel(RATE, FRAMES * CHANNELS, &seed);
    for (size_t k = 0; k < 4; k++) {
        const size_t size = vl_sample_bytes(formats[k]), bytes = size * FRAMES * CHANNELS;
        char *samples = malloc(bytes), *before = malloc(bytes);
        char *planes[CHANNELS], *plane_memory = malloc(bytes);
        assert_true(samples != NULL && before != NULL && plane_memory != NULL);
        vl_sound sound = {.samples = samples,
                          .frames = FRAMES,
                          .total_frames = FRAMES,
                          .rate_hz = RATE,
                          .channels = CHANNELS,
                          .format = formats[k]};
        for (size_t i = 0; i < FRAMES * CHANNELS; i++)
            vl_pcm_write(&sound, i, lrint((double)vowel[i] * 32767) / 32767.0);
        memcpy(before, samples, bytes);
        for (uint32_t c = 0; c < CHANNELS; c++) {
            planes[c] = plane_memory + c * size * FRAMES;
            for (size_t i = 0; i < FRAMES; i++)
                memcpy(planes[c] + i * size, samples + (i * CHANNELS + c) * size, size);
        }
        veil_audio_options options = disguised();
        options.disguise_channels = 1u << 0 | 1u << 2;
        veil_audio audio = audio_of(samples, FRAMES, RATE, CHANNELS, formats[k]);
        veil_audio planar = audio_of(planes, FRAMES, RATE, CHANNELS, formats[k]);
        planar.layout = VEIL_LAYOUT_PLANAR;
        assert_int_equal(redact(&f, &options, &audio, NULL), VEIL_OK);
        assert_int_equal(redact(&f, &options, &planar, NULL), VEIL_OK);
        double *mono = malloc(FRAMES * sizeof *mono), *step = malloc(FRAMES * sizeof *step);
        float *alone = malloc(FRAMES * sizeof *alone);
        assert_true(mono != NULL && step != NULL && alone != NULL);
        for (uint32_t c = 0; c < CHANNELS; c++) {
            for (size_t i = 0; i < FRAMES; i++)
                assert_memory_equal(planes[c] + i * size, samples + (i * CHANNELS + c) * size, size);
            for (size_t i = 0; c == 1 && i < FRAMES; i++)
                assert_memory_equal(before + (i * CHANNELS + c) * size, samples + (i * CHANNELS + c) * size, size);
            vl_pcm_read(&sound, c, CHANNELS, FRAMES, mono);
            vl_sound was = sound;
            was.samples = before;
            vl_pcm_read(&was, c, CHANNELS, FRAMES, step);
            for (size_t i = 0; i < FRAMES; i++)
                alone[i] = (float)step[i];
            veil_audio single = audio_of(alone, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
            veil_audio_options every = disguised();
            assert_int_equal(redact(&f, &every, &single, NULL), VEIL_OK);
            for (size_t i = 0; c != 1 && i < FRAMES; i++)
                assert_true(fabs((double)alone[i] - mono[i]) <= 2 * steps[k]);
        }
        free(mono);
        free(step);
        free(alone);
        free(samples);
        free(before);
        free(plane_memory);
    }
    free(vowel);
    audio_fixture_close(&f);
}

/* Loud, odd and empty sounds: the length stays, nothing runs over full scale, nothing but a sound of silence is silent. */
static void odd_sounds_are_disguised_too(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000, 16000, 48000};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 31;
    for (int kind = 0; kind < 8; kind++) {
        const uint32_t rate = rates[kind % 3], frames = kind == 7 ? 1 : rate / 2;
        float *samples = malloc(frames * sizeof *samples);
        assert_non_null(samples);
        for (uint32_t i = 0; i < frames; i++) {
            const double t = (double)i / rate;
            const double values[] = {sin(2 * PI * 200 * t) > 0 ? 1 : -1,
                                     sin(2 * PI * 1000 * t),
                                     0.5,
                                     i % 500 == 7 ? 1 : 0,
                                     noise(&seed),
                                     1e-30 * noise(&seed),
                                     0,
                                     0.9};
            samples[i] = (float)values[kind];
        }
        veil_audio audio = audio_of(samples, frames, rate, 1, VEIL_SAMPLE_F32);
        veil_audio_options options = disguised();
        const double before = rms(samples, frames);
        assert_int_equal(redact(&f, &options, &audio, NULL), VEIL_OK);
        for (uint32_t i = 0; i < frames; i++)
            assert_true(fabs((double)samples[i]) <= 1);
        if (kind == 6) assert_true(rms(samples, frames) == 0);
        if (kind == 4 || kind == 1) assert_true(rms(samples, frames) > 0.5 * before);
        if (kind != 6) assert_true(rms(samples, frames) > 0.1 * before);
        free(samples);
    }
    audio_fixture_close(&f);
}

static void wrong_orders_are_refused_and_nothing_is_touched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    int16_t samples[64], before[64];
    for (int i = 0; i < 64; i++)
        samples[i] = before[i] = (int16_t)(i * 100);
    veil_error error = VEIL_ERROR_INIT;
    veil_audio fast = audio_of(samples, 64, 48001, 1, VEIL_SAMPLE_S16),
               slow = audio_of(samples, 32, RATE, 2, VEIL_SAMPLE_S16);
    veil_audio_options options = disguised();
    assert_int_equal(redact(&f, &options, &fast, &error), VEIL_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "48000"));
    veil_audio_result result = {.struct_size = sizeof result};
    assert_int_equal(vl_audio_scan(f.engine, &options, &fast, &result, &error), VEIL_OK); /* finds, changes nothing */
    options.disguise_channels = 4;
    assert_int_equal(redact(&f, &options, &slow, &error), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_audio_scan(f.engine, &options, &slow, &result, &error), VEIL_ERR_INVALID_ARGUMENT);
    options.effect_count = 0;
    options.disguise_channels = 1;
    assert_int_equal(redact(&f, &options, &slow, &error), VEIL_ERR_INVALID_ARGUMENT);
    const veil_effect_rule named = {sizeof named, "RANGE", VEIL_EFFECT_DISGUISE, 0};
    options = audio_options();
    options.effects = &named;
    options.effect_count = 1;
    assert_int_equal(redact(&f, &options, &slow, &error), VEIL_ERR_INVALID_ARGUMENT);
    assert_memory_equal(samples, before, sizeof samples);
    vl_audio_stream *stream = NULL;
    veil_audio_stream_options shape = {sizeof shape, 96000, 1, VEIL_SAMPLE_S16, 0};
    options = disguised();
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, &error), VEIL_ERR_UNSUPPORTED);
    assert_null(stream);
    shape.sample_rate_hz = RATE;
    options.disguise_channels = 2;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, &error), VEIL_ERR_INVALID_ARGUMENT);
    float not_one[400] = {0};
    not_one[300] = NAN;
    options = disguised();
    veil_audio odd = audio_of(not_one, 400, RATE, 1, VEIL_SAMPLE_F32);
    not_one[3] = 0.5f;
    assert_int_equal(redact(&f, &options, &odd, &error), VEIL_ERR_MALFORMED_INPUT);
    for (int i = 0; i < 400; i++)
        assert_true(not_one[i] == 0);
    audio_fixture_close(&f);
}

/* A configuration's order holds in every call, whatever rules the call brings. */
static void the_configuration_disguises_too(void **state)
{
    (void)state;
    veil_config config;
    veil_config_init(&config);
    config.effects = &disguise;
    config.effect_count = 1;
    audio_fixture with, without;
    audio_fixture_open(&with, &config, VEIL_CPU_AUTO, false);
    audio_fixture_open(&without, NULL, VEIL_CPU_AUTO, false);
    enum { FRAMES = 4000 };
    uint64_t seed = 41;
    float *vowel = make_vowel(RATE, FRAMES, &seed), *a = copy_of(vowel, FRAMES), *b = copy_of(vowel, FRAMES);
    const veil_effect_rule silence = {sizeof silence, "*", VEIL_EFFECT_SILENCE, 0}, both[] = {disguise, silence};
    veil_audio_range range = {0.1, 0.12, -1, 0};
    veil_audio_options options = disguised();
    options.ranges = &range;
    options.range_count = 1;
    options.guard_ms = 10;
    options.effects = &silence;
    options.effect_count = 1;
    veil_audio first = audio_of(a, FRAMES, RATE, 1, VEIL_SAMPLE_F32),
               second = audio_of(b, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
    assert_int_equal(redact(&with, &options, &first, NULL), VEIL_OK);
    options.effects = both;
    options.effect_count = 2;
    assert_int_equal(redact(&without, &options, &second, NULL), VEIL_OK);
    assert_memory_equal(a, b, FRAMES * sizeof *a);
    assert_true(a[1700] == 0);
    assert_true(memcmp(a, vowel, 1000 * sizeof *a) != 0);
    veil_audio third = audio_of(b, FRAMES, RATE, 1, VEIL_SAMPLE_F32);
    if (malloc_count_works()) {
        malloc_counts start = malloc_count_read();
        veil_status status = redact(&without, &options, &third, NULL);
        malloc_counts used = malloc_count_since(start);
        assert_int_equal(status, VEIL_OK);
        assert_int_equal(used.allocations, 0);
    }
    free(vowel);
    free(a);
    free(b);
    audio_fixture_close(&with);
    audio_fixture_close(&without);
}

/* A range that comes late: what the disguise had taken in of it already is not heard either. */
static void nothing_of_a_late_range_comes_out_after_it_is_known(void **state)
{
    (void)state;
    enum { FRAMES = 6400, GONE = 2000 };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 51;
    const veil_audio_stream_options shape = {sizeof shape, RATE, 1, VEIL_SAMPLE_F32, 0};
    for (int round = 0; round < 40; round++) {
        const uint64_t start = GONE - 200 + random_below(&seed, 700), end = start + 1 + random_below(&seed, 900);
        float *sound[2], *out[2];
        uint64_t cut_from = 0;
        sound[0] = make_vowel(RATE, FRAMES, &seed);
        sound[1] = copy_of(sound[0], FRAMES);
        for (uint64_t i = start < GONE ? GONE : start; i < end; i++)
            sound[1][i] = (float)(0.3 * noise(&seed));
        for (int k = 0; k < 2; k++) {
            vl_audio_stream *stream = NULL;
            veil_audio_options options = disguised();
            uint64_t taken = 0, got = 0, at = 0;
            options.guard_ms = 0;
            options.fade_ms = 2;
            out[k] = calloc(FRAMES, sizeof *out[k]);
            assert_non_null(out[k]);
            assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, NULL), VEIL_OK);
            assert_int_equal(vl_audio_stream_push(stream, sound[k], FRAMES, &taken, NULL), VEIL_OK);
            assert_int_equal(taken, FRAMES);
            assert_int_equal(vl_audio_stream_pull(stream, out[k], GONE, &got, NULL, NULL), VEIL_OK);
            assert_int_equal(got, GONE);
            cut_from = at = got;
            veil_audio_range range = {(double)start / RATE, (double)end / RATE, -1, 0};
            veil_status status = vl_audio_stream_add_range(stream, &range, NULL);
            assert_int_equal(status, start < GONE + 3 * 32 + 2 + 320 ? VEIL_ERR_TIMEOUT : VEIL_OK);
            assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
            do {
                assert_int_equal(vl_audio_stream_pull(stream, out[k] + at, FRAMES - at, &got, NULL, NULL), VEIL_OK);
                at += got;
            } while (got != 0);
            assert_int_equal(at, FRAMES);
            vl_audio_stream_destroy(stream);
        }
        assert_memory_equal(out[0] + cut_from, out[1] + cut_from, (FRAMES - cut_from) * sizeof *out[0]);
        for (int k = 0; k < 2; k++) {
            free(sound[k]);
            free(out[k]);
        }
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formants_move_to_the_same_place_at_every_rate),
        cmocka_unit_test(who_knows_the_coefficient_can_turn_it_back),
        cmocka_unit_test(roots_are_found_or_refused),
        cmocka_unit_test(what_has_no_filter_is_silent),
        cmocka_unit_test(spans_are_cut_as_without_it),
        cmocka_unit_test(formats_layouts_and_channels),
        cmocka_unit_test(odd_sounds_are_disguised_too),
        cmocka_unit_test(wrong_orders_are_refused_and_nothing_is_touched),
        cmocka_unit_test(the_configuration_disguises_too),
        cmocka_unit_test(nothing_of_a_late_range_comes_out_after_it_is_known),
    };
    return cmocka_run_group_tests_name("audio_disguise", tests, NULL, NULL);
}

/*
 * Streams of sound: whatever the cut, what comes out is what one call makes of the whole; after a failure, and for what comes
 * late, silence.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/pcm.h"
#include "audio/stream_impl.h"
#include "audio_fixture.h"
#include "dtmf_fixture.h"
#include "support/effort.h"
#include "support/malloc_count.h"
#include "transcript_fixture.h"

#define RANGES 6u
#define KEYS   "159#4111111111111111D"

static const uint32_t formats[] = {VEIL_SAMPLE_S16, VEIL_SAMPLE_F32,   VEIL_SAMPLE_S32,
                                   VEIL_SAMPLE_S24, VEIL_SAMPLE_MULAW, VEIL_SAMPLE_ALAW};
static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_NOISE, VEIL_EFFECT_SILENCE};
static const char *const range_name = "RANGE";

typedef struct scene {
    veil_audio_stream_options shape;
    veil_audio_options options;
    veil_effect_rule rules[4];
    veil_audio_range ranges[RANGES];
    size_t range_count;
    uint64_t frames;
    char *samples;
    size_t frame_bytes;
} scene;

/* Noise with keys in one channel. */
static void make_sound(scene *s, uint64_t *seed)
{
    static pressed truth[64];
    size_t frames = 0, count = 1 + random_below(seed, sizeof KEYS - 1);
    char keys[sizeof KEYS] = "";
    memcpy(keys, KEYS, count);
    sequence q = {s->shape.sample_rate_hz,
                  keys,
                  45 + (double)random_below(seed, 40),
                  30 + (double)random_below(seed, 60),
                  -14,
                  1,
                  0.3,
                  -50};
    int16_t *mono = make_sequence(&q, seed, &frames, truth);
    uint32_t channel = (uint32_t)random_below(seed, s->shape.channel_count);
    s->frames = frames;
    s->frame_bytes = s->shape.channel_count * vl_sample_bytes(s->shape.format);
    s->samples = random_samples(seed, s->shape.format, frames * s->shape.channel_count);
    vl_sound sound = {.samples = s->samples,
                      .frames = frames,
                      .total_frames = frames,
                      .rate_hz = s->shape.sample_rate_hz,
                      .channels = s->shape.channel_count,
                      .format = s->shape.format};
    for (size_t i = 0; i < frames; i++)
        vl_pcm_write(&sound, i * s->shape.channel_count + channel, mono[i] / 32768.0);
    free(mono);
}

static void make_scene(scene *s, uint64_t *seed)
{
    static const uint32_t rates[] = {8000, 8000, 11025, 16000, 16000, 44100};
    *s = (scene){.shape = {.struct_size = sizeof s->shape,
                           .sample_rate_hz = rates[random_below(seed, 6)],
                           .channel_count = 1 + (uint32_t)random_below(seed, 3),
                           .format = formats[random_below(seed, 6)],
                           .delay_ms = (uint32_t)random_below(seed, 4) * 70},
                 .options = audio_options()};
    make_sound(s, seed);
    s->options.guard_ms = (int32_t)random_below(seed, 200) - 50;
    s->options.fade_ms = (int32_t)random_below(seed, 12) - 2;
    if (random_below(seed, 3) == 0) {
        s->options.entities = &range_name;
        s->options.entity_count = 1;
    }
    uint32_t key_effect = effects[random_below(seed, 3)];
    s->rules[0] = (veil_effect_rule){sizeof s->rules[0], "RANGE", effects[random_below(seed, 3)], 0};
    s->rules[1] = (veil_effect_rule){sizeof s->rules[0], "DTMF", key_effect, 0};
    s->rules[2] = (veil_effect_rule){sizeof s->rules[0], "CREDIT_CARD", key_effect, 0};
    s->options.effects = s->rules;
    s->options.effect_count = 3;
    s->rules[3] = (veil_effect_rule){sizeof s->rules[0], "*", VEIL_EFFECT_DISGUISE, 0};
    if (random_below(seed, 3) == 0) {
        s->options.effect_count = 4;
        s->options.disguise_channels = random_below(seed, 1u << s->shape.channel_count);
    }
    double duration = (double)s->frames / s->shape.sample_rate_hz;
    s->range_count = random_below(seed, RANGES + 1);
    for (size_t i = 0; i < s->range_count; i++) {
        double start = (double)random_below(seed, 1000) / 1000 * duration;
        double end = fmin(start + (double)(1 + random_below(seed, 300)) / 1000, duration);
        s->ranges[i] = (veil_audio_range){start, end, (int32_t)random_below(seed, s->shape.channel_count + 1) - 1, 0};
    }
}

static void one_shot(const audio_fixture *f, const scene *s, char *out)
{
    veil_error error = VEIL_ERROR_INIT;
    veil_audio_options options = s->options;
    memcpy(out, s->samples, s->frames * s->frame_bytes);
    options.ranges = s->range_count == 0 ? NULL : s->ranges;
    options.range_count = s->range_count;
    options.level_dbfs = -20;
    veil_audio audio = audio_of(out, s->frames, s->shape.sample_rate_hz, s->shape.channel_count, s->shape.format);
    veil_status status = vl_audio_redact(f->engine, &options, &audio, NULL, &error);
    if (status != VEIL_OK) fail_msg("%s", error.message);
}

/* Announce the ranges whose last moment comes before `until` frames are pushed, or, with luck, earlier. */
static void announce(vl_audio_stream *stream, const scene *s, uint64_t until, bool *told, uint64_t *seed)
{
    for (size_t i = 0; i < s->range_count; i++) {
        double last = (s->ranges[i].start_s + s->shape.delay_ms / 1000.0) * s->shape.sample_rate_hz;
        if (told[i] || ((double)until < last - 2 && random_below(seed, 4) != 0)) continue;
        told[i] = true;
        assert_int_equal(vl_audio_stream_add_range(stream, &s->ranges[i], NULL), VEIL_OK);
    }
}

static uint64_t drain(vl_audio_stream *stream, const scene *s, char *out, uint64_t at, uint64_t *seed)
{
    uint64_t got = 0;
    do {
        static veil_audio_finding findings[64];
        veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 64};
        uint64_t most = 1 + random_below(seed, 5000);
        if (most > s->frames - at) most = s->frames - at;
        assert_int_equal(vl_audio_stream_pull(stream, out + at * s->frame_bytes, most, &got, &result, NULL), VEIL_OK);
        at += got;
    } while (got != 0);
    return at;
}

static void stream_all(const audio_fixture *f, const scene *s, char *out, uint64_t *seed)
{
    vl_audio_stream *stream = NULL;
    bool told[RANGES] = {false};
    uint64_t in = 0, at = 0, most = random_below(seed, 3) == 0 ? 50 : 4000;
    assert_int_equal(vl_audio_stream_create(f->engine, &s->shape, &s->options, &stream, NULL), VEIL_OK);
    while (in < s->frames) {
        uint64_t wanted = 1 + random_below(seed, most), taken = 0;
        if (wanted > s->frames - in) wanted = s->frames - in;
        announce(stream, s, in + wanted, told, seed);
        assert_int_equal(vl_audio_stream_push(stream, s->samples + in * s->frame_bytes, wanted, &taken, NULL), VEIL_OK);
        in += taken;
        if (taken == 0 || random_below(seed, 3) != 0) at = drain(stream, s, out, at, seed);
        if (at != 0) assert_true(in - at <= vl_audio_stream_delay(stream) || taken != 0);
    }
    at = drain(stream, s, out, at, seed);
    assert_true(in - at <= vl_audio_stream_delay(stream));
    announce(stream, s, UINT64_MAX, told, seed);
    assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
    at = drain(stream, s, out, at, seed);
    assert_int_equal(at, s->frames);
    vl_audio_stream_destroy(stream);
}

static void what_comes_out_is_what_one_call_makes(void **state)
{
    (void)state;
    audio_fixture f;
    uint64_t seed = 20261129;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (int round = 0; round < 150; round += TEST_STRIDE) {
        scene s;
        make_scene(&s, &seed);
        char *whole = malloc(s.frames * s.frame_bytes), *pieces = malloc(s.frames * s.frame_bytes);
        assert_true(whole != NULL && pieces != NULL);
        one_shot(&f, &s, whole);
        stream_all(&f, &s, pieces, &seed);
        const bool is_same = memcmp(whole, pieces, s.frames * s.frame_bytes) == 0;
        for (uint64_t i = 0; i < s.frames && !is_same; i++) {
            if (memcmp(whole + i * s.frame_bytes, pieces + i * s.frame_bytes, s.frame_bytes) != 0)
                fail_msg("round %d: frame %llu of %llu differs (format %u, %u Hz, %zu ranges, guard %d, fade %d, %zu "
                         "effects)",
                         round, (unsigned long long)i, (unsigned long long)s.frames, s.shape.format,
                         s.shape.sample_rate_hz, s.range_count, s.options.guard_ms, s.options.fade_ms,
                         s.options.effect_count);
        }
        free(whole);
        free(pieces);
        free(s.samples);
    }
    audio_fixture_close(&f);
}

/* ---- A telephone call of one second in pieces of 20 ms ---- */

#define RATE   8000u
#define PIECE  160u
#define PIECES 50u

static const veil_audio_stream_options phone = {sizeof phone, RATE, 1, VEIL_SAMPLE_S16, 100};

static vl_audio_stream *open_phone(const audio_fixture *f)
{
    vl_audio_stream *stream = NULL;
    veil_audio_options options = audio_options();
    options.guard_ms = 0;
    options.fade_ms = 0;
    assert_int_equal(vl_audio_stream_create(f->engine, &phone, &options, &stream, NULL), VEIL_OK);
    return stream;
}

/* Push a piece of ones and pull what there is; counts frames that came out as they were, and as silence. */
static veil_status pump(vl_audio_stream *stream, uint64_t *kept, uint64_t *silent)
{
    int16_t samples[PIECE], out[4 * PIECE];
    uint64_t taken = 0, got = 0;
    for (size_t i = 0; i < PIECE; i++)
        samples[i] = 1000;
    memset(out, 0x11, sizeof out);
    assert_int_equal(vl_audio_stream_push(stream, samples, PIECE, &taken, NULL), VEIL_OK);
    assert_int_equal(taken, PIECE);
    veil_status status = vl_audio_stream_pull(stream, out, 4 * PIECE, &got, NULL, NULL);
    for (uint64_t i = 0; i < got; i++) {
        *kept += out[i] == 1000;
        *silent += out[i] == 0;
    }
    return status;
}

static void the_delay_is_what_is_promised(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    static const char *const keys = "DTMF";
    veil_audio_options options = audio_options();
    veil_audio_stream_options shape = phone;
    vl_audio_stream *stream = NULL;
    shape.delay_ms = 0;
    options.entities = &keys;
    options.entity_count = 1;
    options.guard_ms = 0;
    options.fade_ms = 0;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, NULL), VEIL_OK);
    assert_true(vl_audio_stream_delay(stream) <= RATE * 93 / 1000); /* 90 ms for keys */
    vl_audio_stream_destroy(stream);
    options.entities = &range_name;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, NULL), VEIL_OK);
    assert_true(vl_audio_stream_delay(stream) <= 2);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

static void what_comes_late_is_silenced_as_far_as_it_can_be(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_stream *stream = open_phone(&f);
    uint64_t kept = 0, silent = 0;
    for (int i = 0; i < 20; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    uint64_t out = kept; /* about 0.3 s */
    assert_true(out > RATE / 4 && silent == 0);
    veil_audio_range late = {0.1, 0.35, -1, 0}, ahead = {0.6, 0.7, -1, 0};
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_audio_stream_add_range(stream, &late, &error), VEIL_ERR_TIMEOUT);
    assert_non_null(strstr(error.message, "late"));
    assert_int_equal(vl_audio_stream_add_range(stream, &ahead, &error), VEIL_OK);
    for (int i = 20; i < 30; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    assert_int_equal(silent, RATE * 35 / 100 - out);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

/* A range may come delay_ms after its frames were pushed, and nothing of its guard band is out by then. */
static void the_guard_band_of_a_range_waits_with_it(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (uint32_t with_keys = 0; with_keys < 2; with_keys++) {
        veil_audio_options options = audio_options();
        veil_audio_stream_options shape = phone;
        vl_audio_stream *stream = NULL;
        shape.delay_ms = 1000;
        options.guard_ms = 150;
        options.fade_ms = 0;
        options.entities = with_keys ? NULL : &range_name;
        options.entity_count = with_keys ? 0 : 1;
        assert_int_equal(vl_audio_stream_create(f.engine, &shape, &options, &stream, NULL), VEIL_OK);
        assert_true(vl_audio_stream_delay(stream) >= RATE * 115 / 100);
        uint64_t kept = 0, silent = 0;
        for (int i = 0; i < 145; i++) /* 2.9 s */
            assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
        veil_audio_range range = {1.98, 2.1, -1, 0}; /* pushed 920 ms ago */
        assert_int_equal(vl_audio_stream_add_range(stream, &range, NULL), VEIL_OK);
        assert_true(kept <= RATE * 183 / 100);
        vl_audio_stream_destroy(stream);
    }
    audio_fixture_close(&f);
}

static void an_output_between_samples_is_refused(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_stream *stream = open_phone(&f);
    int16_t samples[PIECE] = {7}, out[PIECE + 1];
    uint64_t taken = 0, got = 9;
    assert_int_equal(vl_audio_stream_push(stream, samples, PIECE, &taken, NULL), VEIL_OK);
    assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_audio_stream_pull(stream, (char *)out + 1, PIECE, &got, NULL, &error),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(got, 0);
    assert_non_null(strstr(error.message, "aligned"));
    assert_int_equal(vl_audio_stream_pull(stream, out, PIECE, &got, NULL, NULL), VEIL_OK);
    assert_int_equal(got, PIECE); /* nothing was lost */
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

/* Utterances whose findings nobody pulls: what no longer fits in the list ends the stream, it is not left out. */
static void findings_that_do_not_fit_end_the_stream(void **state)
{
    (void)state;
    enum { LINES = 2200 };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_stream_options shape = phone;
    shape.delay_ms = 5000;
    vl_audio_stream *stream = NULL;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, NULL, &stream, NULL), VEIL_OK);
    static int16_t samples[3 * RATE];
    uint64_t taken = 0, got = 0;
    assert_int_equal(vl_audio_stream_push(stream, samples, 3 * RATE, &taken, NULL), VEIL_OK);
    char *srt = malloc(LINES * 96);
    assert_non_null(srt);
    size_t n = 0;
    for (int i = 0; i < LINES; i++)
        n += (size_t)snprintf(srt + n, 96, "%d\n00:00:01,000 --> 00:00:02,000\nmail jane%d@example.com now\n\n", i + 1,
                              i);
    while (stream->finding_count < 2000)
        assert_int_equal(vl_stream_report(stream, &(veil_audio_finding){.entity = "RANGE"}), VEIL_OK);
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_audio_stream_add_transcript(stream, srt, n, VEIL_TRANSCRIPT_SRT, &error), VEIL_ERR_LIMIT);
    assert_non_null(strstr(error.message, "findings"));
    assert_int_equal(stream->finding_count, 2000);
    assert_int_equal(vl_audio_stream_pull(stream, samples, 3 * RATE, &got, NULL, NULL), VEIL_ERR_LIMIT);
    while (stream->finding_count < VL_STREAM_FINDINGS_MAX)
        assert_int_equal(vl_stream_report(stream, &(veil_audio_finding){.entity = "RANGE"}), VEIL_OK);
    assert_int_equal(vl_stream_report(stream, &(veil_audio_finding){.entity = "RANGE"}), VEIL_ERR_LIMIT);
    free(srt);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

static void a_failure_is_silence_for_ever(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    vl_audio_stream *stream = open_phone(&f);
    uint64_t kept = 0, silent = 0;
    for (int i = 0; i < 10; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    uint64_t before = kept;
    assert_int_equal(vl_audio_stream_add_transcript(stream, "{\"broken", 8, VEIL_TRANSCRIPT_AUTO, NULL),
                     VEIL_ERR_MALFORMED_INPUT);
    for (int i = 0; i < 10; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(kept, before);
    assert_true(silent > RATE / 6);
    vl_audio_stream_destroy(stream);

    veil_audio_stream_options shape = phone;
    shape.format = VEIL_SAMPLE_F32;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, NULL, &stream, NULL), VEIL_OK);
    static float samples[4000], out[8000];
    uint64_t taken = 0, got = 0;
    for (size_t i = 0; i < 4000; i++)
        samples[i] = 0.5f;
    samples[3999] = NAN;
    assert_int_equal(vl_audio_stream_push(stream, samples, 2000, &taken, NULL), VEIL_OK);
    assert_int_equal(taken, 2000);
    assert_int_equal(vl_audio_stream_push(stream, samples + 2000, 2000, &taken, NULL), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(taken, 2000);
    assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
    assert_int_equal(vl_audio_stream_pull(stream, out, 8000, &got, NULL, NULL), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(got, 4000);
    for (size_t i = 0; i < got; i++)
        assert_true(out[i] == 0);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

/* What is too long to be read may be what had to go. A range that no one may name is refused, as in one call. */
static void what_is_not_taken_ends_the_stream_or_is_refused(void **state)
{
    (void)state;
    audio_fixture f;
    veil_config config;
    veil_config_init(&config);
    config.max_text_bytes = 64;
    audio_fixture_open(&f, &config, VEIL_CPU_AUTO, true);
    static const char *const names[] = {"RANGE"};
    veil_audio_options options = audio_options();
    options.exclude = names;
    options.exclude_count = 1;
    vl_audio_stream *stream = NULL;
    assert_int_equal(vl_audio_stream_create(f.engine, &phone, &options, &stream, NULL), VEIL_OK);
    const veil_audio_range range = {0.1, 0.2, -1, 0};
    assert_int_equal(vl_audio_stream_add_range(stream, &range, NULL), VEIL_ERR_INVALID_ARGUMENT);
    uint64_t kept = 0, silent = 0;
    assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    assert_int_equal(vl_audio_stream_add_transcript(stream, "{}", 2, 99, NULL), VEIL_ERR_INVALID_ARGUMENT);
    for (int i = 0; i < 10; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    const uint64_t before = kept;
    char text[300];
    memset(text, ' ', sizeof text);
    assert_int_equal(vl_audio_stream_add_transcript(stream, text, sizeof text, 0, NULL), VEIL_ERR_LIMIT);
    for (int i = 0; i < 10; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_ERR_LIMIT);
    assert_int_equal(kept, before);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

static void utterances_are_searched_as_they_come(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_stream_options shape = phone;
    shape.delay_ms = 6000;
    vl_audio_stream *stream = NULL;
    assert_int_equal(vl_audio_stream_create(f.engine, &shape, NULL, &stream, NULL), VEIL_OK);
    uint64_t kept = 0, silent = 0;
    for (int i = 0; i < 300; i++)
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    char *json = transcript_vosk("pin four one six zero"); /* words are half a second apart */
    assert_int_equal(vl_audio_stream_add_transcript(stream, json, strlen(json), VEIL_TRANSCRIPT_AUTO, NULL), VEIL_OK);
    free(json);
    static int16_t out[10 * RATE];
    uint64_t got = 0;
    veil_audio_finding findings[4];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 4};
    assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
    assert_int_equal(vl_audio_stream_pull(stream, out, 10 * RATE, &got, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(findings[0].entity, "SPOKEN_NUMBER");
    assert_int_equal(kept + got, 300 * PIECE);
    size_t same = 0;
    for (size_t i = (size_t)(0.5 * RATE); i < (size_t)(2.4 * RATE); i++)
        same += out[i - kept] == 1000;
    assert_true(same < 200); /* a beep passes through any value */
    assert_int_equal(out[4 * RATE - kept], 1000);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

static void keys_and_cards_are_reported_as_they_end(void **state)
{
    (void)state;
    audio_fixture f;
    static pressed truth[32];
    uint64_t seed = 9, got = 0, taken = 0;
    size_t frames = 0, keys = 0, cards = 0;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    sequence q = {RATE, "*41111111111111111228", 60, 60, -15, 0, 0, -60};
    int16_t *samples = make_sequence(&q, &seed, &frames, truth);
    vl_audio_stream *stream = open_phone(&f);
    for (size_t at = 0; at <= frames; at += PIECE) {
        int16_t out[2 * PIECE];
        veil_audio_finding findings[1];
        veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 1};
        size_t n = frames - at < PIECE ? frames - at : PIECE;
        assert_int_equal(vl_audio_stream_push(stream, samples + at, n, &taken, NULL), VEIL_OK);
        if (at + PIECE > frames) assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
        do {
            assert_int_equal(vl_audio_stream_pull(stream, out, 2 * PIECE, &got, &result, NULL), VEIL_OK);
            cards += result.finding_count == 1 && strcmp(findings[0].entity, "CREDIT_CARD") == 0;
            if (result.finding_count == 1 && strcmp(findings[0].entity, "DTMF") == 0)
                assert_int_equal(findings[0].key, q.keys[keys++]);
        } while (got != 0 || result.finding_count != 0);
    }
    assert_int_equal(keys, 21);
    assert_int_equal(cards, 1);
    vl_audio_stream_destroy(stream);
    free(samples);
    audio_fixture_close(&f);
}

static void calls_in_wrong_order_and_wrong_values_are_refused(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_stream *stream = NULL;
    veil_audio_options options = audio_options();
    veil_audio_stream_options wrong[6] = {phone, phone, phone, phone, phone, phone};
    wrong[0].sample_rate_hz = 7999;
    wrong[1].channel_count = 0;
    wrong[2].format = 7;
    wrong[3].delay_ms = 10001;
    for (int i = 0; i < 4; i++)
        assert_int_equal(vl_audio_stream_create(f.engine, &wrong[i], NULL, &stream, NULL), VEIL_ERR_INVALID_ARGUMENT);
    wrong[4].channel_count = 33;
    assert_int_equal(vl_audio_stream_create(f.engine, &wrong[4], NULL, &stream, NULL), VEIL_ERR_LIMIT);
    options.guard_ms = 60001;
    assert_int_equal(vl_audio_stream_create(f.engine, &phone, &options, &stream, NULL), VEIL_ERR_INVALID_ARGUMENT);
    options = audio_options();
    options.flags = VEIL_AUDIO_ASR;
    assert_int_equal(vl_audio_stream_create(f.engine, &phone, &options, &stream, NULL), VEIL_ERR_UNSUPPORTED);
    options = audio_options();
    options.transcript = "{}";
    assert_int_equal(vl_audio_stream_create(f.engine, &phone, &options, &stream, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(stream);
    stream = open_phone(&f);
    const veil_audio_range bad[] = {{-1, 1, -1, 0}, {1, 1, -1, 0}, {0, NAN, -1, 0}, {0, 1, 1, 0}, {0, 1, -1, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(vl_audio_stream_add_range(stream, &bad[i], NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_audio_stream_add_transcript(stream, "{}", 2, 0, NULL),
                     VEIL_ERR_UNSUPPORTED); /* no text engine */
    assert_int_equal(vl_audio_stream_end(stream, NULL), VEIL_OK);
    int16_t sample = 1;
    uint64_t taken = 0;
    assert_int_equal(vl_audio_stream_push(stream, &sample, 1, &taken, NULL), VEIL_ERR_INVALID_ARGUMENT);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

static void a_call_of_a_minute_allocates_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_stream *stream = open_phone(&f);
    uint64_t kept = 0, silent = 0;
    malloc_counts before = malloc_count_read();
    for (int i = 0; i < 3000; i++) {
        veil_audio_range range = {0.02 * i + 0.1, 0.02 * i + 0.11, -1, 0};
        if (i % 3 == 0) assert_int_equal(vl_audio_stream_add_range(stream, &range, NULL), VEIL_OK);
        assert_int_equal(pump(stream, &kept, &silent), VEIL_OK);
    }
    assert_int_equal(malloc_count_since(before).allocations, 0);
    vl_audio_stream_destroy(stream);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_out_is_what_one_call_makes),
        cmocka_unit_test(the_delay_is_what_is_promised),
        cmocka_unit_test(what_comes_late_is_silenced_as_far_as_it_can_be),
        cmocka_unit_test(the_guard_band_of_a_range_waits_with_it),
        cmocka_unit_test(an_output_between_samples_is_refused),
        cmocka_unit_test(findings_that_do_not_fit_end_the_stream),
        cmocka_unit_test(a_failure_is_silence_for_ever),
        cmocka_unit_test(what_is_not_taken_ends_the_stream_or_is_refused),
        cmocka_unit_test(utterances_are_searched_as_they_come),
        cmocka_unit_test(keys_and_cards_are_reported_as_they_end),
        cmocka_unit_test(calls_in_wrong_order_and_wrong_values_are_refused),
        cmocka_unit_test(a_call_of_a_minute_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

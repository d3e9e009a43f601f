/*
 * Recognition through a fake: what it hears is found and replaced as a transcript's words are, per channel; whatever goes
 * wrong in it closes. The sounds are constant, so that the fake can tell its channel.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "audio_fixture.h"
#include "fake_asr.h"
#include "support/malloc_count.h"
#include "transcript_fixture.h"

#define RATE    16000u
#define SECONDS 12u
#define FRAMES  (RATE * SECONDS)

#define CARD "four one one one one one one one one one one one one one one one"

typedef struct bench {
    audio_fixture fixture;
    fake_asr fake;
    veil_asr_engine engine;
    veil_config config;
    veil_audio_options options;
    veil_audio_finding findings[16];
    veil_audio_result result;
    veil_error error;
} bench;

static void bench_open(bench *b)
{
    veil_config_init(&b->config);
    b->engine = fake_asr_engine(&b->fake);
    b->config.asr = &b->engine;
    audio_fixture_open(&b->fixture, &b->config, VEIL_CPU_AUTO, true);
    b->options = audio_options();
    b->options.flags = VEIL_AUDIO_ASR;
    b->result = (veil_audio_result){.struct_size = sizeof b->result, .findings = b->findings, .finding_capacity = 16};
    b->error = (veil_error)VEIL_ERROR_INIT;
}

static void bench_close(bench *b)
{
    audio_fixture_close(&b->fixture);
    assert_int_equal(b->fake.alive, 0);
    assert_false(b->fake.was_entered_twice);
}

/* Alternating samples at each channel's level. */
static int16_t *make_sound(uint64_t frames, uint32_t channels)
{
    int16_t *samples = malloc(frames * channels * sizeof *samples);
    assert_non_null(samples);
    for (uint64_t i = 0; i < frames * channels; i++)
        samples[i] = (int16_t)((i / channels % 2 == 0 ? 1 : -1) * 32768.0f * FAKE_LEVEL(i % channels));
    return samples;
}

static bool is_silent(const int16_t *samples, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (samples[i] != 0) return false;
    }
    return true;
}

static void words_are_found_and_removed_with_a_wide_guard(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word words[16];
    b.fake.words[0] = words;
    b.fake.word_count[0] = fake_words(CARD, 2.0, 0.4, 0, words, 16);
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1), *before = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.words, VEIL_WORDS_ASR);
    assert_int_equal(b.result.finding_count, 1);
    assert_string_equal(b.findings[0].entity, "CREDIT_CARD");
    assert_int_equal(b.findings[0].channel, -1);
    assert_true(fabs(b.findings[0].start_s - 2.0) < 1e-9 && fabs(b.findings[0].end_s - 8.36) < 1e-9);
    const uint64_t from = (uint64_t)(1.6 * RATE), to = (uint64_t)(8.76 * RATE), fade = RATE / 200 + 1;
    assert_memory_equal(sound, before, (from - fade) * 2);
    assert_memory_equal(sound + to + fade, before + to + fade, (FRAMES - to - fade) * 2);
    for (uint64_t i = from; i + 1 < to; i++)
        assert_false(sound[i] == before[i] && sound[i + 1] == before[i + 1]);
    assert_int_equal(b.fake.samples_heard, FRAMES);
    assert_string_equal(b.fake.language, "en");
    free(sound);
    free(before);
    bench_close(&b);
}

/* As many channels as there may be, and words of hours in each: what a channel takes goes back behind it. */
static void many_channels_of_many_words_are_served(void **state)
{
    (void)state;
    const uint32_t channels = 32, rate_hz = 8000, frames = 8000;
    bench b = {0};
    static veil_asr_word words[FAKE_CHANNELS][17];
    for (uint32_t c = 0; c < FAKE_CHANNELS; c++) {
        b.fake.words[c] = words[c];
        words[c][0] = FAKE_WORD("hello", 0, 0.01);
        b.fake.word_count[c] = 1 + fake_words(CARD, 0.1, 0.05, 0, words[c] + 1, 16);
    }
    b.fake.repeat = 5000;
    bench_open(&b);
    int16_t *sound = make_sound(frames, channels);
    veil_audio audio = audio_of(sound, frames, rate_hz, channels, VEIL_SAMPLE_S16);
    static veil_audio_finding findings[64];
    b.result.findings = findings;
    b.result.finding_capacity = 64;
    veil_status status = vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error);
    if (status != VEIL_OK) fail_msg("%d %s", status, b.error.message);
    assert_int_equal(b.result.finding_count, channels);
    for (uint32_t c = 0; c < channels; c++)
        assert_string_equal(findings[c].entity, "CREDIT_CARD");
    free(sound);
    bench_close(&b);
}

/* A recogniser that takes long is stopped within a channel, not behind it. */
static void a_deadline_is_seen_while_a_channel_is_heard(void **state)
{
    (void)state;
    bench b = {.fake = {.pause_ms = 60}};
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    b.options.timeout_us = 50000;
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_TIMEOUT);
    assert_true(b.fake.samples_heard < FRAMES / 2);
    free(sound);
    bench_close(&b);
}

static void a_guard_that_the_engine_states_is_the_least(void **state)
{
    (void)state;
    static const struct {
        uint32_t engine_ms;
        int32_t call_ms, expected_ms;
    } cases[] = {{0, -1, 400}, {0, 100, 400}, {200, -1, 200}, {1, -1, 150}, {200, 1000, 1000}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bench b = {0};
        veil_asr_word words[16];
        b.fake.words[0] = words;
        b.fake.word_count[0] = fake_words(CARD, 3.0, 0.25, 0, words, 16);
        bench_open(&b);
        audio_fixture_close(&b.fixture);
        b.engine.guard_ms = cases[k].engine_ms;
        audio_fixture_open(&b.fixture, &b.config, VEIL_CPU_AUTO, true);
        b.options.guard_ms = cases[k].call_ms;
        b.options.fade_ms = 0;
        int16_t *sound = make_sound(FRAMES, 1);
        veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
        assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
        double span_s = 16 * 0.25 - 0.025 + 2 * cases[k].expected_ms / 1000.0;
        assert_true(fabs((double)b.result.redacted_frames - span_s * RATE) < 3);
        free(sound);
        bench_close(&b);
    }
}

static void each_channel_is_heard_by_itself(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word left[16], right[8];
    b.fake.words[0] = left;
    b.fake.word_count[0] = fake_words("nothing is said here", 2.0, 0.4, 0, left, 16);
    b.fake.words[1] = right;
    b.fake.word_count[1] = fake_words("jane dot roe at example dot com", 3.0, 0.5, 0, right, 8);
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 2), *before = make_sound(FRAMES, 2);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 2, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.fake.calls, 2);
    assert_int_equal(b.result.finding_count, 1);
    assert_string_equal(b.findings[0].entity, "EMAIL_ADDRESS");
    assert_int_equal(b.findings[0].channel, 1);
    /* said in one channel, removed from both */
    const size_t middle = (size_t)(4.5 * RATE) * 2;
    assert_memory_not_equal(sound + middle, before + middle, 64);
    assert_true(sound[middle] != before[middle] || sound[middle + 2] != before[middle + 2]);
    assert_true(sound[middle + 1] != before[middle + 1] || sound[middle + 3] != before[middle + 3]);
    free(sound);
    free(before);
    bench_close(&b);
}

static void words_out_of_order_are_put_in_order(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word words[16], shuffled[16];
    size_t count = fake_words(CARD, 2.0, 0.4, 0, words, 16);
    for (size_t i = 0; i < count; i++)
        shuffled[i] = words[(i * 7) % 16];
    b.fake.words[0] = shuffled;
    b.fake.word_count[0] = count;
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.finding_count, 1);
    assert_string_equal(b.findings[0].entity, "CREDIT_CARD");
    assert_true(fabs(b.findings[0].start_s - 2.0) < 1e-9 && fabs(b.findings[0].end_s - 8.36) < 1e-9);
    free(sound);
    bench_close(&b);
}

/* Digits in one reading, words in the other; nothing is found across the two, both are removed, and what both show is
 * reported once, with the surer one's times. */
static void alternatives_are_texts_of_their_own(void **state)
{
    (void)state;
    bench b = {0};
    static veil_asr_word words[40];
    size_t count = fake_words("call jane dot roe at example dot com now", 1.0, 0.3, 0, words, 16);
    const size_t first_card = count;
    count += fake_words(CARD, 5.0, 0.3, 0, words + count, 16);
    for (size_t i = first_card; i < count; i++)
        words[i].confidence = 0.3f;
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    count = first_card;
    count += fake_words(CARD, 5.0, 0.3, 1, words + count, 16);
    b.fake.words[0] = words;
    b.fake.word_count[0] = count;
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.finding_count, 2);
    assert_string_equal(b.findings[0].entity, "EMAIL_ADDRESS");
    assert_string_equal(b.findings[1].entity, "CREDIT_CARD");

    /* half of the digits in each reading: no card, but two numbers */
    count = fake_words("four one one one one one one one", 1.0, 0.3, 0, words, 8);
    count += fake_words("one one one one one one one one", 3.4, 0.3, 1, words + count, 8);
    b.fake.word_count[0] = count;
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    for (size_t i = 0; i < b.result.finding_count; i++)
        assert_string_not_equal(b.findings[i].entity, "CREDIT_CARD");

    /* the same card in both, surer and wider in the second; a number inside it says nothing new */
    count = fake_words(CARD, 2.0, 0.3, 0, words, 16);
    count += fake_words(CARD, 1.9, 0.31, 1, words + count, 16);
    count += fake_words("one one one one one", 3.0, 0.3, 2, words + count, 5);
    for (size_t i = 16; i < 32; i++)
        words[i].confidence = 0.9f;
    b.fake.word_count[0] = count;
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.finding_count, 1);
    assert_string_equal(b.findings[0].entity, "CREDIT_CARD");
    assert_true(fabs(b.findings[0].start_s - 1.9) < 1e-9);
    free(sound);
    bench_close(&b);
}

static void a_transcript_and_recognition_join(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word words[16];
    b.fake.words[0] = words;
    b.fake.word_count[0] = fake_words(CARD, 5.0, 0.3, 0, words, 16);
    bench_open(&b);
    char *json = transcript_whisper("jane dot roe at example dot com", 0);
    b.options.transcript = json;
    b.options.transcript_bytes = strlen(json);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.words, VEIL_WORDS_ASR);
    assert_int_equal(b.result.finding_count, 2);
    assert_string_equal(b.findings[0].entity, "EMAIL_ADDRESS");
    assert_string_equal(b.findings[1].entity, "CREDIT_CARD");
    b.options.flags = 0;
    const uint32_t calls = b.fake.calls;
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    assert_int_equal(b.result.words, VEIL_WORDS_TRANSCRIPT);
    assert_int_equal(b.result.finding_count, 1);
    assert_int_equal(b.fake.calls, calls); /* off unless asked for */
    free(json);
    free(sound);
    bench_close(&b);
}

static void words_that_cannot_be_make_the_call_fail(void **state)
{
    (void)state;
    char long_text[258];
    memset(long_text, 'x', 257);
    long_text[257] = '\0';
    const veil_asr_word wrong[] = {
        FAKE_WORD(NULL, 1, 2),
        FAKE_WORD("", 1, 2),
        FAKE_WORD(long_text, 1, 2),
        FAKE_WORD("new\nline", 1, 2),
        FAKE_WORD("del\x7f", 1, 2),
        FAKE_WORD("word", NAN, 2),
        FAKE_WORD("word", 1, NAN),
        FAKE_WORD("word", 1, INFINITY),
        FAKE_WORD("word", -0.001, 2),
        FAKE_WORD("word", 2, 1.999),
        FAKE_WORD("word", 1, SECONDS + 0.501),
        FAKE_WORD("word", SECONDS + 10, SECONDS + 11),
        fake_word("word", 1, 2, 16),
        {.struct_size = 8, .text = "word", .text_bytes = 4, .start_s = 1, .end_s = 2},
        {.struct_size = sizeof(veil_asr_word),
         .text = "w",
         .text_bytes = 1,
         .start_s = 1,
         .end_s = 2,
         .confidence = NAN},
        {.struct_size = sizeof(veil_asr_word), .text = "w", .text_bytes = 1, .start_s = 1, .end_s = 2, .confidence = 2},
    };
    bench b = {0};
    bench_open(&b);
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        veil_asr_word words[] = {FAKE_WORD("fine", 0.5, 0.9), wrong[k]};
        b.fake.words[0] = words;
        b.fake.word_count[0] = 2;
        int16_t *sound = make_sound(FRAMES, 1);
        veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
        b.error = (veil_error)VEIL_ERROR_INIT;
        assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_CALLBACK);
        assert_true(is_silent(sound, FRAMES));
        assert_int_equal(b.fake.sink_status, VEIL_ERR_CALLBACK);
        assert_non_null(strstr(b.error.message, "recognised word 1"));
        assert_null(strstr(b.error.message, "fine"));
        free(sound);
    }
    /* just inside every bound */
    veil_asr_word words[] = {FAKE_WORD(long_text, 0, SECONDS + 0.5), fake_word(" \xc3\xa9 ", 0, 0, 15),
                             FAKE_WORD("  ", 3, 3)};
    words[0].text_bytes = 256;
    words[0].confidence = 1;
    words[1].confidence = 0;
    b.fake.words[0] = words;
    b.fake.word_count[0] = 3;
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    free(sound);
    bench_close(&b);
}

static void a_recogniser_that_fails_closes(void **state)
{
    (void)state;
    static const struct {
        veil_status says, gives;
        bool untouched;
    } cases[] = {
        {VEIL_ERR_INTERNAL, VEIL_ERR_INTERNAL, false},
        {VEIL_ERR_MODEL, VEIL_ERR_MODEL, false},
        {VEIL_ERR_NO_MEMORY, VEIL_ERR_NO_MEMORY, false},
        {VEIL_ERR_CALLBACK, VEIL_ERR_CALLBACK, false},
        {VEIL_ERR_INVALID_ARGUMENT, VEIL_ERR_CALLBACK, false}, /* what was heard is never handed back as it was */
        {VEIL_ERR_UNSUPPORTED, VEIL_ERR_CALLBACK, false},
        {VEIL_ERR_LIMIT, VEIL_ERR_CALLBACK, false},
        {VEIL_ERR_BUSY, VEIL_ERR_CALLBACK, false},
        {VEIL_ERR_BUFFER_TOO_SMALL, VEIL_ERR_CALLBACK, false},
        {1, VEIL_ERR_CALLBACK, false},
        {-1000, VEIL_ERR_CALLBACK, false},
    };
    bench b = {0};
    veil_asr_word words[16];
    b.fake.words[0] = words;
    b.fake.word_count[0] = fake_words(CARD, 2.0, 0.4, 0, words, 16);
    bench_open(&b);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        b.fake.status = cases[k].says;
        int16_t *sound = make_sound(FRAMES, 1), *before = make_sound(FRAMES, 1);
        veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
        assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), cases[k].gives);
        assert_int_equal(b.error.status, cases[k].gives);
        if (cases[k].untouched)
            assert_memory_equal(sound, before, FRAMES * 2);
        else
            assert_true(is_silent(sound, FRAMES));
        free(sound);
        free(before);
    }
    /* one that does not listen to the end would find less than there is */
    b.fake.status = VEIL_OK;
    b.fake.reads_at_most = FRAMES - 1;
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_CALLBACK);
    assert_true(is_silent(sound, FRAMES));
    free(sound);
    bench_close(&b);
}

static void too_many_words_are_a_limit(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word word = FAKE_WORD("a", 1, 2);
    b.fake.words[0] = &word;
    b.fake.repeat = (1u << 20) + 1;
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_LIMIT);
    free(sound);
    bench_close(&b);
}

static void what_cannot_be_heard_is_refused_before_the_start(void **state)
{
    (void)state;
    bench b = {0};
    bench_open(&b);
    audio_fixture_close(&b.fixture);
    b.engine.min_rate_hz = 16000;
    audio_fixture_open(&b.fixture, &b.config, VEIL_CPU_AUTO, true);
    int16_t *sound = make_sound(8000, 1), *before = make_sound(8000, 1);
    veil_audio audio = audio_of(sound, 8000, 8000, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_UNSUPPORTED);
    assert_non_null(strstr(b.error.message, "16000"));
    assert_memory_equal(sound, before, 16000);
    const char *range_alone[] = {"RANGE"};
    b.options.entities = range_alone;
    b.options.entity_count = 1;
    audio.sample_rate_hz = 16000;
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(b.fake.calls, 0);
    bench_close(&b);

    audio_fixture plain;
    audio_fixture_open(&plain, NULL, VEIL_CPU_AUTO, true);
    b.options.entities = NULL;
    b.options.entity_count = 0;
    assert_int_equal(vl_audio_redact(plain.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_UNSUPPORTED);
    assert_memory_equal(sound, before, 16000);
    audio_fixture_close(&plain);
    free(sound);
    free(before);
}

static void a_deadline_counts_while_listening(void **state)
{
    (void)state;
    bench b = {0};
    bench_open(&b);
    b.fake.sleep_ms = 20;
    b.options.timeout_us = 5000;
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_ERR_TIMEOUT);
    assert_true(is_silent(sound, FRAMES));
    free(sound);
    bench_close(&b);
}

static void samples_that_are_no_numbers_are_malformed(void **state)
{
    (void)state;
    bench b = {0};
    bench_open(&b);
    float *sound = calloc(2 * FRAMES, sizeof *sound);
    assert_non_null(sound);
    sound[2 * 5000 + 1] = NAN;
    veil_audio audio = audio_of(sound, FRAMES, RATE, 2, VEIL_SAMPLE_F32);
    assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error),
                     VEIL_ERR_MALFORMED_INPUT);
    assert_true(b.error.offset <= 5000 && b.error.offset > 4000);
    free(sound);
    bench_close(&b);
}

static void the_sound_comes_at_the_rate_that_was_asked_for(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        bench b = {0};
        bench_open(&b);
        audio_fixture_close(&b.fixture);
        b.engine.sample_rate_hz = 16000;
        audio_fixture_open(&b.fixture, &b.config, VEIL_CPU_AUTO, true);
        b.options.language = "de";
        const uint64_t frames = rates[i] / 3 + 17;
        int16_t *sound = make_sound(frames, 1);
        veil_audio audio = audio_of(sound, frames, rates[i], 1, VEIL_SAMPLE_S16);
        assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
        assert_int_equal(b.fake.rate_hz, 16000);
        assert_int_equal(b.fake.samples_heard, (frames * 16000 + rates[i] - 1) / rates[i]);
        assert_string_equal(b.fake.language, "de");
        /* no sound is no words */
        audio.frame_count = 0;
        assert_int_equal(vl_audio_scan(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
        assert_int_equal(b.fake.samples_heard, 0);
        free(sound);
        bench_close(&b);
    }
}

static void instances_are_made_with_workspaces_and_all_destroyed(void **state)
{
    (void)state;
    for (uint32_t fails_at = 1; fails_at <= 3; fails_at++) {
        bench b = {0};
        bench_open(&b);
        assert_int_equal(b.fake.created, b.config.audio_workspaces);
        bench_close(&b);
        b.fake.created = 0;
        b.fake.create_fails_at = fails_at;
        b.fake.create_status = VEIL_ERR_MODEL;
        audio_fixture f;
        audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
        vl_audio_engine *engine = NULL;
        assert_int_equal(vl_audio_engine_create(&b.config, &f.runtime, f.text, &engine, &b.error), VEIL_ERR_MODEL);
        assert_null(engine);
        assert_int_equal(b.fake.alive, 0);
        audio_fixture_close(&f);
    }
}

static SF_INFO write_wav(const char *path, const int16_t *samples, uint64_t frames, int format)
{
    SF_INFO info = {.samplerate = RATE, .channels = 2, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    assert_non_null(file);
    sf_command(file, SFC_SET_SCALE_INT_FLOAT_WRITE, NULL, SF_TRUE);
    assert_int_equal(sf_writef_short(file, samples, (sf_count_t)frames), frames);
    sf_close(file);
    return info;
}

static void files_are_heard_as_pcm_is(void **state)
{
    (void)state;
    static const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                                  SF_FORMAT_FLAC | SF_FORMAT_PCM_24};
    bench b = {0};
    veil_asr_word words[16];
    b.fake.words[1] = words;
    b.fake.word_count[1] = fake_words(CARD, 2.0, 0.4, 0, words, 16);
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 2);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 2, VEIL_SAMPLE_S16);
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++) {
        char path[] = "/tmp/veil_asr_XXXXXX";
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        write_wav(path, sound, FRAMES, formats[k]);
        FILE *file = fdopen(fd, "rb");
        assert_non_null(file);
        static uint8_t bytes[FRAMES * 10], out[FRAMES * 10];
        size_t size = fread(bytes, 1, sizeof bytes, file), written = 0;
        fclose(file);
        remove(path);
        b.result.finding_count = 0;
        assert_int_equal(vl_audio_scan_encoded(b.fixture.engine, &b.options, bytes, size, &b.result, &b.error),
                         VEIL_OK);
        assert_int_equal(b.result.finding_count, 1);
        assert_string_equal(b.findings[0].entity, "CREDIT_CARD");
        assert_int_equal(b.findings[0].channel, 1);
        assert_int_equal(b.fake.samples_heard, FRAMES);
        assert_int_equal(vl_audio_redact_encoded(b.fixture.engine, &b.options, bytes, size, out, sizeof out, &written,
                                                 &b.result, &b.error),
                         VEIL_OK);
        assert_int_equal(b.result.words, VEIL_WORDS_ASR);
        /* a file that is cut short fails, however far the recogniser has come */
        assert_int_not_equal(vl_audio_redact_encoded(b.fixture.engine, &b.options, bytes, size - size / 3, out,
                                                     sizeof out, &written, &b.result, &b.error),
                             VEIL_OK);
        for (size_t i = 0; i < sizeof out; i++)
            assert_int_equal(out[i], 0);
    }
    assert_int_equal(vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error), VEIL_OK);
    free(sound);
    bench_close(&b);
}

static void nothing_is_allocated_but_by_the_recogniser(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    bench b = {0};
    veil_asr_word words[16];
    b.fake.words[0] = words;
    b.fake.word_count[0] = fake_words(CARD, 2.0, 0.4, 0, words, 16);
    bench_open(&b);
    int16_t *sound = make_sound(FRAMES, 1);
    veil_audio audio = audio_of(sound, FRAMES, RATE, 1, VEIL_SAMPLE_S16);
    malloc_counts before = malloc_count_read();
    veil_status status = vl_audio_redact(b.fixture.engine, &b.options, &audio, &b.result, &b.error);
    malloc_counts after = malloc_count_since(before);
    assert_int_equal(status, VEIL_OK);
    assert_int_equal(b.result.finding_count, 1);
    assert_int_equal(after.allocations, 0);
    assert_int_equal(after.maps, 0);
    free(sound);
    bench_close(&b);
}

typedef struct caller {
    bench *bench;
    bool is_right;
} caller;

static void *call_often(void *user)
{
    caller *c = user;
    c->is_right = true;
    for (int i = 0; i < 20; i++) {
        int16_t *sound = make_sound(FRAMES / 4, 1);
        veil_audio audio = audio_of(sound, FRAMES / 4, RATE, 1, VEIL_SAMPLE_S16);
        veil_audio_finding found[4];
        veil_audio_result result = {.struct_size = sizeof result, .findings = found, .finding_capacity = 4};
        veil_status status = vl_audio_redact(c->bench->fixture.engine, &c->bench->options, &audio, &result, NULL);
        c->is_right = c->is_right && status == VEIL_OK && result.finding_count == 1;
        free(sound);
    }
    return NULL;
}

/* The fake's notes are atomic or not written here; an instance is never entered twice, which bench_close checks. */
static void threads_have_instances_of_their_own(void **state)
{
    (void)state;
    bench b = {0};
    veil_asr_word words[8];
    b.fake.words[0] = words;
    b.fake.word_count[0] = fake_words("four one five five five oh one three", 0.2, 0.3, 0, words, 8);
    b.fake.is_quiet = true;
    bench_open(&b);
    pthread_t threads[6];
    caller callers[6];
    for (size_t i = 0; i < 6; i++) {
        callers[i] = (caller){.bench = &b};
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (size_t i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_true(callers[i].is_right);
    }
    assert_true(b.fake.created >= 4 && b.fake.created <= 6);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_and_removed_with_a_wide_guard),
        cmocka_unit_test(many_channels_of_many_words_are_served),
        cmocka_unit_test(a_deadline_is_seen_while_a_channel_is_heard),
        cmocka_unit_test(a_guard_that_the_engine_states_is_the_least),
        cmocka_unit_test(each_channel_is_heard_by_itself),
        cmocka_unit_test(words_out_of_order_are_put_in_order),
        cmocka_unit_test(alternatives_are_texts_of_their_own),
        cmocka_unit_test(a_transcript_and_recognition_join),
        cmocka_unit_test(words_that_cannot_be_make_the_call_fail),
        cmocka_unit_test(a_recogniser_that_fails_closes),
        cmocka_unit_test(too_many_words_are_a_limit),
        cmocka_unit_test(what_cannot_be_heard_is_refused_before_the_start),
        cmocka_unit_test(a_deadline_counts_while_listening),
        cmocka_unit_test(samples_that_are_no_numbers_are_malformed),
        cmocka_unit_test(the_sound_comes_at_the_rate_that_was_asked_for),
        cmocka_unit_test(instances_are_made_with_workspaces_and_all_destroyed),
        cmocka_unit_test(files_are_heard_as_pcm_is),
        cmocka_unit_test(nothing_is_allocated_but_by_the_recogniser),
        cmocka_unit_test(threads_have_instances_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

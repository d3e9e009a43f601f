/* Keys through the engine: what is reported, what is removed, in which channel, as which entity. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio_fixture.h"
#include "dtmf_fixture.h"
#include "support/malloc_count.h"

#define RATE     8000u
#define FOUND    48u
#define CARD     "4111111111111111"
#define NOT_CARD "4111111111111112"

static const char *const dtmf_name = "DTMF", *const card_name = "CREDIT_CARD", *const range_name = "RANGE";

typedef struct outcome {
    veil_audio_finding findings[FOUND];
    veil_audio_result result;
} outcome;

static veil_status scan(const audio_fixture *f, const veil_audio_options *options, const veil_audio *audio, outcome *o)
{
    memset(o, 0, sizeof *o);
    o->result =
        (veil_audio_result){.struct_size = sizeof o->result, .findings = o->findings, .finding_capacity = FOUND};
    return vl_audio_scan(f->engine, options, audio, &o->result, NULL);
}

static size_t count_of(const outcome *o, const char *entity)
{
    size_t count = 0;
    for (size_t i = 0; i < o->result.finding_count; i++)
        count += strcmp(o->findings[i].entity, entity) == 0;
    return count;
}

static int16_t *press(const char *keys, double pause_ms, size_t *frames, pressed *truth)
{
    uint64_t seed = 7;
    sequence s = {RATE, keys, 60, pause_ms, -15, 1, 0.4, -60};
    return make_sequence(&s, &seed, frames, truth);
}

static void each_key_is_a_finding(void **state)
{
    (void)state;
    audio_fixture f;
    outcome o;
    pressed truth[16];
    size_t frames = 0;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    int16_t *samples = press(KEYS_ALL, 60, &frames, truth);
    veil_audio audio = audio_of(samples, frames, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(scan(&f, NULL, &audio, &o), VEIL_OK);
    assert_int_equal(o.result.finding_count, 16);
    for (size_t i = 0; i < 16; i++) {
        const veil_audio_finding *g = &o.findings[i];
        assert_string_equal(g->entity, "DTMF");
        assert_int_equal(g->key, KEYS_ALL[i]);
        assert_int_equal(g->channel, 0);
        assert_true(g->score >= 1.0f && g->source == VEIL_SOURCE_DTMF);
        assert_true(g->start_s <= truth[i].start_s && g->end_s >= truth[i].end_s);
    }
    free(samples);
    audio_fixture_close(&f);
}

static size_t cards_in(const audio_fixture *f, const char *keys, double pause_ms, const veil_audio_options *options)
{
    outcome o;
    pressed truth[FOUND];
    size_t frames = 0;
    int16_t *samples = press(keys, pause_ms, &frames, truth);
    veil_audio audio = audio_of(samples, frames, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(scan(f, options, &audio, &o), VEIL_OK);
    bool reports_keys = options == NULL || options->entities == NULL || options->entities[0] == dtmf_name;
    assert_int_equal(count_of(&o, "DTMF"), reports_keys ? strlen(keys) : 0);
    free(samples);
    return count_of(&o, "CREDIT_CARD");
}

static void a_run_that_passes_luhn_is_a_card(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    assert_int_equal(cards_in(&f, CARD, 60, NULL), 1);
    assert_int_equal(cards_in(&f, NOT_CARD, 60, NULL), 0);
    assert_int_equal(cards_in(&f, "2#" CARD "#" CARD "*", 60, NULL), 2);
    assert_int_equal(cards_in(&f, "0" CARD, 60, NULL), 1);    /* 17 digits; a leading 0 changes no sum */
    assert_int_equal(cards_in(&f, CARD "1228", 60, NULL), 1); /* the expiry behind it */
    assert_int_equal(cards_in(&f, "2" CARD, 60, NULL), 1);    /* a menu before it */
    assert_int_equal(cards_in(&f, "2" CARD "1228", 60, NULL), 1);
    assert_int_equal(cards_in(&f, CARD "1228" CARD "0330", 60, NULL), 2);
    assert_int_equal(cards_in(&f, "90909090909090909090", 60, NULL), 0);
    assert_int_equal(cards_in(&f, "411111111111111#1", 60, NULL), 0);
    assert_int_equal(cards_in(&f, "12345678903", 60, NULL), 0); /* 11 digits with a right sum */
    assert_int_equal(cards_in(&f, "1234567890003", 900, NULL), 1);
    assert_int_equal(cards_in(&f, "1234567890003", 5200, NULL), 0);
    veil_audio_options options = audio_options();
    options.entities = &card_name;
    options.entity_count = 1;
    assert_int_equal(cards_in(&f, CARD, 60, &options), 1);
    options.entities = &dtmf_name;
    assert_int_equal(cards_in(&f, CARD, 60, &options), 0);
    audio_fixture_close(&f);
}

static bool is_changed(const int16_t *before, const int16_t *after, const pressed *key)
{
    size_t from = (size_t)(key->start_s * RATE + 0.5), to = (size_t)(key->end_s * RATE + 0.5), same = 0;
    for (size_t i = from; i < to; i++)
        same += before[i] == after[i] && before[i] != 0;
    return same < (to - from) / 20;
}

/* `options` over a card between stars; how many of its 18 keys went. */
static size_t removed(const audio_fixture *f, const veil_audio_options *options)
{
    pressed truth[18];
    size_t frames = 0, gone = 0;
    int16_t *samples = press("*" CARD "*", 60, &frames, truth);
    int16_t *before = malloc(frames * sizeof *before);
    assert_non_null(before);
    memcpy(before, samples, frames * sizeof *before);
    veil_audio audio = audio_of(samples, frames, RATE, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(f->engine, options, &audio, NULL, NULL), VEIL_OK);
    for (size_t i = 0; i < 18; i++)
        gone += is_changed(before, samples, &truth[i]);
    free(samples);
    free(before);
    return gone;
}

static void what_is_removed_follows_the_entities(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    veil_audio_options options = audio_options();
    options.guard_ms = 0;
    assert_int_equal(removed(&f, &options), 18);
    options.entities = &range_name;
    options.entity_count = 1;
    assert_int_equal(removed(&f, &options), 0);
    options.entities = &card_name;
    assert_int_equal(removed(&f, &options), 16);
    options.entities = NULL;
    options.entity_count = 0;
    options.exclude = &dtmf_name;
    options.exclude_count = 1;
    assert_int_equal(removed(&f, &options), 16);
    options.exclude = NULL;
    options.exclude_count = 0;
    veil_effect_rule rules[] = {{sizeof rules[0], "DTMF", VEIL_EFFECT_KEEP, 0},
                                {sizeof rules[0], "CREDIT_CARD", VEIL_EFFECT_SILENCE, 0}};
    options.effects = rules;
    options.effect_count = 2;
    assert_int_equal(removed(&f, &options), 16);
    rules[1].effect = VEIL_EFFECT_KEEP;
    assert_int_equal(removed(&f, &options), 0);
    audio_fixture_close(&f);
}

static void nothing_is_heard_after_redaction(void **state)
{
    (void)state;
    static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_SILENCE, VEIL_EFFECT_NOISE};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < 6; k++) {
        pressed truth[16];
        outcome o;
        size_t frames = 0;
        int16_t *samples = press(KEYS_ALL, 700, &frames, truth);
        veil_audio audio = audio_of(samples, frames, RATE, 1, VEIL_SAMPLE_S16);
        veil_effect_rule rule = {sizeof rule, "*", effects[k % 3], 0};
        veil_audio_options options = audio_options();
        options.effects = &rule;
        options.effect_count = 1;
        options.guard_ms = k < 3 ? 0 : -1;
        assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_OK);
        assert_int_equal(scan(&f, NULL, &audio, &o), VEIL_OK);
        assert_int_equal(o.result.finding_count, 0);
        free(samples);
    }
    audio_fixture_close(&f);
}

/* ---- Channels and formats ---- */

static void put(void *samples, uint32_t format, size_t index, int16_t value)
{
    if (format == VEIL_SAMPLE_S16) ((int16_t *)samples)[index] = value;
    if (format == VEIL_SAMPLE_F32) ((float *)samples)[index] = (float)value / 32768.0f;
}

static void keys_are_heard_in_every_channel(void **state)
{
    (void)state;
    static const uint32_t formats[] = {VEIL_SAMPLE_S16, VEIL_SAMPLE_F32};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (uint32_t k = 0; k < 8; k++) {
        pressed truth[4];
        outcome o;
        size_t frames = 0;
        uint32_t channels = 2 + k / 2 % 2, own = k % 2 == 0 ? channels - 1 : 0, format = formats[k / 4];
        int16_t *mono = press("159D", 60, &frames, truth);
        void *samples = calloc(frames * channels, vl_sample_bytes(format));
        assert_non_null(samples);
        for (size_t i = 0; i < frames; i++) {
            put(samples, format, i * channels + own, mono[i]);
            if (k % 2 == 1) put(samples, format, i * channels + 1, (int16_t)(mono[i] / 2)); /* an echo */
        }
        veil_audio audio = audio_of(samples, frames, RATE, channels, format);
        assert_int_equal(scan(&f, NULL, &audio, &o), VEIL_OK);
        assert_int_equal(o.result.finding_count, 4);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(o.findings[i].key, "159D"[i]);
            assert_int_equal(o.findings[i].channel, k % 2 == 1 ? -1 : (int32_t)own);
        }
        free(mono);
        free(samples);
    }
    audio_fixture_close(&f);
}

static void a_sample_that_is_no_number_fails_a_scan(void **state)
{
    (void)state;
    audio_fixture f;
    outcome o;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    float *samples = calloc(20000, sizeof *samples);
    assert_non_null(samples);
    samples[19999] = NAN;
    veil_audio audio = audio_of(samples, 10000, RATE, 2, VEIL_SAMPLE_F32);
    assert_int_equal(scan(&f, NULL, &audio, &o), VEIL_ERR_MALFORMED_INPUT);
    veil_audio_options options = audio_options();
    options.entities = &range_name;
    options.entity_count = 1;
    assert_int_equal(scan(&f, &options, &audio, &o), VEIL_OK); /* nothing listens, nothing is read */
    free(samples);
    audio_fixture_close(&f);
}

static void listening_does_not_allocate(void **state)
{
    (void)state;
    audio_fixture f;
    outcome o;
    pressed truth[16];
    size_t frames = 0;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    int16_t *samples = press(CARD, 60, &frames, truth);
    static const uint32_t rates[] = {8000, 12345, 192000};
    for (size_t k = 0; k < 3; k++) {
        veil_audio audio = audio_of(samples, frames, rates[k], 1, VEIL_SAMPLE_S16);
        malloc_counts before = malloc_count_read();
        assert_int_equal(scan(&f, NULL, &audio, &o), VEIL_OK);
        assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, &o.result, NULL), VEIL_OK);
        assert_int_equal(malloc_count_since(before).allocations, 0);
    }
    free(samples);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_is_a_finding),
        cmocka_unit_test(a_run_that_passes_luhn_is_a_card),
        cmocka_unit_test(what_is_removed_follows_the_entities),
        cmocka_unit_test(nothing_is_heard_after_redaction),
        cmocka_unit_test(keys_are_heard_in_every_channel),
        cmocka_unit_test(a_sample_that_is_no_number_fails_a_scan),
        cmocka_unit_test(listening_does_not_allocate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

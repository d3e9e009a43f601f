/* Texts beside words: whatever a transcript says in any writing is removed from the sound and from the transcript. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio_fixture.h"

#define RATE    8000u
#define SECONDS 12u

#define PHRASE(display, words)                                                                                         \
    "{\"recognizedPhrases\":[{\"offsetInTicks\":10000000,\"durationInTicks\":80000000,\"nBest\":[{\"display\":"        \
    "\"" display "\",\"words\":[" words "]}]}]}"
#define AZ(text, at) "{\"word\":\"" text "\",\"offsetInTicks\":" #at "0000000,\"durationInTicks\":4000000}"
#define WH(text, at) "{\"word\":\"" text "\",\"start\":" #at ",\"end\":" #at ".4}"
#define DG(word, punctuated, at)                                                                                       \
    "{\"word\":\"" word "\",\"punctuated_word\":\"" punctuated "\",\"start\":" #at ",\"end\":" #at ".4}"
#define DG_OF(transcript, words)                                                                                       \
    "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"" transcript "\",\"words\":[" words "]}]}]}}"

typedef struct expected {
    const char *json;
    const char *secret; /* in the document */
    double start_s;     /* what must go */
    double end_s;
    double most_s; /* cut at most */
} expected;

static void check(const audio_fixture *f, const expected *e)
{
    static int16_t samples[SECONDS * RATE];
    static char out[4096];
    size_t out_bytes = 0, changed = 0;
    veil_audio_finding findings[8];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 8};
    veil_error error = VEIL_ERROR_INIT;
    veil_audio_options options = audio_options();
    options.transcript = e->json;
    options.transcript_bytes = strlen(e->json);
    uint64_t state = 7;
    int16_t *before = random_samples(&state, VEIL_SAMPLE_S16, SECONDS * RATE);
    memcpy(samples, before, sizeof samples);
    veil_audio audio = audio_of(samples, SECONDS * RATE, RATE, 1, VEIL_SAMPLE_S16);
    veil_status status = vl_audio_redact(f->engine, &options, &audio, &result, &error);
    if (status != VEIL_OK) fail_msg("%s: %s", e->json, error.message);
    for (size_t i = 0; i < SECONDS * RATE; i++)
        changed += samples[i] != before[i];
    size_t from = (size_t)(e->start_s * RATE), to = (size_t)(e->end_s * RATE), same = 0;
    for (size_t i = from; i < to; i++)
        same += samples[i] == before[i];
    free(before);
    if (same > (to - from) / 50) fail_msg("%s: %zu samples stay", e->json, same);
    if ((double)changed > e->most_s * RATE) fail_msg("%s: %zu samples go", e->json, changed);
    if (result.finding_count != 1) fail_msg("%s: %zu findings", e->json, (size_t)result.finding_count);
    status = vl_transcript_redact(f->engine, &options, SECONDS, 1, out, sizeof out - 1, &out_bytes, &error);
    if (status != VEIL_OK) fail_msg("%s: %s", e->json, error.message);
    out[out_bytes] = '\0';
    if (strstr(out, e->secret) != NULL) fail_msg("%s: left in %s", e->json, out);
}

static void what_a_text_beside_words_shows_goes(void **state)
{
    (void)state;
    static const expected cases[] = {
        {PHRASE("My SSN is 536-90-4399.", AZ("moj", 1) "," AZ("numer", 3)), "536-90", 1, 9, 10},
        {"{\"segments\":[{\"start\":2,\"end\":6,\"text\":\" my ssn is 536-90-4399\",\"words\":[" WH("my", 2) "," WH(
             "numer", 3) "]},{\"start\":9,\"end\":10,\"text\":\" bye\"}]}",
         "536-90", 2, 6, 5},
        {"{\"results\":[{\"alternatives\":[{\"transcript\":\"my ssn is 536-90-4399\",\"words\":[{\"word\":\"my\","
         "\"startTime\":\"1s\",\"endTime\":\"2s\"}]}]}]}",
         "536-90", 0, 12, 12},
        {"{\"result\":[" WH("my", 1) "],\"text\":\"my ssn is 536-90-4399\"}", "536-90", 0, 12, 12},
        {DG_OF("my ssn is 536-90-4399", DG("ssn", "SSN", 1) "," DG("five", "five", 3)), "536-90", 0, 12, 12},
        {"{\"text\":\"my ssn is 536-90-4399\",\"segments\":[{\"start\":0,\"end\":5,\"text\":\"hello\"}]}", "536-90", 0,
         12, 12},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&f, &cases[i]);
    audio_fixture_close(&f);
}

static void only_the_words_that_say_it_go(void **state)
{
    (void)state;
    static const expected cases[] = {
        /* the words show it as well */
        {PHRASE("Write to jane.roe@example.com.", AZ("write", 1) "," AZ("jane.roe@example.com", 4)), "roe@", 4, 4.4,
         1.6},
        /* found in the words' spoken form only */
        {PHRASE("SSN 536-90-4399.",
                AZ("ssn", 1) "," AZ("five three six", 3) "," AZ("nine zero", 4) "," AZ("four three nine nine", 5)),
         "three nine nine", 3, 5.4, 3.6},
        /* in pieces that show nothing by themselves */
        {"{\"text\":\"mail jane.roe@example.com\",\"words\":[" WH("mail", 1) "," WH("jane.", 4) "," WH(
             "roe@", 5) "," WH("example.", 6) "," WH("com", 7) "]}",
         "roe@", 4, 7.4, 4.6},
        /* the whole repeats what a segment said beside its words */
        {"{\"text\":\" my ssn is 536-90-4399 bye\",\"segments\":[{\"start\":2,\"end\":6,\"text\":\" my ssn is "
         "536-90-4399\",\"words\":[" WH("my", 2) "," WH("numer", 3) "]},{\"start\":9,\"end\":10,\"text\":\" bye\"}]}",
         "536-90", 2, 6, 5},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&f, &cases[i]);
    audio_fixture_close(&f);
}

static void every_writing_of_a_word_is_searched(void **state)
{
    (void)state;
    static const expected cases[] = {
        {DG_OF("ok", DG("536-90-4399", "ok", 4)), "536-90", 4, 4.4, 1.6},
        {"{\"segments\":[{\"start\":1,\"end\":8,\"text\":\"ok\",\"words\":[{\"word\":\"ok\",\"text\":"
         "\"jane.roe@example.com\",\"start\":4,\"end\":4.4}]}]}",
         "roe@", 4, 4.4, 1.6},
        {DG_OF("write A B now",
               DG("write", "write", 1) "," DG("jane.roe@example.com", "A", 4) "," DG("now", "now.", 7)),
         "roe@", 4, 4.4, 1.6},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&f, &cases[i]);
    audio_fixture_close(&f);
}

static void a_member_that_stands_twice_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{\"words\":[{\"word\":\"hello\",\"word\":\"536-90-4399\",\"start\":1,\"end\":2}]}",
        "{\"segments\":[{\"start\":1,\"end\":2,\"text\":\"hello\",\"text\":\"my ssn is 536-90-4399\"}]}",
        "{\"words\":[" WH("hello", 1) "],\"words\":[" WH("536-90-4399", 4) "]}",
        "{\"words\":[{\"text\":\"ok\",\"text\":\"jane.roe@example.com\",\"start\":1000,\"end\":2000,\"confidence\":0.9}"
        "],"
        "\"id\":\"x\",\"audio_duration\":12,\"utterances\":[]}",
        ("{\"results\":[{\"alternatives\":[{\"transcript\":\"hello\",\"words\":[{\"startTime\":{\"seconds\":1,"
         "\"seconds\":4},"
         "\"endTime\":\"5s\",\"word\":\"hello\"}]}]}]}"),
        ("{\"results\":[{\"alternatives\":[{\"transcript\":\"hello\",\"words\":[{\"startTime\":\"1s\","
         "\"endTime\":{\"nanos\":5,\"seconds\":2,\"nanos\":6},\"word\":\"hello\"}]}]}]}"),
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[1024];
        size_t out_bytes = 0;
        veil_error error = VEIL_ERROR_INIT;
        veil_audio_options options = audio_options();
        options.transcript = cases[i];
        options.transcript_bytes = strlen(cases[i]);
        veil_status status = vl_transcript_redact(f.engine, &options, SECONDS, 1, out, sizeof out, &out_bytes, &error);
        if (status != VEIL_ERR_MALFORMED_INPUT) fail_msg("%s: %d", cases[i], (int)status);
        assert_non_null(strstr(error.message, "twice"));
    }
    audio_fixture_close(&f);
}

#define AWS_ITEM                                                                                                       \
    "{\"start_time\":\"1.0\",\"end_time\":\"1.4\",\"type\":\"pronunciation\",\"alternatives\":[{\"content\":"          \
    "\"hello\"}]}"

/* The words of the whole are each counted once, however many lists repeat them. */
static void lists_may_repeat_a_word_often(void **state)
{
    (void)state;
    enum { LISTS = 300 };
    static char document[LISTS * 200 + 1024], out[sizeof document];
    size_t at = (size_t)sprintf(document, "{\"results\":{\"transcripts\":[{\"transcript\":\"my ssn is 536-90-4399\"}],"
                                          "\"items\":[" AWS_ITEM "],\"channel_labels\":{\"channels\":[");
    for (int i = 0; i < LISTS; i++)
        at += (size_t)sprintf(document + at, "%s{\"channel_label\":\"ch_0\",\"items\":[" AWS_ITEM "]}",
                              i == 0 ? "" : ",");
    sprintf(document + at, "]}}}");
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    size_t out_bytes = 0;
    veil_error error = VEIL_ERROR_INIT;
    veil_audio_options options = audio_options();
    options.transcript = document;
    options.transcript_bytes = strlen(document);
    veil_status status = vl_transcript_redact(f.engine, &options, SECONDS, 1, out, sizeof out - 1, &out_bytes, &error);
    if (status != VEIL_OK) fail_msg("%s", error.message);
    out[out_bytes] = '\0';
    assert_null(strstr(out, "536-90"));
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_text_beside_words_shows_goes),   cmocka_unit_test(only_the_words_that_say_it_go),
        cmocka_unit_test(every_writing_of_a_word_is_searched),   cmocka_unit_test(lists_may_repeat_a_word_often),
        cmocka_unit_test(a_member_that_stands_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

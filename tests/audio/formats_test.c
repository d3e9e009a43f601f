/*
 * Every transcript format, from the seeds of fuzz_transcript (tests/fuzz/make_transcript_corpus.py): what it is taken for, its words
 * and times, its channel, and that a card number in it is found where it is spoken.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/transcript.h"
#include "audio_fixture.h"
#include "support/malloc_count.h"

#define FOLDER   VEIL_TEST_SOURCE_DIR "/tests/fuzz/corpus/fuzz_transcript/"
#define RATE     8000u
#define SECONDS  11u
#define FINDINGS 32u

static const char sentence[] =
    "my card number is four one one one one one one one one one one one one one one one thanks";

typedef struct sample {
    const char *name;
    uint32_t format;
    uint32_t channels;  /* of the sound */
    const char *entity; /* of the strongest finding */
    double start, end;  /* of that finding */
    int32_t channel;    /* of that finding */
    bool says_sentence;
} sample;

#define CARD_START 2.0
#define CARD_END   9.9

static const sample samples[] = {
    {"whispercpp_oj.json", VEIL_TRANSCRIPT_WHISPER_CPP, 1, "CREDIT_CARD", 0, 10.4, -1, true},
    {"whispercpp_ojf.json", VEIL_TRANSCRIPT_WHISPER_CPP, 2, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"aws_batch.json", VEIL_TRANSCRIPT_AWS, 2, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"aws_channels.json", VEIL_TRANSCRIPT_AWS, 2, "CREDIT_CARD", CARD_START, CARD_END, 0, false},
    {"aws_segments.json", VEIL_TRANSCRIPT_AWS, 1, "EMAIL_ADDRESS", 1, 1.5, -1, false},
    {"aws_stream.jsonl", VEIL_TRANSCRIPT_AWS, 2, "CREDIT_CARD", CARD_START, CARD_END, 0, false},
    {"google_v1.json", VEIL_TRANSCRIPT_GOOGLE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, false},
    {"google_v2.json", VEIL_TRANSCRIPT_GOOGLE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"google_objects.json", VEIL_TRANSCRIPT_GOOGLE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"azure_batch.json", VEIL_TRANSCRIPT_AZURE, 2, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"azure_batch_iso.json", VEIL_TRANSCRIPT_AZURE, 1, "SPOKEN_NUMBER", 1, 11, -1, false},
    {"azure_fast.json", VEIL_TRANSCRIPT_AZURE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"azure_sdk.json", VEIL_TRANSCRIPT_AZURE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"deepgram.json", VEIL_TRANSCRIPT_DEEPGRAM, 2, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"deepgram_stereo.json", VEIL_TRANSCRIPT_DEEPGRAM, 2, "CREDIT_CARD", CARD_START, CARD_END, 1, false},
    {"deepgram_live.jsonl", VEIL_TRANSCRIPT_DEEPGRAM, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"assemblyai.json", VEIL_TRANSCRIPT_ASSEMBLYAI, 2, "CREDIT_CARD", CARD_START, CARD_END, 1, true},
    {"picovoice.json", VEIL_TRANSCRIPT_PICOVOICE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"picovoice_node.json", VEIL_TRANSCRIPT_PICOVOICE, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"pocketsphinx.jsonl", VEIL_TRANSCRIPT_POCKETSPHINX, 1, "CREDIT_CARD", CARD_START, CARD_END, -1, true},
    {"words.ctm", VEIL_TRANSCRIPT_CTM, 2, "CREDIT_CARD", CARD_START, CARD_END, 0, true},
    {"choices.ctm", VEIL_TRANSCRIPT_CTM, 2, "EMAIL_ADDRESS", 0.5, 0.9, 1, false},
    {"cues.srt", VEIL_TRANSCRIPT_SRT, 1, "CREDIT_CARD", 2, 6.5, -1, false},
    {"cues.vtt", VEIL_TRANSCRIPT_VTT, 1, "CREDIT_CARD", 3.5, 5.5, -1, false},
};

#define SAMPLES (sizeof samples / sizeof samples[0])

static char *read_sample(const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s", FOLDER, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s: not there", path);
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    char *exact = malloc(*size + (*size == 0)); /* so that ASan sees a read past the end */
    assert_non_null(exact);
    memcpy(exact, bytes, *size);
    free(bytes);
    return exact;
}

typedef struct outcome {
    veil_audio_result result;
    veil_audio_finding findings[FINDINGS];
    veil_error error;
} outcome;

static veil_status scan(const audio_fixture *f, const char *bytes, size_t size, uint32_t format, uint32_t channels,
                        uint32_t seconds, outcome *out)
{
    static int16_t silence[60 * RATE * 2];
    memset(out, 0, sizeof *out);
    out->error = (veil_error)VEIL_ERROR_INIT;
    out->result =
        (veil_audio_result){.struct_size = sizeof out->result, .findings = out->findings, .finding_capacity = FINDINGS};
    veil_audio audio = audio_of(silence, (uint64_t)seconds * RATE, RATE, channels, VEIL_SAMPLE_S16);
    veil_audio_options options = audio_options();
    options.transcript = bytes;
    options.transcript_bytes = size;
    options.transcript_format = format;
    return vl_audio_scan(f->engine, &options, &audio, &out->result, &out->error);
}

static const veil_audio_finding *strongest(const outcome *o)
{
    const veil_audio_finding *best = NULL;
    for (size_t i = 0; i < o->result.finding_count && i < FINDINGS; i++) {
        if (best == NULL || o->findings[i].score > best->score) best = &o->findings[i];
    }
    return best;
}

static void every_format_is_told_from_its_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t size;
        char *bytes = read_sample(samples[i].name, &size);
        uint32_t format = vl_transcript_detect(bytes, size);
        if (format != samples[i].format) fail_msg("%s: taken for %u", samples[i].name, format);
        free(bytes);
    }
}

static void a_card_is_found_where_it_is_spoken(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < SAMPLES; i++) {
        const sample *s = &samples[i];
        size_t size;
        char *bytes = read_sample(s->name, &size);
        for (int named = 0; named < 2; named++) {
            outcome o;
            veil_status status =
                scan(&f, bytes, size, named ? s->format : VEIL_TRANSCRIPT_AUTO, s->channels, SECONDS, &o);
            if (status != VEIL_OK) fail_msg("%s: %d %s", s->name, status, o.error.message);
            const veil_audio_finding *best = strongest(&o);
            if (best == NULL) fail_msg("%s: nothing found", s->name);
            bool is_right = strcmp(best->entity, s->entity) == 0 && fabs(best->start_s - s->start) < 1e-6 &&
                            fabs(best->end_s - s->end) < 1e-6 && best->channel == s->channel;
            if (!is_right) {
                fail_msg("%s: %s %g to %g channel %d (%zu findings)", s->name, best->entity, best->start_s, best->end_s,
                         best->channel, o.result.finding_count);
            }
        }
        free(bytes);
    }
    audio_fixture_close(&f);
}

static char *lower_words(const vl_transcript *t)
{
    char *out = malloc(t->text_bytes + 1u);
    assert_non_null(out);
    size_t n = 0;
    for (uint32_t i = 0; i < t->text_bytes; i++) {
        char c = t->text[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c | 0x20);
        if (c != '.') out[n++] = c;
    }
    out[n] = '\0';
    return out;
}

static void words_come_out_once_in_every_format(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_works *works = NULL;
    assert_int_equal(vl_audio_works_create(&f.runtime, 1, VEIL_POOL_BUSY, NULL, &works), VEIL_OK);
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t size;
        char *bytes = read_sample(samples[i].name, &size);
        vl_audio_work *work = NULL;
        assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
        const vl_transcript_source source = {
            .bytes = bytes, .size_bytes = size, .duration_s = SECONDS, .channels = 2, .wants_places = true};
        vl_transcript t;
        veil_error error = VEIL_ERROR_INIT;
        veil_status status = vl_transcript_parse(&source, work, &t, &error);
        if (status != VEIL_OK) fail_msg("%s: %s", samples[i].name, error.message);
        char *said = lower_words(&t);
        if (samples[i].says_sentence && strcmp(said, sentence) != 0) fail_msg("%s: %s", samples[i].name, said);
        for (uint32_t k = 0; k < t.place_count; k++) {
            const vl_place *place = &t.places[k];
            assert_true(place->offset <= size && place->size_bytes <= size - place->offset);
            assert_true(place->word == VL_NO_WORD || place->word < t.count);
        }
        free(said);
        vl_audio_works_give(works, work);
        free(bytes);
    }
    vl_audio_works_destroy(works);
    audio_fixture_close(&f);
}

/* Parsing, finding and writing over live in the workspace. */
static void no_format_needs_an_allocation(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    static char out[1 << 18];
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t size, out_bytes;
        char *bytes = read_sample(samples[i].name, &size);
        veil_audio_options options = audio_options();
        options.transcript = bytes;
        options.transcript_bytes = size;
        outcome o;
        malloc_counts before = {0};
        for (int round = 0; round < 2; round++) { /* the first one fills caches of libraries */
            before = malloc_count_read();
            assert_int_equal(scan(&f, bytes, size, VEIL_TRANSCRIPT_AUTO, samples[i].channels, SECONDS, &o), VEIL_OK);
            assert_int_equal(vl_transcript_redact(f.engine, &options, SECONDS, samples[i].channels, out, sizeof out,
                                                  &out_bytes, &o.error),
                             VEIL_OK);
        }
        malloc_counts spent = malloc_count_since(before);
        if (spent.allocations + spent.maps != 0) fail_msg("%s: %zu", samples[i].name, (size_t)spent.allocations);
        free(bytes);
    }
    audio_fixture_close(&f);
}

/* JSON: any cut is an error. Lines and cues: an error, or what stands before the cut. */
static void cut_transcripts_are_refused_or_say_no_more(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t size;
        char *bytes = read_sample(samples[i].name, &size);
        bool is_json = bytes[0] == '{' && strstr(samples[i].name, ".jsonl") == NULL;
        for (size_t cut = 0; cut + 1 < size; cut++) {
            char *part = malloc(cut + (cut == 0));
            assert_non_null(part);
            memcpy(part, bytes, cut);
            outcome o;
            veil_status status = scan(&f, part, cut, VEIL_TRANSCRIPT_AUTO, samples[i].channels, SECONDS, &o);
            bool is_refused = status == VEIL_ERR_MALFORMED_INPUT && o.result.finding_count == 0;
            if (!is_refused && (status != VEIL_OK || is_json))
                fail_msg("%s cut at %zu: %d", samples[i].name, cut, status);
            free(part);
        }
        free(bytes);
    }
    audio_fixture_close(&f);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"1\n00:00:05,000 --> 00:00:04,000\nhello\n", "reversed"},
        {"1\n00:00:25,000 --> 00:00:26,000\nhello\n", "beyond"},
        {"1\n00:00:01,000 --> soon\nhello\n", "neither"},
        {"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n2\n00:00:x --> 00:00:04,000\nyou\n", "not a number"},
        {"1\n00:00:01,000 --> 00:00:02,000\nhello\n\nno times here\nat all\n", "without times"},
        {"WEBVTT\n\n00:01.000 --> 00:02.000\nhello --> you\n", "not a number"},
        {"1\n00:00:01,000 --> 00:00:02,000\nhello\n2\n00:00:2x --> 00:00:04,000\nyou\n", "not a number"},
        {"{\"partial\":\"pin four one six zero\"}", "without times"},
        {"{\"result\":[{\"word\":\"hello\",\"start\":1,\"end\":2}]}\n{\"partial\":\"a b\"}\n{\"text\":\"\"}\n",
         "without times"},
        {"{\"recognizedPhrases\":[{\"offset\":\"PT1S\",\"offsetInTicks\":70000000,\"duration\":\"PT1S\",\"nBest\":[]}]"
         "}",
         "not the same"},
        {"{\"results\":[{\"alternatives\":[{\"words\":[{\"word\":\"a\",\"startTime\":\"1s\",\"startOffset\":\"2s\","
         "\"endTime\":\"3s\"}]}]}]}",
         "not the same"},
        {"{\"results\":{\"items\":[{\"start_time\":\"1\",\"end_time\":\"2\",\"alternatives\":[{\"content\":\"a\"}]}],"
         "\"audio_segments\":[{\"transcript\":\"a b\"}]}}",
         "without times"},
        {"WEBVTT\n\n00:01.000 --> 00:02.000\na <00:03.000>b\n", "reversed"},
        {"call 1 1.0 0.5 a\ncall 1 x 0.5 b\n", "word 1: a time is not"},
        {"call 1 1.0 0.5 a\ncall 1 -1.0 0.5 b\n", "word 1: a time is negative"},
        {"call 1 1.0 0.5 a\ncall 1 2.0 -0.5 b\n", "word 1: its times are reversed"},
        {"call 1 1.0 0.5 a\ncall 5 2.0 0.5 b\n", "word 1: it is in a channel"},
        {"call 1 1.0 0.5 a\nother 1 2.0 0.5 b\n", "word 1: it is of another recording"},
        {"call 1 1.0 nan a\n", "neither"},
        {"call 1 1.0 0.5 a\ncall 1 1.0\n", "word 1: its line"},
        {"{\"results\":{\"items\":[{\"start_time\":\"x\",\"end_time\":\"1\",\"alternatives\":[{\"content\":\"a\"}]}]}}",
         "a time is not"},
        {"{\"results\":{\"items\":[{\"start_time\":\"2\",\"end_time\":\"1\",\"alternatives\":[{\"content\":\"a\"}]}]}}",
         "reversed"},
        {"{\"results\":{\"items\":[{\"start_time\":\"2\",\"end_time\":\"99\",\"alternatives\":[{\"content\":\"a\"}]}]}"
         "}",
         "ends beyond"},
        {"{\"results\":{\"channel_labels\":{\"channels\":[{\"channel_label\":\"ch_2\",\"items\":[{\"start_time\":\"1\","
         "\"end_time\":\"2\",\"alternatives\":[{\"content\":\"a\"}]}]}]}}}",
         "in a channel"},
        {"{\"results\":[{\"alternatives\":[{\"words\":[{\"word\":\"a\",\"startTime\":\"1\",\"endTime\":\"2s\"}]}]}]}",
         "a time is not"},
        {"{\"results\":[{\"alternatives\":[{\"transcript\":\"a b\"}]}]}", "without times"},
        {"{\"recognizedPhrases\":[{\"offset\":\"1.5\",\"duration\":\"PT1S\",\"nBest\":[]}]}", "a time is not"},
        {"{\"recognizedPhrases\":[{\"channel\":7,\"offset\":\"PT1S\",\"duration\":\"PT1S\",\"nBest\":[{\"display\":"
         "\"a\"}]}]}",
         "in a channel"},
        {"{\"combinedPhrases\":[{\"text\":\"hello\"}],\"phrases\":[]}", "without times"},
        {"{\"b\":0,\"d\":1,\"w\":[{\"b\":-1,\"d\":1,\"t\":\"a\"}]}", "negative"},
        {"{\"transcript\":\"a b\",\"words\":[]}", "without times"},
        {"{\"audio_url\":\"x\",\"text\":\"a\",\"words\":[{\"text\":\"a\",\"start\":1,\"end\":2,\"channel\":\"9\"}]}",
         "in a channel"},
        {"{\"audio_url\":\"x\",\"words\":[{\"text\":\"a\",\"start\":0.5,\"end\":1}]}",
         "word 0: a time is not in whole"},
        {"{\"audio_url\":\"x\",\"words\":[{\"text\":\"a\",\"start\":1,\"end\":2},{\"text\":\"b\",\"start\":2,\"end\":3}"
         ","
         "{\"text\":\"c\",\"start\":3,\"end\":3},{\"text\":\"d\",\"start\":3,\"end\":4},{\"text\":\"e\",\"start\":5,"
         "\"end\":6}]"
         "}",
         "are its times in seconds?"},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        outcome o;
        veil_status status = scan(&f, cases[i].text, strlen(cases[i].text), VEIL_TRANSCRIPT_AUTO, 2, SECONDS, &o);
        if (status != VEIL_ERR_MALFORMED_INPUT || strstr(o.error.message, cases[i].says) == NULL)
            fail_msg("case %zu: %s: %d %s", i, cases[i].text, status, o.error.message);
    }
    audio_fixture_close(&f);
}

/* Texts that lie where nobody looked, or beside words: where what they say is found. */
static void what_is_said_is_found_in_its_own_time(void **state)
{
    (void)state;
#define CARD "my card number is 4111 1111 1111 1111"
#define CUE  "00:00:01,000 --> 00:00:03,000\n"
#define NEXT "00:00:03,000 --> 00:00:05,000\n"
#define VTT  "00:03.000 --> 00:05.000\n"
#define ITEM(word, at)                                                                                                 \
    "{\"start_time\":\"" at ".0\",\"end_time\":\"" at ".9\",\"alternatives\":[{\"content\":\"" word "\"}]}"
    static const struct {
        const char *text;
        const char *entity;
        double start, end;
    } cases[] = {
        /* no blank line between cues */
        {"1\n" CUE "hello\n2\n" NEXT CARD "\n", "CREDIT_CARD", 3, 5},
        {"1\n" CUE CARD "\n2\n" NEXT "hello\n", "CREDIT_CARD", 1, 3},
        {CUE "hello\n" NEXT CARD "\n", "CREDIT_CARD", 3, 5},
        {"WEBVTT\n\n00:01.000 --> 00:03.000\nhello\n" VTT CARD "\n", "CREDIT_CARD", 3, 5},
        {"WEBVTT\n\n00:01.000 --> 00:03.000\nmy pin is\n4165\n" VTT "yes\n", "SPOKEN_NUMBER", 1, 3},
        /* nor behind what is no cue */
        {"WEBVTT\nKind: captions\nLanguage: en\n" VTT CARD "\n", "CREDIT_CARD", 3, 5},
        {"WEBVTT\n\nNOTE\nby me\n" VTT CARD "\n", "CREDIT_CARD", 3, 5},
        {"WEBVTT\n\nSTYLE\n::cue {}\n" VTT CARD "\n", "CREDIT_CARD", 3, 5},
        /* Vosk's partial results: the result says it with times, or otherwise, or somewhere before */
        {"{\"partial\":\"pin four one six "
         "zero\"}\n{\"result\":[{\"word\":\"pin\",\"start\":1,\"end\":2},{\"word\":\"four\",\"start\":3,"
         "\"end\":4},{\"word\":\"one\",\"start\":4,\"end\":5},{\"word\":\"six\",\"start\":5,\"end\":6},{\"word\":"
         "\"zero\",\"start\":6,"
         "\"end\":7}],\"text\":\"pin four one six zero\"}",
         "SPOKEN_NUMBER", 3, 7},
        {"{\"result\":[{\"word\":\"hello\",\"start\":1,\"end\":2}]}{\"partial\":\"pin four one six "
         "zero\"}{\"text\":\"\"}"
         "{\"result\":[{\"word\":\"yes\",\"start\":5,\"end\":6}]}",
         "SPOKEN_NUMBER", 2, 6},
        /* AWS: segments of the sound */
        {"{\"results\":{\"transcripts\":[{\"transcript\":\"call me now\"}],\"items\":[" ITEM("call", "1") "," ITEM(
             "me",
             "2") "," ITEM("now",
                           "7") "],\"audio_segments\":[{\"id\":0,\"transcript\":\"call me at "
                                "415-555-0132\",\"start_time\":\"1.0\",\"end_time\":\"5.0\",\"items\":[0,1]},{\"id\":1,"
                                "\"transcript\":\"now\",\"start_time\":\"7.0\",\"end_time\":\"8.0\",\"items\":[2]}]}}",
         "PHONE_NUMBER", 1, 5},
        {"{\"results\":{\"items\":[" ITEM("mail", "1") "," ITEM(
             "jane@example.com", "2") "],\"audio_segments\":[{\"transcript\":\"mail "
                                      "jane@example.com\",\"start_time\":\"1.0\",\"end_time\":\"5.0\"}]}}",
         "EMAIL_ADDRESS", 2, 2.9},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        outcome o;
        veil_status status = scan(&f, cases[i].text, strlen(cases[i].text), VEIL_TRANSCRIPT_AUTO, 1, SECONDS, &o);
        if (status != VEIL_OK) fail_msg("case %zu: %d %s", i, status, o.error.message);
        const veil_audio_finding *best = strongest(&o);
        if (best == NULL) fail_msg("case %zu: nothing found", i);
        bool is_right = strcmp(best->entity, cases[i].entity) == 0 && fabs(best->start_s - cases[i].start) < 1e-6 &&
                        fabs(best->end_s - cases[i].end) < 1e-6 && o.result.finding_count == 1;
        if (!is_right)
            fail_msg("case %zu: %s %g to %g, %zu findings", i, best->entity, best->start_s, best->end_s,
                     o.result.finding_count);
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_told_from_its_content),
        cmocka_unit_test(a_card_is_found_where_it_is_spoken),
        cmocka_unit_test(words_come_out_once_in_every_format),
        cmocka_unit_test(no_format_needs_an_allocation),
        cmocka_unit_test(cut_transcripts_are_refused_or_say_no_more),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(what_is_said_is_found_in_its_own_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

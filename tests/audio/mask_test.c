/* Redacted transcripts: nothing that was found stands anywhere in them, everything else stays, and they are read as before. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/transcript.h"
#include "audio_fixture.h"
#include "core/json.h"

#define FOLDER VEIL_TEST_SOURCE_DIR "/tests/fuzz/corpus/fuzz_transcript/"

typedef struct written {
    char *bytes; /* NUL-terminated */
    size_t size;
    veil_status status;
    veil_error error;
} written;

static written redact(const audio_fixture *f, const veil_audio_options *options, double duration_s, uint32_t channels)
{
    written w = {.error = VEIL_ERROR_INIT};
    w.status = vl_transcript_redact(f->engine, options, duration_s, channels, NULL, 0, &w.size, &w.error);
    if (w.status != VEIL_ERR_BUFFER_TOO_SMALL) return w;
    w.error = (veil_error)VEIL_ERROR_INIT;
    size_t capacity = w.size;
    w.bytes = malloc(capacity + 1);
    assert_non_null(w.bytes);
    w.status = vl_transcript_redact(f->engine, options, duration_s, channels, w.bytes, capacity, &w.size, &w.error);
    assert_true(w.status != VEIL_OK || w.size == capacity);
    w.bytes[w.size] = '\0';
    return w;
}

static veil_audio_options with(const char *transcript)
{
    veil_audio_options options = audio_options();
    options.transcript = transcript;
    options.transcript_bytes = strlen(transcript);
    return options;
}

static char *read_file(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s", FOLDER, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s: not there", path);
    char *bytes = calloc(1, 1 << 20);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, (1 << 20) - 1, file);
    bytes[n] = '\0';
    fclose(file);
    return bytes;
}

/* Does every document in it parse? */
static bool is_json(const char *bytes, size_t size)
{
    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == ' '))
        size--;
    for (size_t at = 0; at < size;) {
        vl_json json;
        vl_json_token token;
        vl_json_init(&json, bytes + at, size - at);
        do {
            if (vl_json_next(&json, &token) == VL_JSON_ERROR) return false;
        } while (json.depth != 0);
        at += json.offset;
        while (at < size && bytes[at] == '\n')
            at++;
    }
    return true;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
        count++;
    return count;
}

static void nothing_found_is_left_in_any_format(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *entity;
        const char *gone[5];
        const char *stays;
    } cases[] = {
        {"whispercpp_oj.json", "CREDIT_CARD", {"one", "four"}, "My card number is "},
        {"whispercpp_ojf.json", "CREDIT_CARD", {"\"text\": \" on\"", "\"text\": \" fo\"", "one one"}, "card number is"},
        {"aws_batch.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"aws_channels.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "okay"},
        {"aws_segments.json", "EMAIL_ADDRESS", {"jane", "example"}, "\"confidence\": \"0.9\""},
        {"aws_stream.jsonl", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "my card number is"},
        {"google_v1.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"google_v2.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"google_objects.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"azure_batch.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"azure_batch_iso.json", "SPOKEN_NUMBER", {"four one", "4160", "one six"}, "My pin is"},
        {"azure_fast.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"azure_sdk.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"deepgram.json", "CREDIT_CARD", {"\"one\"", "\"one.\"", "\"four\"", "one one"}, "card number is"},
        {"deepgram_stereo.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "okay"},
        {"deepgram_live.jsonl", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"assemblyai.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "https://example.com/call.wav"},
        {"picovoice.json", "CREDIT_CARD", {"\"one\"", "\"four\"", "one one"}, "card number is"},
        {"pocketsphinx.jsonl", "CREDIT_CARD", {"\"one", "\"four", "one one"}, "<sil>"},
        {"words.ctm", "CREDIT_CARD", {" one ", " four "}, ";; a comment"},
        {"choices.ctm", "EMAIL_ADDRESS", {"june", "example"}, "<ALT_BEGIN>"},
        {"cues.srt", "CREDIT_CARD", {"4111", "1111"}, "<i>Hello there.</i>"},
        {"cues.vtt", "CREDIT_CARD", {"4111", "1111"}, "<v Agent>Hello &amp; welcome"},
        {"whisper.json", NULL, {NULL}, ""},
        {"whisperx.json", NULL, {NULL}, ""},
        {"verbose.json", NULL, {NULL}, ""},
        {"vosk_alternatives.json", NULL, {NULL}, ""},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *before = read_file(cases[i].name);
        veil_audio_options options = with(before);
        written w = redact(&f, &options, 0, 0);
        if (w.status != VEIL_OK) fail_msg("%s: %d %s", cases[i].name, w.status, w.error.message);
        for (size_t k = 0; k < 5 && cases[i].gone[k] != NULL; k++) {
            if (strstr(w.bytes, cases[i].gone[k]) != NULL)
                fail_msg("%s: %s is left in %s", cases[i].name, cases[i].gone[k], w.bytes);
        }
        if (strstr(w.bytes, cases[i].stays) == NULL)
            fail_msg("%s: %s is gone: %s", cases[i].name, cases[i].stays, w.bytes);
        if (cases[i].entity != NULL && strstr(w.bytes, cases[i].entity) == NULL) fail_msg("%s: no mask", cases[i].name);
        uint32_t format = vl_transcript_detect(before, strlen(before));
        assert_int_equal(vl_transcript_detect(w.bytes, w.size), format);
        if (format < VEIL_TRANSCRIPT_CTM && !is_json(w.bytes, w.size)) fail_msg("%s: %s", cases[i].name, w.bytes);
        veil_audio_options again = with(w.bytes); /* a redacted transcript gives nothing away */
        written twice = redact(&f, &again, 0, 0);
        assert_int_equal(twice.status, VEIL_OK);
        if (strcmp(twice.bytes, w.bytes) != 0) fail_msg("%s: %s\nbecame %s", cases[i].name, w.bytes, twice.bytes);
        free(twice.bytes);
        free(w.bytes);
        free(before);
    }
    audio_fixture_close(&f);
}

static void clean_transcripts_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const clean[] = {
        "{ \"text\" : \" hello  there\",\n\t\"segments\":[{\"start\":0,\"end\":1.50,\"text\":\" hello  "
        "there\",\"words\":"
        "[{\"word\":\" hello\",\"start\":0,\"end\":0.5,\"probability\":9.90e-1},{\"word\":\" "
        "th\\u0065re\",\"start\":0.5,"
        "\"end\":1.5}]}], \"language\":\"en\", \"x\":[null,true,-0.0,\"\\\"\\/\"] }\r\n",
        "1\r\n00:00:00,000 --> 00:00:01,000\r\n<b>hello</b> {\\an8}there\r\n\r\n",
        "WEBVTT\nKind: captions\n\n00:00.000 --> 00:01.000\nhello &lt;there&gt;\n",
        ";; x\n call 1 0.00 0.5 hello 0.9 \r\ncall 1 0.5 0.5 there\n",
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof clean / sizeof clean[0]; i++) {
        veil_audio_options options = with(clean[i]);
        written w = redact(&f, &options, 2, 1);
        if (w.status != VEIL_OK) fail_msg("%zu: %s", i, w.error.message);
        assert_string_equal(w.bytes, clean[i]);
        free(w.bytes);
    }
    audio_fixture_close(&f);
}

#define W(word, at) "{\"word\":\"" word "\",\"start\":" #at ",\"end\":" #at ".9}"

/* Fields that no format has: what was said is not left in them, whatever its writing. */
static void fields_that_nobody_explained_are_searched(void **state)
{
    (void)state;
    static const char document[] =
        "{\"segments\":[{\"words\":[" W("pin", 1) "," W("four", 2) "," W("one", 3) "," W("six", 4) "," W(
            "zero",
            5) "," W("mail",
                     6) "," W("jane",
                              7) "," W("at",
                                       8) "," W("example",
                                                9) "," W("dot",
                                                         10) "," W("com",
                                                                   11) "]}],"
                                                                       "\"pin\":\"4160\",\"digits\":4160,\"other\":"
                                                                       "41601,\"time\":4160.5,\"4160\":1,\"note\":"
                                                                       "\"PIN was 4-1-6-0, ok\","
                                                                       "\"said\":\"four, one, six "
                                                                       "zero!\",\"mail\":\"Jane@Example.com\",\"id\":"
                                                                       "\"94160\",\"summary\":\"call 415-555-0132\","
                                                                       "\"escaped\":\"\\u0034160 \\n x\"}";
    static const char expected[] =
        "\"pin\":\"[SPOKEN_NUMBER]\",\"digits\":0,\"other\":41601,\"time\":4160.5,\"[SPOKEN_NUMBER]\":1,\"note\":\"PIN "
        "was "
        "[SPOKEN_NUMBER], "
        "ok\",\"said\":\"[SPOKEN_NUMBER]!\",\"mail\":\"[EMAIL_ADDRESS]\",\"id\":\"94160\",\"summary\":\"call "
        "[PHONE_NUMBER]\",\"escaped\":\"[SPOKEN_NUMBER] \\n x\"}";
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = with(document);
    written w = redact(&f, &options, 20, 1);
    assert_int_equal(w.status, VEIL_OK);
    const char *tail = strstr(w.bytes, "\"pin\":");
    assert_non_null(tail);
    assert_string_equal(tail, expected);
    assert_int_equal(count_of(w.bytes, "[SPOKEN_NUMBER]"), 4 + 5);
    assert_int_equal(count_of(w.bytes, "{\"word\":\"[EMAIL_ADDRESS]\""), 5);
    free(w.bytes);
    audio_fixture_close(&f);
}

/* Names that times have elsewhere, with what was found, or what could be found; and real times, which stay. */
static void what_is_named_like_a_time_need_not_be_one(void **state)
{
    (void)state;
    static const char head[] =
        "{\"segments\":[{\"start\":0,\"end\":4.160,\"words\":[" W("pin", 1) "," W("four", 2) "," W("one", 3) "," W(
            "six", 4) "," W("zero", 5) ",{\"word\":\"so\",\"start\":4160e-3,\"end\":4160E-3}]}],";
    static const char tail[] = "\"meta\":{\"from\":\"415.555.0132\",\"ip\":{\"from\":\"10.20.30.41\"},\"d\":\"4111."
                               "1111.1111.1111\",\"b\":\"536."
                               "90.4399\",\"to\":\"4160\",\"start\":4160,\"offset\":4155550,\"end\":\"00:00:06.000\","
                               "\"duration\":\"PT6S\",\"seconds\":"
                               "\"12.5s\",\"start_time\":\"41:60:00.000\"}}";
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    char document[2048];
    snprintf(document, sizeof document, "%s%s", head, tail);
    veil_audio_options options = with(document);
    written w = redact(&f, &options, 20, 1);
    if (w.status != VEIL_OK) fail_msg("%s", w.error.message);
    static const char *const gone[] = {"415.555", "10.20.30", "4111.", "90.4399", "\"4160\"", ":4160,"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        if (strstr(w.bytes, gone[i]) != NULL) fail_msg("%s is left in %s", gone[i], w.bytes);
    static const char *const kept[] = {"\"end\":4.160,",   "\"start\":4160e-3,\"end\":4160E-3",
                                       "\"00:00:06.000\"", "\"PT6S\"",
                                       "\"12.5s\"",        "\"start\":1,"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (strstr(w.bytes, kept[i]) == NULL) fail_msg("%s is gone from %s", kept[i], w.bytes);
    free(w.bytes);
    audio_fixture_close(&f);
}

/* Keys and recognised words that were found in the sound go by their time, under their own names and effects. */
static void what_was_heard_goes_by_its_time(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options =
        with("{\"segments\":[{\"words\":[" W("hello", 1) "," W("nine", 2) "," W("there", 3) "]}]}");
    veil_audio_finding heard[2] = {
        {.entity = "DTMF", .start_s = 2.1, .end_s = 2.5, .channel = -1, .source = 3},
        {.entity = "EMAIL_ADDRESS", .start_s = 3.1, .end_s = 3.5, .channel = -1, .source = 4}};
    static const char *const no_ranges[] = {"RANGE"};
    options.heard = heard;
    options.heard_count = 2;
    options.exclude = no_ranges;
    options.exclude_count = 1;
    written w = redact(&f, &options, 20, 1);
    if (w.status != VEIL_OK) fail_msg("%s", w.error.message);
    assert_non_null(strstr(w.bytes, "\"hello\""));
    assert_non_null(strstr(w.bytes, "\"[DTMF]\""));
    assert_non_null(strstr(w.bytes, "\"[EMAIL_ADDRESS]\""));
    free(w.bytes);
    const veil_effect_rule keep = {sizeof keep, "DTMF", VEIL_EFFECT_KEEP, 0};
    options.effects = &keep;
    options.effect_count = 1;
    w = redact(&f, &options, 20, 1);
    assert_int_equal(w.status, VEIL_OK);
    assert_non_null(strstr(w.bytes, "\"nine\""));
    free(w.bytes);
    for (int i = 0; i < 4; i++) {
        veil_audio_finding bad = heard[0];
        if (i == 0) bad.entity = "NO_SUCH";
        if (i == 1) bad.entity = NULL;
        if (i == 2) bad.end_s = NAN;
        if (i == 3) bad.channel = 1;
        options.heard = &bad;
        options.heard_count = 1;
        w = redact(&f, &options, 20, 1);
        assert_int_equal(w.status, VEIL_ERR_INVALID_ARGUMENT);
        free(w.bytes);
    }
    audio_fixture_close(&f);
}

/* A segment with a finding may show more: each number goes, not only the first thing in it. */
static void every_number_of_a_segment_goes(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = with(
        "{\"segments\":[{\"start\":0,\"end\":9,\"text\":\"mail jane@example.com or dial 4132, then I said four one six "
        "zero.\"}],\"note\":\"mail jo@example.com, pin 7788 and pin 9911\"}");
    written w = redact(&f, &options, 20, 1);
    assert_int_equal(w.status, VEIL_OK);
    assert_string_equal(w.bytes,
                        "{\"segments\":[{\"start\":0,\"end\":9,\"text\":\"mail [EMAIL_ADDRESS] or dial "
                        "[SPOKEN_NUMBER], then I said [SPOKEN_NUMBER].\"}],\"note\":\"mail [EMAIL_ADDRESS], pin "
                        "[SPOKEN_NUMBER] and pin [SPOKEN_NUMBER]\"}");
    free(w.bytes);
    audio_fixture_close(&f);
}

/* Redact and compare. */
static void becomes(const audio_fixture *f, const char *document, const char *expected)
{
    veil_audio_options options = with(document);
    written w = redact(f, &options, 0, 0);
    if (w.status != VEIL_OK) fail_msg("%d %s: %s", w.status, w.error.message, document);
    assert_string_equal(w.bytes, expected);
    free(w.bytes);
}

#define HELLO "{\"words\":[" W("hello", 1) "]"

/* Numbers are searched like texts, however they are written, and stay numbers. */
static void numbers_are_searched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    becomes(&f,
            HELLO ",\"caller\":4155550132,\"a\":4111111111111111.0,\"b\":4111111111111111e0,\"c\":41111111111111110E-1,"
                  "\"d\":4.155550132e9,\"e\":4155550132.5,\"f\":12345678,\"g\":-0.0,\"h\":1e999999}",
            HELLO ",\"caller\":0,\"a\":0,\"b\":0,\"c\":0,"
                  "\"d\":0,\"e\":4155550132.5,\"f\":12345678,\"g\":-0.0,\"h\":1e999999}");
    becomes(&f, HELLO ",\"from\":\"4155550132\",\"to\":4155550132}", HELLO ",\"from\":\"[PHONE_NUMBER]\",\"to\":0}");
    audio_fixture_close(&f);
}

/* What was said may be the digits of a time, which stays. */
static void times_stay_whatever_was_said(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    becomes(
        &f,
        "{\"words\":[{\"word\":\"4111\",\"start\":4110,\"end\":4111},{\"word\":\"so\",\"start\":4111,\"end\":4112.5}],"
        "\"startTime\":\"4111.0s\",\"x\":4111,\"y\":\"4111.0s\"}",
        "{\"words\":[{\"word\":\"[SPOKEN_NUMBER]\",\"start\":4110,\"end\":4111},{\"word\":\"so\",\"start\":4111,"
        "\"end\":"
        "4112.5}],\"startTime\":\"4111.0s\",\"x\":0,\"y\":\"[SPOKEN_NUMBER].0s\"}");
    audio_fixture_close(&f);
}

/* A finding that runs from one segment into the next is left in the text of neither. */
static void findings_across_segments_leave_both_texts(void **state)
{
    (void)state;
    static const char *const documents[] = {
        ("{\"segments\":[{\"start\":1,\"end\":5,\"text\":\" Mail jane dot roe\",\"words\":[" W(" mail", 1) "," W(
            " jane", 2) "," W(" dot", 3) "," W(" roe",
                                               4) "]},{\"start\":5,\"end\":9,\"text\":\" at example dot com, "
                                                  "please.\",\"words\":[" W(" at", 5) "," W(" example", 6) "," W(
                                                      " dot", 7) "," W(" com,", 8) "," W(" please.", 9) "]}]}"),
        ("{\"text\":\"mail jane dot roe at example dot com\",\"words\":[" W("mail", 1) "," W("jane", 2) "," W(
            "dot",
            3) "," W("roe",
                     4) "," W("at",
                              5) "," W("example",
                                       6) "," W("dot",
                                                7) "," W("com",
                                                         8) "],\"segments\":[{\"id\":0,\"start\":1,\"end\":5,\"text\":"
                                                            "\" Mail jane "
                                                            "dot roe\"},{\"id\":1,\"start\":5,\"end\":7,\"text\":\" at "
                                                            "example\"},{\"id\":2,\"start\":7,\"end\":9,\"text\":\" "
                                                            "dot com.\"}]}"),
        ("{\"words\":[" W("mail", 1) "," W("jane", 2) "," W("dot", 3) "," W("roe", 4) "," W("at", 5) "," W(
            "example",
            6) "," W("dot",
                     7) "," W("com",
                              8) "],\"sentences\":[{\"text\":\"Mail jane dot\"},{\"text\":\"Roe.\"},{\"text\":\"At "
                                 "example\"},{\"text\":\"Dot com!\"}]}"),
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        veil_audio_options options = with(documents[i]);
        written w = redact(&f, &options, 0, 0);
        if (w.status != VEIL_OK) fail_msg("%zu: %s", i, w.error.message);
        static const char *const gone[] = {"jane", "roe", "Roe", "example", "dot", "com"};
        for (size_t k = 0; k < sizeof gone / sizeof gone[0]; k++) {
            if (strstr(w.bytes, gone[k]) != NULL) fail_msg("%zu: %s is left in %s", i, gone[k], w.bytes);
        }
        if (strstr(w.bytes, "ail") == NULL) fail_msg("%zu: too much is gone: %s", i, w.bytes);
        free(w.bytes);
    }
    becomes(&f,
            "{\"words\":[" W("mail", 1) "," W("jane", 2) "," W("at", 3) "," W("example.com",
                                                                              4) "],\"note\":\"ask jane first\"}",
            "{\"words\":[" W("mail", 1) "," W("[EMAIL_ADDRESS]", 2) "," W("[EMAIL_ADDRESS]", 3) "," W(
                "[EMAIL_ADDRESS]", 4) "],\"note\":\"ask jane first\"}");
    audio_fixture_close(&f);
}

/* A word's other writing may show what the chosen one does not. */
static void other_writings_of_a_word_are_searched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    becomes(&f, "{\"words\":[{\"word\":\"hello\",\"text\":\"jane@example.com\",\"start\":1,\"end\":2}]}",
            "{\"words\":[{\"word\":\"[EMAIL_ADDRESS]\",\"text\":\"[EMAIL_ADDRESS]\",\"start\":1,\"end\":2}]}");
    audio_fixture_close(&f);
}

/* A recognizer's vocabulary turns ids back into text. */
static void token_ids_go_when_anything_is_masked(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    becomes(&f,
            "{\"segments\":[{\"id\":7,\"seek\":500,\"start\":0,\"end\":9,\"tokens\":[50364, 2394,310],\"text\":\" pin "
            "4160\"}]}",
            "{\"segments\":[{\"id\":7,\"seek\":500,\"start\":0,\"end\":9,\"tokens\":[0, 0,0],\"text\":\" pin "
            "[SPOKEN_NUMBER]\"}]}");
    becomes(&f, "{\"segments\":[{\"start\":0,\"end\":9,\"tokens\":[50364,2394],\"text\":\" hello\"}]}",
            "{\"segments\":[{\"start\":0,\"end\":9,\"tokens\":[50364,2394],\"text\":\" hello\"}]}");
    /* known only behind the ids */
    becomes(
        &f,
        "{\"segments\":[{\"start\":0,\"end\":9,\"tokens\":[50364],\"text\":\" hi\"}],\"note\":\"jane@example.com\"}",
        "{\"segments\":[{\"start\":0,\"end\":9,\"tokens\":[0],\"text\":\" hi\"}],\"note\":\"[EMAIL_ADDRESS]\"}");
    becomes(&f,
            "{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" pin 4160\",\"tokens\":[{\"text\":\" "
            "pin\",\"offsets\":"
            "{\"from\":0,\"to\":400},\"id\":5447,\"p\":0.9},{\"text\":\" "
            "4160\",\"offsets\":{\"from\":400,\"to\":900},\"id\":19,\"p\":"
            "0.5}]}]}",
            "{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" pin "
            "[SPOKEN_NUMBER]\",\"tokens\":[{\"text\":\" pin\","
            "\"offsets\":{\"from\":0,\"to\":400},\"id\":0,\"p\":0.9},{\"text\":\" "
            "[SPOKEN_NUMBER]\",\"offsets\":{\"from\":400,\"to\":900},"
            "\"id\":0,\"p\":0.5}]}]}");
    audio_fixture_close(&f);
}

#define VTT_CUE "WEBVTT\n\n00:00.000 --> 00:01.000\n"

static void tags_are_searched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    becomes(&f, VTT_CUE "<v\tjane@example.com>hello\n", VTT_CUE "<v\t[EMAIL_ADDRESS]>hello\n");
    becomes(&f, VTT_CUE "<v.loud jane@example.com>hello <i>you</i>\n",
            VTT_CUE "<v.loud [EMAIL_ADDRESS]>hello <i>you</i>\n");
    becomes(&f, VTT_CUE "<lang jane@example.com>hello</lang>\n", VTT_CUE "<lang [EMAIL_ADDRESS]>hello</lang>\n");
    becomes(&f, VTT_CUE "<c.4155550132>hello <00:00.500>you</c>\n",
            VTT_CUE "<c.[PHONE_NUMBER]>hello <00:00.500>you</c>\n");
    becomes(&f, VTT_CUE "<font face=\"call 415-555-0132\">hello\n",
            VTT_CUE "<font face=\"call [PHONE_NUMBER]\">hello\n");
    audio_fixture_close(&f);
}

/* Spaces and punctuation beyond ASCII part words as those of ASCII do. */
static void other_alphabets_spaces_part_words(void **state)
{
    (void)state;
    static const char *const gaps[] = {"\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80", "\xE2\x80\x94", "\xEF\xBB\xBF"};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        char document[1024], expected[1024];
        snprintf(
            document, sizeof document,
            "{\"words\":[" W("pin", 1) "," W("4", 2) "," W("1", 3) "," W("6", 4) "," W("0", 5) "],\"note\":\"so\xC2\xAB"
                                                                                               "4%s1%s6%s0\xC2\xBB\"}",
            gaps[i], gaps[i], gaps[i]);
        snprintf(expected, sizeof expected, "\"note\":\"so\xC2\xAB[SPOKEN_NUMBER]\xC2\xBB\"}");
        veil_audio_options options = with(document);
        written w = redact(&f, &options, 0, 0);
        assert_int_equal(w.status, VEIL_OK);
        if (strstr(w.bytes, expected) == NULL) fail_msg("%zu: %s", i, w.bytes);
        free(w.bytes);
    }
    audio_fixture_close(&f);
}

static void ranges_count_and_keep_stays(void **state)
{
    (void)state;
    static const char document[] = "{\"words\":[" W("pin", 1) "," W("4160", 2) "," W("hello", 3) "," W("you", 4) "]}";
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = with(document);
    const veil_audio_range range = {3.2, 3.5, -1, 0};
    const veil_effect_rule keep = {sizeof keep, "SPOKEN_NUMBER", VEIL_EFFECT_KEEP, 0};
    options.ranges = &range;
    options.range_count = 1;
    options.effects = &keep;
    options.effect_count = 1;
    written w = redact(&f, &options, 20, 1);
    assert_int_equal(w.status, VEIL_OK);
    assert_string_equal(w.bytes, "{\"words\":[" W("pin", 1) "," W("4160", 2) "," W("[RANGE]", 3) "," W("you", 4) "]}");
    free(w.bytes);
    audio_fixture_close(&f);
}

/* `transcript` comes out without `gone`, and with `kept`. */
static void check_goes(const audio_fixture *f, const char *transcript, const char *gone, const char *kept)
{
    veil_audio_options options = with(transcript);
    written w = redact(f, &options, 0, 0);
    if (w.status != VEIL_OK) fail_msg("%s: %s", transcript, w.error.message);
    if (strstr(w.bytes, gone) != NULL) fail_msg("%s is left in %s", gone, w.bytes);
    if (strstr(w.bytes, kept) == NULL) fail_msg("%s is not left in %s", kept, w.bytes);
    free(w.bytes);
}

#define CUE "1\n00:00:01,000 --> 00:00:05,000"

static void brackets_that_are_no_tags_are_text(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    check_goes(&f, CUE "\nwrite to <jane.roe@example.com> now\n", "jane.roe", "write to <");
    check_goes(&f, CUE "\ncall <4155550132> now\n", "4155550132", "call <");
    check_goes(&f, CUE "\nwrite to <b.roe@example.com> now\n", "roe@", "write to <");
    check_goes(&f, CUE "\nwrite to </jane.roe@example.com> now\n", "jane.roe", "write to <");
    check_goes(&f, CUE "\nwrite to {\\jane.roe@example.com} now\n", "jane.roe", "write to {");
    check_goes(&f, "WEBVTT\n\n00:01.000 --> 00:05.000\nwrite to <jane.roe@example.com> now\n", "jane.roe",
               "write to <");
    /* what is a tag still stands between letters without being one */
    check_goes(&f, CUE "\nwrite to jane<b>.roe</b>@exam<I>ple</I>.com now\n", "ane<b>.roe", "write to [");
    check_goes(&f, "WEBVTT\n\n00:01.000 --> 00:05.000\nwrite to jane<c.red.big>.roe</c>@example.com now\n", ".roe</c>",
               "write to [");
    audio_fixture_close(&f);
}

static void text_behind_the_times_of_a_cue_is_searched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    check_goes(&f, CUE " jane2@example.com\nhello\n", "jane2", "00:00:05,000 [");
    check_goes(&f, "WEBVTT\n\n00:01.000 --> 00:05.000 position:50% jane2@example.com\nhello\n", "jane2",
               "position:50% [");
    audio_fixture_close(&f);
}

static void byte_order_marks_move_no_place(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
#define BOM "\xEF\xBB\xBF"
    check_goes(&f, BOM CUE "\nmail jane.roe@example.com now\n", "jane.roe", "mail [EMAIL_ADDRESS] now");
    check_goes(&f, BOM BOM CUE "\nmail jane.roe@example.com now\n", "jane.roe", "mail [EMAIL_ADDRESS] now");
    check_goes(&f, BOM BOM BOM "{\"words\":[{\"word\":\"jane.roe@example.com\",\"start\":0,\"end\":1}]}", "jane.roe",
               "\"[EMAIL_ADDRESS]\"");
    audio_fixture_close(&f);
}

static void every_field_of_ctm_is_searched(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    check_goes(&f, "jane.roe@example.com 1 0.0 0.4 hello 0.9\n", "jane.roe", " 1 0.0 0.4 hello 0.9");
    check_goes(&f, "a 1 * * <ALT_BEGIN> jane.roe@example.com\na 1 0.0 0.4 hello NA\na 1 * * <ALT_END>\n", "jane.roe",
               "a 1 0.0 0.4 hello NA");
    veil_audio_options options = with("a 1 0.0 0.4 hello 0.9\na 1 0.5 0.4 there jane@example.com\n");
    written w = redact(&f, &options, 0, 0);
    assert_int_equal(w.status, VEIL_ERR_MALFORMED_INPUT);
    assert_non_null(strstr(w.error.message, "confidence"));
    audio_fixture_close(&f);
}

static void failures_say_why(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = with("{\"words\":[" W("a", 9) "]}");
    assert_int_equal(redact(&f, &options, 2, 1).status, VEIL_ERR_MALFORMED_INPUT);
    options = with("{\"words\":[" W("a", 1) "],\"x\":\"\\ud800\"}");
    assert_int_equal(redact(&f, &options, 2, 1).status, VEIL_ERR_MALFORMED_INPUT);
    const veil_audio_range range = {3.5, 3.2, -1, 0};
    options = with("{\"words\":[" W("a", 1) "]}");
    options.ranges = &range;
    options.range_count = 1;
    assert_int_equal(redact(&f, &options, 2, 1).status, VEIL_ERR_INVALID_ARGUMENT);
    options = audio_options();
    assert_int_equal(redact(&f, &options, 2, 1).status, VEIL_ERR_INVALID_ARGUMENT);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_left_in_any_format),
        cmocka_unit_test(clean_transcripts_stay_as_they_are),
        cmocka_unit_test(fields_that_nobody_explained_are_searched),
        cmocka_unit_test(what_is_named_like_a_time_need_not_be_one),
        cmocka_unit_test(what_was_heard_goes_by_its_time),
        cmocka_unit_test(every_number_of_a_segment_goes),
        cmocka_unit_test(numbers_are_searched),
        cmocka_unit_test(times_stay_whatever_was_said),
        cmocka_unit_test(findings_across_segments_leave_both_texts),
        cmocka_unit_test(other_writings_of_a_word_are_searched),
        cmocka_unit_test(token_ids_go_when_anything_is_masked),
        cmocka_unit_test(tags_are_searched),
        cmocka_unit_test(other_alphabets_spaces_part_words),
        cmocka_unit_test(ranges_count_and_keep_stays),
        cmocka_unit_test(brackets_that_are_no_tags_are_text),
        cmocka_unit_test(text_behind_the_times_of_a_cue_is_searched),
        cmocka_unit_test(byte_order_marks_move_no_place),
        cmocka_unit_test(every_field_of_ctm_is_searched),
        cmocka_unit_test(failures_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

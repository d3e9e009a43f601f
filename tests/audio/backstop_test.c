/*
 * Whatever a redacted transcript masks in its words is gone from the sound: in every format, wherever it was found, and where it is
 * said again with nothing around it that gives it away.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/transcript.h"
#include "audio/work.h"
#include "audio_fixture.h"

#define FOLDER  VEIL_TEST_SOURCE_DIR "/tests/fuzz/corpus/fuzz_transcript/"
#define RATE    8000u
#define SECONDS 60u
#define FRAMES  ((size_t)SECONDS * RATE)
#define BYTES   ((size_t)1 << 16)

typedef struct outcome {
    int16_t *before;
    int16_t *after;
    char *document; /* NUL-terminated */
    uint32_t channels;
    size_t findings;
    veil_status sound;
    veil_status text;
    veil_error error;
} outcome;

static outcome redact(const audio_fixture *f, const char *transcript, uint32_t channels)
{
    uint64_t state = 11;
    outcome o = {.channels = channels, .error = VEIL_ERROR_INIT, .document = calloc(1, BYTES)};
    veil_error unused = VEIL_ERROR_INIT;
    veil_audio_options options = audio_options();
    options.transcript = transcript;
    options.transcript_bytes = strlen(transcript);
    o.before = random_samples(&state, VEIL_SAMPLE_S16, FRAMES * channels);
    o.after = malloc(FRAMES * channels * sizeof *o.after);
    assert_true(o.document != NULL && o.before != NULL && o.after != NULL);
    memcpy(o.after, o.before, FRAMES * channels * sizeof *o.after);
    veil_audio audio = audio_of(o.after, FRAMES, RATE, channels, VEIL_SAMPLE_S16);
    veil_audio_result result = {.struct_size = sizeof result};
    o.sound = vl_audio_redact(f->engine, &options, &audio, &result, &o.error);
    o.findings = (size_t)result.finding_count;
    size_t size = 0;
    o.text = vl_transcript_redact(f->engine, &options, SECONDS, channels, o.document, BYTES - 1, &size, &unused);
    o.document[o.text == VEIL_OK ? size : 0] = '\0';
    return o;
}

static void forget(outcome *o)
{
    free(o->before);
    free(o->after);
    free(o->document);
}

/* Share of the samples of a time that are as they were. */
static double left_of(const outcome *o, double start_s, double end_s)
{
    size_t from = (size_t)(start_s * RATE) * o->channels, to = (size_t)(end_s * RATE) * o->channels, same = 0;
    for (size_t i = from; i < to; i++)
        same += o->before[i] == o->after[i];
    return to > from ? (double)same / (double)(to - from) : 0;
}

/* ---- A word with its times in every format ---- */

typedef struct form {
    const char *name;
    const char *head;
    const char *item; /* {w} word; {s} {e} {d} seconds; {S} {E} {D} ms; {T} {L} ticks; {A} {B} clock; {n} from 1 */
    const char *between;
    const char *tail;
} form;

static const form forms[] = {
    {"Whisper", "{\"segments\":[{\"words\":[", "{\"word\":\" {w}\",\"start\":{s},\"end\":{e}}", ",", "]}]}"},
    {"Whisper, words at the top", "{\"words\":[", "{\"word\":\"{w}\",\"start\":{s},\"end\":{e}}", ",", "]}"},
    {"Whisper, segments", "{\"segments\":[", "{\"start\":{s},\"end\":{e},\"text\":\" {w}\"}", ",", "]}"},
    {"whisper.cpp", "{\"transcription\":[", "{\"offsets\":{\"from\":{S},\"to\":{E}},\"text\":\" {w}\"}", ",", "]}"},
    {"whisper.cpp, tokens", "{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":60000},\"text\":\"\",\"tokens\":[",
     "{\"text\":\" {w}\",\"offsets\":{\"from\":{S},\"to\":{E}}}", ",", "]}]}"},
    {"Vosk", "{\"result\":[", "{\"conf\":1.0,\"word\":\"{w}\",\"start\":{s},\"end\":{e}}", ",", "],\"text\":\"\"}"},
    {"Vosk, alternatives", "{\"alternatives\":[{\"result\":[", "{\"word\":\"{w}\",\"start\":{s},\"end\":{e}}", ",",
     "],\"text\":\"\"}]}"},
    {"AWS", "{\"results\":{\"transcripts\":[],\"items\":[",
     "{\"start_time\":\"{s}\",\"end_time\":\"{e}\",\"type\":\"pronunciation\",\"alternatives\":[{\"content\":\"{w}\"}]"
     "}",
     ",", "]}}"},
    {"AWS, streaming", "{\"Transcript\":{\"Results\":[{\"Alternatives\":[{\"Items\":[",
     "{\"Content\":\"{w}\",\"StartTime\":{s},\"EndTime\":{e}}", ",", "]}]}]}}"},
    {"Google", "{\"results\":[{\"alternatives\":[{\"words\":[",
     "{\"startTime\":\"{s}s\",\"endTime\":\"{e}s\",\"word\":\"{w}\"}", ",", "]}]}]}"},
    {"Azure, batch",
     "{\"recognizedPhrases\":[{\"offsetInTicks\":0,\"durationInTicks\":600000000,\"nBest\":[{\"words\":[",
     "{\"word\":\"{w}\",\"offsetInTicks\":{T},\"durationInTicks\":{L}}", ",", "]}]}]}"},
    {"Azure, fast", "{\"phrases\":[{\"offsetMilliseconds\":0,\"durationMilliseconds\":60000,\"words\":[",
     "{\"text\":\"{w}\",\"offsetMilliseconds\":{S},\"durationMilliseconds\":{D}}", ",", "]}]}"},
    {"Azure, SDK", "{\"Offset\":0,\"Duration\":600000000,\"NBest\":[{\"Words\":[",
     "{\"Word\":\"{w}\",\"Offset\":{T},\"Duration\":{L}}", ",", "]}]}"},
    {"Deepgram", "{\"results\":{\"channels\":[{\"alternatives\":[{\"words\":[",
     "{\"word\":\"{w}\",\"start\":{s},\"end\":{e}}", ",", "]}]}]}}"},
    {"AssemblyAI", "{\"id\":\"x\",\"audio_duration\":60,\"utterances\":[],\"words\":[",
     "{\"text\":\"{w}\",\"start\":{S},\"end\":{E},\"confidence\":0.9}", ",", "]}"},
    {"Picovoice", "{\"words\":[", "{\"word\":\"{w}\",\"start_sec\":{s},\"end_sec\":{e}}", ",", "]}"},
    {"PocketSphinx", "{\"b\":0.0,\"d\":60.0,\"t\":\"\",\"w\":[", "{\"b\":{s},\"d\":{d},\"t\":\"{w}\"}", ",", "]}"},
    {"CTM", "", "a 1 {s} {d} {w}\n", "", ""},
    {"SRT", "", "{n}\n{A} --> {B}\n{w}\n\n", "", ""},
    {"WebVTT", "WEBVTT\n\n", "{A} --> {B}\n{w}\n\n", "", ""},
};

#define FORMS (sizeof forms / sizeof forms[0])

static size_t clock_text(char *out, double seconds, bool is_srt)
{
    int ms = (int)lrint(seconds * 1000);
    return (size_t)sprintf(out, "00:00:%02d%c%03d", ms / 1000, is_srt ? ',' : '.', ms % 1000);
}

static size_t value_text(char *out, char what, const char *word, size_t word_bytes, uint32_t index, bool is_srt)
{
    const double start_s = 0.5 * index, end_s = start_s + 0.4;
    switch (what) {
    case 'w':
        return (size_t)sprintf(out, "%.*s", (int)word_bytes, word);
    case 's':
        return (size_t)sprintf(out, "%.1f", start_s);
    case 'e':
        return (size_t)sprintf(out, "%.1f", end_s);
    case 'd':
        return (size_t)sprintf(out, "0.4");
    case 'S':
        return (size_t)sprintf(out, "%u", index * 500);
    case 'E':
        return (size_t)sprintf(out, "%u", index * 500 + 400);
    case 'D':
        return (size_t)sprintf(out, "400");
    case 'T':
        return (size_t)sprintf(out, "%u", index * 5000000);
    case 'L':
        return (size_t)sprintf(out, "4000000");
    case 'n':
        return (size_t)sprintf(out, "%u", index + 1);
    default:
        return clock_text(out, what == 'A' ? start_s : end_s, is_srt);
    }
}

/* Word i of `text` lies from 0.5 * i to 0.5 * i + 0.4 s. */
static const char *write_as(const form *as, const char *text, char out[BYTES])
{
    size_t at = (size_t)sprintf(out, "%s", as->head);
    const bool is_srt = strcmp(as->name, "SRT") == 0;
    for (uint32_t index = 0; *text != '\0'; index++) {
        size_t word_bytes = strcspn(text, " ");
        at += (size_t)sprintf(out + at, "%s", index == 0 ? "" : as->between);
        for (const char *p = as->item; *p != '\0'; p++) {
            if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
                at += value_text(out + at, p[1], text, word_bytes, index, is_srt);
                p += 2;
            } else {
                out[at++] = *p;
            }
        }
        text += word_bytes;
        text += strspn(text, " ");
    }
    sprintf(out + at, "%s", as->tail);
    return out;
}

#define FAR                                                                                                            \
    " and then there was a lot of other talk which is of no use to anyone who listens to this call at all but which "  \
    "takes its time and so on "

/* Nothing around the second mention says what it is. */
static void what_is_said_again_goes_in_every_format(void **state)
{
    (void)state;
    static const char text[] = "my passport number is C01234567" FAR "C01234567 bye now";
    const double first_s = 2.0, calm_s = 7.5;
    static char document[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    uint32_t words = 1;
    for (const char *p = text; *p != '\0'; p++)
        words += *p == ' ';
    const double second_s = 0.5 * (words - 3);
    for (size_t i = 0; i < FORMS; i++) {
        outcome o = redact(&f, write_as(&forms[i], text, document), 1);
        if (o.sound != VEIL_OK || o.text != VEIL_OK) fail_msg("%s: %s", forms[i].name, o.error.message);
        if (strstr(o.document, "C01234567") != NULL) fail_msg("%s: left in %s", forms[i].name, o.document);
        double first = left_of(&o, first_s, first_s + 0.4), second = left_of(&o, second_s, second_s + 0.4);
        if (first > 0.02 || second > 0.02) fail_msg("%s: %.2f and %.2f are left", forms[i].name, first, second);
        if (left_of(&o, calm_s, calm_s + 1) < 1) fail_msg("%s: too much is gone", forms[i].name);
        if (o.findings != 2) fail_msg("%s: %zu findings", forms[i].name, o.findings);
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* Over several words, and in a channel where nothing gave it away. */
static void repeats_may_be_in_pieces(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "my passport number is C01234567" FAR "C012 34567 bye now",
        "my passport number is c zero one two three four five six seven" FAR "C01234567 x bye now",
    };
    static char document[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t words = 1;
        for (const char *p = texts[i]; *p != '\0'; p++)
            words += *p == ' ';
        outcome o = redact(&f, write_as(&forms[0], texts[i], document), 1);
        if (o.sound != VEIL_OK) fail_msg("%zu: %s", i, o.error.message);
        const double start_s = 0.5 * (words - 4);
        if (left_of(&o, start_s, start_s + 0.4) > 0.02) fail_msg("%zu: the repeat is left", i);
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* ---- Members that no format has ---- */

/* `document` with `member` as the first of the object that begins at `at`. */
static const char *with_member(const char *document, const char *at, const char *member, char out[BYTES])
{
    int length = snprintf(out, BYTES, "%.*s%s,%s", (int)(at + 1 - document), document, member, at + 1);
    assert_true(length > 0 && (size_t)length < BYTES);
    return out;
}

static bool is_json(const form *f)
{
    return f->head[0] == '{';
}

#define CARD "four one one one one one one one one one one one one one one one"
#define LIST                                                                                                           \
    "[\"four\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\",\"one\","       \
    "\"one\","                                                                                                         \
    "\"one\",\"one\",\"calm\"]"

static const char *const lists[] = {
    "\"x\":" LIST,
    "\"x\":{\"deep\":[" LIST "]}",
    ("\"x\":[{\"w\":\"four\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":"
     "\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":"
     "\"one\"},{\"w\":\"one\"},{\"w\":\"one\"},{\"w\":\"calm\"}]"),
    "\"x\":[\"4111\",\"1111\",\"1111\",\"1111\",\"calm\"]",
    ("\"x\":[\"\u2581fo\",\"ur\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\","
     "\"\u2581"
     "one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\",\"\u2581one\","
     "\"\u2581on\",\"e\","
     "\"\u2581calm\"]"),
};

#define LISTS (sizeof lists / sizeof lists[0])

static void check_gone(const outcome *o, const char *name)
{
    static const char *const gone[] = {"four", "one\"", "1111", "fo\"", "ur\""};
    if (o->text != VEIL_OK) fail_msg("%s: the transcript failed", name);
    for (size_t k = 0; k < sizeof gone / sizeof gone[0]; k++) {
        if (strstr(o->document, gone[k]) != NULL) fail_msg("%s: %s is left in %s", name, gone[k], o->document);
    }
    if (strstr(o->document, "calm") == NULL) fail_msg("%s: too much is gone: %s", name, o->document);
}

/* What the words say, an unknown list says again, a word a string. */
static void lists_that_repeat_the_words_are_masked(void **state)
{
    (void)state;
    static char document[BYTES], whole[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < FORMS; i++) {
        if (!is_json(&forms[i])) continue;
        write_as(&forms[i], "my card number is " CARD " thanks", document);
        outcome o = redact(&f, with_member(document, document, lists[i % LISTS], whole), 1);
        if (o.sound != VEIL_OK) fail_msg("%s: %s", forms[i].name, o.error.message);
        check_gone(&o, forms[i].name);
        if (left_of(&o, 2.0, 9.9) > 0.02) fail_msg("%s: the number is left", forms[i].name);
        if (left_of(&o, 0, 1.5) < 1 || o.findings != 1) fail_msg("%s: too much is gone", forms[i].name);
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* No word says it: it is masked in the document, and there is no time to cut, so no sound comes out. */
static void what_has_no_time_leaves_no_sound(void **state)
{
    (void)state;
    static char document[BYTES], whole[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < FORMS + LISTS; i++) {
        const form *as = &forms[i < FORMS ? i : 1];
        if (!is_json(as)) continue;
        write_as(as, "hello there and good bye", document);
        outcome o = redact(&f, with_member(document, document, lists[i % LISTS], whole), 1);
        check_gone(&o, as->name);
        /* Azure's and PocketSphinx's document is one object with a time */
        bool has_time = o.sound == VEIL_OK && left_of(&o, 0, SECONDS) < 0.02;
        bool is_refused = o.sound == VEIL_ERR_MALFORMED_INPUT && strstr(o.error.message, "no time is known") != NULL;
        if (!has_time && !is_refused) fail_msg("%s: %d %s", as->name, (int)o.sound, o.error.message);
        for (size_t k = 0; k < FRAMES && is_refused; k++)
            assert_int_equal(o.after[k], 0);
        forget(&o);
    }
    static const char *const others[] = {
        "WEBVTT\n\nNOTE card 4111 1111 1111 1111\n\n00:01.000 --> 00:02.000\ncalm\n",
        ";; card 4111 1111 1111 1111\na 1 1.0 0.4 calm\n",
        "{\"words\":[{\"word\":\"calm\",\"start\":1,\"end\":2}],\"summary\":\"card 4111 1111 1111 1111\"}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        outcome o = redact(&f, others[i], 1);
        check_gone(&o, others[i]);
        assert_int_equal(o.sound, VEIL_ERR_MALFORMED_INPUT);
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* More kinds of members than are told apart: no copy and no sound, for texts that shared a place would break each other up. */
static void too_many_members_are_a_limit(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    static char json[1 << 16];
    static const char *const parts[] = {"{\"aa\":\"4111\",\"bb\":\"red\"}", "{\"aa\":\"1111\",\"bb\":\"blue\"}",
                                        "{\"aa\":\"1111\",\"bb\":\"red\"}", "{\"aa\":\"1111\",\"bb\":\"blue\"}"};
    for (unsigned members = 5; members <= 300; members += 59) {
        size_t size = (size_t)sprintf(
            json,
            "{\"text\":\"hello there\",\"segments\":[{\"start\":0,\"end\":5,\"text\":\"hello there\","
            "\"words\":[{\"word\":\"hello\",\"start\":0,\"end\":1},{\"word\":\"there\",\"start\":1,\"end\":2}]}]");
        for (unsigned i = 0; i < members; i++)
            size += (size_t)sprintf(json + size, ",\"m%u\":[\"red\",\"green\"]", i);
        size += (size_t)sprintf(json + size, ",\"x\":[");
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            size += (size_t)sprintf(json + size, "%s%s", i == 0 ? "" : ",", parts[i]);
        (void)sprintf(json + size, "]}");
        outcome o = redact(&f, json, 1);
        if (members > 254) assert_int_equal(o.sound, VEIL_ERR_LIMIT);
        if (members > 254) assert_int_equal(o.text, VEIL_ERR_LIMIT);
        if (members <= 254) assert_int_equal(o.sound, VEIL_ERR_MALFORMED_INPUT); /* there is no time for it */
        if (members <= 254) assert_null(strstr(o.document, "4111"));
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* It stands in the object of a word: that word's time goes. */
static void what_stands_beside_a_word_takes_its_time(void **state)
{
    (void)state;
    static char document[BYTES], whole[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < FORMS; i++) {
        if (!is_json(&forms[i])) continue;
        write_as(&forms[i], "hello there xylograph and good calm bye", document);
        const char *at = strstr(document, "xylograph"); /* back to where its object, or the one around it, begins */
        bool is_aws = strcmp(forms[i].name, "AWS") == 0;
        for (int opened = is_aws ? 2 : 1; opened != 0; opened -= *at == '{')
            at--;
        outcome o = redact(&f, with_member(document, at, "\"note\":\"card 4111 1111 1111 1111\"", whole), 1);
        if (o.sound != VEIL_OK) fail_msg("%s: %s: %s", forms[i].name, o.error.message, whole);
        check_gone(&o, forms[i].name);
        if (left_of(&o, 1.0, 1.4) > 0.02) fail_msg("%s: its sound is left", forms[i].name);
        if (left_of(&o, 2.0, 3.0) < 1) fail_msg("%s: too much is gone", forms[i].name);
        forget(&o);
    }
    outcome o = redact(&f,
                       "WEBVTT\n\n00:01.000 --> 00:02.000 card 4111 1111 1111 1111\nhello\n\n"
                       "00:03.000 --> 00:04.000\ncalm\n",
                       1);
    if (o.sound != VEIL_OK || left_of(&o, 1, 2) > 0.02) fail_msg("the cue is left: %s", o.error.message);
    forget(&o);
    audio_fixture_close(&f);
}

/* Names, addresses and dates of the document itself are no speech; they cost no sound. */
static void names_of_the_document_cost_no_sound(void **state)
{
    (void)state;
    static const char *const members[] = {
        "\"agent\":\"jane@example.com\"",
        "\"created\":\"2024-05-01 10:00:00\",\"url\":\"https://example.com/a b\"",
        "\"ids\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\"]",
        "\"speakers\":[\"A\",\"B\",\"A\",\"B\",\"spk_0\",\"spk_1\"],\"sha\":\"9f86d081884c7d659a2feaa0c55ad015\"",
    };
    static char document[BYTES], whole[BYTES];
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        write_as(&forms[0], "hello there calm and good bye", document);
        outcome o = redact(&f, with_member(document, document, members[i], whole), 1);
        if (o.sound != VEIL_OK) fail_msg("%s: %s", members[i], o.error.message);
        if (left_of(&o, 0, SECONDS) < 1) fail_msg("%s: the sound is changed", members[i]);
        if (o.text != VEIL_OK || strstr(o.document, "jane@") != NULL) fail_msg("%s: %s", members[i], o.document);
        if (i > 1 && strcmp(o.document, whole) != 0) fail_msg("%s", o.document);
        forget(&o);
    }
    audio_fixture_close(&f);
}

/* ---- The rule itself, over whatever is there ---- */

typedef struct parsed {
    vl_audio_work *work;
    vl_transcript transcript;
    bool is_good;
} parsed;

static parsed parse(vl_audio_works *works, const char *bytes, uint32_t channels)
{
    parsed p = {0};
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_audio_works_take(works, &p.work), VEIL_OK);
    const vl_transcript_source source = {
        .bytes = bytes, .size_bytes = strlen(bytes), .channels = channels, .duration_s = SECONDS};
    p.is_good = vl_transcript_parse(&source, p.work, &p.transcript, &error) == VEIL_OK;
    return p;
}

/* PocketSphinx's words in brackets are none, so words are told by their times. */
static bool is_masked(const vl_transcript *before, const vl_transcript *after, uint32_t index)
{
    const vl_word *a = &before->words[index];
    const uint32_t n = a->text_end - a->text_start;
    for (uint32_t i = 0; i < after->count; i++) {
        const vl_word *b = &after->words[i];
        bool is_there = a->layer == b->layer && a->channel == b->channel && fabs(a->start_s - b->start_s) < 1e-6;
        if (!is_there || n != b->text_end - b->text_start) continue;
        if (memcmp(before->text + a->text_start, after->text + b->text_start, n) == 0) return false;
    }
    return true;
}

/* Every word whose text changed has lost its sound; *masked counts them. */
static void check_words(vl_audio_works *works, const outcome *o, const char *name, const char *before, size_t *masked)
{
    parsed old = parse(works, before, o->channels), new = parse(works, o->document, o->channels);
    if (!new.is_good) fail_msg("%s: what came out cannot be read", name);
    for (uint32_t i = 0; i < old.transcript.count; i++) {
        const vl_word *word = &old.transcript.words[i];
        /* an alternative without words goes whole when it lies over anything that is cut */
        if ((word->flags & VL_WORD_IS_SEGMENT) != 0 && word->layer >= VL_LAYER_OTHER) continue;
        if (!is_masked(&old.transcript, &new.transcript, i)) continue;
        ++*masked;
        double left = left_of(o, word->start_s, word->end_s);
        if (left > 0.03) fail_msg("%s: word %u is masked, and %.2f of its sound is left", name, i, left);
    }
    vl_audio_works_give(works, old.work);
    vl_audio_works_give(works, new.work);
}

static char *read_file(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s", FOLDER, name);
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, BYTES);
    assert_true(file != NULL && bytes != NULL);
    size_t n = fread(bytes, 1, BYTES - 1, file);
    bytes[n] = '\0';
    fclose(file);
    return bytes;
}

static void masked_words_are_gone_from_the_sound(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    vl_audio_works *works = NULL;
    assert_int_equal(vl_audio_works_create(&f.runtime, 2, VEIL_POOL_GROW, NULL, &works), VEIL_OK);
    size_t documents = 0, masked = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        char *before = read_file(entry->d_name);
        outcome o = redact(&f, before, 2);
        if (o.sound == VEIL_OK && o.text == VEIL_OK) {
            documents++;
            check_words(works, &o, entry->d_name, before, &masked);
        }
        forget(&o);
        free(before);
    }
    closedir(folder);
    print_message("%zu transcripts, %zu words masked\n", documents, masked);
    assert_true(documents >= 25 && masked >= 200);
    vl_audio_works_destroy(works);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_again_goes_in_every_format),
        cmocka_unit_test(repeats_may_be_in_pieces),
        cmocka_unit_test(lists_that_repeat_the_words_are_masked),
        cmocka_unit_test(what_has_no_time_leaves_no_sound),
        cmocka_unit_test(too_many_members_are_a_limit),
        cmocka_unit_test(what_stands_beside_a_word_takes_its_time),
        cmocka_unit_test(names_of_the_document_cost_no_sound),
        cmocka_unit_test(masked_words_are_gone_from_the_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

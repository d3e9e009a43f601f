/* The transcript parser: every format it knows, times that are missing, and everything that must be refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/transcript.h"
#include "audio_fixture.h"
#include "transcript_fixture.h"

/* One engine and one workspace for all: what is not given back, or not wiped, shows in the next. */
static audio_fixture shared;
static vl_audio_works *works;

typedef struct bench {
    vl_audio_work *work;
    vl_transcript transcript;
    veil_error error;
    char *json; /* exact size, so that ASan sees a read past the end */
} bench;

static veil_status parse_as(bench *b, const char *json, uint32_t format, double duration_s)
{
    memset(b, 0, sizeof *b);
    b->error = (veil_error)VEIL_ERROR_INIT;
    assert_int_equal(vl_audio_works_take(works, &b->work), VEIL_OK);
    size_t bytes = strlen(json);
    b->json = malloc(bytes + (bytes == 0));
    assert_non_null(b->json);
    memcpy(b->json, json, bytes);
    const vl_transcript_source source = {
        .bytes = b->json, .size_bytes = bytes, .format = format, .duration_s = duration_s};
    return vl_transcript_parse(&source, b->work, &b->transcript, &b->error);
}

static void finish(bench *b)
{
    vl_audio_works_give(works, b->work);
    free(b->json);
}

static void expect_text(const char *json, double duration_s, const char *text)
{
    bench b;
    veil_status status = parse_as(&b, json, VEIL_TRANSCRIPT_AUTO, duration_s);
    if (status != VEIL_OK) print_error("%s\n", b.error.message);
    assert_int_equal(status, VEIL_OK);
    if (b.transcript.text_bytes != strlen(text) || memcmp(b.transcript.text, text, strlen(text)) != 0) {
        print_error("text: %.*s\nexpected: %s\n", (int)b.transcript.text_bytes, b.transcript.text, text);
        fail();
    }
    for (uint32_t i = 0; i < b.transcript.count; i++) {
        const vl_word *word = &b.transcript.words[i];
        assert_true(word->start_s >= 0 && word->start_s <= word->end_s && word->end_s <= duration_s);
        assert_true(word->text_start <= word->text_end && word->text_end <= b.transcript.text_bytes);
    }
    finish(&b);
}

static void every_format_gives_its_words(void **state)
{
    (void)state;
    char *json = transcript_whisper("my card is 4111", 1);
    expect_text(json, 10, "my card is 4111");
    free(json);
    json = transcript_vosk("my card is four");
    expect_text(json, 10, "my card is four");
    free(json);
    /* verbose_json: words at the top, segments without words say the same */
    expect_text(
        "{\"task\":\"transcribe\",\"duration\":2.0,\"text\":\"a b\",\"segments\":[{\"start\":0,\"end\":2,\"text\":\" a "
        "b\"}],\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1},{\"word\":\"b\",\"start\":1,\"end\":2}]}",
        2, "a b");
    /* segments alone */
    expect_text(
        "{\"text\":\" a b c\",\"segments\":[{\"start\":0,\"end\":1.5,\"text\":\" a b\"},{\"start\":1.5,\"end\":2,"
        "\"text\":\" c\"}]}",
        2, "a b c");
    /* an array of segments (faster-whisper dumps), and \"text\" for \"word\" */
    expect_text(
        "[{\"start\":0,\"end\":1,\"text\":\"a b\",\"words\":[{\"text\":\"a\",\"start\":0,\"end\":0.4},{\"text\":\"b\","
        "\"start\":0.4,\"end\":1}]},{\"start\":1,\"end\":2,\"text\":\"c\"}]",
        2, "a b c");
    /* Vosk: one object an utterance, silence between */
    expect_text("{\"result\":[{\"word\":\"one\",\"start\":0,\"end\":1,\"conf\":1}],\"text\":\"one\"}\n{\"text\":\"\"}\n"
                "{\"result\":[{\"word\":\"two\",\"start\":1,\"end\":2,\"conf\":1}],\"text\":\"two\"}\n",
                2, "one two");
    expect_text("{\"text\":\"\"}", 2, "");
    expect_text("{\"segments\":[],\"text\":\"\"}", 2, "");
    /* escapes */
    expect_text("{\"words\":[{\"word\":\"Jos\\u00e9\",\"start\":0,\"end\":1},{\"word\":\"\\ud83d\\ude00\",\"start\":1,"
                "\"end\":2}]}",
                2, "Jos\xC3\xA9 \xF0\x9F\x98\x80");
}

#define WORDS_1 "\"words\":[{\"word\":\"My\",\"start\":0,\"end\":0.5},{\"word\":\"card,\",\"start\":0.5,\"end\":1}"
#define WORDS_2 ",{\"word\":\"bye\",\"start\":3.1,\"end\":4}]"
#define SEGMENTS                                                                                                       \
    "\"segments\":[{\"start\":0,\"end\":1,\"text\":\" my card\"},{\"start\":1,\"end\":3,\"text\":\" is 4111.\"},"      \
    "{\"start\":3,\"end\":4,\"text\":\" Bye!\"}]"

static void an_incomplete_list_of_words_takes_no_segment_away(void **state)
{
    (void)state;
    /* no word in the second segment's time: it stays, in a layer of its own; the others are said by words */
    expect_text("{" SEGMENTS "," WORDS_1 WORDS_2 "}", 4, "is 4111. My card, bye");
    expect_text("{" WORDS_1 WORDS_2 "," SEGMENTS "}", 4, "is 4111. My card, bye");
    /* words in its time, but not all of its text */
    expect_text("{" SEGMENTS "," WORDS_1 ",{\"word\":\"is\",\"start\":1,\"end\":2}" WORDS_2 "}", 4,
                "is 4111. My card, is bye");
    /* complete: all segments go */
    expect_text("{" SEGMENTS "," WORDS_1 ",{\"word\":\"is\",\"start\":1,\"end\":2},"
                "{\"word\":\"4111\",\"start\":2,\"end\":3}" WORDS_2 "}",
                4, "My card, is 4111 bye");
    /* the same text at another time says nothing about this one */
    expect_text("{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\"}],"
                "\"words\":[{\"word\":\"a\",\"start\":2,\"end\":3}]}",
                4, "a a");
}

static void a_leading_space_says_where_words_begin(void **state)
{
    (void)state;
    expect_text("{\"segments\":[{\"words\":[{\"word\":\" "
                "jane\",\"start\":0,\"end\":1},{\"word\":\".roe\",\"start\":1,\"end\":2},"
                "{\"word\":\"@example.com\",\"start\":2,\"end\":3},{\"word\":\" and\",\"start\":3,\"end\":4}]},"
                "{\"words\":[{\"word\":\"me\",\"start\":4,\"end\":5}]}]}",
                5, "jane.roe@example.com and me");
    expect_text("{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1},{\"word\":\"b\",\"start\":1,\"end\":2}]}", 2,
                "a b");
}

static void alternatives_are_layers_of_their_own(void **state)
{
    (void)state;
    bench b;
    const char *json =
        "{\"alternatives\":[{\"confidence\":1,\"result\":[{\"word\":\"one\",\"start\":0,\"end\":1}],\"text\":\"one\"},"
        "{\"confidence\":0.5,\"result\":[{\"word\":\"won\",\"start\":0,\"end\":1}],\"text\":\"won\"}]}"
        "{\"alternatives\":[{\"result\":[{\"word\":\"two\",\"start\":1,\"end\":2}],\"text\":\"two\"},"
        "{\"result\":[{\"word\":\"too\",\"start\":1,\"end\":2}],\"text\":\"too\"}]}";
    assert_int_equal(parse_as(&b, json, VEIL_TRANSCRIPT_VOSK, 2), VEIL_OK);
    assert_int_equal(b.transcript.group_count, 2);
    assert_int_equal(b.transcript.count, 4);
    assert_memory_equal(b.transcript.text, "one two won too", 15);
    assert_int_equal(b.transcript.words[1].layer, 0);
    assert_int_equal(b.transcript.words[2].layer, VL_LAYER_OTHER + 1);
    finish(&b);
}

static void words_without_times_are_never_skipped(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        double start, end; /* of word 1 */
    } cases[] = {
        /* the gap between the neighbours */
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\"},{\"word\":\"c\",\"start\":3,\"end\":4}", 2, 3},
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"start\":null},{\"word\":\"c\"},{\"word\":\"d\","
         "\"start\":3,"
         "\"end\":4}",
         2, 3},
        /* no gap: the neighbours as well */
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\"},{\"word\":\"c\",\"start\":2,\"end\":4}", 1, 4},
        /* at the edges: the segment */
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\"}", 2, 6},
        {"{\"word\":\"a\"},{\"word\":\"b\"},{\"word\":\"c\",\"start\":3,\"end\":4}", 0.5, 3},
        {"{\"word\":\"a\"},{\"word\":\"b\"}", 0.5, 6},
        /* no duration: no more is known than that it is about there */
        {"{\"word\":\"a\",\"start\":1,\"end\":1.2},{\"word\":\"b\",\"start\":3,\"end\":3},{\"word\":\"c\",\"start\":6,"
         "\"end\":6.2}",
         1.2, 6},
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"start\":3,\"end\":3},{\"word\":\"c\",\"start\":3,"
         "\"end\":3},{\"word\":\"d\",\"start\":4,\"end\":5}",
         2, 4},
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"start\":2,\"end\":2},{\"word\":\"c\",\"start\":2,"
         "\"end\":4}",
         1, 4},
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"start\":3,\"end\":3}", 2, 6},
        /* half of a time */
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"start\":2.5},{\"word\":\"c\",\"start\":3,\"end\":4}",
         2.5, 3},
        {"{\"word\":\"a\",\"start\":1,\"end\":2},{\"word\":\"b\",\"end\":2.5},{\"word\":\"c\",\"start\":3,\"end\":4}",
         2, 2.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[1024];
        snprintf(json, sizeof json, "{\"segments\":[{\"start\":0.5,\"end\":6,\"words\":[%s],\"text\":\"x\"}]}",
                 cases[i].words);
        bench b;
        assert_int_equal(parse_as(&b, json, VEIL_TRANSCRIPT_AUTO, 10), VEIL_OK);
        const vl_word *word = &b.transcript.words[1];
        if (word->start_s != cases[i].start || word->end_s != cases[i].end) {
            fail_msg("case %zu: %g to %g", i, word->start_s, word->end_s);
        }
        finish(&b);
    }
    bench b; /* nothing known at all: the whole sound */
    assert_int_equal(parse_as(&b, "{\"words\":[{\"word\":\"a\"},{\"word\":\"b\"}]}", VEIL_TRANSCRIPT_AUTO, 10),
                     VEIL_OK);
    assert_true(b.transcript.words[0].start_s == 0 && b.transcript.words[0].end_s == 10);
    finish(&b);
}

static void times_a_little_beyond_the_end_are_cut(void **state)
{
    (void)state;
    bench b;
    assert_int_equal(parse_as(&b, "{\"words\":[{\"word\":\"a\",\"start\":1.9,\"end\":2.45}]}", VEIL_TRANSCRIPT_AUTO, 2),
                     VEIL_OK);
    assert_true(b.transcript.words[0].end_s == 2);
    finish(&b);
}

static void what_makes_no_sense_is_refused_with_the_words_index(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *says;
    } cases[] = {
        {"", "empty"},
        {"  \n", "empty"},
        {"{", "JSON"},
        {"[1]", "JSON"},
        {"\"text\"", "JSON"},
        {"{}", "neither"},
        {"{\"hello\":1}", "neither"},
        {"{\"text\":\"no times at all\"}", "without times"},
        {"{\"segments\":[{\"text\":\"x\"}]}", "without times"},
        {"{\"segments\":[{\"text\":\"x\",\"start\":0}]}", "without times"},
        {"{\"alternatives\":[{\"text\":\"x\",\"confidence\":1}]}", "without times"},
        {"{\"segments\":5}", "not an array"},
        {"{\"words\":{}}", "not an array"},
        {"{\"words\":[5]}", "word 0"},
        {"{\"words\":[{\"start\":0,\"end\":1}]}", "word 0: it has no text"},
        {"{\"words\":[{\"word\":5,\"start\":0,\"end\":1}]}", "word 0: its text"},
        {"{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1},{\"word\":\"b\",\"start\":2,\"end\":1}]}",
         "word 1: its times are"},
        {"{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1},{\"word\":\"b\",\"start\":-1,\"end\":1}]}",
         "word 1: a time is neg"},
        {"{\"words\":[{\"word\":\"a\",\"start\":9,\"end\":10.6}]}", "word 0: it ends beyond"},
        {"{\"words\":[{\"word\":\"a\",\"start\":11,\"end\":12}]}", "word 0: it starts beyond"},
        {"{\"words\":[{\"word\":\"a\",\"start\":\"0\",\"end\":1}]}", "word 0: a time is not"},
        {"{\"words\":[{\"word\":\"a\",\"start\":true,\"end\":1}]}", "word 0: a time is not"},
        {"{\"words\":[{\"word\":\"a\",\"start\":1e999,\"end\":1}]}", "word 0: a time is not"},
        {"{\"words\":[{\"word\":\"a\",\"start\":NaN,\"end\":1}]}", "JSON"},
        {"{\"words\":[{\"word\":\"\\ud800\",\"start\":0,\"end\":1}]}", ""},
        {"{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1}]", "JSON"},
        {"{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1}]} x", "JSON"},
        {"{\"result\":[{\"word\":\"a\",\"start\":0,\"end\":1}],\"text\":\"a\"}{\"text\":\"b\"}", "without times"},
        {"{\"segments\":[{\"start\":5,\"end\":4,\"words\":[{\"word\":\"a\"}]}]}", "reversed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;
        veil_status status = parse_as(&b, cases[i].json, VEIL_TRANSCRIPT_AUTO, 10);
        if (status != VEIL_ERR_MALFORMED_INPUT || strstr(b.error.message, cases[i].says) == NULL) {
            fail_msg("case %zu: %s: %d %s", i, cases[i].json, status, b.error.message);
        }
        finish(&b);
    }
}

static void the_format_asked_for_must_be_the_one_there_is(void **state)
{
    (void)state;
    bench b;
    char *whisper = transcript_whisper("a b", 0), *vosk = transcript_vosk("a b");
    assert_int_equal(parse_as(&b, whisper, VEIL_TRANSCRIPT_VOSK, 10), VEIL_ERR_MALFORMED_INPUT);
    finish(&b);
    assert_int_equal(parse_as(&b, vosk, VEIL_TRANSCRIPT_WHISPER, 10), VEIL_ERR_MALFORMED_INPUT);
    finish(&b);
    assert_int_equal(parse_as(&b, vosk, VEIL_TRANSCRIPT_VOSK, 10), VEIL_OK);
    finish(&b);
    assert_int_equal(parse_as(&b, vosk, 99, 10), VEIL_ERR_INVALID_ARGUMENT);
    finish(&b);
    free(whisper);
    free(vosk);
}

/* Every prefix of a transcript, and every single byte changed, either parses or is refused; ASan watches. */
static void damaged_transcripts_are_refused_or_read_never_worse(void **state)
{
    (void)state;
    char *json = transcript_whisper("my card is 4111 1111", 1);
    size_t bytes = strlen(json);
    char *copy = malloc(bytes + 1);
    assert_non_null(copy);
    for (size_t i = 0; i < bytes; i++) {
        bench b;
        memcpy(copy, json, i);
        copy[i] = '\0';
        assert_int_equal(parse_as(&b, copy, VEIL_TRANSCRIPT_AUTO, 10), VEIL_ERR_MALFORMED_INPUT);
        finish(&b);
        memcpy(copy, json, bytes + 1);
        copy[i] = "\"}{[]:,9-e\\ "[i % 12];
        veil_status status = parse_as(&b, copy, VEIL_TRANSCRIPT_AUTO, 10);
        assert_true(status == VEIL_OK || status == VEIL_ERR_MALFORMED_INPUT);
        finish(&b);
    }
    free(copy);
    free(json);
}

static int open_shared(void **state)
{
    (void)state;
    audio_fixture_open(&shared, NULL, VEIL_CPU_AUTO, false);
    return vl_audio_works_create(&shared.runtime, 1, VEIL_POOL_BUSY, NULL, &works) == VEIL_OK ? 0 : 1;
}

static int close_shared(void **state)
{
    (void)state;
    vl_audio_works_destroy(works);
    audio_fixture_close(&shared);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_gives_its_words),
        cmocka_unit_test(an_incomplete_list_of_words_takes_no_segment_away),
        cmocka_unit_test(a_leading_space_says_where_words_begin),
        cmocka_unit_test(alternatives_are_layers_of_their_own),
        cmocka_unit_test(words_without_times_are_never_skipped),
        cmocka_unit_test(times_a_little_beyond_the_end_are_cut),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_the_words_index),
        cmocka_unit_test(the_format_asked_for_must_be_the_one_there_is),
        cmocka_unit_test(damaged_transcripts_are_refused_or_read_never_worse),
    };
    return cmocka_run_group_tests(tests, open_shared, close_shared);
}

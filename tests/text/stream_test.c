/*
 * A stream gives what one call with the whole text gives, wherever the text is split (THREATS row 11): every split point of
 * short texts, random splits, byte by byte; the golden corpora, long runs, mixtures of both, annotated sentences.
 * The suite takes split points by chance (tests/sweep.py tries other choices), under sanitizers fewer of them;
 * `text_stream_test --full` takes every one.
 */
#include <dirent.h>

#include "support/effort.h"
#include "support/malloc_count.h"
#include "support/seed.h"
#include "text/stream_fixture.h"

#define SPLITS_TRIED 3u /* of a golden line, without --full */

static streamed whole, parts;
static uint64_t seed = 1795254145;
static bool is_full; /* --full */

static uint64_t rnd(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return seed >> 33;
}

static const char mail[] =
    "Hi, I'm Jane Roe, reach me at jane.roe@example.com or 415-555-0132; SSN 536-90-4399, card 4111 "
    "1111 1111 1111 thanks";

static unsigned long splits_tried;

static void every_split(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                        size_t size)
{
    redact_whole(sanitizer, options, text, size, &whole);
    for (size_t split = rnd() % TEST_STRIDE; split <= size; split += TEST_STRIDE)
        expect_split(sanitizer, options, text, size, &split, 1, STREAM_TEXT_MAX, &whole, &parts);
    expect_bytes(sanitizer, options, text, size, 1, &whole, &parts);
    splits_tried += (size + 1) / TEST_STRIDE;
}

/* Every split with --full; else a few. Byte by byte shows each beginning of the text in any case. */
static void some_splits(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                        size_t size)
{
    if (is_full) {
        every_split(sanitizer, options, text, size);
        return;
    }
    redact_whole(sanitizer, options, text, size, &whole);
    for (unsigned i = 0; i < SPLITS_TRIED; i++) {
        size_t split = rnd() % (size + 1);
        expect_split(sanitizer, options, text, size, &split, 1, STREAM_TEXT_MAX, &whole, &parts);
    }
    expect_bytes(sanitizer, options, text, size, 1, &whole, &parts);
}

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void random_splits(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                          size_t size, unsigned times)
{
    size_t splits[64];
    redact_whole(sanitizer, options, text, size, &whole);
    for (unsigned i = 0; i < times; i++) {
        size_t count = 1 + rnd() % 64;
        for (size_t k = 0; k < count; k++)
            splits[k] = rnd() % (size + 1);
        qsort(splits, count, sizeof splits[0], by_size);
        size_t room = i % 3 == 0 ? 700 + rnd() % 3000 : STREAM_TEXT_MAX;
        expect_split(sanitizer, options, text, size, splits, count, room, &whole, &parts);
    }
    splits_tried += times;
}

/* ---- Golden lines ---- */

#define LINES_MAX 4096

typedef struct golden_line {
    char *language;
    char *text;
} golden_line;

static golden_line lines[LINES_MAX];
static size_t line_count;

static void unescape(char *text)
{
    char *to = text;
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == '&') {
            text++;
            continue;
        }
        bool is_newline = text[0] == '\\' && text[1] == 'n';
        *to++ = is_newline ? '\n' : *text;
        text += is_newline;
    }
    *to = '\0';
}

static void read_golden(const char *path)
{
    static char line[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL && line_count < LINES_MAX) {
        char *text = strchr(line, '|');
        char *expected = text == NULL ? NULL : strrchr(text + 1, '|');
        if (line[0] == '#' || expected == NULL) continue;
        *text++ = '\0';
        *expected = '\0';
        unescape(text);
        lines[line_count].language = strdup(line);
        lines[line_count++].text = strdup(text);
    }
    (void)fclose(file);
}

static void read_all_golden(void)
{
    static const char folder[] = VEIL_TEST_SOURCE_DIR "/tests/text/golden";
    if (line_count > 0) return;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[512];
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".txt") != 0) continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        read_golden(path);
    }
    (void)closedir(dir);
    assert_true(line_count > 50);
}

static void golden_lines_at_splits(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    read_all_golden();
    every_split(sanitizer, NULL, mail, sizeof mail - 1);
    for (size_t i = 0; i < line_count; i += TEST_STRIDE) {
        veil_text_options options;
        veil_text_options_init(&options);
        options.language = lines[i].language;
        some_splits(sanitizer, &options, lines[i].text, strlen(lines[i].text));
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Blocks and windows begin at fixed places of a text, and at others where it comes in pieces: what is found must not depend on them. */
static void findings_do_not_depend_on_their_place(void **state)
{
    (void)state;
    static char text[8192];
    static found here, there;
    static const char hosts[] =
        "a.com/x http://z.com/yProtocol=https;AccountKey=x==;EndpointSuffix=core.windows.net, b.org/c";
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL; /* losers too */
    read_all_golden();
    for (size_t i = 0; i <= line_count; i++) {
        char *line = text + 64;
        bool is_last = i == line_count;
        const char *behind = i + 1 < line_count ? lines[i + 1].text : "";
        size_t size = (size_t)snprintf(line, sizeof text - 64, "%s%s%s", is_last ? hosts : lines[i].text,
                                       is_last || i % 2 == 0 ? "; see " : "", behind);
        memset(text, ' ', 64);
        scan_text(sanitizer, &options, line, size, &here);
        for (size_t shift = 1 + i % TEST_STRIDE; shift < 64; shift += TEST_STRIDE) {
            scan_text(sanitizer, &options, line - shift, size + shift, &there);
            bool is_same = here.count == there.count;
            for (size_t k = 0; is_same && k < here.count; k++)
                is_same = here.items[k].start + shift == there.items[k].start &&
                          here.items[k].end + shift == there.items[k].end &&
                          here.items[k].recognizer == there.items[k].recognizer;
            if (!is_same)
                fail_msg("%zu and, %zu further on, %zu findings in: %s", here.count, shift, there.count, line);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Lines of all languages one behind the other, with prose or nothing between: every recognizer, losers and weak ones included. */
static size_t mix(char *text, size_t capacity)
{
    static const char *const joints[] = {" ", "\n", ", ",    " and then nothing else was said about it. ",
                                         "",  "/",  "; see "};
    size_t size = 0;
    while (size + 5000 < capacity) {
        const char *part = lines[rnd() % line_count].text;
        size += (size_t)sprintf(text + size, "%s%s", part, joints[rnd() % 7]);
    }
    return size;
}

static void mixtures_at_random_splits(void **state)
{
    (void)state;
    static char text[60000];
    read_all_golden();
    for (unsigned round = 0; round < 6; round++) {
        veil_sanitizer *sanitizer = make_text(round % 2 == 0 ? "en" : "any", round < 4 ? 0.4f : 0.0f);
        size_t size = mix(text, round == 0 ? sizeof text : 12000);
        random_splits(sanitizer, NULL, text, size, 12);
        if (round < 2)
            expect_bytes(sanitizer, NULL, text, size < 12000 ? size : 12000, 1,
                         (redact_whole(sanitizer, NULL, text, size < 12000 ? size : 12000, &whole), &whole), &parts);
        veil_sanitizer_destroy(sanitizer);
    }
}

/* ---- Long runs ---- */

static size_t put_filled(char *text, size_t at, const char *head, const char *fill, size_t length, const char *tail)
{
    at += (size_t)sprintf(text + at, "%s", head);
    for (size_t i = 0; i < length; i++)
        text[at++] = fill[i % strlen(fill)];
    return at + (size_t)sprintf(text + at, "%s", tail);
}

static void long_runs_at_random_splits(void **state)
{
    (void)state;
    static char text[200000];
    static const size_t lengths[] = {500, 1500, 7600, 8100, 8192, 8300, 9300, 16384, 20000, 70000};
    static const char *const runs[][3] = {
        {"see https://example.com/a", "b/c", "/z). Then 536-90-4399 end"},
        {"see example.com/(", "b/c?d=e@f.org&", ")... and 10.1.2.3 end"},
        {"x https://example.com/?u=http://", "example.com/", "!!!!?? 415-555-0132 end"},
        {"a eyJhbGciOiJIUzI1NiJ9.eyJ", "zdWIiOiIxIn0", ".c2lnbmF0dXJl... the 536-90-4399 end"},
        {"a eyJhbGciOiJIUzI1NiJ9", "zdWIiOiIxIn0", " the end"},
        {"a -----BEGIN PRIVATE KEY-----\n", "lQdGBGXyPNQBEADZ+/0lQdGBGXyPNQBEADZ+/0lQdGBGXyPNQBEADZ+/0abcd\n",
         "\n-----END PRIVATE KEY-----\nthe 536-90-4399 end"},
        {"a -----BEGIN PRIVATE KEY-----\n", "lQdGBGXyPNQBEADZ+/0lQdGBGXyPNQBEADZ+/0lQdGBGXyPNQBEADZ+/0abcd\n",
         "\n\nthe 536-90-4399 end"},
        {"a -----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\n\\n", "lQdGBGXyPNQBEADZ+/0lQdGBGXy",
         "\",\"x\":\"536-90-4399\"}"},
        {"a -----BEGIN PRIVATE KEY-----\n", "MIIB\n\n  ", "no 536-90-4399 end"},
        {"{\"a\":\"", "b\",\"ssn\":\"536-90-4399\",\"c\":\"", "\"}"},
        {"", "x", " 536-90-4399 end"},
        {"", "1-", " 536-90-4399 end"},
        {"", "a1.b2@c.de,", " 536-90-4399 end"},
        {"", "4111 1111 1111 1111 ", " end"},
        {"", "415-555-0132 ", " end"},
        {"", "5 May ", "2021 end"},
        {"", "the cat sat on a mat ", " end"},
        {"\xE4\xBD\xA0", "\xE4\xBD\xA0", "536-90-4399"},
    };
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t r = 0; r < sizeof runs / sizeof runs[0]; r++) {
        for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
            size_t size = put_filled(text, 0, "begins with 10.1.2.3, ", ".", r % 3, "");
            size = put_filled(text, size, runs[r][0], runs[r][1], lengths[l], runs[r][2]);
            if (!is_full && lengths[l] > 9300 && rnd() % 4 != 0) continue;
            random_splits(sanitizer, NULL, text, size, is_full ? 4 : 1);
            bool is_bytewise = lengths[l] == 500 || (lengths[l] == 8300 && (is_full || rnd() % 8 == 0));
            if (is_bytewise) expect_bytes(sanitizer, NULL, text, size, 1, &whole, &parts);
            expect_bytes(sanitizer, NULL, text, size, 1021, &whole, &parts);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* ---- Operators ---- */

static void every_operator_gives_the_same(void **state)
{
    (void)state;
    static char text[40000];
    static const char key[32] = "a key for this test alone";
    veil_operator_rule rules[] = {
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_MASK, .mask_count = 4, .mask_end = 1},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_HASH},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_REDACT},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_REPLACE, .text = "[a rather long replacement]"},
        {.struct_size = sizeof rules[0], .entity = "URL", .op = VEIL_OP_KEEP},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_PSEUDONYM},
    };
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.key = key;
    config.key_bytes = sizeof key;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    read_all_golden();
    size_t size = mix(text, 12000);
    size = put_filled(text, size, " https://example.com/", "a", 10000, ", then 536-90-4399.");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        veil_text_options options;
        veil_text_options_init(&options);
        options.operators = &rules[i];
        options.operator_count = 1;
        random_splits(sanitizer, &options, text, size, is_full ? 6 : 2);
        expect_bytes(sanitizer, &options, text, size, is_full ? 7 : 61, &whole, &parts);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* The host's own recognizers: patterns of 400 bytes, phrases of prose, an allow list. */
static void own_recognizers_give_the_same(void **state)
{
    (void)state;
    static char text[20000];
    static const char *const phrases[] = {"blue heron", "project quiet harbour", "the"};
    static const char *const patterns[] = {"case [a-z ]{5,60} closed"};
    veil_recognizer own[2] = {{.struct_size = sizeof own[0],
                               .name = "cases",
                               .entity = "CASE",
                               .items = patterns,
                               .item_count = 1,
                               .kind = VEIL_RECOGNIZER_PATTERN,
                               .score = 0.9f},
                              {.struct_size = sizeof own[0],
                               .name = "names",
                               .entity = "CODENAME",
                               .items = phrases,
                               .item_count = 3,
                               .kind = VEIL_RECOGNIZER_WORDS,
                               .flags = VEIL_RECOGNIZER_CASELESS,
                               .score = 0.8f}};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.recognizers = own;
    config.recognizer_count = 2;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    static const char sample[] = "The case of the lost and found closed. Project Quiet Harbour saw a blue heron; case "
                                 "a b c d e closed, 536-90-4399.\n";
    every_split(sanitizer, NULL, sample, sizeof sample - 1);
    size_t size = 0;
    while (size + 300 < sizeof text)
        size += (size_t)sprintf(text + size, "%.*s", (int)(20 + rnd() % 95), sample + rnd() % 20);
    random_splits(sanitizer, NULL, text, size, 20);
    expect_bytes(sanitizer, NULL, text, size, 3, &whole, &parts);
    veil_sanitizer_destroy(sanitizer);
}

/* What holds white space may begin inside a word that is longer than such findings are: behind a token, a URL, a word. */
static void findings_that_begin_inside_long_words(void **state)
{
    (void)state;
    static const char *const heads[] = {("key ATATT"
                                         "3xFfGF0%s=D9292743/"),
                                        "see https://example.com/%s/", "x%s,", "%s\\u00a0"};
    static const char *const tails[] = {"2015-08-10 17:53:26,745 FOLLOWING and then",
                                        "4111 1111 1111 1111 was it, they said", "415 555 0132 at 5 May 2021, or so",
                                        "43 years old and not more than that",
                                        "+49 30 901820 is the number of the office"};
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            char filler[260], text[600];
            for (size_t i = 0; i < sizeof filler; i++)
                filler[i] = (char)('a' + (i * 7 + i / 26) % 26);
            filler[100 + 50 * t / 2] = '\0';
            size_t size = (size_t)snprintf(text, sizeof text, heads[h], filler);
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", tails[t]);
            every_split(sanitizer, NULL, text, size);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Sentences of others, where the folder lies beside the repository. */
static void annotated_sentences_give_the_same(void **state)
{
    (void)state;
    static char line[16384];
    static char text[60000];
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/../shared/data/text/annotated_sentences.jsonl", "r");
    if (file == NULL) {
        printf("skipped: ../shared is not there\n");
        skip();
    }
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    size_t size = 0;
    unsigned blocks = 0;
    for (unsigned n = 0; fgets(line, sizeof line, file) != NULL; n++) { /* as lines of JSON, escapes and all */
        size_t bytes = strlen(line);
        if (n % (40 * TEST_STRIDE) == 0) every_split(sanitizer, NULL, line, bytes < 300 ? bytes : 300);
        if (size + bytes >= sizeof text) {
            if (blocks++ % TEST_STRIDE == 0) {
                random_splits(sanitizer, NULL, text, size, 3);
                expect_bytes(sanitizer, NULL, text, size, 4, &whole, &parts);
            }
            size = 0;
        }
        memcpy(text + size, line, bytes);
        size += bytes;
    }
    (void)fclose(file);
    veil_sanitizer_destroy(sanitizer);
}

/* ---- Promptness and bounds ---- */

static size_t held_after(veil_text_stream *stream, const char *text)
{
    parts.out_bytes = 0;
    parts.all->count = 0;
    push_all(stream, text, strlen(text), STREAM_TEXT_MAX, &parts);
    return parts.out_bytes;
}

static void prose_flows_word_by_word(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_stream *stream = NULL;
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
    assert_int_equal(held_after(stream, "Every "), 6);
    assert_int_equal(held_after(stream, "word flows "), 11);
    assert_int_equal(held_after(stream, "stra"), 0);
    assert_int_equal(held_after(stream, "ight through. Call 415-555"), 23);
    assert_int_equal(held_after(stream, "-0132"), 0);
    assert_int_equal(held_after(stream, " whenever you like, before or after lunch, but n"), 14 + 43);
    assert_int_equal(held_after(stream, "ot today.\nA line of 10.1.2.3\n"), 15 + 10 + 12 + 1);
    veil_text_stream_destroy(stream);
    veil_sanitizer_destroy(sanitizer);
}

/* ---- Life ---- */

static void a_stream_that_failed_is_dead(void **state)
{
    (void)state;
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_text_stream *stream = NULL;
    size_t taken, got;
    char out[256];
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.utf8_policy = VEIL_UTF8_STRICT;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(veil_text_stream_push(stream, "good words \xC3", 12, &taken, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_pull(stream, out, sizeof out, &got, NULL, NULL), VEIL_OK);
    assert_int_equal(got, 11);
    assert_int_equal(veil_text_stream_push(stream, "\xA4 more \xFF bad", 11, &taken, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_pull(stream, out, sizeof out, &got, NULL, &error), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(error.offset, 19);
    assert_int_equal(got, 0);
    assert_int_equal(veil_text_stream_push(stream, "more", 4, &taken, NULL), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(veil_text_stream_end(stream, NULL), VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(veil_text_stream_pull(stream, out, sizeof out, &got, NULL, NULL), VEIL_ERR_MALFORMED_INPUT);
    veil_text_stream_destroy(stream);
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_push(stream, "cut \xC3", 5, &taken, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_end(stream, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_pull(stream, out, sizeof out, &got, NULL, NULL), VEIL_ERR_MALFORMED_INPUT);
    veil_text_stream_destroy(stream);
    veil_sanitizer_destroy(sanitizer);
}

static void arguments_are_checked(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_stream *stream = NULL;
    veil_text_options options;
    size_t n = 9;
    char out[8];
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL;
    assert_int_equal(veil_text_stream_create(sanitizer, &options, &stream, NULL), VEIL_ERR_UNSUPPORTED);
    assert_null(stream);
    assert_int_equal(veil_text_stream_create(NULL, NULL, &stream, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_push(NULL, "a", 1, &n, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(n, 0);
    assert_int_equal(veil_text_stream_push(stream, NULL, 1, &n, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_push(stream, "a", 1, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_pull(stream, out, 8, NULL, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_push(stream, "ssn 536-90-4399", 15, &n, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_end(stream, NULL), VEIL_OK);
    assert_int_equal(veil_text_stream_push(stream, "a", 1, &n, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_text_stream_pull(stream, out, 4, &n, NULL, NULL), VEIL_OK);
    assert_int_equal(n, 4);
    assert_int_equal(veil_text_stream_pull(stream, out, 7, &n, NULL, NULL), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(n, 8);
    assert_int_equal(out[0], 0);
    assert_int_equal(veil_text_stream_pull(stream, out, 8, &n, NULL, NULL), VEIL_OK);
    assert_memory_equal(out, "<US_SSN>", 8);
    assert_int_equal(veil_text_stream_pull(stream, out, 8, &n, NULL, NULL), VEIL_OK);
    assert_int_equal(n, 0);
    veil_text_stream_destroy(stream);
    veil_text_stream_destroy(NULL);
    veil_sanitizer_destroy(sanitizer);
}

/* Push and pull take no memory: all of it was reserved at creation. */
static void nothing_is_allocated_after_creation(void **state)
{
    (void)state;
    static char text[30000];
    static char out[65536];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_stream *stream = NULL;
    read_all_golden();
    size_t size = put_filled(text, mix(text, 20000), " https://example.com/", "a", 9500, " 536-90-4399");
    assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
    malloc_counts before = malloc_count_read();
    veil_status status = VEIL_OK;
    for (size_t at = 0; at < size && status == VEIL_OK;) {
        size_t taken = 0, got = 0;
        status = veil_text_stream_push(stream, text + at, size - at < 37 ? size - at : 37, &taken, NULL);
        if (status == VEIL_OK) status = veil_text_stream_pull(stream, out, sizeof out, &got, NULL, NULL);
        at += taken;
    }
    malloc_counts since = malloc_count_since(before);
    assert_int_equal(status, VEIL_OK);
    assert_int_equal(since.allocations, 0);
    assert_int_equal(since.maps, 0);
    veil_text_stream_destroy(stream); /* with bytes pending: they are lost, not shown */
    veil_sanitizer_destroy(sanitizer);
}

/* The figures of docs/latency.md: how much is held back, in bytes, after each byte of some texts. */
static void what_is_held_back_is_bounded(void **state)
{
    (void)state;
    static size_t counts[32769];
    size_t total = 0, most = 0;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    read_all_golden();
    for (size_t i = 0; i < line_count; i += TEST_STRIDE) {
        veil_text_stream *stream = NULL;
        size_t size = strlen(lines[i].text);
        size_t given = 0; /* bytes of the text that are decided: those before what a second push would still change */
        assert_int_equal(veil_text_stream_create(sanitizer, NULL, &stream, NULL), VEIL_OK);
        parts.out_bytes = 0;
        parts.all->count = 0;
        for (size_t at = 0; at < size; at++) {
            push_all(stream, lines[i].text + at, 1, STREAM_TEXT_MAX, &parts);
            given = parts.out_bytes;
            for (size_t k = 0; k < parts.all->count; k++) /* placeholders counted as what they stand for */
                given += (size_t)(parts.all->items[k].end - parts.all->items[k].start) -
                         strlen(parts.all->items[k].entity) - 2;
            size_t held = at + 1 > given ? at + 1 - given : 0;
            if (held > most) most = held;
            counts[held < 32768 ? held : 32768]++;
            total++;
        }
        veil_text_stream_destroy(stream);
    }
    size_t seen = 0, median = 0, p99 = 0;
    for (size_t held = 0; held <= 32768; held++) {
        if (seen * 2 < total) median = held;
        if (seen * 100 < total * 99) p99 = held;
        seen += counts[held];
    }
    printf("held back over %zu golden lines, byte by byte: P50 %zu, P99 %zu, most %zu bytes\n", line_count, median, p99,
           most);
    assert_true(most <= 18 * 1024);
    veil_sanitizer_destroy(sanitizer);
}

static int open_all(void **state)
{
    (void)state;
    seed = test_seed(seed);
    whole = streamed_make();
    parts = streamed_make();
    return whole.out == NULL || parts.out == NULL || whole.all == NULL || parts.all == NULL;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < line_count; i++) {
        free(lines[i].language);
        free(lines[i].text);
    }
    streamed_free(&whole);
    streamed_free(&parts);
    printf("splits: %lu ways to cut texts into pieces, output and findings the same\n", splits_tried);
    return 0;
}

int main(int argc, char **argv)
{
    is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
    if (argc > 1 && !is_full) cmocka_set_test_filter(argv[1]); /* "mixtures*" */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(a_stream_that_failed_is_dead),
        cmocka_unit_test(prose_flows_word_by_word),
        cmocka_unit_test(nothing_is_allocated_after_creation),
        cmocka_unit_test(what_is_held_back_is_bounded),
        cmocka_unit_test(golden_lines_at_splits),
        cmocka_unit_test(findings_do_not_depend_on_their_place),
        cmocka_unit_test(mixtures_at_random_splits),
        cmocka_unit_test(long_runs_at_random_splits),
        cmocka_unit_test(every_operator_gives_the_same),
        cmocka_unit_test(own_recognizers_give_the_same),
        cmocka_unit_test(findings_that_begin_inside_long_words),
        cmocka_unit_test(annotated_sentences_give_the_same),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

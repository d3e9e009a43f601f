/*
 * What is folded or decoded is found wherever a window's cut falls in it: samples whose findings depend on marks and runs before
 * them, at every offset around the first cut, in one call. Streams give the same where marks come late.
 */
#include "support/effort.h"
#include "support/seed.h"
#include "text/stream_fixture.h"

#define CUT     15360u /* of a long text's first window, where nothing crosses it */
#define FILLING 20000u
#define TAIL    5000u

static const char line[] =
    "\nword words more words and still more of them here to look back at, five words and sixty four "
    "bytes at least.\n";

static void fill(char *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = "plain words "[i % 12];
}

/* The sample between a line and words; the sample begins at `at`. */
static size_t place(char *text, const char *sample, size_t at)
{
    size_t size = at - (sizeof line - 1);
    fill(text, size);
    memcpy(text + size, line, sizeof line - 1);
    size_t length = strlen(sample);
    memcpy(text + at, sample, length);
    fill(text + at + length, TAIL);
    return at + length + TAIL;
}

static void expect_everywhere(const veil_sanitizer *sanitizer, const char *sample, size_t least)
{
    static found reference, all;
    static char text[FILLING + TAIL];
    size_t length = strlen(sample);
    size_t first = sizeof line - 1;
    scan_text(sanitizer, NULL, text, place(text, sample, first), &reference);
    if (reference.count < least) fail_msg("%zu findings in: %s", reference.count, sample);
    for (size_t at = CUT - length - 2; at <= CUT + 2; at += TEST_STRIDE) {
        scan_text(sanitizer, NULL, text, place(text, sample, at), &all);
        if (all.count != reference.count) fail_msg("%zu findings at %zu in: %s", all.count, at, sample);
        for (size_t i = 0; i < all.count; i++) {
            assert_int_equal(all.items[i].start - at, reference.items[i].start - first);
            assert_int_equal(all.items[i].end - at, reference.items[i].end - first);
            assert_string_equal(all.items[i].recognizer, reference.items[i].recognizer);
        }
    }
}

/* The encoded part begins behind a sign of the run, and the cut may fall between them. */
static void runs_within_runs(void **state)
{
    (void)state;
    static const char *const samples[] = {
        "see /amFuZS5yb2VAZXhhbXBsZS5jb20= end",
        "see id-amFuZS5yb2VAZXhhbXBsZS5jb20= end",
        "https://x.example/u/amFuZS5yb2VAZXhhbXBsZS5jb20= end",
        "aaaaaaaaaaaaaaaaaaaa_amFuZS5yb2VAZXhhbXBsZS5jb20= end",
        "id_6a616e652e726f65406578616d706c652e636f6d end",
        "a/b+c-6a616e652e726f65406578616d706c652e636f6d end",
        "aaaaaaaaaaaaaaaa/fj4/PyBqYW5l/LnJvZUBl/eGFtcGxlLmNvbQ== end",
    };
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        expect_everywhere(sanitizer, samples[i], i + 1 < sizeof samples / sizeof samples[0]);
    veil_sanitizer_destroy(sanitizer);
}

/* A mark stands up to 64 bytes of the view before a finding, which are more of the text. */
static void marks_far_before(void **state)
{
    (void)state;
    static const char *const samples[] = {
        "2=3DAKIAIOSFOD23www.example.com=3D00:1A:2B:3C:4D:5E43 years old=3D00:1A:2B:3C:4D:5E",
        "d=\naaaaaaaaaaaaaaaaaaaaa2415+1 415 555 0132SSN\xCC\x81\"atoken /path?x=1fe80::",
        ("Z=\n-0132=\r\n\x1B[31mword wo:\\x22"
         "card &#64;http://0132:415T10:00:00Z=D14155550132"),
    };
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        expect_everywhere(sanitizer, samples[i], 0); /* what is found in one place is found in all */
    veil_sanitizer_destroy(sanitizer);
}

/* Up to 2,048 bytes that are not seen stand inside a value. */
static void hidden_characters_in_a_row(void **state)
{
    (void)state;
    static const char *const values[] = {"4111111111111111", "jane.roe@example.com", "536-90-4399", "93.184.216.34"};
    static const char *const signs[] = {"\xE2\x80\x8B", "\xCC\x81"};
    static const unsigned counts[] = {1, 33, 40, 130, 600};
    static found all;
    static char text[8192];
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < 4 * 2 * 5; i++) {
        const char *value = values[i % 4];
        size_t head = (size_t)sprintf(text, "The ssn or so: %.5s", value);
        size_t size = head;
        for (unsigned k = 0; k < counts[i / 8]; k++)
            size += (size_t)sprintf(text + size, "%s", signs[i / 4 % 2]);
        size += (size_t)sprintf(text + size, "%s", value + 5);
        size_t end = size;
        size += (size_t)sprintf(text + size, " and words");
        scan_text(sanitizer, NULL, text, size, &all);
        if (all.count != 1 || all.items[0].start != head - 5 || all.items[0].end != end)
            fail_msg("%zu findings of %s with %u characters", all.count, value, counts[i / 8]);
    }
    veil_sanitizer_destroy(sanitizer);
}

static streamed whole, parts;
static uint64_t seed = 1795254145;

static uint64_t rnd(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return seed >> 33;
}

static void expect_stream(const veil_sanitizer *sanitizer, const char *text, size_t size)
{
    redact_whole(sanitizer, NULL, text, size, &whole);
    expect_bytes(sanitizer, NULL, text, size, 1, &whole, &parts);
}

/* The host's own words are letters alone: what is folded or decoded between them counts. */
static void own_words_behind_characters(void **state)
{
    (void)state;
    static const char *const words[] = {"Jane Roe", "apollo", "O'Brien", "Jos\xC3\xA9",
                                        "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD"};
    static const char *const texts[] = {"Jane\xC2\xA0Roe",
                                        "J\xE2\x80\x8B"
                                        "ane Roe",
                                        "ap\xC2\xADollo",
                                        "Jane%20Roe",
                                        "Jane&nbsp;Roe",
                                        "Jane&#32;Roe",
                                        "Jane\\u0020Roe",
                                        "Jane\\x20Roe",
                                        "Jane=20Roe",
                                        "o\xE2\x80\x99"
                                        "brien",
                                        "O%27Brien",
                                        "O&apos;Brien",
                                        "\xD0\xB0pollo",
                                        "\xEF\xBD\x81pollo",
                                        "Jos\\u00e9",
                                        "Jos=C3=A9",
                                        "Jos%C3%A9",
                                        "\xD0\x98\xD0\xB2\xE2\x80\x8B\xD0\xB0\xD0\xBD",
                                        "%61pollo",
                                        "Jane Ro=\r\ne"};
    veil_recognizer own = {.struct_size = sizeof own,
                           .name = "names",
                           .entity = "PERSON",
                           .items = words,
                           .item_count = sizeof words / sizeof words[0],
                           .kind = VEIL_RECOGNIZER_WORDS,
                           .flags = VEIL_RECOGNIZER_CASELESS,
                           .score = 0.8f};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    static found all;
    char text[200];
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.recognizers = &own;
    config.recognizer_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t size = (size_t)sprintf(text, "she met %s there and more words follow", texts[i]);
        scan_text(sanitizer, NULL, text, size, &all);
        if (all.count != 1 || all.items[0].start != 8 || all.items[0].end != 8 + strlen(texts[i]))
            fail_msg("%zu findings of %s", all.count, texts[i]);
        expect_stream(sanitizer, text, size);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* What is found in a view that a later character makes: pieces of values and of escapes, and soups of them. */
static void marks_that_come_later(void **state)
{
    (void)state;
    static const char *const samples[] = {
        ("415 5550132%20\n2\xE2\x80\x8B"
         "3"),
        "\\x243yr old\n&#64",
        "=1aJan 5 2020\\9 NWBK 6016 133example.com=3DE89301300000",
        " =\nGB29NWBK60161331926819",
    };
    static const char *const pieces[] = {"4111111111111111",
                                         "536-90-4399",
                                         "jane.roe@example.com",
                                         "+1 415 555 0132",
                                         "\xE2\x80\x8B",
                                         "\xCC\x81",
                                         "%40",
                                         "%20",
                                         "\\x22",
                                         "\\u0022",
                                         "&#64;",
                                         "=3D",
                                         "=\r\n",
                                         " ",
                                         "\n",
                                         "a",
                                         "\xEF\xBC\x91",
                                         "x y z ",
                                         "43 years old",
                                         "Jan 5 2020",
                                         "card ",
                                         "ssn ",
                                         "\"",
                                         ":",
                                         "20 ",
                                         "415",
                                         "-",
                                         "0132",
                                         "4111 1111",
                                         " 1111 1111",
                                         "GB29 NWBK 6016 1331 9268 19",
                                         "words more words and "};
    char text[2000];
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        expect_stream(sanitizer, samples[i], strlen(samples[i]));
    for (unsigned i = 0; i < 600u / TEST_STRIDE; i++) {
        size_t size = 0;
        for (size_t k = 2 + rnd() % 30; k > 0; k--)
            size += (size_t)sprintf(text + size, "%s", pieces[rnd() % (sizeof pieces / sizeof pieces[0])]);
        expect_stream(sanitizer, text, size);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    seed = test_seed(seed);
    whole = streamed_make();
    parts = streamed_make();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_within_runs),
        cmocka_unit_test(marks_far_before),
        cmocka_unit_test(hidden_characters_in_a_row),
        cmocka_unit_test(marks_that_come_later),
        cmocka_unit_test(own_words_behind_characters),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    streamed_free(&whole);
    streamed_free(&parts);
    return failed;
}

/*
 * JSON that is read as text: every row's sample behind and in front of every escape is found, without a byte of the escape, and
 * what is written is JSON of the same form.
 */
#include "core/json.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"

static const char *const escapes[] = {"\\n", "\\t",     "\\r",     "\\b",     "\\f",    "\\\"",
                                      "\\/", "\\\\\\n", "\\u003c", "\\u000A", "\\u00e9"};

/* The only value of {"m":"..."}, decoded; fails when the text is no such JSON. */
static size_t decode_value(const char *text, size_t size, char *out, size_t capacity)
{
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, text, size);
    if (vl_json_next(&json, &token) != VL_JSON_OBJECT_BEGIN || vl_json_next(&json, &token) != VL_JSON_KEY ||
        vl_json_next(&json, &token) != VL_JSON_STRING)
        fail_msg("no JSON: %.*s", (int)size, text);
    size_t length = vl_json_decode(&token, out, capacity - 1);
    if (length == SIZE_MAX || vl_json_next(&json, &token) != VL_JSON_OBJECT_END)
        fail_msg("no JSON: %.*s", (int)size, text);
    out[length] = '\0';
    return length;
}

static void expect_found(const veil_sanitizer *sanitizer, size_t row, const char *escape)
{
    char text[384];
    char sample[256];
    char out[768];
    char got[768];
    char wanted[768];
    static found all;
    size_t length = 0;
    for (const char *c = vl_rows[row].sample; *c != '\0'; c++) {
        if (*c == '\n') sample[length++] = '\\';
        sample[length++] = *c == '\n' ? 'n' : *c;
    }
    sample[length] = '\0';
    const char *entity = vl_entities[vl_rows[row].entity].name;
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = &entity;
    options.entity_count = 1;
    int prefix = snprintf(text, sizeof text, "{\"m\":\"%s%s", vl_rows[row].before, escape);
    int size = snprintf(text + prefix, sizeof text - (size_t)prefix, "%s%s end\"}", sample, escape) + prefix;
    scan_text(sanitizer, &options, text, (size_t)size, &all);
    if (all.count != 1 || all.items[0].start != (size_t)prefix || all.items[0].end != (size_t)prefix + length)
        fail_msg("%s: %zu findings in %s, the first [%zu, %zu)", vl_rows[row].name, all.count, text,
                 (size_t)all.items[0].start, (size_t)all.items[0].end);
    size_t out_bytes;
    assert_int_equal(veil_text_redact(sanitizer, &options, text, (size_t)size, out, sizeof out, &out_bytes, NULL, NULL),
                     VEIL_OK);
    decode_value(out, out_bytes, got, sizeof got);
    size = snprintf(text, sizeof text, "{\"m\":\"%s%s<%s>%s end\"}", vl_rows[row].before, escape, entity, escape);
    decode_value(text, (size_t)size, wanted, sizeof wanted);
    assert_string_equal(got, wanted);
}

static void every_sample_is_found_between_escapes(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        for (size_t i = 0; i < sizeof escapes / sizeof escapes[0] && (vl_rows[row].flags & VL_ROW_NAMED) == 0; i++)
            expect_found(sanitizer, row, escapes[i]);
    veil_sanitizer_destroy(sanitizer);
}

/* Escapes that windows and blocks are cut through. */
static void escapes_are_known_at_every_offset(void **state)
{
    (void)state;
    static char text[40000];
    static found all;
    static const char tail[] = "\\u003c4111111111111111\\njane@example.com\\tAKIAIOSFODNN7EXAMPLE\\n";
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t shift = 0; shift < 33000; shift += shift < 200 || (shift > 15300 && shift < 16500) ? 1 : 97) {
        memset(text, '.', shift);
        memcpy(text + shift, tail, sizeof tail);
        scan_text(sanitizer, NULL, text, shift + sizeof tail - 1, &all);
        if (all.count != 3 || all.items[0].start != shift + 6 || all.items[1].start != shift + 24 ||
            all.items[2].start != shift + 42)
            fail_msg("%zu findings behind %zu bytes", all.count, shift);
    }
    veil_sanitizer_destroy(sanitizer);
}

static void dates_in_words_begin_behind_escapes(void **state)
{
    (void)state;
    static found all;
    static const char *const texts[] = {"x\\nMay 2021", "x\\n5th of May 2021", "x\\n17 May 2021"};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        scan_text(sanitizer, NULL, texts[i], strlen(texts[i]), &all);
        assert_int_equal(all.count, 1);
        assert_int_equal(all.items[0].start, 3);
        assert_int_equal(all.items[0].end, strlen(texts[i]));
    }
    veil_sanitizer_destroy(sanitizer);
}

/* What the bytes behind a run of digits rule out is asked of a run that begins a word, not of one that goes on from the escape's
 * letter (found by the long run of differential_test). */
static void groups_begin_behind_escapes(void **state)
{
    (void)state;
    static found all;
    static const char text[] = "678\\n081_4012 8888 next";
    const char *entity = "IT_VAT_CODE";
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = &entity;
    options.entity_count = 1;
    scan_text(sanitizer, &options, text, sizeof text - 1, &all);
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].start, 5);
    assert_int_equal(all.items[0].end, 18);
    veil_sanitizer_destroy(sanitizer);
}

/* Two backslashes are one of the text's own, and the letter behind them is a letter, unless what is encoded twice is decoded. */
static void an_escaped_backslash_is_no_escape(void **state)
{
    (void)state;
    static found all;
    static const char *const texts[] = {"x\\\\n4111111111111111", "x\\\\nAKIAIOSFODNN7EXAMPLE", "x\\q4111111111111111",
                                        "C:\\notes\\readme.md", "x\\u00g14111111111111111"};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_NO_DECODE;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        scan_text(sanitizer, &options, texts[i], strlen(texts[i]), &all);
        if (all.count != 0) fail_msg("%s: %s", texts[i], all.items[0].recognizer);
        scan_text(sanitizer, NULL, texts[i], strlen(texts[i]), &all);
        assert_int_equal(all.count, i < 2);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Colours of terminals, as logs of builds have them. */
static void colours_are_no_part_of_words(void **state)
{
    (void)state;
    static const char *const colours[] = {"\x1b[m",      "\x1b[32m", "\x1b[38;2;255;100;50m", "\x1b[K", "\\x1b[1m",
                                          "\\033[0;31m", "\\e[4m",   "\\u001b[1;32m"};
    static const char *const samples[] = {"415-555-0132",          "jane@example.com",     "93.184.216.34",
                                          "https://example.com/x", "AKIAIOSFODNN7EXAMPLE", "2026-11-21",
                                          "5105105105105100",      "www.example.com/about"};
    static found all;
    char text[128];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++) {
            int size = snprintf(text, sizeof text, "got%s%s%s end", colours[i], samples[k], "\x1b[0m");
            scan_text(sanitizer, NULL, text, (size_t)size, &all);
            size_t start = 3 + strlen(colours[i]);
            if (all.count != 1 || all.items[0].start != start || all.items[0].end != start + strlen(samples[k]))
                fail_msg("%zu findings in %s", all.count, text);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* The hexadecimal digits of an escape are no group of the address behind it. */
static void addresses_begin_behind_percent_escapes(void **state)
{
    (void)state;
    static const char *const texts[] = {"mac%3D00:1b:63:84:45:e6", "mac%3D:00:1b:63:84:45:e6",
                                        "mac%3A-00-1b-63-84-45-e6"};
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_NO_DECODE;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        scan_text(sanitizer, &options, texts[i], strlen(texts[i]), &all);
        if (all.count != 1 || all.items[0].start != strlen(texts[i]) - 17) fail_msg("%s", texts[i]);
    }
    static const char *const others[] = {"mac=3d:00:1b:63:84:45:e6",   /* seven groups are no such address */
                                         "mac%3D:00:1b:63:84:45:e6_"}; /* a word, behind an escape that is none of it */
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        scan_text(sanitizer, &options, others[i], strlen(others[i]), &all);
        for (size_t k = 0; k < all.count; k++)
            assert_string_not_equal(all.items[k].entity, "MAC_ADDRESS");
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_is_found_between_escapes),
        cmocka_unit_test(escapes_are_known_at_every_offset),
        cmocka_unit_test(dates_in_words_begin_behind_escapes),
        cmocka_unit_test(an_escaped_backslash_is_no_escape),
        cmocka_unit_test(groups_begin_behind_escapes),
        cmocka_unit_test(colours_are_no_part_of_words),
        cmocka_unit_test(addresses_begin_behind_percent_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Results do not depend on where windows fall, and the work space is fixed whatever the text. */
#include "text/scan_fixture.h"

static const char sample[] =
    "\nHi, I'm Jane Roe, reach me at jane.roe@example.com or (415) 555-0132; SSN 536-90-4399, card 4111 1111 1111 "
    "1111, "
    "2024-06-05T09:15:30Z from 10.1.2.3, fe80::1, 00:11:22:33:44:55, www.example.com/a/b, nino: PR 12 36 12 C, token "
    "ghp_abcdefghijklmnopqrstuvwxyz01234AbCdE, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, key AKIAIOSFODNN7EXAMPLE, "
    "iban GB29 NWBK 6016 1331 9268 19\n-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

static void expect_shifted(const veil_sanitizer *sanitizer, const found *reference, char *text, size_t shift,
                           found *all)
{
    static const char filler[] = "filler words 12 of 7.5 no-one needs: x. ";
    for (size_t i = 0; i < shift; i++)
        text[i] = filler[i % (sizeof filler - 1)];
    if (shift > 0) text[shift - 1] = '\n';
    memcpy(text + shift, sample, sizeof sample);
    scan_text(sanitizer, NULL, text, shift + sizeof sample - 1, all);
    assert_int_equal(all->count, reference->count);
    for (size_t i = 0; i < all->count; i++) {
        assert_int_equal(all->items[i].start - shift, reference->items[i].start);
        assert_int_equal(all->items[i].end - shift, reference->items[i].end);
        assert_string_equal(all->items[i].recognizer, reference->items[i].recognizer);
        assert_true(all->items[i].score == reference->items[i].score);
    }
}

static void findings_are_the_same_at_every_offset(void **state)
{
    (void)state;
    static found reference;
    static found all;
    static char text[40000];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    memcpy(text, "\n", 1);
    scan_text(sanitizer, NULL, sample, sizeof sample - 1, &reference);
    assert_true(reference.count >= 14);
    for (size_t shift = 14200; shift < 16500; shift += 3)
        expect_shifted(sanitizer, &reference, text, shift, &all);
    for (size_t shift = 29000; shift < 32800; shift += 37)
        expect_shifted(sanitizer, &reference, text, shift, &all);
    veil_sanitizer_destroy(sanitizer);
}

static void a_run_longer_than_a_window_goes_as_one(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    static char text[LENGTH];
    static char out[LENGTH];
    static found all;
    size_t out_bytes;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    memset(text, 'a', sizeof text);
    memcpy(text, "see http://example.com/", 23);
    memcpy(text + LENGTH - 9, " the end.", 9);
    scan_text(sanitizer, NULL, text, LENGTH, &all);
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].start, 4);
    assert_int_equal(all.items[0].end, LENGTH - 9);
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, LENGTH, out, LENGTH, &out_bytes, NULL, NULL), VEIL_OK);
    assert_int_equal(out_bytes, 18);
    assert_memory_equal(out, "see <URL> the end.", 18);
    veil_sanitizer_destroy(sanitizer);
}

/* Mask and hash would see the part that lies in one window: a chain beyond the bound gets its placeholder, however long it is. */
static void a_long_run_has_no_value(void **state)
{
    (void)state;
    static const size_t lengths[] = {9000, 15000, 16384, 17000, 100000};
    static char text[100000];
    static char out[100000];
    static const char key[32] = "a key for this test alone";
    veil_operator_rule rules[] = {
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_MASK, .mask_count = 4, .mask_end = 1},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_HASH},
        {.struct_size = sizeof rules[0], .entity = "*", .text = "-", .op = VEIL_OP_REPLACE},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_REDACT}};
    static const char *const expected[] = {"see <URL> end", "see <URL> end", "see - end", "see  end"};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.key = key;
    config.key_bytes = sizeof key;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        memset(text, 'a', lengths[l]);
        memcpy(text, "see http://example.com/", 23);
        memcpy(text + lengths[l] - 4, " end", 4);
        for (size_t r = 0; r < 4; r++) {
            size_t out_bytes;
            veil_text_options options;
            veil_text_options_init(&options);
            options.operators = &rules[r];
            options.operator_count = 1;
            veil_status status =
                veil_text_redact(sanitizer, &options, text, lengths[l], out, sizeof out, &out_bytes, NULL, NULL);
            assert_int_equal(status, VEIL_OK);
            assert_int_equal(out_bytes, strlen(expected[r]));
            assert_memory_equal(out, expected[r], out_bytes);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* A kept run that is cut at a window's end leaves nothing of itself in what comes behind it. */
static void a_kept_long_run_stays(void **state)
{
    (void)state;
    enum { LENGTH = 50000 };
    static char text[LENGTH];
    static char out[2 * LENGTH];
    size_t out_bytes;
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "URL", .op = VEIL_OP_KEEP};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    memset(text, 'a', sizeof text);
    memcpy(text, "see http://example.com/", 23);
    memcpy(text + LENGTH - 20, " 536-90-4399 the end", 20);
    assert_int_equal(veil_text_redact(sanitizer, &options, text, LENGTH, out, sizeof out, &out_bytes, NULL, NULL),
                     VEIL_OK);
    assert_int_equal(out_bytes, LENGTH - 11 + 8);
    assert_memory_equal(out, text, LENGTH - 19);
    assert_memory_equal(out + LENGTH - 19, "<US_SSN> the end", 16);
    veil_sanitizer_destroy(sanitizer);
}

static void expect_redacted(const veil_sanitizer *sanitizer, const char *text, size_t size, const char *expected)
{
    static char out[400000];
    size_t out_bytes;
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, size, out, sizeof out - 1, &out_bytes, NULL, NULL),
                     VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, expected);
}

/* Keys and tokens of any length go whole: what lies behind the bound is as secret as what lies before it. */
static void long_secrets_go_whole(void **state)
{
    (void)state;
    static const size_t lengths[] = {500, 7000, 8190, 9000, 16000, 40000, 200000};
    static char text[300000];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        size_t size = (size_t)sprintf(text, "%s", "a -----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n");
        for (size_t i = 0; i < lengths[l]; i++)
            text[size++] = i % 65 == 64 ? '\n' : "lQdGBGXyPNQBEADZ+/0"[i % 19];
        size += (size_t)sprintf(text + size, "%s", "\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\nthe end");
        expect_redacted(sanitizer, text, size, "a <PRIVATE_KEY>\nthe end");
        size = (size_t)sprintf(text, "%s", "a eyJhbGciOiJIUzI1NiJ9.eyJ");
        for (size_t i = 0; i < lengths[l]; i++)
            text[size++] = "zdWIiOiIxIn0"[i % 12];
        size += (size_t)sprintf(text + size, "%s", ".c2lnbmF0dXJl the end");
        expect_redacted(sanitizer, text, size, "a <JWT> the end");
    }
    expect_redacted(sanitizer, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln.Then", 46, "<JWT>.Then");
    veil_sanitizer_destroy(sanitizer);
}

/* More matches than a window's array holds: the window is cut short and nothing is lost. */
static void dense_matches_are_all_found(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static char text[COUNT * 11 + 1];
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.0f);
    for (size_t i = 0; i < COUNT; i++)
        (void)snprintf(text + i * 11, 12, "%s", "078051125, ");
    veil_text_options options;
    const char *entities[] = {"US_SSN", "US_PASSPORT", "US_BANK_NUMBER", "US_DRIVER_LICENSE"};
    veil_text_options_init(&options);
    options.entities = entities;
    options.entity_count = 4;
    scan_text(sanitizer, &options, text, COUNT * 11, &all);
    assert_int_equal(all.count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(all.items[i].start, i * 11);
    veil_sanitizer_destroy(sanitizer);
}

static void hostile_texts_end(void **state)
{
    (void)state;
    enum { LENGTH = 300000 };
    static const char *const units[] = {
        "1",
        ":",
        "::1",
        "@",
        "a@",
        ".a",
        "-",
        "1.",
        "1 ",
        "eyJ-",
        "a1_",
        "http://",
        "(555) ",
        "1-1-",
        "A1.",
        "(415533333333333333333333333333333333333333333333333333333333333333333333333333)-5 ",
        "-----BEGIN PRIVATE KEY-----"};
    char *text = malloc(LENGTH);
    char *out = malloc(4 * LENGTH);
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        size_t out_bytes;
        for (size_t i = 0; i < LENGTH; i++)
            text[i] = units[u][i % strlen(units[u])];
        veil_status status = veil_text_redact(sanitizer, NULL, text, LENGTH, out, 4 * LENGTH, &out_bytes, NULL, NULL);
        if (status != VEIL_OK) fail_msg("unit %s: %s", units[u], veil_status_string(status));
    }
    veil_sanitizer_destroy(sanitizer);
    free(text);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_the_same_at_every_offset),
        cmocka_unit_test(a_run_longer_than_a_window_goes_as_one),
        cmocka_unit_test(a_long_run_has_no_value),
        cmocka_unit_test(a_kept_long_run_stays),
        cmocka_unit_test(long_secrets_go_whole),
        cmocka_unit_test(dense_matches_are_all_found),
        cmocka_unit_test(hostile_texts_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Keys, tokens and URLs of any length go whole, as one finding and one placeholder, wherever windows fall. */
#include "text/scan_fixture.h"

#define TEXT_MAX 140000

typedef enum run_kind { PEM, PEM_ESCAPED, PEM_CUT, PGP, WRAPPED, JWT, URL, KINDS } run_kind;

static const char *const entities[KINDS] = {"PRIVATE_KEY", "PRIVATE_KEY", "PRIVATE_KEY", "PRIVATE_KEY",
                                            "PRIVATE_KEY", "JWT",         "URL"};

static size_t put(char *text, size_t at, const char *part)
{
    memcpy(text + at, part, strlen(part));
    return at + strlen(part);
}

static void put_base64(char *text, size_t from, size_t to, const char *line_end)
{
    static const char alphabet[] = "QWxhZGRpbjpvcGVuIHNlc2FtZQabcdefghijklmnopqrstuvwxyz0123456789AB+/";
    for (size_t at = from, column = 0; at < to; column++) {
        if (line_end[0] != '\0' && column == 64 && to - at > strlen(line_end)) {
            at = put(text, at, line_end);
            column = 0;
        }
        text[at] = alphabet[(column * 7 + at / 64) % 64];
        at++;
    }
}

/* A run of exactly `length` bytes at `at`. */
static size_t put_run(char *text, size_t at, run_kind kind, size_t length)
{
    static const char *const heads[KINDS] = {
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\nDEK-Info: AES-256-CBC,AB12\\n\\n",
        "-----BEGIN PRIVATE KEY-----\r\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2.0.22 (GNU/Linux)\nComment: it's <here>\n\n",
        ("LS0tLS"
         "1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpN"),
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi",
        "https://example.com/a"};
    static const char *const tails[KINDS] = {"\n-----END PRIVATE KEY-----",
                                             "\\n-----END RSA PRIVATE KEY-----",
                                             "",
                                             "\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----",
                                             "FURSBLRVktLS0tLQo=",
                                             ".c2lnbmF0dXJl",
                                             "/z"};
    static const char *const line_ends[KINDS] = {"\n", "\\n", "\r\n", "\n", "", "", ""};
    size_t end = at + length;
    size_t body = put(text, at, heads[kind]);
    size_t tail = end - strlen(tails[kind]);
    if (kind == JWT || kind == URL)
        memset(text + body, 'a', tail - body);
    else
        put_base64(text, body, tail, line_ends[kind]);
    return put(text, tail, tails[kind]);
}

static const char *behind(run_kind kind)
{
    return kind == PEM_CUT ? "\r\n\r\nWritten down after lunch, see you.\n" : " and after it 536-90-4399 end";
}

static void expect_run(const veil_sanitizer *sanitizer, run_kind kind, size_t shift, size_t length)
{
    static char text[TEXT_MAX];
    static char out[TEXT_MAX];
    static char expected[TEXT_MAX];
    static found all;
    memset(text, '.', shift);
    if (shift > 0) text[shift - 1] = ' ';
    size_t end = put_run(text, shift, kind, length);
    size_t size = put(text, end, behind(kind));
    scan_text(sanitizer, NULL, text, size, &all);
    size_t wanted = kind == PEM_CUT ? 1 : 2;
    if (all.count != wanted || all.items[0].start != shift || all.items[0].end != end ||
        strcmp(all.items[0].entity, entities[kind]) != 0)
        fail_msg("kind %d, %zu bytes at %zu: %zu findings, the first %s [%zu, %zu)", (int)kind, length, shift,
                 all.count, all.count > 0 ? all.items[0].entity : "-", (size_t)all.items[0].start,
                 (size_t)all.items[0].end);
    size_t out_bytes;
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, size, out, sizeof out, &out_bytes, NULL, NULL), VEIL_OK);
    memcpy(expected, text, shift);
    size_t at = put(expected, shift, "<");
    at = put(expected, at, entities[kind]);
    at = put(expected, at, ">");
    at = put(expected, at, kind == PEM_CUT ? behind(kind) : " and after it <US_SSN> end");
    assert_int_equal(out_bytes, at);
    assert_memory_equal(out, expected, at);
}

static void runs_of_any_length_go_whole(void **state)
{
    (void)state;
    static const size_t lengths[] = {500, 8100, 8191, 8192, 8193, 8300, 9000, 16384, 20000, 100000};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
            expect_run(sanitizer, (run_kind)kind, 0, lengths[i]);
    veil_sanitizer_destroy(sanitizer);
}

static void runs_go_whole_at_every_offset(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t shift = 1; shift < 33000; shift += 509)
            expect_run(sanitizer, (run_kind)kind, shift, 8193 + shift % 3);
        for (size_t shift = 15300; shift < 16500; shift += 61)
            expect_run(sanitizer, (run_kind)kind, shift, 20000);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Operators that work on the value write the placeholder; keep leaves every byte. */
static void operators_treat_long_runs_as_one(void **state)
{
    (void)state;
    static char text[TEXT_MAX];
    static char out[2 * TEXT_MAX];
    static const char key[32] = "a key for this test alone";
    static const size_t lengths[] = {8193, 9000, 20000, 100000};
    veil_operator_rule rules[] = {
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_MASK, .mask_count = 4, .mask_end = 1},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_HASH},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_KEEP}};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.key = key;
    config.key_bytes = sizeof key;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    for (size_t i = 0; i < 3 * sizeof lengths / sizeof lengths[0] * KINDS; i++) {
        run_kind kind = (run_kind)(i % KINDS);
        size_t rule = i / KINDS % 3;
        size_t end = put_run(text, put(text, 0, "at "), kind, lengths[i / KINDS / 3]);
        size_t size = put(text, end, "\n\nthe end of it");
        char expected[64];
        (void)snprintf(expected, sizeof expected, "at <%s>\n\nthe end of it", entities[kind]);
        size_t out_bytes;
        veil_text_options options;
        veil_text_options_init(&options);
        options.operators = &rules[rule];
        options.operator_count = 1;
        assert_int_equal(veil_text_redact(sanitizer, &options, text, size, out, sizeof out, &out_bytes, NULL, NULL),
                         VEIL_OK);
        assert_int_equal(out_bytes, rule == 2 ? size : strlen(expected));
        assert_memory_equal(out, rule == 2 ? text : expected, out_bytes);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* In JSON that is read as text, in source code, in quoted mail; and what stands behind a key that was cut off stays. */
static void armour_is_known_in_other_texts(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"-----BEGIN PRIVATE KEY-----\nMIIB\n\nDear Ann, the key is above.",
         "<PRIVATE_KEY>\n\nDear Ann, the key is above."},
        {"{\"k\":\"-----BEGIN PRIVATE KEY-----\\nMIIB\",\"name\":\"x\"}", "{\"k\":\"<PRIVATE_KEY>\",\"name\":\"x\"}"},
        {"-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASC\nAb==\nand so on.",
         "<PRIVATE_KEY>\nand so on."},
        {"\"-----BEGIN PRIVATE KEY-----\\n\"\n  \"MIIBVgIBADANBgkqhkiG9w0BAQEFAASC\\n\"\n  "
         "\"Ab\\u002B\\/9==\\n\";\nint x = 1;",
         "\"<PRIVATE_KEY>\\n\";\nint x = 1;"},
        {"> -----BEGIN PGP PRIVATE KEY BLOCK-----\n> Version: 1 (a)\n> \n> lQVYBF8AAAABDADMq0+zZZZZZZ\n> =aB3d\n\nBye "
         "now.",
         "> <PRIVATE_KEY>\n\nBye now."},
    };
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char out[512];
        size_t out_bytes;
        assert_int_equal(veil_text_redact(sanitizer, NULL, pairs[i][0], strlen(pairs[i][0]), out, sizeof out - 1,
                                          &out_bytes, NULL, NULL),
                         VEIL_OK);
        out[out_bytes] = '\0';
        assert_string_equal(out, pairs[i][1]);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_any_length_go_whole),
        cmocka_unit_test(runs_go_whole_at_every_offset),
        cmocka_unit_test(operators_treat_long_runs_as_one),
        cmocka_unit_test(armour_is_known_in_other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

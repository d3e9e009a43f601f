/* The host's own recognizers through veil.h: patterns, words, callbacks, allow lists, and every mistake in their fields. */
#include "scan_fixture.h"

#include <math.h>

#include "support/fail_alloc.h"
#include "support/seed.h"

static veil_recognizer own(const char *name, const char *entity, uint32_t kind, const char *const *items, size_t count)
{
    return (veil_recognizer){.struct_size = sizeof(veil_recognizer),
                             .name = name,
                             .entity = entity,
                             .items = items,
                             .item_count = count,
                             .score = 0.8f,
                             .kind = kind};
}

static void text_config(veil_config *config, const veil_recognizer *recognizers, size_t count)
{
    veil_config_init(config);
    config->modalities = VEIL_MODALITY_TEXT;
    config->text_workspaces = 1;
    config->recognizers = recognizers;
    config->recognizer_count = count;
}

static veil_sanitizer *make(const veil_recognizer *recognizers, size_t count)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    text_config(&config, recognizers, count);
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    return sanitizer;
}

/* "ENTITY start end|..." of the winners. */
static const char *found_in(const veil_sanitizer *s, const char *text)
{
    static char line[4096];
    veil_finding items[64];
    veil_text_result result = {sizeof result, items, 64, 0};
    veil_error error = VEIL_ERROR_INIT;
    line[0] = '\0';
    veil_status status = veil_text_scan(s, NULL, text, strlen(text), &result, &error);
    if (status != VEIL_OK) {
        snprintf(line, sizeof line, "%s: %s", veil_status_string(status), error.message);
        return line;
    }
    for (size_t i = 0; i < result.finding_count; i++)
        snprintf(line + strlen(line), sizeof line - strlen(line), "%s%s %d %d", i ? "|" : "", items[i].entity,
                 (int)items[i].start, (int)items[i].end);
    return line;
}

static const char *redacted(const veil_sanitizer *s, const char *text)
{
    static char out[4096];
    size_t bytes = 0;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_text_redact(s, NULL, text, strlen(text), out, sizeof out - 1, &bytes, NULL, &error) != VEIL_OK)
        fail_msg("redact: %s", error.message);
    out[bytes] = '\0';
    return out;
}

static void patterns_find_what_they_say(void **state)
{
    static const char *const employee[] = {"\\bEMP-[0-9]{6}\\b", "\\bSTAFF[0-9]{3,5}\\b"};
    static const char *const city[] = {"Z\xc3\xbcrich"};
    veil_recognizer r[2] = {own("employee", "EMPLOYEE_ID", VEIL_RECOGNIZER_PATTERN, employee, 2),
                            own("city", "CITY", VEIL_RECOGNIZER_PATTERN, city, 1)};
    r[0].sample = "EMP-123456";
    (void)state;
    veil_sanitizer *s = make(r, 2);
    assert_string_equal(found_in(s, "see EMP-123456, STAFF1234."), "EMPLOYEE_ID 4 14|EMPLOYEE_ID 16 25");
    assert_string_equal(found_in(s, "EMP-1234567 XEMP-123456 STAFF12"), "");
    assert_string_equal(found_in(s, "{\"a\":\"x\\nEMP-123456\"}"), "EMPLOYEE_ID 9 19");
    assert_string_equal(found_in(s, "C:\\\\nEMP-123456"), "EMPLOYEE_ID 5 15"); /* a line break encoded twice */
    assert_string_equal(found_in(s, "in Z\xc3\xbcrich"), "CITY 3 10");
    assert_string_equal(redacted(s, "EMP-123456 mails jane.roe@example.com"), "<EMPLOYEE_ID> mails <EMAIL_ADDRESS>");
    assert_int_equal(veil_sanitizer_has_entity(s, "EMPLOYEE_ID"), 1);
    assert_int_equal(veil_sanitizer_has_entity(s, "EMPLOYEE"), VEIL_ERR_INVALID_ARGUMENT);
    veil_sanitizer_destroy(s);
}

static void lines_case_and_whole_words_are_kept_apart(void **state)
{
    static const char *const start[] = {"^user=[a-z]{1,20}$"};
    static const char *const code[] = {"k[0-9]{4,6}"};
    veil_recognizer r[2] = {own("login", "LOGIN", VEIL_RECOGNIZER_PATTERN, start, 1),
                            own("code", "CODE", VEIL_RECOGNIZER_PATTERN, code, 1)};
    r[1].flags = VEIL_RECOGNIZER_CASELESS | VEIL_RECOGNIZER_WHOLE_WORD;
    (void)state;
    veil_sanitizer *s = make(r, 2);
    assert_string_equal(found_in(s, "user=jane\nxuser=jim\nuser=joe x\nuser=jo"), "LOGIN 0 9|LOGIN 31 38");
    assert_string_equal(found_in(s, "K1234 k123456 k1234567 xk1234 k1234x k1234\xc3\xa9"), "CODE 0 5|CODE 6 13");
    veil_sanitizer_destroy(s);
}

static void overlapping_matches_of_one_recognizer_are_one(void **state)
{
    static const char *const digits[] = {"[0-9]{4,6}"};
    veil_recognizer r = own("digits", "NUMBER", VEIL_RECOGNIZER_PATTERN, digits, 1);
    (void)state;
    veil_sanitizer *s = make(&r, 1);
    assert_string_equal(found_in(s, "x12345678901y 123 1234"), "NUMBER 1 12|NUMBER 18 22");
    veil_sanitizer_destroy(s);
}

static void a_match_never_splits_a_character(void **state)
{
    static const char *const any[] = {"<.{1,3}"};
    veil_recognizer r = own("any", "ANY", VEIL_RECOGNIZER_PATTERN, any, 1);
    (void)state;
    veil_sanitizer *s = make(&r, 1);
    assert_string_equal(found_in(s, "<\xe2\x82\xac\xe2\x82\xac"), "ANY 0 4");
    assert_string_equal(found_in(s, "<a\xf0\x9f\x98\x80z"), "ANY 0 6");
    veil_sanitizer_destroy(s);
}

static void words_and_phrases_are_found_whole(void **state)
{
    static const char *const names[] = {"Jane Roe",
                                        "Roe",
                                        "O'Neil",
                                        "Jean-Luc",
                                        "St. John",
                                        "Acme Inc.",
                                        "@handle",
                                        "New York",
                                        "New York City",
                                        "caf\xc3\xa9",
                                        "\xe5\xbc\xa0\xe4\xbc\x9f"};
    static const char *const exact[] = {"May", "Will"};
    veil_recognizer r[2] = {own("names", "NAME", VEIL_RECOGNIZER_WORDS, names, 11),
                            own("exact", "FIRST", VEIL_RECOGNIZER_WORDS, exact, 2)};
    r[0].flags = VEIL_RECOGNIZER_CASELESS;
    (void)state;
    veil_sanitizer *s = make(r, 2);
    assert_string_equal(found_in(s, "hi Jane Roe!"), "NAME 3 11");
    assert_string_equal(found_in(s, "JANE\n  ROE"), "NAME 0 10");
    assert_string_equal(found_in(s, "Roes, monroe; roe"), "NAME 14 17");
    assert_string_equal(found_in(s, "o'neil and jean-luc"), "NAME 0 6|NAME 11 19");
    assert_string_equal(found_in(s, "ST. JOHN of Acme Inc., Acme Inc"), "NAME 0 8|NAME 12 21");
    assert_string_equal(found_in(s, "mail @handle, handle"), "NAME 5 12");
    assert_string_equal(found_in(s, "new york city; New York"), "NAME 0 13|NAME 15 23");
    assert_string_equal(found_in(s, "CAF\xc3\x89"), "NAME 0 5");
    assert_string_equal(found_in(s, "\xe6\x88\x91\xe5\xbc\xa0\xe4\xbc\x9f\xe5\xa5\xbd"), "NAME 3 9");
    assert_string_equal(found_in(s, "\xe2\x80\x9cMay\xe2\x80\x9d may Will's WILL"), "FIRST 3 6|FIRST 14 18");
    assert_string_equal(found_in(s, "{\"t\":\"\\nMay\\n\"}"), "FIRST 8 11");
    veil_sanitizer_destroy(s);
}

static veil_status find_model(void *user, const char *text, size_t text_bytes, veil_callback_finding *findings,
                              size_t capacity, size_t *count)
{
    int *mode = user;
    const char *at = memmem(text, text_bytes, "Jane", 4);
    *count = 0;
    if (*mode == 1) return VEIL_ERR_BUSY;
    if (*mode == 2) return 77;
    if (*mode == 8) return VEIL_ERR_BUFFER_TOO_SMALL;
    if (*mode == 3) return *count = capacity + 1, VEIL_OK;
    for (; at != NULL; at = memmem(at + 4, text_bytes - (size_t)(at + 4 - text), "Jane", 4)) {
        veil_callback_finding *f = &findings[(*count)++];
        *f = (veil_callback_finding){.start = (uint64_t)(at - text), .end = (uint64_t)(at - text) + 4, .score = 0.7f};
        if (*mode == 4) f->end = text_bytes + 1;
        if (*mode == 5) f->score = NAN;
        if (*mode == 6) f->start = f->end;
        if (*mode == 7) f->end++;
    }
    return VEIL_OK;
}

static void callbacks_are_mixed_in_and_fail_closed(void **state)
{
    int mode = 0;
    veil_recognizer r = own("model", "PERSON", VEIL_RECOGNIZER_CALLBACK, NULL, 0);
    (void)state;
    r.callback = find_model;
    r.user = &mode;
    r.score = 0;
    r.sample = "Jane";
    veil_sanitizer *s = make(&r, 1);
    assert_string_equal(found_in(s, "Jane, jane.roe@example.com, Jane"), "PERSON 0 4|EMAIL_ADDRESS 6 26|PERSON 28 32");
    assert_string_equal(redacted(s, "Jane"), "<PERSON>");
    static const char *const reasons[] = {
        "BUSY: callback model failed",
        "CALLBACK: callback model failed",
        "LIMIT: callback model: finding 16384: there are more than 16,384",
        "CALLBACK: callback model: finding 0: it is empty or not in the text",
        "CALLBACK: callback model: finding 0: its score is not a number from 0 to 1",
        "CALLBACK: callback model: finding 0: it is empty or not in the text",
        "CALLBACK: callback model: finding 0: it splits a character",
        "CALLBACK: callback model failed",
    };
    for (mode = 1; mode <= 8; mode++)
        assert_string_equal(found_in(s, "Jane\xc3\xa9"), reasons[mode - 1]);
    char out[64] = "untouched";
    size_t bytes = 7;
    mode = 1;
    assert_int_equal(veil_text_redact(s, NULL, "Jane", 4, out, sizeof out, &bytes, NULL, NULL), VEIL_ERR_BUSY);
    assert_int_equal(bytes, 0);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
    veil_sanitizer_destroy(s);
}

static void allow_lists_take_findings_out(void **state)
{
    veil_config config;
    veil_sanitizer *s = NULL;
    static const char *const codes[] = {"\\bID[0-9]{4}\\b"};
    veil_recognizer r = own("ids", "ID_CODE", VEIL_RECOGNIZER_PATTERN, codes, 1);
    veil_allow_rule allow[] = {
        {sizeof(veil_allow_rule), "EMAIL_ADDRESS", "Info@Example.com", VEIL_ALLOW_EXACT, 1, 0, 0},
        {sizeof(veil_allow_rule), "*", "ID0000", VEIL_ALLOW_EXACT, 0, 0, 0},
        {sizeof(veil_allow_rule), "EMAIL_ADDRESS", ".*@test\\.example\\.com", VEIL_ALLOW_REGEX, 0, 0, 0},
    };
    (void)state;
    text_config(&config, &r, 1);
    config.allow = allow;
    config.allow_count = 3;
    assert_int_equal(veil_sanitizer_create(&config, &s, NULL), VEIL_OK);
    assert_string_equal(found_in(s, "INFO@example.com jane@example.com"), "EMAIL_ADDRESS 17 33");
    assert_string_equal(found_in(s, "ID0000 ID0001"), "ID_CODE 7 13");
    assert_string_equal(found_in(s, "a@test.example.com a@test.example.com.uk"), "EMAIL_ADDRESS 19 40");
    assert_string_equal(redacted(s, "info@example.com ID0000 ID0001"), "info@example.com ID0000 <ID_CODE>");
    veil_sanitizer_destroy(s);
}

/* The anchors around a pattern must hold: one that closes their group would allow everything. */
static void allow_patterns_are_whole_ones(void **state)
{
    static const char *const wrong[] = {"info@corp\\.com)|(?:.*", "a)", "(a", ")(", "(?#"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        veil_config config;
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        veil_allow_rule allow = {sizeof allow, "EMAIL_ADDRESS", wrong[i], VEIL_ALLOW_REGEX, 0, 0, 0};
        text_config(&config, NULL, 0);
        config.allow = &allow;
        config.allow_count = 1;
        assert_int_equal(veil_sanitizer_create(&config, &s, &error), VEIL_ERR_INVALID_ARGUMENT);
        assert_null(s);
        assert_null(strstr(error.message, "corp"));
    }
}

static void scores_languages_validators_and_context_count(void **state)
{
    static const char *const number[] = {"\\bN[0-9]{8}\\b"};
    static const char *const luhn[] = {"\\b[0-9]{4} [0-9]{3}\\b"};
    static const char *const words[] = {"badge", "Dienstausweis"};
    static const char *const german[] = {"de"};
    static const char *const only[] = {"LUHN_ID"};
    veil_recognizer r[3] = {own("number", "BADGE", VEIL_RECOGNIZER_PATTERN, number, 1),
                            own("luhn", "LUHN_ID", VEIL_RECOGNIZER_PATTERN, luhn, 1),
                            own("german", "AUSWEIS", VEIL_RECOGNIZER_WORDS, words, 2)};
    veil_text_options options;
    veil_finding f[8];
    veil_text_result result = {sizeof result, f, 8, 0};
    (void)state;
    r[0].score = 0.2f;
    r[0].context = words;
    r[0].context_count = 2;
    r[1].validator = "luhn";
    r[2].languages = german;
    r[2].language_count = 1;
    veil_sanitizer *s = make(r, 3);
    assert_string_equal(found_in(s, "N12345678"), "");
    assert_string_equal(found_in(s, "Badge: N12345678"), "BADGE 7 16");
    assert_string_equal(found_in(s, "1234 566, 1234 567"), "LUHN_ID 0 8");
    assert_string_equal(found_in(s, "Dienstausweis"), "");
    veil_text_options_init(&options);
    options.language = "de";
    assert_int_equal(veil_text_scan(s, &options, "Dienstausweis", 13, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(f[0].recognizer, "german");
    assert_float_equal(f[0].score, 0.8f, 1e-6);
    options.language = NULL;
    options.entities = only;
    options.entity_count = 1;
    assert_int_equal(veil_text_scan(s, &options, "1234 566 jane@example.com", 25, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 1);
    assert_float_equal(f[0].score, 1.0f, 0);
    veil_sanitizer_destroy(s);
}

/* A custom rule that says what a row of the table says finds the same. */
static void a_rule_equal_to_a_built_in_row_finds_the_same(void **state)
{
    static const char *const ssn[] = {"\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b"};
    veil_recognizer r = own("ssn", "OWN_SSN", VEIL_RECOGNIZER_PATTERN, ssn, 1);
    static char text[200000];
    static found all;
    (void)state;
    r.validator = "US_SSN";
    veil_sanitizer *s = make(&r, 1);
    uint32_t seed = (uint32_t)test_seed(7);
    size_t size = 0;
    while (size + 64 < sizeof text) {
        seed = seed * 1664525u + 1013904223u;
        unsigned a = seed >> 8;
        size += (size_t)sprintf(text + size, "%s%03u-%02u-%04u%s", a % 5 == 0 ? "x" : " ", a % 1000, a / 1000 % 100,
                                a % 9973, a % 7 == 0 ? "1 " : ". some words ");
    }
    veil_text_options options;
    veil_text_options_init(&options);
    static const char *const both[] = {"US_SSN", "OWN_SSN"};
    options.entities = both;
    options.entity_count = 2;
    options.flags = VEIL_TEXT_ALL;
    options.min_score = 0;
    scan_text(s, &options, text, size, &all);
    size_t counts[2] = {0};
    size_t agree = 0;
    for (size_t i = 0; i < all.count; i++) {
        bool is_own = strcmp(all.items[i].entity, "OWN_SSN") == 0;
        counts[is_own]++;
        if (is_own && i > 0 && all.items[i - 1].start == all.items[i].start && all.items[i - 1].end == all.items[i].end)
            agree++;
        else if (is_own && i + 1 < all.count && all.items[i + 1].start == all.items[i].start)
            agree++;
    }
    printf("own %zu, built-in %zu, agree %zu\n", counts[1], counts[0], agree);
    assert_true(counts[1] > 1000);
    assert_true(agree * 100 >= counts[1] * 99);
    veil_sanitizer_destroy(s);
}

/* Long runs, dense matches: the same findings whatever surrounds them, and no failure. */
static void dense_matches_are_one_a_byte_at_most(void **state)
{
    static const char *const a[] = {"[0-9]{4,100}"};
    static const char *const b[] = {"[0-9a-f]{2,64}"};
    static const char *const c[] = {"[0-9]"};
    veil_recognizer r[3] = {own("a", "RUN_A", VEIL_RECOGNIZER_PATTERN, a, 1),
                            own("b", "RUN_B", VEIL_RECOGNIZER_PATTERN, b, 1),
                            own("c", "RUN_C", VEIL_RECOGNIZER_PATTERN, c, 1)};
    static char text[100000];
    static char out[400000];
    size_t bytes = 0;
    (void)state;
    memset(text, '7', sizeof text);
    veil_sanitizer *s = make(r, 3);
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = veil_text_redact(s, NULL, text, sizeof text, out, sizeof out, &bytes, NULL, &error);
    if (status != VEIL_OK) fail_msg("%s: %s", veil_status_string(status), error.message);
    assert_null(memchr(out, '7', bytes));
    veil_sanitizer_destroy(s);
}

static void expect_refusal(const veil_recognizer *r, size_t count, const char *reason)
{
    veil_config config;
    veil_sanitizer *s = NULL;
    veil_error error = VEIL_ERROR_INIT;
    text_config(&config, r, count);
    veil_status status = veil_sanitizer_create(&config, &s, &error);
    assert_null(s);
    if (status != VEIL_ERR_INVALID_ARGUMENT || strstr(error.message, reason) == NULL)
        fail_msg("%s: \"%s\", wanted \"%s\"", veil_status_string(status), error.message, reason);
}

static void expect_bad_pattern(const char *pattern, const char *reason)
{
    veil_recognizer r = own("rule", "RULE", VEIL_RECOGNIZER_PATTERN, &pattern, 1);
    r.line = 7;
    expect_refusal(&r, 1, "line 7: recognizer rule: pattern 1: ");
    expect_refusal(&r, 1, reason);
}

static void every_mistake_is_named(void **state)
{
    static const char *const good[] = {"x[0-9]"};
    static const char *const two[] = {"x", "xy"};
    static const char *const long_word[] = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const char *const no_word[] = {"fine", "..."};
    static const char *const any[] = {"any"};
    const veil_recognizer base = own("rule", "RULE", VEIL_RECOGNIZER_PATTERN, good, 1);
    veil_recognizer r[2] = {base, base};
    (void)state;
    expect_refusal(r, 2, "config.recognizers[1] (rule): another one has this name");
#define REFUSED(field, value, reason)                                                                                  \
    do {                                                                                                               \
        r[0] = base;                                                                                                   \
        r[0].field = (value);                                                                                          \
        expect_refusal(r, 1, reason);                                                                                  \
    } while (0)
    REFUSED(struct_size, 8, "struct_size");
    REFUSED(name, "a b", "name is not");
    REFUSED(name, NULL, "name is not");
    REFUSED(entity, "rule", "entity is not");
    REFUSED(entity, "FACE", "images or audio");
    REFUSED(kind, 9, "unknown kind");
    REFUSED(flags, 8, "unknown flag");
    REFUSED(score, NAN, "score is not");
    REFUSED(score, 1.5f, "score is not");
    REFUSED(validator, "luhnn", "unknown validator");
    REFUSED(flags, VEIL_RECOGNIZER_SOFT_CHECK, "no validator");
    REFUSED(items, NULL, "would find nothing");
    REFUSED(callback, find_model, "callback or user is set");
    REFUSED(context_count, 1, "context is NULL");
    REFUSED(languages, two, "list of languages is empty");
    REFUSED(sample, "", "sample is empty");
    r[0] = base, r[0].context = two, r[0].context_count = 2;
    expect_refusal(r, 1, "context word");
    r[0] = base, r[0].languages = any, r[0].language_count = 1;
    expect_refusal(r, 1, "ISO 639-1");
    r[0] = own("w", "WORD", VEIL_RECOGNIZER_WORDS, long_word, 1);
    expect_refusal(r, 1, "(w): word 1: longer than 64 bytes");
    r[0] = own("w", "WORD", VEIL_RECOGNIZER_WORDS, no_word, 2);
    expect_refusal(r, 1, "(w): word 2: without a letter or digit");
    expect_bad_pattern("a*", "empty text");
    expect_bad_pattern("ab+", "no longest length");
    expect_bad_pattern("a.{400}", "more than 400 bytes");
    expect_bad_pattern("(a", "issing close parenthesis");
    expect_bad_pattern("a(?=b)", "upported");
    expect_bad_pattern("(a)\\1", "upported");
    expect_bad_pattern("[\xc3\xa4\xc3\xb6]", "beyond ASCII");
    expect_bad_pattern("\\Aabc", "line ends");
    expect_bad_pattern("((a{50}b{50}){50}){10}", "4,096 positions");
}

static void creation_fails_clean_at_every_allocation(void **state)
{
    static const char *const patterns[] = {"\\bEMP-[0-9]{4,6}\\b", "[a-f]{8}"};
    static const char *const names[] = {"Jane Roe", "Roe"};
    veil_recognizer r[2] = {own("p", "EMPLOYEE_ID", VEIL_RECOGNIZER_PATTERN, patterns, 2),
                            own("w", "NAME", VEIL_RECOGNIZER_WORDS, names, 2)};
    veil_allow_rule allow[] = {{sizeof(veil_allow_rule), "*", "Roe", VEIL_ALLOW_EXACT, 1, 0, 0},
                               {sizeof(veil_allow_rule), "NAME", "R.*", VEIL_ALLOW_REGEX, 0, 0, 0}};
    (void)state;
    for (uint64_t n = 1; n < 64; n++) { /* those of own recognizers come early; faults_test goes through the others */
        fail_alloc heap = {.fail_at = n};
        veil_config config;
        veil_sanitizer *s = NULL;
        text_config(&config, r, 2);
        config.allow = allow;
        config.allow_count = 2;
        config.alloc = fail_alloc_take;
        config.free = fail_alloc_free;
        config.alloc_user = &heap;
        veil_status status = veil_sanitizer_create(&config, &s, NULL);
        if (status == VEIL_OK) veil_sanitizer_destroy(s);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) {
            assert_int_equal(status, VEIL_OK);
            break;
        }
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_find_what_they_say),
        cmocka_unit_test(lines_case_and_whole_words_are_kept_apart),
        cmocka_unit_test(overlapping_matches_of_one_recognizer_are_one),
        cmocka_unit_test(a_match_never_splits_a_character),
        cmocka_unit_test(words_and_phrases_are_found_whole),
        cmocka_unit_test(callbacks_are_mixed_in_and_fail_closed),
        cmocka_unit_test(allow_lists_take_findings_out),
        cmocka_unit_test(allow_patterns_are_whole_ones),
        cmocka_unit_test(scores_languages_validators_and_context_count),
        cmocka_unit_test(a_rule_equal_to_a_built_in_row_finds_the_same),
        cmocka_unit_test(dense_matches_are_one_a_byte_at_most),
        cmocka_unit_test(every_mistake_is_named),
        cmocka_unit_test(creation_fails_clean_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

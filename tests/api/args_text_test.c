/* Text calls: every wrong argument is refused by name, and outputs are cleared on the way out. */
#include "api_support.h"

#include <math.h>

static veil_sanitizer *s;
static veil_error error = VEIL_ERROR_INIT;

static int setup(void **state)
{
    (void)state;
    s = make_for(VEIL_MODALITY_TEXT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    veil_sanitizer_destroy(s);
    return 0;
}

#define BAD VEIL_ERR_INVALID_ARGUMENT

static void scan_checks_its_pointers(void **state)
{
    (void)state;
    veil_finding findings[4];
    veil_text_result result = {sizeof result, findings, 4, 77};
    assert_refused(veil_text_scan(NULL, NULL, SAMPLE, 5, &result, &error), BAD, error, "sanitizer");
    assert_int_equal(result.finding_count, 0);
    assert_refused(veil_text_scan(s, NULL, NULL, 5, &result, &error), BAD, error, "text");
    assert_refused(veil_text_scan(s, NULL, SAMPLE, 5, NULL, &error), BAD, error, "result");
    assert_int_equal(veil_text_scan(s, NULL, NULL, 0, &result, &error), VEIL_OK);
    result.struct_size = 24;
    assert_refused(veil_text_scan(s, NULL, SAMPLE, 5, &result, &error), BAD, error, "struct_size");
    result.struct_size = sizeof result;
    result.findings = NULL;
    assert_refused(veil_text_scan(s, NULL, SAMPLE, 5, &result, &error), BAD, error, "findings");
    veil_error small = {.struct_size = sizeof small - 8};
    result.finding_capacity = 0;
    assert_int_equal(veil_text_scan(s, NULL, SAMPLE, 5, &result, &small), BAD);
    assert_int_equal(veil_text_scan(s, NULL, SAMPLE, 5, &result, NULL), VEIL_OK);
}

static void a_newer_result_is_taken_when_its_tail_is_zero(void **state)
{
    (void)state;
    struct {
        veil_text_result result;
        uint64_t tail[2];
    } newer = {{sizeof newer, NULL, 0, 9}, {0, 0}};
    assert_int_equal(veil_text_scan(s, NULL, "x", 1, &newer.result, &error), VEIL_OK);
    assert_int_equal(newer.result.finding_count, 0);
    newer.tail[1] = 1;
    assert_refused(veil_text_scan(s, NULL, "x", 1, &newer.result, &error), BAD, error, "does not know");
}

/* The output is cleared whatever was wrong. */
static void expect_redact_refused(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                                  size_t text_bytes, veil_text_result *result, const char *word)
{
    char out[64];
    size_t out_bytes = 99;
    memset(out, 'x', sizeof out);
    assert_refused(veil_text_redact(sanitizer, options, text, text_bytes, out, sizeof out, &out_bytes, result, &error),
                   BAD, error, word);
    assert_int_equal(out_bytes, 0);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
}

static void redact_checks_its_pointers_and_clears_its_output(void **state)
{
    (void)state;
    char out[64];
    size_t out_bytes = 99;
    veil_text_result wrong = {sizeof wrong, NULL, 3, 0};
    expect_redact_refused(NULL, NULL, SAMPLE, 5, NULL, "sanitizer");
    expect_redact_refused(s, NULL, NULL, 5, NULL, "text");
    expect_redact_refused(s, NULL, SAMPLE, 5, &wrong, "findings");
    wrong = (veil_text_result){9, NULL, 0, 0};
    expect_redact_refused(s, NULL, SAMPLE, 5, &wrong, "struct_size");

    memset(out, 'x', sizeof out);
    assert_refused(veil_text_redact(s, NULL, SAMPLE, 5, out, sizeof out, NULL, NULL, &error), BAD, error, "out_bytes");
    assert_int_equal(out[0], 0);
    assert_refused(veil_text_redact(s, NULL, SAMPLE, 5, NULL, 10, &out_bytes, NULL, &error), BAD, error, "out");
    assert_int_equal(out_bytes, 0);
    veil_error small = {.struct_size = 16};
    memset(out, 'x', sizeof out);
    assert_int_equal(veil_text_redact(s, NULL, SAMPLE, 5, out, sizeof out, &out_bytes, NULL, &small), BAD);
    assert_int_equal(out[63], 0);
}

static void an_output_over_the_input_is_refused_and_cleared(void **state)
{
    (void)state;
    char both[96];
    size_t out_bytes = 0;
    for (size_t shift = 0; shift < sizeof SAMPLE - 1; shift += 7) {
        memset(both, 0, sizeof both);
        memcpy(both, SAMPLE, sizeof SAMPLE - 1);
        assert_refused(veil_text_redact(s, NULL, both, sizeof SAMPLE - 1, both + shift, sizeof both - shift, &out_bytes,
                                        NULL, &error),
                       BAD, error, "overlaps");
        for (size_t i = shift; i < sizeof both; i++)
            assert_int_equal(both[i], 0);
    }
}

static void every_wrong_option_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"EMAIL_ADDRESS", NULL};
    static const char *const typo[] = {"EMAIL_ADRESS"};
    static const char *const image[] = {"FACE"};
    const veil_operator_rule bad_rule = {.struct_size = sizeof bad_rule, .entity = "EMAIL_ADDRESS", .op = 99};
    const veil_operator_rule typo_rule = {.struct_size = sizeof typo_rule, .entity = "EMAIL", .op = VEIL_OP_REDACT};
    veil_text_options o;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        veil_text_options_init(&o);                                                                                    \
        __VA_ARGS__;                                                                                                   \
        expect_redact_refused(s, &o, SAMPLE, sizeof SAMPLE - 1, NULL, word);                                           \
        veil_text_result result = {sizeof result, NULL, 0, 5};                                                         \
        assert_int_equal(veil_text_scan(s, &o, SAMPLE, sizeof SAMPLE - 1, &result, &error), BAD);                      \
        assert_int_equal(result.finding_count, 0);                                                                     \
    } while (0)
    WRONG("struct_size", o.struct_size = 0);
    WRONG("struct_size", o.struct_size = 20);
    WRONG("flags", o.flags = 1024);
    WRONG("language", o.language = "english");
    WRONG("language", o.language = "xx");
    WRONG("language", o.language = "sp");
    WRONG("entities", o.entity_count = 1);
    WRONG("empty list", o.entities = names);
    WRONG("entities[1]", o.entities = names; o.entity_count = 2);
    WRONG("", o.entities = typo; o.entity_count = 1);
    if (!needs_another_build("FACE")) WRONG("", o.entities = image; o.entity_count = 1);
    WRONG("exclude", o.exclude_count = 1);
    WRONG("", o.exclude = typo; o.exclude_count = 1);
    WRONG("operators", o.operator_count = 1);
    WRONG("operators[0]", o.operators = &bad_rule; o.operator_count = 1);
    WRONG("", o.operators = &typo_rule; o.operator_count = 1);
    WRONG("min_score", o.min_score = NAN);
    WRONG("min_score", o.min_score = 1.01f);
#undef WRONG
}

static void an_older_options_struct_gets_defaults_for_the_rest(void **state)
{
    (void)state;
    veil_text_options o;
    veil_text_options_init(&o);
    o.min_score = 5.0f; /* beyond what this caller declares: not read */
    o.flags = 0xffff;
    o.struct_size = offsetof(veil_text_options, min_score);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    assert_int_equal(veil_text_scan(s, &o, "x", 1, &result, &error), VEIL_OK);
    o.struct_size = sizeof o;
    assert_int_equal(veil_text_scan(s, &o, "x", 1, &result, &error), BAD);
}

static void batches_check_their_items_before_they_start(void **state)
{
    (void)state;
    char out[2][40];
    const veil_text_item good[2] = {{.text = "a", .text_bytes = 1, .out = out[0], .out_capacity = 40},
                                    {.text = "b", .text_bytes = 1, .out = out[1], .out_capacity = 40}};
    veil_text_item items[2];
    const size_t size = sizeof items[0];
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        memcpy(items, good, sizeof items);                                                                             \
        memset(out, 'x', sizeof out);                                                                                  \
        __VA_ARGS__;                                                                                                   \
        assert_refused(veil_text_redact_batch(s, NULL, items, 2, size, &error), BAD, error, word);                     \
        assert_int_equal(out[0][0], 'x');                                                                              \
    } while (0)
    WRONG("items[1]", items[1].text = NULL);
    WRONG("items[1]", items[1].out = NULL);
    WRONG("items[1]", items[1].finding_capacity = 1);
    WRONG("items[1]", items[1].reserved = 1);
    WRONG("items[1]", items[1].text = out[1]);
#undef WRONG
    memcpy(items, good, sizeof items);
    assert_refused(veil_text_scan_batch(s, NULL, items, 2, size, &error), BAD, error, "items[0]");
    assert_refused(veil_text_redact_batch(NULL, NULL, items, 2, size, &error), BAD, error, "sanitizer");
    assert_refused(veil_text_redact_batch(s, NULL, NULL, 2, size, &error), BAD, error, "items");
    assert_refused(veil_text_redact_batch(s, NULL, items, 2, size - 8, &error), BAD, error, "item_bytes");
    assert_refused(veil_text_redact_batch(s, NULL, items, 2, 7, &error), BAD, error, "item_bytes");
    assert_refused(veil_text_redact_batch(s, NULL, items, SIZE_MAX, size, &error), BAD, error, "item_count");
    veil_text_options o;
    veil_text_options_init(&o);
    o.flags = 1024;
    assert_refused(veil_text_redact_batch(s, &o, items, 2, size, &error), BAD, error, "flags");
    veil_error small = {.struct_size = 16};
    assert_int_equal(veil_text_redact_batch(s, NULL, items, 2, size, &small), BAD);
    assert_int_equal(veil_text_redact_batch(s, NULL, NULL, 0, size, &error), VEIL_OK);
    assert_int_equal(veil_text_scan_batch(s, NULL, NULL, 0, size, NULL), VEIL_OK);
}

static void convert_offsets_checks_and_changes_nothing(void **state)
{
    (void)state;
    veil_finding f = {.start = 1, .end = 3};
    assert_int_equal(veil_text_convert_offsets(NULL, 3, VEIL_OFFSET_UTF16, &f, 1), BAD);
    assert_int_equal(veil_text_convert_offsets("abc", 3, VEIL_OFFSET_UTF16, NULL, 1), BAD);
    assert_int_equal(veil_text_convert_offsets("abc", 3, 3, &f, 1), BAD);
    assert_int_equal(veil_text_convert_offsets("abc", 2, VEIL_OFFSET_CODEPOINT, &f, 1), BAD);
    assert_int_equal(f.start, 1);
    assert_int_equal(f.end, 3);
    assert_int_equal(veil_text_convert_offsets("\xc3\xa9"
                                               "bc",
                                               4, VEIL_OFFSET_CODEPOINT, NULL, 0),
                     VEIL_OK);
    f = (veil_finding){.start = 2, .end = 4};
    assert_int_equal(veil_text_convert_offsets("\xc3\xa9"
                                               "bc",
                                               4, VEIL_OFFSET_CODEPOINT, &f, 1),
                     VEIL_OK);
    assert_int_equal(f.start, 1);
    assert_int_equal(f.end, 3);
}

static void a_small_buffer_reports_its_size_and_holds_nothing(void **state)
{
    (void)state;
    char out[16];
    size_t out_bytes = 0;
    memset(out, 'x', sizeof out);
    assert_int_equal(veil_text_redact(s, NULL, SAMPLE, sizeof SAMPLE - 1, out, sizeof out, &out_bytes, NULL, &error),
                     VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(out_bytes, sizeof SAMPLE_REDACTED - 1);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    assert_int_equal(veil_text_scan(s, NULL, SAMPLE, sizeof SAMPLE - 1, &result, &error), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(result.finding_count, 1);
}

static veil_sanitizer *make_keyed(void)
{
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.key = "0123456789abcdef";
    config.key_bytes = 16;
    return make(&config);
}

/* Both calls that bring values back: the output is cleared whatever was wrong. */
static void expect_back_refused(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                const veil_operator_rule *rule, const char *text, veil_status expected,
                                const char *word)
{
    char out[64];
    size_t out_bytes = 99;
    memset(out, 'x', sizeof out);
    assert_refused(rule == NULL
                       ? veil_text_restore(sanitizer, options, text, 5, out, sizeof out, &out_bytes, NULL, &error)
                       : veil_value_decrypt(sanitizer, options, rule, text, 5, out, sizeof out, &out_bytes, &error),
                   expected, error, word);
    assert_int_equal(out_bytes, 0);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
}

static void restore_and_decrypt_check_their_arguments(void **state)
{
    (void)state;
    char out[64];
    size_t out_bytes = 0;
    const veil_operator_rule good = {.struct_size = sizeof good, .entity = "US_SSN", .op = VEIL_OP_FPE};
    veil_sanitizer *keyed = make_keyed();
    const veil_operator_rule *const rules[] = {NULL, &good};
    for (size_t i = 0; i < 2; i++) {
        expect_back_refused(NULL, NULL, rules[i], SAMPLE, BAD, "sanitizer");
        expect_back_refused(keyed, NULL, rules[i], NULL, BAD, "NULL");
        expect_back_refused(s, NULL, rules[i], SAMPLE, VEIL_ERR_KEY, "key");
    }
    assert_refused(veil_text_restore(keyed, NULL, SAMPLE, 5, out, 64, NULL, NULL, &error), BAD, error, "out_bytes");
    assert_refused(veil_text_restore(keyed, NULL, SAMPLE, 5, NULL, 64, &out_bytes, NULL, &error), BAD, error, "out");
    memcpy(out, SAMPLE, sizeof SAMPLE);
    assert_refused(veil_text_restore(keyed, NULL, out, 20, out + 5, 20, &out_bytes, NULL, &error), BAD, error,
                   "overlaps");
    assert_refused(veil_value_decrypt(keyed, NULL, NULL, SAMPLE, 5, out, 64, &out_bytes, &error), BAD, error, "rule");
    veil_restore_result wrong = {.struct_size = 16};
    assert_refused(veil_text_restore(keyed, NULL, SAMPLE, 5, out, 64, &out_bytes, &wrong, &error), BAD, error,
                   "struct_size");
    veil_error small = {.struct_size = 16};
    assert_int_equal(veil_text_restore(keyed, NULL, SAMPLE, 5, out, 64, &out_bytes, NULL, &small), BAD);
    assert_int_equal(veil_value_decrypt(keyed, NULL, &good, SAMPLE, 5, out, 64, &out_bytes, &small), BAD);
    assert_int_equal(veil_text_restore(keyed, NULL, NULL, 0, NULL, 0, &out_bytes, NULL, &error), VEIL_OK);
    veil_restore_result result = {.struct_size = sizeof result, .restored_count = 7, .refused_count = 7};
    assert_int_equal(veil_text_restore(keyed, NULL, SAMPLE, 5, out, 64, &out_bytes, &result, &error), VEIL_OK);
    assert_int_equal(result.restored_count + result.refused_count, 0);
    veil_sanitizer_destroy(keyed);
}

/* An option that the way back has no use for is a mistake. */
static void restore_and_decrypt_refuse_idle_options(void **state)
{
    (void)state;
    static const char *const names[] = {"US_SSN"};
    static char longest[1100];
    const veil_operator_rule fpe = {.struct_size = sizeof fpe, .entity = "US_SSN", .op = VEIL_OP_FPE};
    veil_sanitizer *keyed = make_keyed();
    veil_text_options o;
    memset(longest, 'x', sizeof longest - 1);
#define WRONG(rule, word, ...)                                                                                         \
    do {                                                                                                               \
        veil_text_options_init(&o);                                                                                    \
        __VA_ARGS__;                                                                                                   \
        expect_back_refused(keyed, &o, rule, SAMPLE, BAD, word);                                                       \
    } while (0)
    WRONG(NULL, "does not use", o.entities = names; o.entity_count = 1);
    WRONG(NULL, "does not use", o.exclude = names; o.exclude_count = 1);
    WRONG(NULL, "does not use", o.language = "en");
    WRONG(NULL, "does not use", o.min_score = 0.5f);
    WRONG(NULL, "does not use", o.flags = VEIL_TEXT_ALL);
    WRONG(NULL, "does not use", o.subject = "x");
    WRONG(NULL, "does not use", o.operators = &fpe; o.operator_count = 1);
    WRONG(NULL, "field", o.field = "x");
    WRONG(NULL, "token_context", o.token_context = "");
    WRONG(NULL, "token_context", o.token_context = longest);
    WRONG(&fpe, "token_context", o.token_context = "x");
    WRONG(&fpe, "does not use", o.subject = "x");
    const veil_operator_rule wrong[] = {{.struct_size = sizeof fpe, .entity = "*", .op = VEIL_OP_FPE},
                                        {.struct_size = sizeof fpe, .entity = "US_SNN", .op = VEIL_OP_FPE},
                                        {.struct_size = sizeof fpe, .entity = "US_SSN", .op = VEIL_OP_HASH},
                                        {.struct_size = sizeof fpe, .entity = "US_SSN", .op = VEIL_OP_REDACT},
                                        {.struct_size = 8, .entity = "US_SSN", .op = VEIL_OP_FPE},
                                        {.struct_size = sizeof fpe, .entity = "US_SSN", .op = 77}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        WRONG(&wrong[i], "", (void)0);
    const veil_operator_rule cbc = {
        .struct_size = sizeof cbc, .entity = "US_SSN", .op = VEIL_OP_ENCRYPT, .cipher = VEIL_CIPHER_CBC};
    WRONG(&cbc, "field", o.field = "x");
#undef WRONG
    veil_sanitizer_destroy(keyed);
}

/* What the operators of a call take, and what none of them takes. */
static void inputs_of_operators_are_checked(void **state)
{
    (void)state;
    static const char *const words[] = {"subject", "token_context", "field"};
    veil_sanitizer *keyed = make_keyed();
    for (size_t i = 0; i < 3; i++) {
        veil_text_options o;
        veil_text_options_init(&o);
        *(i == 0 ? &o.subject : i == 1 ? &o.token_context : &o.field) = "x";
        expect_redact_refused(keyed, &o, "clean", 5, NULL, words[i]);
        expect_redact_refused(keyed, &o, SAMPLE, sizeof SAMPLE - 1, NULL, words[i]);
        const veil_operator_rule rule = {.struct_size = sizeof rule,
                                         .entity = "*",
                                         .op = i == 0   ? VEIL_OP_DATE_SHIFT
                                               : i == 1 ? VEIL_OP_TOKEN
                                                        : VEIL_OP_FPE};
        o.operators = &rule;
        o.operator_count = 1;
        char out[256];
        size_t out_bytes;
        assert_int_equal(veil_text_redact(keyed, &o, SAMPLE, sizeof SAMPLE - 1, out, 256, &out_bytes, NULL, &error),
                         VEIL_OK);
        if (i > 0) continue;
        o.subject = NULL;
        expect_redact_refused(keyed, &o, "clean", 5, NULL, "subject");
        veil_text_result result = {sizeof result, NULL, 0, 0};
        assert_int_equal(veil_text_scan(keyed, &o, "clean", 5, &result, &error), VEIL_OK); /* nothing is shifted */
    }
    veil_sanitizer_destroy(keyed);
}

static void a_sanitizer_without_text_says_so(void **state)
{
    (void)state;
    if (!built_with("VEIL_AUDIO")) skip();
    veil_sanitizer *audio = make_for(VEIL_MODALITY_AUDIO);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    char out[8] = "xxxxxxx";
    size_t out_bytes = 1;
    veil_text_item item = {.text = "a", .text_bytes = 1};
    assert_refused(veil_text_scan(audio, NULL, "x", 1, &result, &error), VEIL_ERR_UNSUPPORTED, error, "text");
    assert_refused(veil_text_redact(audio, NULL, "x", 1, out, 8, &out_bytes, NULL, &error), VEIL_ERR_UNSUPPORTED, error,
                   "text");
    assert_int_equal(out[0], 0);
    assert_refused(veil_text_scan_batch(audio, NULL, &item, 1, sizeof item, &error), VEIL_ERR_UNSUPPORTED, error,
                   "text");
    veil_sanitizer_destroy(audio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_checks_its_pointers),
        cmocka_unit_test(a_newer_result_is_taken_when_its_tail_is_zero),
        cmocka_unit_test(redact_checks_its_pointers_and_clears_its_output),
        cmocka_unit_test(an_output_over_the_input_is_refused_and_cleared),
        cmocka_unit_test(every_wrong_option_is_refused),
        cmocka_unit_test(an_older_options_struct_gets_defaults_for_the_rest),
        cmocka_unit_test(batches_check_their_items_before_they_start),
        cmocka_unit_test(convert_offsets_checks_and_changes_nothing),
        cmocka_unit_test(a_small_buffer_reports_its_size_and_holds_nothing),
        cmocka_unit_test(restore_and_decrypt_check_their_arguments),
        cmocka_unit_test(restore_and_decrypt_refuse_idle_options),
        cmocka_unit_test(inputs_of_operators_are_checked),
        cmocka_unit_test(a_sanitizer_without_text_says_so),
    };
    return cmocka_run_group_tests_name("args_text", tests, setup, teardown);
}

/* Operators: every operator over UTF-8, boundaries and small capacities; every rule that must be refused, with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/malloc_count.h"
#include "text/ciphers.h"

static const char *const names[3] = {"CARD", "MAIL", "PHONE"};

static int entity_of(const void *context, const char *name)
{
    (void)context;
    for (int i = 0; i < 3; i++) {
        if (strcmp(names[i], name) == 0) return i;
    }
    return -1;
}

static const char *placeholder_of(const void *context, uint16_t entity, size_t *size_bytes)
{
    (void)context;
    static const char *const placeholders[3] = {"<CARD>", "<MAIL>", "<PHONE>"};
    *size_bytes = strlen(placeholders[entity]);
    return placeholders[entity];
}

static veil_operator_rule rule(const char *entity, uint32_t op)
{
    return (veil_operator_rule){.struct_size = sizeof(veil_operator_rule), .entity = entity, .op = op};
}

static veil_status parse(vl_operator_set *set, const veil_operator_rule *rules, size_t count, veil_error *error)
{
    vl_operators_default(set);
    return vl_operators_parse(set, rules, count, 16, entity_of, NULL, 3, error);
}

static vl_ciphers *ciphers; /* of the tests that need a key; NULL otherwise */
static char replacement[VL_REPLACEMENT_MAX_BYTES];
static vl_operator_inputs inputs;

static veil_status apply(const vl_operator_set *set, const char *text, size_t from, size_t to, const vl_piece *pieces,
                         size_t count, vl_sink *sink)
{
    const vl_operator_call call = {set, ciphers, replacement, &inputs, placeholder_of, NULL};
    return vl_operators_apply(&call, text, from, to, pieces, count, sink);
}

/* Apply `op` to MAIL over text[start, end) and compare. Every smaller capacity must count the same and write a prefix. */
static void check_apply(const veil_operator_rule *op, const char *text, uint32_t start, uint32_t end,
                        const char *expected)
{
    static vl_operator_set set;
    char out[256];
    vl_piece piece = {start, end, 1, 0};
    assert_int_equal(parse(&set, op, 1, NULL), VEIL_OK);
    size_t need = strlen(expected);
    for (size_t capacity = 0; capacity <= need + 1; capacity++) {
        memset(out, '#', sizeof out);
        vl_sink sink = {capacity == 0 ? NULL : out, capacity, 0, 0};
        veil_status status = apply(&set, text, 0, strlen(text), &piece, 1, &sink);
        assert_int_equal(status, VEIL_OK);
        assert_int_equal(sink.written, need);
        size_t written = capacity < need ? capacity : need;
        assert_memory_equal(out, expected, written);
        assert_int_equal(out[written], '#');
    }
}

static void replace_and_redact(void **state)
{
    (void)state;
    veil_operator_rule op = rule("MAIL", VEIL_OP_REPLACE);
    check_apply(&op, "to jane@x.org now", 3, 13, "to <MAIL> now");
    check_apply(&op, "jane@x.org", 0, 10, "<MAIL>");
    op.text = "\xE2\x9C\x82 cut";
    check_apply(&op, "to jane@x.org", 3, 13, "to \xE2\x9C\x82 cut");
    op.text = "";
    check_apply(&op, "to jane@x.org", 3, 13, "to ");
    op.text = "%s%n{}\\1";
    check_apply(&op, "to jane@x.org", 3, 13, "to %s%n{}\\1");
    op = rule("MAIL", VEIL_OP_REDACT);
    check_apply(&op, "to jane@x.org now", 3, 13, "to  now");
    op = rule("MAIL", VEIL_OP_KEEP);
    check_apply(&op, "to jane@x.org now", 3, 13, "to jane@x.org now");
}

static void mask_counts_code_points(void **state)
{
    (void)state;
    veil_operator_rule op = rule("MAIL", VEIL_OP_MASK);
    check_apply(&op, "abcdef", 0, 6, "******");
    op.mask_count = 4;
    check_apply(&op, "abcdef", 0, 6, "****ef");
    op.mask_end = 1;
    check_apply(&op, "abcdef", 0, 6, "ab****");
    check_apply(&op, "x\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80yz", 0, 12, "x\xC3\xA9****");
    op.mask_end = 0;
    check_apply(&op, "x\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80yz", 0, 12, "****yz");
    op.mask_count = 3;
    check_apply(&op, "x\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80yz", 0, 12, "***\xF0\x9F\x98\x80yz");
    op.mask_char = 0x2588; /* full block */
    check_apply(&op, "abcdef", 0, 6,
                "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"
                "def");
    op.mask_char = 0x1F512;
    op.mask_count = 100;
    check_apply(&op, "ab", 0, 2, "\xF0\x9F\x94\x92\xF0\x9F\x94\x92");
    op = rule("MAIL", VEIL_OP_MASK);
    check_apply(&op, "a\x80\xC3", 0, 3, "***"); /* stray bytes are points of their own */
    op.mask_count = 2;
    check_apply(&op, "a\x80\xC3", 0, 3, "**\xC3");
}

static void pieces_and_what_lies_between(void **state)
{
    (void)state;
    static vl_operator_set set;
    const char *text = "0123456789abcdefghij";
    veil_operator_rule rules[2] = {rule("*", VEIL_OP_REDACT), rule("MAIL", VEIL_OP_MASK)};
    vl_piece pieces[3] = {{2, 4, 0, 0}, {4, 8, 1, 0}, {8, 12, 2, 1}};
    char out[64];
    vl_sink sink = {out, sizeof out, 0, 0};
    assert_int_equal(parse(&set, rules, 2, NULL), VEIL_OK);
    assert_int_equal(apply(&set, text, 1, 18, pieces, 3, &sink), VEIL_OK);
    assert_int_equal(sink.written, 1 + 4 + 7 + 6);
    assert_memory_equal(out, "1****<PHONE>cdefgh", sink.written); /* the rest keeps its placeholder under redact */
    sink.written = 0;
    assert_int_equal(apply(&set, text, 0, 0, NULL, 0, &sink), VEIL_OK);
    assert_int_equal(sink.written, 0);
    assert_int_equal(apply(&set, text, 3, 9, NULL, 0, &sink), VEIL_OK);
    assert_memory_equal(out, "345678", 6);
}

/* RFC 4231 test case 2: key "Jefe", data "what do ya want for nothing?". */
static void hash_is_keyed_and_lower_case(void **state)
{
    (void)state;
    static vl_operator_set set;
    static const char data[] = "to what do ya want for nothing? now";
    static const char sha256[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    static const char sha512[] = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                                 "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    vl_allocator heap = vl_allocator_default;
    vl_crypto *crypto = NULL;
    vl_cipher_keys *keys = NULL;
    assert_int_equal(vl_crypto_create(&heap, &crypto, NULL), VEIL_OK);
    assert_int_equal(vl_cipher_keys_create(&heap, crypto, "Jefe", 4, &keys, NULL), VEIL_OK);
    assert_int_equal(vl_ciphers_create(&heap, crypto, keys, &ciphers), VEIL_OK);
    vl_piece piece = {3, 31, 1, 0};
    for (int i = 0; i < 2; i++) {
        veil_operator_rule op = rule("MAIL", VEIL_OP_HASH);
        op.hash_bits = i == 0 ? 0 : 512;
        char out[256];
        vl_sink sink = {out, sizeof out, 0, 0};
        assert_int_equal(parse(&set, &op, 1, NULL), VEIL_OK);
        assert_true(set.any_hash);
        malloc_counts before = malloc_count_read();
        veil_status status = apply(&set, data, 0, strlen(data), &piece, 1, &sink);
        malloc_counts made = malloc_count_since(before);
        assert_int_equal(status, VEIL_OK);
        assert_int_equal(made.allocations, 0);
        const char *digest = i == 0 ? sha256 : sha512;
        assert_int_equal(sink.written, 3 + strlen(digest) + 4);
        assert_memory_equal(out + 3, digest, strlen(digest));
    }
    vl_ciphers_destroy(ciphers);
    ciphers = NULL;
    vl_sink sink = {NULL, 0, 0, 0};
    assert_int_equal(apply(&set, data, 0, strlen(data), &piece, 1, &sink), VEIL_ERR_KEY);
    vl_cipher_keys_destroy(keys);
    vl_crypto_destroy(crypto);
}

static void the_last_rule_that_names_an_entity_wins(void **state)
{
    (void)state;
    static vl_operator_set set;
    veil_operator_rule rules[4] = {rule("MAIL", VEIL_OP_MASK), rule("CARD", VEIL_OP_KEEP), rule("MAIL", VEIL_OP_HASH),
                                   rule("*", VEIL_OP_REDACT)};
    assert_int_equal(parse(&set, rules, 4, NULL), VEIL_OK);
    assert_int_equal(set.of[0].op, VEIL_OP_KEEP);
    assert_int_equal(set.of[1].op, VEIL_OP_HASH);
    assert_int_equal(set.of[1].hash_bits, 256);
    assert_int_equal(set.of[2].op, VEIL_OP_REDACT);
    assert_true(set.any_keep && set.any_hash);
    /* a later list wins as a whole: its "*" stands for all that it does not name */
    veil_operator_rule later[2] = {rule("*", VEIL_OP_REPLACE), rule("CARD", VEIL_OP_REDACT)};
    assert_int_equal(vl_operators_parse(&set, later, 2, 0, entity_of, NULL, 3, NULL), VEIL_OK);
    assert_int_equal(set.of[0].op, VEIL_OP_REDACT);
    assert_int_equal(set.of[1].op, VEIL_OP_REPLACE);
    assert_false(set.any_keep || set.any_hash);
}

static void check_refused(veil_operator_rule bad, veil_status expected, size_t key_bytes, const char *reason)
{
    static vl_operator_set set;
    veil_operator_rule rules[2] = {rule("CARD", VEIL_OP_REDACT), bad};
    veil_error error = VEIL_ERROR_INIT;
    vl_operators_default(&set);
    assert_int_equal(vl_operators_parse(&set, rules, 2, key_bytes, entity_of, NULL, 3, &error), expected);
    assert_int_equal(error.status, expected);
    assert_non_null(strstr(error.message, "operator rule 1: "));
    if (strstr(error.message, reason) == NULL) fail_msg("\"%s\" does not say \"%s\"", error.message, reason);
    assert_int_equal(set.of[0].op, VEIL_OP_REPLACE); /* nothing was applied */
    assert_int_equal(vl_operators_parse(&set, rules, 2, key_bytes, entity_of, NULL, 3, NULL), expected);
}

static void bad_rules_are_refused(void **state)
{
    (void)state;
    static char longest[5000];
    veil_operator_rule bad = rule("EMAIL", VEIL_OP_MASK);
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "unknown entity");
    bad.entity = NULL;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "NULL");
    bad = rule("MAIL", 0);
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "unknown operator");
    bad.op = VEIL_OP_CALLBACK + 1;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "unknown operator");
    bad = rule("MAIL", VEIL_OP_REPLACE);
    bad.struct_size--;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "struct_size");
    bad = rule("MAIL", VEIL_OP_REPLACE);
    bad.reserved = 1;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "reserved");
    bad = rule("MAIL", VEIL_OP_REPLACE);
    bad.text = "\xC3";
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "not UTF-8");
    memset(longest, 'x', sizeof longest - 1);
    bad.text = longest;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "4,096");
    bad = rule("*", VEIL_OP_MASK);
    bad.mask_char = 0xD800;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "mask_char");
    bad.mask_char = 0x110000;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "mask_char");
    bad = rule("MAIL", VEIL_OP_MASK);
    bad.mask_end = 2;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "mask_end");
    bad = rule("MAIL", VEIL_OP_HASH);
    bad.hash_bits = 128;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "hash_bits");
    bad.hash_bits = 256;
    check_refused(bad, VEIL_ERR_KEY, 0, "key");
}

/* A field that the operator would ignore is a mistake of the caller's, who believes that it does something. */
static void idle_fields_are_refused(void **state)
{
    (void)state;
    veil_operator_rule bad = rule("MAIL", VEIL_OP_REDACT);
    bad.text = "x";
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "not replace");
    bad = rule("MAIL", VEIL_OP_MASK);
    bad.hash_bits = 256;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "not hash");
    bad = rule("MAIL", VEIL_OP_REPLACE);
    bad.mask_count = 4;
    check_refused(bad, VEIL_ERR_INVALID_ARGUMENT, 16, "not mask");
}

static void a_text_of_4096_bytes_is_accepted(void **state)
{
    (void)state;
    static vl_operator_set set;
    static char text[4097];
    memset(text, 'x', 4096);
    veil_operator_rule op = rule("MAIL", VEIL_OP_REPLACE);
    op.text = text;
    assert_int_equal(parse(&set, &op, 1, NULL), VEIL_OK);
    assert_int_equal(set.of[1].text_bytes, 4096);
    assert_int_equal(vl_operators_parse(&set, NULL, 1, 16, entity_of, NULL, 3, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_operators_parse(&set, NULL, 0, 16, entity_of, NULL, 3, NULL), VEIL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replace_and_redact),
        cmocka_unit_test(mask_counts_code_points),
        cmocka_unit_test(pieces_and_what_lies_between),
        cmocka_unit_test(hash_is_keyed_and_lower_case),
        cmocka_unit_test(the_last_rule_that_names_an_entity_wins),
        cmocka_unit_test(bad_rules_are_refused),
        cmocka_unit_test(idle_fields_are_refused),
        cmocka_unit_test(a_text_of_4096_bytes_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Pseudonyms: the same for the same, another under another key, never the value, of the same shape, found again as the same. */
#include "scan_fixture.h"

#define BYTES 1024

static veil_error error = VEIL_ERROR_INIT;

static veil_sanitizer *make_keyed(const char *key)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    static const veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_PSEUDONYM};
    veil_config_init(&config);
    /* not the ones whose check digits a number may pass by chance */
    static const char *const entities[] = {"EMAIL_ADDRESS", "URL",       "IP_ADDRESS", "MAC_ADDRESS", "PHONE_NUMBER",
                                           "CREDIT_CARD",   "IBAN_CODE", "DATE_TIME",  "US_SSN"};
    config.entities = entities;
    config.entity_count = sizeof entities / sizeof entities[0];
    config.modalities = VEIL_MODALITY_TEXT;
    config.key = key;
    config.key_bytes = strlen(key);
    config.operators = &rule;
    config.operator_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    return sanitizer;
}

static void redact(const veil_sanitizer *s, const char *text, char out[BYTES])
{
    size_t out_bytes = 0;
    veil_status status = veil_text_redact(s, NULL, text, strlen(text), out, BYTES - 1, &out_bytes, NULL, &error);
    if (status != VEIL_OK) fail_msg("redact: %s", error.message);
    out[out_bytes] = '\0';
}

static void check_found(const veil_sanitizer *s, const char *entity, const char *text)
{
    static found hits;
    scan_text(s, NULL, text, strlen(text), &hits);
    if (hits.count != 1 || strcmp(hits.items[0].entity, entity) != 0)
        fail_msg("%s: \"%s\" gives %zu findings, the first %s", entity, text, hits.count,
                 hits.count == 0 ? "none" : hits.items[0].entity);
}

/* Letters and digits may change, what stands between them stays. */
static bool has_shape(const char *a, const char *b)
{
    size_t i = 0;
    for (; a[i] != '\0' && b[i] != '\0'; i++) {
        bool x = (a[i] >= '0' && a[i] <= '9') || ((a[i] | 32) >= 'a' && (a[i] | 32) <= 'z');
        bool y = (b[i] >= '0' && b[i] <= '9') || ((b[i] | 32) >= 'a' && (b[i] | 32) <= 'z');
        if (x != y || (!x && a[i] != b[i])) return false;
    }
    return a[i] == b[i];
}

static void types_and_shapes_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *entity, *text;
        bool shape;
    } rows[] = {{"EMAIL_ADDRESS", "jane.roe@corp.example.com", false},
                {"EMAIL_ADDRESS", "x@y.de", false},
                {"URL", "https://intra.corp.com/people?id=5", false},
                {"URL", "http://corp.com", false},
                {"IP_ADDRESS", "10.20.30.40", false},
                {"IP_ADDRESS", "fe80::1ff:fe23:4567:890a", false},
                {"MAC_ADDRESS", "00:1b:63:84:45:e6", true},
                {"MAC_ADDRESS", "00-1B-63-84-45-E6", true},
                {"PHONE_NUMBER", "415-555-2671", true},
                {"PHONE_NUMBER", "(415) 555-2671", true},
                {"PHONE_NUMBER", "+1 415 555 2671", true},
                {"PHONE_NUMBER", "+44 20 8366 1177", true},
                {"PHONE_NUMBER", "+33 1 42 68 53 00", true},
                {"CREDIT_CARD", "4111 1111 1111 1111", true},
                {"CREDIT_CARD", "5555-5555-5555-4444", true},
                {"CREDIT_CARD", "378282246310005", true},
                {"CREDIT_CARD", "30569309025904", true},
                {"CREDIT_CARD", "6011111111111117", true},
                {"CREDIT_CARD", "3530111333300000", true},
                {"IBAN_CODE", "GB82 WEST 1234 5698 7654 32", true},
                {"IBAN_CODE", "DE89370400440532013000", true},
                {"DATE_TIME", "2021-03-12", true}};
    veil_sanitizer *s = make_keyed("a key for pseudonyms");
    veil_sanitizer *same = make_keyed("a key for pseudonyms");
    veil_sanitizer *other = make_keyed("another key for them");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char first[BYTES], second[BYTES], third[BYTES];
        check_found(s, rows[i].entity, rows[i].text);
        redact(s, rows[i].text, first);
        redact(same, rows[i].text, second);
        redact(other, rows[i].text, third);
        assert_string_equal(first, second);
        assert_string_not_equal(first, third);
        assert_string_not_equal(first, rows[i].text);
        check_found(s, rows[i].entity, first);
        if (rows[i].shape && !has_shape(first, rows[i].text)) fail_msg("%s became %s", rows[i].text, first);
        redact(s, first, third);
        assert_string_not_equal(first, third); /* a pseudonym has another one, though it lies in the reserved range */
    }
    veil_sanitizer_destroy(s);
    veil_sanitizer_destroy(same);
    veil_sanitizer_destroy(other);
}

/* "://" behind a host is no scheme's. */
static void hosts_are_no_schemes(void **state)
{
    static const char *const urls[] = {"jroe.com/~a?://x", "https://jroe.com/a://b", "jroe.com/x://y"};
    veil_sanitizer *s = make_keyed("a key for pseudonyms");
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char made[BYTES];
        redact(s, urls[i], made);
        if (strstr(made, "jroe") != NULL) fail_msg("%s became %s", urls[i], made);
    }
    veil_sanitizer_destroy(s);
}

/* What is made up is nobody's. */
static void reserved_ranges_are_used(void **state)
{
    (void)state;
    veil_sanitizer *s = make_keyed("a key for pseudonyms");
    for (int i = 0; i < 300; i++) {
        char text[BYTES], out[BYTES];
        (void)snprintf(text, sizeof text, "user%d@corp.com", i);
        redact(s, text, out);
        assert_non_null(strstr(out, "@example."));
        (void)snprintf(text, sizeof text, "10.%d.%d.7", i % 250, i % 90);
        redact(s, text, out);
        assert_true(strncmp(out, "198.18.", 7) == 0 || strncmp(out, "198.19.", 7) == 0);
        (void)snprintf(text, sizeof text, "212-%03d-%04d", 201 + i, 3000 + i);
        redact(s, text, out);
        assert_memory_equal(out + 3, "-555-01", 7);
        (void)snprintf(text, sizeof text, "SSN 536-90-%04d", 1000 + i);
        redact(s, text, out);
        assert_int_equal(out[4], '9');
        assert_true(strncmp(out + 8, "01", 2) >= 0 && strncmp(out + 8, "49", 2) <= 0);
    }
    veil_sanitizer_destroy(s);
}

/* How a value is written does not change who it is. */
static void spelling_does_not_matter(void **state)
{
    (void)state;
    char first[BYTES], second[BYTES];
    veil_sanitizer *s = make_keyed("a key for pseudonyms");
    redact(s, "jane@corp.com", first);
    redact(s, "Jane@CORP.com", second);
    assert_string_equal(first, second);
    redact(s, "4111 1111 1111 1111", first);
    redact(s, "4111-1111-1111-1111", second);
    for (size_t i = 0; first[i] != '\0'; i++)
        assert_true(first[i] == second[i] || (first[i] == ' ' && second[i] == '-'));
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_and_shapes_are_kept),
        cmocka_unit_test(hosts_are_no_schemes),
        cmocka_unit_test(reserved_ranges_are_used),
        cmocka_unit_test(spelling_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

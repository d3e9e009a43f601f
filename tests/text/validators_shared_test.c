/*
 * What holds for every validator: it allocates nothing, it reads nothing beyond its bytes, it stays in the tens or hundreds of
 * nanoseconds; and it agrees with Presidio's own cases where those are at hand (../shared/data/text, skipped without).
 */
#include <stdio.h>
#include <time.h>

#include "core/json.h"
#include "support/malloc_count.h"
#include "text/validators_national.h"
#include "vectors.h"

typedef struct subject {
    const char *entity; /* Presidio's name, "" where it has none */
    vl_validator_fn validate;
    const char *typical; /* passes */
} subject;

static const subject subjects[] = {
    {"CREDIT_CARD", vl_validate_credit_card, "4111 1111 1111 1111"},
    {"US_SSN", vl_validate_us_ssn, "536-90-4399"},
    {"US_ITIN", vl_validate_us_itin, "912-70-1234"},
    {"ABA_ROUTING_NUMBER", vl_validate_aba_routing, "121042882"},
    {"IBAN_CODE", vl_validate_iban, "DE89 3704 0044 0532 0130 00"},
    {"IP_ADDRESS", vl_validate_ip, "192.168.100.200"},
    {"IP_ADDRESS", vl_validate_ip, "2001:db8:85a3::8a2e:370:7334"},
    {"MAC_ADDRESS", vl_validate_mac, "00:11:22:33:44:55"},
    {"CRYPTO", vl_validate_crypto, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    {"CRYPTO", vl_validate_crypto, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
    {"UK_NHS", vl_validate_uk_nhs, "943 476 5919"},
    {"UK_NINO", vl_validate_uk_nino, "AB 12 34 56 C"},
    {"MEDICAL_LICENSE", vl_validate_medical_license, "AB1234563"},
    {"IN_AADHAAR", vl_validate_in_aadhaar, "3123 4567 8909"},
    {"IN_PAN", vl_validate_in_pan, "ABBPM4567S"},
    {"ES_NIF", vl_validate_es_nif, "12345678Z"},
    {"ES_NIE", vl_validate_es_nif, "Y8063915Z"},
    {"IT_FISCAL_CODE", vl_validate_it_fiscal_code, "RSSMRA85T10A562S"},
    {"PL_PESEL", vl_validate_pl_pesel, "44051401458"},
    {"DATE_TIME", vl_validate_date_time, "2024-06-05T09:15:30.500-07:00"},
    {"", vl_validate_github_token,
     "ghp_"
     "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"},
    {"", vl_validate_jwt, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"},
    {"EMAIL_ADDRESS", vl_validate_email, "jane.roe@example.com"},
    {"URL", vl_validate_url, "https://www.example.com/a/b?c=d"},
    {"PHONE_NUMBER", vl_validate_phone, "415-555-0132"},
    {"PHONE_NUMBER", vl_validate_phone, "+49 30 1234567"},
    {"", vl_validate_phone_loose, "50-98-28-96"},
    {"DE_BSNR", vl_validate_de_bsnr, "521234567"},
    {"DE_HEALTH_INSURANCE", vl_validate_de_health, "A000500015"},
    {"DE_LANR", vl_validate_de_lanr, "234567701"},
    {"DE_SOCIAL_SECURITY", vl_validate_de_pension, "15070649C103"},
    {"DE_TAX_ID", vl_validate_de_tax_id, "86095742719"},
    {"DE_VAT_ID", vl_validate_de_vat, "DE136695976"},
    {"TH_TNIN", vl_validate_th_tnin, "1234567890121"},
    {"TR_LICENSE_PLATE", vl_validate_tr_plate, "34 ABC 1234"},
    {"TR_NATIONAL_ID", vl_validate_tr_id, "36493665440"},
    {"ZA_ID_NUMBER", vl_validate_za_id, "0001015002288"},
    {"", vl_validate_de_document, "L01X00T471"},
    {"", vl_validate_de_plate, "HH-AB 1234"},
    {"", vl_validate_in_gstin, "27AAPFU0939F1ZV"},
    {"", vl_validate_in_plate, "KA53ME3456"},
    {"", vl_validate_sg_uen, "T16RF0037C"},
    {"", vl_validate_uk_postcode, "SW1A 1AA"},
    {"", vl_validate_fi_code, "131052-308T"},
    {"", vl_validate_tr_phone, "0 (532) 1234567"},
};

#define SUBJECT_COUNT (sizeof subjects / sizeof subjects[0])

static void typical_texts_pass_and_nothing_is_allocated(void **state)
{
    (void)state;
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        size_t bytes = strlen(subjects[i].typical);
        malloc_counts before = malloc_count_read();
        vl_validity got = subjects[i].validate(subjects[i].typical, bytes);
        malloc_counts made = malloc_count_since(before);
        assert_int_not_equal(got, VL_INVALID);
        assert_int_equal(made.allocations + made.maps, 0);
    }
}

/* Every prefix of every typical text, in a block of just its size. */
static void prefixes_read_nothing_beyond(void **state)
{
    (void)state;
    char text[256];
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        for (size_t n = 0; n < strlen(subjects[i].typical); n++) {
            memcpy(text, subjects[i].typical, n);
            text[n] = '\0';
            for (size_t j = 0; j < SUBJECT_COUNT; j++)
                (void)judge(subjects[j].validate, text);
        }
    }
}

static double nanoseconds_a_call(const subject *which)
{
    enum { ROUNDS = 20000 };
    struct timespec from;
    struct timespec to;
    size_t bytes = strlen(which->typical);
    volatile unsigned sink = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < ROUNDS; i++)
        sink = sink + which->validate(which->typical, bytes);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / ROUNDS;
}

/* The bound is for a debug build with sanitizers on a busy machine; the printed figures are what counts. */
static void validators_are_quick(void **state)
{
    (void)state;
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        double ns = nanoseconds_a_call(&subjects[i]);
        print_message("%7.1f ns  %s\n", ns, subjects[i].typical);
        assert_true(ns < 100000);
    }
}

/* ---- Presidio's cases ---- */

typedef struct presidio_case {
    char entity[64];
    char text[1024];
    size_t text_bytes;
    long span[2]; /* the first expected one in bytes; -1 for none */
    int result;   /* of a checksum case: 1, 0, or -1 for neither */
} presidio_case;

static void read_span(vl_json *json, presidio_case *out)
{
    vl_json_token token;
    double value;
    int found = 0;
    int depth = 1;
    while (depth > 0) {
        vl_json_type type = vl_json_next(json, &token);
        if (type == VL_JSON_ARRAY_BEGIN) depth++;
        if (type == VL_JSON_ARRAY_END) depth--;
        if (type == VL_JSON_ERROR || type == VL_JSON_END) fail_msg("bad JSON in a span");
        if (type == VL_JSON_NUMBER && found < 2 && vl_json_double(&token, &value)) out->span[found++] = (long)value;
    }
}

static void read_member(vl_json *json, const vl_json_token *key, presidio_case *out)
{
    vl_json_token token;
    bool is_entity = vl_json_equals(key, "entity");
    bool is_text = vl_json_equals(key, "text") || vl_json_equals(key, "input");
    bool is_result = vl_json_equals(key, "result");
    bool is_span = vl_json_equals(key, "expect_bytes");
    if (!is_entity && !is_text && !is_result && !is_span) {
        assert_true(vl_json_skip(json, key));
        return;
    }
    vl_json_type type = vl_json_next(json, &token);
    if (is_entity) {
        size_t n = vl_json_decode(&token, out->entity, sizeof out->entity - 1);
        assert_true(n != SIZE_MAX);
        out->entity[n] = '\0';
    } else if (is_text) {
        out->text_bytes = vl_json_decode(&token, out->text, sizeof out->text);
    } else if (is_result) {
        out->result = type == VL_JSON_TRUE ? 1 : type == VL_JSON_FALSE ? 0 : -1;
    } else {
        read_span(json, out);
    }
}

static bool read_case(FILE *file, presidio_case *out)
{
    static char line[1 << 16];
    vl_json json;
    vl_json_token token;
    if (fgets(line, sizeof line, file) == NULL) return false;
    *out = (presidio_case){.span = {-1, -1}, .result = -1};
    vl_json_init(&json, line, strcspn(line, "\r\n"));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_OBJECT_BEGIN);
    while (vl_json_next(&json, &token) == VL_JSON_KEY)
        read_member(&json, &token, out);
    assert_int_equal(token.type, VL_JSON_OBJECT_END);
    return true;
}

static FILE *open_shared(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/../shared/data/text/%s", VEIL_TEST_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        print_message("skipped: no %s\n", name);
        skip();
    }
    return file;
}

static const subject *find_subject(const char *entity)
{
    for (size_t i = 0; i < SUBJECT_COUNT; i++) {
        if (strcmp(subjects[i].entity, entity) == 0) return &subjects[i];
    }
    return NULL;
}

static void presidio_checksum_cases(void **state)
{
    (void)state;
    static presidio_case item;
    FILE *file = open_shared("presidio_checksum_vectors.jsonl");
    size_t checked = 0;
    while (read_case(file, &item)) {
        const subject *which = find_subject(item.entity);
        if (which == NULL || item.text_bytes == SIZE_MAX || item.result < 0) continue;
        assert_int_equal(which->validate(item.text, item.text_bytes), item.result == 1 ? VL_VALID : VL_INVALID);
        checked++;
    }
    fclose(file);
    print_message("%zu cases\n", checked);
    assert_true(checked > 0);
}

/* Cases that are about Presidio's patterns and not about validators, or where ours is another verdict: "::" is no host, ten
 * characters that hold four digits are no PAN, and quotes or stray blanks never reach a validator. */
static bool is_other_verdict(const presidio_case *item)
{
    static const char *const beginnings[] = {"Use local ipv6 ::", "A1111DFSFS", "\"https:", "G T82", "AAAAAA - 0"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t n = strlen(beginnings[i]);
        if (item->text_bytes >= n && memcmp(item->text, beginnings[i], n) == 0) return true;
    }
    return false;
}

/* A span that Presidio finds is not refused; a text without one, taken from end to end, is. */
static void presidio_cases(void **state)
{
    (void)state;
    static presidio_case item;
    FILE *file = open_shared("presidio_vectors.jsonl");
    size_t checked = 0;
    size_t wrong = 0;
    while (read_case(file, &item)) {
        const subject *which = find_subject(item.entity);
        if (which == NULL || item.text_bytes == SIZE_MAX || is_other_verdict(&item)) continue;
        bool is_found = item.span[0] >= 0;
        const char *from = is_found ? item.text + item.span[0] : item.text;
        size_t bytes = is_found ? (size_t)(item.span[1] - item.span[0]) : item.text_bytes;
        checked++;
        if ((which->validate(from, bytes) != VL_INVALID) == is_found) continue;
        print_error("%s \"%.*s\": Presidio %s it\n", item.entity, (int)bytes, from,
                    is_found ? "finds" : "does not find");
        wrong++;
    }
    fclose(file);
    print_message("%zu cases\n", checked);
    assert_true(checked > 100);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typical_texts_pass_and_nothing_is_allocated),
        cmocka_unit_test(prefixes_read_nothing_beyond),
        cmocka_unit_test(validators_are_quick),
        cmocka_unit_test(presidio_checksum_cases),
        cmocka_unit_test(presidio_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

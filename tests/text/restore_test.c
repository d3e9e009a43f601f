/*
 * Operators that need a key, through the public calls: what ENCRYPT, FPE and TOKEN write comes back, and only under the key,
 * entity, field and context that made it; nothing allocates; failures leave nothing.
 */
#include "scan_fixture.h"

#include "support/malloc_count.h"

#define KEY             "an example key of 32 bytes only."
#define BAD             VEIL_ERR_INVALID_ARGUMENT
#define TEXT            "Mail jane.roe@example.com or 415-555-0132; SSN 536-90-4399, card 4111 1111 1111 1111, passport C03005988."
#define BYTES           16384
#define PRESIDIO_SEALED "AAECAwQFBgcICQoLDA0OD1JRH_1swzXojcDt__qivthedq_E8AFRW0qZ8KRPQxxW"

static veil_error error = VEIL_ERROR_INIT;

static veil_sanitizer *make_keyed(const char *key, size_t key_bytes)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.key = key;
    config.key_bytes = key_bytes;
    config.text_workspaces = 2;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    return sanitizer;
}

static veil_operator_rule rule_of(const char *entity, uint32_t op, uint32_t cipher)
{
    return (veil_operator_rule){
        .struct_size = sizeof(veil_operator_rule), .entity = entity, .op = op, .cipher = cipher};
}

static veil_text_options with(const veil_operator_rule *rule)
{
    veil_text_options o;
    veil_text_options_init(&o);
    o.operators = rule;
    o.operator_count = rule != NULL;
    return o;
}

static size_t redact(const veil_sanitizer *s, const veil_text_options *o, const char *text, char out[BYTES])
{
    size_t out_bytes = 0;
    veil_status status = veil_text_redact(s, o, text, strlen(text), out, BYTES - 1, &out_bytes, NULL, &error);
    if (status != VEIL_OK) fail_msg("redact: %s", error.message);
    out[out_bytes] = '\0';
    return out_bytes;
}

static veil_restore_result restore(const veil_sanitizer *s, const char *context, const char *text, char out[BYTES])
{
    size_t out_bytes = 0;
    veil_restore_result result = {.struct_size = sizeof result, .restored_count = 9};
    veil_text_options o = with(NULL);
    o.token_context = context;
    veil_status status = veil_text_restore(s, &o, text, strlen(text), out, BYTES - 1, &out_bytes, &result, &error);
    if (status != VEIL_OK) fail_msg("restore: %s", error.message);
    out[out_bytes] = '\0';
    return result;
}

static void check_restore(const veil_sanitizer *s, const char *text, const char *want, uint64_t restored,
                          uint64_t refused)
{
    static char out[BYTES];
    veil_restore_result result = restore(s, NULL, text, out);
    assert_string_equal(out, want);
    assert_int_equal(result.restored_count, restored);
    assert_int_equal(result.refused_count, refused);
}

static void texts_of_tokens_come_back(void **state)
{
    (void)state;
    static char out[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("*", VEIL_OP_TOKEN, 0);
    const veil_text_options o = with(&rule);
    static const char *const texts[] = {TEXT,
                                        "",
                                        "nothing here",
                                        "a@b.de",
                                        "a@b.de b@c.de a@b.de",
                                        "<EMAIL_ADDRESS:AAAA> a@b.de <x:y> 1 < 2 > <",
                                        "http://a.com/?q=<b>#c 10.0.0.1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        redact(s, &o, texts[i], out);
        static char copy[BYTES];
        memcpy(copy, out, BYTES);
        static char back[BYTES];
        (void)restore(s, NULL, copy, back);
        assert_string_equal(back, texts[i]);
    }
    redact(s, &o, "a@b.de b@c.de a@b.de", out);
    const char *second = strchr(out + 1, '<');
    const char *third = strchr(second + 1, '<');
    assert_memory_equal(out, third, strlen(third)); /* equal values, equal tokens */
    assert_memory_not_equal(out, second, strlen(third));
    assert_null(strstr(out, "a@b.de"));
    veil_sanitizer_destroy(s);
}

/* What a model or a mail program does to a token on the way. */
static void letter_case_and_white_space_do_not_matter(void **state)
{
    (void)state;
    static char token[BYTES];
    static char changed[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("*", VEIL_OP_TOKEN, 0);
    const veil_text_options o = with(&rule);
    size_t size = redact(s, &o, "jane@example.com", token);
    for (size_t i = 0; i <= size; i++)
        changed[i] = (char)(token[i] >= 'A' && token[i] <= 'Z' ? token[i] + 32 : token[i]);
    check_restore(s, changed, "jane@example.com", 1, 0);
    (void)snprintf(changed, sizeof changed, "%.30s\r\n   %.2000s", token, token + 30);
    check_restore(s, changed, "jane@example.com", 1, 0);
    for (int at = 1; at < (int)size; at++) { /* wherever a line is wrapped */
        (void)snprintf(changed, sizeof changed, "%.*s\n%.2000s", at, token, token + at);
        check_restore(s, changed, "jane@example.com", 1, 0);
    }
    (void)snprintf(changed, sizeof changed, "x%.2000s%.2000s<%.2000s>y", token, token, token);
    check_restore(s, changed, "xjane@example.comjane@example.com<jane@example.com>y", 3, 0);
    veil_sanitizer_destroy(s);
}

/* THREATS row 20: a look-alike is never somebody's data. */
static void what_is_not_ours_stays_text(void **state)
{
    (void)state;
    static char token[BYTES];
    static char changed[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    veil_sanitizer *other = make_keyed("another key of thirty-two bytes.", 32);
    const veil_operator_rule rule = rule_of("*", VEIL_OP_TOKEN, 0);
    veil_text_options o = with(&rule);
    size_t size = redact(s, &o, "jane@example.com", token);
    check_restore(other, token, token, 0, 1); /* another key */
    size_t name = strlen("<EMAIL_ADDRESS:");
    (void)snprintf(changed, sizeof changed, "<PERSON:%.2000s", token + name);
    check_restore(s, changed, changed, 0, 1); /* another entity */
    for (size_t cut = size - 1; cut > name + 16; cut--) {
        (void)snprintf(changed, sizeof changed, "%.*s", (int)cut, token);
        check_restore(s, changed, changed, 0, 1); /* cut */
        (void)snprintf(changed, sizeof changed, "%.*s>", (int)cut - 1, token);
        if (cut - 1 - name >= 16) check_restore(s, changed, changed, 0, 1);
    }
    for (size_t i = name; i < size - 1; i++) { /* forged in one letter */
        memcpy(changed, token, size + 1);
        changed[i] = token[i] == 'A' ? 'B' : 'A';
        check_restore(s, changed, changed, 0, 1);
    }
    static const char *const strangers[] = {"<EMAIL_ADDRESS>",
                                            "<EMAIL_ADDRESS:>",
                                            "<a:b>",
                                            "<xs:element name='x'>",
                                            "<",
                                            "<EMAIL_ADDRESS:AAAA>",
                                            "<:ABCDEFGHIJKLMNOPQRSTUVWXYZ>",
                                            "[TOKEN_1]"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        check_restore(s, strangers[i], strangers[i], 0, 0);
    veil_sanitizer_destroy(s);
    veil_sanitizer_destroy(other);
}

static void a_context_keeps_tokens_to_itself(void **state)
{
    (void)state;
    static char token[BYTES];
    static char out[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("*", VEIL_OP_TOKEN, 0);
    veil_text_options o = with(&rule);
    o.token_context = "tenant 1";
    redact(s, &o, "jane@example.com", token);
    assert_int_equal(restore(s, "tenant 2", token, out).refused_count, 1);
    assert_string_equal(out, token);
    assert_int_equal(restore(s, NULL, token, out).refused_count, 1);
    assert_int_equal(restore(s, "tenant 1", token, out).restored_count, 1);
    assert_string_equal(out, "jane@example.com");
    veil_sanitizer_destroy(s);
}

static void time_to_restore_grows_with_the_text(void **state)
{
    (void)state;
    static char text[1 << 20];
    static char out[1 << 20];
    veil_sanitizer *s = make_keyed(KEY, 32);
    static const char *const patterns[] = {"<A:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                           "<A:", "<A:AAAAAAAAAAAAAAAAAAAAAAAAAA>", "<"};
    for (size_t p = 0; p < sizeof patterns / sizeof patterns[0]; p++) {
        size_t length = strlen(patterns[p]);
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = patterns[p][i % length];
        size_t out_bytes;
        assert_int_equal(veil_text_restore(s, NULL, text, sizeof text, out, sizeof out, &out_bytes, NULL, NULL),
                         VEIL_OK);
        assert_int_equal(out_bytes, sizeof text);
        assert_memory_equal(out, text, sizeof text);
    }
    veil_sanitizer_destroy(s);
}

static veil_status decrypt(const veil_sanitizer *s, const veil_text_options *o, veil_operator_rule rule,
                           const char *value, char out[BYTES])
{
    size_t out_bytes = 77;
    memset(out, 'x', BYTES);
    veil_status status = veil_value_decrypt(s, o, &rule, value, strlen(value), out, BYTES - 1, &out_bytes, &error);
    if (status == VEIL_OK) {
        out[out_bytes] = '\0';
        return status;
    }
    assert_int_equal(out_bytes, 0);
    for (size_t i = 0; i < BYTES - 1; i++)
        assert_int_equal(out[i], 0);
    return status;
}

/* Every cipher, alone and with a field: back under what made it, refused under anything else. */
static void values_come_back_one_by_one(void **state)
{
    (void)state;
    static char sealed[BYTES];
    static char again[BYTES];
    static char back[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    veil_sanitizer *other = make_keyed("another key of thirty-two bytes.", 32);
    static const uint32_t kinds[][2] = {{VEIL_OP_ENCRYPT, VEIL_CIPHER_GCM},
                                        {VEIL_OP_ENCRYPT, VEIL_CIPHER_SIV},
                                        {VEIL_OP_ENCRYPT, VEIL_CIPHER_CBC},
                                        {VEIL_OP_FPE, 0},
                                        {VEIL_OP_TOKEN, 0}};
    for (size_t i = 0; i < 5; i++) {
        const veil_operator_rule rule = rule_of("EMAIL_ADDRESS", kinds[i][0], kinds[i][1]);
        const char *value = "jane.roe@example.com";
        bool has_field = i < 2 || i == 3;
        veil_text_options o = with(&rule);
        veil_text_options p = with(NULL);
        if (has_field) o.field = p.field = "users.email";
        redact(s, &o, value, sealed);
        assert_string_not_equal(sealed, value);
        assert_int_equal(decrypt(s, &p, rule, sealed, back), VEIL_OK);
        assert_string_equal(back, value);
        redact(s, &o, value, again);
        bool is_random = kinds[i][1] == VEIL_CIPHER_GCM || kinds[i][1] == VEIL_CIPHER_CBC;
        assert_int_equal(strcmp(sealed, again) != 0, is_random);
        veil_status wrong_key = decrypt(other, &p, rule, sealed, back);
        if (i == 2 || i == 3) /* not authenticated: another value, or none */
            assert_true(wrong_key == VEIL_ERR_MALFORMED_INPUT || strcmp(back, value) != 0);
        else
            assert_int_equal(wrong_key, VEIL_ERR_MALFORMED_INPUT);
        if (!has_field) continue;
        p.field = "users.name";
        veil_status wrong_field = decrypt(s, &p, rule, sealed, back);
        assert_true(i == 3 ? wrong_field != VEIL_OK || strcmp(back, value) != 0
                           : wrong_field == VEIL_ERR_MALFORMED_INPUT);
        p.field = "users.email";
        veil_status wrong_entity = decrypt(s, &p, rule_of("PHONE_NUMBER", kinds[i][0], kinds[i][1]), sealed, back);
        assert_true(i == 3 ? wrong_entity != VEIL_OK || strcmp(back, value) != 0
                           : wrong_entity == VEIL_ERR_MALFORMED_INPUT);
    }
    redact(s,
           &(veil_text_options){.struct_size = sizeof(veil_text_options),
                                .min_score = -1,
                                .operator_count = 1,
                                .operators = &(veil_operator_rule){.struct_size = sizeof(veil_operator_rule),
                                                                   .entity = "EMAIL_ADDRESS",
                                                                   .op = VEIL_OP_ENCRYPT,
                                                                   .cipher = VEIL_CIPHER_SIV}},
           "a@b.de", sealed);
    assert_int_equal(decrypt(s, NULL, rule_of("EMAIL_ADDRESS", VEIL_OP_ENCRYPT, 0), sealed, back), VEIL_OK);
    assert_string_equal(back, "a@b.de"); /* the value says which cipher */
    sealed[strlen(sealed) - 2] ^= 1;
    assert_int_equal(decrypt(s, NULL, rule_of("EMAIL_ADDRESS", VEIL_OP_ENCRYPT, 0), sealed, back),
                     VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(decrypt(s, NULL, rule_of("EMAIL_ADDRESS", VEIL_OP_ENCRYPT, VEIL_CIPHER_CBC), "", back),
                     VEIL_ERR_MALFORMED_INPUT);
    veil_sanitizer_destroy(s);
    veil_sanitizer_destroy(other);
}

/* Presidio's encrypt with key "WmZq4t7w!z%C&F)J", as its own tests use it: an IV of 16 bytes, then AES-128-CBC, PKCS #7. The
 * pair was made with `openssl enc -aes-128-cbc -K 576d5a7134743777217a25432646294a -iv 000102...0f`. */
static void presidios_form_is_read(void **state)
{
    (void)state;
    static char back[BYTES];
    veil_sanitizer *s = make_keyed("WmZq4t7w!z%C&F)J", 16);
    assert_int_equal(
        decrypt(s, NULL, rule_of("EMAIL_ADDRESS", VEIL_OP_ENCRYPT, VEIL_CIPHER_CBC), PRESIDIO_SEALED, back), VEIL_OK);
    assert_string_equal(back, "text_for_encryption");
    veil_sanitizer_destroy(s);
}

static void fpe_keeps_the_shape(void **state)
{
    (void)state;
    static char out[BYTES];
    static char back[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("*", VEIL_OP_FPE, 0);
    static const char *const values[][2] = {{"CREDIT_CARD", "4111 1111 1111 1111"},
                                            {"US_SSN", "536-90-4399"},
                                            {"EMAIL_ADDRESS", "jane.roe@example.com"},
                                            {"EMAIL_ADDRESS", "Jane.Roe@Example.com"},
                                            {"IBAN_CODE", "GB82 WEST 1234 5698 7654 32"}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const veil_text_options o = with(&rule);
        const char *value = values[i][1];
        redact(s, &o, value, out);
        assert_int_equal(strlen(out), strlen(value));
        bool digits_alone = strpbrk(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
        for (size_t k = 0; value[k] != '\0'; k++) {
            bool is_letter = (value[k] | 32) >= 'a' && (value[k] | 32) <= 'z';
            bool is_digit = value[k] >= '0' && value[k] <= '9';
            if (!is_letter && !is_digit) assert_int_equal(out[k], value[k]);
            if (digits_alone && is_digit) assert_in_range(out[k], '0', '9');
        }
        assert_int_equal(decrypt(s, NULL, rule_of(values[i][0], VEIL_OP_FPE, 0), out, back), VEIL_OK);
        assert_string_equal(back, value);
    }
    const veil_text_options o = with(&rule);
    redact(s, &o, "at 10.1.2.3", out);
    assert_string_equal(out, "at <IP_ADDRESS>"); /* five digits: a domain that can be searched */
    veil_sanitizer_destroy(s);
}

static void dates_of_a_subject_move_together(void **state)
{
    (void)state;
    static char out[BYTES];
    static char second[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = {
        .struct_size = sizeof rule, .entity = "DATE_TIME", .op = VEIL_OP_DATE_SHIFT, .shift_days = 30};
    veil_text_options o = with(&rule);
    size_t distinct = 0;
    for (int subject = 0; subject < 40; subject++) {
        char name[16];
        (void)snprintf(name, sizeof name, "patient %d", subject);
        o.subject = name;
        redact(s, &o, "2020-06-15", out);
        assert_string_not_equal(out, "2020-06-15");
        assert_true(strcmp(out, "2020-05-16") >= 0 && strcmp(out, "2020-07-15") <= 0);
        redact(s, &o, "2020-06-15", second);
        assert_string_equal(out, second);
        o.subject = "someone else";
        redact(s, &o, "2020-06-15", second);
        distinct += strcmp(out, second) != 0;
    }
    assert_true(distinct > 30);
    o.subject = NULL;
    size_t out_bytes = 1;
    assert_int_equal(veil_text_redact(s, &o, "no date", 7, out, BYTES, &out_bytes, NULL, &error), BAD);
    assert_non_null(strstr(error.message, "subject"));
    veil_sanitizer_destroy(s);
}

static int32_t reverse(void *user, const char *entity, const char *value, size_t value_bytes, char *out,
                       size_t capacity, size_t *out_bytes)
{
    int *calls = user;
    ++*calls;
    if (strcmp(entity, "EMAIL_ADDRESS") != 0) return 1;
    if (value_bytes == 6) {
        *out_bytes = capacity + 1;
        return 0;
    }
    for (size_t i = 0; i < value_bytes; i++)
        out[i] = value[value_bytes - 1 - i];
    *out_bytes = value_bytes;
    return 0;
}

static void the_host_writes_replacements(void **state)
{
    (void)state;
    static char out[BYTES];
    int calls = 0;
    veil_sanitizer *s = make_text("en", 0.4f);
    const veil_operator_rule rule = {
        .struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_CALLBACK, .replace = reverse, .replace_user = &calls};
    const veil_text_options o = with(&rule);
    redact(s, &o, "to jane@x.org now", out);
    assert_string_equal(out, "to gro.x@enaj now");
    assert_int_equal(calls, 1);
    static const char *const failing[] = {"a@b.de", "SSN 536-90-4399"}; /* writes too much; says that it failed */
    for (size_t i = 0; i < 2; i++) {
        size_t out_bytes = 5;
        memset(out, 'x', sizeof out);
        assert_int_equal(
            veil_text_redact(s, &o, failing[i], strlen(failing[i]), out, sizeof out, &out_bytes, NULL, &error),
            VEIL_ERR_CALLBACK);
        assert_int_equal(out_bytes, 0);
        for (size_t k = 0; k < sizeof out; k++)
            assert_int_equal(out[k], 0);
    }
    veil_sanitizer_destroy(s);
}

/* Findings longer than the chain limit, and what remains of losers, are placeholders under every operator. */
static void parts_of_findings_are_placeholders(void **state)
{
    (void)state;
    static char text[20000];
    static char out[200000];
    veil_sanitizer *s = make_keyed(KEY, 32);
    memcpy(text, "http://example.com/", 19);
    memset(text + 19, 'a', sizeof text - 20);
    for (uint32_t op = VEIL_OP_ENCRYPT; op <= VEIL_OP_TOKEN; op++) {
        const veil_operator_rule rule = rule_of("*", op, 0);
        const veil_text_options o = with(&rule);
        size_t out_bytes;
        assert_int_equal(veil_text_redact(s, &o, text, sizeof text - 1, out, sizeof out, &out_bytes, NULL, &error),
                         VEIL_OK);
        assert_int_equal(out_bytes, 5);
        assert_memory_equal(out, "<URL>", 5);
    }
    veil_sanitizer_destroy(s);
}

static void nothing_allocates(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    static char out[BYTES];
    static char back[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    int failed = 0;
    malloc_counts made = {0};
    for (uint32_t op = VEIL_OP_HASH; op <= VEIL_OP_DATE_SHIFT; op++) {
        for (uint32_t cipher = 0; cipher <= (op == VEIL_OP_ENCRYPT ? 3u : 0u); cipher++) {
            const veil_operator_rule rule = rule_of("*", op, cipher);
            veil_text_options o = with(&rule);
            if (op == VEIL_OP_DATE_SHIFT) o.subject = "p";
            size_t out_bytes = 0, back_bytes;
            malloc_counts before = malloc_count_read();
            failed +=
                veil_text_redact(s, &o, TEXT, sizeof TEXT - 1, out, sizeof out, &out_bytes, NULL, NULL) != VEIL_OK;
            failed += veil_text_restore(s, NULL, out, out_bytes, back, sizeof back, &back_bytes, NULL, NULL) != VEIL_OK;
            made = malloc_count_since(before);
            assert_int_equal(made.allocations, 0);
            assert_int_equal(made.maps, 0);
        }
    }
    assert_int_equal(failed, 0);
    veil_sanitizer_destroy(s);
}

static void small_outputs_say_what_they_need(void **state)
{
    (void)state;
    static char token[BYTES];
    static char out[BYTES];
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("EMAIL_ADDRESS", VEIL_OP_TOKEN, 0);
    const veil_text_options o = with(&rule);
    redact(s, &o, "jane@example.com", token);
    for (size_t capacity = 0; capacity < 16; capacity++) {
        size_t out_bytes = 0;
        memset(out, 'x', sizeof out);
        assert_int_equal(veil_text_restore(s, NULL, token, strlen(token), capacity == 0 ? NULL : out, capacity,
                                           &out_bytes, NULL, &error),
                         VEIL_ERR_BUFFER_TOO_SMALL);
        assert_int_equal(out_bytes, 16);
        for (size_t i = 0; i < capacity; i++)
            assert_int_equal(out[i], 0);
        assert_int_equal(veil_value_decrypt(s, NULL, &rule, token, strlen(token), capacity == 0 ? NULL : out, capacity,
                                            &out_bytes, &error),
                         VEIL_ERR_BUFFER_TOO_SMALL);
        assert_int_equal(out_bytes, 16);
    }
    veil_sanitizer_destroy(s);
}

/* What a call makes no use of is refused, not passed over. */
static void options_without_use_are_refused(void **state)
{
    (void)state;
    char out[64];
    size_t out_bytes = 0;
    veil_sanitizer *s = make_keyed(KEY, 32);
    const veil_operator_rule rule = rule_of("EMAIL_ADDRESS", VEIL_OP_TOKEN, 0);
    const veil_field_rule field = {sizeof field, "mail", "EMAIL_ADDRESS"};
    for (unsigned i = 0; i < 3; i++) {
        veil_text_options o = with(NULL);
        o.format = i < 2 ? VEIL_FORMAT_JSON : VEIL_FORMAT_TEXT;
        o.fields = i == 1 ? &field : NULL;
        o.field_count = i == 1;
        o.timeout_us = i == 2 ? 1000000 : 0;
        assert_int_equal(veil_text_restore(s, &o, "{}", 2, out, sizeof out, &out_bytes, NULL, &error),
                         i == 2 ? VEIL_OK : BAD);
        assert_int_equal(veil_value_decrypt(s, &o, &rule, "x", 1, out, sizeof out, &out_bytes, &error), BAD);
    }
    veil_sanitizer_destroy(s);
}

/* The deadline holds also where nothing looks like a token. */
static void time_is_looked_at_between_angle_brackets(void **state)
{
    (void)state;
    enum { LENGTH = 1 << 20 };
    static char text[LENGTH];
    static char out[LENGTH];
    size_t out_bytes = 0;
    veil_sanitizer *s = make_keyed(KEY, 32);
    veil_text_options o = with(NULL);
    memset(text, '<', sizeof text);
    o.timeout_us = 1;
    assert_int_equal(veil_text_restore(s, &o, text, LENGTH, out, LENGTH, &out_bytes, NULL, &error), VEIL_ERR_TIMEOUT);
    assert_int_equal(out_bytes, 0);
    for (size_t i = 0; i < LENGTH; i++)
        assert_true(out[i] == 0);
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_tokens_come_back),
        cmocka_unit_test(letter_case_and_white_space_do_not_matter),
        cmocka_unit_test(what_is_not_ours_stays_text),
        cmocka_unit_test(a_context_keeps_tokens_to_itself),
        cmocka_unit_test(time_to_restore_grows_with_the_text),
        cmocka_unit_test(values_come_back_one_by_one),
        cmocka_unit_test(presidios_form_is_read),
        cmocka_unit_test(fpe_keeps_the_shape),
        cmocka_unit_test(dates_of_a_subject_move_together),
        cmocka_unit_test(the_host_writes_replacements),
        cmocka_unit_test(parts_of_findings_are_placeholders),
        cmocka_unit_test(nothing_allocates),
        cmocka_unit_test(options_without_use_are_refused),
        cmocka_unit_test(time_is_looked_at_between_angle_brackets),
        cmocka_unit_test(small_outputs_say_what_they_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

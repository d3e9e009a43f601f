/*
 * Any bytes through restore and decrypt. Checked: what comes out is no longer than what went in; without a token that verifies
 * the text comes back as it was; what ENCRYPT and TOKEN write comes back. The first byte chooses what is done.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_sanitizer *sanitizer;

static void destroy(void)
{
    veil_sanitizer_destroy(sanitizer);
}

static void make(void)
{
    static const char *const entities[] = {"EMAIL_ADDRESS", "US_SSN", "DATE_TIME"};
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.entities = entities;
    config.entity_count = 3;
    config.key = "an example key of 32 bytes only.";
    config.key_bytes = 32;
    config.text_workspaces = 1;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) abort();
    (void)atexit(destroy);
}

static void check_restore(const char *text, size_t size, char *out)
{
    size_t out_bytes;
    veil_restore_result result = {.struct_size = sizeof result};
    if (veil_text_restore(sanitizer, NULL, text, size, out, size, &out_bytes, &result, NULL) != VEIL_OK) abort();
    if (out_bytes > size) abort();
    if (result.restored_count == 0 && (out_bytes != size || (size > 0 && memcmp(out, text, size) != 0))) abort();
}

static void check_decrypt(unsigned which, const char *text, size_t size, char *out)
{
    size_t out_bytes;
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "EMAIL_ADDRESS"};
    rule.op = which < 4 ? VEIL_OP_ENCRYPT : which == 4 ? VEIL_OP_FPE : VEIL_OP_TOKEN;
    rule.cipher = which < 4 ? which : 0;
    veil_status status = veil_value_decrypt(sanitizer, NULL, &rule, text, size, out, size, &out_bytes, NULL);
    if (status != VEIL_OK && status != VEIL_ERR_MALFORMED_INPUT) abort();
    if (out_bytes > size) abort();
}

/* Redact with `op`, and back. */
static void check_round(const char *text, size_t size, uint32_t op)
{
    size_t room = 64 * size + 4096;
    char *hidden = malloc(room);
    char *back = malloc(room);
    size_t hidden_bytes, back_bytes;
    const veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = op};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    if (op == VEIL_OP_DATE_SHIFT) options.subject = "s";
    if (hidden == NULL || back == NULL) abort();
    veil_status status = veil_text_redact(sanitizer, &options, text, size, hidden, room, &hidden_bytes, NULL, NULL);
    if (status != VEIL_OK) abort();
    veil_restore_result result = {.struct_size = sizeof result};
    status = veil_text_restore(sanitizer, NULL, hidden, hidden_bytes, back, room, &back_bytes, &result, NULL);
    if (status != VEIL_OK || back_bytes > hidden_bytes) abort();
    free(hidden);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 100000) return 0;
    if (sanitizer == NULL) make();
    const char *text = (const char *)data + 1;
    unsigned which = data[0] % 13;
    char *out = malloc(size);
    if (out == NULL) return 0;
    if (which == 0)
        check_restore(text, size - 1, out);
    else if (which < 7)
        check_decrypt(which - 1, text, size - 1, out);
    else
        check_round(text, size - 1,
                    VEIL_OP_ENCRYPT + which - 7 < VEIL_OP_CALLBACK ? VEIL_OP_ENCRYPT + which - 7 : VEIL_OP_HASH);
    free(out);
    return 0;
}

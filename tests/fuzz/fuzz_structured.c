/*
 * Any bytes as JSON, NDJSON, CSV and TSV: what is taken gives a document that is taken again, and findings do not overlap.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define FINDINGS 4096u
#define OUT_MAX  (1u << 22)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_sanitizer *sanitizer;
static veil_finding found[FINDINGS];
static char out[OUT_MAX], again[OUT_MAX];

static void destroy(void)
{
    veil_sanitizer_destroy(sanitizer);
}

static void make(void)
{
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.text_workspaces = 1;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) abort();
    (void)atexit(destroy);
}

/* Findings are ordered and lie in the text; without one nothing changed. (What remains of losers goes without being reported.) */
static void check(const char *text, size_t size, size_t count, size_t out_bytes)
{
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        if (found[i].start < from || found[i].end <= found[i].start || found[i].end > size) abort();
        from = (size_t)found[i].end;
    }
    if (count == 0 && (out_bytes != size || memcmp(out, text, size) != 0)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const veil_field_rule rules[] = {{sizeof rules[0], "ssn", "US_SSN"}, {sizeof rules[0], "a.b", "CRYPTO"}};
    static const char *const replacements[] = {NULL, "\"x\",\\\n"};
    if (size == 0) return 0;
    if (sanitizer == NULL) make();
    uint8_t choice = data[0];
    const char *text = (const char *)data + 1;
    size--;
    veil_operator_rule rule = {
        .struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_REPLACE, .text = replacements[choice >> 3 & 1]};
    veil_text_options options;
    veil_text_options_init(&options);
    options.format = VEIL_FORMAT_JSON + choice % 4u;
    options.fields = rules;
    options.field_count = (choice >> 4 & 1) != 0 ? 2 : 0;
    options.operators = &rule;
    options.operator_count = 1;
    veil_text_result result = {sizeof result, found, FINDINGS, 0};
    size_t bytes, more;
    veil_status status = veil_text_redact(sanitizer, &options, text, size, out, sizeof out, &bytes, &result, NULL);
    if (status == VEIL_ERR_MALFORMED_INPUT || status == VEIL_ERR_LIMIT || status == VEIL_ERR_BUFFER_TOO_SMALL) return 0;
    const bool may_misfit = options.field_count != 0 && options.format >= VEIL_FORMAT_CSV; /* a rule for no column */
    if (status == VEIL_ERR_INVALID_ARGUMENT && may_misfit) return 0;
    if (status != VEIL_OK) abort();
    if (result.finding_count < FINDINGS) check(text, size, result.finding_count, bytes);
    status = veil_text_redact(sanitizer, &options, out, bytes, again, sizeof again, &more, NULL, NULL);
    if (status == VEIL_ERR_INVALID_ARGUMENT && may_misfit) return 0; /* the header itself was redacted */
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) abort();
    return 0;
}

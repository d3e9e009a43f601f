/*
 * Texts that look like secrets: the first byte picks a recognizer's known answer, which stands before the rest of the input,
 * so that beginnings, names and separators need not be found by chance. Findings lie in the text; redaction leaves every
 * byte outside them, and none that a winner or a loser holds.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/recognizers.h"
#include "veil.h"

#define TEXT_MAX     8192u
#define FINDINGS_MAX 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_sanitizer *make(void)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) abort();
    return sanitizer;
}

/* All findings, losers as well; each lies in the text. */
static size_t find(const veil_sanitizer *sanitizer, const char *text, size_t length, veil_finding *findings)
{
    veil_text_result result = {sizeof result, findings, FINDINGS_MAX, 0};
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL;
    if (veil_text_scan(sanitizer, &options, text, length, &result, NULL) != VEIL_OK) abort();
    if (result.finding_count > FINDINGS_MAX) abort();
    for (size_t i = 0; i < result.finding_count; i++)
        if (findings[i].start >= findings[i].end || findings[i].end > length) abort();
    return result.finding_count;
}

/* A loser goes beyond the winners: its rest becomes a placeholder (fuzz_overlaps looks at those). */
static bool has_rest(const veil_finding *findings, size_t count)
{
    static bool is_won[TEXT_MAX];
    memset(is_won, 0, sizeof is_won);
    for (size_t i = 0; i < count; i++)
        if (!findings[i].is_loser) memset(is_won + findings[i].start, 1, findings[i].end - findings[i].start);
    for (size_t i = 0; i < count; i++)
        if (memchr(is_won + findings[i].start, 0, findings[i].end - findings[i].start) != NULL) return true;
    return false;
}

/* The bytes that are in no finding: what redaction must leave, and nothing else. */
static size_t leave_out(const char *text, size_t length, const veil_finding *findings, size_t count, char *wanted)
{
    static bool is_found[TEXT_MAX];
    size_t kept = 0;
    memset(is_found, 0, sizeof is_found);
    for (size_t i = 0; i < count; i++)
        memset(is_found + findings[i].start, 1, findings[i].end - findings[i].start);
    for (size_t i = 0; i < length; i++)
        if (!is_found[i]) wanted[kept++] = text[i];
    return kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static veil_sanitizer *sanitizer;
    static veil_finding findings[FINDINGS_MAX];
    static char text[TEXT_MAX];
    static char out[64 * TEXT_MAX];
    static char wanted[TEXT_MAX];
    if (sanitizer == NULL) sanitizer = make();
    if (size == 0) return 0;
    const vl_row *row = &vl_rows[(data[0] * 2u) % VL_ROW_COUNT];
    size_t cut = size > 1 ? data[1] % (strlen(row->sample) + 1) : 0;
    size_t length = strlen(row->before);
    memcpy(text, row->before, length);
    memcpy(text + length, row->sample, cut);
    length += cut;
    size_t rest = size - 1 < TEXT_MAX - length ? size - 1 : TEXT_MAX - length;
    memcpy(text + length, data + 1, rest);
    length += rest;
    size_t count = find(sanitizer, text, length, findings);
    size_t kept = leave_out(text, length, findings, count, wanted);
    size_t out_bytes;
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_REDACT};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    if (veil_text_redact(sanitizer, &options, text, length, out, sizeof out, &out_bytes, NULL, NULL) != VEIL_OK)
        abort();
    if (!has_rest(findings, count) && (out_bytes != kept || memcmp(out, wanted, kept) != 0)) abort();
    return 0;
}

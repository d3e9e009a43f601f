/*
 * Texts that look like secrets: the first byte picks a recognizer's known answer, which stands before the rest of the input,
 * so that beginnings, names and separators need not be found by chance. Findings lie in the text, and redaction leaves no
 * byte of them.
 */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static veil_sanitizer *sanitizer;
    static veil_finding findings[FINDINGS_MAX];
    static char text[TEXT_MAX];
    static char out[64 * TEXT_MAX];
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
    veil_text_result result = {sizeof result, findings, FINDINGS_MAX, 0};
    if (veil_text_scan(sanitizer, NULL, text, length, &result, NULL) != VEIL_OK) abort();
    for (size_t i = 0; i < result.finding_count; i++)
        if (findings[i].start >= findings[i].end || findings[i].end > length) abort();
    size_t out_bytes;
    result.findings = NULL;
    result.finding_capacity = 0;
    if (veil_text_redact(sanitizer, NULL, text, length, out, sizeof out, &out_bytes, NULL, NULL) != VEIL_OK) abort();
    return 0;
}

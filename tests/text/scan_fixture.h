/* A text sanitizer and the findings of one text, for the suites of the scanner. */
#ifndef VL_TESTS_TEXT_SCAN_FIXTURE_H
#define VL_TESTS_TEXT_SCAN_FIXTURE_H

/* cmocka wants these before itself */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define FOUND_MAX 65536

typedef struct found {
    veil_finding items[FOUND_MAX];
    size_t count;
} found;

static inline veil_sanitizer *make_text(const char *language, float min_score)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.language = language;
    config.min_score = min_score;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    return sanitizer;
}

static inline void scan_text(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                             size_t text_bytes, found *out)
{
    veil_error error = VEIL_ERROR_INIT;
    veil_text_result result = {sizeof result, out->items, FOUND_MAX, 0};
    veil_status status = veil_text_scan(sanitizer, options, text, text_bytes, &result, &error);
    if (status != VEIL_OK) fail_msg("scan: %s", error.message);
    out->count = result.finding_count;
}

#endif

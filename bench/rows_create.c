/* Creation of a sanitizer, text-only and with everything; whole-call durations in this process, first ones included. */
#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "text/secrets.h"

#define CREATIONS 15

static void measure_create(bench_report *report, const char *row, uint32_t modalities, double limit_ns,
                           const char *limit_text)
{
    if (!bench_wants(report, row)) return;
    double values[CREATIONS];
    veil_config config;
    veil_config_init(&config);
    config.modalities = modalities;
    uint64_t allocations = bench_allocations();
    for (int i = 0; i < CREATIONS; i++) {
        veil_sanitizer *sanitizer = NULL;
        veil_error error = VEIL_ERROR_INIT;
        uint64_t begin = bench_now_ns();
        veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);
        values[i] = (double)(bench_now_ns() - begin);
        veil_sanitizer_destroy(sanitizer);
        if (status != VEIL_OK) {
            bench_cannot(report, row, error.message);
            return;
        }
    }
    bench_result result = {.limit_p50_ns = limit_ns,
                           .allocs_per_call = (double)(bench_allocations() - allocations) / CREATIONS};
    snprintf(result.row, sizeof result.row, "%s", row);
    snprintf(result.who, sizeof result.who, "veil_sanitizer_create");
    snprintf(result.limit_text, sizeof result.limit_text, "%s", limit_text);
    bench_summarise(values, CREATIONS, &result);
    bench_append(report, &result);
}

void bench_rows_create(bench_report *report)
{
    bench_pin(report, true);
    measure_create(report, "create.text", VEIL_MODALITY_TEXT, 50e6, "<= 50 ms");
    vl_secrets_compile_always = true; /* as with another version of Hyperscan than the build's */
    measure_create(report, "create.text.compiled", VEIL_MODALITY_TEXT, 0, "");
    vl_secrets_compile_always = false;
    measure_create(report, "create.all", VEIL_MODALITY_TEXT | VEIL_MODALITY_IMAGE | VEIL_MODALITY_AUDIO, 300e6,
                   "<= 300 ms");
}

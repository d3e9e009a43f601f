/*
 * How time grows with the length of a text and with the number of recognizers: figures for bench/growth.py, which draws them.
 * Measured only when asked for (--row growth).
 */
#include "inputs.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/recognizers.h"

#define LENGTH_MIN   64u
#define LENGTH_MAX   (16u << 20)
#define FINDINGS     (1u << 20) /* of the longest text */
#define ENTITY_TEXT  (64u << 10)
#define ENTITIES_MAX 512u

typedef struct growth_work {
    veil_sanitizer *sanitizer;
    const char *text;
    size_t text_bytes;
    veil_text_result result;
    veil_status status;
} growth_work;

static void run_scan(void *context)
{
    growth_work *work = context;
    work->status |= veil_text_scan(work->sanitizer, NULL, work->text, work->text_bytes, &work->result, NULL);
}

static bool make_sanitizer(growth_work *work, const char *const *entities, size_t count)
{
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.entities = count > 0 ? entities : NULL;
    config.entity_count = count;
    veil_sanitizer_destroy(work->sanitizer);
    work->sanitizer = NULL;
    return veil_sanitizer_create(&config, &work->sanitizer, NULL) == VEIL_OK;
}

static void measure(bench_report *report, growth_work *work, const char *row, const char *who, size_t text_bytes)
{
    work->text_bytes = text_bytes;
    work->status = VEIL_OK;
    const bench_case cases[] = {{row, who, run_scan, NULL, work, (double)text_bytes, 0, 0, NULL}};
    bench_run(report, cases, 1);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
}

static void measure_lengths(bench_report *report, growth_work *work, char *text, const char *who,
                            void (*make)(char *, size_t, uint64_t))
{
    make(text, LENGTH_MAX, 1);
    for (size_t bytes = LENGTH_MIN; bytes <= LENGTH_MAX; bytes *= 4) {
        char row[40];
        snprintf(row, sizeof row, "growth.length.%zu", bytes);
        measure(report, work, row, who, bytes);
    }
}

/* Entities in the order of the table, each once. */
static size_t list_entities(const char **names)
{
    size_t count = 0;
    for (size_t row = 0; row < vl_text_row_count(); row++) {
        const char *name = vl_text_row_entity(row);
        size_t i = 0;
        while (i < count && strcmp(names[i], name) != 0)
            i++;
        if (i == count && count < ENTITIES_MAX) names[count++] = name;
    }
    return count;
}

static size_t count_rows(const char *const *names, size_t count)
{
    size_t rows = 0;
    for (size_t row = 0; row < vl_text_row_count(); row++)
        for (size_t i = 0; i < count; i++)
            rows += strcmp(names[i], vl_text_row_entity(row)) == 0;
    return rows;
}

static void measure_recognizers(bench_report *report, growth_work *work)
{
    static const char *names[ENTITIES_MAX];
    size_t all = list_entities(names);
    for (size_t count = 1;; count = count * 2 < all ? count * 2 : all) {
        char row[40];
        snprintf(row, sizeof row, "growth.recognizers.%zu", count_rows(names, count));
        if (make_sanitizer(work, names, count))
            measure(report, work, row, "64 KB of logs", ENTITY_TEXT);
        else
            bench_cannot(report, row, "no sanitizer");
        if (count == all) return;
    }
}

void bench_rows_growth(bench_report *report)
{
    if (report->filter == NULL || strncmp(report->filter, "growth", 6) != 0) return;
    growth_work work = {.sanitizer = NULL};
    char *text = malloc(LENGTH_MAX);
    work.result = (veil_text_result){sizeof work.result, calloc(FINDINGS, sizeof(veil_finding)), FINDINGS, 0};
    work.text = text;
    if (text == NULL || work.result.findings == NULL || !make_sanitizer(&work, NULL, 0)) {
        bench_cannot(report, "growth", "out of memory, or no sanitizer");
    } else {
        bench_pin(report, true);
        measure_lengths(report, &work, text, "chat", bench_make_chat);
        measure_lengths(report, &work, text, "logs", bench_make_logs);
        measure_recognizers(report, &work);
    }
    veil_sanitizer_destroy(work.sanitizer);
    free(work.result.findings);
    free(text);
}

/*
 * The host's own recognizers over 1 MB of chat: patterns (10, 100, 500) beside Hyperscan with start offsets and PCRE2 on the
 * same patterns; word lists (1,000 and 1,000,000) alone, for neither peer takes a million literals in reasonable time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs.h"
#include "peers.h"
#include "rows.h"

#define MEGABYTE     ((size_t)1 << 20)
#define PATTERNS_MAX 500u
#define WORD_BYTES   16u

typedef struct own_work {
    veil_sanitizer *sanitizer;
    bench_hs *hs;
    bench_pcre2 *pcre2;
    const char *text;
    size_t bytes;
    veil_status status;
} own_work;

static void run_veil(void *context)
{
    own_work *work = context;
    veil_text_result result = {sizeof result, NULL, 0, 0};
    veil_status status = veil_text_scan(work->sanitizer, NULL, work->text, work->bytes, &result, NULL);
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) work->status = status;
}

static void run_hs(void *context)
{
    own_work *work = context;
    bench_hs_scan(work->hs, work->text, work->bytes);
}

static void run_pcre2(void *context)
{
    own_work *work = context;
    bench_pcre2_scan(work->pcre2, work->text, work->bytes);
}

/* Own entities alone are in force: the figure is theirs. */
static bool make_own(own_work *work, const veil_recognizer *recognizer)
{
    static const char *const only[] = {"OWN"};
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.text_workspaces = 1;
    config.recognizers = recognizer;
    config.recognizer_count = 1;
    config.entities = only;
    config.entity_count = 1;
    return veil_sanitizer_create(&config, &work->sanitizer, NULL) == VEIL_OK;
}

static void measure_patterns(bench_report *report, const char *text, unsigned count)
{
    static char texts[PATTERNS_MAX][48];
    static const char *items[PATTERNS_MAX];
    uint8_t caseless[PATTERNS_MAX] = {0};
    own_work work = {.text = text, .bytes = MEGABYTE};
    char row[40];
    snprintf(row, sizeof row, "own.patterns%u", count);
    if (!bench_wants(report, row)) return;
    for (unsigned i = 0; i < count; i++) {
        snprintf(texts[i], sizeof texts[i], "\\b%c%c%c-[0-9]{%u,%u}\\b", 'A' + (int)(i % 26), 'A' + (int)(i / 26),
                 'K' + (int)(i % 7), 4 + i % 3, 8 + i % 5);
        items[i] = texts[i];
    }
    const veil_recognizer own = {.struct_size = sizeof own,
                                 .name = "own",
                                 .entity = "OWN",
                                 .items = items,
                                 .item_count = count,
                                 .score = 0.8f,
                                 .kind = VEIL_RECOGNIZER_PATTERN};
    const bench_patterns patterns = {items, caseless, count};
    work.hs = bench_hs_create(&patterns, 1);
    work.pcre2 = bench_pcre2_create(&patterns);
    if (!make_own(&work, &own) || work.hs == NULL || work.pcre2 == NULL) {
        bench_cannot(report, row, "an engine could not be made");
    } else {
        const bench_case cases[] = {
            {row, "veil scan", run_veil, NULL, &work, (double)MEGABYTE, 0, 0, NULL},
            {row, "hs_scan SOM", run_hs, NULL, &work, (double)MEGABYTE, 0, 0, NULL},
            {row, "PCRE2 JIT", run_pcre2, NULL, &work, (double)MEGABYTE, 0, 0, NULL},
        };
        bench_run(report, cases, sizeof cases / sizeof *cases);
        if (work.status != VEIL_OK) bench_cannot(report, row, "a call failed");
    }
    bench_hs_destroy(work.hs);
    bench_pcre2_destroy(work.pcre2);
    veil_sanitizer_destroy(work.sanitizer);
}

static void measure_words(bench_report *report, const char *text, size_t count, const char *row)
{
    own_work work = {.text = text, .bytes = MEGABYTE};
    if (!bench_wants(report, row)) return;
    char *names = malloc(count * WORD_BYTES);
    const char **items = malloc(count * sizeof *items);
    for (size_t i = 0; names != NULL && items != NULL && i < count; i++) {
        snprintf(names + i * WORD_BYTES, WORD_BYTES, "%xq", (unsigned)((i + 1) * 2654435761u));
        items[i] = names + i * WORD_BYTES;
    }
    const veil_recognizer own = {.struct_size = sizeof own,
                                 .name = "own",
                                 .entity = "OWN",
                                 .items = items,
                                 .item_count = count,
                                 .score = 0.8f,
                                 .kind = VEIL_RECOGNIZER_WORDS,
                                 .flags = VEIL_RECOGNIZER_CASELESS};
    if (names == NULL || items == NULL || !make_own(&work, &own)) {
        bench_cannot(report, row, "the list could not be made");
    } else {
        const bench_case cases[] = {{row, "veil scan", run_veil, NULL, &work, (double)MEGABYTE, 0, 0, NULL}};
        bench_run(report, cases, 1);
        if (work.status != VEIL_OK) bench_cannot(report, row, "a call failed");
    }
    veil_sanitizer_destroy(work.sanitizer);
    free(items);
    free(names);
}

void bench_rows_own(bench_report *report)
{
    char *text = malloc(2 * MEGABYTE);
    if (text != NULL) {
        bench_make_chat(text, MEGABYTE, 1);
        bench_pin(report, true);
        measure_patterns(report, text, 10);
        measure_patterns(report, text, 100);
        measure_patterns(report, text, PATTERNS_MAX);
        measure_words(report, text, 1000, "own.words1k");
        measure_words(report, text, 1000000, "own.words1m");
    }
    free(text);
}

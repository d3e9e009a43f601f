/* Text rows: Veil through its public API beside Hyperscan with start-of-match, PCRE2-JIT and an RE2 set, same patterns. */
#include "inputs.h"
#include "peers.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/recognizers.h"

#define MEGABYTE   1000000u
#define FINDINGS   65536u
#define LINE_COUNT 16384u

typedef struct text_work {
    const veil_sanitizer *sanitizer;
    const char *text;
    size_t text_bytes;
    char *out;
    size_t out_capacity;
    veil_text_result result;
    veil_text_item *items; /* batch rows */
    size_t item_count;
    veil_status status;
    bench_hs *hs;
    bench_hs *hs_plain;
    bench_pcre2 *pcre2;
    bench_re2 *re2;
} text_work;

static void run_scan(void *context)
{
    text_work *work = context;
    work->status |= veil_text_scan(work->sanitizer, NULL, work->text, work->text_bytes, &work->result, NULL);
}

static void run_scan_options(void *context)
{
    text_work *work = context;
    veil_text_options options;
    veil_text_options_init(&options);
    work->status |= veil_text_scan(work->sanitizer, &options, work->text, work->text_bytes, &work->result, NULL);
}

static void run_redact(void *context)
{
    text_work *work = context;
    size_t out_bytes = 0;
    work->status |= veil_text_redact(work->sanitizer, NULL, work->text, work->text_bytes, work->out, work->out_capacity,
                                     &out_bytes, NULL, NULL);
    bench_keep(work->out);
}

static void run_batch(void *context)
{
    text_work *work = context;
    work->status |=
        veil_text_scan_batch(work->sanitizer, NULL, work->items, work->item_count, sizeof *work->items, NULL);
}

static void run_hs(void *context)
{
    text_work *work = context;
    work->result.finding_count = bench_hs_scan(work->hs, work->text, work->text_bytes);
}

static void run_hs_plain(void *context)
{
    text_work *work = context;
    work->result.finding_count = bench_hs_scan(work->hs_plain, work->text, work->text_bytes);
}

static void run_pcre2(void *context)
{
    text_work *work = context;
    work->result.finding_count = bench_pcre2_scan(work->pcre2, work->text, work->text_bytes);
}

static void run_re2(void *context)
{
    text_work *work = context;
    work->result.finding_count = bench_re2_scan(work->re2, work->text, work->text_bytes);
}

static bool make_peers(text_work *work)
{
    size_t count = vl_text_row_count();
    const char **expressions = calloc(count, sizeof *expressions);
    uint8_t *caseless = calloc(count, 1);
    bench_patterns patterns = {expressions, caseless, 0};
    for (size_t i = 0; expressions != NULL && caseless != NULL && i < count; i++) {
        if (vl_text_row_pattern(i) == NULL) continue;
        expressions[patterns.count] = vl_text_row_pattern(i);
        caseless[patterns.count++] = vl_text_row_caseless(i);
    }
    work->hs = bench_hs_create(&patterns, 1);
    work->hs_plain = bench_hs_create(&patterns, 0);
    work->pcre2 = bench_pcre2_create(&patterns);
    work->re2 = bench_re2_create(&patterns);
    free(expressions);
    free(caseless);
    return work->hs != NULL && work->hs_plain != NULL && work->pcre2 != NULL && work->re2 != NULL;
}

static void measure_text(bench_report *report, text_work *work, const char *row, const char *text, size_t text_bytes,
                         double limit_ns, const char *limit_text)
{
    if (!bench_wants(report, row)) return;
    work->text = text;
    work->text_bytes = text_bytes;
    double bytes = (double)text_bytes;
    const bench_case cases[] = {
        {row, "veil scan", run_scan, NULL, work, bytes, 0, limit_ns, limit_text},
        {row, "veil redact", run_redact, NULL, work, bytes, 0, limit_ns, limit_text},
        {row, "hs_scan SOM", run_hs, NULL, work, bytes, 0, 0, NULL},
        {row, "hs_scan ends only", run_hs_plain, NULL, work, bytes, 0, 0, NULL},
        {row, "PCRE2 JIT", run_pcre2, NULL, work, bytes, 0, 0, NULL},
        {row, "RE2 set (whether)", run_re2, NULL, work, bytes, 0, 0, NULL},
    };
    work->status = VEIL_OK;
    bench_run(report, cases, sizeof cases / sizeof *cases);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
}

/* What it costs to pass options that change nothing. */
static void measure_options(bench_report *report, text_work *work, const char *row, const char *text, size_t text_bytes)
{
    if (!bench_wants(report, row)) return;
    work->text = text;
    work->text_bytes = text_bytes;
    const bench_case cases[] = {
        {row, "veil scan", run_scan, NULL, work, (double)text_bytes, 0, 0, NULL},
        {row, "veil scan, options", run_scan_options, NULL, work, (double)text_bytes, 0, 0, NULL},
    };
    work->status = VEIL_OK;
    bench_run(report, cases, sizeof cases / sizeof *cases);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
}

static void measure_batch(bench_report *report, text_work *work, const char *lines)
{
    const char *row = "text.batch64";
    if (!bench_wants(report, row)) return;
    work->items = calloc(LINE_COUNT, sizeof *work->items);
    work->item_count = LINE_COUNT;
    if (work->items == NULL) {
        bench_cannot(report, row, "out of memory");
        return;
    }
    for (size_t i = 0; i < LINE_COUNT; i++) {
        work->items[i].text = lines + i * 64;
        work->items[i].text_bytes = 64;
    }
    char who[40];
    snprintf(who, sizeof who, "veil scan_batch, %u workers", report->worker_count);
    /* the budget: 50 million lines a second */
    const bench_case cases[] = {
        {row, who, run_batch, NULL, work, LINE_COUNT * 64.0, LINE_COUNT, LINE_COUNT / 50e6 * 1e9, ">= 50 M lines/s"}};
    work->status = VEIL_OK;
    bench_run(report, cases, 1);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
    free(work->items);
}

static char *read_whole(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = malloc(64 * MEGABYTE);
    *bytes = text != NULL ? fread(text, 1, 64 * MEGABYTE, file) : 0;
    fclose(file);
    return text;
}

static void measure_files(bench_report *report, text_work *work)
{
    for (size_t i = 0; i < report->text_file_count; i++) {
        size_t bytes = 0;
        char *text = read_whole(report->text_files[i], &bytes);
        const char *slash = strrchr(report->text_files[i], '/');
        char row[40];
        snprintf(row, sizeof row, "text.file:%s", slash != NULL ? slash + 1 : report->text_files[i]);
        if (text == NULL || bytes * 2 > work->out_capacity) {
            bench_cannot(report, row, "unreadable, or larger than the bench takes");
        } else {
            measure_text(report, work, row, text, bytes, 0, NULL);
        }
        free(text);
    }
}

/* Real logs of services, where the folder lies beside the repository. */
static void measure_logs(bench_report *report, text_work *work)
{
    static const char *const names[] = {"Android", "Apache",  "HDFS",      "Hadoop",
                                        "Mac",     "OpenSSH", "OpenStack", "Zookeeper"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char row[40], path[512];
        size_t bytes = 0;
        snprintf(row, sizeof row, "text.log.%s", names[i]);
        if (!bench_wants(report, row)) continue;
        snprintf(path, sizeof path, "%s/%s.log", BENCH_LOGS_PATH, names[i]);
        char *text = read_whole(path, &bytes);
        if (text == NULL)
            fprintf(stderr, "veil-bench: %s skipped: %s is not there\n", row, path);
        else
            measure_text(report, work, row, text, bytes, (double)bytes, ">= 1 GB/s");
        free(text);
    }
}

static void measure_all(bench_report *report, text_work *work, char *scratch)
{
    measure_text(report, work, "text.clean33", bench_text_clean33, 33, 40, "<= 40 ns");
    measure_text(report, work, "text.four116", bench_text_four116, 116, 1000, "<= 1.0 us");
    measure_options(report, work, "text.options33", bench_text_clean33, 33);
    measure_options(report, work, "text.options116", bench_text_four116, 116);
    bench_make_mail(scratch, 4096, 1);
    measure_text(report, work, "text.mail4k", scratch, 4096, 6000, "<= 6 us");
    bench_make_logs(scratch, MEGABYTE, 1);
    measure_text(report, work, "text.logs1m", scratch, MEGABYTE, MEGABYTE / 1.5, ">= 1.5 GB/s");
    bench_make_chat(scratch, MEGABYTE, 1);
    measure_text(report, work, "text.chat1m", scratch, MEGABYTE, MEGABYTE / 3.0, ">= 3 GB/s");
    bench_make_lines64(scratch, LINE_COUNT, 1);
    measure_batch(report, work, scratch);
    measure_logs(report, work);
    measure_files(report, work);
}

void bench_rows_text(bench_report *report)
{
    if (report->text_file_count == 0 && !bench_wants(report, "text")) return;
    bench_pin(report, false);
    text_work work = {0};
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.worker_count = report->worker_count;
    veil_error error = VEIL_ERROR_INIT;
    char *scratch = malloc(2 * MEGABYTE);
    work.out_capacity = 32 * MEGABYTE;
    work.out = malloc(work.out_capacity);
    work.result = (veil_text_result){sizeof work.result, calloc(FINDINGS, sizeof(veil_finding)), FINDINGS, 0};
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, "text", error.message);
    } else if (scratch == NULL || work.out == NULL || work.result.findings == NULL || !make_peers(&work)) {
        bench_cannot(report, "text", "a peer could not be made");
    } else {
        work.sanitizer = sanitizer;
        bench_pin(report, true);
        measure_all(report, &work, scratch);
    }
    bench_hs_destroy(work.hs);
    bench_hs_destroy(work.hs_plain);
    bench_pcre2_destroy(work.pcre2);
    bench_re2_destroy(work.re2);
    free(work.result.findings);
    free(work.out);
    free(scratch);
    veil_sanitizer_destroy(sanitizer);
}

/* The rows of the benchmark, by modality. Each function measures its rows and appends results to the report. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <sched.h>

#include "measure.h"
#include "veil.h"

#define BENCH_MAX_RESULTS 320
#define BENCH_CPU_LAST    (-2) /* bench_report.cpu: choose the last allowed one; -1: do not pin */

typedef struct bench_report {
    bench_plan plan;
    bench_result results[BENCH_MAX_RESULTS];
    size_t count;
    const char *filter;         /* rows whose name starts with this, or NULL */
    const char *model_path;     /* a second network for the image rows, or NULL */
    const char *text_files[32]; /* real logs to measure as well */
    size_t text_file_count;
    uint32_t worker_count;
    int cpu;
    cpu_set_t allowed;
    bool has_failed; /* a row could not be run */
} bench_report;

/** True when the row is asked for. */
bool bench_wants(const bench_report *report, const char *row);

/** Measure the contenders of one row and append; prints a line to stderr while it works. */
void bench_run(bench_report *report, const bench_case *cases, size_t count);

/** Append a figure that was measured elsewhere (creation, mixed load). */
void bench_append(bench_report *report, const bench_result *result);

/** Pin the calling thread to the measuring CPU, or give it all CPUs back (before workers are made: they inherit them). */
void bench_pin(const bench_report *report, bool is_pinned);

/** Say why a row cannot run, and remember that one did not. */
void bench_cannot(bench_report *report, const char *row, const char *why);

void bench_rows_text(bench_report *report);
void bench_rows_growth(bench_report *report);
void bench_rows_operators(bench_report *report);
void bench_rows_own(bench_report *report);
void bench_rows_stream(bench_report *report);
void bench_rows_image(bench_report *report);
void bench_rows_pictures(bench_report *report);
void bench_rows_jpeg(bench_report *report);
void bench_rows_audio(bench_report *report);
void bench_rows_create(bench_report *report);
void bench_rows_mixed(bench_report *report);

/** Median, P99, P99.9 of `count` durations in nanoseconds; sorts them. */
void bench_summarise(double *values, size_t count, bench_result *result);

/* report.c */
void bench_print_table(const bench_report *report);
bool bench_write_json(const bench_report *report, const char *path);
/** Compare with an earlier JSON: 0 nothing slower, 1 a row is slower and its range does not overlap, -1 unreadable. */
int bench_compare(const bench_report *report, const char *path);

#endif

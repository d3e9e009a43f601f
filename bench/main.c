/* veil-bench: the performance budget as a program. Pins itself to one CPU, runs the rows, prints the table. */
#include "rows.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: veil-bench [--row PREFIX] [--quick|--smoke] [--json FILE] [--baseline FILE] [--model FILE] [--text "
    "FILE]...\n"
    "                  [--workers N] [--cpu N]\n"
    "\n"
    "Measures every row of the performance budget, with what a user would run instead in the same run.\n"
    "  --row PREFIX     only rows whose name starts so: text, text.logs1m, image, audio, create, mixed; or growth, "
    "which\n"
    "                   runs only when asked for (bench/growth.py draws it)\n"
    "  --quick          3 short rounds instead of 9 (for a look, not for a claim)\n"
    "  --smoke          one tiny round: shows that every row runs, its numbers mean nothing\n"
    "  --json FILE      write the results as JSON\n"
    "  --baseline FILE  compare with an earlier JSON; exit 1 only where a row is slower and the ranges do not overlap\n"
    "  --model FILE     measure this ONNX face network too, beside cv::dnn alone on it\n"
    "  --text FILE      measure this file as a text row too (up to 32)\n"
    "  --workers N      threads of the batch and mixed rows (default 2)\n"
    "  --cpu N          pin the measuring thread to this CPU (default: the last allowed one; -1: do not pin)\n"
    "Exit: 0 done, 1 slower than the baseline, 2 usage, 3 a row could not be run.\n";

bool bench_wants(const bench_report *report, const char *row)
{
    if (report->filter == NULL) return true;
    size_t a = strlen(report->filter), b = strlen(row);
    return strncmp(report->filter, row, a < b ? a : b) == 0;
}

void bench_cannot(bench_report *report, const char *row, const char *why)
{
    fprintf(stderr, "veil-bench: %s cannot be measured: %s\n", row, why);
    report->has_failed = true;
}

void bench_append(bench_report *report, const bench_result *result)
{
    if (report->count < BENCH_MAX_RESULTS)
        report->results[report->count++] = *result;
    else
        bench_cannot(report, result->row, "too many rows");
}

void bench_run(bench_report *report, const bench_case *cases, size_t count)
{
    bench_result results[8];
    fprintf(stderr, "measuring %s ...\n", cases[0].row);
    if (count > sizeof results / sizeof *results || !bench_measure(&report->plan, cases, count, results)) {
        bench_cannot(report, cases[0].row, "out of memory");
        return;
    }
    for (size_t i = 0; i < count; i++)
        bench_append(report, &results[i]);
}

void bench_pin(const bench_report *report, bool is_pinned)
{
    cpu_set_t set = report->allowed;
    if (is_pinned && report->cpu >= 0) {
        CPU_ZERO(&set);
        CPU_SET(report->cpu, &set);
    }
    if (sched_setaffinity(0, sizeof set, &set) != 0) fprintf(stderr, "veil-bench: CPU %d cannot be had\n", report->cpu);
}

/* The last allowed CPU unless one was asked for: interrupts tend to go to the first. */
static bool choose_cpu(bench_report *report)
{
    if (sched_getaffinity(0, sizeof report->allowed, &report->allowed) != 0) return false;
    if (report->cpu >= 0) return CPU_ISSET(report->cpu, &report->allowed);
    int last = -1;
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &report->allowed)) last = i;
    }
    if (report->cpu == BENCH_CPU_LAST) report->cpu = last;
    return true;
}

enum {
    OPT_ROW = 256,
    OPT_QUICK,
    OPT_SMOKE,
    OPT_JSON,
    OPT_BASELINE,
    OPT_MODEL,
    OPT_TEXT,
    OPT_WORKERS,
    OPT_CPU,
    OPT_HELP
};

typedef struct arguments {
    const char *json;
    const char *baseline;
    bench_pace pace;
} arguments;

static int parse(int argc, char **argv, bench_report *report, arguments *args)
{
    static const struct option options[] = {{"row", 1, NULL, OPT_ROW},
                                            {"quick", 0, NULL, OPT_QUICK},
                                            {"smoke", 0, NULL, OPT_SMOKE},
                                            {"json", 1, NULL, OPT_JSON},
                                            {"baseline", 1, NULL, OPT_BASELINE},
                                            {"model", 1, NULL, OPT_MODEL},
                                            {"text", 1, NULL, OPT_TEXT},
                                            {"workers", 1, NULL, OPT_WORKERS},
                                            {"cpu", 1, NULL, OPT_CPU},
                                            {"help", 0, NULL, OPT_HELP},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case OPT_ROW:
            report->filter = optarg;
            break;
        case OPT_QUICK:
            args->pace = BENCH_QUICK;
            break;
        case OPT_SMOKE:
            args->pace = BENCH_SMOKE;
            break;
        case OPT_JSON:
            args->json = optarg;
            break;
        case OPT_BASELINE:
            args->baseline = optarg;
            break;
        case OPT_MODEL:
            report->model_path = optarg;
            break;
        case OPT_TEXT:
            if (report->text_file_count == 32) return 2;
            report->text_files[report->text_file_count++] = optarg;
            break;
        case OPT_WORKERS:
            report->worker_count = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case OPT_CPU:
            report->cpu = (int)strtol(optarg, NULL, 10);
            break;
        case OPT_HELP:
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }
    if (optind == argc) return -1;
    fputs(usage, stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static bench_report report = {.worker_count = 2, .cpu = BENCH_CPU_LAST};
    arguments args = {0};
    int parsed = parse(argc, argv, &report, &args);
    if (parsed >= 0) return parsed;
    if (!choose_cpu(&report)) {
        fprintf(stderr, "veil-bench: CPU %d cannot be had\n", report.cpu);
        return 2;
    }
    bench_plan_init(&report.plan, args.pace);
    bench_rows_text(&report);
    bench_rows_growth(&report);
    bench_rows_operators(&report);
    bench_rows_own(&report);
    bench_rows_stream(&report);
    bench_rows_image(&report);
    bench_rows_pictures(&report);
    bench_rows_jpeg(&report);
    bench_rows_audio(&report);
    bench_rows_create(&report);
    bench_rows_mixed(&report);
    bench_print_table(&report);
    if (args.json != NULL && !bench_write_json(&report, args.json)) {
        fprintf(stderr, "veil-bench: cannot write %s\n", args.json);
        return 3;
    }
    int compared = args.baseline != NULL ? bench_compare(&report, args.baseline) : 0;
    if (compared < 0) fprintf(stderr, "veil-bench: %s is not a result of veil-bench\n", args.baseline);
    if (compared < 0 || report.has_failed) return 3;
    return compared;
}

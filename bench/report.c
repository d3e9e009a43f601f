/* The table for people, the JSON for tools, and the comparison with an earlier JSON. */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/json.h"

#define BASELINE_MAX_BYTES (4u << 20)

static const char *format_ns(double ns, char *out, size_t size)
{
    if (ns < 1e3)
        snprintf(out, size, "%.1f ns", ns);
    else if (ns < 1e6)
        snprintf(out, size, "%.2f us", ns / 1e3);
    else
        snprintf(out, size, "%.2f ms", ns / 1e6);
    return out;
}

static const char *format_rate(const bench_result *result, char *out, size_t size)
{
    if (result->items_per_s > 0)
        snprintf(out, size, "%.1f M/s", result->items_per_s / 1e6);
    else if (result->bytes_per_s > 0)
        snprintf(out, size, "%.2f GB/s", result->bytes_per_s / 1e9);
    else
        snprintf(out, size, "-");
    if (result->items_per_s > 0 && result->items_per_s < 1e5) snprintf(out, size, "%.0f /s", result->items_per_s);
    return out;
}

static const char *verdict(const bench_result *result)
{
    if (result->limit_p50_ns <= 0) return "";
    return result->p50_ns <= result->limit_p50_ns ? "met" : "NOT MET";
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void machine_name(char *out, size_t size)
{
    snprintf(out, size, "unknown CPU");
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(out, size, "%.120s", colon + 2);
        break;
    }
    if (file != NULL) fclose(file);
}

void bench_print_table(const bench_report *report)
{
    char machine[128], a[32], b[32], c[32], d[32];
    machine_name(machine, sizeof machine);
    veil_build_info info = {.struct_size = sizeof info};
    (void)veil_build_info_get(&info);
    printf("veil %s, %s, %ld CPUs, level %s; %s\n", veil_version_string(), machine, sysconf(_SC_NPROCESSORS_ONLN),
           info.cpu_level, info.engines);
    printf("commit %s; clock read %lu ns (inside P99 and P99.9); %u rounds; peak memory %.0f MiB\n\n", BENCH_COMMIT,
           (unsigned long)report->plan.clock_cost_ns, report->plan.rounds, (double)peak_kib() / 1024);
    printf("%-22s %-28s %10s %10s %10s %11s %8s %6s  %s\n", "row", "who", "P50", "P99", "P99.9", "rate", "allocs",
           "ratio", "budget");
    double first = 0;
    for (size_t i = 0; i < report->count; i++) {
        const bench_result *result = &report->results[i];
        bool is_new_row = i == 0 || strcmp(result->row, report->results[i - 1].row) != 0;
        if (is_new_row) first = result->p50_ns;
        printf("%-22s %-28s %10s %10s %10s %11s %8.1f %6.2f  %s %s\n", is_new_row ? result->row : "", result->who,
               format_ns(result->p50_ns, a, sizeof a), format_ns(result->p99_ns, b, sizeof b),
               format_ns(result->p999_ns, c, sizeof c), format_rate(result, d, sizeof d), result->allocs_per_call,
               result->p50_ns / first, result->limit_text, verdict(result));
    }
    printf("\nratio: P50 against the first line of the row. allocs: malloc calls of the whole process in one call.\n");
}

bool bench_write_json(const bench_report *report, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) return false;
    char machine[128];
    machine_name(machine, sizeof machine);
    for (char *at = machine; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') *at = ' ';
    }
    fprintf(file,
            "{\"version\":\"%s\",\"commit\":\"%s\",\"machine\":\"%s\",\"clock_ns\":%lu,\"peak_kib\":%ld,\"results\":[",
            veil_version_string(), BENCH_COMMIT, machine, (unsigned long)report->plan.clock_cost_ns, peak_kib());
    for (size_t i = 0; i < report->count; i++) {
        const bench_result *r = &report->results[i];
        fprintf(file,
                "%s\n{\"row\":\"%s\",\"who\":\"%s\",\"p50_ns\":%.2f,\"p50_low_ns\":%.2f,\"p50_high_ns\":%.2f,"
                "\"p99_ns\":%.2f,\"p999_ns\":%.2f,\"bytes_per_s\":%.0f,\"items_per_s\":%.0f,\"allocs\":%.2f,"
                "\"calls\":%lu}",
                i > 0 ? "," : "", r->row, r->who, r->p50_ns, r->p50_low_ns, r->p50_high_ns, r->p99_ns, r->p999_ns,
                r->bytes_per_s, r->items_per_s, r->allocs_per_call, (unsigned long)r->calls);
    }
    fprintf(file, "\n]}\n");
    bool is_ok = ferror(file) == 0;
    return fclose(file) == 0 && is_ok;
}

/* ---- comparison ---- */

typedef struct old_result {
    char row[40];
    char who[40];
    double p50, low, high;
} old_result;

static bool read_field(vl_json *json, const vl_json_token *key, old_result *out)
{
    vl_json_token value;
    vl_json_next(json, &value);
    size_t length;
    if (value.type == VL_JSON_STRING) {
        char *target = vl_json_equals(key, "row") ? out->row : vl_json_equals(key, "who") ? out->who : NULL;
        if (target == NULL) return true;
        length = vl_json_decode(&value, target, sizeof out->row - 1);
        if (length == SIZE_MAX) return false;
        target[length] = '\0';
        return true;
    }
    double *target = vl_json_equals(key, "p50_ns")        ? &out->p50
                     : vl_json_equals(key, "p50_low_ns")  ? &out->low
                     : vl_json_equals(key, "p50_high_ns") ? &out->high
                                                          : NULL;
    return value.type == VL_JSON_NUMBER && (target == NULL || vl_json_double(&value, target));
}

static int compare_one(const bench_report *report, const old_result *old)
{
    for (size_t i = 0; i < report->count; i++) {
        const bench_result *now = &report->results[i];
        if (strcmp(now->row, old->row) != 0 || strcmp(now->who, old->who) != 0) continue;
        bool is_slower = now->p50_low_ns > old->high && old->high > 0;
        printf("%-22s %-28s %12.1f -> %12.1f ns  x%.2f %s\n", now->row, now->who, old->p50, now->p50_ns,
               old->p50 > 0 ? now->p50_ns / old->p50 : 0,
               is_slower                     ? "SLOWER: ranges do not overlap"
               : now->p50_high_ns < old->low ? "faster"
                                             : "same");
        return is_slower && strncmp(now->who, "veil", 4) == 0;
    }
    return 0;
}

static int compare_text(const bench_report *report, const char *text, size_t text_bytes)
{
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, text, text_bytes);
    int slower = 0;
    bool in_results = false;
    old_result old = {0};
    for (;;) {
        vl_json_type type = vl_json_next(&json, &token);
        if (type == VL_JSON_END) return slower;
        if (type == VL_JSON_ERROR) return -1;
        if (type == VL_JSON_KEY && vl_json_equals(&token, "results"))
            in_results = true;
        else if (type == VL_JSON_OBJECT_BEGIN && in_results)
            old = (old_result){0};
        else if (type == VL_JSON_KEY && in_results && !read_field(&json, &token, &old))
            return -1;
        else if (type == VL_JSON_OBJECT_END && in_results && old.row[0] != '\0')
            slower |= compare_one(report, &old);
        else if (type == VL_JSON_ARRAY_END)
            in_results = false;
    }
}

int bench_compare(const bench_report *report, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return -1;
    char *text = malloc(BASELINE_MAX_BYTES);
    size_t bytes = text != NULL ? fread(text, 1, BASELINE_MAX_BYTES, file) : 0;
    fclose(file);
    printf("\ncompared with %s (P50; a row fails only when it is slower and the ranges of its rounds do not overlap)\n",
           path);
    int result = bytes > 0 ? compare_text(report, text, bytes) : -1;
    free(text);
    return result;
}

/* --report FILE (what was done, for a record: names, counts and statuses, never a match; of sound the times that were cut) and --stats. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"

static void counts_json(cli_buf *out, const cli_session *session, const uint64_t *counts)
{
    bool first = true;
    vl_cli_buf_char(out, '{');
    for (size_t i = 0; counts && i < session->catalogue.count; i++) {
        if (counts[i] == 0) continue;
        if (!first) vl_cli_buf_char(out, ',');
        first = false;
        vl_cli_json_text(out, session->catalogue.names[i]);
        vl_cli_buf_fmt(out, ":%" PRIu64, counts[i]);
    }
    vl_cli_buf_char(out, '}');
}

/* What the exit code says too: a copy with failed lines is there, but the file is not done. */
static veil_status status_of(const cli_result *result)
{
    return result->status != VEIL_OK ? result->status : result->line_status;
}

static void file_json(cli_buf *out, const cli_session *session, const cli_result *result)
{
    static const char *const kinds[] = {"unknown", "text", "image", "audio"};
    vl_cli_buf_str(out, "{\"file\":");
    vl_cli_json_text(out, result->input->name);
    vl_cli_buf_fmt(out, ",\"kind\":\"%s\",\"status\":\"%s\"", kinds[result->input->kind],
                   veil_status_string(status_of(result)));
    if (result->out_path && result->status == VEIL_OK) {
        vl_cli_buf_str(out, ",\"output\":");
        vl_cli_json_text(out, result->out_path);
    }
    if (result->path != NULL) vl_cli_buf_fmt(out, ",\"path\":\"%s\"", result->path);
    if (session->options->jsonl)
        vl_cli_buf_fmt(out, ",\"lines\":%" PRIu64 ",\"failed_lines\":%" PRIu64, result->lines, result->failed_lines);
    vl_cli_buf_fmt(out, ",\"findings\":%" PRIu64 ",\"entities\":", result->finding_count);
    counts_json(out, session, result->counts);
    if (result->details.size && result->status == VEIL_OK)
        vl_cli_buf_add(out, result->details.data, result->details.size);
    vl_cli_buf_char(out, '}');
}

bool vl_cli_report_write(const cli_session *session, const cli_result *results, size_t count)
{
    cli_buf json = {0};
    cli_out out = {.fd = -1, .slot = -1};
    uint64_t findings = 0, failed = 0;
    vl_cli_buf_fmt(&json, "{\"version\":\"%s\",\"command\":\"%s\",\"files\":[", veil_version_string(),
                   vl_cli_command_name(session->options->command));
    for (size_t i = 0; i < count; i++) {
        if (i) vl_cli_buf_char(&json, ',');
        file_json(&json, session, &results[i]);
        findings += results[i].finding_count;
        failed += status_of(&results[i]) != VEIL_OK;
    }
    vl_cli_buf_fmt(&json, "],\"findings\":%" PRIu64 ",\"failed\":%" PRIu64 "}\n", findings, failed);
    bool good = !json.failed && vl_cli_out_open(&out, session->options->report, 0600) &&
                vl_cli_out_write(&out, json.data, json.size) && vl_cli_out_commit(&out);
    if (!good) fprintf(stderr, "veil: the report could not be written: %s\n", json.failed ? "no memory" : out.message);
    vl_cli_out_abandon(&out);
    vl_cli_buf_free(&json);
    return good;
}

static void duration(cli_table *table, uint64_t ns)
{
    if (ns < 10000)
        vl_cli_table_fmt(table, "%" PRIu64 " ns", ns);
    else if (ns < 10000000)
        vl_cli_table_fmt(table, "%.1f us", (double)ns / 1e3);
    else
        vl_cli_table_fmt(table, "%.1f ms", (double)ns / 1e6);
}

void vl_cli_stats_print(const cli_session *session)
{
    static const char *const heads[] = {"OPERATION", "CALLS", "ERRORS", "BYTES", "P50", "P99", "P99.9", "MAX"};
    static const char *const names[] = {"text scan",  "text redact",  "image scan", "image redact",
                                        "audio scan", "audio redact", "job wait"};
    veil_metrics metrics = {.struct_size = sizeof metrics};
    cli_table table;
    cli_buf out = {0};
    if (veil_metrics_snapshot(session->sanitizer, &metrics) != VEIL_OK) return;
    vl_cli_table_begin(&table, 8, 0xFE);
    for (size_t c = 0; c < 8; c++)
        vl_cli_table_cell(&table, heads[c], strlen(heads[c]));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const veil_operation_metrics *one = &metrics.operations[i];
        if (one->calls == 0) continue;
        vl_cli_table_cell(&table, names[i], strlen(names[i]));
        vl_cli_table_fmt(&table, "%" PRIu64, one->calls);
        vl_cli_table_fmt(&table, "%" PRIu64, one->errors);
        vl_cli_table_fmt(&table, "%" PRIu64, one->bytes);
        duration(&table, one->p50_ns);
        duration(&table, one->p99_ns);
        duration(&table, one->p999_ns);
        duration(&table, one->max_ns);
    }
    vl_cli_table_end(&table, &out, false);
    vl_cli_buf_fmt(&out,
                   "  findings %" PRIu64 "; cache hits %" PRIu64 ", near %" PRIu64 ", misses %" PRIu64
                   "; pools %" PRIu64 " bytes, grown %" PRIu64 "; recognizers live %" PRIu64 "\n",
                   metrics.findings, metrics.cache_hits, metrics.cache_near_hits, metrics.cache_misses,
                   metrics.pool_bytes, metrics.pool_grown, metrics.live_recognizers);
    (void)vl_cli_write_all(2, out.data, out.size);
    vl_cli_buf_free(&out);
}

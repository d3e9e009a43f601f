/* What one input came to: failures, counts, the first words of its line, and the delivery of its copy. */
#include <stdio.h>
#include <string.h>

#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"

bool vl_cli_fail(cli_result *result, veil_status status, int code, const char *message)
{
    result->status = status;
    result->exit_code = code;
    snprintf(result->message, sizeof result->message, "%s", message);
    vl_cli_buf_clear(&result->line);
    vl_cli_buf_clear(&result->payload);
    return false;
}

bool vl_cli_fail_error(cli_result *result, veil_status status, const veil_error *error)
{
    return vl_cli_fail(result, status, 3, error->message[0] ? error->message : "the library gave no reason");
}

void vl_cli_count(const cli_session *session, cli_result *result, const char *entity)
{
    result->finding_count++;
    if (!result->counts) return;
    long row = vl_cli_catalogue_find(&session->catalogue, entity);
    if (row >= 0) result->counts[row]++;
}

bool vl_cli_deliver(cli_result *result, cli_buf *bytes)
{
    cli_out out = {.fd = -1, .slot = -1};
    if (!result->out_path) {
        result->payload = *bytes;
        *bytes = (cli_buf){0};
        return true;
    }
    mode_t mode = result->input->is_regular ? result->input->mode : 0600;
    bool good = vl_cli_out_open(&out, result->out_path, mode) && vl_cli_out_write(&out, bytes->data, bytes->size) &&
                vl_cli_out_commit(&out);
    if (!good) {
        char line[sizeof result->message];
        snprintf(line, sizeof line, "the copy could not be written: %s", out.message);
        vl_cli_out_abandon(&out);
        return vl_cli_fail(result, VEIL_ERR_IO, 3, line);
    }
    return true;
}

void vl_cli_line_begin(cli_result *result, const char *kind)
{
    vl_cli_buf_str(&result->line, "{\"file\":");
    vl_cli_json_text(&result->line, result->input->name);
    if (!kind) return;
    vl_cli_buf_str(&result->line, ",\"kind\":");
    vl_cli_json_text(&result->line, kind);
}

void vl_cli_line_end(cli_result *result)
{
    if (result->out_path) {
        vl_cli_buf_str(&result->line, ",\"output\":");
        vl_cli_json_text(&result->line, result->out_path);
    }
    vl_cli_buf_str(&result->line, "}\n");
}

void vl_cli_table_heading(const cli_session *session, cli_result *result, size_t count)
{
    cli_buf *line = &result->line;
    if (session->color) vl_cli_buf_str(line, "\033[36m");
    vl_cli_plain(line, result->input->name, strlen(result->input->name));
    if (result->out_path) {
        vl_cli_buf_str(line, " -> ");
        vl_cli_plain(line, result->out_path, strlen(result->out_path));
    }
    if (session->color) vl_cli_buf_str(line, "\033[0m");
    if (count == 0)
        vl_cli_buf_str(line, ": nothing found\n");
    else
        vl_cli_buf_fmt(line, ": %zu finding%s\n", count, count == 1 ? "" : "s");
}

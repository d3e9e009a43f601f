/*
 * Text inputs: one call on the whole content; findings as a table or a JSON line; a redacted copy. Offsets are translated
 * last, because lines and matches are found by bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/json_out.h"
#include "cli/session.h"
#include "cli/table.h"

#define CLI_FINDINGS_FIRST ((size_t)256)

typedef struct found {
    veil_finding *list;
    size_t count;
} found;

uint32_t vl_cli_text_format(const cli_options *options, const char *name)
{
    static const struct {
        const char *ending;
        uint32_t format;
    } endings[] = {{".json", VEIL_FORMAT_JSON},
                   {".ndjson", VEIL_FORMAT_NDJSON},
                   {".jsonl", VEIL_FORMAT_NDJSON},
                   {".csv", VEIL_FORMAT_CSV},
                   {".tsv", VEIL_FORMAT_TSV}};
    if (options->format != CLI_FORMAT_AUTO) return options->format;
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof endings[0]; i++)
        if (strcasecmp(dot, endings[i].ending) == 0) return endings[i].format;
    return VEIL_FORMAT_TEXT;
}

void vl_cli_text_options(const cli_session *session, veil_text_options *options)
{
    veil_text_options_init(options);
    options->entities = session->entities[CLI_KIND_TEXT].items;
    options->entity_count = session->entities[CLI_KIND_TEXT].count;
    options->exclude = session->exclude[CLI_KIND_TEXT].items;
    options->exclude_count = session->exclude[CLI_KIND_TEXT].count;
    if (session->options->all) options->flags |= VEIL_TEXT_ALL;
    if (session->options->no_fold) options->flags |= VEIL_TEXT_NO_FOLD;
    if (session->options->no_decode) options->flags |= VEIL_TEXT_NO_DECODE;
    options->subject = session->options->subject;
    options->token_context = session->options->token_context;
    options->field = session->options->field;
}

/* Where a text is not what it should be. */
static bool fail_at(cli_result *result, veil_status status, const veil_error *error)
{
    const cli_buf *text = &result->input->content;
    bool has_place = (status == VEIL_ERR_MALFORMED_INPUT || status == VEIL_ERR_LIMIT) && error->offset < text->size;
    if (!has_place) return vl_cli_fail_error(result, status, error);
    char message[sizeof result->message];
    unsigned long long line = 1;
    const char *end = text->data + error->offset;
    for (const char *at = text->data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        line++;
    snprintf(message, sizeof message, "%.180s (line %llu, byte %llu)", error->message, line,
             (unsigned long long)error->offset);
    return vl_cli_fail(result, status, 3, message);
}

static bool scan(const cli_session *session, cli_result *result, const veil_text_options *options, found *out)
{
    const cli_buf *text = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = VEIL_ERR_BUFFER_TOO_SMALL;
    for (size_t room = CLI_FINDINGS_FIRST; status == VEIL_ERR_BUFFER_TOO_SMALL; room = out->count) {
        veil_finding *list = realloc(out->list, (room + 1) * sizeof *list);
        if (!list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
        out->list = list;
        veil_text_result answer = {.struct_size = sizeof answer, .findings = list, .finding_capacity = room};
        status = veil_text_scan(session->sanitizer, options, text->data, text->size, &answer, &error);
        out->count = answer.finding_count;
    }
    return status == VEIL_OK || fail_at(result, status, &error);
}

/* Redacted text is seldom longer than its original by more than this; when it is, the call says by how much. */
static size_t first_room(size_t text_bytes)
{
    return text_bytes + text_bytes / 8 + 4096;
}

static bool redact(const cli_session *session, cli_result *result, const veil_text_options *options, found *out,
                   cli_buf *copy)
{
    const cli_buf *text = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = VEIL_ERR_BUFFER_TOO_SMALL;
    out->list = malloc(CLI_FINDINGS_FIRST * sizeof *out->list);
    if (!out->list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
    size_t room = first_room(text->size);
    while (status == VEIL_ERR_BUFFER_TOO_SMALL) {
        if (!vl_cli_buf_reserve(copy, room))
            return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the copy");
        veil_text_result answer = {
            .struct_size = sizeof answer, .findings = out->list, .finding_capacity = CLI_FINDINGS_FIRST};
        status = veil_text_redact(session->sanitizer, options, text->data, text->size, copy->data, copy->capacity,
                                  &room, &answer, &error);
        out->count = answer.finding_count;
    }
    if (status != VEIL_OK) return fail_at(result, status, &error);
    copy->size = room;
    return out->count <= CLI_FINDINGS_FIRST || scan(session, result, options, out);
}

void vl_cli_text_findings_json(cli_buf *out, const veil_finding *findings, size_t count, const veil_finding *bytes,
                               const char *text)
{
    vl_cli_buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        vl_cli_buf_str(out, i ? ",{\"entity\":" : "{\"entity\":");
        vl_cli_json_text(out, findings[i].entity);
        vl_cli_buf_fmt(out, ",\"start\":%llu,\"end\":%llu,\"score\":", (unsigned long long)findings[i].start,
                       (unsigned long long)findings[i].end);
        vl_cli_json_number(out, (double)findings[i].score, 6);
        if (findings[i].is_loser) vl_cli_buf_str(out, ",\"loser\":true");
        if (text) {
            vl_cli_buf_str(out, ",\"text\":");
            vl_cli_json_string(out, text + bytes[i].start, (size_t)(bytes[i].end - bytes[i].start));
        }
        vl_cli_buf_char(out, '}');
    }
    vl_cli_buf_char(out, ']');
}

static void table(const cli_session *session, cli_result *result, const found *bytes, const veil_finding *shown)
{
    static const char *const heads[] = {"ENTITY", "LINE", "START", "END", "SCORE", "TEXT"};
    const char *text = result->input->content.data;
    size_t columns = session->options->show_text ? 6 : 5, line = 1, at = 0;
    cli_table out;
    vl_cli_table_heading(session, result, bytes->count);
    if (bytes->count == 0 || session->options->command == CLI_REDACT) return;
    vl_cli_table_begin(&out, columns, 0x1E);
    for (size_t c = 0; c < columns; c++)
        vl_cli_table_cell(&out, heads[c], strlen(heads[c]));
    for (size_t i = 0; i < bytes->count; i++) {
        const veil_finding *one = &bytes->list[i];
        for (const char *end; at < one->start && (end = memchr(text + at, '\n', (size_t)one->start - at)); line++)
            at = (size_t)(end - text) + 1;
        if (at < one->start) at = (size_t)one->start;
        vl_cli_table_fmt(&out, "%s%s", one->entity, one->is_loser ? " (lost)" : "");
        vl_cli_table_fmt(&out, "%zu", line);
        vl_cli_table_fmt(&out, "%llu", (unsigned long long)shown[i].start);
        vl_cli_table_fmt(&out, "%llu", (unsigned long long)shown[i].end);
        vl_cli_table_fmt(&out, "%.2f", (double)one->score);
        if (columns == 6) vl_cli_table_cell(&out, text + one->start, (size_t)(one->end - one->start));
    }
    vl_cli_table_end(&out, &result->line, session->color);
}

static bool show(const cli_session *session, cli_result *result, const found *bytes)
{
    const cli_options *options = session->options;
    const cli_buf *text = &result->input->content;
    veil_finding *shown = malloc((bytes->count + 1) * sizeof *shown);
    if (!shown) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
    memcpy(shown, bytes->list, bytes->count * sizeof *shown);
    veil_status status = VEIL_OK;
    if (options->offsets != VEIL_OFFSET_BYTE && bytes->count)
        status = veil_text_convert_offsets(text->data, text->size, options->offsets, shown, bytes->count);
    if (status == VEIL_OK && options->json) {
        vl_cli_line_begin(result, "text");
        vl_cli_buf_str(&result->line, ",\"findings\":");
        vl_cli_text_findings_json(&result->line, shown, bytes->count, bytes->list,
                                  options->show_text ? text->data : NULL);
        vl_cli_line_end(result);
    } else if (status == VEIL_OK) {
        table(session, result, bytes, shown);
    }
    free(shown);
    return status == VEIL_OK || vl_cli_fail(result, status, 3, "offsets could not be translated");
}

void vl_cli_run_text(const cli_session *session, cli_result *result)
{
    veil_text_options options;
    found out = {0};
    cli_buf copy = {0};
    vl_cli_text_options(session, &options);
    options.format = vl_cli_text_format(session->options, result->input->name);
    options.fields = session->options->fields;
    options.field_count = session->options->field_count;
    bool is_redact = session->options->command == CLI_REDACT;
    bool good = is_redact ? redact(session, result, &options, &out, &copy) : scan(session, result, &options, &out);
    for (size_t i = 0; good && i < out.count; i++)
        vl_cli_count(session, result, out.list[i].entity);
    if (good) good = show(session, result, &out);
    if (good && is_redact) vl_cli_deliver(result, &copy);
    vl_cli_buf_free(&copy);
    free(out.list);
}

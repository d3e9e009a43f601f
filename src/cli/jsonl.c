/*
 * --input jsonl: one object a line, one answer a line, in order, as a stream: memory is bounded by the longest line, not by
 * the file. Lines override the options; fields we do not know are copied as written. A line that fails answers with its
 * status and nothing of itself; the stream goes on, and the exit code says so at the end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json_in.h"
#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/session.h"

#define CLI_CHUNK         ((size_t)262144)
#define CLI_LINE_MAX      (((size_t)1 << 30) + CLI_CHUNK) /* the text limit and room for the other fields */
#define CLI_LINE_ENTITIES 256

typedef struct stream {
    const cli_session *session;
    cli_result *result;
    veil_text_options defaults;
    cli_json_line fields;
    cli_buf in, text, copy, answers;
    cli_out out;
    veil_finding *findings;
    size_t searched; /* of the first line of `in`: no newline is there */
    size_t room;     /* of findings */
    size_t count;    /* found in this line */
    char language[4];
    cli_buf subject;
    bool shifts; /* an operator shifts dates: "subject" of a line means something */
    const char *names[CLI_LINE_ENTITIES];
} stream;

/* The parts of a line that mean something; value.at is NULL where the line has none. */
typedef struct parts {
    cli_slice text, language, entities, min_score, subject;
    bool doubled;
} parts;

static veil_status read_parts(stream *s, const char *line, size_t size, parts *out, const char **why)
{
    if (!vl_cli_json_split(line, size, &s->fields)) return *why = "not a JSON object", VEIL_ERR_MALFORMED_INPUT;
    for (size_t i = 0; i < s->fields.count; i++) {
        static const char *const names[] = {"text", "language", "entities", "min_score", "subject"};
        cli_slice *const places[] = {&out->text, &out->language, &out->entities, &out->min_score, &out->subject};
        for (int k = 0; k < (s->shifts ? 5 : 4); k++) {
            if (!vl_cli_json_is(s->fields.fields[i].key, names[k])) continue;
            /* Readers disagree on which of two equal keys counts: the other one would stay in clear. */
            if (places[k]->at) return *why = "a field occurs twice", VEIL_ERR_MALFORMED_INPUT;
            *places[k] = s->fields.fields[i].value;
        }
    }
    if (!out->text.at) return *why = "no \"text\"", VEIL_ERR_MALFORMED_INPUT;
    vl_cli_buf_clear(&s->text);
    if (!vl_cli_json_decode(out->text, &s->text))
        return *why = s->text.failed ? "no memory" : "\"text\" is no string",
               s->text.failed ? VEIL_ERR_NO_MEMORY : VEIL_ERR_MALFORMED_INPUT;
    return VEIL_OK;
}

static bool is_null(cli_slice slice)
{
    return !slice.at || (slice.size == 4 && slice.at[0] == 'n');
}

static veil_status take_language(stream *s, cli_slice slice, veil_text_options *options, const char **why)
{
    if (is_null(slice)) return VEIL_OK;
    size_t size = slice.size < 2 ? 0 : slice.size - 2;
    bool good = slice.at[0] == '"' && size >= 2 && size <= 3;
    for (size_t i = 0; good && i < size; i++)
        good = slice.at[i + 1] >= 'a' && slice.at[i + 1] <= 'z';
    if (!good) return *why = "\"language\" is no language code", VEIL_ERR_INVALID_ARGUMENT;
    memcpy(s->language, slice.at + 1, size);
    s->language[size] = 0;
    options->language = s->language;
    return VEIL_OK;
}

static veil_status take_entities(stream *s, cli_slice slice, veil_text_options *options, const char **why)
{
    size_t at = 0, count = 0;
    cli_slice element;
    if (is_null(slice)) return VEIL_OK;
    if (slice.at[0] != '[') return *why = "\"entities\" is no array", VEIL_ERR_INVALID_ARGUMENT;
    while (vl_cli_json_element(slice, &at, &element)) {
        const cli_catalogue *catalogue = &s->session->catalogue;
        const char *name = NULL;
        for (size_t i = 0; i < catalogue->count && !name && element.at[0] == '"'; i++)
            if (strcmp(catalogue->rows[i].kind, "text") == 0 && vl_cli_json_is(element, catalogue->names[i]))
                name = catalogue->names[i];
        if (!name || count == CLI_LINE_ENTITIES)
            return *why = "\"entities\" names what nothing in text serves", VEIL_ERR_INVALID_ARGUMENT;
        s->names[count++] = name;
    }
    if (count == 0) return *why = "\"entities\" is empty", VEIL_ERR_INVALID_ARGUMENT;
    options->entities = s->names;
    options->entity_count = count;
    return VEIL_OK;
}

static veil_status take_min_score(cli_slice slice, veil_text_options *options, const char **why)
{
    char digits[64];
    double value = 0;
    if (is_null(slice)) return VEIL_OK;
    bool good = slice.size < sizeof digits;
    if (good) {
        memcpy(digits, slice.at, slice.size);
        digits[slice.size] = 0;
        good = vl_cli_parse_number(digits, 0, 1, &value);
    }
    if (!good) return *why = "\"min_score\" is no number from 0 to 1", VEIL_ERR_INVALID_ARGUMENT;
    options->min_score = (float)value;
    return VEIL_OK;
}

/* Whose dates these are: the line's own word goes before --subject. */
static veil_status take_subject(stream *s, cli_slice slice, veil_text_options *options, const char **why)
{
    if (is_null(slice)) return VEIL_OK;
    vl_cli_buf_clear(&s->subject);
    bool good =
        vl_cli_json_decode(slice, &s->subject) && s->subject.size > 0 && !memchr(s->subject.data, 0, s->subject.size);
    vl_cli_buf_char(&s->subject, 0);
    if (s->subject.failed) return *why = "no memory", VEIL_ERR_NO_MEMORY;
    if (!good) return *why = "\"subject\" is no string, or empty", VEIL_ERR_INVALID_ARGUMENT;
    options->subject = s->subject.data;
    return VEIL_OK;
}

static bool more_room(stream *s, size_t wanted)
{
    veil_finding *list = realloc(s->findings, (wanted + 1) * sizeof *list);
    if (!list) return false;
    s->findings = list;
    s->room = wanted;
    return true;
}

/* Scan into s->findings, or redact into s->copy with the findings beside. */
static veil_status call(stream *s, const veil_text_options *options, bool is_redact, veil_error *error)
{
    size_t needed = s->text.size + s->text.size / 8 + 4096;
    for (;;) {
        veil_text_result answer = {.struct_size = sizeof answer, .findings = s->findings, .finding_capacity = s->room};
        veil_status status = VEIL_OK;
        if (is_redact) {
            if (!vl_cli_buf_reserve(&s->copy, needed)) return VEIL_ERR_NO_MEMORY;
            status = veil_text_redact(s->session->sanitizer, options, s->text.data, s->text.size, s->copy.data,
                                      s->copy.capacity, &needed, &answer, error);
        } else {
            status = veil_text_scan(s->session->sanitizer, options, s->text.data, s->text.size, &answer, error);
        }
        bool short_list = answer.finding_count > s->room;
        if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) return status;
        if (short_list && !more_room(s, answer.finding_count)) return VEIL_ERR_NO_MEMORY;
        if (short_list || status == VEIL_ERR_BUFFER_TOO_SMALL) continue;
        s->count = answer.finding_count;
        s->copy.size = is_redact ? needed : 0;
        return VEIL_OK;
    }
}

static void write_answer(stream *s, bool is_redact)
{
    cli_buf *out = &s->answers;
    vl_cli_buf_char(out, '{');
    for (size_t i = 0; is_redact && i < s->fields.count; i++) {
        const cli_json_field *field = &s->fields.fields[i];
        if (vl_cli_json_is(field->key, "findings")) continue; /* ours takes its place */
        vl_cli_buf_add(out, field->key.at, field->key.size);
        vl_cli_buf_char(out, ':');
        if (vl_cli_json_is(field->key, "text"))
            vl_cli_json_string(out, s->copy.data, s->copy.size);
        else
            vl_cli_buf_add(out, field->value.at, field->value.size);
        vl_cli_buf_char(out, ',');
    }
    vl_cli_buf_str(out, "\"findings\":");
    const char *matches = s->session->options->show_text ? s->text.data : NULL;
    vl_cli_text_findings_json(out, s->findings, s->count, s->findings, matches);
    vl_cli_buf_str(out, "}\n");
}

static void write_failure(stream *s, veil_status status, const char *why)
{
    cli_result *result = s->result;
    if (result->failed_lines++ == 0) result->line_status = status;
    if (result->failed_lines <= 10) /* the rest is in the answers */
        vl_cli_buf_fmt(&result->diagnostics, "line %llu: %s: %s\n", (unsigned long long)result->lines,
                       veil_status_string(status), why);
    vl_cli_buf_fmt(&s->answers, "{\"error\":\"%s\",\"message\":", veil_status_string(status));
    vl_cli_json_text(&s->answers, why);
    vl_cli_buf_str(&s->answers, "}\n");
}

/* Nothing but JSON's white space: a line that holds nothing is kept, and answered as a text without findings. */
static bool is_blank(const char *line, size_t size)
{
    while (size > 0 && strchr(" \t\r", line[size - 1]) && line[size - 1])
        size--;
    return size == 0;
}

static void one_line(stream *s, const char *line, size_t size)
{
    bool is_redact = s->session->options->command == CLI_REDACT;
    veil_text_options options = s->defaults;
    veil_error error = VEIL_ERROR_INIT;
    parts read = {0};
    const char *why = NULL;
    s->result->lines++;
    s->count = 0;
    veil_status status = read_parts(s, line, size, &read, &why);
    if (status == VEIL_OK) status = take_language(s, read.language, &options, &why);
    if (status == VEIL_OK) status = take_entities(s, read.entities, &options, &why);
    if (status == VEIL_OK) status = take_min_score(read.min_score, &options, &why);
    if (status == VEIL_OK) status = take_subject(s, read.subject, &options, &why);
    if (status == VEIL_OK) status = call(s, &options, is_redact, &error);
    if (status == VEIL_OK && s->session->options->offsets != VEIL_OFFSET_BYTE && s->count) {
        if (s->session->options->show_text)
            why = "--show-text needs --offsets byte here", status = VEIL_ERR_UNSUPPORTED;
        if (status == VEIL_OK)
            status = veil_text_convert_offsets(s->text.data, s->text.size, s->session->options->offsets, s->findings,
                                               s->count);
    }
    for (size_t i = 0; status == VEIL_OK && i < s->count; i++)
        vl_cli_count(s->session, s->result, s->findings[i].entity);
    if (status == VEIL_OK)
        write_answer(s, is_redact);
    else
        write_failure(s, status, why ? why : error.message[0] ? error.message : "the line could not be processed");
    vl_cli_buf_clear(&s->copy);
}

static void blank_line(stream *s)
{
    s->result->lines++;
    vl_cli_buf_str(&s->answers, s->session->options->command == CLI_REDACT ? "\n" : "{\"findings\":[]}\n");
}

static bool flush(stream *s)
{
    char line[256] = "no memory for the answers";
    bool good = !s->answers.failed;
    if (good && s->result->out_path) {
        good = vl_cli_out_write(&s->out, s->answers.data, s->answers.size);
        if (!good) snprintf(line, sizeof line, "the copy could not be written: %s", s->out.message);
    } else if (good) {
        good = vl_cli_write_all(STDOUT_FILENO, s->answers.data, s->answers.size);
        if (!good) snprintf(line, sizeof line, "standard output: %s", strerror(errno));
    }
    vl_cli_buf_clear(&s->answers);
    return good || vl_cli_fail(s->result, VEIL_ERR_IO, 3, line);
}

/* All complete lines of the buffer; at the end of the input also the last one without its newline. */
static bool process(stream *s, bool at_end)
{
    size_t from = 0;
    for (;;) {
        char *line = s->in.data + from;
        size_t left = s->in.size - from;
        size_t known = from == 0 ? s->searched : 0; /* bytes of a line that comes in pieces */
        char *stop = left > known ? memchr(line + known, '\n', left - known) : NULL;
        if (!stop && !(at_end && left)) break;
        size_t size = stop ? (size_t)(stop - line) : left;
        if (is_blank(line, size))
            blank_line(s);
        else
            one_line(s, line, size);
        from += stop ? size + 1 : size;
        if (s->answers.size > 4 * CLI_CHUNK && !flush(s)) return false;
    }
    vl_cli_buf_drop(&s->in, from);
    s->searched = s->in.size;
    return flush(s);
}

static bool pump(stream *s, int fd)
{
    for (;;) {
        if (s->in.size > CLI_LINE_MAX)
            return vl_cli_fail(s->result, VEIL_ERR_LIMIT, 3, "a line is longer than the limit");
        if (!vl_cli_buf_reserve(&s->in, s->in.size + CLI_CHUNK))
            return vl_cli_fail(s->result, VEIL_ERR_NO_MEMORY, 3, "no memory for a line");
        ssize_t got = read(fd, s->in.data + s->in.size, s->in.capacity - s->in.size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return vl_cli_fail(s->result, VEIL_ERR_IO, 3, strerror(errno));
        s->in.size += (size_t)got;
        if (!process(s, got == 0)) return false;
        if (got == 0) return true;
    }
}

static void finish(stream *s, bool good)
{
    cli_result *result = s->result;
    if (good && result->out_path && !vl_cli_out_commit(&s->out)) {
        vl_cli_fail(result, VEIL_ERR_IO, 3, s->out.message);
        good = false;
    }
    if (good && result->failed_lines) result->exit_code = 3;
    if (good && result->out_path && s->session->options->json) {
        vl_cli_line_begin(result, "text");
        vl_cli_buf_fmt(&result->line, ",\"lines\":%llu,\"failed_lines\":%llu", (unsigned long long)result->lines,
                       (unsigned long long)result->failed_lines);
        vl_cli_line_end(result);
    } else if (good && result->out_path) {
        vl_cli_table_heading(s->session, result, result->finding_count);
    }
    if (result->failed_lines > 10)
        vl_cli_buf_fmt(&result->diagnostics, "%llu lines failed\n", (unsigned long long)result->failed_lines);
    vl_cli_out_abandon(&s->out);
    vl_cli_json_line_free(&s->fields);
    vl_cli_buf_free(&s->in);
    vl_cli_buf_free(&s->text);
    vl_cli_buf_free(&s->copy);
    vl_cli_buf_free(&s->answers);
    vl_cli_buf_free(&s->subject);
    free(s->findings);
}

void vl_cli_run_jsonl(const cli_session *session, cli_result *result)
{
    stream s = {.session = session, .result = result, .out = {.fd = -1, .slot = -1}};
    vl_cli_text_options(session, &s.defaults);
    for (size_t i = 0; i < session->options->operator_count; i++)
        s.shifts = s.shifts || session->options->operators[i].op == VEIL_OP_DATE_SHIFT;
    bool good = more_room(&s, 64) || vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory");
    mode_t mode = result->input->is_regular ? result->input->mode : 0600;
    if (good && result->out_path && !vl_cli_out_open(&s.out, result->out_path, mode))
        good = vl_cli_fail(result, VEIL_ERR_IO, 3, s.out.message);
    int fd = good ? vl_cli_input_descriptor(result->input) : -1;
    if (good && fd < 0) good = vl_cli_fail(result, result->input->status, 3, result->input->message);
    if (good) good = pump(&s, fd);
    if (fd > STDIN_FILENO) close(fd);
    finish(&s, good);
}

/*
 * Text from a pipe to stdout as it comes: bounded memory, and what cannot change any more goes out at once, so that
 * `tail -f app.log | veil redact` flows line by line. What fails fails closed: nothing that is pending is written.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/session.h"

#define CLI_PIECE    65536
#define CLI_FINDINGS 64

typedef struct flow {
    const cli_session *session;
    cli_result *result;
    veil_text_stream *stream;
    uint64_t size; /* bytes so far */
} flow;

/* A JSON line needs all findings, and OUT appears whole or not at all: they wait for the end. */
bool vl_cli_text_may_flow(const cli_options *options)
{
    return options->command == CLI_REDACT && !options->json && !options->out && !options->jsonl &&
           options->format == VEIL_FORMAT_TEXT;
}

static bool fail_errno(flow *f, const char *what)
{
    char message[160];
    snprintf(message, sizeof message, "%s: %s", what, strerror(errno));
    return vl_cli_fail(f->result, VEIL_ERR_IO, 3, message);
}

static bool pull(flow *f)
{
    static char out[CLI_PIECE];
    veil_finding findings[CLI_FINDINGS];
    for (;;) {
        size_t got = 0;
        veil_error error = VEIL_ERROR_INIT;
        veil_text_result found = {.struct_size = sizeof found, .findings = findings, .finding_capacity = CLI_FINDINGS};
        veil_status status = veil_text_stream_pull(f->stream, out, sizeof out, &got, &found, &error);
        if (status != VEIL_OK) return vl_cli_fail_error(f->result, status, &error);
        for (size_t i = 0; i < found.finding_count; i++)
            vl_cli_count(f->session, f->result, findings[i].entity);
        if (got == 0 && found.finding_count == 0) return true;
        if (!vl_cli_write_all(STDOUT_FILENO, out, got)) return fail_errno(f, "standard output");
    }
}

static bool push(flow *f, const char *text, size_t size)
{
    veil_error error = VEIL_ERROR_INIT;
    f->size += size;
    if (f->size > f->session->pipe_bytes)
        return vl_cli_fail(f->result, VEIL_ERR_LIMIT, 3, "the text is longer than max_text_bytes");
    for (size_t at = 0; at < size;) {
        size_t taken = 0;
        veil_status status = veil_text_stream_push(f->stream, text + at, size - at, &taken, &error);
        if (status != VEIL_OK) return vl_cli_fail_error(f->result, status, &error);
        at += taken;
        if (!pull(f)) return false;
    }
    return true;
}

static bool copy(flow *f)
{
    static char piece[CLI_PIECE];
    cli_buf *begun = &f->result->input->content;
    if (!push(f, begun->data, begun->size)) return false;
    for (;;) {
        ssize_t got = read(STDIN_FILENO, piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(f, "reading");
        if (got == 0) break;
        if (!push(f, piece, (size_t)got)) return false;
    }
    explicit_bzero(piece, sizeof piece);
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = veil_text_stream_end(f->stream, &error);
    return status == VEIL_OK ? pull(f) : vl_cli_fail_error(f->result, status, &error);
}

void vl_cli_run_flow(const cli_session *session, cli_result *result)
{
    flow f = {session, result, NULL, 0};
    veil_text_options options;
    veil_error error = VEIL_ERROR_INIT;
    vl_cli_text_options(session, &options);
    veil_status status = veil_text_stream_create(session->sanitizer, &options, &f.stream, &error);
    if (status != VEIL_OK)
        (void)vl_cli_fail_error(result, status, &error);
    else
        (void)copy(&f);
    veil_text_stream_destroy(f.stream);
}

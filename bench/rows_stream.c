/*
 * Streams: the answer of a language model, four bytes a token, beside what a host without streams would do with each token (redact
 * the answer so far again); and a pipe in pieces of 64 KiB. What is held back is counted in bytes after every token.
 */
#include "inputs.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES  262144u
#define TOKEN_BYTES 4u
#define SO_FAR      1024u
#define HELD_MAX    32768u

typedef struct stream_work {
    const veil_sanitizer *sanitizer;
    veil_text_stream *stream;
    char *text;
    char *out;
    size_t at;
    veil_status status;
} stream_work;

static void push_pull(stream_work *work, size_t piece)
{
    size_t taken = 0;
    size_t got = 0;
    if (work->at + piece > TEXT_BYTES) work->at = 0;
    for (size_t done = 0; done < piece && work->status == VEIL_OK; done += taken) {
        work->status |= veil_text_stream_push(work->stream, work->text + work->at + done, piece - done, &taken, NULL);
        work->status |= veil_text_stream_pull(work->stream, work->out, 4 * TEXT_BYTES, &got, NULL, NULL);
    }
    work->at += piece;
    bench_keep(work->out);
}

static void run_token(void *context)
{
    push_pull(context, TOKEN_BYTES);
}

static void run_piece(void *context)
{
    push_pull(context, 65536);
}

static void run_again(void *context)
{
    stream_work *work = context;
    size_t got = 0;
    if (work->at + SO_FAR > TEXT_BYTES) work->at = 0;
    work->status |= veil_text_redact(work->sanitizer, NULL, work->text + work->at, SO_FAR, work->out, 4 * TEXT_BYTES,
                                     &got, NULL, NULL);
    work->at += TOKEN_BYTES;
    bench_keep(work->out);
}

static void write_held(const size_t *counts, size_t total, char *out, size_t size)
{
    size_t seen = 0, median = 0, p99 = 0, most = 0;
    for (size_t held = 0; held <= HELD_MAX; held++) {
        if (seen * 2 < total) median = held;
        if (seen * 100 < total * 99) p99 = held;
        if (counts[held] > 0) most = held;
        seen += counts[held];
    }
    snprintf(out, size, "held %zu/%zu/%zu B", median, p99, most);
}

/* Bytes pushed and not decided, after each token: P50, P99 and the most. Texts here have nothing to find, or it is removed whole. */
static void count_held(stream_work *work, char *out, size_t size)
{
    veil_finding findings[64];
    size_t *counts = calloc(HELD_MAX + 1, sizeof *counts);
    size_t given = 0, total = 0;
    for (size_t at = 0; counts != NULL && at + TOKEN_BYTES <= TEXT_BYTES; at += TOKEN_BYTES, total++) {
        size_t taken = 0, got = 0;
        veil_text_result result = {sizeof result, findings, 64, 0};
        work->status |= veil_text_stream_push(work->stream, work->text + at, TOKEN_BYTES, &taken, NULL);
        work->status |= veil_text_stream_pull(work->stream, work->out, 4 * TEXT_BYTES, &got, &result, NULL);
        given += got;
        for (size_t i = 0; i < result.finding_count; i++)
            given += (size_t)(findings[i].end - findings[i].start) - strlen(findings[i].entity) - 2;
        size_t held = at + TOKEN_BYTES - given;
        counts[held < HELD_MAX ? held : HELD_MAX]++;
    }
    if (counts != NULL) write_held(counts, total, out, size);
    free(counts);
}

static void measure(bench_report *report, stream_work *work, const char *row)
{
    char held[80] = "";
    veil_error error = VEIL_ERROR_INIT;
    if (!bench_wants(report, row)) return;
    work->status = veil_text_stream_create(work->sanitizer, NULL, &work->stream, &error);
    if (work->status == VEIL_OK) count_held(work, held, sizeof held);
    veil_text_stream_destroy(work->stream);
    work->status |= veil_text_stream_create(work->sanitizer, NULL, &work->stream, &error);
    if (work->status != VEIL_OK) {
        bench_cannot(report, row, error.message);
        return;
    }
    work->at = 0;
    const bench_case cases[] = {
        {row, "veil stream, 4 B tokens", run_token, NULL, work, TOKEN_BYTES, 1, 0, held},
        {row, "veil stream, 64 KiB pieces", run_piece, NULL, work, 65536, 0, 0, NULL},
        {row, "redact the last 1 KiB again", run_again, NULL, work, TOKEN_BYTES, 1, 0, NULL},
    };
    bench_run(report, cases, sizeof cases / sizeof *cases);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
    veil_text_stream_destroy(work->stream);
}

void bench_rows_stream(bench_report *report)
{
    if (!bench_wants(report, "text.stream.chat") && !bench_wants(report, "text.stream.mail")) return;
    stream_work work = {.text = malloc(TEXT_BYTES), .out = malloc(4 * TEXT_BYTES)};
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    if (work.text == NULL || work.out == NULL || veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, "text.stream", error.message);
    } else {
        work.sanitizer = sanitizer;
        bench_pin(report, true);
        bench_make_chat(work.text, TEXT_BYTES, 1);
        measure(report, &work, "text.stream.chat");
        for (size_t at = 0; at + 4096 <= TEXT_BYTES; at += 4096)
            bench_make_mail(work.text + at, 4096, at);
        measure(report, &work, "text.stream.mail");
    }
    free(work.text);
    free(work.out);
    veil_sanitizer_destroy(sanitizer);
}

/*
 * A proxy in front of a language model: its answer comes token by token and goes on to the reader redacted, each word as soon as
 * nothing that follows can change it. Usage: example_proxy ["some text"]; tokens are made of four bytes each here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define TOKEN_BYTES 4

static const char sample[] =
    "Sure! I found the record: Jane Roe, born May 5, 1985, can be reached at jane.roe@example.com or "
    "415-555-0132. Her card is 4111 1111 1111 1111. Shall I write to her?";

static int fail(const char *what, veil_status status, const veil_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, veil_status_string(status), error->message);
    return 1;
}

/* Send on what is decided. */
static veil_status send_on(veil_text_stream *stream, veil_error *error)
{
    static char out[16384];
    for (;;) {
        size_t got = 0;
        veil_status status = veil_text_stream_pull(stream, out, sizeof out, &got, NULL, error);
        if (status != VEIL_OK || got == 0) return status;
        fwrite(out, 1, got, stdout);
        fflush(stdout);
    }
}

/* A token from the model. Push may take a part of it only when a lot is pending: pull, then push the rest. */
static veil_status receive(veil_text_stream *stream, const char *token, size_t size, veil_error *error)
{
    while (size > 0) {
        size_t taken = 0;
        veil_status status = veil_text_stream_push(stream, token, size, &taken, error);
        if (status == VEIL_OK) status = send_on(stream, error);
        if (status != VEIL_OK) return status;
        token += taken;
        size -= taken;
    }
    return VEIL_OK;
}

int main(int argc, char **argv)
{
    const char *answer = argc > 1 ? argv[1] : sample;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_text_stream *stream = NULL;
    veil_config config;

    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);
    if (status != VEIL_OK) return fail("create", status, &error);

    status = veil_text_stream_create(sanitizer, NULL, &stream, &error); /* one for each answer */
    size_t size = strlen(answer);
    for (size_t at = 0; at < size && status == VEIL_OK; at += TOKEN_BYTES)
        status = receive(stream, answer + at, size - at < TOKEN_BYTES ? size - at : TOKEN_BYTES, &error);
    if (status == VEIL_OK) status = veil_text_stream_end(stream, &error);
    if (status == VEIL_OK) status = send_on(stream, &error);
    puts("");
    veil_text_stream_destroy(stream); /* an answer that breaks off shows nothing of what was pending */
    veil_sanitizer_destroy(sanitizer);
    return status == VEIL_OK ? 0 : fail("stream", status, &error);
}

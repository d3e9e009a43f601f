/*
 * veil restore: the text of one input with the values of its tokens put back, or, with an operator, one value a line. What
 * comes out is personal data again: it goes to standard output alone, and its buffers are wiped.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"

typedef struct restoring {
    const cli_options *options;
    veil_sanitizer *sanitizer;
    veil_text_options call;
    cli_input input;
    cli_buf key;
    cli_buf out;
} restoring;

static int usage(const char *message)
{
    fprintf(stderr, "veil: %s\n", message);
    return 2;
}

static int complain(const restoring *r, veil_status status, const char *message)
{
    cli_buf line = {0};
    vl_cli_buf_str(&line, "veil: ");
    vl_cli_plain(&line, r->input.name, strlen(r->input.name));
    vl_cli_buf_fmt(&line, ": %s: %s\n", veil_status_string(status), message);
    (void)vl_cli_write_all(STDERR_FILENO, line.data, line.size);
    vl_cli_buf_free(&line);
    return 3;
}

static int check(const cli_options *options)
{
    if (!options->key_file) return usage("restore needs --key-file FILE");
    if (options->file_count > 1) return usage("restore takes one FILE");
    if (options->operator_count > 1) return usage("restore takes one --operator");
    if (options->operator_count == 0) return options->field ? usage("--field belongs to --operator") : 0;
    uint32_t op = options->operators[0].op;
    if (op != VEIL_OP_ENCRYPT && op != VEIL_OP_FPE)
        return usage("restore undoes the operators encrypt and fpe (and tokens, without --operator)");
    return strcmp(options->operators[0].entity, "*") == 0 ? usage("restore --operator names one entity") : 0;
}

static int make(restoring *r)
{
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.text_workspaces = 1;
    config.key = r->key.data;
    config.key_bytes = r->key.size;
    veil_text_options_init(&r->call);
    r->call.token_context = r->options->token_context;
    r->call.field = r->options->field;
    veil_status status = veil_sanitizer_create(&config, &r->sanitizer, &error);
    if (status == VEIL_OK) return 0;
    fprintf(stderr, "veil: %s: %s\n", veil_status_string(status), error.message);
    return status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_KEY ? 2 : 3;
}

static int restore_tokens(restoring *r)
{
    veil_error error = VEIL_ERROR_INIT;
    veil_restore_result result = {.struct_size = sizeof result};
    const cli_buf *text = &r->input.content;
    if (!vl_cli_buf_reserve(&r->out, text->size + 1)) return complain(r, VEIL_ERR_NO_MEMORY, "no memory");
    veil_status status = veil_text_restore(r->sanitizer, &r->call, text->data, text->size, r->out.data, text->size,
                                           &r->out.size, &result, &error);
    if (status != VEIL_OK) return complain(r, status, error.message);
    if (result.refused_count > 0)
        fprintf(stderr, "veil: %llu restored; %llu look like tokens, but are none of this key and context\n",
                (unsigned long long)result.restored_count, (unsigned long long)result.refused_count);
    return 0;
}

/* One value a line: what cannot be brought back leaves its line empty, so that lines stay beside each other. */
static int restore_values(restoring *r)
{
    const cli_buf *text = &r->input.content;
    int code = 0;
    size_t number = 0;
    if (!vl_cli_buf_reserve(&r->out, text->size + 1)) return complain(r, VEIL_ERR_NO_MEMORY, "no memory");
    for (size_t at = 0; at < text->size;) {
        const char *end = memchr(text->data + at, '\n', text->size - at);
        size_t size = end ? (size_t)(end - text->data) - at : text->size - at;
        size_t written = 0;
        veil_error error = VEIL_ERROR_INIT;
        number++;
        veil_status status =
            size == 0 ? VEIL_OK
                      : veil_value_decrypt(r->sanitizer, &r->call, r->options->operators, text->data + at, size,
                                           r->out.data + r->out.size, r->out.capacity - r->out.size, &written, &error);
        if (status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_KEY) /* every line would say so */
            return fprintf(stderr, "veil: %s: %s\n", veil_status_string(status), error.message), 2;
        if (status != VEIL_OK) {
            char message[300];
            snprintf(message, sizeof message, "line %zu: %s", number, error.message);
            code = complain(r, status, message);
            written = 0;
        }
        r->out.size += written;
        if (end) vl_cli_buf_char(&r->out, '\n');
        at += size + (end != NULL);
    }
    return r->out.failed ? complain(r, VEIL_ERR_NO_MEMORY, "no memory") : code;
}

int vl_cli_restore(const cli_options *options)
{
    restoring r = {.options = options};
    int code = check(options);
    if (code == 0) code = vl_cli_read_key(options, &r.key);
    if (code == 0) code = make(&r);
    if (code == 0) {
        vl_cli_input_open(&r.input, options->file_count ? options->files[0] : "-", CLI_KIND_TEXT, false);
        if (r.input.status == VEIL_OK) (void)vl_cli_input_load(&r.input);
        if (r.input.status != VEIL_OK) code = complain(&r, r.input.status, r.input.message);
    }
    if (code == 0) code = options->operator_count ? restore_values(&r) : restore_tokens(&r);
    if (code != 2 && !vl_cli_write_all(STDOUT_FILENO, r.out.data, r.out.size)) {
        fprintf(stderr, "veil: standard output: %s\n", strerror(errno));
        code = 3;
    }
    veil_sanitizer_destroy(r.sanitizer);
    vl_cli_input_free(&r.input);
    vl_cli_buf_free(&r.key);
    vl_cli_buf_free(&r.out);
    return code;
}

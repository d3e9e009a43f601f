/*
 * Any bytes through a stream in any pieces: output and findings are those of one call. The first byte chooses the sanitizer and
 * the operator, the next four seed the splits; a piece of the text that is repeated makes long runs.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define FINDINGS 8192u
#define TEXT_MAX 65536u
#define OUT_MAX  (TEXT_MAX * 16u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_sanitizer *sanitizers[2];
static veil_finding whole_found[FINDINGS], found[FINDINGS];
static char text[TEXT_MAX], whole_out[OUT_MAX], out[OUT_MAX];

static void destroy_all(void)
{
    veil_sanitizer_destroy(sanitizers[0]);
    veil_sanitizer_destroy(sanitizers[1]);
}

static veil_sanitizer *make(const char *language)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.language = language;
    config.text_workspaces = 1;
    return veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK ? sanitizer : NULL;
}

/* The text: the input, and each byte 0x9F in it repeats the 16 bytes before it. */
static size_t make_text(const uint8_t *data, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < size && n < TEXT_MAX - 1; i++) {
        if (data[i] != 0x9F || n < 16) {
            text[n++] = (char)data[i];
            continue;
        }
        for (size_t times = 0; times < 16u * 128u && n < TEXT_MAX - 1; times++, n++)
            text[n] = text[n - 16];
    }
    return n;
}

static void pull(veil_text_stream *stream, size_t *bytes, size_t *count)
{
    for (;;) {
        size_t got = 0;
        veil_text_result result = {sizeof result, found + *count, FINDINGS - *count, 0};
        if (veil_text_stream_pull(stream, out + *bytes, OUT_MAX - *bytes, &got, &result, NULL) != VEIL_OK) abort();
        *bytes += got;
        *count += result.finding_count;
        if (got == 0 && result.finding_count == 0) return;
    }
}

static void stream_text(const veil_sanitizer *sanitizer, const veil_text_options *options, size_t size, uint32_t seed,
                        size_t *bytes, size_t *count)
{
    veil_text_stream *stream = NULL;
    if (veil_text_stream_create(sanitizer, options, &stream, NULL) != VEIL_OK) abort();
    *bytes = 0;
    *count = 0;
    for (size_t at = 0; at < size;) {
        seed = seed * 1664525u + 1013904223u;
        size_t piece = 1 + (seed >> 16) % ((seed >> 8 & 3) == 0 ? 9000u : 24u);
        size_t taken = 0;
        if (piece > size - at) piece = size - at;
        if (veil_text_stream_push(stream, text + at, piece, &taken, NULL) != VEIL_OK) abort();
        at += taken;
        pull(stream, bytes, count);
    }
    if (veil_text_stream_end(stream, NULL) != VEIL_OK) abort();
    pull(stream, bytes, count);
    veil_text_stream_destroy(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const languages[] = {"en", "any"};
    static const uint32_t ops[] = {VEIL_OP_REPLACE, VEIL_OP_MASK, VEIL_OP_REDACT};
    uint32_t seed;
    if (size < 5) return 0;
    if (sanitizers[0] == NULL && sanitizers[1] == NULL) (void)atexit(destroy_all);
    unsigned which = data[0] & 1;
    if (sanitizers[which] == NULL) sanitizers[which] = make(languages[which]);
    memcpy(&seed, data + 1, sizeof seed);
    size = make_text(data + 5, size - 5);
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = ops[(data[0] >> 1) % 3]};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    veil_text_result result = {sizeof result, whole_found, FINDINGS, 0};
    size_t whole_bytes, bytes, count;
    veil_status status =
        veil_text_redact(sanitizers[which], &options, text, size, whole_out, OUT_MAX, &whole_bytes, &result, NULL);
    if (status != VEIL_OK || result.finding_count >= FINDINGS) return 0;
    stream_text(sanitizers[which], &options, size, seed, &bytes, &count);
    if (bytes != whole_bytes || memcmp(out, whole_out, bytes) != 0 || count != result.finding_count) abort();
    for (size_t i = 0; i < count; i++)
        if (found[i].start != whole_found[i].start || found[i].end != whole_found[i].end ||
            strcmp(found[i].recognizer, whole_found[i].recognizer) != 0)
            abort();
    return 0;
}

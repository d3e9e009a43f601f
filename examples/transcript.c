/* Transcripts: write over what one gives away, in its own format. Usage: example_transcript IN OUT (any format of
 * docs/transcripts.md; the sound is not needed, but with its length times would be checked against it) */
#include <stdio.h>
#include <stdlib.h>

#include "veil.h"

static char *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    rewind(file);
    char *bytes = end > 0 ? malloc((size_t)end) : NULL;
    *size = bytes ? fread(bytes, 1, (size_t)end, file) : 0;
    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    size_t size = 0, out_bytes = 0;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    char *transcript = argc == 3 ? read_file(argv[1], &size) : NULL, *out = NULL;
    if (!transcript) return fprintf(stderr, "usage: example_transcript IN OUT\n"), 2;

    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);

    veil_audio_options options;
    veil_audio_options_init(&options);
    options.transcript = transcript;
    options.transcript_bytes = size;
    /* The first call says how much room is needed. */
    if (status == VEIL_OK) status = veil_transcript_redact(sanitizer, &options, 0, 0, NULL, 0, &out_bytes, &error);
    if (status == VEIL_ERR_BUFFER_TOO_SMALL && (out = malloc(out_bytes)) != NULL)
        status = veil_transcript_redact(sanitizer, &options, 0, 0, out, out_bytes, &out_bytes, &error);
    FILE *file = status == VEIL_OK ? fopen(argv[2], "wb") : NULL;
    if (status == VEIL_OK && (!file || fwrite(out, 1, out_bytes, file) != out_bytes)) status = VEIL_ERR_IO;
    if (file && fclose(file) != 0) status = VEIL_ERR_IO;
    if (status == VEIL_OK)
        printf("%.*s\n", out_bytes < 400 ? (int)out_bytes : 400, out);
    else
        fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);
    veil_sanitizer_destroy(sanitizer);
    free(transcript);
    free(out);
    return status == VEIL_OK ? 0 : 1;
}

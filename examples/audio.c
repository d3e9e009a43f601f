/* Audio: beep over what a transcript with word times gives away. Usage: example_audio IN.wav TRANSCRIPT.json OUT.wav */
#include <stdio.h>
#include <stdlib.h>

#include "veil.h"

static void *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    rewind(file);
    void *bytes = end > 0 ? malloc((size_t)end) : NULL;
    *size = bytes ? fread(bytes, 1, (size_t)end, file) : 0;
    fclose(file);
    return bytes;
}

static int write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    if (!file) return 0;
    int good = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
    size_t input_bytes = 0, words_bytes = 0, capacity = 0, out_bytes = 0;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    void *input = argc == 4 ? read_file(argv[1], &input_bytes) : NULL, *out = NULL;
    void *words = argc == 4 ? read_file(argv[2], &words_bytes) : NULL;
    if (!input || !words) return fprintf(stderr, "usage: example_audio IN.wav TRANSCRIPT.json OUT.wav\n"), 2;

    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);

    /* The format of the transcript is told from its content. Ranges may be given beside the transcript. */
    veil_audio_options options;
    veil_audio_finding findings[48];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 48};
    veil_audio_options_init(&options);
    options.transcript = words;
    options.transcript_bytes = words_bytes;
    if (status == VEIL_OK) status = veil_audio_encoded_bound(sanitizer, input, input_bytes, &capacity, &error);
    if (status == VEIL_OK && !(out = malloc(capacity))) status = VEIL_ERR_NO_MEMORY;
    if (status == VEIL_OK)
        status = veil_audio_redact_encoded(sanitizer, &options, input, input_bytes, out, capacity, &out_bytes, &result,
                                           &error);
    if (status == VEIL_OK && !write_file(argv[3], out, out_bytes)) status = VEIL_ERR_IO;
    if (status != VEIL_OK) fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);

    for (size_t i = 0; status == VEIL_OK && i < result.finding_count && i < result.finding_capacity; i++)
        printf("%-16s %6.2f s to %6.2f s  score %.2f\n", findings[i].entity, findings[i].start_s, findings[i].end_s,
               (double)findings[i].score);
    veil_sanitizer_destroy(sanitizer);
    free(input);
    free(words);
    free(out);
    return status == VEIL_OK && result.finding_count > 0 ? 0 : 1;
}

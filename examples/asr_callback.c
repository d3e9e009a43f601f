/*
 * Audio: your own recogniser of speech behind Veil's callback. The "engine" here plays back a list of words with times, one
 * "START END WORD" a line; yours would decode what it reads. Usage: example_asr_callback IN.wav WORDS.txt OUT.wav
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

/* What an instance of the engine holds; Veil makes one for each call that may run at the same time. */
typedef struct engine {
    const char *words_file; /* shared, only read */
    float block[4096];
} engine;

static veil_status engine_create(void *user, void **instance)
{
    engine *e = calloc(1, sizeof *e);
    if (!e) return VEIL_ERR_NO_MEMORY;
    e->words_file = user;
    *instance = e;
    return VEIL_OK;
}

static void engine_destroy(void *instance)
{
    free(instance);
}

/* One channel: read it to its end, then hand over the words. Whatever is not VEIL_OK makes the call fail. */
static veil_status engine_recognize(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    engine *e = instance;
    uint64_t heard = 0;
    for (size_t got = 1; got > 0; heard += got)
        got = sound->read(sound->reader, e->block, sizeof e->block / sizeof e->block[0]); /* -> your decoder */
    if (heard != sound->sample_count) return VEIL_ERR_INTERNAL; /* the call has failed already; Veil knows why */

    FILE *file = fopen(e->words_file, "r");
    if (!file) return VEIL_ERR_IO;
    char text[128];
    veil_asr_word word = {.struct_size = sizeof word, .text = text, .confidence = 1};
    veil_status status = VEIL_OK;
    while (status == VEIL_OK && fscanf(file, "%lf %lf %127s", &word.start_s, &word.end_s, text) == 3) {
        word.text_bytes = strlen(text);
        status = sink(sink_user, &word);
    }
    fclose(file);
    return status;
}

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
    if (argc != 4) return fprintf(stderr, "usage: example_asr_callback IN.wav WORDS.txt OUT.wav\n"), 2;
    veil_asr_engine asr = {.struct_size = sizeof asr,
                           .name = "played back",
                           .user = argv[2],
                           .create = engine_create,
                           .recognize = engine_recognize,
                           .destroy = engine_destroy,
                           .sample_rate_hz = 16000, /* whatever the file has, Veil resamples */
                           .guard_ms = 150};        /* these times are exact; 0 stands for 400 ms */
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
    config.asr = &asr;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);

    veil_audio_options options;
    veil_audio_finding findings[48];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 48};
    veil_audio_options_init(&options);
    options.flags = VEIL_AUDIO_ASR; /* off unless a call asks for it */
    size_t input_bytes = 0, capacity = 0, out_bytes = 0;
    void *input = read_file(argv[1], &input_bytes), *out = NULL;
    if (status == VEIL_OK && !input) status = VEIL_ERR_IO;
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
    free(out);
    return status == VEIL_OK && result.finding_count > 0 ? 0 : 1;
}

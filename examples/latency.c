/* Latency: repeats the three calls on real files and prints what the library measured of itself (veil_metrics).
 * Usage: example_latency TEXT PICTURE SOUND TRANSCRIPT [SECONDS]. The demo ends with this; veil-bench measures in depth. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime, also where the compiler is asked for plain C17 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "veil.h"

typedef struct blob {
    char *bytes;
    size_t size;
} blob;

static blob read_file(const char *name)
{
    blob out = {NULL, 0};
    FILE *file = fopen(name, "rb");
    if (!file) return out;
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    rewind(file);
    out.bytes = end > 0 ? malloc((size_t)end) : NULL;
    out.size = out.bytes ? fread(out.bytes, 1, (size_t)end, file) : 0;
    fclose(file);
    return out;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void print_row(const char *name, const veil_operation_metrics *m)
{
    printf("  %-28s %10llu %12.2f %12.2f %12.2f %12.2f\n", name, (unsigned long long)m->calls, (double)m->p50_ns / 1e3,
           (double)m->p99_ns / 1e3, (double)m->p999_ns / 1e3, (double)m->max_ns / 1e3);
}

int main(int argc, char **argv)
{
    if (argc < 5) return fprintf(stderr, "usage: example_latency TEXT PICTURE SOUND TRANSCRIPT [SECONDS]\n"), 2;
    double seconds = argc > 5 ? strtod(argv[5], NULL) : 1.0;
    static char out[8 << 20];
    blob text = read_file(argv[1]), picture = read_file(argv[2]), sound = read_file(argv[3]),
         words = read_file(argv[4]);
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config config;
    veil_config_init(&config);
    config.metrics = VEIL_METRICS_FULL; /* time every call */
    double start = now();
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);
    double created = now();
    veil_image_options image;
    veil_audio_options audio;
    veil_image_options_init(&image);
    veil_audio_options_init(&audio);
    image.flags = VEIL_IMAGE_NO_CACHE; /* every round runs the network */
    audio.transcript = words.bytes;
    audio.transcript_bytes = words.size;
    size_t got = 0;
    for (double end = now() + seconds; status == VEIL_OK && now() < end;)
        status = veil_text_redact(sanitizer, NULL, text.bytes, text.size, out, sizeof out, &got, NULL, &error);
    for (double end = now() + seconds; status == VEIL_OK && now() < end;)
        status = veil_image_redact_encoded(sanitizer, &image, picture.bytes, picture.size, out, sizeof out, &got, NULL,
                                           &error);
    for (double end = now() + seconds; status == VEIL_OK && now() < end;)
        status =
            veil_audio_redact_encoded(sanitizer, &audio, sound.bytes, sound.size, out, sizeof out, &got, NULL, &error);
    veil_metrics m = {.struct_size = sizeof m};
    if (status == VEIL_OK) status = veil_metrics_snapshot(sanitizer, &m);
    if (status == VEIL_OK) {
        printf("  %-28s %10s %12s %12s %12s %12s\n", "redact, microseconds", "calls", "P50", "P99", "P99.9", "max");
        print_row("text, the message", &m.operations[VEIL_METRIC_TEXT_REDACT]);
        print_row("picture, decode to encode", &m.operations[VEIL_METRIC_IMAGE_REDACT]);
        print_row("sound, file to file", &m.operations[VEIL_METRIC_AUDIO_REDACT]);
        printf("  sanitizer created in %.1f ms\n", (created - start) * 1e3);
    } else {
        fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);
    }
    veil_sanitizer_destroy(sanitizer);
    free(text.bytes);
    free(picture.bytes);
    free(sound.bytes);
    free(words.bytes);
    return status == VEIL_OK ? 0 : 1;
}

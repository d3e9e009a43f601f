/*
 * Faces that the library finds, for bench/face_accuracy.py: face_boxes [--model FILE] [--input WIDTHxHEIGHT] [--tiles]
 * [--score SCORE] PICTURE... prints "PICTURE-NUMBER X Y W H SCORE" a line, before any margin. With --score own, the sanitizer's
 * own score is used and printed first.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define REGIONS_MAX 32768
#define FILE_MAX    ((size_t)64 << 20)

static uint8_t *read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    uint8_t *content = file != NULL ? malloc(FILE_MAX) : NULL;

    *bytes = content != NULL ? fread(content, 1, FILE_MAX, file) : 0;
    if (file != NULL) fclose(file);
    return content;
}

static int fail(const char *what, const veil_error *error)
{
    (void)fprintf(stderr, "face_boxes: %s: %s\n", what, error != NULL ? error->message : "cannot be read");
    return 1;
}

static int print_faces(const veil_sanitizer *sanitizer, const veil_image_options *options, int number, const char *path)
{
    static veil_region regions[REGIONS_MAX];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = REGIONS_MAX};
    veil_error error = VEIL_ERROR_INIT;
    size_t bytes;
    uint8_t *content = read_file(path, &bytes);
    veil_status status;

    if (content == NULL) return fail(path, NULL);
    status = veil_image_scan_encoded(sanitizer, options, content, bytes, &result, &error);
    free(content);
    if (status != VEIL_OK) return fail(path, &error);
    for (size_t i = 0; i < result.region_count; i++)
        printf("%d %d %d %d %d %.6f\n", number, regions[i].x, regions[i].y, regions[i].w, regions[i].h,
               (double)regions[i].score);
    return 0;
}

/* Takes one option with its value, if `argument` is one; false when it is the first picture. */
static bool take_option(char **argv, int *at, veil_config *config, float *score)
{
    const char *name = argv[*at];

    if (strcmp(name, "--model") == 0)
        config->model_path = argv[++*at];
    else if (strcmp(name, "--input") == 0)
        (void)sscanf(argv[++*at], "%ux%u", &config->face_input_width, &config->face_input_height);
    else if (strcmp(name, "--score") == 0)
        *score = strcmp(argv[++*at], "own") == 0 ? -1.0f : strtof(argv[*at], NULL);
    else if (strcmp(name, "--tiles") == 0)
        config->face_tiles = 1;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    static const char *const faces[] = {"FACE"};
    veil_config config;
    veil_image_options options;
    veil_sanitizer *sanitizer;
    veil_error error = VEIL_ERROR_INIT;
    float score = 0.05f;
    int at = 1, failed = 0;

    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = faces;
    config.entity_count = 1;
    config.image_workspaces = 1;
    config.cache_entries = 0;
    while (at < argc - 1 && take_option(argv, &at, &config, &score))
        at++;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) return fail("creation", &error);
    veil_image_options_init(&options);
    options.min_score = score;
    for (int i = at; i < argc && !failed; i++)
        failed = print_faces(sanitizer, &options, i - at, argv[i]);
    veil_sanitizer_destroy(sanitizer);
    return failed;
}

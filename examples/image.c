/* Image: hide faces in a JPEG or PNG. Usage: example_image IN OUT */
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
    size_t input_bytes = 0, capacity = 0, out_bytes = 0;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    void *input = argc == 3 ? read_file(argv[1], &input_bytes) : NULL, *out = NULL;
    if (!input) return fprintf(stderr, "usage: example_image IN.jpg OUT.jpg\n"), 2;

    /* Once, at start-up. Faces are blurred by default; here they are painted over, which leaves nothing of them. */
    veil_effect_rule rule = {.struct_size = sizeof rule, .entity = "FACE", .effect = VEIL_EFFECT_FILL};
    rule.color_rgb = 0x303030;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.effects = &rule;
    config.effect_count = 1;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);

    /* For every picture. The output holds no EXIF, thumbnail or other metadata. */
    veil_region regions[32];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 32};
    if (status == VEIL_OK) status = veil_image_encoded_bound(sanitizer, input, input_bytes, &capacity, &error);
    if (status == VEIL_OK && !(out = malloc(capacity))) status = VEIL_ERR_NO_MEMORY;
    if (status == VEIL_OK)
        status =
            veil_image_redact_encoded(sanitizer, NULL, input, input_bytes, out, capacity, &out_bytes, &result, &error);
    if (status == VEIL_OK && !write_file(argv[2], out, out_bytes)) status = VEIL_ERR_IO;
    if (status != VEIL_OK) fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);

    for (size_t i = 0; status == VEIL_OK && i < result.region_count && i < result.region_capacity; i++)
        printf("%-8s %4d,%-4d %4d x %-4d score %.2f\n", regions[i].entity, regions[i].x, regions[i].y, regions[i].w,
               regions[i].h, (double)regions[i].score);
    veil_sanitizer_destroy(sanitizer);
    free(input);
    free(out);
    return status == VEIL_OK && result.region_count > 0 ? 0 : 1;
}

/*
 * Hide the personal data that can be read in a picture. The reader is Veil's plugin on Tesseract, loaded as any host would;
 * your own engine goes in the same way: fill a veil_ocr_engine with three functions.
 * Usage: example_ocr /path/to/libveil-ocr.so IN.png OUT.png
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <veil.h>

static int load_reader(const char *path, veil_ocr_engine *engine)
{
    veil_ocr_plugin_fn plugin;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL); /* kept open: the engine lives in it */
    void *symbol = object != NULL ? dlsym(object, VEIL_OCR_PLUGIN) : NULL;
    if (symbol == NULL) return 0;
    memcpy(&plugin, &symbol, sizeof plugin);
    return plugin(engine) == VEIL_OK;
}

static unsigned char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = malloc(1 << 24);
    *size = file != NULL && bytes != NULL ? fread(bytes, 1, 1 << 24, file) : 0;
    if (file != NULL) fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc != 4) return fprintf(stderr, "usage: example_ocr libveil-ocr.so IN OUT\n"), 2;
    veil_ocr_engine engine = {.struct_size = sizeof engine};
    if (!load_reader(argv[1], &engine)) return fprintf(stderr, "no reader in %s\n", argv[1]), 1;

    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.image_workspaces = 1; /* one instance of the reader each */
    config.ocr = &engine;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) return fprintf(stderr, "%s\n", error.message), 1;

    size_t size = 0, bound = 0, written = 0;
    unsigned char *input = read_file(argv[2], &size), *output = NULL;
    veil_region regions[64];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 64};
    veil_image_options options;
    veil_image_options_init(&options);
    options.flags =
        VEIL_IMAGE_TEXT; /* faces and codes, too; naming EMAIL_ADDRESS in options.entities would do just that */
    veil_status status = veil_image_encoded_bound(sanitizer, input, size, &bound, &error);
    if (status == VEIL_OK && (output = malloc(bound)) != NULL)
        status = veil_image_redact_encoded(sanitizer, &options, input, size, output, bound, &written, &result, &error);
    if (status != VEIL_OK || output == NULL) return fprintf(stderr, "%s\n", error.message), 1;

    for (size_t i = 0; i < result.region_count && i < 64; i++)
        printf("%s at %d,%d, %d by %d\n", regions[i].entity, regions[i].x, regions[i].y, regions[i].w, regions[i].h);
    FILE *file = fopen(argv[3], "wb");
    int good = file != NULL && fwrite(output, 1, written, file) == written;
    good = file != NULL && fclose(file) == 0 && good;
    free(input);
    free(output);
    veil_sanitizer_destroy(sanitizer);
    return good ? 0 : 1;
}

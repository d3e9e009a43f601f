/*
 * What a reader of text in pictures hands to its sink: hostile words (any bytes, boxes, lines, sizes) through a whole scan and
 * redaction. Nothing may be reported outside the picture, and a call that fails leaves no pixel as it was, or all of them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define W 64u
#define H 48u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t input_bytes;

static veil_status make(void *user, void **instance)
{
    *instance = user;
    return VEIL_OK;
}

/* A word: text_bytes, x, y, w, h, line, then the text. Numbers are signed bytes, so that boxes leave the picture. */
static veil_status give(void *instance, const struct veil_image *picture, veil_ocr_sink sink, void *sink_user)
{
    size_t at = 0;

    (void)instance;
    (void)picture;
    while (input_bytes - at > 6) {
        const int8_t *n = (const int8_t *)input + at;
        const size_t left = input_bytes - at - 6;
        const size_t bytes = input[at] < left ? input[at] : left;
        const veil_ocr_word word = {sizeof word, (const char *)input + at + 6, bytes, n[1], n[2], n[3], n[4],
                                    0.5F,        (uint32_t)n[5] & 7u};
        const veil_status status = sink(sink_user, &word);
        if (status != VEIL_OK) return status;
        at += 6 + bytes;
    }
    return VEIL_OK;
}

static void drop(void *instance)
{
    (void)instance;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const veil_ocr_engine engine = {sizeof engine, "fuzz", NULL, make, give, drop};
    static const char *const entities[] = {"REGION", "EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "PHONE_NUMBER", "URL"};
    static veil_sanitizer *sanitizer;
    static uint8_t pixels[W * H];
    veil_image image = {sizeof image, pixels, W, W, H, VEIL_PIXEL_GRAY, 0};
    veil_region regions[32];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 32};
    veil_image_options options;
    size_t same = 0;

    if (sanitizer == NULL) {
        veil_config config;
        veil_config_init(&config);
        config.modalities = VEIL_MODALITY_IMAGE;
        config.entities = entities;
        config.entity_count = 6;
        config.image_workspaces = 1;
        config.ocr = &engine;
        if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) abort();
    }
    input = data;
    input_bytes = size;
    memset(pixels, 90, sizeof pixels);
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_TEXT | VEIL_IMAGE_NO_CACHE;
    const veil_status status = veil_image_redact(sanitizer, &options, &image, &result, NULL);
    for (size_t i = 0; i < sizeof pixels; i++)
        same += pixels[i] == 90;
    if (status != VEIL_OK && same != 0 && same != sizeof pixels) abort();
    for (size_t i = 0; status == VEIL_OK && i < result.region_count && i < 32; i++) {
        const veil_region *r = &regions[i];
        if (r->x < 0 || r->y < 0 || r->w <= 0 || r->h <= 0 || r->x + r->w > (int)W || r->y + r->h > (int)H) abort();
        if (pixels[r->y * (int)W + r->x] != 0) abort(); /* filled */
    }
    return 0;
}

/*
 * The plugin inside a sanitizer: drawn screenshots and scans whose e-mail, card and SSN must be hidden. Recall is counted over
 * letter sizes, polarities, noise and turns, and printed.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/draw_text.h"
#include "veil.h"

#define W 720u
#define H 320u

typedef struct shot {
    double capitals;
    uint8_t ground;
    uint8_t tone;
    bool serif;
    int noise; /* levels */
    int slope; /* of a scan's light, in levels from left to right */
    int turns; /* quarters clockwise */
} shot;

static veil_sanitizer *sanitizer;

static void draw(uint8_t *pixels, const shot *s)
{
    static const char *const lines[] = {"Please write to jane.roe@example.com today,",
                                        "the card is 4111 1111 1111 1111 as before,",
                                        "the SSN is 536-90-4399 and all is well."};
    uint32_t state = 12345;
    memset(pixels, s->ground, (size_t)W * H);
    for (int i = 0; i < 3; i++)
        draw_text(pixels, W, H, lines[i], 20, 60 + i * 80, s->capitals, s->tone, s->serif);
    for (size_t i = 0; i < (size_t)W * H; i++) {
        state = state * 1664525u + 1013904223u;
        const int noise = s->noise > 0 ? (int)(state >> 16) % (2 * s->noise + 1) - s->noise : 0;
        const int value = pixels[i] + noise - s->slope * (int)(i % W) / (int)W;
        pixels[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

static void turn(uint8_t *pixels, uint32_t *width, uint32_t *height)
{
    uint8_t *copy = malloc((size_t)W * H);
    const uint32_t w = *width, h = *height;
    memcpy(copy, pixels, (size_t)W * H);
    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < w; x++)
            pixels[(size_t)x * h + (h - 1 - y)] = copy[(size_t)y * w + x];
    *width = h;
    *height = w;
    free(copy);
}

/* Bits 1, 2, 4: mail, card, SSN were found where they were drawn (line by line, in the upright picture). */
static unsigned found(const shot *s)
{
    static const char *const wanted[] = {"EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN"};
    uint8_t *pixels = malloc((size_t)W * H);
    uint32_t width = W, height = H;
    unsigned bits = 0;
    veil_region regions[64];
    draw(pixels, s);
    for (int i = 0; i < s->turns; i++)
        turn(pixels, &width, &height);
    veil_image image = {sizeof image, pixels, width, width, height, VEIL_PIXEL_GRAY, 0};
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 64};
    veil_error error = VEIL_ERROR_INIT;
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_TEXT;
    if (veil_image_redact(sanitizer, &options, &image, &result, &error) != VEIL_OK) fail_msg("%s", error.message);
    for (size_t i = 0; i < result.region_count && i < 64; i++) {
        const veil_region *r = &regions[i];
        const int line_of[] = {r->y, (int)width - r->x - r->w, (int)height - r->y - r->h, r->x};
        for (int k = 0; k < 3; k++) {
            const int top = line_of[s->turns];
            if (strcmp(r->entity, wanted[k]) == 0 && top > 20 + k * 80 && top < 70 + k * 80) bits |= 1u << k;
        }
    }
    free(pixels);
    return bits;
}

static void test_screenshots_and_scans(void **state)
{
    const shot shots[] = {
        {11, 255, 20, false, 0, 0, 0},  {14, 250, 30, false, 0, 0, 0}, {18, 250, 0, true, 0, 0, 0},
        {14, 30, 225, false, 0, 0, 0},  {18, 20, 240, false, 0, 0, 0}, {14, 240, 40, false, 12, 40, 0},
        {18, 225, 60, true, 16, 60, 0}, {14, 250, 20, false, 0, 0, 1}, {16, 250, 20, false, 0, 0, 2},
        {14, 250, 20, false, 0, 0, 3},  {16, 30, 220, false, 0, 0, 1},
    };
    const int count = sizeof shots / sizeof shots[0];
    int hits[3] = {0};
    (void)state;
    for (int i = 0; i < count; i++) {
        const unsigned bits = found(&shots[i]);
        for (int k = 0; k < 3; k++)
            hits[k] += (int)(bits >> k & 1u);
        if (bits != 7)
            print_message("capitals of %g px, %u on %u, noise %d, %d turns: %s%s%s missed\n", shots[i].capitals,
                          shots[i].tone, shots[i].ground, shots[i].noise, shots[i].turns, bits & 1 ? "" : " mail",
                          bits & 2 ? "" : " card", bits & 4 ? "" : " SSN");
    }
    print_message("of %d drawn pages: e-mail %d, card %d, SSN %d\n", count, hits[0], hits[1], hits[2]);
    for (int k = 0; k < 3; k++)
        assert_true(hits[k] >= count - 1); /* strokes of a plotter's font are harder than print */
}

static void test_a_picture_without_text(void **state)
{
    const shot blank = {14, 200, 200, false, 10, 30, 0};
    (void)state;
    assert_int_equal(found(&blank), 0);
}

int main(int argc, char **argv)
{
    static const char *const entities[] = {"REGION", "EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN"};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_screenshots_and_scans),
        cmocka_unit_test(test_a_picture_without_text),
    };
    veil_ocr_plugin_fn plugin;
    veil_ocr_engine engine = {.struct_size = sizeof engine};
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    void *object = dlopen(argc == 2 ? argv[1] : "", RTLD_NOW | RTLD_LOCAL);
    void *symbol = object ? dlsym(object, VEIL_OCR_PLUGIN) : NULL;
    if (symbol == NULL) return fprintf(stderr, "usage: ocr_find_test /path/libveil-ocr.so (%s)\n", dlerror()), 1;
    memcpy(&plugin, &symbol, sizeof plugin);
    if (plugin(&engine) != VEIL_OK) return 1;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 4;
    config.image_workspaces = 1;
    config.ocr = &engine;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) return fprintf(stderr, "%s\n", error.message), 1;
    const int failed = cmocka_run_group_tests_name("plugin_ocr_find", tests, NULL, NULL);
    veil_sanitizer_destroy(sanitizer);
    return failed;
}

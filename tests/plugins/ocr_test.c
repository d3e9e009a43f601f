/*
 * The OCR plugin as a host loads it: what it exports, what it refuses, and what it reads: dark on light, light on dark, both in
 * one picture, and pages that lie on their side.
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

#define W 640u
#define H 240u

static const char *plugin_path;
static veil_ocr_plugin_fn plugin;
static veil_ocr_engine engine = {.struct_size = sizeof engine};
static void *instance;

/* What was read: every word behind a space, lines behind a newline. */
typedef struct page {
    char text[1536];
    size_t size;
    uint32_t line;
    veil_ocr_word wanted; /* the word that equals `search`, its text NULL when there is none */
    const char *search;
    veil_status answer; /* of the sink */
} page;

static veil_status take(void *user, const veil_ocr_word *word)
{
    page *p = user;
    assert_int_equal(word->struct_size, sizeof *word);
    assert_true(word->text_bytes > 0 && word->text_bytes <= 1024);
    assert_true(word->w > 0 && word->h > 0 && word->x >= 0 && word->y >= 0);
    assert_true(word->confidence >= 0 && word->confidence <= 1);
    if (p->size + word->text_bytes + 2 > sizeof p->text) return VEIL_ERR_LIMIT;
    p->text[p->size++] = p->line == word->line ? ' ' : '\n';
    p->line = word->line;
    memcpy(p->text + p->size, word->text, word->text_bytes);
    p->size += word->text_bytes;
    p->text[p->size] = 0;
    if (p->search && strlen(p->search) == word->text_bytes && memcmp(p->search, word->text, word->text_bytes) == 0)
        p->wanted = *word;
    return p->answer;
}

static veil_image image_of(uint8_t *pixels, uint32_t width, uint32_t height)
{
    return (veil_image){.struct_size = sizeof(veil_image),
                        .pixels = pixels,
                        .stride_bytes = width,
                        .width = width,
                        .height = height,
                        .format = VEIL_PIXEL_GRAY};
}

static veil_status read_page(uint8_t *pixels, uint32_t width, uint32_t height, page *p)
{
    const veil_image image = image_of(pixels, width, height);
    return engine.recognize(instance, &image, take, p);
}

static void draw_letter(uint8_t *pixels, uint8_t ground, uint8_t tone, int top)
{
    if (ground != tone) memset(pixels, ground, (size_t)W * H);
    draw_text(pixels, W, H, "Please write to jane.roe@example.com", 20, top, 16, tone, false);
    draw_text(pixels, W, H, "or call 415-555-0132 before noon.", 20, top + 40, 16, tone, false);
}

static void the_plugin_fills_only_a_struct_that_it_knows(void **state)
{
    (void)state;
    veil_ocr_engine small = {.struct_size = sizeof small - 8};
    assert_int_equal(plugin(NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(plugin(&small), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(small.recognize);
    assert_non_null(strstr(engine.name, "Tesseract 5"));
    engine.destroy(NULL);
}

static void data_that_is_not_there_is_a_model_error(void **state)
{
    (void)state;
    char folder[] = "/nonexistent";
    void *made = &made;
    assert_int_equal(engine.create(folder, &made), VEIL_ERR_MODEL);
    assert_null(made);
}

static void dark_text_on_light_ground_is_read_with_its_boxes(void **state)
{
    (void)state;
    uint8_t *pixels = malloc((size_t)W * H);
    page p = {.search = "jane.roe@example.com"};
    draw_letter(pixels, 250, 20, 80);
    assert_int_equal(read_page(pixels, W, H, &p), VEIL_OK);
    if (!strstr(p.text, "jane.roe@example.com") || !strstr(p.text, "415-555-0132")) fail_msg("read:%s", p.text);
    assert_non_null(p.wanted.text);
    /* every dark pixel of the word lies in its box or in that of a neighbour: 16 px capitals on a baseline of 80 */
    assert_true(p.wanted.y >= 55 && p.wanted.y <= 70 && p.wanted.y + p.wanted.h >= 79 && p.wanted.y + p.wanted.h <= 95);
    assert_true(p.wanted.x > 150 && p.wanted.w > 200);
    free(pixels);
}

static void light_text_on_dark_ground_is_read(void **state)
{
    (void)state;
    uint8_t *pixels = malloc((size_t)W * H);
    page p = {0};
    draw_letter(pixels, 30, 225, 80);
    assert_int_equal(read_page(pixels, W, H, &p), VEIL_OK);
    if (!strstr(p.text, "jane.roe@example.com")) fail_msg("read:%s", p.text);
    free(pixels);
}

static void both_polarities_in_one_picture_are_read(void **state)
{
    (void)state;
    uint8_t *pixels = malloc((size_t)W * H);
    page p = {0};
    draw_letter(pixels, 250, 20, 180);
    memset(pixels, 35, (size_t)W * 96);
    draw_text(pixels, W, H, "Signed in as john.doe@example.org", 20, 60, 16, 230, false);
    assert_int_equal(read_page(pixels, W, H, &p), VEIL_OK);
    if (!strstr(p.text, "jane.roe@example.com") || !strstr(p.text, "john.doe@example.org")) fail_msg("read:%s", p.text);
    free(pixels);
}

/* A badge or a bubble is a small part of the page, and its ground may be brighter than the middle of all levels. */
static void text_on_patches_is_read(void **state)
{
    static const struct {
        uint8_t page, patch, tone;
    } shades[] = {{255, 60, 255}, {255, 101, 255}, {255, 164, 255}, {20, 110, 20}, {30, 230, 30}};
    uint8_t *pixels = malloc((size_t)W * H);
    (void)state;
    for (size_t i = 0; i < sizeof shades / sizeof shades[0]; i++) {
        page p = {0};
        memset(pixels, shades[i].page, (size_t)W * H);
        for (uint32_t y = 120; y < 150; y++)
            memset(pixels + (size_t)y * W + 40, shades[i].patch, 300);
        draw_text(pixels, W, H, "john.doe@example.org", 60, 141, 16, shades[i].tone, false);
        draw_text(pixels, W, H, "The quarterly report is ready", 20, 60, 16, shades[i].page > 128 ? 20 : 240, false);
        assert_int_equal(read_page(pixels, W, H, &p), VEIL_OK);
        if (!strstr(p.text, "john.doe@example.org")) fail_msg("shades %zu, read:%s", i, p.text);
    }
    free(pixels);
}

static void light_text_on_a_whole_page_of_any_ground_is_read(void **state)
{
    static const uint8_t grounds[] = {0, 76, 101, 128, 150, 164};
    uint8_t *pixels = malloc((size_t)W * H);
    (void)state;
    for (size_t i = 0; i < sizeof grounds; i++) {
        page p = {0};
        draw_letter(pixels, grounds[i], 255, 80);
        assert_int_equal(read_page(pixels, W, H, &p), VEIL_OK);
        if (!strstr(p.text, "jane.roe@example.com")) fail_msg("ground %u, read:%s", grounds[i], p.text);
    }
    free(pixels);
}

/* A quarter turn clockwise. */
static void turn(const uint8_t *from, uint32_t width, uint32_t height, uint8_t *to)
{
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            to[(size_t)x * height + (height - 1 - y)] = from[(size_t)y * width + x];
}

static void pages_on_their_side_are_read_with_boxes_where_the_words_are(void **state)
{
    (void)state;
    uint8_t *a = malloc((size_t)W * H), *b = malloc((size_t)W * H);
    uint32_t width = W, height = H;
    draw_letter(a, 250, 20, 80);
    for (int quarter = 1; quarter < 4; quarter++) {
        page p = {.search = "jane.roe@example.com"};
        turn(a, width, height, b);
        memcpy(a, b, (size_t)W * H);
        const uint32_t was = width;
        width = height, height = was;
        assert_int_equal(read_page(a, width, height, &p), VEIL_OK);
        if (!p.wanted.text) fail_msg("quarter %d, read:%s", quarter, p.text);
        assert_true((quarter % 2 == 1) == (p.wanted.h > p.wanted.w));
        /* the baseline was at 80 from the top edge, which is now the right, lower or left one */
        const int32_t from_edge = quarter == 1   ? (int32_t)width - (p.wanted.x + p.wanted.w)
                                  : quarter == 2 ? (int32_t)height - (p.wanted.y + p.wanted.h)
                                                 : p.wanted.x;
        assert_true(from_edge > 50 && from_edge < 80);
    }
    free(a);
    free(b);
}

static void what_the_sink_answers_ends_the_call(void **state)
{
    (void)state;
    uint8_t *pixels = malloc((size_t)W * H);
    page p = {.answer = VEIL_ERR_CALLBACK};
    draw_letter(pixels, 250, 20, 80);
    assert_int_equal(read_page(pixels, W, H, &p), VEIL_ERR_CALLBACK);
    assert_true(p.size > 0 && p.size < 16); /* one word */
    free(pixels);
}

static void other_formats_and_sizes_are_refused(void **state)
{
    (void)state;
    static uint8_t pixels[4096];
    page p = {0};
    veil_image image = image_of(pixels, 16, 16);
    image.format = VEIL_PIXEL_BGR;
    assert_int_equal(engine.recognize(instance, &image, take, &p), VEIL_ERR_UNSUPPORTED);
    image = image_of(pixels, 40000, 1);
    assert_int_equal(engine.recognize(instance, &image, take, &p), VEIL_ERR_LIMIT);
    for (uint32_t side = 1; side <= 64; side *= 4) { /* small ones are read, and hold nothing */
        assert_int_equal(read_page(pixels, side, side, &p), VEIL_OK);
        assert_int_equal(p.size, 0);
    }
}

/* Left out, it would be a miss that nobody hears of. */
static void a_word_that_is_too_long_to_give_is_a_limit(void **state)
{
    (void)state;
    enum { LETTERS = 1200, WIDTH = 20000, HEIGHT = 60 };
    static char text[LETTERS + 1];
    uint8_t *pixels = malloc((size_t)WIDTH * HEIGHT);
    page p = {0};
    assert_non_null(pixels);
    memset(pixels, 250, (size_t)WIDTH * HEIGHT);
    for (size_t i = 0; i < LETTERS; i++)
        text[i] = "handoverboard"[i % 13];
    draw_text(pixels, WIDTH, HEIGHT, text, 20, 40, 16, 20, false);
    assert_int_equal(read_page(pixels, WIDTH, HEIGHT, &p), VEIL_ERR_LIMIT);
    free(pixels);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plugin_fills_only_a_struct_that_it_knows),
        cmocka_unit_test(data_that_is_not_there_is_a_model_error),
        cmocka_unit_test(dark_text_on_light_ground_is_read_with_its_boxes),
        cmocka_unit_test(light_text_on_dark_ground_is_read),
        cmocka_unit_test(text_on_patches_is_read),
        cmocka_unit_test(light_text_on_a_whole_page_of_any_ground_is_read),
        cmocka_unit_test(both_polarities_in_one_picture_are_read),
        cmocka_unit_test(pages_on_their_side_are_read_with_boxes_where_the_words_are),
        cmocka_unit_test(what_the_sink_answers_ends_the_call),
        cmocka_unit_test(other_formats_and_sizes_are_refused),
        cmocka_unit_test(a_word_that_is_too_long_to_give_is_a_limit),
    };
    plugin_path = argc == 2 ? argv[1] : "";
    void *object = dlopen(plugin_path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = object ? dlsym(object, VEIL_OCR_PLUGIN) : NULL;
    if (symbol == NULL) return fprintf(stderr, "usage: ocr_test /path/libveil-ocr.so (%s)\n", dlerror()), 1;
    memcpy(&plugin, &symbol, sizeof plugin);
    if (plugin(&engine) != VEIL_OK || engine.create(engine.user, &instance) != VEIL_OK) return 1;
    const int failed = cmocka_run_group_tests_name("plugin_ocr", tests, NULL, NULL);
    engine.destroy(instance);
    return failed;
}

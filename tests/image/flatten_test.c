/*
 * Pictures whose content is drawn by alpha: faces, codes and text that show over white or black and not in the colours are found and
 * hidden, raw and encoded; opaque pictures and alpha that was never filled in cost no second search; caches answer for what they saw.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/flatten.h"
#include "image/marks.h"
#include "picture_fixture.h"
#include "support/draw_code.h"

#include <png.h>

#define W 640u
#define H 480u

typedef enum content { FACES = 1, CODES = 2 } content;

/* Gray content as ink of one colour: the darker the content, the denser the ink (dark ink) or the thinner (light ink). */
static vl_image_view by_alpha(content what, uint32_t format, uint8_t ink)
{
    vl_image_view gray = picture_make(W, H, VEIL_PIXEL_GRAY), view = picture_make(W, H, format);

    if (what == FACES)
        picture_draw_face(&gray, NULL);
    else
        memset(gray.pixels, 255, (size_t)W * H);
    if (what == CODES)
        assert_true(
            draw_code(gray.pixels, W, H, &(drawn_code){DRAWN_QR, "jane.roe@example.com", 320, 240, 4, 0, 0}, NULL));
    for (size_t i = 0; i < (size_t)W * H; i++) {
        memset(view.pixels + 4 * i, ink, 3);
        view.pixels[4 * i + 3] = ink < 128 ? (uint8_t)(255 - gray.pixels[i]) : gray.pixels[i];
    }
    picture_free(&gray);
    return view;
}

static uint32_t grounds_of(uint32_t colour, uint32_t first_alpha, uint32_t alpha)
{
    vl_image_view view = picture_make(40, 30, VEIL_PIXEL_RGBA);

    for (size_t i = 0; i < 40 * 30; i++) {
        memset(view.pixels + 4 * i, (int)colour, 3);
        view.pixels[4 * i + 3] = (uint8_t)(i == 0 ? first_alpha : alpha);
    }
    const uint32_t grounds = vl_flatten_grounds(&view);
    picture_free(&view);
    return grounds;
}

static void test_grounds_are_those_that_show_more(void **state)
{
    vl_image_view view = picture_make(40, 30, VEIL_PIXEL_BGR);
    (void)state;
    memset(view.pixels, 128, 40 * 30 * 3);
    assert_int_equal(vl_flatten_grounds(&view), 0);
    assert_int_equal(grounds_of(128, 255, 255), 0);
    assert_int_equal(grounds_of(128, 0, 0), 0);
    assert_int_equal(grounds_of(128, 77, 77), 0);
    assert_int_equal(grounds_of(128, 0, 255), VL_GROUND_WHITE | VL_GROUND_BLACK); /* one pixel is enough */
    assert_int_equal(grounds_of(0, 255, 0), VL_GROUND_WHITE);
    assert_int_equal(grounds_of(255, 255, 0), VL_GROUND_BLACK);
    assert_int_equal(grounds_of(0, 255, 247), 0); /* 8 levels */
    assert_int_equal(grounds_of(0, 255, 246), VL_GROUND_WHITE);
    picture_free(&view);
}

static void test_flattening_is_over(void **state)
{
    (void)state;
    for (uint32_t value = 0; value < 65536; value += 251) {
        uint8_t pixel[4] = {(uint8_t)value, (uint8_t)(value >> 8), 9, (uint8_t)(value >> 4)}, out[3];
        const vl_image_view view = vl_view_make(pixel, 1, 1, VEIL_PIXEL_BGRA);
        const vl_image_view flat = vl_view_make(out, 1, 1, vl_flatten_format(VEIL_PIXEL_BGRA));
        for (uint32_t ground = 0; ground <= 255; ground += 255) {
            vl_flatten_draw(&view, ground == 0 ? VL_GROUND_BLACK : VL_GROUND_WHITE, &flat);
            for (int c = 0; c < 3; c++) {
                const double exact = (pixel[c] * pixel[3] + ground * (255.0 - pixel[3])) / 255;
                assert_true(out[c] - exact <= 0.5 && exact - out[c] <= 0.5);
            }
        }
    }
}

static size_t count_as(const veil_sanitizer *sanitizer, const vl_image_view *view, uint32_t min_side, uint32_t flags,
                       uint32_t *cache)
{
    const veil_image image = picture_image(view);
    veil_region found[8];
    veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 8};
    veil_image_options options;

    veil_image_options_init(&options);
    options.min_side = min_side;
    options.flags = flags;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    if (cache != NULL) *cache = result.cache;
    return result.region_count;
}

static size_t count_in(const veil_sanitizer *sanitizer, const vl_image_view *view, uint32_t min_side, uint32_t *cache)
{
    return count_as(sanitizer, view, min_side, 0, cache);
}

/* Found, hidden, and gone from the copy. */
static void check_raw(const veil_sanitizer *sanitizer, content what, uint32_t format, uint8_t ink)
{
    vl_image_view view = by_alpha(what, format, ink);
    veil_image image = picture_image(&view);
    veil_region found[8];
    veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 8};

    assert_int_equal(veil_image_redact(sanitizer, NULL, &image, &result, NULL), VEIL_OK);
    if (result.region_count != 1) fail_msg("content %d, ink %u: %zu found", what, ink, result.region_count);
    assert_string_equal(found[0].entity, what == FACES ? "FACE" : "QR_CODE");
    assert_true(found[0].w > 30 && found[0].h > 30);
    assert_int_equal(count_in(sanitizer, &view, 0, NULL), 0);
    picture_free(&view);
}

static void test_what_alpha_draws_is_found_in_raw_pixels(void **state)
{
    static const uint8_t inks[] = {0, 90};
    for (size_t i = 0; i < sizeof inks; i++) {
        check_raw(*state, FACES, VEIL_PIXEL_BGRA, inks[i]);
        check_raw(*state, FACES, VEIL_PIXEL_RGBA, (uint8_t)(255 - inks[i]));
        check_raw(*state, CODES, VEIL_PIXEL_RGBA, inks[i]);
        check_raw(*state, CODES, VEIL_PIXEL_BGRA, (uint8_t)(255 - inks[i]));
    }
}

/* The same colours, then other alpha: neither cache may answer for it. */
static void test_caches_answer_for_what_was_seen(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = by_alpha(FACES, VEIL_PIXEL_BGRA, 0), blank = picture_make(W, H, VEIL_PIXEL_BGRA);
    uint32_t cache;
    (void)state;
    config.near_duplicates = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    picture_draw_wall(&blank, 9);
    for (size_t i = 0; i < (size_t)W * H; i++) {
        memcpy(view.pixels + 4 * i, blank.pixels + 4 * i, 3);
        blank.pixels[4 * i + 3] = 255;
    }
    assert_int_equal(count_in(sanitizer, &blank, 0, &cache), 0);
    blank.pixels[0] ^= 1;
    assert_int_equal(count_in(sanitizer, &blank, 0, &cache), 0);
    assert_int_equal(cache, VEIL_CACHE_NEAR);
    assert_int_equal(count_in(sanitizer, &view, 0, &cache), 1);
    assert_int_equal(cache, VEIL_CACHE_MISS);
    assert_int_equal(count_in(sanitizer, &view, 0, &cache), 1);
    assert_int_equal(cache, VEIL_CACHE_EXACT);
    assert_int_equal(count_in(sanitizer, &view, 5000, NULL), 0); /* too small is too small here, too */
    blank.pixels[0] ^= 2;
    assert_int_equal(count_in(sanitizer, &blank, 0, &cache), 0);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
    picture_free(&blank);
}

static void check_files(const veil_sanitizer *sanitizer)
{
    static const content all[] = {FACES, CODES};
    for (size_t i = 0; i < 2; i++) {
        vl_image_view view = by_alpha(all[i], VEIL_PIXEL_RGBA, 0);
        const png_recipe recipe = {
            .width = W, .height = H, .color_type = PNG_COLOR_TYPE_RGBA, .bit_depth = 8, .pixels = view.pixels};
        test_bytes png = make_png(&recipe);
        veil_region found[8];
        veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 8};
        size_t bound, bytes;
        assert_int_equal(veil_image_encoded_bound(sanitizer, png.data, png.size, &bound, NULL), VEIL_OK);
        uint8_t *out = malloc(bound);
        assert_int_equal(
            veil_image_redact_encoded(sanitizer, NULL, png.data, png.size, out, bound, &bytes, &result, NULL), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_string_equal(found[0].entity, all[i] == FACES ? "FACE" : "QR_CODE");
        assert_int_equal(veil_image_scan_encoded(sanitizer, NULL, out, bytes, &result, NULL), VEIL_OK);
        assert_int_equal(result.region_count, 0);
        free(out);
        bytes_free(&png);
        picture_free(&view);
    }
}

static void test_what_alpha_draws_is_found_in_files(void **state)
{
    check_files(*state);
}

/* All buffers of one call come from what was reserved. */
static void test_a_pool_that_must_not_grow_is_enough(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    (void)state;
    config.pool_policy = VEIL_POOL_BUSY;
    config.image_workspaces = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    check_files(sanitizer);
    veil_sanitizer_destroy(sanitizer);
}

/* The largest plane, its overviews and a picture with alpha. */
static void test_nor_does_it_grow_for_large_pictures(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = picture_make(1400, 900, VEIL_PIXEL_RGBA);
    uint32_t seed = 5;
    (void)state;
    config.pool_policy = VEIL_POOL_BUSY;
    config.image_workspaces = 1;
    for (size_t i = 0; i < (size_t)1400 * 900 * 4; i++)
        view.pixels[i] = (uint8_t)(picture_random(&seed) >> 8);
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    (void)count_in(sanitizer, &view, 0, NULL);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
}

/* A face that comes by alpha between two searches changes no colour. */
static void test_sequences_see_alpha(void **state)
{
    vl_image_view first = picture_make(W, H, VEIL_PIXEL_BGRA), second = by_alpha(FACES, VEIL_PIXEL_BGRA, 0);
    veil_image image = picture_image(&first), next = picture_image(&second);
    veil_region found[8];
    veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 8};
    veil_image_sequence *sequence = NULL;
    memset(first.pixels, 0, (size_t)W * H * 4);
    assert_int_equal(veil_image_sequence_create(*state, NULL, 250, 5, &sequence, NULL), VEIL_OK);
    assert_int_equal(veil_image_sequence_redact(sequence, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 0);
    assert_int_equal(veil_image_sequence_redact(sequence, &next, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    veil_image_sequence_destroy(sequence);
    picture_free(&first);
    picture_free(&second);
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

typedef struct looker {
    int looks;
    uint8_t paper[4];
} looker;

static veil_status look_open(void *user, void **instance)
{
    *instance = user;
    return VEIL_OK;
}

/* "Reads" a word where the picture is light. */
static veil_status look_read(void *instance, const struct veil_image *picture, veil_ocr_sink sink, void *sink_user)
{
    looker *l = instance;
    const uint8_t paper = *(const uint8_t *)picture->pixels;
    const veil_ocr_word word = {sizeof word, "jane.roe@example.com", 20, 10, 10, 90, 12, 0.9F, 0};

    l->paper[l->looks++ & 3] = paper;
    return paper > 128 ? sink(sink_user, &word) : VEIL_OK;
}

static void look_close(void *instance)
{
    (void)instance;
}

static void test_text_is_read_as_it_shows(void **state)
{
    static const char *const entities[] = {"REGION", "EMAIL_ADDRESS"};
    looker l = {0};
    const veil_ocr_engine engine = {sizeof engine, "look", &l, look_open, look_read, look_close};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_RGBA);
    (void)state;
    config.modalities |= VEIL_MODALITY_TEXT;
    config.entities = entities;
    config.entity_count = 2;
    config.ocr = &engine;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    memset(view.pixels, 0, (size_t)W * H * 4);
    assert_int_equal(count_as(sanitizer, &view, 0, VEIL_IMAGE_TEXT, NULL), 0);
    assert_int_equal(l.looks, 1); /* nothing shows: the colours alone */
    view.pixels[((size_t)H / 2 * W + W / 2) * 4 + 3] = 255;
    assert_int_equal(count_as(sanitizer, &view, 0, VEIL_IMAGE_TEXT, NULL), 1);
    assert_int_equal(l.looks, 3); /* over black it is the same as the colours */
    assert_int_equal(l.paper[1], 0);
    assert_int_equal(l.paper[2], 255);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
}

static void test_marks_of_another_look_join(void **state)
{
    vl_mark items[4] = {{"QR_CODE", {10, 10, 20, 20}, 0.5F, 0},
                        {"BARCODE", {10, 10, 20, 20}, 1, 0},
                        {"QR_CODE", {12, 8, 20, 20}, 1, 0},
                        {"QR_CODE", {29, 10, 20, 20}, 1, 0}};
    vl_mark_list list = {items, 4, 4};
    (void)state;
    vl_marks_join(&list, 1);
    assert_int_equal(list.count, 3);
    assert_true(items[0].rect.x == 10 && items[0].rect.y == 8 && items[0].rect.w == 22 && items[0].rect.h == 22);
    assert_true(items[0].score == 1);
    assert_string_equal(items[1].entity, "BARCODE");
    assert_int_equal(items[2].rect.x, 29);
}

static int set_up(void **state)
{
    const veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;

    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) return 1;
    *state = sanitizer;
    return 0;
}

static int tear_down(void **state)
{
    veil_sanitizer_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grounds_are_those_that_show_more),
        cmocka_unit_test(test_flattening_is_over),
        cmocka_unit_test(test_what_alpha_draws_is_found_in_raw_pixels),
        cmocka_unit_test(test_caches_answer_for_what_was_seen),
        cmocka_unit_test(test_what_alpha_draws_is_found_in_files),
        cmocka_unit_test(test_a_pool_that_must_not_grow_is_enough),
        cmocka_unit_test(test_nor_does_it_grow_for_large_pictures),
        cmocka_unit_test(test_sequences_see_alpha),
        cmocka_unit_test(test_text_is_read_as_it_shows),
        cmocka_unit_test(test_marks_of_another_look_join),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

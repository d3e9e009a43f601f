/* Encoded pictures from end to end: the face goes, the rest stays, and after an error nothing of the input is in the output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/codec.h"

typedef struct file {
    uint8_t *bytes;
    size_t count;
} file;

static vl_pool *pool;
static veil_sanitizer *sanitizer;

static int set_up(void **state)
{
    static const vl_pool_class class = {1u << 20, 2};
    const veil_config config = picture_config();

    (void)state;
    assert_int_equal(vl_pool_create(&vl_allocator_default, &class, 1, VEIL_POOL_GROW, &pool), VEIL_OK);
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    veil_sanitizer_destroy(sanitizer);
    vl_pool_destroy(pool);
    return 0;
}

static file encode(const vl_image_view *view, vl_codec codec)
{
    vl_image_info info = {
        .codec = codec,
        .width = view->width,
        .height = view->height,
        .format = view->format,
        .stored_width = view->width,
        .stored_height = view->height,
        .orientation = 1,
        .sampling_h = 2,
        .sampling_v = 2,
        .pixel_bytes = vl_image_tight_bytes(view->width, view->height, view->format),
    };
    file f = {malloc(1 << 22), 0};

    assert_non_null(f.bytes);
    assert_int_equal(vl_codec_encode(view, &info, NULL, NULL, 0, 0, pool, f.bytes, 1 << 22, &f.count, NULL), VEIL_OK);
    return f;
}

static vl_image_view decode(const uint8_t *bytes, size_t count)
{
    const vl_codec_limits limits = {1u << 24, 1u << 24};
    vl_image_info info;
    vl_image_view view;

    assert_int_equal(vl_codec_read_header(bytes, count, &limits, &info, NULL), VEIL_OK);
    view = picture_make(info.width, info.height, info.format);
    assert_int_equal(vl_codec_decode(bytes, count, &info, pool, &view, NULL), VEIL_OK);
    return view;
}

static bool is_zero(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0) return false;
    }
    return true;
}

static void check_codec(vl_codec codec)
{
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_region truth, found[4];
    veil_image_result result = {sizeof result, found, 4, 0, 0, 0, 0, 0};
    size_t bound, written;
    file in;

    picture_draw_face(&view, &truth);
    in = encode(&view, codec);
    assert_int_equal(veil_image_encoded_bound(sanitizer, in.bytes, in.count, &bound, NULL), VEIL_OK);
    uint8_t *out = malloc(bound);
    assert_non_null(out);
    assert_int_equal(veil_image_scan_encoded(sanitizer, NULL, in.bytes, in.count, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    assert_true(picture_iou(&found[0], &truth) > 0.5);
    assert_int_equal(result.width, 640);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, NULL, in.bytes, in.count, out, bound, &written, &result, NULL), VEIL_OK);
    assert_in_range(written, 1, bound);
    assert_int_equal(vl_codec_sniff(out, written), codec);

    vl_image_view after = decode(out, written);
    const veil_image image = picture_image(&after);
    veil_image_options options;
    double inside = 0;
    const veil_region *box = &found[0];
    for (int32_t y = box->y; y < box->y + box->h; y++) {
        for (int32_t x = box->x * 3; x < (box->x + box->w) * 3; x++)
            inside += abs(vl_view_row(&after, (uint32_t)y)[x] - vl_view_row(&view, (uint32_t)y)[x]);
    }
    assert_true(inside / (box->w * box->h * 3.0) > 8); /* levels, on average */
    for (uint32_t y = 0; y < 60; y++) {                /* far from the face */
        for (uint32_t x = 0; x < 640 * 3; x++)
            assert_true(abs(vl_view_row(&after, y)[x] - vl_view_row(&view, y)[x]) <= (codec == VL_CODEC_PNG ? 0 : 24));
    }
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_NO_CACHE;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 0); /* the detector finds no face any more */
    picture_free(&after);
    picture_free(&view);
    free(out);
    free(in.bytes);
}

static void test_jpeg(void **state)
{
    (void)state;
    check_codec(VL_CODEC_JPEG);
}

static void test_png(void **state)
{
    (void)state;
    check_codec(VL_CODEC_PNG);
}

/* JPEG is decoded small for the detector, but not where tiles look at every pixel. */
static void test_small_faces_in_a_large_file(void **state)
{
    static const uint32_t places[3][2] = {{30, 20}, {1100, 700}, {1850, 1380}};
    veil_config config = picture_config();
    vl_image_view view = picture_make(2000, 1500, VEIL_PIXEL_BGR);
    veil_image_result result = {.struct_size = sizeof result};
    veil_region regions[8], truth[3];
    veil_sanitizer *accurate = NULL;
    file in;

    (void)state;
    if (!picture_has_network()) skip(); /* a file's network has the size that it states */
    assert_int_equal(veil_config_apply_profile(&config, VEIL_PROFILE_ACCURACY), VEIL_OK);
    config.image_workspaces = 1;
    assert_int_equal(veil_sanitizer_create(&config, &accurate, NULL), VEIL_OK);
    picture_draw_wall(&view, 3);
    for (size_t i = 0; i < 3; i++)
        picture_paste_face(&view, places[i][0], places[i][1], 120, 90, &truth[i]);
    in = encode(&view, VL_CODEC_JPEG);
    result.regions = regions;
    result.region_capacity = 8;
    assert_int_equal(veil_image_scan_encoded(accurate, NULL, in.bytes, in.count, &result, NULL), VEIL_OK);
    for (size_t i = 0; i < 3; i++) {
        bool is_found = false;

        for (size_t k = 0; k < result.region_count; k++)
            is_found |= picture_iou(&regions[k], &truth[i]) > 0.4;
        assert_true(is_found);
    }
    free(in.bytes);
    picture_free(&view);
    veil_sanitizer_destroy(accurate);
}

static void test_too_small_says_how_much(void **state)
{
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    size_t needed, written;
    file in;
    uint8_t out[64];

    (void)state;
    picture_draw_face(&view, NULL);
    in = encode(&view, VL_CODEC_JPEG);
    memset(out, 7, sizeof out);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, NULL, in.bytes, in.count, out, sizeof out, &needed, NULL, NULL),
        VEIL_ERR_BUFFER_TOO_SMALL);
    assert_true(is_zero(out, sizeof out));
    assert_true(needed > sizeof out);
    uint8_t *enough = malloc(needed);
    assert_non_null(enough);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, NULL, in.bytes, in.count, enough, needed, &written, NULL, NULL), VEIL_OK);
    assert_int_equal(written, needed);
    free(enough);
    free(in.bytes);
    picture_free(&view);
}

/* Damaged, cut, foreign and late: each error leaves zeros. */
static void test_errors_leave_zeros(void **state)
{
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_image_options options;
    const size_t capacity = 1 << 20;
    uint8_t *out = malloc(capacity);
    size_t written = 1;
    file in;

    (void)state;
    assert_non_null(out);
    picture_draw_face(&view, NULL);
    in = encode(&view, VL_CODEC_PNG);
    memset(out, 7, capacity);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, NULL, in.bytes, in.count / 2, out, capacity, &written, NULL, NULL),
        VEIL_ERR_MALFORMED_INPUT);
    assert_true(is_zero(out, capacity) && written == 0);
    memset(out, 7, capacity);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, NULL, "GIF89a..........", 16, out, capacity, &written, NULL, NULL),
        VEIL_ERR_UNSUPPORTED);
    assert_true(is_zero(out, capacity) && written == 0);
    veil_image_options_init(&options);
    options.timeout_us = 200; /* decoding takes longer */
    memset(out, 7, capacity);
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, &options, in.bytes, in.count, out, capacity, &written, NULL, NULL),
        VEIL_ERR_TIMEOUT);
    assert_true(is_zero(out, capacity) && written == 0);
    free(out);
    free(in.bytes);
    picture_free(&view);
}

static void test_callers_region_in_a_file(void **state)
{
    const veil_region given = {NULL, 301, 201, 40, 40, 0, 0};
    const veil_effect_rule red = {sizeof red, "REGION", VEIL_EFFECT_FILL, 0xFF0000};
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_image_options options;
    size_t written;
    file in;
    uint8_t *out = malloc(1 << 22);

    (void)state;
    assert_non_null(out);
    picture_draw_wall(&view, 8);
    in = encode(&view, VL_CODEC_JPEG);
    veil_image_options_init(&options);
    options.regions = &given;
    options.region_count = 1;
    options.effects = &red;
    options.effect_count = 1;
    options.flags = VEIL_IMAGE_NO_DETECTORS;
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, &options, in.bytes, in.count, out, 1 << 22, &written, NULL, NULL),
        VEIL_OK);
    const veil_region outside = {NULL, 640, 0, 10, 10, 0, 0};
    veil_error error = VEIL_ERROR_INIT;
    uint8_t byte = 1;
    options.regions = &outside;
    assert_int_equal(
        veil_image_redact_encoded(sanitizer, &options, in.bytes, in.count, &byte, 1, &(size_t){0}, NULL, &error),
        VEIL_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "regions[0]"));
    assert_int_equal(byte, 0);
    vl_image_view after = decode(out, written);
    for (uint32_t y = 201; y < 241; y++) {
        for (uint32_t x = 301; x < 341; x++) {
            const uint8_t *pixel = vl_view_row(&after, y) + x * 3;

            assert_true(pixel[0] < 12 && pixel[1] < 12 && pixel[2] > 240);
        }
    }
    picture_free(&after);
    picture_free(&view);
    free(in.bytes);
    free(out);
}

/* Buffers that are never there are a limit, not a matter of waiting. */
static void test_a_picture_over_the_reserved_buffers(void **state)
{
    const uint32_t largest = 4u << 20; /* of the pool that a sanitizer makes */
    vl_image_view fits = picture_make(1024, 1024, VEIL_PIXEL_BGR);
    vl_image_view large = picture_make(1200, 1200, VEIL_PIXEL_BGR);
    const file small_file = encode(&fits, VL_CODEC_PNG), large_file = encode(&large, VL_CODEC_PNG);
    veil_config config = picture_config();
    veil_sanitizer *s = NULL;
    veil_error error = VEIL_ERROR_INIT;
    uint8_t *out = malloc(1 << 22);
    size_t written = 0;

    (void)state;
    assert_true(1024u * 1024 * 3 <= largest && 1200u * 1200 * 3 > largest);
    config.pool_policy = VEIL_POOL_BUSY;
    assert_int_equal(veil_sanitizer_create(&config, &s, NULL), VEIL_OK);
    assert_int_equal(
        veil_image_redact_encoded(s, NULL, small_file.bytes, small_file.count, out, 1 << 22, &written, NULL, &error),
        VEIL_OK);
    assert_int_equal(
        veil_image_redact_encoded(s, NULL, large_file.bytes, large_file.count, out, 1 << 22, &written, NULL, &error),
        VEIL_ERR_LIMIT);
    assert_non_null(strstr(error.message, "pool_policy"));
    assert_int_equal(written, 0);
    assert_true(is_zero(out, 1 << 22));
    veil_sanitizer_destroy(s);
    picture_free(&fits);
    picture_free(&large);
    free(small_file.bytes);
    free(large_file.bytes);
    free(out);
}

/* A JPEG's pixels hold something of their whole block, so this needs regions of whole blocks. */
static void test_files_that_differ_only_inside_give_the_same_file(void **state)
{
    static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH};
    const veil_region given = {NULL, 301, 203, 37, 45, 0, 0};
    const size_t capacity = 1 << 20;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    uint8_t *outs[2] = {malloc(capacity), malloc(capacity)};
    size_t written[2];
    uint32_t seed = 17;
    file in[2];

    (void)state;
    assert_true(outs[0] != NULL && outs[1] != NULL);
    picture_draw_wall(&view, 8);
    in[0] = encode(&view, VL_CODEC_JPEG);
    for (int32_t y = given.y; y < given.y + given.h; y++) {
        for (int32_t i = given.x * 3; i < (given.x + given.w) * 3; i++)
            vl_view_row(&view, (uint32_t)y)[i] = (uint8_t)picture_random(&seed);
    }
    in[1] = encode(&view, VL_CODEC_JPEG);
    assert_true(in[0].count != in[1].count);
    for (size_t e = 0; e < sizeof effects / sizeof effects[0]; e++) {
        const veil_effect_rule rule = {sizeof rule, "REGION", effects[e], 0};
        veil_image_options options;

        veil_image_options_init(&options);
        options.regions = &given;
        options.region_count = 1;
        options.effects = &rule;
        options.effect_count = 1;
        options.flags = VEIL_IMAGE_NO_DETECTORS;
        for (int i = 0; i < 2; i++)
            assert_int_equal(veil_image_redact_encoded(sanitizer, &options, in[i].bytes, in[i].count, outs[i], capacity,
                                                       &written[i], NULL, NULL),
                             VEIL_OK);
        assert_int_equal(written[0], written[1]);
        assert_memory_equal(outs[0], outs[1], written[0]);
    }
    for (int i = 0; i < 2; i++) {
        free(outs[i]);
        free(in[i].bytes);
    }
    picture_free(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_small_faces_in_a_large_file),
        cmocka_unit_test(test_too_small_says_how_much),
        cmocka_unit_test(test_errors_leave_zeros),
        cmocka_unit_test(test_callers_region_in_a_file),
        cmocka_unit_test(test_a_picture_over_the_reserved_buffers),
        cmocka_unit_test(test_files_that_differ_only_inside_give_the_same_file),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

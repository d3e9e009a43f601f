/* Raw pixels through the public calls: what is found, what is hidden, what the cache may and may not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/codes.h"

static veil_sanitizer *make_sanitizer(const veil_config *config)
{
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;

    if (veil_sanitizer_create(config, &sanitizer, &error) != VEIL_OK) fail_msg("%s", error.message);
    return sanitizer;
}

static int set_up(void **state)
{
    const veil_config config = picture_config();

    *state = make_sanitizer(&config);
    return 0;
}

static int tear_down(void **state)
{
    veil_sanitizer_destroy(*state);
    return 0;
}

static bool differs_only_inside(const vl_image_view *before, const vl_image_view *after, const veil_region *box,
                                int32_t slack)
{
    const uint32_t bytes = vl_pixel_bytes(before->format);

    for (uint32_t y = 0; y < before->height; y++) {
        for (uint32_t x = 0; x < before->width; x++) {
            const bool inside = (int32_t)x >= box->x - slack && (int32_t)x < box->x + box->w + slack &&
                                (int32_t)y >= box->y - slack && (int32_t)y < box->y + box->h + slack;

            if (!inside && memcmp(vl_view_row(before, y) + x * bytes, vl_view_row(after, y) + x * bytes, bytes) != 0)
                return false;
        }
    }
    return true;
}

static bool is_zero(const vl_image_view *view)
{
    const size_t row_bytes = (size_t)view->width * vl_pixel_bytes(view->format);

    for (uint32_t y = 0; y < view->height; y++) {
        for (size_t i = 0; i < row_bytes; i++) {
            if (vl_view_row(view, y)[i] != 0) return false;
        }
    }
    return true;
}

static void test_face_is_found_in_every_format(void **state)
{
    static const uint32_t sizes[][2] = {{640, 480}, {320, 240}, {160, 120}, {800, 300}, {333, 517}};

    for (uint32_t format = VEIL_PIXEL_BGR; format <= VEIL_PIXEL_GRAY; format++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            vl_image_view view = picture_make(sizes[i][0], sizes[i][1], format);
            veil_image image = picture_image(&view);
            veil_region truth, found[4];
            veil_image_result result = {sizeof result, found, 4, 0, 0, 0, 0, 0};

            picture_draw_face(&view, &truth);
            assert_int_equal(veil_image_scan(*state, NULL, &image, &result, NULL), VEIL_OK);
            assert_int_equal(result.region_count, 1);
            assert_string_equal(found[0].entity, "FACE");
            assert_true(picture_iou(&found[0], &truth) > 0.5);
            assert_int_equal(result.width, sizes[i][0]);
            assert_int_equal(result.height, sizes[i][1]);
            picture_free(&view);
        }
    }
}

static void test_redact_hides_the_face_and_nothing_else(void **state)
{
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view before;
    veil_image image = picture_image(&view);
    veil_region truth, found[4];
    veil_image_result result = {sizeof result, found, 4, 0, 0, 0, 0, 0};

    picture_draw_face(&view, &truth);
    before = picture_copy(&view);
    assert_int_equal(veil_image_redact(*state, NULL, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    assert_int_equal(result.cache, VEIL_CACHE_MISS);
    assert_true(differs_only_inside(&before, &view, &found[0], found[0].h / 5));
    assert_false(differs_only_inside(&before, &view, &found[0], -found[0].h / 4)); /* and inside it did change */
    picture_free(&before);
    picture_free(&view);
}

/* An exact hit must give the same regions, and work on the pixels that are there. */
static void test_exact_repeat_is_a_hit_with_the_same_output(void **state)
{
    vl_image_view first = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view second;
    veil_region found[2][4];
    veil_image_result one = {sizeof one, found[0], 4, 0, 0, 0, 0, 0};
    veil_image_result two = {sizeof two, found[1], 4, 0, 0, 0, 0, 0};
    veil_image image;

    picture_draw_face(&first, NULL);
    second = picture_copy(&first);
    image = picture_image(&first);
    assert_int_equal(veil_image_redact(*state, NULL, &image, &one, NULL), VEIL_OK);
    image = picture_image(&second);
    assert_int_equal(veil_image_redact(*state, NULL, &image, &two, NULL), VEIL_OK);
    assert_int_equal(one.cache, VEIL_CACHE_MISS);
    assert_int_equal(two.cache, VEIL_CACHE_EXACT);
    assert_int_equal(one.region_count, two.region_count);
    assert_memory_equal(found[0], found[1], sizeof(veil_region) * one.region_count);
    assert_memory_equal(first.pixels, second.pixels, 640 * 480 * 3);
    picture_free(&first);
    picture_free(&second);
}

static uint32_t scan_mark(const veil_sanitizer *sanitizer, const veil_image_options *options, const vl_image_view *view)
{
    const veil_image image = picture_image(view);
    veil_region found[8];
    veil_image_result result = {sizeof result, found, 8, 0, 0, 0, 0, 0};

    assert_int_equal(veil_image_scan(sanitizer, options, &image, &result, NULL), VEIL_OK);
    return result.cache;
}

static void test_what_changes_the_answer_changes_the_key(void **state)
{
    vl_image_view view = picture_make(96, 64, VEIL_PIXEL_BGR);
    veil_image_options options;

    picture_draw_wall(&view, 3);
    veil_image_options_init(&options);
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_MISS);
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_EXACT);
    options.tenant = 7; /* tenant A never hits B */
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_MISS);
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_EXACT);
    options.min_score = 0.25F;
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_MISS);
    options.min_score = -1;
    view.format = VEIL_PIXEL_RGB; /* the same bytes, other colours */
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_MISS);
    view.format = VEIL_PIXEL_BGR;
    view.width = 64; /* the same bytes, another shape */
    view.height = 96;
    view.stride_bytes = 64 * 3;
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_MISS);
    options.flags = VEIL_IMAGE_NO_CACHE;
    assert_int_equal(scan_mark(*state, &options, &view), VEIL_CACHE_NONE);
    picture_free(&view);
}

/* One bit anywhere makes another picture. */
static void test_every_pixel_is_in_the_key(void **state)
{
    vl_image_view view = picture_make(40, 30, VEIL_PIXEL_GRAY);

    picture_draw_wall(&view, 9);
    assert_int_equal(scan_mark(*state, NULL, &view), VEIL_CACHE_MISS);
    for (int i = 0; i < 40; i++) {
        const size_t at = (size_t)i * 30 + 7;

        view.pixels[at] ^= 1;
        assert_int_equal(scan_mark(*state, NULL, &view), VEIL_CACHE_MISS);
        view.pixels[at] ^= 1;
        assert_int_equal(scan_mark(*state, NULL, &view), VEIL_CACHE_EXACT);
    }
    picture_free(&view);
}

static void test_padding_is_neither_read_nor_written(void **state)
{
    enum { STRIDE = 320 * 3 + 64 };
    uint8_t *pixels = malloc((size_t)STRIDE * 240);
    vl_image_view view = {pixels, STRIDE, 320, 240, VEIL_PIXEL_BGR};
    const veil_image image = picture_image(&view);
    veil_image writable = image;

    assert_non_null(pixels);
    memset(pixels, 0xA5, (size_t)STRIDE * 240);
    picture_draw_face(&view, NULL);
    assert_int_equal(scan_mark(*state, NULL, &view), VEIL_CACHE_MISS);
    for (uint32_t y = 0; y < 240; y++)
        memset(vl_view_row(&view, y) + 320 * 3, 0x11, 64);
    assert_int_equal(scan_mark(*state, NULL, &view), VEIL_CACHE_EXACT);
    assert_int_equal(veil_image_redact(*state, NULL, &writable, NULL, NULL), VEIL_OK);
    for (uint32_t y = 0; y < 240; y++) {
        for (uint32_t i = 320 * 3; i < STRIDE; i++)
            assert_int_equal(vl_view_row(&view, y)[i], 0x11);
    }
    free(pixels);
}

static void test_regions_wholly_outside_are_refused(void **state)
{
    static const veil_region outside[] = {{NULL, 200, 0, 5, 5, 0, 0},
                                          {NULL, 0, 100, 5, 5, 0, 0},
                                          {NULL, -5, 0, 5, 5, 0, 0},
                                          {NULL, 0, -5, 5, 5, 0, 0},
                                          {NULL, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, 0, 0}};
    vl_image_view view = picture_make(200, 100, VEIL_PIXEL_RGB), before = picture_make(200, 100, VEIL_PIXEL_RGB);
    veil_region given[2] = {{NULL, 199, 99, 9, 9, 0, 0}};
    veil_image image = picture_image(&view);
    veil_image_options options;
    veil_error error = VEIL_ERROR_INIT;

    picture_draw_wall(&view, 1);
    picture_draw_wall(&before, 1);
    veil_image_options_init(&options);
    options.regions = given;
    options.flags = VEIL_IMAGE_NO_DETECTORS;
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        given[1] = outside[i];
        options.region_count = 2;
        assert_int_equal(veil_image_redact(*state, &options, &image, NULL, &error), VEIL_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "regions[1]"));
        assert_memory_equal(before.pixels, view.pixels, 200 * 100 * 3);
    }
    options.region_count = 1; /* a corner lies inside */
    assert_int_equal(veil_image_redact(*state, &options, &image, NULL, &error), VEIL_OK);
    picture_free(&before);
    picture_free(&view);
}

static void test_callers_regions(void **state)
{
    vl_image_view view = picture_make(200, 100, VEIL_PIXEL_RGB);
    veil_image image = picture_image(&view);
    const veil_region given[] = {{NULL, -10, -10, 30, 30, 0, 0}, {NULL, 190, 0, 50, 100, 0, 0}};
    const veil_effect_rule green = {sizeof green, "REGION", VEIL_EFFECT_FILL, 0x00FF00};
    veil_image_options options;
    veil_region found[4];
    veil_image_result result = {sizeof result, found, 4, 0, 0, 0, 0, 0};

    picture_draw_wall(&view, 1);
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_NO_DETECTORS;
    options.regions = given;
    options.region_count = 2;
    options.effects = &green;
    options.effect_count = 1;
    assert_int_equal(veil_image_redact(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 2);
    assert_int_equal(found[0].w, 20);
    assert_int_equal(found[1].w, 10);
    assert_string_equal(found[0].entity, "REGION");
    assert_int_equal(result.cache, VEIL_CACHE_NONE);
    assert_memory_equal(vl_view_row(&view, 19) + 19 * 3, "\0\377\0", 3);
    assert_memory_not_equal(vl_view_row(&view, 20) + 20 * 3, "\0\377\0", 3);
    assert_memory_equal(vl_view_row(&view, 99) + 199 * 3, "\0\377\0", 3);
    picture_free(&view);
}

typedef struct refusal {
    const char *entity;
    const char *excluded;
    const veil_effect_rule *effect;
    uint32_t flags;
    veil_status status;
} refusal;

/* Some entity that only text is searched for. */
static const char *text_entity(void)
{
    veil_entity_info info = {.struct_size = sizeof info};

    for (size_t i = 0; i < veil_entity_count(); i++) {
        if (veil_entity_at(i, &info) == VEIL_OK && strcmp(info.kind, "text") == 0) return info.name;
    }
    return "QR_CODE";
}

static void test_names_are_checked(void **state)
{
    const char *const text_name = text_entity();
    const bool has_codes = vl_codes_are_built();
    static const veil_effect_rule typo = {sizeof typo, "FACES", VEIL_EFFECT_FILL, 0};
    static const veil_effect_rule sound = {sizeof sound, "FACE", VEIL_EFFECT_BEEP, 0};
    const veil_effect_rule text = {sizeof text, text_name, VEIL_EFFECT_FILL, 0};
    const refusal cases[] = {
        {"FACES", NULL, NULL, 0, VEIL_ERR_INVALID_ARGUMENT},
        {NULL, "FACES", NULL, 0, VEIL_ERR_INVALID_ARGUMENT},
        {NULL, NULL, &typo, 0, VEIL_ERR_INVALID_ARGUMENT},
        {NULL, NULL, &sound, 0, VEIL_ERR_INVALID_ARGUMENT},
        {NULL, NULL, &text, 0, VEIL_ERR_UNSUPPORTED},
        {text_name, NULL, NULL, 0, VEIL_ERR_UNSUPPORTED},
        {"QR_CODE", NULL, NULL, 0, has_codes ? VEIL_OK : VEIL_ERR_UNSUPPORTED},
        {"BARCODE", NULL, NULL, 0, has_codes ? VEIL_OK : VEIL_ERR_UNSUPPORTED},
        {"QR_CODE", NULL, NULL, VEIL_IMAGE_NO_DETECTORS, has_codes ? VEIL_ERR_INVALID_ARGUMENT : VEIL_ERR_UNSUPPORTED},
        {"FACE", NULL, NULL, VEIL_IMAGE_NO_DETECTORS, VEIL_ERR_INVALID_ARGUMENT},
        {"FACE", text_name, NULL, 0, VEIL_OK},
        {"REGION", NULL, NULL, 0, VEIL_OK},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
        vl_image_view before;
        veil_image image = picture_image(&view);
        veil_image_options options;

        picture_draw_face(&view, NULL);
        before = picture_copy(&view);
        veil_image_options_init(&options);
        options.entities = cases[i].entity != NULL ? &cases[i].entity : NULL;
        options.entity_count = cases[i].entity != NULL;
        options.exclude = cases[i].excluded != NULL ? &cases[i].excluded : NULL;
        options.exclude_count = cases[i].excluded != NULL;
        options.effects = cases[i].effect;
        options.effect_count = cases[i].effect != NULL;
        options.flags = cases[i].flags;
        assert_int_equal(veil_image_redact(*state, &options, &image, NULL, NULL), cases[i].status);
        if (cases[i].status != VEIL_OK) assert_memory_equal(before.pixels, view.pixels, 320 * 240 * 3);
        picture_free(&before);
        picture_free(&view);
    }
}

static void test_metrics_count_findings_and_hits(void **state)
{
    const veil_region given[] = {{NULL, 0, 0, 5, 5, 0, 0}};
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    veil_image_options options;
    veil_metrics before = {.struct_size = sizeof before}, after = {.struct_size = sizeof after};

    picture_draw_face(&view, NULL);
    veil_image_options_init(&options);
    options.regions = given;
    options.region_count = 1;
    options.tenant = 4242;
    assert_int_equal(veil_metrics_snapshot(*state, &before), VEIL_OK);
    (void)scan_mark(*state, &options, &view);
    (void)scan_mark(*state, &options, &view);
    assert_int_equal(veil_metrics_snapshot(*state, &after), VEIL_OK);
    assert_int_equal(after.findings - before.findings, 4); /* a face and the box that lies inside, twice */
    assert_int_equal(after.cache_hits - before.cache_hits, 1);
    assert_int_equal(after.cache_misses - before.cache_misses, 1);
    assert_int_equal(after.operations[VEIL_METRIC_IMAGE_SCAN].calls - before.operations[VEIL_METRIC_IMAGE_SCAN].calls,
                     2);
    picture_free(&view);
}

static void test_excluded_face_is_left(void **state)
{
    const char *face = "FACE";
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    vl_image_view before;
    veil_image image = picture_image(&view);
    veil_image_options options;
    veil_image_result result = {sizeof result, NULL, 0, 0, 0, 0, 0, 0};

    picture_draw_face(&view, NULL);
    before = picture_copy(&view);
    veil_image_options_init(&options);
    options.exclude = &face;
    options.exclude_count = 1;
    assert_int_equal(veil_image_redact(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 0);
    assert_memory_equal(before.pixels, view.pixels, 320 * 240 * 3);
    picture_free(&before);
    picture_free(&view);
}

static void test_keep_reports_and_leaves(void **state)
{
    const veil_effect_rule keep = {sizeof keep, "*", VEIL_EFFECT_KEEP, 0};
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    vl_image_view before;
    veil_image image = picture_image(&view);
    veil_image_options options;
    veil_image_result result = {sizeof result, NULL, 0, 0, 0, 0, 0, 0};

    picture_draw_face(&view, NULL);
    before = picture_copy(&view);
    veil_image_options_init(&options);
    options.effects = &keep;
    options.effect_count = 1;
    assert_int_equal(veil_image_redact(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    assert_memory_equal(before.pixels, view.pixels, 320 * 240 * 3);
    picture_free(&before);
    picture_free(&view);
}

/* "*" stands for what is not named, whichever list names it. */
static void test_named_effect_outranks_a_later_star(void **state)
{
    const veil_effect_rule named = {sizeof named, "FACE", VEIL_EFFECT_KEEP, 0};
    const veil_effect_rule star = {sizeof star, "*", VEIL_EFFECT_FILL, 0xFFFFFF};
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    vl_image_view before;
    veil_image image = picture_image(&view);
    veil_config config = picture_config();
    veil_image_options options;
    veil_sanitizer *sanitizer;

    (void)state;
    config.effects = &named;
    config.effect_count = 1;
    sanitizer = make_sanitizer(&config);
    picture_draw_face(&view, NULL);
    before = picture_copy(&view);
    veil_image_options_init(&options);
    options.effects = &star;
    options.effect_count = 1;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
    assert_memory_equal(before.pixels, view.pixels, 320 * 240 * 3);
    picture_free(&before);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

static void test_scan_reports_what_does_not_fit(void **state)
{
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);
    veil_image_result result = {sizeof result, NULL, 0, 0, 0, 0, 0, 0};

    picture_draw_face(&view, NULL);
    assert_int_equal(veil_image_scan(*state, NULL, &image, &result, NULL), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(result.region_count, 1);
    assert_int_equal(veil_image_redact(*state, NULL, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    picture_free(&view);
}

static void test_pixel_limit_leaves_the_picture(void **state)
{
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    vl_image_view before;
    veil_image image = picture_image(&view);
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;

    (void)state;
    config.max_image_pixels = 320 * 240 - 1;
    sanitizer = make_sanitizer(&config);
    picture_draw_face(&view, NULL);
    before = picture_copy(&view);
    assert_int_equal(veil_image_redact(sanitizer, NULL, &image, NULL, NULL), VEIL_ERR_LIMIT);
    assert_memory_equal(before.pixels, view.pixels, 320 * 240 * 3);
    picture_free(&before);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

/* Hashing 36 million bytes alone takes more than the 100 us given: after the start, so the picture must go. */
static void test_timeout_after_the_start_zeroes_the_picture(void **state)
{
    vl_image_view view = picture_make(4000, 3000, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);
    veil_image_options options;
    veil_status status;

    picture_draw_face(&view, NULL);
    veil_image_options_init(&options);
    options.timeout_us = 100;
    status = veil_image_redact(*state, &options, &image, NULL, NULL);
    assert_int_equal(status, VEIL_ERR_TIMEOUT);
    assert_true(is_zero(&view));
    picture_free(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_face_is_found_in_every_format),
        cmocka_unit_test_setup_teardown(test_redact_hides_the_face_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exact_repeat_is_a_hit_with_the_same_output, set_up, tear_down),
        cmocka_unit_test(test_what_changes_the_answer_changes_the_key),
        cmocka_unit_test(test_every_pixel_is_in_the_key),
        cmocka_unit_test_setup_teardown(test_padding_is_neither_read_nor_written, set_up, tear_down),
        cmocka_unit_test(test_callers_regions),
        cmocka_unit_test(test_regions_wholly_outside_are_refused),
        cmocka_unit_test(test_names_are_checked),
        cmocka_unit_test(test_metrics_count_findings_and_hits),
        cmocka_unit_test(test_excluded_face_is_left),
        cmocka_unit_test(test_keep_reports_and_leaves),
        cmocka_unit_test(test_named_effect_outranks_a_later_star),
        cmocka_unit_test(test_scan_reports_what_does_not_fit),
        cmocka_unit_test(test_pixel_limit_leaves_the_picture),
        cmocka_unit_test(test_timeout_after_the_start_zeroes_the_picture),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* Polygons as boxes, boxes that exempt, and the smallest size: src/image/shapes.c, and the same through the API. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/shapes.h"

#define W 320u
#define H 240u

/* Even-odd rule at the middle of a pixel. */
static bool lies_inside(const veil_polygon *polygon, double x, double y)
{
    bool is_in = false;
    for (size_t i = 0, j = polygon->point_count - 1; i < polygon->point_count; j = i++) {
        const double ax = polygon->points[2 * i] + 0.5, ay = polygon->points[2 * i + 1] + 0.5;
        const double bx = polygon->points[2 * j] + 0.5, by = polygon->points[2 * j + 1] + 0.5;
        if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) is_in = !is_in;
    }
    return is_in;
}

static void test_every_pixel_of_a_polygon_is_covered(void **state)
{
    const vl_image_view view = {.width = W, .height = H};
    uint32_t seed = 5;
    (void)state;
    for (int round = 0; round < 400; round++) {
        int32_t points[2 * 9];
        const size_t corners = 3 + picture_random(&seed) % 7;
        const veil_polygon polygon = {sizeof polygon, points, corners};
        vl_rect boxes[VL_POLYGON_STEPS];
        bool is_covered[W] = {0};
        for (size_t i = 0; i < 2 * corners; i++)
            points[i] = (int32_t)(picture_random(&seed) % 500) - 90;
        const size_t count = vl_polygon_cover(&polygon, &view, boxes);
        assert_true(count <= VL_POLYGON_STEPS);
        for (uint32_t y = 0; y < H; y++) {
            memset(is_covered, 0, sizeof is_covered);
            for (size_t b = 0; b < count; b++)
                for (uint32_t x = boxes[b].x;
                     y >= boxes[b].y && y < boxes[b].y + boxes[b].h && x < boxes[b].x + boxes[b].w; x++)
                    is_covered[x] = true;
            for (uint32_t x = 0; x < W; x++)
                if (lies_inside(&polygon, x + 0.5, y + 0.5) && !is_covered[x]) fail_msg("round %d: %u,%u", round, x, y);
        }
    }
}

static void test_extreme_corners_do_no_harm(void **state)
{
    const int32_t huge[] = {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX, INT32_MAX, INT32_MIN, INT32_MAX};
    const int32_t point[] = {5, 5, 5, 5, 5, 5}, line[] = {0, 7, 400, 7, 200, 7}, outside[] = {400, 0, 500, 0, 450, 90};
    const vl_image_view view = {.width = W, .height = H};
    vl_rect boxes[VL_POLYGON_STEPS];
    size_t covered = 0;
    (void)state;
    const size_t count = vl_polygon_cover(&(veil_polygon){sizeof(veil_polygon), huge, 4}, &view, boxes);
    for (size_t i = 0; i < count; i++)
        covered += (size_t)boxes[i].w * boxes[i].h;
    assert_int_equal(covered, W * H);
    assert_int_equal(vl_polygon_cover(&(veil_polygon){sizeof(veil_polygon), point, 3}, &view, boxes), 1);
    assert_true(boxes[0].x == 5 && boxes[0].y == 5 && boxes[0].w == 1 && boxes[0].h == 1);
    assert_int_equal(vl_polygon_cover(&(veil_polygon){sizeof(veil_polygon), line, 3}, &view, boxes), 1);
    assert_int_equal(boxes[0].w, W);
    assert_int_equal(vl_polygon_cover(&(veil_polygon){sizeof(veil_polygon), outside, 3}, &view, boxes), 0);
}

/* ---- Through the API --------------------------------------------------------------------------------------------- */

static const int32_t triangle[] = {160, 20, 300, 220, 20, 220};

static veil_sanitizer *make(void)
{
    static const char *const region[] = {"REGION"};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    config.entities = region;
    config.entity_count = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    return sanitizer;
}

static void test_fill_keeps_to_the_shape_and_others_take_the_box(void **state)
{
    static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_PIXELATE};
    const veil_polygon polygon = {sizeof polygon, triangle, 3};
    veil_sanitizer *sanitizer = make();
    (void)state;
    for (int e = 0; e < 3; e++) {
        const veil_effect_rule rule = {sizeof rule, "REGION", effects[e], 0};
        vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
        veil_image image = picture_image(&view);
        veil_region region;
        veil_image_result result = {.struct_size = sizeof result, .regions = &region, .region_capacity = 1};
        veil_image_options options;
        size_t outside_shape = 0;
        for (size_t i = 0; i < (size_t)W * H; i++) /* every pixel differs from what any effect would leave */
            view.pixels[i] = i % 2 == 0 ? 255 : 1;
        veil_image_options_init(&options);
        options.polygons = &polygon;
        options.polygon_count = 1;
        options.effects = &rule;
        options.effect_count = 1;
        assert_int_equal(veil_image_redact(sanitizer, &options, &image, &result, NULL), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_string_equal(region.entity, "REGION");
        assert_true(region.x == 20 && region.y == 20 && region.w == 281 && region.h == 201);
        for (uint32_t y = 0; y < H; y++) {
            for (uint32_t x = 0; x < W; x++) {
                const bool is_changed = view.pixels[y * W + x] != ((y * W + x) % 2 == 0 ? 255 : 1);
                if (lies_inside(&polygon, x + 0.5, y + 0.5)) assert_true(is_changed);
                if (x < 20 || x > 300 || y < 20 || y > 220) assert_false(is_changed);
                outside_shape += is_changed && !lies_inside(&polygon, x + 0.5, y + 0.5);
            }
        }
        if (effects[e] == VEIL_EFFECT_FILL) assert_true(outside_shape < 281u * 201u / 12);
        if (effects[e] != VEIL_EFFECT_FILL) assert_true(outside_shape > 281u * 201u / 3);
        picture_free(&view);
    }
    veil_sanitizer_destroy(sanitizer);
}

static void test_wrong_shapes_are_refused(void **state)
{
    const int32_t outside[] = {400, 0, 500, 0, 450, 90};
    veil_polygon polygon = {sizeof polygon, outside, 3};
    veil_sanitizer *sanitizer = make();
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_image image = picture_image(&view);
    veil_image_options options;
    const veil_region flat = {NULL, 1, 1, 0, 5, 0, 0};
    (void)state;
    veil_image_options_init(&options);
    options.polygons = &polygon;
    options.polygon_count = 1;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    polygon = (veil_polygon){sizeof polygon, triangle, 2};
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    polygon = (veil_polygon){sizeof polygon, NULL, 3};
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    polygon = (veil_polygon){8, triangle, 3};
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    options.polygon_count = 0;
    options.exempt = &flat;
    options.exempt_count = 1;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    options.exempt = NULL;
    options.exempt_count = 0;
    options.reserved = 1;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

/* Only what lies wholly inside is exempt; remembered answers are filtered, not changed. */
static void test_exempt_boxes_and_smallest_size(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);
    veil_region truth, found[4], exempt = {0};
    veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 4};
    veil_image_options options;
    (void)state;
    if (!picture_has_network()) skip();
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    picture_draw_wall(&view, 9);
    picture_paste_face(&view, 100, 60, 320, 240, &truth);
    veil_image_options_init(&options);
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    exempt = (veil_region){NULL, found[0].x, found[0].y, found[0].w, found[0].h, 0, 0};
    options.exempt = &exempt;
    options.exempt_count = 1;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 0);
    assert_int_equal(result.cache, VEIL_CACHE_EXACT);
    exempt.w--; /* it reaches out by one pixel: hidden whole */
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    options.exempt_count = 0;
    options.min_side = (uint32_t)(found[0].w < found[0].h ? found[0].w : found[0].h);
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1);
    options.min_side++;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 0);
    exempt = (veil_region){NULL, 0, 0, 640, 480, 0, 0};
    options.exempt_count = 1;
    options.regions = &truth;
    options.region_count = 1;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1); /* the caller's own are never exempt */
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pixel_of_a_polygon_is_covered),
        cmocka_unit_test(test_extreme_corners_do_no_harm),
        cmocka_unit_test(test_fill_keeps_to_the_shape_and_others_take_the_box),
        cmocka_unit_test(test_wrong_shapes_are_refused),
        cmocka_unit_test(test_exempt_boxes_and_smallest_size),
    };
    return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}

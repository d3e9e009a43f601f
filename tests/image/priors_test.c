/* Prior boxes against their formula, and decoding against hand-made numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "image/priors.h"

static void test_counts_of_the_published_networks(void **state)
{
    (void)state;
    assert_int_equal(vl_priors_count(320, 240), 4420);
    assert_int_equal(vl_priors_count(640, 480), 17640);
    assert_int_equal(vl_priors_count(0, 240), 0);
    assert_int_equal(vl_priors_count(320, 5000), 0);
    assert_int_equal(vl_priors_count(1, 1), 3 + 2 + 2 + 3);
}

static void near(float a, double b)
{
    assert_true(fabs((double)a - b) < 1e-5);
}

/* Stride 8: 40 x 30 cells of 3; 16: 20 x 15 of 2; 32: 10 x 8 of 2; 64: 5 x 4 of 3. */
static void test_values_at_320x240(void **state)
{
    vl_prior *p = calloc(4420, sizeof *p);

    (void)state;
    assert_non_null(p);
    vl_priors_make(VL_BOXES_TALL, 320, 240, p);
    near(p[0].cx, 4.0 / 320);
    near(p[0].cy, 4.0 / 240);
    near(p[0].w, 10.0 / 320);
    near(p[0].h, 12.5 / 240);
    near(p[4].cx, 12.0 / 320); /* second cell, second size */
    near(p[4].w, 16.0 / 320);
    near(p[3600].cx, 8.0 / 320); /* first of stride 16 */
    near(p[3600].w, 32.0 / 320);
    near(p[3600 + 600 + 160].w, 128.0 / 320); /* first of stride 64 */
    near(p[4419].cx, 288.0 / 320);
    near(p[4419].cy, 224.0 / 240);
    near(p[4419].h, 320.0 / 240); /* not clipped */
    vl_priors_make(VL_BOXES_SQUARE, 320, 240, p);
    near(p[0].h, 10.0 / 240);
    near(p[4419].w, 256.0 / 320);
    near(p[4419].h, 1.0); /* clipped */
    free(p);
}

static void test_decoding(void **state)
{
    const vl_prior prior = {0.5F, 0.4F, 0.2F, 0.1F};
    const float scores[] = {0.1F, 0.9F};
    const float zero[] = {0, 0, 0, 0};
    const float moved[] = {1, -2, 5, 10}; /* centre by .1 * w, -.2 * h; sizes by e, e^2 */
    const float corners[] = {0.1F, 0.2F, 0.3F, 0.4F};
    vl_box box;
    size_t count;

    (void)state;
    assert_true(vl_boxes_decode(VL_BOXES_TALL, &prior, scores, zero, 1, 0.5F, &box, &count));
    assert_int_equal(count, 1);
    near(box.x0, 0.4);
    near(box.x1, 0.6);
    near(box.y0, 0.35);
    near(box.y1, 0.45);
    near(box.score, 0.9);
    assert_true(vl_boxes_decode(VL_BOXES_SQUARE, &prior, scores, moved, 1, 0.5F, &box, &count));
    near((box.x0 + box.x1) / 2, 0.52);
    near((box.y0 + box.y1) / 2, 0.38);
    near(box.x1 - box.x0, 0.2 * exp(1));
    near(box.y1 - box.y0, 0.1 * exp(2));
    assert_true(vl_boxes_decode(VL_BOXES_CORNERS, &prior, scores, corners, 1, 0.5F, &box, &count));
    near(box.x0, 0.1);
    near(box.y1, 0.4);
    assert_true(vl_boxes_decode(VL_BOXES_CORNERS, &prior, scores, corners, 1, 0.95F, &box, &count));
    assert_int_equal(count, 0);
}

/* A network that answers with something that is no number saw nothing, and must not be taken for an empty picture. */
static void test_numbers_that_are_none(void **state)
{
    const vl_prior prior = {0.5F, 0.5F, 0.1F, 0.1F};
    const float good[] = {0.1F, 0.9F};
    const float bad_scores[][2] = {{0, NAN}, {0, 1.5F}, {0, -0.5F}, {0, INFINITY}};
    const float codes[] = {0, 0, 0, 0};
    const float bad_codes[][4] = {{NAN, 0, 0, 0}, {0, INFINITY, 0, 0}, {0, 0, NAN, 0}};
    const float huge[] = {0, 0, 1e30F, 1e30F};
    vl_box box;
    size_t count;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_false(vl_boxes_decode(VL_BOXES_TALL, &prior, bad_scores[i], codes, 1, 0.5F, &box, &count));
    for (size_t i = 0; i < 2; i++)
        assert_false(vl_boxes_decode(VL_BOXES_TALL, &prior, good, bad_codes[i], 1, 0.5F, &box, &count));
    assert_false(vl_boxes_decode(VL_BOXES_CORNERS, &prior, good, bad_codes[2], 1, 0.5F, &box, &count));
    assert_true(vl_boxes_decode(VL_BOXES_TALL, &prior, good, huge, 1, 0.5F, &box, &count));
    assert_int_equal(count, 1);
    assert_true(isfinite(box.x0) && isfinite(box.y1));
}

static void test_corners_are_told_by_their_order(void **state)
{
    float codes[400];
    unsigned seed = 1;

    (void)state;
    for (size_t i = 0; i < 400; i++) {
        seed = seed * 1103515245u + 12345u;
        codes[i] = (float)(seed >> 16 & 0xFFF) / 1024.0F - 2.0F;
    }
    assert_false(vl_boxes_are_corners(codes, 100));
    for (size_t i = 0; i < 100; i++) {
        codes[4 * i + 2] = codes[4 * i] + 0.1F;
        codes[4 * i + 3] = codes[4 * i + 1] + 0.1F;
    }
    assert_true(vl_boxes_are_corners(codes, 100));
    assert_false(vl_boxes_are_corners(codes, 0));
}

static void test_iou(void **state)
{
    const vl_box a = {0, 0, 2, 2, 1};
    const vl_box b = {1, 1, 3, 3, 1};
    const vl_box apart = {5, 5, 6, 6, 1};
    const vl_box flat = {0, 0, 2, 0, 1};

    (void)state;
    near(vl_box_iou(&a, &a), 1);
    near(vl_box_iou(&a, &b), 1.0 / 7);
    near(vl_box_iou(&a, &apart), 0);
    near(vl_box_iou(&flat, &flat), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_of_the_published_networks),
        cmocka_unit_test(test_values_at_320x240),
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_numbers_that_are_none),
        cmocka_unit_test(test_corners_are_told_by_their_order),
        cmocka_unit_test(test_iou),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

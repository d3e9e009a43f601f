/* The detector's input against a slow and plain reference, the way back, and the padding. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/letterbox.h"

enum { INPUT_W = 320, INPUT_H = 240, PLANE = INPUT_W * INPUT_H };

static vl_letterbox_scratch scratch;
static float planes[3 * PLANE];

static vl_letterbox draw(const vl_image_view *view)
{
    const vl_letterbox box = vl_letterbox_fit(view->width, view->height, INPUT_W, INPUT_H);

    memset(planes, 0, sizeof planes);
    vl_letterbox_draw(&box, view, vl_kernels_for(VEIL_CPU_AUTO), planes, &scratch);
    return box;
}

static void random_picture(const vl_image_view *view, uint32_t seed)
{
    for (uint32_t y = 0; y < view->height; y++) {
        for (uint32_t i = 0; i < view->width * vl_pixel_bytes(view->format); i++)
            vl_view_row(view, y)[i] = (uint8_t)picture_random(&seed);
    }
}

static double channel_at(const vl_image_view *view, uint32_t x, uint32_t y, uint32_t plane)
{
    const vl_pixel_layout layout = vl_pixel_layout_of(view->format);
    const int8_t offsets[3] = {layout.red, layout.green, layout.blue};

    return vl_view_row(view, y)[x * vl_pixel_bytes(view->format) + (uint32_t)offsets[plane]];
}

/* Length of the part of source pixel `at` that output pixel `i` of `n` over `side` covers. */
static double covered(uint32_t at, uint32_t i, uint32_t n, uint32_t side)
{
    const double begin = fmax((double)i * side / n, at);
    const double end = fmin((double)(i + 1) * side / n, at + 1.0);

    return end > begin ? end - begin : 0;
}

static double reference_average(const vl_image_view *view, const vl_letterbox *box, uint32_t x, uint32_t y, uint32_t p)
{
    double total = 0, weight = 0;
    const uint32_t y0 = (uint32_t)((uint64_t)y * view->height / box->fitted_height);
    const uint32_t x0 = (uint32_t)((uint64_t)x * view->width / box->fitted_width);

    for (uint32_t j = y0; j < view->height && covered(j, y, box->fitted_height, view->height) > 0; j++) {
        for (uint32_t i = x0; i < view->width && covered(i, x, box->fitted_width, view->width) > 0; i++) {
            const double part =
                covered(j, y, box->fitted_height, view->height) * covered(i, x, box->fitted_width, view->width);

            total += part * channel_at(view, i, j, p);
            weight += part;
        }
    }
    return (total / weight - 127) / 128;
}

static void test_shrinking_is_the_area_average(void **state)
{
    static const uint32_t sizes[][2] = {{640, 480},  {1280, 720}, {960, 240}, {641, 479}, {1000, 750},
                                        {320, 2400}, {5000, 31},  {3, 2000},  {320, 240}, {399, 241}};
    uint32_t seed = 3;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const uint32_t format = VEIL_PIXEL_BGR + (uint32_t)(i % 5);
        vl_image_view view = picture_make(sizes[i][0], sizes[i][1], format);
        vl_letterbox box;

        random_picture(&view, 17 + (uint32_t)i);
        box = draw(&view);
        for (int n = 0; n < 400; n++) {
            const uint32_t x = picture_random(&seed) % box.fitted_width;
            const uint32_t y = picture_random(&seed) % box.fitted_height;
            const uint32_t p = (uint32_t)n % 3;

            assert_true(fabs(planes[p * PLANE + y * INPUT_W + x] - reference_average(&view, &box, x, y, p)) < 2e-4);
        }
        picture_free(&view);
    }
}

/* A plane that rises evenly stays one when it grows, and its ends are kept. */
static void test_growing_is_bilinear(void **state)
{
    vl_image_view view = picture_make(80, 60, VEIL_PIXEL_RGB);

    (void)state;
    for (uint32_t y = 0; y < 60; y++) {
        for (uint32_t x = 0; x < 80; x++) {
            uint8_t *at = vl_view_row(&view, y) + x * 3;

            at[0] = (uint8_t)(3 * x);
            at[1] = (uint8_t)(4 * y);
            at[2] = 200;
        }
    }
    (void)draw(&view);
    for (uint32_t y = 2; y < 238; y += 7) {
        for (uint32_t x = 2; x < 318; x += 5) {
            assert_true(fabs(planes[y * INPUT_W + x] * 128 + 127 - 3 * ((x + 0.5) / 4 - 0.5)) < 0.01);
            assert_true(fabs(planes[PLANE + y * INPUT_W + x] * 128 + 127 - 4 * ((y + 0.5) / 4 - 0.5)) < 0.01);
            assert_true(fabs(planes[2 * PLANE + y * INPUT_W + x] * 128 + 127 - 200) < 0.01);
        }
    }
    assert_true(fabs(planes[0] * 128 + 127) < 0.01);
    assert_true(fabs(planes[319] * 128 + 127 - 237) < 0.01);
    picture_free(&view);
}

static void test_formats_agree(void **state)
{
    vl_image_view bgr = picture_make(500, 300, VEIL_PIXEL_BGR);
    float *expected = malloc(sizeof planes);

    (void)state;
    assert_non_null(expected);
    picture_draw_wall(&bgr, 5);
    picture_paste_face(&bgr, 50, 20, 320, 240, NULL);
    (void)draw(&bgr);
    memcpy(expected, planes, sizeof planes);
    for (uint32_t format = VEIL_PIXEL_RGB; format <= VEIL_PIXEL_RGBA; format++) {
        vl_image_view view = picture_make(500, 300, format);

        picture_draw_wall(&view, 5);
        picture_paste_face(&view, 50, 20, 320, 240, NULL);
        (void)draw(&view);
        for (size_t i = 0; i < 3 * PLANE; i++)
            assert_true(fabsf(expected[i] - planes[i]) < 1e-5F);
        picture_free(&view);
    }
    free(expected);
    picture_free(&bgr);
}

/* Never stretched: one scale for both sides, and what is left over stays the padding value. */
static void test_fit_and_padding(void **state)
{
    static const uint32_t sizes[][2] = {{640, 480}, {100, 400}, {65535, 1}, {1, 65535}, {1, 1}, {321, 240}, {7, 5}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        vl_image_view view = picture_make(sizes[i][0], sizes[i][1], VEIL_PIXEL_GRAY);
        vl_letterbox box;

        memset(view.pixels, 255, (size_t)view.width * view.height);
        box = draw(&view);
        assert_in_range(box.fitted_width, 1, INPUT_W);
        assert_in_range(box.fitted_height, 1, INPUT_H);
        assert_true(box.fitted_width == INPUT_W || box.fitted_height == INPUT_H);
        for (uint32_t y = 0; y < INPUT_H; y++) {
            for (uint32_t x = 0; x < INPUT_W; x++) {
                const bool inside = x < box.fitted_width && y < box.fitted_height;

                assert_true(fabsf(planes[y * INPUT_W + x] - (inside ? 1.0F : 0.0F)) < 1e-5F);
            }
        }
        picture_free(&view);
    }
}

/* A point of the picture goes to the input and back to where it came from. */
static void test_way_back(void **state)
{
    uint32_t seed = 9;

    (void)state;
    for (int n = 0; n < 1000; n++) {
        const uint32_t width = 1 + picture_random(&seed) % 65535;
        const uint32_t height = 1 + picture_random(&seed) % 65535;
        const vl_letterbox box = vl_letterbox_fit(width, height, INPUT_W, INPUT_H);

        assert_true(fabs((double)box.fitted_width * box.back_x - width) < 0.02);
        assert_true(fabs((double)box.fitted_height * box.back_y - height) < 0.02);
        if (box.fitted_width > 20 && box.fitted_height > 20) /* else rounding to whole pixels shows */
            assert_true(fabs((double)box.back_x / box.back_y - 1) < 0.03);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shrinking_is_the_area_average),
        cmocka_unit_test(test_growing_is_bilinear),
        cmocka_unit_test(test_formats_agree),
        cmocka_unit_test(test_fit_and_padding),
        cmocka_unit_test(test_way_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Views and rectangles: what is refused, clipping at the edges of int64, colours in every format. */
#include "image/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"

static uint8_t pixels[64];

static veil_image good_image(void)
{
    return (veil_image){.struct_size = sizeof(veil_image),
                        .pixels = pixels,
                        .stride_bytes = 12,
                        .width = 4,
                        .height = 2,
                        .format = VEIL_PIXEL_BGR};
}

static veil_status check(const veil_image *image, uint64_t max_pixels)
{
    vl_image_view view;
    return vl_view_from_image(image, max_pixels, &view, NULL);
}

static void bad_pictures_are_refused(void **state)
{
    (void)state;
    veil_image image = good_image();
    assert_int_equal(check(&image, 0), VEIL_OK);
    assert_int_equal(check(&image, 8), VEIL_OK);
    assert_int_equal(check(&image, 7), VEIL_ERR_LIMIT);
    image.pixels = NULL;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.reserved = 1;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.format = 0;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.format = VL_PIXEL_PAIR;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.format = VEIL_PIXEL_I420 + 1;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.stride_bytes = 11;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.stride_bytes = SIZE_MAX / 2;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.width = 0;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
    image = good_image(), image.height = 65536;
    assert_int_equal(check(&image, 0), VEIL_ERR_INVALID_ARGUMENT);
}

static void sizes_do_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(vl_image_tight_bytes(65535, 65535, VEIL_PIXEL_BGRA), 65535ull * 65535 * 4);
    assert_int_equal(vl_image_tight_bytes(65536, 1, VEIL_PIXEL_GRAY), 0);
    assert_int_equal(vl_image_tight_bytes(0, 1, VEIL_PIXEL_GRAY), 0);
    assert_int_equal(vl_image_tight_bytes(3, 3, 99), 0);
}

static void boxes_are_clipped(void **state)
{
    (void)state;
    static const struct {
        int64_t x, y, w, h;
        bool remains;
        vl_rect expected;
    } cases[] = {
        {1, 1, 2, 3, true, {1, 1, 2, 3}},
        {-5, -5, 10, 10, true, {0, 0, 5, 5}},
        {8, 6, 100, 100, true, {8, 6, 2, 4}},
        {INT64_MIN, 0, INT64_MAX, 1, false, {0}},
        {-1, -1, INT64_MAX, INT64_MAX, true, {0, 0, 10, 10}},
        {5, 5, INT64_MAX, INT64_MAX, true, {5, 5, 5, 5}},
        {10, 0, 1, 1, false, {0}},
        {0, 10, 1, 1, false, {0}},
        {-3, 0, 3, 1, false, {0}},
        {0, 0, 0, 5, false, {0}},
        {0, 0, -1, 5, false, {0}},
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, false, {0}},
    };
    vl_image_view view = vl_view_make(NULL, 10, 10, VEIL_PIXEL_GRAY);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        vl_rect rect = {77, 77, 77, 77};
        bool remains = vl_rect_clip(&view, cases[i].x, cases[i].y, cases[i].w, cases[i].h, &rect);
        assert_int_equal(remains, cases[i].remains);
        if (remains) assert_memory_equal(&rect, &cases[i].expected, sizeof rect);
        if (!remains) assert_int_equal(rect.x, 77);
    }
}

static void growing_stops_at_the_edge(void **state)
{
    (void)state;
    vl_image_view view = vl_view_make(NULL, 10, 10, VEIL_PIXEL_GRAY);
    vl_rect grown = vl_rect_grow(&view, (vl_rect){1, 4, 3, 3}, 2, 2), expected = {0, 2, 6, 7};
    assert_memory_equal(&grown, &expected, sizeof grown);
    grown = vl_rect_grow(&view, (vl_rect){1, 4, 3, 3}, UINT32_MAX, 0);
    expected = (vl_rect){0, 4, 10, 3};
    assert_memory_equal(&grown, &expected, sizeof grown);
}

static void colours_have_the_format_s_order(void **state)
{
    (void)state;
    static const uint8_t expected[][4] = {{0},
                                          {0x30, 0x20, 0x10, 255},
                                          {0x10, 0x20, 0x30, 255},
                                          {0x30, 0x20, 0x10, 255},
                                          {0x10, 0x20, 0x30, 255},
                                          {29, 255, 255, 255}};
    static const uint32_t bytes[] = {0, 3, 3, 4, 4, 1};
    for (uint32_t format = VEIL_PIXEL_BGR; format <= VEIL_PIXEL_GRAY; format++) {
        uint8_t color[4];
        assert_int_equal(vl_pixel_from_rgb(format, 0x102030, color), bytes[format]);
        assert_memory_equal(color, expected[format], 4);
    }
    uint8_t white[4];
    vl_pixel_from_rgb(VEIL_PIXEL_GRAY, 0xFFFFFF, white);
    assert_int_equal(white[0], 255);
}

static void clearing_spares_the_padding(void **state)
{
    (void)state;
    memset(pixels, 9, sizeof pixels);
    vl_image_view view = {pixels, 16, 5, 3, VEIL_PIXEL_BGR};
    vl_view_clear(&view);
    for (size_t i = 0; i < sizeof pixels; i++)
        assert_int_equal(pixels[i], i < 48 && i % 16 < 15 ? 0 : 9);
}

static void hidden_colours_go_where_there_is_alpha(void **state)
{
    (void)state;
    static const uint8_t before[] = {1, 2, 3, 0, 4, 5, 6, 7}, after[] = {0, 0, 0, 0, 4, 5, 6, 7};
    memcpy(pixels, before, 8);
    vl_image_view view = vl_view_make(pixels, 2, 1, VEIL_PIXEL_RGBA);
    vl_view_clear_hidden(vl_kernels_for(VEIL_CPU_AUTO), &view);
    assert_memory_equal(pixels, after, 8);
    memcpy(pixels, before, 8);
    view = vl_view_make(pixels, 2, 1, VEIL_PIXEL_RGB);
    vl_view_clear_hidden(vl_kernels_for(VEIL_CPU_AUTO), &view);
    assert_memory_equal(pixels, before, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_pictures_are_refused),
        cmocka_unit_test(sizes_do_not_overflow),
        cmocka_unit_test(boxes_are_clipped),
        cmocka_unit_test(growing_stops_at_the_edge),
        cmocka_unit_test(colours_have_the_format_s_order),
        cmocka_unit_test(clearing_spares_the_padding),
        cmocka_unit_test(hidden_colours_go_where_there_is_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

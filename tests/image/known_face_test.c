/* The known face: the same pixels everywhere, nothing outside the picture, a truth box inside it. */
#include "image/known_face.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static uint64_t checksum(const uint8_t *data, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325ull;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 0x100000001b3ull;
    return hash;
}

static void pixels_are_the_same_on_every_machine(void **state)
{
    (void)state;
    size_t size = VL_KNOWN_FACE_WIDTH * VL_KNOWN_FACE_HEIGHT * 3;
    uint8_t *bgr = malloc(size);
    assert_non_null(bgr);
    vl_known_face_draw(bgr, VL_KNOWN_FACE_WIDTH * 3, VL_KNOWN_FACE_WIDTH, VL_KNOWN_FACE_HEIGHT, NULL);
    assert_int_equal(checksum(bgr, size),
                     0xa10cf3f383d1fd61ull); /* changes when the drawing does: then remake examples/picture.jpg */
    free(bgr);
}

static void nothing_outside_is_written_and_everything_inside_is(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {2, 7}, {31, 5}, {64, 48}, {111, 200}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t width = sizes[i][0], height = sizes[i][1];
        size_t stride = (size_t)width * 3 + 5;
        uint8_t *bgr = malloc(stride * height);
        assert_non_null(bgr);
        memset(bgr, 1, stride * height); /* no pixel of the drawing is this dark */
        vl_known_face_draw(bgr, stride, width, height, NULL);
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < stride; x++)
                assert_int_equal(bgr[y * stride + x] == 1, x >= (size_t)width * 3);
        free(bgr);
    }
}

static void the_box_is_inside_and_scales(void **state)
{
    (void)state;
    uint8_t *bgr = malloc(640 * 480 * 3);
    assert_non_null(bgr);
    veil_region small, large;
    vl_known_face_draw(bgr, 320 * 3, 320, 240, &small);
    vl_known_face_draw(bgr, 640 * 3, 640, 480, &large);
    assert_true(small.x > 0 && small.y > 0 && small.x + small.w < 320 && small.y + small.h < 240);
    assert_in_range(large.w, 2 * small.w - 2, 2 * small.w + 2);
    assert_in_range(large.x, 2 * small.x - 2, 2 * small.x + 2);
    assert_string_equal(small.entity, "FACE");
    free(bgr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_are_the_same_on_every_machine),
        cmocka_unit_test(nothing_outside_is_written_and_everything_inside_is),
        cmocka_unit_test(the_box_is_inside_and_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

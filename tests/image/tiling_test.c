/* Tiles: every pixel is in one, faces at seams lie whole in one, sizes and counts keep to their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/tiling.h"

static void test_small_pictures_have_no_tiles(void **state)
{
    static const uint32_t sizes[][2] = {{1, 1}, {640, 480}, {1280, 960}, {1280, 1}, {1, 960}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const vl_tiling tiling = vl_tiling_plan(sizes[i][0], sizes[i][1], 640, 480);

        assert_int_equal(vl_tiling_count(&tiling), 0);
    }
}

static void check(uint32_t width, uint32_t height, uint32_t input_width, uint32_t input_height)
{
    const vl_tiling tiling = vl_tiling_plan(width, height, input_width, input_height);
    uint32_t right = 0, bottom = 0;

    assert_in_range(vl_tiling_count(&tiling), 1, VL_TILING_MAX);
    for (uint32_t i = 0; i < vl_tiling_count(&tiling); i++) {
        const vl_rect tile = vl_tiling_at(&tiling, i);

        assert_int_equal(tile.x % 16, 0);
        assert_int_equal(tile.y % 16, 0);
        assert_true(tile.w > 0 && tile.h > 0);
        assert_true(tile.x + tile.w <= width && tile.y + tile.h <= height);
        if (i % tiling.columns == 0) right = 0, bottom = i / tiling.columns == 0 ? 0 : bottom;
        assert_true(tile.x <= right); /* no gap to the tile on the left */
        assert_true(tile.y <= bottom || i < tiling.columns);
        right = tile.x + tile.w;
        if (i % tiling.columns == tiling.columns - 1) {
            assert_int_equal(right, width);
            bottom = tile.y + tile.h;
        }
    }
    assert_int_equal(bottom, height);
}

static void test_tiles_cover_the_picture(void **state)
{
    uint32_t seed = 5;

    (void)state;
    check(3840, 2160, 640, 480);
    check(1281, 960, 640, 480);
    check(65535, 1, 640, 480);
    check(65535, 65535, 128, 128);
    check(7, 65535, 640, 480);
    for (int n = 0; n < 2000; n++) {
        const uint32_t input_width = 128 + picture_random(&seed) % 1921,
                       input_height = 128 + picture_random(&seed) % 1921;
        const uint32_t width = 2 * input_width + 1 + picture_random(&seed) % (65535 - 2 * input_width);

        check(width, 1 + picture_random(&seed) % 65535, input_width, input_height);
    }
}

/* A face that the whole picture shows with less than 20 pixels lies whole in some tile, wherever it is. */
static void test_small_faces_lie_whole_in_a_tile(void **state)
{
    const vl_tiling tiling = vl_tiling_plan(3840, 2160, 640, 480);
    const uint32_t side = 100; /* of 120 for the alignment */
    uint32_t seed = 9;

    (void)state;
    for (int n = 0; n < 20000; n++) {
        const uint32_t x = picture_random(&seed) % (3840 - side), y = picture_random(&seed) % (2160 - side);
        bool is_whole = false;

        for (uint32_t i = 0; i < vl_tiling_count(&tiling); i++) {
            const vl_rect tile = vl_tiling_at(&tiling, i);

            is_whole |= x >= tile.x && y >= tile.y && x + side <= tile.x + tile.w && y + side <= tile.y + tile.h;
        }
        assert_true(is_whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_pictures_have_no_tiles),
        cmocka_unit_test(test_tiles_cover_the_picture),
        cmocka_unit_test(test_small_faces_lie_whole_in_a_tile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

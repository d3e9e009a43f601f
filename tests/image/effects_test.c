/*
 * Effects: what remains of the inside (nothing, or 16 rounded means), what happens outside (nothing), in every format, at odd
 * sizes and strides, on every CPU level.
 */
#include "image/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "picture_fixture.h"

static const uint32_t formats[] = {VEIL_PIXEL_BGR, VEIL_PIXEL_RGB, VEIL_PIXEL_BGRA, VEIL_PIXEL_RGBA, VEIL_PIXEL_GRAY};
static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};

static vl_effect_scratch scratch;

/* A picture of noise with padding behind each row, in memory of exactly its size. */
static vl_image_view make_view(uint32_t width, uint32_t height, uint32_t format, size_t padding, uint32_t seed)
{
    vl_image_view view = vl_view_make(NULL, width, height, format);
    view.stride_bytes += padding;
    size_t size = view.stride_bytes * height;
    view.pixels = malloc(size);
    assert_non_null(view.pixels);
    for (size_t i = 0; i < size; i++)
        view.pixels[i] = (uint8_t)(test_random(&seed) >> 23);
    return view;
}

static vl_image_view copy_view(const vl_image_view *view)
{
    vl_image_view copy = *view;
    copy.pixels = malloc(view->stride_bytes * view->height);
    assert_non_null(copy.pixels);
    memcpy(copy.pixels, view->pixels, view->stride_bytes * view->height);
    return copy;
}

static bool is_inside(const vl_rect *rect, uint32_t x, uint32_t y)
{
    return x >= rect->x && x - rect->x < rect->w && y >= rect->y && y - rect->y < rect->h;
}

static void apply_one(const vl_image_view *view, vl_rect rect, uint32_t effect)
{
    vl_effect_region region = {.rect = rect, .effect = effect, .color_rgb = 0x1A2B3C};
    vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), view, &region, 1, &scratch);
}

static vl_rect random_rect(const vl_image_view *view, uint32_t *seed)
{
    vl_rect rect;
    rect.x = test_random(seed) % view->width;
    rect.y = test_random(seed) % view->height;
    rect.w = 1 + test_random(seed) % (view->width - rect.x);
    rect.h = 1 + test_random(seed) % (view->height - rect.y);
    return rect;
}

/* Pixels outside and padding: bit for bit. */
static void check_outside(const vl_image_view *before, const vl_image_view *after, const vl_rect *rect)
{
    uint32_t n = vl_pixel_bytes(before->format);
    size_t row_bytes = (size_t)before->width * n;
    for (uint32_t y = 0; y < before->height; y++) {
        const uint8_t *a = vl_view_row(before, y), *b = vl_view_row(after, y);
        for (uint32_t x = 0; x < before->width; x++)
            if (!is_inside(rect, x, y)) assert_memory_equal(a + (size_t)x * n, b + (size_t)x * n, n);
        assert_memory_equal(a + row_bytes, b + row_bytes, before->stride_bytes - row_bytes);
    }
}

static void outside_and_padding_are_untouched(void **state)
{
    (void)state;
    uint32_t seed = 11;
    for (int round = 0; round < 600; round++) {
        uint32_t width = 1 + test_random(&seed) % 90, height = 1 + test_random(&seed) % 90;
        vl_image_view view = make_view(width, height, formats[round % 5], test_random(&seed) % 20, seed);
        vl_image_view before = copy_view(&view);
        vl_rect rect = random_rect(&view, &seed);
        apply_one(&view, rect, effects[round / 5 % 4]);
        check_outside(&before, &view, &rect);
        free(view.pixels);
        free(before.pixels);
    }
}

/* Everything inside replaced by other noise. */
static void scramble_inside(const vl_image_view *view, const vl_rect *rect, uint32_t seed)
{
    uint32_t n = vl_pixel_bytes(view->format);
    for (uint32_t y = rect->y; y < rect->y + rect->h; y++)
        for (size_t i = (size_t)rect->x * n; i < (size_t)(rect->x + rect->w) * n; i++)
            vl_view_row(view, y)[i] = (uint8_t)(test_random(&seed) >> 20);
}

static void fill_and_smooth_depend_on_nothing_inside(void **state)
{
    (void)state;
    uint32_t seed = 12;
    for (int round = 0; round < 600; round++) {
        uint32_t width = 1 + test_random(&seed) % 120, height = 1 + test_random(&seed) % 120;
        vl_image_view first = make_view(width, height, formats[round % 5], 5, seed), second = copy_view(&first);
        vl_rect rect = random_rect(&first, &seed);
        if (round % 9 == 0) rect = (vl_rect){0, 0, width, height};
        scramble_inside(&second, &rect, seed);
        apply_one(&first, rect, effects[round / 5 % 2]);
        apply_one(&second, rect, effects[round / 5 % 2]);
        assert_memory_equal(first.pixels, second.pixels, first.stride_bytes * height);
        free(first.pixels);
        free(second.pixels);
    }
}

/* The same for several regions that overlap and touch, with all of them scrambled at once. */
static void regions_do_not_leak_into_each_other(void **state)
{
    (void)state;
    uint32_t seed = 13;
    for (int round = 0; round < 400; round++) {
        vl_image_view first = make_view(100, 80, formats[round % 5], 0, seed), second = copy_view(&first);
        vl_effect_region regions[6];
        for (int i = 0; i < 6; i++)
            regions[i] = (vl_effect_region){
                .rect = random_rect(&first, &seed), .effect = effects[test_random(&seed) % 2], .color_rgb = 0xABCDEF};
        regions[1].rect = (vl_rect){10, 10, 30, 30};
        regions[2].rect = (vl_rect){40, 10, 30, 30}; /* touches the one before */
        for (int i = 0; i < 6; i++)
            scramble_inside(&second, &regions[i].rect, seed + (uint32_t)i);
        vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &first, regions, 6, &scratch);
        vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &second, regions, 6, &scratch);
        assert_memory_equal(first.pixels, second.pixels, first.stride_bytes * first.height);
        free(first.pixels);
        free(second.pixels);
    }
}

/* A blurred region beside a filled one must not hold means of what was filled, in whatever order they are given. */
static void blur_does_not_pick_up_what_is_filled(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        for (int hidden = 0; hidden < 2; hidden++) {
            vl_image_view first = make_view(96, 64, VEIL_PIXEL_BGR, 0, 5), second = copy_view(&first);
            vl_effect_region blur = {.rect = {0, 0, 64, 64}, .effect = VEIL_EFFECT_BLUR};
            vl_effect_region gone = {.rect = {32, 0, 64, 64}, .effect = effects[hidden]};
            vl_effect_region regions[2] = {order == 0 ? blur : gone, order == 0 ? gone : blur};
            scramble_inside(&second, &gone.rect, 99);
            vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &first, regions, 2, &scratch);
            vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &second, regions, 2, &scratch);
            assert_memory_equal(first.pixels, second.pixels, first.stride_bytes * 64);
            free(first.pixels);
            free(second.pixels);
        }
    }
}

static uint32_t cell_count(uint32_t side)
{
    uint32_t count = side / 8;
    return count < 1 ? 1 : count > 4 ? 4 : count;
}

/* Shuffle the pixels within each cell: every mean stays, everything else changes. */
static void shuffle_cell(const vl_image_view *view, uint32_t x0, uint32_t y0, uint32_t w, uint32_t h, uint32_t *seed)
{
    uint32_t n = vl_pixel_bytes(view->format);
    for (uint32_t i = w * h - 1; i > 0; i--) {
        uint32_t j = test_random(seed) % (i + 1);
        uint8_t swap[4], *a = vl_view_row(view, y0 + i / w) + (size_t)(x0 + i % w) * n;
        uint8_t *b = vl_view_row(view, y0 + j / w) + (size_t)(x0 + j % w) * n;
        memcpy(swap, a, n);
        memmove(a, b, n);
        memcpy(b, swap, n);
    }
}

static void blur_and_pixelate_keep_cell_means_alone(void **state)
{
    (void)state;
    uint32_t seed = 14;
    for (int round = 0; round < 400; round++) {
        uint32_t width = 1 + test_random(&seed) % 150, height = 1 + test_random(&seed) % 150;
        vl_image_view first = make_view(width, height, formats[round % 5], 3, seed), second = copy_view(&first);
        vl_rect r = random_rect(&first, &seed);
        uint32_t across = cell_count(r.w), down = cell_count(r.h);
        for (uint32_t j = 0; j < down; j++) {
            for (uint32_t i = 0; i < across; i++) {
                uint32_t x0 = r.w * i / across, y0 = r.h * j / down;
                shuffle_cell(&second, r.x + x0, r.y + y0, r.w * (i + 1) / across - x0, r.h * (j + 1) / down - y0,
                             &seed);
            }
        }
        apply_one(&first, r, effects[2 + round / 5 % 2]);
        apply_one(&second, r, effects[2 + round / 5 % 2]);
        assert_memory_equal(first.pixels, second.pixels, first.stride_bytes * height);
        free(first.pixels);
        free(second.pixels);
    }
}

static uint32_t count_colours(const vl_image_view *view, const vl_rect *rect)
{
    uint8_t seen[64][4];
    uint32_t count = 0, n = vl_pixel_bytes(view->format);
    for (uint32_t y = rect->y; y < rect->y + rect->h; y++) {
        for (uint32_t x = rect->x; x < rect->x + rect->w; x++) {
            uint32_t i = 0;
            while (i < count && memcmp(seen[i], vl_view_row(view, y) + (size_t)x * n, n) != 0)
                i++;
            if (i < count) continue;
            if (count == 64) return 64;
            memcpy(seen[count++], vl_view_row(view, y) + (size_t)x * n, n);
        }
    }
    return count;
}

static void pixelate_has_the_stated_cells(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{1, 1},  {7, 1},  {15, 1}, {16, 2}, {23, 2},
                                        {24, 3}, {31, 3}, {32, 4}, {33, 4}, {200, 4}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        vl_image_view view = make_view(210, 210, VEIL_PIXEL_BGR, 0, 8);
        for (size_t b = 0; b < 210 * 210 * 3; b++) /* a slope, so that no two cells share a mean */
            view.pixels[b] = (uint8_t)((b / 3 % 210) / 2 + (b / 630) / 7);
        vl_rect rect = {3, 4, sides[i][0], sides[i][0]};
        apply_one(&view, rect, VEIL_EFFECT_PIXELATE);
        assert_true(count_colours(&view, &rect) <= sides[i][1] * sides[i][1]);
        if (sides[i][0] >= 200) assert_int_equal(count_colours(&view, &rect), 16);
        free(view.pixels);
    }
}

/* A mean is the mean: a flat region stays what it was, a two-tone one gets both tones. */
static void means_are_right(void **state)
{
    (void)state;
    for (size_t f = 0; f < 5; f++) {
        uint32_t n = vl_pixel_bytes(formats[f]);
        vl_image_view view = make_view(300, 600, formats[f], 0, 9); /* more rows than are summed at a time */
        for (size_t i = 0; i < 300 * 600; i++)
            memset(view.pixels + i * n, i % 300 < 150 ? 40 : 200, n);
        apply_one(&view, (vl_rect){0, 0, 300, 600}, VEIL_EFFECT_PIXELATE);
        for (uint32_t c = 0; c < n; c++) {
            assert_int_equal(view.pixels[c], c == 3 ? 255 : 40);
            assert_int_equal(vl_view_row(&view, 599)[299 * n + c], c == 3 ? 255 : 200);
        }
        apply_one(&view, (vl_rect){0, 0, 150, 600}, VEIL_EFFECT_BLUR); /* flat: stays */
        assert_int_equal(view.pixels[0], 40);
        assert_int_equal(vl_view_row(&view, 300)[149 * n], 40);
        free(view.pixels);
    }
}

static void fill_is_the_colour_asked_for(void **state)
{
    (void)state;
    static const uint8_t expected[][4] = {{0x3C, 0x2B, 0x1A},
                                          {0x1A, 0x2B, 0x3C},
                                          {0x3C, 0x2B, 0x1A, 255},
                                          {0x1A, 0x2B, 0x3C, 255},
                                          {40}}; /* luma of 1A2B3C: 39.85 */
    for (size_t f = 0; f < 5; f++) {
        vl_image_view view = make_view(33, 9, formats[f], 0, 1);
        uint32_t n = vl_pixel_bytes(formats[f]);
        apply_one(&view, (vl_rect){1, 2, 31, 5}, VEIL_EFFECT_FILL);
        for (uint32_t x = 1; x < 32; x++)
            assert_memory_equal(vl_view_row(&view, 6) + x * n, expected[f], n);
        free(view.pixels);
    }
}

static void alpha_becomes_opaque_inside(void **state)
{
    (void)state;
    for (size_t e = 0; e < 4; e++) {
        vl_image_view view = make_view(60, 50, VEIL_PIXEL_RGBA, 0, 21);
        vl_rect rect = {5, 6, 44, 33};
        apply_one(&view, rect, effects[e]);
        for (uint32_t y = rect.y; y < rect.y + rect.h; y++)
            for (uint32_t x = rect.x; x < rect.x + rect.w; x++)
                assert_int_equal(vl_view_row(&view, y)[4 * x + 3], 255);
        free(view.pixels);
    }
}

/* smooth continues a slope (it solves for one), and has nothing to go by on a whole picture. */
static void smooth_looks_like_its_surroundings(void **state)
{
    (void)state;
    vl_image_view view = make_view(200, 200, VEIL_PIXEL_GRAY, 0, 1);
    for (uint32_t y = 0; y < 200; y++)
        for (uint32_t x = 0; x < 200; x++)
            vl_view_row(&view, y)[x] = (uint8_t)(20 + x / 2 + y / 2);
    vl_image_view before = copy_view(&view);
    apply_one(&view, (vl_rect){40, 30, 110, 120}, VEIL_EFFECT_SMOOTH);
    for (uint32_t y = 0; y < 200; y++)
        for (uint32_t x = 0; x < 200; x++)
            assert_in_range(vl_view_row(&view, y)[x] + 4, vl_view_row(&before, y)[x], vl_view_row(&before, y)[x] + 8);
    apply_one(&view, (vl_rect){0, 0, 200, 200}, VEIL_EFFECT_SMOOTH);
    for (size_t i = 0; i < 200 * 200; i++)
        assert_int_equal(view.pixels[i], 128);
    free(view.pixels);
    free(before.pixels);
}

static void touching_smooth_regions_show_no_grey_seam(void **state)
{
    (void)state;
    vl_image_view view = make_view(200, 100, VEIL_PIXEL_GRAY, 0, 1);
    memset(view.pixels, 250, 200 * 100);
    vl_effect_region regions[2] = {{.rect = {40, 20, 50, 60}, .effect = VEIL_EFFECT_SMOOTH},
                                   {.rect = {90, 20, 50, 60}, .effect = VEIL_EFFECT_SMOOTH}};
    vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &view, regions, 2, &scratch);
    for (size_t i = 0; i < 200 * 100; i++)
        assert_true(view.pixels[i] >= 248);
    free(view.pixels);
}

/* x^2 + y^2 <= 1 in the rect's own half sides, at the middles of pixels. 2: too near to call. */
static int in_ellipse(const vl_rect *rect, uint32_t x, uint32_t y)
{
    double across = (2.0 * (x - rect->x) + 1 - rect->w) / rect->w, down = (2.0 * (y - rect->y) + 1 - rect->h) / rect->h;
    double sum = across * across + down * down;
    return sum > 1 - 1e-9 && sum < 1 + 1e-9 ? 2 : sum <= 1;
}

static void ellipses_have_a_hard_edge(void **state)
{
    uint32_t seed = 77;
    (void)state;
    for (uint32_t round = 0; round < 400; round++) {
        uint32_t format = formats[round % 5], bytes = vl_pixel_bytes(format), effect = effects[round / 5 % 4];
        vl_image_view first =
            make_view(20 + test_random(&seed) % 400, 20 + test_random(&seed) % 60, format, 5, round + 1);
        vl_image_view before = copy_view(&first), second = copy_view(&first);
        vl_effect_region region = {.rect = random_rect(&first, &seed), .effect = effect, .is_ellipse = true};
        for (uint32_t y = 0; y < first.height; y++)
            for (uint32_t x = 0; x < first.width; x++)
                if (is_inside(&region.rect, x, y) && in_ellipse(&region.rect, x, y) == 1)
                    memset(vl_view_row(&second, y) + (size_t)x * bytes, (int)(test_random(&seed) & 255), bytes);
        vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &first, &region, 1, &scratch);
        vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &second, &region, 1, &scratch);
        for (uint32_t y = 0; y < first.height; y++) {
            for (uint32_t x = 0; x < first.width; x++) {
                const uint8_t *after = vl_view_row(&first, y) + (size_t)x * bytes;
                bool is_out = !is_inside(&region.rect, x, y) || in_ellipse(&region.rect, x, y) == 0;
                if (is_out) assert_memory_equal(after, vl_view_row(&before, y) + (size_t)x * bytes, bytes);
                if (is_out || in_ellipse(&region.rect, x, y) == 2) continue;
                if (effect == VEIL_EFFECT_FILL) assert_int_equal(after[0], 0);
                if (effect == VEIL_EFFECT_FILL || effect == VEIL_EFFECT_SMOOTH)
                    assert_memory_equal(after, vl_view_row(&second, y) + (size_t)x * bytes, bytes);
            }
        }
        free(first.pixels);
        free(second.pixels);
        free(before.pixels);
    }
}

static void keep_keeps(void **state)
{
    (void)state;
    vl_image_view view = make_view(20, 20, VEIL_PIXEL_BGR, 0, 1), before = copy_view(&view);
    apply_one(&view, (vl_rect){2, 2, 10, 10}, VEIL_EFFECT_KEEP);
    assert_memory_equal(view.pixels, before.pixels, 20 * 60);
    free(view.pixels);
    free(before.pixels);
}

static void every_cpu_level_gives_the_same_pixels(void **state)
{
    (void)state;
    uint32_t seed = 15;
    for (int round = 0; round < 300; round++) {
        uint32_t width = 1 + test_random(&seed) % 400, height = 1 + test_random(&seed) % 300;
        vl_image_view first = make_view(width, height, formats[round % 5], 7, seed);
        vl_effect_region region = {.rect = random_rect(&first, &seed),
                                   .effect = effects[round / 5 % 4],
                                   .color_rgb = 0x123456,
                                   .is_ellipse = round % 3 == 0};
        vl_image_view original = copy_view(&first);
        vl_effects_apply(&vl_kernels_plain, &first, &region, 1, &scratch);
        for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++) {
            const vl_kernels *kernels = vl_kernels_for(level);
            if (kernels == NULL) continue;
            vl_image_view second = copy_view(&original);
            vl_effects_apply(kernels, &second, &region, 1, &scratch);
            assert_memory_equal(first.pixels, second.pixels, first.stride_bytes * height);
            free(second.pixels);
        }
        free(first.pixels);
        free(original.pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_and_padding_are_untouched),
        cmocka_unit_test(fill_and_smooth_depend_on_nothing_inside),
        cmocka_unit_test(regions_do_not_leak_into_each_other),
        cmocka_unit_test(blur_does_not_pick_up_what_is_filled),
        cmocka_unit_test(blur_and_pixelate_keep_cell_means_alone),
        cmocka_unit_test(pixelate_has_the_stated_cells),
        cmocka_unit_test(means_are_right),
        cmocka_unit_test(fill_is_the_colour_asked_for),
        cmocka_unit_test(alpha_becomes_opaque_inside),
        cmocka_unit_test(smooth_looks_like_its_surroundings),
        cmocka_unit_test(touching_smooth_regions_show_no_grey_seam),
        cmocka_unit_test(ellipses_have_a_hard_edge),
        cmocka_unit_test(keep_keeps),
        cmocka_unit_test(every_cpu_level_gives_the_same_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* NV12 and I420: whole chroma cells are hidden, nothing else is touched, what was inside decides nothing, and faces are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"

static veil_sanitizer *boxes_only;

static int set_up(void **state)
{
    static const char *const entities[] = {"REGION"};
    veil_config config;
    (void)state;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 1;
    return veil_sanitizer_create(&config, &boxes_only, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    veil_sanitizer_destroy(boxes_only);
    return 0;
}

typedef struct planes {
    uint8_t *bytes;
    size_t count;
    veil_image image;
} planes;

static planes make(uint32_t width, uint32_t height, uint32_t format, size_t padding)
{
    size_t stride = width + (width & 1) + padding, cells = (height + 1) / 2;
    planes p = {.count = stride * height + 2 * ((stride + 1) / 2) * cells};
    if (format == VEIL_PIXEL_NV12) p.count = stride * (height + cells);
    p.bytes = malloc(p.count); /* of exactly its size */
    assert_non_null(p.bytes);
    p.image = (veil_image){sizeof p.image, p.bytes, stride, width, height, format, 0};
    return p;
}

/* Where the U (0) or V (1) of a pixel lies. */
static size_t chroma_at(const planes *p, uint32_t x, uint32_t y, uint32_t which)
{
    size_t stride = p->image.stride_bytes, after = stride * p->image.height, half = (stride + 1) / 2;
    if (p->image.format == VEIL_PIXEL_NV12) return after + stride * (y / 2) + x / 2 * 2 + which;
    return after + which * half * ((p->image.height + 1) / 2) + half * (y / 2) + x / 2;
}

static veil_status redact(planes *p, const veil_region *region, uint32_t effect, uint32_t flags)
{
    const veil_effect_rule rule = {sizeof rule, "REGION", effect, effect == VEIL_EFFECT_FILL ? 0xC83C14 : 0};
    veil_image_options options;
    veil_image_options_init(&options);
    options.regions = region;
    options.region_count = 1;
    options.effects = &rule;
    options.effect_count = 1;
    options.flags = VEIL_IMAGE_NO_DETECTORS | flags;
    return veil_image_redact(boxes_only, &options, &p->image, NULL, NULL);
}

/* In a cell that the region touches. */
static bool is_hidden(const veil_region *r, uint32_t x, uint32_t y)
{
    int32_t left = r->x / 2 * 2, top = r->y / 2 * 2, right = (r->x + r->w + 1) / 2 * 2,
            bottom = (r->y + r->h + 1) / 2 * 2;
    return (int32_t)x >= left && (int32_t)x < right && (int32_t)y >= top && (int32_t)y < bottom;
}

static const uint32_t formats[] = {VEIL_PIXEL_NV12, VEIL_PIXEL_I420};
static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};

static void whole_cells_are_hidden_and_nothing_else(void **state)
{
    static const uint32_t sizes[][2] = {{64, 48}, {63, 47}, {2, 2}, {1, 1}, {101, 60}};
    uint32_t seed = 3;
    (void)state;
    for (size_t k = 0; k < 2 * 4 * 5 * 4; k++) {
        const uint32_t *size = sizes[k % 5], effect = effects[k / 5 % 4];
        planes p = make(size[0], size[1], formats[k / 20 % 2], k / 40 * 5);
        veil_region region = {NULL, (int32_t)(size[0] / 3), (int32_t)(size[1] / 4), 0, 0, 0, 0};
        region.w = (int32_t)(1 + size[0] / 4 + k % 2);
        region.h = (int32_t)(1 + size[1] / 3);
        if (region.x + region.w > (int32_t)size[0]) region.w = (int32_t)size[0] - region.x;
        if (region.y + region.h > (int32_t)size[1]) region.h = (int32_t)size[1] - region.y;
        for (size_t i = 0; i < p.count; i++)
            p.bytes[i] = (uint8_t)picture_random(&seed);
        uint8_t *before = malloc(p.count), *expected = malloc(p.count);
        memcpy(before, p.bytes, p.count);
        assert_int_equal(redact(&p, &region, effect, 0), VEIL_OK);
        memcpy(expected, before, p.count); /* what is hidden is taken over, the rest must be as it was */
        for (uint32_t y = 0; y < size[1]; y++) {
            for (uint32_t x = 0; x < size[0]; x++) {
                if (!is_hidden(&region, x, y)) continue;
                size_t at = y * p.image.stride_bytes + x;
                expected[at] = p.bytes[at];
                for (uint32_t which = 0; which < 2; which++)
                    expected[chroma_at(&p, x, y, which)] = p.bytes[chroma_at(&p, x, y, which)];
                if (effect != VEIL_EFFECT_FILL) continue;
                assert_in_range(p.bytes[at], 99, 101); /* BT.601, narrow: 16 + .257 200 + .504 60 + .098 20 */
                assert_in_range(p.bytes[chroma_at(&p, x, y, 0)], 88, 90);
                assert_in_range(p.bytes[chroma_at(&p, x, y, 1)], 190, 192);
            }
        }
        assert_memory_equal(p.bytes, expected, p.count);
        free(before);
        free(expected);
        free(p.bytes);
    }
}

static void what_is_inside_decides_nothing(void **state)
{
    const veil_region region = {NULL, 11, 8, 33, 29, 0, 0};
    uint32_t seed = 9;
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        planes a = make(64, 48, formats[k % 2], 3), b = make(64, 48, formats[k % 2], 3);
        for (size_t i = 0; i < a.count; i++)
            a.bytes[i] = (uint8_t)picture_random(&seed);
        memcpy(b.bytes, a.bytes, a.count);
        for (uint32_t y = 0; y < 48; y++) {
            for (uint32_t x = 0; x < 64; x++) {
                if (!is_hidden(&region, x, y)) continue;
                b.bytes[y * b.image.stride_bytes + x] = (uint8_t)picture_random(&seed);
                b.bytes[chroma_at(&b, x, y, 0)] = (uint8_t)picture_random(&seed);
                b.bytes[chroma_at(&b, x, y, 1)] = (uint8_t)picture_random(&seed);
            }
        }
        assert_memory_not_equal(a.bytes, b.bytes, a.count);
        assert_int_equal(redact(&a, &region, effects[k / 2], 0), VEIL_OK);
        assert_int_equal(redact(&b, &region, effects[k / 2], 0), VEIL_OK);
        assert_memory_equal(a.bytes, b.bytes, a.count);
        free(a.bytes);
        free(b.bytes);
    }
}

static void a_stride_must_hold_the_last_cell(void **state)
{
    const veil_region region = {NULL, 0, 0, 4, 4, 0, 0};
    planes p = make(7, 5, VEIL_PIXEL_NV12, 0);
    (void)state;
    memset(p.bytes, 7, p.count);
    assert_int_equal(redact(&p, &region, VEIL_EFFECT_FILL, 0), VEIL_OK);
    p.image.stride_bytes = 7; /* the last column's chroma has two bytes */
    assert_int_equal(redact(&p, &region, VEIL_EFFECT_FILL, 0), VEIL_ERR_INVALID_ARGUMENT);
    free(p.bytes);
}

/* Full-range BGR to BT.601 as the table of the standard has it. */
static planes from_bgr(const vl_image_view *view, uint32_t format)
{
    planes p = make(view->width, view->height, format, 0);
    for (uint32_t y = 0; y < view->height; y++) {
        for (uint32_t x = 0; x < view->width; x++) {
            const uint8_t *c = vl_view_row(view, y) + (size_t)x * 3;
            p.bytes[y * p.image.stride_bytes + x] = (uint8_t)(16.5 + 0.257 * c[2] + 0.504 * c[1] + 0.098 * c[0]);
            p.bytes[chroma_at(&p, x, y, 0)] = (uint8_t)(128.5 - 0.148 * c[2] - 0.291 * c[1] + 0.439 * c[0]);
            p.bytes[chroma_at(&p, x, y, 1)] = (uint8_t)(128.5 + 0.439 * c[2] - 0.368 * c[1] - 0.071 * c[0]);
        }
    }
    return p;
}

static void faces_are_found_and_hidden(void **state)
{
    const veil_config config = picture_config();
    veil_sanitizer *s = NULL;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_region truth, found[4];
    (void)state;
    assert_int_equal(veil_sanitizer_create(&config, &s, NULL), VEIL_OK);
    picture_draw_face(&view, &truth);
    for (size_t k = 0; k < 4; k++) {
        planes p = from_bgr(&view, formats[k % 2]);
        veil_image_options options;
        veil_image_result result = {.struct_size = sizeof result, .regions = found, .region_capacity = 4};
        veil_image_options_init(&options);
        options.flags = VEIL_IMAGE_NO_CACHE | (k >= 2 ? VEIL_IMAGE_ELLIPSE : 0);
        assert_int_equal(veil_image_redact(s, &options, &p.image, &result, NULL), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_true(picture_iou(&found[0], &truth) > 0.5);
        assert_int_equal(veil_image_scan(s, &options, &p.image, &result, NULL), VEIL_OK);
        if (k < 2) assert_int_equal(result.region_count, 0); /* an ellipse leaves hair and shoulders */
        free(p.bytes);
    }
    veil_sanitizer_destroy(s);
    picture_free(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_cells_are_hidden_and_nothing_else),
        cmocka_unit_test(what_is_inside_decides_nothing),
        cmocka_unit_test(a_stride_must_hold_the_last_cell),
        cmocka_unit_test(faces_are_found_and_hidden),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

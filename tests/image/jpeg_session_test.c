/*
 * JPEG without generation loss, looked at with libjpeg alone: every block that no region touches keeps its coefficients, through
 * every sampling, coding and orientation; regions hold the effect; what was inside them decides nothing of the output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>

#include "codec_fixture.h"
#include "veil.h"

static veil_sanitizer *sanitizer; /* boxes of the caller only: no network */

static int set_up(void **state)
{
    static const char *const entities[] = {"REGION"};
    veil_config config;
    (void)state;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 1;
    return veil_sanitizer_create(&config, &sanitizer, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    veil_sanitizer_destroy(sanitizer);
    return 0;
}

typedef struct redaction {
    veil_region region;
    uint32_t effect;
    uint32_t color_rgb;
    uint32_t quality;
    uint32_t path; /* out */
    veil_status status;
} redaction;

static test_bytes redact(const test_bytes *file, redaction *r)
{
    const uint32_t color = r->effect == VEIL_EFFECT_FILL ? r->color_rgb : 0;
    const veil_effect_rule rule = {sizeof rule, "REGION", r->effect, color};
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result};
    size_t bound = 0;
    test_bytes out = {0};
    veil_image_options_init(&options);
    options.regions = &r->region;
    options.region_count = r->region.w > 0;
    options.effects = &rule;
    options.effect_count = 1;
    options.jpeg_quality = r->quality;
    r->status = veil_image_encoded_bound(sanitizer, file->data, file->size, &bound, NULL);
    if (r->status != VEIL_OK) return out;
    out.data = malloc(bound);
    assert_non_null(out.data);
    r->status = veil_image_redact_encoded(sanitizer, &options, file->data, file->size, out.data, bound, &out.size,
                                          &result, NULL);
    assert_true(out.size <= bound && r->status != VEIL_ERR_BUFFER_TOO_SMALL);
    r->path = result.path;
    return out;
}

/* ---- Coefficients, read by libjpeg ---- */

typedef struct coefficients {
    struct jpeg_decompress_struct c;
    struct jpeg_error_mgr errors;
    jvirt_barray_ptr *arrays;
} coefficients;

static void coefficients_read(coefficients *k, const test_bytes *file)
{
    k->c.err = jpeg_std_error(&k->errors);
    jpeg_create_decompress(&k->c);
    jpeg_mem_src(&k->c, file->data, file->size);
    jpeg_read_header(&k->c, TRUE);
    k->arrays = jpeg_read_coefficients(&k->c);
}

static const int16_t *block(coefficients *k, int component, uint32_t x, uint32_t y)
{
    return k->c.mem->access_virt_barray((j_common_ptr)&k->c, k->arrays[component], y, 1, FALSE)[0][x];
}

static bool is_mirrored_x(uint32_t o)
{
    return o == 2 || o == 3 || o == 7 || o == 8;
}

static bool is_mirrored_y(uint32_t o)
{
    return o == 3 || o == 4 || o == 6 || o == 7;
}

/* T.81, A.3.3: mirroring a block negates its odd frequencies on that axis; transposing it transposes them. */
static void expect_block(const int16_t *from, const int16_t *to, uint32_t o)
{
    for (uint32_t v = 0; v < 8; v++) {
        for (uint32_t u = 0; u < 8; u++) {
            int expected = from[8 * v + u];
            if (is_mirrored_x(o) && u % 2 == 1) expected = -expected;
            if (is_mirrored_y(o) && v % 2 == 1) expected = -expected;
            assert_int_equal(to[o >= 5 ? 8 * u + v : 8 * v + u], expected);
        }
    }
}

static bool overlaps(uint32_t start, uint32_t size, uint32_t box_start, uint32_t box_size)
{
    return start < box_start + box_size && box_start < start + size;
}

/* The MCU of a stored block touches the stored region. */
static bool is_touched(const coefficients *k, int component, uint32_t x, uint32_t y, const veil_region *region)
{
    bool is_single = k->c.num_components == 1;
    uint32_t mcu_w = is_single ? 8 : 8 * (uint32_t)k->c.max_h_samp_factor;
    uint32_t mcu_h = is_single ? 8 : 8 * (uint32_t)k->c.max_v_samp_factor;
    uint32_t h = is_single ? 1 : (uint32_t)k->c.comp_info[component].h_samp_factor;
    uint32_t v = is_single ? 1 : (uint32_t)k->c.comp_info[component].v_samp_factor;
    return overlaps(x / h * mcu_w, mcu_w, (uint32_t)region->x, (uint32_t)region->w) &&
           overlaps(y / v * mcu_h, mcu_h, (uint32_t)region->y, (uint32_t)region->h);
}

/* `region` lies in the stored picture. Returns how many blocks were touched. */
static uint32_t compare_coefficients(const test_bytes *in, const test_bytes *out, uint32_t o, const veil_region *region)
{
    coefficients before, after;
    uint32_t touched = 0, kept = 0;
    coefficients_read(&before, in);
    coefficients_read(&after, out);
    assert_int_equal(before.c.num_components, after.c.num_components);
    assert_int_equal(before.c.jpeg_color_space, after.c.jpeg_color_space);
    assert_int_equal(before.c.progressive_mode, after.c.progressive_mode);
    for (int i = 0; i < before.c.num_components; i++) {
        const jpeg_component_info *from = &before.c.comp_info[i], *to = &after.c.comp_info[i];
        for (uint32_t q = 0; q < 64; q++)
            assert_int_equal(from->quant_table->quantval[q], to->quant_table->quantval[o >= 5 ? q % 8 * 8 + q / 8 : q]);
        assert_int_equal(from->width_in_blocks, o >= 5 ? to->height_in_blocks : to->width_in_blocks);
        for (uint32_t y = 0; y < from->height_in_blocks; y++) {
            for (uint32_t x = 0; x < from->width_in_blocks; x++) {
                uint32_t nx = is_mirrored_x(o) ? from->width_in_blocks - 1 - x : x;
                uint32_t ny = is_mirrored_y(o) ? from->height_in_blocks - 1 - y : y;
                if (is_touched(&before, i, x, y, region)) {
                    touched++;
                    continue;
                }
                expect_block(block(&before, i, x, y), block(&after, i, o >= 5 ? ny : nx, o >= 5 ? nx : ny), o);
                kept++;
            }
        }
    }
    assert_true(kept > 0);
    jpeg_destroy_decompress(&before.c);
    jpeg_destroy_decompress(&after.c);
    return touched;
}

/* A box of the stored picture in the oriented one. */
static veil_region oriented(const veil_region *r, uint32_t o, int32_t width, int32_t height)
{
    veil_region to = *r;
    if (is_mirrored_x(o)) to.x = width - r->x - r->w;
    if (is_mirrored_y(o)) to.y = height - r->y - r->h;
    if (o < 5) return to;
    return (veil_region){NULL, to.y, to.x, to.h, to.w, 0, 0};
}

static void check_kept(const jpeg_recipe *recipe, const veil_region *region, uint32_t effect)
{
    uint32_t o = recipe->orientation == 0 ? 1 : recipe->orientation;
    redaction r = {oriented(region, o, (int32_t)recipe->width, (int32_t)recipe->height), effect, 0x2040C0, 0, 0, 0};
    test_bytes file = make_jpeg(recipe), out = redact(&file, &r);
    assert_int_equal(r.status, VEIL_OK);
    assert_int_equal(r.path, VEIL_PATH_COEFFICIENTS);
    assert_true(compare_coefficients(&file, &out, o, region) > 0 || region->w == 0);
    bytes_free(&file);
    bytes_free(&out);
}

static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};

static void blocks_outside_keep_their_coefficients(void **state)
{
    static const uint32_t samplings[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}, {3, 1}};
    static const veil_region regions[] = {{NULL, 41, 23, 30, 19, 0, 0},
                                          {NULL, 0, 0, 1, 1, 0, 0},
                                          {0},
                                          {NULL, 120, 80, 11, 11, 0, 0},
                                          {NULL, 0, 40, 131, 1, 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof samplings / sizeof *samplings; i++) {
        for (size_t k = 0; k < 20; k++) {
            jpeg_recipe recipe = {.width = 131, .height = 91, .channels = 3, .quality = k % 3 == 0 ? 30 : 95};
            recipe.sampling_h = samplings[i][0];
            recipe.sampling_v = samplings[i][1];
            recipe.is_progressive = k >= 12;
            recipe.restart_interval = k < 12 && k % 2 != 0 ? (uint32_t)k : 0;
            recipe.is_optimized = k % 4 >= 2;
            recipe.is_rgb = k == 11;
            check_kept(&recipe, &regions[k % 5], effects[k % 4]);
        }
    }
    for (size_t k = 0; k < 12; k++) {
        jpeg_recipe gray = {.width = 77, .height = 91, .channels = 1, .is_progressive = k >= 8};
        gray.restart_interval = k % 2 != 0 ? 5 : 0;
        check_kept(&gray, &regions[0], effects[k % 4]);
        jpeg_recipe print = {.width = 77, .height = 91, .channels = 4, .is_progressive = k >= 8, .is_ycck = k % 2 != 0};
        print.sampling_h = print.is_ycck ? 2 : 1;
        check_kept(&print, &regions[0], effects[k % 4]);
    }
}

static void whole_mcus_are_turned_without_loss(void **state)
{
    static const uint32_t samplings[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}};
    const veil_region region = {NULL, 41, 23, 30, 19, 0, 0};
    (void)state;
    for (uint32_t o = 1; o <= 8; o++) {
        for (size_t i = 0; i < 2 * sizeof samplings / sizeof *samplings; i++) {
            jpeg_recipe recipe = {.width = 128, .height = 96, .channels = 3, .orientation = o};
            recipe.sampling_h = samplings[i / 2][0];
            recipe.sampling_v = samplings[i / 2][1];
            recipe.is_progressive = i % 2 != 0;
            check_kept(&recipe, &region, effects[i % 4]);
        }
        jpeg_recipe gray = {.width = 128, .height = 96, .channels = 1, .orientation = o};
        check_kept(&gray, &region, VEIL_EFFECT_BLUR);
    }
    /* only what is mirrored has to be whole */
    jpeg_recipe odd = {.width = 131, .height = 96, .channels = 3, .sampling_h = 2, .sampling_v = 2, .orientation = 6};
    check_kept(&odd, &region, VEIL_EFFECT_FILL);
    odd = (jpeg_recipe){.width = 131, .height = 91, .channels = 3, .sampling_h = 2, .sampling_v = 2, .orientation = 5};
    check_kept(&odd, &region, VEIL_EFFECT_FILL);
}

static uint32_t path_of(const jpeg_recipe *recipe, uint32_t quality)
{
    redaction r = {{NULL, 8, 8, 8, 8, 0, 0}, VEIL_EFFECT_FILL, 0, quality, 99, 0};
    test_bytes file = make_jpeg(recipe), out = redact(&file, &r);
    assert_int_equal(r.status, VEIL_OK);
    bytes_free(&file);
    bytes_free(&out);
    return r.path;
}

static void what_cannot_be_kept_is_said(void **state)
{
    jpeg_recipe recipe = {.width = 33, .height = 32, .channels = 3, .orientation = 2};
    (void)state;
    assert_int_equal(path_of(&recipe, 0), VEIL_PATH_LOSSY);
    recipe.orientation = 4;
    assert_int_equal(path_of(&recipe, 0), VEIL_PATH_COEFFICIENTS);
    assert_int_equal(path_of(&recipe, 92), VEIL_PATH_LOSSY); /* a quality was asked for */
    recipe.channels = 4;
    recipe.orientation = 2;
    assert_int_equal(path_of(&recipe, 0), VEIL_PATH_LOSSY);
}

/* The coded bits behind the header of the scan. */
static test_bytes bits_of(const test_bytes *file)
{
    for (size_t i = 2; i + 3 < file->size; i += 2 + (size_t)(file->data[i + 2] << 8 | file->data[i + 3])) {
        assert_int_equal(file->data[i], 0xFF);
        if (file->data[i + 1] != 0xDA) continue;
        size_t start = i + 2 + (size_t)(file->data[i + 2] << 8 | file->data[i + 3]);
        return (test_bytes){file->data + start, file->size - start};
    }
    fail();
    return (test_bytes){0};
}

/* Of baseline files even the bits are the file's own: all without a region, and those before one. */
static void bits_of_baseline_files_are_copied(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 8; k++) {
        jpeg_recipe recipe = {.width = 171, .height = 123, .channels = k == 7 ? 1 : 3, .is_optimized = k & 1};
        recipe.sampling_h = 1 + (k >> 1 & 1);
        recipe.restart_interval = k >= 4 ? 7 : 0;
        redaction none = {{0}, VEIL_EFFECT_FILL, 0, 0, 0, 0};
        redaction last = {{NULL, 160, 110, 11, 13, 0, 0}, VEIL_EFFECT_FILL, 0, 0, 0, 0};
        test_bytes file = make_jpeg(&recipe), same = redact(&file, &none), part = redact(&file, &last);
        test_bytes before = bits_of(&file), after = bits_of(&same), changed = bits_of(&part);
        assert_int_equal(before.size, after.size);
        assert_memory_equal(before.data, after.data, before.size);
        if (!recipe.is_optimized) assert_memory_equal(before.data, changed.data, before.size / 2);
        bytes_free(&file);
        bytes_free(&same);
        bytes_free(&part);
    }
}

/* A flat picture has codes for hardly anything, and a region with a pattern around needs more: other tables are made. */
static void codes_that_are_missing_are_made(void **state)
{
    static uint8_t pixels[96 * 96];
    const veil_region region = {NULL, 40, 40, 16, 16, 0, 0};
    (void)state;
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = 90;
    jpeg_recipe recipe = {.width = 96, .height = 96, .channels = 1, .pixels = pixels, .is_optimized = true};
    check_kept(&recipe, &region, VEIL_EFFECT_FILL);
}

/* ---- What is in the region ---- */

static uint8_t *pixels_of(const test_bytes *file, uint32_t *width, J_COLOR_SPACE space)
{
    struct jpeg_decompress_struct c;
    struct jpeg_error_mgr errors;
    c.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&c);
    jpeg_mem_src(&c, file->data, file->size);
    jpeg_read_header(&c, TRUE);
    c.out_color_space = space;
    c.do_fancy_upsampling = FALSE;
    jpeg_start_decompress(&c);
    size_t row_bytes = (size_t)c.output_width * (size_t)c.output_components;
    uint8_t *pixels = malloc(row_bytes * c.output_height);
    assert_non_null(pixels);
    while (c.output_scanline < c.output_height) {
        JSAMPROW row = pixels + c.output_scanline * row_bytes;
        jpeg_read_scanlines(&c, &row, 1);
    }
    *width = c.output_width;
    jpeg_destroy_decompress(&c);
    return pixels;
}

static void fill_is_the_colour_asked_for(void **state)
{
    (void)state;
    for (int kind = 0; kind < 5; kind++) {
        jpeg_recipe recipe = {.width = 96, .height = 80, .channels = kind >= 3 ? 4 : 3, .sampling_h = 1 + (kind == 1)};
        recipe.is_rgb = kind == 2;
        recipe.is_ycck = kind == 4;
        redaction r = {{NULL, 35, 30, 20, 20, 0, 0}, VEIL_EFFECT_FILL, 0xC83C14, 0, 0, 0};
        test_bytes file = make_jpeg(&recipe), out = redact(&file, &r);
        uint32_t width, channels = recipe.channels;
        uint8_t *pixels = pixels_of(&out, &width, channels == 4 ? JCS_CMYK : JCS_RGB);
        for (uint32_t y = 30; y < 50; y++) {
            for (uint32_t x = 35; x < 55; x++) {
                const uint8_t *p = pixels + ((size_t)y * width + x) * channels;
                assert_in_range(p[0], 0xC8 - 4, 0xC8 + 4); /* Adobe's inks are inverted: paper is 255 */
                assert_in_range(p[1], 0x3C - 4, 0x3C + 4);
                assert_in_range(p[2], 0x14 - 4, 0x14 + 4);
                if (channels == 4) assert_in_range(p[3], 251, 255);
            }
        }
        free(pixels);
        bytes_free(&file);
        bytes_free(&out);
    }
}

/* Blur keeps means: in a region of noise nothing is left of the noise, and its mean stays. */
static void blur_keeps_means_only(void **state)
{
    static uint8_t pixels[128 * 128];
    uint32_t random = 9, width;
    (void)state;
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(60 + test_random(&random) % 100);
    for (size_t e = 2; e < 4; e++) {
        jpeg_recipe recipe = {.width = 128, .height = 128, .channels = 1, .pixels = pixels};
        redaction r = {{NULL, 32, 32, 64, 64, 0, 0}, effects[e], 0, 0, 0, 0};
        test_bytes file = make_jpeg(&recipe), out = redact(&file, &r);
        uint8_t *after = pixels_of(&out, &width, JCS_GRAYSCALE);
        for (uint32_t y = 32; y < 96; y++)
            for (uint32_t x = 32; x < 96; x++)
                assert_in_range(after[y * width + x], 110 - 16, 110 + 16);
        free(after);
        bytes_free(&file);
        bytes_free(&out);
    }
}

/* Two files whose coefficients differ in touched MCUs only: fill and smooth give the same file, byte for byte. */
static void what_is_inside_decides_nothing(void **state)
{
    enum { W = 160, H = 128 };
    static uint8_t pixels[W * H * 3];
    (void)state;
    for (int k = 0; k < 8; k++) {
        uint32_t random = 5 + (uint32_t)k;
        jpeg_recipe recipe = {.width = W, .height = H, .channels = 3, .pixels = pixels, .sampling_h = 2};
        recipe.sampling_v = k & 1 ? 2 : 1;
        recipe.is_progressive = k >= 4;
        recipe.restart_interval = k == 2 || k == 3 ? 3 : 0;
        draw_pattern(pixels, W, H, 3);
        test_bytes first = make_jpeg(&recipe);
        for (uint32_t y = 32; y < 80; y++)
            for (uint32_t i = 48 * 3; i < 96 * 3; i++)
                pixels[y * W * 3 + i] = (uint8_t)test_random(&random);
        test_bytes second = make_jpeg(&recipe);
        for (size_t e = 0; e < 2; e++) {
            redaction r = {{NULL, 50, 35, 40, 40, 0, 0}, effects[e], 0xFF, 0, 0, 0};
            test_bytes a = redact(&first, &r), b = redact(&second, &r);
            assert_int_equal(r.status, VEIL_OK);
            assert_int_equal(a.size, b.size);
            assert_memory_equal(a.data, b.data, a.size);
            bytes_free(&a);
            bytes_free(&b);
        }
        bytes_free(&first);
        bytes_free(&second);
    }
}

static void nothing_else_is_in_the_file(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 12; k++) {
        jpeg_recipe recipe = {.width = 48, .height = 48, .has_secrets = true, .icc_chunks = 3};
        recipe.channels = k % 2 == 0 ? 3 : 1;
        recipe.orientation = k % 4 < 2 ? 1 : 6;
        recipe.is_progressive = k >= 8;
        redaction r = {{NULL, 8, 8, 8, 8, 0, 0}, VEIL_EFFECT_FILL, 0, 0, 0, 0};
        test_bytes file = make_jpeg(&recipe), out = redact(&file, &r);
        assert_int_equal(r.path, VEIL_PATH_COEFFICIENTS);
        for (const char *const *secret = planted_secrets; *secret != NULL; secret++)
            assert_false(bytes_contain(out.data, out.size, *secret, strlen(*secret)));
        assert_false(bytes_contain(out.data, out.size, "Exif", 4));
        assert_memory_equal(out.data + out.size - 2, "\xff\xd9", 2);
        test_bytes icc = make_clean_icc(3000, recipe.channels == 1 ? "GRAY" : "RGB ");
        for (size_t i = 0; i < 3; i++)
            assert_true(bytes_contain(out.data, out.size, icc.data + 1000 * i, 1000));
        bytes_free(&icc);
        bytes_free(&file);
        bytes_free(&out);
    }
}

static void damage_never_breaks_out(void **state)
{
    uint32_t random = 77;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        jpeg_recipe recipe = {.width = 64, .height = 48, .channels = 3, .sampling_h = 2, .icc_chunks = 1};
        recipe.is_progressive = round % 4 == 1;
        recipe.orientation = round % 4 == 2 ? 8 : 1;
        recipe.restart_interval = round % 8 == 3 ? 2 : 0;
        test_bytes file = make_jpeg(&recipe);
        for (uint32_t i = 0; i < 1 + random % 4; i++)
            file.data[test_random(&random) % file.size] = (uint8_t)test_random(&random);
        redaction r = {{NULL, 10, 10, 20, 20, 0, 0}, effects[round / 4 % 4], 0, 0, 0, 0};
        test_bytes out = redact(&file, &r);
        assert_true(r.status == VEIL_OK || r.status == VEIL_ERR_MALFORMED_INPUT || r.status == VEIL_ERR_UNSUPPORTED ||
                    r.status == VEIL_ERR_LIMIT || r.status == VEIL_ERR_INVALID_ARGUMENT);
        bytes_free(&file);
        bytes_free(&out);
    }
}

/* A step of 0 would hide coefficients from the detector that a better table brings back. */
static void steps_of_zero_are_refused(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 4; k++) {
        jpeg_recipe recipe = {.width = 48, .height = 48, .channels = 3, .is_progressive = k % 2 == 1};
        test_bytes file = make_jpeg(&recipe);
        uint8_t *table = memmem(file.data, file.size, "\xff\xdb", 2);
        redaction r = {{NULL, 8, 8, 8, 8, 0, 0}, VEIL_EFFECT_FILL, 0, 0, 0, 0};
        assert_non_null(table);
        table[5 + (k < 2 ? 0 : 63)] = 0; /* behind marker, length and number; the first step, or the last */
        test_bytes out = redact(&file, &r);
        assert_int_equal(r.status, VEIL_ERR_MALFORMED_INPUT);
        bytes_free(&out);
        bytes_free(&file);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        jpeg_recipe recipe = {.width = 120, .height = 90, .channels = 3, .sampling_h = 2, .sampling_v = 2};
        recipe.is_progressive = k == 1;
        recipe.restart_interval = k == 2 ? 4 : 0;
        test_bytes file = make_jpeg(&recipe);
        for (size_t size = 3; size < file.size; size += size < 700 ? 7 : size < file.size - 40 ? 37 : 1) {
            test_bytes part = {malloc(size), size}; /* an exact copy, so that over-reads are seen */
            memcpy(part.data, file.data, size);
            redaction r = {{NULL, 10, 10, 20, 20, 0, 0}, VEIL_EFFECT_FILL, 0, 0, 0, 0};
            test_bytes out = redact(&part, &r);
            assert_int_equal(r.status, VEIL_ERR_MALFORMED_INPUT);
            bytes_free(&part);
            bytes_free(&out);
        }
        bytes_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_outside_keep_their_coefficients),
        cmocka_unit_test(whole_mcus_are_turned_without_loss),
        cmocka_unit_test(what_cannot_be_kept_is_said),
        cmocka_unit_test(bits_of_baseline_files_are_copied),
        cmocka_unit_test(codes_that_are_missing_are_made),
        cmocka_unit_test(fill_is_the_colour_asked_for),
        cmocka_unit_test(blur_keeps_means_only),
        cmocka_unit_test(what_is_inside_decides_nothing),
        cmocka_unit_test(nothing_else_is_in_the_file),
        cmocka_unit_test(damage_never_breaks_out),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(steps_of_zero_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

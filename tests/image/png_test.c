/*
 * PNG: the same pixels as libpng alone gives for every colour type and depth, exact round trips, what is refused, and what is
 * left out of the output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "codec_fixture.h"
#include "core/cpu.h"

/* What libpng's simplified interface says the file holds, as BGR(A) or gray. For 8-bit files only: it corrects gamma at 16. */
static uint8_t *reference(const test_bytes *file, uint32_t format)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, file->data, file->size));
    image.format = format == VEIL_PIXEL_GRAY   ? PNG_FORMAT_GRAY
                   : format == VEIL_PIXEL_BGRA ? PNG_FORMAT_BGRA
                                               : PNG_FORMAT_BGR;
    uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(pixels);
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    png_image_free(&image);
    return pixels;
}

static void clear_hidden(uint8_t *pixels, size_t count)
{
    for (size_t i = 0; i < count; i++, pixels += 4)
        if (pixels[3] == 0) memset(pixels, 0, 4);
}

static void take_bytes(png_structp png, png_bytep to, size_t size)
{
    test_bytes *left = png_get_io_ptr(png);
    if (size > left->size) png_error(png, "end");
    memcpy(to, left->data, size);
    left->data += size;
    left->size -= size;
}

static void check_same_as_libpng(vl_pool *pool, const png_recipe *recipe)
{
    test_bytes file = make_png(recipe);
    test_picture picture = picture_decode(pool, &file);
    assert_int_equal(picture.status, VEIL_OK);
    uint8_t *expected = reference(&file, picture.info.format);
    if (picture.info.format == VEIL_PIXEL_BGRA) clear_hidden(expected, (size_t)recipe->width * recipe->height);
    assert_memory_equal(picture.view.pixels, expected, picture.info.pixel_bytes);
    free(expected);
    picture_free(&picture);
    bytes_free(&file);
}

static void decodes_every_colour_type_as_libpng_does(void **state)
{
    static const int kinds[][2] = {{PNG_COLOR_TYPE_GRAY, 1},      {PNG_COLOR_TYPE_GRAY, 2},
                                   {PNG_COLOR_TYPE_GRAY, 4},      {PNG_COLOR_TYPE_GRAY, 8},
                                   {PNG_COLOR_TYPE_PALETTE, 1},   {PNG_COLOR_TYPE_PALETTE, 2},
                                   {PNG_COLOR_TYPE_PALETTE, 8},   {PNG_COLOR_TYPE_RGB, 8},
                                   {PNG_COLOR_TYPE_RGB_ALPHA, 8}, {PNG_COLOR_TYPE_GRAY_ALPHA, 8}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (int variant = 0; variant < 4; variant++) {
            png_recipe recipe = {.width = 31, .height = 19, .color_type = kinds[i][0], .bit_depth = kinds[i][1]};
            recipe.is_interlaced = variant & 1;
            recipe.has_transparency = (variant & 2) && !(recipe.color_type & PNG_COLOR_MASK_ALPHA);
            if (kinds[i][1] < 8 && recipe.color_type == PNG_COLOR_TYPE_GRAY) recipe.has_transparency = false;
            check_same_as_libpng(*state, &recipe);
        }
    }
}

/* What is searched and worked on: 16 bits become 8 by rounding, not by cutting. */
static void sixteen_bits_become_eight(void **state)
{
    static const uint8_t deep[] = {0, 0, 0x12, 0x80, 0x7f, 0xff, 0xff, 0xff};
    png_recipe recipe = {.width = 4, .height = 1, .color_type = PNG_COLOR_TYPE_GRAY, .bit_depth = 16, .pixels = deep};
    test_bytes file = make_png(&recipe);
    test_picture picture = picture_decode(*state, &file);
    assert_int_equal(picture.status, VEIL_OK);
    static const uint8_t expected[] = {0, 0x12, 0x7f, 0xff}; /* v * 255 / 65535: 18.43, 127.5 and so on */
    for (size_t i = 0; i < 4; i++)
        assert_in_range(picture.view.pixels[i], expected[i], expected[i] + (i == 2));
    picture_free(&picture);
    bytes_free(&file);
}

/* ---- 16 bits a channel ---- */

/* What libpng reads, 16 bits as they are (tRNS as alpha), in the file's own order of channels; not turned. */
static uint8_t *read_deep(const test_bytes *file, uint32_t *channels)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop head = png_create_info_struct(png);
    test_bytes left = *file;
    if (setjmp(png_jmpbuf(png)) != 0) fail_msg("libpng refuses the file");
    png_set_read_fn(png, &left, take_bytes);
    png_read_info(png, head);
    assert_int_equal(png_get_bit_depth(png, head), 16);
    png_set_expand(png);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, head);
    *channels = png_get_channels(png, head);
    const size_t row = png_get_rowbytes(png, head), height = png_get_image_height(png, head);
    uint8_t *pixels = malloc(row * height);
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < height; y++)
            png_read_row(png, pixels + y * row, NULL);
    png_destroy_read_struct(&png, &head, NULL);
    return pixels;
}

/* Where the EXIF orientation shows stored pixel (x, y) of a width x height picture. */
static size_t shown_at(uint32_t turn, size_t x, size_t y, size_t width, size_t height)
{
    const size_t right = width - 1 - x, bottom = height - 1 - y;
    const size_t at[9][2] = {{0},    {x, y},      {right, y},      {right, bottom}, {x, bottom},
                             {y, x}, {bottom, x}, {bottom, right}, {y, right}};
    return at[turn][1] * (turn >= 5 ? height : width) + at[turn][0];
}

static test_bytes make_deep(const png_recipe *recipe, uint32_t seed)
{
    static uint8_t noise[31 * 19 * 8];
    png_recipe r = *recipe;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)test_random(&seed);
    for (size_t i = 0; r.color_type & PNG_COLOR_MASK_ALPHA && i < sizeof noise; i += 4)
        noise[i / 4 * 4 + 2] |= 1; /* alpha of gray (and every other colour) is never 0 in 8 bits */
    for (size_t i = 6; r.color_type == PNG_COLOR_TYPE_RGB_ALPHA && i < sizeof noise; i += 8)
        noise[i] |= 1;
    r.pixels = noise;
    return make_png(&r);
}

static void sixteen_bits_stay(void **state)
{
    static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGB_ALPHA};
    for (uint32_t k = 0; k < 4 * 2 * 8; k++) {
        const uint32_t turn = k / 8 + 1;
        png_recipe recipe = {
            .width = 31, .height = 19, .color_type = types[k % 4], .bit_depth = 16, .orientation = turn};
        recipe.is_interlaced = k / 4 % 2;
        recipe.has_transparency = turn > 4 && !(recipe.color_type & PNG_COLOR_MASK_ALPHA);
        test_bytes file = make_deep(&recipe, k + 1);
        test_picture picture = picture_decode(*state, &file);
        assert_int_equal(picture.status, VEIL_OK);
        test_bytes out = picture_encode(*state, &picture, &file, 0);
        uint32_t channels, out_channels;
        uint8_t *before = read_deep(&file, &channels), *after = read_deep(&out, &out_channels);
        assert_int_equal(channels, out_channels);
        for (size_t i = 0; i < 31 * 19; i++) {
            const size_t at = shown_at(turn, i % 31, i / 31, 31, 19);
            if (memcmp(before + i * channels * 2, after + at * channels * 2, channels * 2) != 0)
                fail_msg("type %d, turn %u, pixel %zu", types[k % 4], turn, i);
        }
        free(before);
        free(after);
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
    }
}

/* A filled box and a filled ellipse. */
static test_bytes redact_deep(vl_pool *pool, const test_bytes *file, const vl_effect_region regions[2], bool is_blurred)
{
    static vl_effect_scratch scratch;
    vl_effect_region copy[2] = {regions[0], regions[1]};
    test_picture picture = picture_decode(pool, file);
    assert_int_equal(picture.status, VEIL_OK);
    copy[0].effect = is_blurred ? VEIL_EFFECT_PIXELATE : VEIL_EFFECT_FILL;
    const vl_codec_touched touched = {copy, 2};
    vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), &picture.view, copy, 2, &scratch);
    const size_t bound = vl_codec_bound(&picture.info);
    test_bytes out = {malloc(bound), 0};
    assert_int_equal(vl_codec_encode(&picture.view, &picture.info, &touched, file->data, file->size, 0, pool, out.data,
                                     bound, &out.size, NULL),
                     VEIL_OK);
    picture_free(&picture);
    return out;
}

static bool is_inside(const vl_effect_region *region, uint32_t x, uint32_t y)
{
    const vl_rect *r = &region->rect;
    uint32_t first, end;
    if (x < r->x || y < r->y || x >= r->x + r->w || y >= r->y + r->h) return false;
    vl_effect_region_columns(region, y - r->y, &first, &end);
    return x - r->x >= first && x - r->x < end;
}

static void nothing_of_sixteen_bits_stays_inside(void **state)
{
    static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGB_ALPHA};
    const vl_effect_region regions[2] = {
        {.rect = {3, 2, 9, 8}, .color_rgb = 0x405060},
        {.rect = {15, 5, 12, 11}, .effect = VEIL_EFFECT_FILL, .color_rgb = 0xA0A0A0, .is_ellipse = true}};
    for (int k = 0; k < 8; k++) {
        png_recipe recipe = {.width = 31, .height = 19, .color_type = types[k % 4], .bit_depth = 16};
        test_bytes file = make_deep(&recipe, 99);
        uint32_t channels, seed = 5;
        uint8_t *before = read_deep(&file, &channels), *other = malloc((size_t)31 * 19 * channels * 2);
        memcpy(other, before, (size_t)31 * 19 * channels * 2);
        for (size_t i = 0; i < (size_t)31 * 19 * channels * 2;
             i++) { /* inside: other bits that round to the same; or any */
            const uint32_t at = (uint32_t)(i / (channels * 2)), x = at % 31, y = at / 31;
            if (!is_inside(&regions[0], x, y) && !is_inside(&regions[1], x, y)) continue;
            if (k < 4) other[i] = (uint8_t)test_random(&seed);
            if (k >= 4 && i % 2 == 1) other[i] = other[i - 1]; /* v * 257: the 8 bits that it rounds to */
        }
        recipe.pixels = other;
        test_bytes second = make_png(&recipe);
        test_bytes a = redact_deep(*state, &file, regions, k >= 4), b = redact_deep(*state, &second, regions, k >= 4);
        uint8_t *after = read_deep(&a, &channels);
        for (uint32_t i = 0; i < 31 * 19; i++) {
            const uint8_t *pixel = after + (size_t)i * channels * 2;
            if (!is_inside(&regions[0], i % 31, i / 31) && !is_inside(&regions[1], i % 31, i / 31)) {
                assert_memory_equal(pixel, before + (size_t)i * channels * 2, channels * 2);
                continue;
            }
            for (uint32_t c = 0; c < channels; c++) /* 8 bits, twice */
                assert_int_equal(pixel[2 * c], pixel[2 * c + 1]);
        }
        if (k < 4) assert_int_equal(a.size, b.size);
        if (k < 4) assert_memory_equal(a.data, b.data, a.size);
        free(after);
        free(before);
        free(other);
        bytes_free(&a);
        bytes_free(&b);
        bytes_free(&second);
        bytes_free(&file);
    }
}

static void round_trips_are_exact(void **state)
{
    static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_PALETTE};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        png_recipe recipe = {.width = 53, .height = 29, .color_type = types[i], .bit_depth = 8};
        recipe.is_interlaced = i & 1;
        test_bytes file = make_png(&recipe);
        test_picture first = picture_decode(*state, &file);
        test_bytes out = picture_encode(*state, &first, &file, 0);
        test_picture second = picture_decode(*state, &out);
        assert_int_equal(second.status, VEIL_OK);
        int kept = types[i] == PNG_COLOR_TYPE_PALETTE ? PNG_COLOR_TYPE_RGB : types[i];
        assert_int_equal(out.data[25], kept);
        assert_int_equal(second.info.format, first.info.format);
        assert_memory_equal(second.view.pixels, first.view.pixels, first.info.pixel_bytes);
        picture_free(&first);
        picture_free(&second);
        bytes_free(&out);
        bytes_free(&file);
    }
}

static void hidden_colours_are_cleared(void **state)
{
    static const uint8_t rgba[] = {200, 100, 50, 0, 200, 100, 50, 1};
    png_recipe recipe = {
        .width = 2, .height = 1, .color_type = PNG_COLOR_TYPE_RGB_ALPHA, .bit_depth = 8, .pixels = rgba};
    test_bytes file = make_png(&recipe);
    test_picture picture = picture_decode(*state, &file);
    static const uint8_t expected[] = {0, 0, 0, 0, 50, 100, 200, 1};
    assert_memory_equal(picture.view.pixels, expected, 8);
    picture_free(&picture);
    bytes_free(&file);
}

/* Of 16 bits as well: the low bits of what 8 bits call black would hold a picture. */
static void hidden_colours_of_16_bits_are_cleared(void **state)
{
    static const uint8_t rgba[] = {0, 0x50, 0, 0x7F, 0, 0x11, 0, 0,    /* alpha 0 */
                                   0, 0x50, 0, 0x7F, 0, 0x11, 0, 0x40, /* alpha that rounds to 0 */
                                   0, 0x50, 0, 0x7F, 0, 0x11, 1, 0};   /* alpha 1 of 255: seen, if faintly */
    png_recipe recipe = {
        .width = 3, .height = 1, .color_type = PNG_COLOR_TYPE_RGB_ALPHA, .bit_depth = 16, .pixels = rgba};
    test_bytes file = make_png(&recipe);
    test_picture picture = picture_decode(*state, &file);
    assert_int_equal(picture.status, VEIL_OK);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    uint32_t channels;
    uint8_t *after = read_deep(&out, &channels);
    assert_int_equal(channels, 4);
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(after[i], 0);
    assert_memory_equal(after + 16, rgba + 16, 8);
    free(after);
    bytes_free(&out);
    picture_free(&picture);
    bytes_free(&file);
}

static void applies_orientation(void **state)
{
    for (uint32_t orientation = 1; orientation <= 8; orientation++) {
        for (int interlaced = 0; interlaced < 2; interlaced++) {
            png_recipe plain = {.width = 9, .height = 5, .color_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8};
            plain.is_interlaced = interlaced;
            png_recipe turned = plain;
            turned.orientation = orientation;
            test_bytes stored_file = make_png(&plain), file = make_png(&turned);
            test_picture stored = picture_decode(*state, &stored_file), picture = picture_decode(*state, &file);
            assert_int_equal(picture.status, VEIL_OK);
            assert_int_equal(picture.info.width, orientation >= 5 ? 5 : 9);
            /* corners: stored top left and top right, by EXIF's own words for each orientation */
            static const uint32_t left[] = {0, 0, 1, 1, 0, 0, 1, 1, 0}, top[] = {0, 0, 0, 1, 1, 0, 0, 1, 1};
            uint32_t x = left[orientation] ? picture.info.width - 1 : 0,
                     y = top[orientation] ? picture.info.height - 1 : 0;
            assert_memory_equal(vl_view_row(&picture.view, y) + 3 * x, stored.view.pixels, 3);
            picture_free(&stored);
            picture_free(&picture);
            bytes_free(&stored_file);
            bytes_free(&file);
        }
    }
}

static void every_truncation_is_refused(void **state)
{
    png_recipe recipe = {.width = 60, .height = 40, .color_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8, .has_icc = true};
    test_bytes file = make_png(&recipe);
    for (size_t size = 0; size < file.size; size += size < 200 ? 1 : 29) {
        test_bytes part = {malloc(size + 1), size};
        memcpy(part.data, file.data, size);
        veil_status status = picture_decode(*state, &part).status;
        assert_true(status == VEIL_ERR_MALFORMED_INPUT || (size < 8 && status == VEIL_ERR_UNSUPPORTED));
        bytes_free(&part);
    }
    bytes_free(&file);
}

/* Every byte of a small file, flipped: what counts is checked by a checksum, so nothing may pass. */
static void every_flipped_byte_is_refused(void **state)
{
    png_recipe recipe = {.width = 12, .height = 9, .color_type = PNG_COLOR_TYPE_RGB_ALPHA, .bit_depth = 8};
    test_bytes file = make_png(&recipe);
    for (size_t i = 0; i < file.size; i++) {
        file.data[i] ^= 0x10;
        test_picture picture = picture_decode(*state, &file);
        assert_int_not_equal(picture.status, VEIL_OK);
        assert_int_not_equal(picture.status, VEIL_ERR_INTERNAL);
        file.data[i] ^= 0x10;
    }
    bytes_free(&file);
}

static test_bytes bare_png(uint32_t width, uint32_t height)
{
    uint8_t header[13] = {(uint8_t)(width >> 24), (uint8_t)(width >> 16), (uint8_t)(width >> 8), (uint8_t)width};
    for (int i = 0; i < 4; i++)
        header[4 + i] = (uint8_t)(height >> (24 - 8 * i));
    header[8] = 8;
    header[9] = PNG_COLOR_TYPE_RGB;
    test_bytes png = {0};
    bytes_append(&png, "\x89PNG\r\n\x1a\n", 8);
    append_png_chunk(&png, "IHDR", header, 13);
    append_png_chunk(&png, "IDAT", "x\x9c\x03\0\0\0\0\1", 8);
    append_png_chunk(&png, "IEND", NULL, 0);
    return png;
}

static void hostile_headers_are_refused(void **state)
{
    static const struct {
        uint32_t width, height;
        veil_status status;
    } cases[] = {{60000, 60000, VEIL_ERR_LIMIT},        {65536, 1, VEIL_ERR_LIMIT},
                 {1, 0x7fffffff, VEIL_ERR_LIMIT},       {0, 5, VEIL_ERR_MALFORMED_INPUT},
                 {5, 0, VEIL_ERR_MALFORMED_INPUT},      {0x80000000u, 5, VEIL_ERR_MALFORMED_INPUT},
                 {9000, 9000, VEIL_ERR_MALFORMED_INPUT} /* within the limit, impossible in a hundred bytes */};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_bytes file = bare_png(cases[i].width, cases[i].height);
        vl_image_info info;
        assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, NULL), cases[i].status);
        bytes_free(&file);
    }
    test_bytes file = bare_png(10, 10); /* passes the header, ends early inside the data */
    assert_int_equal(picture_decode(*state, &file).status, VEIL_ERR_MALFORMED_INPUT);
    bytes_free(&file);
}

static void animation_is_named(void **state)
{
    (void)state;
    test_bytes file = {0}, plain = bare_png(4, 4);
    bytes_append(&file, plain.data, 33);
    append_png_chunk(&file, "acTL", "\0\0\0\1\0\0\0\0", 8);
    bytes_append(&file, plain.data + 33, plain.size - 33);
    vl_image_info info;
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, &error), VEIL_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "APNG"));
    bytes_free(&file);
    bytes_free(&plain);
}

static uint32_t chunk_length(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Only these chunks may be in an output, and nothing after the last. */
static void check_chunks(const test_bytes *out, bool has_icc)
{
    size_t at = 8;
    bool saw_icc = false;
    for (bool is_end = false; !is_end;) {
        assert_true(at + 12 <= out->size);
        const uint8_t *type = out->data + at + 4;
        is_end = memcmp(type, "IEND", 4) == 0;
        if (memcmp(type, "iCCP", 4) == 0)
            saw_icc = true;
        else
            assert_true(is_end || memcmp(type, "IHDR", 4) == 0 || memcmp(type, "IDAT", 4) == 0);
        at += 12 + chunk_length(out->data + at);
    }
    assert_int_equal(at, out->size);
    assert_int_equal(saw_icc, has_icc);
}

static void output_holds_pixels_and_profile_alone(void **state)
{
    static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_PALETTE};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        png_recipe recipe = {.width = 40, .height = 30, .color_type = types[i], .bit_depth = 8, .has_secrets = true};
        recipe.has_icc = true;
        test_bytes file = make_png(&recipe);
        test_picture picture = picture_decode(*state, &file);
        assert_int_equal(picture.status, VEIL_OK);
        test_bytes out = picture_encode(*state, &picture, &file, 0);
        int planted = 0;
        for (const char *const *secret = planted_secrets; *secret != NULL; secret++) {
            planted += bytes_contain(file.data, file.size, *secret, strlen(*secret));
            assert_false(bytes_contain(out.data, out.size, *secret, strlen(*secret)));
        }
        assert_true(planted >= 6);
        check_chunks(&out, true);
        test_bytes plain = make_png(&(png_recipe){.width = 8, .height = 8, .color_type = types[i], .bit_depth = 8});
        test_picture small = picture_decode(*state, &plain);
        test_bytes small_out = picture_encode(*state, &small, &plain, 0);
        check_chunks(&small_out, false);
        bytes_free(&small_out);
        picture_free(&small);
        bytes_free(&plain);
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
    }
}

/* What libpng reads out of it. */
static void check_profile(test_bytes *file, const test_bytes *expected)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    FILE *stream = fmemopen(file->data, file->size, "rb");
    png_charp name;
    png_bytep profile;
    png_uint_32 size;
    int method;
    assert_non_null(stream);
    png_init_io(png, stream);
    png_read_info(png, info);
    assert_int_not_equal(png_get_iCCP(png, info, &name, &method, &profile, &size), 0);
    assert_int_equal(size, expected->size);
    assert_memory_equal(profile, expected->data, size);
    png_destroy_read_struct(&png, &info, NULL);
    (void)fclose(stream);
}

static void the_profile_survives(void **state)
{
    test_bytes colors = make_clean_icc(3000, "RGB ");
    png_recipe recipe = {.width = 8, .height = 8, .color_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8, .has_icc = true};
    test_bytes file = make_png(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, out.data, out.size));
    png_image_free(&image);
    test_picture again = picture_decode(*state, &out);
    test_bytes twice = picture_encode(*state, &again, &out, 0); /* a second round finds the same profile */
    assert_int_equal(twice.size, out.size);
    assert_memory_equal(twice.data, out.data, out.size);
    assert_true(bytes_contain(out.data, out.size, "iCCPICC profile", 15));
    check_profile(&out, &colors);
    bytes_free(&colors);
    bytes_free(&twice);
    picture_free(&again);
    bytes_free(&out);
    picture_free(&picture);
    bytes_free(&file);
}

static void too_small_a_buffer_reports_the_exact_size(void **state)
{
    png_recipe recipe = {.width = 100, .height = 100, .color_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8};
    test_bytes file = make_png(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes whole = picture_encode(*state, &picture, &file, 0);
    for (size_t capacity = 0; capacity < whole.size; capacity += 1 + capacity / 2) {
        uint8_t *out = malloc(capacity + 1);
        memset(out, 0xEE, capacity + 1);
        size_t needed = 0;
        assert_int_equal(vl_codec_encode(&picture.view, &picture.info, NULL, file.data, file.size, 0, *state, out,
                                         capacity, &needed, NULL),
                         VEIL_ERR_BUFFER_TOO_SMALL);
        assert_int_equal(needed, whole.size);
        for (size_t i = 0; i < capacity; i++)
            assert_int_equal(out[i], 0);
        assert_int_equal(out[capacity], 0xEE);
        free(out);
    }
    bytes_free(&whole);
    picture_free(&picture);
    bytes_free(&file);
}

static void the_bound_holds_for_noise(void **state)
{
    uint32_t random = 5;
    static const uint32_t sizes[][2] = {{1, 1}, {1, 300}, {300, 1}, {200, 150}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t bytes = (size_t)sizes[s][0] * sizes[s][1] * 4;
        uint8_t *pixels = malloc(bytes);
        for (size_t i = 0; i < bytes; i++)
            pixels[i] = (uint8_t)test_random(&random);
        png_recipe recipe = {.width = sizes[s][0], .height = sizes[s][1], .color_type = PNG_COLOR_TYPE_RGB_ALPHA};
        recipe.bit_depth = 8;
        recipe.pixels = pixels;
        test_bytes file = make_png(&recipe);
        test_picture picture = picture_decode(*state, &file);
        test_bytes out = picture_encode(*state, &picture, &file, 0); /* checks against the bound */
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
        free(pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_every_colour_type_as_libpng_does),
        cmocka_unit_test(sixteen_bits_become_eight),
        cmocka_unit_test(sixteen_bits_stay),
        cmocka_unit_test(nothing_of_sixteen_bits_stays_inside),
        cmocka_unit_test(round_trips_are_exact),
        cmocka_unit_test(hidden_colours_are_cleared),
        cmocka_unit_test(hidden_colours_of_16_bits_are_cleared),
        cmocka_unit_test(applies_orientation),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_byte_is_refused),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(animation_is_named),
        cmocka_unit_test(output_holds_pixels_and_profile_alone),
        cmocka_unit_test(the_profile_survives),
        cmocka_unit_test(too_small_a_buffer_reports_the_exact_size),
        cmocka_unit_test(the_bound_holds_for_noise),
    };
    return cmocka_run_group_tests(tests, codec_setup, codec_teardown);
}

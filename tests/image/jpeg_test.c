/*
 * JPEG: the same pixels as libjpeg alone gives, all eight orientations, what is refused, and what is left out of the output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jpeglib.h>

#include "codec_fixture.h"
#include "image/codec_internal.h"

/* What libjpeg says the file holds, as tight BGR or gray. */
static uint8_t *reference(const test_bytes *file, uint32_t channels)
{
    struct jpeg_decompress_struct c;
    struct jpeg_error_mgr errors;
    c.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&c);
    jpeg_mem_src(&c, file->data, file->size);
    jpeg_read_header(&c, TRUE);
    c.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_EXT_BGR;
    jpeg_start_decompress(&c);
    uint8_t *pixels = malloc((size_t)c.output_width * c.output_height * channels);
    assert_non_null(pixels);
    while (c.output_scanline < c.output_height) {
        JSAMPROW row = pixels + (size_t)c.output_scanline * c.output_width * channels;
        jpeg_read_scanlines(&c, &row, 1);
    }
    jpeg_finish_decompress(&c);
    jpeg_destroy_decompress(&c);
    return pixels;
}

static void check_same_as_libjpeg(vl_pool *pool, const jpeg_recipe *recipe)
{
    test_bytes file = make_jpeg(recipe);
    test_picture picture = picture_decode(pool, &file);
    assert_int_equal(picture.status, VEIL_OK);
    assert_int_equal(picture.info.width, recipe->width);
    assert_int_equal(picture.info.height, recipe->height);
    uint8_t *expected = reference(&file, recipe->channels);
    assert_memory_equal(picture.view.pixels, expected, picture.info.pixel_bytes);
    free(expected);
    picture_free(&picture);
    bytes_free(&file);
}

static void decodes_as_libjpeg_does(void **state)
{
    static const uint32_t samplings[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}};
    static const uint32_t sizes[][2] = {{1, 1}, {7, 3}, {16, 16}, {17, 33}, {250, 131}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t i = 0; i < sizeof samplings / sizeof *samplings; i++) {
            jpeg_recipe recipe = {.width = sizes[s][0], .height = sizes[s][1], .channels = 3};
            recipe.sampling_h = samplings[i][0];
            recipe.sampling_v = samplings[i][1];
            check_same_as_libjpeg(*state, &recipe);
            recipe.is_progressive = true;
            check_same_as_libjpeg(*state, &recipe);
        }
        jpeg_recipe gray = {.width = sizes[s][0], .height = sizes[s][1], .channels = 1};
        check_same_as_libjpeg(*state, &gray);
    }
}

/* Stored pixel (x, y) of a w x h picture in the oriented one, straight from the table in EXIF 2.3, 4.6.4. */
static void oriented_position(uint32_t orientation, uint32_t w, uint32_t h, uint32_t x, uint32_t y, uint32_t *ox,
                              uint32_t *oy)
{
    const uint32_t table_x[] = {0, x, w - 1 - x, w - 1 - x, x, y, h - 1 - y, h - 1 - y, y};
    const uint32_t table_y[] = {0, y, y, h - 1 - y, h - 1 - y, x, x, w - 1 - x, w - 1 - x};
    *ox = table_x[orientation];
    *oy = table_y[orientation];
}

static void applies_every_orientation(void **state)
{
    for (uint32_t orientation = 1; orientation <= 8; orientation++) {
        for (uint32_t channels = 1; channels <= 3; channels += 2) {
            jpeg_recipe recipe = {.width = 37, .height = 22, .channels = channels, .orientation = orientation};
            test_bytes file = make_jpeg(&recipe);
            uint8_t *stored = reference(&file, channels);
            test_picture picture = picture_decode(*state, &file);
            assert_int_equal(picture.status, VEIL_OK);
            assert_int_equal(picture.info.width, orientation >= 5 ? 22 : 37);
            for (uint32_t y = 0; y < 22; y++) {
                for (uint32_t x = 0; x < 37; x++) {
                    uint32_t ox, oy;
                    oriented_position(orientation, 37, 22, x, y, &ox, &oy);
                    assert_memory_equal(vl_view_row(&picture.view, oy) + ox * channels,
                                        stored + (y * 37 + x) * channels, channels);
                }
            }
            free(stored);
            picture_free(&picture);
            bytes_free(&file);
        }
    }
}

static void writes_only_pixels_of_the_view(void **state)
{
    jpeg_recipe recipe = {.width = 20, .height = 10, .channels = 3, .orientation = 6};
    test_bytes file = make_jpeg(&recipe);
    vl_image_info info;
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, NULL), VEIL_OK);
    uint8_t pixels[20 * 40];
    memset(pixels, 0xA5, sizeof pixels);
    vl_image_view view = vl_view_make(pixels, info.width, info.height, info.format);
    view.stride_bytes = 40; /* rows of 10 * 3 bytes and 10 of padding */
    assert_int_equal(vl_codec_decode(file.data, file.size, &info, *state, &view, NULL), VEIL_OK);
    for (size_t y = 0; y < 20; y++)
        for (size_t x = 30; x < 40; x++)
            assert_int_equal(pixels[y * 40 + x], 0xA5);
    bytes_free(&file);
}

static veil_status decode_reason(vl_pool *pool, const test_bytes *file, veil_error *error)
{
    vl_image_info info;
    *error = (veil_error)VEIL_ERROR_INIT;
    assert_int_equal(vl_codec_read_header(file->data, file->size, &test_limits, &info, error), VEIL_OK);
    void *pixels = malloc(info.pixel_bytes);
    assert_non_null(pixels);
    vl_image_view view = vl_view_make(pixels, info.width, info.height, info.format);
    veil_status status = vl_codec_decode(file->data, file->size, &info, pool, &view, error);
    free(pixels);
    return status;
}

static void reasons_are_in_words(void **state)
{
    jpeg_recipe recipe = {.width = 120, .height = 90, .channels = 3, .sampling_h = 2, .sampling_v = 2};
    test_bytes file = make_jpeg(&recipe);
    veil_error error;
    size_t whole = file.size;
    file.size = whole - 40;
    assert_int_equal(decode_reason(*state, &file, &error), VEIL_ERR_MALFORMED_INPUT);
    assert_non_null(strstr(error.message, "truncated"));
    file.size = whole;
    file.data[whole - 42] = 0xFF; /* an end of image within the data */
    file.data[whole - 41] = 0xD9;
    assert_int_equal(decode_reason(*state, &file, &error), VEIL_ERR_MALFORMED_INPUT);
    assert_non_null(strstr(error.message, "corrupt data"));
    bytes_free(&file);
}

static void every_truncation_is_refused(void **state)
{
    for (int progressive = 0; progressive < 2; progressive++) {
        jpeg_recipe recipe = {.width = 120, .height = 90, .channels = 3, .sampling_h = 2, .sampling_v = 2};
        recipe.is_progressive = progressive != 0;
        test_bytes file = make_jpeg(&recipe);
        for (size_t size = 0; size < file.size; size += size < 700 ? 1 : 37) {
            test_bytes part = {malloc(size + 1), size}; /* an exact copy, so that over-reads are seen */
            memcpy(part.data, file.data, size);
            test_picture picture = picture_decode(*state, &part);
            assert_true(picture.status == VEIL_ERR_MALFORMED_INPUT ||
                        (size < 3 && picture.status == VEIL_ERR_UNSUPPORTED));
            bytes_free(&part);
        }
        file.size -= 1; /* half of the end marker */
        assert_int_equal(picture_decode(*state, &file).status, VEIL_ERR_MALFORMED_INPUT);
        bytes_free(&file);
    }
}

static void damage_never_breaks_out(void **state)
{
    uint32_t random = 77;
    jpeg_recipe recipe = {.width = 64, .height = 48, .channels = 3, .sampling_h = 2, .icc_chunks = 2, .orientation = 5};
    test_bytes file = make_jpeg(&recipe);
    for (int round = 0; round < 3000; round++) {
        test_bytes copy = {0};
        bytes_append(&copy, file.data, file.size);
        for (uint32_t i = 0; i < 1 + random % 4; i++)
            copy.data[test_random(&random) % copy.size] = (uint8_t)test_random(&random);
        test_picture picture = picture_decode(*state, &copy);
        assert_true(picture.status <= VEIL_OK && picture.status != VEIL_ERR_INTERNAL);
        picture_free(&picture);
        bytes_free(&copy);
    }
    bytes_free(&file);
}

static veil_status header_status(const test_bytes *file, uint64_t max_pixels)
{
    vl_image_info info;
    vl_codec_limits limits = {1 << 20, max_pixels};
    return vl_codec_read_header(file->data, file->size, &limits, &info, NULL);
}

/* Where the frame header's height is. */
static uint8_t *frame_height(test_bytes *file)
{
    for (size_t i = 2; i + 9 < file->size; i++)
        if (file->data[i] == 0xFF && file->data[i + 1] == 0xC0) return file->data + i + 5;
    return NULL;
}

static void hostile_headers_are_refused(void **state)
{
    (void)state;
    jpeg_recipe recipe = {.width = 32, .height = 32, .channels = 3};
    test_bytes file = make_jpeg(&recipe);
    uint8_t *height = frame_height(&file);
    assert_non_null(height);
    assert_int_equal(header_status(&file, 1024), VEIL_OK);
    assert_int_equal(header_status(&file, 1023), VEIL_ERR_LIMIT);
    memcpy(height, "\xea\x60\xea\x60", 4); /* 60,000 x 60,000 */
    assert_int_equal(header_status(&file, 100000000), VEIL_ERR_LIMIT);
    memcpy(height, "\xff\xff\xff\xff", 4);
    assert_int_equal(header_status(&file, UINT64_MAX), VEIL_ERR_LIMIT);
    memcpy(height, "\x20\x00\x20\x00", 4); /* 67 megapixels in some hundred bytes: within the limit and impossible */
    assert_int_equal(header_status(&file, 100000000), VEIL_ERR_MALFORMED_INPUT);
    memcpy(height, "\0\0\0\x20", 4);
    assert_int_equal(header_status(&file, 1024), VEIL_ERR_UNSUPPORTED);
    memcpy(height, "\0\x20\0\0", 4);
    assert_int_equal(header_status(&file, 1024), VEIL_ERR_MALFORMED_INPUT);
    memcpy(height, "\0\x20\0\x20", 4);
    height[-1] = 12; /* precision */
    assert_int_equal(header_status(&file, 1024), VEIL_ERR_UNSUPPORTED);
    height[-1] = 8;
    height[-4] = 0xC3; /* lossless */
    assert_int_equal(header_status(&file, 1024), VEIL_ERR_UNSUPPORTED);
    bytes_free(&file);
}

static void arithmetic_coding_is_named(void **state)
{
    veil_error error = VEIL_ERROR_INIT;
    vl_image_info info;
    jpeg_recipe arithmetic = {.width = 16, .height = 16, .channels = 3, .is_arithmetic = true};
    test_bytes file = make_jpeg(&arithmetic);
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, &error), VEIL_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "arithmetic"));
    bytes_free(&file);
    (void)state;
}

/* Inks of one colour, as Adobe stores them (libjpeg writes its marker): red = cyan's byte times black's. */
static void cmyk_becomes_bgr(void **state)
{
    for (int is_ycck = 0; is_ycck < 2; is_ycck++) {
        static uint8_t pixels[24 * 24 * 4];
        for (size_t i = 0; i < sizeof pixels; i += 4)
            memcpy(pixels + i, "\xC8\x78\x28\xD2", 4);
        jpeg_recipe recipe = {.width = 24, .height = 24, .channels = 4, .pixels = pixels, .is_ycck = is_ycck != 0};
        test_bytes file = make_jpeg(&recipe);
        test_picture picture = picture_decode(*state, &file);
        assert_int_equal(picture.status, VEIL_OK);
        assert_int_equal(picture.info.format, VEIL_PIXEL_BGR);
        for (size_t i = 0; i < 24 * 24 * 3; i += 3) {
            assert_in_range(picture.view.pixels[i], 0x28 * 0xD2 / 255 - 3, 0x28 * 0xD2 / 255 + 3);
            assert_in_range(picture.view.pixels[i + 1], 0x78 * 0xD2 / 255 - 3, 0x78 * 0xD2 / 255 + 3);
            assert_in_range(picture.view.pixels[i + 2], 0xC8 * 0xD2 / 255 - 3, 0xC8 * 0xD2 / 255 + 3);
        }
        picture_free(&picture);
        bytes_free(&file);
    }
}

/* A progressive file whose first refinement-free scan is repeated 200 times: cheap to send, dear to decode. */
static void scan_bombs_are_refused(void **state)
{
    jpeg_recipe recipe = {.width = 64, .height = 64, .channels = 1, .is_progressive = true};
    test_bytes file = make_jpeg(&recipe);
    size_t scan = 0, next = 0;
    for (size_t i = 2; i + 1 < file.size && next == 0; i++) {
        if (file.data[i] != 0xFF || (file.data[i + 1] != 0xDA && file.data[i + 1] != 0xC4)) continue;
        if (file.data[i + 1] == 0xDA && scan == 0)
            scan = i;
        else if (scan != 0)
            next = i;
    }
    assert_true(scan != 0 && next > scan);
    test_bytes bomb = {0};
    bytes_append(&bomb, file.data, next);
    size_t tail = file.size - next;
    for (int i = 0; i < 200; i++) {
        /* an AC scan of band 1 to 1 that codes nothing but one long end-of-band run, with a Huffman table for it */
        static const uint8_t table[] = {0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x60};
        static const uint8_t empty[] = {0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0, 0x00, 0x00};
        bytes_append(&bomb, table, sizeof table);
        bytes_append(&bomb, empty, sizeof empty);
    }
    bytes_append(&bomb, file.data + next, tail);
    test_picture picture = picture_decode(*state, &bomb);
    assert_int_equal(picture.status, VEIL_ERR_MALFORMED_INPUT);
    bytes_free(&bomb);
    bytes_free(&file);
}

static void output_holds_pixels_and_profile_alone(void **state)
{
    for (uint32_t channels = 1; channels <= 3; channels += 2) {
        jpeg_recipe recipe = {.width = 48, .height = 40, .channels = channels, .has_secrets = true, .icc_chunks = 3};
        recipe.orientation = 3;
        test_bytes file = make_jpeg(&recipe);
        test_picture picture = picture_decode(*state, &file);
        test_bytes out = picture_encode(*state, &picture, &file, 0);
        int planted = 0;
        for (const char *const *secret = planted_secrets; *secret != NULL; secret++) {
            planted += bytes_contain(file.data, file.size, *secret, strlen(*secret));
            assert_false(bytes_contain(out.data, out.size, *secret, strlen(*secret)));
        }
        assert_true(planted >= 7);
        assert_false(bytes_contain(out.data, out.size, "Exif", 4));
        assert_memory_equal(out.data + out.size - 2, "\xff\xd9", 2);
        test_bytes icc = make_clean_icc(3000, channels == 1 ? "GRAY" : "RGB ");
        for (size_t i = 0; i < 3; i++)
            assert_true(bytes_contain(out.data, out.size, icc.data + 1000 * i, 1000));
        assert_true(bytes_contain(out.data, out.size, "ICC_PROFILE\0\1\3", 14));
        bytes_free(&icc);
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
    }
}

static void damaged_profiles_are_dropped(void **state)
{
    jpeg_recipe recipe = {.width = 16, .height = 16, .channels = 3, .icc_chunks = 2};
    test_bytes file = make_jpeg(&recipe);
    uint8_t *chunk = memmem(file.data, file.size, "ICC_PROFILE\0\2\2", 14);
    assert_non_null(chunk);
    chunk[12] = 1; /* chunk 1 twice, chunk 2 missing */
    test_picture picture = picture_decode(*state, &file);
    assert_int_equal(picture.info.icc_bytes, 0);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    assert_false(bytes_contain(out.data, out.size, "ICC_PROFILE", 11));
    bytes_free(&out);
    picture_free(&picture);
    bytes_free(&file);
}

/* Sampling factors of the first component in the output. */
static uint32_t output_sampling(const test_bytes *out)
{
    for (size_t i = 2; i + 12 < out->size; i++)
        if (out->data[i] == 0xFF && out->data[i + 1] == 0xC0) return out->data[i + 11];
    return 0;
}

static void sampling_and_quality_are_kept(void **state)
{
    jpeg_recipe recipe = {.width = 80, .height = 64, .channels = 3, .sampling_h = 2, .sampling_v = 1};
    test_bytes file = make_jpeg(&recipe);
    test_picture picture = picture_decode(*state, &file);
    assert_int_equal(picture.info.grid.guard_x, 2);
    assert_int_equal(picture.info.grid.guard_y, 0);
    test_bytes low = picture_encode(*state, &picture, &file, 30);
    test_bytes usual = picture_encode(*state, &picture, &file, 0);
    test_bytes named = picture_encode(*state, &picture, &file, 92);
    assert_int_equal(output_sampling(&usual), 0x21);
    assert_true(low.size < usual.size);
    assert_int_equal(usual.size, named.size);
    assert_memory_equal(usual.data, named.data, named.size);
    picture_free(&picture);
    bytes_free(&file);
    bytes_free(&low);
    bytes_free(&usual);
    bytes_free(&named);
    recipe.orientation = 6; /* a quarter turn: what was halved across is halved down now */
    file = make_jpeg(&recipe);
    picture = picture_decode(*state, &file);
    assert_int_equal(picture.info.grid.guard_x, 0);
    assert_int_equal(picture.info.grid.guard_y, 2);
    usual = picture_encode(*state, &picture, &file, 0);
    assert_int_equal(output_sampling(&usual), 0x12);
    picture_free(&picture);
    bytes_free(&file);
    bytes_free(&usual);
}

static void too_small_a_buffer_reports_the_exact_size(void **state)
{
    jpeg_recipe recipe = {.width = 100, .height = 100, .channels = 3, .icc_chunks = 1};
    test_bytes file = make_jpeg(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes whole = picture_encode(*state, &picture, &file, 0);
    for (size_t capacity = 0; capacity < whole.size; capacity += 1 + capacity / 3) {
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
    uint8_t *exact = malloc(whole.size);
    size_t size = 0;
    assert_int_equal(vl_codec_encode(&picture.view, &picture.info, NULL, file.data, file.size, 0, *state, exact,
                                     whole.size, &size, NULL),
                     VEIL_OK);
    assert_memory_equal(exact, whole.data, whole.size);
    free(exact);
    bytes_free(&whole);
    picture_free(&picture);
    bytes_free(&file);
}

/* Pictures that are as dear as JPEG gets, at quality 100: the bound must hold. */
static void the_bound_holds_for_noise(void **state)
{
    uint32_t random = 3;
    for (int kind = 0; kind < 4; kind++) {
        uint8_t *pixels = malloc(96 * 96 * 3);
        for (size_t i = 0; i < 96 * 96 * 3; i++)
            pixels[i] = kind == 0   ? (uint8_t)test_random(&random)
                        : kind == 1 ? (uint8_t)(test_random(&random) & 1 ? 255 : 0)
                        : kind == 2 ? (uint8_t)((i / 3 + i / 288) & 1 ? 255 : 0)
                                    : (uint8_t)((i & 1) * 255);
        jpeg_recipe recipe = {.width = 96, .height = 96, .channels = 3, .pixels = pixels};
        test_bytes file = make_jpeg(&recipe);
        test_picture picture = picture_decode(*state, &file);
        memcpy(picture.view.pixels, pixels, 96 * 96 * 3);
        test_bytes out = picture_encode(*state, &picture, &file, 100);
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
        free(pixels);
    }
}

/*
 * Two files that differ inside a region only (aligned to whole MCUs, so that their coefficients differ there alone): decoded,
 * they also differ outside, where chroma is interpolated, but nowhere beyond the guard.
 */
static void the_guard_covers_interpolated_chroma(void **state)
{
    uint32_t random = 9, outside_region = 0;
    uint8_t *pixels = malloc(96 * 96 * 3);
    draw_pattern(pixels, 96, 96, 3);
    jpeg_recipe recipe = {.width = 96, .height = 96, .channels = 3, .sampling_h = 2, .sampling_v = 2, .pixels = pixels};
    test_bytes first_file = make_jpeg(&recipe);
    for (size_t y = 32; y < 64; y++)
        for (size_t i = 32 * 3; i < 64 * 3; i++)
            pixels[y * 96 * 3 + i] = (uint8_t)(i % 3 == 0 ? 255 : test_random(&random) & 15); /* strong, even colour */
    test_bytes second_file = make_jpeg(&recipe);
    test_picture first = picture_decode(*state, &first_file), second = picture_decode(*state, &second_file);
    uint32_t guard_x = first.info.grid.guard_x, guard_y = first.info.grid.guard_y;
    for (uint32_t y = 0; y < 96; y++) {
        for (uint32_t x = 0; x < 96; x++) {
            size_t at = ((size_t)y * 96 + x) * 3;
            if (memcmp(first.view.pixels + at, second.view.pixels + at, 3) == 0) continue;
            assert_in_range(x, 32 - guard_x, 63 + guard_x);
            assert_in_range(y, 32 - guard_y, 63 + guard_y);
            outside_region += x < 32 || x > 63 || y < 32 || y > 63;
        }
    }
    assert_true(outside_region > 0); /* without the guard, colour would have stayed */
    picture_free(&first);
    picture_free(&second);
    bytes_free(&first_file);
    bytes_free(&second_file);
    free(pixels);
}

/* Pixels of two pictures that differ outside `inside`; none may lie outside the cover. */
static uint32_t count_shown_outside(const test_picture *first, const test_picture *second, vl_rect inside)
{
    const vl_rect cover = vl_block_grid_cover(&first->info.grid, &first->view, inside);
    uint32_t bytes = vl_pixel_bytes(first->info.format), shown = 0;
    for (uint32_t y = 0; y < first->info.height; y++) {
        for (uint32_t x = 0; x < first->info.width; x++) {
            size_t at = ((size_t)y * first->info.width + x) * bytes;
            if (memcmp(first->view.pixels + at, second->view.pixels + at, bytes) == 0) continue;
            assert_true(x >= cover.x && x < cover.x + cover.w && y >= cover.y && y < cover.y + cover.h);
            shown += x < inside.x || x >= inside.x + inside.w || y < inside.y || y >= inside.y + inside.h;
        }
    }
    return shown;
}

/* Two files whose sources differ in one odd box only: all of their decoded difference lies in the cover of that box. */
static uint32_t check_cover(vl_pool *pool, jpeg_recipe recipe)
{
    enum { W = 91, H = 78, BOX_X = 37, BOX_Y = 29, BOX_W = 9, BOX_H = 13 };
    static uint8_t pixels[W * H * 3];
    uint32_t random = 5, x0, y0, x1, y1;
    draw_pattern(pixels, W, H, recipe.channels);
    recipe.width = W;
    recipe.height = H;
    recipe.pixels = pixels;
    test_bytes first_file = make_jpeg(&recipe);
    for (size_t y = BOX_Y; y < BOX_Y + BOX_H; y++)
        for (size_t i = BOX_X * recipe.channels; i < (BOX_X + BOX_W) * recipe.channels; i++)
            pixels[y * W * recipe.channels + i] = (uint8_t)test_random(&random);
    test_bytes second_file = make_jpeg(&recipe);
    test_picture first = picture_decode(pool, &first_file), second = picture_decode(pool, &second_file);
    oriented_position(recipe.orientation, W, H, BOX_X, BOX_Y, &x0, &y0);
    oriented_position(recipe.orientation, W, H, BOX_X + BOX_W - 1, BOX_Y + BOX_H - 1, &x1, &y1);
    const vl_rect inside = {x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1, (x0 < x1 ? x1 - x0 : x0 - x1) + 1,
                            (y0 < y1 ? y1 - y0 : y0 - y1) + 1};
    uint32_t shown = count_shown_outside(&first, &second, inside);
    picture_free(&first);
    picture_free(&second);
    bytes_free(&first_file);
    bytes_free(&second_file);
    return shown;
}

static void what_is_inside_shows_within_its_cover_alone(void **state)
{
    static const uint32_t samplings[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}};
    for (uint32_t orientation = 1; orientation <= 8; orientation++) {
        for (size_t i = 0; i < 2 * (sizeof samplings / sizeof *samplings); i++) {
            jpeg_recipe recipe = {.channels = 3, .orientation = orientation, .is_progressive = i % 2 != 0};
            recipe.sampling_h = samplings[i / 2][0];
            recipe.sampling_v = samplings[i / 2][1];
            assert_true(check_cover(*state, recipe) > 0); /* it does show outside of the box itself */
        }
        assert_true(check_cover(*state, (jpeg_recipe){.channels = 1, .orientation = orientation}) > 0);
    }
}

/* exiftool, where it is installed, must find no tag that is not about the file itself. */
static void exiftool_finds_nothing(void **state)
{
    if (system("exiftool -ver >/dev/null 2>&1") != 0) skip();
    jpeg_recipe recipe = {.width = 48, .height = 40, .channels = 3, .has_secrets = true, .icc_chunks = 1};
    test_bytes file = make_jpeg(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    char path[] = "/tmp/veil-jpeg-XXXXXX";
    FILE *stream = fdopen(mkstemp(path), "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(out.data, 1, out.size, stream), out.size);
    fclose(stream);
    char command[256], listing[1024] = {0};
    snprintf(command, sizeof command,
             "exiftool -a -u -G1 -EXIF:all -XMP:all -IPTC:all -Photoshop:all -Comment -trailer:all "
             "%s 2>&1",
             path);
    FILE *pipe = popen(command, "r");
    size_t read = fread(listing, 1, sizeof listing - 1, pipe);
    pclose(pipe);
    remove(path);
    assert_int_equal(read, strspn(listing, " \n"));
    bytes_free(&out);
    picture_free(&picture);
    bytes_free(&file);
}

/* 256 MiB of the smallest segments: refused with a reason after a bounded walk. Not one walk a chunk of ICC. */
static void many_tiny_segments_are_refused_in_time(void **state)
{
    (void)state;
    const uint32_t counts[] = {16000, 64u << 20};
    jpeg_recipe recipe = {.width = 16, .height = 16, .channels = 3, .icc_chunks = 3};
    test_bytes file = make_jpeg(&recipe);
    for (size_t i = 0; i < 2; i++) {
        size_t bytes = file.size + 4 * (size_t)counts[i];
        uint8_t *large = malloc(bytes);
        assert_non_null(large);
        memcpy(large, file.data, 2);
        for (uint32_t k = 0; k < counts[i]; k++)
            memcpy(large + 2 + 4 * (size_t)k, "\xFF\xFE\0\2", 4); /* empty comments */
        memcpy(large + 2 + 4 * (size_t)counts[i], file.data + 2, file.size - 2);
        vl_image_info info = {0};
        vl_jpeg_icc icc;
        veil_error error = VEIL_ERROR_INIT;
        clock_t began = clock();
        veil_status status = vl_jpeg_read_header((vl_bytes){large, bytes}, &info, &error);
        uint32_t chunks = vl_jpeg_icc_chunks((vl_bytes){large, bytes}, &icc);
        double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
        assert_int_equal(status, i == 0 ? VEIL_OK : VEIL_ERR_LIMIT);
        assert_int_equal(chunks, i == 0 ? 3 : 0);
        if (i == 1) assert_non_null(strstr(error.message, "segments"));
        assert_true(seconds < 0.25);
        free(large);
    }
    bytes_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_tiny_segments_are_refused_in_time),
        cmocka_unit_test(decodes_as_libjpeg_does),
        cmocka_unit_test(applies_every_orientation),
        cmocka_unit_test(writes_only_pixels_of_the_view),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(reasons_are_in_words),
        cmocka_unit_test(damage_never_breaks_out),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(arithmetic_coding_is_named),
        cmocka_unit_test(cmyk_becomes_bgr),
        cmocka_unit_test(scan_bombs_are_refused),
        cmocka_unit_test(output_holds_pixels_and_profile_alone),
        cmocka_unit_test(damaged_profiles_are_dropped),
        cmocka_unit_test(sampling_and_quality_are_kept),
        cmocka_unit_test(too_small_a_buffer_reports_the_exact_size),
        cmocka_unit_test(the_bound_holds_for_noise),
        cmocka_unit_test(the_guard_covers_interpolated_chroma),
        cmocka_unit_test(what_is_inside_shows_within_its_cover_alone),
        cmocka_unit_test(exiftool_finds_nothing),
    };
    return cmocka_run_group_tests(tests, codec_setup, codec_teardown);
}

/* Telling formats apart, limits before memory, EXIF blocks, running out of memory. */
#include "image/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "codec_fixture.h"
#include "image/codec_internal.h"
#include "support/malloc_count.h"

static void formats_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        vl_codec codec;
        const char *name;
    } cases[] = {
        {"\xff\xd8\xff\xe0", 4, VL_CODEC_JPEG, "JPEG"},
        {"\x89PNG\r\n\x1a\n", 8, VL_CODEC_PNG, "PNG"},
        {"GIF89a", 6, VL_CODEC_GIF, "GIF"},
        {"RIFF\1\2\3\4WEBP", 12, VL_CODEC_WEBP, "WebP"},
        {"RIFF\1\2\3\4WAVE", 12, VL_CODEC_UNKNOWN, "unknown"},
        {"II*\0", 4, VL_CODEC_TIFF, "TIFF"},
        {"MM\0*", 4, VL_CODEC_TIFF, "TIFF"},
        {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 18, VL_CODEC_BMP, "BMP"},
        {"BM is how this text starts", 26, VL_CODEC_UNKNOWN, "unknown"},
        {"\0\0\0\x18"
         "ftypheic",
         12, VL_CODEC_HEIC, "HEIC"},
        {"\0\0\0\x18"
         "ftypavif",
         12, VL_CODEC_AVIF, "AVIF"},
        {"\0\0\0\x0cjP  \r\n\x87\n", 12, VL_CODEC_JPEG2000, "JPEG 2000"},
        {"\xff\x0a", 2, VL_CODEC_JPEGXL, "JPEG XL"},
        {"\x89PNG", 4, VL_CODEC_UNKNOWN, "unknown"},
        {"", 0, VL_CODEC_UNKNOWN, "unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_bytes exact = {0};
        bytes_append(&exact, cases[i].bytes, cases[i].size);
        assert_int_equal(vl_codec_sniff(exact.data, exact.size), cases[i].codec);
        assert_string_equal(vl_codec_name(cases[i].codec), cases[i].name);
        if (cases[i].codec != VL_CODEC_JPEG && cases[i].codec != VL_CODEC_PNG && cases[i].codec != VL_CODEC_WEBP) {
            vl_image_info info;
            veil_error error = VEIL_ERROR_INIT;
            assert_int_equal(vl_codec_read_header(exact.data, exact.size, &test_limits, &info, &error),
                             VEIL_ERR_UNSUPPORTED);
            assert_non_null(strstr(error.message, cases[i].name));
        }
        bytes_free(&exact);
    }
}

static void limits_on_bytes_come_first(void **state)
{
    (void)state;
    vl_image_info info;
    vl_codec_limits limits = {.max_bytes = 100, .max_pixels = 100};
    uint8_t junk[101] = {0};
    assert_int_equal(vl_codec_read_header(junk, 101, &limits, &info, NULL), VEIL_ERR_LIMIT);
    assert_int_equal(vl_codec_read_header(junk, 100, &limits, &info, NULL), VEIL_ERR_UNSUPPORTED);
}

static void orientation_is_read_from_any_tiff_block(void **state)
{
    (void)state;
    for (uint32_t orientation = 0; orientation <= 9; orientation++) {
        test_bytes exif = make_exif(orientation, true);
        uint32_t expected = orientation >= 1 && orientation <= 8 ? orientation : 1;
        assert_int_equal(vl_exif_orientation((vl_bytes){exif.data, exif.size}), expected);
        bytes_free(&exif);
    }
    static const uint8_t little[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 4, 0, 1, 0, 0, 0, 6, 0, 0, 0};
    assert_int_equal(vl_exif_orientation((vl_bytes){little, sizeof little}), 6); /* LONG, no next directory */
    test_bytes exif = make_exif(6, true);
    for (size_t size = 0; size < 22; size++) { /* cut before the entry ends */
        test_bytes part = {0};
        bytes_append(&part, exif.data, size);
        assert_int_equal(vl_exif_orientation((vl_bytes){part.data, part.size}), 1);
        bytes_free(&part);
    }
    memset(exif.data + 4, 0xff, 4); /* directory far away */
    assert_int_equal(vl_exif_orientation((vl_bytes){exif.data, exif.size}), 1);
    bytes_free(&exif);
}

static void a_view_that_does_not_fit_is_refused(void **state)
{
    test_bytes file = make_jpeg(&(jpeg_recipe){.width = 16, .height = 16, .channels = 3});
    test_picture picture = picture_decode(*state, &file);
    vl_image_view other = picture.view;
    other.width = 15;
    size_t size = 0;
    uint8_t out[16];
    memset(out, 1, sizeof out);
    assert_int_equal(vl_codec_decode(file.data, file.size, &picture.info, *state, &other, NULL), VEIL_ERR_INTERNAL);
    assert_int_equal(
        vl_codec_encode(&other, &picture.info, NULL, file.data, file.size, 0, *state, out, sizeof out, &size, NULL),
        VEIL_ERR_INTERNAL);
    assert_int_equal(out[0] | out[15], 0);
    picture_free(&picture);
    bytes_free(&file);
}

/*
 * Fail the n-th allocation of libjpeg and libpng, until nothing fails any more. libjpeg tries again with less where it asked
 * for spare room, so a call may still succeed, but then with the right answer.
 */
static void fail_every_allocation(vl_pool *pool, const test_bytes *file)
{
    test_picture picture = picture_decode(pool, file);
    assert_int_equal(picture.status, VEIL_OK);
    test_bytes whole = picture_encode(pool, &picture, file, 0);
    uint8_t *again = malloc(picture.info.pixel_bytes), *out = malloc(whole.size);
    vl_image_view view = vl_view_make(again, picture.info.width, picture.info.height, picture.info.format);
    uint32_t refused = 0;
    bool failed = true;
    for (uint64_t n = 1; failed; n++) {
        malloc_count_fail_at(n);
        veil_status status = vl_codec_decode(file->data, file->size, &picture.info, pool, &view, NULL);
        failed = malloc_count_fail_done();
        assert_int_equal(status, failed && status != VEIL_OK ? VEIL_ERR_NO_MEMORY : VEIL_OK);
        if (status == VEIL_OK) assert_memory_equal(again, picture.view.pixels, picture.info.pixel_bytes);
        refused += status != VEIL_OK;
    }
    failed = true;
    for (uint64_t n = 1; failed; n++) {
        size_t size = 0;
        malloc_count_fail_at(n);
        veil_status status = vl_codec_encode(&picture.view, &picture.info, NULL, file->data, file->size, 0, pool, out,
                                             whole.size, &size, NULL);
        failed = malloc_count_fail_done();
        assert_int_equal(status, failed && status != VEIL_OK ? VEIL_ERR_NO_MEMORY : VEIL_OK);
        assert_int_equal(size, status == VEIL_OK ? whole.size : 0);
        if (status == VEIL_OK) assert_memory_equal(out, whole.data, whole.size);
        refused += status != VEIL_OK;
    }
    assert_true(refused > 10);
    free(again);
    free(out);
    bytes_free(&whole);
    picture_free(&picture);
}

static void running_out_of_memory_is_said(void **state)
{
    if (!malloc_count_works()) skip();
    test_bytes jpeg =
        make_jpeg(&(jpeg_recipe){.width = 40, .height = 30, .channels = 3, .is_progressive = true, .icc_chunks = 1});
    fail_every_allocation(*state, &jpeg);
    bytes_free(&jpeg);
    test_bytes png = make_png(&(png_recipe){
        .width = 40, .height = 30, .color_type = PNG_COLOR_TYPE_GRAY_ALPHA, .bit_depth = 8, .has_icc = true});
    fail_every_allocation(*state, &png);
    bytes_free(&png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_apart),
        cmocka_unit_test(limits_on_bytes_come_first),
        cmocka_unit_test(orientation_is_read_from_any_tiff_block),
        cmocka_unit_test(a_view_that_does_not_fit_is_refused),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, codec_setup, codec_teardown);
}

/* WebP: the same pixels as libwebp gives, lossless and lossy kept as such, what is refused, and what is left out of the output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <webp/decode.h>

#include "codec_fixture.h"
#include "image/codec_internal.h"
#include "webp_fixture.h"

static void round_trips_are_exact(void **state)
{
    static const uint32_t sizes[][2] = {{1, 1}, {7, 3}, {64, 64}, {131, 77}};
    for (size_t s = 0; s < 2 * sizeof sizes / sizeof *sizes; s++) {
        webp_recipe recipe = {.width = sizes[s / 2][0], .height = sizes[s / 2][1], .is_lossless = true};
        recipe.has_alpha = s % 2 != 0;
        test_bytes file = make_webp(&recipe);
        test_picture first = picture_decode(*state, &file);
        assert_int_equal(first.status, VEIL_OK);
        assert_int_equal(first.info.is_lossy, 0);
        test_bytes out = picture_encode(*state, &first, &file, 0);
        test_picture second = picture_decode(*state, &out);
        assert_int_equal(second.info.format, first.info.format);
        assert_memory_equal(first.view.pixels, second.view.pixels, first.info.pixel_bytes);
        picture_free(&first);
        picture_free(&second);
        bytes_free(&file);
        bytes_free(&out);
    }
}

static void decodes_as_libwebp_does(void **state)
{
    for (int k = 0; k < 4; k++) {
        webp_recipe recipe = {.width = 93, .height = 61, .is_lossless = k & 1, .has_alpha = k >= 2};
        test_bytes file = make_webp(&recipe);
        test_picture picture = picture_decode(*state, &file);
        int width, height;
        uint8_t *expected = recipe.has_alpha ? WebPDecodeBGRA(file.data, file.size, &width, &height)
                                             : WebPDecodeBGR(file.data, file.size, &width, &height);
        assert_int_equal(picture.status, VEIL_OK);
        for (size_t i = 0; recipe.has_alpha && i < picture.info.pixel_bytes; i += 4)
            if (expected[i + 3] == 0) memset(expected + i, 0, 3); /* colours that nobody sees */
        assert_memory_equal(picture.view.pixels, expected, picture.info.pixel_bytes);
        WebPFree(expected);
        picture_free(&picture);
        bytes_free(&file);
    }
}

static void hidden_colours_are_cleared(void **state)
{
    uint8_t pixels[16 * 16 * 4];
    memset(pixels, 0xAB, sizeof pixels);
    for (size_t i = 3; i < sizeof pixels; i += 8)
        pixels[i] = 0;
    webp_recipe recipe = {.width = 16, .height = 16, .is_lossless = true, .has_alpha = true, .pixels = pixels};
    test_bytes file = make_webp(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    int width, height;
    uint8_t *after = WebPDecodeBGRA(out.data, out.size, &width, &height);
    for (size_t i = 0; i < sizeof pixels; i += 4) {
        assert_int_equal(after[i + 3], pixels[i + 3]);
        assert_int_equal(after[i], pixels[i + 3] == 0 ? 0 : 0xAB);
    }
    WebPFree(after);
    picture_free(&picture);
    bytes_free(&file);
    bytes_free(&out);
}

/* EXIF 2.3, 4.6.4: where stored pixel (x, y) goes. */
static void applies_every_orientation(void **state)
{
    enum { W = 21, H = 13 };
    for (uint32_t o = 1; o <= 8; o++) {
        webp_recipe recipe = {.width = W, .height = H, .is_lossless = true, .orientation = o};
        test_bytes file = make_webp(&recipe);
        test_picture picture = picture_decode(*state, &file);
        int width, height;
        uint8_t *stored = WebPDecodeBGR(file.data, file.size, &width, &height);
        assert_int_equal(picture.status, VEIL_OK);
        assert_int_equal(picture.info.width, o >= 5 ? H : W);
        for (uint32_t y = 0; y < H; y++) {
            for (uint32_t x = 0; x < W; x++) {
                const uint32_t to_x[] = {0, x, W - 1 - x, W - 1 - x, x, y, H - 1 - y, H - 1 - y, y};
                const uint32_t to_y[] = {0, y, y, H - 1 - y, H - 1 - y, x, x, W - 1 - x, W - 1 - x};
                assert_memory_equal(vl_view_row(&picture.view, to_y[o]) + (size_t)to_x[o] * 3,
                                    stored + ((size_t)y * W + x) * 3, 3);
            }
        }
        test_bytes out = picture_encode(*state, &picture, &file, 0);
        assert_false(bytes_contain(out.data, out.size, "EXIF", 4));
        WebPFree(stored);
        picture_free(&picture);
        bytes_free(&file);
        bytes_free(&out);
    }
}

static void quality_is_estimated(void **state)
{
    static const int qualities[] = {20, 60, 75, 80, 85, 90, 95, 100};
    for (size_t i = 0; i < sizeof qualities / sizeof *qualities; i++) {
        webp_recipe recipe = {.width = 128, .height = 96, .quality = (float)qualities[i]};
        test_bytes file = make_webp(&recipe);
        test_picture picture = picture_decode(*state, &file);
        assert_int_equal(picture.info.is_lossy, 1);
        int expected = qualities[i] < 75 ? 75 : qualities[i];
        assert_in_range(picture.info.quality, expected - 8 < 75 ? 75 : expected - 8, expected + 8);
        picture_free(&picture);
        bytes_free(&file);
    }
}

static void output_holds_pixels_and_profile_alone(void **state)
{
    for (int k = 0; k < 4; k++) {
        webp_recipe recipe = {.width = 47, .height = 39, .is_lossless = k & 1, .has_alpha = k >= 2};
        recipe.has_secrets = recipe.has_icc = true;
        recipe.orientation = 6;
        test_bytes file = make_webp(&recipe);
        test_picture picture = picture_decode(*state, &file);
        test_bytes out = picture_encode(*state, &picture, &file, 0);
        int planted = 0;
        for (const char *const *secret = planted_secrets; *secret != NULL; secret++) {
            planted += bytes_contain(file.data, file.size, *secret, strlen(*secret));
            assert_false(bytes_contain(out.data, out.size, *secret, strlen(*secret)));
        }
        assert_true(planted >= 5);
        test_bytes icc = make_clean_icc(3001, "RGB ");
        assert_true(bytes_contain(out.data, out.size, icc.data, icc.size));
        assert_int_equal(out.data[4] | out.data[5] << 8 | out.data[6] << 16, out.size - 8);
        test_picture again = picture_decode(*state, &out);
        assert_int_equal(again.status, VEIL_OK);
        assert_int_equal(again.info.format, picture.info.format);
        assert_int_equal(again.info.width, 39);
        bytes_free(&icc);
        picture_free(&again);
        picture_free(&picture);
        bytes_free(&out);
        bytes_free(&file);
    }
}

static void exiftool_finds_nothing(void **state)
{
    if (system("exiftool -ver >/dev/null 2>&1") != 0) skip();
    webp_recipe recipe = {.width = 47, .height = 39, .has_secrets = true, .has_icc = true};
    test_bytes file = make_webp(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes out = picture_encode(*state, &picture, &file, 0);
    char path[] = "/tmp/veil-webp-XXXXXX", command[256], listing[1024] = {0};
    FILE *stream = fdopen(mkstemp(path), "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(out.data, 1, out.size, stream), out.size);
    fclose(stream);
    snprintf(command, sizeof command, "exiftool -a -u -G1 -EXIF:all -XMP:all -trailer:all %s 2>&1", path);
    FILE *pipe = popen(command, "r");
    size_t read = fread(listing, 1, sizeof listing - 1, pipe);
    pclose(pipe);
    remove(path);
    assert_int_equal(read, strspn(listing, " \n"));
    bytes_free(&out);
    picture_free(&picture);
    bytes_free(&file);
}

static void animation_is_named(void **state)
{
    veil_error error = VEIL_ERROR_INIT;
    vl_image_info info;
    (void)state;
    webp_recipe recipe = {.width = 16, .height = 16, .is_animated = true};
    test_bytes file = make_webp(&recipe);
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, &error), VEIL_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "animation"));
    bytes_free(&file);
}

static void hostile_headers_are_refused(void **state)
{
    vl_image_info info;
    (void)state;
    webp_recipe recipe = {.width = 16, .height = 16, .is_lossless = true};
    test_bytes file = make_webp(&recipe);
    const vl_codec_limits limits = {1 << 20, 256};
    assert_int_equal(vl_codec_read_header(file.data, file.size, &limits, &info, NULL), VEIL_OK);
    memcpy(file.data + 21, "\xff\xff\xff\x0f", 4); /* 16,384 x 16,384 */
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, NULL), VEIL_ERR_LIMIT);
    memcpy(file.data + 21, "\xff\xff\xff\xff", 4); /* a version to come */
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, NULL), VEIL_ERR_UNSUPPORTED);
    memcpy(file.data + 4, "\xff\xff\xff\xff", 4); /* longer than the file */
    assert_int_equal(vl_codec_read_header(file.data, file.size, &test_limits, &info, NULL), VEIL_ERR_MALFORMED_INPUT);
    bytes_free(&file);
}

static void every_truncation_is_refused(void **state)
{
    for (int k = 0; k < 2; k++) {
        webp_recipe recipe = {.width = 60, .height = 45, .is_lossless = k != 0, .has_alpha = k != 0};
        test_bytes file = make_webp(&recipe);
        for (size_t size = 0; size < file.size; size += size < 100 ? 1 : 7) {
            test_bytes part = {malloc(size + 1), size};
            memcpy(part.data, file.data, size);
            test_picture picture = picture_decode(*state, &part);
            assert_true(picture.status == VEIL_ERR_MALFORMED_INPUT ||
                        (size < 12 && picture.status == VEIL_ERR_UNSUPPORTED));
            /* the same with lengths that fit what is left */
            if (size > 40) {
                uint32_t riff = (uint32_t)size - 8, chunk = (uint32_t)size - 20;
                memcpy(part.data + 4, &riff, 4);
                if (memcmp(part.data + 12, "VP8X", 4) != 0) memcpy(part.data + 16, &chunk, 4);
                picture = picture_decode(*state, &part);
                assert_int_not_equal(picture.status, VEIL_ERR_INTERNAL);
                picture_free(&picture);
            }
            bytes_free(&part);
        }
        bytes_free(&file);
    }
}

static void damage_never_breaks_out(void **state)
{
    uint32_t random = 77;
    for (int k = 0; k < 4; k++) {
        webp_recipe recipe = {.width = 48, .height = 40, .is_lossless = k & 1, .has_alpha = k >= 2, .has_icc = true};
        recipe.orientation = k == 3 ? 5 : 0;
        test_bytes file = make_webp(&recipe);
        for (int round = 0; round < 1000; round++) {
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
}

static void the_bound_holds_for_noise(void **state)
{
    enum { SIDE = 128 };
    static uint8_t pixels[SIDE * SIDE * 4];
    uint32_t random = 3;
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)test_random(&random);
    for (int k = 0; k < 4; k++) {
        webp_recipe recipe = {.width = SIDE, .height = SIDE, .is_lossless = k & 1, .has_alpha = k >= 2};
        recipe.pixels = pixels;
        recipe.quality = 100;
        test_bytes file = make_webp(&recipe);
        test_picture picture = picture_decode(*state, &file);
        test_bytes out = picture_encode(*state, &picture, &file, 0); /* compares with the bound */
        print_message("%s%s: %.2f bytes a pixel\n", k & 1 ? "lossless" : "lossy", k >= 2 ? " with alpha" : "",
                      (double)out.size / (SIDE * SIDE));
        bytes_free(&out);
        picture_free(&picture);
        bytes_free(&file);
    }
}

static void too_small_a_buffer_reports_the_exact_size(void **state)
{
    webp_recipe recipe = {.width = 60, .height = 45, .has_icc = true};
    test_bytes file = make_webp(&recipe);
    test_picture picture = picture_decode(*state, &file);
    test_bytes whole = picture_encode(*state, &picture, &file, 0);
    for (size_t capacity = 0; capacity < whole.size; capacity += 1 + capacity / 2) {
        uint8_t *out = malloc(capacity + 1);
        size_t needed = 0;
        memset(out, 0xEE, capacity + 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips_are_exact),
        cmocka_unit_test(decodes_as_libwebp_does),
        cmocka_unit_test(hidden_colours_are_cleared),
        cmocka_unit_test(applies_every_orientation),
        cmocka_unit_test(quality_is_estimated),
        cmocka_unit_test(output_holds_pixels_and_profile_alone),
        cmocka_unit_test(exiftool_finds_nothing),
        cmocka_unit_test(animation_is_named),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(damage_never_breaks_out),
        cmocka_unit_test(the_bound_holds_for_noise),
        cmocka_unit_test(too_small_a_buffer_reports_the_exact_size),
    };
    return cmocka_run_group_tests(tests, codec_setup, codec_teardown);
}

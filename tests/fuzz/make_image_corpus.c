/* Writes the seeds of fuzz_image_decode: make_image_corpus tests/fuzz/corpus/fuzz_image_decode. Pictures as in the tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "image/picture_fixture.h"
#if VEIL_HAS_WEBP
#include "image/webp_fixture.h"
#endif

static const char *folder;

static void save(const char *name, test_bytes bytes)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0) exit(1);
    bytes_free(&bytes);
}

static void save_text(const char *name, const char *data, size_t size)
{
    test_bytes bytes = {0};
    bytes_append(&bytes, data, size);
    save(name, bytes);
}

static void save_jpegs(void)
{
    save("jpeg_gray", make_jpeg(&(jpeg_recipe){.width = 20, .height = 11, .channels = 1}));
    save("jpeg_444", make_jpeg(&(jpeg_recipe){.width = 24, .height = 18, .channels = 3}));
    jpeg_recipe recipe = {.width = 33, .height = 17, .channels = 3, .sampling_h = 2, .sampling_v = 2};
    save("jpeg_420", make_jpeg(&recipe));
    recipe.is_progressive = true;
    save("jpeg_progressive", make_jpeg(&recipe));
    recipe.has_secrets = true;
    recipe.icc_chunks = 1;
    recipe.orientation = 6;
    save("jpeg_everything", make_jpeg(&recipe));
    save("jpeg_cmyk", make_jpeg(&(jpeg_recipe){.width = 8, .height = 8, .channels = 4}));
    save("jpeg_arithmetic", make_jpeg(&(jpeg_recipe){.width = 8, .height = 8, .channels = 3, .is_arithmetic = true}));
    save("jpeg_ycck", make_jpeg(&(jpeg_recipe){.width = 17, .height = 9, .channels = 4, .is_ycck = true}));
    jpeg_recipe whole = {.width = 32, .height = 32, .channels = 3, .sampling_h = 2, .restart_interval = 1};
    whole.is_optimized = true;
    save("jpeg_restarts", make_jpeg(&whole));
    whole.orientation = 8;
    save("jpeg_turned", make_jpeg(&whole));
    test_bytes cut = make_jpeg(&(jpeg_recipe){.width = 24, .height = 18, .channels = 3});
    cut.size -= 60;
    save("jpeg_cut", cut);
}

static void save_pngs(void)
{
    static const int kinds[][2] = {{PNG_COLOR_TYPE_GRAY, 1},      {PNG_COLOR_TYPE_GRAY, 16},
                                   {PNG_COLOR_TYPE_PALETTE, 2},   {PNG_COLOR_TYPE_RGB, 8},
                                   {PNG_COLOR_TYPE_RGB_ALPHA, 8}, {PNG_COLOR_TYPE_GRAY_ALPHA, 8}};
    for (int i = 0; i < 6; i++) {
        png_recipe recipe = {.width = 21, .height = 14, .color_type = kinds[i][0], .bit_depth = kinds[i][1]};
        recipe.is_interlaced = i & 1;
        recipe.has_transparency = i == 2;
        recipe.orientation = i == 3 ? 7 : 0;
        recipe.has_secrets = i == 4;
        recipe.has_icc = i == 4;
        char name[32];
        snprintf(name, sizeof name, "png_type%d_depth%d", kinds[i][0], kinds[i][1]);
        save(name, make_png(&recipe));
    }
    test_bytes plain =
        make_png(&(png_recipe){.width = 6, .height = 6, .color_type = PNG_COLOR_TYPE_RGB, .bit_depth = 8});
    test_bytes animated = {0};
    bytes_append(&animated, plain.data, 33);
    append_png_chunk(&animated, "acTL", "\0\0\0\1\0\0\0\0", 8);
    bytes_append(&animated, plain.data + 33, plain.size - 33);
    save("png_animated", animated);
    plain.size -= 20;
    save("png_cut", plain);
}

#if VEIL_HAS_WEBP
static void save_webps(void)
{
    save("webp_lossy", make_webp(&(webp_recipe){.width = 33, .height = 18}));
    save("webp_lossless", make_webp(&(webp_recipe){.width = 20, .height = 11, .is_lossless = true, .has_alpha = true}));
    webp_recipe recipe = {.width = 24, .height = 17, .has_alpha = true, .has_secrets = true, .has_icc = true};
    recipe.orientation = 6;
    save("webp_everything", make_webp(&recipe));
    save("webp_animated", make_webp(&(webp_recipe){.width = 8, .height = 8, .is_animated = true}));
}
#endif

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    folder = argv[1];
    save_jpegs();
    save_pngs();
#if VEIL_HAS_WEBP
    save_webps();
#endif
    save_text("gif", "GIF89a\1\0\1\0\0\0\0;", 14);
    save_text("webp", "RIFF\4\0\0\0WEBPVP8 ", 16);
    save_text("tiff", "II*\0\10\0\0\0\0\0", 10);
    save_text("heic", "\0\0\0\30ftypheic\0\0\0\0", 16);
    return 0;
}

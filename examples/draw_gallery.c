/*
 * Draws the pictures of docs/gallery.md that are looked at: a sheet of passes, one face, a label with codes. Faces are the one that Veil's
 * detectors prove themselves on, codes come from ZXing's writers. No photo of anybody is involved; every run writes the same bytes.
 * Usage: draw_gallery FOLDER
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "image/known_face.h"
#include "support/draw_code.h"

enum {
    FACE_WIDTH = 240,
    FACE_HEIGHT = 180,
    SHEET_WIDTH = 480,
    SHEET_HEIGHT = 256,
    PASS_WIDTH = 144,
    PASS_HEIGHT = 176,
    LABEL_WIDTH = 480,
    LABEL_HEIGHT = 320,
    QUALITY = 85
};

static void *get(size_t bytes)
{
    void *memory = malloc(bytes);
    if (memory != NULL) return memory;
    fprintf(stderr, "draw_gallery: no memory\n");
    exit(1);
}

static const char *path_of(const char *folder, const char *name)
{
    static char path[1024];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path) return path;
    fprintf(stderr, "draw_gallery: the folder's name is too long\n");
    exit(1);
}

static void write_png(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t format)
{
    png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = format};
    if (png_image_write_to_file(&image, path, 0, pixels, 0, NULL) != 0) return;
    fprintf(stderr, "draw_gallery: %s: %s\n", path, image.message);
    exit(1);
}

static void write_jpeg(const char *path, uint8_t *bgr, uint32_t width, uint32_t height)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        fprintf(stderr, "draw_gallery: cannot write %s\n", path);
        exit(1);
    }
    jpeg.err = jpeg_std_error(&errors); /* prints and exits on failure, which is right for a small tool */
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_EXT_BGR;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, QUALITY, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = bgr + (size_t)jpeg.next_scanline * width * 3;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    fclose(file);
}

static void draw_face(const char *path)
{
    uint8_t *bgr = get((size_t)FACE_WIDTH * FACE_HEIGHT * 3);
    vl_known_face_draw(bgr, (size_t)FACE_WIDTH * 3, FACE_WIDTH, FACE_HEIGHT, NULL);
    write_png(path, bgr, FACE_WIDTH, FACE_HEIGHT, PNG_FORMAT_BGR);
    free(bgr);
}

/* Three passes on a dark desk. The middle one is mirrored. */
static void draw_sheet(const char *path)
{
    uint8_t *bgr = get((size_t)SHEET_WIDTH * SHEET_HEIGHT * 3);
    uint8_t *pass = get((size_t)PASS_WIDTH * PASS_HEIGHT * 3);
    for (size_t i = 0; i < (size_t)SHEET_WIDTH * SHEET_HEIGHT; i++)
        memcpy(bgr + i * 3, "\x40\x48\x50", 3);
    vl_known_face_draw(pass, (size_t)PASS_WIDTH * 3, PASS_WIDTH, PASS_HEIGHT, NULL);
    for (uint32_t i = 0; i < 3; i++) {
        const uint32_t left = 12 + i * (PASS_WIDTH + 12), top = 40;
        for (uint32_t y = 0; y < PASS_HEIGHT; y++) {
            for (uint32_t x = 0; x < PASS_WIDTH; x++) {
                const uint32_t from = i == 1 ? PASS_WIDTH - 1 - x : x;
                memcpy(bgr + ((size_t)(top + y) * SHEET_WIDTH + left + x) * 3,
                       pass + ((size_t)y * PASS_WIDTH + from) * 3, 3);
            }
        }
    }
    write_jpeg(path, bgr, SHEET_WIDTH, SHEET_HEIGHT);
    free(pass);
    free(bgr);
}

static void draw_label(const char *path)
{
    static const drawn_code codes[] = {
        {DRAWN_QR, "https://example.com/ticket/0042", 96, 96, 4, 0, 0},
        {DRAWN_EAN_13, "4006381333931", 310, 60, 2, 0, 34},
        {DRAWN_CODE_128, "ORDER-0042", 320, 176, 1.6, -12, 36},
        {DRAWN_DATA_MATRIX, "SEAT 17C", 90, 246, 4, 0, 0},
        {DRAWN_PDF_417, "DOE/JANE 0042", 320, 278, 1.5, 0, 0},
    };
    uint8_t *gray = get((size_t)LABEL_WIDTH * LABEL_HEIGHT);
    memset(gray, 236, (size_t)LABEL_WIDTH * LABEL_HEIGHT);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (draw_code(gray, LABEL_WIDTH, LABEL_HEIGHT, &codes[i], NULL)) continue;
        fprintf(stderr, "draw_gallery: cannot draw %s\n", codes[i].text);
        exit(1);
    }
    write_png(path, gray, LABEL_WIDTH, LABEL_HEIGHT, PNG_FORMAT_GRAY);
    free(gray);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: draw_gallery FOLDER\n");
        return 2;
    }
    draw_sheet(path_of(argv[1], "passes.jpg"));
    draw_face(path_of(argv[1], "face.png"));
    draw_label(path_of(argv[1], "label.png"));
    return 0;
}

/*
 * Draws the sample picture: a person before a wall, with a line of text above. The face is the one that Veil's detectors prove
 * themselves on (src/image/known_face.c, compiled in), so they find it; wall and text show what redaction must leave alone.
 * No photo of anybody is involved, and every run writes the same bytes.
 * Usage: make_picture OUT.jpg
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "image/known_face.h"

enum {
    WIDTH = 640,
    HEIGHT = 480,
    GLYPH_WIDTH = 5,
    GLYPH_HEIGHT = 7,
    SCALE = 3,   /* picture pixels for each font pixel */
    ADVANCE = 6, /* font pixels from one character to the next */
    TEXT_X = 24,
    TEXT_Y = 26,
    QUALITY = 90
};

/* A 5x7 font, no more characters than the text needs; each row is five bits, the leftmost the highest. */
typedef struct glyph {
    char character;
    unsigned char rows[GLYPH_HEIGHT];
} glyph;

static const glyph font[] = {
    {'A', {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}}, {'B', {0x1E, 0x11, 0x11, 0x1E, 0x11, 0x11, 0x1E}},
    {'C', {0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E}}, {'E', {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F}},
    {'L', {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F}}, {'M', {0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11}},
    {'O', {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}}, {'P', {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10}},
    {'R', {0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11}}, {'S', {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E}},
    {'Y', {0x11, 0x11, 0x0A, 0x04, 0x04, 0x04, 0x04}}, {'0', {0x0E, 0x13, 0x15, 0x15, 0x15, 0x19, 0x0E}},
    {'2', {0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F}}, {'4', {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02}},
    {'-', {0x00, 0x00, 0x00, 0x1F, 0x00, 0x00, 0x00}},
};

static const glyph *find_glyph(char character)
{
    for (size_t i = 0; i < sizeof font / sizeof *font; i++)
        if (font[i].character == character) return &font[i];
    return NULL; /* a space */
}

static void draw_dot(unsigned char *bgr, int left, int top)
{
    static const unsigned char ink[3] = {52, 44, 40};
    for (int y = top; y < top + SCALE; y++)
        for (int x = left; x < left + SCALE; x++)
            memcpy(bgr + ((size_t)y * WIDTH + (size_t)x) * 3, ink, 3);
}

static void draw_glyph(unsigned char *bgr, const glyph *g, int left, int top)
{
    for (int row = 0; row < GLYPH_HEIGHT; row++)
        for (int column = 0; column < GLYPH_WIDTH; column++)
            if (g->rows[row] >> (GLYPH_WIDTH - 1 - column) & 1) draw_dot(bgr, left + column * SCALE, top + row * SCALE);
}

static void draw_text(unsigned char *bgr, const char *text)
{
    for (int i = 0; text[i] != '\0'; i++) {
        const glyph *g = find_glyph(text[i]);
        if (g != NULL) draw_glyph(bgr, g, TEXT_X + i * ADVANCE * SCALE, TEXT_Y);
    }
}

static void write_jpeg(FILE *file, unsigned char *bgr)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors); /* prints and exits on failure, which is right for a small tool */
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = WIDTH;
    jpeg.image_height = HEIGHT;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_EXT_BGR;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, QUALITY, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = bgr + (size_t)jpeg.next_scanline * WIDTH * 3;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_picture OUT.jpg\n");
        return 2;
    }
    unsigned char *bgr = calloc((size_t)WIDTH * HEIGHT, 3);
    FILE *file = fopen(argv[1], "wb");
    if (bgr == NULL || file == NULL) {
        fprintf(stderr, "make_picture: cannot write %s\n", argv[1]);
        free(bgr);
        return 1;
    }
    vl_known_face_draw(bgr, (size_t)WIDTH * 3, WIDTH, HEIGHT, NULL);
    draw_text(bgr, "PASS 0042 - LOBBY CAMERA 2");
    write_jpeg(file, bgr);
    free(bgr);
    return fclose(file) == 0 ? 0 : 1;
}

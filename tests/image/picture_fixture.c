/* Makes the test pictures; see the header. Aborts on failure: a test without its input has nothing to say. */
#include "picture_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

const char *const planted_secrets[] = {"SECRET-GPS-52.5200N",
                                       "SECRET-THUMBNAIL",
                                       "SECRET-XMP-OWNER",
                                       "SECRET-COMMENT",
                                       "SECRET-PHOTOSHOP",
                                       "SECRET-TRAILER",
                                       "SECRET-TEXT",
                                       "SECRET-UNKNOWN",
                                       "SECRET-PROFILE-NAME",
                                       "SECRET-DATE",
                                       "SECRET-M",
                                       "SECRET-CREATOR",
                                       "SECRET-IN-DESCRIPTION",
                                       "SECRET-IN-PRIVATE-TAG",
                                       "SECRET-BEHIND",
                                       "SECRET-CAMERA-7731",
                                       NULL};

static void require(int condition)
{
    if (!condition) abort();
}

void bytes_free(test_bytes *bytes)
{
    free(bytes->data);
    *bytes = (test_bytes){0};
}

void bytes_append(test_bytes *bytes, const void *data, size_t size)
{
    if (size == 0) return;
    bytes->data = realloc(bytes->data, bytes->size + size);
    require(bytes->data != NULL);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

bool bytes_contain(const void *data, size_t size, const void *needle, size_t needle_size)
{
    return memmem(data, size, needle, needle_size) != NULL;
}

uint32_t test_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void draw_pattern(uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels)
{
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            uint8_t *p = pixels + ((size_t)y * width + x) * channels;
            uint32_t wave = (x * x / 64 + y * 3) & 127;
            p[0] = (uint8_t)(40 + 160 * x / width + wave / 4);
            if (channels >= 3) p[1] = (uint8_t)(220 - 180 * y / height);
            if (channels >= 3) p[2] = (uint8_t)(60 + wave);
            if (channels == 2 || channels == 4) p[channels - 1] = (uint8_t)((x + y) % 5 == 0 ? 0 : 255 - (x + y) % 7);
        }
    }
}

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v);
}

/* Offsets of the fixture's profile: a description, colours, and what has no place in a picture that is given away. */
enum { ICC_TABLE = 128, ICC_TEXT = 192, ICC_TEXT_BYTES = 100, ICC_PRIVATE = 292, ICC_WHITE = 332, ICC_CURVE = 352 };

static void put_tag(uint8_t *p, uint32_t index, const char name[4], uint32_t offset, uint32_t size)
{
    p += ICC_TABLE + 4 + 12 * index;
    memcpy(p, name, 4);
    put32(p + 4, offset);
    put32(p + 8, size);
}

/* Header and colours, which stay: a version 2.1 display profile, white point and one curve that fills it up. */
static uint8_t *start_icc(size_t size, const char space[4], uint32_t *curve_bytes)
{
    require(size >= 400);
    uint8_t *p = calloc(1, size);
    require(p != NULL);
    put32(p, (uint32_t)size);
    p[8] = 2;
    p[9] = 0x10;
    memcpy(p + 12, "mntr", 4);
    memcpy(p + 16, space, 4);
    memcpy(p + 20, "XYZ ", 4);
    memcpy(p + 36, "acsp", 4);
    put32(p + 68, 0x0000f6d6); /* D50 */
    put32(p + 72, 0x00010000);
    put32(p + 76, 0x0000d32d);
    memcpy(p + ICC_WHITE, "XYZ ", 4);
    put32(p + ICC_WHITE + 8, 0x0000f6d6);
    put32(p + ICC_WHITE + 12, 0x00010000);
    put32(p + ICC_WHITE + 16, 0x0000d32d);
    uint32_t values = (uint32_t)(size - ICC_CURVE - 12 - 16) / 2;
    memcpy(p + ICC_CURVE, "curv", 4);
    put32(p + ICC_CURVE + 8, values);
    for (size_t i = 0; i < 2 * (size_t)values; i++)
        p[ICC_CURVE + 12 + i] = (uint8_t)(i * 7 + i / 251);
    *curve_bytes = 12 + 2 * values;
    return p;
}

test_bytes make_icc(size_t size, const char space[4])
{
    uint32_t curve;
    uint8_t *p = start_icc(size, space, &curve);
    memcpy(p + 4, "SECR", 4);
    memcpy(p + 24, "SECRET-DATE!", 12);
    memcpy(p + 40, "SECR", 4);
    memcpy(p + 48, "SECRET-M", 8);
    memcpy(p + 80, "SECRET-CREATOR-AND-IDENTIFIER", 30);
    put32(p + ICC_TABLE, 4);
    put_tag(p, 0, "desc", ICC_TEXT, ICC_TEXT_BYTES);
    put_tag(p, 1, "SECR", ICC_PRIVATE, 40);
    put_tag(p, 2, "wtpt", ICC_WHITE, 20);
    put_tag(p, 3, "kTRC", ICC_CURVE, (uint32_t)(size - ICC_CURVE) & ~3u); /* claims more than the curve has */
    memcpy(p + ICC_TEXT, "desc\0\0\0\0\0\0\0\x17SECRET-IN-DESCRIPTION", 34);
    memcpy(p + ICC_TEXT - 8, "SECRET--", 8);
    memcpy(p + ICC_PRIVATE, "data\0\0\0\0SECRET-IN-PRIVATE-TAG", 30);
    memcpy(p + ICC_CURVE + curve, "SECRET-BEHIND", 13);
    return (test_bytes){p, size};
}

test_bytes make_clean_icc(size_t size, const char space[4])
{
    uint32_t curve;
    uint8_t *p = start_icc(size, space, &curve);
    memcpy(p + 24, "\x07\xD0\0\1\0\1", 6);
    put32(p + ICC_TABLE, 3);
    put_tag(p, 0, "wtpt", ICC_WHITE, 20);
    put_tag(p, 1, "kTRC", ICC_CURVE, curve);
    put_tag(p, 2, "desc", ICC_TEXT, ICC_TEXT_BYTES);
    memcpy(p + ICC_TEXT, "desc\0\0\0\0\0\0\0\4ICC", 15);
    return (test_bytes){p, size};
}

static void put_entry(uint8_t *p, uint32_t tag, uint32_t type, uint32_t count, uint32_t value)
{
    put16(p, tag);
    put16(p + 2, type);
    put32(p + 4, count);
    put32(p + 8, value);
}

test_bytes make_exif(uint32_t orientation, bool has_secrets)
{
    uint8_t p[256] = "MM\0*\0\0\0\10";
    size_t size = 8 + 2 + 3 * 12 + 4;
    put16(p + 8, has_secrets ? 3 : 1);
    put_entry(p + 10, 0x0112, 3, 1, orientation << 16);
    if (has_secrets) {
        put_entry(p + 22, 0x0110, 2, 20, 100); /* camera model */
        memcpy(p + 100, "SECRET-CAMERA-7731", 19);
        put_entry(p + 34, 0x8825, 4, 1, 130); /* GPS directory */
        put16(p + 130, 1);
        put_entry(p + 132, 0x001D, 2, 20, 150);
        memcpy(p + 150, "SECRET-GPS-52.5200N", 20);
        memcpy(p + 180, "\xff\xd8\xff\xdbSECRET-THUMBNAIL", 20);
        size = 210;
    }
    test_bytes exif = {0};
    bytes_append(&exif, p, size);
    return exif;
}

static void write_exif(struct jpeg_compress_struct *c, const jpeg_recipe *r)
{
    if (r->orientation == 0 && !r->has_secrets) return;
    test_bytes tiff = make_exif(r->orientation == 0 ? 1 : r->orientation, r->has_secrets);
    test_bytes body = {0};
    bytes_append(&body, "Exif\0\0", 6);
    bytes_append(&body, tiff.data, tiff.size);
    jpeg_write_marker(c, JPEG_APP0 + 1, body.data, (unsigned)body.size);
    bytes_free(&tiff);
    bytes_free(&body);
}

static void write_secrets(struct jpeg_compress_struct *c)
{
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET-XMP-OWNER</x:xmpmeta>";
    static const char photoshop[] = "Photoshop 3.0\0"
                                    "8BIM\4\4\0\0\0\0\0\20SECRET-PHOTOSHOP";
    jpeg_write_marker(c, JPEG_APP0 + 1, (const JOCTET *)xmp, sizeof xmp - 1);
    jpeg_write_marker(c, JPEG_APP0 + 13, (const JOCTET *)photoshop, sizeof photoshop - 1);
    jpeg_write_marker(c, JPEG_COM, (const JOCTET *)"SECRET-COMMENT", 14);
}

static void write_icc(struct jpeg_compress_struct *c, const jpeg_recipe *r)
{
    if (r->icc_chunks == 0) return;
    test_bytes icc = make_icc(1000 * r->icc_chunks, r->channels == 1 ? "GRAY" : "RGB ");
    for (uint32_t i = r->icc_chunks; i > 0; i--) { /* last chunk first: readers must sort */
        test_bytes body = {0};
        uint8_t numbers[2] = {(uint8_t)i, (uint8_t)r->icc_chunks};
        bytes_append(&body, "ICC_PROFILE", 12);
        bytes_append(&body, numbers, 2);
        bytes_append(&body, icc.data + 1000 * (i - 1), 1000);
        jpeg_write_marker(c, JPEG_APP0 + 2, body.data, (unsigned)body.size);
        bytes_free(&body);
    }
    bytes_free(&icc);
}

static void set_up(struct jpeg_compress_struct *c, const jpeg_recipe *r)
{
    c->image_width = r->width;
    c->image_height = r->height;
    c->input_components = (int)r->channels;
    c->in_color_space = r->channels == 1 ? JCS_GRAYSCALE : r->channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(c);
    if (r->is_ycck) jpeg_set_colorspace(c, JCS_YCCK);
    if (r->is_rgb) jpeg_set_colorspace(c, JCS_RGB);
    jpeg_set_quality(c, r->quality == 0 ? 95 : (int)r->quality, TRUE);
    c->restart_interval = r->restart_interval;
    c->optimize_coding = r->is_optimized;
    if (r->channels >= 3) {
        c->comp_info[0].h_samp_factor = r->sampling_h == 0 ? 1 : (int)r->sampling_h;
        c->comp_info[0].v_samp_factor = r->sampling_v == 0 ? 1 : (int)r->sampling_v;
    }
    c->arith_code = r->is_arithmetic;
    if (r->is_progressive) jpeg_simple_progression(c);
}

test_bytes make_jpeg(const jpeg_recipe *r)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long size = 0;
    uint8_t *drawn = calloc((size_t)r->width * r->height, r->channels);
    require(drawn != NULL);
    draw_pattern(drawn, r->width, r->height, r->channels);
    const uint8_t *pixels = r->pixels != NULL ? r->pixels : drawn;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &out, &size);
    set_up(&c, r);
    jpeg_start_compress(&c, TRUE);
    write_exif(&c, r);
    if (r->has_secrets) write_secrets(&c);
    write_icc(&c, r);
    for (uint32_t y = 0; y < r->height; y++) {
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)y * r->width * r->channels);
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    free(drawn);
    test_bytes bytes = {out, size};
    if (r->has_secrets) bytes_append(&bytes, "\xff\xd8\xff\xe1SECRET-TRAILER", 18);
    return bytes;
}

/* ---- PNG ---- */

void append_png_chunk(test_bytes *png, const char type[4], const void *data, size_t size)
{
    uint8_t head[8], tail[4];
    put32(head, (uint32_t)size);
    memcpy(head + 4, type, 4);
    uLong crc = crc32(0, head + 4, 4);
    if (size > 0) crc = crc32(crc, data, (uInt)size);
    put32(tail, (uint32_t)crc);
    bytes_append(png, head, 8);
    bytes_append(png, data, size);
    bytes_append(png, tail, 4);
}

static void collect(png_structp png, png_bytep data, size_t size)
{
    bytes_append(png_get_io_ptr(png), data, size);
}

static void no_flush(png_structp png)
{
    (void)png;
}

static void set_transparency(png_structp png, png_infop info, const png_recipe *r)
{
    static const uint8_t alpha[4] = {0, 128, 255, 7};
    png_color_16 key = {.gray = 60, .red = 60, .green = 200, .blue = 60};
    if (!r->has_transparency) return;
    if (r->color_type == PNG_COLOR_TYPE_PALETTE)
        png_set_tRNS(png, info, alpha, r->bit_depth == 1 ? 2 : 4, NULL);
    else
        png_set_tRNS(png, info, NULL, 0, &key);
}

static void set_palette(png_structp png, png_infop info, const png_recipe *r)
{
    png_color palette[4] = {{10, 20, 30}, {200, 100, 50}, {0, 255, 0}, {255, 255, 255}};
    if (r->color_type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, palette, r->bit_depth == 1 ? 2 : 4);
}

static void set_secrets(png_structp png, png_infop info)
{
    char keys[2][8] = {"Comment", "XML"}, values[2][20] = {"SECRET-TEXT", "SECRET-XMP-OWNER"};
    png_text text[2] = {{.compression = PNG_TEXT_COMPRESSION_NONE, .key = keys[0], .text = values[0]},
                        {.compression = PNG_ITXT_COMPRESSION_NONE, .key = keys[1], .text = values[1]}};
    png_time time = {2026, 11, 21, 1, 2, 3};
    png_unknown_chunk unknown = {"scRt", (png_bytep) "SECRET-UNKNOWN", 14, PNG_HAVE_IHDR};
    png_set_text(png, info, text, 2);
    png_set_tIME(png, info, &time);
    png_set_unknown_chunks(png, info, &unknown, 1);
}

static void write_rows(png_structp png, const png_recipe *r, const uint8_t *pixels, size_t row_bytes)
{
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < r->height; y++)
            png_write_row(png, pixels + y * row_bytes);
}

static void set_metadata(png_structp png, png_infop info, const png_recipe *r)
{
    if (r->has_secrets) set_secrets(png, info);
    if (r->has_icc) {
        test_bytes icc = make_icc(3000, r->color_type & PNG_COLOR_MASK_COLOR ? "RGB " : "GRAY");
        png_set_iCCP(png, info, "SECRET-PROFILE-NAME", 0, icc.data, (png_uint_32)icc.size);
        bytes_free(&icc);
    }
    if (r->orientation != 0 || r->has_secrets) {
        test_bytes exif = make_exif(r->orientation == 0 ? 1 : r->orientation, r->has_secrets);
        png_set_eXIf_1(png, info, (png_uint_32)exif.size, exif.data);
        bytes_free(&exif);
    }
}

test_bytes make_png(const png_recipe *r)
{
    static const uint8_t channels_of[] = {1, 0, 3, 1, 2, 0, 4};
    test_bytes out = {0};
    uint32_t channels = channels_of[r->color_type];
    size_t row_bytes = ((size_t)r->width * channels * (size_t)r->bit_depth + 7) / 8;
    uint8_t *drawn = calloc(r->height, row_bytes);
    require(drawn != NULL);
    if (r->bit_depth == 8 && r->color_type != PNG_COLOR_TYPE_PALETTE)
        draw_pattern(drawn, r->width, r->height, channels);
    else
        for (size_t i = 0; i < row_bytes * r->height; i++)
            drawn[i] =
                (uint8_t)(r->color_type == PNG_COLOR_TYPE_PALETTE && r->bit_depth == 8 ? i & 3 : i * 37 + i / 50);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    require(setjmp(png_jmpbuf(png)) == 0);
    png_set_write_fn(png, &out, collect, no_flush);
    png_set_IHDR(png, info, r->width, r->height, r->bit_depth, r->color_type,
                 r->is_interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    set_palette(png, info, r);
    set_transparency(png, info, r);
    set_metadata(png, info, r);
    png_write_info(png, info);
    write_rows(png, r, r->pixels != NULL ? r->pixels : drawn, row_bytes);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(drawn);
    if (r->has_secrets) bytes_append(&out, "SECRET-TRAILER", 14);
    return out;
}

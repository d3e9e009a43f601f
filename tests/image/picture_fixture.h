/* Pictures for the codec and effect tests, made here with libjpeg and libpng themselves: nothing of ours is in the making. */
#ifndef VL_TEST_PICTURE_FIXTURE_H
#define VL_TEST_PICTURE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that a test made; free with bytes_free. */
typedef struct test_bytes {
    uint8_t *data;
    size_t size;
} test_bytes;
void bytes_free(test_bytes *bytes);
void bytes_append(test_bytes *bytes, const void *data, size_t size);
bool bytes_contain(const void *data, size_t size, const void *needle, size_t needle_size);

/** Deterministic numbers (xorshift); state must not be 0. */
uint32_t test_random(uint32_t *state);

/** A smooth picture with some structure, tight rows; channels 1 to 4 (gray, gray+alpha, RGB, RGBA). */
void draw_pattern(uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels);

/** What to put around the pixels of a JPEG. */
typedef struct jpeg_recipe {
    uint32_t width, height;
    uint32_t channels;   /* 1 or 3; 4: CMYK */
    uint32_t sampling_h; /* 0: 1 */
    uint32_t sampling_v;
    uint32_t orientation; /* 0: no EXIF block */
    bool is_progressive;
    bool has_secrets; /* EXIF with thumbnail and GPS, XMP, comment, Photoshop block, a second picture after the end */
    bool is_arithmetic;
    bool is_optimized;         /* Huffman tables of its own */
    bool is_ycck;              /* CMYK as YCCK */
    bool is_rgb;               /* RGB as it is */
    uint32_t restart_interval; /* MCUs; 0: none */
    uint32_t quality;          /* 0: 95 */
    uint32_t icc_chunks;       /* 0: no profile */
    const uint8_t *pixels;     /* tight RGB or gray; NULL: draw_pattern */
} jpeg_recipe;
test_bytes make_jpeg(const jpeg_recipe *recipe);

typedef struct png_recipe {
    uint32_t width, height;
    int color_type; /* PNG_COLOR_TYPE_* */
    int bit_depth;
    bool is_interlaced;
    bool has_transparency; /* tRNS */
    bool has_secrets;      /* text chunks, time, EXIF with orientation, an unknown chunk, bytes after the end */
    bool has_icc;
    uint32_t orientation;  /* in eXIf; 0: none */
    const uint8_t *pixels; /* 8-bit gray, gray+alpha, RGB or RGBA, or NULL: draw_pattern, or a ramp for other depths */
} png_recipe;
test_bytes make_png(const png_recipe *recipe);

/** Strings that the secrets consist of: none may be in an output. NULL-terminated. */
extern const char *const planted_secrets[];

/** A profile that passes the checks of libpng and ours; `size` bytes, filled with a pattern behind the tag table. */
test_bytes make_icc(size_t size, const char space[4]);

/** What is to come out of it: header and colours. */
test_bytes make_clean_icc(size_t size, const char space[4]);

/** A TIFF block with an orientation, and with GPS and a thumbnail when asked. */
test_bytes make_exif(uint32_t orientation, bool has_secrets);

/** A PNG chunk with its checksum. */
void append_png_chunk(test_bytes *png, const char type[4], const void *data, size_t size);

#endif

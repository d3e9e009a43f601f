/* What the codecs share and codec.c dispatches to. Nobody else includes this. */
#ifndef VL_IMAGE_CODEC_INTERNAL_H
#define VL_IMAGE_CODEC_INTERNAL_H

#include "image/codec.h"

#define VL_ICC_HEADER_BYTES 128        /* ICC.1:2022, 7.2: profile header */
#define VL_PNG_ICC_MAX      (1u << 20) /* larger profiles are printers' tables; they are dropped */
#define VL_PNG_CHUNK_BYTES  65536u     /* IDAT size that is written */

/* What a WebP may ask for whatever its length, and beyond: photos have fewer than 100 pixels a byte, pages that are nearly blank some hundred. */
#define VL_WEBP_FREE_PIXELS     16000000u
#define VL_WEBP_PIXELS_PER_BYTE 4096u

/** Read access to encoded bytes that cannot run past their end. */
typedef struct vl_bytes {
    const uint8_t *data;
    size_t size;
} vl_bytes;

static inline uint32_t vl_big16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t vl_big32(const uint8_t *p)
{
    return vl_big16(p) << 16 | vl_big16(p + 2);
}

/** Output that counts on when it is full, so that BUFFER_TOO_SMALL can name the exact size. */
typedef struct vl_sink {
    uint8_t *out;
    size_t capacity;
    size_t needed; /* bytes offered so far */
} vl_sink;

void vl_sink_write(vl_sink *sink, const void *data, size_t size_bytes);

/** Turn a filled sink into a status: BUFFER_TOO_SMALL (and zeros) when it overflowed. Sets *out_bytes in both cases. Of a colour
 *  profile in the file only the colours stay (icc.h). */
veil_status vl_sink_finish(vl_sink *sink, const vl_image_info *info, size_t *out_bytes, veil_error *error);

/** EXIF orientation (1 to 8) out of a TIFF block; 1 when it states none or is damaged. */
uint32_t vl_exif_orientation(vl_bytes tiff);

/** True when these are the first bytes of an ICC profile of `total` bytes for that colour space ("RGB " or "GRAY"). */
bool vl_icc_header_is_valid(vl_bytes head, size_t total, const char *space);

/**
 * Write stored rows [first_row, first_row + row_count) to where the orientation puts them. `rows` are tight.
 */
void vl_orient_rows(const vl_image_view *into, const vl_image_info *info, const uint8_t *rows, uint32_t first_row,
                    uint32_t row_count);

/* Fill every field of *info that the header states; codec and limits are checked by the caller. */
veil_status vl_jpeg_read_header(vl_bytes input, vl_image_info *info, veil_error *error);
veil_status vl_png_read_header(vl_bytes input, vl_image_info *info, veil_error *error);

/** False when so few bytes cannot possibly hold the picture: a bomb, or cut short. Decided before memory is taken. */
bool vl_jpeg_is_long_enough(vl_bytes input, const vl_image_info *info);
bool vl_png_is_long_enough(vl_bytes input, const vl_image_info *info);

/** Where the chunks of a JPEG's ICC profile lie, by their number, which starts at 1. */
typedef struct vl_jpeg_icc {
    size_t offset[256]; /* of the APP2 segment's body, its 14 bytes of prefix included */
    uint16_t size[256]; /* of the body */
    size_t total;       /* bytes of the profile alone */
} vl_jpeg_icc;

/** How many chunks the profile has; 0 when there is none, or it is not whole, or too large to be carried over. */
uint32_t vl_jpeg_icc_chunks(vl_bytes input, vl_jpeg_icc *icc);
#define VL_JPEG_ICC_PREFIX_BYTES 14u /* ICC.1:2022, B.4 */

veil_status vl_jpeg_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                           veil_error *error);
veil_status vl_png_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                          veil_error *error);
veil_status vl_jpeg_encode(const vl_image_view *view, const vl_image_info *info, vl_bytes input, uint32_t quality,
                           vl_sink *sink, veil_error *error);
veil_status vl_png_encode(const vl_image_view *view, const vl_image_info *info, const vl_codec_touched *touched,
                          vl_bytes input, vl_pool *pool, vl_sink *sink, veil_error *error);

/* WebP, in builds with VEIL_WEBP. */
veil_status vl_webp_read_header(vl_bytes input, vl_image_info *info, veil_error *error);
veil_status vl_webp_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                           veil_error *error);
veil_status vl_webp_encode(const vl_image_view *view, const vl_image_info *info, vl_bytes input, vl_sink *sink,
                           veil_error *error);
/** The profile, or nothing where there is none that is whole and of RGB. */
vl_bytes vl_webp_icc(vl_bytes input);
size_t vl_webp_bound(const vl_image_info *info);
uint32_t vl_webp_version(void);

size_t vl_jpeg_bound(const vl_image_info *info);
size_t vl_png_bound(const vl_image_info *info);

#endif

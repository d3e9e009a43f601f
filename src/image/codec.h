/*
 * Encoded pictures: tell the format, read the header, decode, encode. JPEG through libjpeg-turbo, PNG through libpng, WebP
 * through libwebp; other formats are named and refused. Headers are read by our own bounded parsers, which allocate nothing, so every limit is
 * applied before any memory is taken. What is encoded is rebuilt from pixels and the ICC profile alone.
 *
 * Threads: no state; any number of threads. The libraries allocate inside themselves; work rows come from the pool.
 */
#ifndef VL_IMAGE_CODEC_H
#define VL_IMAGE_CODEC_H

#include "core/pool.h"
#include "image/effects.h"
#include "image/view.h"

typedef enum vl_codec {
    VL_CODEC_UNKNOWN = 0,
    VL_CODEC_JPEG,
    VL_CODEC_PNG,
    VL_CODEC_WEBP, /* refused in a build without VEIL_WEBP */
    VL_CODEC_GIF,  /* from here on: recognised, named in the error, and refused */
    VL_CODEC_TIFF,
    VL_CODEC_BMP,
    VL_CODEC_HEIC,
    VL_CODEC_AVIF,
    VL_CODEC_JPEG2000,
    VL_CODEC_JPEGXL
} vl_codec;

/**
 * What the coding of a file mixes: the values of a block of pixels come from coefficients of the whole block, so what is
 * inside a region shows, faintly, in the other pixels of its blocks. Regions grow by it. All 0 for PNG.
 */
typedef struct vl_block_grid {
    uint32_t step_x; /* sides of a block in the oriented picture, chroma included; 0: pixels stand for themselves */
    uint32_t step_y;
    uint32_t first_x; /* first line of the grid, below step: not 0 where a mirrored picture ends within a block */
    uint32_t first_y;
    uint32_t guard_x; /* beyond whole blocks: how far interpolation carries chroma */
    uint32_t guard_y;
} vl_block_grid;

/** What a header says. Filled by vl_codec_read_header; the other calls trust it. */
typedef struct vl_image_info {
    vl_codec codec;
    uint32_t width; /* as decoded: oriented */
    uint32_t height;
    uint32_t format;        /* VEIL_PIXEL_BGR, _BGRA or _GRAY: what vl_codec_decode writes */
    uint32_t stored_width;  /* in the file, before orientation */
    uint32_t stored_height; /* in the file, before orientation */
    uint32_t orientation;   /* EXIF: 1 to 8 */
    uint32_t is_gray_alpha; /* PNG: gray with alpha, decoded as BGRA and encoded as gray with alpha again */
    uint32_t is_interlaced; /* PNG: Adam7 */
    uint32_t is_deep;       /* PNG: 16 bits a channel; decoded as 8, and encoded as 16 again */
    uint32_t is_lossy;      /* WebP; and then the quality that it is encoded with */
    uint32_t quality;
    uint32_t is_incomplete;   /* never 1 after read_header returned VEIL_OK */
    uint32_t sampling_h;      /* JPEG: luma samples for each chroma sample across the oriented picture: 1, 2 or 4 */
    uint32_t sampling_v;      /* JPEG: and down */
    uint32_t component_count; /* JPEG: 1, 3 or 4 */
    uint32_t is_progressive;  /* JPEG */
    uint32_t mcu_w;           /* JPEG: pixels of the stored picture that are coded together */
    uint32_t mcu_h;
    uint32_t mcu_blocks;
    vl_block_grid grid;
    size_t pixel_bytes; /* size of the buffer that decode needs: vl_image_tight_bytes(width, height, format) */
    size_t icc_bytes;   /* upper bound of what the ICC profile adds to the output; 0: none */
} vl_image_info;

typedef struct vl_codec_limits {
    uint64_t max_bytes;  /* veil_config.max_image_bytes */
    uint64_t max_pixels; /* veil_config.max_image_pixels */
} vl_codec_limits;

/** Tell the format from the first bytes. Reads at most 32. */
vl_codec vl_codec_sniff(const void *input, size_t input_bytes);

/** "JPEG", "PNG", "GIF", ...; "unknown". */
const char *vl_codec_name(vl_codec codec);

/**
 * Read sizes, colour and orientation. Allocates nothing; cost: a walk over the markers or chunks.
 * @return VEIL_OK; LIMIT, UNSUPPORTED (named format, arithmetic or lossless JPEG, APNG, animated WebP), MALFORMED_INPUT
 */
veil_status vl_codec_read_header(const void *input, size_t input_bytes, const vl_codec_limits *limits,
                                 vl_image_info *info, veil_error *error);

/**
 * Decode into `into`: info->width x info->height, info->format, any stride. Orientation is applied, colours under alpha 0 are
 * cleared. A file that is cut short or damaged is refused, never filled up. Of a PNG of 16 bits a channel the rounded 8 are decoded.
 * @return VEIL_OK; MALFORMED_INPUT, UNSUPPORTED, LIMIT, NO_MEMORY, BUSY (pool), INTERNAL. After a failure the view is zero.
 */
veil_status vl_codec_decode(const void *input, size_t input_bytes, const vl_image_info *info, vl_pool *pool,
                            const vl_image_view *into, veil_error *error);

/** Where a picture was changed after it was decoded. */
typedef struct vl_codec_touched {
    const vl_effect_region *regions;
    size_t count;
} vl_codec_touched;

/**
 * Encode `view` (as decoded: same size and format as `info`) in the format of `info`. `input` is the original file, read for
 * its ICC profile, and for the low bits of pixels of 16 bits a channel that are outside of `touched` and as they were decoded; no other
 * pixel is read.
 * @param touched    NULL: nothing was
 * @param quality    JPEG: 1 to 100, 0 for 92
 * @param out_bytes  bytes written; BUFFER_TOO_SMALL: bytes needed, exactly; else 0
 * @return VEIL_OK; BUFFER_TOO_SMALL, NO_MEMORY, BUSY, INTERNAL. After a failure `out` is zero.
 */
veil_status vl_codec_encode(const vl_image_view *view, const vl_image_info *info, const vl_codec_touched *touched,
                            const void *input, size_t input_bytes, uint32_t quality, vl_pool *pool, void *out,
                            size_t out_capacity, size_t *out_bytes, veil_error *error);

/** The rectangle grown to all pixels that what is inside of it can show in. */
vl_rect vl_block_grid_cover(const vl_block_grid *grid, const vl_image_view *view, vl_rect rect);

/** Largest size that vl_codec_encode can produce for pictures with this header, at any quality. */
size_t vl_codec_bound(const vl_image_info *info);

/** "libjpeg-turbo 2.1.5, libpng 1.6.39", as found at run time where the library can tell. Static. */
const char *vl_codec_versions(void);

/** Of libwebp, a byte each for major, minor and patch; 0 in a build without it. */
uint32_t vl_codec_webp_version(void);

#endif

/*
 * A JPEG of one sequential scan as its coded bits: where each MCU begins, its DC values, and as many low coefficients of each block
 * as somebody wants to look at. MCUs can be read one by one, and the file can be written again with some of them replaced, in
 * which case the bits of all others are copied as they are. Any file that is the least unusual is refused, not judged:
 * libjpeg reads it, and says what is wrong with it.
 */
#ifndef VL_IMAGE_JPEG_SCAN_H
#define VL_IMAGE_JPEG_SCAN_H

#include <stdio.h>

#include <jpeglib.h>

#include "image/codec_internal.h"
#include "image/jpeg_huffman.h"
#include "image/jpeg_window.h"

#define VL_JPEG_MCU_BLOCKS_MAX 10 /* T.81, B.2.3 */

typedef struct vl_jpeg_scan {
    const vl_jpeg_frame *frame;
    const struct jpeg_decompress_struct *cinfo; /* header read, nothing else */
    const vl_huffman *dc[VL_JPEG_COMPONENTS_MAX];
    const vl_huffman *ac[VL_JPEG_COMPONENTS_MAX];
    vl_huffman *tables;  /* of the ids 0 to 3, DC before AC */
    uint8_t *bits;       /* without stuffing and restart markers */
    uint32_t *starts;    /* of each MCU, in bits */
    uint32_t *ends;      /* of the last MCU of each restart interval */
    uint32_t *intervals; /* first bit of each, and behind the last one */
    uint32_t mcus;
    uint32_t interval_mcus; /* of each restart interval: all, where there are none */
    uint32_t interval_count;
    uint32_t side;                        /* low coefficients a row, and rows, that are kept */
    int16_t *low[VL_JPEG_COMPONENTS_MAX]; /* side * side of each block, row by row; DC is the first */
    vl_pool *pool;
    void *memory;
    size_t memory_bytes;
} vl_jpeg_scan;

/**
 * Read the scan behind a header. `side`: 1, 2, 4 or 8.
 * @return false: the file is not of that kind, or damaged, or there is no buffer
 */
bool vl_jpeg_scan_open(const struct jpeg_decompress_struct *cinfo, const vl_jpeg_frame *frame, uint32_t side,
                       vl_pool *pool, vl_jpeg_scan *scan);
void vl_jpeg_scan_close(vl_jpeg_scan *scan);

/** Low coefficients of a block; as vl_jpeg_blocks.at. `source` is the scan. */
int16_t *vl_jpeg_scan_low(void *source, uint32_t component, uint32_t x, uint32_t y);

/** Read all coefficients of an MCU: its blocks in coded order, zeroed before. */
void vl_jpeg_scan_mcu(const vl_jpeg_scan *scan, uint32_t mcu, int16_t (*blocks)[VL_JPEG_BLOCK_VALUES]);

/**
 * Write the file with the MCUs that the window marks replaced; `blocks` gives their coefficients.
 * @return false: the file's codes cannot say a new value; what the sink got is to be dropped
 */
bool vl_jpeg_scan_write(const vl_jpeg_scan *scan, const vl_jpeg_window *window, const vl_jpeg_blocks *blocks,
                        const vl_image_info *info, vl_bytes input, vl_sink *sink);

#endif

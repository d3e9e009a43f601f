/*
 * A JPEG as its coefficients: components, their quantisers, and blocks of 8x8 that somebody else holds. Coordinates are those of
 * the stored picture. What the files of the lossless path share.
 */
#ifndef VL_IMAGE_JPEG_FRAME_H
#define VL_IMAGE_JPEG_FRAME_H

#include "image/view.h"

#define VL_JPEG_COMPONENTS_MAX 4
#define VL_JPEG_BLOCK_SIDE     8u
#define VL_JPEG_BLOCK_VALUES   64u

typedef enum vl_jpeg_color { VL_JPEG_GRAY, VL_JPEG_YCC, VL_JPEG_RGB, VL_JPEG_CMYK, VL_JPEG_YCCK } vl_jpeg_color;

typedef struct vl_jpeg_component {
    uint32_t h; /* blocks of an MCU across, and down; 1 where there is one component */
    uint32_t v;
    uint16_t quant[VL_JPEG_BLOCK_VALUES]; /* row by row, not in zigzag */
} vl_jpeg_component;

typedef struct vl_jpeg_frame {
    uint32_t width; /* pixels, as stored */
    uint32_t height;
    uint32_t mcu_w; /* pixels of an MCU */
    uint32_t mcu_h;
    uint32_t mcus_w; /* MCUs, the last of which may be partly outside */
    uint32_t mcus_h;
    uint32_t max_h; /* of the components' factors */
    uint32_t max_v;
    uint32_t count;
    vl_jpeg_color color;
    bool is_inverted; /* Adobe: inks are stored as what they leave of the white */
    vl_jpeg_component component[VL_JPEG_COMPONENTS_MAX];
} vl_jpeg_frame;

/** Quantised coefficients of a block of a component, row by row; x and y count blocks. Valid for all that were asked for. */
typedef struct vl_jpeg_blocks {
    void *source;
    int16_t *(*at)(void *source, uint32_t component, uint32_t x, uint32_t y);
    uint32_t side; /* 8, or how many values a row (and rows) were kept of each block: 1, 2 or 4 */
} vl_jpeg_blocks;

#endif

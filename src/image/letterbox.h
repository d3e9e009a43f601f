/*
 * The detector's input: a picture fitted into the network's input at the top left without stretching, as planes of floats.
 * Area average going down (every source pixel counts), bilinear going up.
 */
#ifndef VL_IMAGE_LETTERBOX_H
#define VL_IMAGE_LETTERBOX_H

#include "image/view.h"

#define VL_LETTERBOX_TILE_PIXELS                                                                                       \
    2048u                           /* source columns that are worked on at a time; holds those of any output column */
#define VL_LETTERBOX_SIDE_MAX 4096u /* of the network's input */

/** Source columns of one output column. */
typedef struct vl_letterbox_column {
    uint32_t first;
    uint32_t count;
    float first_weight; /* going up: of the second of two */
    float last_weight;
} vl_letterbox_column;

/** Work memory of one caller; lives in its workspace, because it holds sums of the input. Needs no set-up. */
typedef struct vl_letterbox_scratch {
    union {
        _Alignas(64) uint16_t whole[VL_LETTERBOX_TILE_PIXELS * 4]; /* rows that count in whole */
        _Alignas(64) float part[VL_LETTERBOX_TILE_PIXELS * 4];
    } sums;
    vl_letterbox_column columns[VL_LETTERBOX_SIDE_MAX];
} vl_letterbox_scratch;

/** Where the picture lies in the input, and how to come back: picture x = input x * back_x. */
typedef struct vl_letterbox {
    uint32_t input_width; /* at most VL_LETTERBOX_SIDE_MAX */
    uint32_t input_height;
    uint32_t fitted_width; /* 1 to input_width */
    uint32_t fitted_height;
    float back_x; /* picture pixels for one input pixel */
    float back_y;
} vl_letterbox;

/** Fit a picture of this size into an input of that size. */
vl_letterbox vl_letterbox_fit(uint32_t width, uint32_t height, uint32_t input_width, uint32_t input_height);

/**
 * Write the fitted picture as planes R, G, B of (value - 127) / 128. Gray goes to all three. Alpha is not looked at: colours that are
 * transparent are still colours, and what shows by alpha alone is for image/flatten.h.
 * @param planes  3 * input_width * input_height floats, zero outside of the fitted part (zero is the padding, value 127)
 */
void vl_letterbox_draw(const vl_letterbox *box, const vl_image_view *view, const vl_kernels *kernels, float *planes,
                       vl_letterbox_scratch *scratch);

#endif

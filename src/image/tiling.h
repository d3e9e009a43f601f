/*
 * How a large picture is cut so that small faces are not lost in the fit: overlapping tiles of the network's shape, searched
 * beside the whole picture. The overlap holds every face that is too small for the whole picture to show.
 */
#ifndef VL_IMAGE_TILING_H
#define VL_IMAGE_TILING_H

#include "image/view.h"

#define VL_TILING_MAX 64u /* tiles of one picture; larger pictures get larger tiles */

/** columns * rows tiles; none when the whole picture is not shrunk to less than half. */
typedef struct vl_tiling {
    uint32_t width; /* of the picture */
    uint32_t height;
    uint32_t tile_width;
    uint32_t tile_height;
    uint32_t columns;
    uint32_t rows;
} vl_tiling;

vl_tiling vl_tiling_plan(uint32_t width, uint32_t height, uint32_t input_width, uint32_t input_height);

static inline uint32_t vl_tiling_count(const vl_tiling *tiling)
{
    return tiling->columns * tiling->rows;
}

/** Tile `index` below vl_tiling_count, row by row. Its left and top are multiples of 16. */
vl_rect vl_tiling_at(const vl_tiling *tiling, uint32_t index);

#endif

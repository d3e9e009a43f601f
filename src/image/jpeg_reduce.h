/* A JPEG as a smaller picture, made of its coefficients, for those who only look for something in it. */
#ifndef VL_IMAGE_JPEG_REDUCE_H
#define VL_IMAGE_JPEG_REDUCE_H

#include "core/pool.h"
#include "image/jpeg_frame.h"

/** A side of the picture at `detail` samples for each 8. */
uint32_t vl_jpeg_reduced_side(uint32_t side, uint32_t detail);

/**
 * Draw the picture as stored into a view of the reduced size, gray (one component) or BGR.
 * Chroma is repeated, not interpolated; inks are multiplied, without colour management.
 * @return VEIL_OK; NO_MEMORY, BUSY, LIMIT (rows from the pool)
 */
veil_status vl_jpeg_reduce(const vl_jpeg_frame *frame, const vl_jpeg_blocks *blocks, uint32_t detail, vl_pool *pool,
                           const vl_image_view *into);

#endif

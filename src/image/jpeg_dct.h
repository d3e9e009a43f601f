/*
 * The transform of JPEG (T.81, A.3.3) in both directions, and to means of the block's parts, which is how a picture becomes
 * smaller without being decoded. Plain C that the compiler vectorises; floats, rounded to the nearest.
 */
#ifndef VL_IMAGE_JPEG_DCT_H
#define VL_IMAGE_JPEG_DCT_H

#include "image/jpeg_frame.h"

/** Coefficients to 8x8 samples. */
void vl_jpeg_samples(const int16_t *values, const uint16_t *quant, uint8_t *out, size_t stride_bytes);

/** 8x8 samples to quantised coefficients, within what 8-bit JPEG can code. */
void vl_jpeg_values(const uint8_t *samples, size_t stride_bytes, const uint16_t *quant, int16_t *out);

/**
 * The block as side x side samples: 8, or 1, 2, 4 for means of 8x8, 4x4, 2x2 samples, as far as the side x side lowest
 * coefficients tell them. `values` has rows of `row` values, of which `side` are read.
 */
void vl_jpeg_means(uint32_t side, const int16_t *values, uint32_t row, const uint16_t *quant, uint8_t *out,
                   size_t stride_bytes);

#endif

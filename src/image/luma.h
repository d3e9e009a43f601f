/*
 * A picture as one plane of brightness, whole or shrunk by a whole number: what code readers and OCR look at. (R + 2G + B) / 4
 * rather than BT.601: nearly the same to the eye, and colours that print uses stay apart from paper.
 */
#ifndef VL_IMAGE_LUMA_H
#define VL_IMAGE_LUMA_H

#include "image/view.h"

#define VL_LUMA_SHRINK_MAX 255u

/** Side of the plane of a picture shrunk `shrink` times; the last pixels that fill no square are left out, but for one. */
uint32_t vl_luma_side(uint32_t side, uint32_t shrink);

/** Write the plane with tight rows: means of squares of `shrink` (1 to VL_LUMA_SHRINK_MAX) pixels a side. */
void vl_luma_draw(const vl_kernels *kernels, const vl_image_view *view, uint32_t shrink, uint8_t *plane);

#endif

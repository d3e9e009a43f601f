/*
 * How tall a bar code is. A reader stops at the first rows it can read; any row that is left would give the code away, so the
 * box is widened along the bars for as long as a row still looks like those that were read.
 */
#ifndef VL_IMAGE_CODE_BARS_H
#define VL_IMAGE_CODE_BARS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Move the corners (as in vl_code) to the ends of the bars. They may end up outside of the plane. */
void vl_code_bars_extend(const uint8_t *plane, uint32_t width, uint32_t height, int32_t corners[4][2]);

#ifdef __cplusplus
}
#endif

#endif

/*
 * How many finder patterns of QR codes there are: three of every code. The reader tries ways to take three of them, so that its time grows with
 * their third power, and beyond some hundred of them it takes wrong ones and finds nothing. Crowded planes are read in parts.
 */
#ifndef VL_IMAGE_CODE_FINDERS_H
#define VL_IMAGE_CODE_FINDERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VL_CODE_FINDERS_MAX 30u /* so many, of ten codes, are read at once */

/** Squares in squares (dark to light 1:1:3:1:1 both ways), counted up to VL_CODE_FINDERS_MAX + 1. An estimate: one pass over a quarter of the rows. */
size_t vl_code_finders_count(const uint8_t *plane, size_t stride_bytes, uint32_t width, uint32_t height);

#ifdef __cplusplus
}
#endif

#endif

/*
 * A face drawn by formulas: the known answer that every face detector must find at creation, and the head of the sample
 * picture in examples/. Integer arithmetic only, so the same pixels on every machine. No data, no allocation.
 */
#ifndef VL_IMAGE_KNOWN_FACE_H
#define VL_IMAGE_KNOWN_FACE_H

#include "veil.h"

#define VL_KNOWN_FACE_WIDTH  320u
#define VL_KNOWN_FACE_HEIGHT 240u

/**
 * Draw one face before a plain wall, scaled to the picture.
 * @param bgr    width x height pixels of 3 bytes
 * @param truth  receives the box of the face, forehead to chin (score 1, entity "FACE"); or NULL
 */
void vl_known_face_draw(uint8_t *bgr, size_t stride_bytes, uint32_t width, uint32_t height, veil_region *truth);

#endif

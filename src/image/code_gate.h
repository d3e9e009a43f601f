/*
 * Where in a picture codes may be. Reading codes costs as much as finding faces; this costs a tenth of that and leaves what is
 * smooth out. Print of codes has strong edges in a large part of a square of 16 pixels, at the picture's own size or at a half
 * or a quarter of it (large modules); so have text and fine textures, and those are left to the reader to decide.
 * What it may lose was measured: tests/image/codes_test.c, docs/accuracy.md.
 */
#ifndef VL_IMAGE_CODE_GATE_H
#define VL_IMAGE_CODE_GATE_H

#include <stdbool.h>

#include "image/view.h"

#define VL_CODE_PLACES_MAX 16u

/** Bytes of work memory behind the plane, for vl_code_gate. */
size_t vl_code_gate_bytes(uint32_t width, uint32_t height);

typedef struct vl_code_places {
    vl_rect wide[VL_CODE_PLACES_MAX]; /* with room for a quiet zone; more than there is room for become one */
    size_t wide_count;
    vl_rect dense[VL_CODE_PLACES_MAX]; /* compact and full of edges: a matrix code would fill it */
    size_t dense_count;
} vl_code_places;

/** List places to look at. `plane` has tight rows; `scratch` (vl_code_gate_bytes) may hold anything. */
void vl_code_gate(const uint8_t *plane, uint32_t width, uint32_t height, uint8_t *scratch, vl_code_places *places);

#endif

/*
 * Where in a picture codes may be. Reading codes costs as much as finding faces; this costs a tenth of that and leaves what is
 * smooth out. Print of codes has strong edges in a large part of a square of 16 pixels, at the picture's own size or at a half
 * or a quarter of it; so have text and fine textures, and those are left to the reader to decide. Modules beyond some 12 pixels
 * are for another look at the quarter (codes.c).
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
    bool has_print;         /* some square has strong edges, at some size */
    uint8_t *quarter;       /* in scratch: the plane shrunk by 4, tight rows */
    uint32_t quarter_width; /* 0 where the plane is smaller than 4 */
    uint32_t quarter_height;
    struct vl_gate {
        uint32_t columns; /* squares of the picture at its own size */
        uint32_t rows;
        uint32_t width; /* pixels */
        uint32_t height;
        uint8_t *cells;  /* in scratch: columns * rows, what each is, until it is taken */
        uint32_t *stack; /* in scratch: as many */
        uint32_t next;   /* the first square that was not looked at for dense places */
    } gate;
} vl_code_places;

/** List places to look at. `plane` has tight rows; `scratch` (vl_code_gate_bytes) may hold anything. */
void vl_code_gate(const vl_kernels *kernels, const uint8_t *plane, uint32_t width, uint32_t height, uint8_t *scratch,
                  vl_code_places *places);

/** The next place that is compact and full of edges, as a matrix code would be. False when there are no more. Needs the scratch as
 *  vl_code_gate left it. */
bool vl_code_gate_dense(vl_code_places *places, vl_rect *place);

#endif

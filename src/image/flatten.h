/*
 * Pictures with alpha as viewers show them: what is drawn by alpha alone (black ink on transparent black) has no edges in the
 * colours, and shows over white or over black.
 */
#ifndef VL_IMAGE_FLATTEN_H
#define VL_IMAGE_FLATTEN_H

#include "image/view.h"

enum { VL_GROUND_WHITE = 1u, VL_GROUND_BLACK = 2u };

/**
 * Over which grounds a picture shows what its colours alone do not: the VL_GROUND_* on which some pixel is more than 8 levels off
 * its own colour. 0 without alpha, and where alpha is the same everywhere (opaque; or never filled in, as cameras leave it): then
 * the grounds show the colours, only fainter. Cost: a look at every pixel.
 */
uint32_t vl_flatten_grounds(const vl_image_view *view);

/** What a copy without alpha is in: the same order of colours. */
uint32_t vl_flatten_format(uint32_t format);

/** Write the picture over one ground (one VL_GROUND_*) into `out`: the same size, vl_flatten_format. */
void vl_flatten_draw(const vl_image_view *view, uint32_t ground, const vl_image_view *out);

#endif

/*
 * What is done to the pixels of a region, in place, as DESIGN section 4 fixes it. fill and smooth depend on nothing inside
 * any region; blur and pixelate keep at most 4x4 cell means of it, no cell under 8 px a side. Pixels outside all regions and
 * the padding of rows are not written. An ellipse takes the means of its whole rect, or the rim around that. Inside a region alpha becomes opaque. No allocation.
 */
#ifndef VL_IMAGE_EFFECTS_H
#define VL_IMAGE_EFFECTS_H

#include "core/kernels.h"
#include "image/view.h"

#define VL_EFFECT_GRID       17   /* nodes a side of the coarse picture that smooth interpolates */
#define VL_EFFECT_TILE_BYTES 768u /* columns are worked on in tiles of this many bytes: divisible by 1, 3 and 4 */

/** Work memory of one caller; lives in its workspace (it holds means of the input: secret pages). Needs no set-up. */
typedef struct vl_effect_scratch {
    _Alignas(64) int16_t rows[VL_EFFECT_GRID][VL_EFFECT_TILE_BYTES]; /* the grid, stretched across one tile; Q7 */
    _Alignas(64) uint16_t sums[VL_EFFECT_TILE_BYTES];
    int16_t grid[VL_EFFECT_GRID][VL_EFFECT_GRID][4]; /* Q7 */
    bool is_fixed[VL_EFFECT_GRID][VL_EFFECT_GRID];   /* smooth: nodes that the rim gave */
} vl_effect_scratch;

typedef struct vl_effect_region {
    vl_rect rect;       /* clipped to the view */
    uint32_t effect;    /* VEIL_EFFECT_FILL, _SMOOTH, _BLUR, _PIXELATE or _KEEP */
    uint32_t color_rgb; /* FILL */
    uint32_t plain;     /* FILL, in a plane of a planar picture: its level there, or the two of a pair in 16 bits */
    bool is_plain;      /* `plain` counts */
    bool is_ellipse;    /* the ellipse that touches the rect's sides, with a hard edge; else all of the rect */
    bool has_cells;     /* an ellipse of whole 2x2 pixels */
} vl_effect_region;

/** Columns [*first, *end) of row y (from the rect's top) that belong to the region: all, or those whose middles the ellipse holds. */
void vl_effect_region_columns(const vl_effect_region *region, uint32_t y, uint32_t *first, uint32_t *end);

/**
 * Apply all effects of a picture. The order of work is ours, not the array's: regions overlap and touch, and no region may
 * take over pixels of another one before those are hidden.
 * Cost: one pass over the regions' pixels.
 */
void vl_effects_apply(const vl_kernels *kernels, const vl_image_view *view, const vl_effect_region *regions,
                      size_t region_count, vl_effect_scratch *scratch);

#endif

/* Plain arithmetic on sides. A tile shows the picture at half its size, smaller only where that would take too many tiles. */
#include "image/tiling.h"

#include <math.h>

#define SHRINK      2.0 /* picture pixels for one of the input, in a tile */
#define SHRINK_STEP 1.125
#define SEEN                                                                                                           \
    20.0 /* input pixels: faces of this height show in the whole picture, smaller ones must fit in the overlap */
#define ALIGN 15u /* tiles begin at whole cells of subsampled colour */

static uint32_t along(uint32_t side, uint32_t tile, uint32_t overlap)
{
    if (side <= tile) return 1;
    return 1 + (side - tile + (tile - overlap) - 1) / (tile - overlap);
}

static uint32_t smaller(double a, uint32_t b)
{
    return a < (double)b ? (uint32_t)ceil(a) : b;
}

static vl_tiling cut(uint32_t width, uint32_t height, uint32_t tile_width, uint32_t tile_height, double overlap)
{
    vl_tiling tiling = {width, height, smaller(tile_width, width), smaller(tile_height, height), 0, 0};

    tiling.columns = along(width, tiling.tile_width, smaller(overlap, tiling.tile_width / 2));
    tiling.rows = along(height, tiling.tile_height, smaller(overlap, tiling.tile_height / 2));
    return tiling;
}

vl_tiling vl_tiling_plan(uint32_t width, uint32_t height, uint32_t input_width, uint32_t input_height)
{
    const double whole = fmax((double)width / input_width, (double)height / input_height);
    vl_tiling tiling = {width, height, 0, 0, 0, 0};
    double shrink;

    if (whole <= SHRINK) return tiling;
    for (shrink = SHRINK; shrink < whole; shrink *= SHRINK_STEP) {
        tiling = cut(width, height, (uint32_t)(input_width * shrink), (uint32_t)(input_height * shrink), SEEN * whole);
        if (vl_tiling_count(&tiling) <= VL_TILING_MAX) return tiling;
    }
    return (vl_tiling){width, height, 0, 0, 0, 0}; /* not reached: at the whole picture's scale one tile is enough */
}

/* Spread evenly; the last one ends with the picture. */
static void place(uint32_t side, uint32_t tile, uint32_t count, uint32_t index, uint32_t *start, uint32_t *length)
{
    const uint32_t room = side - tile;

    *start = count > 1 ? (uint32_t)((uint64_t)room * index / (count - 1)) & ~ALIGN : 0;
    *length = index + 1 == count ? side - *start : tile;
}

vl_rect vl_tiling_at(const vl_tiling *tiling, uint32_t index)
{
    vl_rect rect;

    place(tiling->width, tiling->tile_width, tiling->columns, index % tiling->columns, &rect.x, &rect.w);
    place(tiling->height, tiling->tile_height, tiling->rows, index / tiling->columns, &rect.y, &rect.h);
    return rect;
}

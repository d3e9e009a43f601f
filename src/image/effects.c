/*
 * The effects are all one of two things: a constant colour, or a coarse grid of colours stretched over the region. For blur
 * and pixelate the grid holds the means of at most 4x4 cells; for smooth it is worked out from the pixels around the region:
 * border nodes are means of the rim, inner nodes relax between them. Nothing but the grid connects the inside before with the
 * inside after.
 *
 *   grid (at most 17x17, Q7)  --stretch across-->  rows of the grid, one tile wide  --mix_rows-->  pixels
 */
#include "image/effects.h"

#include <math.h>
#include <string.h>

enum {
    MAX_CELLS = 4,      /* DESIGN section 4: at most 4x4 means ... */
    MIN_CELL_SIDE = 8,  /* ... of cells of at least 8 px */
    NODE_SPACING = 8,   /* smooth: about one grid step for 8 px, at most 16 steps */
    RELAXATIONS = 12,   /* sweeps over the free nodes */
    SUM_ROWS = 256,     /* what column_sums takes at a time */
    NEUTRAL = 128 << 7, /* a region that is the whole picture has nothing around it */
    OPAQUE = 255 << 7
};

/* Where the nodes of one axis lie, in half pixels from the region's first edge: pixel i has its middle at 2 i + 1. */
typedef struct axis {
    uint32_t count;
    int32_t node[VL_EFFECT_GRID];
} axis;

typedef struct work {
    const vl_kernels *kernels;
    const vl_image_view *view;
    const vl_effect_region *region;
    vl_rect rect;
    vl_effect_scratch *scratch;
    uint32_t channels;
    axis across;
    axis down;
    const vl_effect_region *pending; /* smooth: regions that come later */
    size_t pending_count;
    bool has_pending; /* one of them touches this one */
} work;

static uint32_t clamp_count(uint32_t value, uint32_t low, uint32_t high)
{
    return value < low ? low : value > high ? high : value;
}

static uint8_t *pixel_at(const vl_image_view *view, uint32_t x, uint32_t y)
{
    return vl_view_row(view, y) + (size_t)x * vl_pixel_bytes(view->format);
}

/* ---- One colour ---- */

void vl_effect_region_columns(const vl_effect_region *region, uint32_t y, uint32_t *first, uint32_t *end)
{
    uint32_t w = region->rect.w, h = region->rect.h, cell = region->has_cells ? 2 : 1;
    *first = 0;
    *end = w;
    if (!region->is_ellipse) return;
    double across = (w + cell - 1) / cell, down = (h + cell - 1) / cell;
    double from_middle = (2.0 * (y / cell) + 1 - down) / down;
    double reach = across * sqrt(1 - from_middle * from_middle); /* |from_middle| < 1 */
    uint32_t low = (uint32_t)ceil((across - reach - 1) / 2), high = (uint32_t)floor((across + reach - 1) / 2) + 1;
    *first = low * cell;
    *end = high * cell < w ? high * cell : w;
}

/* One colour over the part of `block` that is the region's. The first row's pixels are doubled until it is full; rows of rectangles
 * are copies of it. */
static void fill_part(const vl_image_view *view, const vl_effect_region *region, vl_rect block, const uint8_t *color,
                      uint32_t color_bytes)
{
    for (uint32_t y = block.y; y < block.y + block.h; y++) {
        uint32_t first, end, left = block.x - region->rect.x;
        vl_effect_region_columns(region, y - region->rect.y, &first, &end);
        if (first < left) first = left;
        if (end > left + block.w) end = left + block.w;
        if (first >= end) continue;
        uint8_t *row = pixel_at(view, region->rect.x + first, y);
        size_t row_bytes = (size_t)(end - first) * color_bytes, done = color_bytes;
        if (!region->is_ellipse && y > block.y) {
            memcpy(row, row - view->stride_bytes, row_bytes);
            continue;
        }
        memcpy(row, color, color_bytes);
        for (; done < row_bytes; done *= 2)
            memcpy(row + done, row, done < row_bytes - done ? done : row_bytes - done);
    }
}

static void fill_color(const vl_image_view *view, const vl_effect_region *region, uint32_t color_rgb)
{
    uint8_t color[4];
    uint32_t color_bytes = vl_pixel_from_rgb(view->format, color_rgb, color);
    fill_part(view, region, region->rect, color, color_bytes);
}

/* In a plane the level is given. */
static void fill(const vl_image_view *view, const vl_effect_region *region)
{
    uint8_t level[2] = {(uint8_t)(region->plain >> 8), (uint8_t)region->plain};
    uint32_t bytes = vl_pixel_bytes(view->format);
    if (region->is_plain)
        fill_part(view, region, region->rect, bytes == 2 ? level : level + 1, bytes);
    else
        fill_color(view, region, region->color_rgb);
}

/* ---- A grid, stretched ---- */

/* The two nodes around a position and the weight of the second; outside the nodes the nearest one counts alone. */
static uint32_t axis_locate(const axis *a, int32_t position, uint32_t from, int16_t *weight)
{
    uint32_t i = from;
    while (i + 2 < a->count && position >= a->node[i + 1])
        i++;
    *weight = 0;
    if (a->count < 2 || position <= a->node[i]) return i;
    int32_t span = a->node[i + 1] - a->node[i], offset = position - a->node[i];
    *weight = (int16_t)(offset >= span ? 32767 : (int64_t)offset * 32767 / span);
    return i;
}

/* Columns [first, first + count) of every row of the grid. */
static void stretch_tile(work *w, uint32_t first, uint32_t count)
{
    uint32_t node = 0, channels = w->channels;
    for (uint32_t x = 0; x < count; x++) {
        int16_t weight;
        node = axis_locate(&w->across, 2 * (int32_t)(first + x) + 1, node, &weight);
        uint32_t next = node + 1 < w->across.count ? node + 1 : node;
        for (uint32_t j = 0; j < w->down.count; j++) {
            const int16_t *a = w->scratch->grid[j][node], *b = w->scratch->grid[j][next];
            int16_t *out = w->scratch->rows[j] + x * channels;
            for (uint32_t c = 0; c < channels; c++)
                out[c] = (int16_t)(a[c] + (((b[c] - a[c]) * weight) >> 15));
        }
    }
}

static void paint_grid(work *w)
{
    uint32_t tile = VL_EFFECT_TILE_BYTES / w->channels;
    for (uint32_t first = 0; first < w->rect.w; first += tile) {
        uint32_t count = w->rect.w - first < tile ? w->rect.w - first : tile, node = 0;
        stretch_tile(w, first, count);
        for (uint32_t y = 0; y < w->rect.h; y++) {
            int16_t weight;
            node = axis_locate(&w->down, 2 * (int32_t)y + 1, node, &weight);
            uint32_t next = node + 1 < w->down.count ? node + 1 : node, from, to;
            vl_effect_region_columns(w->region, y, &from, &to);
            if (from < first) from = first;
            if (to > first + count) to = first + count;
            if (from >= to) continue;
            size_t skip = (size_t)(from - first) * w->channels;
            w->kernels->mix_rows(w->scratch->rows[node] + skip, w->scratch->rows[next] + skip, weight,
                                 (size_t)(to - from) * w->channels, pixel_at(w->view, w->rect.x + from, w->rect.y + y));
        }
    }
}

/* ---- Blur and pixelate: means of cells ---- */

typedef struct cells {
    uint32_t across, down;
    uint32_t edge_x[MAX_CELLS + 1]; /* from the region's left edge */
    uint32_t edge_y[MAX_CELLS + 1];
} cells;

static uint32_t cut_cells(uint32_t side, uint32_t edges[MAX_CELLS + 1])
{
    uint32_t count = clamp_count(side / MIN_CELL_SIDE, 1, MAX_CELLS);
    for (uint32_t i = 0; i <= count; i++)
        edges[i] = (uint32_t)((uint64_t)side * i / count);
    return count;
}

/* Column sums of one tile of one band of rows, added to the cells that the columns belong to. */
static void add_tile(const work *w, const cells *c, uint64_t totals[MAX_CELLS][4], uint32_t first, uint32_t count)
{
    uint32_t cell = 0, channels = w->channels;
    const uint16_t *sums = w->scratch->sums;
    for (uint32_t x = first; x < first + count; x++, sums += channels) {
        while (x >= c->edge_x[cell + 1])
            cell++;
        for (uint32_t k = 0; k < channels; k++)
            totals[cell][k] += sums[k];
    }
}

static void sum_band(const work *w, const cells *c, uint32_t band, uint64_t totals[MAX_CELLS][4])
{
    uint32_t tile = VL_EFFECT_TILE_BYTES / w->channels;
    memset(totals, 0, sizeof(uint64_t) * MAX_CELLS * 4);
    for (uint32_t y = c->edge_y[band]; y < c->edge_y[band + 1]; y += SUM_ROWS) {
        uint32_t left = c->edge_y[band + 1] - y, rows = left < SUM_ROWS ? left : SUM_ROWS;
        for (uint32_t first = 0; first < w->rect.w; first += tile) {
            uint32_t count = w->rect.w - first < tile ? w->rect.w - first : tile;
            w->kernels->column_sums(pixel_at(w->view, w->rect.x + first, w->rect.y + y), w->view->stride_bytes, rows,
                                    (size_t)count * w->channels, w->scratch->sums);
            add_tile(w, c, totals, first, count);
        }
    }
}

/* Means are rounded to 8 bits before they go on: what survives is what DESIGN says, 16 colours. */
static void find_means(work *w, const cells *c)
{
    uint64_t totals[MAX_CELLS][4];
    for (uint32_t j = 0; j < c->down; j++) {
        sum_band(w, c, j, totals);
        for (uint32_t i = 0; i < c->across; i++) {
            uint64_t area = (uint64_t)(c->edge_x[i + 1] - c->edge_x[i]) * (c->edge_y[j + 1] - c->edge_y[j]);
            for (uint32_t k = 0; k < 3; k++)
                w->scratch->grid[j][i][k] = (int16_t)((totals[i][k] + area / 2) / area << 7);
            w->scratch->grid[j][i][3] = OPAQUE;
        }
    }
}

static void set_axis_to_cells(axis *a, const uint32_t *edges, uint32_t count)
{
    a->count = count;
    for (uint32_t i = 0; i < count; i++)
        a->node[i] = (int32_t)(edges[i] + edges[i + 1]);
}

static void paint_blocks(const work *w, const cells *c)
{
    for (uint32_t j = 0; j < c->down; j++) {
        for (uint32_t i = 0; i < c->across; i++) {
            vl_rect block = {w->rect.x + c->edge_x[i], w->rect.y + c->edge_y[j], c->edge_x[i + 1] - c->edge_x[i],
                             c->edge_y[j + 1] - c->edge_y[j]};
            uint8_t color[4];
            for (uint32_t k = 0; k < 4; k++)
                color[k] = (uint8_t)(w->scratch->grid[j][i][k] >> 7);
            fill_part(w->view, w->region, block, color, w->channels);
        }
    }
}

static void hide_by_means(work *w, bool is_smooth)
{
    cells c;
    c.across = cut_cells(w->rect.w, c.edge_x);
    c.down = cut_cells(w->rect.h, c.edge_y);
    find_means(w, &c);
    if (!is_smooth) {
        paint_blocks(w, &c);
        return;
    }
    set_axis_to_cells(&w->across, c.edge_x, c.across);
    set_axis_to_cells(&w->down, c.edge_y, c.down);
    paint_grid(w);
}

/* ---- Smooth: from the rim ---- */

typedef struct rim {
    bool has_left, has_right, has_top, has_bottom; /* false where the region touches the picture's border */
} rim;

/* Nodes from the rim pixel before the region to the one behind it: their middles are at -1 and 2 side + 1. */
static void set_axis_to_rim(axis *a, uint32_t side)
{
    uint32_t steps = clamp_count(side / NODE_SPACING, 1, VL_EFFECT_GRID - 1);
    a->count = steps + 1;
    for (uint32_t i = 0; i <= steps; i++)
        a->node[i] = (int32_t)((int64_t)(2 * (int64_t)side + 2) * i / steps) - 1;
}

/* Pixels of one picture side near node i: half a step each way, from the rim's corner to its other corner. */
static void node_range(const axis *a, uint32_t i, uint32_t start, uint32_t side, uint32_t limit, uint32_t *from,
                       uint32_t *to)
{
    int64_t half = (a->node[1] - a->node[0]) / 4 + 1, middle = (a->node[i] - 1) / 2 + (int64_t)start;
    int64_t low = middle - half, high = middle + half + 1;
    int64_t first = (int64_t)start - 1, last = (int64_t)start + side + 1;
    if (low < first) low = first;
    if (high > last) high = last;
    if (low < 0) low = 0;
    if (high > (int64_t)limit) high = limit;
    *from = (uint32_t)low;
    *to = (uint32_t)high;
}

/* Rim pixels that lie in a smooth region still to be done are grey, and say nothing. */
static bool is_pending(const work *w, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < w->pending_count; i++) {
        const vl_rect *r = &w->pending[i].rect;
        if (w->pending[i].effect == VEIL_EFFECT_SMOOTH && x >= r->x && x - r->x < r->w && y >= r->y && y - r->y < r->h)
            return true;
    }
    return false;
}

typedef struct mean {
    int64_t total[4];
    int64_t count;
} mean;

static void add_pixel(const work *w, uint32_t x, uint32_t y, mean *m)
{
    if (w->has_pending && is_pending(w, x, y)) return;
    const uint8_t *pixel = pixel_at(w->view, x, y);
    for (uint32_t c = 0; c < w->channels; c++)
        m->total[c] += pixel[c];
    m->count++;
}

static void add_row(const work *w, uint32_t i, uint32_t y, mean *m)
{
    uint32_t from, to;
    node_range(&w->across, i, w->rect.x, w->rect.w, w->view->width, &from, &to);
    for (uint32_t x = from; x < to; x++)
        add_pixel(w, x, y, m);
}

static void add_column(const work *w, uint32_t j, uint32_t x, mean *m)
{
    uint32_t from, to;
    node_range(&w->down, j, w->rect.y, w->rect.h, w->view->height, &from, &to);
    for (uint32_t y = from; y < to; y++)
        add_pixel(w, x, y, m);
}

/* A node beside picture that can be looked at is the mean of that rim, at a corner of both; others stay free. */
static void set_border_node(work *w, const rim *r, uint32_t i, uint32_t j)
{
    mean m = {0};
    if (j == 0 && r->has_top) add_row(w, i, w->rect.y - 1, &m);
    if (j == w->down.count - 1 && r->has_bottom) add_row(w, i, w->rect.y + w->rect.h, &m);
    if (i == 0 && r->has_left) add_column(w, j, w->rect.x - 1, &m);
    if (i == w->across.count - 1 && r->has_right) add_column(w, j, w->rect.x + w->rect.w, &m);
    w->scratch->is_fixed[j][i] = m.count > 0;
    for (uint32_t c = 0; c < 4 && m.count > 0; c++)
        w->scratch->grid[j][i][c] = (int16_t)((m.total[c] << 7) / m.count);
}

static void set_border(work *w, const rim *r, int16_t average[4])
{
    mean m = {0};
    for (uint32_t j = 0; j < w->down.count; j++) {
        for (uint32_t i = 0; i < w->across.count; i++) {
            set_border_node(w, r, i, j);
            if (!w->scratch->is_fixed[j][i]) continue;
            for (uint32_t c = 0; c < 4; c++)
                m.total[c] += w->scratch->grid[j][i][c];
            m.count++;
        }
    }
    for (uint32_t c = 0; c < 4; c++)
        average[c] = m.count > 0 ? (int16_t)(m.total[c] / m.count) : (int16_t)NEUTRAL;
}

typedef struct guess {
    int64_t sum[4];
    int64_t weights;
} guess;

static void add_weighted(const work *w, uint32_t i, uint32_t j, uint32_t distance, guess *g)
{
    if (!w->scratch->is_fixed[j][i] || distance == 0) return;
    int64_t weight = 65536 / distance;
    for (uint32_t c = 0; c < 4; c++)
        g->sum[c] += w->scratch->grid[j][i][c] * weight;
    g->weights += weight;
}

/* First guess for a free node: its projections on the sides there are, weighted by inverse distance. */
static void guess_node(work *w, const int16_t average[4], uint32_t i, uint32_t j)
{
    guess g = {0};
    uint32_t last_i = w->across.count - 1, last_j = w->down.count - 1;
    add_weighted(w, i, 0, j, &g);
    add_weighted(w, i, last_j, last_j - j, &g);
    add_weighted(w, 0, j, i, &g);
    add_weighted(w, last_i, j, last_i - i, &g);
    for (uint32_t c = 0; c < 4; c++)
        w->scratch->grid[j][i][c] = g.weights != 0 ? (int16_t)(g.sum[c] / g.weights) : average[c];
}

/* A free node becomes the mean of its neighbours; at a missing side the neighbour is its mirror image. */
static void relax_node(work *w, uint32_t i, uint32_t j)
{
    int16_t(*grid)[VL_EFFECT_GRID][4] = w->scratch->grid;
    uint32_t last_i = w->across.count - 1, last_j = w->down.count - 1;
    const int16_t *left = grid[j][i > 0 ? i - 1 : 1], *right = grid[j][i < last_i ? i + 1 : last_i - 1];
    const int16_t *above = grid[j > 0 ? j - 1 : 1][i], *below = grid[j < last_j ? j + 1 : last_j - 1][i];
    for (uint32_t c = 0; c < 4; c++)
        grid[j][i][c] = (int16_t)((left[c] + right[c] + above[c] + below[c] + 2) / 4);
}

static void sweep(work *w, const int16_t *average)
{
    for (uint32_t j = 0; j < w->down.count; j++) {
        for (uint32_t i = 0; i < w->across.count; i++) {
            if (w->scratch->is_fixed[j][i]) continue;
            if (average != NULL)
                guess_node(w, average, i, j);
            else
                relax_node(w, i, j);
        }
    }
}

static bool rects_touch(const vl_rect *a, const vl_rect *b)
{
    return a->x <= b->x + b->w && b->x <= a->x + a->w && a->y <= b->y + b->h && b->y <= a->y + a->h;
}

static void hide_by_rim(work *w)
{
    rim r = {w->rect.x > 0, w->rect.x + w->rect.w<w->view->width, w->rect.y> 0,
             w->rect.y + w->rect.h < w->view->height};
    int16_t average[4];
    for (size_t i = 0; i < w->pending_count && !w->has_pending; i++)
        w->has_pending = rects_touch(&w->rect, &w->pending[i].rect);
    set_axis_to_rim(&w->across, w->rect.w);
    set_axis_to_rim(&w->down, w->rect.h);
    set_border(w, &r, average);
    sweep(w, average);
    for (int i = 0; i < RELAXATIONS; i++)
        sweep(w, NULL);
    for (uint32_t j = 0; j < w->down.count; j++)
        for (uint32_t i = 0; i < w->across.count; i++)
            w->scratch->grid[j][i][3] = OPAQUE;
    paint_grid(w);
}

/* ---- All regions of a picture ---- */

/* `rest` are the regions after this one. */
static void run(const vl_kernels *kernels, const vl_image_view *view, const vl_effect_region *region, size_t rest,
                vl_effect_scratch *scratch)
{
    work w = {.kernels = kernels, .view = view, .rect = region->rect, .scratch = scratch};
    w.region = region;
    w.channels = vl_pixel_bytes(view->format);
    w.pending = region + 1;
    w.pending_count = rest;
    if (region->effect == VEIL_EFFECT_SMOOTH)
        hide_by_rim(&w);
    else
        hide_by_means(&w, region->effect == VEIL_EFFECT_BLUR);
}

void vl_effects_apply(const vl_kernels *kernels, const vl_image_view *view, const vl_effect_region *regions,
                      size_t region_count, vl_effect_scratch *scratch)
{
    /* First everything of which nothing may remain goes, so that no mean and no rim can pick it up. */
    for (size_t i = 0; i < region_count; i++) {
        if (regions[i].effect == VEIL_EFFECT_FILL) fill(view, &regions[i]);
        if (regions[i].effect == VEIL_EFFECT_SMOOTH) fill_color(view, &regions[i], 0x808080);
    }
    for (size_t i = 0; i < region_count; i++)
        if (regions[i].effect == VEIL_EFFECT_BLUR || regions[i].effect == VEIL_EFFECT_PIXELATE)
            run(kernels, view, &regions[i], 0, scratch);
    for (size_t i = 0; i < region_count; i++) /* rims now hold nothing secret */
        if (regions[i].effect == VEIL_EFFECT_SMOOTH) run(kernels, view, &regions[i], region_count - i - 1, scratch);
    for (size_t i = 0; i < region_count; i++) /* where regions overlap, the colour asked for stays */
        if (regions[i].effect == VEIL_EFFECT_FILL) fill(view, &regions[i]);
}

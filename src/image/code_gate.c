/* The gate before the code reader: squares with many strong edges, at three sizes, gathered into places. */
#include "image/code_gate.h"

#include <string.h>

#define CELL        16u
#define LEVELS      3u
#define STRONG      40u /* difference of two pixels that are two apart */
#define STRONG_MEAN 20u /* of two means, which have less noise, and of narrow bars less contrast */
#define CELL_STRONG (CELL * CELL * 40u / 100u) /* so many pixels of a square lie on strong edges */
#define CELL_DENSE  (CELL * CELL * 60u / 100u)
#define DENSE_SHARE 60u   /* percent of the box of a dense place that must be dense */
#define PLACE_CELLS 4u    /* fewer squares together are no code that could be read */
#define JOIN_CELLS  2     /* squares at most this far apart are one place */
#define STRIP_BYTES 4096u /* columns are worked on in strips of this many */

enum { STRONG_CELL = 1, DENSE_CELL = 2 };

typedef struct vl_gate gate;

static uint32_t cells_of(uint32_t side)
{
    return (side + CELL - 1) / CELL;
}

size_t vl_code_gate_bytes(uint32_t width, uint32_t height)
{
    const size_t cells = (size_t)cells_of(width) * cells_of(height);
    const size_t half = (size_t)(width / 2) * (height / 2);

    return cells * (sizeof(uint32_t) + 1) + half + half / 4 + 64;
}

static void halve(const vl_kernels *kernels, const uint8_t *from, uint32_t width, uint32_t height, uint8_t *to)
{
    const uint32_t w = width / 2;

    for (uint32_t y = 0; y < height / 2; y++)
        kernels->halve_rows(from + (size_t)2 * y * width, from + ((size_t)2 * y + 1) * width, w, to + (size_t)y * w);
}

static void mark(gate *g, uint32_t column, uint32_t row, uint32_t size, uint8_t kinds)
{
    for (uint32_t j = row * size; j < (row + 1) * size && j < g->rows; j++) {
        for (uint32_t i = column * size; i < (column + 1) * size && i < g->columns; i++)
            g->cells[(size_t)j * g->columns + i] |= kinds;
    }
}

/* Squares of one row of squares. Pixels at the rim of the picture are not looked at. */
static void mark_strip(gate *g, const vl_kernels *kernels, const uint8_t *plane, uint32_t width, uint32_t height,
                       uint32_t row, uint32_t size)
{
    uint8_t counts[STRIP_BYTES / 2];
    const uint32_t first = row * CELL == 0 ? 1 : row * CELL;
    const uint32_t last = (row + 1) * CELL < height - 1 ? (row + 1) * CELL : height - 1;

    for (uint32_t x = 0; x < width; x += sizeof counts) {
        const uint32_t pixels = width - x < sizeof counts ? width - x : (uint32_t)sizeof counts;
        const uint32_t left = x == 0 ? 1 : 0;
        const uint32_t right = x + pixels == width ? 1 : 0;

        memset(counts, 0, sizeof counts);
        for (uint32_t y = first; y < last && pixels > left + right; y++) {
            const uint8_t *at = plane + (size_t)y * width + x + left;

            kernels->count_edges(at - width, at, at + width, pixels - left - right, size == 1 ? STRONG : STRONG_MEAN,
                                 counts + left);
        }
        for (uint32_t c = 0; c < pixels; c += CELL) {
            uint32_t sum = 0;

            for (uint32_t i = c; i < c + CELL && i < pixels; i++)
                sum += counts[i];
            if (sum >= CELL_DENSE)
                mark(g, (x + c) / CELL, row, size, STRONG_CELL | DENSE_CELL);
            else if (sum >= CELL_STRONG)
                mark(g, (x + c) / CELL, row, size, STRONG_CELL);
        }
    }
}

static void mark_level(gate *g, const vl_kernels *kernels, const uint8_t *plane, uint32_t width, uint32_t height,
                       uint32_t size)
{
    if (width < 3 || height < 3) return;
    for (uint32_t row = 0; row < cells_of(height); row++)
        mark_strip(g, kernels, plane, width, height, row, size);
}

/* Everything of a kind that hangs together with a square, at most `reach` squares apart: its box, and how many they are. */
static size_t gather(gate *g, uint32_t seed, uint8_t kind, int32_t reach, uint32_t box[4])
{
    const int32_t across = 2 * reach + 1;
    size_t depth = 0, found = 0;

    g->stack[depth++] = seed;
    g->cells[seed] = (uint8_t)(g->cells[seed] & ~kind);
    box[0] = box[2] = seed % g->columns;
    box[1] = box[3] = seed / g->columns;
    while (depth > 0) {
        const uint32_t at = g->stack[--depth];
        const int32_t x = (int32_t)(at % g->columns), y = (int32_t)(at / g->columns);

        found++;
        box[0] = (uint32_t)x < box[0] ? (uint32_t)x : box[0];
        box[1] = (uint32_t)y < box[1] ? (uint32_t)y : box[1];
        box[2] = (uint32_t)x > box[2] ? (uint32_t)x : box[2];
        box[3] = (uint32_t)y > box[3] ? (uint32_t)y : box[3];
        for (int32_t k = 0; k < across * across; k++) {
            const int32_t i = x + k % across - reach, j = y + k / across - reach;
            const uint32_t next = (uint32_t)j * g->columns + (uint32_t)i;

            if (i < 0 || j < 0 || i >= (int32_t)g->columns || j >= (int32_t)g->rows || (g->cells[next] & kind) == 0)
                continue;
            g->cells[next] = (uint8_t)(g->cells[next] & ~kind);
            g->stack[depth++] = next;
        }
    }
    return found;
}

/* In pixels, with a quiet zone: two squares and an eighth of the place on every side. */
static vl_rect place_of(const uint32_t box[4], uint32_t width, uint32_t height)
{
    const vl_image_view whole = {.width = width, .height = height};
    const int64_t w = (int64_t)(box[2] - box[0] + 1) * CELL, h = (int64_t)(box[3] - box[1] + 1) * CELL;
    const int64_t dx = 2 * CELL + w / 8, dy = 2 * CELL + h / 8;
    vl_rect place = {0, 0, width, height};

    (void)vl_rect_clip(&whole, (int64_t)box[0] * CELL - dx, (int64_t)box[1] * CELL - dy, w + 2 * dx, h + 2 * dy,
                       &place);
    return place;
}

static bool overlap(const vl_rect *a, const vl_rect *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

/* Places that overlap would be read twice. */
static size_t join_places(vl_rect *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (!overlap(&places[i], &places[j])) continue;
            places[i] = vl_rect_union(&places[i], &places[j]);
            places[j] = places[--count];
            j = i; /* it has grown: look at all others again */
        }
    }
    return count;
}

static void list_wide(gate *g, uint32_t width, uint32_t height, vl_code_places *places)
{
    const uint32_t cells = g->columns * g->rows;
    size_t count = 0;

    for (uint32_t at = 0; at < cells; at++) {
        uint32_t box[4];
        vl_rect place;

        if ((g->cells[at] & STRONG_CELL) == 0 || gather(g, at, STRONG_CELL, JOIN_CELLS, box) < PLACE_CELLS) continue;
        place = place_of(box, width, height);
        if (count == VL_CODE_PLACES_MAX)
            places->wide[count - 1] = vl_rect_union(&places->wide[count - 1], &place);
        else
            places->wide[count++] = place;
    }
    places->wide_count = join_places(places->wide, count);
}

bool vl_code_gate_dense(vl_code_places *places, vl_rect *place)
{
    gate *g = &places->gate;
    const uint32_t cells = g->columns * g->rows;

    for (; g->next < cells; g->next++) {
        uint32_t box[4];
        size_t found, w, h;

        if ((g->cells[g->next] & DENSE_CELL) == 0) continue;
        found = gather(g, g->next, DENSE_CELL, 1, box);
        w = box[2] - box[0] + 1;
        h = box[3] - box[1] + 1;
        if (found < PLACE_CELLS || found * 100 < w * h * DENSE_SHARE || w > 2 * h + 1 || h > 2 * w + 1) continue;
        *place = place_of(box, g->width, g->height);
        return true;
    }
    return false;
}

void vl_code_gate(const vl_kernels *kernels, const uint8_t *plane, uint32_t width, uint32_t height, uint8_t *scratch,
                  vl_code_places *places)
{
    gate g = {.columns = cells_of(width), .rows = cells_of(height), .width = width, .height = height};
    const size_t cells = (size_t)g.columns * g.rows;
    uint8_t *half = scratch + ((cells * (sizeof(uint32_t) + 1) + 63) & ~(size_t)63);
    uint8_t *quarter = half + (size_t)(width / 2) * (height / 2);

    g.stack = (uint32_t *)(void *)scratch;
    g.cells = scratch + cells * sizeof(uint32_t);
    memset(g.cells, 0, cells);
    memset(places, 0, sizeof *places);
    halve(kernels, plane, width, height, half);
    halve(kernels, half, width / 2, height / 2, quarter);
    mark_level(&g, kernels, plane, width, height, 1);
    mark_level(&g, kernels, half, width / 2, height / 2, 2);
    mark_level(&g, kernels, quarter, width / 4, height / 4, 4);
    for (size_t i = 0; i < cells && !places->has_print; i++)
        places->has_print = g.cells[i] != 0;
    list_wide(&g, width, height, places);
    places->gate = g;
    places->quarter = quarter;
    places->quarter_width = width / 4;
    places->quarter_height = height / 4;
}

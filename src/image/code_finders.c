/* ISO/IEC 18004, 6.3.3: a finder pattern is 7 modules wide, and any line through its middle crosses runs of 1, 1, 3, 1, 1. */
#include "image/code_finders.h"

#include <math.h>
#include <stdbool.h>

#define RUNS       5
#define ROW_STEP   4u
#define BLOCK      64u  /* pixels of a row that share a threshold */
#define MIN_SPREAD 24   /* levels between darkest and lightest; less is no print */
#define SLACK      0.5F /* pixels that a run may be off, beside half a module: blur, and slanted edges */
#define MIN_SIZE   9u   /* pixels: 1.3 a module, less cannot be read */

typedef struct pattern {
    uint32_t x, y, size;
} pattern;

typedef struct counting {
    const uint8_t *plane;
    size_t stride_bytes;
    uint32_t width, height;
    pattern found[VL_CODE_FINDERS_MAX + 1];
    size_t count;
} counting;

static uint8_t threshold_of(const uint8_t *row, uint32_t pixels)
{
    uint8_t darkest = 255, lightest = 0;

    for (uint32_t i = 0; i < pixels; i++) {
        darkest = row[i] < darkest ? row[i] : darkest;
        lightest = row[i] > lightest ? row[i] : lightest;
    }
    return lightest - darkest < MIN_SPREAD ? 0 : (uint8_t)((darkest + lightest + 1) / 2); /* 0: all of it is light */
}

static bool has_ratios(const uint32_t runs[RUNS])
{
    const float all = (float)(runs[0] + runs[1] + runs[2] + runs[3] + runs[4]);
    const float module = all / 7, off = module / 2 + SLACK;

    return fabsf((float)runs[0] - module) <= off && fabsf((float)runs[1] - module) <= off &&
           fabsf((float)runs[3] - module) <= off && fabsf((float)runs[4] - module) <= off &&
           fabsf((float)runs[2] - 3 * module) <= 3 * module / 2 + SLACK;
}

/* How many pixels from (x, y), outwards, are as dark as that, up to `most`; (x, y) moves on by as many. */
static uint32_t run_from(const counting *c, int64_t *x, int64_t *y, int step_x, int step_y, uint8_t threshold,
                         bool is_dark, uint32_t most)
{
    uint32_t run = 0;

    while (run < most && *x >= 0 && *y >= 0 && *x < c->width && *y < c->height &&
           (c->plane[(size_t)*y * c->stride_bytes + (size_t)*x] < threshold) == is_dark) {
        run++;
        *x += step_x;
        *y += step_y;
    }
    return run;
}

/* Whether a line through (x, y), which is dark, crosses the five runs as well. Bars do so in two directions at most. */
static bool is_crossed(const counting *c, uint32_t x, uint32_t y, int step_x, int step_y, uint8_t threshold,
                       uint32_t size)
{
    int64_t at_x = x, at_y = y, back_x = (int64_t)x - step_x, back_y = (int64_t)y - step_y;
    uint32_t runs[RUNS] = {0}, all;

    runs[2] = run_from(c, &at_x, &at_y, step_x, step_y, threshold, true, size) +
              run_from(c, &back_x, &back_y, -step_x, -step_y, threshold, true, size);
    for (int part = 1; part <= 2; part++) {
        runs[2 + part] = run_from(c, &at_x, &at_y, step_x, step_y, threshold, part == 2, size);
        runs[2 - part] = run_from(c, &back_x, &back_y, -step_x, -step_y, threshold, part == 2, size);
    }
    all = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    return 2 * all >= size && all <= 2 * size && has_ratios(runs);
}

/* Down, both diagonals, and the lines beside the middle, which noise has no like of. */
static bool is_square(const counting *c, uint32_t x, uint32_t y, uint8_t threshold, uint32_t size)
{
    if (x < 1 || y < 1 || x + 1 >= c->width || y + 1 >= c->height) return false;
    return is_crossed(c, x, y, 0, 1, threshold, size) && is_crossed(c, x, y, 1, 1, threshold, size) &&
           is_crossed(c, x, y, 1, -1, threshold, size) && is_crossed(c, x, y - 1, 1, 0, threshold, size) &&
           is_crossed(c, x, y + 1, 1, 0, threshold, size) && is_crossed(c, x - 1, y, 0, 1, threshold, size) &&
           is_crossed(c, x + 1, y, 0, 1, threshold, size);
}

static bool is_known(const counting *c, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < c->count; i++) {
        const pattern *p = &c->found[i];
        const uint32_t dx = x > p->x ? x - p->x : p->x - x, dy = y > p->y ? y - p->y : p->y - y;

        if (2 * dx < p->size && 2 * dy < p->size) return true;
    }
    return false;
}

/* A dark run has ended at `end`. */
static void look(counting *c, const uint32_t runs[RUNS], uint32_t end, uint32_t y, uint8_t threshold)
{
    const uint32_t size = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    uint32_t x;

    if (size < MIN_SIZE || !has_ratios(runs)) return;
    x = end - runs[4] - runs[3] - (runs[2] + 1) / 2;
    if (c->count <= VL_CODE_FINDERS_MAX && is_square(c, x, y, threshold, size) && !is_known(c, x, y))
        c->found[c->count++] = (pattern){x, y, size};
}

static void count_row(counting *c, uint32_t y)
{
    const uint8_t *row = c->plane + (size_t)y * c->stride_bytes;
    uint32_t runs[RUNS] = {0};
    uint8_t threshold = 0;
    bool is_dark = false;

    for (uint32_t x = 0; x < c->width; x++) {
        bool is_now;

        if (x % BLOCK == 0) threshold = threshold_of(row + x, c->width - x < BLOCK ? c->width - x : BLOCK);
        is_now = row[x] < threshold;
        if (is_now == is_dark) {
            runs[RUNS - 1]++;
            continue;
        }
        if (is_dark) look(c, runs, x, y, threshold);
        for (int i = 0; i < RUNS - 1; i++)
            runs[i] = runs[i + 1];
        runs[RUNS - 1] = 1;
        is_dark = is_now;
    }
    if (is_dark) look(c, runs, c->width, y, threshold);
}

size_t vl_code_finders_count(const uint8_t *plane, size_t stride_bytes, uint32_t width, uint32_t height)
{
    counting c = {.plane = plane, .stride_bytes = stride_bytes, .width = width, .height = height};

    for (uint32_t y = 0; y < height && c.count <= VL_CODE_FINDERS_MAX; y += ROW_STEP)
        count_row(&c, y);
    return c.count;
}

/*
 * Letterboxing straight into the network's input planes. Going down, the rows that one output row covers are summed first
 * (contiguous, so the compiler vectorises it), in tiles of columns that stay in the first-level cache; then each output
 * pixel sums its columns. Sides that divide evenly (640, 1280, 1920 to 320) take a path in whole numbers; others weigh the
 * first and last row and column of each output pixel by the part that they cover.
 */
#include "image/letterbox.h"

#include <math.h>
#include <string.h>

#define PIXEL_CENTRE   127.0F
#define PIXEL_SCALE    128.0F
#define PLANES         3u
#define WHOLE_ROWS_MAX 257u /* 257 * 255 fits 16 bits */

typedef vl_letterbox_column cover;

static uint32_t fitted(uint32_t side, double scale, uint32_t limit)
{
    const double length = floor((double)side * scale + 0.5);

    if (length < 1) return 1;
    return length > (double)limit ? limit : (uint32_t)length;
}

vl_letterbox vl_letterbox_fit(uint32_t width, uint32_t height, uint32_t input_width, uint32_t input_height)
{
    const double scale_x = (double)input_width / width;
    const double scale_y = (double)input_height / height;
    const double scale = scale_x < scale_y ? scale_x : scale_y;
    vl_letterbox box = {.input_width = input_width, .input_height = input_height};

    box.fitted_width = fitted(width, scale, input_width);
    box.fitted_height = fitted(height, scale, input_height);
    box.back_x = (float)width / (float)box.fitted_width;
    box.back_y = (float)height / (float)box.fitted_height;
    return box;
}

/* Where an output row goes: one pointer for each channel of the source, alpha into nothing. */
typedef struct target {
    float *planes[PLANES];
    uint8_t channels[PLANES]; /* source channel of red, green, blue */
} target;

static target target_of(const vl_letterbox *box, const vl_image_view *view, float *planes, uint32_t y)
{
    const vl_pixel_layout layout = vl_pixel_layout_of(view->format);
    const size_t plane = (size_t)box->input_width * box->input_height;
    target to;

    for (uint32_t i = 0; i < PLANES; i++)
        to.planes[i] = planes + i * plane + (size_t)y * box->input_width;
    to.channels[0] = (uint8_t)layout.red;
    to.channels[1] = (uint8_t)layout.green;
    to.channels[2] = (uint8_t)layout.blue;
    return to;
}

/* ---- Going down, sides that divide evenly ------------------------------------------------------------------------ */

static void rows_whole(const vl_image_view *view, uint32_t y, uint32_t count, size_t offset, size_t n,
                       uint16_t *restrict sums)
{
    const uint8_t *restrict first = vl_view_row(view, y) + offset;

    if (count == 1) {
        for (size_t i = 0; i < n; i++)
            sums[i] = first[i];
        return;
    }
    const uint8_t *restrict second = vl_view_row(view, y + 1) + offset;
    for (size_t i = 0; i < n; i++)
        sums[i] = (uint16_t)(first[i] + second[i]);
    for (uint32_t j = 2; j < count; j++) {
        const uint8_t *restrict row = vl_view_row(view, y + j) + offset;
        for (size_t i = 0; i < n; i++)
            sums[i] = (uint16_t)(sums[i] + row[i]);
    }
}

/* Inlined for each number of bytes a pixel, so that strides are constants. */
static inline __attribute__((always_inline)) void columns_whole(const uint16_t *restrict sums, uint32_t bytes,
                                                                uint32_t count, uint32_t pixels, uint32_t channel,
                                                                float scale, float *restrict out)
{
    const float shift = -PIXEL_CENTRE / PIXEL_SCALE;

    sums += channel;
    if (count == 2) {
        for (uint32_t x = 0; x < pixels; x++)
            out[x] = (float)((uint32_t)sums[2 * x * bytes] + sums[(2 * x + 1) * bytes]) * scale + shift;
        return;
    }
    for (uint32_t x = 0; x < pixels; x++) {
        uint32_t total = 0;
        for (uint32_t i = 0; i < count; i++)
            total += sums[(x * count + i) * bytes];
        out[x] = (float)total * scale + shift;
    }
}

static void put_whole(const uint16_t *sums, uint32_t bytes, uint32_t count, uint32_t pixels, float scale,
                      const target *to, uint32_t x)
{
    for (uint32_t p = 0; p < PLANES; p++) {
        float *out = to->planes[p] + x;

        if (bytes == 3)
            columns_whole(sums, 3, count, pixels, to->channels[p], scale, out);
        else if (bytes == 4)
            columns_whole(sums, 4, count, pixels, to->channels[p], scale, out);
        else
            columns_whole(sums, 1, count, pixels, 0, scale, out);
    }
}

/* The usual picture in the usual input: half of 640x480 in three bytes a pixel. */
static void halve(const vl_letterbox *box, const vl_image_view *view, const vl_kernels *kernels, float *planes)
{
    for (uint32_t y = 0; y < box->fitted_height; y++) {
        const target to = target_of(box, view, planes, y);
        float *out[PLANES];

        for (uint32_t p = 0; p < PLANES; p++)
            out[to.channels[p]] = to.planes[p];
        kernels->halve_to_planes(vl_view_row(view, 2 * y), vl_view_row(view, 2 * y + 1), box->fitted_width,
                                 1.0F / (PIXEL_SCALE * 4), -PIXEL_CENTRE / PIXEL_SCALE, out);
    }
}

static void shrink_whole(const vl_letterbox *box, const vl_image_view *view, float *planes, uint16_t *sums)
{
    const uint32_t across = view->width / box->fitted_width;
    const uint32_t down = view->height / box->fitted_height;
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const uint32_t tile = VL_LETTERBOX_TILE_PIXELS / across; /* output pixels */
    const float scale = 1.0F / (PIXEL_SCALE * (float)across * (float)down);

    for (uint32_t y = 0; y < box->fitted_height; y++) {
        const target to = target_of(box, view, planes, y);

        for (uint32_t x = 0; x < box->fitted_width; x += tile) {
            const uint32_t left = box->fitted_width - x;
            const uint32_t pixels = left < tile ? left : tile;

            rows_whole(view, y * down, down, (size_t)x * across * bytes, (size_t)pixels * across * bytes, sums);
            put_whole(sums, bytes, across, pixels, scale, &to, x);
        }
    }
}

/* ---- Going down, any sides --------------------------------------------------------------------------------------- */

/* Output i of n over `side` source pixels covers [i * side / n, (i + 1) * side / n); n <= side. */
static cover cover_of(uint32_t i, uint32_t n, uint32_t side)
{
    const uint64_t begin = (uint64_t)i * side; /* in nths of a pixel */
    const uint64_t end = begin + side;
    cover c;

    c.first = (uint32_t)(begin / n);
    c.count = (uint32_t)((end + n - 1) / n) - c.first;
    c.first_weight = c.count == 1 ? (float)side / (float)n : 1.0F - (float)(begin % n) / (float)n;
    c.last_weight = end % n == 0 ? 1.0F : (float)(end % n) / (float)n;
    return c;
}

static void rows_part(const vl_image_view *view, const cover *rows, size_t offset, size_t n, float *restrict sums)
{
    const uint8_t *restrict first = vl_view_row(view, rows->first) + offset;

    for (size_t i = 0; i < n; i++)
        sums[i] = (float)first[i] * rows->first_weight;
    for (uint32_t j = 1; j < rows->count; j++) {
        const uint8_t *restrict row = vl_view_row(view, rows->first + j) + offset;
        const float weight = j + 1 == rows->count ? rows->last_weight : 1.0F;

        for (size_t i = 0; i < n; i++)
            sums[i] += (float)row[i] * weight;
    }
}

static inline __attribute__((always_inline)) void columns_part(const float *restrict sums, uint32_t bytes,
                                                               const cover *columns, uint32_t pixels, const target *to,
                                                               uint32_t x, float scale)
{
    const float shift = -PIXEL_CENTRE / PIXEL_SCALE;
    const uint32_t start = columns->first;

    for (uint32_t i = 0; i < pixels; i++) {
        const float *at = sums + (size_t)(columns[i].first - start) * bytes;
        const uint32_t last = columns[i].count - 1;
        float totals[4] = {0, 0, 0, 0};

        for (uint32_t c = 0; c < bytes; c++)
            totals[c] = at[c] * columns[i].first_weight;
        for (uint32_t j = 1; j < last; j++) {
            for (uint32_t c = 0; c < bytes; c++)
                totals[c] += at[j * bytes + c];
        }
        for (uint32_t c = 0; c < bytes && last > 0; c++)
            totals[c] += at[last * bytes + c] * columns[i].last_weight;
        for (uint32_t p = 0; p < PLANES; p++)
            to->planes[p][x + i] = totals[to->channels[p]] * scale + shift;
    }
}

static void put_part(const float *sums, uint32_t bytes, const cover *columns, uint32_t pixels, const target *to,
                     uint32_t x, float scale)
{
    if (bytes == 3)
        columns_part(sums, 3, columns, pixels, to, x, scale);
    else if (bytes == 4)
        columns_part(sums, 4, columns, pixels, to, x, scale);
    else
        columns_part(sums, 1, columns, pixels, to, x, scale);
}

static uint32_t columns_end(const cover *column)
{
    return column->first + column->count;
}

static void shrink_part(const vl_letterbox *box, const vl_image_view *view, float *planes,
                        vl_letterbox_scratch *scratch)
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const float scale = 1.0F / (PIXEL_SCALE * box->back_x * box->back_y);
    const cover *columns = scratch->columns;

    for (uint32_t x = 0; x < box->fitted_width; x++)
        scratch->columns[x] = cover_of(x, box->fitted_width, view->width);
    for (uint32_t y = 0; y < box->fitted_height; y++) {
        const cover rows = cover_of(y, box->fitted_height, view->height);
        const target to = target_of(box, view, planes, y);
        uint32_t x = 0;

        while (x < box->fitted_width) {
            const uint32_t start = columns[x].first;
            uint32_t pixels = 1;

            while (x + pixels < box->fitted_width &&
                   columns_end(&columns[x + pixels]) - start <= VL_LETTERBOX_TILE_PIXELS)
                pixels++;
            rows_part(view, &rows, (size_t)start * bytes,
                      (size_t)(columns_end(&columns[x + pixels - 1]) - start) * bytes, scratch->sums.part);
            put_part(scratch->sums.part, bytes, &columns[x], pixels, &to, x, scale);
            x += pixels;
        }
    }
}

/* ---- Going up ---------------------------------------------------------------------------------------------------- */

/* Between two source pixels, centres at .5, clamped at the edges: first and first + count - 1; first_weight of the second. */
static cover between(uint32_t i, float back, uint32_t side)
{
    float at = ((float)i + 0.5F) * back - 0.5F;
    cover c = {0, 1, 0, 0};

    if (at < 0) at = 0;
    c.first = (uint32_t)at;
    if (c.first > side - 1) c.first = side - 1;
    if (c.first + 1 < side) c.count = 2;
    c.first_weight = at - (float)c.first;
    return c;
}

static float mix(float a, float b, float part)
{
    return a + part * (b - a);
}

static void grow_row(const vl_letterbox *box, const vl_image_view *view, const cover *columns, uint32_t y,
                     const target *to)
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const cover rows = between(y, box->back_y, view->height);
    const uint8_t *top = vl_view_row(view, rows.first);
    const uint8_t *bottom = vl_view_row(view, rows.first + rows.count - 1);

    for (uint32_t p = 0; p < PLANES; p++) {
        for (uint32_t x = 0; x < box->fitted_width; x++) {
            const size_t low = (size_t)columns[x].first * bytes + to->channels[p];
            const size_t high = low + (size_t)(columns[x].count - 1) * bytes;
            const float above = mix(top[low], top[high], columns[x].first_weight);
            const float below = mix(bottom[low], bottom[high], columns[x].first_weight);

            to->planes[p][x] = (mix(above, below, rows.first_weight) - PIXEL_CENTRE) * (1.0F / PIXEL_SCALE);
        }
    }
}

static void grow(const vl_letterbox *box, const vl_image_view *view, float *planes, cover *columns)
{
    for (uint32_t x = 0; x < box->fitted_width; x++)
        columns[x] = between(x, box->back_x, view->width);
    for (uint32_t y = 0; y < box->fitted_height; y++) {
        const target to = target_of(box, view, planes, y);

        grow_row(box, view, columns, y, &to);
    }
}

void vl_letterbox_draw(const vl_letterbox *box, const vl_image_view *view, const vl_kernels *kernels, float *planes,
                       vl_letterbox_scratch *scratch)
{
    const bool divides = view->width % box->fitted_width == 0 && view->height % box->fitted_height == 0;
    const bool is_whole = divides && view->height / box->fitted_height <= WHOLE_ROWS_MAX &&
                          view->width / box->fitted_width <= VL_LETTERBOX_TILE_PIXELS;

    if (view->width == 2 * box->fitted_width && view->height == 2 * box->fitted_height &&
        vl_pixel_bytes(view->format) == 3)
        halve(box, view, kernels, planes);
    else if (is_whole)
        shrink_whole(box, view, planes, scratch->sums.whole);
    else if (box->fitted_width <= view->width && box->fitted_height <= view->height)
        shrink_part(box, view, planes, scratch);
    else
        grow(box, view, planes, scratch->columns);
}

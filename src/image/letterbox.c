/*
 * Letterboxing straight into the network's input planes. Going down, rows are summed first (contiguous, so the compiler
 * vectorises it), in tiles of columns that stay in the first-level cache; then each output pixel sums its columns.
 * Weights are in 1/256 of a source pixel, and each sum is divided by the weights it really used.
 */
#include "image/letterbox.h"

#include <math.h>
#include <string.h>

#define UNIT         256u /* weight of a whole source row or column */
#define PIXEL_CENTRE 127.0F
#define PIXEL_SCALE  128.0F
#define PLANES       3u
#define CHANNELS_MAX 4u

/* Source rows or columns that one output row or column covers: first and last count in part. */
typedef struct cover {
    uint32_t first;
    uint32_t count;
    uint32_t first_weight;
    uint32_t last_weight; /* of the last one, when count > 1 */
} cover;

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

static uint32_t weight_of(const cover *c, uint32_t index)
{
    if (index == 0) return c->first_weight;
    return index + 1 == c->count ? c->last_weight : UNIT;
}

/* Output i of n over `side` source pixels covers [i * side / n, (i + 1) * side / n); n <= side. */
static cover cover_of(uint32_t i, uint32_t n, uint32_t side)
{
    const uint64_t begin = (uint64_t)i * side * UNIT / n;
    const uint64_t end = ((uint64_t)i + 1) * side * UNIT / n;
    cover c;

    c.first = (uint32_t)(begin / UNIT);
    c.count = (uint32_t)((end + UNIT - 1) / UNIT) - c.first;
    c.first_weight = c.count == 1 ? (uint32_t)(end - begin) : UNIT - (uint32_t)(begin % UNIT);
    c.last_weight = end % UNIT == 0 ? UNIT : (uint32_t)(end % UNIT);
    return c;
}

static void row_begin(uint32_t *restrict sums, const uint8_t *restrict row, size_t n, uint32_t weight)
{
    size_t i;

    for (i = 0; i < n; i++)
        sums[i] = row[i] * weight;
}

static void row_add(uint32_t *restrict sums, const uint8_t *restrict row, size_t n, uint32_t weight)
{
    size_t i;

    for (i = 0; i < n; i++)
        sums[i] += row[i] * weight;
}

/* Sum the covered rows of columns [first, first + count). Returns the weight that went in. */
static uint32_t sum_rows(const vl_image_view *view, const cover *rows, uint32_t first, uint32_t count, uint32_t *sums)
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const size_t n = (size_t)count * bytes;
    uint32_t total = rows->first_weight;
    uint32_t i;

    row_begin(sums, vl_view_row(view, rows->first) + (size_t)first * bytes, n, rows->first_weight);
    for (i = 1; i < rows->count; i++) {
        const uint32_t weight = weight_of(rows, i);

        row_add(sums, vl_view_row(view, rows->first + i) + (size_t)first * bytes, n, weight);
        total += weight;
    }
    return total;
}

static float normal(float value)
{
    return (value - PIXEL_CENTRE) / PIXEL_SCALE;
}

/* Average the summed columns of one output pixel, for each channel. */
static void sum_columns(const uint32_t *sums, uint32_t bytes, const cover *columns, float row_weight, float *out)
{
    float totals[CHANNELS_MAX] = {0};
    float weight = 0;
    uint32_t i, c;

    for (i = 0; i < columns->count; i++) {
        const float part = (float)weight_of(columns, i);

        weight += part;
        for (c = 0; c < bytes; c++)
            totals[c] += (float)sums[i * bytes + c] * part;
    }
    for (c = 0; c < bytes; c++)
        out[c] = normal(totals[c] / (weight * row_weight));
}

typedef struct planes_row {
    float *red;
    float *green;
    float *blue;
    vl_pixel_layout layout;
} planes_row;

static planes_row planes_row_at(const vl_letterbox *box, const vl_image_view *view, float *planes, uint32_t y)
{
    const size_t plane = (size_t)box->input_width * box->input_height;
    planes_row row;

    row.red = planes + (size_t)y * box->input_width;
    row.green = row.red + plane;
    row.blue = row.green + plane;
    row.layout = vl_pixel_layout_of(view->format);
    return row;
}

static void put(const planes_row *row, uint32_t x, const float *channels)
{
    row->red[x] = channels[row->layout.red];
    row->green[x] = channels[row->layout.green];
    row->blue[x] = channels[row->layout.blue];
}

static void shrink_row(const vl_letterbox *box, const vl_image_view *view, const cover *rows, const planes_row *out,
                       uint32_t *sums)
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    float channels[CHANNELS_MAX];
    uint32_t x = 0;

    while (x < box->fitted_width) {
        const uint32_t tile = cover_of(x, box->fitted_width, view->width).first;
        uint32_t left = view->width - tile;
        uint32_t weight;

        if (left > VL_LETTERBOX_TILE_PIXELS) left = VL_LETTERBOX_TILE_PIXELS;
        weight = sum_rows(view, rows, tile, left, sums);
        for (; x < box->fitted_width; x++) {
            const cover columns = cover_of(x, box->fitted_width, view->width);

            if (columns.first + columns.count > tile + left) break;
            sum_columns(sums + (size_t)(columns.first - tile) * bytes, bytes, &columns, (float)weight, channels);
            put(out, x, channels);
        }
    }
}

/* Position between two source pixels, centres at .5, clamped at the edges. */
typedef struct between {
    uint32_t low;
    uint32_t high;
    float part; /* of high */
} between;

static between between_of(uint32_t i, float back, uint32_t side)
{
    float at = ((float)i + 0.5F) * back - 0.5F;
    between b;

    if (at < 0) at = 0;
    b.low = (uint32_t)at;
    if (b.low > side - 1) b.low = side - 1;
    b.high = b.low + 1 < side ? b.low + 1 : b.low;
    b.part = at - (float)b.low;
    return b;
}

static void grow_row(const vl_letterbox *box, const vl_image_view *view, uint32_t y, const planes_row *out)
{
    const uint32_t bytes = vl_pixel_bytes(view->format);
    const between rows = between_of(y, box->back_y, view->height);
    const uint8_t *top = vl_view_row(view, rows.low);
    const uint8_t *bottom = vl_view_row(view, rows.high);
    float channels[CHANNELS_MAX];
    uint32_t x, c;

    for (x = 0; x < box->fitted_width; x++) {
        const between columns = between_of(x, box->back_x, view->width);
        const size_t low = (size_t)columns.low * bytes;
        const size_t high = (size_t)columns.high * bytes;

        for (c = 0; c < bytes; c++) {
            const float above = (float)top[low + c] + columns.part * (float)(top[high + c] - top[low + c]);
            const float below = (float)bottom[low + c] + columns.part * (float)(bottom[high + c] - bottom[low + c]);

            channels[c] = normal(above + rows.part * (below - above));
        }
        put(out, x, channels);
    }
}

void vl_letterbox_draw(const vl_letterbox *box, const vl_image_view *view, float *planes, vl_letterbox_scratch *scratch)
{
    const bool shrinks = box->fitted_width <= view->width && box->fitted_height <= view->height;
    uint32_t y;

    for (y = 0; y < box->fitted_height; y++) {
        const planes_row out = planes_row_at(box, view, planes, y);

        if (shrinks) {
            const cover rows = cover_of(y, box->fitted_height, view->height);

            shrink_row(box, view, &rows, &out, scratch->sums);
        } else {
            grow_row(box, view, y, &out);
        }
    }
}

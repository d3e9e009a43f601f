/* Geometry in MCUs, samples in planes. An effect on a plane is the effect on a gray picture, with the colour's own value. */
#include "image/jpeg_window.h"

#include <string.h>

#include "image/jpeg_dct.h"

static bool is_hidden(const vl_effect_region *region)
{
    return region->effect != VEIL_EFFECT_KEEP;
}

/* ---- Geometry ---- */

static void mirror(uint32_t *start, uint32_t length, uint32_t side)
{
    *start = side - *start - length;
}

static void to_units(uint32_t *start, uint32_t *length, uint32_t unit)
{
    uint32_t end = (*start + *length + unit - 1) / unit;
    *start /= unit;
    *length = end - *start;
}

vl_rect vl_jpeg_mcus_of(const vl_jpeg_frame *frame, uint32_t orientation, vl_rect rect)
{
    uint32_t o = orientation;
    vl_rect stored = o >= 5 ? (vl_rect){rect.y, rect.x, rect.h, rect.w} : rect;
    if (o == 2 || o == 3 || o == 7 || o == 8) mirror(&stored.x, stored.w, frame->width);
    if (o == 3 || o == 4 || o == 6 || o == 7) mirror(&stored.y, stored.h, frame->height);
    to_units(&stored.x, &stored.w, frame->mcu_w);
    to_units(&stored.y, &stored.h, frame->mcu_h);
    return stored;
}

/* One MCU more on every side that has one: the rim of smooth. */
static vl_rect grow(const vl_jpeg_frame *frame, vl_rect r)
{
    uint32_t end_x = r.x + r.w < frame->mcus_w ? r.x + r.w + 1 : frame->mcus_w;
    uint32_t end_y = r.y + r.h < frame->mcus_h ? r.y + r.h + 1 : frame->mcus_h;
    r.x -= r.x > 0;
    r.y -= r.y > 0;
    return (vl_rect){r.x, r.y, end_x - r.x, end_y - r.y};
}

static vl_rect join(vl_rect a, vl_rect b)
{
    if (a.w == 0) return b;
    uint32_t end_x = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    uint32_t end_y = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    uint32_t x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    return (vl_rect){x, y, end_x - x, end_y - y};
}

static void mark(vl_jpeg_window *window, vl_rect r, uint8_t bits)
{
    for (uint32_t y = r.y; y < r.y + r.h; y++) {
        uint8_t *row = window->marks + (size_t)(y - window->mcus.y) * window->mcus.w;
        for (uint32_t x = r.x; x < r.x + r.w; x++)
            row[x - window->mcus.x] |= bits;
    }
}

/* Fill needs no sample of what it hides, smooth those around it; the others keep means. */
static void mark_regions(const vl_jpeg_frame *frame, vl_jpeg_window *window, const vl_effect_region *regions,
                         size_t region_count)
{
    for (size_t i = 0; i < region_count; i++) {
        const vl_effect_region *region = &regions[i];
        if (!is_hidden(region)) continue;
        mark(window, region->rect, VL_JPEG_WRITE);
        if (region->effect == VEIL_EFFECT_SMOOTH) mark(window, grow(frame, region->rect), VL_JPEG_READ);
        if (region->effect == VEIL_EFFECT_BLUR || region->effect == VEIL_EFFECT_PIXELATE)
            mark(window, region->rect, VL_JPEG_READ);
    }
}

static size_t aligned(size_t bytes)
{
    return (bytes + 63) & ~(size_t)63;
}

veil_status vl_jpeg_window_make(const vl_jpeg_frame *frame, const vl_effect_region *regions, size_t region_count,
                                vl_pool *pool, vl_jpeg_window *window)
{
    *window = (vl_jpeg_window){.pool = pool};
    for (size_t i = 0; i < region_count; i++)
        if (is_hidden(&regions[i])) window->mcus = join(window->mcus, grow(frame, regions[i].rect));
    if (window->mcus.w == 0) return VEIL_OK;
    size_t mcus = (size_t)window->mcus.w * window->mcus.h, starts[VL_JPEG_COMPONENTS_MAX];
    size_t bytes = aligned(region_count * sizeof *window->scaled) + aligned(mcus);
    for (uint32_t c = 0; c < frame->count; c++) {
        starts[c] = bytes;
        bytes += mcus * frame->component[c].h * frame->component[c].v * VL_JPEG_BLOCK_VALUES;
    }
    veil_status status = vl_pool_take(pool, bytes, &window->memory);
    if (status != VEIL_OK) return status;
    window->memory_bytes = bytes;
    window->scaled = window->memory;
    window->marks = (uint8_t *)window->memory + aligned(region_count * sizeof *window->scaled);
    for (uint32_t c = 0; c < frame->count; c++)
        window->planes[c] = (uint8_t *)window->memory + starts[c];
    mark_regions(frame, window, regions, region_count);
    return VEIL_OK;
}

void vl_jpeg_window_release(vl_jpeg_window *window)
{
    if (window->memory != NULL) vl_pool_give(window->pool, window->memory, window->memory_bytes);
    window->memory = NULL;
}

/* ---- Samples ---- */

static vl_image_view plane_view(const vl_jpeg_frame *frame, const vl_jpeg_window *window, uint32_t c)
{
    const vl_jpeg_component *component = &frame->component[c];
    return vl_view_make(window->planes[c], window->mcus.w * component->h * VL_JPEG_BLOCK_SIDE,
                        window->mcus.h * component->v * VL_JPEG_BLOCK_SIDE, VEIL_PIXEL_GRAY);
}

typedef struct pass {
    const vl_jpeg_frame *frame;
    const vl_jpeg_window *window;
    const vl_jpeg_blocks *blocks;
    uint32_t c;
    bool is_writing;
} pass;

static void pass_mcu(const pass *p, const vl_image_view *view, uint32_t x, uint32_t y)
{
    const vl_jpeg_component *component = &p->frame->component[p->c];
    const vl_rect *mcus = &p->window->mcus;
    for (uint32_t j = y * component->v; j < (y + 1) * component->v; j++) {
        for (uint32_t i = x * component->h; i < (x + 1) * component->h; i++) {
            int16_t *values = p->blocks->at(p->blocks->source, p->c, i, j);
            uint8_t *samples = vl_view_row(view, (j - mcus->y * component->v) * VL_JPEG_BLOCK_SIDE) +
                               (size_t)(i - mcus->x * component->h) * VL_JPEG_BLOCK_SIDE;
            if (p->is_writing)
                vl_jpeg_values(samples, view->stride_bytes, component->quant, values);
            else
                vl_jpeg_samples(values, component->quant, samples, view->stride_bytes);
        }
    }
}

static void run_pass(const pass *p)
{
    vl_image_view view = plane_view(p->frame, p->window, p->c);
    const vl_rect *mcus = &p->window->mcus;
    uint32_t wanted = p->is_writing ? VL_JPEG_WRITE : VL_JPEG_READ;
    for (uint32_t y = mcus->y; y < mcus->y + mcus->h; y++) {
        for (uint32_t x = mcus->x; x < mcus->x + mcus->w; x++)
            if (vl_jpeg_window_mark(p->window, x, y) & wanted) pass_mcu(p, &view, x, y);
    }
}

/* ---- Colours ---- */

static uint32_t to_level(double value)
{
    return value < 0 ? 0 : value > 254.5 ? 255 : (uint32_t)(value + 0.5);
}

/* JFIF 1.02; which of Y, Cb, Cr is `index`. */
static uint32_t ycc_of(uint32_t index, double red, double green, double blue)
{
    if (index == 0) return to_level(0.299 * red + 0.587 * green + 0.114 * blue);
    if (index == 1) return to_level(128 - 0.168736 * red - 0.331264 * green + 0.5 * blue);
    return to_level(128 + 0.5 * red - 0.418688 * green - 0.081312 * blue);
}

/* The colour in component c. For print: all of it in cyan, magenta, yellow, and no black. */
static uint32_t level_of(const vl_jpeg_frame *frame, uint32_t c, uint32_t color_rgb)
{
    uint32_t rgb[3] = {color_rgb >> 16 & 255, color_rgb >> 8 & 255, color_rgb & 255};
    uint32_t flip = frame->is_inverted ? 0 : 255;
    if (c == 3) return 255 ^ flip;
    if (frame->color == VL_JPEG_RGB) return rgb[c];
    if (frame->color == VL_JPEG_CMYK) return rgb[c] ^ flip;
    if (frame->color == VL_JPEG_YCCK) {
        for (int i = 0; i < 3; i++)
            rgb[i] ^= 255 ^ flip;
    }
    return ycc_of(c, rgb[0], rgb[1], rgb[2]);
}

static void apply(const vl_jpeg_frame *frame, const vl_jpeg_window *window, uint32_t c, const vl_kernels *kernels,
                  const vl_effect_region *regions, size_t region_count, vl_effect_scratch *scratch)
{
    uint32_t across = frame->component[c].h * VL_JPEG_BLOCK_SIDE, down = frame->component[c].v * VL_JPEG_BLOCK_SIDE;
    vl_image_view view = plane_view(frame, window, c);
    size_t count = 0;
    for (size_t i = 0; i < region_count; i++) {
        const vl_rect *r = &regions[i].rect;
        if (!is_hidden(&regions[i])) continue;
        vl_effect_region *scaled = &window->scaled[count++];
        *scaled = regions[i];
        scaled->rect =
            (vl_rect){(r->x - window->mcus.x) * across, (r->y - window->mcus.y) * down, r->w * across, r->h * down};
        scaled->plain = level_of(frame, c, regions[i].color_rgb);
        scaled->is_plain = true;
        scaled->is_ellipse = false; /* whole MCUs */
    }
    vl_effects_apply(kernels, &view, window->scaled, count, scratch);
}

void vl_jpeg_window_redact(const vl_jpeg_frame *frame, vl_jpeg_window *window, const vl_jpeg_blocks *blocks,
                           const vl_kernels *kernels, const vl_effect_region *regions, size_t region_count,
                           vl_effect_scratch *scratch)
{
    if (window->mcus.w == 0) return;
    for (uint32_t c = 0; c < frame->count; c++) {
        pass p = {frame, window, blocks, c, false};
        run_pass(&p);
        apply(frame, window, c, kernels, regions, region_count, scratch);
        p.is_writing = true;
        run_pass(&p);
    }
}

/* Planes as views, and one picture's regions on each of them. */
#include "image/planar.h"

static uint32_t halved(uint32_t side)
{
    return side / 2 + (side & 1);
}

bool vl_format_is_planar(uint32_t format)
{
    return format == VEIL_PIXEL_NV12 || format == VEIL_PIXEL_I420;
}

vl_planar vl_planar_split(const vl_image_view *view)
{
    uint8_t *after = view->pixels + view->stride_bytes * view->height;
    uint32_t width = halved(view->width), height = halved(view->height);
    size_t half = view->stride_bytes / 2 + (view->stride_bytes & 1);
    vl_planar out = {.luma = *view, .chroma_count = 1};
    out.luma.format = VEIL_PIXEL_GRAY;
    out.chroma[0] = (vl_image_view){after, view->stride_bytes, width, height, VL_PIXEL_PAIR};
    if (view->format == VEIL_PIXEL_NV12) return out;
    out.chroma[0] = (vl_image_view){after, half, width, height, VEIL_PIXEL_GRAY};
    out.chroma[1] = (vl_image_view){after + half * height, half, width, height, VEIL_PIXEL_GRAY};
    out.chroma_count = 2;
    return out;
}

static uint8_t clamp(int32_t value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* BT.601, narrow range: luma 16 to 235, chroma 16 to 240; factors in 8 bits. */
void vl_planar_to_bgr(const vl_image_view *view, const vl_image_view *into)
{
    const vl_planar planar = vl_planar_split(view);
    bool is_pair = planar.chroma_count == 1;
    const vl_image_view *first = &planar.chroma[0], *second = &planar.chroma[is_pair ? 0 : 1];
    for (uint32_t y = 0; y < into->height; y++) {
        const uint8_t *luma = vl_view_row(&planar.luma, y), *us = vl_view_row(first, y / 2);
        const uint8_t *vs = vl_view_row(second, y / 2) + is_pair;
        uint8_t *out = vl_view_row(into, y);
        for (uint32_t x = 0; x < into->width; x++, out += 3) {
            uint32_t cell = x / 2 << is_pair;
            int32_t level = 298 * (luma[x] - 16) + 128, u = us[cell] - 128, v = vs[cell] - 128;
            out[0] = clamp((level + 516 * u) >> 8);
            out[1] = clamp((level - 100 * u - 208 * v) >> 8);
            out[2] = clamp((level + 409 * v) >> 8);
        }
    }
}

typedef struct yuv {
    uint32_t y, u, v;
} yuv;

static yuv from_rgb(uint32_t color_rgb)
{
    int32_t red = color_rgb >> 16 & 255, green = color_rgb >> 8 & 255, blue = color_rgb & 255;
    return (yuv){(uint32_t)((66 * red + 129 * green + 25 * blue + 128) >> 8) + 16,
                 (uint32_t)(((-38 * red - 74 * green + 112 * blue + 128) >> 8) + 128),
                 (uint32_t)(((112 * red - 94 * green - 18 * blue + 128) >> 8) + 128)};
}

/* To whole cells, in pixels. */
static void cover_cells(uint32_t *start, uint32_t *length, uint32_t side)
{
    uint32_t end = *start + *length + ((*start + *length) & 1);
    *start -= *start & 1;
    *length = (end < side ? end : side) - *start;
}

void vl_planar_hide(const vl_kernels *kernels, const vl_image_view *view, vl_effect_region *regions,
                    size_t region_count, vl_effect_scratch *scratch)
{
    const vl_planar planar = vl_planar_split(view);
    bool is_pair = planar.chroma_count == 1;
    for (size_t i = 0; i < region_count; i++) {
        cover_cells(&regions[i].rect.x, &regions[i].rect.w, planar.luma.width);
        cover_cells(&regions[i].rect.y, &regions[i].rect.h, planar.luma.height);
        regions[i].has_cells = regions[i].is_plain = true;
        regions[i].plain = from_rgb(regions[i].color_rgb).y;
    }
    vl_effects_apply(kernels, &planar.luma, regions, region_count, scratch);
    for (size_t i = 0; i < region_count; i++) {
        vl_rect *rect = &regions[i].rect;
        *rect = (vl_rect){rect->x / 2, rect->y / 2, halved(rect->w), halved(rect->h)};
        regions[i].has_cells = false;
    }
    for (uint32_t plane = 0; plane < planar.chroma_count; plane++) {
        for (size_t i = 0; i < region_count; i++) {
            yuv color = from_rgb(regions[i].color_rgb);
            regions[i].plain = is_pair ? color.u << 8 | color.v : plane == 0 ? color.u : color.v;
        }
        vl_effects_apply(kernels, &planar.chroma[plane], regions, region_count, scratch);
    }
}

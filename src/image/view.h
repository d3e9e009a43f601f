/*
 * Pixel views: a checked window on somebody's pixels, and rectangles in it. Every image function takes a view that came
 * through vl_view_from_image or vl_view_make, so sizes, stride and format need no second check. The padding between the last
 * pixel of a row and the next row belongs to the caller and is neither read nor written.
 */
#ifndef VL_IMAGE_VIEW_H
#define VL_IMAGE_VIEW_H

#include <stdbool.h>

#include "core/kernels.h"
#include "veil.h"

#define VL_IMAGE_MAX_SIDE 65535u /* largest side that JPEG can state; one limit for all formats */

#define VL_PIXEL_PAIR 0x100u /* two bytes, as NV12's chroma: internal, of no caller's picture */

typedef struct vl_image_view {
    uint8_t *pixels; /* top left */
    size_t stride_bytes;
    uint32_t width;
    uint32_t height;
    uint32_t format; /* VEIL_PIXEL_* */
} vl_image_view;

/** Part of a view: never empty, never outside of the view it was clipped to. */
typedef struct vl_rect {
    uint32_t x;
    uint32_t y;
    uint32_t w;
    uint32_t h;
} vl_rect;

/** Bytes of one pixel, 0 for an unknown format. */
uint32_t vl_pixel_bytes(uint32_t format);

/** Byte index of red, green, blue and alpha in a pixel; alpha is -1 where there is none; gray has all three at 0. */
typedef struct vl_pixel_layout {
    int8_t red;
    int8_t green;
    int8_t blue;
    int8_t alpha;
} vl_pixel_layout;
vl_pixel_layout vl_pixel_layout_of(uint32_t format);

/** Bytes of width x height x format with tight rows, or 0 when a side is 0 or too long, the format unknown, or size_t small. */
size_t vl_image_tight_bytes(uint32_t width, uint32_t height, uint32_t format);

/**
 * Check the caller's picture.
 * @param max_pixels  veil_config.max_image_pixels; 0: no limit but the sides
 * @return VEIL_OK; INVALID_ARGUMENT (NULL, a side of 0 or above VL_IMAGE_MAX_SIDE, unknown format, stride shorter than a row,
 *         a size beyond the address space, reserved not 0), LIMIT
 */
veil_status vl_view_from_image(const veil_image *image, uint64_t max_pixels, vl_image_view *out, veil_error *error);

/** A view with tight rows on `pixels`, which holds at least vl_image_tight_bytes. */
vl_image_view vl_view_make(void *pixels, uint32_t width, uint32_t height, uint32_t format);

/** The part of a view that `part`, which lies inside of it, covers. */
vl_image_view vl_view_part(const vl_image_view *view, vl_rect part);

/** First byte of row y. */
static inline uint8_t *vl_view_row(const vl_image_view *view, uint32_t y)
{
    return view->pixels + (size_t)y * view->stride_bytes;
}

/** Zero every pixel of the view and leave the padding alone: what "fail closed" means for pixels. */
void vl_view_clear(const vl_image_view *view);

/** Zero the colour of every pixel whose alpha is 0 (colours that nobody sees but everybody can read). No-op without alpha. */
void vl_view_clear_hidden(const vl_kernels *kernels, const vl_image_view *view);

/** Clip a box to the view. False (and *out untouched) when nothing of it lies inside. Any int64 values are fine. */
bool vl_rect_clip(const vl_image_view *view, int64_t x, int64_t y, int64_t w, int64_t h, vl_rect *out);

/** The rectangle with `dx` pixels more on the left and right and `dy` above and below, clipped to the view. */
vl_rect vl_rect_grow(const vl_image_view *view, vl_rect rect, uint32_t dx, uint32_t dy);

/** The box around two. */
vl_rect vl_rect_union(const vl_rect *a, const vl_rect *b);

/** 0xRRGGBB as the bytes of one pixel of that format (alpha 255; gray: BT.601 luma). Returns vl_pixel_bytes. */
uint32_t vl_pixel_from_rgb(uint32_t format, uint32_t color_rgb, uint8_t out[4]);

#endif

/* Brightness planes. */
#include "image/luma.h"

#include <string.h>

uint32_t vl_luma_side(uint32_t side, uint32_t shrink)
{
    return side < shrink ? 1 : side / shrink;
}

static void draw_whole(const vl_kernels *kernels, const vl_image_view *view, uint8_t *plane)
{
    const uint32_t step = vl_pixel_bytes(view->format);

    for (uint32_t y = 0; y < view->height; y++) {
        const uint8_t *row = vl_view_row(view, y);
        uint8_t *out = plane + (size_t)y * view->width;

        if (step == 1)
            memcpy(out, row, view->width);
        else
            kernels->luma_row(row, step, view->width,
                              out); /* red and blue weigh the same: their order does not matter */
    }
}

static uint32_t square_sum(const vl_image_view *view, uint32_t step, uint32_t x, uint32_t y, uint32_t w, uint32_t h)
{
    uint32_t sum = 0;

    for (uint32_t j = 0; j < h; j++) {
        const uint8_t *pixel = vl_view_row(view, y + j) + (size_t)x * step;

        for (uint32_t i = 0; i < w; i++, pixel += step)
            sum += step == 1 ? 4U * pixel[0] : (uint32_t)(pixel[0] + 2 * pixel[1] + pixel[2]);
    }
    return sum;
}

void vl_luma_draw(const vl_kernels *kernels, const vl_image_view *view, uint32_t shrink, uint8_t *plane)
{
    const uint32_t step = vl_pixel_bytes(view->format);
    const uint32_t width = vl_luma_side(view->width, shrink);
    const uint32_t height = vl_luma_side(view->height, shrink);
    const uint32_t w = view->width < shrink ? view->width : shrink;
    const uint32_t h = view->height < shrink ? view->height : shrink;

    if (shrink == 1) {
        draw_whole(kernels, view, plane);
        return;
    }
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++)
            plane[(size_t)y * width + x] =
                (uint8_t)(square_sum(view, step, x * shrink, y * shrink, w, h) / (4 * w * h));
    }
}

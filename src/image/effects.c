#include "image/effects.h"

#include <string.h>

static void fill(const vl_image_view *view, const vl_effect_region *region)
{
    uint8_t color[4];
    uint32_t n = vl_pixel_from_rgb(view->format, region->color_rgb, color);
    for (uint32_t y = 0; y < region->rect.h; y++)
        for (uint32_t x = 0; x < region->rect.w; x++)
            memcpy(vl_view_row(view, region->rect.y + y) + (size_t)(region->rect.x + x) * n, color, n);
}

void vl_effects_apply(const vl_kernels *kernels, const vl_image_view *view, const vl_effect_region *regions,
                      size_t region_count, vl_effect_scratch *scratch)
{
    (void)kernels, (void)scratch;
    for (size_t i = 0; i < region_count; i++)
        if (regions[i].effect != VEIL_EFFECT_KEEP) fill(view, &regions[i]);
}

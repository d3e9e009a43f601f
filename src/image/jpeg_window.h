/*
 * The part of a JPEG that regions touch, as planes of samples, one a component at its own resolution: read from coefficients,
 * changed by the effects, and written back as coefficients. Regions are whole MCUs, so every block that is written holds an
 * effect's samples and nothing else.
 */
#ifndef VL_IMAGE_JPEG_WINDOW_H
#define VL_IMAGE_JPEG_WINDOW_H

#include "core/pool.h"
#include "image/effects.h"
#include "image/jpeg_frame.h"

enum { VL_JPEG_READ = 1, VL_JPEG_WRITE = 2 }; /* what a window's marks say of an MCU */

typedef struct vl_jpeg_window {
    vl_rect mcus;   /* w 0: there is no region */
    uint8_t *marks; /* of each MCU of the window */
    uint8_t *planes[VL_JPEG_COMPONENTS_MAX];
    vl_effect_region *scaled; /* one component's regions */
    vl_pool *pool;
    void *memory;
    size_t memory_bytes;
} vl_jpeg_window;

/** Turn a region of the oriented picture (EXIF 1 to 8) into the MCUs of the stored one that it touches. */
vl_rect vl_jpeg_mcus_of(const vl_jpeg_frame *frame, uint32_t orientation, vl_rect rect);

/** Room for all regions, whose rects are MCUs, with what they need around them, and the marks. NO_MEMORY, BUSY, LIMIT. */
veil_status vl_jpeg_window_make(const vl_jpeg_frame *frame, const vl_effect_region *regions, size_t region_count,
                                vl_pool *pool, vl_jpeg_window *window);
void vl_jpeg_window_release(vl_jpeg_window *window);

/** What the window says of an MCU: 0, or VL_JPEG_READ and VL_JPEG_WRITE. */
static inline uint32_t vl_jpeg_window_mark(const vl_jpeg_window *window, uint32_t x, uint32_t y)
{
    const vl_rect *m = &window->mcus;
    if (x < m->x || y < m->y || x - m->x >= m->w || y - m->y >= m->h) return 0;
    return window->marks[(size_t)(y - m->y) * m->w + (x - m->x)];
}

/** Samples of the MCUs that are marked to be read, then the effects, then new coefficients of those to be written. */
void vl_jpeg_window_redact(const vl_jpeg_frame *frame, vl_jpeg_window *window, const vl_jpeg_blocks *blocks,
                           const vl_kernels *kernels, const vl_effect_region *regions, size_t region_count,
                           vl_effect_scratch *scratch);

#endif

/*
 * The search for codes over hostile planes: the gate, the reader behind its shim, bars followed to their ends. The first bytes choose
 * the size and what is asked; the rest are pixels, repeated. Whatever comes back lies inside the picture.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/codes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static veil_status take_payload(void *user, const char *text, size_t text_bytes, vl_rect rect)
{
    size_t *sum = user;

    for (size_t i = 0; i < text_bytes; i++)
        *sum += (unsigned char)text[i];
    *sum += rect.w;
    return VEIL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const vl_pool_class classes[] = {{65536, 2}};
    static vl_pool *pool;
    static vl_mark items[256];
    vl_mark_list marks = {items, 0, 256};
    size_t sum = 0;

    if (size < 4) return 0;
    if (pool == NULL && vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &pool) != VEIL_OK) abort();
    const uint32_t width = 1 + data[0], height = 1 + data[1] % 128;
    const vl_code_search search = {.pool = pool,
                                   .max_pixels = 1 + (uint64_t)data[2] * 256,
                                   .looks_everywhere = (data[3] & 1) != 0,
                                   .is_quick = (data[3] & 2) != 0,
                                   .wants_qr = (data[3] & 4) == 0,
                                   .wants_bars = (data[3] & 8) == 0,
                                   .payload = take_payload,
                                   .payload_user = &sum};
    uint8_t *pixels = malloc((size_t)width * height);
    if (pixels == NULL) return 0;
    for (size_t i = 0; i < (size_t)width * height;
         i++) /* bits in blocks of data[3] / 16 pixels: print rather than noise */
        pixels[i] = size > 4 ? (uint8_t)((data[4 + i / (1 + data[3] / 16) % (size - 4)] & 1) * 200 + 20) : 20;
    const vl_image_view view = vl_view_make(pixels, width, height, VEIL_PIXEL_GRAY);
    const veil_status status = vl_codes_find(&search, &view, &marks, NULL);
    if (status != VEIL_OK && status != VEIL_ERR_LIMIT) abort();
    for (size_t i = 0; i < marks.count; i++) {
        const vl_rect *r = &items[i].rect;
        if (r->w == 0 || r->h == 0 || r->x + r->w > width || r->y + r->h > height) abort();
    }
    free(pixels);
    return 0;
}

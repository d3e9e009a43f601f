/*
 * Writes decoded rows to where the EXIF orientation puts them. Each orientation is a start and two steps in the output; rows
 * come in strips, so that transposing writes short runs instead of single pixels far apart.
 */
#include <string.h>

#include "image/codec_internal.h"

typedef struct placement {
    uint8_t *origin;  /* where stored pixel (0, 0) goes */
    ptrdiff_t step_x; /* bytes to where the stored neighbour on the right goes */
    ptrdiff_t step_y; /* and the one below */
} placement;

static placement place(const vl_image_view *into, const vl_image_info *info)
{
    ptrdiff_t pixel = vl_pixel_bytes(into->format), row = (ptrdiff_t)into->stride_bytes;
    ptrdiff_t right = (ptrdiff_t)(into->width - 1) * pixel, down = (ptrdiff_t)(into->height - 1) * row;
    switch (info->orientation) {
    case 2: /* mirrored */
        return (placement){into->pixels + right, -pixel, row};
    case 3: /* half a turn */
        return (placement){into->pixels + right + down, -pixel, -row};
    case 4: /* upside down, mirrored */
        return (placement){into->pixels + down, pixel, -row};
    case 5: /* transposed */
        return (placement){into->pixels, row, pixel};
    case 6: /* needs a quarter turn clockwise */
        return (placement){into->pixels + right, row, -pixel};
    case 7: /* transposed on the other diagonal */
        return (placement){into->pixels + right + down, -row, -pixel};
    case 8: /* needs a quarter turn counter-clockwise */
        return (placement){into->pixels + down, -row, pixel};
    default:
        return (placement){into->pixels, pixel, row};
    }
}

/* `outer` runs of `inner` pixels; sizes of a pixel are constants so that each copy is one or two moves. */
static void copy_runs(uint8_t *to, ptrdiff_t to_outer, ptrdiff_t to_inner, const uint8_t *from, size_t from_outer,
                      size_t from_inner, uint32_t outer, uint32_t inner, uint32_t pixel_bytes)
{
    for (uint32_t o = 0; o < outer; o++) {
        for (uint32_t i = 0; i < inner; i++) {
            uint8_t *t = to + (ptrdiff_t)o * to_outer + (ptrdiff_t)i * to_inner;
            const uint8_t *f = from + o * from_outer + i * from_inner;
            if (pixel_bytes == 3)
                memcpy(t, f, 3);
            else if (pixel_bytes == 4)
                memcpy(t, f, 4);
            else
                *t = *f;
        }
    }
}

void vl_orient_rows(const vl_image_view *into, const vl_image_info *info, const uint8_t *rows, uint32_t first_row,
                    uint32_t row_count)
{
    placement p = place(into, info);
    uint32_t pixel_bytes = vl_pixel_bytes(into->format);
    size_t row_bytes = (size_t)info->stored_width * pixel_bytes;
    uint8_t *to = p.origin + (ptrdiff_t)first_row * p.step_y;
    if (info->orientation >= 5)
        copy_runs(to, p.step_x, p.step_y, rows, pixel_bytes, row_bytes, info->stored_width, row_count, pixel_bytes);
    else
        copy_runs(to, p.step_y, p.step_x, rows, row_bytes, pixel_bytes, row_count, info->stored_width, pixel_bytes);
}

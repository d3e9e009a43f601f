/* Over white and over black (Porter and Duff 1984, "over", straight alpha). Plain loops that GCC vectorises at -O3. */
#include "image/flatten.h"

#include <string.h>

#define APART 8u /* levels: fainter content is not found in opaque pictures either */

/* All pixels of a row as one number: bits that are set in each, and in any. Alpha is the last byte of each in memory. */
static void gather_row(const uint8_t *restrict row, uint32_t width, uint32_t *restrict all, uint32_t *restrict any)
{
    uint32_t both = *all, one = *any;

    for (uint32_t x = 0; x < width; x++) {
        uint32_t pixel;

        memcpy(&pixel, row + (size_t)x * 4, sizeof pixel);
        both &= pixel;
        one |= pixel;
    }
    *all = both;
    *any = one;
}

static uint8_t alpha_of(uint32_t pixel)
{
    uint8_t bytes[4];

    memcpy(bytes, &pixel, sizeof bytes);
    return bytes[3];
}

static bool has_one_alpha(const vl_image_view *view)
{
    uint32_t all = UINT32_MAX, any = 0;

    for (uint32_t y = 0; y < view->height; y++) {
        gather_row(vl_view_row(view, y), view->width, &all, &any);
        if (alpha_of(all) != alpha_of(any)) return false;
    }
    return true;
}

static inline uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The largest change of a row over white and over black, in 255ths of a level. */
static void measure_row(const uint8_t *restrict row, uint32_t width, uint32_t *restrict white, uint32_t *restrict black)
{
    uint32_t most_white = *white, most_black = *black;

    for (uint32_t x = 0; x < width; x++) {
        const uint8_t *at = row + (size_t)x * 4;
        const uint32_t clear = 255U - at[3];
        const uint32_t high = larger(larger(at[0], at[1]), at[2]);
        const uint32_t far = larger(larger(255U - at[0], 255U - at[1]), 255U - at[2]);

        most_white = larger(most_white, far * clear);
        most_black = larger(most_black, high * clear);
    }
    *white = most_white;
    *black = most_black;
}

uint32_t vl_flatten_grounds(const vl_image_view *view)
{
    uint32_t white = 0, black = 0;

    if (vl_pixel_layout_of(view->format).alpha != 3 || has_one_alpha(view)) return 0;
    for (uint32_t y = 0; y < view->height && (white <= APART * 255 || black <= APART * 255); y++)
        measure_row(vl_view_row(view, y), view->width, &white, &black);
    return (white > APART * 255 ? VL_GROUND_WHITE : 0) | (black > APART * 255 ? VL_GROUND_BLACK : 0);
}

uint32_t vl_flatten_format(uint32_t format)
{
    return format == VEIL_PIXEL_RGBA ? VEIL_PIXEL_RGB : VEIL_PIXEL_BGR;
}

static void flatten_row(const uint8_t *restrict row, uint32_t width, uint32_t ground, uint8_t *restrict out)
{
    for (uint32_t x = 0; x < width; x++) {
        const uint32_t alpha = row[(size_t)x * 4 + 3], rest = (255 - alpha) * ground + 127;

        for (uint32_t c = 0; c < 3; c++)
            out[(size_t)x * 3 + c] = (uint8_t)((row[(size_t)x * 4 + c] * alpha + rest) / 255);
    }
}

void vl_flatten_draw(const vl_image_view *view, uint32_t ground, const vl_image_view *out)
{
    for (uint32_t y = 0; y < view->height; y++)
        flatten_row(vl_view_row(view, y), view->width, ground == VL_GROUND_WHITE ? 255 : 0, vl_view_row(out, y));
}

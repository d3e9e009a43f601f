/* Checks on pixel views and rectangles. All sizes are computed in 64 bits and compared before they are trusted. */
#include "image/view.h"

#include <string.h>

#include "core/error.h"
#include "image/planar.h"

uint32_t vl_pixel_bytes(uint32_t format)
{
    switch (format) {
    case VEIL_PIXEL_BGR:
    case VEIL_PIXEL_RGB:
        return 3;
    case VEIL_PIXEL_BGRA:
    case VEIL_PIXEL_RGBA:
        return 4;
    case VEIL_PIXEL_GRAY:
    case VEIL_PIXEL_NV12: /* of the plane of luma */
    case VEIL_PIXEL_I420:
        return 1;
    case VL_PIXEL_PAIR:
        return 2;
    default:
        return 0;
    }
}

vl_pixel_layout vl_pixel_layout_of(uint32_t format)
{
    switch (format) {
    case VEIL_PIXEL_BGR:
        return (vl_pixel_layout){2, 1, 0, -1};
    case VEIL_PIXEL_BGRA:
        return (vl_pixel_layout){2, 1, 0, 3};
    case VEIL_PIXEL_RGB:
        return (vl_pixel_layout){0, 1, 2, -1};
    case VEIL_PIXEL_RGBA:
        return (vl_pixel_layout){0, 1, 2, 3};
    default:
        return (vl_pixel_layout){0, 0, 0, -1};
    }
}

static bool side_is_valid(uint32_t side)
{
    return side > 0 && side <= VL_IMAGE_MAX_SIDE;
}

size_t vl_image_tight_bytes(uint32_t width, uint32_t height, uint32_t format)
{
    if (!side_is_valid(width) || !side_is_valid(height)) return 0;
    uint64_t bytes = (uint64_t)width * height * vl_pixel_bytes(format); /* below 2^34 */
    return bytes <= SIZE_MAX ? (size_t)bytes : 0;
}

veil_status vl_view_from_image(const veil_image *image, uint64_t max_pixels, vl_image_view *out, veil_error *error)
{
    if (image->pixels == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image: pixels is NULL");
    if (image->reserved != 0) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image: reserved is not 0");
    uint32_t pixel_bytes = vl_pixel_bytes(image->format);
    if (pixel_bytes == 0 || image->format == VL_PIXEL_PAIR)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image: unknown pixel format %u", image->format);
    if (!side_is_valid(image->width) || !side_is_valid(image->height))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image: %u x %u, sides go from 1 to %u", image->width,
                            image->height, VL_IMAGE_MAX_SIDE);
    bool is_planar = image->format == VEIL_PIXEL_NV12 || image->format == VEIL_PIXEL_I420;
    size_t odd = is_planar ? image->width & 1 : 0; /* chroma has a cell for the last column, too */
    if (image->stride_bytes < (size_t)image->width * pixel_bytes + odd)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "image: a row of %u pixels needs a stride of %zu bytes", image->width,
                            (size_t)image->width * pixel_bytes + odd);
    if (image->stride_bytes > (SIZE_MAX / 2) / image->height) /* half: pointer differences must fit too */
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "image: stride times height exceeds the address space");
    if (max_pixels != 0 && (uint64_t)image->width * image->height > max_pixels)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "image: %u x %u pixels, the limit is %llu", image->width,
                            image->height, (unsigned long long)max_pixels);
    *out = (vl_image_view){image->pixels, image->stride_bytes, image->width, image->height, image->format};
    return VEIL_OK;
}

vl_image_view vl_view_make(void *pixels, uint32_t width, uint32_t height, uint32_t format)
{
    return (vl_image_view){pixels, (size_t)width * vl_pixel_bytes(format), width, height, format};
}

vl_image_view vl_view_part(const vl_image_view *view, vl_rect part)
{
    uint8_t *pixels = vl_view_row(view, part.y) + (size_t)part.x * vl_pixel_bytes(view->format);

    return (vl_image_view){pixels, view->stride_bytes, part.w, part.h, view->format};
}

void vl_view_clear(const vl_image_view *view)
{
    if (vl_format_is_planar(view->format)) {
        const vl_planar planes = vl_planar_split(view);
        vl_view_clear(&planes.luma);
        for (uint32_t i = 0; i < planes.chroma_count; i++)
            vl_view_clear(&planes.chroma[i]);
        return;
    }
    size_t row_bytes = (size_t)view->width * vl_pixel_bytes(view->format);
    for (uint32_t y = 0; y < view->height; y++)
        memset(vl_view_row(view, y), 0, row_bytes);
}

void vl_view_clear_hidden(const vl_kernels *kernels, const vl_image_view *view)
{
    if (vl_pixel_layout_of(view->format).alpha != 3) return;
    for (uint32_t y = 0; y < view->height; y++)
        kernels->clear_hidden(vl_view_row(view, y), view->width);
}

/* Clip one axis to [0, side). False when nothing remains. Works for every int64: a sum that would overflow is cut first. */
static bool clip_axis(int64_t start, int64_t length, uint32_t side, uint32_t *out_start, uint32_t *out_length)
{
    if (length <= 0 || start >= (int64_t)side) return false;
    int64_t end = start > 0 && length > INT64_MAX - start ? INT64_MAX : start + length;
    if (end <= 0) return false;
    if (start < 0) start = 0;
    if (end > (int64_t)side) end = side;
    *out_start = (uint32_t)start;
    *out_length = (uint32_t)(end - start);
    return true;
}

bool vl_rect_clip(const vl_image_view *view, int64_t x, int64_t y, int64_t w, int64_t h, vl_rect *out)
{
    vl_rect rect;
    if (!clip_axis(x, w, view->width, &rect.x, &rect.w)) return false;
    if (!clip_axis(y, h, view->height, &rect.y, &rect.h)) return false;
    *out = rect;
    return true;
}

vl_rect vl_rect_grow(const vl_image_view *view, vl_rect rect, uint32_t dx, uint32_t dy)
{
    vl_rect grown = rect;
    vl_rect_clip(view, (int64_t)rect.x - dx, (int64_t)rect.y - dy, (int64_t)rect.w + 2 * (int64_t)dx,
                 (int64_t)rect.h + 2 * (int64_t)dy, &grown);
    return grown;
}

uint32_t vl_pixel_from_rgb(uint32_t format, uint32_t color_rgb, uint8_t out[4])
{
    uint32_t red = color_rgb >> 16 & 255, green = color_rgb >> 8 & 255, blue = color_rgb & 255;
    vl_pixel_layout layout = vl_pixel_layout_of(format);
    memset(out, 255, 4);
    if (format == VL_PIXEL_PAIR) {
        memset(out, 128, 2); /* no colour: a plane has colours of its own, vl_effect_region.plain */
        return 2;
    }
    if (format == VEIL_PIXEL_GRAY) {
        out[0] = (uint8_t)((299 * red + 587 * green + 114 * blue + 500) / 1000); /* ITU-R BT.601 luma */
        return 1;
    }
    out[layout.red] = (uint8_t)red;
    out[layout.green] = (uint8_t)green;
    out[layout.blue] = (uint8_t)blue;
    return vl_pixel_bytes(format);
}

vl_rect vl_rect_union(const vl_rect *a, const vl_rect *b)
{
    const uint32_t right = a->x + a->w > b->x + b->w ? a->x + a->w : b->x + b->w;
    const uint32_t bottom = a->y + a->h > b->y + b->h ? a->y + a->h : b->y + b->h;
    const uint32_t x = a->x < b->x ? a->x : b->x, y = a->y < b->y ? a->y : b->y;

    return (vl_rect){x, y, right - x, bottom - y};
}

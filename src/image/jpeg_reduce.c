/*
 * One row of MCUs at a time: every component's blocks become rows of samples, chroma rows are widened, and the colours are put
 * together (JFIF 1.02: the conversion of ITU-R BT.601 with full range).
 */
#include "image/jpeg_reduce.h"

#include <string.h>

#include "image/jpeg_dct.h"

typedef struct reducer {
    const vl_jpeg_frame *frame;
    const vl_jpeg_blocks *blocks;
    uint32_t detail;
    const vl_image_view *into;
    uint8_t *planes[VL_JPEG_COMPONENTS_MAX]; /* a row of MCUs of each component */
    size_t strides[VL_JPEG_COMPONENTS_MAX];
    uint8_t *wide[VL_JPEG_COMPONENTS_MAX]; /* one row of each, as wide as the picture */
    uint8_t *rgb[3];                       /* and of each colour */
} reducer;

uint32_t vl_jpeg_reduced_side(uint32_t side, uint32_t detail)
{
    return (side * detail + VL_JPEG_BLOCK_SIDE - 1) / VL_JPEG_BLOCK_SIDE;
}

static void read_mcu_row(const reducer *r, uint32_t row)
{
    const vl_jpeg_frame *frame = r->frame;
    for (uint32_t c = 0; c < frame->count; c++) {
        const vl_jpeg_component *component = &frame->component[c];
        for (uint32_t j = 0; j < component->v; j++) {
            uint8_t *out = r->planes[c] + j * r->detail * r->strides[c];
            for (uint32_t x = 0; x < frame->mcus_w * component->h; x++)
                vl_jpeg_means(r->detail, r->blocks->at(r->blocks->source, c, x, row * component->v + j),
                              r->blocks->side, component->quant, out + x * r->detail, r->strides[c]);
        }
    }
}

/* A row of component c as wide as the picture; the plane's own where it is that already. */
static const uint8_t *widen(const reducer *r, uint32_t c, uint32_t y)
{
    const vl_jpeg_component *component = &r->frame->component[c];
    const uint8_t *row = r->planes[c] + (size_t)(y * component->v / r->frame->max_v) * r->strides[c];
    uint32_t width = r->into->width;
    if (component->h == r->frame->max_h) return row;
    if (component->h * 2 == r->frame->max_h) {
        for (uint32_t x = 0; x < width; x++)
            r->wide[c][x] = row[x / 2];
    } else {
        for (uint32_t x = 0; x < width; x++)
            r->wide[c][x] = row[(size_t)x * component->h / r->frame->max_h];
    }
    return r->wide[c];
}

static void interleave(const uint8_t *red, const uint8_t *green, const uint8_t *blue, uint8_t *out, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++, out += 3) {
        out[0] = blue[x];
        out[1] = green[x];
        out[2] = red[x];
    }
}

static uint8_t clamp(int16_t value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* 1.402, 0.344136, 0.714136, 1.772, in 16-bit steps that the compiler vectorises: right to one level. */
static void convert_ycc(const uint8_t *restrict luma, const uint8_t *restrict cb, const uint8_t *restrict cr,
                        uint8_t *restrict red, uint8_t *restrict green, uint8_t *restrict blue, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        int16_t y = luma[x], b = (int16_t)(cb[x] - 128), r = (int16_t)(cr[x] - 128);
        int16_t from_r = (int16_t)((int16_t)(r * 103 + 128) >> 8), from_b = (int16_t)((int16_t)(b * 198 + 128) >> 8);
        int16_t both = (int16_t)((int16_t)(b * 44 + r * 91 + 64) >> 7);
        red[x] = clamp((int16_t)(y + r + from_r));
        green[x] = clamp((int16_t)(y - both));
        blue[x] = clamp((int16_t)(y + b + from_b));
    }
}

/* `out` holds cyan, magenta, yellow as red, green, blue are for the others. */
static void apply_inks(const vl_jpeg_frame *frame, const uint8_t *black, uint8_t *out, uint32_t width)
{
    uint8_t flip = frame->is_inverted ? 0 : 255;
    uint8_t flip_color = frame->color == VL_JPEG_YCCK ? (uint8_t)(255 ^ flip) : flip; /* its colours are 255 - ink */
    for (uint32_t x = 0; x < width; x++) {
        for (uint32_t k = 0; k < 3; k++, out++)
            *out = (uint8_t)(((*out ^ flip_color) * (black[x] ^ flip) + 127) / 255);
    }
}

static void draw_row(const reducer *r, uint32_t y, uint32_t row_in_mcu)
{
    const vl_jpeg_frame *frame = r->frame;
    uint8_t *out = vl_view_row(r->into, y);
    const uint8_t *rows[VL_JPEG_COMPONENTS_MAX] = {NULL};
    for (uint32_t c = 0; c < frame->count; c++)
        rows[c] = widen(r, c, row_in_mcu);
    switch (frame->color) {
    case VL_JPEG_GRAY:
        memcpy(out, rows[0], r->into->width);
        return;
    case VL_JPEG_YCC:
    case VL_JPEG_YCCK:
        convert_ycc(rows[0], rows[1], rows[2], r->rgb[0], r->rgb[1], r->rgb[2], r->into->width);
        interleave(r->rgb[0], r->rgb[1], r->rgb[2], out, r->into->width);
        break;
    case VL_JPEG_RGB:
    case VL_JPEG_CMYK:
        interleave(rows[0], rows[1], rows[2], out, r->into->width);
        break;
    }
    if (frame->count == 4) apply_inks(frame, rows[3], out, r->into->width);
}

veil_status vl_jpeg_reduce(const vl_jpeg_frame *frame, const vl_jpeg_blocks *blocks, uint32_t detail, vl_pool *pool,
                           const vl_image_view *into)
{
    reducer r = {.frame = frame, .blocks = blocks, .detail = detail, .into = into};
    uint32_t mcu_rows = frame->max_v * detail;
    size_t bytes = 0, starts[VL_JPEG_COMPONENTS_MAX];
    void *memory = NULL;
    for (uint32_t c = 0; c < frame->count; c++) {
        r.strides[c] = (size_t)frame->mcus_w * frame->component[c].h * detail;
        starts[c] = bytes;
        bytes += r.strides[c] * frame->component[c].v * detail + into->width;
    }
    size_t colors = bytes;
    bytes += (size_t)3 * into->width;
    veil_status status = vl_pool_take(pool, bytes, &memory);
    if (status != VEIL_OK) return status;
    for (uint32_t c = 0; c < 3; c++)
        r.rgb[c] = (uint8_t *)memory + colors + (size_t)c * into->width;
    for (uint32_t c = 0; c < frame->count; c++) {
        r.wide[c] = (uint8_t *)memory + starts[c];
        r.planes[c] = r.wide[c] + into->width;
    }
    for (uint32_t row = 0, y = 0; row < frame->mcus_h; row++) {
        read_mcu_row(&r, row);
        for (uint32_t i = 0; i < mcu_rows && y < into->height; i++, y++)
            draw_row(&r, y, i);
    }
    vl_pool_give(pool, memory, bytes);
    return VEIL_OK;
}

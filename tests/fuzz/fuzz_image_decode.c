/*
 * Encoded pictures from strangers: header, decoding, every effect, encoding again; JPEG also by its coefficients. What must hold
 * beyond "does not crash": sizes agree, a failure leaves zeros, and what we write we can read.
 */
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "image/codec.h"
#include "image/effects.h"
#include "image/jpeg_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition) abort();
}

static vl_pool *shared_pool(void)
{
    static vl_pool *pool;
    vl_pool_class classes[] = {{64 << 10, 2}};
    if (pool == NULL) require(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &pool) == VEIL_OK);
    return pool;
}

static void hide_a_part(const vl_image_view *view, uint8_t choice)
{
    static vl_effect_scratch scratch;
    static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};
    vl_effect_region region = {.rect = {0, 0, 1, 1}, .effect = effects[choice & 3], .color_rgb = 0x336699};
    region.is_ellipse = choice & 4;
    vl_rect_clip(view, (int64_t)(choice >> 4) - 4, (int64_t)(choice >> 3) - 8, 40, 30, &region.rect);
    vl_effects_apply(vl_kernels_for(VEIL_CPU_AUTO), view, &region, 1, &scratch);
}

static void encode_again(const vl_image_info *info, const vl_image_view *view, const uint8_t *data, size_t size)
{
    static const vl_codec_limits wide = {SIZE_MAX, UINT64_MAX};
    size_t bound = vl_codec_bound(info), written = 0;
    uint8_t *out = malloc(bound);
    require(out != NULL);
    vl_image_info again;
    require(vl_codec_encode(view, info, NULL, data, size, 0, shared_pool(), out, bound, &written, NULL) == VEIL_OK);
    require(vl_codec_read_header(out, written, &wide, &again, NULL) == VEIL_OK);
    require(again.width == info->width && again.height == info->height && again.orientation == 1);
    /* libwebp writes no alpha that is opaque everywhere */
    bool is_opaque = info->codec == VL_CODEC_WEBP && again.format == VEIL_PIXEL_BGR;
    require(again.format == info->format || is_opaque);
    vl_image_view into = vl_view_make(view->pixels, again.width, again.height, again.format);
    require(vl_codec_decode(out, written, &again, shared_pool(), &into, NULL) == VEIL_OK);
    free(out);
}

/* CRC-32 of ISO 3309, as PNG uses it. */
static uint32_t crc32_of(const uint8_t *data, size_t size)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Make every checksum of a PNG right, or mutation would never get past them. */
static void repair_checksums(uint8_t *png, size_t size)
{
    for (size_t at = 8; at + 12 <= size;) {
        size_t length = big32(png + at);
        if (length > size - at - 12) return;
        uint32_t crc = crc32_of(png + at + 4, length + 4);
        for (int i = 0; i < 4; i++)
            png[at + 8 + length + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
        at += length + 12;
    }
}

static void try_picture(const uint8_t *data, size_t size)
{
    static const vl_codec_limits limits = {.max_bytes = 1 << 20, .max_pixels = 1 << 16};
    vl_image_info info;
    if (vl_codec_read_header(data, size, &limits, &info, NULL) != VEIL_OK) return;
    require((uint64_t)info.width * info.height <= limits.max_pixels && info.orientation >= 1 && info.orientation <= 8);
    uint8_t *pixels = malloc(info.pixel_bytes);
    require(pixels != NULL);
    vl_image_view view = vl_view_make(pixels, info.width, info.height, info.format);
    if (vl_codec_decode(data, size, &info, shared_pool(), &view, NULL) == VEIL_OK) {
        hide_a_part(&view, data[size / 2]);
        encode_again(&info, &view, data, size);
    } else {
        for (size_t i = 0; i < info.pixel_bytes; i++)
            require(pixels[i] == 0);
    }
    free(pixels);
}

/* What was written must be a JPEG of the same size that can be opened the same way. */
static void check_written(const uint8_t *out, size_t size, const vl_image_info *info)
{
    static const vl_codec_limits wide = {SIZE_MAX, UINT64_MAX};
    static vl_jpeg_session session; /* beside the caller's: too much for one frame */
    vl_image_info again;
    require(vl_codec_read_header(out, size, &wide, &again, NULL) == VEIL_OK);
    require(again.width == info->width && again.height == info->height && again.format == info->format);
    require(again.orientation == 1 && again.component_count == info->component_count);
    require(vl_jpeg_session_open((vl_bytes){out, size}, &again, 8, shared_pool(), &session, NULL) == VEIL_OK);
    vl_jpeg_session_close(&session);
}

static void rewrite(vl_jpeg_session *session, const vl_image_info *info, uint8_t choice)
{
    static vl_effect_scratch scratch;
    static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};
    const vl_image_view whole = {.width = info->width, .height = info->height, .format = info->format};
    vl_effect_region regions[2] = {{.rect = {0, 0, 1, 1}, .effect = effects[choice & 3]},
                                   {.rect = {0, 0, 1, 1}, .effect = effects[choice >> 2 & 3]}};
    size_t bound = vl_codec_bound(info);
    bool is_coded;
    vl_rect_clip(&whole, choice, choice >> 1, 40, 30, &regions[0].rect);
    vl_sink sink = {malloc(bound), bound, 0};
    require(sink.out != NULL);
    const veil_status status =
        vl_jpeg_session_redact(session, vl_kernels_for(VEIL_CPU_AUTO), regions, 2, &scratch, &sink, &is_coded, NULL);
    /* our own reader may open what libjpeg, which then writes, refuses: an error, and nothing was coded */
    require(status == VEIL_OK || (status == VEIL_ERR_MALFORMED_INPUT && !is_coded));
    require(status != VEIL_OK || sink.needed <= bound);
    if (status == VEIL_OK && is_coded) check_written(sink.out, sink.needed, info);
    free(sink.out);
}

static void try_coefficients(const uint8_t *data, size_t size)
{
    static const vl_codec_limits limits = {.max_bytes = 1 << 20, .max_pixels = 1 << 16};
    vl_image_info info;
    vl_jpeg_session session;
    uint32_t width, height, detail = 1u << (data[size - 1] & 3);
    if (vl_codec_read_header(data, size, &limits, &info, NULL) != VEIL_OK || !vl_jpeg_session_suits(&info)) return;
    if (vl_jpeg_session_open((vl_bytes){data, size}, &info, detail, shared_pool(), &session, NULL) == VEIL_OK) {
        vl_jpeg_session_size(&session, &width, &height);
        uint8_t *pixels = malloc(vl_image_tight_bytes(width, height, info.format));
        const vl_image_view view = vl_view_make(pixels, width, height, info.format);
        require(pixels != NULL && vl_jpeg_session_draw(&session, &view, NULL) == VEIL_OK);
        free(pixels);
        rewrite(&session, &info, data[size / 2]);
    }
    vl_jpeg_session_close(&session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (vl_codec_sniff(data, size) == VL_CODEC_JPEG) try_coefficients(data, size);
    try_picture(data, size);
    if (vl_codec_sniff(data, size) != VL_CODEC_PNG) return 0;
    uint8_t *repaired = malloc(size);
    require(repaired != NULL);
    memcpy(repaired, data, size);
    repair_checksums(repaired, size);
    try_picture(repaired, size);
    free(repaired);
    return 0;
}

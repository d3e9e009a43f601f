/*
 * Tells formats apart, applies the limits, and hands over to the files of each. Signatures: JFIF/ITU-T T.81 (SOI), PNG
 * (W3C, 5.2), GIF89a, RIFF/WEBP, TIFF 6.0, BMP, ISO BMFF brands (ISO 23008-12, AV1 image format), JPEG 2000, JPEG XL.
 */
#include "image/codec_internal.h"
#include "image/icc.h"

#include <stdio.h>
#include <string.h>

/* jpeglib.h needs size_t and FILE first */
#include <jpeglib.h>
#include <png.h>

#include "core/cpu.h"
#include "core/error.h"

#define TEXT(x)  TEXT2(x)
#define TEXT2(x) #x

static bool starts_with(vl_bytes input, size_t at, const char *bytes, size_t n)
{
    return input.size >= at + n && memcmp(input.data + at, bytes, n) == 0;
}

typedef struct signature {
    uint8_t at;
    uint8_t size;
    uint8_t codec;
    const char *bytes;
} signature;

static const signature signatures[] = {
    {0, 3, VL_CODEC_JPEG, "\xff\xd8\xff"},
    {0, 8, VL_CODEC_PNG, "\x89PNG\r\n\x1a\n"},
    {0, 6, VL_CODEC_GIF, "GIF87a"},
    {0, 6, VL_CODEC_GIF, "GIF89a"},
    {8, 4, VL_CODEC_WEBP, "WEBP"},
    {0, 4, VL_CODEC_TIFF, "II*\0"},
    {0, 4, VL_CODEC_TIFF, "MM\0*"},
    {4, 8, VL_CODEC_AVIF, "ftypavif"},
    {4, 8, VL_CODEC_AVIF, "ftypavis"},
    {4, 8, VL_CODEC_HEIC, "ftypheic"},
    {4, 8, VL_CODEC_HEIC, "ftypheix"},
    {4, 8, VL_CODEC_HEIC, "ftyphevc"},
    {4, 8, VL_CODEC_HEIC, "ftypmif1"},
    {4, 8, VL_CODEC_HEIC, "ftypmsf1"},
    {0, 12, VL_CODEC_JPEG2000, "\0\0\0\x0cjP  \r\n\x87\n"},
    {0, 4, VL_CODEC_JPEG2000, "\xff\x4f\xff\x51"},
    {0, 12, VL_CODEC_JPEGXL, "\0\0\0\x0cJXL \r\n\x87\n"},
    {0, 2, VL_CODEC_JPEGXL, "\xff\x0a"},
};

/* "BM" alone would claim half of all texts: the reserved words and the size of the second header must fit as well. */
static bool is_bmp(vl_bytes input)
{
    return starts_with(input, 0, "BM", 2) && starts_with(input, 6, "\0\0\0\0", 4) && input.size >= 18 &&
           (input.data[14] == 12 || (input.data[14] >= 40 && input.data[14] <= 124)) && input.data[15] == 0;
}

vl_codec vl_codec_sniff(const void *input, size_t input_bytes)
{
    vl_bytes bytes = {input, input_bytes};
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const signature *s = &signatures[i];
        if (starts_with(bytes, s->at, s->bytes, s->size)) return (vl_codec)s->codec;
    }
    return is_bmp(bytes) ? VL_CODEC_BMP : VL_CODEC_UNKNOWN;
}

const char *vl_codec_name(vl_codec codec)
{
    static const char *const names[] = {"unknown", "JPEG", "PNG",  "WebP",      "GIF",    "TIFF",
                                        "BMP",     "HEIC", "AVIF", "JPEG 2000", "JPEG XL"};
    size_t index = (size_t)codec;
    return index < sizeof names / sizeof *names ? names[index] : names[0];
}

static veil_status check_size(vl_image_info *info, const vl_codec_limits *limits, veil_error *error)
{
    uint64_t pixels = (uint64_t)info->stored_width * info->stored_height;
    if (info->stored_width > VL_IMAGE_MAX_SIDE || info->stored_height > VL_IMAGE_MAX_SIDE)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "image: %u x %u, sides may have %u pixels", info->stored_width,
                            info->stored_height, VL_IMAGE_MAX_SIDE);
    if (pixels > limits->max_pixels)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "image: %u x %u pixels, the limit is %llu", info->stored_width,
                            info->stored_height, (unsigned long long)limits->max_pixels);
    bool is_turned = info->orientation >= 5;
    info->width = is_turned ? info->stored_height : info->stored_width;
    info->height = is_turned ? info->stored_width : info->stored_height;
    info->pixel_bytes = vl_image_tight_bytes(info->width, info->height, info->format);
    return info->pixel_bytes != 0 ? VEIL_OK : vl_error_set(error, VEIL_ERR_LIMIT, 0, "image: too large");
}

/* Blocks are counted from the stored picture's first corner, which turning moves. */
static void place_grid(vl_image_info *info)
{
    vl_block_grid *grid = &info->grid;
    uint32_t o = info->orientation;
    bool is_mirrored_x = o == 2 || o == 3 || o == 6 || o == 7, is_mirrored_y = o == 3 || o == 4 || o == 7 || o == 8;
    if (is_mirrored_x && grid->step_x > 0) grid->first_x = info->width % grid->step_x;
    if (is_mirrored_y && grid->step_y > 0) grid->first_y = info->height % grid->step_y;
}

static void cover_axis(uint32_t step, uint32_t first, uint32_t guard, uint32_t side, uint32_t *start, uint32_t *length)
{
    uint32_t low = *start, high = *start + *length;
    if (step > 0) {
        uint32_t shift = first > 0 ? step - first : 0; /* positions plus this are multiples of step on grid lines */
        uint32_t line = (low + shift) / step * step;
        low = line > shift ? line - shift : 0;
        high = (high + shift + step - 1) / step * step - shift;
    }
    low = low > guard ? low - guard : 0;
    high = high < side && side - high > guard ? high + guard : side;
    *start = low;
    *length = high - low;
}

vl_rect vl_block_grid_cover(const vl_block_grid *grid, const vl_image_view *view, vl_rect rect)
{
    cover_axis(grid->step_x, grid->first_x, grid->guard_x, view->width, &rect.x, &rect.w);
    cover_axis(grid->step_y, grid->first_y, grid->guard_y, view->height, &rect.y, &rect.h);
    return rect;
}

/* The few places where formats part. */

#if VEIL_HAS_WEBP
#define WEBP_CASE(action)                                                                                              \
    case VL_CODEC_WEBP:                                                                                                \
        return action;
#else
#define WEBP_CASE(action)
#endif

static veil_status read_header(vl_bytes input, vl_image_info *info, veil_error *error)
{
    switch (info->codec) {
    case VL_CODEC_JPEG:
        return vl_jpeg_read_header(input, info, error);
    case VL_CODEC_PNG:
        return vl_png_read_header(input, info, error);
        WEBP_CASE(vl_webp_read_header(input, info, error))
    default:
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "image: format %s has no codec here",
                            vl_codec_name(info->codec));
    }
}

/* A WebP of one colour takes some thirty bytes, whatever its size, so no length is too short for a format's sake: how much work so
 * few bytes may ask for is a limit of ours. */
static veil_status check_ratio(vl_bytes input, const vl_image_info *info, veil_error *error)
{
    const uint64_t pixels = (uint64_t)info->stored_width * info->stored_height;

    if (pixels <= VL_WEBP_FREE_PIXELS || pixels / VL_WEBP_PIXELS_PER_BYTE <= input.size) return VEIL_OK;
    return vl_error_set(
        error, VEIL_ERR_LIMIT, 0, "WebP: %u x %u pixels in %zu bytes; above %u pixels a byte may stand for %u",
        info->stored_width, info->stored_height, input.size, VL_WEBP_FREE_PIXELS, VL_WEBP_PIXELS_PER_BYTE);
}

static veil_status check_length(vl_bytes input, const vl_image_info *info, veil_error *error)
{
    if (info->codec == VL_CODEC_WEBP) return check_ratio(input, info, error);
    if (info->codec == VL_CODEC_JPEG ? vl_jpeg_is_long_enough(input, info) : vl_png_is_long_enough(input, info))
        return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0,
                        "image: damaged or cut short: %zu bytes cannot hold %u x %u pixels", input.size,
                        info->stored_width, info->stored_height);
}

static veil_status decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                          veil_error *error)
{
    switch (info->codec) {
        WEBP_CASE(vl_webp_decode(input, info, pool, into, error))
    case VL_CODEC_JPEG:
        return vl_jpeg_decode(input, info, pool, into, error);
    default:
        return vl_png_decode(input, info, pool, into, error);
    }
}

static veil_status encode(const vl_image_view *view, const vl_image_info *info, const vl_codec_touched *touched,
                          vl_bytes input, uint32_t quality, vl_pool *pool, vl_sink *sink, veil_error *error)
{
    switch (info->codec) {
        WEBP_CASE(vl_webp_encode(view, info, input, sink, error))
    case VL_CODEC_JPEG:
        return vl_jpeg_encode(view, info, input, quality, sink, error);
    default:
        return vl_png_encode(view, info, touched, input, pool, sink, error);
    }
}

size_t vl_codec_bound(const vl_image_info *info)
{
    switch (info->codec) {
        WEBP_CASE(vl_webp_bound(info))
    case VL_CODEC_JPEG:
        return vl_jpeg_bound(info);
    default:
        return vl_png_bound(info);
    }
}

uint32_t vl_codec_webp_version(void)
{
#if VEIL_HAS_WEBP
    return vl_webp_version();
#else
    return 0;
#endif
}

veil_status vl_codec_read_header(const void *input, size_t input_bytes, const vl_codec_limits *limits,
                                 vl_image_info *info, veil_error *error)
{
    *info = (vl_image_info){.orientation = 1, .sampling_h = 1, .sampling_v = 1};
    if (input_bytes > limits->max_bytes)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "image: %zu encoded bytes, the limit is %llu", input_bytes,
                            (unsigned long long)limits->max_bytes);
    info->codec = vl_codec_sniff(input, input_bytes);
    vl_bytes bytes = {input, input_bytes};
    veil_status status = read_header(bytes, info, error);
    if (status == VEIL_OK) status = check_size(info, limits, error);
    if (status != VEIL_OK) return status;
    place_grid(info);
    return check_length(bytes, info, error);
}

veil_status vl_codec_decode(const void *input, size_t input_bytes, const vl_image_info *info, vl_pool *pool,
                            const vl_image_view *into, veil_error *error)
{
    vl_bytes bytes = {input, input_bytes};
    if (into->width != info->width || into->height != info->height || into->format != info->format)
        return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "image: the view does not fit the header");
    veil_status status = decode(bytes, info, pool, into, error);
    if (status != VEIL_OK)
        vl_view_clear(into);
    else
        vl_view_clear_hidden(vl_kernels_for(VEIL_CPU_AUTO), into); /* every level gives the same pixels */
    return status;
}

veil_status vl_codec_encode(const vl_image_view *view, const vl_image_info *info, const vl_codec_touched *touched,
                            const void *input, size_t input_bytes, uint32_t quality, vl_pool *pool, void *out,
                            size_t out_capacity, size_t *out_bytes, veil_error *error)
{
    vl_bytes bytes = {input, input_bytes};
    vl_sink sink = {out, out_capacity, 0};
    *out_bytes = 0;
    veil_status status = VEIL_ERR_INTERNAL;
    if (view->width != info->width || view->height != info->height || view->format != info->format)
        vl_error_set(error, status, 0, "image: the view does not fit the header");
    else
        status = encode(view, info, touched, bytes, quality, pool, &sink, error);
    if (status == VEIL_OK) return vl_sink_finish(&sink, info, out_bytes, error);
    if (out_capacity > 0) memset(out, 0, out_capacity);
    return status;
}

void vl_sink_write(vl_sink *sink, const void *data, size_t size_bytes)
{
    if (sink->needed < sink->capacity) {
        size_t room = sink->capacity - sink->needed;
        memcpy(sink->out + sink->needed, data, size_bytes < room ? size_bytes : room);
    }
    sink->needed += size_bytes;
}

/* Not inlined: with the caller's its frame would pass 4 KiB. */
__attribute__((noinline)) static void find_jpeg_profile(vl_bytes file, vl_icc *icc)
{
    vl_jpeg_icc chunks;
    icc->count = vl_jpeg_icc_chunks(file, &chunks);
    icc->total = chunks.total;
    for (size_t i = 0; i < icc->count; i++)
        icc->pieces[i] = (vl_icc_piece){(uint32_t)chunks.offset[i + 1] + VL_JPEG_ICC_PREFIX_BYTES,
                                        chunks.size[i + 1] - VL_JPEG_ICC_PREFIX_BYTES};
}

#if VEIL_HAS_WEBP
static void find_webp_profile(vl_bytes file, vl_icc *icc)
{
    vl_bytes profile = vl_webp_icc(file);
    icc->count = profile.size > 0;
    icc->total = profile.size;
    if (icc->count > 0) icc->pieces[0] = (vl_icc_piece){(uint32_t)(profile.data - file.data), (uint32_t)profile.size};
}
#endif

/* Profiles that the file carries as they are; those of PNG are packed, and cleaned before (png.c). */
static void clean_profile(const vl_sink *sink, const vl_image_info *info)
{
    vl_icc icc = {.base = sink->out};
    vl_bytes file = {sink->out, sink->needed};
    if (info->icc_bytes == 0) return;
    if (info->codec == VL_CODEC_JPEG) find_jpeg_profile(file, &icc);
#if VEIL_HAS_WEBP
    if (info->codec == VL_CODEC_WEBP) find_webp_profile(file, &icc);
#endif
    if (icc.count > 0) vl_icc_keep_colors(&icc);
}

veil_status vl_sink_finish(vl_sink *sink, const vl_image_info *info, size_t *out_bytes, veil_error *error)
{
    *out_bytes = sink->needed;
    if (sink->needed <= sink->capacity) {
        clean_profile(sink, info);
        return VEIL_OK;
    }
    if (sink->capacity > 0) memset(sink->out, 0, sink->capacity);
    return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "image: %zu bytes needed, %zu given", sink->needed,
                        sink->capacity);
}

/* libjpeg-turbo cannot tell its version at run time; libpng can, but refuses a header of another minor version anyway. */
const char *vl_codec_versions(void)
{
    return "libjpeg-turbo " TEXT(LIBJPEG_TURBO_VERSION) ", libpng " PNG_LIBPNG_VER_STRING;
}

/*
 * Walks the chunks of a PNG (W3C PNG, third edition, section 5 and 11) for size, colour, orientation and what to refuse.
 * Allocates nothing. Checksums are libpng's work when it decodes.
 */
#include <string.h>

#include "core/error.h"
#include "image/codec_internal.h"

enum { SIGNATURE_BYTES = 8, CHUNK_BYTES = 12 /* length, type, checksum */, IHDR_BYTES = 13 };
enum { COLOR_GRAY = 0, COLOR_RGB = 2, COLOR_PALETTE = 3, COLOR_GRAY_ALPHA = 4, COLOR_RGBA = 6 };

/* Deflate cannot do better than 258 bytes for two bits (RFC 1951, 3.2.5). */
#define DEFLATE_MAX_RATIO 1032u
#define ICC_NAME_BYTES    80u

typedef struct chunk_walk {
    vl_bytes input;
    size_t at;
    const uint8_t *type;
    vl_bytes body;
} chunk_walk;

/* The chunk at w->at; false when it is not whole. */
static bool next_chunk(chunk_walk *w)
{
    if (w->input.size - w->at < CHUNK_BYTES) return false;
    const uint8_t *head = w->input.data + w->at;
    size_t length = vl_big32(head);
    if (length > 0x7fffffff || length > w->input.size - w->at - CHUNK_BYTES) return false;
    w->type = head + 4;
    w->body = (vl_bytes){head + 8, length};
    w->at += length + CHUNK_BYTES;
    return true;
}

static bool is_type(const chunk_walk *w, const char *type)
{
    return memcmp(w->type, type, 4) == 0;
}

static veil_status malformed(veil_error *error, size_t at, const char *what)
{
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, at, "PNG: %s", what);
}

/* Table 11.1 of the standard: which depths go with which colour type. */
static bool depth_is_valid(uint32_t color, uint32_t depth)
{
    bool is_low = depth == 1 || depth == 2 || depth == 4;
    switch (color) {
    case COLOR_GRAY:
        return is_low || depth == 8 || depth == 16;
    case COLOR_PALETTE:
        return is_low || depth == 8;
    case COLOR_RGB:
    case COLOR_GRAY_ALPHA:
    case COLOR_RGBA:
        return depth == 8 || depth == 16;
    default:
        return false;
    }
}

typedef struct png_facts {
    uint32_t color;
    bool has_transparency; /* tRNS */
    bool has_data;
    bool has_end;
} png_facts;

static veil_status read_ihdr(vl_bytes body, vl_image_info *info, png_facts *facts, veil_error *error)
{
    if (body.size != IHDR_BYTES) return malformed(error, SIGNATURE_BYTES, "the first chunk is not a header");
    const uint8_t *p = body.data;
    info->stored_width = vl_big32(p);
    info->stored_height = vl_big32(p + 4);
    facts->color = p[9];
    info->is_deep = p[8] == 16;
    info->is_interlaced = p[12];
    if (info->stored_width == 0 || info->stored_height == 0) return malformed(error, SIGNATURE_BYTES, "a side is 0");
    if (info->stored_width > 0x7fffffff || info->stored_height > 0x7fffffff)
        return malformed(error, SIGNATURE_BYTES, "a side is negative");
    if (!depth_is_valid(facts->color, p[8])) return malformed(error, SIGNATURE_BYTES, "colour type and depth disagree");
    if (p[10] != 0 || p[11] != 0 || p[12] > 1) return malformed(error, SIGNATURE_BYTES, "an unknown method");
    return VEIL_OK;
}

static void read_chunk(const chunk_walk *w, vl_image_info *info, png_facts *facts)
{
    if (is_type(w, "tRNS"))
        facts->has_transparency = true;
    else if (is_type(w, "eXIf"))
        info->orientation = vl_exif_orientation(w->body);
    else if (is_type(w, "IDAT"))
        facts->has_data = true;
    else if (is_type(w, "IEND"))
        facts->has_end = true;
    else if (is_type(w, "iCCP") && !facts->has_data)
        info->icc_bytes = w->body.size;
}

static void set_format(const png_facts *facts, vl_image_info *info)
{
    bool is_gray = facts->color == COLOR_GRAY || facts->color == COLOR_GRAY_ALPHA;
    bool has_alpha = facts->color == COLOR_GRAY_ALPHA || facts->color == COLOR_RGBA || facts->has_transparency;
    info->is_gray_alpha = is_gray && has_alpha;
    info->format = has_alpha ? VEIL_PIXEL_BGRA : is_gray ? VEIL_PIXEL_GRAY : VEIL_PIXEL_BGR;
}

/* What the profile can take in the output: it is inflated, checked, and deflated again, at worst without gain. */
static size_t icc_bound(size_t chunk_bytes)
{
    if (chunk_bytes == 0) return 0;
    size_t profile =
        chunk_bytes > VL_PNG_ICC_MAX / DEFLATE_MAX_RATIO ? VL_PNG_ICC_MAX : chunk_bytes * DEFLATE_MAX_RATIO;
    return profile + profile / 8 + ICC_NAME_BYTES + 128;
}

veil_status vl_png_read_header(vl_bytes input, vl_image_info *info, veil_error *error)
{
    chunk_walk w = {.input = input, .at = SIGNATURE_BYTES};
    png_facts facts = {0};
    if (!next_chunk(&w) || !is_type(&w, "IHDR")) return malformed(error, w.at, "the first chunk is not a header");
    veil_status status = read_ihdr(w.body, info, &facts, error);
    if (status != VEIL_OK) return status;
    set_format(&facts, info);
    while (!facts.has_end && next_chunk(&w)) {
        if (is_type(&w, "acTL") && !facts.has_data)
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, w.at, "PNG: animation (APNG) is not supported");
        if (is_type(&w, "tRNS") && facts.has_data) continue; /* out of order: libpng ignores it as well */
        read_chunk(&w, info, &facts);
    }
    set_format(&facts, info);
    info->icc_bytes = icc_bound(info->icc_bytes);
    /* A header with a hopeless size is a matter of limits, which the caller decides, before one of missing chunks. */
    if (!facts.has_end || !facts.has_data) info->is_incomplete = 1;
    return VEIL_OK;
}

bool vl_png_is_long_enough(vl_bytes input, const vl_image_info *info)
{
    uint64_t row_bytes = (info->stored_width + 7) / 8; /* at least one bit a pixel */
    return !info->is_incomplete && row_bytes * info->stored_height / DEFLATE_MAX_RATIO <= input.size;
}

/* zlib's deflateBound for parameters it knows nothing of, one filter byte a row, chunk frames every VL_PNG_CHUNK_BYTES bytes. */
size_t vl_png_bound(const vl_image_info *info)
{
    uint64_t channels = (info->is_gray_alpha ? 2 : vl_pixel_bytes(info->format)) * (info->is_deep ? 2 : 1);
    uint64_t raw = ((uint64_t)info->width * channels + 1) * info->height;
    uint64_t packed = raw + ((raw + 7) >> 3) + ((raw + 63) >> 6) + 64;
    uint64_t frames = (packed / VL_PNG_CHUNK_BYTES + 1) * CHUNK_BYTES;
    return (size_t)(packed + frames + info->icc_bytes + SIGNATURE_BYTES + 3 * CHUNK_BYTES + IHDR_BYTES);
}

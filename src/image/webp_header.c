/*
 * Walks the chunks of a WebP (RFC 9649) for size, alpha, orientation, profile and what to refuse. Allocates nothing. libwebp reads
 * the file again when it decodes; webp.c compares what both saw.
 */
#include <string.h>

#include "core/error.h"
#include "image/codec_internal.h"

enum {
    RIFF_BYTES = 12,
    CHUNK_BYTES = 8,
    VP8_BYTES = 10,
    VP8L_BYTES = 5,
    VP8X_BYTES = 10,
    FLAG_ANIMATION = 2,
    FLAG_ALPHA = 16
};

#define ICC_MAX_BYTES    (8u << 20)
#define EXIF_PREFIX      "Exif\0" /* and another NUL; some writers put it before the TIFF block, as in JPEG */
#define EXIF_PREFIX_SIZE 6
#define QUANTISER_MAX    127u
#define QUALITY_LOWEST   75u /* a picture that was coded coarsely is coded no more coarsely than this again */
#define FIXED_BYTES      65536u
#define MACROBLOCK       16u /* RFC 6386: what is predicted together, chroma included */
#define FILTER           4u  /* how far the loop filter and interpolated chroma reach across its edges */

static uint32_t little(const uint8_t *p, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = bytes; i > 0; i--)
        value = value << 8 | p[i - 1];
    return value;
}

static veil_status malformed(veil_error *error, size_t at, const char *what)
{
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, at, "WebP: %s", what);
}

typedef struct riff_walk {
    vl_bytes file; /* as long as the head says */
    size_t at;
    const uint8_t *type;
    vl_bytes body;
    bool is_broken; /* a chunk is longer than what is left */
} riff_walk;

static bool next_chunk(riff_walk *w)
{
    if (w->file.size - w->at < CHUNK_BYTES) return false;
    const uint8_t *head = w->file.data + w->at;
    size_t size = little(head + 4, 4), left = w->file.size - w->at - CHUNK_BYTES;
    if (size > left) return w->is_broken = true, false;
    w->type = head;
    w->body = (vl_bytes){head + CHUNK_BYTES, size};
    w->at += CHUNK_BYTES + size + (size < left ? size & 1 : 0); /* padded to even */
    return true;
}

static bool is_type(const riff_walk *w, const char *type)
{
    return memcmp(w->type, type, 4) == 0;
}

static bool start(vl_bytes input, riff_walk *w)
{
    if (input.size < RIFF_BYTES || memcmp(input.data, "RIFF", 4) != 0) return false;
    size_t size = little(input.data + 4, 4);
    if (size < 4 || size > input.size - CHUNK_BYTES) return false;
    *w = (riff_walk){.file = {input.data, size + CHUNK_BYTES}, .at = RIFF_BYTES};
    return true;
}

/* ---- How coarsely a lossy picture was coded ---- */

/* RFC 6386, section 7, with the even probability that the header's fields have. */
typedef struct bit_reader {
    const uint8_t *next, *end;
    uint32_t value, range;
    int32_t bits; /* that were read ahead */
} bit_reader;

static uint32_t read_bit(bit_reader *r)
{
    uint32_t split = 1 + (((r->range - 1) * 128) >> 8), bit = r->value >= split << 8;
    r->value -= bit ? split << 8 : 0;
    r->range = bit ? r->range - split : split;
    while (r->range < 128) {
        r->value <<= 1;
        r->range <<= 1;
        if (++r->bits == 8) {
            r->bits = 0;
            r->value |= r->next < r->end ? *r->next++ : 0;
        }
    }
    return bit;
}

static uint32_t read_bits(bit_reader *r, uint32_t count)
{
    uint32_t value = 0;
    while (count-- > 0)
        value = value << 1 | read_bit(r);
    return value;
}

/* A value of `count` bits and its sign, where a flag says that there is one. */
static int32_t read_optional(bit_reader *r, uint32_t count)
{
    if (read_bit(r) == 0) return 0;
    int32_t value = (int32_t)read_bits(r, count);
    return read_bit(r) ? -value : value;
}

/* Section 9.3: the mean of the segments' quantisers, or -1 where they are not absolute. */
static int32_t read_segments(bit_reader *r)
{
    uint32_t has_map = read_bit(r), has_data = read_bit(r);
    int32_t sum = -1;
    if (has_data) {
        uint32_t is_absolute = read_bit(r);
        int32_t total = 0;
        for (int i = 0; i < 4; i++)
            total += read_optional(r, 7);
        for (int i = 0; i < 4; i++)
            (void)read_optional(r, 6);
        if (is_absolute) sum = total / 4;
    }
    for (int i = 0; has_map && i < 3; i++)
        if (read_bit(r)) (void)read_bits(r, 8);
    return sum;
}

/* RFC 6386, 9.3 to 9.6: what comes before the quantiser index. `body` is long enough. */
static uint32_t read_quantiser(vl_bytes body)
{
    const uint8_t *first = body.data + VP8_BYTES, *end = body.data + body.size;
    if (end - first < 2) return 0;
    bit_reader r = {first + 2, end, (uint32_t)first[0] << 8 | first[1], 255, 0};
    (void)read_bits(&r, 2); /* colour space, clamping */
    int32_t of_segments = read_bit(&r) ? read_segments(&r) : -1;
    (void)read_bits(&r, 1 + 6 + 3); /* loop filter */
    if (read_bit(&r) && read_bit(&r)) {
        for (int i = 0; i < 8; i++)
            (void)read_optional(&r, 6);
    }
    (void)read_bits(&r, 2); /* partitions */
    uint32_t base = read_bits(&r, 7);
    return of_segments >= 0 && of_segments <= (int32_t)QUANTISER_MAX ? (uint32_t)of_segments : base;
}

/* The quality that makes libwebp choose this quantiser: its quantiser is 127 (1 - cbrt(l)), l = 2/3 q up to q = .75, then 2 q - 1. */
static uint32_t quality_of(uint32_t quantiser)
{
    double root = 1 - (double)quantiser / QUANTISER_MAX, linear = root * root * root;
    double quality = linear < 0.5 ? linear * 1.5 : (linear + 1) / 2;
    uint32_t percent = (uint32_t)(quality * 100 + 0.5);
    return percent < QUALITY_LOWEST ? QUALITY_LOWEST : percent > 100 ? 100 : percent;
}

/* ---- The header ---- */

static veil_status read_vp8(const riff_walk *w, vl_image_info *info, veil_error *error)
{
    const uint8_t *p = w->body.data;
    if (w->body.size < VP8_BYTES || (p[0] & 1) != 0 || memcmp(p + 3, "\x9d\x01\x2a", 3) != 0)
        return malformed(error, w->at, "no key frame");
    info->stored_width = little(p + 6, 2) & 0x3FFF;
    info->stored_height = little(p + 8, 2) & 0x3FFF;
    info->is_lossy = 1;
    info->grid = (vl_block_grid){.step_x = MACROBLOCK, .step_y = MACROBLOCK, .guard_x = FILTER, .guard_y = FILTER};
    info->quality = quality_of(read_quantiser(w->body));
    return VEIL_OK;
}

static veil_status read_vp8l(const riff_walk *w, vl_image_info *info, veil_error *error)
{
    if (w->body.size < VP8L_BYTES || w->body.data[0] != 0x2F) return malformed(error, w->at, "no lossless picture");
    uint32_t bits = little(w->body.data + 1, 4);
    info->stored_width = (bits & 0x3FFF) + 1;
    info->stored_height = (bits >> 14 & 0x3FFF) + 1;
    if (bits >> 28 & 1) info->format = VEIL_PIXEL_BGRA;
    if (bits >> 29 != 0) return vl_error_set(error, VEIL_ERR_UNSUPPORTED, w->at, "WebP: an unknown lossless version");
    return VEIL_OK;
}

static void read_extra(const riff_walk *w, vl_image_info *info)
{
    vl_bytes body = w->body;
    if (is_type(w, "ALPH")) info->format = VEIL_PIXEL_BGRA;
    if (is_type(w, "EXIF")) {
        bool has_prefix = body.size >= EXIF_PREFIX_SIZE && memcmp(body.data, EXIF_PREFIX, EXIF_PREFIX_SIZE) == 0;
        if (has_prefix) body = (vl_bytes){body.data + EXIF_PREFIX_SIZE, body.size - EXIF_PREFIX_SIZE};
        info->orientation = vl_exif_orientation(body);
    }
}

static bool is_animation(const riff_walk *w)
{
    return is_type(w, "ANIM") || is_type(w, "ANMF") ||
           (is_type(w, "VP8X") && w->body.size > 0 && (w->body.data[0] & FLAG_ANIMATION) != 0);
}

vl_bytes vl_webp_icc(vl_bytes input)
{
    riff_walk w;
    bool is_open = start(input, &w);
    while (is_open && next_chunk(&w)) {
        if (!is_type(&w, "ICCP")) continue;
        bool is_good = w.body.size <= ICC_MAX_BYTES && vl_icc_header_is_valid(w.body, w.body.size, "RGB ");
        return is_good ? w.body : (vl_bytes){0};
    }
    return (vl_bytes){0};
}

static veil_status read_chunks(riff_walk *w, vl_image_info *info, bool *has_picture, veil_error *error)
{
    veil_status status = VEIL_OK;
    while (status == VEIL_OK && next_chunk(w)) {
        if (is_animation(w))
            return vl_error_set(error, VEIL_ERR_UNSUPPORTED, w->at, "WebP: animation is not supported");
        if (is_type(w, "VP8X") && w->body.size >= VP8X_BYTES && (w->body.data[0] & FLAG_ALPHA) != 0)
            info->format = VEIL_PIXEL_BGRA;
        bool is_lossy = is_type(w, "VP8 "), is_picture = is_lossy || is_type(w, "VP8L");
        if (is_picture && *has_picture) return malformed(error, w->at, "it has two pictures");
        if (is_picture) status = is_lossy ? read_vp8(w, info, error) : read_vp8l(w, info, error);
        *has_picture = *has_picture || is_picture;
        read_extra(w, info);
    }
    return status;
}

veil_status vl_webp_read_header(vl_bytes input, vl_image_info *info, veil_error *error)
{
    riff_walk w;
    bool has_picture = false;
    if (!start(input, &w)) return malformed(error, 4, "its head states a length that it does not have");
    info->format = VEIL_PIXEL_BGR;
    veil_status status = read_chunks(&w, info, &has_picture, error);
    if (status != VEIL_OK) return status;
    if (w.is_broken || !has_picture) return malformed(error, w.at, "it ends before its picture does");
    if (info->stored_width == 0 || info->stored_height == 0) return malformed(error, w.at, "a side is 0");
    info->icc_bytes = vl_webp_icc(input).size;
    return VEIL_OK;
}

/*
 * Lossless: at worst four bytes a pixel, as the format's prefix codes are made for each picture (RFC 9649, 3.7). Lossy: noise at
 * the best quality takes 2.5 (tests/image/webp_test.c prints it); alpha is coded apart, at worst as it is.
 */
size_t vl_webp_bound(const vl_image_info *info)
{
    uint64_t pixels = (uint64_t)info->width * info->height;
    return (size_t)(pixels * 4 + pixels / 2 + FIXED_BYTES + info->icc_bytes);
}

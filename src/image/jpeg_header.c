/*
 * Walks the markers of a JPEG up to the first scan (ITU-T T.81, annex B) for size, sampling, orientation and ICC chunks.
 * Allocates nothing. libjpeg reads the file again when it decodes; jpeg.c compares what both saw.
 */
#include <string.h>

#include "core/error.h"
#include "image/codec_internal.h"

enum {
    MARKER_SOF0 = 0xC0,
    MARKER_SOF2 = 0xC2,
    MARKER_DHT = 0xC4,
    MARKER_JPG = 0xC8,
    MARKER_DAC = 0xCC,
    MARKER_SOF15 = 0xCF,
    MARKER_RST0 = 0xD0,
    MARKER_EOI = 0xD9,
    MARKER_SOS = 0xDA,
    MARKER_APP1 = 0xE1,
    MARKER_APP2 = 0xE2,
    MARKER_TEM = 0x01
};

#define BLOCK_SIDE        8u            /* T.81: what one DCT takes */
#define JPEG_MAX_SIDE     65500u        /* libjpeg's JPEG_MAX_DIMENSION */
#define ICC_PREFIX        "ICC_PROFILE" /* with its NUL, then number and count (ICC.1:2022, B.4) */
#define EXIF_PREFIX       "Exif\0"      /* and another NUL */
#define EXIF_PREFIX_BYTES 6
#define SEGMENTS_MAX      16384u     /* before the first scan; 255 of ICC and 1 GiB of extended XMP fit */
#define ICC_MAX_BYTES     (8u << 20) /* profiles for print take up to about 3 MiB */

typedef struct walker {
    vl_bytes input;
    size_t at;       /* next byte to read */
    uint32_t marker; /* of the segment found */
    uint32_t count;  /* segments so far */
    vl_bytes body;   /* of the segment, without its length field */
} walker;

static bool is_standalone(uint32_t marker)
{
    return marker == MARKER_TEM || (marker >= MARKER_RST0 && marker < MARKER_EOI);
}

/* Find the next marker the way libjpeg does: bytes that are none are skipped, fill bytes too. 0 at the end of the input. */
static uint32_t next_marker(walker *w)
{
    while (w->at + 1 < w->input.size) {
        uint32_t byte = w->input.data[w->at++];
        uint32_t code = w->input.data[w->at];
        if (byte != 0xFF || code == 0xFF || code == 0) continue;
        w->at++;
        return code;
    }
    return 0;
}

/* Step to the next segment that has a body. False at SOS, EOI, when the input ends inside a segment
 * (marker 0), or when there are more than SEGMENTS_MAX. */
static bool next_segment(walker *w)
{
    do {
        w->marker = next_marker(w);
    } while (is_standalone(w->marker));
    if (w->marker == MARKER_SOS || w->marker == MARKER_EOI || w->marker == 0) return false;
    if (w->input.size - w->at < 2) return w->marker = 0, false;
    size_t length = vl_big16(w->input.data + w->at);
    if (length < 2 || length > w->input.size - w->at) return w->marker = 0, false;
    w->body = (vl_bytes){w->input.data + w->at + 2, length - 2};
    w->at += length;
    return ++w->count <= SEGMENTS_MAX;
}

static bool is_frame(uint32_t marker)
{
    return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT && marker != MARKER_JPG &&
           marker != MARKER_DAC;
}

static veil_status malformed(veil_error *error, size_t at, const char *what)
{
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, at, "JPEG: %s", what);
}

static veil_status unsupported(veil_error *error, const char *what)
{
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "JPEG: %s is not supported", what);
}

/* Ratio of luma to chroma samples on one axis, as the encoder can repeat it: 1, 2 or 4; anything odd becomes 1. */
static uint32_t sampling_ratio(uint32_t luma, uint32_t first, uint32_t second)
{
    if (first != second || first == 0 || luma % first != 0) return 1;
    uint32_t ratio = luma / first;
    return ratio == 2 || ratio == 4 ? ratio : 1;
}

/* One axis of the grid. Where components differ in sampling, blocks of all of them end together after 8 times the largest
 * factor (the MCU), and interpolation carries chroma one pixel further: less than the ratio. */
static void sampling_grid(const uint32_t factors[4], uint32_t count, uint32_t *step, uint32_t *guard)
{
    uint32_t low = factors[0], high = factors[0];
    for (uint32_t i = 1; i < count; i++) {
        if (factors[i] < low) low = factors[i];
        if (factors[i] > high) high = factors[i];
    }
    *step = high > low ? BLOCK_SIDE * high : BLOCK_SIDE;
    *guard = high > low ? (high + low - 1) / low : 0;
}

static veil_status read_sampling(const uint8_t *components, vl_image_info *info, veil_error *error)
{
    uint32_t across[4] = {0}, down[4] = {0}, count = info->component_count;
    for (uint32_t i = 0; i < count; i++) {
        across[i] = components[3 * i + 1] >> 4;
        down[i] = components[3 * i + 1] & 15;
        if (across[i] < 1 || across[i] > 4 || down[i] < 1 || down[i] > 4)
            return malformed(error, 0, "a sampling factor is not 1 to 4");
    }
    bool is_turned = info->orientation >= 5;
    const uint32_t *x = is_turned ? down : across, *y = is_turned ? across : down;
    info->sampling_h = sampling_ratio(x[0], x[1], x[2]);
    info->sampling_v = sampling_ratio(y[0], y[1], y[2]);
    if (info->sampling_h * info->sampling_v > 8) info->sampling_h = info->sampling_v = 2; /* 10 blocks an MCU at most */
    info->mcu_blocks = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (across[i] * BLOCK_SIDE > info->mcu_w) info->mcu_w = across[i] * BLOCK_SIDE;
        if (down[i] * BLOCK_SIDE > info->mcu_h) info->mcu_h = down[i] * BLOCK_SIDE;
        info->mcu_blocks += across[i] * down[i];
    }
    sampling_grid(x, count, &info->grid.step_x, &info->grid.guard_x);
    sampling_grid(y, count, &info->grid.step_y, &info->grid.guard_y);
    return VEIL_OK;
}

static veil_status read_frame(uint32_t marker, vl_bytes body, vl_image_info *info, veil_error *error)
{
    if (marker > MARKER_SOF2)
        return unsupported(error, marker >= MARKER_SOF0 + 9 ? "arithmetic coding" : "lossless or hierarchical coding");
    if (body.size < 6) return malformed(error, 0, "the frame header is too short");
    uint32_t count = body.data[5];
    if (body.data[0] != 8) return unsupported(error, "a precision other than 8 bits");
    if (body.size < 6 + 3 * (size_t)count) return malformed(error, 0, "the frame header is too short");
    info->stored_height = vl_big16(body.data + 1);
    info->stored_width = vl_big16(body.data + 3);
    if (info->stored_width == 0) return malformed(error, 0, "the width is 0");
    if (info->stored_height == 0) return unsupported(error, "a height that comes after the picture");
    if (info->stored_width > JPEG_MAX_SIDE || info->stored_height > JPEG_MAX_SIDE)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "JPEG: %u x %u, sides may have %u pixels", info->stored_width,
                            info->stored_height, JPEG_MAX_SIDE);
    if (count != 1 && count != 3 && count != 4)
        return unsupported(error, "a number of components other than 1, 3 and 4");
    info->component_count = count;
    info->is_progressive = marker == MARKER_SOF2;
    info->format = count == 1 ? VEIL_PIXEL_GRAY : VEIL_PIXEL_BGR;
    info->grid.step_x = info->grid.step_y = info->mcu_w = info->mcu_h = BLOCK_SIDE;
    info->mcu_blocks = 1;
    return count > 1 ? read_sampling(body.data + 6, info, error) : VEIL_OK;
}

static bool is_icc(const walker *w)
{
    return w->marker == MARKER_APP2 && w->body.size > VL_JPEG_ICC_PREFIX_BYTES &&
           memcmp(w->body.data, ICC_PREFIX, sizeof ICC_PREFIX) == 0;
}

/* One pass. Chunks must be 1 to count, each once. */
uint32_t vl_jpeg_icc_chunks(vl_bytes input, vl_jpeg_icc *icc)
{
    walker w = {.input = input, .at = 2};
    uint32_t found = 0, count = 0;
    *icc = (vl_jpeg_icc){0};
    while (next_segment(&w)) {
        if (!is_icc(&w)) continue;
        uint32_t number = w.body.data[12];
        if (found == 0) count = w.body.data[13];
        if (number == 0 || number > count || w.body.data[13] != count || icc->size[number] != 0) return 0;
        icc->offset[number] = (size_t)(w.body.data - input.data);
        icc->size[number] = (uint16_t)w.body.size;
        icc->total += w.body.size - VL_JPEG_ICC_PREFIX_BYTES;
        found++;
    }
    return found == count && icc->total <= ICC_MAX_BYTES ? count : 0;
}

/* Bytes that the profile takes in the output, or 0: it must be whole, and its head must fit. */
static size_t measure_icc(vl_bytes input, const vl_image_info *info)
{
    vl_jpeg_icc icc;
    uint32_t count = vl_jpeg_icc_chunks(input, &icc);
    if (count == 0) return 0;
    vl_bytes head = {input.data + icc.offset[1] + VL_JPEG_ICC_PREFIX_BYTES, icc.size[1] - VL_JPEG_ICC_PREFIX_BYTES};
    if (!vl_icc_header_is_valid(head, icc.total,
                                info->component_count == 1   ? "GRAY"
                                : info->component_count == 3 ? "RGB "
                                                             : "CMYK"))
        return 0;
    return icc.total + count * (size_t)(VL_JPEG_ICC_PREFIX_BYTES + 4); /* marker and length */
}

/* The smallest JPEG spends at least one bit on the DC value of every 8x8 block; fewer bytes cannot hold the picture. */
bool vl_jpeg_is_long_enough(vl_bytes input, const vl_image_info *info)
{
    uint64_t blocks = (uint64_t)((info->stored_width + 7) / 8) * ((info->stored_height + 7) / 8);
    return input.size >= blocks / 8;
}

veil_status vl_jpeg_read_header(vl_bytes input, vl_image_info *info, veil_error *error)
{
    walker w = {.input = input, .at = 2};
    uint32_t frame = 0;
    vl_bytes frame_body = {0};
    bool has_exif = false;
    while (next_segment(&w)) {
        if (is_frame(w.marker)) {
            if (frame != 0) return malformed(error, w.at, "it has two frames");
            frame = w.marker;
            frame_body = w.body;
        } else if (w.marker == MARKER_APP1 && !has_exif && w.body.size > EXIF_PREFIX_BYTES &&
                   memcmp(w.body.data, EXIF_PREFIX, EXIF_PREFIX_BYTES) == 0) {
            has_exif = true;
            info->orientation =
                vl_exif_orientation((vl_bytes){w.body.data + EXIF_PREFIX_BYTES, w.body.size - EXIF_PREFIX_BYTES});
        }
    }
    if (w.count > SEGMENTS_MAX)
        return vl_error_set(error, VEIL_ERR_LIMIT, w.at, "JPEG: more than %u segments before the picture",
                            SEGMENTS_MAX);
    if (w.marker != MARKER_SOS) return malformed(error, w.at, "it ends before the first scan");
    if (frame == 0) return malformed(error, w.at, "a scan comes before the frame header");
    veil_status status = read_frame(frame, frame_body, info, error);
    if (status != VEIL_OK) return status;
    info->icc_bytes = measure_icc(input, info);
    return VEIL_OK;
}

/*
 * Bounds on one coded 8x8 block.
 * Blocks that a file brings are kept as they are, so nothing is known of them but the format (T.81, F.1.2): 63 values of at most
 * 16 bits of code and 10 of their own, and 27 bits of DC: 209 bytes, each of which may be 0xFF and get a zero stuffed behind it.
 * Progressive files send every value once, and in up to 10 scans an end-of-band run of 30 bits and correction bits.
 * For blocks made from pixels: an orthonormal DCT of samples in [-128, 127] has at most 64 * 2^14 of energy, so with quantisers
 * of 1. The dearest way to spend it in the standard tables (T.81, K.3) is 63 coefficients of 8 bits (2^14 of energy, 10 bits of
 * code + 8 each; 9 bits cost four times the energy for 7 bits more), plus 22 bits of DC: 145 bytes, stuffed. Rounded up for the
 * rounding of the DCT itself.
 */
#define KEPT_BLOCK_BYTES        418u
#define PROGRESSIVE_BLOCK_BYTES 660u
#define MADE_BLOCK_BYTES        304u
#define HEADER_BYTES            8192u /* SOI, JFIF, four DQT, SOF, ten scans each with its DHTs, EOI */

static uint64_t units(uint64_t side, uint64_t unit)
{
    return (side + unit - 1) / unit;
}

static uint64_t kept_bytes(const vl_image_info *info)
{
    uint64_t mcus = units(info->stored_width, info->mcu_w) * units(info->stored_height, info->mcu_h);
    uint64_t block_bytes = info->is_progressive ? PROGRESSIVE_BLOCK_BYTES : KEPT_BLOCK_BYTES;
    return mcus * (info->mcu_blocks * block_bytes + 3); /* each may end in a restart marker */
}

static uint64_t made_bytes(const vl_image_info *info)
{
    uint64_t mcus = units(info->width, 8 * info->sampling_h) * units(info->height, 8 * info->sampling_v);
    uint64_t chroma = info->component_count == 1 ? 0 : 2;
    return mcus * (info->sampling_h * info->sampling_v + chroma) * MADE_BLOCK_BYTES;
}

size_t vl_jpeg_bound(const vl_image_info *info)
{
    uint64_t kept = kept_bytes(info), made = made_bytes(info);
    return (size_t)((kept > made ? kept : made) + HEADER_BYTES + info->icc_bytes);
}

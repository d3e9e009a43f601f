/*
 * The two pieces of metadata that matter for pixels: EXIF orientation (a TIFF block, TIFF 6.0 section 2 and EXIF 2.3 tag
 * 0x0112) and the head of an ICC profile. Everything else in these blocks is ignored and never copied.
 */
#include <string.h>

#include "image/codec_internal.h"

enum { TIFF_HEADER_BYTES = 8, TIFF_ENTRY_BYTES = 12, TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, TYPE_LONG = 4 };

static uint32_t read16(const uint8_t *p, bool is_little)
{
    return is_little ? (uint32_t)p[1] << 8 | p[0] : vl_big16(p);
}

static uint32_t read32(const uint8_t *p, bool is_little)
{
    return is_little ? read16(p + 2, true) << 16 | read16(p, true) : vl_big32(p);
}

uint32_t vl_exif_orientation(vl_bytes tiff)
{
    if (tiff.size < TIFF_HEADER_BYTES) return 1;
    bool is_little = memcmp(tiff.data, "II*\0", 4) == 0;
    if (!is_little && memcmp(tiff.data, "MM\0*", 4) != 0) return 1;
    size_t directory = read32(tiff.data + 4, is_little);
    if (directory > tiff.size - 2) return 1;
    size_t count = read16(tiff.data + directory, is_little);
    for (size_t i = 0; i < count; i++) {
        size_t at = directory + 2 + i * TIFF_ENTRY_BYTES;
        if (at + TIFF_ENTRY_BYTES > tiff.size) return 1;
        const uint8_t *entry = tiff.data + at;
        if (read16(entry, is_little) != TAG_ORIENTATION) continue;
        uint32_t type = read16(entry + 2, is_little);
        uint32_t value = type == TYPE_SHORT  ? read16(entry + 8, is_little)
                         : type == TYPE_LONG ? read32(entry + 8, is_little)
                                             : 1;
        return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

bool vl_icc_header_is_valid(vl_bytes head, size_t total, const char *space)
{
    return head.size >= VL_ICC_HEADER_BYTES && vl_big32(head.data) == total && memcmp(head.data + 16, space, 4) == 0 &&
           memcmp(head.data + 36, "acsp", 4) == 0;
}

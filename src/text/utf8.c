/*
 * UTF-8 by RFC 3629 (no overlong forms, no surrogates, nothing above U+10FFFF) and the translation of byte offsets into code
 * points or UTF-16 units. A byte that starts no valid sequence counts as one unit by itself, as one U+FFFD would, so that
 * every byte string has well-defined offsets. An offset inside a sequence counts the sequence as begun: it rounds up.
 */
#include "text/utf8.h"

#include <string.h>

#include "text/text.h"

/* Bytes that a sequence with this first byte has; 1 for a byte that begins none. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0xC2 || lead > 0xF4) return 1;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* RFC 3629 section 4: four first bytes narrow the second, against overlong forms, surrogates and numbers above U+10FFFF. */
static bool is_second_byte(unsigned char lead, unsigned char byte)
{
    switch (lead) {
    case 0xE0:
        return byte >= 0xA0 && byte <= 0xBF;
    case 0xED:
        return byte >= 0x80 && byte <= 0x9F;
    case 0xF0:
        return byte >= 0x90 && byte <= 0xBF;
    case 0xF4:
        return byte >= 0x80 && byte <= 0x8F;
    default:
        return (byte & 0xC0) == 0x80;
    }
}

size_t vl_utf8_step(const char *text, size_t size_bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = sequence_length(p[0]);
    if (length == 1 || length > size_bytes || !is_second_byte(p[0], p[1])) return 1;
    for (size_t i = 2; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) return 1;
    }
    return length;
}

size_t vl_utf8_encode(uint32_t code_point, char out[4])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | (code_point >> 6));
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point >= 0xD800 && code_point <= 0xDFFF) return 0;
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | (code_point >> 12));
        out[1] = (char)(0x80 | ((code_point >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    if (code_point > 0x10FFFF) return 0;
    out[0] = (char)(0xF0 | (code_point >> 18));
    out[1] = (char)(0x80 | ((code_point >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code_point >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* A place in the text, in bytes and in the unit that was asked for. */
typedef struct cursor {
    size_t byte;
    size_t units;
} cursor;

/* Advance to the first sequence boundary at or after `target`. */
static void cursor_advance(cursor *at, const char *text, size_t text_bytes, size_t target, size_t astral_units)
{
    while (at->byte < target) {
        uint64_t word;
        if (target - at->byte >= sizeof word) { /* eight ASCII bytes at once: the usual case */
            memcpy(&word, text + at->byte, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at->byte += sizeof word;
                at->units += sizeof word;
                continue;
            }
        }
        size_t step = vl_utf8_step(text + at->byte, text_bytes - at->byte);
        at->byte += step;
        at->units += step == 4 ? astral_units : 1;
    }
}

static bool offsets_are_ordered(const veil_finding *findings, size_t finding_count, size_t text_bytes)
{
    uint64_t last = 0;
    for (size_t i = 0; i < finding_count; i++) {
        if (findings[i].start < last || findings[i].end < findings[i].start) return false;
        if (findings[i].end > text_bytes) return false;
        last = findings[i].start;
    }
    return true;
}

veil_status vl_text_convert_offsets(const char *text, size_t text_bytes, uint32_t unit, veil_finding *findings,
                                    size_t finding_count)
{
    if (unit > VEIL_OFFSET_UTF16) return VEIL_ERR_INVALID_ARGUMENT;
    if (text == NULL && text_bytes > 0) return VEIL_ERR_INVALID_ARGUMENT;
    if (findings == NULL && finding_count > 0) return VEIL_ERR_INVALID_ARGUMENT;
    if (!offsets_are_ordered(findings, finding_count, text_bytes)) return VEIL_ERR_INVALID_ARGUMENT;
    if (unit == VEIL_OFFSET_BYTE) return VEIL_OK;

    size_t astral_units = unit == VEIL_OFFSET_UTF16 ? 2 : 1;
    cursor start = {0, 0};
    for (size_t i = 0; i < finding_count; i++) {
        size_t end_byte = (size_t)findings[i].end;
        cursor_advance(&start, text, text_bytes, (size_t)findings[i].start, astral_units);
        cursor end = start; /* findings may overlap, so each end is walked from its own start */
        cursor_advance(&end, text, text_bytes, end_byte, astral_units);
        findings[i].start = start.units;
        findings[i].end = end.units;
        if (i + 1 < finding_count && findings[i + 1].start >= end.byte) start = end;
    }
    return VEIL_OK;
}

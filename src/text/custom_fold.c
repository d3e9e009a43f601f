/*
 * Kinds of characters and simple case folding by ranges. The facts are those of Unicode 15 (Blocks.txt, CaseFolding.txt with
 * status C and S) for the scripts that have case and that names are commonly written in; Armenian, Georgian, Cherokee and
 * smaller ones keep their case.
 */
#include "text/custom_fold.h"

#include <stdbool.h>
#include <string.h>

#include "text/chars.h"
#include "text/utf8.h"

typedef struct range {
    uint32_t first;
    uint32_t last;
} range;

/* Blocks without letters. */
static const range apart[] = {
    {0x0080, 0x00A9},   {0x00AB, 0x00B4},   {0x00B6, 0x00B9}, {0x00BB, 0x00BF}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7},
    {0x05BE, 0x05BE},   {0x05C0, 0x05C0},   {0x05C3, 0x05C3}, {0x05F3, 0x05F4}, {0x060C, 0x060D}, {0x061B, 0x061F},
    {0x066A, 0x066D},   {0x06D4, 0x06D4},   {0x0964, 0x0965}, {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x2BFF},
    {0x2E00, 0x2E7F},   {0x3000, 0x3004},   {0x3008, 0x303F}, {0xE000, 0xF8FF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE6F},
    {0xFEFF, 0xFEFF},   {0xFF00, 0xFF0F},   {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF}};

/* Scripts whose text sets no spaces. */
static const range lone[] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F},  {0x1780, 0x17FF}, {0x3005, 0x3007},
                             {0x3040, 0x30FF}, {0x3400, 0x4DBF},  {0x4E00, 0x9FFF}, {0xF900, 0xFAFF},
                             {0xFF66, 0xFF9F}, {0x20000, 0x3FFFF}};

static bool is_in(const range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count && ranges[i].first <= point; i++)
        if (point <= ranges[i].last) return true;
    return false;
}

static uint32_t decode(const uint8_t *text, size_t length)
{
    if (length == 2) return (text[0] & 0x1Fu) << 6 | (text[1] & 0x3Fu);
    if (length == 3) return (text[0] & 0x0Fu) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
    return (text[0] & 0x07u) << 18 | (text[1] & 0x3Fu) << 12 | (text[2] & 0x3Fu) << 6 | (text[3] & 0x3Fu);
}

vl_char_kind vl_char_at(const uint8_t *text, size_t size, size_t *length)
{
    *length = 1;
    if (text[0] < 0x80) return vl_is_alnum((char)text[0]) || text[0] == '_' ? VL_CHAR_LETTER : VL_CHAR_APART;
    *length = vl_utf8_step((const char *)text, size);
    if (*length == 1) return VL_CHAR_APART;
    uint32_t point = decode(text, *length);
    if (is_in(apart, sizeof apart / sizeof apart[0], point)) return VL_CHAR_APART;
    return is_in(lone, sizeof lone / sizeof lone[0], point) ? VL_CHAR_LONE : VL_CHAR_LETTER;
}

vl_char_kind vl_char_before(const uint8_t *text, size_t at)
{
    size_t length;
    size_t from = at - 1;
    for (unsigned i = 0; i < 3 && from > 0 && (text[from] & 0xC0) == 0x80; i++)
        from--;
    vl_char_kind kind = vl_char_at(text + from, at - from, &length);
    return from + length == at ? kind : VL_CHAR_APART;
}

static uint32_t fold_latin(uint32_t c)
{
    if (c <= 0xDE) return c >= 0xC0 && c != 0xD7 ? c + 32 : c;
    if (c == 0x0178) return 0xFF;
    if (c == 0x017F) return 's';
    if ((c >= 0x0100 && c <= 0x0137 && c != 0x0130 && c != 0x0131) || (c >= 0x014A && c <= 0x0177)) return c | 1;
    if ((c >= 0x0139 && c <= 0x0148) || (c >= 0x0179 && c <= 0x017E)) return c + (c & 1);
    return c;
}

static uint32_t fold_greek(uint32_t c)
{
    if (c == 0x0386) return 0x03AC;
    if (c >= 0x0388 && c <= 0x038A) return c + 37;
    if (c == 0x038C) return 0x03CC;
    if (c == 0x038E || c == 0x038F) return c + 63;
    if (c >= 0x0391 && c <= 0x03AB && c != 0x03A2) return c + 32;
    return c == 0x03C2 ? 0x03C3 : c; /* final sigma */
}

static uint32_t fold_cyrillic(uint32_t c)
{
    if (c <= 0x040F) return c + 80;
    if (c <= 0x042F) return c + 32;
    if (c == 0x04C0) return 0x04CF;
    if (c >= 0x04C1 && c <= 0x04CE) return c + (c & 1);
    bool is_pair = (c >= 0x0460 && c <= 0x0481) || (c >= 0x048A && c <= 0x04BF) || (c >= 0x04D0 && c <= 0x052F);
    return is_pair ? c | 1 : c;
}

static uint32_t fold_point(uint32_t c)
{
    if (c < 0x0180) return fold_latin(c);
    if (c >= 0x0218 && c <= 0x021B) return c | 1; /* Romanian */
    if (c >= 0x0386 && c <= 0x03CE) return fold_greek(c);
    if (c >= 0x0400 && c <= 0x052F) return fold_cyrillic(c);
    if (c == 0x1E9E) return 0xDF;
    if ((c >= 0x1E00 && c <= 0x1E95) || (c >= 0x1EA0 && c <= 0x1EFF)) return c | 1; /* Vietnamese among others */
    if (c == 0x212A) return 'k';
    return c == 0x212B ? 0xE5 : c;
}

size_t vl_fold_case(const uint8_t *text, size_t size, uint8_t *out, size_t capacity)
{
    size_t written = 0;
    for (size_t at = 0; at < size;) {
        char encoded[4];
        size_t step = 1;
        size_t bytes = 1;
        if (text[at] < 0x80) {
            encoded[0] = (char)(text[at] >= 'A' && text[at] <= 'Z' ? text[at] | 0x20 : text[at]);
        } else {
            step = vl_utf8_step((const char *)text + at, size - at);
            encoded[0] = (char)text[at];
            if (step > 1) bytes = vl_utf8_encode(fold_point(decode(text + at, step)), encoded);
        }
        if (bytes > capacity - written) return SIZE_MAX;
        memcpy(out + written, encoded, bytes);
        written += bytes;
        at += step;
    }
    return written;
}

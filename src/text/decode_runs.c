/*
 * Base64 (RFC 4648 sections 4 and 5, lines as in RFC 2045) and hexadecimal digits. ASCII in base64 is letters and digits almost
 * alone ('+' and '/' need a '>', '~', '?'), so runs are found by 16 of these in a row. Most such runs are names, digests and
 * paths: whether the decoded bytes are text decides.
 */
#include "text/decode_runs.h"

#include "text/chars.h"
#include "text/fold.h"

#define NONE_16 -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1

/* Values of the digits of both alphabets; -1: none. */
static const int8_t codes[256] = {
    NONE_16, NONE_16, -1,      -1,      -1,      -1,      -1,      -1,      -1,      -1,     -1, -1, -1, 62, -1, 62,
    -1,      63,      52,      53,      54,      55,      56,      57,      58,      59,     60, 61, -1, -1, -1, -1,
    -1,      -1,      -1,      0,       1,       2,       3,       4,       5,       6,      7,  8,  9,  10, 11, 12,
    13,      14,      15,      16,      17,      18,      19,      20,      21,      22,     23, 24, 25, -1, -1, -1,
    -1,      63,      -1,      26,      27,      28,      29,      30,      31,      32,     33, 34, 35, 36, 37, 38,
    39,      40,      41,      42,      43,      44,      45,      46,      47,      48,     49, 50, 51, -1, -1, -1,
    -1,      -1,      NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16, NONE_16};

static inline int code_of(uint8_t c)
{
    return codes[c];
}

bool vl_is_base64(uint8_t c)
{
    return code_of(c) >= 0;
}

static bool is_code(const uint8_t *text, size_t size, size_t p)
{
    return p < size && code_of(text[p]) >= 0;
}

static unsigned break_at(const uint8_t *text, size_t size, size_t p)
{
    if (p < size && text[p] == '\n') return 1;
    return p + 1 < size && text[p] == '\r' && text[p + 1] == '\n' ? 2 : 0;
}

/* Start of the line of digits that ends before p, not before `low`. */
static size_t line_start(const uint8_t *text, size_t size, size_t p, size_t low)
{
    while (p > low && is_code(text, size, p - 1))
        p--;
    return p;
}

/* The run's first byte, or one at `low` when that was reached. */
static size_t run_start(const uint8_t *text, size_t size, size_t p, size_t low)
{
    size_t start = line_start(text, size, p, low);
    while (start > low + 1 && text[start - 1] == '\n') {
        size_t end = start - 1;
        if (end > low && text[end - 1] == '\r') end--;
        size_t line = line_start(text, size, end, low);
        if (end - line < VL_RUN_LINE || ((end - line) % 4 != 0 && line > low)) break;
        start = line;
    }
    return start;
}

/* The line at p is of the run: digits, padding, and nothing that makes them a name ("NEXT=", "next:"). */
static bool is_line(const uint8_t *text, size_t size, size_t p, size_t limit)
{
    size_t end = p;
    while (end < limit && is_code(text, size, end))
        end++;
    bool is_padded = end < size && text[end] == '=';
    for (unsigned i = 0; i < 2 && end < size && text[end] == '='; i++)
        end++;
    if (end >= size) return true;
    return text[end] != ':' && !(is_padded && text[end] > ' ' && (is_code(text, size, end) || text[end] == '='));
}

void vl_run_find(const uint8_t *text, size_t size, size_t p, vl_run_text *run)
{
    size_t low = p > VL_RUN_BACK ? p - VL_RUN_BACK : 0;
    size_t start = run_start(text, size, p, low);
    size_t line = start;
    size_t end = start;
    size_t limit = size - start < VL_RUN_MAX ? size : start + VL_RUN_MAX;
    while (end < limit) {
        while (end < limit && is_code(text, size, end))
            end++;
        unsigned gap = break_at(text, size, end);
        bool goes_on = gap > 0 && end - line >= VL_RUN_LINE && (end - line) % 4 == 0 && is_code(text, size, end + gap);
        if (!goes_on || !is_line(text, size, end + gap, limit)) break;
        end += gap;
        line = end;
    }
    if (end > limit) end = limit;
    bool is_cut = end == limit && is_code(text, size, end);
    for (unsigned i = 0; i < 2 && end < size && text[end] == '='; i++)
        end++;
    run->start = start;
    run->end = end;
    run->is_whole = !is_cut && (start > low || low == 0);
}

size_t vl_base64_decode(const uint8_t *text, size_t from, size_t end, uint8_t *out, uint16_t *origin, size_t capacity)
{
    size_t count = 0;
    uint32_t bits = 0;
    unsigned held = 0; /* digits of the group of four */
    size_t group = from;
    for (size_t p = from; p < end && count + 3 <= capacity; p++) {
        int code = code_of(text[p]);
        if (code < 0 && (text[p] == '\n' || text[p] == '\r')) continue;
        if (code < 0) break;
        if (held == 0) group = p;
        bits = bits << 6 | (uint32_t)code;
        if (++held < 4) continue;
        for (unsigned i = 0; i < 3; i++) {
            origin[count] = (uint16_t)(group - from);
            out[count++] = (uint8_t)(bits >> (16 - 8 * i));
        }
        held = 0;
    }
    for (unsigned i = 0; held >= 2 && i < held - 1 && count < capacity; i++) {
        origin[count] = (uint16_t)(group - from);
        out[count++] = (uint8_t)(bits >> (6 * held - 8 * (i + 1)));
    }
    return count;
}

size_t vl_hex_decode(const uint8_t *text, size_t from, size_t end, uint8_t *out, uint16_t *origin, size_t capacity)
{
    size_t count = 0;
    for (size_t p = from; p + 2 <= end && count < capacity;) {
        int high = vl_hex_value((char)text[p]);
        int low = vl_hex_value((char)text[p + 1]);
        if (high < 0 || low < 0) break;
        origin[count] = (uint16_t)(p - from);
        out[count++] = (uint8_t)(high * 16 + low);
        p += 2;
    }
    return count;
}

size_t vl_text_stretch(const uint8_t *bytes, size_t n)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < n;) {
        uint8_t c = bytes[i];
        uint32_t code_point;
        bool is_ascii = (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
        unsigned length = is_ascii ? 1 : c >= 0xC2 ? vl_fold_decode(bytes + i, n - i, &code_point) : 0;
        run = length == 0 ? 0 : run + length;
        if (run > longest) longest = run;
        i += length == 0 ? 1 : length;
    }
    return longest;
}

/* Bytes that text in UTF-8 has: printable ones, white space, and all from 0x80 to 0xF4 but 0xC0 and 0xC1. */
static inline unsigned may_be_text(uint8_t c)
{
    static const uint64_t bits[4] = {~0ull << ' ' | 1ull << '\n' | 1ull << '\r' | 1ull << '\t', ~0ull >> 1, ~0ull,
                                     ~(3ull | 0x7FFull << 53)};
    return (unsigned)(bits[c / 64] >> (c % 64)) & 1u;
}

/* What three bytes are to UTF-8 and to the control characters; never false for a piece of text. No branch: this is asked of what
 * is random. */
static inline bool may_be_three(uint32_t bits)
{
    uint8_t a = (uint8_t)(bits >> 16);
    uint8_t b = (uint8_t)(bits >> 8);
    uint8_t c = (uint8_t)bits;
    unsigned is_ascii = (bits & 0x808080) == 0;
    unsigned b_goes_on = (b & 0xC0) == 0x80;
    unsigned c_goes_on = (c & 0xC0) == 0x80;
    unsigned joins_c = (c_goes_on & (unsigned)(b >= 0x80)) | (~c_goes_on & (unsigned)(b < 0xC2));
    unsigned joins_b = (b_goes_on & (unsigned)(a >= 0x80)) | (~b_goes_on & (unsigned)(a < 0xC2) & joins_c);
    return (may_be_text(a) & may_be_text(b) & may_be_text(c) & (is_ascii | joins_b)) != 0;
}

static inline bool begins_text(uint32_t bits)
{
    uint8_t first = (uint8_t)(bits >> 16);
    return may_be_three(bits) && (first < 0x80 || first >= 0xC2);
}

/* The three bytes of four digits; more than 24 bits when one is none. */
static inline uint32_t three_of(const uint8_t *digits)
{
    int a = code_of(digits[0]);
    int b = code_of(digits[1]);
    int c = code_of(digits[2]);
    int d = code_of(digits[3]);
    return (a | b | c | d) < 0 ? UINT32_MAX : (uint32_t)(a << 18 | b << 12 | c << 6 | d);
}

bool vl_base64_may_begin(const uint8_t *text, size_t from, size_t end)
{
    if (end - from < 8) return false;
    uint32_t first = three_of(text + from);
    if (first == UINT32_MAX || !begins_text(first)) return false;
    uint32_t second = three_of(text + from + 4); /* six bytes of nine in a row hold these */
    return second == UINT32_MAX || may_be_three(second);
}

bool vl_base64_may_hold(const uint8_t *text, size_t from, size_t end)
{
    unsigned groups = 0;
    for (size_t p = from; p + 4 <= end; p += 4) {
        uint32_t bits = three_of(text + p);
        if (bits == UINT32_MAX) return true; /* lines */
        groups = may_be_three(bits) ? groups + 1 : 0;
        if (groups == (VL_TEXT_LEAST - 2) / 3) return true;
    }
    return false;
}

bool vl_hex_may_begin(const uint8_t *text, size_t from, size_t end)
{
    uint32_t bits = 0;
    if (end - from < 6) return false;
    for (size_t p = from; p < from + 6; p++) {
        int digit = vl_hex_value((char)text[p]);
        if (digit < 0) return false;
        bits = bits << 4 | (uint32_t)digit;
    }
    return begins_text(bits);
}

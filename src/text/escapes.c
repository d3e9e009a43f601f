/*
 * Escapes of JSON (RFC 8259 section 7) in texts that are read as they are: in "x\\n10.0.0.1" the n is no letter of a word. After
 * an odd number of backslashes, one of n r t b f, or u and four hexadecimal digits, separates; no finding includes it. So does
 * "\\x22" of C, JavaScript and the logs of nginx, unless it is a letter or digit. The
 * bitmaps lose these bytes, which costs one search for a backslash a window; matchers that read bytes ask here.
 *
 * Percent escapes (RFC 3986 section 2.1) of what is no letter or digit separate in the same way: "%20jane@example.com". So do the
 * colours of terminals (ECMA-48 section 5.4: ESC, "[", parameters, a letter), which logs of builds are full of, with ESC as a byte
 * or written as \u001b, \x1b, \033, \e. Parameters of four digits and more could hide a number and make none.
 */
#include <string.h>

#include "text/scan.h"

#define UNICODE_BYTES 5u  /* "u003c" */
#define BYTE_BYTES    3u  /* "x22" */
#define TRACK_DIGITS  12u /* of the shortest card */
#define SLASHES_MAX   64u /* looked at for whether their number is odd; more are as good as none */

#define ESC            0x1B
#define CONTROL_BYTES  24u /* of parameters: "38;2;255;255;255" has 16 */
#define CONTROL_DIGITS 3u

/* The backslash before p is not escaped itself. */
static bool is_escaped(const vl_scan *scan, size_t p)
{
    size_t slashes = 0;
    while (slashes < p && slashes < SLASHES_MAX && scan->text[p - 1 - slashes] == '\\')
        slashes++;
    return slashes % 2 == 1;
}

static bool is_unicode(const vl_scan *scan, size_t p)
{
    if (vl_byte(scan, p) != 'u') return false;
    for (size_t i = 1; i < UNICODE_BYTES; i++)
        if (vl_hex_value((char)vl_byte(scan, p + i)) < 0) return false;
    return true;
}

/* The byte that two hexadecimal digits stand for, the second of them at p; 0 for letters and digits, and for no such digits. */
static uint8_t separator_at(const vl_scan *scan, size_t p)
{
    int high = vl_hex_value((char)scan->text[p - 1]);
    int low = vl_hex_value((char)vl_byte(scan, p));
    if (high < 0 || low < 0) return 0;
    uint8_t value = (uint8_t)(high * 16 + low);
    return vl_is_alnum((char)value) ? 0 : value;
}

unsigned vl_escape_length(const vl_scan *scan, size_t p)
{
    if (p == 0 || scan->text[p - 1] != '\\') return 0;
    uint8_t c = vl_byte(scan, p);
    bool is_letter = c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f';
    bool is_byte = c == 'x' && p + 2 < scan->size && separator_at(scan, p + 2) != 0;
    if ((!is_letter && !is_byte && !is_unicode(scan, p)) || !is_escaped(scan, p)) return 0;
    return is_letter ? 1 : is_byte ? BYTE_BYTES : UNICODE_BYTES;
}

/* "%B4012888888881881" is no escape but track 1 of a card. */
static bool is_track(const vl_scan *scan, size_t p)
{
    if ((scan->text[p - 1] | 0x20) != 'b') return false;
    for (size_t i = p; i < p + TRACK_DIGITS; i++)
        if (!vl_digit_at(scan, i)) return false;
    return true;
}

uint8_t vl_percent_at(const vl_scan *scan, size_t p)
{
    if (p < 2 || p >= scan->size) return 0;
    if (scan->text[p - 2] == '%') return is_track(scan, p) ? 0 : separator_at(scan, p);
    bool is_byte = scan->text[p - 2] == 'x' && vl_escape_length(scan, p - 2) == BYTE_BYTES;
    return is_byte ? separator_at(scan, p) : 0;
}

/* The letter at p ends a control sequence; its bytes from the first parameter on, or 0. */
static unsigned control_length(const vl_scan *scan, size_t p)
{
    static const char *const written[] = {"\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\e"};
    unsigned length = 1;
    unsigned digits = 0;
    if (p < 2 || !vl_is_alpha((char)vl_byte(scan, p))) return 0;
    for (; length <= CONTROL_BYTES && length < p; length++) {
        uint8_t c = scan->text[p - length];
        if (c != ';' && !vl_is_digit((char)c)) break;
        digits = c == ';' ? 0 : digits + 1;
        if (digits > CONTROL_DIGITS) return 0;
    }
    size_t bracket = p - length;
    if (scan->text[bracket] != '[' || bracket == 0) return 0;
    if (scan->text[bracket - 1] == ESC) return length;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        size_t size = strlen(written[i]);
        if (bracket >= size && memcmp(scan->text + bracket - size, written[i], size) == 0) return length;
    }
    return 0;
}

bool vl_ends_control(const vl_scan *scan, size_t p)
{
    return control_length(scan, p) != 0;
}

size_t vl_behind_escape(const vl_scan *scan, size_t p)
{
    return p + vl_escape_length(scan, p);
}

bool vl_ends_escape(const vl_scan *scan, size_t p)
{
    if (p > 0 && scan->text[p - 1] == '\\') return vl_escape_length(scan, p) == 1;
    if (vl_percent_at(scan, p) != 0 || vl_ends_control(scan, p)) return true;
    return p >= UNICODE_BYTES && scan->text[p - UNICODE_BYTES] == '\\' &&
           vl_escape_length(scan, p + 1 - UNICODE_BYTES) == UNICODE_BYTES;
}

static void clear(vl_class_block *blocks, size_t i)
{
    blocks[i / 64].alpha &= ~(1ull << i % 64);
    blocks[i / 64].digit &= ~(1ull << i % 64);
}

static void clear_percents(const vl_scan *scan, vl_class_block *blocks, size_t size)
{
    const uint8_t *text = scan->text + scan->base;
    const uint8_t *end = text + size;
    for (const uint8_t *at = text; (at = memchr(at, '%', (size_t)(end - at))) != NULL; at++) {
        size_t i = (size_t)(at - text);
        if (vl_percent_at(scan, scan->base + i + 2) == 0) continue;
        if (i + 1 < size) clear(blocks, i + 1);
        if (i + 2 < size) clear(blocks, i + 2);
    }
}

/* The parameters and the letter of the sequence whose "[" is at i. */
static void clear_control(const vl_scan *scan, vl_class_block *blocks, size_t i, size_t size)
{
    const uint8_t *text = scan->text + scan->base;
    if (i >= size || text[i] != '[') return;
    size_t end = i + 1;
    while (end < size && end - i <= CONTROL_BYTES && (vl_is_digit((char)text[end]) || text[end] == ';'))
        end++;
    if (end == size || control_length(scan, scan->base + end) != end - i) return;
    for (size_t at = i + 1; at <= end; at++)
        clear(blocks, at);
}

static void clear_controls(const vl_scan *scan, vl_class_block *blocks, size_t size)
{
    const uint8_t *text = scan->text + scan->base;
    const uint8_t *end = text + size;
    for (const uint8_t *at = text; (at = memchr(at, ESC, (size_t)(end - at))) != NULL; at++)
        clear_control(scan, blocks, (size_t)(at - text) + 1, size);
}

void vl_escapes_clear(const vl_scan *scan, vl_class_block *blocks, size_t size)
{
    const uint8_t *text = scan->text + scan->base;
    const uint8_t *end = text + size;
    for (const uint8_t *at = text; (at = memchr(at, '\\', (size_t)(end - at))) != NULL; at++) {
        size_t from = (size_t)(at - text) + 1;
        unsigned length = vl_escape_length(scan, scan->base + from);
        for (size_t i = from; i < from + length && i < size; i++)
            clear(blocks, i);
        size_t sign = from + (length == UNICODE_BYTES ? UNICODE_BYTES : from < size && text[from] == 'e' ? 1 : 3);
        clear_control(scan, blocks, sign, size);
    }
    clear_controls(scan, blocks, size);
    clear_percents(scan, blocks, size);
}

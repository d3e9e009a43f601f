/* Lexical scans of the JSON parser: strings, literals, numbers, escapes. Grammar: RFC 8259 sections 6 and 7. */
#include "core/json_scan.h"

#include <string.h>

#include "core/kernels.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The code unit of "\uXXXX" at text[0], UINT32_MAX when it is not one. */
static uint32_t unicode_escape(const char *text, size_t n)
{
    if (n < 6 || text[0] != '\\' || text[1] != 'u') return UINT32_MAX;
    uint32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) return UINT32_MAX;
        unit = unit << 4 | (uint32_t)digit;
    }
    return unit;
}

uint32_t vl_json_escape(const char *text, size_t n, size_t *length)
{
    *length = 2;
    if (n < 2) return UINT32_MAX;
    switch (text[1]) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '/':
        return '/';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        break;
    }
    uint32_t unit = unicode_escape(text, n);
    *length = 6;
    if (unit < 0xD800 || unit > 0xDFFF) return unit; /* UINT32_MAX passes through */
    if (unit > 0xDBFF) return UINT32_MAX;            /* a low surrogate comes second or not at all */
    uint32_t low = unicode_escape(text + 6, n - 6);
    if (low < 0xDC00 || low > 0xDFFF) return UINT32_MAX;
    *length = 12;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

size_t vl_json_scan_string(const char *text, size_t n, bool *has_escapes)
{
    bool has_high = false;
    size_t i = 0;
    *has_escapes = false;
    while (i < n && text[i] != '"') {
        unsigned char c = (unsigned char)text[i];
        size_t length = 1;
        if (c < 0x20) return SIZE_MAX;
        if (c == '\\') {
            if (vl_json_escape(text + i, n - i, &length) == UINT32_MAX) return SIZE_MAX;
            *has_escapes = true;
        }
        has_high |= c >= 0x80;
        i += length;
    }
    if (i >= n) return SIZE_MAX;
    if (has_high && vl_kernels_plain.utf8_valid_prefix((const uint8_t *)text, i) != i) return SIZE_MAX;
    return i;
}

size_t vl_json_scan_literal(const char *text, size_t n, vl_json_type *type)
{
    static const struct {
        const char *name;
        size_t length;
        vl_json_type type;
    } literals[] = {{"true", 4, VL_JSON_TRUE}, {"false", 5, VL_JSON_FALSE}, {"null", 4, VL_JSON_NULL}};
    for (size_t i = 0; i < 3; i++) {
        if (n < literals[i].length || memcmp(text, literals[i].name, literals[i].length) != 0) continue;
        *type = literals[i].type;
        return literals[i].length;
    }
    return 0;
}

static size_t digits(const char *text, size_t n, size_t i)
{
    size_t start = i;
    while (i < n && text[i] >= '0' && text[i] <= '9')
        i++;
    return i - start;
}

/* -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
size_t vl_json_scan_number(const char *text, size_t n)
{
    size_t i = n > 0 && text[0] == '-';
    size_t whole = digits(text, n, i);
    if (whole == 0 || (whole > 1 && text[i] == '0')) return 0;
    i += whole;
    if (i < n && text[i] == '.') {
        size_t fraction = digits(text, n, i + 1);
        if (fraction == 0) return 0;
        i += 1 + fraction;
    }
    if (i < n && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < n && (text[i] == '+' || text[i] == '-')) i++;
        size_t exponent = digits(text, n, i);
        if (exponent == 0) return 0;
        i += exponent;
    }
    return i;
}

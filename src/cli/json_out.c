/* JSON writing: see json_out.h. Output is always valid UTF-8 and one line (RFC 8259; control characters are escaped). */
#include "cli/json_out.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the valid UTF-8 sequence at p (RFC 3629), or 0. */
static size_t sequence(const unsigned char *p, size_t left)
{
    size_t need = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (need == 0 || need > left) return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if (need == 3 && (p[0] == 0xE0 ? p[1] < 0xA0 : p[0] == 0xED && p[1] > 0x9F)) return 0;
    if (need == 4 && (p[0] == 0xF0 ? p[1] < 0x90 : p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return need;
}

static bool is_surrogate(const unsigned char *p, size_t left)
{
    return left >= 3 && p[0] == 0xED && p[1] >= 0xA0 && p[1] <= 0xBF && (p[2] & 0xC0) == 0x80;
}

/* One unit that needs an escape; returns the bytes it took. */
static size_t escape(cli_buf *out, const unsigned char *p, size_t left)
{
    static const char named[] = "\b\t\n\f\r\"\\", letter[] = "btnfr\"\\";
    const char *hit = p[0] ? strchr(named, p[0]) : NULL;
    if (hit) {
        vl_cli_buf_char(out, '\\');
        vl_cli_buf_char(out, letter[hit - named]);
        return 1;
    }
    if (p[0] < 0x20) return vl_cli_buf_fmt(out, "\\u%04x", p[0]), 1;
    if (is_surrogate(p, left)) return vl_cli_buf_fmt(out, "\\u%04x", 0xD000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)), 3;
    return vl_cli_buf_str(out, "\\ufffd"), 1;
}

void vl_cli_json_escaped(cli_buf *out, const char *bytes, size_t size)
{
    const unsigned char *p = (const unsigned char *)bytes;
    size_t start = 0, at = 0;
    if (size == 0) return; /* bytes may be NULL then */
    while (at < size) {
        bool plain = p[at] >= 0x20 && p[at] < 0x80 && p[at] != '"' && p[at] != '\\';
        size_t step = plain ? 1 : p[at] >= 0x80 ? sequence(p + at, size - at) : 0;
        if (step) {
            at += step;
            continue;
        }
        vl_cli_buf_add(out, bytes + start, at - start);
        at += escape(out, p + at, size - at);
        start = at;
    }
    vl_cli_buf_add(out, bytes + start, size - start);
}

void vl_cli_json_string(cli_buf *out, const char *bytes, size_t size)
{
    vl_cli_buf_char(out, '"');
    vl_cli_json_escaped(out, bytes, size);
    vl_cli_buf_char(out, '"');
}

void vl_cli_json_text(cli_buf *out, const char *text)
{
    vl_cli_json_string(out, text, strlen(text));
}

void vl_cli_json_number(cli_buf *out, double value, int decimals)
{
    char digits[64];
    int size = snprintf(digits, sizeof digits, "%.*f", decimals, value);
    if (size < 0 || (size_t)size >= sizeof digits) size = snprintf(digits, sizeof digits, "0.0");
    while (size > 2 && digits[size - 1] == '0' && digits[size - 2] != '.')
        size--;
    vl_cli_buf_add(out, digits, (size_t)size);
}

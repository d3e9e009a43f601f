/*
 * Armour (RFC 7468, RFC 4880 section 6.2) whose end line is far away or missing: lines of base64, before them headers and a
 * blank line. Keys are pasted into JSON, source code and quoted mail too, so line ends may be written as escapes, and quotes,
 * continuation signs and indents may stand around each line. One walk, linear in the key's length.
 */
#include "text/armour.h"

#include <string.h>

#define LONG_WORD    16u  /* no word of prose; lines of armour have 64 or 76 characters */
#define HEADER_NAME  32u  /* "DEK-Info", "Comment" */
#define HEADER_BYTES 256u /* of a header's line */

/* Bytes of one base64 character at p, 0 when there is none. JSON may write / + = as escapes. */
static size_t base64_at(const vl_scan *scan, size_t p, size_t limit)
{
    uint8_t c = vl_byte(scan, p);
    if (p >= limit) return 0;
    if (vl_is_alnum((char)c) || c == '+' || c == '/' || c == '=') return 1;
    if (c != '\\' || limit - p < 2) return 0;
    if (vl_byte(scan, p + 1) == '/') return 2;
    if (limit - p < 6 || memcmp(scan->text + p + 1, "u00", 3) != 0) return 0;
    uint8_t code = vl_byte(scan, p + 5) | 0x20;
    if (vl_byte(scan, p + 4) == '2') return code == 'b' || code == 'f' ? 6 : 0;
    return vl_byte(scan, p + 4) == '3' && code == 'd' ? 6 : 0;
}

static size_t base64_end(const vl_scan *scan, size_t p, size_t limit)
{
    for (size_t n; (n = base64_at(scan, p, limit)) != 0;)
        p += n;
    return p;
}

/* Bytes of a line's end at p: LF, CR, CRLF, or the same as escapes; 0: none. */
static size_t line_end_at(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    if (c == '\n') return 1;
    if (c == '\r') return vl_byte(scan, p + 1) == '\n' ? 2 : 1;
    if (c != '\\') return 0;
    c = vl_byte(scan, p + 1);
    if (c == 'n') return 2;
    if (c != 'r') return 0;
    return vl_byte(scan, p + 2) == '\\' && vl_byte(scan, p + 3) == 'n' ? 4 : 2;
}

/* Signs around a line. */
static size_t skip_signs(const vl_scan *scan, size_t p, size_t limit)
{
    for (; p < limit; p++) {
        uint8_t c = scan->text[p];
        if (c == 0 || strchr(" \t\"'+,;>|#*\\", c) == NULL) return p;
        if (c == '+' && base64_at(scan, p + 1, limit) != 0) return p;
        if (line_end_at(scan, p) != 0 || base64_at(scan, p, limit) > 1) return p;
    }
    return p;
}

/* "Name: value"; returns the line's end, or p. */
static size_t header_end(const vl_scan *scan, size_t p, size_t limit)
{
    size_t at = p;
    while (at < limit && at - p < HEADER_NAME && (vl_is_alnum((char)scan->text[at]) || scan->text[at] == '-'))
        at++;
    if (at == p || at + 1 >= limit || scan->text[at] != ':' || scan->text[at + 1] != ' ') return p;
    while (at < limit && at - p < HEADER_BYTES && line_end_at(scan, at) == 0 && scan->text[at] != '"')
        at++;
    return at;
}

/* A short word ends a body; one with another word behind it is a sentence. */
static bool is_last_word(const vl_scan *scan, size_t end, size_t limit)
{
    size_t next = end;
    while (next < limit && (scan->text[next] == ' ' || scan->text[next] == '\t'))
        next++;
    return next == end || next == limit || !vl_is_word(scan->text[next]);
}

/* A checksum or the rest of a body in a line of its own words: "Zm9v== =aB3d". */
static bool is_rest(const vl_scan *scan, size_t p, size_t end)
{
    for (; p < end; p++)
        if (!vl_is_alpha((char)scan->text[p])) return true;
    return false;
}

/* Key material of the line at *p; moves *p to the line's end. Returns where the material ends, or 0 when there is none. */
static size_t body_line(const vl_scan *scan, size_t *p, size_t limit, bool takes_short)
{
    size_t end = 0;
    for (size_t at = skip_signs(scan, *p, limit);; at = skip_signs(scan, end, limit)) {
        size_t word = base64_end(scan, at, limit);
        if (word == at) {
            *p = at;
            return end;
        }
        bool is_more = end != 0 && is_rest(scan, at, word);
        bool is_taken = word - at >= LONG_WORD || is_more || (end == 0 && takes_short);
        if (!is_taken || (word - at < LONG_WORD && !is_last_word(scan, word, limit))) {
            *p = at;
            return end;
        }
        end = word;
    }
}

size_t vl_armour_end(const vl_scan *scan, size_t at, size_t limit)
{
    size_t end = at;
    bool has_body = false;
    bool takes_short = true; /* a blank line behind the body ends it, unless long lines follow */
    for (size_t p = at; p < limit;) {
        size_t from = p;
        size_t line = skip_signs(scan, p, limit);
        size_t header = has_body ? line : header_end(scan, line, limit);
        size_t body = header > line ? 0 : body_line(scan, &p, limit, takes_short);
        if (header > line) end = p = header;
        if (body != 0) end = body;
        has_body |= body != 0;
        bool is_blank = p == from || scan->text[p - 1] == ' ' || scan->text[p - 1] == '\t';
        takes_short = body != 0 || !has_body || (takes_short && !is_blank);
        size_t line_end = line_end_at(scan, p);
        if (line_end == 0) return end;
        p += line_end;
    }
    return end;
}

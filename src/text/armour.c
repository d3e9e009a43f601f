/*
 * Armour (RFC 7468, RFC 4880 section 6.2) whose end line is far away or missing: lines of base64, before them headers and a
 * blank line. Keys are pasted into JSON, source code and quoted mail too, so line ends may be written as escapes, and quotes,
 * continuation signs and indents may stand around each line. One walk, linear in the key's length. Each of its steps looks at less
 * than AHEAD bytes, and it stops before a step that might see the end of a text that may grow.
 */
#include <string.h>

#include "text/scan.h"

#define LONG_WORD    16u   /* no word of prose; lines of armour have 64 or 76 characters */
#define HEADER_NAME  32u   /* "DEK-Info", "Comment" */
#define HEADER_BYTES 256u  /* of a header's line */
#define SPACES_MAX   64u   /* looked at behind a word */
#define GAP_MAX      1024u /* between the material and what may go on with it */
#define AHEAD        512u

enum { LINE_START, LINE_SIGNS, LINE_WORD, LINE_LONG_WORD, LINE_END };

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
        if (c == '+' && base64_at(scan, p + 1, scan->size) != 0) return p;
        if (line_end_at(scan, p) != 0 || base64_at(scan, p, scan->size) > 1) return p;
    }
    return p;
}

static bool is_begin_line(const vl_scan *scan, size_t p)
{
    return scan->size - p >= 10 && memcmp(scan->text + p, "-----BEGIN", 10) == 0;
}

/* "Name: value"; returns the line's end, or p. */
static size_t header_end(const vl_scan *scan, size_t p)
{
    size_t limit = scan->size;
    size_t at = p;
    while (at < limit && at - p < HEADER_NAME && (vl_is_alnum((char)scan->text[at]) || scan->text[at] == '-'))
        at++;
    if (at == p || at + 1 >= limit || scan->text[at] != ':' || scan->text[at + 1] != ' ') return p;
    while (at < limit && at - p < HEADER_BYTES && line_end_at(scan, at) == 0 && scan->text[at] != '"' &&
           !is_begin_line(scan, at))
        at++;
    return at;
}

/* A short word ends a body; one with another word behind it is a sentence. */
static bool is_last_word(const vl_scan *scan, size_t end)
{
    size_t next = end;
    while (next - end < SPACES_MAX && (vl_byte(scan, next) == ' ' || vl_byte(scan, next) == '\t'))
        next++;
    return next == end || !vl_is_word(vl_byte(scan, next));
}

/* A checksum or the rest of a body in a line of its own words: "Zm9v== =aB3d". */
static bool is_rest(const vl_scan *scan, size_t p, size_t end)
{
    for (; p < end; p++)
        if (!vl_is_alpha((char)scan->text[p])) return true;
    return false;
}

/* The bytes before the first that is no sign are passed: a header, or the words of a body. */
static void start_line(vl_armour *a, const vl_scan *scan)
{
    size_t header = a->has_body ? a->at : header_end(scan, a->at);
    a->phase = LINE_WORD;
    if (header == a->at) return;
    a->at = header;
    a->end = header;
    a->phase = LINE_END;
}

/* A word of key material: a long one, the first short one of a line behind long lines, or a rest. */
static void read_word(vl_armour *a, const vl_scan *scan)
{
    size_t word = a->at;
    for (size_t n = 1; n != 0 && word - a->at < LONG_WORD; word += n)
        n = base64_at(scan, word, scan->size);
    a->phase = LINE_END;
    if (word - a->at >= LONG_WORD) {
        a->phase = LINE_LONG_WORD;
    } else {
        bool is_taken = a->line_has_body ? is_rest(scan, a->at, word) : a->takes_short;
        if (word == a->at || !is_taken || !is_last_word(scan, word)) return;
        a->phase = LINE_SIGNS;
    }
    a->at = word;
    a->end = word;
    a->line_has_body = true;
}

/* A blank line behind the body ends it, unless long lines follow. False: there is no next line. */
static bool end_line(vl_armour *a, const vl_scan *scan)
{
    uint8_t last = a->at > a->line ? scan->text[a->at - 1] : ' ';
    bool is_blank = last == ' ' || last == '\t';
    size_t line_end = line_end_at(scan, a->at);
    a->has_body |= a->line_has_body;
    a->takes_short = a->line_has_body || !a->has_body || (a->takes_short && !is_blank);
    a->line_has_body = false;
    a->at += line_end;
    a->line = a->at;
    a->phase = LINE_START;
    return line_end != 0;
}

void vl_armour_begin(vl_armour *armour, size_t at)
{
    *armour = (vl_armour){.at = at, .end = at, .line = at, .phase = LINE_START, .takes_short = true};
}

/* One step of at most AHEAD bytes, or through a run of one kind of bytes up to `stop`. False: the walk is over. */
static bool step(vl_armour *a, const vl_scan *scan, size_t stop)
{
    switch (a->phase) {
    case LINE_START:
    case LINE_SIGNS:
        a->at = skip_signs(scan, a->at, stop);
        if (a->at == stop && scan->may_grow) return true;
        if (a->phase == LINE_START)
            start_line(a, scan);
        else
            a->phase = LINE_WORD;
        return true;
    case LINE_WORD:
        read_word(a, scan);
        return true;
    case LINE_LONG_WORD:
        for (size_t n = 1; n != 0 && a->at < stop; a->at += n)
            n = base64_at(scan, a->at, scan->size);
        a->end = a->at;
        if (a->at < stop || !scan->may_grow) a->phase = LINE_SIGNS;
        return true;
    default:
        return end_line(a, scan);
    }
}

bool vl_armour_walk(vl_armour *armour, const vl_scan *scan)
{
    size_t stop = scan->size;
    if (scan->may_grow) stop = scan->size > AHEAD ? scan->size - AHEAD : 0;
    while (!armour->is_over && (armour->at < stop || !scan->may_grow))
        armour->is_over = armour->at - armour->end > GAP_MAX || !step(armour, scan, stop);
    return armour->is_over;
}

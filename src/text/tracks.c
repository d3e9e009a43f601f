/*
 * Tracks of a card's magnetic stripe (ISO/IEC 7813): "%B", number, "^", name, "^", expiry, service code, discretionary data, "?";
 * ";", number, "=" (or D, as chips give it), expiry, service code, discretionary data, "?". The pattern finds the number and what
 * follows it; from there to the end sentinel all is the holder's.
 */
#include "text/scan.h"

#define NAME_MAX 26u /* of the name, padding included */
#define DATA_MAX 64u /* expiry to discretionary data; less than VL_LOOK_BACK with all before it */

static bool is_data(uint8_t c)
{
    return c >= ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '?';
}

/* "\\/" of JSON stands between the parts of a name. */
static bool is_name(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    return c >= 0x80 || (is_data(c) && c != '^') || (c == '\\' && vl_byte(scan, p + 1) == '/');
}

/* The sentinel if it comes, else the end of the digits, signs and letters. */
static size_t data_end(const vl_scan *scan, size_t p)
{
    size_t end = p;
    size_t sentinel = p;
    while (vl_is_alnum((char)vl_byte(scan, end)) && end - p < DATA_MAX)
        end++;
    while (is_data(vl_byte(scan, sentinel)) && sentinel - p < DATA_MAX)
        sentinel++;
    return vl_byte(scan, sentinel) == '?' ? sentinel : end;
}

/* A track that was cut short behind "ROE/JANE". */
static size_t name_end(const vl_scan *scan, size_t p)
{
    size_t end = p;
    bool has_slash = false;
    if (!vl_alpha_at(scan, p)) return p;
    while (is_name(scan, end) && vl_byte(scan, end) != ' ' && end - p < NAME_MAX) {
        has_slash |= scan->text[end] == '/';
        end++;
    }
    return has_slash ? end : p;
}

size_t vl_track_end(const vl_scan *scan, size_t start, size_t end)
{
    if (vl_digit_at(scan, start)) return data_end(scan, end);
    size_t p = end;
    while (is_name(scan, p) && p - end <= NAME_MAX)
        p++;
    return vl_byte(scan, p) == '^' ? data_end(scan, p + 1) : name_end(scan, end);
}

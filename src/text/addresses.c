/* Addresses of machines: IPv4, IPv6 and hardware addresses. */
#include "text/scan.h"

#define IPV6_REACH 48u /* eight groups of four, or six and an IPv4 tail, with their colons: 45 bytes */
#define ZONE_MAX   16u

static bool is_hex(uint8_t c)
{
    return vl_hex_value((char)c) >= 0;
}

/* Behind "/nn": the prefix length counts to the address when it is one. */
static size_t prefix_end(const vl_scan *scan, size_t p, unsigned max)
{
    if (vl_byte(scan, p) != '/' || !vl_digit_at(scan, p + 1)) return p;
    unsigned value = 0;
    size_t at = p + 1;
    size_t digits = max == 32 ? 2 : 3;
    for (; at <= p + digits && vl_digit_at(scan, at); at++)
        value = value * 10 + (unsigned)(scan->text[at] - '0');
    bool is_end = !vl_word_at(scan, at) && !(vl_byte(scan, at) == '.' && vl_digit_at(scan, at + 1));
    return value <= max && is_end ? at : p;
}

/* A number above 255 in the three bytes at p, of which `run` are digits. No branch: logs are full of addresses whose numbers
 * have any length. */
static unsigned is_too_large(const vl_scan *scan, size_t p, unsigned run)
{
    unsigned value = vl_byte(scan, p) * 100u + vl_byte(scan, p + 1) * 10u + vl_byte(scan, p + 2) - '0' * 111u;
    return (unsigned)(run == 3) & (unsigned)(value > 255);
}

bool vl_match_ipv4(vl_scan *scan, size_t p)
{
    if (p >= 2 && scan->text[p - 1] == '.' && vl_is_digit((char)scan->text[p - 2])) return false;
    uint64_t digits = vl_view_digit(scan, p);
    size_t at = p;
    unsigned is_bad = 0;
    for (unsigned i = 0;; i++) {
        unsigned run = vl_run(digits);
        if (run - 1 > 2) return false; /* none or more than three */
        is_bad |= is_too_large(scan, at, run);
        at += run;
        if (i == 3) break;
        if (vl_byte(scan, at) != '.') return false;
        at++;
        digits >>= run + 1;
    }
    if (is_bad != 0 || vl_word_at(scan, at) || (vl_byte(scan, at) == '.' && vl_digit_at(scan, at + 1))) return false;
    if (!vl_on(scan, VL_ROW_IPV4)) return false;
    vl_emit_checked(scan, VL_ROW_IPV4, p, prefix_end(scan, at, 32), VL_UNKNOWN);
    return true;
}

static bool is_address_byte(uint8_t c)
{
    return is_hex(c) || c == ':' || c == '.';
}

/* "%eth0" */
static size_t zone_end(const vl_scan *scan, size_t p)
{
    if (vl_byte(scan, p) != '%') return p;
    size_t at = p + 1;
    while (at - p <= ZONE_MAX && vl_is_alnum((char)vl_byte(scan, at)))
        at++;
    return at > p + 1 && !vl_word_at(scan, at) ? at : p;
}

/* "node:fe80::1": the letters before the first colon are the end of a word, not a group. */
static size_t drop_label(const vl_scan *scan, size_t start, size_t p)
{
    if (!vl_word_before(scan, start)) return start;
    size_t at = start;
    while (at < p && vl_is_alpha((char)scan->text[at]))
        at++;
    return at < p && scan->text[at] == ':' && vl_is_alpha((char)scan->text[start - 1]) ? at + 1 : start;
}

/* Start of the run of hexadecimal digits, colons and dots at p, without the punctuation and the label in front of an address. */
static size_t colons_start(const vl_scan *scan, size_t p)
{
    size_t start = p;
    while (start > 0 && p - start < IPV6_REACH && is_address_byte(scan->text[start - 1]) &&
           !vl_ends_escape(scan, start - 1))
        start--;
    while (start < p && scan->text[start] == '.')
        start++;
    if (start < p && scan->text[start] == ':' && scan->text[start + 1] != ':') start++;
    return drop_label(scan, start, p);
}

/* Its end, without the punctuation of the sentence. */
static size_t colons_end(const vl_scan *scan, size_t p, size_t start)
{
    size_t end = p;
    while (end - p < IPV6_REACH && is_address_byte(vl_byte(scan, end)))
        end++;
    while (end > p && scan->text[end - 1] == '.')
        end--;
    if (end - start >= 3 && scan->text[end - 1] == ':' && scan->text[end - 2] != ':') end--;
    return end;
}

void vl_match_colons(vl_scan *scan, size_t p)
{
    size_t start = colons_start(scan, p);
    size_t end = colons_end(scan, p, start);
    if (vl_word_before(scan, start) || vl_word_at(scan, end)) return;
    if (end - start == 2 && scan->text[start] == ':') vl_try(scan, VL_ROW_IPV6_ANY, start, end);
    if (end - start > 2 && vl_on(scan, VL_ROW_IPV6) && end - start <= IPV6_REACH)
        vl_emit(scan, VL_ROW_IPV6, start, prefix_end(scan, zone_end(scan, end), 128));
}

/* "1b:" before p, or "-1b" behind it: the address is a piece of something longer. "mac:" and ":eth0" are not. */
static bool is_octet_before(const vl_scan *scan, size_t p, uint8_t separator)
{
    if (p < 2 || scan->text[p - 1] != separator) return false;
    if (p == 2 || scan->text[p - 2] == separator) return scan->text[p - 2] == separator;
    return is_hex(scan->text[p - 2]) && is_hex(scan->text[p - 3]) && !vl_word_before(scan, p - 3) &&
           !vl_ends_escape(scan, p - 2); /* "%3D:" */
}

static bool is_octet_behind(const vl_scan *scan, size_t p, uint8_t separator)
{
    if (vl_byte(scan, p) != separator || !is_hex(vl_byte(scan, p + 1))) return false;
    return is_hex(vl_byte(scan, p + 2)) && !vl_word_at(scan, p + 3);
}

void vl_match_mac(vl_scan *scan, size_t p)
{
    if (p < 2 || !vl_on(scan, VL_ROW_MAC)) return;
    size_t start = p - 2;
    uint8_t separator = scan->text[p];
    if (vl_word_before(scan, start) || is_octet_before(scan, start, separator)) return;
    if (vl_percent_at(scan, start + 1) != 0) return; /* "%3D:00:1b:..." */
    if (start + 17 > scan->size) return;
    for (size_t i = 0; i < 17; i++)
        if (i % 3 != 2 && !is_hex(scan->text[start + i])) return;
    size_t end = start + 17;
    if (vl_word_at(scan, end) || is_octet_behind(scan, end, separator)) return;
    vl_emit(scan, VL_ROW_MAC, start, end);
}

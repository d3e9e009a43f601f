/*
 * Network addresses. An address has no checksum: a good one keeps the pattern's score. Four numbers with dots may be a version
 * and nothing in them tells; that is for context to decide.
 */
#include <string.h>

#include "text/chars.h"
#include "text/validators.h"

/* Read up to `max_digits` digits with a value up to `max`; the bytes read, or 0. */
static size_t read_number(const char *text, size_t size_bytes, size_t max_digits, unsigned max, unsigned *value)
{
    unsigned v = 0;
    size_t n = 0;
    while (n < size_bytes && n < max_digits && vl_is_digit(text[n]))
        v = v * 10 + (unsigned)(text[n++] - '0');
    *value = v;
    return v <= max ? n : 0;
}

/* Four numbers from 0 to 255 (RFC 791 order, RFC 1123 section 2.1 form) that fill the text. Leading zeros are written by
 * people and by old tools, so they are accepted. */
static bool is_ipv4(const char *text, size_t size_bytes)
{
    size_t at = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned value;
        size_t n = read_number(text + at, size_bytes - at, 3, 255, &value);
        if (n == 0) return false;
        at += n;
        if (i == 3) break;
        if (at == size_bytes || text[at] != '.') return false;
        at++;
    }
    return at == size_bytes;
}

/* What a walk over an IPv6 address has seen. */
typedef struct ipv6_walk {
    unsigned groups; /* of 16 bits */
    unsigned gaps;   /* "::" */
    bool has_digit;  /* one of 0 to 9 */
} ipv6_walk;

/* One group at text: up to four hexadecimal digits, or a dotted IPv4 tail. The bytes read, or 0. */
static size_t read_group(const char *text, size_t size_bytes, ipv6_walk *walk)
{
    size_t n = 0;
    for (; n < size_bytes && vl_hex_value(text[n]) >= 0; n++)
        walk->has_digit |= vl_is_digit(text[n]);
    if (n < size_bytes && text[n] == '.') {
        walk->groups += 2;
        return is_ipv4(text, size_bytes) ? size_bytes : 0;
    }
    walk->groups++;
    return n <= 4 ? n : 0;
}

/* RFC 4291 section 2.2: eight groups, or fewer with one "::" (which stands for at least one group, RFC 5952 section 4.2). */
static bool is_ipv6(const char *text, size_t size_bytes)
{
    ipv6_walk walk = {0, 0, false};
    size_t at = 0;
    if (size_bytes < 3) return false; /* "::" names no host */
    if (text[0] == ':') {
        if (text[1] != ':') return false;
        walk.gaps = 1;
        at = 2;
    }
    while (at < size_bytes) {
        size_t n = read_group(text + at, size_bytes - at, &walk);
        if (n == 0 || walk.groups > 8) return false;
        at += n;
        if (at == size_bytes) break;
        if (text[at++] != ':' || at == size_bytes) return false;
        if (text[at] != ':') continue;
        walk.gaps++;
        at++;
    }
    if (walk.gaps == 0) return walk.groups == 8;
    /* "face::bed" is two words of a programming language, as far as anyone can tell */
    return walk.gaps == 1 && walk.groups < 8 && (walk.has_digit || walk.groups > 3);
}

/* Length without a prefix length ("/64"); 0 when there is one and it is out of range. */
static size_t strip_prefix_length(const char *text, size_t size_bytes, unsigned max)
{
    const char *slash = memchr(text, '/', size_bytes);
    if (slash == NULL) return size_bytes;
    size_t address = (size_t)(slash - text);
    size_t rest = size_bytes - address - 1;
    unsigned value;
    size_t n = read_number(slash + 1, rest, 3, max, &value);
    return n > 0 && n == rest ? address : 0;
}

/* Length without an RFC 4007 zone ("%eth0"); 0 when the zone is empty or holds other than names do. */
static size_t strip_zone(const char *text, size_t size_bytes)
{
    const char *percent = memchr(text, '%', size_bytes);
    if (percent == NULL) return size_bytes;
    size_t address = (size_t)(percent - text);
    for (size_t i = address + 1; i < size_bytes; i++) {
        bool is_name = vl_is_alnum(text[i]) || text[i] == '.' || text[i] == '_' || text[i] == '-' || text[i] == '~';
        if (!is_name) return 0;
    }
    return size_bytes > address + 1 ? address : 0;
}

vl_validity vl_validate_ip(const char *text, size_t size_bytes)
{
    bool is_v6 = memchr(text, ':', size_bytes) != NULL;
    size_t bytes = strip_prefix_length(text, size_bytes, is_v6 ? 128 : 32);
    if (!is_v6) return is_ipv4(text, bytes) ? VL_UNKNOWN : VL_INVALID;
    bytes = strip_zone(text, bytes);
    return is_ipv6(text, bytes) ? VL_UNKNOWN : VL_INVALID;
}

/* IEEE 802: six or eight octets in pairs with one kind of separator, or groups of four with dots. The broadcast address and
 * all zeros belong to no device. */
vl_validity vl_validate_mac(const char *text, size_t size_bytes)
{
    if (size_bytes < 14) return VL_INVALID;
    size_t group = text[2] == ':' || text[2] == '-' ? 2 : 4;
    char separator = text[group];
    if (group == 4 && separator != '.') return VL_INVALID;
    unsigned all_or = 0;
    unsigned all_and = 15;
    size_t next_separator = group;
    for (size_t i = 0; i < size_bytes; i++) {
        if (i == next_separator) {
            if (text[i] != separator || i + 1 == size_bytes) return VL_INVALID;
            next_separator += group + 1;
            continue;
        }
        int value = vl_hex_value(text[i]);
        if (value < 0) return VL_INVALID;
        all_or |= (unsigned)value;
        all_and &= (unsigned)value;
    }
    bool is_length = group == 2 ? size_bytes == 17 || size_bytes == 23 : size_bytes == 14 || size_bytes == 19;
    return is_length && all_or != 0 && all_and != 15 ? VL_UNKNOWN : VL_INVALID;
}

/* Three groups of four, as routers print them; digits alone are the first groups of a card or an amount. */
vl_validity vl_validate_mac_dotted(const char *text, size_t size_bytes)
{
    bool has_letter = false;
    for (size_t i = 0; i < size_bytes; i++)
        has_letter |= vl_is_alpha(text[i]);
    return has_letter ? vl_validate_mac(text, size_bytes) : VL_INVALID;
}

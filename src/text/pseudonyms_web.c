/*
 * Pseudonyms of what the net is made of: e-mail addresses and URLs under example.com, .net and .org (RFC 2606), IPv4 addresses
 * in 198.18.0.0/15 (RFC 2544), IPv6 addresses in 2001:db8::/32 (RFC 3849), hardware addresses with the bit for locally
 * administered ones (IEEE 802).
 */
#include <string.h>

#include "text/chars.h"
#include "text/dates_shift.h"
#include "text/pseudonyms.h"

/* A word that can be said: 70^3 of three syllables. */
static void put_word(vl_prf *prf, vl_draft *draft)
{
    static const char consonants[] = "bdfgklmnprstvz";
    static const char vowels[] = "aeiou";
    for (unsigned i = 0; i < 3; i++) {
        vl_draft_put_char(draft, consonants[vl_prf_below(prf, 14)]);
        vl_draft_put_char(draft, vowels[vl_prf_below(prf, 5)]);
    }
}

static void put_domain(vl_prf *prf, vl_draft *draft)
{
    static const char *const domains[] = {"example.com", "example.net", "example.org"};
    vl_draft_put(draft, domains[vl_prf_below(prf, 3)], 11);
}

bool vl_make_email(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    (void)text;
    (void)size;
    put_word(prf, draft);
    vl_draft_put_char(draft, '.');
    put_word(prf, draft);
    vl_draft_put_char(draft, '@');
    put_domain(prf, draft);
    return true;
}

/* Letters, digits, + and - before "://" (RFC 3986, 3.1; a dot is allowed there, but would make a host of it). */
static size_t behind_scheme(const char *text, size_t size)
{
    size_t i = 0;
    while (i < size && i < 16 && (vl_is_alnum(text[i]) || text[i] == '+' || text[i] == '-'))
        i++;
    return i + 3 <= size && memcmp(text + i, "://", 3) == 0 ? i + 3 : 0;
}

/* The scheme stays, and whether there is a path. */
bool vl_make_url(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    size_t host = behind_scheme(text, size);
    bool has_path = host < size && memchr(text + host, '/', size - host) != NULL;
    vl_draft_put(draft, text, host);
    put_word(prf, draft);
    vl_draft_put_char(draft, '.');
    put_domain(prf, draft);
    if (!has_path) return true;
    vl_draft_put_char(draft, '/');
    put_word(prf, draft);
    return true;
}

static void put_decimal(vl_draft *draft, unsigned value)
{
    if (value >= 100) vl_draft_put_char(draft, (char)('0' + value / 100));
    if (value >= 10) vl_draft_put_char(draft, (char)('0' + value / 10 % 10));
    vl_draft_put_char(draft, (char)('0' + value % 10));
}

static void put_ipv4(vl_prf *prf, vl_draft *draft)
{
    vl_draft_put(draft, "198.", 4);
    put_decimal(draft, 18 + vl_prf_below(prf, 2));
    for (unsigned i = 0; i < 2; i++) {
        vl_draft_put_char(draft, '.');
        put_decimal(draft, vl_prf_below(prf, 256));
    }
}

static void put_ipv6(vl_prf *prf, vl_draft *draft)
{
    static const char hex[] = "0123456789abcdef";
    vl_draft_put(draft, "2001:db8", 8);
    for (unsigned i = 0; i < 6; i++) {
        vl_draft_put_char(draft, ':');
        vl_draft_put_char(draft, hex[1 + vl_prf_below(prf, 15)]);
        for (unsigned k = 0; k < 3; k++)
            vl_draft_put_char(draft, hex[vl_prf_below(prf, 16)]);
    }
}

/* A prefix length behind the address stays. */
bool vl_make_ip(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    const char *slash = memchr(text, '/', size);
    if (memchr(text, ':', size) != NULL)
        put_ipv6(prf, draft);
    else
        put_ipv4(prf, draft);
    if (slash != NULL) vl_draft_put(draft, slash, size - (size_t)(slash - text));
    return true;
}

bool vl_make_mac(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    static const char lower[] = "0123456789abcdef";
    static const char upper[] = "0123456789ABCDEF";
    bool is_upper = false;
    unsigned digits = 0;
    for (size_t i = 0; i < size; i++)
        is_upper |= text[i] >= 'A' && text[i] <= 'F';
    for (size_t i = 0; i < size; i++) {
        if (vl_hex_value(text[i]) < 0) {
            vl_draft_put_char(draft, text[i]);
            continue;
        }
        unsigned value = vl_prf_below(prf, 16);
        if (digits++ == 1) value = (value & 0xC) | 2; /* local, and of one station */
        vl_draft_put_char(draft, is_upper ? upper[value] : lower[value]);
    }
    return digits >= 12;
}

/* Dates move by up to a year, each for itself; operators that keep intervals are DATE_SHIFT's business. */
bool vl_make_date(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    char out[2 * VL_DATE_MAX_BYTES];
    size_t out_bytes;
    uint32_t slot = vl_prf_below(prf, 730);
    int32_t days = slot < 365 ? (int32_t)slot + 1 : 364 - (int32_t)slot;
    if (!vl_date_shift_text(text, size, days, out, &out_bytes)) return false;
    vl_draft_put(draft, out, out_bytes);
    vl_wipe(out, sizeof out);
    return true;
}

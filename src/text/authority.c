/*
 * Connection strings: a URL of any scheme whose authority holds a user's password. The whole of it goes, for host, user and
 * database are of no use to who may not know the password, and its end is where the URL ends (RFC 3986; drivers of
 * databases also take several hosts, with commas).
 */
#include "text/secrets_impl.h"

#include <string.h>

#define SCHEME_BYTES    24u  /* "mongodb+srv", "jdbc:postgresql" has its own colon */
#define AUTHORITY_BYTES 300u /* user and password */
#define REST_BYTES      160u /* host, path and query: with the authority less than VL_LOOK_BACK */

static bool is_scheme_byte(uint8_t c)
{
    return vl_is_alnum((char)c) || c == '+' || c == '-' || c == '.';
}

/* What no URL holds, written in text, code or markup. */
static bool ends_url(uint8_t c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\' || c == '|' || c >= 0x7F;
}

/* The last '@' of the authority, SIZE_MAX for none. Passwords are often written as they are, with / ? # in them. */
static size_t find_at(const vl_scan *scan, size_t from)
{
    size_t at = SIZE_MAX;
    bool is_beyond = false;
    for (size_t p = from; p < from + AUTHORITY_BYTES && !ends_url(vl_byte(scan, p)); p++) {
        uint8_t c = scan->text[p];
        if (c == '@' && (at == SIZE_MAX || !is_beyond)) at = p;
        if (at != SIZE_MAX && c == '@' && is_beyond) break;
        is_beyond |= c == '/' || c == '?' || c == '#';
    }
    return at;
}

static size_t find_end(const vl_scan *scan, size_t p)
{
    for (unsigned i = 0; i < REST_BYTES && !ends_url(vl_byte(scan, p)); i++)
        p++;
    while (p > 0 && strchr(".,;:!?)]}*", scan->text[p - 1]) != NULL)
        p--;
    return p;
}

/* "host:8080/...@": a port and a path. */
static bool is_port(const uint8_t *text, size_t size)
{
    size_t digits = 0;
    while (digits < size && vl_is_digit((char)text[digits]))
        digits++;
    return digits > 0 && digits < size && strchr("/?#", text[digits]) != NULL;
}

void vl_match_authority(vl_scan *scan, size_t p)
{
    size_t start = p;
    if (!vl_on(scan, VL_ROW_CONNECTION)) return;
    while (start > 0 && p - start < SCHEME_BYTES && is_scheme_byte(scan->text[start - 1]))
        start--;
    while (start < p && !vl_is_alpha((char)scan->text[start]))
        start++;
    if (p - start < 2) return;
    start = vl_behind_escape(scan, start);
    size_t user = p + 3;
    size_t at = find_at(scan, user);
    if (at == SIZE_MAX) return;
    const uint8_t *colon = memchr(scan->text + user, ':', at - user);
    if (colon == NULL) return;
    const uint8_t *password = colon + 1;
    size_t length = (size_t)(scan->text + at - password);
    const uint8_t *slash = memchr(scan->text + user, '/', (size_t)(colon - scan->text) - user);
    if (length == 0 || slash != NULL || is_port(password, length) || vl_is_placeholder(password, length)) return;
    vl_emit(scan, VL_ROW_CONNECTION, start, find_end(scan, at));
}

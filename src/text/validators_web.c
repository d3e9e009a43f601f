/*
 * E-mail addresses and URLs. The top-level domain decides between an address and something that only looks like one. Names in
 * private networks (.local, .internal) and in examples are real enough to be found, but prove nothing.
 */
#include <string.h>

#include "text/chars.h"
#include "text/tlds.h"
#include "text/validators.h"

#define DOMAIN_MAX 253u /* RFC 1035 section 2.3.4, without the length bytes */
#define LABEL_MAX  63u
#define LOCAL_MAX  64u  /* RFC 5321 section 4.5.3.1.1 */
#define EMAIL_MAX  254u /* RFC 3696 erratum 1690 */

/* RFC 1123 section 2.1 letters, digits and inner hyphens; bytes above ASCII for internationalised names (RFC 5890); the
 * underscore because hosts in the wild have it. */
static bool is_label(const char *label, size_t n)
{
    if (n == 0 || n > LABEL_MAX || label[0] == '-' || label[n - 1] == '-') return false;
    for (size_t i = 0; i < n; i++) {
        bool is_good = vl_is_alnum(label[i]) || label[i] == '-' || label[i] == '_' || (label[i] & 0x80) != 0;
        if (!is_good) return false;
    }
    return true;
}

/* A domain in the making of its labels. */
typedef struct domain_shape {
    size_t label_count;
    const char *last; /* the top-level label */
    size_t last_bytes;
} domain_shape;

static bool read_domain(const char *domain, size_t n, domain_shape *shape)
{
    *shape = (domain_shape){0, domain, 0};
    if (n == 0 || n > DOMAIN_MAX) return false;
    size_t start = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && domain[i] != '.') continue;
        if (!is_label(domain + start, i - start)) return false;
        shape->label_count++;
        shape->last = domain + start;
        shape->last_bytes = i - start;
        start = i + 1;
    }
    return true;
}

/* What the top-level label says of a domain of two labels or more. */
static vl_validity judge_top_level(const domain_shape *shape)
{
    if (shape->label_count < 2) return VL_INVALID;
    if (vl_tld_exists(shape->last, shape->last_bytes)) return VL_VALID;
    size_t letters = 0;
    bool is_own_script = false; /* U-labels are in no table */
    for (size_t i = 0; i < shape->last_bytes; i++) {
        is_own_script |= (shape->last[i] & 0x80) != 0;
        letters += (shape->last[i] & 0xC0) != 0x80;
    }
    if (is_own_script) return letters >= 2 ? VL_UNKNOWN : VL_INVALID;
    return vl_tld_is_private(shape->last, shape->last_bytes) ? VL_UNKNOWN : VL_INVALID;
}

/* RFC 5322 section 3.2.3 dot-atom, with two dots in a row and one at the end, as providers of mobile telephones gave them; or a quoted
 * string (whose content the matcher has seen), with its quotes escaped as in JSON or not. */
static bool is_local_part(const char *local, size_t n)
{
    if (n == 0 || n > LOCAL_MAX || local[0] == '.') return false;
    if (local[0] == '"') return n > 2 && local[n - 1] == '"';
    if (local[0] == '\\') return n > 4 && local[1] == '"' && local[n - 2] == '\\' && local[n - 1] == '"';
    for (size_t i = 2; i < n; i++) {
        if (local[i] == '.' && local[i - 1] == '.' && local[i - 2] == '.') return false;
    }
    return true;
}

/* RFC 5321 section 4.1.3: "[10.0.0.1]", "[IPv6:2001:db8::1]"; without the tag as well. */
static vl_validity judge_literal(const char *text, size_t n)
{
    static const char tag[] = "ipv6:";
    size_t same = 0;
    while (same < sizeof tag - 1 && same < n && vl_to_lower(text[same]) == tag[same])
        same++;
    size_t skipped = same == sizeof tag - 1 ? same : 0;
    return vl_validate_ip(text + skipped, n - skipped);
}

vl_validity vl_validate_email(const char *text, size_t size_bytes)
{
    domain_shape shape;
    const char *at = memrchr(text, '@', size_bytes);
    if (at == NULL || size_bytes > EMAIL_MAX) return VL_INVALID;
    size_t local_bytes = (size_t)(at - text);
    const char *domain = at + 1;
    size_t domain_bytes = size_bytes - local_bytes - 1;
    if (!is_local_part(text, local_bytes)) return VL_INVALID;
    if (domain_bytes > 2 && domain[0] == '[' && domain[domain_bytes - 1] == ']')
        return judge_literal(domain + 1, domain_bytes - 2);
    if (!read_domain(domain, domain_bytes, &shape)) return VL_INVALID;
    return judge_top_level(&shape);
}

/* Bytes before "://", or 0 when there is no scheme (RFC 3986 section 3.1). */
static size_t scheme_length(const char *text, size_t size_bytes)
{
    size_t n = 0;
    while (n < size_bytes && (vl_is_alnum(text[n]) || text[n] == '+' || text[n] == '-' || text[n] == '.'))
        n++;
    if (n == 0 || !vl_is_alpha(text[0]) || size_bytes < n + 3) return 0;
    return memcmp(text + n, "://", 3) == 0 ? n : 0;
}

/* A host and an optional port, the parts of an authority without user information. */
typedef struct host_port {
    const char *host;
    size_t host_bytes;
    bool is_literal; /* "[...]" */
} host_port;

static bool is_port(const char *text, size_t n)
{
    uint32_t port;
    return n == 0 || (n <= 5 && vl_digits_value(text, n, &port) && port <= 65535);
}

/* RFC 3986 section 3.2. */
static bool read_authority(const char *text, size_t n, host_port *out)
{
    const char *user = memrchr(text, '@', n);
    if (user != NULL) {
        n -= (size_t)(user + 1 - text);
        text = user + 1;
    }
    out->is_literal = n > 0 && text[0] == '[';
    const char *end = out->is_literal ? memchr(text, ']', n) : memchr(text, ':', n);
    if (out->is_literal && end == NULL) return false;
    out->host = text + out->is_literal;
    out->host_bytes = end == NULL ? n : (size_t)(end - out->host);
    if (end == NULL) return true;
    const char *rest = end + out->is_literal;
    size_t rest_bytes = n - (size_t)(rest - text);
    return rest_bytes == 0 || (rest[0] == ':' && is_port(rest + 1, rest_bytes - 1));
}

/* Names of files and members that end in a top-level domain: "setup.py", "Main.java", "user.email". Without a scheme, "www" or a
 * path, two labels with such an end are not taken for a host. */
static bool is_file_like(const domain_shape *shape)
{
    static const char ends[][12] = {
        "cab", "cc",   "data", "email", "fit",    "foo",  "global", "host", "id",     "int", "java",       "map", "md",
        "mk",  "ml",   "mov",  "name",  "next",   "open", "phone",  "pid",  "pl",     "pm",  "properties", "ps",  "pub",
        "py",  "read", "rs",   "save",  "select", "sh",   "show",   "so",   "target", "tf",  "zip"};
    char end[12] = {0};
    if (shape->label_count > 2 || shape->last_bytes >= sizeof end) return false;
    for (size_t i = 0; i < shape->last_bytes; i++)
        end[i] = vl_to_lower(shape->last[i]);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (memcmp(end, ends[i], sizeof end) == 0) return true;
    }
    return false;
}

/* True when the label is one of com, org, net. */
static bool is_generic(const char *label, size_t n)
{
    static const char names[3][4] = {"com", "org", "net"};
    if (n != 3) return false;
    char lower[3] = {vl_to_lower(label[0]), vl_to_lower(label[1]), vl_to_lower(label[2])};
    return memcmp(lower, names[0], 3) == 0 || memcmp(lower, names[1], 3) == 0 || memcmp(lower, names[2], 3) == 0;
}

/* Package names turn a domain around: "com.example.app". A host that begins so ("net.example.com") ends so, too. */
static bool is_package_name(const host_port *authority, const domain_shape *shape)
{
    bool begins_generic = authority->host_bytes > 4 && authority->host[3] == '.' && is_generic(authority->host, 3);
    return begins_generic && !is_generic(shape->last, shape->last_bytes);
}

/* Without a scheme only the top-level domain speaks for a URL, and a file name speaks against it. */
static vl_validity judge_bare_host(const host_port *authority, bool has_path)
{
    domain_shape shape;
    if (authority->is_literal || !read_domain(authority->host, authority->host_bytes, &shape)) return VL_INVALID;
    if (judge_top_level(&shape) == VL_INVALID) return VL_INVALID;
    if (is_package_name(authority, &shape)) return VL_INVALID;
    return !has_path && is_file_like(&shape) ? VL_INVALID : VL_UNKNOWN;
}

/* With a scheme any host will do: a name (a single label is a machine in the local network) or an address. */
static vl_validity judge_host(const host_port *authority)
{
    domain_shape shape;
    if (authority->is_literal) return vl_validate_ip(authority->host, authority->host_bytes);
    size_t n = authority->host_bytes;
    if (n > 0 && authority->host[n - 1] == '.') n--; /* the root's own dot */
    return read_domain(authority->host, n, &shape) ? VL_UNKNOWN : VL_INVALID;
}

vl_validity vl_validate_url(const char *text, size_t size_bytes)
{
    host_port authority;
    size_t scheme = scheme_length(text, size_bytes);
    const char *from = scheme > 0 ? text + scheme + 3 : text;
    size_t rest = size_bytes - (size_t)(from - text);
    size_t n = 0;
    while (n < rest && from[n] != '/' && from[n] != '?' && from[n] != '#')
        n++;
    if (!read_authority(from, n, &authority)) return VL_INVALID;
    return scheme > 0 ? judge_host(&authority) : judge_bare_host(&authority, n < rest);
}

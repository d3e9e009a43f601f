/*
 * E-mail addresses. What they are made of decides where they end; a top-level domain decides whether they are. A slash or an equals
 * sign is legal in the part before the at sign, but stands between fields as a rule ("user=jane@example.com"): joined_start says
 * when it is of the address.
 */
#include <string.h>

#include "text/tlds.h"
#include "text/walks.h"

#define LOCAL_MAX   64u  /* RFC 5321 section 4.5.3.1.1 */
#define HOST_MAX    253u /* RFC 1035 section 2.3.4 */
#define LITERAL_MAX 64u  /* "[IPv6:...]" */
#define DOTS_MAX    2u   /* in a row: providers once gave such names; three are an ellipsis */

/* Characters of a local part that are seen in addresses; = / ? { } | and backquotes are legal but stand between fields. */
static bool is_local(uint8_t c)
{
    return vl_is_alnum((char)c) || (c != 0 && strchr("._%+-'&#!$*~", c) != NULL);
}

static bool is_domain(uint8_t c)
{
    return vl_is_alnum((char)c) || c == '-' || c == '.' || c == '_';
}

/* The dot before `start` is one too many: what ends there is an ellipsis. */
static bool is_ellipsis(const vl_scan *scan, size_t start)
{
    for (unsigned i = 0; i < DOTS_MAX; i++)
        if (vl_byte(scan, start + i) != '.') return false;
    return true;
}

static size_t local_start(const vl_scan *scan, size_t p)
{
    size_t start = p;
    while (start > 0 && p - start < LOCAL_MAX) {
        uint8_t c = scan->text[start - 1];
        unsigned step = c < 0x80 ? is_local(c) : vl_letter_before(scan, start);
        if (step == 0 || p - start + step > LOCAL_MAX || (c == '.' && is_ellipsis(scan, start))) break;
        if (start < p && vl_ends_control(scan, start - 1)) break;
        if (start < p && !is_local(vl_percent_at(scan, start - 1)) && vl_percent_at(scan, start - 1) != 0) break;
        start -= step;
    }
    if (start > 0 && scan->text[start - 1] == '\\') start = vl_behind_escape(scan, start);
    while (start < p && !vl_is_word(scan->text[start]) && vl_letter_at(scan, start) == 0)
        start++;
    return start;
}

static size_t domain_end(const vl_scan *scan, size_t p, bool has_wide)
{
    size_t end = p + 1;
    while (end - p <= HOST_MAX) {
        unsigned letter = has_wide ? vl_letter_at(scan, end) : 0;
        bool is_wide = letter > 0;
        if (!is_wide && (!is_domain(vl_byte(scan, end)) || (scan->text[end] == '.' && vl_byte(scan, end + 1) == '.')))
            break;
        end += is_wide ? letter : 1;
    }
    return end;
}

/* Start of the last label of [p + 1, end). */
static size_t label_start(const vl_scan *scan, size_t p, size_t end)
{
    while (end > p + 1 && scan->text[end - 1] != '.')
        end--;
    return end;
}

static bool try_email(vl_scan *scan, size_t start, size_t end)
{
    uint32_t before = scan->count;
    vl_emit(scan, VL_ROW_EMAIL, start, end);
    return scan->count != before;
}

/* Behind an address a sentence or a number may go on without a space: give up labels from the right until one is a domain. */
static bool try_labels(vl_scan *scan, size_t p, size_t start, size_t end)
{
    for (unsigned labels = 0; labels < 4 && end > p + 1; labels++) {
        while (end > p + 1 && !vl_is_alnum((char)scan->text[end - 1]))
            end--;
        if (try_email(scan, start, end)) return true;
        size_t label = label_start(scan, p, end);
        size_t letters = label;
        while (letters < end && vl_is_alpha((char)scan->text[letters]))
            letters++;
        if (letters < end && letters > label + 1 && try_email(scan, start, letters))
            return true; /* "b.com4155550132" */
        end = label;
    }
    return false;
}

/* What stands before p is no part of an address's first word. */
static bool opens_token(const vl_scan *scan, size_t p)
{
    if (p == 0 || vl_ends_escape(scan, p - 1)) return true;
    uint8_t c = scan->text[p - 1];
    return c <= ' ' || strchr("\"'<>([{,;", c) != NULL;
}

static bool has_top_level(const uint8_t *text, size_t size)
{
    const uint8_t *dot = memrchr(text, '.', size);
    return dot != NULL && vl_tld_exists((const char *)dot + 1, (size_t)(text + size - dot - 1));
}

/* Addresses for bounces: "bounce+jane=roe@", "list-jane=example.com@" (VERP), "prvs=1234=jane@" (BATV), "SRS0=x=y=example.com=jane@". */
static bool is_bounce(const uint8_t *head, size_t head_size, size_t joints, const uint8_t *rest, size_t rest_size)
{
    static const char tags[][5] = {"prvs", "srs0", "srs1", "btv1"};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0] && head_size > 4; i++) {
        bool is_tag = true;
        for (size_t k = 0; k < 4; k++)
            is_tag &= vl_to_lower((char)head[k]) == tags[i][k];
        if (is_tag && !vl_is_alnum((char)head[4])) return true;
    }
    if (joints != 1 || head_size < 2) return false;
    bool has_plus = memchr(head + 1, '+', head_size - 1) != NULL;
    return has_plus || (memchr(head, '-', head_size) != NULL && has_top_level(rest, rest_size));
}

/* Start of an address whose part before p goes on before `start` with a slash or equals sign; `start` when it does not. A slash joins
 * two names that stand alone ("jane/roe@", not a path, not behind a host); an equals sign joins in addresses for bounces. */
static size_t joined_start(const vl_scan *scan, size_t start, size_t p)
{
    const uint8_t *text = scan->text;
    uint8_t joint = start > 1 ? text[start - 1] : 0;
    if (joint != '/' && joint != '=') return start;
    size_t head = start - 1;
    size_t joints = 1;
    while (head > 0 && p - head < LOCAL_MAX) {
        uint8_t c = text[head - 1];
        if (!vl_is_word(c) && c != '.' && c != '+' && c != '-' && c != joint) break;
        joints += c == joint;
        head--;
    }
    if (head > 0 && text[head - 1] == '\\') head = vl_behind_escape(scan, head);
    if (head + 1 >= start || !opens_token(scan, head) || !vl_is_word(text[head])) return start;
    size_t size = start - 1 - head;
    bool is_joined = joint == '/' ? joints == 1 && !has_top_level(text + head, size)
                                  : is_bounce(text + head, size, joints, text + start, p - start);
    return is_joined ? head : start;
}

/* Start of the quoted part that ends before p (RFC 5321 section 4.1.2), its quotes escaped or not; p when there is none. */
static size_t quoted_start(const vl_scan *scan, size_t p)
{
    const uint8_t *text = scan->text;
    size_t last = p - 1;
    bool is_escaped = last > 0 && text[last - 1] == '\\';
    last -= is_escaped;
    size_t first = last;
    while (first > 0 && p - first < LOCAL_MAX && text[first - 1] >= ' ' && text[first - 1] != '"')
        first--;
    if (first == 0 || text[first - 1] != '"' || first == last) return p;
    if (!vl_is_alnum((char)text[first]) || !vl_is_alnum((char)text[last - 1])) return p;
    size_t quote = first - 1;
    if (is_escaped != (quote > 0 && text[quote - 1] == '\\')) return p;
    quote -= is_escaped;
    return opens_token(scan, quote) ? quote : p;
}

/* "jane@[10.0.0.1]": the address in it proves the whole, which is one finding. */
static bool try_literal(vl_scan *scan, size_t start, size_t p)
{
    if (vl_byte(scan, p + 1) != '[') return false;
    size_t most = scan->size - p < LITERAL_MAX ? scan->size - p : LITERAL_MAX;
    const uint8_t *close = memchr(scan->text + p, ']', most);
    if (close == NULL) return false;
    size_t end = (size_t)(close + 1 - scan->text);
    if (vl_validate_email((const char *)scan->text + start, end - start) == VL_INVALID) return false;
    vl_emit_checked(scan, VL_ROW_EMAIL, start, end, VL_VALID);
    return true;
}

void vl_match_email(vl_scan *scan, size_t p)
{
    if (!vl_on(scan, VL_ROW_EMAIL) || p == 0) return;
    bool is_quoted = scan->text[p - 1] == '"';
    size_t start = is_quoted ? quoted_start(scan, p) : local_start(scan, p);
    if (start == p) return;
    if (!is_quoted) start = joined_start(scan, start, p);
    if (try_literal(scan, start, p)) return;
    size_t end = domain_end(scan, p, false);
    size_t wide_end = vl_letter_at(scan, end) > 0 ? domain_end(scan, p, true) : end;
    while (wide_end > end && (scan->text[wide_end - 1] == '.' || scan->text[wide_end - 1] == '-'))
        wide_end--;
    const char *text = (const char *)scan->text + start;
    bool is_wide = wide_end > end && vl_validate_email(text, wide_end - start) == VL_VALID;
    if (is_wide && try_email(scan, start, wide_end)) return;
    if (!try_labels(scan, p, start, end) && wide_end > end) (void)try_email(scan, start, wide_end);
}

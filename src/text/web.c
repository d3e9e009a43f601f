/* URLs and hosts. What they are made of decides where they end; a top-level domain decides whether a bare host is one. */
#include <string.h>

#include "text/tlds.h"
#include "text/walks.h"

#define HOST_MAX      253u /* RFC 1035 section 2.3.4 */
#define SCHEME_MAX    16u
#define BRACKET_REACH 2048u /* how far back the partner of a closing bracket is looked for */
#define TRIM_MAX      256u  /* bytes of punctuation that are given up at a URL's end */

static bool is_host(uint8_t c)
{
    return vl_is_alnum((char)c) || c == '-' || c == '.';
}

static bool is_url_byte(uint8_t c)
{
    return c > ' ' && c != 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`' && c != '{' &&
           c != '|' && c != '}';
}

/* Punctuation at the end belongs to the sentence, and a closing bracket too unless it was opened inside. */
static size_t trim_url(const vl_scan *scan, size_t start, size_t end)
{
    size_t least = end - start > TRIM_MAX ? end - TRIM_MAX : start;
    if (end - start > BRACKET_REACH) start = end - BRACKET_REACH;
    while (end > least) {
        uint8_t c = scan->text[end - 1];
        bool is_closing = c == ')' || c == ']';
        if (is_closing && memchr(scan->text + start, c == ')' ? '(' : '[', end - start) != NULL) return end;
        if (!is_closing && strchr(".,;:!?'*", c) == NULL) return end;
        end--;
    }
    return end;
}

/* End of the run of URL bytes at p. A run is walked once however many URLs begin in it. */
static size_t url_bytes_end(vl_scan *scan, size_t p)
{
    vl_walks *walks = &scan->walks;
    if (p >= walks->url_start && p < walks->url_end) return walks->url_end;
    walks->url_start = p;
    while (p < scan->size && is_url_byte(scan->text[p]))
        p++;
    walks->url_end = p;
    return p;
}

/* Where the URL of [start, run_end) ends that is not before `least`. Beyond the bound and open: how far it goes for certain. */
static size_t url_end(const vl_scan *scan, size_t start, size_t least, size_t run_end)
{
    bool is_open = scan->may_grow && run_end == scan->size;
    if (is_open && run_end - start > VL_CHAIN_MAX_BYTES) return run_end - TRIM_MAX;
    return trim_url(scan, least, run_end);
}

bool vl_walk_url(vl_scan *scan, size_t *end)
{
    vl_walks *walks = &scan->walks;
    while (walks->url_end < scan->size && is_url_byte(scan->text[walks->url_end]))
        walks->url_end++;
    bool is_open = scan->may_grow && walks->url_end == scan->size;
    size_t start = walks->url_end > BRACKET_REACH ? walks->url_end - BRACKET_REACH : 0;
    *end = is_open ? walks->url_end - TRIM_MAX : trim_url(scan, start, walks->url_end);
    return !is_open;
}

/* What a URL is, is said by its first bytes. */
static vl_validity judge_url(const vl_scan *scan, size_t start, size_t end)
{
    size_t known = end - start < VL_CHAIN_MAX_BYTES ? end - start : VL_CHAIN_MAX_BYTES;
    return vl_validate_url((const char *)scan->text + start, known);
}

/* A URL whose bytes run into the end of a text that may grow. */
static void note_url(vl_scan *scan, unsigned row, size_t start, size_t end, bool is_emitted)
{
    if (!scan->may_grow || scan->walks.url_end != scan->size || end == start) return;
    if (scan->size - start <= VL_CHAIN_MAX_BYTES)
        vl_note_undecided(scan, start);
    else if (is_emitted)
        vl_note_open(scan, VL_OPEN_URL, row, start, end);
}

void vl_match_scheme(vl_scan *scan, size_t p)
{
    size_t start = p;
    if (!vl_on(scan, VL_ROW_URL_SCHEME)) return;
    while (start > 0 && p - start < SCHEME_MAX && vl_is_alpha((char)scan->text[start - 1]) &&
           !vl_ends_escape(scan, start - 1))
        start--;
    if (p - start < 2 || vl_word_before(scan, start)) return;
    size_t end = url_end(scan, start, p + 3, url_bytes_end(scan, p + 3));
    uint32_t before = scan->count;
    if (end > p + 3) vl_emit_checked(scan, VL_ROW_URL_SCHEME, start, end, judge_url(scan, start, end));
    note_url(scan, VL_ROW_URL_SCHEME, start, end, scan->count != before);
    if (scan->count != before && end > scan->url_end) scan->url_end = end;
}

/* Country domains that are words of English or letters of sentences: "done.it", "e.g.in". */
static bool is_word_domain(const uint8_t *label, size_t length)
{
    static const char words[][3] = {"as", "at", "be", "by", "do", "et", "hm", "id", "in", "is", "it", "la",
                                    "me", "my", "no", "pm", "so", "to", "tv", "us", "vs", "am", "ms", "sc"};
    if (length != 2) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((label[0] | 0x20) == words[i][0] && (label[1] | 0x20) == words[i][1]) return true;
    return false;
}

/* "Foo.Name": an identifier or the start of a sentence. */
static bool is_mixed_case(const uint8_t *label, size_t length)
{
    unsigned seen = 0;
    for (size_t i = 0; i < length; i++)
        seen |= (label[i] & 0x20) != 0 ? 1u : 2u;
    return seen == 3;
}

static unsigned begin_of(const uint8_t *name)
{
    return (name[0] & 31u) << 5 | (name[1] & 31u);
}

/* What most words behind a dot are not. */
void vl_web_prepare(vl_tables *tables)
{
    for (size_t i = 0; i < vl_tld_count(); i++) {
        const char *name = vl_tld_at(i);
        tables->tld_begins[begin_of((const uint8_t *)name)] |= 1ull << strlen(name);
    }
    tables->tld_begins[begin_of((const uint8_t *)"xn")] = ~0ull; /* international ones */
}

/* Length of the top-level domain that ends a host, 0 when its last label is none. */
static size_t top_level_length(const vl_scan *scan, size_t start, size_t end)
{
    size_t label = end;
    while (label > start && vl_is_alpha((char)scan->text[label - 1]))
        label--;
    size_t length = end - label;
    if (label == start || scan->text[label - 1] != '.' || length < 2 || length > 18) return 0;
    if (is_mixed_case(scan->text + label, length)) return 0;
    const uint8_t *name = scan->text + label;
    if ((scan->tables->tld_begins[begin_of(name)] >> length & 1) == 0) return 0;
    return vl_tld_exists((const char *)name, length) ? length : 0;
}

/* Where the path, query or port behind a host ends; end when there is none. */
static size_t path_end(vl_scan *scan, size_t start, size_t end)
{
    uint8_t next = vl_byte(scan, end);
    bool has_path = next == '/' || next == '?' || next == '#' || (next == ':' && vl_digit_at(scan, end + 1));
    size_t path = has_path ? url_end(scan, start, start, url_bytes_end(scan, end)) : end;
    return path > end ? path : end; /* the question mark may be the sentence's own */
}

/* A host that stands alone: labels, a top-level domain, and a path if one follows. Behind what looks like an escape it may be
 * the file of a path, "C:\\notes\\readme.md". */
static void match_host_run(vl_scan *scan, size_t start, size_t end, unsigned dots, bool is_escaped)
{
    size_t length = top_level_length(scan, start, end);
    uint8_t next = vl_byte(scan, end);
    if (length == 0 || next == '@' || next == '_' || next == '(') return;
    size_t path = path_end(scan, start, end);
    bool has_path = path > end;
    bool is_weak = !has_path && dots == 1 && (is_escaped || is_word_domain(scan->text + end - length, length));
    vl_validity validity = is_weak ? VL_INVALID : judge_url(scan, start, path);
    uint32_t before = scan->count;
    if (validity != VL_INVALID && vl_on(scan, VL_ROW_URL_HOST))
        vl_emit_checked(scan, VL_ROW_URL_HOST, start, path, VL_UNKNOWN);
    else if (validity == VL_INVALID && !has_path && vl_on(scan, VL_ROW_URL_WEAK))
        vl_emit_checked(scan, VL_ROW_URL_WEAK, start, end, VL_UNKNOWN);
    if (has_path) note_url(scan, VL_ROW_URL_HOST, start, path, scan->count != before);
}

/* First byte of the run of host bytes around p, letters beyond ASCII included; may lie one past what a host may have. */
static size_t host_start(const vl_scan *scan, size_t p)
{
    uint64_t behind = vl_behind_host(scan, p);
    size_t start = p - (~behind == 0 ? 64 : (unsigned)__builtin_clzll(~behind));
    uint8_t last = start > 0 ? scan->text[start - 1] : 0;
    if (~behind != 0 && last < 0x80 && !is_host(last)) return start; /* neither letters of an escape nor others */
    start = p;
    while (start > 0 && p - start <= HOST_MAX) {
        uint8_t c = scan->text[start - 1];
        unsigned step = c < 0x80 ? is_host(c) : vl_letter_before(scan, start);
        if (step == 0 || vl_percent_at(scan, start - 1) != 0 || vl_ends_control(scan, start - 1)) break;
        start -= step;
    }
    return start;
}

static size_t host_end(const vl_scan *scan, size_t p)
{
    unsigned run = vl_run(vl_view_host(scan, p));
    size_t end = p + run;
    while (run == 64 && end - p <= HOST_MAX && is_host(vl_byte(scan, end)))
        end++;
    return end;
}

/* What stands before says that this is no host of its own: the rest of an address, a path, a name with backslashes. */
static bool continues_something(const vl_scan *scan, size_t start, bool is_escaped)
{
    uint8_t before = start > 0 ? scan->text[start - 1] : 0;
    return before == '@' || (before == '/' && !is_escaped) || before == '\\' || before == '_';
}

void vl_match_host(vl_scan *scan, size_t p)
{
    if (p < scan->host_end) return;
    size_t start = host_start(scan, p), end = host_end(scan, p);
    scan->host_end = end;
    if (end - start > HOST_MAX) return;
    size_t escape = start > 0 && scan->text[start - 1] == '\\' ? vl_escape_length(scan, start) : 0;
    if (start + escape >= p) return;
    start += escape;
    while (start < p && !vl_is_alnum((char)scan->text[start]) && vl_letter_at(scan, start) == 0)
        start++;
    while (end > p && !vl_is_alnum((char)scan->text[end - 1]))
        end--;
    bool has_escaped_slash = start > 1 && scan->text[start - 1] == '/' && scan->text[start - 2] == '\\';
    bool has_percent = start > 0 && vl_percent_at(scan, start - 1) != 0;
    bool is_escaped = escape != 0 || has_escaped_slash || has_percent; /* "\n" or "\/" or "%2F" */
    if (continues_something(scan, start, is_escaped)) return;
    unsigned dots = 0;
    for (size_t i = start; i < end && dots < 2; i++)
        dots += scan->text[i] == '.';
    match_host_run(scan, start, end, dots, is_escaped);
}

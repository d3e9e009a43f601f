/*
 * The host's patterns in Hyperscan. One database without start offsets walks the text (they cost three times as much); around
 * its hits, ranges that are merged where they touch, a second one with start offsets is run once. So however many hits
 * there are, a byte is scanned twice at most, and time per byte stays flat. A pattern of fixed width needs no second look.
 *
 * Bytes, not characters: text may be anything, and Hyperscan's UTF-8 mode is undefined on malformed text. Whoever emits the
 * match widens it to whole characters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/custom_impl.h"

#define ESCAPE_BYTES 6u
#define SIDE_BYTES   (ESCAPE_BYTES + 2u) /* before a match: an escape, and the byte that decides a boundary */
#define REACH_BYTES  512u                /* behind a range: VL_OWN_WIDTH_MAX and a byte for the boundary fit */
#define WORD_START   "(?:\\b|\\\\(?:[nrtbf]|u[0-9a-fA-F]{4}))" /* a JSON escape's letter separates, as in the table */
#define WORD_ROOM    64u
#define RANGE_MAX    32u

typedef struct facts {
    uint16_t row;
    uint16_t width;      /* of the longest match, without an escape before it */
    bool is_fixed;       /* every match has that width */
    bool begins_at_word; /* with \b */
} facts;

struct vl_own_patterns {
    vl_allocator allocator;
    size_t count;
    facts *facts;
    hs_database_t *ends;
    hs_database_t *starts; /* NULL: all have fixed widths */
};

static unsigned flags_of(const vl_own_pattern *pattern)
{
    return HS_FLAG_MULTILINE | (pattern->is_caseless ? HS_FLAG_CASELESS : 0u);
}

static bool begins_at_word(const char *text)
{
    return text[0] == '\\' && text[1] == 'b';
}

static veil_status refuse(vl_pattern_refusal *refusal, size_t index, const char *reason)
{
    refusal->index = index;
    snprintf(refusal->reason, sizeof refusal->reason, "%s", reason);
    return VEIL_ERR_INVALID_ARGUMENT;
}

static veil_status refuse_by_engine(vl_pattern_refusal *refusal, size_t index, hs_error_t code,
                                    hs_compile_error_t *reason)
{
    veil_status status = VEIL_ERR_NO_MEMORY;
    if (code == HS_COMPILER_ERROR && reason != NULL) {
        if (reason->expression >= 0 && index == SIZE_MAX) index = (size_t)reason->expression;
        status = refuse(refusal, index, reason->message);
        if (strstr(reason->message, "Unable to allocate memory") != NULL) status = VEIL_ERR_NO_MEMORY;
    }
    hs_free_compile_error(reason);
    return status;
}

static veil_status measure(const vl_own_pattern *pattern, size_t index, facts *out, vl_pattern_refusal *refusal)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *reason = NULL;
    const char *fault = vl_own_pattern_fault(pattern->text);
    if (fault != NULL) return refuse(refusal, index, fault);
    hs_error_t code = hs_expression_info(pattern->text, flags_of(pattern), &info, &reason);
    if (code != HS_SUCCESS) return refuse_by_engine(refusal, index, code, reason);
    const hs_expr_info_t read = *info;
    free(info); /* Hyperscan's misc allocator, which is malloc unless the host changed it; we never do */
    if (read.min_width == 0) return refuse(refusal, index, "it matches the empty text");
    if (read.max_width == UINT32_MAX)
        return refuse(refusal, index, "a match has no longest length: write {1,64} in place of + and {0,64} of *");
    if (read.max_width > VL_OWN_WIDTH_MAX) return refuse(refusal, index, "a match may have more than 400 bytes");
    *out = (facts){.row = pattern->row, .width = (uint16_t)read.max_width};
    out->is_fixed = read.min_width == read.max_width;
    out->begins_at_word = begins_at_word(pattern->text);
    return VEIL_OK;
}

/* What hs_compile_multi wants. */
typedef struct arrays {
    const char **texts;
    unsigned *flags;
    unsigned *ids;
    char *copies; /* of patterns that begin with \b */
    size_t copy_bytes;
} arrays;

static void arrays_free(const vl_allocator *allocator, arrays *a, size_t count)
{
    vl_free(allocator, a->texts, count * sizeof *a->texts);
    vl_free(allocator, a->flags, count * sizeof *a->flags);
    vl_free(allocator, a->ids, count * sizeof *a->ids);
    vl_free(allocator, a->copies, a->copy_bytes);
}

static veil_status arrays_make(const vl_allocator *allocator, const vl_own_pattern *patterns, size_t count, arrays *a)
{
    for (size_t i = 0; i < count; i++)
        a->copy_bytes += strlen(patterns[i].text) + WORD_ROOM;
    a->texts = vl_alloc(allocator, count * sizeof *a->texts);
    a->flags = vl_alloc(allocator, count * sizeof *a->flags);
    a->ids = vl_alloc(allocator, count * sizeof *a->ids);
    a->copies = vl_alloc(allocator, a->copy_bytes);
    if (a->texts == NULL || a->flags == NULL || a->ids == NULL || a->copies == NULL) return VEIL_ERR_NO_MEMORY;
    char *to = a->copies;
    for (size_t i = 0; i < count; i++) {
        const char *text = patterns[i].text;
        bool is_word = begins_at_word(text);
        a->texts[i] = to;
        to += sprintf(to, "%s%s", is_word ? WORD_START : "", text + (is_word ? 2 : 0)) + 1;
        a->flags[i] = flags_of(&patterns[i]);
        a->ids[i] = (unsigned)i;
    }
    return VEIL_OK;
}

static veil_status compile(const arrays *a, size_t count, hs_database_t **out, vl_pattern_refusal *refusal)
{
    hs_compile_error_t *reason = NULL;
    hs_error_t code = hs_compile_multi(a->texts, a->flags, a->ids, (unsigned)count, HS_MODE_BLOCK, NULL, out, &reason);
    return code == HS_SUCCESS ? VEIL_OK : refuse_by_engine(refusal, SIZE_MAX, code, reason);
}

/* The database of starts holds the patterns of varying width alone. */
static veil_status compile_starts(vl_own_patterns *made, arrays *a, vl_pattern_refusal *refusal)
{
    size_t kept = 0;
    for (size_t i = 0; i < made->count; i++) {
        if (made->facts[i].is_fixed) continue;
        a->texts[kept] = a->texts[i];
        a->flags[kept] = a->flags[i] | HS_FLAG_SOM_LEFTMOST;
        a->ids[kept++] = (unsigned)i;
    }
    if (kept == 0) return VEIL_OK;
    veil_status status = compile(a, kept, &made->starts, refusal);
    if (status == VEIL_ERR_INVALID_ARGUMENT && refusal->index < kept) refusal->index = a->ids[refusal->index];
    return status;
}

veil_status vl_own_patterns_create(const vl_allocator *allocator, const vl_own_pattern *patterns, size_t count,
                                   vl_own_patterns **out, vl_pattern_refusal *refusal)
{
    *out = NULL;
    *refusal = (vl_pattern_refusal){.index = SIZE_MAX};
    vl_own_patterns *made = vl_alloc_zero(allocator, 1, sizeof *made);
    if (made == NULL) return VEIL_ERR_NO_MEMORY;
    made->allocator = *allocator;
    made->count = count;
    made->facts = vl_alloc_zero(allocator, count, sizeof *made->facts);
    arrays a = {.copy_bytes = 0};
    veil_status status = made->facts == NULL ? VEIL_ERR_NO_MEMORY : VEIL_OK;
    for (size_t i = 0; i < count && status == VEIL_OK; i++)
        status = measure(&patterns[i], i, &made->facts[i], refusal);
    if (status == VEIL_OK) status = arrays_make(allocator, patterns, count, &a);
    if (status == VEIL_OK) status = compile(&a, count, &made->ends, refusal);
    if (status == VEIL_OK) status = compile_starts(made, &a, refusal);
    arrays_free(allocator, &a, count);
    if (status != VEIL_OK) {
        vl_own_patterns_destroy(made);
        return status;
    }
    *out = made;
    return VEIL_OK;
}

void vl_own_patterns_destroy(vl_own_patterns *patterns)
{
    if (patterns == NULL) return;
    vl_allocator allocator = patterns->allocator;
    hs_free_database(patterns->ends);
    hs_free_database(patterns->starts);
    vl_free(&allocator, patterns->facts, patterns->count * sizeof *patterns->facts);
    vl_free(&allocator, patterns, sizeof *patterns);
}

veil_status vl_own_patterns_scratch(const vl_own_patterns *patterns, hs_scratch_t **scratch)
{
    hs_error_t code = hs_alloc_scratch(patterns->ends, scratch);
    if (code == HS_SUCCESS && patterns->starts != NULL) code = hs_alloc_scratch(patterns->starts, scratch);
    return code == HS_SUCCESS ? VEIL_OK : VEIL_ERR_NO_MEMORY;
}

/* ---- Scanning ---------------------------------------------------------------------------------------------------- */

typedef struct range {
    size_t from;
    size_t to;
} range;

typedef struct walk {
    const vl_own_patterns *patterns;
    const vl_scan *scan;
    size_t origin; /* of the bytes that are scanned */
    size_t end;
    vl_own_match_fn each;
    void *user;
    unsigned range_count;
    range ranges[RANGE_MAX]; /* around hits whose starts are wanted; ordered, apart from each other */
} walk;

/* Note where to look for starts. When there is no room for one more range, the last one grows. */
static void note_range(walk *w, size_t from, size_t to)
{
    for (; w->range_count > 0; w->range_count--) {
        range *last = &w->ranges[w->range_count - 1];
        if (from > last->to && w->range_count < RANGE_MAX) break;
        if (last->from < from) from = last->from;
        if (last->to > to) to = last->to;
    }
    w->ranges[w->range_count++] = (range){from, to};
}

static int note_end(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    walk *w = context;
    const facts *f = &w->patterns->facts[id];
    size_t end = w->origin + (size_t)to;
    (void)from, (void)flags;
    if (f->is_fixed) {
        size_t start = end - f->width;
        bool splits_word = f->begins_at_word && vl_is_word(w->scan->text[start]) && vl_word_before(w->scan, start);
        return !splits_word && w->each(w->user, f->row, start, end); /* two backslashes are no escape */
    }
    size_t reach = f->width + SIDE_BYTES;
    note_range(w, end > reach ? end - reach : 0, end < w->scan->size ? end + 1 : end);
    return 0;
}

static int note_start(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    walk *w = context;
    const facts *f = &w->patterns->facts[id];
    size_t start = w->origin + (size_t)from;
    size_t end = w->origin + (size_t)to;
    (void)flags;
    if (from == 0 && w->origin > 0) return 0;                /* what stands before it was not seen */
    if (end == w->end && end < w->scan->size) return 0;      /* nor what stands behind it */
    if (f->begins_at_word && w->scan->text[start] == '\\') { /* the escape before the word, or two backslashes */
        unsigned escape = vl_escape_length(w->scan, start + 1);
        if (escape == 0) return 0;
        start += 1 + escape;
    }
    return end > start && end - start <= f->width && w->each(w->user, f->row, start, end);
}

static veil_status run(walk *w, const hs_database_t *database, hs_scratch_t *scratch, size_t from, size_t to,
                       match_event_handler each)
{
    w->origin = from;
    w->end = to;
    hs_error_t code = hs_scan(database, (const char *)w->scan->text + from, (unsigned)(to - from), 0, scratch, each, w);
    return code == HS_SUCCESS || code == HS_SCAN_TERMINATED ? VEIL_OK : VEIL_ERR_INTERNAL;
}

veil_status vl_own_patterns_scan(const vl_own_patterns *patterns, hs_scratch_t *scratch, const vl_scan *scan,
                                 size_t from, size_t to, vl_own_match_fn each, void *user)
{
    walk w = {.patterns = patterns, .scan = scan, .each = each, .user = user};
    size_t origin = from > SIDE_BYTES ? from - SIDE_BYTES : 0;
    size_t end = scan->size - to < REACH_BYTES ? scan->size : to + REACH_BYTES;
    veil_status status = run(&w, patterns->ends, scratch, origin, end, note_end);
    for (unsigned i = 0; i < w.range_count && status == VEIL_OK; i++)
        status = run(&w, patterns->starts, scratch, w.ranges[i].from, w.ranges[i].to, note_start);
    return status;
}

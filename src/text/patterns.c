#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256 needs no library context */
#include "text/patterns.h"

#include <hs.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/secrets_rows.h"

struct vl_patterns {
    vl_allocator allocator;
    hs_database_t *ends;   /* walks the text; anchored sets have no other */
    hs_database_t *starts; /* the same patterns with start offsets */
    size_t width;          /* of the longest match */
};

struct vl_patterns_scratch {
    vl_allocator allocator;
    hs_scratch_t *walk;   /* of databases that walk the text */
    hs_scratch_t *refine; /* of start databases, which are asked from inside the callback of the others; NULL: none */
};

/* One scan, for its callbacks. */
typedef struct walk {
    const vl_patterns *patterns;
    vl_patterns_scratch *scratch;
    const uint8_t *text;
    size_t size;
    size_t origin; /* of the bytes that are scanned */
    size_t from;   /* matches that start in [from, to) are reported */
    size_t to;
    vl_pattern_fn each;
    void *user;
    veil_status status;
} walk;

/* The start of one match. */
typedef struct search {
    uint32_t id;
    size_t end;   /* from the scanned bytes' start */
    size_t start; /* SIZE_MAX: not found */
} search;

static veil_status refuse(vl_pattern_fault *fault, size_t index, const char *reason)
{
    if (fault != NULL) {
        fault->index = index;
        snprintf(fault->reason, sizeof fault->reason, "%s", reason);
    }
    return VEIL_ERR_INVALID_ARGUMENT;
}

static unsigned hs_flags(const vl_pattern *pattern)
{
    return HS_FLAG_DOTALL | ((pattern->flags & VL_PATTERN_CASELESS) != 0 ? HS_FLAG_CASELESS : 0u);
}

static veil_status compile_failed(hs_error_t code, hs_compile_error_t *reason, vl_pattern_fault *fault)
{
    veil_status status = VEIL_ERR_NO_MEMORY;
    if (code == HS_COMPILER_ERROR && reason != NULL)
        status = refuse(fault, reason->expression < 0 ? SIZE_MAX : (size_t)reason->expression, reason->message);
    hs_free_compile_error(reason);
    return status;
}

/* Matches must be bounded, or a window could not hold them, and must not be empty, or there would be one at every byte. */
static veil_status measure(const vl_pattern *patterns, size_t count, size_t *width, vl_pattern_fault *fault)
{
    *width = 0;
    for (size_t i = 0; i < count; i++) {
        hs_expr_info_t *info = NULL;
        hs_compile_error_t *reason = NULL;
        hs_error_t code = hs_expression_info(patterns[i].text, hs_flags(&patterns[i]), &info, &reason);
        if (code != HS_SUCCESS) {
            veil_status status = compile_failed(code, reason, fault);
            if (fault != NULL) fault->index = i;
            return status;
        }
        hs_expr_info_t facts = *info;
        free(info); /* the host may not have replaced its allocator: we never do */
        if (facts.min_width == 0) return refuse(fault, i, "the pattern matches the empty text");
        if (facts.max_width > VL_PATTERN_WIDTH_MAX) return refuse(fault, i, "a match may be longer than 400 bytes");
        if (facts.max_width > *width) *width = facts.max_width;
    }
    return VEIL_OK;
}

/* hs_compile_multi wants arrays, and an anchored set its own texts. */
typedef struct arrays {
    const char **texts;
    unsigned *flags;
    unsigned *ids;
    char *copies;
    size_t copy_bytes;
} arrays;

static size_t anchored_bytes(const vl_pattern *patterns, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += (size_t)vl_pattern_anchor(patterns[i].text, NULL, 0) + 1;
    return total;
}

static void arrays_free(const vl_allocator *allocator, arrays *a, size_t count)
{
    vl_free(allocator, a->texts, count * sizeof *a->texts);
    vl_free(allocator, a->flags, count * sizeof *a->flags);
    vl_free(allocator, a->ids, count * sizeof *a->ids);
    vl_free(allocator, a->copies, a->copy_bytes);
}

static veil_status arrays_make(const vl_allocator *allocator, const vl_pattern *patterns, size_t count,
                               vl_patterns_kind kind, arrays *a)
{
    *a = (arrays){.copy_bytes = kind == VL_PATTERNS_ANCHORED ? anchored_bytes(patterns, count) : 1};
    a->texts = vl_alloc(allocator, count * sizeof *a->texts);
    a->flags = vl_alloc(allocator, count * sizeof *a->flags);
    a->ids = vl_alloc(allocator, count * sizeof *a->ids);
    a->copies = vl_alloc(allocator, a->copy_bytes);
    if (a->texts == NULL || a->flags == NULL || a->ids == NULL || a->copies == NULL) return VEIL_ERR_NO_MEMORY;
    char *at = a->copies;
    for (size_t i = 0; i < count; i++) {
        a->texts[i] = patterns[i].text;
        a->flags[i] = hs_flags(&patterns[i]);
        a->ids[i] = patterns[i].id;
        if (kind != VL_PATTERNS_ANCHORED) continue;
        a->texts[i] = at;
        at += vl_pattern_anchor(patterns[i].text, at, a->copy_bytes - (size_t)(at - a->copies)) + 1;
    }
    return VEIL_OK;
}

static veil_status compile(arrays *a, size_t count, unsigned more, hs_database_t **out, vl_pattern_fault *fault)
{
    hs_compile_error_t *reason = NULL;
    for (size_t i = 0; i < count; i++)
        a->flags[i] |= more;
    hs_error_t code = hs_compile_multi(a->texts, a->flags, a->ids, (unsigned)count, HS_MODE_BLOCK, NULL, out, &reason);
    return code == HS_SUCCESS ? VEIL_OK : compile_failed(code, reason, fault);
}

veil_status vl_patterns_create(const vl_allocator *allocator, const vl_pattern *patterns, size_t count,
                               vl_patterns_kind kind, vl_patterns **out, vl_pattern_fault *fault)
{
    *out = NULL;
    if (fault != NULL) *fault = (vl_pattern_fault){.index = SIZE_MAX};
    if (count == 0) return refuse(fault, SIZE_MAX, "no patterns");
    vl_patterns *made = vl_alloc_zero(allocator, 1, sizeof *made);
    if (made == NULL) return VEIL_ERR_NO_MEMORY;
    made->allocator = *allocator;
    arrays a = {0};
    veil_status status = measure(patterns, count, &made->width, fault);
    if (status == VEIL_OK) status = arrays_make(allocator, patterns, count, kind, &a);
    if (status == VEIL_OK) status = compile(&a, count, 0, &made->ends, fault);
    if (status == VEIL_OK && kind == VL_PATTERNS_ANYWHERE)
        status = compile(&a, count, HS_FLAG_SOM_LEFTMOST, &made->starts, fault);
    arrays_free(allocator, &a, count);
    if (status != VEIL_OK) {
        vl_patterns_destroy(made);
        return status;
    }
    *out = made;
    return VEIL_OK;
}

veil_status vl_patterns_load(const vl_allocator *allocator, const vl_patterns_image *image, size_t width,
                             vl_patterns **out)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    *out = NULL;
    if (strcmp(image->version, hs_version()) != 0) return VEIL_ERR_UNSUPPORTED;
    (void)SHA256((const unsigned char *)image->words, image->size_bytes, digest);
    if (memcmp(digest, image->digest, sizeof digest) != 0) return VEIL_ERR_INTERNAL;
    vl_patterns *made = vl_alloc_zero(allocator, 1, sizeof *made);
    if (made == NULL) return VEIL_ERR_NO_MEMORY;
    made->allocator = *allocator;
    made->width = width;
    hs_error_t code = hs_deserialize_database((const char *)image->words, image->size_bytes, &made->ends);
    if (code != HS_SUCCESS) {
        vl_patterns_destroy(made);
        return code == HS_NOMEM ? VEIL_ERR_NO_MEMORY : VEIL_ERR_UNSUPPORTED;
    }
    *out = made;
    return VEIL_OK;
}

void vl_patterns_destroy(vl_patterns *patterns)
{
    if (patterns == NULL) return;
    vl_allocator allocator = patterns->allocator;
    hs_free_database(patterns->ends);
    hs_free_database(patterns->starts);
    vl_free(&allocator, patterns, sizeof *patterns);
}

size_t vl_patterns_width(const vl_patterns *patterns)
{
    return patterns->width;
}

static size_t database_bytes(const hs_database_t *database)
{
    size_t bytes = 0;
    if (database != NULL && hs_database_size(database, &bytes) != HS_SUCCESS) bytes = 0;
    return bytes;
}

size_t vl_patterns_bytes(const vl_patterns *patterns)
{
    return database_bytes(patterns->ends) + database_bytes(patterns->starts);
}

veil_status vl_patterns_scratch_create(const vl_allocator *allocator, const vl_patterns *const *list, size_t count,
                                       vl_patterns_scratch **out)
{
    vl_patterns_scratch *scratch = vl_alloc_zero(allocator, 1, sizeof *scratch);
    *out = NULL;
    if (scratch == NULL) return VEIL_ERR_NO_MEMORY;
    scratch->allocator = *allocator;
    hs_error_t code = HS_SUCCESS;
    for (size_t i = 0; i < count && code == HS_SUCCESS; i++) {
        if (list[i] == NULL) continue;
        code = hs_alloc_scratch(list[i]->ends, &scratch->walk); /* grows to what the most demanding one needs */
        if (code == HS_SUCCESS && list[i]->starts != NULL) code = hs_alloc_scratch(list[i]->starts, &scratch->refine);
    }
    if (code != HS_SUCCESS) {
        vl_patterns_scratch_destroy(scratch);
        return code == HS_NOMEM ? VEIL_ERR_NO_MEMORY : VEIL_ERR_INTERNAL;
    }
    *out = scratch;
    return VEIL_OK;
}

void vl_patterns_scratch_destroy(vl_patterns_scratch *scratch)
{
    if (scratch == NULL) return;
    vl_allocator allocator = scratch->allocator;
    hs_free_scratch(scratch->walk);
    hs_free_scratch(scratch->refine);
    vl_free(&allocator, scratch, sizeof *scratch);
}

static size_t hs_scratch_bytes(const hs_scratch_t *scratch)
{
    size_t bytes = 0;
    if (scratch != NULL && hs_scratch_size(scratch, &bytes) != HS_SUCCESS) bytes = 0;
    return bytes;
}

size_t vl_patterns_scratch_bytes(const vl_patterns_scratch *scratch)
{
    return hs_scratch_bytes(scratch->walk) + hs_scratch_bytes(scratch->refine);
}

static int take_start(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    search *wanted = context;
    (void)flags;
    if (id == wanted->id && to == wanted->end && from < wanted->start) wanted->start = (size_t)from;
    return 0;
}

/* The start lies in the bytes that a match can have before its end. One byte more on each side decides boundaries. */
static veil_status find_start(const walk *w, uint32_t id, size_t end, size_t *start)
{
    size_t reach = w->patterns->width + 1;
    size_t origin = end > reach ? end - reach : 0;
    size_t stop = end < w->size ? end + 1 : end;
    search wanted = {id, end - origin, SIZE_MAX};
    hs_error_t code = hs_scan(w->patterns->starts, (const char *)w->text + origin, (unsigned)(stop - origin), 0,
                              w->scratch->refine, take_start, &wanted);
    if (code != HS_SUCCESS) return VEIL_ERR_INTERNAL;
    *start = wanted.start == SIZE_MAX ? SIZE_MAX : origin + wanted.start;
    return VEIL_OK;
}

static int take_end(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    walk *w = context;
    size_t end = w->origin + (size_t)to;
    size_t start = w->from;
    (void)from, (void)flags;
    if (end <= w->from) return 0;
    if (w->patterns->starts != NULL) w->status = find_start(w, id, end, &start);
    if (w->status == VEIL_OK && start != SIZE_MAX && start >= w->from && start < w->to)
        w->status = w->each(w->user, id, start, end);
    return w->status != VEIL_OK;
}

/* Scan [w->origin, stop). Hyperscan takes a length of 32 bits; a caller's range is a window. */
static veil_status run(walk *w, size_t stop)
{
    if (stop > w->size) stop = w->size;
    if (stop - w->origin > UINT32_MAX) return VEIL_ERR_INTERNAL;
    hs_error_t code = hs_scan(w->patterns->ends, (const char *)w->text + w->origin, (unsigned)(stop - w->origin), 0,
                              w->scratch->walk, take_end, w);
    if (w->status != VEIL_OK) return w->status;
    return code == HS_SUCCESS ? VEIL_OK : VEIL_ERR_INTERNAL;
}

veil_status vl_patterns_scan(const vl_patterns *patterns, vl_patterns_scratch *scratch, const uint8_t *text,
                             size_t size, size_t from, size_t to, vl_pattern_fn each, void *user)
{
    walk w = {patterns, scratch, text, size, from > 0 ? from - 1 : 0, from, to, each, user, VEIL_OK};
    return from >= to ? VEIL_OK : run(&w, to + patterns->width);
}

veil_status vl_patterns_at(const vl_patterns *patterns, vl_patterns_scratch *scratch, const uint8_t *text, size_t size,
                           size_t at, vl_pattern_fn each, void *user)
{
    walk w = {patterns, scratch, text, size, at, at, at + 1, each, user, VEIL_OK};
    return run(&w, at + patterns->width + 1);
}

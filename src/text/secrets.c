#include "text/secrets.h"

#include <hs.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "text/text.h"
#include "text/walks.h"

#define PATTERN_BYTES 1024u
#define ESCAPE_BYTES  6u
#define WORD_START    "(?:\\b|\\\\(?:[nrtbf]|u[0-9a-fA-F]{4}))"

#define REACH_MAX                                                                                                      \
    512u /* bytes behind a window that a match begun in it may need; VL_LOOK_BACK bounds rows' widths too */

struct vl_secrets {
    vl_allocator allocator;
    vl_row_set rows;
    unsigned row_count;
    hs_database_t *all;                  /* NULL: no row is in force */
    hs_database_t *starts[VL_ROW_COUNT]; /* with start offsets, for rows without a matcher */
    vl_lead_set leads;
    bool has_leads; /* every row begins with known bytes, so text without them is not scanned */
};

typedef struct hit {
    uint32_t row;
    uint32_t end; /* from the scanned bytes' start */
} hit;

struct vl_secrets_scratch {
    hs_scratch_t *scratch;
    hit hits[VL_HITS_MAX];
    uint32_t hit_count;
    uint32_t end;   /* of the hit whose start is searched */
    uint32_t start; /* found, UINT32_MAX: none */
};

static unsigned compile_flags(size_t row)
{
    return HS_FLAG_DOTALL | ((vl_rows[row].flags & VL_ROW_CASELESS) != 0 ? HS_FLAG_CASELESS : 0u);
}

static veil_status compile_failed(hs_compile_error_t *reason, hs_error_t code, veil_error *error)
{
    hs_free_compile_error(reason);
    if (code == HS_NOMEM) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "Hyperscan database");
    return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "Hyperscan refuses a built-in pattern (%d)", (int)code);
}

/* The row's pattern; what begins at a word's start may begin behind an escape as well, which is then a part of the match. */
static veil_status make_pattern(size_t row, char pattern[PATTERN_BYTES], veil_error *error)
{
    const char *text = vl_rows[row].pattern;
    bool is_word = strncmp(text, "\\b", 2) == 0;
    int length = snprintf(pattern, PATTERN_BYTES, "%s%s", is_word ? WORD_START : "", text + (is_word ? 2 : 0));
    if (length < (int)PATTERN_BYTES) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "a built-in pattern is too long");
}

/* One database for all rows, without start offsets. Mixing rows with and without them would slow it. */
static veil_status compile_all(vl_secrets *secrets, veil_error *error)
{
    const char *patterns[VL_ROW_COUNT];
    unsigned flags[VL_ROW_COUNT];
    unsigned ids[VL_ROW_COUNT];
    unsigned count = 0;
    char(*texts)[PATTERN_BYTES] = vl_alloc(&secrets->allocator, secrets->row_count * sizeof *texts);
    if (texts == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "Hyperscan patterns");
    veil_status status = VEIL_OK;
    for (unsigned row = 0; row < VL_ROW_COUNT && status == VEIL_OK; row++) {
        if (!vl_row_set_has(&secrets->rows, row)) continue;
        status = make_pattern(row, texts[count], error);
        patterns[count] = texts[count];
        flags[count] = compile_flags(row);
        ids[count++] = row;
    }
    if (status == VEIL_OK) {
        hs_compile_error_t *reason = NULL;
        hs_error_t code = hs_compile_multi(patterns, flags, ids, count, HS_MODE_BLOCK, NULL, &secrets->all, &reason);
        if (code != HS_SUCCESS) status = compile_failed(reason, code, error);
    }
    vl_free(&secrets->allocator, texts, secrets->row_count * sizeof *texts);
    return status;
}

static veil_status compile_start(vl_secrets *secrets, size_t row, veil_error *error)
{
    char pattern[PATTERN_BYTES];
    veil_status status = make_pattern(row, pattern, error);
    if (status != VEIL_OK) return status;
    hs_compile_error_t *reason = NULL;
    hs_error_t code = hs_compile(pattern, compile_flags(row) | HS_FLAG_SOM_LEFTMOST, HS_MODE_BLOCK, NULL,
                                 &secrets->starts[row], &reason);
    return code == HS_SUCCESS ? VEIL_OK : compile_failed(reason, code, error);
}

/* Leads of the rows in force; eight buckets are enough, for similar leads may share one. */
static void collect_leads(vl_secrets *secrets)
{
    vl_lead_set_clear(&secrets->leads);
    secrets->has_leads = true;
    unsigned bucket = 0;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        if (!vl_row_set_has(&secrets->rows, row)) continue;
        const char *lead = vl_rows[row].lead;
        if (lead[0] == '\0') secrets->has_leads = false;
        for (; strlen(lead) >= VL_LEAD_BYTES; lead += VL_LEAD_BYTES + (lead[VL_LEAD_BYTES] == ' '))
            vl_lead_set_add(&secrets->leads, bucket % 8, lead);
        bucket++;
    }
}

veil_status vl_secrets_create(const vl_allocator *allocator, vl_secrets **out, veil_error *error)
{
    vl_secrets *secrets = vl_alloc_zero(allocator, 1, sizeof *secrets);
    *out = NULL;
    if (secrets == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text: secrets");
    secrets->allocator = *allocator;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        if ((vl_rows[row].flags & VL_ROW_HYPERSCAN) == 0) continue;
        vl_row_set_add(&secrets->rows, row);
        secrets->row_count++;
    }
    veil_status status = VEIL_OK;
    if (secrets->row_count != 0) status = compile_all(secrets, error);
    for (unsigned row = 0; row < VL_ROW_COUNT && status == VEIL_OK; row++) {
        bool needs_start = vl_row_set_has(&secrets->rows, row) && (vl_rows[row].flags & VL_ROW_NO_REFERENCE) == 0;
        if (needs_start) status = compile_start(secrets, row, error);
    }
    if (status != VEIL_OK) {
        vl_secrets_destroy(secrets);
        return status;
    }
    collect_leads(secrets);
    *out = secrets;
    return VEIL_OK;
}

void vl_secrets_destroy(vl_secrets *secrets)
{
    if (secrets == NULL) return;
    vl_allocator allocator = secrets->allocator;
    hs_free_database(secrets->all);
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        hs_free_database(secrets->starts[row]);
    vl_free(&allocator, secrets, sizeof *secrets);
}

veil_status vl_secrets_scratch_create(const vl_secrets *secrets, const vl_allocator *allocator,
                                      vl_secrets_scratch **out)
{
    vl_secrets_scratch *scratch = vl_alloc_zero(allocator, 1, sizeof *scratch);
    *out = NULL;
    if (scratch == NULL) return VEIL_ERR_NO_MEMORY;
    hs_error_t code = secrets->all == NULL ? HS_SUCCESS : hs_alloc_scratch(secrets->all, &scratch->scratch);
    /* One scratch for all databases: it grows to what the most demanding one needs. */
    for (size_t row = 0; row < VL_ROW_COUNT && code == HS_SUCCESS; row++)
        if (secrets->starts[row] != NULL) code = hs_alloc_scratch(secrets->starts[row], &scratch->scratch);
    if (code != HS_SUCCESS) {
        vl_secrets_scratch_destroy(scratch, allocator);
        return code == HS_NOMEM ? VEIL_ERR_NO_MEMORY : VEIL_ERR_INTERNAL;
    }
    *out = scratch;
    return VEIL_OK;
}

void vl_secrets_scratch_destroy(vl_secrets_scratch *scratch, const vl_allocator *allocator)
{
    if (scratch == NULL) return;
    hs_free_scratch(scratch->scratch);
    vl_wipe(scratch, sizeof *scratch);
    vl_free(allocator, scratch, sizeof *scratch);
}

/* Hyperscan may not be called again from a callback with the same scratch, so hits are noted and refined afterwards. */
static int note_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    vl_secrets_scratch *scratch = context;
    (void)from, (void)flags;
    scratch->hits[scratch->hit_count++] = (hit){id, (uint32_t)to};
    return scratch->hit_count == VL_HITS_MAX;
}

static int note_start(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    vl_secrets_scratch *scratch = context;
    (void)id, (void)flags;
    if (to == scratch->end && from < scratch->start) scratch->start = (uint32_t)from;
    return 0;
}

/* Any row: look for the start with the row's own database in the bytes that a match can have before its end. One byte more
 * on each side decides word boundaries. */
static veil_status refine_any(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, unsigned row,
                              size_t end)
{
    size_t reach = vl_rows[row].width_max + ESCAPE_BYTES + 1u;
    size_t from = end > reach ? end - reach : 0;
    size_t to = end < scan->size ? end + 1 : end;
    scratch->end = (uint32_t)(end - from);
    scratch->start = UINT32_MAX;
    hs_error_t code = hs_scan(secrets->starts[row], (const char *)scan->text + from, (unsigned)(to - from), 0,
                              scratch->scratch, note_start, scratch);
    if (code != HS_SUCCESS) return VEIL_ERR_INTERNAL;
    if (scratch->start == UINT32_MAX) return VEIL_OK;
    size_t start = from + scratch->start;
    unsigned escape = scan->text[start] == '\\' ? vl_escape_length(scan, start + 1) : 0;
    if (scan->text[start] == '\\' && escape == 0) return VEIL_OK; /* two backslashes: the letter belongs to a word */
    vl_try(scan, row, escape == 0 ? start : start + 1 + escape, end);
    return VEIL_OK;
}

static veil_status refine(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t origin,
                          uint32_t index)
{
    unsigned row = scratch->hits[index].row;
    size_t end = origin + scratch->hits[index].end;
    if (!vl_on(scan, row)) return VEIL_OK;
    if (row == VL_ROW_JWT) {
        vl_match_jwt(scan, end);
    } else if (row == VL_ROW_PRIVATE_KEY) {
        vl_match_private_key(scan, end);
    } else {
        return refine_any(secrets, scratch, scan, row, end);
    }
    return VEIL_OK;
}

veil_status vl_secrets_scan(const vl_secrets *secrets, vl_secrets_scratch *scratch, const vl_kernels *kernels,
                            vl_scan *scan, size_t from, size_t to)
{
    size_t reach = to + REACH_MAX < scan->size ? to + REACH_MAX : scan->size;
    if (secrets->all == NULL || !vl_row_set_meets(&secrets->rows, scan->rows)) return VEIL_OK;
    while (from < to) {
        if (secrets->has_leads) {
            size_t span = to + 2 < scan->size ? to + 2 - from : scan->size - from;
            size_t lead = kernels->find_lead(scan->text + from, span, &secrets->leads);
            if (lead == span) return VEIL_OK;
            from += lead;
        }
        size_t origin = from > ESCAPE_BYTES ? from - ESCAPE_BYTES : 0; /* what is before decides the word boundary */
        scratch->hit_count = 0;
        hs_error_t code = hs_scan(secrets->all, (const char *)scan->text + origin, (unsigned)(reach - origin), 0,
                                  scratch->scratch, note_hit, scratch);
        if (code != HS_SUCCESS && code != HS_SCAN_TERMINATED) return VEIL_ERR_INTERNAL;
        for (uint32_t i = 0; i < scratch->hit_count; i++) {
            veil_status status = refine(secrets, scratch, scan, origin, i);
            if (status != VEIL_OK) return status;
        }
        if (code == HS_SUCCESS) return VEIL_OK;
        /* The list of hits was full: go on behind the last one, with what a longer match may have begun before it. */
        from = origin + scratch->hits[VL_HITS_MAX - 1].end - VL_LOOK_BACK;
    }
    return VEIL_OK;
}

const char *vl_text_engine_version(void)
{
    return hs_version();
}

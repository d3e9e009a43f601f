/*
 * The host's own recognizers: from the configuration to rows, entities, databases and lists, all in memory of their own, for
 * what the host passed is borrowed only. Then the scan of one window: every kind emits through one function, which makes
 * one finding of overlapping matches of a row, so that a pattern without boundaries gives a run and not each of its parts.
 */
#include "text/custom.h"

#include <stdio.h>
#include <string.h>

#include "core/pool.h"
#include "text/custom_impl.h"

#define OWN_PRIORITY UINT8_MAX /* between matches of equal score and length the host's own recognizer wins */

/* ---- Rows and entities ------------------------------------------------------------------------------------------- */

/* What is being built; the rows and entities that the catalogue will show. */
typedef struct build {
    vl_custom *custom;
    const veil_recognizer *recognizers;
    size_t count;
    vl_row *rows;
    vl_entity *entities;
    const char **languages;
    bool *whole;
    veil_error *error;
} build;

static char *copy_text(vl_arena *arena, const char *text)
{
    return vl_arena_copy(arena, text, strlen(text));
}

static veil_status no_memory(veil_error *error)
{
    return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "own recognizers");
}

static veil_status check_names(const build *b)
{
    char label[128];
    size_t rows_max = VL_ROW_MAX - VL_ROW_COUNT;
    if (rows_max > VL_OWN_ROW_MAX) rows_max = VL_OWN_ROW_MAX;
    if (b->count > rows_max)
        return vl_error_set(b->error, VEIL_ERR_INVALID_ARGUMENT, 0, "%zu own recognizers; at most %zu", b->count,
                            rows_max);
    for (size_t i = 0; i < b->count; i++) {
        veil_status status = vl_own_check(&b->recognizers[i], i, b->error);
        if (status != VEIL_OK) return status;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(b->recognizers[i].name, b->recognizers[j].name) != 0) continue;
            vl_own_label(&b->recognizers[i], i, label);
            return vl_error_set(b->error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s: another one has this name", label);
        }
    }
    return VEIL_OK;
}

/* "a b" from a list, in small letters; NULL: no memory. */
static char *join(vl_arena *arena, const char *const *words, size_t count, char joint)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += strlen(words[i]) + 1;
    char *text = vl_arena_take(arena, size);
    if (text == NULL) return NULL;
    char *to = text;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *to++ = joint;
        for (const char *c = words[i]; *c != '\0'; c++)
            *to++ = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    }
    return text;
}

static veil_status add_entity(build *b, const veil_recognizer *r)
{
    vl_custom *custom = b->custom;
    unsigned *count = &custom->catalogue.own_entity_count;
    if (vl_catalogue_find(&custom->catalogue, r->entity) >= 0) return VEIL_OK;
    if (VL_ENTITY_COUNT + *count >= VL_ENTITY_MAX)
        return vl_error_set(b->error, VEIL_ERR_INVALID_ARGUMENT, 0, "own recognizers name more than %u new entities",
                            (unsigned)(VL_ENTITY_MAX - VL_ENTITY_COUNT));
    size_t size = strlen(r->entity);
    char *placeholder = vl_arena_take(&custom->arena, size + 3);
    char *description = vl_arena_take(&custom->arena, strlen(r->name) + 32);
    if (placeholder == NULL || description == NULL) return no_memory(b->error);
    sprintf(placeholder, "<%s>", r->entity);
    sprintf(description, "own recognizer %s", r->name);
    unsigned at = (*count)++;
    for (; at > 0 && strcmp(b->entities[at - 1].name, r->entity) > 0; at--)
        b->entities[at] = b->entities[at - 1];
    vl_entity *entity = &b->entities[at];
    *entity = (vl_entity){.placeholder = placeholder, .placeholder_bytes = size + 2, .country = "", .is_default = true};
    entity->name = copy_text(&custom->arena, r->entity);
    entity->validator = r->validator == NULL ? "" : copy_text(&custom->arena, r->validator);
    entity->description = description;
    entity->languages = join(&custom->arena, r->languages, r->language_count, ',');
    if (entity->name != NULL && entity->validator != NULL && entity->languages != NULL) return VEIL_OK;
    (*count)--; /* the catalogue shows nothing half made */
    return no_memory(b->error);
}

/* Whether a match may hold white space: of streams such a text's end is settled late. In doubt it may. */
static bool pattern_may_hold_space(const char *pattern)
{
    for (const char *c = pattern; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == '.' || (c[0] == '[' && c[1] == '^')) return true;
        if (*c != '\\' || c[1] == '\0') continue;
        c++;
        bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if ((is_letter && strchr("dwbB", *c) == NULL) || (*c >= '0' && *c <= '9')) return true;
    }
    return false;
}

static bool may_hold_space(const veil_recognizer *r)
{
    bool may = r->kind == VEIL_RECOGNIZER_CALLBACK;
    for (size_t i = 0; i < r->item_count && !may; i++)
        may = r->items[i] != NULL && (r->kind == VEIL_RECOGNIZER_PATTERN ? pattern_may_hold_space(r->items[i])
                                                                         : strpbrk(r->items[i], " \t\r\n\v\f") != NULL);
    return may;
}

static veil_status add_row(build *b, unsigned index)
{
    const veil_recognizer *r = &b->recognizers[index];
    vl_custom *custom = b->custom;
    vl_row *row = &b->rows[index];
    row->name = copy_text(&custom->arena, r->name);
    row->entity = (uint16_t)vl_catalogue_find(&custom->catalogue, r->entity);
    row->priority = OWN_PRIORITY;
    row->flags = (r->flags & VEIL_RECOGNIZER_SOFT_CHECK) != 0 ? VL_ROW_SOFT_CHECK : 0;
    row->score = r->kind == VEIL_RECOGNIZER_CALLBACK ? 1.0f : r->score;
    row->validate = r->validator == NULL ? NULL : vl_own_validator(r->validator);
    row->context = join(&custom->arena, r->context, r->context_count, ' ');
    row->pattern = "";
    row->lead = "";
    row->width_max = may_hold_space(r) ? VL_LOOK_BACK : 0; /* a finding of joined matches is as wide at most */
    row->before = "";
    row->trigger = "";
    const char *sample = r->sample;
    /* A list proves itself on its first word, unless a check might refuse it. */
    if (sample == NULL && r->kind == VEIL_RECOGNIZER_WORDS && r->validator == NULL) sample = r->items[0];
    row->sample = sample == NULL ? "" : copy_text(&custom->arena, sample);
    b->languages[index] = join(&custom->arena, r->languages, r->language_count, ',');
    b->whole[index] = (r->flags & VEIL_RECOGNIZER_WHOLE_WORD) != 0;
    custom->samples[index] = sample == NULL ? NULL : row->sample;
    custom->lines[index] = r->line;
    bool has_all = row->name != NULL && row->context != NULL && row->sample != NULL && b->languages[index] != NULL;
    return has_all ? VEIL_OK : no_memory(b->error);
}

static veil_status add_rows(build *b)
{
    vl_custom *custom = b->custom;
    vl_arena *arena = &custom->arena;
    b->rows = vl_arena_take(arena, (b->count + 1) * sizeof *b->rows);
    b->entities = vl_arena_take(arena, (b->count + 1) * sizeof *b->entities);
    b->languages = vl_arena_take(arena, (b->count + 1) * sizeof *b->languages);
    b->whole = vl_arena_take(arena, (b->count + 1) * sizeof *b->whole);
    custom->samples = vl_arena_take(arena, (b->count + 1) * sizeof *custom->samples);
    custom->lines = vl_arena_take(arena, (b->count + 1) * sizeof *custom->lines);
    bool has_all = b->rows != NULL && b->entities != NULL && b->languages != NULL && b->whole != NULL &&
                   custom->samples != NULL && custom->lines != NULL;
    if (!has_all) return no_memory(b->error);
    custom->catalogue.own_rows = b->rows;
    custom->catalogue.own_entities = b->entities;
    custom->catalogue.own_languages = b->languages;
    custom->are_whole = b->whole;
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < b->count && status == VEIL_OK; i++)
        status = add_entity(b, &b->recognizers[i]);
    for (unsigned i = 0; i < b->count && status == VEIL_OK; i++)
        status = add_row(b, i);
    if (status == VEIL_OK) custom->catalogue.own_row_count = (unsigned)b->count;
    return status;
}

/* ---- What finds them --------------------------------------------------------------------------------------------- */

static veil_status fail_item(build *b, size_t recognizer, size_t item, const char *reason)
{
    char label[128];
    vl_own_label(&b->recognizers[recognizer], recognizer, label);
    const char *what = b->recognizers[recognizer].kind == VEIL_RECOGNIZER_WORDS ? "word" : "pattern";
    return vl_error_set(b->error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s: %s %zu: %.110s", label, what, item + 1, reason);
}

static size_t collect_patterns(build *b, vl_own_pattern *patterns)
{
    size_t count = 0;
    for (unsigned i = 0; i < b->count; i++) {
        const veil_recognizer *r = &b->recognizers[i];
        if (r->kind != VEIL_RECOGNIZER_PATTERN) continue;
        vl_row_set_add(&b->custom->pattern_rows, VL_ROW_COUNT + i);
        for (size_t k = 0; k < r->item_count; k++, count++) {
            if (patterns == NULL) continue;
            patterns[count] = (vl_own_pattern){r->items[k], (uint16_t)(VL_ROW_COUNT + i), (uint16_t)k,
                                               (r->flags & VEIL_RECOGNIZER_CASELESS) != 0};
        }
    }
    return count;
}

static veil_status add_patterns(build *b)
{
    vl_custom *custom = b->custom;
    vl_pattern_refusal refusal;
    size_t count = collect_patterns(b, NULL);
    if (count == 0) return VEIL_OK;
    if (count > VL_OWN_PATTERN_MAX)
        return vl_error_set(b->error, VEIL_ERR_INVALID_ARGUMENT, 0, "%zu own patterns; at most %u", count,
                            VL_OWN_PATTERN_MAX);
    vl_own_pattern *patterns = vl_alloc(&custom->arena.allocator, count * sizeof *patterns);
    if (patterns == NULL) return no_memory(b->error);
    collect_patterns(b, patterns);
    veil_status status = vl_own_patterns_create(&custom->arena.allocator, patterns, count, &custom->patterns, &refusal);
    if (status == VEIL_ERR_NO_MEMORY) no_memory(b->error);
    if (status == VEIL_ERR_INVALID_ARGUMENT && refusal.index < count)
        fail_item(b, patterns[refusal.index].row - (size_t)VL_ROW_COUNT, patterns[refusal.index].item, refusal.reason);
    else if (status == VEIL_ERR_INVALID_ARGUMENT)
        vl_error_set(b->error, status, 0, "own patterns: %s", refusal.reason);
    vl_free(&custom->arena.allocator, patterns, count * sizeof *patterns);
    return status;
}

static veil_status add_words(build *b)
{
    vl_custom *custom = b->custom;
    vl_wordlist_source *sources = vl_arena_take(&custom->arena, (b->count + 1) * sizeof *sources);
    vl_word_fault fault;
    size_t count = 0;
    if (sources == NULL) return no_memory(b->error);
    for (unsigned i = 0; i < b->count; i++) {
        const veil_recognizer *r = &b->recognizers[i];
        if (r->kind != VEIL_RECOGNIZER_WORDS) continue;
        vl_row_set_add(&custom->word_rows, VL_ROW_COUNT + i);
        sources[count++] = (vl_wordlist_source){r->items, r->item_count, (uint16_t)(VL_ROW_COUNT + i),
                                                (r->flags & VEIL_RECOGNIZER_CASELESS) != 0};
    }
    if (count == 0) return VEIL_OK;
    veil_status status = vl_wordlist_create(&custom->arena.allocator, sources, count, &custom->words, &fault);
    if (status == VEIL_ERR_NO_MEMORY) return no_memory(b->error);
    if (status == VEIL_OK) return VEIL_OK;
    return fail_item(b, sources[fault.source].row - (size_t)VL_ROW_COUNT, fault.index, fault.reason);
}

static veil_status add_callbacks(build *b)
{
    vl_custom *custom = b->custom;
    custom->callbacks = vl_arena_take(&custom->arena, (b->count + 1) * sizeof *custom->callbacks);
    if (custom->callbacks == NULL) return no_memory(b->error);
    for (unsigned i = 0; i < b->count; i++) {
        const veil_recognizer *r = &b->recognizers[i];
        if (r->kind != VEIL_RECOGNIZER_CALLBACK) continue;
        vl_row_set_add(&custom->callback_rows, VL_ROW_COUNT + i);
        custom->callbacks[custom->callback_count++] =
            (vl_own_callback){r->callback, r->user, (uint16_t)(VL_ROW_COUNT + i)};
    }
    return VEIL_OK;
}

static veil_status check_lists(const veil_config *config, veil_error *error)
{
    if (config->recognizers == NULL && config->recognizer_count != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.recognizers is NULL but its count is not 0");
    if (config->allow == NULL && config->allow_count != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.allow is NULL but its count is not 0");
    return VEIL_OK;
}

veil_status vl_custom_create(const vl_allocator *allocator, const veil_config *config, vl_custom **out,
                             veil_error *error)
{
    *out = NULL;
    veil_status status = check_lists(config, error);
    if (status != VEIL_OK || (config->recognizer_count == 0 && config->allow_count == 0)) return status;
    vl_custom *custom = vl_alloc_zero(allocator, 1, sizeof *custom);
    if (custom == NULL) return no_memory(error);
    custom->arena.allocator = *allocator;
    build b = {.custom = custom, .recognizers = config->recognizers, .count = config->recognizer_count, .error = error};
    status = check_names(&b);
    if (status == VEIL_OK) status = add_rows(&b);
    if (status == VEIL_OK) status = add_patterns(&b);
    if (status == VEIL_OK) status = add_words(&b);
    if (status == VEIL_OK) status = add_callbacks(&b);
    if (status == VEIL_OK)
        status =
            vl_allow_create(allocator, config->allow, config->allow_count, &custom->catalogue, &custom->allow, error);
    if (status != VEIL_OK) {
        vl_custom_destroy(custom);
        return status;
    }
    *out = custom;
    return VEIL_OK;
}

void vl_custom_destroy(vl_custom *custom)
{
    if (custom == NULL) return;
    vl_allocator allocator = custom->arena.allocator;
    vl_own_patterns_destroy(custom->patterns);
    vl_wordlist_destroy(custom->words);
    vl_allow_destroy(custom->allow);
    vl_arena_free(&custom->arena);
    vl_free(&allocator, custom, sizeof *custom);
}

vl_catalogue vl_custom_catalogue(const vl_custom *custom)
{
    return custom == NULL ? (vl_catalogue){.own_rows = NULL} : custom->catalogue;
}

const char *vl_custom_sample(const vl_custom *custom, unsigned index)
{
    return custom->samples[index];
}

veil_status vl_custom_refuse_sample(const vl_custom *custom, unsigned index, veil_error *error)
{
    const char *name = custom->catalogue.own_rows[index].name;
    if (custom->lines[index] != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "line %u: recognizer %s does not find its sample",
                            custom->lines[index], name);
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.recognizers: %s does not find its sample", name);
}

bool vl_custom_has_callbacks(const vl_custom *custom, const vl_row_set *rows)
{
    return custom != NULL && vl_row_set_meets(&custom->callback_rows, rows);
}

veil_status vl_custom_scratch_create(const vl_custom *custom, vl_custom_scratch **out)
{
    *out = NULL;
    if (custom == NULL) return VEIL_OK;
    vl_custom_scratch *scratch = vl_alloc_zero(&custom->arena.allocator, 1, sizeof *scratch);
    if (scratch == NULL) return VEIL_ERR_NO_MEMORY;
    scratch->allocator = custom->arena.allocator;
    veil_status status = VEIL_OK;
    if (custom->callback_count > 0) {
        scratch->raw = vl_secret_pages(VL_CALLBACK_ROOM * sizeof *scratch->raw);
        scratch->found = vl_secret_pages(VL_CALLBACK_ROOM * sizeof *scratch->found);
        if (scratch->raw == NULL || scratch->found == NULL) status = VEIL_ERR_NO_MEMORY;
    }
    if (status == VEIL_OK && custom->patterns != NULL)
        status = vl_own_patterns_scratch(custom->patterns, &scratch->hyperscan);
    if (status == VEIL_OK && custom->allow != NULL) status = vl_allow_scratch(custom->allow, &scratch->hyperscan);
    if (status != VEIL_OK) {
        vl_custom_scratch_destroy(scratch);
        return status;
    }
    *out = scratch;
    return VEIL_OK;
}

void vl_custom_scratch_destroy(vl_custom_scratch *scratch)
{
    if (scratch == NULL) return;
    vl_allocator allocator = scratch->allocator;
    hs_free_scratch(scratch->hyperscan);
    if (scratch->raw != NULL) vl_secret_pages_free(scratch->raw, VL_CALLBACK_ROOM * sizeof *scratch->raw);
    if (scratch->found != NULL) vl_secret_pages_free(scratch->found, VL_CALLBACK_ROOM * sizeof *scratch->found);
    vl_free(&allocator, scratch, sizeof *scratch);
}

/* ---- One window -------------------------------------------------------------------------------------------------- */

typedef struct emission {
    const vl_custom *custom;
    vl_custom_scratch *scratch;
    vl_scan *scan;
    size_t to; /* matches from here on are the next window's */
    bool is_full;
    size_t full_at;
} emission;

/* Make `kept` cover `other` as well, unless it would be too long. */
static bool join_match(vl_match *kept, const vl_match *other)
{
    uint32_t start = kept->start < other->start ? kept->start : other->start;
    uint32_t end = kept->end > other->end ? kept->end : other->end;
    bool overlaps = kept->start < other->end && other->start < kept->end;
    bool holds = kept->start <= other->start && kept->end >= other->end;
    if (!overlaps || (!holds && end - start > VL_OWN_RUN_MAX)) return false;
    kept->start = start;
    kept->end = end;
    if (other->score > kept->score) kept->score = other->score;
    return true;
}

/* The last match is new: it goes into its row's last one, or becomes it. */
static void merge_last(emission *e)
{
    vl_scan *scan = e->scan;
    vl_match *match = &scan->matches[scan->count - 1];
    uint32_t *last = &e->scratch->last[match->row - VL_ROW_COUNT];
    vl_match *kept = *last == 0 ? NULL : &scan->matches[*last - 1];
    uint32_t left = kept == NULL ? 0 : kept->start;
    if (kept == NULL || !join_match(kept, match)) {
        *last = scan->count;
        return;
    }
    scan->count--;
    for (uint32_t i = scan->count; kept->start < left && i-- > 0;) { /* it may reach others now */
        vl_match *other = &scan->matches[i];
        if (other != kept && other->row == kept->row && join_match(kept, other)) other->end = other->start; /* empty */
    }
}

static void widen(const vl_scan *scan, size_t *start, size_t *end)
{
    for (unsigned i = 0; i < 3 && *start > 0 && (scan->text[*start] & 0xC0) == 0x80; i++)
        --*start;
    for (unsigned i = 0; i < 3 && *end < scan->size && (scan->text[*end] & 0xC0) == 0x80; i++)
        ++*end;
}

/* A word goes on at either end. */
static bool is_part(const vl_scan *scan, size_t start, size_t end)
{
    bool left = vl_is_word(scan->text[start]) || scan->text[start] >= 0x80;
    bool right = vl_is_word(scan->text[end - 1]) || scan->text[end - 1] >= 0x80;
    if (left && (vl_word_before(scan, start) || vl_letter_before(scan, start) != 0)) return true;
    return right && (vl_word_at(scan, end) || vl_letter_at(scan, end) != 0);
}

static bool emit(emission *e, unsigned row, size_t start, size_t end)
{
    vl_scan *scan = e->scan;
    if (start >= e->to || !vl_on(scan, row)) return false;
    uint32_t before = scan->count;
    if (before >= VL_OWN_MATCH_MAX) {
        e->is_full = true;
        e->full_at = start;
        return true;
    }
    vl_emit(scan, row, start, end);
    if (scan->count != before) merge_last(e);
    return false;
}

static bool emit_word(void *user, unsigned row, size_t start, size_t end)
{
    return emit(user, row, start, end);
}

static bool emit_pattern(void *user, unsigned row, size_t start, size_t end)
{
    emission *e = user;
    widen(e->scan, &start, &end);
    if (e->custom->are_whole[row - VL_ROW_COUNT] && is_part(e->scan, start, end)) return false;
    return emit(e, row, start, end);
}

/* Findings of callbacks have scores of their own. */
static void emit_found(emission *e, size_t from)
{
    vl_scan *scan = e->scan;
    const vl_custom_scratch *scratch = e->scratch;
    size_t low = 0;
    for (size_t high = scratch->found_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (scratch->found[middle].start < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < scratch->found_count && scratch->found[low].start < e->to; low++) {
        const vl_own_finding *found = &scratch->found[low];
        uint32_t before = scan->count;
        if (before >= VL_OWN_MATCH_MAX) {
            e->is_full = true;
            e->full_at = (size_t)found->start;
            return;
        }
        vl_emit_scored(scan, found->row, (size_t)found->start, (size_t)found->start + found->bytes, found->score);
        if (scan->count != before) merge_last(e);
    }
}

/* Runs that the cut went through go on as they were begun. */
static void open_runs(emission *e, const vl_own_runs *runs)
{
    vl_scan *scan = e->scan;
    memset(e->scratch->last, 0, e->custom->catalogue.own_row_count * sizeof e->scratch->last[0]);
    for (unsigned i = 0; i < runs->count; i++) {
        const vl_own_run *run = &runs->items[i];
        if (run->start < scan->base) continue; /* of a callback: longer than others */
        vl_match *match = &scan->matches[scan->count++];
        const vl_row *row = vl_row_of(&scan->tables->catalogue, run->row);
        *match = (vl_match){.start = (uint32_t)(run->start - scan->base), .end = (uint32_t)(run->end - scan->base)};
        match->row = run->row;
        match->entity = row->entity;
        match->priority = row->priority;
        e->scratch->last[run->row - VL_ROW_COUNT] = scan->count;
    }
}

/* Those runs were reported with the window before; and what was joined to others is empty. */
static void drop_closed(vl_scan *scan, uint32_t opened)
{
    uint32_t kept = 0;
    for (uint32_t i = opened; i < scan->count; i++)
        if (scan->matches[i].end > scan->matches[i].start) scan->matches[kept++] = scan->matches[i];
    scan->count = kept;
}

veil_status vl_custom_scan(const vl_custom *custom, vl_custom_scratch *scratch, vl_scan *scan, size_t from,
                           size_t *limit, const vl_own_runs *runs)
{
    const size_t to = *limit;
    emission e = {.custom = custom, .scratch = scratch, .scan = scan, .to = to};
    veil_status status = VEIL_OK;
    open_runs(&e, runs);
    uint32_t opened = scan->count;
    if (custom->callback_count > 0) emit_found(&e, from);
    if (custom->patterns != NULL && !e.is_full && vl_row_set_meets(&custom->pattern_rows, scan->rows))
        status = vl_own_patterns_scan(custom->patterns, scratch->hyperscan, scan, from, to, emit_pattern, &e);
    if (custom->words != NULL && !e.is_full && vl_row_set_meets(&custom->word_rows, scan->rows)) {
        /* a word that begins with punctuation is found at its first letter, behind its start */
        size_t reach = scan->size - to < VL_WORD_MAX_BYTES ? scan->size : to + VL_WORD_MAX_BYTES;
        vl_wordlist_scan(custom->words, scan, from, reach, emit_word, &e);
    }
    drop_closed(scan, opened);
    if (status != VEIL_OK || !e.is_full) return status;
    *limit = e.full_at;
    return VEIL_ERR_LIMIT;
}

void vl_custom_note_runs(const vl_scan *scan, size_t cut, vl_own_runs *runs)
{
    uint32_t at = (uint32_t)(cut - scan->base);
    runs->count = 0;
    for (uint32_t i = 0; i < scan->count && runs->count < VL_OWN_RUNS_MAX; i++) {
        const vl_match *match = &scan->matches[i];
        if (match->row < VL_ROW_COUNT || match->start >= at || match->end <= at) continue;
        runs->items[runs->count++] = (vl_own_run){scan->base + match->start, scan->base + match->end, match->row};
    }
}

veil_status vl_custom_begin(const vl_custom *custom, vl_custom_scratch *scratch, const vl_row_set *rows,
                            const uint8_t *text, size_t size, veil_error *error)
{
    if (!vl_custom_has_callbacks(custom, rows)) {
        if (custom->callback_count > 0) scratch->found_count = 0;
        return VEIL_OK;
    }
    return vl_own_callbacks_run(custom, scratch, rows, text, size, error);
}

veil_status vl_custom_allow(const vl_custom *custom, vl_custom_scratch *scratch, vl_scan *scan)
{
    uint32_t kept = 0;
    if (custom->allow == NULL) return VEIL_OK;
    for (uint32_t i = 0; i < scan->count; i++) {
        const vl_match *match = &scan->matches[i];
        bool holds = false;
        if (match->end > match->start) {
            veil_status status =
                vl_allow_holds(custom->allow, scratch->hyperscan, scan->text + scan->base + match->start,
                               match->end - match->start, match->entity, &holds);
            if (status != VEIL_OK) return status;
        }
        if (!holds) scan->matches[kept++] = *match;
    }
    scan->count = kept;
    return VEIL_OK;
}

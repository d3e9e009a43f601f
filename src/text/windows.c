/*
 * A text of any length in windows of fixed size, with the results of one unlimited window. A window is scanned a little
 * further than it is used: it is cut where no match crosses, VL_LOOK_BACK bytes or more before the point to which all anchors
 * were seen, so that nothing that begins before the cut is unknown. The next window begins at the cut.
 *
 *   base      first                         cut        stop          base + classified
 *    | look back |  matches of this window   |  dropped  |  for views  |
 *
 * A chain of overlapping matches that fills a whole window (a URL of many kilobytes) is longer than VL_CHAIN_MAX_BYTES and
 * goes as one, so it can be cut through: its placeholder is written with its first part, its winners are found from the left
 * (overlaps.h), and what is left to know of it is where it ends and where its last winner does (vl_carried).
 */
#include "text/windows.h"

#include <string.h>

#include "core/clock.h"
#include "text/formats.h"

#define WINDOW_LEAST (2 * VL_LOOK_BACK + 64) /* must move on by VL_LOOK_BACK */

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void open_window(vl_windows *w)
{
    vl_scan *scan = &w->scan;
    vl_class_block *blocks = w->workspace->blocks;
    scan->first = w->cut;
    scan->base = scan->first > VL_LOOK_BACK ? scan->first - VL_LOOK_BACK : 0;
    size_t classified = min_size(scan->size - scan->base, VL_WINDOW_BYTES);
    scan->block_count = (classified + 63) / 64;
    scan->kernels->classify(scan->text + scan->base, classified, blocks);
    vl_escapes_clear(scan, blocks, classified);
    memset(&blocks[scan->block_count], 0, 2 * sizeof blocks[0]);
    scan->count = 0;
    scan->url_start = 0;
    scan->url_end = 0;
    scan->word_end = 0;
    scan->has_looked = false;
    scan->support_start = SIZE_MAX;
    scan->open = (vl_open){.undecided = SIZE_MAX, .start = SIZE_MAX};
}

/* Matches of the host's own recognizers; *limit moves back where there are too many of them. */
static veil_status find_own(vl_windows *w, size_t *limit)
{
    const vl_custom *custom = w->engine->custom;
    vl_scan *scan = &w->scan;
    if (custom == NULL) return VEIL_OK;
    for (;;) {
        scan->count = 0;
        veil_status status = vl_custom_scan(custom, w->workspace->custom, scan, scan->first, *limit, &w->own_runs);
        if (status != VEIL_ERR_LIMIT || *limit - scan->first <= WINDOW_LEAST) return status;
        size_t half = (*limit - scan->first) / 2;
        *limit = scan->first + (half > WINDOW_LEAST ? half : WINDOW_LEAST);
    }
}

/* All matches that begin in [first, limit). Returns how far it came in *stop. */
static veil_status find_matches(vl_windows *w, size_t limit, size_t *stop)
{
    vl_scan *scan = &w->scan;
    const vl_text_engine *engine = w->engine;
    veil_status status = find_own(w, &limit);
    if (status != VEIL_OK) return status;
    status = vl_secrets_scan(engine->secrets, w->workspace->secrets, scan->kernels, scan, scan->first, limit);
    if (status != VEIL_OK) return status;
    if (scan->count == VL_MATCH_MAX) return VEIL_ERR_INTERNAL;
    *stop = vl_scan_blocks(scan, limit);
    if (engine->custom == NULL || w->plan->is_proof) return VEIL_OK;
    return vl_custom_allow(engine->custom, w->workspace->custom, scan);
}

/* The start of the chain of matches that crosses `cut`, or cut itself. */
static size_t chain_start(const vl_scan *scan, size_t cut)
{
    uint32_t at = (uint32_t)(cut - scan->base);
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t i = scan->count; i-- > 0;) {
            const vl_match *match = &scan->matches[i];
            if (match->start >= at || match->end <= at) continue;
            at = match->start;
            moved = true;
        }
    }
    return scan->base + at;
}

/* Where the window ends when everything that begins before `latest` is known. */
static size_t choose_cut(const vl_windows *w, size_t latest)
{
    size_t start = chain_start(&w->scan, latest);
    bool is_carried = start < w->carried.reach; /* the chain is the one that was cut through before */
    return start > w->scan.first && !is_carried ? start : latest;
}

static void drop_kept(vl_scan *scan, const vl_operator_set *operators)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < scan->count; i++)
        if (operators->of[scan->matches[i].entity].op != VEIL_OP_KEEP) scan->matches[kept++] = scan->matches[i];
    scan->count = kept;
}

static void drop_behind(vl_scan *scan, size_t cut)
{
    uint32_t at = (uint32_t)(cut - scan->base);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < scan->count; i++)
        if (scan->matches[i].start < at) scan->matches[kept++] = scan->matches[i];
    scan->count = kept;
}

/* Matches of the window, complete for those that begin before w->cut, which is moved on. */
static veil_status run_window(vl_windows *w)
{
    vl_scan *scan = &w->scan;
    open_window(w);
    size_t classified_end = scan->base + scan->block_count * 64;
    size_t limit = classified_end >= scan->size ? scan->size : classified_end - VL_LOOK_BACK;
    size_t stop;
    veil_status status = find_matches(w, limit, &stop);
    if (status != VEIL_OK) return status;
    if (w->output->sink != NULL && w->operators->any_keep) drop_kept(scan, w->operators);
    w->cut = scan->size;
    if (stop < scan->size) {
        if (stop < scan->first + 2 * VL_LOOK_BACK) return VEIL_ERR_INTERNAL; /* more matches than bytes */
        w->cut = choose_cut(w, stop - VL_LOOK_BACK);
    }
    if (w->engine->custom != NULL) vl_custom_note_runs(scan, w->cut, &w->own_runs);
    drop_behind(scan, w->cut);
    return VEIL_OK;
}

static void report_one(veil_text_result *result, const vl_scan *scan, const vl_match *match)
{
    size_t index = result->finding_count++;
    if (index >= result->finding_capacity) return;
    veil_finding *finding = &result->findings[index];
    finding->entity = vl_entity_of(&scan->tables->catalogue, match->entity)->name;
    finding->recognizer = vl_row_of(&scan->tables->catalogue, match->row)->name;
    finding->start = scan->base + match->start;
    finding->end = scan->base + match->end;
    finding->score = match->score;
    finding->is_loser = match->is_loser;
}

static void report(const vl_windows *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &w->scan.matches[i];
        if (!match->is_loser || w->plan->wants_losers) report_one(w->output->result, &w->scan, match);
    }
}

/* Write [from, cut) with pieces in place of matches[0, count). What goes on behind the cut is a part of a long chain. */
static veil_status write_pieces(const vl_windows *w, size_t from, const vl_match *matches, size_t count)
{
    const vl_scan *scan = &w->scan;
    vl_piece *pieces = w->workspace->pieces;
    uint32_t at = (uint32_t)(w->cut - scan->base);
    size_t piece_count = vl_overlaps_pieces(matches, count, pieces);
    while (piece_count > 0 && pieces[piece_count - 1].start >= at)
        piece_count--;
    if (piece_count > 0 && pieces[piece_count - 1].end > at) {
        pieces[piece_count - 1].end = at;
        pieces[piece_count - 1].kind = VL_PIECE_LONG;
    }
    const vl_operator_call call = {w->operators,     w->workspace->ciphers, w->workspace->replacement,
                                   &w->plan->inputs, vl_entity_placeholder, &scan->tables->catalogue};
    return vl_operators_apply(&call, (const char *)scan->text + scan->base, from - scan->base, at, pieces, piece_count,
                              w->output->sink);
}

/* What of the window's chains goes on behind its cut. */
static void carry_on(vl_windows *w, size_t count)
{
    vl_carried next = w->carried;
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &w->scan.matches[i];
        size_t end = w->scan.base + match->end;
        if (end > next.reach) next.reach = end;
        if (!match->is_loser && end > next.winner_end) next.winner_end = end;
    }
    w->carried = next.reach > w->cut ? next : (vl_carried){0, 0};
}

veil_status vl_windows_begin(vl_windows *windows, const vl_text_engine *engine, const vl_plan *plan,
                             vl_workspace *workspace, const uint8_t *text, size_t size, vl_output *output,
                             veil_error *error)
{
    vl_scan *scan = &windows->scan;
    windows->engine = engine;
    windows->plan = plan;
    windows->workspace = workspace;
    windows->output = output;
    windows->cut = 0;
    windows->carried = (vl_carried){0, 0};
    windows->own_runs.count = 0;
    scan->text = text;
    scan->size = size;
    scan->may_grow = false;
    scan->blocks = workspace->blocks;
    scan->tables = engine->tables;
    scan->rows = plan->rows;
    scan->formats = vl_formats_view(engine->tables->formats, plan->is_default);
    scan->min_score = plan->min_score;
    scan->matches = workspace->matches;
    scan->marks = workspace->marks;
    scan->is_named = plan->is_named;
    scan->languages = plan->languages;
    scan->gate = plan->is_default ? &engine->tables->context->own : &engine->tables->context->all;
    scan->walks = (vl_walks){0};
    scan->kernels = engine->runtime->kernels;
    windows->operators = engine->operators;
    if (engine->custom != NULL) {
        veil_status status = vl_custom_begin(engine->custom, workspace->custom, plan->rows, text, size, error);
        if (status != VEIL_OK) return status;
    }
    bool redacts = output->sink != NULL;
    if (plan->rule_count == 0) return vl_operators_check_inputs(windows->operators, &plan->inputs, redacts, error);
    size_t entities = vl_entity_end(&engine->catalogue);
    memcpy(workspace->operators.of, engine->operators->of, entities * sizeof engine->operators->of[0]);
    windows->operators = &workspace->operators;
    veil_status status = vl_operators_parse(&workspace->operators, plan->rules, plan->rule_count, engine->key_bytes,
                                            vl_catalogue_find, &engine->catalogue, entities, error);
    if (status != VEIL_OK) return status;
    return vl_operators_check_inputs(windows->operators, &plan->inputs, redacts, error);
}

veil_status vl_windows_step(vl_windows *w, veil_error *error)
{
    vl_scan *scan = &w->scan;
    if (vl_deadline_passed(w->plan->deadline_ns))
        return vl_error_set(error, VEIL_ERR_TIMEOUT, w->cut, "the deadline passed");
    veil_status status = run_window(w);
    if (status == VEIL_ERR_LIMIT)
        return vl_error_set(error, status, w->cut, "own recognizers match more often than once a byte");
    if (status != VEIL_OK) return vl_error_set(error, status, w->cut, "the text scanner failed");
    vl_chain chain = {0, 0, 0};
    if (w->carried.reach != 0) {
        chain.reach = (uint32_t)(w->carried.reach - scan->base);
        chain.winner_end = w->carried.winner_end > scan->base ? (uint32_t)(w->carried.winner_end - scan->base) : 0;
    }
    size_t count = vl_overlaps_resolve_behind(scan->matches, scan->count, &chain);
    if (w->output->result != NULL) report(w, count);
    if (w->output->sink != NULL) {
        size_t from = chain.reach == 0 ? scan->first : min_size(scan->base + chain.reach, w->cut);
        status = write_pieces(w, from, scan->matches + chain.count, count - chain.count);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "an operator failed");
    }
    carry_on(w, count);
    return VEIL_OK;
}

veil_status vl_windows_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                           const uint8_t *text, size_t size, vl_output *output, veil_error *error)
{
    vl_windows windows;
    veil_status status = vl_windows_begin(&windows, engine, plan, workspace, text, size, output, error);
    while (status == VEIL_OK && windows.cut < size)
        status = vl_windows_step(&windows, error);
    return status;
}

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
#include "text/cues.h"
#include "text/formats.h"
#include "text/walks.h"

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
    scan->url_end = 0;
    scan->host_end = 0;
    scan->word_end = 0;
    scan->support_start = SIZE_MAX;
    scan->open = (vl_open){.undecided = SIZE_MAX, .start = SIZE_MAX};
}

/* Matches of the host's own recognizers; *limit moves back where there are too many of them. */
static veil_status find_own(const vl_windows *w, vl_scan *scan, const vl_own_runs *runs, size_t *limit)
{
    const vl_custom *custom = w->engine->custom;
    if (custom == NULL) return VEIL_OK;
    for (;;) {
        scan->count = 0;
        size_t half = (*limit - scan->first) / 2;
        veil_status status = vl_custom_scan(custom, w->workspace->custom, scan, scan->first, limit, runs);
        if (status != VEIL_ERR_LIMIT || half <= WINDOW_LEAST / 2) return status;
        size_t span = *limit > scan->first ? min_size(*limit - scan->first, half) : 0;
        *limit = scan->first + (span > WINDOW_LEAST ? span : WINDOW_LEAST);
    }
}

/* Matches of the table's rows in [first, limit); what the host allows is taken out of all that were found. */
static veil_status find_rows(const vl_windows *w, vl_scan *scan, size_t limit, size_t *stop)
{
    const vl_text_engine *engine = w->engine;
    vl_cues_scan(scan, &engine->tables->cue_leads, &limit);
    veil_status status = vl_secrets_scan(engine->secrets, w->workspace->secrets, scan, scan->first, &limit);
    if (status != VEIL_OK) return status;
    if (scan->count == VL_MATCH_MAX) return VEIL_ERR_INTERNAL;
    *stop = vl_scan_blocks(scan, limit);
    if (engine->custom == NULL || w->plan->is_proof) return VEIL_OK;
    return vl_custom_allow(engine->custom, w->workspace->custom, scan);
}

/* The same over a view, which is a text of its own. */
static veil_status find_in_view(void *user, vl_scan *scan, size_t limit, size_t *stop)
{
    vl_own_runs runs = {.count = 0};
    veil_status status = find_own(user, scan, &runs, &limit);
    return status == VEIL_OK ? find_rows(user, scan, limit, stop) : status;
}

/* All matches that begin in [first, limit). Returns how far it came in *stop. */
static veil_status find_matches(vl_windows *w, size_t limit, size_t *stop)
{
    const vl_view_call call = {&w->workspace->views, &w->engine->view_sets, w->plan->view_modes, find_in_view, w};
    veil_status status = find_own(w, &w->scan, &w->own_runs, &limit);
    if (status == VEIL_OK && call.modes != 0) status = vl_views_scan(&call, &w->scan, &limit);
    return status == VEIL_OK ? find_rows(w, &w->scan, limit, stop) : status;
}

/* The start of the chain of matches that crosses `cut`, or cut itself. An open match crosses everything behind it. */
static size_t chain_start(const vl_scan *scan, size_t cut)
{
    if (scan->open.start < cut) cut = scan->open.start;
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

/* Where the window ends when everything that begins before `latest` is known: there, before the chain that crosses it, or in the
 * chain when that is beyond the bound. Not at all (its beginning) while it is not known what chain there is. `must_end`: the
 * window is full. */
static size_t choose_cut(const vl_windows *w, size_t latest, bool must_end)
{
    const vl_scan *scan = &w->scan;
    latest = min_size(latest, scan->open.undecided);
    if (w->carried.open != VL_OPEN_NONE) latest = min_size(latest, w->carried.certain);
    if (latest <= scan->first) return scan->first;
    size_t start = chain_start(scan, latest);
    bool is_carried = start < w->carried.reach;
    if (start > scan->first && !is_carried) return start;
    if (!is_carried && !must_end && latest - scan->first <= VL_CHAIN_MAX_BYTES) return scan->first;
    return scan->open.start < latest ? min_size(latest, scan->open.end) : latest;
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
    bool is_last = scan->base + VL_WINDOW_BYTES >= scan->size;
    size_t latest = is_last ? w->settled : min_size(w->settled, scan->base + VL_WINDOW_BYTES - 2 * VL_LOOK_BACK);
    size_t limit = min_size(latest + VL_LOOK_BACK, scan->size);
    size_t stop;
    veil_status status = find_matches(w, limit, &stop);
    if (status != VEIL_OK) return status;
    if (w->drops_kept) drop_kept(scan, w->operators);
    bool is_full = stop < limit;
    if (is_full && stop < scan->first + 2 * VL_LOOK_BACK) return VEIL_ERR_INTERNAL; /* more matches than bytes */
    if (is_full) latest = min_size(latest, stop - VL_LOOK_BACK);
    w->cut = choose_cut(w, latest, is_full || !scan->may_grow);
    if (w->engine->custom != NULL) vl_custom_note_runs(scan, w->cut, &w->own_runs);
    drop_behind(scan, w->cut);
    return VEIL_OK;
}

/* Go on with the match that was open when its chain was cut. */
static void walk_on(vl_windows *w)
{
    vl_carried *carried = &w->carried;
    size_t end;
    if (carried->open == VL_OPEN_NONE) return;
    bool is_over = vl_walk_on(&w->scan, carried->open, &end);
    if (end > carried->reach) carried->reach = end;
    if (carried->open_wins && end > carried->winner_end) carried->winner_end = end;
    carried->certain = end;
    if (!is_over) return;
    carried->open = VL_OPEN_NONE;
    if (carried->reach <= w->cut) *carried = (vl_carried){0};
}

veil_status vl_windows_find(vl_windows *w, vl_window *window, veil_error *error)
{
    vl_scan *scan = &w->scan;
    window->first = w->cut;
    if (vl_deadline_passed(w->plan->deadline_ns))
        return vl_error_set(error, VEIL_ERR_TIMEOUT, w->cut, "the deadline passed");
    walk_on(w);
    veil_status status = run_window(w);
    if (status == VEIL_ERR_LIMIT)
        return vl_error_set(error, status, w->cut, "own recognizers match more often than once a byte");
    if (status != VEIL_OK) return vl_error_set(error, status, w->cut, "the text scanner failed");
    window->chain = (vl_chain){0, 0, 0};
    if (w->carried.reach != 0) {
        size_t winner_end = w->carried.winner_end;
        window->chain.reach = (uint32_t)(w->carried.reach - scan->base);
        window->chain.winner_end = winner_end > scan->base ? (uint32_t)(winner_end - scan->base) : 0;
    }
    window->count = vl_overlaps_resolve_behind(scan->matches, scan->count, &window->chain);
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

static void report(const vl_windows *w, veil_text_result *result, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &w->scan.matches[i];
        if (!match->is_loser || w->plan->wants_losers) report_one(result, &w->scan, match);
    }
}

size_t vl_windows_pieces(const vl_windows *w, size_t cut, const vl_match *matches, size_t count)
{
    vl_piece *pieces = w->workspace->pieces;
    uint32_t at = (uint32_t)(cut - w->scan.base);
    size_t piece_count = vl_overlaps_pieces(matches, count, pieces);
    while (piece_count > 0 && pieces[piece_count - 1].start >= at)
        piece_count--;
    if (piece_count > 0 && pieces[piece_count - 1].end > at) { /* it goes on behind the cut: a part of a long chain */
        pieces[piece_count - 1].end = at;
        pieces[piece_count - 1].kind = VL_PIECE_LONG;
    }
    return piece_count;
}

veil_status vl_windows_apply(const vl_windows *w, size_t from, size_t to, const vl_piece *pieces, size_t count,
                             vl_sink *sink)
{
    const vl_scan *scan = &w->scan;
    const vl_operator_call call = {w->operators,     w->workspace->ciphers, w->workspace->replacement,
                                   &w->plan->inputs, vl_entity_placeholder, &scan->tables->catalogue};
    return vl_operators_apply(&call, (const char *)scan->text + scan->base, from - scan->base, to - scan->base, pieces,
                              count, sink);
}

veil_status vl_windows_write(const vl_windows *w, size_t from, size_t cut, const vl_match *matches, size_t count,
                             vl_sink *sink)
{
    size_t piece_count = vl_windows_pieces(w, cut, matches, count);
    return vl_windows_apply(w, from, cut, w->workspace->pieces, piece_count, sink);
}

bool vl_windows_is_open(const vl_windows *w, const vl_match *match)
{
    const vl_open *open = &w->scan.open;
    return open->start < w->cut && w->scan.base + match->start == open->start &&
           w->scan.base + match->end == open->end && match->row == open->row;
}

void vl_windows_carry(vl_windows *w, size_t count)
{
    vl_carried next = w->carried;
    bool was_open = next.open != VL_OPEN_NONE;
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &w->scan.matches[i];
        size_t end = w->scan.base + match->end;
        bool is_open = !was_open && vl_windows_is_open(w, match);
        if (end > next.reach) next.reach = end;
        if (!match->is_loser && end > next.winner_end) {
            next.winner_end = end;
            next.open_wins = is_open;
        }
        if (!is_open) continue;
        next.open = w->scan.open.kind;
        next.certain = end;
    }
    bool goes_on = next.reach > w->cut || next.open != VL_OPEN_NONE;
    w->carried = goes_on ? next : (vl_carried){0};
}

void vl_windows_attach(vl_windows *w, vl_workspace *workspace)
{
    vl_scan *scan = &w->scan;
    w->workspace = workspace;
    scan->blocks = workspace->blocks;
    scan->matches = workspace->matches;
}

void vl_windows_init(vl_windows *w, const vl_text_engine *engine, const vl_plan *plan, const uint8_t *text, size_t size)
{
    vl_scan *scan = &w->scan;
    w->engine = engine;
    w->plan = plan;
    w->operators = engine->operators;
    w->drops_kept = false;
    w->cut = 0;
    w->settled = size;
    w->carried = (vl_carried){0};
    w->own_runs.count = 0;
    scan->text = text;
    scan->size = size;
    scan->may_grow = false;
    scan->tables = engine->tables;
    scan->rows = plan->rows;
    scan->formats = vl_formats_view(engine->tables->formats, plan->is_default);
    scan->knows_formats = plan->is_default; /* all of them */
    memset(scan->formats_on, 0xFF, sizeof scan->formats_on);
    scan->min_score = plan->min_score;
    scan->is_named = plan->is_named;
    scan->languages = plan->languages;
    scan->gate = plan->is_default ? &engine->tables->context->own : &engine->tables->context->all;
    scan->walks = (vl_walks){0};
    scan->kernels = engine->runtime->kernels;
}

veil_status vl_windows_operators(vl_windows *w, bool redacts, veil_error *error)
{
    const vl_text_engine *engine = w->engine;
    const vl_plan *plan = w->plan;
    vl_operator_set *set = &w->workspace->operators;
    size_t entities = vl_entity_end(&engine->catalogue);
    if (plan->rule_count == 0) return vl_operators_check_inputs(w->operators, &plan->inputs, redacts, error);
    memcpy(set->of, engine->operators->of, entities * sizeof engine->operators->of[0]);
    w->operators = set;
    veil_status status = vl_operators_parse(set, plan->rules, plan->rule_count, engine->key_bytes, vl_catalogue_find,
                                            &engine->catalogue, entities, error);
    if (status != VEIL_OK) return status;
    return vl_operators_check_inputs(set, &plan->inputs, redacts, error);
}

static veil_status step(vl_windows *w, const vl_output *output, veil_error *error)
{
    vl_window window;
    const vl_scan *scan = &w->scan;
    veil_status status = vl_windows_find(w, &window, error);
    if (status != VEIL_OK) return status;
    if (output->result != NULL) report(w, output->result, window.count);
    if (output->sink != NULL) {
        size_t skipped = window.chain.count;
        size_t from = min_size(scan->base + window.chain.reach, w->cut); /* what is carried has its placeholder */
        if (window.chain.reach == 0) from = scan->first;
        status = vl_windows_write(w, from, w->cut, scan->matches + skipped, window.count - skipped, output->sink);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "an operator failed");
    }
    vl_windows_carry(w, window.count);
    return VEIL_OK;
}

veil_status vl_windows_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                           const uint8_t *text, size_t size, const vl_output *output, veil_error *error)
{
    vl_windows windows;
    vl_windows_init(&windows, engine, plan, text, size);
    vl_windows_attach(&windows, workspace);
    veil_status status = vl_windows_operators(&windows, output->sink != NULL, error);
    if (status == VEIL_OK && engine->custom != NULL)
        status = vl_custom_begin(engine->custom, workspace->custom, plan->rows, text, size, error);
    windows.drops_kept = output->sink != NULL && windows.operators->any_keep;
    while (status == VEIL_OK && windows.cut < size)
        status = step(&windows, output, error);
    return status;
}

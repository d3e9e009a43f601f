/*
 * A text of any length in windows of fixed size, with the results of one unlimited window. A window is scanned a little
 * further than it is used: it is cut where no match crosses, VL_LOOK_BACK bytes or more before the point to which all anchors
 * were seen, so that nothing that begins before the cut is unknown. The next window begins at the cut.
 *
 *   base      first                         cut        stop          base + classified
 *    | look back |  matches of this window   |  dropped  |  for views  |
 *
 * A chain of overlapping matches that fills a whole window (a URL of many kilobytes) is cut through; what remains of it goes
 * into the next window as a match of its own, is reported as part of the same finding, and is removed without a second
 * placeholder. Operators that work on the value write a placeholder there, for they would see a part of it alone.
 */
#include <string.h>

#include "core/clock.h"
#include "text/engine.h"
#include "text/overlaps.h"

/* What goes on from one window to the next. */
typedef struct vl_seed {
    size_t end; /* 0: nothing */
    vl_match match;
} vl_seed;

static void open_window(vl_scan *scan, const vl_kernels *kernels, vl_workspace *workspace, size_t first,
                        const vl_seed *seed)
{
    scan->first = first;
    scan->base = first > VL_LOOK_BACK ? first - VL_LOOK_BACK : 0;
    size_t classified = scan->size - scan->base < VL_WINDOW_BYTES ? scan->size - scan->base : VL_WINDOW_BYTES;
    scan->block_count = (classified + 63) / 64;
    kernels->classify(scan->text + scan->base, classified, workspace->blocks);
    vl_escapes_clear(scan, workspace->blocks, classified);
    memset(&workspace->blocks[scan->block_count], 0, 2 * sizeof workspace->blocks[0]);
    scan->count = 0;
    scan->url_start = 0;
    scan->url_end = 0;
    scan->word_end = 0;
    scan->has_marks = false;
    if (seed->end == 0) return;
    scan->matches[0] = seed->match;
    scan->matches[0].start = (uint32_t)(first - scan->base);
    scan->matches[0].end = (uint32_t)(seed->end - scan->base);
    scan->matches[0].is_carried = 1;
    scan->count = 1;
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

/* Drop what begins at the cut or behind it; end at the cut what goes on behind it, and remember it. */
static void apply_cut(vl_scan *scan, size_t cut, vl_seed *seed)
{
    uint32_t at = (uint32_t)(cut - scan->base);
    uint32_t kept = 0;
    seed->end = 0;
    for (uint32_t i = 0; i < scan->count; i++) {
        vl_match match = scan->matches[i];
        if (match.start >= at) continue;
        if (match.end > at) {
            if (scan->base + match.end > seed->end) {
                seed->end = scan->base + match.end;
                seed->match = match;
            }
            match.end = at;
        }
        scan->matches[kept++] = match;
    }
    scan->count = kept;
}

/* Scan from `first`; returns where the window ends. */
static veil_status run_window(const vl_text_engine *engine, vl_workspace *workspace, vl_scan *scan, size_t *cut,
                              vl_seed *seed)
{
    const vl_kernels *kernels = engine->runtime->kernels;
    size_t first = *cut;
    open_window(scan, kernels, workspace, first, seed);
    size_t classified_end = scan->base + scan->block_count * 64;
    size_t limit = classified_end >= scan->size ? scan->size : classified_end - VL_LOOK_BACK;
    veil_status status = vl_secrets_scan(engine->secrets, workspace->secrets, kernels, scan, first, limit);
    if (status != VEIL_OK) return status;
    if (scan->count == VL_MATCH_MAX) return VEIL_ERR_INTERNAL;
    size_t stop = vl_scan_blocks(scan, limit);
    *cut = scan->size;
    if (stop < scan->size) {
        if (stop < first + 2 * VL_LOOK_BACK) return VEIL_ERR_INTERNAL; /* more matches than bytes */
        size_t latest = stop - VL_LOOK_BACK;
        size_t start = chain_start(scan, latest);
        *cut = start > first ? start : latest;
    }
    apply_cut(scan, *cut, seed);
    return VEIL_OK;
}

static void drop_kept(vl_scan *scan, const vl_operator_set *operators)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < scan->count; i++)
        if (operators->of[scan->matches[i].entity].op != VEIL_OP_KEEP) scan->matches[kept++] = scan->matches[i];
    scan->count = kept;
}

static void report_one(vl_output *output, const vl_scan *scan, const vl_match *match)
{
    veil_text_result *result = output->result;
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

static void report(vl_output *output, const vl_scan *scan, size_t count, bool wants_losers, const vl_seed *carried,
                   const vl_seed *seed)
{
    veil_text_result *result = output->result;
    size_t open = output->open_finding;
    output->open_finding = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &scan->matches[i];
        if (match->is_loser && !wants_losers) continue;
        bool goes_on = carried->end != 0 && open != SIZE_MAX && scan->base + match->start == scan->first &&
                       match->row == carried->match.row;
        size_t index = goes_on ? open : result->finding_count;
        if (goes_on && index < result->finding_capacity) result->findings[index].end = scan->base + match->end;
        if (!goes_on) report_one(output, scan, match);
        bool is_cut = seed->end != 0 && match->row == seed->match.row && match->start == seed->match.start;
        if (is_cut) output->open_finding = index;
    }
}

static veil_status write_pieces(vl_workspace *workspace, const vl_scan *scan, size_t count, size_t cut,
                                const vl_seed *carried, const vl_seed *seed, const vl_operator_set *operators,
                                vl_sink *sink)
{
    vl_piece *pieces = workspace->pieces;
    size_t piece_count = vl_overlaps_pieces(scan->matches, count, pieces);
    size_t from = scan->first - scan->base;
    size_t skipped = 0;
    bool goes_on = carried->end != 0 && operators->of[carried->match.entity].op != VEIL_OP_KEEP;
    if (seed->end != 0 && piece_count > 0 && pieces[piece_count - 1].end == cut - scan->base)
        pieces[piece_count - 1].kind = VL_PIECE_LONG;
    if (goes_on && piece_count > 0 && pieces[0].start == from) {
        from = pieces[0].end; /* its placeholder is written */
        skipped = 1;
    }
    return vl_operators_apply(operators, (const char *)scan->text + scan->base, from, cut - scan->base,
                              pieces + skipped, piece_count - skipped, workspace->hmac256, workspace->hmac512,
                              vl_entity_placeholder, &scan->tables->catalogue, sink);
}

static veil_status choose_operators(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                                    const vl_operator_set **out, veil_error *error)
{
    *out = engine->operators;
    if (plan->rule_count == 0) return VEIL_OK;
    memcpy(workspace->operators.of, engine->operators->of,
           vl_entity_end(&engine->catalogue) * sizeof engine->operators->of[0]);
    *out = &workspace->operators;
    return vl_operators_parse(&workspace->operators, plan->rules, plan->rule_count, engine->key != NULL,
                              vl_catalogue_find, &engine->catalogue, vl_entity_end(&engine->catalogue), error);
}

veil_status vl_windows_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                           const uint8_t *text, size_t size, vl_output *output, veil_error *error)
{
    const vl_operator_set *operators;
    veil_status status = choose_operators(engine, plan, workspace, &operators, error);
    if (status != VEIL_OK) return status;
    vl_scan scan;
    scan.text = text;
    scan.size = size;
    scan.blocks = workspace->blocks;
    scan.tables = engine->tables;
    scan.rows = plan->rows;
    scan.min_score = plan->min_score;
    scan.matches = workspace->matches;
    scan.marks = workspace->marks;
    scan.block_rows = workspace->block_rows;
    scan.block_rows[0] = 0;
    scan.url_run_start = 0;
    scan.url_run_end = 0;
    scan.kernels = engine->runtime->kernels;
    vl_seed seed = {.end = 0};
    output->open_finding = SIZE_MAX;
    for (size_t cut = 0; cut < size;) {
        vl_seed carried = seed;
        if (vl_deadline_passed(plan->deadline_ns))
            return vl_error_set(error, VEIL_ERR_TIMEOUT, cut, "the deadline passed");
        status = run_window(engine, workspace, &scan, &cut, &seed);
        if (status != VEIL_OK) return vl_error_set(error, status, cut, "the text scanner failed");
        if (output->sink != NULL && operators->any_keep) drop_kept(&scan, operators);
        size_t count = vl_overlaps_resolve(scan.matches, scan.count);
        if (output->result != NULL) report(output, &scan, count, plan->wants_losers, &carried, &seed);
        if (output->sink == NULL) continue;
        status = write_pieces(workspace, &scan, count, cut, &carried, &seed, operators, output->sink);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "an operator failed");
    }
    return VEIL_OK;
}

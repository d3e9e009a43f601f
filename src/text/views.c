/*
 * From marks to views to matches. A window without the bytes that folding and decoding begin with is left after one search for
 * them (0.2 ns a cache line); one search more looks for runs of letters and digits. A view shows VL_VIEW_REACH bytes on both sides
 * of its marks; what is found near its borders is left to the view that shows more of it, or to the plain scan, so that
 * it does not matter where views begin and end. Views are wiped after use.
 */
#include "text/views.h"

#include <string.h>

#include "core/alloc.h"
#include "text/context.h"
#include "text/walks.h"

#define EDGE         64u /* a finding nearer to a border of its view may look different with more text around it */
#define ROOM         (VL_MATCH_MAX / 2)
#define ROOM_MOST    (VL_MATCH_MAX * 3 / 4)  /* of a window that cannot become shorter */
#define WINDOW_LEAST (2 * VL_LOOK_BACK + 64) /* a window must move on */
#define RUN_ROWS     12u                     /* matches of one run: the strongest */
#define PASSES       3u                      /* depth: an escape in an escape, and characters that it gave */
#define PREFIX       96u                     /* bytes of text before a run that may hold its context */
#define STRETCH      VL_TEXT_LEAST
#define SHORT_RUN    64u /* digits; a shorter run is text from its start or nothing */
#define STARTS_MAX   8u  /* places in a run where the encoded part may begin, behind / and the like */
#define PROBE        64u /* digits of a long run by which its phase is known */
#define HEX_LEAST    16u
#define INNER_LEAST  10u /* digits of a run in a run: seven bytes */

typedef struct finder {
    const vl_view_call *call;
    vl_scan *scan; /* of the window */
    size_t from;
    size_t limit;  /* what begins there and later is left to the next window */
    bool was_used; /* a view was made */
    bool is_over;  /* more matches than can be held */
} finder;

uint32_t vl_view_modes(uint32_t modes, uint64_t flags)
{
    if ((flags & VEIL_TEXT_NO_FOLD) != 0) modes &= ~(uint32_t)VL_VIEW_FOLD;
    if ((flags & VEIL_TEXT_NO_DECODE) != 0) modes &= ~(uint32_t)VL_VIEW_DECODE;
    return modes;
}

void vl_view_sets_make(vl_view_sets *sets)
{
    vl_unit_starts(VL_VIEW_FOLD | VL_VIEW_DECODE | VL_VIEW_QUOTED, &sets->marks);
    vl_unit_starts(VL_VIEW_FOLD | VL_VIEW_DECODE, &sets->units);
    sets->quoted = sets->marks;
    vl_unit_starts(VL_VIEW_UNDER, &sets->under);
}

void vl_view_triggers(uint32_t modes, vl_byte_set *set)
{
    if ((modes & VL_VIEW_FOLD) != 0) vl_fold_leads(set);
    for (const char *c = "%&\\="; (modes & VL_VIEW_DECODE) != 0 && *c != '\0'; c++)
        vl_byte_set_add(set, (uint8_t)*c);
}

/* ---- making views ---- */

static void clear_view(vl_view *view, size_t origin)
{
    view->origin = origin;
    view->size = 0;
    view->shown = 0;
    view->starts_text = origin == 0;
    view->ends_text = false;
    view->may_nest = false;
    view->is_run = false;
    view->is_binary = false;
    view->is_under = false;
    memset(view->marked, 0, sizeof view->marked);
}

static void set_mark(vl_view *view, size_t i)
{
    view->marked[i / 64] |= 1ull << i % 64;
}

static bool has_mark(const vl_view *view, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((view->marked[i / 64] >> i % 64 & 1) != 0) return true;
    return false;
}

static void add_byte(vl_view *view, uint8_t byte, size_t start, size_t end)
{
    view->bytes[view->size] = byte;
    view->start[view->size] = (uint16_t)start;
    view->end[view->size++] = (uint16_t)end;
}

static void add_plain(vl_view *view, const uint8_t *text, size_t start, size_t count)
{
    uint32_t size = view->size;
    memcpy(view->bytes + size, text, count);
    for (size_t i = 0; i < count; i++) {
        view->start[size + i] = (uint16_t)(start + i);
        view->end[size + i] = (uint16_t)(start + i + 1);
    }
    view->size = size + (uint32_t)count;
}

static const vl_byte_set *set_of(const finder *f, uint32_t modes)
{
    if ((modes & VL_VIEW_UNDER) != 0) return &f->call->sets->under;
    return (modes & VL_VIEW_QUOTED) != 0 ? &f->call->sets->quoted : &f->call->sets->units;
}

static void add_unit(vl_view *view, const vl_unit *unit, size_t start, size_t end)
{
    for (unsigned i = 0; i < unit->count; i++) {
        if (unit->is_mark) set_mark(view, view->size);
        add_byte(view, unit->bytes[i], start, end);
    }
    view->may_nest |= unit->is_changed && unit->may_nest;
}

/* What is not seen marks its neighbours: they are joined by it. */
static void mark_gap(vl_view *view)
{
    if (view->size > 0) set_mark(view, view->size - 1);
    set_mark(view, view->size);
}

/* The view of the text from `from` on, as far as marks follow each other. Returns where it ends. */
static size_t show_text(const finder *f, uint32_t modes, size_t from, size_t mark, vl_view *view)
{
    const vl_scan *scan = f->scan;
    vl_source source = {scan->text, scan->size, modes, {0, 0, false}, false};
    size_t most = scan->size - from < VL_VIEW_BYTES ? scan->size : from + VL_VIEW_BYTES;
    size_t until = most - mark < VL_VIEW_REACH ? most : mark + VL_VIEW_REACH;
    size_t p = from;
    clear_view(view, from);
    while (p < until) {
        size_t plain = scan->kernels->find_in_set(scan->text + p, until - p, set_of(f, modes));
        add_plain(view, scan->text + p, p - from, plain);
        p += plain;
        if (p >= until) break;
        vl_unit unit;
        vl_unit_read(&source, p, &unit);
        if (p + unit.length > most) break;
        add_unit(view, &unit, p - from, p - from + unit.length);
        if (unit.is_mark && unit.count == 0) mark_gap(view);
        p += unit.length;
        if (unit.is_mark) until = most - p < VL_VIEW_REACH ? most : p + VL_VIEW_REACH;
    }
    view->ends_text = p == scan->size;
    view->shown = (uint32_t)(p - from);
    view->is_under = (modes & VL_VIEW_UNDER) != 0;
    return p;
}

/* Another pass over a view. */
static void show_view(const vl_view *from, uint32_t modes, vl_view *to)
{
    vl_source source = {from->bytes, from->size, modes, {0, 0, false}, false};
    clear_view(to, from->origin);
    to->shown = from->shown;
    to->starts_text = from->starts_text;
    to->ends_text = from->ends_text;
    to->is_run = from->is_run;
    to->is_binary = from->is_binary;
    to->run_start = from->run_start;
    to->run_end = from->run_end;
    for (size_t p = 0; p < from->size;) {
        vl_unit unit;
        vl_unit_read(&source, p, &unit);
        unit.is_mark |= has_mark(from, p, p + unit.length);
        add_unit(to, &unit, from->start[p], from->end[p + unit.length - 1]);
        if (unit.is_mark && unit.count == 0) mark_gap(to);
        p += unit.length;
    }
}

/* ---- what is found in them ---- */

/* In bytes that are not all text: `STRETCH` printable ones in a row, the match among them. */
static bool is_in_text(const vl_view *view, size_t start, size_t end)
{
    size_t from = start > STRETCH ? start - STRETCH : 0;
    size_t to = view->size - end > STRETCH ? end + STRETCH : view->size;
    while (from < start && vl_text_stretch(view->bytes + from, end - from) < end - from)
        from++;
    while (to > end && vl_text_stretch(view->bytes + from, to - from) < to - from)
        to--;
    return to - from >= STRETCH && vl_text_stretch(view->bytes + from, to - from) == to - from;
}

static bool counts(const vl_view *view, vl_scan *sub, const vl_match *match)
{
    size_t start = match->start;
    size_t end = match->end;
    if (!view->is_run && start < EDGE && !view->starts_text) return false;
    if (!view->is_run && end + EDGE > view->size && !view->ends_text) return false;
    if (view->is_run) {
        if (!has_mark(view, start, start + 1)) return false; /* before the run */
    } else if (!has_mark(view, start > EDGE ? start - EDGE : 0, end + EDGE < view->size ? end + EDGE : view->size)) {
        return false;
    }
    if (view->is_binary && !is_in_text(view, start, end)) return false;
    if (!view->is_under) return true;
    return start > 0 && has_mark(view, start - 1, start) && vl_context_stands(sub, match->row, start);
}

/* Original bytes of a match: with what is not seen directly before and behind it. */
static void map_back(const vl_view *view, const vl_match *match, size_t *start, size_t *end)
{
    size_t a = match->start;
    size_t b = match->end;
    *start = view->start[a];
    *end = view->end[b - 1];
    size_t before = a > 0 ? view->end[a - 1] : 0;
    size_t behind = b < view->size ? view->start[b] : view->shown;
    if (*start - before <= EDGE) *start = before;
    if (behind > *end && behind - *end <= EDGE) *end = behind;
}

/* Findings of one run all stand for the same bytes: one of each row is enough, and of the rows the strongest ones. False: the
 * match is new, and there is room for it. */
static bool join_run(vl_scan *scan, const vl_match *match)
{
    unsigned same = 0;
    vl_match *weakest = NULL;
    for (uint32_t i = 0; i < scan->count; i++) {
        vl_match *known = &scan->matches[i];
        if (known->start != match->start || known->end != match->end || !known->is_view) continue;
        if (known->row == match->row) {
            if (match->score > known->score) known->score = match->score;
            return true;
        }
        if (weakest == NULL || known->score < weakest->score) weakest = known;
        same++;
    }
    if (same < RUN_ROWS) return false;
    if (weakest->score < match->score) *weakest = *match;
    return true;
}

/* The window becomes shorter until half of what is left can be held; the next one finds the rest. */
static void make_room(finder *f)
{
    vl_scan *scan = f->scan;
    while (scan->count >= ROOM && f->limit > scan->first + WINDOW_LEAST) {
        uint32_t kept = 0;
        size_t half = (f->limit - scan->first) / 2;
        f->limit = scan->first + (half > WINDOW_LEAST ? half : WINDOW_LEAST);
        for (uint32_t i = 0; i < scan->count; i++)
            if (scan->base + scan->matches[i].start < f->limit) scan->matches[kept++] = scan->matches[i];
        scan->count = kept;
    }
}

static void keep(finder *f, const vl_view *view, vl_scan *sub, const vl_match *found)
{
    vl_scan *scan = f->scan;
    size_t start = view->run_start;
    size_t end = view->run_end;
    if (scan->count >= ROOM) make_room(f);
    if (!counts(view, sub, found)) return;
    if (!view->is_run) {
        map_back(view, found, &start, &end);
        if (end - start > VL_VIEW_SPAN_MAX) return;
    }
    start += view->origin;
    end += view->origin;
    if (start < scan->first || start >= f->limit) return;
    vl_match match = *found;
    match.start = (uint32_t)(start - scan->base);
    match.end = (uint32_t)(end - scan->base);
    match.is_view = 1;
    if (view->is_run && join_run(scan, &match)) return;
    if (scan->count < ROOM_MOST)
        scan->matches[scan->count++] = match;
    else
        f->is_over = true;
}

static void open_scan(const finder *f, const vl_view *view, vl_scan *sub)
{
    vl_views *views = f->call->views;
    *sub = *f->scan;
    sub->text = view->bytes;
    sub->size = view->size;
    sub->base = 0;
    sub->first = 0;
    sub->block_count = (view->size + 63) / 64;
    sub->blocks = views->blocks;
    sub->matches = views->matches;
    sub->count = 0;
    sub->url_end = 0;
    sub->host_end = 0;
    sub->walks = (vl_walks){0};
    sub->may_grow = false;
    sub->open = (vl_open){.undecided = SIZE_MAX, .start = SIZE_MAX};
    sub->word_end = 0;
    sub->support_start = SIZE_MAX;
    sub->kernels->classify(view->bytes, view->size, views->blocks);
    vl_escapes_clear(sub, views->blocks, view->size);
    memset(&views->blocks[sub->block_count], 0, 2 * sizeof views->blocks[0]);
}

/* Run every row over the view. Matches that fill their array are taken over before the scan goes on. */
static veil_status scan_view(finder *f, const vl_view *view)
{
    vl_scan sub;
    if (view->size == 0) return VEIL_OK;
    open_scan(f, view, &sub);
    size_t stop = 0;
    while (stop < view->size) {
        veil_status status = f->call->scan(f->call->user, &sub, view->size, &stop);
        if (status != VEIL_OK) return status;
        if (stop <= sub.first && stop < view->size) return VEIL_ERR_INTERNAL;
        for (uint32_t i = 0; i < sub.count; i++)
            keep(f, view, &sub, &sub.matches[i]);
        sub.first = stop;
        sub.count = 0;
    }
    return VEIL_OK;
}

/* Undo what is encoded twice. The result is in *shown or in *spare, which change places. */
static void deepen(uint32_t modes, unsigned passes, vl_view **shown, vl_view **spare)
{
    for (unsigned i = 0; i < passes && (*shown)->may_nest; i++) {
        show_view(*shown, modes, *spare);
        vl_view *result = *spare;
        *spare = *shown;
        *shown = result;
    }
}

/* ---- runs of base64 and hexadecimal digits ---- */

/* A text that runs are read from: the original, or a view. */
typedef struct run_source {
    const uint8_t *text;
    size_t size;
    const vl_view *view; /* NULL: the original */
    bool *was_used;      /* finder's */
} run_source;

static size_t origin_of(const run_source *source, size_t p)
{
    return source->view == NULL ? p : source->view->origin + source->view->start[p];
}

static size_t origin_end_of(const run_source *source, size_t end)
{
    return source->view == NULL ? end : source->view->origin + source->view->end[end - 1];
}

/* A view of decoded bytes, the text before the run in front of them. bytes [from, end) of the source were decoded. */
static void begin_run(const run_source *source, size_t start, size_t end, vl_view *view)
{
    size_t before = start > PREFIX ? start - PREFIX : 0;
    size_t origin = origin_of(source, before < start ? before : start);
    *source->was_used = true;
    clear_view(view, origin);
    view->is_run = true;
    view->may_nest = true;
    view->run_start = (uint16_t)(origin_of(source, start) - origin);
    view->run_end = (uint16_t)(origin_end_of(source, end) - origin);
    if (source->view != NULL && source->view->is_run) {
        view->run_start = (uint16_t)(source->view->origin + source->view->run_start - origin);
        view->run_end = (uint16_t)(source->view->origin + source->view->run_end - origin);
    }
    for (size_t p = before; p < start; p++)
        add_byte(view, source->text[p], 0, 0);
    add_byte(view, '\n', 0, 0);
}

static bool is_text(const uint8_t *bytes, size_t count, bool is_short, bool *is_binary)
{
    size_t stretch = vl_text_stretch(bytes, count);
    *is_binary = stretch < count;
    return is_short ? stretch == count : stretch >= STRETCH;
}

/* Put decoded bytes behind the prefix; false when they are no text. */
static bool end_run(vl_view *view, size_t count, bool is_short)
{
    size_t prefix = view->size;
    if (count < 6 || !is_text(view->bytes + prefix, count, is_short, &view->is_binary)) return false;
    for (size_t i = 0; i < count; i++)
        set_mark(view, prefix + i);
    memset(view->start + prefix, 0, count * sizeof view->start[0]);
    memset(view->end + prefix, 0, count * sizeof view->end[0]);
    view->size += (uint32_t)count;
    view->starts_text = true;
    view->ends_text = true;
    return true;
}

/* A short run is text from its first byte on, or it is a name or a number; so this tells for nearly all of them. */
static bool is_promising(const run_source *source, size_t from, size_t end, bool is_hex)
{
    uint8_t head[9];
    uint16_t origin[9];
    size_t count = is_hex ? vl_hex_decode(source->text, from, end, 0, head, origin, sizeof head)
                          : vl_base64_decode(source->text, from, end, head, origin, sizeof head);
    return count >= 6 && vl_text_stretch(head, count) + 3 >= count;
}

static bool show_base64(const run_source *source, size_t from, size_t end, bool is_whole, uint16_t *origin,
                        vl_view *view)
{
    bool is_long = end - from >= SHORT_RUN;
    if (is_whole && is_long) {
        if (!vl_base64_may_hold(source->text, from, end)) return false;
    } else {
        if (!vl_base64_may_begin(source->text, from, end)) return false;
        if (!is_promising(source, from, end, false)) return false;
    }
    begin_run(source, from, end, view);
    size_t count =
        vl_base64_decode(source->text, from, end, view->bytes + view->size, origin, VL_VIEW_BYTES - view->size);
    return end_run(view, count, !is_long);
}

/* The run as hexadecimal digits: all of them, two a byte, perhaps behind "0x". */
static bool show_hex(const run_source *source, size_t start, size_t end, uint16_t *origin, vl_view *view)
{
    size_t from = start;
    if (end - start > 2 && source->text[start] == '0' && (source->text[start + 1] | 0x20) == 'x') from += 2;
    size_t digits = end - from;
    if (digits < HEX_LEAST || digits % 2 != 0) return false;
    bool is_short = digits < SHORT_RUN;
    if (is_short && !vl_hex_may_begin(source->text, from, end)) return false;
    for (size_t p = from; p < end; p++)
        if (vl_hex_value((char)source->text[p]) < 0) return false;
    if (is_short && !is_promising(source, from, end, true)) return false;
    begin_run(source, start, end, view);
    size_t count =
        vl_hex_decode(source->text, from, end, 0, view->bytes + view->size, origin, VL_VIEW_BYTES - view->size);
    return end_run(view, count, is_short);
}

static bool is_start_sign(uint8_t c)
{
    return c == '/' || c == '-' || c == '_' || c == '+';
}

/* The longest part of the run that says something: all of it, or what stands behind a slash or dash. */
static bool show_run(const run_source *source, const vl_run_text *run, uint16_t *origin, vl_view *view)
{
    size_t p = run->start;
    for (unsigned starts = 0; p + VL_RUN_LEAST <= run->end && starts < STARTS_MAX; starts++) {
        size_t word = p;
        while (word < run->end && vl_is_alnum((char)source->text[word]))
            word++;
        if (show_hex(source, p, word, origin, view) || show_base64(source, p, run->end, p == run->start, origin, view))
            return true;
        bool has_tail = word < run->end && word - p >= VL_RUN_LEAST; /* "/u/amFuZ.../list" */
        if (has_tail && show_base64(source, p, word, false, origin, view)) return true;
        while (word < run->end && !is_start_sign(source->text[word])) /* a line break, the next line */
            word++;
        p = word + 1;
    }
    return false;
}

/* A run of fewer digits than a text's, all of them decoded: what is encoded twice is rarely a word. Its end; or `p`, when none
 * begins there. */
static size_t inner_end(const vl_view *view, size_t p)
{
    size_t end = p;
    if (p > 0 && has_mark(view, p - 1, p) && vl_is_alnum((char)view->bytes[p - 1])) return p;
    while (end < view->size && has_mark(view, end, end + 1) &&
           (vl_is_alnum((char)view->bytes[end]) || is_start_sign(view->bytes[end])))
        end++;
    if (end - p < INNER_LEAST || end - p >= VL_RUN_LEAST) return p;
    for (unsigned i = 0; i < 2 && end < view->size && view->bytes[end] == '='; i++)
        end++;
    return end;
}

static veil_status scan_short_inner(finder *f, vl_view *view, vl_view *inner)
{
    run_source source = {view->bytes, view->size, view, &f->was_used};
    for (size_t p = 0; p < view->size; p++) {
        size_t end = inner_end(view, p);
        if (end == p || !show_base64(&source, p, end, false, f->call->views->run_origin, inner)) continue;
        veil_status status = scan_view(f, inner);
        if (status != VEIL_OK) return status;
        p = end;
    }
    return VEIL_OK;
}

/* Runs within a view: what is encoded twice. */
static veil_status scan_inner_runs(finder *f, vl_view *view, vl_view *spare, vl_view *inner)
{
    run_source source = {view->bytes, view->size, view, &f->was_used};
    const vl_kernels *kernels = f->scan->kernels;
    for (size_t at = 0; at < view->size;) {
        size_t found = kernels->find_run(view->bytes + at, view->size - at);
        if (at + found >= view->size) return VEIL_OK;
        vl_run_text run;
        vl_run_find(view->bytes, view->size, at + found, &run);
        at = run.end > at + found ? run.end : at + found + 1;
        if (!run.is_whole || !has_mark(view, run.start, run.end)) continue;
        if (!view->is_run && run.start < EDGE && !view->starts_text) continue;
        if (!view->is_run && run.end + EDGE > view->size && !view->ends_text) continue;
        if (!show_run(&source, &run, f->call->views->run_origin, inner)) continue;
        deepen(f->call->modes, 1, &inner, &spare);
        veil_status status = scan_view(f, inner);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

static veil_status scan_views(finder *f, uint32_t modes, unsigned passes)
{
    vl_view *views = f->call->views->views;
    vl_view *shown = &views[0];
    vl_view *spare = &views[1];
    f->was_used = true;
    deepen(modes & ~(uint32_t)VL_VIEW_QUOTED, passes, &shown, &spare); /* what "=3D" gave is no sign of it */
    veil_status status = scan_view(f, shown);
    bool decodes = (f->call->modes & VL_VIEW_DECODE) != 0 && !shown->is_under;
    if (status == VEIL_OK && decodes) status = scan_short_inner(f, shown, &views[2]);
    return status == VEIL_OK && decodes ? scan_inner_runs(f, shown, spare, &views[2]) : status;
}

/* Four digits of which none is a line break, from which on text[p..] is read; `back` digits of context before p. */
static size_t group_before(const uint8_t *text, size_t p, size_t back)
{
    size_t digits = 0;
    size_t start = p;
    for (size_t at = p; at > 0 && digits < back; at--) {
        uint8_t c = text[at - 1];
        bool is_code = vl_is_alnum((char)c) || is_start_sign(c);
        if (!is_code && c != '\n' && c != '\r') break;
        digits += is_code;
        if (is_code && digits % 4 == 0) start = at - 1;
    }
    return start;
}

/* Findings of a long run: the groups of four digits that cover them go. */
static void map_groups(const finder *f, vl_view *view, size_t from, size_t end)
{
    const uint16_t *origin = f->call->views->run_origin;
    const uint8_t *text = f->scan->text;
    clear_view(view, from);
    size_t count = vl_base64_decode(text, from, end, view->bytes, f->call->views->run_origin, VL_VIEW_BYTES);
    for (size_t i = 0; i < count; i++) {
        size_t group = origin[i];
        size_t group_end = from + group;
        for (unsigned digits = 0; digits < 4 && group_end < end; group_end++)
            digits += text[group_end] != '\n' && text[group_end] != '\r';
        view->start[i] = (uint16_t)group;
        view->end[i] = (uint16_t)(group_end - from);
        set_mark(view, i);
    }
    view->size = (uint32_t)count;
    view->starts_text = false;
    view->is_binary = vl_text_stretch(view->bytes, count) < count;
    view->may_nest = true;
}

/* The phase in which the digits from p on say some text: 0 to 3, or 4. */
static unsigned find_phase(finder *f, size_t p, size_t end)
{
    const uint8_t *text = f->scan->text;
    uint8_t *bytes = f->call->views->views[0].bytes;
    unsigned phase = 0;
    for (; phase < 4 && p + phase < end; phase++) {
        if (!vl_base64_may_hold(text, p + phase, end)) continue;
        size_t count = vl_base64_decode(text, p + phase, end, bytes, f->call->views->run_origin, PROBE);
        f->was_used = true;
        if (vl_text_stretch(bytes, count) >= STRETCH) return phase;
    }
    return 4;
}

/* A run of more than VL_RUN_MAX bytes, or one whose start is out of reach: a piece of it, in whichever phase it is text. Returns
 * how far it came, which is short of `end` where the run may go on behind it. */
static veil_status scan_long_run(finder *f, size_t p, size_t end, size_t *reached)
{
    vl_view *view = &f->call->views->views[0];
    size_t begin = p;
    for (; p < end && p < f->limit; p += PROBE) {
        *reached = p;
        if (p > begin && end - p < 2 * PROBE) return VEIL_OK;
        unsigned phase = find_phase(f, p, end - p < PROBE + 4 ? end : p + PROBE + 4);
        if (phase == 4) continue;
        size_t from = group_before(f->scan->text, p + phase, VL_VIEW_REACH);
        size_t most = end - from < VL_VIEW_BYTES - 8 ? end : from + VL_VIEW_BYTES - 8;
        map_groups(f, view, from, most);
        view->ends_text = most == end;
        *reached = most < end ? most - VL_VIEW_REACH - EDGE : end;
        return scan_views(f, f->call->modes, PASSES - 1);
    }
    *reached = p < end ? p : end;
    return VEIL_OK;
}

/* The last byte of the first VL_RUN_LEAST letters and digits in a row in [from, last), or last: kernels' find_run, from the bitmaps. */
static size_t next_run(const vl_scan *scan, size_t from, size_t last)
{
    uint64_t one = 0, two = 0, four = 0, eight = 0; /* runs that end in the block before */
    for (size_t i = (from - scan->base) / 64; scan->base + i * 64 < last; i++) {
        size_t at = scan->base + i * 64;
        uint64_t b1 = scan->blocks[i].alpha | scan->blocks[i].digit;
        if (at < from) b1 &= ~0ull << (from - at);
        uint64_t b2 = b1 & (b1 << 1 | one >> 63);
        uint64_t b4 = b2 & (b2 << 2 | two >> 62);
        uint64_t b8 = b4 & (b4 << 4 | four >> 60);
        uint64_t all = b8 & (b8 << (VL_RUN_LEAST - 8) | eight >> (64 - (VL_RUN_LEAST - 8)));
        if (all != 0) return at + vl_low_bit(all) < last ? at + vl_low_bit(all) : last;
        one = b1;
        two = b2;
        four = b4;
        eight = b8;
    }
    return last;
}

/* The run around `begin` when the bitmaps show all of it: a short one, so that no other line belongs to it. '+' and the letters of
 * escapes are none of a run's bytes there. */
static bool find_short_run(const vl_scan *scan, size_t begin, vl_run_text *run)
{
    uint64_t behind = ~vl_behind_code(scan, begin);
    unsigned back = behind == 0 ? 64 : (unsigned)__builtin_clzll(behind);
    unsigned ahead = vl_run(vl_view_code(scan, begin));
    size_t start = begin - back;
    size_t end = begin + ahead;
    if (back + ahead >= VL_RUN_LINE || start == scan->base || end >= scan->size) return false;
    if (vl_is_base64(scan->text[start - 1]) || scan->text[start - 1] == '\n' || vl_is_base64(scan->text[end]))
        return false;
    for (unsigned i = 0; i < 2 && end < scan->size && scan->text[end] == '='; i++)
        end++;
    *run = (vl_run_text){start, end, true};
    return true;
}

static veil_status scan_runs(finder *f)
{
    const vl_scan *scan = f->scan;
    run_source source = {scan->text, scan->size, NULL, &f->was_used};
    size_t from = scan->first;
    while (from < f->limit) {
        size_t last = scan->size - f->limit < VL_RUN_LEAST ? scan->size : f->limit + VL_RUN_LEAST;
        size_t found = next_run(scan, from, last);
        if (found >= last) return VEIL_OK;
        vl_run_text run;
        veil_status status = VEIL_OK;
        size_t begin = found + 1 - VL_RUN_LEAST;
        if (!find_short_run(scan, begin, &run)) vl_run_find(scan->text, scan->size, begin, &run);
        if (run.end <= found) run.end = found + 1;
        from = run.end;
        if (run.end + 2 >= scan->size && scan->may_grow) vl_note_undecided(f->scan, run.start);
        if (!run.is_whole)
            status = scan_long_run(f, begin, run.end, &from);
        else if (run.start >= scan->first &&
                 show_run(&source, &run, f->call->views->run_origin, &f->call->views->views[0]))
            status = scan_views(f, f->call->modes, PASSES - 1);
        if (status != VEIL_OK) return status;
        if (from <= found) from = found + 1;
    }
    return VEIL_OK;
}

/* ---- marks of the window ---- */

/* "=20" of quoted-printable may be a mark (decode.c decides): another one beside it, or it joins what a value would not. */
static bool may_be_quoted(const uint8_t *text, size_t size, size_t p)
{
    if (p < 3 || p + 4 > size) return true;
    uint8_t c = text[p + 1];
    if (c == '\n' || c == '\r') return true;
    int high = vl_hex_value((char)c);
    int low = vl_hex_value((char)text[p + 2]);
    if (high < 0 || low < 0) return false;
    if (text[p + 3] == '=' || text[p - 3] == '=') return true;
    char before = (char)text[p - 1];
    char behind = (char)text[p + 3];
    char value = (char)(high * 16 + low);
    if (value == ' ' || vl_is_alnum(value)) return vl_is_digit(before) && vl_is_digit(behind);
    return vl_is_alnum(before) && vl_is_alnum(behind);
}

/* The unit at p may be a mark: false for what two or three bytes tell, which is most of them. */
static inline bool may_be_mark(const uint8_t *text, size_t size, size_t p)
{
    uint8_t c = text[p];
    if (c >= 0x80 || p + 3 > size) return true;
    uint8_t next = text[p + 1];
    if (c == '=') return may_be_quoted(text, size, p);
    if (c == '%') return vl_hex_value((char)next) >= 0 && vl_hex_value((char)text[p + 2]) >= 0;
    if (c == '&') return next == '#' || vl_is_alpha((char)next);
    return c != '\\' || next == 'u' || next == 'x' || next == '\\'; /* "\n": read by others */
}

/* Keep the candidates that may be marks. Tells which there are. */
static void prune(finder *f, size_t bytes, bool *has_units, bool *has_quoted)
{
    const vl_scan *scan = f->scan;
    uint64_t *candidates = f->call->views->candidates;
    for (size_t i = 0; i * 64 < bytes; i++) {
        uint64_t kept = 0;
        for (uint64_t bits = candidates[i]; bits != 0; bits &= bits - 1) {
            size_t p = scan->base + i * 64 + vl_low_bit(bits);
            if (!may_be_mark(scan->text, scan->size, p)) continue;
            kept |= bits & -bits;
            if (scan->text[p] == '=')
                *has_quoted = true;
            else
                *has_units = true;
        }
        candidates[i] = kept;
    }
}

/* The first mark in [from, limit), or limit. Quoted-printable looks at '=' alone, the other modes at the rest. */
static size_t next_mark(const finder *f, uint32_t modes, size_t from)
{
    const vl_scan *scan = f->scan;
    vl_source source = {scan->text, scan->size, modes | VL_VIEW_QUOTED, {0, 0, false}, true};
    bool is_quoted = (modes & VL_VIEW_QUOTED) != 0;
    for (size_t i = (from - scan->base) / 64; scan->base + i * 64 < f->limit; i++) {
        uint64_t bits = f->call->views->candidates[i];
        size_t at = scan->base + i * 64;
        if (at < from) bits &= ~0ull << (from - at);
        for (; bits != 0; bits &= bits - 1) {
            size_t p = at + vl_low_bit(bits);
            vl_unit unit;
            if (p >= f->limit) return f->limit;
            if ((scan->text[p] == '=') != is_quoted) continue;
            vl_unit_read(&source, p, &unit);
            if (unit.is_mark) return p;
        }
    }
    return f->limit;
}

static veil_status scan_around(finder *f, uint32_t modes, size_t mark, size_t *reached)
{
    const uint8_t *text = f->scan->text;
    size_t from = mark > VL_VIEW_REACH ? mark - VL_VIEW_REACH : 0;
    while (from < mark && (text[from] & 0xC0) == 0x80)
        from++;
    size_t end = show_text(f, modes, from, mark, &f->call->views->views[0]);
    if (end == f->scan->size && f->scan->may_grow) { /* what follows may be a part of what is shown last */
        size_t reach = VL_VIEW_SPAN_MAX + VL_VIEW_REACH;
        vl_note_undecided(f->scan, end - from > reach ? end - reach : from);
    }
    bool is_cut = end - from + 16 >= VL_VIEW_BYTES && end < f->scan->size;
    *reached = is_cut ? end - VL_VIEW_SPAN_MAX - VL_VIEW_REACH : end;
    return scan_views(f, modes, PASSES - 1);
}

static veil_status scan_marks(finder *f, uint32_t modes)
{
    for (size_t at = f->from; at < f->limit;) {
        size_t mark = next_mark(f, modes, at);
        if (mark >= f->limit) return VEIL_OK;
        veil_status status = scan_around(f, modes, mark, &at);
        if (status != VEIL_OK) return status;
        if (at <= mark) at = mark + 1;
    }
    return VEIL_OK;
}

/* The word that ends before p is a context word of some row. */
static bool is_context(const vl_scan *scan, size_t p)
{
    vl_row_set rows;
    size_t start = p;
    while (start > 0 && p - start < 20 && vl_is_alpha((char)scan->text[start - 1]))
        start--;
    return p - start >= 2 &&
           vl_context_find(scan->tables->context, scan->text + start, p - start, scan->languages, false, &rows);
}

/* "card_4111...": four digits behind the underscore, and letters before it that some row knows as a context word. */
static veil_status scan_underscores(finder *f)
{
    const vl_scan *scan = f->scan;
    size_t at = f->from;
    for (size_t i = (f->from - scan->base) / 64; scan->base + i * 64 < f->limit; i++) {
        const vl_class_block *block = &scan->blocks[i];
        uint64_t bits = block->under & (block->digit >> 1 | block[1].digit << 63);
        for (; bits != 0; bits &= bits - 1) {
            size_t p = scan->base + i * 64 + vl_low_bit(bits);
            bool is_new = p >= at && p < f->limit && (vl_view_digit(scan, p + 1) & 15) == 15;
            if (!is_new || !is_context(scan, p)) continue;
            veil_status status = scan_around(f, VL_VIEW_UNDER, p, &at);
            if (status != VEIL_OK) return status;
        }
    }
    return VEIL_OK;
}

/* No view holds more than the text and what stands before its runs. */
static void wipe(vl_views *views, size_t size)
{
    size_t most = size < VL_VIEW_BYTES - PASSES * 2 * PREFIX ? size + PASSES * 2 * PREFIX : VL_VIEW_BYTES;
    for (size_t i = 0; i < sizeof views->views / sizeof views->views[0]; i++)
        vl_wipe(views->views[i].bytes, most);
}

veil_status vl_views_scan(const vl_view_call *call, vl_scan *scan, size_t *limit)
{
    finder f = {call, scan, scan->first, *limit, false, false};
    if (scan->first >= *limit) return VEIL_OK;
    if (scan->first - scan->base >= EDGE) f.from = scan->first - EDGE;
    bool decodes = (call->modes & VL_VIEW_DECODE) != 0;
    size_t bytes = *limit - scan->base;
    veil_status status = VEIL_OK;
    bool has_units = false;
    bool has_quoted = false;
    if (scan->kernels->mark_set(scan->text + scan->base, bytes, &call->sets->marks, call->views->candidates))
        prune(&f, bytes, &has_units, &has_quoted);
    if (has_units) status = scan_marks(&f, call->modes);
    if (status == VEIL_OK && has_quoted && decodes) status = scan_marks(&f, call->modes | VL_VIEW_QUOTED);
    if (status == VEIL_OK && decodes) status = scan_runs(&f);
    if (status == VEIL_OK && decodes) status = scan_underscores(&f);
    if (f.was_used) wipe(call->views, scan->size);
    *limit = f.limit;
    return status == VEIL_OK && f.is_over ? VEIL_ERR_INTERNAL : status;
}

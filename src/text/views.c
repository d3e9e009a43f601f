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
#include "text/views_parts.h"
#include "text/walks.h"

#define ROOM         (VL_MATCH_MAX / 2)
#define ROOM_MOST    (VL_MATCH_MAX * 3 / 4)  /* of a window that cannot become shorter */
#define WINDOW_LEAST (2 * VL_LOOK_BACK + 64) /* a window must move on */
#define RUN_ROWS     12u                     /* matches of one run: the strongest */
#define STRETCH      VL_TEXT_LEAST

uint32_t vl_view_modes(uint32_t modes, uint64_t flags)
{
    if ((flags & VEIL_TEXT_NO_FOLD) != 0) modes &= ~(uint32_t)VL_VIEW_FOLD;
    if ((flags & VEIL_TEXT_NO_DECODE) != 0) modes &= ~(uint32_t)VL_VIEW_DECODE;
    return (modes & (VL_VIEW_FOLD | VL_VIEW_DECODE)) == 0 ? 0 : modes;
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
    for (const char *c = "%&\\=\x1B"; (modes & VL_VIEW_DECODE) != 0 && *c != '\0'; c++)
        vl_byte_set_add(set, (uint8_t)*c);
}

/* ---- making views ---- */

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

static const vl_byte_set *set_of(const vl_finder *f, uint32_t modes)
{
    if ((modes & VL_VIEW_UNDER) != 0) return &f->call->sets->under;
    return (modes & VL_VIEW_QUOTED) != 0 ? &f->call->sets->quoted : &f->call->sets->units;
}

static void add_unit(vl_view *view, const vl_unit *unit, size_t start, size_t end)
{
    for (unsigned i = 0; i < unit->count; i++) {
        if (unit->is_mark) vl_view_mark(view, view->size);
        vl_view_add(view, unit->bytes[i], start, end);
    }
    view->may_nest |= unit->is_changed && unit->may_nest;
}

/* What is not seen marks its neighbours: they are joined by it. */
static void mark_gap(vl_view *view)
{
    if (view->size > 0) vl_view_mark(view, view->size - 1);
    vl_view_mark(view, view->size);
}

/* The view of the text from `from` on, as far as marks follow each other. Returns where it ends. */
static size_t show_text(const vl_finder *f, uint32_t modes, size_t from, size_t mark, vl_view *view)
{
    const vl_scan *scan = f->scan;
    vl_source source = {scan->text, scan->size, modes, {0, 0, false}, false, 0, 0};
    size_t most = scan->size - from < VL_VIEW_BYTES ? scan->size : from + VL_VIEW_BYTES;
    size_t until = most - mark < VL_VIEW_REACH ? most : mark + VL_VIEW_REACH;
    size_t p = from;
    size_t joined = SIZE_MAX; /* behind a mark, and characters that are not seen behind it */
    vl_view_clear(view, from);
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
        bool goes_on = unit.is_mark || (unit.count == 0 && p == joined);
        p += unit.length;
        if (!goes_on) continue;
        joined = p;
        until = most - p < VL_VIEW_REACH ? most : p + VL_VIEW_REACH;
    }
    view->ends_text = p == scan->size;
    view->shown = (uint32_t)(p - from);
    view->is_under = (modes & VL_VIEW_UNDER) != 0;
    return p;
}

/* Another pass over a view. */
static void show_view(const vl_view *from, uint32_t modes, vl_view *to)
{
    vl_source source = {from->bytes, from->size, modes, {0, 0, false}, false, 0, 0};
    vl_view_clear(to, from->origin);
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
        unit.is_mark |= vl_view_has_mark(from, p, p + unit.length);
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
    if (!view->is_run && start < VL_VIEW_EDGE && !view->starts_text) return false;
    if (!view->is_run && end + VL_VIEW_EDGE > view->size && !view->ends_text) return false;
    if (view->is_run) {
        if (!vl_view_has_mark(view, start, start + 1)) return false; /* before the run */
    } else if (!vl_view_has_mark(view, start > VL_VIEW_EDGE ? start - VL_VIEW_EDGE : 0,
                                 end + VL_VIEW_EDGE < view->size ? end + VL_VIEW_EDGE : view->size)) {
        return false;
    }
    if (view->is_binary && !is_in_text(view, start, end)) return false;
    if (!view->is_under) return true;
    return start > 0 && vl_view_has_mark(view, start - 1, start) && vl_context_stands(sub, match->row, start);
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
    if (*start - before <= VL_VIEW_EDGE) *start = before;
    if (behind > *end && behind - *end <= VL_VIEW_EDGE) *end = behind;
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
static void make_room(vl_finder *f)
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

static void keep(vl_finder *f, const vl_view *view, vl_scan *sub, const vl_match *found)
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

static void open_scan(const vl_finder *f, const vl_view *view, vl_scan *sub)
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

/* Matches that fill their array are taken over before the scan goes on. */
veil_status vl_view_scan(vl_finder *f, const vl_view *view)
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

void vl_view_deepen(uint32_t modes, unsigned passes, vl_view **shown, vl_view **spare)
{
    for (unsigned i = 0; i < passes && (*shown)->may_nest; i++) {
        show_view(*shown, modes, *spare);
        vl_view *result = *spare;
        *spare = *shown;
        *shown = result;
    }
}

veil_status vl_views_deeper(vl_finder *f, uint32_t modes, unsigned passes)
{
    vl_view *views = f->call->views->views;
    vl_view *shown = &views[0];
    vl_view *spare = &views[1];
    f->was_used = true;
    vl_view_deepen(modes & ~(uint32_t)VL_VIEW_QUOTED, passes, &shown, &spare); /* what "=3D" gave is no sign of it */
    veil_status status = vl_view_scan(f, shown);
    bool decodes = (f->call->modes & VL_VIEW_DECODE) != 0 && !shown->is_under;
    if (status == VEIL_OK && decodes) status = vl_runs_inner_short(f, shown, &views[2]);
    return status == VEIL_OK && decodes ? vl_runs_inner(f, shown, spare, &views[2]) : status;
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
    if (!vl_is_alnum(value) && (vl_is_alnum(behind) || behind == '+' || behind == '(')) return true;
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
    if (c == 0x1B) return next == '[';
    if (c == '%') return next == 'u' || (vl_hex_value((char)next) >= 0 && vl_hex_value((char)text[p + 2]) >= 0);
    if (c == '&') return next == '#' || vl_is_alpha((char)next);
    return c != '\\' || next == 'u' || next == 'U' || next == 'x' ||
           (next != '"' && !vl_is_alnum((char)next)); /* "\n": read by others */
}

/* Keep the candidates that may be marks. Tells which there are. */
static void prune(vl_finder *f, size_t bytes, bool *has_units, bool *has_quoted)
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
static size_t next_mark(const vl_finder *f, uint32_t modes, size_t from)
{
    const vl_scan *scan = f->scan;
    vl_source source = {scan->text, scan->size, modes | VL_VIEW_QUOTED, {0, 0, false}, true, 0, 0};
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

static veil_status scan_around(vl_finder *f, uint32_t modes, size_t mark, size_t *reached)
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
    bool is_cut = end - from + VL_UNIT_MAX >= VL_VIEW_BYTES && end < f->scan->size;
    *reached = is_cut ? end - VL_VIEW_SPAN_MAX - VL_VIEW_REACH : end;
    return vl_views_deeper(f, modes, VL_VIEW_PASSES - 1);
}

static veil_status scan_marks(vl_finder *f, uint32_t modes)
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

/* "card_4111", "ssn_536-90", "ip_1.2": more of a number than the names of programs have. */
static bool is_number_behind(const vl_scan *scan, size_t p)
{
    uint64_t digits = vl_view_digit(scan, p);
    unsigned count = vl_run(digits);
    uint8_t sign = vl_byte(scan, p + count);
    return count >= 4 || ((sign == '-' || sign == '.') && vl_is_digit((char)vl_byte(scan, p + count + 1)));
}

/* A number behind the underscore, and letters before it that some row knows as a context word. */
static veil_status scan_underscores(vl_finder *f)
{
    const vl_scan *scan = f->scan;
    size_t at = f->from;
    for (size_t i = (f->from - scan->base) / 64; scan->base + i * 64 < f->limit; i++) {
        const vl_class_block *block = &scan->blocks[i];
        uint64_t bits = block->under & (block->digit >> 1 | block[1].digit << 63);
        for (; bits != 0; bits &= bits - 1) {
            size_t p = scan->base + i * 64 + vl_low_bit(bits);
            bool is_new = p >= at && p < f->limit && is_number_behind(scan, p + 1);
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
    size_t most = size < VL_VIEW_BYTES - VL_VIEW_PASSES * 2 * VL_VIEW_PREFIX
                      ? size + VL_VIEW_PASSES * 2 * VL_VIEW_PREFIX
                      : VL_VIEW_BYTES;
    for (size_t i = 0; i < sizeof views->views / sizeof views->views[0]; i++)
        vl_wipe(views->views[i].bytes, most);
}

veil_status vl_views_scan(const vl_view_call *call, vl_scan *scan, size_t *limit)
{
    vl_finder f = {call, scan, scan->first, *limit, false, false};
    if (scan->first >= *limit) return VEIL_OK;
    /* a mark before the window counts VL_VIEW_EDGE bytes of a view behind it, which are more of the text */
    f.from = scan->first - scan->base > VL_VIEW_REACH ? scan->first - VL_VIEW_REACH : scan->base;
    bool decodes = (call->modes & VL_VIEW_DECODE) != 0;
    size_t bytes = *limit - scan->base;
    veil_status status = VEIL_OK;
    bool has_units = false;
    bool has_quoted = false;
    if (scan->kernels->mark_set(scan->text + scan->base, bytes, &call->sets->marks, call->views->candidates))
        prune(&f, bytes, &has_units, &has_quoted);
    if (has_units) status = scan_marks(&f, call->modes);
    if (status == VEIL_OK && has_quoted && decodes) status = scan_marks(&f, call->modes | VL_VIEW_QUOTED);
    if (status == VEIL_OK && decodes) status = vl_runs_scan(&f);
    if (status == VEIL_OK && decodes) status = scan_underscores(&f);
    if (f.was_used) wipe(call->views, scan->size);
    *limit = f.limit;
    return status == VEIL_OK && f.is_over ? VEIL_ERR_INTERNAL : status;
}

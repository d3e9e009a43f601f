/*
 * Runs of base64 and hexadecimal digits: what they say, as views. A short run is text from its start or nothing, which its first
 * bytes tell; of a long one a part may be text, in one of four phases.
 */
#include "text/views_parts.h"
#include "text/walks.h"

#define STRETCH     VL_TEXT_LEAST
#define SHORT_RUN   64u /* digits; a shorter run is text from its start or nothing */
#define STARTS_MAX  8u  /* places in a run where the encoded part may begin, behind / and the like */
#define PROBE       64u /* digits of a long run by which its phase is known */
#define HEX_LEAST   16u
#define INNER_LEAST 10u /* digits of a run in a run: seven bytes */

/* A text that runs are read from: the original, or a view. */
typedef struct run_source {
    const uint8_t *text;
    size_t size;
    const vl_view *view; /* NULL: the original */
    bool *was_used;      /* the finder's */
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
    size_t before = start > VL_VIEW_PREFIX ? start - VL_VIEW_PREFIX : 0;
    size_t origin = origin_of(source, before < start ? before : start);
    *source->was_used = true;
    vl_view_clear(view, origin);
    view->is_run = true;
    view->may_nest = true;
    view->run_start = (uint16_t)(origin_of(source, start) - origin);
    view->run_end = (uint16_t)(origin_end_of(source, end) - origin);
    if (source->view != NULL && source->view->is_run) {
        view->run_start = (uint16_t)(source->view->origin + source->view->run_start - origin);
        view->run_end = (uint16_t)(source->view->origin + source->view->run_end - origin);
    }
    for (size_t p = before; p < start; p++)
        vl_view_add(view, source->text[p], 0, 0);
    vl_view_add(view, '\n', 0, 0);
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
        vl_view_mark(view, prefix + i);
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
    size_t count = is_hex ? vl_hex_decode(source->text, from, end, head, origin, sizeof head)
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
    size_t count = vl_hex_decode(source->text, from, end, view->bytes + view->size, origin, VL_VIEW_BYTES - view->size);
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
    if (p > 0 && vl_view_has_mark(view, p - 1, p) && vl_is_alnum((char)view->bytes[p - 1])) return p;
    while (end < view->size && vl_view_has_mark(view, end, end + 1) &&
           (vl_is_alnum((char)view->bytes[end]) || is_start_sign(view->bytes[end])))
        end++;
    if (end - p < INNER_LEAST || end - p >= VL_RUN_LEAST) return p;
    for (unsigned i = 0; i < 2 && end < view->size && view->bytes[end] == '='; i++)
        end++;
    return end;
}

veil_status vl_runs_inner_short(vl_finder *f, vl_view *view, vl_view *inner)
{
    run_source source = {view->bytes, view->size, view, &f->was_used};
    for (size_t p = 0; p < view->size; p++) {
        size_t end = inner_end(view, p);
        if (end == p || !show_base64(&source, p, end, false, f->call->views->run_origin, inner)) continue;
        veil_status status = vl_view_scan(f, inner);
        if (status != VEIL_OK) return status;
        p = end;
    }
    return VEIL_OK;
}

veil_status vl_runs_inner(vl_finder *f, vl_view *view, vl_view *spare, vl_view *inner)
{
    run_source source = {view->bytes, view->size, view, &f->was_used};
    const vl_kernels *kernels = f->scan->kernels;
    for (size_t at = 0; at < view->size;) {
        size_t found = kernels->find_run(view->bytes + at, view->size - at);
        if (at + found >= view->size) return VEIL_OK;
        vl_run_text run;
        vl_run_find(view->bytes, view->size, at + found, &run);
        at = run.end > at + found ? run.end : at + found + 1;
        if (!run.is_whole || !vl_view_has_mark(view, run.start, run.end)) continue;
        if (!view->is_run && run.start < VL_VIEW_EDGE && !view->starts_text) continue;
        if (!view->is_run && run.end + VL_VIEW_EDGE > view->size && !view->ends_text) continue;
        if (!show_run(&source, &run, f->call->views->run_origin, inner)) continue;
        vl_view_deepen(f->call->modes, 1, &inner, &spare);
        veil_status status = vl_view_scan(f, inner);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
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
static void map_groups(const vl_finder *f, vl_view *view, size_t from, size_t end)
{
    const uint16_t *origin = f->call->views->run_origin;
    const uint8_t *text = f->scan->text;
    vl_view_clear(view, from);
    size_t count = vl_base64_decode(text, from, end, view->bytes, f->call->views->run_origin, VL_VIEW_BYTES);
    for (size_t i = 0; i < count; i++) {
        size_t group = origin[i];
        size_t group_end = from + group;
        for (unsigned digits = 0; digits < 4 && group_end < end; group_end++)
            digits += text[group_end] != '\n' && text[group_end] != '\r';
        view->start[i] = (uint16_t)group;
        view->end[i] = (uint16_t)(group_end - from);
        vl_view_mark(view, i);
    }
    view->size = (uint32_t)count;
    view->starts_text = false;
    view->is_binary = vl_text_stretch(view->bytes, count) < count;
    view->may_nest = true;
}

/* The phase in which the digits from p on say some text: 0 to 3, or 4. */
static unsigned find_phase(vl_finder *f, size_t p, size_t end)
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
static veil_status scan_long_run(vl_finder *f, size_t p, size_t end, size_t *reached)
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
        *reached = most < end ? most - VL_VIEW_REACH - VL_VIEW_EDGE : end;
        return vl_views_deeper(f, f->call->modes, VL_VIEW_PASSES - 1);
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

/* show_run may find something that begins at p. `word`: bytes of letters and digits there. */
static inline bool may_say_at(const vl_scan *scan, size_t p, unsigned word, size_t end)
{
    const uint8_t *text = scan->text;
    if (vl_base64_may_begin(text, p, end)) return true;
    if (word < HEX_LEAST || word % 2 != 0) return false;
    bool has_prefix = text[p] == '0' && (text[p + 1] | 0x20) == 'x';
    return vl_hex_may_begin(text, has_prefix ? p + 2 : p, end);
}

/* The same for all starts of a short run: names and numbers, nearly all of them, are known for what they are by their first bytes. */
static bool may_say(const vl_scan *scan, const vl_run_text *run)
{
    uint64_t words = vl_view_alnum(scan, run->start);
    uint64_t starts = (vl_view_code(scan, run->start) & ~words) << 1 | 1;
    for (unsigned i = 0; i < STARTS_MAX && starts != 0; i++, starts &= starts - 1) {
        unsigned at = vl_low_bit(starts);
        size_t p = run->start + at;
        if (p + VL_RUN_LEAST > run->end) return false;
        if (may_say_at(scan, p, vl_run(words >> at), run->end)) return true;
    }
    return false;
}

veil_status vl_runs_scan(vl_finder *f)
{
    const vl_scan *scan = f->scan;
    run_source source = {scan->text, scan->size, NULL, &f->was_used};
    size_t from = scan->first - scan->base > VL_RUN_BACK ? scan->first - VL_RUN_BACK : scan->base;
    while (from < f->limit) {
        size_t last = scan->size - f->limit < VL_RUN_LEAST ? scan->size : f->limit + VL_RUN_LEAST;
        size_t found = next_run(scan, from, last);
        if (found >= last) return VEIL_OK;
        vl_run_text run;
        veil_status status = VEIL_OK;
        size_t begin = found + 1 - VL_RUN_LEAST;
        bool is_short = find_short_run(scan, begin, &run);
        if (!is_short) vl_run_find(scan->text, scan->size, begin, &run);
        if (run.end <= found) run.end = found + 1;
        from = run.end;
        if (run.end <= scan->first) continue;
        if (!run.is_whole && begin < scan->first) { /* its pieces are counted from the window's first byte */
            from = scan->first;
            if (found < scan->first) continue;
            begin = scan->first;
        }
        if (run.end + 2 >= scan->size && scan->may_grow) vl_note_undecided(f->scan, run.start);
        if (!run.is_whole)
            status = scan_long_run(f, begin, run.end, &from);
        else if ((!is_short || may_say(scan, &run)) &&
                 show_run(&source, &run, f->call->views->run_origin, &f->call->views->views[0]))
            status = vl_views_deeper(f, f->call->modes, VL_VIEW_PASSES - 1);
        if (status != VEIL_OK) return status;
        if (from <= found) from = found + 1;
    }
    return VEIL_OK;
}

/*
 * Streams over the walk in windows (windows.c). The buffer holds what is not decided, and before it as much of the text as a
 * decision may look back at:
 *
 *   0          windows.cut          settled            size            BUFFER_BYTES
 *   | look back |  to be decided     | may still change |     room       |
 *
 * Bounds: what may still change is at most VL_LOOK_BACK * 2 bytes (matches are narrower, and so is what decides them), but for
 * chains of matches, which wait for their end up to VL_CHAIN_MAX_BYTES, behind a candidate that is undecided as long.
 */
#include "text/stream.h"

#include <string.h>

#include "core/clock.h"
#include "text/tail.h"
#include "text/walks.h"
#include "text/windows.h"

#define BUFFER_BYTES    32768u
#define BACK_BYTES      3072u /* kept behind the cut: a URL's brackets are looked for 2 KiB back */
#define CUE_BYTES       96u   /* a word before the cut may tell what stands behind it (cues.c, credentials.c) */
#define UNSETTLED_BYTES (2 * VL_LOOK_BACK)

struct vl_stream {
    vl_allocator allocator;
    vl_plan plan;
    vl_operator_set operators;
    char *texts; /* of the operators: copies */
    size_t text_bytes;
    vl_tail tail;
    vl_windows windows;
    uint64_t origin; /* of the buffer's first byte in the text */
    uint64_t timeout_us;
    size_t size;
    size_t valid;      /* UTF-8 was checked so far (strict) */
    size_t tried;      /* `settled` of a look that decided nothing */
    veil_finding late; /* the open match of a chain that was cut: reported when its end is known */
    bool has_late;
    bool is_ended;
    veil_status failure; /* of an earlier call: the stream is dead */
    uint8_t buffer[BUFFER_BYTES];
};

/* Where a pull's results go. */
typedef struct drain {
    vl_stream *stream;
    vl_sink sink;
    veil_text_result *result; /* or NULL */
    size_t needed;            /* room that the next piece needs and does not have; 0: all fitted */
    bool is_full;             /* of findings */
} drain;

/* The strings of a call are borrowed until creation returns: copies. */
static char *keep(char **at, const char *text)
{
    if (text == NULL) return NULL;
    size_t bytes = strlen(text) + 1;
    char *copy = *at;
    memcpy(copy, text, bytes);
    *at += bytes;
    return copy;
}

static size_t bytes_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static veil_status copy_strings(vl_stream *stream, const veil_text_options *options, veil_operator_rule *rules)
{
    vl_operator_inputs *inputs = &stream->plan.inputs;
    stream->text_bytes = 1 + bytes_of(inputs->subject) + bytes_of(inputs->token_context) + bytes_of(inputs->field);
    for (size_t i = 0; i < options->operator_count; i++) {
        (void)vl_operator_rule_read(options->operators, i, &rules[i]); /* sizes were checked by the caller */
        stream->text_bytes += bytes_of(rules[i].text);
    }
    stream->texts = vl_alloc(&stream->allocator, stream->text_bytes);
    if (stream->texts == NULL) return VEIL_ERR_NO_MEMORY;
    char *at = stream->texts;
    inputs->subject = keep(&at, inputs->subject);
    inputs->token_context = keep(&at, inputs->token_context);
    inputs->field = keep(&at, inputs->field);
    for (size_t i = 0; i < options->operator_count; i++)
        rules[i].text = keep(&at, rules[i].text);
    return VEIL_OK;
}

static veil_status make_operators(vl_stream *stream, const vl_text_engine *engine, const veil_text_options *options,
                                  veil_error *error)
{
    stream->operators = *engine->operators;
    if (options == NULL) return vl_operators_check_inputs(&stream->operators, &stream->plan.inputs, true, error);
    size_t bytes = (options->operator_count + 1) * sizeof(veil_operator_rule);
    veil_operator_rule *rules = vl_alloc(&stream->allocator, bytes);
    veil_status status = rules == NULL ? VEIL_ERR_NO_MEMORY : copy_strings(stream, options, rules);
    if (status != VEIL_OK)
        (void)vl_error_set(error, status, 0, "operators of a stream");
    else if (options->operator_count > 0)
        status = vl_operators_parse(&stream->operators, rules, options->operator_count, engine->key_bytes,
                                    vl_catalogue_find, &engine->catalogue, vl_entity_end(&engine->catalogue), error);
    vl_free(&stream->allocator, rules, bytes);
    if (status != VEIL_OK) return status;
    return vl_operators_check_inputs(&stream->operators, &stream->plan.inputs, true, error);
}

static veil_status make_stream(vl_stream *stream, const vl_text_engine *engine, const veil_text_options *options,
                               veil_error *error)
{
    stream->allocator = engine->runtime->allocator;
    veil_status status = vl_plan_make(engine, options, &stream->plan, error);
    if (status != VEIL_OK) return status;
    if (stream->plan.wants_losers)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "a stream does not report losers (VEIL_TEXT_ALL)");
    if (stream->plan.format != VEIL_FORMAT_TEXT)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "a stream is plain text: options.format is another");
    if (engine->custom != NULL && vl_custom_has_callbacks(engine->custom, stream->plan.rows))
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0,
                            "a recognizer in force calls the host: it sees whole texts");
    status = make_operators(stream, engine, options, error);
    if (status != VEIL_OK) return status;
    stream->plan.rules = NULL;
    stream->plan.rule_count = 0;
    stream->timeout_us = options == NULL ? 0 : options->timeout_us;
    vl_tail_prepare(&stream->tail, &engine->catalogue, stream->plan.rows);
    vl_windows_init(&stream->windows, engine, &stream->plan, stream->buffer, 0);
    stream->windows.operators = &stream->operators;
    stream->windows.drops_kept = stream->operators.any_keep;
    stream->windows.scan.may_grow = true;
    stream->tried = SIZE_MAX;
    return VEIL_OK;
}

veil_status vl_stream_create(const vl_text_engine *engine, const veil_text_options *options, vl_stream **out,
                             veil_error *error)
{
    vl_stream *stream = vl_secret_pages(sizeof *stream);
    *out = NULL;
    if (stream == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "a stream's buffer");
    veil_status status = make_stream(stream, engine, options, error);
    if (status != VEIL_OK)
        vl_stream_destroy(stream);
    else
        *out = stream;
    return status;
}

void vl_stream_destroy(vl_stream *stream)
{
    if (stream == NULL) return;
    vl_allocator allocator = stream->allocator;
    if (stream->texts != NULL) vl_wipe(stream->texts, stream->text_bytes); /* subjects and fields name people */
    vl_free(&allocator, stream->texts, stream->text_bytes);
    vl_secret_pages_free(stream, sizeof *stream);
}

size_t vl_stream_held(const vl_stream *stream)
{
    return stream->size - stream->windows.cut;
}

static size_t less(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Drop the text that no decision looks back at any more. */
static void slide(vl_stream *stream)
{
    vl_windows *w = &stream->windows;
    vl_walks *walks = &w->scan.walks;
    size_t by = less(w->cut, BACK_BYTES);
    if (by == 0) return;
    memmove(stream->buffer, stream->buffer + by, stream->size - by);
    vl_wipe(stream->buffer + stream->size - by, by);
    stream->size -= by;
    stream->origin += by;
    stream->valid = less(stream->valid, by);
    stream->tried = stream->tried == SIZE_MAX ? SIZE_MAX : less(stream->tried, by);
    w->cut -= by;
    w->carried.reach = less(w->carried.reach, by);
    w->carried.winner_end = less(w->carried.winner_end, by);
    w->carried.certain = less(w->carried.certain, by);
    for (unsigned i = 0; i < w->own_runs.count; i++) {
        w->own_runs.items[i].start = less(w->own_runs.items[i].start, by);
        w->own_runs.items[i].end = less(w->own_runs.items[i].end, by);
    }
    walks->url_start = less(walks->url_start, by);
    walks->url_end = less(walks->url_end, by);
    walks->token_start = less(walks->token_start, by);
    walks->token_end = less(walks->token_end, by);
    walks->parts_end = less(walks->parts_end, by);
    for (unsigned i = 0; i < VL_RUN_KINDS; i++) {
        walks->runs[i].start = less(walks->runs[i].start, by);
        walks->runs[i].end = less(walks->runs[i].end, by);
    }
    walks->armour.at = less(walks->armour.at, by);
    walks->armour.end = less(walks->armour.end, by);
    walks->armour.line = less(walks->armour.line, by);
}

veil_status vl_stream_push(vl_stream *stream, const char *text, size_t text_bytes, size_t *taken_bytes,
                           veil_error *error)
{
    *taken_bytes = 0;
    if (stream->failure != VEIL_OK) return vl_error_set(error, stream->failure, 0, "the stream failed before");
    if (stream->is_ended) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "the stream was ended");
    if (text_bytes > BUFFER_BYTES - stream->size) slide(stream);
    size_t taken = min_size(text_bytes, BUFFER_BYTES - stream->size);
    if (taken > 0) memcpy(stream->buffer + stream->size, text, taken);
    stream->size += taken;
    *taken_bytes = taken;
    return VEIL_OK;
}

veil_status vl_stream_end(vl_stream *stream, veil_error *error)
{
    if (stream->failure != VEIL_OK) return vl_error_set(error, stream->failure, 0, "the stream failed before");
    stream->is_ended = true;
    return VEIL_OK;
}

/* Text that may be looked at: all of it, or in strict mode what is valid UTF-8; a character may be incomplete at the end. */
static veil_status check_utf8(vl_stream *stream, veil_error *error)
{
    const vl_windows *w = &stream->windows;
    if (w->engine->utf8_policy != VEIL_UTF8_STRICT) {
        stream->valid = stream->size;
        return VEIL_OK;
    }
    const uint8_t *from = stream->buffer + stream->valid;
    stream->valid += w->scan.kernels->utf8_valid_prefix(from, stream->size - stream->valid);
    size_t left = stream->size - stream->valid;
    uint8_t lead = left > 0 ? stream->buffer[stream->valid] : 0;
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (left == 0 || (!stream->is_ended && lead >= 0xC2 && lead <= 0xF4 && left < wanted)) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, stream->origin + stream->valid, "the text is not valid UTF-8");
}

/* Runs that ended where the text did may go on. */
static void renew_walks(vl_stream *stream)
{
    const vl_carried *carried = &stream->windows.carried;
    vl_scan *scan = &stream->windows.scan;
    if (carried->open != VL_OPEN_URL && scan->walks.url_end == scan->size) scan->walks.url_end = 0;
    if (carried->open != VL_OPEN_TOKEN && scan->walks.token_end == scan->size) scan->walks.token_end = 0;
    scan->size = stream->valid;
    scan->may_grow = !stream->is_ended;
}

/* A finding goes to the caller's array; false when that is full. */
static bool put_finding(drain *d, const veil_finding *finding)
{
    veil_text_result *result = d->result;
    if (result == NULL || result->findings == NULL) return true;
    if (result->finding_count == result->finding_capacity) {
        d->is_full = true;
        return false;
    }
    result->findings[result->finding_count] = *finding;
    return true;
}

static void count_finding(drain *d)
{
    if (d->result != NULL) d->result->finding_count++;
}

static void describe(const vl_stream *stream, const vl_match *match, veil_finding *out)
{
    const vl_scan *scan = &stream->windows.scan;
    *out = (veil_finding){.entity = vl_entity_of(&scan->tables->catalogue, match->entity)->name,
                          .recognizer = vl_row_of(&scan->tables->catalogue, match->row)->name,
                          .start = stream->origin + scan->base + match->start,
                          .end = stream->origin + scan->base + match->end,
                          .score = match->score};
}

/* Report the winners of matches[0, count), all or none. */
static bool report(drain *d, const vl_match *matches, size_t count)
{
    vl_stream *stream = d->stream;
    size_t before = d->result == NULL ? 0 : d->result->finding_count;
    for (size_t i = 0; i < count; i++) {
        veil_finding finding;
        if (matches[i].is_loser) continue;
        describe(stream, &matches[i], &finding);
        if (stream->windows.carried.open == VL_OPEN_NONE && vl_windows_is_open(&stream->windows, &matches[i])) {
            stream->late = finding;
            stream->has_late = true;
            continue;
        }
        if (!put_finding(d, &finding)) {
            d->result->finding_count = before;
            stream->has_late = false;
            return false;
        }
        count_finding(d);
    }
    return true;
}

/* The finding of a match that was open: its end is known. */
static bool report_late(drain *d)
{
    vl_stream *stream = d->stream;
    const vl_carried *carried = &stream->windows.carried;
    if (!stream->has_late || carried->open != VL_OPEN_NONE) return true;
    if (!put_finding(d, &stream->late)) return false;
    count_finding(d);
    stream->has_late = false;
    return true;
}

/* Plain text, as much of it as there is room for. Returns where it came to. */
static size_t put_text(drain *d, size_t from, size_t to)
{
    size_t room = d->sink.capacity - d->sink.written;
    size_t end = to - from <= room ? to : from + room;
    if (end > from) vl_sink_put(&d->sink, (const char *)d->stream->buffer + from, end - from);
    if (end < to) d->needed = to - end;
    return end;
}

static size_t chain_count(const vl_match *matches, size_t count)
{
    uint32_t reach = matches[0].end;
    size_t n = 1;
    for (; n < count && matches[n].start < reach; n++)
        if (matches[n].end > reach) reach = matches[n].end;
    return n;
}

/* A chain of matches that begins at `from`: reported and written, all or nothing. *to: its end, or the cut. */
static veil_status put_chain(drain *d, size_t from, const vl_match *chain, size_t count, size_t *to)
{
    const vl_windows *w = &d->stream->windows;
    uint32_t reach = 0;
    vl_sink before = d->sink;
    for (size_t i = 0; i < count; i++)
        if (chain[i].end > reach) reach = chain[i].end;
    *to = min_size(w->scan.base + reach, w->cut);
    size_t found = d->result == NULL ? 0 : d->result->finding_count;
    if (!report(d, chain, count)) return VEIL_OK;
    veil_status status = vl_windows_write(w, from, *to, chain, count, &d->sink);
    if (status == VEIL_OK && d->sink.written <= d->sink.capacity) return VEIL_OK;
    if (before.written < before.capacity) vl_wipe(before.out + before.written, before.capacity - before.written);
    d->needed = d->sink.written - before.written;
    d->sink = before;
    d->stream->has_late = false;
    if (d->result != NULL) d->result->finding_count = found;
    return status;
}

/* What goes on with the chain that was cut before: its placeholder is written. Returns where it came to. */
static size_t put_carried(drain *d, const vl_window *window, size_t *done)
{
    const vl_windows *w = &d->stream->windows;
    const vl_match *matches = w->scan.matches;
    for (size_t i = 0; i < window->chain.count; i++) {
        if (!report(d, matches + i, 1)) {
            *done = i;
            return w->scan.base + matches[i].start;
        }
    }
    *done = window->chain.count;
    return window->chain.reach == 0 ? window->first : min_size(w->scan.base + window->chain.reach, w->cut);
}

/* A window's results; where room ends, the window ends as well. */
static veil_status put_window(drain *d, const vl_window *window)
{
    vl_windows *w = &d->stream->windows;
    const vl_match *matches = w->scan.matches;
    veil_status status = VEIL_OK;
    size_t done = 0;
    size_t at = put_carried(d, window, &done);
    while (!d->is_full && d->needed == 0 && done < window->count) {
        size_t start = w->scan.base + matches[done].start;
        size_t count = chain_count(matches + done, window->count - done);
        at = put_text(d, at, start);
        if (at < start) break;
        size_t to;
        status = put_chain(d, at, matches + done, count, &to);
        if (status != VEIL_OK || d->is_full || d->needed != 0) break;
        at = to;
        done += count;
    }
    if (status == VEIL_OK && done == window->count && !d->is_full && d->needed == 0) at = put_text(d, at, w->cut);
    w->cut = at;
    if (status == VEIL_OK) vl_windows_carry(w, done);
    return status;
}

/* No byte of it can be in a match: it goes out without a workspace. */
static bool is_plain(const vl_stream *stream, const vl_settled *settled)
{
    const vl_windows *w = &stream->windows;
    size_t from = less(w->cut, CUE_BYTES);
    if (!stream->plan.asks_rows) return true;
    return settled->is_clean && w->carried.reach == 0 &&
           !vl_may_match(w->engine, &stream->plan, stream->buffer + from, settled->end - from);
}

static vl_settled settled_end(const vl_stream *stream)
{
    const vl_windows *w = &stream->windows;
    if (stream->is_ended) return (vl_settled){stream->valid, true};
    vl_settled settled = vl_tail_settled(&stream->tail, stream->buffer, w->cut, stream->valid);
    size_t views = vl_views_settled(&w->engine->view_sets, w->scan.kernels, stream->plan.view_modes, stream->buffer,
                                    stream->valid);
    if (views < settled.end) settled = (vl_settled){views, false};
    size_t least = less(stream->valid, UNSETTLED_BYTES);
    return settled.end > least ? settled : (vl_settled){least, false};
}

/* Windows until nothing more is decided or there is no room. */
static veil_status drain_windows(drain *d, size_t settled, veil_error *error)
{
    vl_stream *stream = d->stream;
    vl_windows *w = &stream->windows;
    vl_workspace *workspace;
    uint32_t slot;
    veil_status status = vl_workspace_take(w->engine, &slot, &workspace);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no text workspace is free");
    vl_windows_attach(w, workspace);
    w->settled = settled;
    stream->plan.deadline_ns = vl_deadline_after_us(stream->timeout_us);
    while (status == VEIL_OK && w->cut < settled && d->needed == 0 && !d->is_full) {
        vl_window window;
        bool was_open = w->carried.open != VL_OPEN_NONE;
        status = vl_windows_find(w, &window, error);
        if (status != VEIL_OK) break;
        if (was_open && w->carried.open == VL_OPEN_NONE) stream->late.end = stream->origin + w->carried.winner_end;
        if (!report_late(d)) w->cut = window.first;
        if (w->cut == window.first) break;
        status = put_window(d, &window);
        if (status != VEIL_OK) (void)vl_error_set(error, status, 0, "an operator failed");
    }
    vl_workspace_give(w->engine, slot);
    return status;
}

static veil_status fail(vl_stream *stream, drain *d, veil_status status)
{
    if (status == VEIL_ERR_BUSY) return status; /* nothing was started */
    stream->failure = status;
    vl_wipe(stream->buffer, sizeof stream->buffer);
    stream->size = 0;
    stream->windows.cut = 0;
    if (d->sink.written > 0) vl_wipe(d->sink.out, min_size(d->sink.written, d->sink.capacity));
    if (d->result != NULL) d->result->finding_count = 0;
    return status;
}

veil_status vl_stream_pull(vl_stream *stream, char *out, size_t out_capacity, size_t *out_bytes,
                           veil_text_result *result, veil_error *error)
{
    drain d = {.stream = stream, .sink = {.out = out, .capacity = out_capacity}, .result = result};
    *out_bytes = 0;
    if (result != NULL) result->finding_count = 0;
    if (stream->failure != VEIL_OK) return vl_error_set(error, stream->failure, 0, "the stream failed before");
    veil_status status = check_utf8(stream, error);
    if (status != VEIL_OK) return fail(stream, &d, status);
    renew_walks(stream);
    vl_settled settled = settled_end(stream);
    vl_windows *w = &stream->windows;
    if (settled.end <= w->cut || (settled.end == stream->tried && !stream->is_ended)) return VEIL_OK;
    size_t before = w->cut;
    if (is_plain(stream, &settled))
        w->cut = put_text(&d, w->cut, settled.end);
    else
        status = drain_windows(&d, settled.end, error);
    if (status != VEIL_OK) return fail(stream, &d, status);
    stream->tried = w->cut < settled.end && d.needed == 0 && !d.is_full ? settled.end : SIZE_MAX;
    *out_bytes = d.sink.written;
    bool is_stuck = w->cut == before && d.sink.written == 0;
    if (!is_stuck || (d.needed == 0 && !d.is_full)) return VEIL_OK;
    if (d.is_full && result->finding_count > 0) return VEIL_OK;
    *out_bytes = d.needed;
    return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "the next piece needs %zu bytes, or room for a finding",
                        d.needed);
}

/*
 * One value of a document: unescaped behind the words of its name, scanned, and what is found brought back to the bytes of the
 * document. Text and document are walked side by side, so no map of offsets is kept: findings come in order.
 */
#include <string.h>

#include "core/clock.h"
#include "core/json_scan.h"
#include "text/structured.h"
#include "text/utf8.h"

#define NUMBER_MAX 256u /* bytes of a number that is scanned; longer ones are refused */

/* A place in the unescaped value and in the document. */
typedef struct cursor {
    size_t at;  /* of the value's unescaped bytes */
    size_t raw; /* of the document */
} cursor;

/* The unit at `raw`: its bytes, their number, its length in the document. */
static size_t read_unit(const vl_structured *s, const vl_field *value, size_t raw, uint8_t out[4], size_t *length)
{
    *length = 1;
    out[0] = s->text[raw];
    if (value->escapes == VL_ESCAPES_CSV && out[0] == '"') *length = 2;
    if (value->escapes != VL_ESCAPES_JSON || out[0] != '\\') return 1;
    /* checked by the parser */
    return vl_utf8_encode(vl_json_escape((const char *)s->text + raw, value->end - raw, length), (char *)out);
}

/* Behind the units that hold bytes before `to`. `holds_whole`: a unit of which only a part lies before is passed as well. */
static void advance(const vl_structured *s, const vl_field *value, cursor *c, size_t to, bool holds_whole)
{
    if (to <= c->at) return;
    if (value->escapes == VL_ESCAPES_NONE) {
        c->raw += to - c->at;
        c->at = to;
        return;
    }
    while (c->at < to) {
        uint8_t unit[4];
        size_t length;
        size_t count = read_unit(s, value, c->raw, unit, &length);
        if (!holds_whole && c->at + count > to) return;
        c->raw += length;
        c->at += count;
    }
}

/* ---- the text that is scanned ---- */

static bool is_break(const uint8_t *name, size_t i)
{
    bool is_capital = name[i] >= 'A' && name[i] <= 'Z';
    return is_capital && i > 0 && ((name[i - 1] >= 'a' && name[i - 1] <= 'z') || vl_is_digit((char)name[i - 1]));
}

#define WORD_BYTES (VL_NAME_BYTES / 2 - 1) /* of a name, a space before each; ": " behind them */
#define RAW_BYTES  (6 * WORD_BYTES)        /* as \\uXXXX */

/* The last bytes of a name, unescaped; of a long one that begins within an escape, the first few may be wrong. */
static size_t unescape_name(const vl_structured *s, const vl_name *name, uint8_t out[RAW_BYTES + 4])
{
    size_t size = 0;
    size_t raw = name->end - name->start > RAW_BYTES ? name->end - RAW_BYTES : name->start;
    while (raw < name->end) {
        size_t length = 1;
        uint32_t code = UINT32_MAX;
        bool is_escape = name->escapes == VL_ESCAPES_JSON && s->text[raw] == '\\';
        if (is_escape) code = vl_json_escape((const char *)s->text + raw, name->end - raw, &length);
        if (code == UINT32_MAX) {
            out[size++] = s->text[raw];
            length = 1;
        } else {
            size += vl_utf8_encode(code, (char *)out + size);
        }
        raw += length;
    }
    return size;
}

/* The words of a name, the last ones: "customerSsn_no" gives "customer Ssn no: ". */
static size_t put_name(const vl_structured *s, const vl_name *name, uint8_t *out)
{
    uint8_t text[RAW_BYTES + 4];
    size_t bytes = unescape_name(s, name, text);
    size_t size = 0;
    for (size_t i = bytes > WORD_BYTES ? bytes - WORD_BYTES : 0; i < bytes; i++) {
        if (is_break(text, i)) out[size++] = ' ';
        out[size++] = vl_is_alnum((char)text[i]) || text[i] >= 0x80 ? text[i] : ' ';
    }
    if (size == 0) return 0;
    out[size++] = ':';
    out[size++] = ' ';
    return size;
}

static size_t unescape(const vl_structured *s, const vl_field *value, uint8_t *out)
{
    size_t size = 0;
    for (size_t raw = value->start; raw < value->end;) {
        size_t length;
        uint8_t unit[4];
        size_t count = read_unit(s, value, raw, unit, &length);
        memcpy(out + size, unit, count);
        size += count;
        raw += length;
    }
    return size;
}

/* The text in which the value stands from `first` on. A long value without escapes is read where it is. */
typedef struct scanned {
    const uint8_t *text;
    size_t first;
    size_t size;
    void *taken; /* from the pool */
} scanned;

static veil_status make_text(vl_structured *s, const vl_field *value, scanned *out)
{
    uint8_t *buffer = s->workspace->value;
    size_t size = value->end - value->start;
    *out = (scanned){.text = s->text, .first = value->start, .size = value->end};
    if (size > VL_VALUE_BYTES - VL_NAME_BYTES) {
        if (value->escapes == VL_ESCAPES_NONE) return VEIL_OK;
        veil_status status = vl_pool_take(s->engine->runtime->pool, size + VL_NAME_BYTES, &out->taken);
        if (status != VEIL_OK) return vl_error_set(s->error, status, value->start, "no buffer for a long value");
        buffer = out->taken;
    }
    out->text = buffer;
    out->first = put_name(s, &value->name, buffer);
    if (value->escapes == VL_ESCAPES_NONE)
        memcpy(buffer + out->first, s->text + value->start, size);
    else
        size = unescape(s, value, buffer + out->first);
    out->size = out->first + size;
    return VEIL_OK;
}

/* ---- the output ---- */

static void copy_to(vl_structured *s, size_t raw)
{
    vl_sink *sink = s->output->sink;
    if (sink == NULL || raw <= s->copied) return;
    sink->encoding = s->copy_encoding;
    vl_sink_put(sink, (const char *)s->text + s->copied, raw - s->copied);
    sink->encoding = VL_SINK_RAW;
    s->copied = raw;
}

/* A value that stood without quotes gets them; what is kept of it is written as they ask. */
static void open_quotes(vl_structured *s, const vl_field *value)
{
    copy_to(s, value->start);
    vl_sink_put(s->output->sink, "\"", 1);
    s->copy_encoding = value->sink_encoding;
}

static void close_quotes(vl_structured *s, const vl_field *value)
{
    copy_to(s, value->end);
    vl_sink_put(s->output->sink, "\"", 1);
    s->copy_encoding = VL_SINK_RAW;
}

/* One piece in place of the bytes [start, end) of the document. */
static veil_status put_piece(vl_structured *s, const vl_field *value, const vl_windows *w, const vl_piece *piece,
                             size_t start, size_t end)
{
    vl_sink *sink = s->output->sink;
    copy_to(s, start);
    sink->encoding = value->sink_encoding;
    veil_status status = vl_windows_apply(w, w->scan.base + piece->start, w->scan.base + piece->end, piece, 1, sink);
    sink->encoding = VL_SINK_RAW;
    s->copied = end;
    if (status == VEIL_OK) return VEIL_OK;
    return vl_error_set(s->error, status, start, "an operator failed");
}

/* ---- findings ---- */

static void report(vl_structured *s, const veil_finding *finding)
{
    veil_text_result *result = s->output->result;
    size_t index = result->finding_count++;
    if (index < result->finding_capacity) result->findings[index] = *finding;
}

static void report_matches(vl_structured *s, const vl_field *value, const vl_windows *w, size_t first, size_t count,
                           cursor c)
{
    const vl_scan *scan = &w->scan;
    for (size_t i = 0; i < count; i++) {
        const vl_match *match = &scan->matches[i];
        if (match->is_loser && !s->plan->wants_losers) continue;
        advance(s, value, &c, scan->base + match->start - first, false);
        cursor end = c;
        advance(s, value, &end, scan->base + match->end - first, true);
        veil_finding finding = {.entity = vl_entity_of(&scan->tables->catalogue, match->entity)->name,
                                .recognizer = vl_row_of(&scan->tables->catalogue, match->row)->name,
                                .start = c.raw,
                                .end = end.raw,
                                .score = match->score,
                                .is_loser = match->is_loser};
        report(s, &finding);
    }
}

/* The pieces of a window into the document. */
static veil_status put_window(vl_structured *s, const vl_field *value, const vl_windows *w, const vl_window *window,
                              size_t first, cursor *c)
{
    const vl_match *matches = w->scan.matches + window->chain.count;
    size_t from = w->scan.base + window->chain.reach;
    if (window->chain.reach != 0) { /* the chain goes on whose placeholder is written */
        advance(s, value, c, (from < w->cut ? from : w->cut) - first, true);
        if (c->raw > s->copied) s->copied = c->raw;
    }
    size_t count = vl_windows_pieces(w, w->cut, matches, window->count - window->chain.count);
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < count && status == VEIL_OK; i++) {
        const vl_piece *piece = &w->workspace->pieces[i];
        advance(s, value, c, w->scan.base + piece->start - first, false);
        size_t start = c->raw > s->copied ? c->raw : s->copied; /* two pieces may share an escape */
        if (i == 0 && value->needs_quotes && s->copied <= value->start) open_quotes(s, value);
        advance(s, value, c, w->scan.base + piece->end - first, true);
        status = put_piece(s, value, w, piece, start, c->raw);
    }
    return status;
}

static veil_status scan_value(vl_structured *s, const vl_field *value, const scanned *text)
{
    vl_windows w;
    cursor c = {0, value->start};
    size_t copied = s->copied;
    vl_windows_init(&w, s->engine, s->plan, text->text, text->size);
    vl_windows_attach(&w, s->workspace);
    w.operators = s->operators;
    w.drops_kept = s->drops_kept;
    w.cut = text->first;
    veil_status status = VEIL_OK;
    if (s->engine->custom != NULL)
        status =
            vl_custom_begin(s->engine->custom, s->workspace->custom, s->plan->rows, text->text, text->size, s->error);
    while (status == VEIL_OK && w.cut < text->size) {
        vl_window window;
        status = vl_windows_find(&w, &window, s->error);
        if (status != VEIL_OK) break;
        if (s->output->result != NULL) report_matches(s, value, &w, text->first, window.count, c);
        if (s->output->sink != NULL) status = put_window(s, value, &w, &window, text->first, &c);
        vl_windows_carry(&w, window.count);
        advance(s, value, &c, w.cut - text->first, false);
    }
    bool is_changed = s->copied != copied;
    if (status == VEIL_OK && value->needs_quotes && is_changed) close_quotes(s, value);
    return status;
}

/* All of the value is the finding of a rule. */
static veil_status replace_value(vl_structured *s, const vl_field *value, const scanned *text)
{
    const vl_catalogue *catalogue = &s->engine->catalogue;
    size_t size = text->size - text->first;
    veil_finding finding = {.entity = vl_entity_of(catalogue, (unsigned)value->entity)->name,
                            .recognizer = "FIELD",
                            .start = value->start,
                            .end = value->end,
                            .score = 1.0f};
    if (s->output->result != NULL) report(s, &finding);
    if (s->output->sink == NULL) return VEIL_OK;
    vl_windows w;
    vl_piece piece = {0, (uint32_t)size, (uint16_t)value->entity,
                      size > VL_CHAIN_MAX_BYTES ? VL_PIECE_LONG : VL_PIECE_WHOLE};
    vl_windows_init(&w, s->engine, s->plan, text->text, text->size);
    vl_windows_attach(&w, s->workspace);
    w.operators = s->operators;
    w.scan.base = text->first;
    if (value->needs_quotes) open_quotes(s, value);
    veil_status status = put_piece(s, value, &w, &piece, value->start, value->end);
    if (value->needs_quotes) close_quotes(s, value);
    return status;
}

/* Neither the value nor the words before it give a reason to look. */
static bool is_plain(const vl_structured *s, const scanned *text)
{
    const uint8_t *name_end = text->text + (text->first > 2 ? text->first - 2 : 0);
    if (text->text == s->text) return false;
    return !vl_may_match(s->engine, s->plan, text->text + text->first, text->size - text->first) &&
           !vl_may_match(s->engine, s->plan, text->text, (size_t)(name_end - text->text));
}

veil_status vl_field_run(vl_structured *s, const vl_field *value)
{
    scanned text;
    bool is_ruled = value->entity >= 0;
    if (value->start == value->end) return VEIL_OK;
    if (is_ruled && s->drops_kept && s->operators->of[value->entity].op == VEIL_OP_KEEP) is_ruled = false;
    if (!is_ruled && !s->plan->asks_rows) return VEIL_OK;
    if (++s->values % 64 == 0 && vl_deadline_passed(s->plan->deadline_ns))
        return vl_error_set(s->error, VEIL_ERR_TIMEOUT, value->start, "the deadline passed");
    if (value->needs_quotes && value->sink_encoding == VL_SINK_JSON && value->end - value->start > NUMBER_MAX)
        return vl_error_set(s->error, VEIL_ERR_LIMIT, value->start, "a number has more than %u bytes", NUMBER_MAX);
    veil_status status = make_text(s, value, &text);
    if (status != VEIL_OK) return status;
    if (is_ruled)
        status = replace_value(s, value, &text);
    else if (!is_plain(s, &text))
        status = scan_value(s, value, &text);
    if (text.taken != NULL) vl_pool_give(s->engine->runtime->pool, text.taken, SIZE_MAX);
    return status;
}

/*
 * CTM (NIST): "file channel start duration word [confidence]" a line; ";;" begins a comment. Alternatives stand between
 * <ALT_BEGIN>, <ALT> and <ALT_END>. Channels are A, B or count from 1 (from 0 where a 0 occurs).
 */
#include <math.h>
#include <string.h>

#include "audio/transcript_sink.h"
#include "audio/transcript_units.h"

#define FIELDS_MAX 6u

typedef struct line {
    const char *fields[FIELDS_MAX];
    size_t sizes[FIELDS_MAX];
    uint32_t count; /* may exceed what is kept */
    size_t end;     /* behind the line's end */
} line;

static void split(const char *bytes, size_t size_bytes, size_t at, line *out)
{
    const char *newline = memchr(bytes + at, '\n', size_bytes - at);
    size_t end = newline == NULL ? size_bytes : (size_t)(newline - bytes);
    out->end = newline == NULL ? size_bytes : end + 1;
    out->count = 0;
    while (at < end) {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r'))
            at++;
        size_t start = at;
        while (at < end && bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r')
            at++;
        if (start == at) return;
        if (out->count < FIELDS_MAX) {
            out->fields[out->count] = bytes + start;
            out->sizes[out->count] = at - start;
        }
        out->count++;
    }
}

static bool field_is(const line *l, uint32_t index, const char *text)
{
    size_t n = strlen(text);
    return index < l->count && l->sizes[index] == n && memcmp(l->fields[index], text, n) == 0;
}

static bool is_comment(const line *l)
{
    return l->count > 0 && l->sizes[0] >= 2 && memcmp(l->fields[0], ";;", 2) == 0;
}

static bool is_word_line(const line *l)
{
    double value;
    return l->count >= 5 && l->count <= FIELDS_MAX && vl_time_decimal(l->fields[2], l->sizes[2], &value) &&
           vl_time_decimal(l->fields[3], l->sizes[3], &value);
}

static bool is_choice_line(const line *l)
{
    return l->count >= 5 && field_is(l, 2, "*") && field_is(l, 3, "*");
}

bool vl_transcript_is_ctm(const char *bytes, size_t size_bytes)
{
    for (size_t at = 0; at < size_bytes;) {
        line l;
        split(bytes, size_bytes, at, &l);
        at = l.end;
        if (l.count == 0 || is_comment(&l)) continue;
        return is_word_line(&l) || is_choice_line(&l);
    }
    return false;
}

typedef struct ctm {
    vl_transcript_sink *sink;
    line first; /* names the recording */
    bool has_first;
    bool has_zero; /* channels count from 0 */
    uint16_t layer;
} ctm;

static bool read_channel(ctm *c, const line *l, int16_t *out)
{
    const char *text = l->fields[1];
    size_t n = l->sizes[1];
    if (n == 1 && ((text[0] | 0x20) == 'a' || (text[0] | 0x20) == 'b')) {
        *out = (int16_t)((text[0] | 0x20) - 'a' + 1);
        return true;
    }
    double value = 0;
    if (n > 3 || !vl_time_decimal(text, n, &value) || value < 0 || value > VL_CHANNEL_MAX || value != floor(value))
        return false;
    *out = (int16_t)value;
    c->has_zero = c->has_zero || value == 0;
    return true;
}

static veil_status read_choice(ctm *c, const line *l, size_t offset)
{
    if (field_is(l, 4, "<ALT_BEGIN>") || field_is(l, 4, "<ALT_END>")) {
        c->layer = VL_LAYER_MAIN;
        return VEIL_OK;
    }
    if (!field_is(l, 4, "<ALT>")) return vl_sink_malformed_word(c->sink, offset, "a time is not a number");
    if (c->layer == VL_LAYER_MAIN) c->layer = VL_LAYER_OTHER;
    if (c->layer < VL_LAYER_LIMIT) c->layer++;
    return VEIL_OK;
}

static veil_status place_field(vl_transcript_sink *sink, const line *l, uint32_t index, uint32_t word)
{
    return vl_sink_place(sink, l->fields[index], l->sizes[index], VL_TEXT_PLAIN, word);
}

static veil_status read_word(ctm *c, const line *l, size_t offset)
{
    vl_transcript_sink *sink = c->sink;
    vl_word word = {.start_s = NAN,
                    .raw = l->fields[4],
                    .raw_bytes = (uint32_t)l->sizes[4],
                    .layer = c->layer,
                    .encoding = VL_TEXT_PLAIN};
    double length = NAN;
    if (!vl_time_decimal(l->fields[2], l->sizes[2], &word.start_s) ||
        !vl_time_decimal(l->fields[3], l->sizes[3], &length)) {
        return vl_sink_malformed_word(sink, offset, "a time is not a number");
    }
    double sure;
    bool has_odd =
        l->count == FIELDS_MAX && !field_is(l, 5, "NA") && !vl_time_decimal(l->fields[5], l->sizes[5], &sure);
    if (has_odd) return vl_sink_malformed_word(sink, offset, "its confidence is not a number");
    if (length < 0) return vl_sink_malformed_word(sink, offset, "its times are reversed");
    if (!read_channel(c, l, &word.channel)) return vl_sink_malformed_word(sink, offset, "its channel is not a number");
    word.end_s = word.start_s + length;
    bool is_said = !field_is(l, 4, "<eps>");
    veil_status status = place_field(sink, l, 0, VL_NO_WORD);
    if (status == VEIL_OK && is_said) status = place_field(sink, l, 4, sink->out->count);
    if (status == VEIL_OK && l->count == FIELDS_MAX) status = place_field(sink, l, 5, VL_NO_WORD);
    return status == VEIL_OK && is_said ? vl_sink_add(sink, offset, &word) : status;
}

static veil_status read_line(ctm *c, const line *l, size_t offset)
{
    vl_transcript_sink *sink = c->sink;
    if (!c->has_first) c->first = *l;
    c->has_first = true;
    if (l->count < 5 || l->count > FIELDS_MAX)
        return vl_sink_malformed_word(sink, offset, "its line has too few fields");
    bool is_same = l->sizes[0] == c->first.sizes[0] && memcmp(l->fields[0], c->first.fields[0], l->sizes[0]) == 0;
    if (!is_same) return vl_sink_malformed_word(sink, offset, "it is of another recording");
    if (is_choice_line(l)) { /* says nothing, so all of it is text that is nobody's */
        size_t size = (size_t)(l->fields[l->count - 1] - l->fields[0]) + l->sizes[l->count - 1];
        veil_status status = vl_sink_place(sink, l->fields[0], size, VL_TEXT_PLAIN, VL_NO_WORD);
        return status == VEIL_OK ? read_choice(c, l, offset) : status;
    }
    return read_word(c, l, offset);
}

veil_status vl_transcript_read_ctm(vl_transcript_sink *sink)
{
    const char *bytes = sink->source->bytes;
    size_t size_bytes = sink->source->size_bytes;
    ctm c = {.sink = sink, .layer = VL_LAYER_MAIN};
    for (size_t at = 0; at < size_bytes;) {
        line l;
        split(bytes, size_bytes, at, &l);
        veil_status status = VEIL_OK;
        if (is_comment(&l)) {
            status = vl_sink_place(sink, bytes + at, l.end - at, VL_TEXT_PLAIN, VL_NO_WORD);
            const vl_stray comment = {
                .raw = bytes + at, .raw_bytes = (uint32_t)(l.end - at), .start_s = NAN, .end_s = NAN};
            if (status == VEIL_OK) status = vl_sink_stray(sink, &comment, 0);
        } else if (l.count != 0) {
            status = read_line(&c, &l, at);
        }
        if (status != VEIL_OK) return status;
        at = l.end;
    }
    for (uint32_t i = 0; i < sink->out->count && !c.has_zero; i++)
        sink->out->words[i].channel--;
    return VEIL_OK;
}

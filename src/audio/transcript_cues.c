/*
 * Subtitles: SRT and WebVTT. A cue without word times is one segment; inline times of WebVTT ("<00:01.500> word") cut it into
 * pieces with times of their own. Notes, styles, names of cues and of speakers are text that is nobody's.
 */
#include <math.h>
#include <string.h>

#include "audio/transcript_sink.h"
#include "audio/transcript_units.h"

typedef struct cues {
    vl_transcript_sink *sink;
    const char *bytes;
    size_t size_bytes;
    bool is_vtt;
    double number; /* of the last cue, NaN: none */
} cues;

typedef struct text_line {
    size_t start;
    size_t end;  /* without the line's end */
    size_t next; /* start of the next */
} text_line;

static text_line line_at(const cues *c, size_t at)
{
    const char *newline = memchr(c->bytes + at, '\n', c->size_bytes - at);
    text_line l = {.start = at, .end = newline == NULL ? c->size_bytes : (size_t)(newline - c->bytes)};
    l.next = newline == NULL ? c->size_bytes : l.end + 1;
    if (l.end > l.start && c->bytes[l.end - 1] == '\r') l.end--;
    return l;
}

static bool is_blank_line(const cues *c, const text_line *l)
{
    for (size_t i = l->start; i < l->end; i++) {
        if (c->bytes[i] != ' ' && c->bytes[i] != '\t') return false;
    }
    return true;
}

static bool starts_with(const char *bytes, size_t size_bytes, const char *word)
{
    size_t n = strlen(word);
    return size_bytes >= n && memcmp(bytes, word, n) == 0;
}

static bool has_arrow(const cues *c, const text_line *l)
{
    for (size_t i = l->start; i + 3 <= l->end; i++) {
        if (memcmp(c->bytes + i, "-->", 3) == 0) return true;
    }
    return false;
}

static size_t skip_blanks(const cues *c, size_t at, size_t end)
{
    while (at < end && (c->bytes[at] == ' ' || c->bytes[at] == '\t'))
        at++;
    return at;
}

/* "00:00:01,000 --> 00:00:02,500 settings"; *behind: where what follows the times begins. */
static bool read_times(const cues *c, const text_line *l, double *start_s, double *end_s, size_t *behind)
{
    size_t at = skip_blanks(c, l->start, l->end);
    size_t used = vl_time_clock(c->bytes + at, l->end - at, start_s);
    if (used == 0) return false;
    at = skip_blanks(c, at + used, l->end);
    if (!starts_with(c->bytes + at, l->end - at, "-->")) return false;
    at = skip_blanks(c, at + 3, l->end);
    used = vl_time_clock(c->bytes + at, l->end - at, end_s);
    at += used;
    *behind = at;
    return used != 0 && (at == l->end || c->bytes[at] == ' ' || c->bytes[at] == '\t');
}

/* Without a blank line before it, too. In WebVTT no text has an arrow; in SRT one may, but not behind a digit. */
static bool starts_cue(const cues *c, const text_line *l)
{
    size_t at = skip_blanks(c, l->start, l->end);
    bool has_digit = at < l->end && c->bytes[at] >= '0' && c->bytes[at] <= '9';
    return has_arrow(c, l) && (c->is_vtt || has_digit);
}

bool vl_transcript_is_vtt(const char *bytes, size_t size_bytes)
{
    return starts_with(bytes, size_bytes, "WEBVTT") &&
           (size_bytes == 6 || bytes[6] == ' ' || bytes[6] == '\t' || bytes[6] == '\n' || bytes[6] == '\r');
}

/* Times in the first line, or in the second behind a number. */
bool vl_transcript_is_srt(const char *bytes, size_t size_bytes)
{
    cues c = {.bytes = bytes, .size_bytes = size_bytes};
    text_line l = line_at(&c, 0);
    double start_s, end_s;
    size_t behind;
    if (read_times(&c, &l, &start_s, &end_s, &behind)) return true;
    double number;
    if (!vl_time_decimal(bytes, l.end, &number) || l.next >= size_bytes) return false;
    l = line_at(&c, l.next);
    return read_times(&c, &l, &start_s, &end_s, &behind);
}

static veil_status place_text(cues *c, size_t start, size_t end)
{
    if (start >= end) return VEIL_OK;
    return vl_sink_place(c->sink, c->bytes + start, end - start, VL_TEXT_PLAIN, VL_NO_WORD);
}

/* What stands around a cue is about its time; a note has none. */
static veil_status keep_text(cues *c, size_t start, size_t end, double start_s, double end_s)
{
    const vl_stray stray = {.raw = c->bytes + start,
                            .raw_bytes = (uint32_t)(end - start),
                            .start_s = start_s,
                            .end_s = end_s,
                            .encoding = VL_TEXT_PLAIN};
    bool is_prose = start < end && memchr(stray.raw, ' ', end - start) != NULL; /* else a number or a name */
    return is_prose ? vl_sink_stray(c->sink, &stray, isnan(start_s)) : VEIL_OK;
}

/* One piece of a cue's text, in its time. */
static veil_status add_piece(cues *c, size_t start, size_t end, double start_s, double end_s)
{
    while (start < end && (c->bytes[start] == ' ' || c->bytes[start] == '\n' || c->bytes[start] == '\r'))
        start++;
    while (end > start && (c->bytes[end - 1] == ' ' || c->bytes[end - 1] == '\n' || c->bytes[end - 1] == '\r'))
        end--;
    if (start == end) return VEIL_OK;
    vl_word word = {.start_s = start_s,
                    .end_s = end_s,
                    .raw = c->bytes + start,
                    .raw_bytes = (uint32_t)(end - start),
                    .channel = -1,
                    .encoding = VL_TEXT_MARKUP,
                    .flags = VL_WORD_IS_SEGMENT | VL_WORD_STARTS_LIST};
    veil_status status = vl_sink_place(c->sink, word.raw, word.raw_bytes, VL_TEXT_MARKUP, c->sink->out->count);
    return status == VEIL_OK ? vl_sink_add(c->sink, start, &word) : status;
}

/* The next "<...>" that is a time, from `at` on. False: none. */
static bool next_time(const cues *c, size_t at, size_t end, size_t *start, size_t *behind, double *time_s)
{
    for (; at < end; at++) {
        if (c->bytes[at] != '<') continue;
        size_t used = vl_time_clock(c->bytes + at + 1, end - at - 1, time_s);
        if (used == 0 || at + 1 + used >= end || c->bytes[at + 1 + used] != '>') continue;
        *start = at;
        *behind = at + used + 2;
        return true;
    }
    return false;
}

static veil_status read_cue(cues *c, size_t start, size_t end, double start_s, double end_s)
{
    double from_s = start_s, time_s = 0;
    size_t at = start, tag, behind;
    veil_status status = vl_sink_check_times(c->sink, start, start_s, end_s, true);
    while (status == VEIL_OK && c->is_vtt && next_time(c, at, end, &tag, &behind, &time_s)) {
        if (time_s < from_s || time_s > end_s) return vl_sink_malformed_word(c->sink, tag, "its times are reversed");
        status = add_piece(c, at, tag, from_s, time_s);
        from_s = time_s;
        at = behind;
    }
    return status == VEIL_OK ? add_piece(c, at, end, from_s, end_s) : status;
}

static bool is_note(const cues *c, const text_line *l)
{
    static const char *const heads[] = {"NOTE", "STYLE", "REGION", "WEBVTT"};
    for (size_t i = 0; c->is_vtt && i < sizeof heads / sizeof heads[0]; i++) {
        if (starts_with(c->bytes + l->start, l->end - l->start, heads[i])) return true;
    }
    return false;
}

/* A note or a style, up to a blank line or a cue. */
static veil_status read_note(cues *c, text_line l, size_t *next)
{
    if (!is_note(c, &l)) return vl_sink_malformed_word(c->sink, l.start, "there is text without times");
    for (;;) {
        veil_status status = place_text(c, l.start, l.end);
        if (status == VEIL_OK) status = keep_text(c, l.start, l.end, NAN, NAN);
        *next = l.next;
        if (status != VEIL_OK || *next == c->size_bytes) return status;
        l = line_at(c, *next);
        if (is_blank_line(c, &l) || starts_cue(c, &l)) return VEIL_OK;
    }
}

/* Lines of text up to a blank one or the next cue. Its number, one more than this one's, is no text. */
static size_t read_body(const cues *c, size_t at, size_t *next)
{
    size_t end = at, before = at;
    double number;
    for (*next = at; *next < c->size_bytes;) {
        text_line l = line_at(c, *next);
        if (is_blank_line(c, &l)) return end;
        if (starts_cue(c, &l)) {
            text_line last = line_at(c, before);
            bool is_number = before < *next && vl_time_decimal(c->bytes + last.start, last.end - last.start, &number);
            return is_number && number == c->number + 1 ? last.start : end;
        }
        before = l.start;
        end = l.end;
        *next = l.next;
    }
    return end;
}

/* A block: lines up to a blank one. Its times are in the first line, or in the second behind a name. */
static veil_status read_block(cues *c, size_t start, size_t *next)
{
    text_line l = line_at(c, start);
    text_line name = l;
    double start_s, end_s;
    size_t behind;
    if (!has_arrow(c, &l)) {
        text_line second = line_at(c, l.next);
        if (is_blank_line(c, &second) || !has_arrow(c, &second)) return read_note(c, l, next);
        veil_status named = place_text(c, l.start, l.end);
        if (named != VEIL_OK) return named;
        l = second;
    }
    const bool is_named = l.start != name.start;
    if (!is_named || !vl_time_decimal(c->bytes + name.start, name.end - name.start, &c->number)) c->number = NAN;
    if (!read_times(c, &l, &start_s, &end_s, &behind))
        return vl_sink_malformed_word(c->sink, l.start, "a time is not a number");
    veil_status status = place_text(c, behind, l.end);
    if (status == VEIL_OK && is_named) status = keep_text(c, name.start, name.end, start_s, end_s);
    if (status == VEIL_OK) status = keep_text(c, skip_blanks(c, behind, l.end), l.end, start_s, end_s);
    if (status != VEIL_OK) return status;
    const size_t end = read_body(c, l.next, next);
    return read_cue(c, l.next, end, start_s, end_s);
}

veil_status vl_transcript_read_cues(vl_transcript_sink *sink, bool is_vtt)
{
    cues c = {.sink = sink,
              .bytes = sink->source->bytes,
              .size_bytes = sink->source->size_bytes,
              .is_vtt = is_vtt,
              .number = NAN};
    for (size_t at = 0; at < c.size_bytes;) {
        text_line l = line_at(&c, at);
        if (is_blank_line(&c, &l)) {
            at = l.next;
            continue;
        }
        veil_status status = read_block(&c, at, &at);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

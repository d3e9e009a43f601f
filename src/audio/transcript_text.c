/* The running text of a transcript, and the way from its bytes back to the document. */
#include <string.h>

#include "audio/transcript_sink.h"
#include "audio/transcript_units.h"
#include "core/json_scan.h"

/* ---- One unit: what decodes as one ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Does what stands behind "<" or "</" begin with the name of a tag, classes included? Anything else in angle brackets is text. */
static bool names_tag(const char *name, size_t n)
{
    static const char *const names[] = {"b",  "i",    "u",  "s", "c",    "v",   "lang",   "ruby",
                                        "rt", "font", "br", "p", "span", "div", "strong", "em"};
    size_t letters = 0, end = 0;
    bool is_known = false;
    while (letters < n && is_letter(name[letters]))
        letters++;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !is_known; i++) {
        is_known = strlen(names[i]) == letters;
        for (size_t k = 0; k < letters && is_known; k++)
            is_known = (name[k] | 0x20) == names[i][k];
    }
    if (!is_known || letters == n) return false;
    end = letters;
    while (name[letters] == '.' && end < n && is_name_char(name[end]))
        end++;
    return end < n && memchr(" \t\r\n>/", name[end], 6) != NULL;
}

/* "<b>", "</c>", "<v Name>", "<00:01.000>", "{\an8}": up to the closing character, or 0. */
static size_t tag_bytes(const char *raw, size_t n)
{
    if (n < 3 || (raw[0] != '<' && raw[0] != '{')) return 0;
    bool is_style = raw[0] == '{';
    if (is_style && (raw[1] != '\\' || !is_letter(raw[2]))) return 0;
    double time_s;
    size_t slash = raw[1] == '/' ? 2 : 1, clock = is_style ? 0 : vl_time_clock(raw + 1, n - 1, &time_s);
    if (clock != 0) return clock + 1 < n && raw[clock + 1] == '>' ? clock + 2 : 0;
    if (!is_style && !names_tag(raw + slash, n - slash)) return 0;
    const char *close = memchr(raw, is_style ? '}' : '>', n);
    if (close == NULL || (is_style && memchr(raw, '@', (size_t)(close - raw)) != NULL)) return 0;
    return (size_t)(close - raw) + 1;
}

typedef struct reference {
    const char *name;
    uint8_t size_bytes;
    char text[3];
} reference;

static const reference references[] = {
    {"&amp;", 5, "&"},  {"&lt;", 4, "<"},   {"&gt;", 4, ">"}, {"&quot;", 6, "\""}, {"&#39;", 5, "'"},
    {"&apos;", 6, "'"}, {"&nbsp;", 6, " "}, {"&lrm;", 5, ""}, {"&rlm;", 5, ""},
};

static size_t markup_unit(const char *raw, size_t n, char out[4], size_t *out_bytes)
{
    size_t tag = tag_bytes(raw, n);
    *out_bytes = 0;
    if (tag != 0) return tag;
    for (size_t i = 0; raw[0] == '&' && i < sizeof references / sizeof references[0]; i++) {
        const reference *one = &references[i];
        if (n < one->size_bytes || memcmp(raw, one->name, one->size_bytes) != 0) continue;
        *out_bytes = strlen(one->text);
        memcpy(out, one->text, *out_bytes);
        return one->size_bytes;
    }
    *out_bytes = 1;
    out[0] = raw[0] == '\n' || raw[0] == '\r' || raw[0] == '\t' ? ' ' : raw[0];
    return 1;
}

/* Bytes of raw that the next unit takes; what they say goes to out. 0: a bad escape. */
static size_t next_unit(const char *raw, size_t n, uint8_t encoding, char out[4], size_t *out_bytes)
{
    if (encoding == VL_TEXT_MARKUP) return markup_unit(raw, n, out, out_bytes);
    *out_bytes = 1;
    out[0] = raw[0];
    if (encoding == VL_TEXT_PLAIN || raw[0] != '\\') return 1;
    size_t length = 0;
    if (vl_json_escape(raw, n, &length) == UINT32_MAX) return 0;
    vl_json_token token = {.type = VL_JSON_STRING, .raw = raw, .raw_bytes = length, .has_escapes = true};
    *out_bytes = vl_json_decode(&token, out, 4);
    return *out_bytes == SIZE_MAX ? 0 : length;
}

size_t vl_transcript_decode(const char *raw, size_t raw_bytes, uint8_t encoding, char *out)
{
    if (encoding == VL_TEXT_PLAIN) {
        if (raw_bytes != 0) memcpy(out, raw, raw_bytes);
        return raw_bytes;
    }
    size_t written = 0, used;
    for (size_t at = 0; at < raw_bytes; at += used) {
        char unit[4];
        size_t count;
        used = next_unit(raw + at, raw_bytes - at, encoding, unit, &count);
        if (used == 0) return SIZE_MAX;
        memcpy(out + written, unit, count);
        written += count;
    }
    return written;
}

void vl_transcript_raw_span(const char *raw, size_t raw_bytes, uint8_t encoding, size_t start, size_t end,
                            size_t *raw_start, size_t *raw_end)
{
    size_t decoded = 0, used = 1;
    *raw_start = raw_bytes;
    *raw_end = raw_bytes;
    for (size_t at = 0; at < raw_bytes && decoded < end; at += used) {
        char unit[4];
        size_t count;
        used = next_unit(raw + at, raw_bytes - at, encoding, unit, &count);
        if (used == 0) return; /* cannot be: it was decoded before */
        if (*raw_start == raw_bytes && decoded + count > start) *raw_start = at;
        decoded += count;
        *raw_end = at + used;
    }
}

/* ---- Joining ---- */

static bool any_leads_with_space(const vl_transcript *t, bool with_segments)
{
    for (uint32_t i = 0; i < t->count; i++) {
        bool counts = with_segments || (t->words[i].flags & VL_WORD_IS_SEGMENT) == 0;
        if (counts && t->words[i].raw_bytes != 0 && t->words[i].raw[0] == ' ') return true;
    }
    return false;
}

/* Where words carry their own leading space (Whisper), a word without one continues the word before it (".roe", "-0132"). */
static bool continues(const vl_transcript *t, uint32_t index, bool is_spaced)
{
    const vl_word *word = &t->words[index];
    if (index == 0 || !vl_word_same_group(word, word - 1)) return false;
    if ((word->flags & VL_WORD_IS_MARK) != 0) return true;
    return is_spaced && (word->flags & VL_WORD_STARTS_LIST) == 0 && word->raw_bytes != 0 && word->raw[0] != ' ';
}

static void trim(vl_word *word)
{
    while (word->raw_bytes > 0 && word->raw[0] == ' ')
        word->raw++, word->raw_bytes--;
    while (word->raw_bytes > 0 && word->raw[word->raw_bytes - 1] == ' ')
        word->raw_bytes--;
}

veil_status vl_transcript_join(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < t->count; i++)
        bytes += t->words[i].raw_bytes + 1u;
    if (bytes > UINT32_MAX / 2) return vl_error_set(sink->error, VEIL_ERR_LIMIT, 0, "transcript: text too long");
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(sink->work, (size_t)bytes, 1, &memory);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its text");
    t->text = memory;
    bool is_spaced = sink->joins_by_space && any_leads_with_space(t, sink->joins_segments);
    size_t at = 0;
    for (uint32_t i = 0; i < t->count; i++) { /* before leading spaces are cut */
        if (continues(t, i, is_spaced))
            t->words[i].flags |= VL_WORD_CONTINUES;
        else
            t->words[i].flags &= (uint8_t)~VL_WORD_CONTINUES;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        vl_word *word = &t->words[i];
        if ((word->flags & VL_WORD_CONTINUES) == 0 && at != 0) t->text[at++] = ' ';
        trim(word);
        size_t written = vl_transcript_decode(word->raw, word->raw_bytes, word->encoding, t->text + at);
        if (written == SIZE_MAX) {
            return vl_error_set(sink->error, VEIL_ERR_MALFORMED_INPUT, 0,
                                "transcript: word %u: a bad escape in its text", i);
        }
        word->text_start = (uint32_t)at;
        at += written;
        word->text_end = (uint32_t)at;
    }
    t->text_bytes = (uint32_t)at;
    return VEIL_OK;
}

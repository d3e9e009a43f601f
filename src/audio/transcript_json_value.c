/* Values of a JSON transcript: a time, however the format writes it (number, text, Google's object of two numbers), and writings
 * of one word. */
#include <math.h>
#include <string.h>

#include "audio/transcript_json.h"

/* {"seconds": "1", "nanos": 200000000}, each optional and once; a number may be in quotes. */
static vl_time_read read_seconds_nanos(vl_json *json, vl_json_token *token, double *out)
{
    bool has_seconds = false, has_nanos = false;
    *out = 0;
    for (;;) {
        vl_json_type type = vl_json_next(json, token);
        if (type == VL_JSON_OBJECT_END) return VL_TIME_READ;
        if (type != VL_JSON_KEY) return VL_TIME_BAD_JSON;
        bool is_seconds = vl_json_equals(token, "seconds"), is_nanos = vl_json_equals(token, "nanos");
        if ((is_seconds && has_seconds) || (is_nanos && has_nanos)) return VL_TIME_TWICE;
        has_seconds = has_seconds || is_seconds;
        has_nanos = has_nanos || is_nanos;
        type = vl_json_next(json, token);
        if (type == VL_JSON_ERROR) return VL_TIME_BAD_JSON;
        double value = 0;
        bool is_number =
            (type == VL_JSON_NUMBER || type == VL_JSON_STRING) && vl_time_decimal(token->raw, token->raw_bytes, &value);
        if ((!is_seconds && !is_nanos) || !is_number) return VL_TIME_WRONG;
        *out += is_seconds ? value : value * 1e-9;
    }
}

static bool read_time_text(const vl_json_token *token, uint8_t unit, double *out)
{
    switch (unit) {
    case VL_UNIT_SECONDS_TEXT:
        return vl_time_decimal(token->raw, token->raw_bytes, out);
    case VL_UNIT_PROTO:
        return vl_time_proto(token->raw, token->raw_bytes, out);
    case VL_UNIT_ISO:
        return vl_time_iso(token->raw, token->raw_bytes, out);
    default:
        return false;
    }
}

vl_time_read vl_json_read_time(vl_json *json, vl_json_token *token, uint8_t unit, double *out)
{
    vl_json_type type = vl_json_next(json, token);
    bool is_good = false;
    if (type == VL_JSON_ERROR) return VL_TIME_BAD_JSON;
    if (type == VL_JSON_NULL) return VL_TIME_NONE;
    if (type == VL_JSON_OBJECT_BEGIN && unit == VL_UNIT_PROTO) return read_seconds_nanos(json, token, out);
    if (type == VL_JSON_STRING) {
        is_good = read_time_text(token, unit, out);
    } else if (type == VL_JSON_NUMBER) {
        is_good = unit != VL_UNIT_ISO && vl_json_double(token, out) && isfinite(*out);
    }
    if (unit == VL_UNIT_MS) *out /= 1e3;
    if (unit == VL_UNIT_TICKS) *out /= 1e7;
    return is_good ? VL_TIME_READ : VL_TIME_WRONG;
}

/* ---- writings ---- */

static bool is_spoken(char c)
{
    char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || ((unsigned char)c & 0x80) != 0;
}

static void trim_marks(vl_json_token *text)
{
    while (text->raw_bytes > 0 && !is_spoken(text->raw[0]))
        text->raw++, text->raw_bytes--;
    while (text->raw_bytes > 0 && !is_spoken(text->raw[text->raw_bytes - 1]))
        text->raw_bytes--;
}

bool vl_json_is_same_writing(vl_json_token a, vl_json_token b)
{
    trim_marks(&a);
    trim_marks(&b);
    if (a.raw_bytes != b.raw_bytes) return false;
    for (size_t i = 0; i < a.raw_bytes; i++) {
        bool is_same = a.raw[i] == b.raw[i] || (is_spoken(a.raw[i]) && (a.raw[i] | 0x20) == (b.raw[i] | 0x20));
        if (!is_same) return false;
    }
    return true;
}

/* ---- what is no text ---- */

/* What the decoder itself says is a short name; what could be a number or an address is not. */
static bool is_marker_name(const char *text, size_t n)
{
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '@' || text[i] == '\\') return false;
        digits += text[i] >= '0' && text[i] <= '9';
    }
    return n <= 32 && digits <= 4;
}

bool vl_json_is_marker(const vl_json_shape *shape, const vl_json_token *text)
{
    const char *const *ends = shape->marker_ends;
    size_t lead = 0;
    while (lead < text->raw_bytes && text->raw[lead] == ' ')
        lead++;
    const char *at = text->raw + lead;
    size_t n = text->raw_bytes - lead;
    for (; ends != NULL && *ends != NULL; ends += 2) {
        size_t head = strlen(ends[0]), tail = strlen(ends[1]);
        if (n >= head + tail && memcmp(at, ends[0], head) == 0 && memcmp(at + n - tail, ends[1], tail) == 0)
            return is_marker_name(at, n);
    }
    return false;
}

void vl_json_cut_variant(vl_json_token *text)
{
    size_t n = text->raw_bytes;
    if (n < 4 || text->raw[n - 1] != ')') return;
    size_t at = n - 1;
    while (at > 0 && text->raw[at - 1] >= '0' && text->raw[at - 1] <= '9')
        at--;
    if (at > 1 && at < n - 1 && text->raw[at - 1] == '(') text->raw_bytes = at - 1;
}

/* ---- the words of a document ---- */

#define WORDS_A_SECOND 50.0 /* ten times as many as the quickest speaker says */
#define WORDS_TIMED    5u   /* fewer tell nothing */

/* Seconds that are read as milliseconds lie a thousand times too close, and what is cut there is not what was said. */
bool vl_json_is_too_quick(const vl_transcript *t, uint32_t first_word)
{
    double first_s = INFINITY, last_s = 0;
    uint32_t words = 0;
    for (uint32_t i = first_word; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        if (word->layer != VL_LAYER_MAIN || isnan(word->start_s) || isnan(word->end_s)) continue;
        first_s = fmin(first_s, word->start_s);
        last_s = fmax(last_s, word->end_s);
        words++;
    }
    return words >= WORDS_TIMED && last_s - first_s < words / WORDS_A_SECOND;
}

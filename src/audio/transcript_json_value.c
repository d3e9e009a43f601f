/* Values of a JSON transcript: a time, however the format writes it (number, text, Google's object of two numbers), and writings
 * of one word. */
#include <math.h>

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

void vl_json_cut_variant(vl_json_token *text)
{
    size_t n = text->raw_bytes;
    if (n < 4 || text->raw[n - 1] != ')') return;
    size_t at = n - 1;
    while (at > 0 && text->raw[at - 1] >= '0' && text->raw[at - 1] <= '9')
        at--;
    if (at > 1 && at < n - 1 && text->raw[at - 1] == '(') text->raw_bytes = at - 1;
}

/* Texts of a JSON transcript that are times of the sound, and the whole number that a number writes, in digits alone. */
#include <string.h>

#include "audio/mask.h"
#include "audio/transcript_units.h"

#define TIME_BYTES 24u

/* Members that some format, or a copy of it, writes a time to. */
static bool is_time_member(const vl_json_token *key)
{
    static const char *const names[] = {"start",
                                        "end",
                                        "start_time",
                                        "end_time",
                                        "startTime",
                                        "endTime",
                                        "StartTime",
                                        "EndTime",
                                        "startOffset",
                                        "endOffset",
                                        "start_offset",
                                        "end_offset",
                                        "startSec",
                                        "endSec",
                                        "start_sec",
                                        "end_sec",
                                        "resultEndTime",
                                        "resultEndOffset",
                                        "result_end_time",
                                        "result_end_offset",
                                        "offsetMilliseconds",
                                        "durationMilliseconds",
                                        "offset",
                                        "duration",
                                        "from",
                                        "to",
                                        "seconds",
                                        "b",
                                        "d"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (vl_json_equals(key, names[i])) return true;
    }
    return false;
}

/* A clock, or a number with a unit: one that has none could be anything. */
static bool read_time(const vl_json_token *value, double *out)
{
    const char *raw = value->raw;
    const size_t n = value->raw_bytes;
    return (n != 0 && vl_time_clock(raw, n, out) == n) || vl_time_proto(raw, n, out) || vl_time_iso(raw, n, out);
}

bool vl_rewrite_is_time(const vl_json_token *key, const vl_json_token *value, double sound_end_s)
{
    double time_s;
    if (value->type != VL_JSON_STRING || value->raw_bytes > TIME_BYTES) return false;
    return is_time_member(key) && read_time(value, &time_s) && time_s <= sound_end_s + VL_TRANSCRIPT_TOLERANCE_S;
}

/* "e+10" */
static bool read_exponent(const char *raw, size_t n, int32_t *out)
{
    size_t i = n > 0 && (raw[0] == '+' || raw[0] == '-') ? 1 : 0;
    int32_t value = 0;
    for (; i < n; i++) {
        if (value > 1000) return false;
        value = value * 10 + (raw[i] - '0');
    }
    *out = n > 0 && raw[0] == '-' ? -value : value;
    return true;
}

uint32_t vl_rewrite_digits(const vl_json_token *token, char out[VL_NUMBER_DIGITS])
{
    uint32_t n = 0;
    int32_t behind_point = 0, exponent = 0;
    bool has_point = false;
    for (size_t i = 0; i < token->raw_bytes; i++) {
        char c = token->raw[i];
        if ((c | 0x20) == 'e') {
            if (!read_exponent(token->raw + i + 1, token->raw_bytes - i - 1, &exponent)) return 0;
            break;
        }
        has_point = has_point || c == '.';
        if (c < '0' || c > '9' || (n == 0 && c == '0' && !has_point)) continue;
        if (n == VL_NUMBER_DIGITS) return 0;
        out[n++] = c;
        behind_point += has_point;
    }
    for (; behind_point > exponent; behind_point--) {
        if (n == 0 || out[--n] != '0') return 0;
    }
    for (; behind_point < exponent; behind_point++) {
        if (n == VL_NUMBER_DIGITS) return 0;
        out[n++] = '0';
    }
    uint32_t zeros = 0;
    while (zeros < n && out[zeros] == '0')
        zeros++;
    memmove(out, out + zeros, n - zeros);
    return n - zeros;
}

/* Numbers of a JSON transcript: which are times of the sound, and the whole number that any other writes, in digits alone. */
#include <string.h>

#include "audio/mask.h"

/* Digits before the point that a time may have. */
#define TICKS_DIGITS  14u /* of 100 ns: 115 days */
#define NUMBER_DIGITS 8u  /* ms: a day */
#define TEXT_DIGITS   6u  /* seconds: 11 days */
#define TIME_BYTES    24u

/* Members that some format reads as a time. */
static bool is_in_ticks(const vl_json_token *key)
{
    static const char *const names[] = {"offsetInTicks", "durationInTicks", "Offset", "Duration", "nanos"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (vl_json_equals(key, names[i])) return true;
    }
    return false;
}

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

bool vl_rewrite_is_time(const vl_json_token *key, const vl_json_token *value)
{
    size_t digits = 0;
    while (digits < value->raw_bytes && value->raw[digits] >= '0' && value->raw[digits] <= '9')
        digits++;
    for (size_t at = digits; at < value->raw_bytes; at++) {
        if (value->raw[at] == '\0' || strchr("0123456789.,:PTHMSs", value->raw[at]) == NULL) return false;
    }
    if (value->raw_bytes > TIME_BYTES) return false;
    bool is_number = value->type == VL_JSON_NUMBER;
    if (is_number && digits <= TICKS_DIGITS && is_in_ticks(key)) return true;
    return digits <= (is_number ? NUMBER_DIGITS : TEXT_DIGITS) && is_time_member(key);
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

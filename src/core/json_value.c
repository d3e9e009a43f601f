/*
 * JSON token values: strings to UTF-8, names compared, numbers to double. No locale, no allocation.
 *
 * Numbers of up to 19 significant digits become the nearest double (decimal.c); digits beyond the 19th are dropped, which
 * moves the result by at most one unit in the last place.
 */
#include <float.h>
#include <string.h>

#include "core/decimal.h"
#include "core/json_scan.h"

static size_t utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00u >> length) | code); /* 2: C0, 3: E0, 4: F0 */
    return length;
}

/* The next decoded unit of a raw string: bytes into `unit`, its raw length into *raw_length. 0 when bad. */
static size_t next_unit(const char *raw, size_t n, char unit[4], size_t *raw_length)
{
    *raw_length = 1;
    unit[0] = raw[0];
    if (raw[0] != '\\') return 1;
    uint32_t code = vl_json_escape(raw, n, raw_length);
    return code == UINT32_MAX ? 0 : utf8_put(code, unit);
}

bool vl_json_equals(const vl_json_token *token, const char *name)
{
    size_t name_bytes = strlen(name);
    if (token->type != VL_JSON_KEY && token->type != VL_JSON_STRING) return false;
    if (!token->has_escapes) return token->raw_bytes == name_bytes && memcmp(token->raw, name, name_bytes) == 0;
    size_t matched = 0;
    size_t raw_length;
    for (size_t i = 0; i < token->raw_bytes; i += raw_length) {
        char unit[4];
        size_t length = next_unit(token->raw + i, token->raw_bytes - i, unit, &raw_length);
        if (length == 0 || length > name_bytes - matched || memcmp(unit, name + matched, length) != 0) return false;
        matched += length;
    }
    return matched == name_bytes;
}

size_t vl_json_decode(const vl_json_token *token, char *out, size_t capacity)
{
    if (token->type != VL_JSON_KEY && token->type != VL_JSON_STRING) return SIZE_MAX;
    if (!token->has_escapes) {
        if (token->raw_bytes > capacity) return SIZE_MAX;
        if (token->raw_bytes > 0) memcpy(out, token->raw, token->raw_bytes);
        return token->raw_bytes;
    }
    size_t written = 0;
    size_t raw_length;
    for (size_t i = 0; i < token->raw_bytes; i += raw_length) {
        char unit[4];
        size_t length = next_unit(token->raw + i, token->raw_bytes - i, unit, &raw_length);
        if (length == 0 || length > capacity - written) return SIZE_MAX;
        memcpy(out + written, unit, length);
        written += length;
    }
    return written;
}

/* value = digits * 10^exponent, the sign apart */
typedef struct decimal {
    uint64_t digits;
    int64_t exponent;
} decimal;

#define EXPONENT_LIMIT 100000000 /* any real exponent is far below; keeps the sums from overflowing */

static void add_digits(const char *text, size_t n, size_t *i, bool is_fraction, decimal *value)
{
    for (; *i < n && text[*i] >= '0' && text[*i] <= '9'; ++*i) {
        if (value->digits < 1000000000000000000ull) { /* below 10^18: one more digit fits */
            value->digits = value->digits * 10 + (uint64_t)(text[*i] - '0');
            value->exponent -= is_fraction;
        } else {
            value->exponent += !is_fraction; /* digit 20 and on: dropped */
        }
    }
}

static int64_t read_exponent(const char *text, size_t n, size_t i)
{
    if (i >= n) return 0;
    i++; /* e */
    bool is_negative = i < n && text[i] == '-';
    if (i < n && (text[i] == '-' || text[i] == '+')) i++;
    int64_t exponent = 0;
    for (; i < n; i++) {
        if (exponent < EXPONENT_LIMIT) exponent = exponent * 10 + (text[i] - '0');
    }
    return is_negative ? -exponent : exponent;
}

bool vl_json_double(const vl_json_token *token, double *out)
{
    *out = 0;
    if (token->type != VL_JSON_NUMBER) return false;
    const char *text = token->raw;
    size_t n = token->raw_bytes;
    size_t i = n > 0 && text[0] == '-';
    bool is_negative = i == 1;
    decimal value = {0, 0};
    add_digits(text, n, &i, false, &value);
    if (i < n && text[i] == '.') {
        i++;
        add_digits(text, n, &i, true, &value);
    }
    value.exponent += read_exponent(text, n, i);
    double result = vl_decimal_to_double(value.digits, value.exponent);
    if (result > DBL_MAX) return false;
    *out = is_negative ? -result : result;
    return true;
}

/* Times as the formats write them, to seconds. */
#include "audio/transcript_units.h"

#include "core/decimal.h"

#define DIGITS_MAX 18u /* what a uint64 holds for sure */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits with at most one point, at the start. Bytes read, or 0 when there is no digit or there are too many. */
static size_t read_decimal(const char *text, size_t size_bytes, char point, double *out)
{
    uint64_t digits = 0;
    size_t at = 0, count = 0;
    int64_t exponent = 0;
    bool in_fraction = false;
    for (; at < size_bytes; at++) {
        char c = text[at];
        if (!in_fraction && c == point && at + 1 < size_bytes && is_digit(text[at + 1])) {
            in_fraction = true;
            continue;
        }
        if (!is_digit(c)) break;
        if (count++ == DIGITS_MAX) return 0;
        digits = digits * 10 + (uint64_t)(c - '0');
        exponent -= in_fraction;
    }
    if (count == 0) return 0;
    *out = vl_decimal_to_double(digits, exponent);
    return at;
}

bool vl_time_decimal(const char *text, size_t size_bytes, double *out)
{
    size_t sign = size_bytes > 0 && text[0] == '-';
    size_t used = read_decimal(text + sign, size_bytes - sign, '.', out);
    if (used == 0 || used + sign != size_bytes) return false;
    if (sign != 0) *out = -*out;
    return true;
}

bool vl_time_proto(const char *text, size_t size_bytes, double *out)
{
    return size_bytes > 1 && text[size_bytes - 1] == 's' && vl_time_decimal(text, size_bytes - 1, out);
}

static double iso_factor(char designator, bool in_time)
{
    switch (designator) {
    case 'D':
        return in_time ? 0 : 86400;
    case 'H':
        return in_time ? 3600 : 0;
    case 'M':
        return in_time ? 60 : 0;
    case 'S':
        return in_time ? 1 : 0;
    default:
        return 0;
    }
}

bool vl_time_iso(const char *text, size_t size_bytes, double *out)
{
    bool in_time = false, any = false;
    *out = 0;
    if (size_bytes < 3 || text[0] != 'P') return false;
    for (size_t at = 1; at < size_bytes; at++) {
        if (text[at] == 'T' && !in_time) {
            in_time = true;
            continue;
        }
        double value = 0;
        size_t used = read_decimal(text + at, size_bytes - at, '.', &value);
        at += used;
        double factor = used == 0 || at == size_bytes ? 0 : iso_factor(text[at], in_time);
        if (factor == 0) return false;
        *out += value * factor;
        any = true;
    }
    return any;
}

size_t vl_time_clock(const char *text, size_t size_bytes, double *out)
{
    double total = 0;
    size_t at = 0;
    for (int part = 0; part < 3; part++) {
        double value = 0;
        size_t used = 0;
        while (at + used < size_bytes && is_digit(text[at + used]))
            used++;
        if (used == 0 || used > 6 || read_decimal(text + at, used, '\0', &value) != used) return 0;
        total = total * 60 + value;
        at += used;
        if (at == size_bytes || text[at] != ':') {
            if (part == 0) return 0;
            break;
        }
        if (part == 2) return 0;
        at++;
    }
    if (at + 1 < size_bytes && (text[at] == '.' || text[at] == ',')) {
        size_t digits = 0;
        double fraction = 0;
        uint64_t value = 0;
        for (at++; at < size_bytes && is_digit(text[at]); at++) {
            if (digits++ < 9) value = value * 10 + (uint64_t)(text[at] - '0');
        }
        if (digits == 0) return 0;
        fraction = vl_decimal_to_double(value, -(int64_t)(digits < 9 ? digits : 9));
        total += fraction;
    }
    *out = total;
    return at;
}

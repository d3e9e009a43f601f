/*
 * ASCII classes and the collection of digits and letters out of a match, for validators. The C library's classes depend on
 * the locale and are kept out of here. Everything that is not an ASCII letter or digit counts as a separator: which
 * separators may stand where is the pattern's business, a validator must only not be fooled by them.
 */
#ifndef VL_TEXT_CHARS_H
#define VL_TEXT_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool vl_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static inline bool vl_is_alpha(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool vl_is_alnum(char c)
{
    return vl_is_digit(c) || vl_is_alpha(c);
}

static inline char vl_to_upper(char c)
{
    return (unsigned char)(c - 'a') < 26 ? (char)(c - 32) : c;
}

static inline char vl_to_lower(char c)
{
    return (unsigned char)(c - 'A') < 26 ? (char)(c + 32) : c;
}

/** Value of a hexadecimal digit, or -1. */
static inline int vl_hex_value(char c)
{
    if (vl_is_digit(c)) return c - '0';
    unsigned char letter = (unsigned char)((c | 0x20) - 'a');
    return letter < 6 ? letter + 10 : -1;
}

/** Value of two digits. */
static inline unsigned vl_two(const uint8_t *digits)
{
    return digits[0] * 10u + digits[1];
}

/** Values of the digits of text, separators skipped. SIZE_MAX when there is a letter or more digits than `capacity`. */
static inline size_t vl_collect_digits(const char *text, size_t size_bytes, uint8_t *out, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        if (vl_is_digit(text[i])) {
            if (count == capacity) return SIZE_MAX;
            out[count++] = (uint8_t)(text[i] - '0');
        } else if (vl_is_alpha(text[i])) {
            return SIZE_MAX;
        }
    }
    return count;
}

/** Letters (as capitals) and digits of text, separators skipped. SIZE_MAX when there are more than `capacity`. */
static inline size_t vl_collect_alnum(const char *text, size_t size_bytes, char *out, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        if (!vl_is_alnum(text[i])) continue;
        if (count == capacity) return SIZE_MAX;
        out[count++] = vl_to_upper(text[i]);
    }
    return count;
}

/** Exactly `count` digits as a number; false when one is something else. count <= 9. */
static inline bool vl_digits_value(const char *text, size_t count, uint32_t *value)
{
    uint32_t v = 0;
    for (size_t i = 0; i < count; i++) {
        if (!vl_is_digit(text[i])) return false;
        v = v * 10 + (uint32_t)(text[i] - '0');
    }
    *value = v;
    return true;
}

static inline bool vl_are_equal_digits(const uint8_t *digits, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (digits[i] != digits[0]) return false;
    }
    return true;
}

/** True when the calendar (Gregorian, proleptic) has this day; month 1 to 12. */
static inline bool vl_is_calendar_day(unsigned year, unsigned month, unsigned day)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && is_leap ? 1u : 0u);
}

#endif

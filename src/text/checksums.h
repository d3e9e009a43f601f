/*
 * Sums that many check digits share, over digits collected by text/chars.h. Which weights and which moduli belong to which
 * number stands with its validator.
 */
#ifndef VL_TEXT_CHECKSUMS_H
#define VL_TEXT_CHECKSUMS_H

#include <string.h>

#include "text/chars.h"

/** Sum of digits times weights. */
static inline unsigned vl_weighted(const uint8_t *digits, const uint8_t *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (unsigned)digits[i] * weights[i];
    return sum;
}

/** ISO/IEC 7812-1 annex B (Luhn): from the right, every second digit doubled and its digits added. */
static inline bool vl_passes_luhn(const uint8_t *digits, size_t count)
{
    static const uint8_t doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;
    size_t i = count;
    for (; i >= 2; i -= 2)
        sum += digits[i - 1] + doubled[digits[i - 2]];
    if (i == 1) sum += digits[0];
    return sum % 10 == 0;
}

/** ISO/IEC 7064 MOD 11,10, check digit last. */
static inline bool vl_passes_mod11_10(const uint8_t *digits, size_t count)
{
    unsigned product = 10;
    for (size_t i = 0; i + 1 < count; i++) {
        unsigned sum = (product + digits[i]) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digits[count - 1]) % 10 == 1;
}

/** Remainder of a number of digits. */
static inline unsigned vl_digits_mod(const uint8_t *digits, size_t count, unsigned modulus)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++)
        rest = (rest * 10 + digits[i]) % modulus;
    return rest;
}

/** Year 1970 to 2069, month, day, hour, minute, second without separators: programs write their time that way. */
static inline bool vl_is_timestamp(const uint8_t d[14])
{
    unsigned year = vl_two(d) * 100 + vl_two(d + 2);
    bool is_day = year >= 1970 && year < 2070 && vl_is_calendar_day(year, vl_two(d + 4), vl_two(d + 6));
    return is_day && vl_two(d + 8) < 24 && vl_two(d + 10) < 60 && vl_two(d + 12) < 60;
}

/** Ten digits from 1: seconds since 1970 look so from 2001 to 2033. */
static inline bool vl_is_epoch(const uint8_t *digits, size_t size_bytes)
{
    return size_bytes == 10 && digits[0] == 1;
}

/** A day of the 20th or the 21st century: of a year of two digits only February 29 depends on it. */
static inline bool vl_is_short_day(unsigned year, unsigned month, unsigned day)
{
    return vl_is_calendar_day(1900 + year, month, day) || vl_is_calendar_day(2000 + year, month, day);
}

#endif

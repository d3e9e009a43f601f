/*
 * United States: social security number, taxpayer number, DEA registration. The first two have no check digit; the rules of
 * the issuers can refuse a number but never prove it.
 */
#include <string.h>

#include "text/chars.h"
#include "text/validators.h"

/* Bytes that are neither letters nor digits at text[at...]. */
static size_t gap_length(const char *text, size_t size_bytes, size_t at)
{
    size_t n = 0;
    while (at + n < size_bytes && !vl_is_alnum(text[at + n]))
        n++;
    return n;
}

/* Three digits, two, four. A separator may stand in either gap; where it stands in both it must be the same. */
static bool read_3_2_4(const char *text, size_t size_bytes, uint32_t *area, uint32_t *group, uint32_t *serial)
{
    if (size_bytes < 9) return false;
    size_t first = gap_length(text, size_bytes, 3);
    size_t second_at = 3 + first + 2;
    size_t second = gap_length(text, size_bytes, second_at);
    if (size_bytes != 9 + first + second) return false;
    if (first > 0 && second > 0 && (first != second || memcmp(text + 3, text + second_at, first) != 0)) return false;
    return vl_digits_value(text, 3, area) && vl_digits_value(text + 3 + first, 2, group) &&
           vl_digits_value(text + second_at + second, 4, serial);
}

/* SSA, "Social Security Number Randomization": area never 000, 666 or 900-999, group never 00, serial never 0000. Numbers
 * printed in advertising (078-05-1120 and 219-09-9999, SSA history) and counting samples are nobody's. */
vl_validity vl_validate_us_ssn(const char *text, size_t size_bytes)
{
    uint32_t area;
    uint32_t group;
    uint32_t serial;
    if (!read_3_2_4(text, size_bytes, &area, &group, &serial)) return VL_INVALID;
    if (area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0) return VL_INVALID;
    uint32_t number = area * 1000000 + group * 10000 + serial;
    if (number == 78051120 || number == 219099999 || number == 123456789) return VL_INVALID;
    return number % 111111111 == 0 ? VL_INVALID : VL_UNKNOWN;
}

/* IRS Publication 1915 and IRM 3.21.263: first digit 9, fourth and fifth digit 50-65, 70-88, 90-92 or 94-99. */
vl_validity vl_validate_us_itin(const char *text, size_t size_bytes)
{
    uint32_t area;
    uint32_t group;
    uint32_t serial;
    if (!read_3_2_4(text, size_bytes, &area, &group, &serial) || area < 900) return VL_INVALID;
    bool is_assigned = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group != 93);
    return is_assigned ? VL_UNKNOWN : VL_INVALID;
}

/* 21 CFR 1301 registrant codes: a type letter, the first letter of the name (or 9 for a business), seven digits of which the
 * last is (d1 + d3 + d5 + 2 (d2 + d4 + d6)) mod 10. */
vl_validity vl_validate_medical_license(const char *text, size_t size_bytes)
{
    char c[9];
    uint8_t d[7];
    if (vl_collect_alnum(text, size_bytes, c, 9) != 9) return VL_INVALID;
    if (!vl_is_alpha(c[0]) || c[0] == 'I' || c[0] == 'N' || c[0] == 'O' || c[0] == 'Q' || (c[0] >= 'V' && c[0] != 'X'))
        return VL_INVALID;
    if (!vl_is_alpha(c[1]) && c[1] != '9') return VL_INVALID;
    if (vl_collect_digits(c + 2, 7, d, 7) != 7) return VL_INVALID;
    unsigned sum = d[0] + d[2] + d[4] + 2u * (d[1] + d[3] + d[5]);
    return sum % 10 == d[6] ? VL_VALID : VL_INVALID;
}

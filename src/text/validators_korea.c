/* Korea. */
#include "text/checksums.h"
#include "text/validators_national.h"

/* Enforcement rules of the Resident Registration Act: birth date, a digit of sex and century, and until October 2020 two digits
 * of the region (00 to 95), three of the order, and the check digit: weights 2 to 9 and 2 to 5, `base` less that modulo 11,
 * modulo 10. Later numbers are random behind the seventh digit, so a failed check refuses nothing. */
static vl_validity check_resident(const char *text, size_t size_bytes, unsigned kind, unsigned base)
{
    static const uint8_t weights[12] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    uint8_t d[13];
    if (vl_collect_digits(text, size_bytes, d, 13) != 13 || d[6] < kind || d[6] > kind + 3) return VL_INVALID;
    unsigned century = (d[6] - kind) < 2 ? 1900 : 2000;
    if (!vl_is_calendar_day(century + vl_two(d), vl_two(d + 2), vl_two(d + 4))) return VL_INVALID;
    unsigned check = (base - vl_weighted(d, weights, 12) % 11) % 10;
    return vl_two(d + 7) <= 95 && check == d[12] ? VL_VALID : VL_UNKNOWN;
}

vl_validity vl_validate_kr_rrn(const char *text, size_t size_bytes)
{
    return check_resident(text, size_bytes, 1, 11);
}

/* Foreigners: 5 to 8, and the base 13. */
vl_validity vl_validate_kr_frn(const char *text, size_t size_bytes)
{
    return check_resident(text, size_bytes, 5, 13);
}

/* National Tax Service: weights below, the tens of the ninth product added once more; what is missing to the next ten is the
 * last digit. */
vl_validity vl_validate_kr_brn(const char *text, size_t size_bytes)
{
    static const uint8_t weights[9] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
    uint8_t d[10];
    if (vl_collect_digits(text, size_bytes, d, 10) != 10 || vl_are_equal_digits(d, 10)) return VL_INVALID;
    unsigned sum = vl_weighted(d, weights, 9) + d[8] * 5u / 10;
    return (sum + d[9]) % 10 == 0 ? VL_VALID : VL_INVALID;
}

/* Road Traffic Act, enforcement rules: office (11 to 26, 28), year, serial, two digits whose formula is not published. */
vl_validity vl_validate_kr_driver(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    if (vl_collect_digits(text, size_bytes, d, 12) != 12) return VL_INVALID;
    unsigned office = vl_two(d);
    return (office >= 11 && office <= 26) || office == 28 ? VL_VALID : VL_UNKNOWN;
}

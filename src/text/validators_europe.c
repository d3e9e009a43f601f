/* Finland, Italy, Spain and Sweden. */
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

/* Orden INT/2058/2008: X, Y or Z stand for 0, 1, 2 before seven digits; the letter is that of the number modulo 23. */
vl_validity vl_validate_es_nie(const char *text, size_t size_bytes)
{
    char c[9];
    uint32_t number;
    if (vl_collect_alnum(text, size_bytes, c, 9) != 9 || c[0] < 'X' || c[0] > 'Z') return VL_INVALID;
    if (!vl_digits_value(c + 1, 7, &number)) return VL_INVALID;
    number += (uint32_t)(c[0] - 'X') * 10000000u;
    return c[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] ? VL_VALID : VL_INVALID;
}

/* Digital and Population Data Services Agency: ddmmyy, sign of the century, individual number from 002, and the character of
 * all nine digits modulo 31. Signs: + is 1800, - and U to Y 1900, A to F 2000. */
vl_validity vl_validate_fi_code(const char *text, size_t size_bytes)
{
    uint32_t date;
    uint32_t serial;
    if (size_bytes != 11 || !vl_digits_value(text, 6, &date) || !vl_digits_value(text + 7, 3, &serial))
        return VL_INVALID;
    char sign = vl_to_upper(text[6]);
    unsigned century = 1900;
    if (sign == '+') {
        century = 1800;
    } else if (sign >= 'A' && sign <= 'F') {
        century = 2000;
    } else if (sign != '-' && (sign < 'U' || sign > 'Y')) {
        return VL_INVALID;
    }
    if (!vl_is_calendar_day(century + date % 100, date / 100 % 100, date / 10000) || serial < 2) return VL_INVALID;
    char wanted = "0123456789ABCDEFHJKLMNPRSTUVWXY"[(date * 1000 + serial) % 31];
    return vl_to_upper(text[10]) == wanted ? VL_VALID : VL_INVALID;
}

/* DPR 633/1972, DM 23 December 1976: seven digits of the holder, three of the province's office (001 to 100, 120, 121, 888,
 * 999), Luhn. */
vl_validity vl_validate_it_vat(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    size_t prefix = size_bytes > 2 && vl_is_alpha(text[0]) ? 2 : 0; /* IT */
    if (vl_collect_digits(text + prefix, size_bytes - prefix, d, 11) != 11 || vl_are_equal_digits(d, 7))
        return VL_INVALID;
    unsigned office = d[7] * 100u + vl_two(d + 8);
    bool is_office = (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    return is_office && vl_passes_luhn(d, 11) ? VL_VALID : VL_INVALID;
}

/* Skatteverket, SKV 704 and 707: [yy]yymmdd, three digits, Luhn over the last ten. Coordination numbers have 60 added to the
 * day. "+" marks persons of a hundred years and more. */
vl_validity vl_validate_se_person(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    size_t count = vl_collect_digits(text, size_bytes, d, 12);
    if (count != 10 && count != 12) return VL_INVALID;
    const uint8_t *last = d + count - 10;
    unsigned month = vl_two(last + 2);
    unsigned day = vl_two(last + 4) > 60 ? vl_two(last + 4) - 60 : vl_two(last + 4);
    bool is_day = vl_is_short_day(vl_two(last), month, day);
    if (count == 12) {
        unsigned year = vl_two(d) * 100 + vl_two(d + 2);
        is_day = year >= 1800 && year < 2100 && vl_is_calendar_day(year, month, day);
    }
    return is_day && vl_passes_luhn(last, 10) ? VL_VALID : VL_INVALID;
}

/* Bolagsverket, Skatteverket SKV 709: the first digit is the kind of organisation (none has 0 or 4), the third 2 or more,
 * which no month has; Luhn. 16 may stand before as the century. */
vl_validity vl_validate_se_organisation(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    size_t count = vl_collect_digits(text, size_bytes, d, 12);
    if (count != 10 && !(count == 12 && vl_two(d) == 16)) return VL_INVALID;
    const uint8_t *last = d + count - 10;
    if (last[0] == 0 || last[0] == 4 || last[2] < 2) return VL_INVALID;
    return vl_passes_luhn(last, 10) ? VL_VALID : VL_INVALID;
}

/* National numbers of eastern Europe and the Baltic states: Czechia and Slovakia, Romania, Bulgaria, Croatia, Estonia,
 * Lithuania, Latvia. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* Act 133/2000 Coll. (Czechia), 301/1995 Z. z. (Slovakia): birth date with 50 added to a woman's month, and 20 more
 * (since 2004, Czechia) where a day's numbers ran out; three digits until 1953, four since, the whole then a multiple
 * of 11. Until 1985 a rest of 10 was written 0. */
vl_validity vl_validate_cz_rc(const char *text, size_t size_bytes)
{
    uint8_t d[10];
    size_t count = vl_collect_digits(text, size_bytes, d, 10);
    if (count != 9 && count != 10) return VL_INVALID;
    unsigned year = vl_two(d);
    unsigned month = vl_two(d + 2);
    if (count == 9) {
        year += year >= 54 ? 1800 : 1900;
    } else {
        year += year >= 54 ? 1900 : 2000;
    }
    if (month > 50) month -= 50;
    if (month > 20 && year >= 2004) month -= 20;
    if (!vl_is_calendar_day(year, month, vl_two(d + 4))) return VL_INVALID;
    if (count == 9) return d[6] != 0 || d[7] != 0 || d[8] != 0 ? VL_UNKNOWN : VL_INVALID;
    if (vl_digits_mod(d, 10, 11) == 0) return vl_is_epoch(d, size_bytes) ? VL_UNKNOWN : VL_VALID;
    return year <= 1985 && vl_digits_mod(d, 9, 11) == 10 && d[9] == 0 ? VL_VALID : VL_INVALID;
}

/* Law 105/1996 and government decision 1375/2006: sex and century, birth date, county (1 to 48, 51, 52, 70 since 2016
 * for all), serial, weights 2 7 9 1 4 6 3 5 8 2 7 9 modulo 11, a rest of 10 is written 1. */
vl_validity vl_validate_ro_cnp(const char *text, size_t size_bytes)
{
    static const uint8_t weights[12] = {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9};
    static const uint16_t centuries[10] = {0, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900};
    uint8_t d[13];
    if (vl_collect_digits(text, size_bytes, d, 13) != 13 || d[0] == 0) return VL_INVALID;
    unsigned year = vl_two(d + 1);
    bool is_resident = d[0] >= 7; /* residents' first digit tells the sex alone */
    bool is_day = vl_is_calendar_day(centuries[d[0]] + year, vl_two(d + 3), vl_two(d + 5));
    if (!is_day && !(is_resident && vl_is_short_day(year, vl_two(d + 3), vl_two(d + 5)))) return VL_INVALID;
    unsigned county = vl_two(d + 7);
    if ((county < 1 || county > 48) && county != 51 && county != 52 && county != 70) return VL_INVALID;
    if (d[9] == 0 && d[10] == 0 && d[11] == 0) return VL_INVALID;
    unsigned check = vl_weighted(d, weights, 12) % 11;
    return d[12] == (check == 10 ? 1 : check) ? VL_VALID : VL_INVALID;
}

/* GRAO, ordinance RD-02-20-9: birth date with 20 (1800s) or 40 (2000s) on the month, three digits, weights 2 4 8 5 10 9
 * 7 3 6 modulo 11 modulo 10. */
vl_validity vl_validate_bg_egn(const char *text, size_t size_bytes)
{
    static const uint8_t weights[9] = {2, 4, 8, 5, 10, 9, 7, 3, 6};
    uint8_t d[10];
    if (vl_collect_digits(text, size_bytes, d, 10) != 10) return VL_INVALID;
    unsigned month = vl_two(d + 2);
    unsigned century = 1900;
    if (month > 40) {
        month -= 40;
        century = 2000;
    } else if (month > 20) {
        month -= 20;
        century = 1800;
    }
    if (!vl_is_calendar_day(century + vl_two(d), month, vl_two(d + 4))) return VL_INVALID;
    if (vl_weighted(d, weights, 9) % 11 % 10 != d[9]) return VL_INVALID;
    return vl_is_epoch(d, size_bytes) ? VL_UNKNOWN : VL_VALID;
}

/* Act on the OIB (NN 60/08): ten random digits and ISO/IEC 7064 MOD 11,10; HR may stand before them (VAT). */
vl_validity vl_validate_hr_oib(const char *text, size_t size_bytes)
{
    char c[13];
    uint8_t d[11];
    size_t count = vl_collect_alnum(text, size_bytes, c, 13);
    bool has_prefix = count == 13 && c[0] == 'H' && c[1] == 'R';
    if (count != 11 && !has_prefix) return VL_INVALID;
    if (vl_collect_digits(c + count - 11, 11, d, 11) != 11 || vl_are_equal_digits(d, 11)) return VL_INVALID;
    return vl_passes_mod11_10(d, 11) ? VL_VALID : VL_INVALID;
}

/* EVS 585:2007 (Estonia) and the Lithuanian law on the population register: sex and century, birth date, serial;
 * weights 1 2 ... 9 1 modulo 11, where that gives 10 weights 3 4 ... 9 1 2 3, and where that gives 10 again 0. */
vl_validity vl_validate_baltic_code(const char *text, size_t size_bytes)
{
    static const uint8_t first[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1};
    static const uint8_t second[10] = {3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || d[0] < 1 || d[0] > 8) return VL_INVALID;
    unsigned year = 1800 + (d[0] - 1u) / 2 * 100 + vl_two(d + 1);
    if (!vl_is_calendar_day(year, vl_two(d + 3), vl_two(d + 5))) return VL_INVALID;
    unsigned check = vl_weighted(d, first, 10) % 11;
    if (check == 10) check = vl_weighted(d, second, 10) % 11;
    return d[10] == (check == 10 ? 0 : check) ? VL_VALID : VL_INVALID;
}

/* Cabinet regulation 357 (Latvia): birth date, century (0 to 2), serial, check digit (1101 - weights 1 6 3 7 9 10 5 8 4
 * 2) mod 11 mod 10. Since July 2017 codes begin with 32 and tell no date; their formula is not published. */
vl_validity vl_validate_lv_pk(const char *text, size_t size_bytes)
{
    static const uint8_t weights[10] = {1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11) return VL_INVALID;
    if (vl_two(d) == 32) return VL_UNKNOWN;
    if (d[6] > 2) return VL_INVALID;
    if (!vl_is_calendar_day(1800 + d[6] * 100u + vl_two(d + 4), vl_two(d + 2), vl_two(d))) return VL_INVALID;
    return (1101 - vl_weighted(d, weights, 10)) % 11 % 10 == d[10] ? VL_VALID : VL_INVALID;
}

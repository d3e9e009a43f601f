/* National numbers of western and southern Europe: France, the Netherlands, Belgium, Switzerland, Austria, Portugal,
 * Ireland, Greece. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* Months of the NIR: 1 to 12; 20, 30 to 42, 50 to 99 where the register does not know it (INSEE, decree 82-103). */
static bool is_nir_month(unsigned month)
{
    return (month >= 1 && month <= 12) || month == 20 || (month >= 30 && month <= 42) || month >= 50;
}

/* Decree 82-103 of 22 January 1982 and INSEE's note on the NIR: sex (1, 2; 3, 4 in registration; 7, 8 temporary), year,
 * month, department, place, serial, key 97 - number mod 97. Corsica's 2A and 2B count as 19 and 18. Departments 01 to
 * 99 without 20 alone (before 1976 it was Corsica). */
vl_validity vl_validate_fr_nir(const char *text, size_t size_bytes)
{
    char c[15];
    uint8_t d[15];
    size_t count = vl_collect_alnum(text, size_bytes, c, 15);
    if (count != 13 && count != 15) return VL_INVALID;
    if (c[5] == '2' && (c[6] == 'A' || c[6] == 'B')) {
        c[5] = '1';
        c[6] = c[6] == 'A' ? '9' : '8';
    }
    for (size_t i = 0; i < count; i++) {
        if (!vl_is_digit(c[i])) return VL_INVALID;
        d[i] = (uint8_t)(c[i] - '0');
    }
    bool is_sex = (d[0] >= 1 && d[0] <= 4) || d[0] == 7 || d[0] == 8;
    bool has_serial = d[10] != 0 || d[11] != 0 || d[12] != 0;
    if (!is_sex || !is_nir_month(vl_two(d + 3)) || vl_two(d + 5) == 0 || !has_serial) return VL_INVALID;
    if (count == 13) return VL_UNKNOWN;
    return vl_two(d + 13) == 97 - vl_digits_mod(d, 13, 97) ? VL_VALID : VL_INVALID;
}

/* INSEE, decree 97-497: nine digits, Luhn. */
vl_validity vl_validate_fr_siren(const char *text, size_t size_bytes)
{
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return vl_passes_luhn(d, 9) ? VL_VALID : VL_INVALID;
}

/* A SIREN and five digits; Luhn over all fourteen as well. La Poste (356 000 000) has more offices than Luhn leaves:
 * there the sum of the digits is a multiple of five (INSEE, definition of the SIRET). Plain digits that read as a time
 * of day prove nothing. */
vl_validity vl_validate_fr_siret(const char *text, size_t size_bytes)
{
    static const uint8_t la_poste[9] = {3, 5, 6, 0, 0, 0, 0, 0, 0};
    uint8_t d[14];
    if (vl_collect_digits(text, size_bytes, d, 14) != 14 || vl_are_equal_digits(d, 14)) return VL_INVALID;
    if (!vl_passes_luhn(d, 9)) return VL_INVALID;
    unsigned sum = 0;
    for (size_t i = 0; i < 14; i++)
        sum += d[i];
    bool is_post_office = memcmp(d, la_poste, 9) == 0 && sum % 5 == 0;
    if (!is_post_office && !vl_passes_luhn(d, 14)) return VL_INVALID;
    return size_bytes == 14 && vl_is_timestamp(d) ? VL_UNKNOWN : VL_VALID;
}

/* Rijksdienst voor Identiteitsgegevens, BSN: "eleven test", weights 9 to 2 and -1. Eight digits: the leading zero is
 * left out. */
vl_validity vl_validate_nl_bsn(const char *text, size_t size_bytes)
{
    uint8_t d[9] = {0};
    uint8_t raw[9];
    size_t count = vl_collect_digits(text, size_bytes, raw, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    memcpy(d + 9 - count, raw, count);
    if (vl_are_equal_digits(d, 9) || (d[0] == 0 && d[1] == 0)) return VL_INVALID;
    unsigned sum = 10u * d[8]; /* -1 modulo 11 */
    for (unsigned i = 0; i < 8; i++)
        sum += d[i] * (9 - i);
    return sum % 11 == 0 ? VL_VALID : VL_INVALID;
}

/* Royal decree of 3 April 1984: birth date, serial, 97 - number mod 97; born from 2000 on, a 2 stands before the number
 * in the sum. Royal decree of 8 February 1991: BIS numbers add 20 or 40 to the month. Unknown days and months are 00.
 * */
vl_validity vl_validate_be_national_number(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    uint8_t late[10];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11) return VL_INVALID;
    unsigned month = vl_two(d + 2);
    unsigned day = vl_two(d + 4);
    unsigned serial = d[6] * 100u + vl_two(d + 7);
    if (month >= 40) {
        month -= 40;
    } else if (month >= 20) {
        month -= 20;
    }
    bool is_unknown = (month == 0 && day <= 31) || (month <= 12 && day == 0);
    if (!is_unknown && !vl_is_short_day(vl_two(d), month, day)) return VL_INVALID;
    if (serial == 0 || serial == 999) return VL_INVALID;
    late[0] = 2;
    memcpy(late + 1, d, 9);
    unsigned check = vl_two(d + 9);
    bool passes = check == 97 - vl_digits_mod(d, 9, 97) || check == 97 - vl_digits_mod(late, 10, 97);
    return passes ? VL_VALID : VL_INVALID;
}

/* Zentrale Ausgleichsstelle, AHV number since 2008: 756 (ISO 3166-1), nine digits, check digit as EAN-13. */
vl_validity vl_validate_ch_ahv(const char *text, size_t size_bytes)
{
    static const uint8_t weights[13] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1};
    uint8_t d[13];
    if (vl_collect_digits(text, size_bytes, d, 13) != 13) return VL_INVALID;
    if (d[0] != 7 || d[1] != 5 || d[2] != 6) return VL_INVALID;
    return vl_weighted(d, weights, 13) % 10 == 0 ? VL_VALID : VL_INVALID;
}

/* Dachverband der Sozialversicherungstraeger: serial from 100, check digit, birth date; weights 3 7 9, 5 8 4 2 1 6,
 * modulo 11, a rest of 10 is not issued. Months 13 to 15 serve days whose serials ran out. */
vl_validity vl_validate_at_svnr(const char *text, size_t size_bytes)
{
    static const uint8_t weights[10] = {3, 7, 9, 0, 5, 8, 4, 2, 1, 6};
    uint8_t d[10];
    if (vl_collect_digits(text, size_bytes, d, 10) != 10 || d[0] == 0) return VL_INVALID;
    unsigned month = vl_two(d + 6);
    if (month > 12 && month <= 15) month = 12;
    if (!vl_is_short_day(vl_two(d + 8), month, vl_two(d + 4))) return VL_INVALID;
    if (vl_weighted(d, weights, 10) % 11 != d[3]) return VL_INVALID;
    return vl_is_epoch(d, size_bytes) ? VL_UNKNOWN : VL_VALID;
}

/* First two digits that the tax authority gives out: persons 1 to 3 and 45, companies 5, the state 6, others. */
static bool is_portuguese_lead(unsigned lead)
{
    unsigned first = lead / 10;
    if (first == 7) return lead != 73 && lead != 76;
    if (first == 9) return lead <= 91 || lead >= 98;
    return (first >= 1 && first <= 3) || first == 5 || first == 6 || first == 8 || lead == 45;
}

/* Decree-law 14/2013 and the tax authority's list of first digits: weights 9 to 2, 11 - sum mod 11, where 10 and 11 are
 * 0. */
vl_validity vl_validate_pt_nif(const char *text, size_t size_bytes)
{
    static const uint8_t weights[8] = {9, 8, 7, 6, 5, 4, 3, 2};
    char c[11];
    uint8_t d[9];
    size_t count = vl_collect_alnum(text, size_bytes, c, 11);
    bool has_prefix = count == 11 && c[0] == 'P' && c[1] == 'T';
    if (count != 9 && !has_prefix) return VL_INVALID;
    if (vl_collect_digits(c + count - 9, 9, d, 9) != 9) return VL_INVALID;
    unsigned rest = vl_weighted(d, weights, 8) % 11;
    return is_portuguese_lead(vl_two(d)) && d[8] == (rest < 2 ? 0 : 11 - rest) ? VL_VALID : VL_INVALID;
}

/* Department of Social Protection, PPS number: seven digits with weights 8 to 2, check letter sum mod 23 (0 is W).
 * Since 2013 a letter A to I may follow, which counts 9 times its place in the alphabet; W, T and X were once written
 * there and count nothing. */
vl_validity vl_validate_ie_pps(const char *text, size_t size_bytes)
{
    static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
    static const uint8_t weights[7] = {8, 7, 6, 5, 4, 3, 2};
    char c[9];
    uint8_t d[7];
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    if (vl_collect_digits(c, 7, d, 7) != 7) return VL_INVALID;
    unsigned sum = vl_weighted(d, weights, 7);
    if (count == 9) {
        if (c[8] >= 'A' && c[8] <= 'I')
            sum += 9u * (unsigned)(c[8] - 'A' + 1);
        else if (c[8] != 'W' && c[8] != 'T' && c[8] != 'X')
            return VL_INVALID;
    }
    return sum != 0 && letters[sum % 23] == c[7] ? VL_VALID : VL_INVALID;
}

/* IDIKA, AMKA: birth date, five digits, Luhn. */
vl_validity vl_validate_gr_amka(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11) return VL_INVALID;
    if (!vl_is_short_day(vl_two(d + 4), vl_two(d + 2), vl_two(d))) return VL_INVALID;
    return vl_passes_luhn(d, 11) ? VL_VALID : VL_INVALID;
}

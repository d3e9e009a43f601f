/* National numbers of Israel, the Emirates, China, Hong Kong, Taiwan, Japan, Malaysia, Indonesia and New Zealand. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* Population and Immigration Authority: nine digits with leading zeros, weights 1 and 2 with the digits of products
 * added. The count is odd, so that is Luhn. Seven or eight digits: zeros left out. */
vl_validity vl_validate_il_id(const char *text, size_t size_bytes)
{
    uint8_t d[9];
    size_t count = vl_collect_digits(text, size_bytes, d, 9);
    if (count == SIZE_MAX || count < 7 || vl_are_equal_digits(d, count)) return VL_INVALID;
    return vl_passes_luhn(d, count) ? VL_VALID : VL_INVALID;
}

/* Federal Authority for Identity: 784 (ISO 3166-1), year of birth, seven digits, Luhn. */
vl_validity vl_validate_ae_emirates_id(const char *text, size_t size_bytes)
{
    uint8_t d[15];
    if (vl_collect_digits(text, size_bytes, d, 15) != 15) return VL_INVALID;
    unsigned year = vl_two(d + 3) * 100 + vl_two(d + 5);
    if (d[0] != 7 || d[1] != 8 || d[2] != 4 || year < 1900 || year > 2099) return VL_INVALID;
    return vl_passes_luhn(d, 15) ? VL_VALID : VL_INVALID;
}

/* GB/T 2260: first two digits of the administrative divisions; 81 to 83 since 2018 for residents from Hong Kong, Macao,
 * Taiwan. */
static bool is_chinese_province(unsigned code)
{
    static const uint8_t last[9] = {0, 15, 23, 37, 46, 54, 65, 71, 83};
    return code >= 11 && code <= 83 && code % 10 != 0 && code <= last[code / 10];
}

/* GB 11643-1999: division (6), birth date, serial, check by ISO/IEC 7064 MOD 11-2. Before 1999: fifteen digits, the
 * year in two, no check. */
vl_validity vl_validate_cn_ric(const char *text, size_t size_bytes)
{
    static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    char c[18];
    uint8_t d[17];
    size_t count = vl_collect_alnum(text, size_bytes, c, 18);
    if (count == 15) {
        if (vl_collect_digits(c, 15, d, 15) != 15 || !is_chinese_province(vl_two(d))) return VL_INVALID;
        return vl_is_calendar_day(1900 + vl_two(d + 6), vl_two(d + 8), vl_two(d + 10)) ? VL_UNKNOWN : VL_INVALID;
    }
    if (count != 18 || vl_collect_digits(c, 17, d, 17) != 17 || !is_chinese_province(vl_two(d))) return VL_INVALID;
    unsigned year = vl_two(d + 6) * 100 + vl_two(d + 8);
    if (year < 1800 || year > 2099 || !vl_is_calendar_day(year, vl_two(d + 10), vl_two(d + 12))) return VL_INVALID;
    return checks[vl_weighted(d, weights, 17) % 11] == c[17] ? VL_VALID : VL_INVALID;
}

/* Immigration Department: one or two letters (10 to 35; a missing one is 36), six digits, check digit (10 is A) that
 * brings the sum with weights 9 to 1 to a multiple of 11. */
vl_validity vl_validate_hk_id(const char *text, size_t size_bytes)
{
    char c[9];
    uint8_t d[6];
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    const char *last_letter = c + count - 8;
    if (!vl_is_alpha(c[0]) || !vl_is_alpha(last_letter[0])) return VL_INVALID;
    if (vl_collect_digits(last_letter + 1, 6, d, 6) != 6) return VL_INVALID;
    unsigned sum = 9u * (count == 9 ? (unsigned)(c[0] - 'A') + 10 : 36) + 8u * ((unsigned)(last_letter[0] - 'A') + 10);
    for (unsigned i = 0; i < 6; i++)
        sum += d[i] * (7 - i);
    char check = c[count - 1];
    if (!vl_is_digit(check) && check != 'A') return VL_INVALID;
    sum += check == 'A' ? 10u : (unsigned)(check - '0');
    return sum % 11 == 0 ? VL_VALID : VL_INVALID;
}

/* Ministry of the Interior: a letter for the place (10 to 35 in an order of its own), 1 or 2 for the sex, or 8 or 9 for
 * residents since 2021, or A to D for residents before; weights 1, 9 to 1, 1; a multiple of ten. It is printed in
 * capitals: a small letter proves nothing, for short names of commits look so. */
vl_validity vl_validate_tw_id(const char *text, size_t size_bytes)
{
    static const char places[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO"; /* 10 to 35 */
    char c[10];
    uint8_t d[9];
    if (vl_collect_alnum(text, size_bytes, c, 10) != 10 || !vl_is_alpha(c[0])) return VL_INVALID;
    unsigned place = (unsigned)((const char *)memchr(places, c[0], 26) - places) + 10;
    if (c[1] >= 'A' && c[1] <= 'D') {
        c[1] = (char)('0' + (c[1] - 'A')); /* A to D count 10 to 13: their last digit */
    } else if (c[1] != '1' && c[1] != '2' && c[1] != '8' && c[1] != '9') {
        return VL_INVALID;
    }
    if (vl_collect_digits(c + 1, 9, d, 9) != 9) return VL_INVALID;
    unsigned sum = place / 10 + place % 10 * 9 + d[8];
    for (unsigned i = 0; i < 8; i++)
        sum += d[i] * (8 - i);
    if (sum % 10 != 0) return VL_INVALID;
    return text[0] == c[0] ? VL_VALID : VL_UNKNOWN;
}

/* Ordinance 85 of 2014, article 5 (Ministry of Internal Affairs): from the right of eleven digits weights 2 to 7 and 2
 * to 6; 11 - sum mod 11, where rests 0 and 1 give 0. */
vl_validity vl_validate_jp_my_number(const char *text, size_t size_bytes)
{
    static const uint8_t weights[11] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    uint8_t d[12];
    if (vl_collect_digits(text, size_bytes, d, 12) != 12 || vl_are_equal_digits(d, 12)) return VL_INVALID;
    unsigned rest = vl_weighted(d, weights, 11) % 11;
    return d[11] == (rest < 2 ? 0 : 11 - rest) ? VL_VALID : VL_INVALID;
}

/* Jabatan Pendaftaran Negara: birth date, place (states 01 to 16 and 21 to 59, abroad 60 to 99, with gaps), serial. No
 * check. */
vl_validity vl_validate_my_nric(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    if (vl_collect_digits(text, size_bytes, d, 12) != 12) return VL_INVALID;
    unsigned place = vl_two(d + 6);
    bool is_gap = place == 0 || (place >= 17 && place <= 20) || place == 69 || place == 70 || place == 73 ||
                  place == 80 || place == 81 || (place >= 94 && place <= 97);
    if (is_gap || !vl_is_short_day(vl_two(d), vl_two(d + 2), vl_two(d + 4))) return VL_INVALID;
    return VL_UNKNOWN;
}

/* Kemendagri: two-digit codes of provinces, those of Papua's division of 2022 included. */
static bool is_indonesian_province(unsigned code)
{
    return (code >= 11 && code <= 19) || code == 21 || (code >= 31 && code <= 36) || (code >= 51 && code <= 53) ||
           (code >= 61 && code <= 65) || (code >= 71 && code <= 76) || code == 81 || code == 82 ||
           (code >= 91 && code <= 97);
}

/* Government regulation 40 of 2019: province, regency, district, birth date with 40 on a woman's day, serial from 0001.
 * No check. */
vl_validity vl_validate_id_nik(const char *text, size_t size_bytes)
{
    uint8_t d[16];
    if (vl_collect_digits(text, size_bytes, d, 16) != 16) return VL_INVALID;
    unsigned day = vl_two(d + 6);
    if (day > 40) day -= 40;
    bool has_parts = vl_two(d + 2) != 0 && vl_two(d + 4) != 0 && (vl_two(d + 12) != 0 || vl_two(d + 14) != 0);
    if (!has_parts || !is_indonesian_province(vl_two(d))) return VL_INVALID;
    return vl_is_short_day(vl_two(d + 10), vl_two(d + 8), day) ? VL_UNKNOWN : VL_INVALID;
}

/* Check digit by one row of weights, or 10. */
static unsigned ird_digit(const uint8_t *d, const uint8_t weights[8])
{
    unsigned rest = vl_weighted(d, weights, 8) % 11;
    return rest == 0 ? 0 : 11 - rest;
}

/* Inland Revenue, Resident withholding tax specification: 10,000,000 to 200,000,000; weights 3 2 7 6 5 4 3 2, and 7 4 3
 * 2 5 2 7 6 where those give 10; where those give 10 as well the number is not issued. */
vl_validity vl_validate_nz_ird(const char *text, size_t size_bytes)
{
    static const uint8_t first[8] = {3, 2, 7, 6, 5, 4, 3, 2};
    static const uint8_t second[8] = {7, 4, 3, 2, 5, 2, 7, 6};
    uint8_t d[9] = {0};
    uint8_t raw[9];
    size_t count = vl_collect_digits(text, size_bytes, raw, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    memcpy(d + 9 - count, raw, count);
    if (d[0] > 1 || (d[0] == 0 && d[1] == 0)) return VL_INVALID;
    unsigned check = ird_digit(d, first);
    if (check == 10) check = ird_digit(d, second);
    return check == d[8] ? VL_VALID : VL_INVALID;
}

/* HISO 10046:2024, consumer health identity: letters without I and O count 1 to 24, weights 7 to 2. AAANNNC: 11 - sum
 * mod 11, where 10 is 0 and a rest of 0 is not issued. AAANNAC (since July 2026): letter 23 - sum mod 23. */
vl_validity vl_validate_nz_nhi(const char *text, size_t size_bytes)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    char c[7];
    unsigned sum = 0;
    if (vl_collect_alnum(text, size_bytes, c, 7) != 7) return VL_INVALID;
    bool is_new = vl_is_alpha(c[5]);
    for (unsigned i = 0; i < 7; i++) {
        bool wants_letter = i < 3 || (i > 4 && is_new);
        const char *letter = memchr(letters, c[i], 24);
        if (wants_letter ? letter == NULL : !vl_is_digit(c[i])) return VL_INVALID;
        if (i < 6) sum += (wants_letter ? (unsigned)(letter - letters) + 1 : (unsigned)(c[i] - '0')) * (7 - i);
    }
    if (is_new) return c[6] == letters[22 - sum % 23] ? VL_VALID : VL_INVALID;
    if (sum % 11 == 0) return VL_INVALID;
    return (11 - sum % 11) % 10 == (unsigned)(c[6] - '0') ? VL_VALID : VL_INVALID;
}

/* United Kingdom: driving licence, postal code, registration plate. */
#include <stdlib.h>
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

/* DVLA INF45: five letters of the name, filled with 9; decade, month (50 more for women), day, year; initials or 9; three
 * characters whose formula is not published. */
vl_validity vl_validate_uk_driver(const char *text, size_t size_bytes)
{
    char c[16];
    uint8_t d[6];
    if (vl_collect_alnum(text, size_bytes, c, 16) != 16) return VL_INVALID;
    size_t letters = 0;
    while (letters < 5 && vl_is_alpha(c[letters]))
        letters++;
    for (size_t i = letters; i < 5; i++)
        if (c[i] != '9') return VL_INVALID;
    if (letters == 0 || vl_collect_digits(c + 5, 6, d, 6) != 6) return VL_INVALID;
    unsigned month = vl_two(d + 1) > 50 ? vl_two(d + 1) - 50 : vl_two(d + 1);
    if (!vl_is_short_day(d[0] * 10u + d[5], month, vl_two(d + 3))) return VL_INVALID;
    bool has_initials = (vl_is_alpha(c[11]) || c[11] == '9') && (vl_is_alpha(c[12]) || c[12] == '9');
    bool is_order = c[11] != '9' || c[12] == '9';
    return has_initials && is_order && vl_is_alpha(c[14]) && vl_is_alpha(c[15]) ? VL_UNKNOWN : VL_INVALID;
}

static int compare_area(const void *key, const void *item)
{
    return memcmp(key, item, 2);
}

/* Royal Mail, Postcode Address File: the 124 postcode areas, with those of the islands, and GIR. A blank stands behind single
 * letters. */
vl_validity vl_validate_uk_postcode(const char *text, size_t size_bytes)
{
    static const char areas[][3] = {
        "AB", "AL", "B ", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB", "CF", "CH", "CM",
        "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E ", "EC", "EH", "EN",
        "EX", "FK", "FY", "G ", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP",
        "IV", "JE", "KA", "KT", "KW", "KY", "L ", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M ", "ME", "MK", "ML",
        "N ", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM",
        "S ", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF",
        "TN", "TQ", "TR", "TS", "TW", "UB", "W ", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE"};
    char c[7];
    size_t count = vl_collect_alnum(text, size_bytes, c, 7);
    if (count == SIZE_MAX || count < 5) return VL_INVALID;
    if (count == 6 && memcmp(c, "GIR0AA", 6) == 0) return VL_UNKNOWN;
    const char key[2] = {c[0], vl_is_alpha(c[1]) ? c[1] : ' '};
    bool is_area = bsearch(key, areas, sizeof areas / sizeof areas[0], sizeof areas[0], compare_area) != NULL;
    return is_area ? VL_UNKNOWN : VL_INVALID;
}

/* DVLA INF104: two letters of the place, two digits of the half-year (02 to 29 from March, 51 to 79 from September), three
 * letters. Plates are written in capitals. */
vl_validity vl_validate_uk_plate(const char *text, size_t size_bytes)
{
    char c[7];
    uint32_t age;
    if (vl_collect_alnum(text, size_bytes, c, 7) != 7 || !vl_digits_value(c + 2, 2, &age)) return VL_INVALID;
    if (!((age >= 2 && age <= 29) || (age >= 51 && age <= 79))) return VL_INVALID;
    bool is_upper = text[0] == c[0] && text[size_bytes - 1] == c[6];
    return is_upper ? VL_VALID : VL_UNKNOWN;
}

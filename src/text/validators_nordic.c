/* National numbers of Denmark and Norway. (Sweden's and Finland's are among Presidio's entities.) */
#include "text/checksums.h"
#include "text/validators_world.h"

/* Year of birth by the seventh digit, or 0: CPR-kontoret, "Personnummeret i CPR", table of centuries. */
static unsigned danish_year(unsigned year, unsigned seventh)
{
    if (seventh <= 3) return 1900 + year;
    if (seventh == 4 || seventh == 9) return year <= 36 ? 2000 + year : 1900 + year;
    return year <= 57 ? 2000 + year : 1800 + year;
}

/* Birth date and four digits. Numbers that fail the old modulo 11 have been issued since October 2007, so it proves and
 * refuses nothing. Stand-in numbers of hospitals add 60 to the day. */
vl_validity vl_validate_dk_cpr(const char *text, size_t size_bytes)
{
    uint8_t d[10];
    if (vl_collect_digits(text, size_bytes, d, 10) != 10) return VL_INVALID;
    unsigned day = vl_two(d);
    if (day > 60) day -= 60;
    if (!vl_is_calendar_day(danish_year(vl_two(d + 4), d[6]), vl_two(d + 2), day)) return VL_INVALID;
    bool has_serial = d[6] != 0 || d[7] != 0 || d[8] != 0 || d[9] != 0;
    return has_serial ? VL_UNKNOWN : VL_INVALID;
}

/* Day and month without what marks a number as D (40 on the day), H (40 on the month) or made up for tests (80 on the
 * month by the tax authority, 65 by the health service's test register). */
static bool is_norwegian_day(const uint8_t *d)
{
    unsigned day = vl_two(d);
    unsigned month = vl_two(d + 2);
    if (day > 40) day -= 40;
    if (month > 80) {
        month -= 80;
    } else if (month > 65) {
        month -= 65;
    } else if (month > 40) {
        month -= 40;
    }
    return vl_is_short_day(vl_two(d + 4), month, day);
}

/* Folkeregisterforskriften 2-2-1: birth date, three digits, two check digits by weights 3 7 6 1 8 9 4 5 2 (1) and 5 4 3
 * 2 7 6 5 4 3 2 (1) modulo 11. Skatteetaten, "Nytt fodselsnummer fra 2032": the first sum may then leave 0, 1, 2 or 3;
 * the second stays. */
vl_validity vl_validate_no_fnr(const char *text, size_t size_bytes)
{
    static const uint8_t first[10] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const uint8_t second[11] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || !is_norwegian_day(d)) return VL_INVALID;
    return vl_weighted(d, first, 10) % 11 <= 3 && vl_weighted(d, second, 11) % 11 == 0 ? VL_VALID : VL_INVALID;
}

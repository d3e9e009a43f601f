/* National numbers of Spain, Italy and Poland. */
#include <string.h>

#include "text/chars.h"
#include "text/validators.h"

/* Real Decreto 1065/2007 and Orden INT/2058/2008: the letter is number mod 23. A foreigner's NIE counts X, Y, Z as 0, 1, 2 in
 * front; K, L, M stand before seven digits of their own. Seven digits without a prefix: a leading zero was left out. */
vl_validity vl_validate_es_nif(const char *text, size_t size_bytes)
{
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    char c[9];
    uint32_t number;
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    size_t digits = count - 1;
    uint32_t lead = 0;
    const char *from = c;
    if (vl_is_alpha(c[0])) {
        if (count != 9 || memchr("XYZKLM", c[0], 6) == NULL) return VL_INVALID;
        if (c[0] >= 'X') lead = (uint32_t)(c[0] - 'X') * 10000000;
        from++;
        digits--;
    }
    if (!vl_digits_value(from, digits, &number)) return VL_INVALID;
    return letters[(number + lead) % 23] == c[count - 1] ? VL_VALID : VL_INVALID;
}

/* The letters that stand for 0 to 9 when two people would have the same code (omocodia), DM 12 March 1974, art. 7. */
static int fiscal_digit(char c)
{
    if (vl_is_digit(c)) return c - '0';
    static const char letters[10] = "LMNPQRSTUV";
    const char *at = memchr(letters, c, sizeof letters);
    return at == NULL ? -1 : (int)(at - letters);
}

/* DM 12 March 1974, art. 6: values of characters in odd places, 0-9 (as A-J) and A-Z; sum modulo 26. */
static char fiscal_check(const char c[16])
{
    static const uint8_t odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    unsigned sum = 0;
    for (size_t i = 0; i < 15; i++) {
        unsigned value = vl_is_digit(c[i]) ? (unsigned)(c[i] - '0') : (unsigned)(c[i] - 'A');
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return (char)('A' + sum % 26);
}

/* SSSNNNYYMDDZZZZC: three letters of surname and name each, year, month letter, day (40 more for women), place, check. A wrong
 * check character alone leaves the pattern's score: the shape is rare enough, and a mistyped code still names a person. */
vl_validity vl_validate_it_fiscal_code(const char *text, size_t size_bytes)
{
    static const uint8_t numeric[7] = {6, 7, 9, 10, 12, 13, 14};
    char c[16];
    int digits[7];
    if (vl_collect_alnum(text, size_bytes, c, 16) != 16) return VL_INVALID;
    for (size_t i = 0; i < 6; i++) {
        if (!vl_is_alpha(c[i])) return VL_INVALID;
    }
    for (size_t i = 0; i < 7; i++) {
        digits[i] = fiscal_digit(c[numeric[i]]);
        if (digits[i] < 0) return VL_INVALID;
    }
    if (memchr("ABCDEHLMPRST", c[8], 12) == NULL || !vl_is_alpha(c[11]) || !vl_is_alpha(c[15])) return VL_INVALID;
    int day = digits[2] * 10 + digits[3];
    if (day > 40) day -= 40;
    if (day < 1 || day > 31) return VL_INVALID;
    return fiscal_check(c) == c[15] ? VL_VALID : VL_UNKNOWN;
}

/* Act on Population Records (Poland, 2010), art. 15-18: year, month (with 20, 40, 60, 80 added for the centuries 2000, 2100,
 * 2200, 1800), day, serial; weights 1 3 7 9, the check digit brings the sum to a multiple of ten. */
vl_validity vl_validate_pl_pesel(const char *text, size_t size_bytes)
{
    static const uint8_t weights[10] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    static const uint16_t centuries[5] = {1900, 2000, 2100, 2200, 1800};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11) return VL_INVALID;
    unsigned month = vl_two(d + 2);
    if (!vl_is_calendar_day(centuries[month / 20] + vl_two(d), month % 20, vl_two(d + 4))) return VL_INVALID;
    unsigned sum = d[10];
    for (size_t i = 0; i < 10; i++)
        sum += d[i] * weights[i];
    return sum % 10 == 0 ? VL_VALID : VL_INVALID;
}

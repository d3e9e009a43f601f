/* National numbers of the United Kingdom and India. */
#include <string.h>

#include "text/chars.h"
#include "text/validators_national.h"

/* NHS Data Dictionary, NHS NUMBER: weights 10 to 2, check digit 11 - (sum mod 11), where 11 is written 0 and 10 does not
 * occur. */
vl_validity vl_validate_uk_nhs(const char *text, size_t size_bytes)
{
    uint8_t d[10];
    if (vl_collect_digits(text, size_bytes, d, 10) != 10) return VL_INVALID;
    if (vl_are_equal_digits(d, 10)) return VL_INVALID;
    unsigned sum = 0;
    for (unsigned i = 0; i < 9; i++)
        sum += d[i] * (10 - i);
    unsigned check = (11 - sum % 11) % 11;
    return check == d[9] ? VL_VALID : VL_INVALID;
}

/* HMRC manual NIM39110: two letters, six digits, suffix A to D. D F I Q U V stand in neither place, O not in the second; BG GB
 * KN NK NT TN ZZ are not issued. The suffix may be missing. */
vl_validity vl_validate_uk_nino(const char *text, size_t size_bytes)
{
    static const char refused[7][2] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
    char c[9];
    uint32_t number;
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    if (count != 8 && count != 9) return VL_INVALID;
    if (!vl_is_alpha(c[0]) || !vl_is_alpha(c[1]) || !vl_digits_value(c + 2, 6, &number)) return VL_INVALID;
    if (count == 9 && (c[8] < 'A' || c[8] > 'D')) return VL_INVALID;
    if (memchr("DFIQUV", c[0], 6) != NULL || memchr("DFIOQUV", c[1], 7) != NULL) return VL_INVALID;
    for (size_t i = 0; i < 7; i++) {
        if (c[0] == refused[i][0] && c[1] == refused[i][1]) return VL_INVALID;
    }
    return VL_UNKNOWN;
}

/* Verhoeff, "Error Detecting Decimal Codes" (1969): products in the dihedral group D5, digits permuted by their place. */
bool vl_passes_verhoeff(const uint8_t *digits, size_t count)
{
    static const uint8_t product[10][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                            {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                            {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                            {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                            {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static const uint8_t permuted[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                            {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                            {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                            {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    uint8_t check = 0;
    for (size_t i = 0; i < count; i++)
        check = product[check][permuted[i % 8][digits[count - 1 - i]]];
    return check == 0;
}

/* UIDAI: twelve digits, the first 2 to 9, the last a Verhoeff check digit; palindromes are not issued. */
vl_validity vl_validate_in_aadhaar(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    if (vl_collect_digits(text, size_bytes, d, 12) != 12 || d[0] < 2) return VL_INVALID;
    bool is_palindrome = true;
    for (size_t i = 0; i < 6; i++)
        is_palindrome &= d[i] == d[11 - i];
    return !is_palindrome && vl_passes_verhoeff(d, 12) ? VL_VALID : VL_INVALID;
}

/* Income Tax Department: five letters, of which the fourth names the kind of holder, four digits from 0001, a letter whose
 * formula is not published. Small letters up to f alone are the short name of a commit. */
vl_validity vl_validate_in_pan(const char *text, size_t size_bytes)
{
    char c[10];
    uint32_t number;
    if (vl_collect_alnum(text, size_bytes, c, 10) != 10) return VL_INVALID;
    for (size_t i = 0; i < 5; i++) {
        if (!vl_is_alpha(c[i])) return VL_INVALID;
    }
    if (memchr("ABCEFGHJKLPT", c[3], 12) == NULL || !vl_is_alpha(c[9])) return VL_INVALID;
    bool is_hex = true;
    for (size_t i = 0; i < size_bytes; i++)
        is_hex &= vl_is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
    return !is_hex && vl_digits_value(c + 5, 4, &number) && number != 0 ? VL_UNKNOWN : VL_INVALID;
}

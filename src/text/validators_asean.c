/* Philippines, Singapore and Thailand. */
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

/* BIR: weights 9 to 2 over eight digits; modulo 11 that is the ninth digit (10 is not issued). A branch follows. One number in
 * eleven passes: possible, not proved. */
vl_validity vl_validate_ph_tin(const char *text, size_t size_bytes)
{
    static const uint8_t weights[8] = {9, 8, 7, 6, 5, 4, 3, 2};
    uint8_t d[14];
    size_t count = vl_collect_digits(text, size_bytes, d, 14);
    if ((count != 9 && count != 12 && count != 14) || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return vl_weighted(d, weights, 8) % 11 == d[8] ? VL_UNKNOWN : VL_INVALID;
}

/* NTC, numbering plan: mobile numbers are 9xx and seven digits, behind 0 or +63. */
vl_validity vl_validate_ph_mobile(const char *text, size_t size_bytes)
{
    uint8_t d[14];
    size_t count = vl_collect_digits(text, size_bytes, d, 14);
    if (count == SIZE_MAX || count < 11) return VL_INVALID;
    const uint8_t *last = d + count - 10;
    return last[0] == 9 && last[1] * 10 + last[2] >= 4 && !vl_are_equal_digits(last, 10) ? VL_UNKNOWN : VL_INVALID;
}

/* National Registration Act: S, T citizens; F, G, M (2022) foreigners. Weights 2 7 6 5 4 3 2, 4 more for T and G, 3 for M,
 * modulo 11 into a letter. The formula is not official, but published widely and true of every card. */
vl_validity vl_validate_sg_nric(const char *text, size_t size_bytes)
{
    static const uint8_t weights[7] = {2, 7, 6, 5, 4, 3, 2};
    char c[9];
    uint8_t d[7];
    if (vl_collect_alnum(text, size_bytes, c, 9) != 9 || vl_collect_digits(c + 1, 7, d, 7) != 7) return VL_INVALID;
    unsigned sum = vl_weighted(d, weights, 7);
    const char *letters = "XWUTRQPNMLK";
    switch (c[0]) {
    case 'S':
        letters = "JZIHGFEDCBA";
        break;
    case 'T':
        letters = "JZIHGFEDCBA";
        sum += 4;
        break;
    case 'F':
        break;
    case 'G':
        sum += 4;
        break;
    case 'M':
        letters = "XWUTRQPNJLK";
        sum += 3;
        break;
    default:
        return VL_INVALID;
    }
    return c[8] == letters[sum % 11] ? VL_VALID : VL_INVALID;
}

static vl_validity check_letter(const uint8_t *digits, const uint8_t *weights, size_t count, const char *letters,
                                char c)
{
    return letters[vl_weighted(digits, weights, count) % 11] == c ? VL_VALID : VL_INVALID;
}

/* "T08LL0001A": T, S or R for the century, year, kind of entity, four digits, check character. */
static vl_validity check_uen_other(const char *c)
{
    static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
    static const uint8_t weights[9] = {4, 3, 5, 3, 10, 2, 2, 5, 7};
    static const char kinds[] =
        "CC CD CH CL CM CP CS CX DP FB FC FM FN GA GB GS HC HS LL LP MB MC MD MH MM MQ NB NR PA PB "
        "PF RF RP SM SS TC TU VH XL ";
    if (c[0] != 'T' && c[0] != 'S' && c[0] != 'R') return VL_INVALID;
    bool is_kind = false;
    for (const char *at = kinds; *at != '\0'; at += 3)
        is_kind |= memcmp(at, c + 3, 2) == 0;
    unsigned sum = 0;
    for (unsigned i = 0; i < 9; i++) {
        const char *at = strchr(alphabet, c[i]);
        if (at == NULL) return VL_INVALID;
        sum += (unsigned)(at - alphabet) * weights[i];
    }
    return is_kind && alphabet[(sum + 11 - 5) % 11] == c[9] ? VL_VALID : VL_INVALID;
}

/* ACRA, UEN: eight digits for businesses; year and five digits for local companies; the form above for all others. One in
 * eleven passes, so a small letter ("11675684e-01", the end of a commit's name) proves nothing. */
vl_validity vl_validate_sg_uen(const char *text, size_t size_bytes)
{
    static const uint8_t business[8] = {10, 4, 9, 3, 8, 2, 7, 1};
    static const uint8_t company[9] = {10, 8, 6, 4, 9, 7, 5, 3, 1};
    char c[10];
    uint8_t d[9];
    size_t count = vl_collect_alnum(text, size_bytes, c, 10);
    vl_validity validity = VL_INVALID;
    if (count == 9 && vl_collect_digits(c, 8, d, 8) == 8)
        validity = check_letter(d, business, 8, "XMKECAWLJDB", c[8]);
    else if (count == 10 && vl_is_alpha(c[0]))
        validity = check_uen_other(c);
    else if (count == 10 && vl_collect_digits(c, 9, d, 9) == 9 && vl_two(d) >= 18 && vl_two(d) <= 20)
        validity = check_letter(d, company, 9, "ZKCMDNERGWH", c[9]);
    bool is_small = size_bytes > 0 && text[size_bytes - 1] != vl_to_upper(text[size_bytes - 1]);
    return validity == VL_VALID && is_small ? VL_UNKNOWN : validity;
}

/* Department of Provincial Administration: kind of person (1 to 8), province (ISO 3166-2:TH), eight digits, and 11 less the
 * weights 13 to 2 modulo 11, modulo 10. */
vl_validity vl_validate_th_tnin(const char *text, size_t size_bytes)
{
    static const uint8_t weights[12] = {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    static const uint8_t none[] = {28, 29, 59, 68, 69, 78, 79, 87, 88, 89, 97, 98, 99};
    uint8_t d[13];
    if (vl_collect_digits(text, size_bytes, d, 13) != 13 || d[0] == 0 || d[1] == 0) return VL_INVALID;
    for (size_t i = 0; i < sizeof none; i++)
        if (none[i] == vl_two(d + 1)) return VL_INVALID;
    return (11 - vl_weighted(d, weights, 12) % 11) % 10 == d[12] ? VL_VALID : VL_INVALID;
}

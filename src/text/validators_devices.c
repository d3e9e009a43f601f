/* Vehicles and mobile telephones: VIN, IMEI, IMSI, ICCID. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* 49 CFR 565.15 (c): values of letters; I, O and Q do not occur. */
static unsigned vin_value(char c)
{
    static const uint8_t values[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    return vl_is_digit(c) ? (unsigned)(c - '0') : values[c - 'A'];
}

/* ISO 3779 and 49 CFR 565: seventeen characters, the last four digits. The check digit at place 9 is the law in North
 * America and China; elsewhere its place holds what the maker likes, so a wrong one leaves the pattern's score, save
 * where the first character (1 to 5) says that it must be right. A number without letters is no VIN. */
vl_validity vl_validate_vin(const char *text, size_t size_bytes)
{
    static const uint8_t weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    char c[17];
    unsigned sum = 0;
    unsigned letters = 0;
    if (vl_collect_alnum(text, size_bytes, c, 17) != 17) return VL_INVALID;
    for (size_t i = 0; i < 17; i++) {
        if (c[i] == 'I' || c[i] == 'O' || c[i] == 'Q') return VL_INVALID;
        if (vl_is_alpha(c[i])) letters++;
        sum += vin_value(c[i]) * weights[i];
    }
    for (size_t i = 13; i < 17; i++)
        if (!vl_is_digit(c[i])) return VL_INVALID;
    bool has_year = c[9] != '0' && c[9] != 'U' && c[9] != 'Z';
    char check = sum % 11 == 10 ? 'X' : (char)('0' + sum % 11);
    bool is_bound = c[0] >= '1' && c[0] <= '5';
    if (letters < 2 || c[0] == '0') return VL_INVALID;
    if (c[8] == check && has_year) return VL_VALID;
    return is_bound ? VL_INVALID : VL_UNKNOWN;
}

/* 3GPP TS 23.003 section 6 and GSMA TS.06: reporting body (two digits), type, serial, Luhn. IMEISV has a software
 * version of two digits in place of the check digit. */
vl_validity vl_validate_imei(const char *text, size_t size_bytes)
{
    static const uint8_t bodies[] = {1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 98, 99};
    uint8_t d[16];
    size_t count = vl_collect_digits(text, size_bytes, d, 16);
    if ((count != 15 && count != 16) || vl_are_equal_digits(d, count)) return VL_INVALID;
    if (memchr(bodies, (int)vl_two(d), sizeof bodies) == NULL) return VL_INVALID;
    if (count == 16) return d[14] == 9 && d[15] == 9 ? VL_INVALID : VL_UNKNOWN; /* 99 is reserved */
    return vl_passes_luhn(d, 15) ? VL_VALID : VL_INVALID;
}

/* ITU-T E.212, list of mobile country codes (2023), as first and last of runs. */
static bool is_mobile_country(unsigned code)
{
    static const uint16_t runs[][2] = {
        {1, 1},     {202, 202}, {204, 204}, {206, 206}, {208, 208}, {212, 214}, {216, 216}, {218, 222}, {225, 226},
        {228, 228}, {230, 232}, {234, 235}, {238, 238}, {240, 240}, {242, 242}, {244, 244}, {246, 248}, {250, 250},
        {255, 255}, {257, 257}, {259, 260}, {262, 262}, {266, 266}, {268, 268}, {270, 270}, {272, 272}, {274, 274},
        {276, 276}, {278, 278}, {280, 280}, {282, 284}, {286, 286}, {288, 290}, {292, 295}, {297, 297}, {302, 302},
        {308, 308}, {310, 316}, {330, 330}, {332, 332}, {334, 334}, {338, 338}, {340, 340}, {342, 342}, {344, 344},
        {346, 346}, {348, 348}, {350, 350}, {352, 352}, {354, 354}, {356, 356}, {358, 358}, {360, 360}, {362, 366},
        {368, 368}, {370, 370}, {372, 372}, {374, 374}, {376, 376}, {400, 402}, {404, 406}, {410, 410}, {412, 422},
        {424, 432}, {434, 434}, {436, 438}, {440, 441}, {450, 450}, {452, 452}, {454, 457}, {460, 461}, {466, 467},
        {470, 470}, {472, 472}, {502, 502}, {505, 505}, {510, 510}, {514, 515}, {520, 520}, {525, 525}, {528, 528},
        {530, 530}, {536, 555}, {602, 643}, {645, 655}, {657, 659}, {702, 702}, {704, 704}, {706, 706}, {708, 708},
        {710, 710}, {712, 712}, {714, 714}, {716, 716}, {722, 722}, {724, 724}, {730, 730}, {732, 732}, {734, 734},
        {736, 736}, {738, 738}, {740, 740}, {742, 742}, {744, 744}, {746, 746}, {748, 748}, {750, 750}, {901, 901},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0] && runs[i][0] <= code; i++)
        if (code <= runs[i][1]) return true;
    return false;
}

/* ITU-T E.212: mobile country code, network (two or three digits), subscriber; 14 or 15 digits in use. No check digit.
 * */
vl_validity vl_validate_imsi(const char *text, size_t size_bytes)
{
    uint8_t d[15];
    size_t count = vl_collect_digits(text, size_bytes, d, 15);
    if (count == SIZE_MAX || count < 14 || vl_are_equal_digits(d + 3, count - 3)) return VL_INVALID;
    return is_mobile_country(d[0] * 100u + vl_two(d + 1)) ? VL_UNKNOWN : VL_INVALID;
}

/* ITU-T E.118: 89, country code (E.164; issuers pad 1 and 7 with a zero), issuer, account, Luhn. Cards carry 19 digits
 * or 20; of 20 the last may be filler behind the check digit, so either may be the one that is checked. */
vl_validity vl_validate_iccid(const char *text, size_t size_bytes)
{
    uint8_t d[20];
    size_t count = vl_collect_digits(text, size_bytes, d, 20);
    if ((count != 19 && count != 20) || d[0] != 8 || d[1] != 9) return VL_INVALID;
    if (d[2] == 0 && d[3] != 1 && d[3] != 7) return VL_INVALID;
    if (vl_are_equal_digits(d + 4, count - 4)) return VL_INVALID;
    return vl_passes_luhn(d, count) || (count == 20 && vl_passes_luhn(d, 19)) ? VL_VALID : VL_INVALID;
}

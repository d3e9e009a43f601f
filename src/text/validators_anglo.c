/* Australia, Canada and the provider number of the United States. */
#include "text/checksums.h"
#include "text/validators_national.h"

/* Australian Business Register, "Format of the ABN": one less in the first digit, weights, modulo 89. The two check digits come
 * first and are 10 at least. */
vl_validity vl_validate_au_abn(const char *text, size_t size_bytes)
{
    static const uint8_t weights[11] = {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || d[0] == 0) return VL_INVALID;
    d[0]--;
    return vl_weighted(d, weights, 11) % 89 == 0 ? VL_VALID : VL_INVALID;
}

/* ASIC, "Australian Company Number digit check": weights 8 to 1; what is missing to the next ten is the last digit. */
vl_validity vl_validate_au_acn(const char *text, size_t size_bytes)
{
    static const uint8_t weights[9] = {8, 7, 6, 5, 4, 3, 2, 1, 1};
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return vl_weighted(d, weights, 9) % 10 == 0 ? VL_VALID : VL_INVALID;
}

/* Services Australia: first digit 2 to 6, weights 1 3 7 9 modulo 10 give the ninth digit, issue number 1 to 9. An eleventh digit
 * names the person on the card. */
vl_validity vl_validate_au_medicare(const char *text, size_t size_bytes)
{
    static const uint8_t weights[8] = {1, 3, 7, 9, 1, 3, 7, 9};
    uint8_t d[11];
    size_t count = vl_collect_digits(text, size_bytes, d, 11);
    if ((count != 10 && count != 11) || d[0] < 2 || d[0] > 6 || d[9] == 0) return VL_INVALID;
    return vl_weighted(d, weights, 8) % 10 == d[8] ? VL_VALID : VL_INVALID;
}

/* ATO: nine digits, weights modulo 11. */
vl_validity vl_validate_au_tfn(const char *text, size_t size_bytes)
{
    static const uint8_t weights[9] = {1, 4, 3, 7, 5, 8, 6, 9, 10};
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return vl_weighted(d, weights, 9) % 11 == 0 ? VL_VALID : VL_INVALID;
}

/* Service Canada: nine digits, Luhn; none begins with 0 or 8. One number in ten passes: possible, not proved. */
vl_validity vl_validate_ca_sin(const char *text, size_t size_bytes)
{
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || d[0] == 0 || d[0] == 8) return VL_INVALID;
    return vl_passes_luhn(d, 9) ? VL_UNKNOWN : VL_INVALID;
}

/* 45 CFR 162.406: ten digits, the first 1 or 2, Luhn with 80840 (health care, United States) before them. */
vl_validity vl_validate_us_npi(const char *text, size_t size_bytes)
{
    uint8_t d[15] = {8, 0, 8, 4, 0};
    if (vl_collect_digits(text, size_bytes, d + 5, 10) != 10 || d[5] < 1 || d[5] > 2) return VL_INVALID;
    if (vl_are_equal_digits(d + 5, 9)) return VL_INVALID;
    return vl_passes_luhn(d, 15) ? VL_VALID : VL_INVALID;
}

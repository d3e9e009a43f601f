/* Germany: numbers of persons, practices, documents, vehicles and taxes. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

/* KBV, guideline under section 75 (7) SGB V: two digits of the region and seven more. No check digit is published, and old
 * regions stay in use. */
vl_validity vl_validate_de_bsnr(const char *text, size_t size_bytes)
{
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return VL_UNKNOWN;
}

/* The digits of a product added. */
static unsigned cross(unsigned product)
{
    return product / 10 + product % 10;
}

/* Section 290 SGB V, annex 1: the letter as two digits (A is 01), factors 1 and 2 in turn, digits of products added; modulo
 * 10 that is the last digit. */
vl_validity vl_validate_de_health(const char *text, size_t size_bytes)
{
    char c[10];
    uint8_t d[11];
    if (vl_collect_alnum(text, size_bytes, c, 10) != 10 || !vl_is_alpha(c[0])) return VL_INVALID;
    if (vl_collect_digits(c + 1, 9, d + 2, 9) != 9) return VL_INVALID;
    d[0] = (uint8_t)((c[0] - 'A' + 1) / 10);
    d[1] = (uint8_t)((c[0] - 'A' + 1) % 10);
    unsigned sum = 0;
    for (unsigned i = 0; i < 10; i++)
        sum += cross(d[i] * (i % 2 + 1u));
    return sum % 10 == d[10] ? VL_VALID : VL_INVALID;
}

/* ICAO Doc 9303-3, 4.9: weights 7 3 1, letters from A as 10. The number itself has nine characters; the check digit stands
 * behind it in the machine readable zone, and is often copied with it. Presidio takes the ninth character for it, and so do
 * others' records: both are read. They are printed in capitals; in small letters a random name passes too easily. */
vl_validity vl_validate_de_document(const char *text, size_t size_bytes)
{
    static const uint8_t weights[3] = {7, 3, 1};
    char c[10];
    size_t count = vl_collect_alnum(text, size_bytes, c, 10);
    if ((count != 9 && count != 10) || !vl_is_digit(c[count - 1])) return VL_INVALID;
    unsigned sum = 0;
    bool is_upper = true;
    for (size_t i = 0; i < size_bytes; i++)
        is_upper &= text[i] == vl_to_upper(text[i]);
    for (size_t i = 0; i + 1 < count; i++) {
        if (strchr("ABDEIOQSU", c[i]) != NULL) return VL_INVALID; /* never issued */
        unsigned value = vl_is_digit(c[i]) ? (unsigned)(c[i] - '0') : (unsigned)(c[i] - 'A' + 10);
        sum += value * weights[i % 3];
    }
    if (sum % 10 != (unsigned)(c[count - 1] - '0')) return VL_INVALID;
    return is_upper ? VL_VALID : VL_UNKNOWN;
}

static const char *const districts[] = {
#include "text/german_districts_table.inc"
};

typedef struct district_key {
    const char *text;
    size_t size;
} district_key;

static int compare_district(const void *key, const void *item)
{
    const district_key *wanted = key;
    const char *district = *(const char *const *)item;
    int order = strncmp(wanted->text, district, wanted->size);
    return order != 0 ? order : -(district[wanted->size] != '\0');
}

/* FZV annex 1: a district, then one or two letters and a number without leading zero, eight characters at most. */
vl_validity vl_validate_de_plate(const char *text, size_t size_bytes)
{
    size_t size = 0;
    while (size < size_bytes && text[size] != '-' && text[size] != ' ')
        size++;
    district_key key = {text, size};
    if (size == 0 || size > 5) return VL_INVALID;
    if (bsearch(&key, districts, sizeof districts / sizeof districts[0], sizeof districts[0], compare_district) == NULL)
        return VL_INVALID;
    size_t rest = 0;
    size_t wide = 0; /* second bytes of umlauts are no characters */
    for (size_t i = 0; i < size; i++)
        wide += ((unsigned char)text[i] & 0xC0) == 0x80;
    for (size_t i = size; i < size_bytes; i++)
        rest += vl_is_alnum(text[i]);
    bool is_special = size_bytes > 0 && vl_is_alpha(text[size_bytes - 1]); /* E or H */
    return size - wide + rest <= 8u + is_special ? VL_UNKNOWN : VL_INVALID;
}

/* KBV, guideline under section 75 (7) SGB V: factors 4 and 9 in turn; what is missing to the next ten is the seventh digit,
 * the last two name the specialty. */
vl_validity vl_validate_de_lanr(const char *text, size_t size_bytes)
{
    static const uint8_t weights[7] = {4, 9, 4, 9, 4, 9, 1};
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9 || vl_are_equal_digits(d, 9)) return VL_INVALID;
    return vl_weighted(d, weights, 7) % 10 == 0 ? VL_VALID : VL_INVALID;
}

/* Deutsche Post: 01001 to 99998; no region has 00, 05, 43 or 62. */
vl_validity vl_validate_de_plz(const char *text, size_t size_bytes)
{
    uint8_t d[5];
    if (vl_collect_digits(text, size_bytes, d, 5) != 5 || vl_are_equal_digits(d, 5)) return VL_INVALID;
    unsigned region = vl_two(d);
    return region != 0 && region != 5 && region != 43 && region != 62 ? VL_UNKNOWN : VL_INVALID;
}

/* VKVV sections 2 and 4: area, birth date (the day may have 50 added), first letter of the name at birth, serial, check digit:
 * weights below, digits of products added, modulo 10. */
vl_validity vl_validate_de_pension(const char *text, size_t size_bytes)
{
    static const uint8_t weights[12] = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
    char c[12];
    uint8_t d[13];
    if (vl_collect_alnum(text, size_bytes, c, 12) != 12 || !vl_is_alpha(c[8])) return VL_INVALID;
    if (vl_collect_digits(c, 8, d, 8) != 8 || vl_collect_digits(c + 9, 3, d + 10, 3) != 3) return VL_INVALID;
    d[8] = (uint8_t)((c[8] - 'A' + 1) / 10);
    d[9] = (uint8_t)((c[8] - 'A' + 1) % 10);
    unsigned day = vl_two(d + 2) > 50 ? vl_two(d + 2) - 50 : vl_two(d + 2);
    if (vl_two(d) == 0 || day < 1 || day > 31 || vl_two(d + 4) < 1 || vl_two(d + 4) > 12) return VL_INVALID;
    unsigned sum = 0;
    for (unsigned i = 0; i < 12; i++)
        sum += cross((unsigned)d[i] * weights[i]);
    return sum % 10 == d[12] ? VL_VALID : VL_INVALID;
}

/* Federal Central Tax Office, section 139b AO: not 0 first; of the first ten digits one occurs twice or three times (three in a
 * row never), the others once at most; ISO 7064 MOD 11,10. */
vl_validity vl_validate_de_tax_id(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    uint8_t counts[10] = {0};
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || d[0] == 0) return VL_INVALID;
    for (unsigned i = 0; i < 10; i++)
        counts[d[i]]++;
    unsigned repeated = 0;
    for (unsigned i = 0; i < 10; i++) {
        if (counts[i] > 3) return VL_INVALID;
        repeated += counts[i] > 1;
    }
    for (unsigned i = 0; i < 8; i++)
        if (d[i] == d[i + 1] && d[i] == d[i + 2]) return VL_INVALID;
    return repeated == 1 && vl_passes_mod11_10(d, 11) ? VL_VALID : VL_INVALID;
}

/* Section 27a UStG: DE and nine digits, the last by ISO 7064 MOD 11,10 (as VIES checks them); the first is not 0. */
vl_validity vl_validate_de_vat(const char *text, size_t size_bytes)
{
    char c[11];
    uint8_t d[9];
    if (vl_collect_alnum(text, size_bytes, c, 11) != 11 || c[0] != 'D' || c[1] != 'E') return VL_INVALID;
    if (vl_collect_digits(c + 2, 9, d, 9) != 9 || d[0] == 0) return VL_INVALID;
    return vl_passes_mod11_10(d, 9) ? VL_VALID : VL_INVALID;
}

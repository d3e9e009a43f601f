/*
 * Validators by name: the check of any entity of the table ("IBAN_CODE", "PL_PESEL"), and checksums that many numbers share.
 * Sources: Luhn, ISO/IEC 7812-1 annex B; mod 97-10 and mod 11,10, ISO 7064; Verhoeff (1969), dihedral group D5; Damm
 * (2004), the quasigroup of order 10 in his thesis; EAN-13, GS1 General Specifications 7.9.
 */
#include <string.h>

#include "text/chars.h"
#include "text/custom_impl.h"

#define DIGITS_MAX 400u

/* The digits of a text that holds nothing else but spaces, dots, dashes and slashes; 0: other bytes are in it. */
static size_t digits_of(const char *text, size_t size, uint8_t digits[DIGITS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        if (vl_is_digit(text[i])) {
            if (count == DIGITS_MAX) return 0;
            digits[count++] = (uint8_t)(text[i] - '0');
        } else if (strchr(" .-/", text[i]) == NULL || text[i] == '\0') {
            return 0;
        }
    }
    return count;
}

static vl_validity verdict(bool is_right)
{
    return is_right ? VL_VALID : VL_INVALID;
}

static vl_validity check_luhn(const char *text, size_t size)
{
    uint8_t digits[DIGITS_MAX];
    size_t count = digits_of(text, size, digits);
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i];
        if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return verdict(count >= 2 && sum % 10 == 0);
}

static vl_validity check_ean13(const char *text, size_t size)
{
    uint8_t digits[DIGITS_MAX];
    size_t count = digits_of(text, size, digits);
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += digits[i] * (i % 2 == 1 ? 3u : 1u);
    return verdict(count == 13 && sum % 10 == 0);
}

/* The number is 1 modulo 97; letters count 10 to 35. */
static vl_validity check_mod97(const char *text, size_t size)
{
    unsigned rest = 0;
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == ' ' || c == '-' || c == '.' || c == '/') continue;
        if (!vl_is_alnum(c)) return VL_INVALID;
        count++;
        rest = vl_is_digit(c) ? rest * 10 + (unsigned)(c - '0') : rest * 100 + ((unsigned)c & 31u) + 9;
        rest %= 97;
    }
    return verdict(count >= 3 && rest == 1);
}

static vl_validity check_mod11_10(const char *text, size_t size)
{
    uint8_t digits[DIGITS_MAX];
    size_t count = digits_of(text, size, digits);
    unsigned product = 10;
    for (size_t i = 0; i + 1 < count; i++) {
        unsigned sum = (digits[i] + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return verdict(count >= 2 && (product + digits[count - 1]) % 10 == 1);
}

static vl_validity check_verhoeff(const char *text, size_t size)
{
    static const uint8_t shuffle[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                           {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                           {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                           {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    uint8_t digits[DIGITS_MAX];
    size_t count = digits_of(text, size, digits);
    unsigned turn = 0; /* 0 to 4: rotations, 5 to 9: reflections */
    for (size_t i = 0; i < count; i++) {
        unsigned next = shuffle[i % 8][digits[count - 1 - i]];
        if (turn < 5)
            turn = next < 5 ? (turn + next) % 5 : 5 + (turn + next) % 5;
        else
            turn = next < 5 ? 5 + (turn - next) % 5 : (turn - next + 5) % 5;
    }
    return verdict(count >= 2 && turn == 0);
}

static vl_validity check_damm(const char *text, size_t size)
{
    static const uint8_t table[10][10] = {{0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                          {4, 2, 0, 6, 8, 7, 1, 3, 5, 9}, {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                          {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                          {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                          {9, 4, 3, 8, 6, 1, 7, 2, 0, 5}, {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}};
    uint8_t digits[DIGITS_MAX];
    size_t count = digits_of(text, size, digits);
    unsigned state = 0;
    for (size_t i = 0; i < count; i++)
        state = table[state][digits[i]];
    return verdict(count >= 2 && state == 0);
}

vl_validator_fn vl_own_validator(const char *name)
{
    static const struct {
        const char *name;
        vl_validator_fn check;
    } shared[] = {{"luhn", check_luhn},         {"mod97", check_mod97}, {"mod11_10", check_mod11_10},
                  {"verhoeff", check_verhoeff}, {"damm", check_damm},   {"ean13", check_ean13}};
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (strcmp(shared[i].name, name) == 0) return shared[i].check;
    int entity = vl_entity_find(name);
    for (size_t row = 0; row < VL_ROW_COUNT && entity >= 0; row++)
        if (vl_rows[row].entity == entity && vl_rows[row].validate != NULL) return vl_rows[row].validate;
    return NULL;
}

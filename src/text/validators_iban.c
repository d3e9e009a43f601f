/*
 * IBAN, ISO 13616: country, two check digits, and an account part (BBAN) whose length and character classes each country
 * registers with SWIFT. The check is ISO 7064 MOD 97-10. Letters may be written small, but not in a mixture of cases: words
 * behind an account number would otherwise be read as a part of it.
 */
#include "text/chars.h"
#include "text/validators.h"

#define IBAN_MAX 34u
#define IBAN_MIN 15u

/* BBAN: counts with a class each: n digits, a capital letters, c both. Its sum and four is the length of the IBAN. */
typedef struct iban_country {
    char code[3];
    uint8_t length;
    char bban[13];
} iban_country;

/* SWIFT, "IBAN Registry", section "IBAN structure"; ordered by code. Those marked * are in use but not registered. */
static const iban_country countries[] = {
    {"AD", 24, "8n12c"},         {"AE", 23, "19n"},           {"AL", 28, "8n16c"},         {"AO", 25, "21n"} /* * */,
    {"AT", 20, "16n"},           {"AZ", 28, "4a20c"},         {"BA", 20, "16n"},           {"BE", 16, "12n"},
    {"BF", 28, "2c22n"} /* * */, {"BG", 22, "4a6n8c"},        {"BH", 22, "4a14c"},         {"BI", 27, "23n"},
    {"BJ", 28, "2c22n"} /* * */, {"BR", 29, "23n1a1c"},       {"BY", 28, "4c4n16c"},       {"CF", 27, "23n"} /* * */,
    {"CG", 27, "23n"} /* * */,   {"CH", 21, "5n12c"},         {"CI", 28, "2a22n"} /* * */, {"CM", 27, "23n"} /* * */,
    {"CR", 22, "18n"},           {"CV", 25, "21n"} /* * */,   {"CY", 28, "8n16c"},         {"CZ", 24, "20n"},
    {"DE", 22, "18n"},           {"DJ", 27, "23n"},           {"DK", 18, "14n"},           {"DO", 28, "4c20n"},
    {"DZ", 26, "22n"} /* * */,   {"EE", 20, "16n"},           {"EG", 29, "25n"},           {"ES", 24, "20n"},
    {"FI", 18, "14n"},           {"FK", 18, "2a12n"},         {"FO", 18, "14n"},           {"FR", 27, "10n11c2n"},
    {"GA", 27, "23n"} /* * */,   {"GB", 22, "4a14n"},         {"GE", 22, "2a16n"},         {"GI", 23, "4a15c"},
    {"GL", 18, "14n"},           {"GQ", 27, "23n"} /* * */,   {"GR", 27, "7n16c"},         {"GT", 28, "24c"},
    {"GW", 25, "2c19n"} /* * */, {"HN", 28, "4a20n"},         {"HR", 21, "17n"},           {"HU", 28, "24n"},
    {"IE", 22, "4a14n"},         {"IL", 23, "19n"},           {"IQ", 23, "4a15n"},         {"IR", 26, "22n"} /* * */,
    {"IS", 26, "22n"},           {"IT", 27, "1a10n12c"},      {"JO", 30, "4a4n18c"},       {"KM", 27, "23n"} /* * */,
    {"KW", 30, "4a22c"},         {"KZ", 20, "3n13c"},         {"LB", 28, "4n20c"},         {"LC", 32, "4a24c"},
    {"LI", 21, "5n12c"},         {"LT", 20, "16n"},           {"LU", 20, "3n13c"},         {"LV", 21, "4a13c"},
    {"LY", 25, "21n"},           {"MA", 28, "24n"} /* * */,   {"MC", 27, "10n11c2n"},      {"MD", 24, "20c"},
    {"ME", 22, "18n"},           {"MG", 27, "23n"} /* * */,   {"MK", 19, "3n10c2n"},       {"ML", 28, "2c22n"} /* * */,
    {"MN", 20, "16n"},           {"MR", 27, "23n"},           {"MT", 31, "4a5n18c"},       {"MU", 30, "4a19n3a"},
    {"MZ", 25, "21n"} /* * */,   {"NE", 28, "2a22n"} /* * */, {"NI", 28, "4a20n"},         {"NL", 18, "4a10n"},
    {"NO", 15, "11n"},           {"OM", 23, "3n16c"},         {"PK", 24, "4a16c"},         {"PL", 28, "24n"},
    {"PS", 29, "4a21c"},         {"PT", 25, "21n"},           {"QA", 29, "4a21c"},         {"RO", 24, "4a16c"},
    {"RS", 22, "18n"},           {"RU", 33, "14n15c"},        {"SA", 24, "2n18c"},         {"SC", 31, "4a20n3a"},
    {"SD", 18, "14n"},           {"SE", 24, "20n"},           {"SI", 19, "15n"},           {"SK", 24, "20n"},
    {"SM", 27, "1a10n12c"},      {"SN", 28, "2a22n"} /* * */, {"SO", 23, "19n"},           {"ST", 25, "21n"},
    {"SV", 28, "4a20n"},         {"TD", 27, "23n"} /* * */,   {"TG", 28, "2a22n"} /* * */, {"TL", 23, "19n"},
    {"TN", 24, "20n"},           {"TR", 26, "6n16c"},         {"UA", 29, "6n19c"},         {"VA", 22, "18n"},
    {"VG", 24, "4a16n"},         {"XK", 20, "16n"},           {"YE", 30, "4a4n18c"},
};

static unsigned code_key(const char *code)
{
    return (unsigned)(unsigned char)code[0] << 8 | (unsigned char)code[1];
}

static const iban_country *find_country(const char code[2])
{
    size_t low = 0;
    size_t high = sizeof countries / sizeof countries[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        unsigned key = code_key(countries[middle].code);
        if (key == code_key(code)) return &countries[middle];
        if (key < code_key(code))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t vl_iban_length(const char *text)
{
    char code[2] = {vl_to_upper(text[0]), vl_to_upper(text[1])};
    const iban_country *country = find_country(code);
    return country == NULL ? 0 : country->length;
}

static bool is_of_class(char c, char class)
{
    return (class != 'a' && vl_is_digit(c)) || (class != 'n' && vl_is_alpha(c));
}

/* `text` holds exactly the characters that the shape counts. */
static bool has_shape(const char *text, const char *shape)
{
    while (*shape != '\0') {
        unsigned count = 0;
        for (; vl_is_digit(*shape); shape++)
            count = count * 10 + (unsigned)(*shape - '0');
        for (; count > 0; count--) {
            if (!is_of_class(*text++, *shape)) return false;
        }
        shape++;
    }
    return true;
}

/* ISO 7064 MOD 97-10 with the first four characters moved to the end; letters count as 10 to 35. The remainder is taken only
 * when the next character could overflow: a division costs more than all else here. */
static bool passes_mod97(const char *iban, size_t count)
{
    const uint64_t limit = UINT64_C(100000000000000000);
    uint64_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        char c = iban[i + 4 < count ? i + 4 : i + 4 - count];
        if (rest >= limit) rest %= 97;
        rest = vl_is_digit(c) ? rest * 10 + (uint64_t)(c - '0') : rest * 100 + (uint64_t)(c - 'A' + 10);
    }
    return rest % 97 == 1;
}

static bool has_mixed_case(const char *text, size_t size_bytes)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < size_bytes; i++) {
        has_upper |= (unsigned char)(text[i] - 'A') < 26;
        has_lower |= (unsigned char)(text[i] - 'a') < 26;
    }
    return has_upper && has_lower;
}

vl_validity vl_validate_iban(const char *text, size_t size_bytes)
{
    char c[IBAN_MAX];
    size_t count = vl_collect_alnum(text, size_bytes, c, IBAN_MAX);
    if (count == SIZE_MAX || count < IBAN_MIN || has_mixed_case(text, size_bytes)) return VL_INVALID;
    const iban_country *country = find_country(c);
    if (country == NULL || country->length != count) return VL_INVALID;
    if (!vl_is_digit(c[2]) || !vl_is_digit(c[3]) || !has_shape(c + 4, country->bban)) return VL_INVALID;
    return passes_mod97(c, count) ? VL_VALID : VL_INVALID;
}

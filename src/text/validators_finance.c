/* Banks, companies and securities: BIC, LEI, ISIN. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* ISO 3166-1 (2024), letters of a country by its first letter; XK is what banks use for Kosovo. */
bool vl_is_country(const char *letters)
{
    static const char *const seconds[26] = {"DEFGILMOQRSTUWXZ",
                                            "ABDEFGHIJLMNOQRSTVWYZ",
                                            "ACDFGHIKLMNORUVWXYZ",
                                            "EJKMOZ",
                                            "CEGHRST",
                                            "IJKMOR",
                                            "ABDEFGHILMNPQRSTUWY",
                                            "KMNRTU",
                                            "DELMNOQRST",
                                            "EMOP",
                                            "EGHIMNPRWYZ",
                                            "ABCIKRSTUVY",
                                            "ACDEFGHKLMNOPQRSTUVWXYZ",
                                            "ACEFGILOPRUZ",
                                            "M",
                                            "AEFGHKLMNRSTWY",
                                            "A",
                                            "EOSUW",
                                            "ABCDEGHIJKLMNORSTVXYZ",
                                            "CDFGHJKLMNORTVWZ",
                                            "AGMSYZ",
                                            "ACEGINU",
                                            "FS",
                                            "K",
                                            "ET",
                                            "AMW"};
    if (letters[0] < 'A' || letters[0] > 'Z' || letters[1] < 'A' || letters[1] > 'Z') return false;
    return strchr(seconds[letters[0] - 'A'], letters[1]) != NULL;
}

/* ISO 9362: four letters, country, two characters of which the second tells test banks (0) and 1 is passive; a branch
 * of three, which is three X for the head office and begins with X for no other. */
vl_validity vl_validate_swift_bic(const char *text, size_t size_bytes)
{
    char c[11];
    size_t count = vl_collect_alnum(text, size_bytes, c, 11);
    if ((count != 8 && count != 11) || count != size_bytes) return VL_INVALID;
    for (size_t i = 0; i < 6; i++)
        if (!vl_is_alpha(c[i])) return VL_INVALID;
    if (!vl_is_country(c + 4)) return VL_INVALID;
    if (c[6] == '0' || c[6] == '1' || c[7] == 'O') return VL_INVALID;
    if (count == 11 && c[8] == 'X' && (c[9] != 'X' || c[10] != 'X')) return VL_INVALID;
    return VL_UNKNOWN;
}

/* ISO/IEC 7064 MOD 97-10 over digits and letters (10 to 35). */
static unsigned mod97(const char *c, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++) {
        if (vl_is_digit(c[i]))
            rest = (rest * 10 + (unsigned)(c[i] - '0')) % 97;
        else
            rest = (rest * 100 + (unsigned)(c[i] - 'A') + 10) % 97;
    }
    return rest;
}

/* ISO 17442: issuer (4), eighteen characters in all, two check digits, MOD 97-10. A number without letters may be any
 * number of a database, and one in 97 of them would pass. */
vl_validity vl_validate_lei(const char *text, size_t size_bytes)
{
    char c[20];
    unsigned letters = 0;
    if (vl_collect_alnum(text, size_bytes, c, 20) != 20) return VL_INVALID;
    for (size_t i = 0; i < 20; i++)
        if (vl_is_alpha(c[i])) letters++;
    if (!vl_is_digit(c[18]) || !vl_is_digit(c[19]) || mod97(c, 20) != 1) return VL_INVALID;
    return letters == 0 ? VL_UNKNOWN : VL_VALID;
}

/* Check digit of the CUSIP (ANSI X9.6) that a North American ISIN holds. */
static bool passes_cusip(const char *c)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++) {
        unsigned value = vl_is_digit(c[i]) ? (unsigned)(c[i] - '0') : (unsigned)(c[i] - 'A') + 10;
        if (i % 2 == 1) value *= 2;
        sum += value / 10 + value % 10;
    }
    return vl_is_digit(c[8]) && (10 - sum % 10) % 10 == (unsigned)(c[8] - '0');
}

/* What the numbers of some countries begin with; national numbers shorter than nine are padded. */
static const char *const prefixes[] = {
    "AT0000", "BE0", "BE6", "CH0", "CH1", "CNE", "DE000", "DK0", "ES0", "FI0",    "FI4",   "FR0", "GB0", "IE0", "INE",
    "INF",    "IN0", "IT0", "JP1", "JP3", "KR",  "KYG",   "BMG", "VGG", "JEG",    "JE0",   "GGG", "GG0", "IMG", "IM0",
    "LU0",    "LU1", "LU2", "MHY", "NL0", "NO0", "PT",    "SE0", "SE1", "HK0000", "TW000", "US",  "CA",  "XS"};

/* A beginning that its country uses, or letters and digits mixed otherwise than in an order number ("NZCL86618876"). */
static bool is_usual_isin(const char c[12])
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(c, prefixes[i], strlen(prefixes[i])) == 0) return true;
    size_t letters = 2;
    while (letters < 12 && vl_is_alpha(c[letters]))
        letters++;
    for (size_t i = letters; i < 12; i++)
        if (vl_is_alpha(c[i])) return true;
    return false;
}

/* Prefixes of securities that belong to no country. */
static bool is_region(const char *c)
{
    if (c[0] == 'X') return (c[1] >= 'A' && c[1] <= 'F') || c[1] == 'S';
    return (c[0] == 'E' && c[1] == 'U') || (c[0] == 'Q' && (c[1] == 'S' || c[1] == 'T'));
}

/* ISO 6166: country (or EU, QS, QT, XA to XF, XS for those of no country), nine characters, Luhn over the digits that
 * letters from A = 10 on give. US and Canadian numbers hold a CUSIP with its own check. One order number in ten with two
 * letters passes, so a form that is not usual leaves the pattern's score. */
vl_validity vl_validate_isin(const char *text, size_t size_bytes)
{
    char c[12];
    uint8_t d[24];
    size_t count = 0;
    if (vl_collect_alnum(text, size_bytes, c, 12) != 12 || !vl_is_digit(c[11])) return VL_INVALID;
    if (!is_region(c) && !vl_is_country(c)) return VL_INVALID;
    for (size_t i = 0; i < 12; i++) {
        unsigned value = vl_is_digit(c[i]) ? (unsigned)(c[i] - '0') : (unsigned)(c[i] - 'A') + 10;
        if (value >= 10) d[count++] = (uint8_t)(value / 10);
        d[count++] = (uint8_t)(value % 10);
    }
    if (!vl_passes_luhn(d, count)) return VL_INVALID;
    bool is_american = (c[0] == 'U' && c[1] == 'S') || (c[0] == 'C' && c[1] == 'A');
    if (is_american && !passes_cusip(c + 2)) return VL_INVALID;
    return is_usual_isin(c) ? VL_VALID : VL_UNKNOWN;
}

/* National numbers of Brazil, Mexico, Chile, Argentina and Colombia. */
#include "text/checksums.h"
#include "text/validators_world.h"

/* Weights from the right 2, 3, ... `most`, and from 2 again; the digit is 11 - sum mod 11, where 10 and 11 are written
 * 0. */
static unsigned brazil_digit(const uint8_t *values, size_t count, unsigned most)
{
    unsigned sum = 0;
    unsigned weight = 2;
    for (size_t i = count; i > 0; i--) {
        sum += values[i - 1] * weight;
        weight = weight == most ? 2 : weight + 1;
    }
    return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

/* Receita Federal, CPF: nine digits and two check digits with weights 2 to 10 and 2 to 11. Eleven equal digits pass the
 * sums and are not issued. */
vl_validity vl_validate_br_cpf(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || vl_are_equal_digits(d, 11)) return VL_INVALID;
    return brazil_digit(d, 9, 11) == d[9] && brazil_digit(d, 10, 11) == d[10] ? VL_VALID : VL_INVALID;
}

/* Receita Federal, CNPJ: root (8), branch (4), two check digits, weights 2 to 9 over and over. Instrucao Normativa RFB
 * 2.229 of 2024: from July 2026 root and branch may hold capital letters, valued as their ASCII code less 48; the check
 * digits stay digits. */
vl_validity vl_validate_br_cnpj(const char *text, size_t size_bytes)
{
    char c[14];
    uint8_t values[14];
    bool is_equal = true;
    if (vl_collect_alnum(text, size_bytes, c, 14) != 14) return VL_INVALID;
    for (size_t i = 0; i < 14; i++) {
        values[i] = (uint8_t)(c[i] - '0');
        is_equal &= c[i] == c[0];
    }
    if (is_equal || !vl_is_digit(c[12]) || !vl_is_digit(c[13])) return VL_INVALID;
    if (brazil_digit(values, 12, 9) != values[12] || brazil_digit(values, 13, 9) != values[13]) return VL_INVALID;
    bool is_plain = size_bytes == 14 && vl_collect_digits(c, 14, values, 14) == 14;
    return is_plain && vl_is_timestamp(values) ? VL_UNKNOWN : VL_VALID;
}

/* Two capital letters among `codes`, which are separated by spaces. */
static bool is_listed(const char *letters, const char *codes)
{
    for (; codes[0] != '\0'; codes += codes[2] == ' ' ? 3 : 2)
        if (letters[0] == codes[0] && letters[1] == codes[1]) return true;
    return false;
}

static bool is_year_month_day(const char *c)
{
    uint32_t date;
    return vl_digits_value(c, 6, &date) && vl_is_short_day(date / 10000, date / 100 % 100, date % 100);
}

static bool are_letters(const char *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!vl_is_alpha(c[i])) return false;
    return true;
}

/* RENAPO, Instructivo normativo para la asignacion de la CURP (DOF 18 October 2021): four letters of the names, birth
 * date, sex, state, three inner consonants, a mark that tells homonyms apart (a digit until 1999, then a letter), a
 * check digit. Letters from the one behind N on count one more, for N with tilde has a place (and is written X). */
vl_validity vl_validate_mx_curp(const char *text, size_t size_bytes)
{
    static const char states[] =
        "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS "
        "NE CX";
    char c[18];
    unsigned sum = 0;
    if (vl_collect_alnum(text, size_bytes, c, 18) != 18) return VL_INVALID;
    if (!are_letters(c, 4) || memchr("AEIOUX", c[1], 6) == NULL || !is_year_month_day(c + 4)) return VL_INVALID;
    if (memchr("HMX", c[10], 3) == NULL || !is_listed(c + 11, states) || !are_letters(c + 13, 3)) return VL_INVALID;
    for (size_t i = 13; i < 16; i++)
        if (memchr("AEIOU", c[i], 5) != NULL) return VL_INVALID;
    if (!vl_is_digit(c[17])) return VL_INVALID;
    for (size_t i = 0; i < 17; i++) {
        unsigned value = vl_is_digit(c[i]) ? (unsigned)(c[i] - '0') : (unsigned)(c[i] - 'A') + (c[i] > 'N' ? 11 : 10);
        sum += value * (unsigned)(18 - i);
    }
    return (10 - sum % 10) % 10 == (unsigned)(c[17] - '0') ? VL_VALID : VL_INVALID;
}

/* Values of the tax service's table: digits, letters, & behind N. */
static unsigned rfc_value(char c)
{
    if (vl_is_digit(c)) return (unsigned)(c - '0');
    if (c == '&') return 24;
    return (unsigned)(c - 'A') + (c > 'N' ? 11 : 10);
}

/* SAT, Anexo 6.1 of the RFC's rules: three letters (companies, with a blank worth 37 in front) or four (persons), date,
 * two characters against homonyms, check character mod 11 (10 is A). Keys with another last character are in use, so a
 * wrong one leaves the pattern's score. The two keys that stand for anybody (general public, foreigners) are nobody's.
 * */
vl_validity vl_validate_mx_rfc(const char *text, size_t size_bytes)
{
    char c[13];
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        if (!vl_is_alnum(text[i]) && text[i] != '&') continue;
        if (count == sizeof c) return VL_INVALID;
        c[count++] = vl_to_upper(text[i]);
    }
    if (count != 12 && count != 13) return VL_INVALID;
    size_t letters = count - 9;
    for (size_t i = 0; i < letters; i++)
        if (vl_is_digit(c[i])) return VL_INVALID;
    if (!is_year_month_day(c + letters)) return VL_INVALID;
    if (count == 13 && (memcmp(c, "XAXX010101000", 13) == 0 || memcmp(c, "XEXX010101000", 13) == 0)) return VL_INVALID;
    unsigned sum = count == 12 ? 37u * 13u : 0;
    for (size_t i = 0; i + 1 < count; i++)
        sum += rfc_value(c[i]) * (unsigned)(count - i);
    unsigned check = (11 - sum % 11) % 11;
    char wanted = check == 10 ? 'A' : (char)('0' + check);
    return c[count - 1] == wanted ? VL_VALID : VL_UNKNOWN;
}

/* Registro Civil, RUN and RUT: weights 2 to 7 from the right, over and over; 11 - sum mod 11, where 10 is K and 11 is
 * 0. */
vl_validity vl_validate_cl_rut(const char *text, size_t size_bytes)
{
    char c[9];
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    unsigned sum = 0;
    if (count != 8 && count != 9) return VL_INVALID;
    for (size_t i = 0; i + 1 < count; i++) {
        if (!vl_is_digit(c[count - 2 - i])) return VL_INVALID;
        sum += (unsigned)(c[count - 2 - i] - '0') * (unsigned)(2 + i % 6);
    }
    unsigned check = (11 - sum % 11) % 11;
    char wanted = check == 10 ? 'K' : (char)('0' + check);
    return sum != 0 && c[count - 1] == wanted ? VL_VALID : VL_INVALID;
}

/* AFIP, Resolucion General 10 of 1997: kind of holder (20, 23 to 27 persons; 30, 33, 34 companies; 50, 51, 55 abroad),
 * eight digits, check with weights 5 4 3 2 7 6 5 4 3 2; where it would be 10 the kind is changed and the check is 9. */
vl_validity vl_validate_ar_cuit(const char *text, size_t size_bytes)
{
    static const uint8_t weights[10] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11) return VL_INVALID;
    unsigned kind = vl_two(d);
    bool is_kind = kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34 || kind == 50 ||
                   kind == 51 || kind == 55;
    unsigned check = (11 - vl_weighted(d, weights, 10) % 11) % 11;
    return is_kind && d[10] == (check == 10 ? 9 : check) ? VL_VALID : VL_INVALID;
}

/* DIAN, Orden Administrativa 4 of 1989: weights are primes from the right; rests 0 and 1 stand for themselves, others
 * for 11 less themselves. */
vl_validity vl_validate_co_nit(const char *text, size_t size_bytes)
{
    static const uint8_t weights[10] = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43};
    uint8_t d[11];
    size_t count = vl_collect_digits(text, size_bytes, d, 11);
    if (count == SIZE_MAX || count < 9 || d[0] == 0) return VL_INVALID;
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < count; i++)
        sum += (unsigned)d[count - 2 - i] * weights[i];
    unsigned rest = sum % 11;
    return d[count - 1] == (rest < 2 ? rest : 11 - rest) ? VL_VALID : VL_INVALID;
}

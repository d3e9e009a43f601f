/*
 * Pseudonyms of numbers. Telephone numbers come from ranges kept for fiction: 555-0100 to 555-0199 of any area of the North
 * American plan (ATIS-0300115), and for those who write theirs in the right length +44 7700 900xxx, 020 7946 0xxx (Ofcom),
 * +33 1 99 00 xx xx (ARCEP), +49 30 23125 xxx (BNetzA), +61 2 5550 xxxx (ACMA). Cards begin with numbers that processors hand out for tests, and pass
 * Luhn; IBANs pass mod 97 in their own country; social security numbers have an area that is never issued (9xx).
 */
#include <string.h>

#include "text/chars.h"
#include "text/pseudonyms.h"

#define DIGITS_MAX 32u

static void put_random(vl_prf *prf, char *digits, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        digits[i] = (char)('0' + vl_prf_below(prf, 10));
}

/* The digits of `digits` in the places of the text's digits. */
static void put_in_places(const char *text, size_t size, const char *digits, vl_draft *draft)
{
    for (size_t i = 0; i < size; i++)
        vl_draft_put_char(draft, vl_is_digit(text[i]) ? *digits++ : text[i]);
}

/* Digits of a text without letters; 0 for one with letters, or with too many. */
static size_t read_digits(const char *text, size_t size, char digits[DIGITS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        if (vl_is_alpha(text[i])) return 0;
        if (!vl_is_digit(text[i])) continue;
        if (count == DIGITS_MAX) return 0;
        digits[count++] = text[i];
    }
    return count;
}

/* Area, 555, 01xx. */
static void make_american(vl_prf *prf, char digits[10])
{
    static const char areas[][4] = {"202", "206", "212", "213", "303", "305", "312", "313", "404", "415", "503", "512",
                                    "602", "612", "617", "619", "702", "713", "718", "720", "801", "813", "916", "919"};
    memcpy(digits, areas[vl_prf_below(prf, 24)], 3);
    memcpy(digits + 3, "55501", 5);
    put_random(prf, digits, 8, 10);
}

/* Ranges of other plans: how a number begins, how long it is, and how the fictional one begins. */
static bool make_elsewhere(vl_prf *prf, char *digits, size_t count, bool has_plus)
{
    static const struct {
        const char *country;
        size_t count;
        const char *start;
        bool has_plus;
    } rows[] = {{"44", 12, "447700900", true}, {"33", 11, "331990", true},    {"49", 12, "493023125", true},
                {"61", 11, "6125550", true},   {"07", 11, "07700900", false}, {"02", 11, "02079460", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].count != count || rows[i].has_plus != has_plus || memcmp(digits, rows[i].country, 2) != 0) continue;
        size_t fixed = strlen(rows[i].start);
        memcpy(digits, rows[i].start, fixed);
        put_random(prf, digits, fixed, count);
        return true;
    }
    return false;
}

bool vl_make_phone(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    char digits[DIGITS_MAX + 1];
    size_t count = read_digits(text, size, digits);
    bool has_plus = memchr(text, '+', size) != NULL;
    bool is_long = count == 11 && digits[0] == '1';
    if (is_long || (count == 10 && !has_plus && digits[0] >= '2')) {
        make_american(prf, digits + is_long);
        put_in_places(text, size, digits, draft);
        return true;
    }
    if (count >= 2 && make_elsewhere(prf, digits, count, has_plus)) {
        put_in_places(text, size, digits, draft);
        return true;
    }
    make_american(prf, digits);
    vl_draft_put(draft, "+1-", 3);
    vl_draft_put(draft, digits, 3);
    vl_draft_put_char(draft, '-');
    vl_draft_put(draft, digits + 3, 3);
    vl_draft_put_char(draft, '-');
    vl_draft_put(draft, digits + 6, 4);
    return true;
}

static char luhn_digit(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned value = (unsigned)(digits[count - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* How test cards of a network begin, by how its numbers begin and how many digits they have. */
static const char *card_start(const char *digits, size_t count)
{
    static const struct {
        const char *network;
        size_t count;
        const char *start;
    } rows[] = {{"34", 15, "371449"}, {"37", 15, "371449"}, {"36", 14, "362272"}, {"30", 14, "305693"},
                {"38", 14, "305693"}, {"35", 16, "353011"}, {"60", 16, "601100"}, {"65", 16, "601100"},
                {"5", 16, "555555"},  {"2", 16, "222300"},  {"62", 19, "620000"}, {"62", 16, "620000"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].count == count && memcmp(digits, rows[i].network, strlen(rows[i].network)) == 0)
            return rows[i].start;
    return count == 13 || count == 16 || count == 19 ? "400000" : count == 15 ? "371449" : "501800";
}

bool vl_make_card(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    char digits[DIGITS_MAX + 1];
    size_t count = read_digits(text, size, digits);
    if (count < 12 || count > 19) return vl_make_other(prf, text, size, draft);
    memcpy(digits, card_start(digits, count), 6);
    put_random(prf, digits, 6, count - 1);
    digits[count - 1] = luhn_digit(digits, count - 1);
    put_in_places(text, size, digits, draft);
    return true;
}

/* ISO 7064 mod 97 of the account part followed by country and 00. */
static unsigned mod97(const char *country, const char *account, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count + 4; i++) {
        char c = i < count ? account[i] : i < count + 2 ? country[i - count] : '0';
        if (vl_is_digit(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else
            rest = (rest * 100 + (unsigned)((c | 0x20) - 'a' + 10)) % 97;
    }
    return rest;
}

/* The country stays, check digits are computed, digits and letters of the account become others. */
bool vl_make_iban(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    char letters[64];
    size_t count = vl_collect_alnum(text, size, letters, sizeof letters);
    if (count == SIZE_MAX || count < 8) return vl_make_other(prf, text, size, draft);
    for (size_t i = 4; i < count; i++)
        letters[i] =
            vl_is_digit(letters[i]) ? (char)('0' + vl_prf_below(prf, 10)) : (char)('A' + vl_prf_below(prf, 26));
    unsigned check = 98 - mod97(letters, letters + 4, count - 4);
    letters[2] = (char)('0' + check / 10);
    letters[3] = (char)('0' + check % 10);
    for (size_t i = 0, at = 0; i < size; i++) {
        if (!vl_is_alnum(text[i])) {
            vl_draft_put_char(draft, text[i]);
            continue;
        }
        char c = letters[at++];
        vl_draft_put_char(draft, text[i] >= 'a' ? vl_to_lower(c) : c);
    }
    return true;
}

/* Areas 900 to 999 are not issued; groups 01 to 49 of them are no taxpayer's number (ITIN) either. */
bool vl_make_ssn(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    char digits[DIGITS_MAX + 1];
    if (read_digits(text, size, digits) != 9) return vl_make_other(prf, text, size, draft);
    uint32_t group = 1 + vl_prf_below(prf, 49);
    uint32_t serial = 1 + vl_prf_below(prf, 9999);
    digits[0] = '9';
    put_random(prf, digits, 1, 3);
    digits[3] = (char)('0' + group / 10);
    digits[4] = (char)('0' + group % 10);
    for (size_t i = 9; i-- > 5; serial /= 10)
        digits[i] = (char)('0' + serial % 10);
    put_in_places(text, size, digits, draft);
    return true;
}

/* Digits for digits, letters for letters of the same case; a letter beyond ASCII becomes a small one. */
bool vl_make_other(vl_prf *prf, const char *text, size_t size, vl_draft *draft)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (vl_is_digit(c))
            vl_draft_put_char(draft, (char)('0' + vl_prf_below(prf, 10)));
        else if (vl_is_alpha(c))
            vl_draft_put_char(draft, (char)((c >= 'a' ? 'a' : 'A') + vl_prf_below(prf, 26)));
        else if ((c & 0x80) == 0)
            vl_draft_put_char(draft, c);
        else if ((c & 0xC0) != 0x80)
            vl_draft_put_char(draft, (char)('a' + vl_prf_below(prf, 26)));
    }
    return true;
}

/*
 * Words that begin with digits: what follows the first group decides which recognizers are asked. A format of groups is a
 * pattern of the digit bitmap (its 0 bits are the separators), so one comparison tells whether it is there; the separator
 * bytes are looked at only then.
 */
#include "text/scan.h"

/* A format: the digit bits of its bytes and the 0 behind them. */
typedef struct number_format {
    uint64_t bits;
    uint8_t length;
    uint8_t separators[2]; /* their places */
} number_format;

static bool fits(uint64_t digits, const number_format *format)
{
    return (digits & ((2ull << format->length) - 1)) == format->bits;
}

/* Bits of groups a-b-c-d with one separator each; 0 ends. */
#define G(n)           ((1ull << (n)) - 1)
#define TWO(a, b)      (G(a) | G(b) << ((a) + 1))
#define THREE(a, b, c) (TWO(a, b) | G(c) << ((a) + (b) + 2))
#define FORMAT3(a, b, c)                                                                                               \
    {                                                                                                                  \
        THREE(a, b, c), (a) + (b) + (c) + 2,                                                                           \
        {                                                                                                              \
            (a), (a) + (b) + 1                                                                                         \
        }                                                                                                              \
    }

static const number_format ssn = FORMAT3(3, 2, 4);
static const number_format nhs = FORMAT3(3, 3, 4);
static const number_format aadhaar = FORMAT3(4, 4, 4);

/* The format's separator when all of its separators are the same, else 0. */
static uint8_t separator_of(const vl_scan *scan, size_t p, const number_format *format)
{
    uint8_t first = vl_byte(scan, p + format->separators[0]);
    return vl_byte(scan, p + format->separators[1]) == first ? first : 0;
}

static void match_three(vl_scan *scan, size_t p, uint64_t digits)
{
    if (fits(digits, &ssn)) {
        uint8_t separator = separator_of(scan, p, &ssn);
        if ((separator != '-' && separator != ' ' && separator != '.') || !vl_number_ends(scan, p + 11)) return;
        vl_try(scan, VL_ROW_SSN_GROUPED, p, p + 11);
    } else if (fits(digits, &nhs)) {
        uint8_t separator = separator_of(scan, p, &nhs);
        if ((separator == '-' || separator == ' ') && vl_number_ends(scan, p + 12) && !vl_phone_label_at(scan, p + 12))
            vl_try(scan, VL_ROW_NHS_GROUPED, p, p + 12);
    }
}

/* Four groups of four with dots, tabs or two spaces between them. */
static void match_even_card(vl_scan *scan, size_t p, uint8_t separator, unsigned gap)
{
    size_t end = p + 4;
    for (unsigned group = 1; group < 4; group++) {
        for (unsigned i = 0; i < gap; i++)
            if (vl_byte(scan, end + i) != separator) return;
        if ((vl_view_digit(scan, end + gap) & 31) != 15) return;
        end += gap + 4;
    }
    if (vl_number_ends(scan, end)) vl_emit(scan, VL_ROW_CARD_GROUPED, p, end);
}

/* Four digits, then groups of four with the last ones shorter, or the 4-6-5 and 4-6-4 of American Express and Diners. */
static void match_grouped_card(vl_scan *scan, size_t p, uint64_t digits)
{
    uint8_t separator = vl_byte(scan, p + 4);
    if (separator == '.' || separator == '\t') match_even_card(scan, p, separator, 1);
    if (separator != ' ' && separator != '-') return;
    size_t end = p + 4;
    unsigned second = vl_run(digits >> 5);
    if (second == 6) {
        unsigned third = vl_run(digits >> 12);
        if (vl_byte(scan, p + 11) != separator || third < 4 || third > 5) return;
        if (vl_number_ends(scan, p + 12 + third)) vl_try(scan, VL_ROW_CARD_GROUPED, p, p + 12 + third);
        return;
    }
    size_t ends[5];
    unsigned count = 0;
    unsigned last = 4;
    while (count < 4 && last == 4 && vl_byte(scan, end) == separator) {
        last = vl_run(vl_view_digit(scan, end + 1));
        if (last == 0 || last > 4) break;
        end += 1 + last;
        ends[count++] = end;
    }
    if (count == 4 && ends[3] - ends[2] == 5) count = 3; /* five groups of four are no card */
    for (; count >= 3; count--) {                        /* the longest that is one: digits may follow behind a space */
        uint32_t before = scan->count;
        if (vl_number_ends(scan, ends[count - 1])) vl_emit(scan, VL_ROW_CARD_GROUPED, p, ends[count - 1]);
        if (scan->count != before) return;
    }
}

static void match_four(vl_scan *scan, size_t p, uint64_t digits)
{
    if (fits(digits, &aadhaar)) {
        uint8_t separator = separator_of(scan, p, &aadhaar);
        if ((separator == ' ' || separator == '-' || separator == ':') && vl_number_ends(scan, p + 14))
            vl_try(scan, VL_ROW_AADHAAR, p, p + 14);
    }
    if (vl_on(scan, VL_ROW_CARD_GROUPED) && (digits >> 5 & 15) == 15) match_grouped_card(scan, p, digits);
    if (vl_on(scan, VL_ROW_CARD_GROUPED) && (digits >> 4 & 63) == 60) match_even_card(scan, p, ' ', 2);
}

static void match_nine(vl_scan *scan, size_t p)
{
    uint8_t first = scan->text[p];
    if (first == '9')
        vl_try(scan, VL_ROW_ITIN_PLAIN, p, p + 9);
    else
        vl_try(scan, VL_ROW_SSN_PLAIN, p, p + 9);
    if (first <= '3' || (first >= '6' && first <= '8')) vl_try(scan, VL_ROW_ABA_PLAIN, p, p + 9);
    vl_try(scan, VL_ROW_PASSPORT_DIGITS, p, p + 9);
}

/* A run of six digits or more that is a word of its own. */
static void match_plain(vl_scan *scan, size_t p, unsigned length)
{
    size_t end = p + length;
    if (length > 19 || !vl_number_ends(scan, end)) return;
    if (length >= 12) vl_try(scan, length == 17 || length == 18 ? VL_ROW_CARD_LONG : VL_ROW_CARD_PLAIN, p, end);
    if (length >= 8 && length <= 17) vl_try(scan, VL_ROW_US_BANK, p, end);
    if (length <= 14 || length == 16) vl_try(scan, VL_ROW_DL_DIGITS, p, end);
    if (length == 9) match_nine(scan, p);
    if (length == 10) vl_try(scan, VL_ROW_NHS_PLAIN, p, end);
    if (length == 10 || (length == 11 && scan->text[p] == '1')) vl_try(scan, VL_ROW_PHONE_PLAIN, p, end);
    if (length == 11) vl_try(scan, VL_ROW_PESEL, p, end);
    if (length == 12) vl_try(scan, VL_ROW_AADHAAR, p, end);
}

/* "PR 123612C", "PR 12 36 12 C": two letters, a space, and this number. */
static void match_spaced_nino(vl_scan *scan, size_t p)
{
    if (p < 3 || scan->text[p - 1] != ' ' || !vl_alpha_at(scan, p - 2) || !vl_alpha_at(scan, p - 3)) return;
    if (vl_word_before(scan, p - 3)) return;
    size_t at = p;
    for (unsigned i = 0; i < 6; i++) {
        if (i > 0 && i % 2 == 0 && vl_byte(scan, at) == ' ') at++;
        if (!vl_digit_at(scan, at)) return;
        at++;
    }
    if (vl_byte(scan, at) == ' ') at++;
    uint8_t suffix = vl_byte(scan, at) | 0x20;
    if (suffix >= 'a' && suffix <= 'd' && !vl_word_at(scan, at + 1)) vl_try(scan, VL_ROW_NINO, p - 3, at + 1);
}

/* Groups and plain numbers, by the length of the first group. */
static void match_groups(vl_scan *scan, size_t p, uint64_t digits, unsigned length)
{
    if (length >= 6) {
        match_plain(scan, p, length);
    } else if (length == 3) {
        match_three(scan, p, digits);
    } else if (length == 4) {
        match_four(scan, p, digits);
    } else if (length == 2) {
        match_spaced_nino(scan, p);
    }
}

/* A plus or a parenthesis stands before the number, or one group more or an extension behind it. */
static bool may_be_phone(const vl_scan *scan, size_t p, uint64_t digits, unsigned length)
{
    uint8_t before = p > 0 ? scan->text[p - 1] : 0;
    uint8_t next = vl_byte(scan, p + length);
    if (before == '+' || before == '(' || next == 'x' || next == ')') return true;
    return length <= 6 && (digits >> (length + 1) & 3) != 0;
}

void vl_match_number(vl_scan *scan, size_t p, bool continues)
{
    uint64_t digits = vl_view_digit(scan, p);
    unsigned length = vl_run(digits);
    uint8_t next = vl_byte(scan, p + length);
    if (vl_is_alpha((char)next) || next == '_') {
        vl_match_word_at(scan, p);
        if (length <= 2 && vl_on(scan, VL_ROW_DATE_MONTH)) (void)vl_match_joined_month(scan, p, length, 0);
        if (length == 8 && next == 'T' && !continues) vl_match_compact(scan, p);
        if (length == 6 || length == 2) match_spaced_nino(scan, p);
        return;
    }
    if (next == '.' && length <= 3 && vl_match_ipv4(scan, p)) return;
    if (continues) return;
    if ((length <= 2 || length == 4) && vl_match_date(scan, p, digits)) return;
    match_groups(scan, p, digits, length);
    if (may_be_phone(scan, p, digits, length)) vl_match_phone(scan, p);
}

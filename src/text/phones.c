/*
 * Telephone numbers written in groups. The groups are read once; the longest run of them that a numbering plan accepts is the
 * number. Groupings that only context can tell are asked for context first.
 */
#include <string.h>

#include "text/scan.h"

#define GROUPS          8u
#define PHONE_MAX_BYTES 40u
_Static_assert(PHONE_MAX_BYTES + 18 < 64, "one word of bits shows all groups");
#define COLUMN_GAP_MAX 4u
#define AREA_MAX       5u /* digits of an area code: more are the clock or a counter of a log's columns */

#define SUBSCRIBER_MIN 5u /* digits behind an area code and a slash */
#define SUBSCRIBER_MAX 8u

typedef struct phone_groups {
    size_t ends[GROUPS]; /* behind each group (and its closing parenthesis) */
    unsigned count;
    unsigned digits[GROUPS]; /* up to and with each group */
    unsigned opened;         /* groups before the first parenthesis between them */
} phone_groups;

/* Bytes of the separator at p when a digit follows it: - . / or a space, at most two with a parenthesis among them; or 0. */
static unsigned separator_length(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    if (c == '(') return vl_digit_at(scan, p + 1) ? 1 : 0;
    if (c != '-' && c != '.' && c != ' ') return 0;
    uint8_t next = vl_byte(scan, p + 1);
    if (vl_is_digit((char)next)) return 1;
    return next == '(' && vl_digit_at(scan, p + 2) ? 2 : 0;
}

static void read_groups(const vl_scan *scan, size_t p, phone_groups *groups)
{
    unsigned total = 0;
    uint64_t digits =
        vl_view_digit(scan, p); /* groups begin before PHONE_MAX_BYTES; none of more than 18 digits is taken */
    groups->count = 0;
    groups->opened = GROUPS;
    for (size_t at = p; groups->count < GROUPS && at - p < PHONE_MAX_BYTES;) {
        unsigned run = vl_run(digits >> (at - p));
        total += run;
        if (run == 0 || total > 18) return;
        at += run;
        bool is_closed = vl_byte(scan, at) == ')';
        at += is_closed;
        groups->ends[groups->count] = at;
        groups->digits[groups->count++] = total;
        unsigned gap = is_closed && vl_digit_at(scan, at) ? 0 : separator_length(scan, at);
        bool may_slash = is_closed || (p > 0 && scan->text[p - 1] == '+');
        if (may_slash && vl_byte(scan, at) == '/' && vl_digit_at(scan, at + 1)) gap = 1; /* "+49 89/1234567" */
        if (gap == 0 && !is_closed) return;
        bool is_opened = gap > 0 && scan->text[at + gap - 1] == '(';
        if (is_opened && groups->opened == GROUPS) groups->opened = groups->count;
        at += gap;
    }
}

/* Where the extension behind a number ends: "x12", " ext. 12"; p itself when there is none. */
static size_t extension_end(const vl_scan *scan, size_t p)
{
    size_t at = p + (vl_byte(scan, p) == ' ');
    uint8_t c = vl_byte(scan, at) | 0x20;
    if (c == 'x') {
        at++;
    } else if (c == 'e' && (vl_byte(scan, at + 1) | 0x20) == 'x' && (vl_byte(scan, at + 2) | 0x20) == 't') {
        at += 3;
        at += vl_byte(scan, at) == '.';
        at += vl_byte(scan, at) == ' ';
    } else {
        return p;
    }
    unsigned run = vl_run(vl_view_digit(scan, at));
    return run >= 1 && run <= 7 && !vl_word_at(scan, at + run) ? at + run : p;
}

static bool ends_well(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    bool is_short = !vl_is_digit((char)scan->text[p - 4]); /* "1 234,567" goes on, "555-0132,1" is a list */
    return vl_number_ends(scan, p) && !(c == '%' || (c == ',' && is_short && vl_digit_at(scan, p + 1)));
}

/* Start with what stands before the first digit: "+" or "(" or "+(" */
static size_t phone_start(const vl_scan *scan, size_t p)
{
    if (p > 0 && scan->text[p - 1] == '(') p--;
    if (p > 0 && scan->text[p - 1] == '+') p--;
    return p;
}

/* Numbers in columns: three digits or more and spaces stand before these groups, and nothing but spaces between them. */
static bool is_column(const vl_scan *scan, size_t start, size_t end)
{
    size_t at = start;
    while (at > 0 && start - at < COLUMN_GAP_MAX && scan->text[at - 1] == ' ')
        at--;
    if (at == start || at < 3) return false;
    for (size_t i = at - 3; i < at; i++)
        if (!vl_is_digit((char)scan->text[i])) return false;
    for (size_t i = start; i < end; i++)
        if (!vl_is_digit((char)scan->text[i]) && scan->text[i] != ' ') return false;
    return true;
}

static bool try_length(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    uint32_t before = scan->count;
    size_t extended = extension_end(scan, end);
    if (extended == end && !ends_well(scan, end)) return false;
    vl_emit(scan, row, start, extended);
    return scan->count != before;
}

/* Five digits or fewer, one byte, and a group that ends in a letter: nothing ends well but an extension ("x12"). */
static bool is_measure(const vl_scan *scan, size_t p)
{
    uint64_t digits = vl_view_digit(scan, p);
    unsigned first = vl_run(digits);
    if (first >= 6) return false; /* 64 digits would be shifted out whole, which C leaves undefined */
    unsigned second = vl_run(digits >> first >> 1);
    uint8_t c = vl_byte(scan, p + first + 1 + second);
    return second > 0 && second < 20 && vl_is_word(c) && (c | 0x20) != 'x' && (c | 0x20) != 'e';
}

/* Some run of groups with enough digits is over where it ends: "200 12345us" is no number whatever a plan says. */
static bool ends_somewhere(const vl_scan *scan, const phone_groups *groups)
{
    for (unsigned n = groups->count; n-- > 0 && groups->digits[n] >= 6;)
        if (ends_well(scan, groups->ends[n]) || extension_end(scan, groups->ends[n]) != groups->ends[n]) return true;
    return false;
}

/* Without a plus or a parenthesis a number is North American, or begins with a zero (see validators_phone.c): a look at the
 * groups tells most others. */
static bool may_be_planned(const vl_scan *scan, size_t p, const phone_groups *groups, unsigned n)
{
    unsigned digits = groups->digits[n];
    uint8_t first = scan->text[p];
    uint8_t second = vl_byte(scan, p + 1);
    if (groups->opened <= n) return true;
    if (first != '0') return digits == 10 || (digits == 11 && first == '1');
    return (digits >= 9 && digits <= 12) || (digits > 12 && (second <= '1' || second > '9'));
}

/* The longest run of groups that some plan accepts. */
static bool match_strong(vl_scan *scan, size_t p, size_t start, const phone_groups *groups)
{
    for (unsigned n = groups->count; n-- > 0 && groups->digits[n] >= 7;) {
        if (start == p && !may_be_planned(scan, p, groups, n)) continue;
        bool is_plain = n == 0 && start == p && extension_end(scan, groups->ends[0]) == groups->ends[0];
        if (!is_plain && try_length(scan, VL_ROW_PHONE, start, groups->ends[n])) return true;
    }
    return false;
}

bool vl_phone_label_at(const vl_scan *scan, size_t end)
{
    static const char labels[][7] = {"cell", "fax", "mobile", "office", "phone"};
    uint8_t joint = vl_byte(scan, end);
    char word[7] = {0};
    size_t length = 0;
    if ((joint != ' ' && joint != '-') || !vl_alpha_at(scan, end + 1)) return false;
    uint8_t first = scan->text[end + 1] | 0x20;
    if (first != 'c' && first != 'f' && first != 'm' && first != 'o' && first != 'p') return false;
    for (; length < sizeof word - 1 && vl_alpha_at(scan, end + 1 + length); length++)
        word[length] = vl_to_lower((char)scan->text[end + 1 + length]);
    size_t behind = end + 1 + length;
    /* a sentence that goes on ("2019 2020 office space") has another reading */
    if (vl_word_at(scan, behind) || (vl_byte(scan, behind) == ' ' && vl_word_at(scan, behind + 1))) return false;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (memcmp(word, labels[i], sizeof word) == 0) return true;
    return false;
}

/* "9885 1152-Office": the label is part of the form, and says as much as a numbering plan does. */
static bool match_labelled(vl_scan *scan, size_t start, const phone_groups *groups)
{
    size_t end = groups->ends[groups->count - 1];
    if (groups->count < 2 || !vl_phone_label_at(scan, end)) return false;
    if (vl_validate_phone_loose((const char *)scan->text + start, end - start) == VL_INVALID) return false;
    vl_emit_checked(scan, VL_ROW_PHONE, start, end, VL_UNKNOWN);
    return true;
}

/* Groups that context alone tells. */
static void match_weak(vl_scan *scan, size_t start, const phone_groups *groups)
{
    if (!vl_context_stands(scan, VL_ROW_PHONE_WEAK, start)) return;
    for (unsigned n = groups->count; n-- > 0 && groups->digits[n] >= 6;)
        if (try_length(scan, VL_ROW_PHONE_WEAK, start, groups->ends[n])) return;
}

/* Behind the slash of "089/1234567" and "089/123 45 67": the end of five to eight digits, or 0. */
static size_t subscriber_end(const vl_scan *scan, size_t p)
{
    unsigned total = vl_run(vl_view_digit(scan, p));
    size_t end = p + total;
    if (total >= SUBSCRIBER_MIN) return total <= SUBSCRIBER_MAX ? end : 0;
    while (total >= 2 && (vl_byte(scan, end) == ' ' || vl_byte(scan, end) == '-')) {
        unsigned run = vl_run(vl_view_digit(scan, end + 1));
        if (run < 2 || run > 4 || total + run > SUBSCRIBER_MAX) break;
        total += run;
        end += 1 + run;
    }
    return total >= SUBSCRIBER_MIN ? end : 0;
}

/* A slash behind the area code: of North America ("415/555-0132") or with a trunk zero ("030/901820"). No date begins with three
 * digits, and no fraction with a zero; parts of a path are left alone. */
static bool match_slashed(vl_scan *scan, size_t p)
{
    unsigned area = vl_run(vl_view_digit(scan, p));
    size_t end = 0;
    if (area < 3 || area > AREA_MAX || vl_byte(scan, p + area) != '/' || (p > 0 && scan->text[p - 1] == '/'))
        return false;
    if (scan->text[p] == '0') {
        bool is_code = scan->text[p + 1] != '0';
        end = is_code ? subscriber_end(scan, p + area + 1) : 0;
    } else if (area == 3 && (vl_view_digit(scan, p + 4) & 511) == 0xF7) {
        uint8_t joint = scan->text[p + 7];
        bool is_number = joint == '-' || joint == '.' || joint == ' ';
        is_number = is_number && vl_validate_phone((const char *)scan->text + p, 12) != VL_INVALID;
        end = is_number ? p + 12 : 0;
    }
    bool is_clock = vl_byte(scan, end) == ':'; /* "[0701/114930:WARNING", the day and time of some logs */
    if (end == 0 || is_clock || !ends_well(scan, end) || vl_byte(scan, end) == '/') return false;
    vl_emit_checked(scan, VL_ROW_PHONE, p, end, VL_UNKNOWN);
    return true;
}

/* Six digits or more stand from p on, in one group, or with something between that groups can have, no more than three bytes.
 * Else there is nothing to read. */
static inline bool has_six_digits(const vl_scan *scan, size_t p)
{
    uint64_t digits = vl_view_digit(scan, p);
    unsigned first = vl_run(digits);
    uint8_t c = vl_byte(scan, p + first);
    bool is_joint = c == ' ' || c == '-' || c == '.';
    if (first >= 6) return true;
    if (is_joint ? !vl_digit_at(scan, p + first + 1) && vl_byte(scan, p + first + 1) != '('
                 : c != '(' && c != ')' && c != '/')
        return false;
    uint64_t gaps = ~(digits | digits << 1 | digits << 2 | digits << 3);
    digits &= (gaps & -gaps) - 1;
    for (unsigned i = 1; i < 6; i++)
        digits &= digits - 1;
    return digits != 0;
}

static void match_groups(vl_scan *scan, size_t p, size_t start, const phone_groups *groups)
{
    bool is_single = groups->count == 1 && start == p;
    bool is_in_columns = is_column(scan, start, groups->ends[groups->count - 1]);
    bool may_be_strong = vl_on(scan, VL_ROW_PHONE) && !(is_in_columns && groups->digits[0] > AREA_MAX);
    if (may_be_strong && (match_strong(scan, p, start, groups) || match_labelled(scan, start, groups))) return;
    if (!is_single && vl_on(scan, VL_ROW_PHONE_WEAK) && !is_in_columns) match_weak(scan, start, groups);
}

void vl_match_phone(vl_scan *scan, size_t p)
{
    phone_groups groups;
    if (!has_six_digits(scan, p)) return;
    bool is_strong_on = vl_on(scan, VL_ROW_PHONE);
    size_t start = phone_start(scan, p);
    if (vl_word_before(scan, start) || (!is_strong_on && !vl_on(scan, VL_ROW_PHONE_WEAK)) || is_measure(scan, p))
        return;
    if (is_strong_on && start == p && match_slashed(scan, p)) return;
    read_groups(scan, p, &groups);
    if (groups.count == 0 || groups.digits[groups.count - 1] < 6 || !ends_somewhere(scan, &groups)) return;
    match_groups(scan, p, start, &groups);
}

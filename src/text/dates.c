/*
 * Dates and timestamps. The ISO form is what most lines of most logs begin with, so it is taken straight off the digit
 * bitmap and checked in place; the other forms go through the validator.
 */
#include <string.h>

#include "text/scan.h"

/* yyyy-mm-dd as bits of digits with the 0 behind it, hh:mm likewise. */
#define DATE_BITS 0x36Full
#define TIME_BITS 0x1Bull

static unsigned two_digits(const uint8_t *text)
{
    return (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
}

static bool is_iso_date(const uint8_t *t)
{
    unsigned year = two_digits(t) * 100 + two_digits(t + 2);
    return year >= 1000 && year < 3000 && vl_is_calendar_day(year, two_digits(t + 5), two_digits(t + 8));
}

/* Length of "Z", "+hh:mm" or "+hhmm" at p, 0 for none. UTC offsets end at 14 hours. */
static unsigned zone_length(const vl_scan *scan, size_t p)
{
    uint8_t sign = vl_byte(scan, p);
    if (sign == 'Z') return 1;
    if ((sign != '+' && sign != '-') || p + 5 > scan->size) return 0;
    unsigned gap = scan->text[p + 3] == ':';
    if (!vl_digit_at(scan, p + 1) || !vl_digit_at(scan, p + 2) || !vl_digit_at(scan, p + 3 + gap) ||
        !vl_digit_at(scan, p + 4 + gap))
        return 0;
    bool is_offset = two_digits(scan->text + p + 1) <= 14 && two_digits(scan->text + p + 3 + gap) <= 59;
    return is_offset ? 5 + gap : 0;
}

/* A clock time at p ("hh:mm", then what there is of ":ss", fraction and zone): where the longest one with a proper end ends,
 * or 0. `digits`: view at p. */
static size_t time_end(const vl_scan *scan, size_t p, uint64_t digits)
{
    const uint8_t *t = scan->text + p;
    if ((digits & 0x1F) != TIME_BITS || t[2] != ':') return 0;
    unsigned hour = two_digits(t);
    if (two_digits(t + 3) > 59 || hour > 24 || (hour == 24 && two_digits(t + 3) != 0)) return 0;
    if ((digits >> 5 & 1) != 0) return 0;
    size_t end = p + 5;
    if (vl_byte(scan, end) == ':' && (digits >> 6 & 7) == 3 && two_digits(t + 6) <= 60) end += 3;
    size_t short_end = end;
    uint8_t point = vl_byte(scan, end);
    if (end == p + 8 && (point == '.' || point == ',')) {
        unsigned fraction = vl_run(digits >> 9);
        if (fraction >= 1 && fraction <= 9) end += 1 + fraction;
    }
    unsigned zone = zone_length(scan, end);
    if (zone > 0 && vl_time_ends(scan, end + zone)) return end + zone;
    if (vl_time_ends(scan, end)) return end;
    return vl_time_ends(scan, short_end) ? short_end : 0;
}

/* " GMT", " CEST" at p: its end, or p. Most times have another word behind them, which one of three bytes tells. */
static size_t zone_name_end(const vl_scan *scan, size_t p)
{
    static const char zones[][5] = {"UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST",  "MDT",
                                    "PST", "PDT", "CET", "BST", "IST", "JST", "CEST", "AEST"};
    uint8_t third = vl_byte(scan, p + 3);
    if (third != 'T' && third != 'C' && third != 'S') return p;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        unsigned length = zones[i][3] == '\0' ? 3 : 4;
        if (scan->size - p <= length || memcmp(scan->text + p + 1, zones[i], length) != 0) continue;
        if (!vl_word_at(scan, p + 1 + length)) return p + 1 + length;
    }
    return p;
}

/* " -0600", " GMT" behind a time: their end, or p. */
static size_t zone_end(const vl_scan *scan, size_t p)
{
    if (vl_byte(scan, p) != ' ') return p;
    unsigned length = zone_length(scan, p + 1);
    if (length > 1 && vl_time_ends(scan, p + 1 + length)) return p + 1 + length;
    return zone_name_end(scan, p);
}

/* " am", "PM" at p: its end, or p. */
static size_t half_end(const vl_scan *scan, size_t p)
{
    size_t at = p + (vl_byte(scan, p) == ' ');
    uint8_t c = vl_byte(scan, at) | 0x20;
    bool is_half = (c == 'a' || c == 'p') && (vl_byte(scan, at + 1) | 0x20) == 'm' && !vl_word_at(scan, at + 2);
    return is_half ? at + 2 : p;
}

/* Behind a date: " 09:55:06 -0600", ":13:55:36 -0700", ", 10:00AM". */
size_t vl_clock_end(const vl_scan *scan, size_t p)
{
    size_t at = p + (vl_byte(scan, p) == ',' && vl_byte(scan, p + 1) == ' ');
    if ((vl_byte(scan, at) != ' ' && vl_byte(scan, at) != ':') || !vl_digit_at(scan, at + 1)) return p;
    at++;
    uint64_t digits = vl_view_digit(scan, at);
    size_t end = time_end(scan, at, digits);
    if (end != 0) {
        size_t zone = zone_end(scan, end);
        return zone != end ? zone : half_end(scan, end);
    }
    unsigned hour = vl_run(digits);
    if (hour < 1 || hour > 2 || vl_byte(scan, at + hour) != ':' || (digits >> (hour + 1) & 7) != 3) return p;
    size_t half = half_end(scan, at + hour + 3);
    return half > at + hour + 3 ? half : p;
}

static bool match_iso(vl_scan *scan, size_t p)
{
    const uint8_t *t = scan->text + p;
    uint8_t separator = t[4];
    if (t[7] != separator || (separator != '-' && separator != '/' && separator != '.')) return false;
    uint8_t joint = vl_byte(scan, p + 10);
    if (separator == '-' && (joint == ' ' || joint == 'T') && vl_on(scan, VL_ROW_DATE_ISO)) {
        size_t end = time_end(scan, p + 11, vl_view_digit(scan, p + 11));
        if (end != 0 && is_iso_date(t)) {
            vl_emit_checked(scan, VL_ROW_DATE_ISO, p, zone_end(scan, end), VL_UNKNOWN);
            scan->word_end = end; /* "18T09" is no word of its own */
            return true;
        }
    }
    if (!vl_on(scan, VL_ROW_DATE_NUMERIC) || !vl_number_ends(scan, p + 10) || !is_iso_date(t)) return false;
    vl_emit_checked(scan, VL_ROW_DATE_NUMERIC, p, p + 10, VL_UNKNOWN);
    return true;
}

static bool emit_date(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    uint32_t before = scan->count;
    vl_try(scan, row, start, end);
    return scan->count != before;
}

/* Dots and a year of two digits are a version's as well. One is taken for it where a name is glued to it: "lib.so.5.3.31",
 * "stack-7.11.40.jar", "image:10.3.15@sha256". */
static bool is_version(const vl_scan *scan, size_t start, size_t end)
{
    uint8_t before = start > 1 ? scan->text[start - 1] : 0;
    bool follows_name = (before == '.' || before == '-') && vl_word_before(scan, start - 1);
    uint8_t behind = vl_byte(scan, end);
    uint8_t next = vl_byte(scan, end + 1);
    return follows_name || behind == '@' || ((behind == '.' || behind == '-') && next >= 'a' && next <= 'z');
}

/* "05/21" */
static void match_short(vl_scan *scan, size_t p, size_t end)
{
    bool goes_on = vl_byte(scan, end) == '/' && vl_digit_at(scan, end + 1);
    if (!goes_on && vl_time_ends(scan, end)) vl_try(scan, VL_ROW_DATE_SHORT, p, end);
}

/* Groups a, b, c with one kind of separator, year first or last. */
static bool match_numeric(vl_scan *scan, size_t p, uint64_t digits, unsigned a)
{
    uint8_t separator = vl_byte(scan, p + a);
    if (separator != '/' && separator != '-' && separator != '.') return false;
    unsigned b = vl_run(digits >> (a + 1));
    if (b == 0 || b > 2) return false;
    size_t second = p + a + 1 + b;
    if (vl_byte(scan, second) != separator || !vl_digit_at(scan, second + 1)) {
        if (separator == '/' && a <= 2) match_short(scan, p, second);
        return false;
    }
    unsigned c = vl_run(digits >> (a + b + 2));
    size_t end = second + 1 + c;
    bool is_shape = a == 4 ? c == 1 || c == 2 : c == 2 || c == 4;
    if (!is_shape || !vl_number_ends(scan, end)) return false;
    if (separator == '.' && a <= 2 && c == 2 && is_version(scan, p, end)) return false;
    return emit_date(scan, VL_ROW_DATE_NUMERIC, p, end);
}

#define MONTH(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* What follows the first three letters of a month's full name; NULL for another word. */
static const char *month_rest(const uint8_t *word)
{
    switch (MONTH(word[0] | 0x20, word[1] | 0x20, word[2] | 0x20)) {
    case MONTH('j', 'a', 'n'):
        return "uary";
    case MONTH('f', 'e', 'b'):
        return "ruary";
    case MONTH('m', 'a', 'r'):
        return "ch";
    case MONTH('a', 'p', 'r'):
        return "il";
    case MONTH('m', 'a', 'y'):
        return "";
    case MONTH('j', 'u', 'n'):
        return "e";
    case MONTH('j', 'u', 'l'):
        return "y";
    case MONTH('a', 'u', 'g'):
        return "ust";
    case MONTH('s', 'e', 'p'):
        return "tember";
    case MONTH('o', 'c', 't'):
        return "ober";
    case MONTH('n', 'o', 'v'):
        return "ember";
    case MONTH('d', 'e', 'c'):
        return "ember";
    default:
        return NULL;
    }
}

static bool is_month(const uint8_t *word, size_t length)
{
    if (length < 3 || length > 9) return false;
    const char *rest = month_rest(word);
    if (rest == NULL || length == 3) return rest != NULL;
    if (length == 4 && rest[0] == 't' && (word[3] | 0x20) == 't') return true; /* Sept */
    if (strlen(rest) != length - 3) return false;
    for (size_t i = 3; i < length; i++)
        if ((word[i] | 0x20) != (uint8_t)rest[i - 3]) return false;
    return true;
}

/* A year of four digits, or of two behind a dash, at p: its end, or 0. */
static size_t year_end(const vl_scan *scan, size_t p, bool may_be_short)
{
    unsigned length = vl_run(vl_view_digit(scan, p));
    bool is_year = (length == 4 && (scan->text[p] == '1' || scan->text[p] == '2')) || (length == 2 && may_be_short);
    return is_year && vl_number_ends(scan, p + length) ? p + length : 0;
}

/* "5-MAY-2021", "5 May 2021", "5 May, 2021" */
static bool match_day_month(vl_scan *scan, size_t p, unsigned length)
{
    uint8_t separator = vl_byte(scan, p + length);
    size_t word = p + length + 1;
    if ((separator != '-' && separator != ' ') || !vl_alpha_at(scan, word)) return false;
    unsigned letters = vl_run(vl_view_alpha(scan, word));
    if (!is_month(scan->text + word, letters)) return false;
    size_t at = word + letters;
    if (separator == ' ' && vl_byte(scan, at) == ',') at++;
    if (vl_byte(scan, at) != separator) return false;
    size_t end = year_end(scan, at + 1, separator == '-');
    if (end == 0 || !vl_on(scan, VL_ROW_DATE_MONTH)) return false;
    if (vl_validate_date_time((const char *)scan->text + p, end - p) == VL_INVALID) return false;
    vl_emit_checked(scan, VL_ROW_DATE_MONTH, vl_weekday_start(scan, p), vl_clock_end(scan, end), VL_UNKNOWN);
    return true;
}

/* Behind "May 5": ", 2021", " 2021", " 06:55:46", " 04:47:44 2005". */
static size_t month_day_end(const vl_scan *scan, size_t p)
{
    size_t at = p + (vl_byte(scan, p) == ',');
    if (vl_byte(scan, at) != ' ' || !vl_digit_at(scan, at + 1)) return 0;
    size_t end = year_end(scan, at + 1, false);
    if (end != 0 || at != p) return end;
    end = time_end(scan, at + 1, vl_view_digit(scan, at + 1));
    if (end == 0 || vl_byte(scan, end) != ' ' || !vl_digit_at(scan, end + 1)) return end;
    size_t year = year_end(scan, end + 1, false);
    return year != 0 ? year : end;
}

/* A month name stands before the number at p: "May-2021", "May 2021", "May 5, 2021", "Jul  1 09:00:55". */
static bool match_month_first(vl_scan *scan, size_t p, unsigned length)
{
    if (p < 4) return false;
    uint8_t separator = scan->text[p - 1];
    if (separator != ' ' && separator != '-') return false;
    size_t word_end = p - 1;
    if (separator == ' ' && ((length == 1 && scan->text[p - 2] == ' ') || scan->text[p - 2] == '.')) word_end--;
    uint64_t behind = vl_behind_alpha(scan, word_end);
    unsigned letters = ~behind == 0 ? 64 : (unsigned)__builtin_clzll(~behind);
    if (letters < 3 || letters > 9) return false;
    size_t word = word_end - letters;
    if (vl_word_before(scan, word) || !is_month(scan->text + word, letters)) return false;
    size_t end = length == 4 ? year_end(scan, p, false) : separator == ' ' ? month_day_end(scan, p + length) : 0;
    if (end == 0 || vl_validate_date_time((const char *)scan->text + word, end - word) == VL_INVALID) return false;
    if (vl_on(scan, VL_ROW_DATE_MONTH))
        vl_emit_checked(scan, VL_ROW_DATE_MONTH, vl_weekday_start(scan, word), vl_clock_end(scan, end), VL_UNKNOWN);
    return vl_on(scan, VL_ROW_DATE_MONTH);
}

bool vl_match_date(vl_scan *scan, size_t p, uint64_t digits)
{
    if ((digits & 0x7FF) == DATE_BITS && match_iso(scan, p)) return true; /* or "March 12th, 2021 10:15:30" */
    unsigned length = vl_run(digits);
    if (match_numeric(scan, p, digits, length)) return true;
    if (length == 4 && vl_on(scan, VL_ROW_DATE_MONTH) && vl_match_year(scan, p)) return true;
    if (match_month_first(scan, p, length)) return true;
    if (length <= 2 && vl_on(scan, VL_ROW_DATE_MONTH) && vl_match_joined_month(scan, p, length, '/')) return true;
    return length <= 2 && match_day_month(scan, p, length);
}

void vl_match_compact(vl_scan *scan, size_t p)
{
    if ((vl_view_digit(scan, p + 9) & 127) != 63) return;
    size_t end = p + 15 + (vl_byte(scan, p + 15) == 'Z');
    if (vl_time_ends(scan, end)) vl_try(scan, VL_ROW_DATE_ISO, p, end);
}

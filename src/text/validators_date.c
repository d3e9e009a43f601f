/*
 * Dates and times: a candidate is refused when no reading of it is in the calendar (Gregorian) or on the clock. Numeric dates
 * may be day first or month first; either reading will do. A date has no checksum, so a good one keeps the pattern's score.
 */
#include <string.h>

#include "text/chars.h"
#include "text/validators.h"

#define MAX_NUMBERS 4u

/* A number of the date part: its value, how many digits it was written with, and the byte behind it. */
typedef struct date_number {
    unsigned value;
    unsigned digits;
    char after;
} date_number;

typedef struct date_parts {
    date_number numbers[MAX_NUMBERS];
    unsigned number_count;
    unsigned month; /* written as a word, or 0 */
    bool has_time;
} date_parts;

/* A place in the text. */
typedef struct date_cursor {
    const char *text;
    size_t size;
    size_t at;
} date_cursor;

static char peek(const date_cursor *cursor, size_t ahead)
{
    return cursor->at + ahead < cursor->size ? cursor->text[cursor->at + ahead] : '\0';
}

static bool read_digits(date_cursor *cursor, date_number *out)
{
    *out = (date_number){0, 0, '\0'};
    for (; vl_is_digit(peek(cursor, 0)); cursor->at++) {
        if (++out->digits > 8) return false;
        out->value = out->value * 10 + (unsigned)(peek(cursor, 0) - '0');
    }
    out->after = peek(cursor, 0);
    return out->digits > 0;
}

/* ":MM" or ":SS"; true when it is not there, false when it is out of range. */
static bool read_sixty(date_cursor *cursor, unsigned max)
{
    date_number number;
    if (peek(cursor, 0) != ':') return true;
    cursor->at++;
    return read_digits(cursor, &number) && number.digits == 2 && number.value <= max;
}

/* Fraction of a second: '.' or ',' and digits (ISO 8601 allows both). */
static void skip_fraction(date_cursor *cursor)
{
    bool is_fraction = (peek(cursor, 0) == '.' || peek(cursor, 0) == ',') && vl_is_digit(peek(cursor, 1));
    if (!is_fraction) return;
    for (cursor->at++; vl_is_digit(peek(cursor, 0)); cursor->at++) {
    }
}

/* Offset from UTC behind a time, a space before it or none: +HH, +HHMM, +HH:MM up to 14 hours (line islands), or a minus sign. */
static bool read_zone(date_cursor *cursor)
{
    date_number number;
    bool is_apart = peek(cursor, 0) == ' ' && (peek(cursor, 1) == '+' || peek(cursor, 1) == '-');
    if (is_apart && vl_is_digit(peek(cursor, 2)) && vl_is_digit(peek(cursor, 3))) cursor->at++;
    if (peek(cursor, 0) != '+' && peek(cursor, 0) != '-') return true;
    if (!vl_is_digit(peek(cursor, 1))) return true;
    cursor->at++;
    if (!read_digits(cursor, &number)) return false;
    if (number.digits == 4) return number.value % 100 < 60 && number.value / 100 <= 14;
    return number.digits == 2 && number.value <= 14 && read_sixty(cursor, 59);
}

/* The rest of a time whose hour was just read: ":MM[:SS[.fff]][zone]". 24:00 ends a day (ISO 8601), 60 is a leap second. */
static bool read_time(date_cursor *cursor, const date_number *hour)
{
    size_t minute = cursor->at;
    if (hour->digits > 2 || hour->value > 24) return false;
    if (!read_sixty(cursor, 59)) return false;
    if (hour->value == 24 && (cursor->text[minute + 1] != '0' || cursor->text[minute + 2] != '0')) return false;
    if (!read_sixty(cursor, 60)) return false;
    skip_fraction(cursor);
    return read_zone(cursor);
}

/* Month by its English name, in full or by its first three letters; 0 for another word. */
static unsigned month_of(const char *word, size_t length)
{
    static const char names[12][10] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
    if (length < 3 || length > 9) return 0;
    char lower[9];
    for (size_t i = 0; i < length; i++)
        lower[i] = vl_to_lower(word[i]);
    if (length == 4 && memcmp(lower, "sept", 4) == 0) return 9;
    for (unsigned month = 0; month < 12; month++) {
        bool is_name = memcmp(lower, names[month], length) == 0 && (length == 3 || names[month][length] == '\0');
        if (is_name) return month + 1;
    }
    return 0;
}

static bool read_word(date_cursor *cursor, date_parts *parts)
{
    size_t start = cursor->at;
    while (vl_is_alpha(peek(cursor, 0)))
        cursor->at++;
    unsigned month = month_of(cursor->text + start, cursor->at - start);
    if (month == 0) return true; /* a weekday, "at", "T", "pm", "th": nothing to check */
    if (parts->month != 0) return false;
    parts->month = month;
    return true;
}

static bool is_hour_alone(const date_cursor *cursor)
{
    size_t skip = peek(cursor, 0) == ' ' ? 1 : 0;
    char letter = (char)(peek(cursor, skip) | 0x20);
    return (letter == 'a' || letter == 'p') && (char)(peek(cursor, skip + 1) | 0x20) == 'm' &&
           !vl_is_alpha(peek(cursor, skip + 2));
}

static bool read_number(date_cursor *cursor, date_parts *parts)
{
    date_number number;
    if (!read_digits(cursor, &number)) return false;
    if (number.after == ':') {
        parts->has_time = true;
        return read_time(cursor, &number);
    }
    if (number.digits <= 2 && is_hour_alone(cursor)) { /* "5 pm" */
        parts->has_time = true;
        return number.value >= 1 && number.value <= 12;
    }
    if (parts->number_count == MAX_NUMBERS) return false;
    parts->numbers[parts->number_count++] = number;
    return true;
}

static bool read_parts(date_cursor *cursor, date_parts *parts)
{
    while (cursor->at < cursor->size) {
        char c = peek(cursor, 0);
        if (vl_is_digit(c)) {
            if (!read_number(cursor, parts)) return false;
        } else if (vl_is_alpha(c)) {
            if (!read_word(cursor, parts)) return false;
        } else {
            cursor->at++;
        }
    }
    return true;
}

/* A year with two digits is taken to be one of 1950 to 2049; only February 29 depends on it. */
static bool is_year(const date_number *number, unsigned *year)
{
    *year = number->digits == 2 ? (number->value < 50 ? 2000 : 1900) + number->value : number->value;
    return number->digits == 2 || (number->digits == 4 && number->value >= 1000 && number->value < 3000);
}

static bool is_day(unsigned year, unsigned month, const date_number *day)
{
    return day->digits <= 2 && vl_is_calendar_day(year, month, day->value);
}

/* Compact ISO 8601: YYYYMMDD, and HHMM or HHMMSS behind it. */
static bool check_compact(const date_parts *parts)
{
    const date_number *date = &parts->numbers[0];
    if (date->digits != 8) return false;
    unsigned year = date->value / 10000;
    if (year < 1000 || year >= 3000 || !vl_is_calendar_day(year, date->value / 100 % 100, date->value % 100))
        return false;
    if (parts->number_count == 1) return true;
    const date_number *time = &parts->numbers[1];
    unsigned minutes = time->digits == 6 ? time->value / 100 : time->value;
    bool is_clock = minutes / 100 <= 23 && minutes % 100 <= 59;
    return is_clock && (time->digits == 4 || (time->digits == 6 && time->value % 100 <= 60));
}

/* One number: a whole date, or a year when nothing else speaks. */
static bool check_one(const date_parts *parts)
{
    unsigned year;
    if (parts->numbers[0].digits == 8) return check_compact(parts);
    return parts->has_time || (parts->numbers[0].digits == 4 && is_year(&parts->numbers[0], &year));
}

/* Two numbers: month and day in either order, or month and year in either order. */
static bool check_two(const date_parts *parts)
{
    const date_number *a = &parts->numbers[0];
    const date_number *b = &parts->numbers[1];
    unsigned year;
    if (a->digits == 8) return check_compact(parts);
    if (a->digits == 4) return is_year(a, &year) && b->digits <= 2 && b->value >= 1 && b->value <= 12;
    if (b->digits == 4) return is_year(b, &year) && a->digits <= 2 && a->value >= 1 && a->value <= 12;
    return (a->value <= 12 && is_day(2000, a->value, b)) || (b->value <= 12 && is_day(2000, b->value, a));
}

/* Three numbers with one kind of separator: year first, or year last with day and month in either order. */
static bool check_three(const date_parts *parts)
{
    const date_number *n = parts->numbers;
    unsigned year;
    if (n[0].after != n[1].after) return false;
    if (n[0].digits == 4) return is_year(&n[0], &year) && n[1].digits <= 2 && is_day(year, n[1].value, &n[2]);
    if (!is_year(&n[2], &year)) return false;
    if (n[0].digits > 2 || n[1].digits > 2) return false;
    if (is_day(year, n[1].value, &n[0])) return true;
    /* Dots go with the day first; "7.21.40" is a version. */
    bool is_short_dotted = n[0].after == '.' && n[2].digits == 2;
    return !is_short_dotted && is_day(year, n[0].value, &n[1]);
}

/* A month by name with up to two numbers: day, year, or both in either order. */
static bool check_named(const date_parts *parts)
{
    const date_number *n = parts->numbers;
    unsigned year;
    if (parts->number_count == 0) return true;
    if (parts->number_count == 1) {
        bool is_day_number = n[0].digits <= 2 && n[0].value <= 31; /* no month of a year '30 */
        return is_day_number ? is_day(2000, parts->month, &n[0]) : is_year(&n[0], &year);
    }
    if (parts->number_count > 2) return false;
    if (n[0].digits == 4) return is_year(&n[0], &year) && is_day(year, parts->month, &n[1]);
    return is_year(&n[1], &year) && is_day(year, parts->month, &n[0]);
}

vl_validity vl_validate_date_time(const char *text, size_t size_bytes)
{
    date_parts parts = {.number_count = 0};
    date_cursor cursor = {text, size_bytes, 0};
    if (size_bytes == 0 || !read_parts(&cursor, &parts)) return VL_INVALID;
    bool is_good;
    if (parts.month != 0) {
        is_good = check_named(&parts);
    } else if (parts.number_count == 0) {
        is_good = true;
    } else if (parts.number_count == 1) {
        is_good = check_one(&parts);
    } else if (parts.number_count == 2) {
        is_good = check_two(&parts);
    } else {
        is_good = parts.number_count == 3 && check_three(&parts);
    }
    return is_good ? VL_UNKNOWN : VL_INVALID;
}

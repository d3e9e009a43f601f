/*
 * DATE_SHIFT. A date is taken apart into fields (year, month, day, weekday) and what stands between them, which is copied;
 * the fields are written again as they were: as wide, as a name of the same language, length and case, with the ordinal that
 * belongs to the new day. Times of day and zones stay: a shift is whole days.
 *
 * Two numbers that could be either day or month are read month first with '/', day first with '.' and '-'. A date without a year
 * moves through years of 365 days, one without a day as the 15th. What holds a word that is not understood, or no date at all,
 * is refused: the placeholder goes there.
 *
 * The shift is the same for all dates of a subject: HMAC under the key of this operator, so intervals between a subject's dates
 * survive, and nothing tells how far they moved.
 */
#include "text/dates_shift.h"

#include <string.h>

#include "text/chars.h"
#include "text/ciphers.h"

#define FIELDS_MAX 6u

typedef enum field_kind { FIELD_NUMBER, FIELD_MONTH, FIELD_WEEKDAY, FIELD_ORDINAL } field_kind;
typedef enum field_role { ROLE_NONE, ROLE_YEAR, ROLE_MONTH, ROLE_DAY, ROLE_COMPACT } field_role;

typedef struct field {
    field_kind kind;
    field_role role;
    size_t start;
    size_t size;
    unsigned value; /* number or month */
    vl_month_style style;
} field;

typedef struct date {
    const char *text;
    size_t size;
    size_t at;
    unsigned hint; /* VL_MONTHS_* */
    field fields[FIELDS_MAX];
    unsigned count;
    bool has_time;
    int32_t year;
    unsigned month;
    unsigned day;
} date;

static char peek(const date *d, size_t ahead)
{
    return d->at + ahead < d->size ? d->text[d->at + ahead] : '\0';
}

static bool is_letter(char c)
{
    return vl_is_alpha(c) || (c & 0x80) != 0;
}

static field *add_field(date *d, field_kind kind, size_t size, unsigned value)
{
    if (d->count == FIELDS_MAX) return NULL;
    field *f = &d->fields[d->count++];
    *f = (field){.kind = kind, .start = d->at, .size = size, .value = value};
    d->at += size;
    return f;
}

/* "+02:00", "-0700", with or without a space before it. */
static void skip_zone(date *d)
{
    size_t gap = peek(d, 0) == ' ';
    char sign = peek(d, gap);
    if ((sign != '+' && sign != '-') || !vl_is_digit(peek(d, gap + 1)) || !vl_is_digit(peek(d, gap + 2))) return;
    size_t colon = peek(d, gap + 3) == ':';
    bool has_minutes = vl_is_digit(peek(d, gap + 3 + colon)) && vl_is_digit(peek(d, gap + 4 + colon));
    d->at += gap + 3 + (has_minutes ? colon + 2 : 0);
}

/* "9:30", "09:55:06.123", at an hour of `digits` digits. */
static void skip_time(date *d, size_t digits)
{
    d->has_time = true;
    d->at += digits;
    while (peek(d, 0) == ':' && vl_is_digit(peek(d, 1)) && vl_is_digit(peek(d, 2)))
        d->at += 3;
    if ((peek(d, 0) == '.' || peek(d, 0) == ',') && vl_is_digit(peek(d, 1)))
        for (d->at++; vl_is_digit(peek(d, 0)); d->at++) {
        }
    skip_zone(d);
}

static bool is_hour_alone(const date *d, size_t digits)
{
    size_t skip = digits + (peek(d, digits) == ' ');
    char half = (char)(peek(d, skip) | 0x20);
    return (half == 'a' || half == 'p') && (peek(d, skip + 1) | 0x20) == 'm' && !is_letter(peek(d, skip + 2));
}

static bool read_number(date *d)
{
    size_t digits = 0;
    unsigned value = 0;
    for (; vl_is_digit(peek(d, digits)); digits++) {
        if (digits == 8) return false;
        value = value * 10 + (unsigned)(peek(d, digits) - '0');
    }
    bool is_time = digits <= 2 && peek(d, digits) == ':' && vl_is_digit(peek(d, digits + 1));
    if (is_time || (digits <= 2 && is_hour_alone(d, digits))) {
        skip_time(d, digits);
        return true;
    }
    bool follows_compact = d->count == 1 && d->fields[0].size == 8 && d->at > 0 && (d->text[d->at - 1] | 0x20) == 't';
    if (follows_compact && (digits == 4 || digits == 6)) { /* 20210521T0930 */
        skip_time(d, digits);
        return true;
    }
    if (digits != 8 && digits != 4 && digits > 2) return false;
    return add_field(d, FIELD_NUMBER, digits, value) != NULL;
}

static bool is_word(const char *word, size_t size, const char *list)
{
    for (const char *at = list; *at != '\0';) {
        size_t length = strcspn(at, " ");
        bool is_same = length == size;
        for (size_t i = 0; i < size && is_same; i++)
            is_same = vl_to_lower(word[i]) == at[i];
        if (is_same) return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

static bool read_weekday(date *d, size_t size)
{
    for (unsigned i = 0; i < 7; i++) {
        char first[4] = {0};
        memcpy(first, weekdays[i], 3);
        if (is_word(d->text + d->at, size, weekdays[i]) || is_word(d->text + d->at, size, first))
            return add_field(d, FIELD_WEEKDAY, size, i) != NULL;
    }
    return false;
}

static bool read_word(date *d)
{
    static const char joints[] = "t z of de del the at on um uhr h am pm a p m las utc gmt est edt cst cdt mst mdt pst "
                                 "pdt cet cest bst \xC2\xBA";
    const char *word = d->text + d->at;
    size_t size = 0;
    vl_month_style style;
    while (is_letter(peek(d, size)))
        size++;
    bool follows_number = d->count > 0 && d->fields[d->count - 1].kind == FIELD_NUMBER &&
                          d->fields[d->count - 1].start + d->fields[d->count - 1].size == d->at;
    unsigned month = vl_month_read(word, size, d->hint, &style);
    if (month != 0) {
        field *f = add_field(d, FIELD_MONTH, size, month);
        if (f != NULL) f->style = style;
        return f != NULL;
    }
    if (follows_number && is_word(word, size, "st nd rd th er")) return add_field(d, FIELD_ORDINAL, size, 0) != NULL;
    if (read_weekday(d, size)) return true;
    if (!is_word(word, size, joints)) return false;
    d->at += size;
    return true;
}

/* Languages share names of months: "de" tells Spanish, "12. " German. */
static unsigned language_hint(const char *text, size_t size)
{
    for (size_t i = 0; i + 3 < size; i++) {
        if (text[i] == ' ' && (text[i + 1] | 0x20) == 'd' && (text[i + 2] | 0x20) == 'e' &&
            (text[i + 3] == ' ' || text[i + 3] == 'l'))
            return VL_MONTHS_SPANISH;
        if (vl_is_digit(text[i]) && text[i + 1] == '.' && text[i + 2] == ' ' && is_letter(text[i + 3]))
            return VL_MONTHS_GERMAN;
    }
    return VL_MONTHS_ANY;
}

static bool read_fields(date *d)
{
    d->hint = language_hint(d->text, d->size);
    while (d->at < d->size) {
        char c = peek(d, 0);
        bool is_good = true;
        if (vl_is_digit(c))
            is_good = read_number(d);
        else if (is_letter(c))
            is_good = read_word(d);
        else
            d->at++;
        if (!is_good) return false;
    }
    return true;
}

static int32_t full_year(const field *f)
{
    if (f->size == 4) return (int32_t)f->value;
    return (int32_t)(f->value < 50 ? 2000 + f->value : 1900 + f->value);
}

/* Give the numbers their roles: `roles` from the left. */
static void assign(field *const *numbers, unsigned count, const field_role *roles)
{
    for (unsigned i = 0; i < count; i++)
        numbers[i]->role = roles[i];
}

static bool assign_named(field *const *numbers, unsigned count)
{
    if (count == 1) {
        numbers[0]->role = numbers[0]->size == 4 ? ROLE_YEAR : ROLE_DAY;
        return numbers[0]->size != 8;
    }
    if (count != 2 || numbers[0]->size == 8 || numbers[1]->size == 8) return false;
    bool year_first = numbers[0]->size == 4;
    numbers[!year_first]->role = ROLE_YEAR;
    numbers[year_first]->role = ROLE_DAY;
    return numbers[year_first]->size <= 2;
}

static bool assign_numeric(const date *d, field *const *numbers, unsigned count)
{
    static const field_role ymd[3] = {ROLE_YEAR, ROLE_MONTH, ROLE_DAY};
    static const field_role dmy[3] = {ROLE_DAY, ROLE_MONTH, ROLE_YEAR};
    static const field_role mdy[3] = {ROLE_MONTH, ROLE_DAY, ROLE_YEAR};
    if (count == 1) {
        numbers[0]->role = ROLE_COMPACT;
        return numbers[0]->size == 8;
    }
    if (count != 2 && count != 3) return false;
    for (unsigned i = 0; i < count; i++)
        if (numbers[i]->size == 8) return false;
    if (numbers[0]->size == 4) {
        assign(numbers, count, ymd);
        return true;
    }
    if (count == 2 && numbers[1]->size == 4) {
        assign(numbers, count, dmy + 1);
        return true;
    }
    if (numbers[1]->size > 2 || (count == 2 && numbers[1]->value > 31)) return false;
    char separator = d->text[numbers[0]->start + numbers[0]->size];
    bool day_first = numbers[0]->value > 12 || (numbers[1]->value <= 12 && separator != '/');
    assign(numbers, count, day_first ? dmy : mdy);
    return true;
}

static bool assign_roles(date *d)
{
    field *numbers[FIELDS_MAX];
    unsigned count = 0;
    unsigned months = 0;
    for (unsigned i = 0; i < d->count; i++) {
        if (d->fields[i].kind == FIELD_NUMBER) numbers[count++] = &d->fields[i];
        if (d->fields[i].kind == FIELD_MONTH) {
            d->fields[i].role = ROLE_MONTH;
            months++;
        }
    }
    if (count == 0 || months > 1) return false;
    return months == 1 ? assign_named(numbers, count) : assign_numeric(d, numbers, count);
}

/* The date itself. What was not written: a year of 365 days, the middle of a month. */
static bool read_date(date *d)
{
    bool has_year = false;
    d->month = 0;
    d->day = 15;
    for (unsigned i = 0; i < d->count; i++) {
        const field *f = &d->fields[i];
        if (f->role == ROLE_YEAR) {
            d->year = full_year(f);
            has_year = true;
        } else if (f->role == ROLE_MONTH) {
            d->month = f->value;
        } else if (f->role == ROLE_DAY) {
            d->day = f->value;
        } else if (f->role == ROLE_COMPACT) {
            d->year = (int32_t)(f->value / 10000);
            d->month = f->value / 100 % 100;
            d->day = f->value % 100;
            has_year = true;
        }
    }
    if (!has_year) d->year = d->month == 2 && d->day == 29 ? 2004 : 2001;
    return d->month != 0 && d->year >= 1000 && vl_is_calendar_day((unsigned)d->year, d->month, d->day);
}

/* Days since 1970-01-01 and back (proleptic Gregorian). Years begin with March, so that the leap day comes last. */
static int32_t day_number(int32_t year, unsigned month, unsigned day)
{
    int32_t y = year - (month <= 2);
    int32_t m = (int32_t)month + (month > 2 ? -3 : 9);
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + (int32_t)day - 1 - 719468;
}

static void set_day_number(date *d, int32_t number)
{
    int32_t z = number + 719468;
    int32_t era = z / 146097;
    int32_t of_era = z - era * 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int32_t m = (5 * of_year + 2) / 153;
    d->day = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
    d->month = (unsigned)(m < 10 ? m + 3 : m - 9);
    d->year = era * 400 + year + (d->month <= 2);
}

typedef struct writer {
    char *out;
    size_t size;
} writer;

static void put(writer *w, const char *text, size_t size)
{
    memcpy(w->out + w->size, text, size);
    w->size += size;
}

static void put_number(writer *w, unsigned value, unsigned width, char padding)
{
    char digits[10];
    unsigned count = 0;
    for (; value > 0 || count == 0; value /= 10)
        digits[count++] = (char)('0' + value % 10);
    while (count < width)
        digits[count++] = padding;
    while (count > 0)
        w->out[w->size++] = digits[--count];
}

/* In the case of what stood there: "MAY", "May", "may". */
static void put_name(writer *w, const char *name, const char *old, size_t old_size)
{
    bool is_capital = old[0] >= 'A' && old[0] <= 'Z';
    bool is_all = is_capital;
    for (size_t i = 1; i < old_size; i++)
        is_all = is_all && !(old[i] >= 'a' && old[i] <= 'z');
    for (size_t i = 0; name[i] != '\0'; i++) {
        bool is_upper = is_all || (is_capital && i == 0);
        bool is_accent = (name[i] & 0x80) != 0 && i > 0 && (name[i - 1] & 0x80) != 0;
        char c = is_upper ? vl_to_upper(name[i]) : name[i];
        w->out[w->size++] = is_upper && is_accent ? (char)(c & ~0x20) : c; /* U+00E0 to U+00FE */
    }
}

static void put_ordinal(writer *w, const date *d, const field *f)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    const char *old = d->text + f->start;
    bool is_teen = d->day >= 11 && d->day <= 13;
    const char *ending = is_teen || d->day % 10 > 3 ? endings[0] : endings[d->day % 10];
    if ((old[0] | 0x20) == 'e') { /* French: only the first has one */
        if (d->day == 1) put(w, old, f->size);
        return;
    }
    bool is_upper = old[0] >= 'A' && old[0] <= 'Z';
    w->out[w->size++] = is_upper ? vl_to_upper(ending[0]) : ending[0];
    w->out[w->size++] = is_upper ? vl_to_upper(ending[1]) : ending[1];
}

/* Numbers of days and months are padded unless one of the old ones shows that they are not; "2nd" never is. */
static unsigned padded_width(const date *d)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->fields[i].kind == FIELD_ORDINAL) return 1;
    for (unsigned i = 0; i < d->count; i++)
        if ((d->fields[i].role == ROLE_DAY || d->fields[i].role == ROLE_MONTH) && d->fields[i].kind == FIELD_NUMBER &&
            d->fields[i].size == 1)
            return 1;
    return 2;
}

/* "Jul  1 09:00:55", as syslog writes it: a day is padded with a space. */
static bool pads_with_space(const date *d, const field *f)
{
    bool is_behind_month = f > d->fields && f[-1].kind == FIELD_MONTH && d->text[f[-1].start + f[-1].size] == ' ';
    return is_behind_month && d->has_time && d->text[f->start - 1] == ' ' && d->text[f->start + f->size] != ',';
}

static void put_day(writer *w, const date *d, const field *f)
{
    if (!pads_with_space(d, f)) {
        put_number(w, d->day, padded_width(d), '0');
        return;
    }
    if (f->size == 1 && w->size > 1 && w->out[w->size - 2] == ' ') w->size--;
    put_number(w, d->day, 2, d->text[f->start] == '0' ? '0' : ' ');
}

static void put_field(writer *w, const date *d, const field *f, const char *const *names)
{
    switch (f->kind) {
    case FIELD_ORDINAL:
        put_ordinal(w, d, f);
        return;
    case FIELD_WEEKDAY: {
        char name[10] = {0};
        const char *full = names[(unsigned)(day_number(d->year, d->month, d->day) + 3 + 7 * 700000) % 7];
        memcpy(name, full, f->size == 3 ? 3 : strlen(full));
        put_name(w, name, d->text + f->start, f->size);
        return;
    }
    case FIELD_MONTH: {
        vl_month_style style = f->style;
        char before = f->start > 0 ? d->text[f->start - 1] : ' ';
        char after = f->start + f->size < d->size ? d->text[f->start + f->size] : ' ';
        bool is_either = f->value == 5 && f->size == 3; /* "May" is its own abbreviation */
        if (is_either &&
            (before == '-' || before == '/' || after == '-' || after == '/' || after == '.' || vl_is_digit(before)))
            style.is_short = true;
        put_name(w, vl_month_write(d->month, style), d->text + f->start, f->size);
        return;
    }
    default:
        break;
    }
    if (f->role == ROLE_YEAR)
        put_number(w, f->size == 2 ? (unsigned)d->year % 100 : (unsigned)d->year, (unsigned)f->size, '0');
    else if (f->role == ROLE_COMPACT)
        put_number(w, (unsigned)d->year * 10000 + d->month * 100 + d->day, 8, '0');
    else if (f->role == ROLE_DAY)
        put_day(w, d, f);
    else
        put_number(w, d->month, padded_width(d), '0');
}

bool vl_date_shift_text(const char *text, size_t size, int32_t days, char out[2 * VL_DATE_MAX_BYTES], size_t *out_bytes)
{
    date d = {.text = text, .size = size};
    *out_bytes = 0;
    if (size == 0 || size > VL_DATE_MAX_BYTES) return false;
    if (!read_fields(&d) || !assign_roles(&d) || !read_date(&d)) return false;
    int32_t number = day_number(d.year, d.month, d.day) + days;
    if (number < day_number(1000, 1, 1) || number > day_number(9999, 12, 31)) return false;
    set_day_number(&d, number);
    writer w = {out, 0};
    size_t copied = 0;
    for (unsigned i = 0; i < d.count; i++) {
        put(&w, text + copied, d.fields[i].start - copied);
        put_field(&w, &d, &d.fields[i], weekdays);
        copied = d.fields[i].start + d.fields[i].size;
    }
    put(&w, text + copied, size - copied);
    *out_bytes = w.size;
    return w.size != size || memcmp(out, text, size) != 0;
}

/* Days from the subject: 1 to `most`, forth or back. */
static veil_status shift_of(vl_ciphers *c, const char *subject, unsigned most, int32_t *days)
{
    uint8_t digest[32];
    uint64_t number = 0;
    veil_status status = vl_hmac_run(c->shift, subject, strlen(subject), digest);
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | digest[i];
    uint64_t slot = number % (2 * (uint64_t)most); /* 64 bits: no bias that counts */
    *days = slot < most ? (int32_t)slot + 1 : -(int32_t)(slot - most) - 1;
    vl_wipe(digest, sizeof digest);
    return status;
}

veil_status vl_date_shift_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                                bool *is_taken)
{
    char out[2 * VL_DATE_MAX_BYTES];
    size_t out_bytes;
    int32_t days;
    if (value->inputs == NULL || value->inputs->subject == NULL) return VEIL_ERR_INTERNAL; /* checked before */
    veil_status status = shift_of(ciphers, value->inputs->subject, op->shift_days, &days);
    if (status != VEIL_OK) return status;
    *is_taken = vl_date_shift_text(value->text, value->size, days, out, &out_bytes);
    if (*is_taken) vl_sink_put(sink, out, out_bytes);
    vl_wipe(out, sizeof out);
    return VEIL_OK;
}

/*
 * Dates around the name of a month that are read from their year or their day: "12th of March, 2021", "March 12th, 2021",
 * "12. März 2021", "10/Oct/2000:13:55:36 -0700", "04JUL1985". Names are those of English, German, Spanish, French, Italian, Dutch,
 * Portuguese, Polish, Finnish, Turkish and the Scandinavian languages, whatever the language of the text: between a day and a year
 * they are little else.
 */
#include <string.h>

#include "text/scan.h"

#define NAME_MAX_BYTES 16u
#define NO_PLACE       SIZE_MAX

typedef struct month_name {
    char name[NAME_MAX_BYTES];
    uint8_t month;
} month_name;

static const month_name names[] = {
    {"january", 1},     {"jan", 1},           {"januar", 1},     {"jänner", 1},     {"enero", 1},
    {"ene", 1},         {"janvier", 1},       {"janv", 1},       {"gennaio", 1},    {"february", 2},
    {"feb", 2},         {"februar", 2},       {"febrero", 2},    {"février", 2},    {"fevrier", 2},
    {"févr", 2},        {"febbraio", 2},      {"march", 3},      {"mar", 3},        {"märz", 3},
    {"maerz", 3},       {"mär", 3},           {"mrz", 3},        {"marzo", 3},      {"mars", 3},
    {"april", 4},       {"apr", 4},           {"abril", 4},      {"abr", 4},        {"avril", 4},
    {"avr", 4},         {"aprile", 4},        {"may", 5},        {"mai", 5},        {"mayo", 5},
    {"maggio", 5},      {"june", 6},          {"jun", 6},        {"juni", 6},       {"junio", 6},
    {"juin", 6},        {"giugno", 6},        {"july", 7},       {"jul", 7},        {"juli", 7},
    {"julio", 7},       {"juillet", 7},       {"juil", 7},       {"luglio", 7},     {"august", 8},
    {"aug", 8},         {"agosto", 8},        {"août", 8},       {"aout", 8},       {"september", 9},
    {"sep", 9},         {"sept", 9},          {"septiembre", 9}, {"setiembre", 9},  {"septembre", 9},
    {"settembre", 9},   {"october", 10},      {"oct", 10},       {"oktober", 10},   {"okt", 10},
    {"octubre", 10},    {"octobre", 10},      {"ottobre", 10},   {"november", 11},  {"nov", 11},
    {"noviembre", 11},  {"novembre", 11},     {"december", 12},  {"dec", 12},       {"dezember", 12},
    {"dez", 12},        {"diciembre", 12},    {"dic", 12},       {"décembre", 12},  {"decembre", 12},
    {"déc", 12},        {"dicembre", 12},     {"januari", 1},    {"februari", 2},   {"maart", 3},
    {"mei", 5},         {"maj", 5},           {"augusti", 8},    {"augustus", 8},   {"marts", 3},
    {"desember", 12},   {"janeiro", 1},       {"fevereiro", 2},  {"março", 3},      {"marco", 3},
    {"maio", 5},        {"junho", 6},         {"julho", 7},      {"setembro", 9},   {"outubro", 10},
    {"novembro", 11},   {"dezembro", 12},     {"stycznia", 1},   {"lutego", 2},     {"marca", 3},
    {"kwietnia", 4},    {"maja", 5},          {"czerwca", 6},    {"lipca", 7},      {"sierpnia", 8},
    {"września", 9},    {"października", 10}, {"listopada", 11}, {"grudnia", 12},   {"tammikuuta", 1},
    {"helmikuuta", 2},  {"maaliskuuta", 3},   {"huhtikuuta", 4}, {"toukokuuta", 5}, {"kesäkuuta", 6},
    {"heinäkuuta", 7},  {"elokuuta", 8},      {"syyskuuta", 9},  {"lokakuuta", 10}, {"marraskuuta", 11},
    {"joulukuuta", 12}, {"ocak", 1},          {"şubat", 2},      {"Şubat", 2},      {"mart", 3},
    {"nisan", 4},       {"mayıs", 5},         {"haziran", 6},    {"temmuz", 7},     {"ağustos", 8},
    {"eylül", 9},       {"ekim", 10},         {"kasım", 11},     {"aralık", 12},
};

static const char weekdays[][NAME_MAX_BYTES] = {
    "monday",  "tuesday",   "wednesday", "thursday",  "friday",     "saturday", "sunday",   "mon",
    "tue",     "tues",      "wed",       "thu",       "thur",       "thurs",    "fri",      "sat",
    "sun",     "montag",    "dienstag",  "mittwoch",  "donnerstag", "freitag",  "samstag",  "sonnabend",
    "sonntag", "lunes",     "martes",    "miércoles", "jueves",     "viernes",  "sábado",   "domingo",
    "lundi",   "mardi",     "mercredi",  "jeudi",     "vendredi",   "samedi",   "dimanche", "lunedì",
    "martedì", "mercoledì", "giovedì",   "venerdì",   "sabato",     "domenica",
};

/* Equal but for case; the letters of these names beyond ASCII differ in the same bit. */
static bool is_same(const uint8_t *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != ((uint8_t)word[i] | 0x20)) return false;
    return true;
}

unsigned vl_month_of(const uint8_t *word, size_t length)
{
    if (length < 3 || length >= NAME_MAX_BYTES) return 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((word[0] | 0x20) != ((uint8_t)names[i].name[0] | 0x20)) continue;
        if (strlen(names[i].name) == length && is_same(word, names[i].name, length)) return names[i].month;
    }
    return 0;
}

bool vl_is_weekday(const uint8_t *word, size_t length)
{
    if (length < 3 || length >= NAME_MAX_BYTES) return false;
    if (length < 6 && word[0] >= 'a') return false; /* "he sat 5 ..." */
    for (size_t i = 0; i < sizeof weekdays / sizeof weekdays[0]; i++) {
        if ((word[0] | 0x20) != (uint8_t)weekdays[i][0]) continue;
        if (strlen(weekdays[i]) == length && is_same(word, weekdays[i], length)) return true;
    }
    return false;
}

/* Where the word that ends at `end` begins. */
static size_t word_start(const vl_scan *scan, size_t end)
{
    size_t at = end;
    while (at > 0 && end - at <= NAME_MAX_BYTES) {
        unsigned letter = vl_letter_before(scan, at);
        if (letter == 0 && (!vl_is_alpha((char)scan->text[at - 1]) || vl_ends_escape(scan, at - 1))) break;
        at -= letter > 0 ? letter : 1;
    }
    return at;
}

/* The end of the part before the space before p, without punctuation; NO_PLACE when there is no space. */
static size_t part_end(const vl_scan *scan, size_t p)
{
    if (p < 2 || scan->text[p - 1] != ' ') return NO_PLACE;
    uint8_t c = scan->text[p - 2];
    return c == ',' || c == '.' ? p - 2 : p - 1;
}

/* The same, with "of", "de" or "del" passed over. */
static size_t part_end_of(const vl_scan *scan, size_t p)
{
    size_t end = part_end(scan, p);
    if (end == NO_PLACE) return end;
    size_t start = word_start(scan, end);
    size_t length = end - start;
    const uint8_t *word = scan->text + start;
    bool is_joint =
        (length == 2 && (is_same(word, "of", 2) || is_same(word, "de", 2))) || (length == 3 && is_same(word, "del", 3));
    return is_joint && end == p - 1 ? part_end(scan, start) : end;
}

/* "12", "12th", "1er", "1º" up to `end`: where it begins, or NO_PLACE. */
static size_t day_start(const vl_scan *scan, size_t end, unsigned *day)
{
    static const char suffixes[][3] = {"st", "nd", "rd", "th", "er", "\xC2\xBA"};
    size_t at = end;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0] && end >= 3; i++)
        if (is_same(scan->text + end - 2, suffixes[i], 2)) at = end - 2;
    size_t start = at;
    *day = 0;
    while (start > 0 && at - start < 2 && vl_digit_at(scan, start - 1))
        start--;
    for (size_t i = start; i < at; i++)
        *day = *day * 10 + (unsigned)(scan->text[i] - '0');
    uint8_t before = start > 0 ? scan->text[start - 1] : 0;
    bool goes_on = vl_word_before(scan, start) ||
                   ((before == '.' || before == '-' || before == ':') && start > 1 && vl_digit_at(scan, start - 2));
    return start == at || goes_on ? NO_PLACE : start;
}

static unsigned month_before(const vl_scan *scan, size_t end, size_t *start)
{
    *start = word_start(scan, end);
    if (vl_word_before(scan, *start)) return 0;
    return vl_month_of(scan->text + *start, end - *start);
}

/* "Fri, ", "Friday ", "Montag, " before a date belong to it (RFC 5322 section 3.3). */
size_t vl_weekday_start(const vl_scan *scan, size_t start)
{
    size_t end = part_end(scan, start);
    if (end == NO_PLACE) return start;
    size_t word = word_start(scan, end);
    return !vl_word_before(scan, word) && vl_is_weekday(scan->text + word, end - word) ? word : start;
}

static unsigned read_year(const vl_scan *scan, size_t p)
{
    unsigned year = 0;
    for (size_t i = p; i < p + 4; i++)
        year = year * 10 + (unsigned)(scan->text[i] - '0');
    return year;
}

bool vl_match_year(vl_scan *scan, size_t p)
{
    unsigned day;
    unsigned month;
    size_t start;
    if (scan->text[p] != '1' && scan->text[p] != '2') return false;
    size_t end = part_end_of(scan, p);
    if (end == NO_PLACE || !vl_number_ends(scan, p + 4)) return false;
    size_t behind = day_start(scan, end, &day);
    if (behind != NO_PLACE) { /* "March 12th, 2021" */
        size_t word_end = part_end(scan, behind);
        if (word_end == NO_PLACE) return false;
        month = month_before(scan, word_end, &start);
    } else { /* "12th of March, 2021" */
        month = month_before(scan, end, &start);
        size_t day_end = month == 0 ? NO_PLACE : part_end_of(scan, start);
        if (day_end == NO_PLACE) return false;
        start = day_start(scan, day_end, &day);
    }
    if (start == NO_PLACE || !vl_is_calendar_day(read_year(scan, p), month, day)) return false;
    vl_emit_checked(scan, VL_ROW_DATE_MONTH, vl_weekday_start(scan, start), vl_clock_end(scan, p + 4), VL_UNKNOWN);
    return true;
}

/* "10/Oct/2000" and ":13:55:36 -0700" behind it (the common log format); "04JUL1985" when `joint` is 0. */
bool vl_match_joined_month(vl_scan *scan, size_t p, unsigned length, uint8_t joint)
{
    size_t word = p + length + (joint != 0);
    if (joint != 0 && vl_byte(scan, word - 1) != joint) return false;
    if (word + 3 > scan->size || !vl_alpha_at(scan, word) || !vl_alpha_at(scan, word + 1) ||
        !vl_alpha_at(scan, word + 2))
        return false;
    size_t at = word + 3 + (joint != 0);
    if (joint != 0 && vl_byte(scan, at - 1) != joint) return false;
    if ((vl_view_digit(scan, at) & 31) != 15 || !vl_number_ends(scan, at + 4) || read_year(scan, at) >= 3000)
        return false;
    if (read_year(scan, at) < 1000) return false;
    unsigned day = 0;
    for (size_t i = p; i < p + length; i++)
        day = day * 10 + (unsigned)(scan->text[i] - '0');
    if (!vl_is_calendar_day(read_year(scan, at), vl_month_of(scan->text + word, 3), day)) return false;
    vl_emit_checked(scan, VL_ROW_DATE_MONTH, p, vl_clock_end(scan, at + 4), VL_UNKNOWN);
    return true;
}

/* Names of months: English, German, Spanish, French, Italian; full and as they are cut short (CLDR 42, "format" forms). */
#include <string.h>

#include "text/chars.h"
#include "text/dates_shift.h"

enum { ENGLISH, GERMAN, SPANISH, FRENCH, ITALIAN, LANGUAGES };

static const char *const full_names[LANGUAGES][12] = {
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december"},
    {"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
     "dezember"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
     "diciembre"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
     "décembre"},
    {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
     "novembre", "dicembre"},
};

static const char *const short_names[LANGUAGES][12] = {
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
    {"jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
    {"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"},
    {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
};

/* Other spellings that are read, and never written. */
static const struct {
    const char *name;
    uint8_t month;
    uint8_t language;
    bool is_short;
} spellings[] = {
    {"sept", 9, ENGLISH, true}, {"jänner", 1, GERMAN, false},     {"maerz", 3, GERMAN, false},
    {"mrz", 3, GERMAN, true},   {"setiembre", 9, SPANISH, false}, {"fevrier", 2, FRENCH, false},
    {"aout", 8, FRENCH, false}, {"decembre", 12, FRENCH, false},
};

/* Equal but for case; the letters beyond ASCII differ in the same bit. */
static bool is_same(const char *word, size_t size, const char *name)
{
    if (strlen(name) != size) return false;
    for (size_t i = 0; i < size; i++)
        if ((word[i] | 0x20) != (name[i] | 0x20)) return false;
    return true;
}

static unsigned read_in(const char *word, size_t size, unsigned language, vl_month_style *style)
{
    for (unsigned month = 0; month < 12; month++) {
        bool is_full = is_same(word, size, full_names[language][month]);
        if (!is_full && !is_same(word, size, short_names[language][month])) continue;
        *style = (vl_month_style){(uint8_t)language, !is_full};
        return month + 1;
    }
    return 0;
}

unsigned vl_month_read(const char *word, size_t size, unsigned hint, vl_month_style *style)
{
    static const uint8_t orders[3][LANGUAGES] = {[VL_MONTHS_ANY] = {ENGLISH, FRENCH, ITALIAN, GERMAN, SPANISH},
                                                 [VL_MONTHS_SPANISH] = {SPANISH, ENGLISH, GERMAN, FRENCH, ITALIAN},
                                                 [VL_MONTHS_GERMAN] = {GERMAN, ENGLISH, FRENCH, ITALIAN, SPANISH}};
    for (unsigned i = 0; i < LANGUAGES; i++) {
        unsigned month = read_in(word, size, orders[hint][i], style);
        if (month != 0) return month;
    }
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (!is_same(word, size, spellings[i].name)) continue;
        *style = (vl_month_style){spellings[i].language, spellings[i].is_short};
        return spellings[i].month;
    }
    return 0;
}

const char *vl_month_write(unsigned month, vl_month_style style)
{
    return style.is_short ? short_names[style.language][month - 1] : full_names[style.language][month - 1];
}

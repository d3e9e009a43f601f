/* Italian. Numbers are written as one word, tens losing their vowel ("ventuno"); "trattino basso" is the underscore. Words are in lower case, accents
 * taken off (ä is a, ß is ss); the table is in order. */
#include "audio/lexicon.h"

static const vl_lexicon_entry entries[] = {
    {"al", VL_LEX_PLAIN, 0, 0},         {"barra", VL_LEX_GLUE, '/', 0},      {"basso", VL_LEX_LOW, 0, 0},
    {"cento", VL_LEX_HUNDRED, 0, 0},    {"chiocciola", VL_LEX_GLUE, '@', 0}, {"cinquant", VL_LEX_TENS, 50, 1},
    {"cinquanta", VL_LEX_TENS, 50, 0},  {"cinque", VL_LEX_UNIT, 5, 0},       {"come", VL_LEX_AS, 0, 0},
    {"da", VL_LEX_PLAIN, 0, 0},         {"del", VL_LEX_PLAIN, 0, 0},         {"di", VL_LEX_PLAIN, 0, 0},
    {"diciannove", VL_LEX_TEEN, 19, 0}, {"diciassette", VL_LEX_TEEN, 17, 0}, {"diciotto", VL_LEX_TEEN, 18, 0},
    {"dieci", VL_LEX_TEEN, 10, 0},      {"dodici", VL_LEX_TEEN, 12, 0},      {"doppia", VL_LEX_TIMES, 2, 0},
    {"doppio", VL_LEX_TIMES, 2, 0},     {"due", VL_LEX_UNIT, 2, 0},          {"e-mail", VL_LEX_PLAIN, 0, 0},
    {"eh", VL_LEX_FILLER, 0, 0},        {"ehm", VL_LEX_FILLER, 0, 0},        {"elettronica", VL_LEX_PLAIN, 0, 0},
    {"email", VL_LEX_PLAIN, 0, 0},      {"il", VL_LEX_PLAIN, 0, 0},          {"indirizzo", VL_LEX_PLAIN, 0, 0},
    {"la", VL_LEX_PLAIN, 0, 0},         {"lineetta", VL_LEX_GLUE, '-', 0},   {"lo", VL_LEX_PLAIN, 0, 0},
    {"mail", VL_LEX_PLAIN, 0, 0},       {"meno", VL_LEX_GLUE, '-', 0},       {"mia", VL_LEX_PLAIN, 0, 0},
    {"mila", VL_LEX_SCALE, 3, 0},       {"miliardi", VL_LEX_SCALE, 9, 0},    {"miliardo", VL_LEX_SCALE, 9, 0},
    {"milione", VL_LEX_SCALE, 6, 0},    {"milioni", VL_LEX_SCALE, 6, 0},     {"mille", VL_LEX_SCALE, 3, 0},
    {"mio", VL_LEX_PLAIN, 0, 0},        {"mmm", VL_LEX_FILLER, 0, 0},        {"novant", VL_LEX_TENS, 90, 1},
    {"novanta", VL_LEX_TENS, 90, 0},    {"nove", VL_LEX_UNIT, 9, 0},         {"ok", VL_LEX_LINK, 0, 0},
    {"ottant", VL_LEX_TENS, 80, 1},     {"ottanta", VL_LEX_TENS, 80, 0},     {"otto", VL_LEX_UNIT, 8, 0},
    {"per", VL_LEX_PLAIN, 0, 0},        {"piu", VL_LEX_GLUE, '+', 0},        {"poi", VL_LEX_LINK, 0, 0},
    {"posta", VL_LEX_PLAIN, 0, 0},      {"punto", VL_LEX_GLUE, '.', 0},      {"quarant", VL_LEX_TENS, 40, 1},
    {"quaranta", VL_LEX_TENS, 40, 0},   {"quattordici", VL_LEX_TEEN, 14, 0}, {"quattro", VL_LEX_UNIT, 4, 0},
    {"quindi", VL_LEX_LINK, 0, 0},      {"quindici", VL_LEX_TEEN, 15, 0},    {"scrivere", VL_LEX_PLAIN, 0, 0},
    {"scrivi", VL_LEX_PLAIN, 0, 0},     {"scrivimi", VL_LEX_PLAIN, 0, 0},    {"sedici", VL_LEX_TEEN, 16, 0},
    {"sei", VL_LEX_UNIT, 6, 0},         {"sessant", VL_LEX_TENS, 60, 1},     {"sessanta", VL_LEX_TENS, 60, 0},
    {"settant", VL_LEX_TENS, 70, 1},    {"settanta", VL_LEX_TENS, 70, 0},    {"sette", VL_LEX_UNIT, 7, 0},
    {"si", VL_LEX_LINK, 0, 0},          {"spazio", VL_LEX_LINK, 0, 0},       {"su", VL_LEX_PLAIN, 0, 0},
    {"trattino", VL_LEX_GLUE, '-', 0},  {"tre", VL_LEX_UNIT, 3, 0},          {"tredici", VL_LEX_TEEN, 13, 0},
    {"trent", VL_LEX_TENS, 30, 1},      {"trenta", VL_LEX_TENS, 30, 0},      {"tripla", VL_LEX_TIMES, 3, 0},
    {"triplo", VL_LEX_TIMES, 3, 0},     {"uhm", VL_LEX_FILLER, 0, 0},        {"undici", VL_LEX_TEEN, 11, 0},
    {"uno", VL_LEX_UNIT, 1, 0},         {"vent", VL_LEX_TENS, 20, 1},        {"venti", VL_LEX_TENS, 20, 0},
    {"virgola", VL_LEX_LINK, 0, 0},     {"zero", VL_LEX_UNIT, 0, 0},
};

const vl_lexicon vl_lexicon_it = {"it", entries, sizeof entries / sizeof entries[0],
                                  VL_RULE_COMPOUNDS | VL_RULE_BARE_HUNDRED};

/* French. Seventy, eighty and ninety count in twenties ("quatre-vingt-dix-sept"), or not ("nonante"). Words are in lower case, accents
 * taken off (ä is a, ß is ss); the table is in order. */
#include "audio/lexicon.h"

static const vl_lexicon_entry entries[] = {
    {"adresse", VL_LEX_PLAIN, 0, 0},   {"arobas", VL_LEX_GLUE, '@', 0},  {"arobase", VL_LEX_GLUE, '@', 0},
    {"arrobase", VL_LEX_GLUE, '@', 0}, {"au", VL_LEX_PLAIN, 0, 0},       {"barre", VL_LEX_GLUE, '/', 0},
    {"bas", VL_LEX_LOW, 0, 0},         {"c'est", VL_LEX_PLAIN, 0, 0},    {"cent", VL_LEX_HUNDRED, 0, 0},
    {"cents", VL_LEX_HUNDRED, 0, 0},   {"cinq", VL_LEX_UNIT, 5, 0},      {"cinquante", VL_LEX_TENS, 50, 0},
    {"comme", VL_LEX_AS, 0, 0},        {"courriel", VL_LEX_PLAIN, 0, 0}, {"deux", VL_LEX_UNIT, 2, 0},
    {"dix", VL_LEX_TEEN, 10, 0},       {"double", VL_LEX_TIMES, 2, 0},   {"douze", VL_LEX_TEEN, 12, 0},
    {"e-mail", VL_LEX_PLAIN, 0, 0},    {"ecrire", VL_LEX_PLAIN, 0, 0},   {"ecrivez", VL_LEX_PLAIN, 0, 0},
    {"email", VL_LEX_PLAIN, 0, 0},     {"ensuite", VL_LEX_LINK, 0, 0},   {"espace", VL_LEX_LINK, 0, 0},
    {"est", VL_LEX_PLAIN, 0, 0},       {"et", VL_LEX_AND, 0, 0},         {"euh", VL_LEX_FILLER, 0, 0},
    {"heu", VL_LEX_FILLER, 0, 0},      {"huit", VL_LEX_UNIT, 8, 0},      {"huitante", VL_LEX_TENS, 80, 0},
    {"hum", VL_LEX_FILLER, 0, 0},      {"la", VL_LEX_PLAIN, 0, 0},       {"le", VL_LEX_PLAIN, 0, 0},
    {"les", VL_LEX_PLAIN, 0, 0},       {"ma", VL_LEX_PLAIN, 0, 0},       {"mail", VL_LEX_PLAIN, 0, 0},
    {"me", VL_LEX_PLAIN, 0, 0},        {"mille", VL_LEX_SCALE, 3, 0},    {"milliard", VL_LEX_SCALE, 9, 0},
    {"milliards", VL_LEX_SCALE, 9, 0}, {"million", VL_LEX_SCALE, 6, 0},  {"millions", VL_LEX_SCALE, 6, 0},
    {"moi", VL_LEX_PLAIN, 0, 0},       {"mon", VL_LEX_PLAIN, 0, 0},      {"neuf", VL_LEX_UNIT, 9, 0},
    {"nonante", VL_LEX_TENS, 90, 0},   {"octante", VL_LEX_TENS, 80, 0},  {"ok", VL_LEX_LINK, 0, 0},
    {"onze", VL_LEX_TEEN, 11, 0},      {"oui", VL_LEX_LINK, 0, 0},       {"plus", VL_LEX_GLUE, '+', 0},
    {"point", VL_LEX_GLUE, '.', 0},    {"puis", VL_LEX_LINK, 0, 0},      {"quadruple", VL_LEX_TIMES, 4, 0},
    {"quarante", VL_LEX_TENS, 40, 0},  {"quatorze", VL_LEX_TEEN, 14, 0}, {"quatre", VL_LEX_UNIT, 4, 0},
    {"quinze", VL_LEX_TEEN, 15, 0},    {"seize", VL_LEX_TEEN, 16, 0},    {"sept", VL_LEX_UNIT, 7, 0},
    {"septante", VL_LEX_TENS, 70, 0},  {"six", VL_LEX_UNIT, 6, 0},       {"soixante", VL_LEX_TENS, 60, 0},
    {"souligne", VL_LEX_GLUE, '_', 0}, {"sur", VL_LEX_PLAIN, 0, 0},      {"tiret", VL_LEX_GLUE, '-', 0},
    {"treize", VL_LEX_TEEN, 13, 0},    {"trente", VL_LEX_TENS, 30, 0},   {"triple", VL_LEX_TIMES, 3, 0},
    {"trois", VL_LEX_UNIT, 3, 0},      {"un", VL_LEX_UNIT, 1, 0},        {"vingt", VL_LEX_TENS, 20, 0},
    {"vingts", VL_LEX_TENS, 20, 0},    {"virgule", VL_LEX_LINK, 0, 0},   {"zero", VL_LEX_UNIT, 0, 0},
};

const vl_lexicon vl_lexicon_fr = {"fr", entries, sizeof entries / sizeof entries[0],
                                  VL_RULE_TENS_AND | VL_RULE_TWENTIES | VL_RULE_BARE_HUNDRED};

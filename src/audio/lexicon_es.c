/* Spanish. Twenties and hundreds are one word, other tens take "y"; "guion bajo" is the underscore. Words are in lower case, accents
 * taken off (ä is a, ß is ss); the table is in order. */
#include "audio/lexicon.h"

static const vl_lexicon_entry entries[] = {
    {"al", VL_LEX_PLAIN, 0, 0},         {"arroba", VL_LEX_GLUE, '@', 0},     {"bajo", VL_LEX_LOW, 0, 0},
    {"barra", VL_LEX_GLUE, '/', 0},     {"catorce", VL_LEX_TEEN, 14, 0},     {"cero", VL_LEX_UNIT, 0, 0},
    {"cien", VL_LEX_HUNDRED, 0, 0},     {"cientas", VL_LEX_HUNDRED, 0, 1},   {"ciento", VL_LEX_HUNDRED, 0, 0},
    {"cientos", VL_LEX_HUNDRED, 0, 1},  {"cinco", VL_LEX_UNIT, 5, 0},        {"cincuenta", VL_LEX_TENS, 50, 0},
    {"coma", VL_LEX_LINK, 0, 0},        {"como", VL_LEX_AS, 0, 0},           {"con", VL_LEX_PLAIN, 0, 0},
    {"contacto", VL_LEX_PLAIN, 0, 0},   {"correo", VL_LEX_PLAIN, 0, 0},      {"cuarenta", VL_LEX_TENS, 40, 0},
    {"cuatro", VL_LEX_UNIT, 4, 0},      {"de", VL_LEX_PLAIN, 0, 0},          {"del", VL_LEX_PLAIN, 0, 0},
    {"despues", VL_LEX_LINK, 0, 0},     {"diecinueve", VL_LEX_TEEN, 19, 0},  {"dieciocho", VL_LEX_TEEN, 18, 0},
    {"dieciseis", VL_LEX_TEEN, 16, 0},  {"diecisiete", VL_LEX_TEEN, 17, 0},  {"diez", VL_LEX_TEEN, 10, 0},
    {"direccion", VL_LEX_PLAIN, 0, 0},  {"doble", VL_LEX_TIMES, 2, 0},       {"doce", VL_LEX_TEEN, 12, 0},
    {"dos", VL_LEX_UNIT, 2, 0},         {"e-mail", VL_LEX_PLAIN, 0, 0},      {"eh", VL_LEX_FILLER, 0, 0},
    {"el", VL_LEX_PLAIN, 0, 0},         {"electronico", VL_LEX_PLAIN, 0, 0}, {"em", VL_LEX_FILLER, 0, 0},
    {"email", VL_LEX_PLAIN, 0, 0},      {"en", VL_LEX_PLAIN, 0, 0},          {"es", VL_LEX_PLAIN, 0, 0},
    {"escribe", VL_LEX_PLAIN, 0, 0},    {"escribeme", VL_LEX_PLAIN, 0, 0},   {"escribir", VL_LEX_PLAIN, 0, 0},
    {"espacio", VL_LEX_LINK, 0, 0},     {"guion", VL_LEX_GLUE, '-', 0},      {"ientas", VL_LEX_HUNDRED, 0, 1},
    {"ientos", VL_LEX_HUNDRED, 0, 1},   {"la", VL_LEX_PLAIN, 0, 0},          {"luego", VL_LEX_LINK, 0, 0},
    {"mail", VL_LEX_PLAIN, 0, 0},       {"mas", VL_LEX_GLUE, '+', 0},        {"me", VL_LEX_PLAIN, 0, 0},
    {"menos", VL_LEX_GLUE, '-', 0},     {"mi", VL_LEX_PLAIN, 0, 0},          {"mil", VL_LEX_SCALE, 3, 0},
    {"millon", VL_LEX_SCALE, 6, 0},     {"millones", VL_LEX_SCALE, 6, 0},    {"mmm", VL_LEX_FILLER, 0, 0},
    {"nove", VL_LEX_UNIT, 9, 1},        {"noventa", VL_LEX_TENS, 90, 0},     {"nueve", VL_LEX_UNIT, 9, 0},
    {"ochenta", VL_LEX_TENS, 80, 0},    {"ocho", VL_LEX_UNIT, 8, 0},         {"once", VL_LEX_TEEN, 11, 0},
    {"punto", VL_LEX_GLUE, '.', 0},     {"quin", VL_LEX_UNIT, 5, 1},         {"quince", VL_LEX_TEEN, 15, 0},
    {"raya", VL_LEX_GLUE, '-', 0},      {"seis", VL_LEX_UNIT, 6, 0},         {"sesenta", VL_LEX_TENS, 60, 0},
    {"sete", VL_LEX_UNIT, 7, 1},        {"setenta", VL_LEX_TENS, 70, 0},     {"si", VL_LEX_LINK, 0, 0},
    {"siete", VL_LEX_UNIT, 7, 0},       {"su", VL_LEX_PLAIN, 0, 0},          {"subrayado", VL_LEX_GLUE, '_', 0},
    {"trece", VL_LEX_TEEN, 13, 0},      {"treinta", VL_LEX_TENS, 30, 0},     {"tres", VL_LEX_UNIT, 3, 0},
    {"triple", VL_LEX_TIMES, 3, 0},     {"uno", VL_LEX_UNIT, 1, 0},          {"vale", VL_LEX_LINK, 0, 0},
    {"veinte", VL_LEX_TENS, 20, 0},     {"veinticinco", VL_LEX_TEEN, 25, 0}, {"veinticuatro", VL_LEX_TEEN, 24, 0},
    {"veintidos", VL_LEX_TEEN, 22, 0},  {"veintinueve", VL_LEX_TEEN, 29, 0}, {"veintiocho", VL_LEX_TEEN, 28, 0},
    {"veintiseis", VL_LEX_TEEN, 26, 0}, {"veintisiete", VL_LEX_TEEN, 27, 0}, {"veintitres", VL_LEX_TEEN, 23, 0},
    {"veintiun", VL_LEX_TEEN, 21, 0},   {"veintiuno", VL_LEX_TEEN, 21, 0},   {"y", VL_LEX_AND, 0, 0},
};

const vl_lexicon vl_lexicon_es = {"es", entries, sizeof entries / sizeof entries[0],
                                  VL_RULE_COMPOUNDS | VL_RULE_TENS_AND | VL_RULE_BARE_HUNDRED};

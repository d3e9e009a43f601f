/*
 * The table of spoken words, ordered for binary search. "niner" and the alphabet are ICAO's radiotelephony forms (Annex 10), with
 * the common other spellings.
 */
#include "audio/lexicon.h"

#include <string.h>

#define LONGEST 10u /* underscore */

static const vl_lexicon_entry entries[] = {
    {"address", VL_LEX_PLAIN, 0},
    {"ah", VL_LEX_FILLER, 0},
    {"alfa", VL_LEX_NATO, 'a'},
    {"alpha", VL_LEX_NATO, 'a'},
    {"and", VL_LEX_AND, 0},
    {"as", VL_LEX_AS, 0},
    {"at", VL_LEX_GLUE, '@'},
    {"be", VL_LEX_PLAIN, 0},
    {"billion", VL_LEX_SCALE, 9},
    {"bravo", VL_LEX_NATO, 'b'},
    {"charlie", VL_LEX_NATO, 'c'},
    {"colon", VL_LEX_GLUE, ':'},
    {"contact", VL_LEX_PLAIN, 0},
    {"dash", VL_LEX_GLUE, '-'},
    {"delta", VL_LEX_NATO, 'd'},
    {"dot", VL_LEX_GLUE, '.'},
    {"double", VL_LEX_TIMES, 2},
    {"e-mail", VL_LEX_PLAIN, 0},
    {"echo", VL_LEX_NATO, 'e'},
    {"eight", VL_LEX_UNIT, 8},
    {"eighteen", VL_LEX_TEEN, 18},
    {"eighty", VL_LEX_TENS, 80},
    {"eleven", VL_LEX_TEEN, 11},
    {"email", VL_LEX_PLAIN, 0},
    {"er", VL_LEX_FILLER, 0},
    {"erm", VL_LEX_FILLER, 0},
    {"fifteen", VL_LEX_TEEN, 15},
    {"fifty", VL_LEX_TENS, 50},
    {"five", VL_LEX_UNIT, 5},
    {"for", VL_LEX_AS, 0},
    {"forty", VL_LEX_TENS, 40},
    {"four", VL_LEX_UNIT, 4},
    {"fourteen", VL_LEX_TEEN, 14},
    {"fourty", VL_LEX_TENS, 40},
    {"foxtrot", VL_LEX_NATO, 'f'},
    {"golf", VL_LEX_NATO, 'g'},
    {"her", VL_LEX_PLAIN, 0},
    {"him", VL_LEX_PLAIN, 0},
    {"hmm", VL_LEX_FILLER, 0},
    {"hotel", VL_LEX_NATO, 'h'},
    {"hundred", VL_LEX_HUNDRED, 0},
    {"hyphen", VL_LEX_GLUE, '-'},
    {"in", VL_LEX_AS, 0},
    {"india", VL_LEX_NATO, 'i'},
    {"is", VL_LEX_PLAIN, 0},
    {"it", VL_LEX_PLAIN, 0},
    {"it's", VL_LEX_PLAIN, 0},
    {"its", VL_LEX_PLAIN, 0},
    {"juliet", VL_LEX_NATO, 'j'},
    {"juliett", VL_LEX_NATO, 'j'},
    {"kilo", VL_LEX_NATO, 'k'},
    {"like", VL_LEX_AS, 0},
    {"lima", VL_LEX_NATO, 'l'},
    {"mail", VL_LEX_PLAIN, 0},
    {"me", VL_LEX_PLAIN, 0},
    {"mike", VL_LEX_NATO, 'm'},
    {"million", VL_LEX_SCALE, 6},
    {"my", VL_LEX_PLAIN, 0},
    {"naught", VL_LEX_UNIT, 0},
    {"nil", VL_LEX_UNIT, 0},
    {"nine", VL_LEX_UNIT, 9},
    {"niner", VL_LEX_UNIT, 9},
    {"nineteen", VL_LEX_TEEN, 19},
    {"ninety", VL_LEX_TENS, 90},
    {"nought", VL_LEX_UNIT, 0},
    {"november", VL_LEX_NATO, 'n'},
    {"o", VL_LEX_OH, 1},
    {"oh", VL_LEX_OH, 0},
    {"on", VL_LEX_PLAIN, 0},
    {"one", VL_LEX_UNIT, 1},
    {"or", VL_LEX_PLAIN, 0},
    {"oscar", VL_LEX_NATO, 'o'},
    {"papa", VL_LEX_NATO, 'p'},
    {"plus", VL_LEX_GLUE, '+'},
    {"point", VL_LEX_POINT, '.'},
    {"quadruple", VL_LEX_TIMES, 4},
    {"quebec", VL_LEX_NATO, 'q'},
    {"reach", VL_LEX_PLAIN, 0},
    {"romeo", VL_LEX_NATO, 'r'},
    {"seven", VL_LEX_UNIT, 7},
    {"seventeen", VL_LEX_TEEN, 17},
    {"seventy", VL_LEX_TENS, 70},
    {"sierra", VL_LEX_NATO, 's'},
    {"sign", VL_LEX_SIGN, 0},
    {"six", VL_LEX_UNIT, 6},
    {"sixteen", VL_LEX_TEEN, 16},
    {"sixty", VL_LEX_TENS, 60},
    {"slash", VL_LEX_GLUE, '/'},
    {"tango", VL_LEX_NATO, 't'},
    {"ten", VL_LEX_TEEN, 10},
    {"the", VL_LEX_PLAIN, 0},
    {"them", VL_LEX_PLAIN, 0},
    {"thirteen", VL_LEX_TEEN, 13},
    {"thirty", VL_LEX_TENS, 30},
    {"thousand", VL_LEX_SCALE, 3},
    {"three", VL_LEX_UNIT, 3},
    {"to", VL_LEX_PLAIN, 0},
    {"treble", VL_LEX_TIMES, 3},
    {"triple", VL_LEX_TIMES, 3},
    {"twelve", VL_LEX_TEEN, 12},
    {"twenty", VL_LEX_TENS, 20},
    {"two", VL_LEX_UNIT, 2},
    {"uh", VL_LEX_FILLER, 0},
    {"uhm", VL_LEX_FILLER, 0},
    {"um", VL_LEX_FILLER, 0},
    {"underscore", VL_LEX_GLUE, '_'},
    {"uniform", VL_LEX_NATO, 'u'},
    {"us", VL_LEX_PLAIN, 0},
    {"use", VL_LEX_PLAIN, 0},
    {"victor", VL_LEX_NATO, 'v'},
    {"was", VL_LEX_PLAIN, 0},
    {"whiskey", VL_LEX_NATO, 'w'},
    {"whisky", VL_LEX_NATO, 'w'},
    {"write", VL_LEX_PLAIN, 0},
    {"x-ray", VL_LEX_NATO, 'x'},
    {"xray", VL_LEX_NATO, 'x'},
    {"yankee", VL_LEX_NATO, 'y'},
    {"zero", VL_LEX_UNIT, 0},
    {"zulu", VL_LEX_NATO, 'z'},
};

const vl_lexicon_entry *vl_lexicon_find(const char *word, size_t word_bytes)
{
    if (word_bytes == 0 || word_bytes > LONGEST) return NULL;
    char lower[LONGEST + 1] = {0};
    for (size_t i = 0; i < word_bytes; i++) {
        lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] | 0x20) : word[i];
    }
    size_t low = 0, high = sizeof entries / sizeof entries[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(entries[middle].word, lower);
        if (order == 0) return &entries[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

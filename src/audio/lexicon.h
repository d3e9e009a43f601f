/* English words that stand for characters: numbers, letters, signs. ASCII, case does not matter. */
#ifndef VL_AUDIO_LEXICON_H
#define VL_AUDIO_LEXICON_H

#include <stddef.h>
#include <stdint.h>

typedef enum vl_lexeme {
    VL_LEX_WORD,    /* none of the others */
    VL_LEX_DIGITS,  /* written digits (never from the table) */
    VL_LEX_UNIT,    /* zero to nine: value */
    VL_LEX_OH,      /* "oh", "o": zero beside other digits; value 1: else a letter */
    VL_LEX_TEEN,    /* ten to nineteen: value */
    VL_LEX_TENS,    /* twenty to ninety: value */
    VL_LEX_HUNDRED, /* */
    VL_LEX_SCALE,   /* thousand, million, billion: value is the power of ten */
    VL_LEX_TIMES,   /* double, triple, quadruple: value */
    VL_LEX_LETTER,  /* a spelled letter: value in lower case */
    VL_LEX_NATO,    /* alpha to zulu: value in lower case */
    VL_LEX_GLUE,    /* dot, dash, at...: value is the character */
    VL_LEX_POINT,   /* a dot between digits alone */
    VL_LEX_SIGN,    /* "at sign" */
    VL_LEX_AND,     /* "four hundred and five" */
    VL_LEX_AS,      /* "b as in bravo": as, in, for, like */
    VL_LEX_FILLER,  /* uh, um */
    VL_LEX_PLAIN    /* words that are never the local part of an address: is, me, to */
} vl_lexeme;

typedef struct vl_lexicon_entry {
    const char *word;
    uint8_t lexeme; /* vl_lexeme */
    uint8_t value;
} vl_lexicon_entry;

/** The entry of a word, or NULL. */
const vl_lexicon_entry *vl_lexicon_find(const char *word, size_t word_bytes);

#endif

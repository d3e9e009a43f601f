/* Words that stand for characters: numbers, letters, signs, in several languages. Case and accents do not matter. */
#ifndef VL_AUDIO_LEXICON_H
#define VL_AUDIO_LEXICON_H

#include <stdbool.h>
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
    VL_LEX_ORDINAL, /* first to thirtieth: value */
    VL_LEX_TIMES,   /* double, triple, quadruple: value */
    VL_LEX_LETTER,  /* a spelled letter: value in lower case */
    VL_LEX_NATO,    /* alpha to zulu: value in lower case */
    VL_LEX_GLUE,    /* dot, dash, at...: value is the character */
    VL_LEX_POINT,   /* a dot between digits alone */
    VL_LEX_SIGN,    /* "at sign" */
    VL_LEX_LOW,     /* "guion bajo": makes the hyphen before it an underscore */
    VL_LEX_AND,     /* "four hundred and five" */
    VL_LEX_AS,      /* "b as in bravo": as, in, for, like */
    VL_LEX_FILLER,  /* uh, um */
    VL_LEX_LINK,    /* between the groups of a long number: then, space, okay, a dash that stands alone */
    VL_LEX_PLAIN /* words that are never the local part of an address: is, me, to; value VL_PLAIN_LINKS: may be a link too ("got it") */
} vl_lexeme;

#define VL_PLAIN_LINKS 1

typedef struct vl_lexicon_entry {
    const char *word; /* folded */
    uint8_t lexeme;   /* vl_lexeme */
    uint8_t value;
    uint8_t is_stem; /* only as a part of a longer word */
} vl_lexicon_entry;

enum {                            /* how a language puts numbers together */
       VL_RULE_COMPOUNDS = 1u,    /* in one word: "vierhundertzwei", "ventotto" */
       VL_RULE_UNIT_FIRST = 2u,   /* "zwei und vierzig" */
       VL_RULE_TENS_AND = 4u,     /* "treinta y uno", "vingt et un" */
       VL_RULE_TWENTIES = 8u,     /* "soixante-dix", "quatre-vingt-douze" */
       VL_RULE_BARE_HUNDRED = 16u /* "cent", "mil": one of them */
};

typedef struct vl_lexicon {
    const char *language;
    const vl_lexicon_entry *entries;
    size_t count;
    uint32_t rules;
} vl_lexicon;

extern const vl_lexicon vl_lexicon_en, vl_lexicon_de, vl_lexicon_es, vl_lexicon_fr, vl_lexicon_it;

#define VL_LEXICONS     5u
#define VL_LEXICON_WORD 24u /* longer words are none of these */

const vl_lexicon *vl_lexicon_at(uint32_t index);
/** Bits of the lexicons for a language ("any": all; NULL: English); 0 when there is none. */
uint32_t vl_lexicon_set(const char *language);

/** The entry of a word, or NULL. Stems count: it is the caller's to know that the word is whole. */
const vl_lexicon_entry *vl_lexicon_find(const vl_lexicon *lexicon, const char *word, size_t word_bytes);

#endif

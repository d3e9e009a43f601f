/*
 * Spoken forms: "four one one one", "double oh seven", "jane dot roe at example dot com" as they would be written, with a map
 * back to the words. The words are cut into units once; the units are rendered in one or two ways, each of which is scanned
 * like any text, beside the words as they stand. Each language has its words (lexicon.h).
 */
#ifndef VL_AUDIO_SPOKEN_H
#define VL_AUDIO_SPOKEN_H

#include "audio/lexicon.h"
#include "audio/transcript.h"

enum { VL_BREAK_NONE, VL_BREAK_HYPHEN, VL_BREAK_COMMA, VL_BREAK_STOP };

enum {
    VL_UNIT_OWN = 1u,       /* core_start and core_end point into vl_units.own */
    VL_UNIT_JOIN = 2u,      /* nothing goes between this unit and the next */
    VL_UNIT_ACTIVE = 4u,    /* a sign that is written as its character */
    VL_UNIT_FORCED = 8u,    /* "at sign" */
    VL_UNIT_UNEQUAL = 16u,  /* joined with a letter or digit that may not belong to it */
    VL_UNIT_CARDINAL = 32u, /* an amount: "five thousand", "5,000" */
    VL_UNIT_POINT = 64u     /* the dot of "three point one" */
};

/* One token of the transcript, or several that are written as one. */
typedef struct vl_unit {
    uint32_t full_start; /* in vl_transcript.text, punctuation included */
    uint32_t full_end;
    uint32_t core_start; /* without punctuation around it */
    uint32_t core_end;
    uint32_t word_first;
    uint32_t word_last;
    uint8_t lexeme; /* vl_lexeme; once numbers are built only WORD, PLAIN, DIGITS, LETTER, NATO and GLUE remain */
    uint8_t value;
    uint8_t after; /* VL_BREAK_*: punctuation behind it */
    uint8_t flags; /* VL_UNIT_* */
    uint32_t spoken_digits;
} vl_unit;

typedef struct vl_units {
    const vl_transcript *transcript;
    const vl_lexicon *lexicon;
    vl_unit *items;
    uint32_t count;
    char *own; /* characters that are not in the transcript's text */
    uint32_t own_bytes;
    uint32_t own_capacity;
    bool is_changed;   /* some rendering differs from the words as they stand */
    bool is_ambiguous; /* the strict rendering differs from the tight one */
} vl_units;

/** Words [first, end) of one layer to units. VEIL_OK, BUSY, NO_MEMORY */
veil_status vl_units_read(const vl_transcript *transcript, const vl_lexicon *lexicon, uint32_t first, uint32_t end,
                          vl_audio_work *work, vl_units *out);
/** spoken_number.c: put number words together: "nineteen eighty four" is 1984. */
void vl_units_build_numbers(vl_units *units);
/** spoken_date.c: the day of a date from items[at] on, written to *out ("march third" is 3rd there); `before` is the unit in front of
 *  it, or NULL. How many units it takes; 0: it is no day. */
uint32_t vl_units_build_day(vl_units *units, uint32_t at, const vl_unit *before, vl_unit *out);
/** spoken_join.c: decide what is written without a space. */
void vl_units_join(vl_units *units);

/** Append to units->own; false when it is full. */
bool vl_units_own(vl_units *units, vl_unit *unit, const char *bytes, size_t size_bytes);

typedef struct vl_spoken_piece {
    uint32_t out_start;
    uint32_t word_first;
    uint32_t word_last;
    uint32_t text_start; /* in vl_transcript.text */
    uint32_t text_end;
} vl_spoken_piece;

typedef struct vl_spoken_view {
    char *text;
    uint32_t text_bytes;
    vl_spoken_piece *pieces;
    uint32_t piece_count;
} vl_spoken_view;

/** Write the units down. Tight: every run of digits is one number. Strict: punctuation parts them, letters stay apart. */
veil_status vl_spoken_render(const vl_units *units, bool is_strict, vl_audio_work *work, vl_spoken_view *out);
/** The words behind [start, end) of a view's text. */
void vl_spoken_words(const vl_spoken_view *view, uint32_t start, uint32_t end, uint32_t *word_first,
                     uint32_t *word_last);
/** The bytes of the transcript's text behind it. */
void vl_spoken_text(const vl_spoken_view *view, uint32_t start, uint32_t end, uint32_t *text_start, uint32_t *text_end);

#endif

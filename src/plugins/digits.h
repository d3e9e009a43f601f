/*
 * What was heard in a whole sound, and which of the digits are kept. The grammar hears digits in everything that is said;
 * what tells the real ones is how well they fit, how long they are, and that they come in a row.
 */
#ifndef VEIL_PLUGINS_DIGITS_H
#define VEIL_PLUGINS_DIGITS_H

#include "plugins/sphinx.h"

#define VL_HEARD_TEXT 40u

typedef struct vl_heard_word {
    char text[VL_HEARD_TEXT];
    uint64_t first; /* frames of the sound */
    uint64_t end;
    double score;
    uint32_t text_bytes;
    uint32_t run; /* digits: number of the run it belongs to, from 1 */
} vl_heard_word;

typedef struct vl_heard_list {
    vl_heard_word *items;
    size_t count;
    size_t capacity;
} vl_heard_list;

typedef struct vl_heard {
    vl_heard_list words;  /* by the language model */
    vl_heard_list digits; /* by the grammar */
    vl_heard_list ohs;    /* by the grammar that knows "oh" */
} vl_heard;

/** Append; frames count from `first_frame`. Words come in order. NO_MEMORY */
veil_status vl_heard_add(vl_heard *heard, vl_sphinx_ear ear, const vl_sphinx_word *word, uint64_t first_frame);
/** Forget what was heard; nothing of it stays in memory. */
void vl_heard_clear(vl_heard *heard);
void vl_heard_free(vl_heard *heard);

/** "Oh" stands in the place of the digits where it fits so much better that it was said. Before the runs are chosen. */
void vl_digits_place_ohs(vl_heard *heard);

/** Number the runs of digits that are kept, and drop the others. @return how many runs */
uint32_t vl_digits_choose(vl_heard_list *digits);

/** The grammar's commonest mistake is a digit too many. @return which of a run of digits to leave out so that it is a card number
 *  (2 to 6 first, Luhn's check passed): the one that fits worst; `count` when it is one already, or cannot be */
size_t vl_digits_surplus(const vl_heard_word *run, size_t count);

#endif

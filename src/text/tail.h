/*
 * What of a text's end may still change when more text follows. A match either lies in one run of bytes without white space, or
 * is one of the rows in force whose pattern takes white space; of those it is known how wide they are and of what words they
 * are made, so that ordinary prose settles word by word.
 */
#ifndef VL_TEXT_TAIL_H
#define VL_TEXT_TAIL_H

#include "text/recognizers.h"

#define VL_TAIL_LEADS 64u

/** The rows in force whose matches may hold white space. */
typedef struct vl_tail {
    size_t width;        /* bytes of their longest match */
    size_t gap;          /* ... of the longest run without a digit in one, and before its first digit */
    size_t loose_width;  /* ... of those with a word of prose behind their first digit ("43 years old") */
    size_t free_width;   /* ... of those that may have one before it, or no digit at all, and no known beginning */
    bool takes_newlines; /* one may hold a line's end */
    bool has_quotes;     /* one may be an e-mail address with a quoted part */
    bool has_tracks;     /* one may be a card's magnetic stripe */
    size_t lead_width;   /* those with known beginnings: their longest match ... */
    size_t lead_count;   /* ... and the beginnings */
    char leads[VL_TAIL_LEADS][4];
} vl_tail;

void vl_tail_prepare(vl_tail *tail, const vl_catalogue *catalogue, const vl_row_set *rows);

/** What begins before `end` is known, whatever follows. `is_clean`: no match crosses it either. */
typedef struct vl_settled {
    size_t end;
    bool is_clean;
} vl_settled;

/** The end of what is settled in text[from, size), where `from` is a clean end. Looks at a few hundred bytes at most. */
vl_settled vl_tail_settled(const vl_tail *tail, const uint8_t *text, size_t from, size_t size);

#endif

/*
 * Rows of the table that need no code of their own: each is compiled from its reference pattern, and found where a run of digits
 * stands that it can begin with. See formats.c.
 */
#ifndef VL_TEXT_FORMATS_H
#define VL_TEXT_FORMATS_H

#include "core/alloc.h"
#include "text/automaton.h"
#include "text/scan.h"

#define VL_FORMAT_STARTS 16u

/** A pattern, for all rows that have it with the same conditions on the left and the right. */
typedef struct vl_format {
    uint64_t first; /* the automaton; see automaton.h */
    uint64_t accept;
    uint64_t one;           /* positions with an edge to the next one */
    uint64_t two;           /* to the next but one */
    uint64_t more;          /* positions with other edges: in `follow` */
    const uint64_t *masks;  /* positions that take a byte of this class */
    const uint64_t *follow; /* by position, for those in `more` */
    uint64_t starts
        [VL_FORMAT_STARTS]; /* by what stands before the first digit: bit 63 - d, it stands d bytes behind the start */
    uint16_t row_begin;     /* of vl_formats.rows */
    uint16_t row_count;
    bool starts_word;
} vl_format;

/** What stands around a run of digits, as far as it decides which formats can match there. */
typedef struct vl_around {
    uint8_t before;   /* VL_BEFORE_*, with the number of letters */
    uint8_t run;      /* digits - 1, at most 15 */
    uint8_t behind;   /* VL_BEHIND_* */
    uint8_t word;     /* bytes of the word that the run stands in, at most 63 */
    uint8_t digit;    /* the first one */
    uint8_t second;   /* what joins a second run, and its digits, at most 15; see VL_SECOND_ANY */
    uint8_t previous; /* the byte before, the two bytes behind */
    uint8_t next[2];
    uint16_t third; /* the byte behind the second run; VL_THIRD_ANY */
} vl_around;

/** Shapes of numbers that anchors.c can leave out (free_words), where formats_free.c proves that nothing is lost. Short: one to
 *  three digits; a rest goes on from another number. */
enum {
    VL_FREE_POINT, /* a short rest behind a dot or colon, before a dot */
    VL_FREE_END,   /* a short rest that ends its word, before neither a dot nor, one byte on, a letter */
    VL_FREE_UNIT,  /* a short rest and one letter */
    VL_FREE_HOUR,  /* a rest of two digits, a letter and two digits */
    VL_FREE_YEAR,  /* four digits, a dash, two digits and a dash */
    VL_FREE_DOTS,  /* short, a dot, a short number and a dot */
    VL_FREE_LONG,  /* four to six digits and a letter in a word of up to seven bytes */
    VL_FREE_RULES
};

/** For some set of rows: for each value of each member of vl_around, the set of the formats that can have it. */
typedef struct vl_format_view {
    size_t words;      /* of a set */
    uint64_t *sets;    /* VL_AROUND_ROWS of them; see formats_keys.h */
    size_t count;      /* formats */
    uint16_t *ids;     /* the format of each bit */
    uint64_t *numbers; /* the same by the members of vl_number_block: VL_NUMBER_ROWS words for each word of a set */
    uint64_t free[VL_FREE_RULES]; /* all ones: no format can begin with a number of this shape */
    const struct vl_formats *formats;
} vl_format_view;

typedef struct vl_formats {
    vl_allocator allocator;
    uint8_t class_of[256]; /* bytes that no pattern tells apart share a class */
    unsigned class_count;
    size_t count;
    vl_format *items;
    uint64_t *masks;
    uint64_t *follow;
    size_t mask_count;
    size_t follow_count;
    uint16_t *rows;
    size_t row_count;
    vl_format_view all;
    vl_format_view chosen; /* of the rows in force by default */
} vl_formats;

/** Compile the rows that have neither VL_ROW_HYPERSCAN nor VL_ROW_OWN. `chosen`: the rows in force by default. SELF_TEST when a
 *  pattern is outside the subset, with the row's name and the reason. */
veil_status vl_formats_create(const vl_allocator *allocator, const vl_row *rows, size_t row_count,
                              const vl_row_set *chosen, vl_formats **out, veil_error *error);
void vl_formats_destroy(vl_formats *formats);

/** Fill view->free from its sets. */
void vl_free_find(vl_format_view *view);

/** For a scan of the rows in force by default, or of any others. NULL when there is no format. */
const vl_format_view *vl_formats_view(const vl_formats *formats, bool is_default);

/** Fill scan->formats_on: once a call, where rows other than the view's may be in force. */
void vl_formats_select(vl_scan *scan);

/** Of the words with digits in some blocks (at most VL_NUMBER_BLOCKS), those at which some format can match, as far as a look at
 *  all of them together tells: in `places`, by block. `starts`: their first digits; `rests`: those of them that vl_anchors says;
 *  each with one 0 behind. */
void vl_formats_find(const vl_scan *scan, const vl_format_view *view, size_t index, size_t count,
                     const uint64_t *starts, const uint64_t *rests, uint64_t *places);

/** `is_rest`: the digits at p go on from another number (see vl_anchors.rests). */
vl_around vl_around_read(const vl_scan *scan, size_t p, bool is_rest);

/** Word w of the set of formats that can match there. */
uint64_t vl_formats_at(const vl_format_view *view, const vl_around *around, size_t w);

/** Where the format's matches that begin at `start` may end: bit i for start + i + 1. */
uint64_t vl_format_ends(const vl_formats *formats, const vl_format *format, const vl_scan *scan, size_t start);

/** Starts of the format's possible matches whose first digit is at p: bit 63 - d for p - d. */
uint64_t vl_format_starts(const vl_format *format, const vl_scan *scan, size_t p, unsigned before);

#endif

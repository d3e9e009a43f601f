/*
 * Rows of the table that need no code of their own: each is compiled from its reference pattern, and found where a run of digits
 * stands that it can begin with. See formats.c.
 */
#ifndef VL_TEXT_FORMATS_H
#define VL_TEXT_FORMATS_H

#include "core/alloc.h"
#include "text/automaton.h"
#include "text/scan.h"

#define VL_FORMAT_KEYS   4096u /* what stands around a run of digits; see vl_format_key */
#define VL_FORMAT_STARTS 16u
#define VL_SECOND_COUNT  4u /* a space, a dash, a dot; nothing, or something else: any length */

/** A pattern, for all rows that have it with the same conditions on the left and the right. */
typedef struct vl_format {
    uint64_t first; /* the automaton; see automaton.h */
    uint64_t accept;
    uint64_t one;           /* positions with an edge to the next one */
    uint64_t two;           /* to the next but one */
    uint64_t more;          /* positions with other edges: in `follow` */
    const uint64_t *masks;  /* positions that take a byte of this class */
    const uint64_t *follow; /* NULL when `more` is 0 */
    uint64_t starts
        [VL_FORMAT_STARTS]; /* by what stands before the first digit: bit 63 - d, it stands d bytes behind the start */
    uint16_t digits;        /* that may be the first one */
    uint16_t row_begin;     /* of vl_formats.rows */
    uint16_t row_count;
    bool starts_word;
    uint16_t seconds[VL_SECOND_COUNT]; /* by what stands between: lengths that the second run of digits may have */
} vl_format;

/** Which formats to try at a run of digits, for some set of rows. */
typedef struct vl_format_view {
    uint16_t list_of[VL_FORMAT_KEYS]; /* index into lists: a count, then formats */
    uint16_t *lists;
    size_t list_size;
    vl_digit_filter filter;
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
    vl_format_view chosen;
} vl_formats;

/** Compile the rows that have neither VL_ROW_HYPERSCAN nor VL_ROW_OWN. `chosen`: the rows in force by default. SELF_TEST when a
 *  pattern is outside the subset, with the row's name and the reason. */
veil_status vl_formats_create(const vl_allocator *allocator, const vl_row *rows, size_t row_count,
                              const vl_row_set *chosen, vl_formats **out, veil_error *error);
void vl_formats_destroy(vl_formats *formats);

/** For a scan of the rows in force by default, or of any others. NULL when there is no format. */
const vl_format_view *vl_formats_view(const vl_formats *formats, bool is_default);

/** What stands around the run of digits at p: the kind of byte before it (with the number of letters), its length, the kind of
 *  byte behind it. `is_rest`: the digits go on from another number (see vl_anchors.rests). */
unsigned vl_format_key(const vl_scan *scan, size_t p, bool is_rest);

/** The first digit is one that a match can have there, and the second run of digits has a length that it can have. */
bool vl_format_fits(const vl_format *format, const vl_scan *scan, size_t p, unsigned key);

/** Where the format's matches that begin at `start` may end: bit i for start + i + 1. */
uint64_t vl_format_ends(const vl_formats *formats, const vl_format *format, const vl_scan *scan, size_t start);

/** Starts of the format's possible matches whose first digit is at p: bit 63 - d for p - d. */
uint64_t vl_format_starts(const vl_format *format, const vl_scan *scan, size_t p, unsigned key);

#endif

/*
 * Units: what the bytes at one place of a text stand for, once characters are folded and escapes are undone. A unit takes 1 to
 * VL_UNIT_MAX bytes of the source and gives 0 to 4. Every decoder shrinks or keeps the length (ratio at most 1).
 */
#ifndef VL_TEXT_DECODE_H
#define VL_TEXT_DECODE_H

#include "text/fold.h"

enum { /* vl_source.modes */
       VL_VIEW_FOLD = 1u,
       VL_VIEW_DECODE = 2u, /* percent, JSON, HTML */
       VL_VIEW_QUOTED = 4u, /* quoted-printable: in views of its own, for "=20" is a value in most texts */
       VL_VIEW_UNDER = 8u,  /* the underscore of "card_4111..." separates */
       VL_VIEW_OWN = 16u    /* the host's own words or patterns are in force: letters alone may be a value */
};

typedef struct vl_source {
    const uint8_t *text;
    size_t size;
    uint32_t modes;
    vl_fold_word word;
    bool marks_only;     /* what is no mark need not be read to its end */
    size_t hidden_start; /* characters that are not seen, the last ones that were walked through */
    size_t hidden_end;
} vl_source;

typedef struct vl_unit {
    uint8_t bytes[4];
    uint8_t count;
    uint8_t length;  /* of the source; at least 1 */
    bool is_changed; /* differs from the source */
    bool is_mark;    /* findings may depend on it: a view is worth its cost */
    bool may_nest;   /* gave something that another pass may decode or fold */
} vl_unit;

#define VL_HIDDEN_MAX 2048u /* bytes of characters in a row that are not seen: a value may go on behind them */
#define VL_UNIT_MAX   20u   /* bytes of a unit: "&ZeroWidthSpace;", a terminal's "ESC[38;2;255;255;255m" */
#define VL_UNIT_REACH 80u   /* bytes around a unit on which it depends: its neighbours, and whether digits are near */

/** Read the unit at p (p < size). */
void vl_unit_read(vl_source *source, size_t p, vl_unit *unit);

/** Something that looks for a value is near the unit [p, end): a digit, '@', the name of a value, ... */
bool vl_unit_has_near(const vl_source *source, size_t p, size_t end);

/** Bytes with which units may begin that differ from their source. */
void vl_unit_starts(uint32_t modes, vl_byte_set *set);

#endif

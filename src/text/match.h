/*
 * What passes between the parts of the text engine: matches (candidates that passed refinement, validation and context)
 * go from the scanner to overlap resolution, pieces go from there to the operators. Offsets are bytes relative to the
 * window that is being worked on (at most 4 GiB), so that a workspace has a fixed size whatever the text's length.
 */
#ifndef VL_TEXT_MATCH_H
#define VL_TEXT_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One finding before it is reported. */
typedef struct vl_match {
    uint32_t start;   /* bytes from the window's base */
    uint32_t end;     /* exclusive */
    float score;      /* final: validator and context are in it */
    uint16_t row;     /* index into the recognizer table */
    uint16_t entity;  /* index into the entity catalogue (ordered by name) */
    uint8_t priority; /* of the row: higher wins when score and length are equal */
    uint8_t is_loser; /* written by vl_overlaps_resolve */
    uint16_t is_view; /* found in a folded or decoded view: the original bytes are not the value itself */
} vl_match;

enum {
    VL_PIECE_WHOLE = 0, /* a winner: its operator */
    VL_PIECE_REST = 1,  /* what remains of a loser: always its placeholder <ENTITY>, whatever the operator */
    VL_PIECE_LONG =
        2 /* a chain beyond VL_CHAIN_MAX_BYTES, or a part of it: operators that work on the value (mask, hash)
                           would see a part of it, so it gets the placeholder; or a match of a view, whose bytes are not the value */
};

/** A range of the original that must go, and what replaces it. Pieces are disjoint and ordered. */
typedef struct vl_piece {
    uint32_t start;
    uint32_t end;
    uint16_t entity; /* whose operator or placeholder */
    uint16_t kind;   /* VL_PIECE_* */
} vl_piece;

/** DESIGN.md section 3: no finding and no chain of overlapping findings is longer; a longer run goes whole. */
#define VL_CHAIN_MAX_BYTES 8192u

#endif

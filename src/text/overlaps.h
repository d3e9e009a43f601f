/* Overlaps: one total order for what is reported, and the union of all findings for what is removed (THREATS row 12). */
#ifndef VL_TEXT_OVERLAPS_H
#define VL_TEXT_OVERLAPS_H

#include "text/match.h"

/**
 * Order matches by start, end, entity and mark losers. Total order of strength: score, length, priority, earlier start, row.
 * The strongest match wins its span; a match that overlaps a winner loses. In a chain longer than VL_CHAIN_MAX_BYTES, which
 * goes as one piece and which a stream cannot see to its end, the first match wins, then the first behind it, and so on. Exact
 * duplicates (same span and entity) become one; empty matches are dropped. Works in place, allocates nothing, O(n log n), and O(n) for matches that come nearly ordered.
 * @return the number of matches that remain
 */
size_t vl_overlaps_resolve(vl_match *matches, size_t count);

/** A chain beyond the bound whose first part was resolved before these matches were known. */
typedef struct vl_chain {
    uint32_t reach;      /* where its last match ends; 0: there is none. Grows with the matches that go on with it */
    uint32_t winner_end; /* where its last winner ends */
    size_t count;        /* out: how many of the matches, the first ones, belong to it */
} vl_chain;

/** The same behind such a chain: none of the matches begins before those that it had. */
size_t vl_overlaps_resolve_behind(vl_match *matches, size_t count, vl_chain *chain);

/**
 * Pieces that cover the union of all matches (winners and losers): the winner's span for its operator, the rest of each
 * loser for its placeholder. A chain of overlapping matches longer than VL_CHAIN_MAX_BYTES becomes one piece of its first
 * entity. `matches` as vl_overlaps_resolve left them.
 * @param pieces  room for 2 * count + 1
 * @return the number of pieces
 */
size_t vl_overlaps_pieces(const vl_match *matches, size_t count, vl_piece *pieces);

#endif

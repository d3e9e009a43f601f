/*
 * Matches without a bound: URLs, tokens of base64url parts, private keys. What each of them keeps to, so that a stream decides as
 * one call does:
 * - whether it is a match depends on its first VL_CHAIN_MAX_BYTES bytes (and VL_LOOK_BACK more), where it ends may depend on a
 *   few hundred bytes behind; a candidate that runs into the end of a text that may grow is noted (vl_note_*), and is
 *   undecided for no longer than that;
 * - how far it goes for certain grows with the text, and never lies more than VL_OPEN_REST before where it ends so far.
 */
#ifndef VL_TEXT_WALKS_H
#define VL_TEXT_WALKS_H

#include "text/scan.h"

#define VL_OPEN_REST 1536u

enum { VL_OPEN_NONE = 0, VL_OPEN_URL = 1, VL_OPEN_TOKEN = 2, VL_OPEN_KEY = 3, VL_OPEN_RUN = 4 };

/** What begins at `start` may be a match, which more text will tell. */
static inline void vl_note_undecided(vl_scan *scan, size_t start)
{
    if (start >= scan->first && start < scan->open.undecided) scan->open.undecided = start;
}

/** A match that was just emitted goes to `end` at least. */
static inline void vl_note_open(vl_scan *scan, uint32_t kind, unsigned row, size_t start, size_t end)
{
    if (start >= scan->first && start < scan->open.start)
        scan->open = (vl_open){scan->open.undecided, start, end, row, kind};
}

void vl_match_jwt(vl_scan *scan, size_t hit_end);         /* behind "eyJ" and five more characters of a token */
void vl_match_private_key(vl_scan *scan, size_t hit_end); /* behind a begin line */

void vl_match_wrapped_key(vl_scan *scan, size_t start, size_t hit_end);
void vl_match_putty_key(vl_scan *scan, size_t start, size_t hit_end);

/** runs.c: where the run of this kind that begins at `start` and goes to `least` at least ends so far; no byte is walked twice. */
size_t vl_run_end(vl_scan *scan, unsigned kind, size_t start, size_t least);

/** Emit a match of the row that begins at `start` and goes to the end of its run. Nothing when it lies inside the match that was
 *  found last in the same run. The validator sees VL_CHAIN_MAX_BYTES at most. */
void vl_emit_run(vl_scan *scan, unsigned kind, unsigned row, size_t start, size_t end);

/** The same for a row flagged VL_ROW_RUN, whose pattern matched [start, hit_end). */
void vl_match_run(vl_scan *scan, unsigned row, size_t start, size_t hit_end);

/** runs.c: the part of vl_walk_on for these. */
bool vl_walk_run(vl_scan *scan, size_t *end);

/** Go on with the open match of this kind that began before the window. True: it ends at *end; false: it goes to *end at least. */
bool vl_walk_on(vl_scan *scan, uint32_t kind, size_t *end);

/** web.c: the part of vl_walk_on for URLs. */
bool vl_walk_url(vl_scan *scan, size_t *end);

#endif

/*
 * The walk over a text in windows, with what stays from one window to the next: results are those of one window without end.
 * A window is a bounded piece of work, so a walk can stop between two of them and go on later, with more text or another
 * workspace.
 */
#ifndef VL_TEXT_WINDOWS_H
#define VL_TEXT_WINDOWS_H

#include "text/engine.h"
#include "text/overlaps.h"

/** A chain of matches beyond VL_CHAIN_MAX_BYTES that was cut through: its placeholder is written. Positions in the text. */
typedef struct vl_carried {
    size_t reach;      /* where the last of its matches ends, as far as is known; 0: there is none */
    size_t winner_end; /* where the match that won last ends; what begins before it loses */
    size_t certain;    /* open: the chain goes so far for certain */
    uint32_t open;     /* VL_OPEN_*: a match of the chain whose end is not known yet */
    bool open_wins;    /* ... and it is the one that won last */
} vl_carried;

typedef struct vl_windows {
    const vl_text_engine *engine;
    const vl_plan *plan;
    vl_workspace *workspace;
    const vl_operator_set *operators;
    bool drops_kept; /* findings that are kept take part in nothing */
    vl_scan scan;    /* its text and size are the text that is walked */
    size_t cut;      /* everything before is decided, reported and written */
    size_t settled;  /* what begins before may be decided; the text's size unless the text may grow */
    vl_carried carried;
    vl_own_runs own_runs;
} vl_windows;

/** What a window holds: matches, ordered, with their losers. The first ones go on with the carried chain. */
typedef struct vl_window {
    size_t first;   /* [first, cut) is the window */
    size_t count;   /* of w->scan.matches */
    vl_chain chain; /* relative to w->scan.base */
} vl_window;

/** Begin a walk over text[0, size) with the engine's operators. Borrows everything. */
void vl_windows_init(vl_windows *windows, const vl_text_engine *engine, const vl_plan *plan, const uint8_t *text,
                     size_t size);
/** Give a walk its workspace: at its beginning, and when it goes on with another one. */
void vl_windows_attach(vl_windows *windows, vl_workspace *workspace);

/** Use the operators of the plan's rules, kept in the workspace, in place of the engine's. `redacts`: they will run. */
veil_status vl_windows_operators(vl_windows *windows, bool redacts, veil_error *error);

/** Find the matches of one window and move `cut` behind it; it stays where it is when more text must come first. INTERNAL or
 *  TIMEOUT. */
veil_status vl_windows_find(vl_windows *windows, vl_window *window, veil_error *error);
/** Write [from, cut) with pieces in place of matches[0, count), which begin at `from` or behind it. */
veil_status vl_windows_write(const vl_windows *windows, size_t from, size_t cut, const vl_match *matches, size_t count,
                             vl_sink *sink);
/** The same in two steps: pieces into the workspace; then text and what replaces the pieces (relative to scan.base). */
size_t vl_windows_pieces(const vl_windows *windows, size_t cut, const vl_match *matches, size_t count);
veil_status vl_windows_apply(const vl_windows *windows, size_t from, size_t to, const vl_piece *pieces, size_t count,
                             vl_sink *sink);
/** Remember what of the first `count` matches goes on behind `cut`. */
void vl_windows_carry(vl_windows *windows, size_t count);
/** The match is the open one: its end is not known. */
bool vl_windows_is_open(const vl_windows *windows, const vl_match *match);

#endif

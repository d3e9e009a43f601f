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
    size_t reach;      /* where the last of its matches ends; 0: there is none */
    size_t winner_end; /* where the match that won last ends; what begins before it loses */
} vl_carried;

typedef struct vl_windows {
    const vl_text_engine *engine;
    const vl_plan *plan;
    vl_workspace *workspace;
    const vl_operator_set *operators;
    vl_output *output;
    vl_scan scan; /* its text and size are the text that is walked */
    size_t cut;   /* everything before is decided, reported and written */
    vl_carried carried;
    vl_own_runs own_runs;
} vl_windows;

/** Begin a walk. Borrows everything. Errors are those of the call's operator rules. */
veil_status vl_windows_begin(vl_windows *windows, const vl_text_engine *engine, const vl_plan *plan,
                             vl_workspace *workspace, const uint8_t *text, size_t size, vl_output *output,
                             veil_error *error);
/** Work on one window: moves `cut` on. INTERNAL, TIMEOUT, or the error of an operator. */
veil_status vl_windows_step(vl_windows *windows, veil_error *error);

#endif

/*
 * What the parts of views share: views.c makes views of marks and scans all of them; views_runs.c makes those of runs of base64
 * and hexadecimal digits, in the text and in views.
 */
#ifndef VL_TEXT_VIEWS_PARTS_H
#define VL_TEXT_VIEWS_PARTS_H

#include <string.h>

#include "text/views.h"

#define VL_VIEW_EDGE   64u /* a finding nearer to a border of its view may look different with more text around it */
#define VL_VIEW_PASSES 3u  /* depth: an escape in an escape, and characters that it gave */
#define VL_VIEW_PREFIX 96u /* bytes of text before a run that may hold its context */

/** The search of one window. */
typedef struct vl_finder {
    const vl_view_call *call;
    vl_scan *scan; /* of the window */
    size_t from;
    size_t limit;  /* what begins there and later is left to the next window */
    bool was_used; /* a view was made */
    bool is_over;  /* more matches than can be held */
} vl_finder;

/** Run every row over the view; what counts joins the matches of the window. */
veil_status vl_view_scan(vl_finder *f, const vl_view *view);

/** Undo what is encoded twice. The result is in *shown or in *spare, which change places. */
void vl_view_deepen(uint32_t modes, unsigned passes, vl_view **shown, vl_view **spare);

/** Scan the first of the views, `passes` deeper, and the runs in it. */
veil_status vl_views_deeper(vl_finder *f, uint32_t modes, unsigned passes);

/** Runs of the window. */
veil_status vl_runs_scan(vl_finder *f);

/** Runs within a view: of fewer digits than a text's, and what is encoded twice. */
veil_status vl_runs_inner_short(vl_finder *f, vl_view *view, vl_view *inner);
veil_status vl_runs_inner(vl_finder *f, vl_view *view, vl_view *spare, vl_view *inner);

static inline void vl_view_clear(vl_view *view, size_t origin)
{
    view->origin = origin;
    view->size = 0;
    view->shown = 0;
    view->starts_text = origin == 0;
    view->ends_text = false;
    view->may_nest = false;
    view->is_run = false;
    view->is_binary = false;
    view->is_under = false;
    memset(view->marked, 0, sizeof view->marked);
}

static inline void vl_view_mark(vl_view *view, size_t i)
{
    view->marked[i / 64] |= 1ull << i % 64;
}

static inline bool vl_view_has_mark(const vl_view *view, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((view->marked[i / 64] >> i % 64 & 1) != 0) return true;
    return false;
}

static inline void vl_view_add(vl_view *view, uint8_t byte, size_t start, size_t end)
{
    view->bytes[view->size] = byte;
    view->start[view->size] = (uint16_t)start;
    view->end[view->size++] = (uint16_t)end;
}

#endif

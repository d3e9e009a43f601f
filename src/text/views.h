/*
 * Views: what a piece of the text says once characters are folded and encodings undone, scanned as a text of its own. What is
 * found there is mapped back to the original bytes and joins the matches of the window; duplicates and overlaps are the
 * business of overlaps.c.
 *
 * What does not depend on windows: a finding of a view lies within VL_VIEW_REACH original bytes of a mark (decode.h) and is at
 * most VL_VIEW_SPAN_MAX original bytes long, or it is a run of base64 or hexadecimal digits of at most VL_RUN_MAX bytes that
 * goes whole. Whether it is one depends on less than VL_LOOK_BACK bytes before it and on VL_VIEW_AHEAD bytes from its start.
 */
#ifndef VL_TEXT_VIEWS_H
#define VL_TEXT_VIEWS_H

#include "text/decode.h"
#include "text/decode_runs.h"
#include "text/scan.h"
#include "veil.h"

#define VL_VIEW_REACH    384u  /* original bytes around a mark that its view shows */
#define VL_VIEW_SPAN_MAX 2048u /* original bytes of one finding, runs apart */
#define VL_VIEW_BYTES    4608u /* of a view, and of the original behind it; a multiple of 64 */
#define VL_VIEW_BLOCKS   (VL_VIEW_BYTES / 64)
#define VL_VIEW_AHEAD    4608u /* for streams: what begins at p is decided once this much behind p is there */

/** A text and where its bytes come from. Map positions count from `origin`. */
typedef struct vl_view {
    size_t origin;
    uint32_t size;
    uint32_t shown;   /* original bytes that it shows, what is not seen at its end included */
    bool starts_text; /* nothing stands before that could change what is found at the start */
    bool ends_text;
    bool may_nest;  /* another pass may decode more */
    bool is_run;    /* findings remove `run_start` to `run_end` whole */
    bool is_binary; /* not all of it is text: findings must lie in a piece that is */
    bool is_under;  /* findings stand behind an underscore and need context */
    uint16_t run_start;
    uint16_t run_end;
    uint16_t start[VL_VIEW_BYTES]; /* original bytes of each byte */
    uint16_t end[VL_VIEW_BYTES];
    uint64_t marked[VL_VIEW_BLOCKS + 1]; /* bytes that matter to a finding */
    uint8_t bytes[VL_VIEW_BYTES];
} vl_view;

/** Work space, part of a workspace's secret pages. */
typedef struct vl_views {
    vl_view views[3];
    vl_class_block blocks[VL_VIEW_BLOCKS + 2];
    uint64_t candidates[VL_WINDOW_BLOCKS + 1]; /* bytes of the window with which units may begin */
    uint16_t run_origin[VL_VIEW_BYTES];
    vl_match matches[VL_MATCH_MAX];
} vl_views;

/** Sets of bytes with which units begin; built at creation. */
typedef struct vl_view_sets {
    vl_byte_set marks;  /* in any mode but UNDER: what a window is searched for */
    vl_byte_set units;  /* FOLD and DECODE */
    vl_byte_set quoted; /* and QUOTED */
    vl_byte_set under;
} vl_view_sets;

/** `modes` without what VEIL_TEXT_NO_FOLD and VEIL_TEXT_NO_DECODE switch off. */
uint32_t vl_view_modes(uint32_t modes, uint64_t flags);

void vl_view_sets_make(vl_view_sets *sets);

/** Add the bytes of which texts with something to fold or decode hold one, runs of VL_RUN_LEAST letters and digits apart. */
void vl_view_triggers(uint32_t modes, vl_byte_set *set);

/* What the scan of a view needs beside the window. Defined in views.c's callers: the rows' scan of windows.c. */
typedef veil_status (*vl_view_scan_fn)(void *user, vl_scan *scan, size_t limit, size_t *stop);

typedef struct vl_view_call {
    vl_views *views;
    const vl_view_sets *sets;
    uint32_t modes;       /* VL_VIEW_FOLD | VL_VIEW_DECODE as far as the call wants them */
    vl_view_scan_fn scan; /* every row in force, over a text of its own */
    void *user;
} vl_view_call;

/**
 * Find in the views of [scan->first, *limit) and add to scan->matches, at most half of VL_MATCH_MAX. When these are full
 * *limit becomes the place up to which all is known. To be called before the window's own scan.
 */
veil_status vl_views_scan(const vl_view_call *call, vl_scan *scan, size_t *limit);

/** For streams: what begins before the result cannot become a finding of a view, whatever follows text[0, size). */
size_t vl_views_settled(const vl_view_sets *sets, const vl_kernels *kernels, uint32_t modes, const uint8_t *text,
                        size_t size);

#endif

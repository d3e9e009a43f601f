/*
 * The host's own recognizers inside the text engine: checked, copied and compiled once; then rows behind the table's rows,
 * found by Hyperscan (patterns), a word list (words) or the host itself (callbacks). Allow lists take findings out.
 */
#ifndef VL_TEXT_CUSTOM_H
#define VL_TEXT_CUSTOM_H

#include "core/alloc.h"
#include "text/scan.h"

#define VL_OWN_MATCH_MAX (VL_MATCH_MAX / 4 * 3) /* of a window; more, and the window is made shorter */

typedef struct vl_custom vl_custom;
typedef struct vl_custom_scratch vl_custom_scratch; /* of one workspace */

#define VL_OWN_RUN_MAX                                                                                                 \
    500u /* overlapping matches of a row are one finding up to this many bytes: less than VL_LOOK_BACK */
#define VL_OWN_RUNS_MAX 8u

/** A finding that a window's cut goes through (of a chain that fills the window): the row's next matches join it. */
typedef struct vl_own_run {
    size_t start;
    size_t end;
    uint16_t row;
} vl_own_run;

/** Of rows beyond VL_OWN_RUNS_MAX the parts are findings of their own; what is removed is the same. */
typedef struct vl_own_runs {
    unsigned count;
    vl_own_run items[VL_OWN_RUNS_MAX];
} vl_own_runs;

/** Check, copy and compile config->recognizers and config->allow. *out is NULL when there are none. The reason of a failure
 *  names the recognizer, its line and what is wrong. */
veil_status vl_custom_create(const vl_allocator *allocator, const veil_config *config, vl_custom **out,
                             veil_error *error);
void vl_custom_destroy(vl_custom *custom);
/** The table with the rows and entities of `custom` (NULL: none). */
vl_catalogue vl_custom_catalogue(const vl_custom *custom);
/** Known answer of own row `index`, or NULL. */
const char *vl_custom_sample(const vl_custom *custom, unsigned index);

/** INVALID_ARGUMENT: the recognizer does not find its sample. */
veil_status vl_custom_refuse_sample(const vl_custom *custom, unsigned index, veil_error *error);
bool vl_custom_has_callbacks(const vl_custom *custom, const vl_row_set *rows);

veil_status vl_custom_scratch_create(const vl_custom *custom, vl_custom_scratch **out);
void vl_custom_scratch_destroy(vl_custom_scratch *scratch);

/** Once for each text, before its first window: runs the callbacks of the rows in force. */
veil_status vl_custom_begin(const vl_custom *custom, vl_custom_scratch *scratch, const vl_row_set *rows,
                            const uint8_t *text, size_t size, veil_error *error);
/**
 * Emit the matches that start in [from, *limit) of the scan's window; `runs`: what the window before left open.
 * @return VEIL_OK; LIMIT when there are more than VL_OWN_MATCH_MAX: *limit is where it had that many, try again with less; INTERNAL
 */
veil_status vl_custom_scan(const vl_custom *custom, vl_custom_scratch *scratch, vl_scan *scan, size_t from,
                           size_t *limit, const vl_own_runs *runs);
/** What `cut` goes through. */
void vl_custom_note_runs(const vl_scan *scan, size_t cut, vl_own_runs *runs);
/** Take out the matches that the allow lists name. */
veil_status vl_custom_allow(const vl_custom *custom, vl_custom_scratch *scratch, vl_scan *scan);

#endif

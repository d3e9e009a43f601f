/* Values that only the word before them tells: an age ("age: 42"), a BIC that is all letters ("BIC DEUTDEFF"). */
#ifndef VL_TEXT_CUES_H
#define VL_TEXT_CUES_H

#include "text/scan.h"

/** How the words of all cues begin, and those of cues whose values need not hold a row's trigger. */
void vl_cues_prepare(vl_letter_set *all, vl_lead_set *silent);

/** Emit the values that begin in [scan->first, *limit). *limit moves back where there are too many of them for one window. */
void vl_cues_scan(vl_scan *scan, const vl_letter_set *all, size_t *limit);

#endif

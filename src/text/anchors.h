/* Anchors: the bytes at which the scanner calls a matcher, found for some blocks at a time. */
#ifndef VL_TEXT_ANCHORS_H
#define VL_TEXT_ANCHORS_H

#include "text/scan.h"

#define VL_ANCHOR_BLOCKS 8u

/** Bit j of [i]: byte j of the group's block i. */
typedef struct vl_anchors {
    uint64_t numbers[VL_ANCHOR_BLOCKS]; /* first digits of words that begin with one */
    uint64_t rests[VL_ANCHOR_BLOCKS];   /* of these, numbers that go on from another */
    uint64_t words[VL_ANCHOR_BLOCKS];   /* first digits of words that begin with a letter */
    uint64_t formats[VL_ANCHOR_BLOCKS]; /* first digits of words at which some format may match */
    uint64_t schemes[VL_ANCHOR_BLOCKS]; /* colons of "://" */
    uint64_t doubles[VL_ANCHOR_BLOCKS]; /* the first of two colons */
    uint64_t singles
        [VL_ANCHOR_BLOCKS]; /* colons that stand alone, the first of five or more in groups of one to four bytes */
    uint64_t macs[VL_ANCHOR_BLOCKS];  /* the first of five colons or dashes three bytes apart */
    uint64_t hosts[VL_ANCHOR_BLOCKS]; /* dots between a letter or digit and a letter */
} vl_anchors;

/** Anchors of the blocks from `index` on, as far as there are blocks. False when there are none, and no '@' either: `out` then
 *  says nothing. */
bool vl_anchors_find(vl_scan *scan, size_t index, vl_anchors *out);

#endif

/*
 * What was found in the frames before, followed through time: constant velocity, association by overlap and distance, and a
 * box that goes on, and grows, when a search misses what it found before (THREATS row 24). Plain numbers; knows no pixels.
 */
#ifndef VL_IMAGE_TRACKS_H
#define VL_IMAGE_TRACKS_H

#include "image/marks.h"

#define VL_TRACKS_MAX                                                                                                  \
    256u /* what does not fit is not followed: `overflow` says so, and the next frame is to be searched */

typedef struct vl_track {
    const char *entity; /* NULL: free */
    float x;            /* box where it is now, or would be */
    float y;
    float w;
    float h;
    float vx; /* pixels per frame */
    float vy;
    float score;            /* when it was last found */
    uint32_t age;           /* frames since it was last found */
    uint32_t missed_frames; /* frames since a search did not find it, that one included; 0: the last search found it */
    uint32_t is_fresh;      /* found in this frame */
    uint32_t reserved;
} vl_track;

typedef struct vl_tracks {
    vl_track items[VL_TRACKS_MAX];
    uint32_t overflow; /* things of the last search that found no room */
} vl_tracks;

/** One frame later. Tracks that a search missed `hold_frames` frames ago or earlier end. */
void vl_tracks_advance(vl_tracks *tracks, uint32_t hold_frames);

/** A search of this frame found these: they take over tracks or begin new ones. Tracks that were not found begin to be
 *  held, and end at once when `hold_frames` is 0. */
void vl_tracks_update(vl_tracks *tracks, const vl_mark_list *found, uint32_t hold_frames);

/** Add the tracks that were not found in this frame, where they would be, clipped to the view. False: no room. */
bool vl_tracks_list(const vl_tracks *tracks, const vl_image_view *view, vl_mark_list *marks);

#endif

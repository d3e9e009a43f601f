/* Tracks. Constants: what moves through a picture of 15 to 60 frames a second, by hand-made sequences (tracks_test.c). */
#include "image/tracks.h"

#include <math.h>
#include <string.h>

#define NEAR_SIDES   0.8F  /* centres at most this many box sides apart may be one thing */
#define SIZE_RATIO   2.0F  /* of the same thing in two searches */
#define SPEED_KEPT   0.5F  /* of the old speed, when a new one is measured */
#define GROWTH       0.04F /* of a side, on each side, for every frame without a search that found it */
#define GROWTH_MAX   0.5F
#define SPEED_DECAYS 0.98F /* per frame without one: things come to rest */

/* Searches may be far apart: the frames count from the first one that missed it. */
static bool is_held_long_enough(const vl_track *track, uint32_t hold_frames)
{
    return track->missed_frames > hold_frames;
}

void vl_tracks_advance(vl_tracks *tracks, uint32_t hold_frames)
{
    for (size_t i = 0; i < VL_TRACKS_MAX; i++) {
        vl_track *track = &tracks->items[i];

        if (track->entity == NULL) continue;
        if (track->missed_frames > 0) track->missed_frames++;
        if (is_held_long_enough(track, hold_frames)) {
            *track = (vl_track){0};
            continue;
        }
        track->x += track->vx;
        track->y += track->vy;
        track->age++;
        track->is_fresh = 0;
        if (track->age > 1) {
            track->vx *= SPEED_DECAYS;
            track->vy *= SPEED_DECAYS;
        }
    }
}

/* Smaller is better; infinite when they cannot be the same. */
static float distance(const vl_track *track, const vl_mark *found)
{
    const float w = (float)found->rect.w, h = (float)found->rect.h;
    const float dx = (float)found->rect.x + w / 2 - (track->x + track->w / 2);
    const float dy = (float)found->rect.y + h / 2 - (track->y + track->h / 2);
    const float side_x = (w > track->w ? w : track->w) * NEAR_SIDES,
                side_y = (h > track->h ? h : track->h) * NEAR_SIDES;
    const bool is_alike = w <= track->w * SIZE_RATIO && track->w <= w * SIZE_RATIO && h <= track->h * SIZE_RATIO &&
                          track->h <= h * SIZE_RATIO;

    if (!is_alike || fabsf(dx) > side_x || fabsf(dy) > side_y || strcmp(track->entity, found->entity) != 0)
        return INFINITY;
    return dx * dx / (side_x * side_x) + dy * dy / (side_y * side_y);
}

static vl_track *best_track(vl_tracks *tracks, const vl_mark *found)
{
    vl_track *best = NULL;
    float least = INFINITY;

    for (size_t i = 0; i < VL_TRACKS_MAX; i++) {
        vl_track *track = &tracks->items[i];
        float far;

        if (track->entity == NULL || track->is_fresh != 0) continue;
        far = distance(track, found);
        if (far < least) {
            least = far;
            best = track;
        }
    }
    return best;
}

/* The track stands where it was expected: what it is off by, it was too slow or fast in the frames since it was found. */
static void take_over(vl_track *track, const vl_mark *found)
{
    const float frames = track->age > 0 ? (float)track->age : 1;
    const float ex = (float)found->rect.x + (float)found->rect.w / 2 - (track->x + track->w / 2);
    const float ey = (float)found->rect.y + (float)found->rect.h / 2 - (track->y + track->h / 2);

    track->vx += (1 - SPEED_KEPT) * ex / frames;
    track->vy += (1 - SPEED_KEPT) * ey / frames;
    track->x = (float)found->rect.x;
    track->y = (float)found->rect.y;
    track->w = (float)found->rect.w;
    track->h = (float)found->rect.h;
    track->score = found->score;
    track->age = 0;
    track->missed_frames = 0;
    track->is_fresh = 1;
}

static void begin(vl_tracks *tracks, const vl_mark *found)
{
    for (size_t i = 0; i < VL_TRACKS_MAX; i++) {
        vl_track *track = &tracks->items[i];

        if (track->entity != NULL) continue;
        *track = (vl_track){.entity = found->entity,
                            .x = (float)found->rect.x,
                            .y = (float)found->rect.y,
                            .w = (float)found->rect.w,
                            .h = (float)found->rect.h,
                            .score = found->score,
                            .is_fresh = 1};
        return;
    }
    tracks->overflow++;
}

void vl_tracks_update(vl_tracks *tracks, const vl_mark_list *found, uint32_t hold_frames)
{
    tracks->overflow = 0;
    for (size_t i = 0; i < found->count; i++) {
        vl_track *track = best_track(tracks, &found->items[i]);

        if (track != NULL)
            take_over(track, &found->items[i]);
        else
            begin(tracks, &found->items[i]);
    }
    for (size_t i = 0; i < VL_TRACKS_MAX; i++) {
        vl_track *track = &tracks->items[i];

        if (track->entity == NULL || track->is_fresh != 0) continue;
        if (track->missed_frames == 0) track->missed_frames = 1;
        if (is_held_long_enough(track, hold_frames)) *track = (vl_track){0};
    }
}

bool vl_tracks_list(const vl_tracks *tracks, const vl_image_view *view, vl_mark_list *marks)
{
    for (size_t i = 0; i < VL_TRACKS_MAX; i++) {
        const vl_track *track = &tracks->items[i];
        float grown;
        vl_rect rect;

        if (track->entity == NULL || track->is_fresh != 0) continue;
        grown = GROWTH * (float)track->age < GROWTH_MAX ? GROWTH * (float)track->age : GROWTH_MAX;
        if (!vl_rect_clip(view, (int64_t)floorf(track->x - track->w * grown),
                          (int64_t)floorf(track->y - track->h * grown), (int64_t)ceilf(track->w * (1 + 2 * grown)) + 1,
                          (int64_t)ceilf(track->h * (1 + 2 * grown)) + 1, &rect))
            continue; /* it has left the picture */
        if (!vl_marks_add(marks, track->entity, rect, track->score)) return false;
    }
    return true;
}

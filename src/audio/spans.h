/*
 * From times to samples: the caller's ranges and the findings of the transcript become spans of frames with their guard band,
 * and these become, for each channel, segments that do not overlap.
 *
 *   original ... | fade out | guard | span | guard | fade in | ... original
 *                            <------ segment(s) ------>
 *
 * Where spans with different effects overlap, silence goes before noise and noise before beep. Runs that lie closer than two
 * fades are one.
 */
#ifndef VL_AUDIO_SPANS_H
#define VL_AUDIO_SPANS_H

#include "audio/find.h"
#include "audio/sound.h"

typedef struct vl_span {
    uint64_t start; /* frames, guard included */
    uint64_t end;
    int32_t channel; /* -1: all */
    uint32_t effect; /* VEIL_EFFECT_BEEP, _SILENCE, _NOISE */
} vl_span;

typedef struct vl_segment {
    uint64_t start;
    uint64_t end;
    uint32_t effect;
    uint8_t starts_run; /* a fade lies before it */
    uint8_t ends_run;   /* a fade lies behind it */
} vl_segment;

/** The segments of one channel, or of all when `channel` is -1. Ordered, disjoint. */
typedef struct vl_track {
    vl_segment *segments;
    uint32_t count;
    int32_t channel;
} vl_track;

typedef struct vl_tracks {
    vl_track *items; /* one for all channels, or one for each that has segments */
    uint32_t count;
    vl_segment *touched; /* frames that any channel replaces or fades, ordered, disjoint */
    uint32_t touched_count;
    uint64_t touched_frames;
    uint64_t fade_frames;
} vl_tracks;

/** Check one range. INVALID_ARGUMENT. */
veil_status vl_spans_check_range(const veil_audio_range *range, size_t index, const vl_sound *sound, double guard_s,
                                 veil_error *error);

/** A span of frames with its guard, cut at the sound's end. False when nothing is left of it, or it is to be kept. */
bool vl_span_make(const vl_sound *sound, double guard_s, double start_s, double end_s, int32_t channel, uint32_t effect,
                  vl_span *out);
/** The one that goes where both are asked for. KEEP is weaker than all. */
uint32_t vl_effect_stronger(uint32_t a, uint32_t b);

/** Everything that was found. */
typedef struct vl_found {
    const veil_audio_range *ranges;
    size_t range_count;
    const vl_hits *hits;
    const vl_tones *tones;
} vl_found;

/** Spans of everything found whose effect is not KEEP, ordered by start. BUSY, NO_MEMORY. */
veil_status vl_spans_make(const vl_audio_plan *plan, const vl_found *found, const vl_sound *sound, vl_audio_work *work,
                          vl_span **out, uint32_t *count);

/** Segments of every channel. BUSY, NO_MEMORY. */
veil_status vl_tracks_make(const vl_span *spans, uint32_t count, const vl_sound *sound, double fade_s,
                           vl_audio_work *work, vl_tracks *out);

#endif

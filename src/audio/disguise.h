/*
 * Disguise of whole voices, channel by channel: frames of 20 ms, one each 10 ms from sample 0 on, whatever pieces the sound comes in.
 * Works in the sound's own memory: a sample is taken in, and the finished one of two hops before is written back.
 *
 *   view   ... finished | taken in, not finished (two hops) | to come ...
 *                       ^ fed - delay                       ^ fed
 *
 * Spans that are to be cut go in as silence. So nothing of them, and nothing of what is put in their place, is in what comes
 * out; vl_mix_apply on the finished samples puts the beep where it belongs.
 */
#ifndef VL_AUDIO_DISGUISE_H
#define VL_AUDIO_DISGUISE_H

#include "audio/effects.h"
#include "audio/mcadams.h"

typedef struct vl_disguise {
    vl_mcadams *model;
    double *made;     /* a frame on its way out */
    double *channels; /* of each channel: two hops of frame, one hop each of what overlaps and of what is finished */
    uint64_t chosen;  /* bit c: channel c; 0: all */
    uint64_t fed;     /* frames of the sound that were taken in */
    uint32_t delay;   /* two hops */
    uint32_t fill;    /* of the hop that is taken in */
} vl_disguise;

/** Bytes that vl_disguise_make takes, at most; and the delay in frames. 0 above VL_MCADAMS_RATE_MAX. */
size_t vl_disguise_bytes(uint32_t rate_hz, uint32_t channels);
uint32_t vl_disguise_delay(uint32_t rate_hz);

/** UNSUPPORTED (rate), INVALID_ARGUMENT (a channel of `chosen` is not there). */
veil_status vl_disguise_check(uint32_t rate_hz, uint32_t channels, uint64_t chosen, veil_error *error);
/** `rate_hz` was checked. BUSY, NO_MEMORY */
veil_status vl_disguise_make(uint32_t rate_hz, uint32_t channels, uint64_t chosen, vl_audio_work *work,
                             vl_disguise *out);

/** Take in frames [fed, until); what lies behind the view is silence: the sound is over. The view begins at or before the first frame
 *  that is not finished. Cannot fail: a frame that has no filter is silent. */
void vl_disguise_run(vl_disguise *d, const vl_mix *mix, const vl_sound *view, uint64_t until);

#endif

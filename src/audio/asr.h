/*
 * Recognition of speech by the host's callbacks: every channel is heard by itself, the words become a transcript, and that goes
 * the way of all transcripts. It fails closed: a recogniser that fails, stops early or gives words that cannot be, makes the
 * call fail.
 */
#ifndef VL_AUDIO_ASR_H
#define VL_AUDIO_ASR_H

#include "audio/find.h"
#include "audio/resample.h"
#include "audio/source.h"

#define VL_ASR_GUARD_MS       400u /* where the recogniser does not say how exact its times are */
#define VL_ASR_ALTERNATIVES   16u
#define VL_ASR_WORD_BYTES     256u
#define VL_ASR_LANGUAGE_BYTES 16u

/** Copy the config's callbacks, which api has checked; `out->create` is NULL when there are none. */
void vl_asr_copy(const veil_asr_engine *theirs, veil_asr_engine *out);

/** What a callback returned, as the call reports it. */
veil_status vl_asr_status(veil_status status);

/** What hearing one sound takes. */
typedef struct vl_asr_job {
    const veil_asr_engine *asr;
    const vl_resample_table *table;
    const vl_text_engine *text;
    const vl_audio_plan *plan;
    const vl_source *source;
    const vl_sound *sound; /* shape */
    const char *language;
    vl_audio_work *work; /* holds the instance */
    veil_error *error;
} vl_asr_job;

/** Hear every channel and add what is found to `hits`. Statuses as vl_audio_find and veil_asr say, and MALFORMED_INPUT. */
veil_status vl_asr_find(const vl_asr_job *job, vl_hits *hits);

#endif

/* What PCM and file calls share: the engine, and the analysis that comes before any sample is touched. */
#ifndef VL_AUDIO_ENGINE_IMPL_H
#define VL_AUDIO_ENGINE_IMPL_H

#include "audio/asr.h"
#include "audio/audio.h"
#include "audio/effects.h"
#include "audio/source.h"

struct vl_audio_engine {
    vl_allocator allocator;
    const vl_kernels *kernels;
    vl_pool *pool;
    const vl_text_engine *text; /* NULL in a sanitizer without text */
    vl_audio_works *works;
    vl_audio_defaults defaults;
    vl_sound_limits limits;
    uint64_t max_transcript_bytes;
    vl_fills fills;
    vl_dtmf_banks banks;
    veil_asr_engine asr; /* its `create` is NULL when there is none */
    vl_resample_table resample_table;
    char language[VL_ASR_LANGUAGE_BYTES]; /* the configuration's, for the recogniser */
};

/** One call on its way. */
typedef struct vl_audio_call {
    const vl_audio_engine *engine;
    const veil_audio_options *options; /* or NULL */
    veil_error *error;
    vl_audio_work *work;
    const vl_source *source; /* of the samples, for what hears them */
    vl_sound sound;          /* shape; samples of PCM */
    vl_audio_plan plan;
    vl_hits hits;
    vl_tone_scan tone_scan;
    vl_tones tones;
    vl_tracks tracks;
    veil_audio_finding *findings; /* ordered as reported */
    size_t finding_count;
    uint32_t words;  /* VEIL_WORDS_* */
    bool redacts;    /* and does not only scan */
    bool is_started; /* arguments are right and the deadline has not passed: failures from here on close */
} vl_audio_call;

/** Take a workspace, resolve the options, find what the transcript holds. call->sound must be set. */
veil_status vl_audio_call_begin(vl_audio_call *call);
/** Whether the samples have to be listened to before the tracks are laid out. */
bool vl_audio_call_listens(const vl_audio_call *call);
/** Listen to the next block of the sound: every frame, in order. */
veil_status vl_audio_call_listen(vl_audio_call *call, const vl_sound *block);
/** Everything is known: list the findings and lay out the tracks. */
veil_status vl_audio_call_lay_out(vl_audio_call *call);
/** Between two stages. TIMEOUT */
veil_status vl_audio_call_check_time(const vl_audio_call *call, const char *stage);
/** Write the result. BUFFER_TOO_SMALL when `must_fit` and the findings do not. `result` may be NULL. */
veil_status vl_audio_call_publish(const vl_audio_call *call, bool must_fit, veil_audio_result *result);
/** Give the workspace back. */
void vl_audio_call_end(vl_audio_call *call);

#endif

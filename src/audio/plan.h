/*
 * What one call is to do: the options laid over the configuration, names resolved, numbers checked. Made before anything is
 * read or changed, so that every INVALID_ARGUMENT leaves the sound as it was.
 */
#ifndef VL_AUDIO_PLAN_H
#define VL_AUDIO_PLAN_H

#include "audio/lexicon.h"
#include "audio/tones.h"
#include "audio/work.h"
#include "core/error.h"
#include "text/text.h"

#define VL_ENTITY_RANGE         "RANGE"
#define VL_ENTITY_SPOKEN_NUMBER "SPOKEN_NUMBER"
#define VL_SPOKEN_NUMBER_SCORE  0.5f
#define VL_SPOKEN_NUMBER_DIGITS 4u
#define VL_GUARD_MS             150 /* defaults of DESIGN.md section 5 */
#define VL_FADE_MS              5
#define VL_GUARD_MS_MAX         60000
#define VL_FADE_MS_MAX          1000
#define VL_LEVEL_DBFS_MIN       (-60)

/** What the configuration fixed, with copies of its names. */
typedef struct vl_audio_defaults {
    float min_score;
    const vl_text_engine *text; /* knows which names there are */
    uint32_t lexicons;          /* see vl_audio_plan */
    bool runs_text;
    bool runs_ranges;
    bool runs_spoken_number;
    bool runs_dtmf;
    bool runs_dtmf_cards;    /* CREDIT_CARD runs: card numbers are looked for among keys as well */
    veil_effect_rule *rules; /* those of the config that concern samples; names owned */
    size_t rule_count;
} vl_audio_defaults;

typedef struct vl_audio_plan {
    veil_text_options text; /* for the text engine, timeout to be filled in */
    bool runs_text;
    bool runs_spoken_number;
    bool runs_dtmf;
    bool runs_dtmf_cards;
    uint32_t lexicons; /* whose spoken forms are understood: bits of vl_lexicon_set */
    bool runs_ranges;
    bool speaker_only; /* hits go from their channel alone */
    float min_score;
    bool runs_asr;
    double guard_s;
    double fade_s;
    double level; /* RMS of beep and noise, full scale 1; 0: of the frames outside all spans */
    uint64_t deadline_ns;
    bool disguises;     /* whole voices */
    uint64_t disguised; /* bit c: channel c; 0: all */
    const vl_audio_defaults *defaults;
    const veil_effect_rule *rules; /* of the call */
    size_t rule_count;
} vl_audio_plan;

/** Read the audio side of a configuration; names and numbers are checked. */
veil_status vl_audio_defaults_create(const veil_config *config, const vl_allocator *allocator,
                                     const vl_text_engine *text, vl_audio_defaults *out, veil_error *error);
void vl_audio_defaults_destroy(vl_audio_defaults *defaults, const vl_allocator *allocator);

/** `options` may be NULL. INVALID_ARGUMENT, UNSUPPORTED, BUSY, NO_MEMORY. */
veil_status vl_audio_plan_make(const vl_audio_defaults *defaults, const veil_audio_options *options,
                               vl_audio_work *work, vl_audio_plan *out, veil_error *error);

/** Is this the name of an entity of audio, or of the text engine? */
bool vl_audio_knows(const vl_audio_defaults *defaults, const char *entity);

/** Whether the configuration or the call asks for DISGUISE. `options` may be NULL. */
bool vl_audio_disguises(const vl_audio_defaults *defaults, const veil_audio_options *options);

/** DISGUISE is no answer: it is for what remains. VEIL_EFFECT_BEEP, _SILENCE, _NOISE or _KEEP: the last rule that names the entity, else the last "*", else beep. */
uint32_t vl_audio_plan_effect(const vl_audio_plan *plan, const char *entity);

#endif

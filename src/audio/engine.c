/*
 * The audio engine: life cycle, and calls on PCM. Nothing of the sound is changed before every finding and every span is
 * known; from then on nothing can fail but a float that is no number, and that is looked for first.
 */
#include <stdio.h>
#include <string.h>

#include <sndfile.h>

#include "audio/disguise.h"
#include "audio/engine_impl.h"

#define LISTEN_FRAMES        ((uint64_t)1 << 20)
#define DISGUISE_FRAMES      ((uint64_t)1 << 14)   /* a second at 16 kHz: 3 ms */
#define TRANSCRIPT_BYTES_MAX ((uint64_t)256 << 20) /* four hours of words take about 4 MB */

veil_status vl_audio_engine_create(const veil_config *config, const vl_runtime *runtime, const vl_text_engine *text,
                                   vl_audio_engine **out, veil_error *error)
{
    *out = NULL;
    vl_audio_engine *engine = vl_alloc_zero(&runtime->allocator, 1, sizeof *engine);
    if (engine == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "audio engine");
    engine->allocator = runtime->allocator;
    engine->kernels = runtime->kernels;
    engine->pool = runtime->pool;
    engine->text = text;
    engine->limits =
        (vl_sound_limits){.max_seconds = config->max_audio_seconds, .max_channels = config->max_audio_channels};
    engine->max_transcript_bytes =
        config->max_text_bytes < TRANSCRIPT_BYTES_MAX ? config->max_text_bytes : TRANSCRIPT_BYTES_MAX;
    vl_sine_make(&engine->fills.sine);
    vl_resample_table_make(&engine->resample_table);
    if (config->language != NULL) snprintf(engine->language, sizeof engine->language, "%s", config->language);
    vl_asr_copy(config->asr, &engine->asr);
    veil_status status = vl_dtmf_banks_create(&engine->allocator, engine->kernels, &engine->banks, error);
    if (status == VEIL_OK && vl_noises_create(&engine->allocator, engine->kernels, &engine->fills.noises) != VEIL_OK)
        status = vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "tables of noise");
    if (status == VEIL_OK)
        status = vl_audio_defaults_create(config, &engine->allocator, text, &engine->defaults, error);
    if (status == VEIL_OK) {
        uint32_t count = config->audio_workspaces == 0 ? 1 : config->audio_workspaces;
        status = vl_audio_works_create(runtime, count, config->pool_policy, &engine->asr, &engine->works);
        if (status != VEIL_OK) vl_error_set(error, status, 0, "audio workspaces");
    }
    if (status != VEIL_OK) {
        vl_audio_engine_destroy(engine);
        return status;
    }
    *out = engine;
    return VEIL_OK;
}

void vl_audio_engine_destroy(vl_audio_engine *engine)
{
    if (engine == NULL) return;
    vl_allocator allocator = engine->allocator;
    vl_audio_works_destroy(engine->works);
    vl_audio_defaults_destroy(&engine->defaults, &allocator);
    vl_noises_destroy(&engine->fills.noises, &allocator);
    vl_dtmf_banks_destroy(&engine->banks, &allocator);
    vl_free(&allocator, engine, sizeof *engine);
}

/* In parts, so that a deadline is seen in time. */
static veil_status listen(vl_audio_call *call)
{
    veil_status status = VEIL_OK;
    for (uint64_t at = 0; status == VEIL_OK && at < call->sound.total_frames; at += LISTEN_FRAMES) {
        uint64_t left = call->sound.total_frames - at;
        vl_sound part = vl_sound_part(&call->sound, at, left < LISTEN_FRAMES ? left : LISTEN_FRAMES);
        status = vl_audio_call_listen(call, &part);
    }
    return status;
}

static veil_status find_all(vl_audio_call *call)
{
    veil_status status = vl_audio_call_begin(call);
    if (status == VEIL_OK && vl_audio_call_listens(call)) status = listen(call);
    return status == VEIL_OK ? vl_audio_call_lay_out(call) : status;
}

/* ---- PCM as a source: in parts, so that a deadline is seen in time ---- */

#define HEARD_FRAMES ((uint64_t)1 << 14)

typedef struct pcm_source {
    vl_source source;
    const vl_sound *sound;
    uint64_t read; /* frames */
} pcm_source;

static veil_status pcm_open(void *self, veil_error *error)
{
    (void)error;
    ((pcm_source *)self)->read = 0;
    return VEIL_OK;
}

static veil_status pcm_next(void *self, vl_sound *block, veil_error *error)
{
    pcm_source *pcm = self;
    (void)error;
    uint64_t left = pcm->sound->total_frames - pcm->read;
    *block = vl_sound_part(pcm->sound, pcm->read, left < HEARD_FRAMES ? left : HEARD_FRAMES);
    pcm->read += block->frames;
    return VEIL_OK;
}

static void pcm_close(void *self)
{
    (void)self;
}

static void lend_pcm(vl_audio_call *call, pcm_source *pcm)
{
    *pcm = (pcm_source){.source = {.open = pcm_open, .next = pcm_next, .close = pcm_close, .self = pcm},
                        .sound = &call->sound};
    call->source = &pcm->source;
}

veil_status vl_audio_scan(const vl_audio_engine *engine, const veil_audio_options *options, const veil_audio *audio,
                          veil_audio_result *result, veil_error *error)
{
    vl_audio_call call = {.engine = engine, .options = options, .error = error};
    pcm_source pcm;
    lend_pcm(&call, &pcm);
    veil_status status = vl_sound_from_pcm(audio, &engine->limits, &call.sound, error);
    if (status == VEIL_OK) status = find_all(&call);
    if (status == VEIL_OK) status = vl_audio_call_publish(&call, true, result);
    vl_audio_call_end(&call);
    return status;
}

/* In parts, as listening. */
static veil_status disguise(vl_audio_call *call, const vl_mix *mix)
{
    vl_disguise whole;
    const vl_sound *sound = &call->sound;
    veil_status status = vl_disguise_make(sound->rate_hz, sound->channels, call->plan.disguised, call->work, &whole);
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no buffer for the disguise");
    const uint64_t end = sound->total_frames + whole.delay;
    while (status == VEIL_OK && whole.fed < end) {
        uint64_t left = end - whole.fed;
        status = vl_audio_call_check_time(call, "the voice was disguised");
        if (status == VEIL_OK)
            vl_disguise_run(&whole, mix, sound, whole.fed + (left < DISGUISE_FRAMES ? left : DISGUISE_FRAMES));
    }
    return status;
}

static veil_status replace(vl_audio_call *call)
{
    vl_level level = {0};
    vl_mix mix;
    bool needs_samples = call->tracks.count != 0 || call->plan.disguises || call->sound.format == VEIL_SAMPLE_F32;
    if (!needs_samples || call->sound.frames == 0) return VEIL_OK;
    veil_status status = vl_level_add(&level, call->engine->kernels, &call->tracks, &call->sound, call->error);
    if (status == VEIL_OK) status = vl_audio_call_check_time(call, "the samples were replaced");
    if (status != VEIL_OK) return status;
    status =
        vl_mix_make(&call->tracks, call->engine->kernels, &call->engine->fills,
                    call->plan.level > 0 ? call->plan.level : vl_level_rms(&level), &call->sound, call->work, &mix);
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no buffer for the effect");
    if (call->plan.disguises) status = disguise(call, &mix);
    if (status == VEIL_OK) vl_mix_apply(&mix, &call->sound);
    return status;
}

/* DESIGN.md section 2: these say that nothing was started; whatever else goes wrong closes. */
static bool leaves_untouched(const vl_audio_call *call, veil_status status)
{
    switch (status) {
    case VEIL_OK:
    case VEIL_ERR_INVALID_ARGUMENT:
    case VEIL_ERR_UNSUPPORTED:
    case VEIL_ERR_LIMIT:
    case VEIL_ERR_BUSY:
        return true;
    case VEIL_ERR_TIMEOUT:
        return !call->is_started;
    default:
        return false;
    }
}

veil_status vl_audio_redact(const vl_audio_engine *engine, const veil_audio_options *options, veil_audio *audio,
                            veil_audio_result *result, veil_error *error)
{
    vl_audio_call call = {.engine = engine, .options = options, .error = error, .redacts = true};
    pcm_source pcm;
    lend_pcm(&call, &pcm);
    veil_status status = vl_sound_from_pcm(audio, &engine->limits, &call.sound, error);
    if (status == VEIL_OK) status = find_all(&call);
    if (status == VEIL_OK) status = replace(&call);
    if (status == VEIL_OK) status = vl_audio_call_publish(&call, false, result);
    if (!leaves_untouched(&call, status)) vl_sound_zero(&call.sound);
    vl_audio_call_end(&call);
    return status;
}

const char *vl_audio_engine_version(void)
{
    return sf_version_string(); /* "libsndfile-1.2.0", static */
}

/* The call that redacts a transcript by itself: the same findings as in sound, written over in the document. */
#include <math.h>
#include <string.h>

#include "audio/engine_impl.h"
#include "audio/mask.h"
#include "core/clock.h"

typedef struct transcript_call {
    const vl_audio_engine *engine;
    const veil_audio_options *options;
    veil_error *error;
    vl_audio_work *work;
    vl_audio_plan plan;
    vl_transcript_source source;
} transcript_call;

static veil_status check_ranges(const transcript_call *call)
{
    const veil_audio_options *options = call->options;
    for (size_t i = 0; i < options->range_count; i++) {
        const veil_audio_range *range = &options->ranges[i];
        bool is_good = isfinite(range->start_s) && isfinite(range->end_s) && range->start_s >= 0 &&
                       range->start_s < range->end_s && range->channel >= -1 && range->reserved == 0 &&
                       (call->source.channels == 0 || range->channel < (int32_t)call->source.channels);
        if (is_good) continue;
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, i, "range %zu: its times or its channel are wrong",
                            i);
    }
    return VEIL_OK;
}

static veil_status check_heard(const transcript_call *call)
{
    const veil_audio_options *options = call->options;
    for (size_t i = 0; i < options->heard_count; i++) {
        const veil_audio_finding *one = &options->heard[i];
        bool is_good = one->entity != NULL && vl_audio_knows(&call->engine->defaults, one->entity) &&
                       isfinite(one->start_s) && isfinite(one->end_s) && one->start_s >= 0 &&
                       one->start_s <= one->end_s && one->channel >= -1 &&
                       (call->source.channels == 0 || one->channel < (int32_t)call->source.channels);
        if (is_good) continue;
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, i,
                            "heard %zu: its entity, times or channel are wrong", i);
    }
    return VEIL_OK;
}

static veil_status check(const transcript_call *call, double duration_s)
{
    const vl_audio_engine *engine = call->engine;
    if (call->options == NULL || call->options->transcript == NULL)
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.transcript is NULL");
    if ((call->options->flags & VEIL_AUDIO_ASR) != 0)
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, 0, "recognition needs a sound, not a transcript");
    if (!isfinite(duration_s) || duration_s < 0)
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, 0, "duration_s is no time");
    if (engine->text == NULL)
        return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "transcripts need a sanitizer with text");
    if (call->options->transcript_bytes > engine->max_transcript_bytes) {
        return vl_error_set(call->error, VEIL_ERR_LIMIT, 0, "transcript: %zu bytes exceed the limit of %llu",
                            call->options->transcript_bytes, (unsigned long long)engine->max_transcript_bytes);
    }
    veil_status status = check_ranges(call);
    return status == VEIL_OK ? check_heard(call) : status;
}

static veil_status mask(transcript_call *call, char *out, size_t capacity, size_t *out_bytes)
{
    vl_transcript transcript;
    vl_hits hits = {0};
    vl_masker masker = {.text = call->engine->text,
                        .plan = &call->plan,
                        .work = call->work,
                        .error = call->error,
                        .bytes = call->source.bytes,
                        .transcript = &transcript};
    vl_findings findings = {.hits = &hits};
    veil_status status = vl_transcript_parse(&call->source, call->work, &transcript, call->error);
    if (status == VEIL_OK) {
        status = vl_transcript_find(call->engine->text, &call->plan, &transcript, call->work, &findings, call->error);
    }
    masker.secrets = findings.secrets;
    if (status == VEIL_OK) status = vl_masker_make(&masker, &hits, call->options);
    if (status == VEIL_OK) {
        status = vl_strays_mask(&masker, &findings.strays);
        if (status != VEIL_OK) (void)vl_error_set(call->error, status, 0, "no buffer for the transcript's members");
    }
    if (status != VEIL_OK) return status;
    return vl_transcript_rewrite(&masker, &call->source, out, capacity, out_bytes);
}

veil_status vl_transcript_redact(const vl_audio_engine *engine, const veil_audio_options *options, double duration_s,
                                 uint32_t channel_count, char *out, size_t out_capacity, size_t *out_bytes,
                                 veil_error *error)
{
    transcript_call call = {.engine = engine, .options = options, .error = error};
    *out_bytes = 0;
    call.source.channels = channel_count;
    veil_status status = check(&call, duration_s);
    if (status != VEIL_OK) return status;
    call.source = (vl_transcript_source){.bytes = options->transcript,
                                         .size_bytes = options->transcript_bytes,
                                         .format = options->transcript_format,
                                         .channels = channel_count,
                                         .duration_s = duration_s == 0 ? INFINITY : duration_s,
                                         .wants_places = true};
    vl_transcript_skip_bom(&call.source); /* is not carried over */
    status = vl_audio_works_take(engine->works, &call.work);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no free audio workspace");
    status = vl_audio_plan_make(&engine->defaults, options, call.work, &call.plan, error);
    if (status == VEIL_OK && vl_deadline_passed(call.plan.deadline_ns))
        status = vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed before the start");
    if (status == VEIL_OK) status = mask(&call, out, out_capacity, out_bytes);
    vl_audio_works_give(engine->works, call.work);
    return status;
}

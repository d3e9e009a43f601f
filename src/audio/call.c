/*
 * The stages before any sample is touched: options, ranges, transcript, findings, tracks. Everything lives in the call's
 * workspace, which is wiped at the end.
 */
#include <string.h>

#include "audio/disguise.h"
#include "audio/engine_impl.h"
#include "audio/sort.h"
#include "core/clock.h"

veil_status vl_audio_call_check_time(const vl_audio_call *call, const char *stage)
{
    if (!vl_deadline_passed(call->plan.deadline_ns)) return VEIL_OK;
    return vl_error_set(call->error, VEIL_ERR_TIMEOUT, 0, "the deadline passed before %s", stage);
}

static veil_status check_ranges(const vl_audio_call *call)
{
    const veil_audio_options *options = call->options;
    for (size_t i = 0; options != NULL && i < options->range_count; i++) {
        veil_status status =
            vl_spans_check_range(&options->ranges[i], i, &call->sound, call->plan.guard_s, call->error);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

static veil_status check_transcript(const vl_audio_call *call)
{
    const veil_audio_options *options = call->options;
    if (options == NULL || options->transcript == NULL) return VEIL_OK;
    if (options->transcript_format > VEIL_TRANSCRIPT_VTT) {
        return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, 0, "transcript format %u is unknown",
                            options->transcript_format);
    }
    if (call->engine->text == NULL) {
        return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "transcripts need a sanitizer with text");
    }
    if (options->transcript_bytes > call->engine->max_transcript_bytes) {
        return vl_error_set(call->error, VEIL_ERR_LIMIT, 0, "transcript: %zu bytes exceed the limit of %llu",
                            options->transcript_bytes, (unsigned long long)call->engine->max_transcript_bytes);
    }
    return VEIL_OK;
}

static veil_status check_asr(const vl_audio_call *call)
{
    const veil_asr_engine *asr = &call->engine->asr;
    if (!call->plan.runs_asr) return VEIL_OK;
    if (asr->recognize == NULL)
        return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "recognition needs a sanitizer with config.asr");
    if (call->engine->text == NULL)
        return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "recognition needs a sanitizer with text");
    if (call->sound.rate_hz < asr->min_rate_hz)
        return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "recognition needs %u Hz or more; the sound has %u",
                            asr->min_rate_hz, call->sound.rate_hz);
    if (call->plan.runs_text || call->plan.runs_spoken_number) return VEIL_OK;
    return vl_error_set(call->error, VEIL_ERR_INVALID_ARGUMENT, 0,
                        "recognition was asked for, but no entity that is found in words");
}

/* A channel that is not there is refused in a scan as well: it would be in the redaction that it foretells. */
static veil_status check_disguise(const vl_audio_call *call)
{
    const vl_sound *sound = &call->sound;
    if (!call->plan.disguises) return VEIL_OK;
    return vl_disguise_check(call->redacts ? sound->rate_hz : 0, sound->channels, call->plan.disguised, call->error);
}

/* What is heard in the sound itself. */
static veil_status recognise(vl_audio_call *call)
{
    const vl_audio_engine *engine = call->engine;
    if (!call->plan.runs_asr) return VEIL_OK;
    const char *language = call->options->language;
    vl_asr_job job = {.asr = &engine->asr,
                      .table = &engine->resample_table,
                      .text = engine->text,
                      .plan = &call->plan,
                      .source = call->source,
                      .sound = &call->sound,
                      .language = language == NULL ? engine->language : language,
                      .work = call->work,
                      .error = call->error};
    veil_status status = vl_asr_find(&job, &call->hits);
    if (status == VEIL_OK) vl_hits_report_once(&call->hits, 0);
    call->words = VEIL_WORDS_ASR;
    return status;
}

static veil_status find(vl_audio_call *call)
{
    const veil_audio_options *options = call->options;
    if (options == NULL || options->transcript == NULL) return VEIL_OK;
    double duration_s = (double)call->sound.total_frames / call->sound.rate_hz;
    vl_transcript transcript;
    const vl_transcript_source source = {.bytes = options->transcript,
                                         .size_bytes = options->transcript_bytes,
                                         .format = options->transcript_format,
                                         .channels = call->sound.channels,
                                         .duration_s = duration_s};
    veil_status status = vl_transcript_parse(&source, call->work, &transcript, call->error);
    if (status == VEIL_OK) status = vl_audio_call_check_time(call, "the words were read");
    if (status != VEIL_OK) return status;
    call->words = VEIL_WORDS_TRANSCRIPT;
    vl_findings findings = {.hits = &call->hits, .has_sound = true};
    return vl_transcript_find(call->engine->text, &call->plan, &transcript, call->work, &findings, call->error);
}

static bool finding_before(const void *left, const void *right)
{
    const veil_audio_finding *a = left, *b = right;
    if (a->start_s != b->start_s) return a->start_s < b->start_s;
    if (a->end_s != b->end_s) return a->end_s < b->end_s;
    int order = strcmp(a->entity, b->entity);
    if (order != 0) return order < 0;
    if (a->channel != b->channel) return a->channel < b->channel;
    return a->score < b->score;
}

static void list_tones(vl_audio_call *call)
{
    double rate = call->sound.rate_hz;
    for (uint32_t i = 0; i < call->tones.count; i++) {
        const vl_tone *tone = &call->tones.items[i];
        bool is_key = tone->key.key != 0;
        if (is_key ? !call->plan.runs_dtmf : !call->plan.runs_dtmf_cards) continue;
        call->findings[call->finding_count++] = (veil_audio_finding){.entity = is_key ? VL_ENTITY_DTMF : VL_ENTITY_CARD,
                                                                     .start_s = (double)tone->key.start / rate,
                                                                     .end_s = (double)tone->key.end / rate,
                                                                     .score = 1.0f,
                                                                     .channel = tone->channel,
                                                                     .key = (uint32_t)(unsigned char)tone->key.key,
                                                                     .source = VEIL_SOURCE_DTMF};
    }
}

static veil_status list_findings(vl_audio_call *call)
{
    size_t range_count = call->options == NULL ? 0 : call->options->range_count;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(call->work, range_count + call->hits.count + call->tones.count,
                                             sizeof *call->findings, &memory);
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no buffer for findings");
    call->findings = memory;
    double duration_s = (double)call->sound.total_frames / call->sound.rate_hz;
    for (size_t i = 0; i < range_count; i++) {
        const veil_audio_range *range = &call->options->ranges[i];
        call->findings[call->finding_count++] =
            (veil_audio_finding){.entity = VL_ENTITY_RANGE,
                                 .start_s = range->start_s,
                                 .end_s = range->end_s < duration_s ? range->end_s : duration_s,
                                 .score = 1.0f,
                                 .channel = range->channel,
                                 .source = VEIL_SOURCE_RANGE};
    }
    for (uint32_t i = 0; i < call->hits.count; i++) {
        const vl_hit *hit = &call->hits.items[i];
        if (!hit->is_reported) continue;
        call->findings[call->finding_count++] = (veil_audio_finding){.entity = hit->entity,
                                                                     .start_s = hit->start_s,
                                                                     .end_s = hit->end_s,
                                                                     .score = hit->score,
                                                                     .channel = hit->channel,
                                                                     .source = hit->source};
    }
    list_tones(call);
    vl_sort(call->findings, call->finding_count, sizeof *call->findings, finding_before);
    return VEIL_OK;
}

veil_status vl_audio_call_lay_out(vl_audio_call *call)
{
    const veil_audio_options *options = call->options;
    vl_span *spans = NULL;
    uint32_t span_count = 0;
    veil_status status = vl_audio_call_check_time(call, "the spans were laid out");
    if (status != VEIL_OK) return status;
    if (vl_audio_call_listens(call)) status = vl_tone_scan_end(&call->tone_scan, &call->tones);
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no buffer for telephone keys");
    const vl_found found = {.ranges = options == NULL ? NULL : options->ranges,
                            .range_count = options == NULL ? 0 : options->range_count,
                            .hits = &call->hits,
                            .tones = &call->tones};
    status = vl_spans_make(&call->plan, &found, &call->sound, call->work, &spans, &span_count);
    if (status == VEIL_OK) {
        status = vl_tracks_make(spans, span_count, &call->sound, call->plan.fade_s, call->work, &call->tracks);
    }
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no buffer for spans");
    return list_findings(call);
}

veil_status vl_audio_call_begin(vl_audio_call *call)
{
    veil_status status = vl_audio_works_take(call->engine->works, &call->work);
    if (status != VEIL_OK) return vl_error_set(call->error, status, 0, "no audio workspace");
    status = vl_audio_plan_make(&call->engine->defaults, call->options, call->work, &call->plan, call->error);
    if (status == VEIL_OK) status = check_ranges(call);
    if (status == VEIL_OK) status = check_transcript(call);
    if (status == VEIL_OK) status = check_asr(call);
    if (status == VEIL_OK) status = check_disguise(call);
    if (status == VEIL_OK) status = vl_audio_call_check_time(call, "the start");
    if (status != VEIL_OK) return status;
    call->is_started = true;
    status = find(call);
    if (status == VEIL_OK) status = recognise(call);
    if (status != VEIL_OK || !vl_audio_call_listens(call)) return status;
    status =
        vl_tone_scan_begin(&call->tone_scan, &call->engine->banks, call->engine->kernels, &call->sound, call->work);
    return status == VEIL_OK ? status : vl_error_set(call->error, status, 0, "no buffer for the tone detector");
}

bool vl_audio_call_listens(const vl_audio_call *call)
{
    return (call->plan.runs_dtmf || call->plan.runs_dtmf_cards) && call->sound.total_frames != 0;
}

veil_status vl_audio_call_listen(vl_audio_call *call, const vl_sound *block)
{
    veil_status status = vl_audio_call_check_time(call, "the sound was listened to");
    return status == VEIL_OK ? vl_tone_scan_add(&call->tone_scan, block, call->error) : status;
}

veil_status vl_audio_call_publish(const vl_audio_call *call, bool must_fit, veil_audio_result *result)
{
    if (result == NULL) return VEIL_OK;
    result->finding_count = call->finding_count;
    result->redacted_frames = call->tracks.touched_frames;
    result->frame_count = call->sound.total_frames;
    result->sample_rate_hz = call->sound.rate_hz;
    result->channel_count = call->sound.channels;
    result->words = call->words;
    size_t capacity = result->findings == NULL ? 0 : result->finding_capacity;
    size_t count = call->finding_count < capacity ? call->finding_count : capacity;
    if (count != 0) memcpy(result->findings, call->findings, count * sizeof *result->findings);
    if (!must_fit || call->finding_count <= capacity) return VEIL_OK;
    return vl_error_set(call->error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%zu findings, room for %zu", call->finding_count,
                        capacity);
}

void vl_audio_call_end(vl_audio_call *call)
{
    vl_audio_works_give(call->engine->works, call->work);
    call->work = NULL;
}

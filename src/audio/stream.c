/* Streams of sound: life cycle, what comes in, what goes out. */
#include "audio/stream.h"

#include <math.h>
#include <string.h>

#include "audio/pcm.h"
#include "audio/stream_impl.h"

#define LATE_MS_MAX     10000u
#define ROOM_MS         500u               /* that fit behind what is held back */
#define SCRATCH_BYTES   ((size_t)64 << 10) /* of a pull; more comes from the pool */
#define TILE_BYTES_MOST ((size_t)96 << 10)
#define MARGIN_FADES    3u /* a gap of two that is filled, and the ramp at the end of what is put in */
#define BUFFER_MOST     ((uint64_t)1 << 30)

/* ---- Options that outlive the call ---- */

static veil_status copy_bytes(vl_audio_stream *s, const void *from, size_t count, size_t size, void *out_pointer)
{
    void *memory = NULL;
    veil_status status = VEIL_OK;
    if (from != NULL && count != 0) {
        status = vl_audio_work_alloc(&s->work, count, size, &memory);
        if (status == VEIL_OK) memcpy(memory, from, count * size);
    }
    memcpy(out_pointer, &memory, sizeof memory);
    return status;
}

static veil_status copy_names(vl_audio_stream *s, const char *const *from, size_t count, const char *const **out)
{
    char **names = NULL;
    veil_status status = copy_bytes(s, from, count, sizeof *from, &names);
    for (size_t i = 0; status == VEIL_OK && i < count && names != NULL; i++) {
        if (from[i] != NULL) status = copy_bytes(s, from[i], strlen(from[i]) + 1, 1, &names[i]);
    }
    *out = (const char *const *)names;
    return status;
}

static veil_status copy_options(vl_audio_stream *s, const veil_audio_options *from)
{
    veil_audio_options *to = &s->options;
    *to = *from;
    veil_effect_rule *rules = NULL;
    veil_status status = copy_names(s, from->entities, from->entity_count, &to->entities);
    if (status == VEIL_OK) status = copy_names(s, from->exclude, from->exclude_count, &to->exclude);
    if (status == VEIL_OK) status = copy_bytes(s, from->effects, from->effect_count, sizeof *rules, &rules);
    for (size_t i = 0; status == VEIL_OK && i < from->effect_count; i++) {
        const char *entity = from->effects[i].entity;
        if (entity != NULL) status = copy_bytes(s, entity, strlen(entity) + 1, 1, &rules[i].entity);
    }
    to->effects = rules;
    if (status == VEIL_OK && from->language != NULL)
        status = copy_bytes(s, from->language, strlen(from->language) + 1, 1, &to->language);
    return status;
}

static size_t names_bytes(const char *const *names, size_t count)
{
    size_t bytes = (count + 8) * 2 * sizeof(char *) + 64; /* once more for the names that concern text */
    for (size_t i = 0; names != NULL && i < count; i++)
        bytes += names[i] == NULL ? 0 : strlen(names[i]) + 65;
    return bytes;
}

static size_t options_bytes(const veil_audio_options *o)
{
    size_t bytes = 4096 + names_bytes(o->entities, o->entity_count) + names_bytes(o->exclude, o->exclude_count);
    for (size_t i = 0; i < o->effect_count; i++)
        bytes += sizeof *o->effects + (o->effects[i].entity == NULL ? 0 : strlen(o->effects[i].entity)) + 65;
    return bytes + (o->language == NULL ? 0 : strlen(o->language));
}

/* ---- Creation ---- */

static uint64_t frames_of(uint32_t ms, uint32_t rate_hz)
{
    return ((uint64_t)ms * rate_hz + 999) / 1000;
}

/* How much is held back at most, from what the plan and the shape say. */
static void set_delay(vl_audio_stream *s, const veil_audio_stream_options *shape)
{
    uint64_t fade = (uint64_t)ceil(s->plan.fade_s * shape->sample_rate_hz);
    s->now.fade_frames = fade;
    s->margin = MARGIN_FADES * fade + 2;
    if (s->plan.disguises) s->margin += vl_disguise_delay(shape->sample_rate_hz);
    s->late = frames_of(shape->delay_ms, shape->sample_rate_hz);
    uint64_t guard = (uint64_t)ceil(s->plan.guard_s * shape->sample_rate_hz);
    s->guard = guard == 0 ? 0 : guard + 2; /* a range's first frame is rounded down */
    s->delay = s->late + s->guard;
    if (s->listens) {
        uint64_t hop = frames_of(5, shape->sample_rate_hz) + 1;
        uint64_t keys = VL_DTMF_DELAY_HOP * hop + guard + 4;
        if (keys > s->delay) s->delay = keys;
    }
    s->delay += s->margin;
    s->capacity = s->delay + frames_of(ROOM_MS, shape->sample_rate_hz);
}

static veil_status take(vl_audio_stream *s, size_t count, size_t size, void *out_pointer)
{
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(&s->work, count, size, &memory);
    memcpy(out_pointer, &memory, sizeof memory);
    return status;
}

static veil_status make_ears(vl_audio_stream *s)
{
    const uint32_t rate_hz = s->shape.rate_hz, channels = s->shape.channels;
    const vl_dtmf_bank *known = vl_dtmf_banks_find(&s->engine->banks, rate_hz);
    int16_t *table = NULL;
    char *samples = NULL;
    size_t each = (vl_dtmf_samples_bytes(rate_hz) + 63) / 64 * 64;
    veil_status status = VEIL_OK;
    if (known != NULL) {
        s->bank = *known; /* the engine outlives its streams */
    } else {
        status = take(s, 1, vl_dtmf_table_bytes(rate_hz), &table);
        if (status == VEIL_OK) vl_dtmf_bank_make(rate_hz, table, &s->bank);
    }
    if (status == VEIL_OK) status = take(s, channels, sizeof *s->tracks, &s->tracks);
    if (status == VEIL_OK) status = take(s, channels, sizeof *s->runs, &s->runs);
    if (status == VEIL_OK) status = take(s, channels, each, &samples);
    for (uint32_t c = 0; status == VEIL_OK && c < channels; c++)
        vl_dtmf_track_start(&s->tracks[c], &s->bank, s->engine->kernels, (int16_t *)(void *)(samples + c * each));
    return status;
}

static veil_status make_mix(vl_audio_stream *s)
{
    /* A beep and noise in all channels make the tables; what is applied comes with each pull. */
    vl_segment any_effect[] = {{.end = 1, .effect = VEIL_EFFECT_BEEP}, {.end = 1, .effect = VEIL_EFFECT_NOISE}};
    vl_track track = {.segments = any_effect, .count = 2, .channel = -1};
    vl_tracks any = {.items = &track, .count = 1};
    double level = s->plan.level > 0 ? s->plan.level : VL_LEVEL_DEFAULT;
    vl_sound shape = s->shape;
    veil_status status = vl_mix_make(&any, s->engine->kernels, &s->engine->fills, level, &shape, &s->work, &s->mix);
    s->mix.tracks = &s->now;
    return status;
}

static veil_status fill(vl_audio_stream *s, const veil_audio_stream_options *shape, const veil_audio_options *options,
                        veil_error *error)
{
    size_t frame_bytes = shape->channel_count * vl_sample_bytes(shape->format);
    veil_status status = copy_options(s, options);
    if (status == VEIL_OK) {
        status = vl_audio_plan_make(&s->engine->defaults, &s->options, &s->work, &s->plan, error);
        if (status != VEIL_OK) return status;
        s->plan.deadline_ns = 0;
        s->listens = s->plan.runs_dtmf || s->plan.runs_dtmf_cards;
        /* Whether a key belongs to a card is known too late: each gets what the stronger entity asks for. */
        s->key_effect = VEIL_EFFECT_KEEP;
        if (s->plan.runs_dtmf) s->key_effect = vl_audio_plan_effect(&s->plan, VL_ENTITY_DTMF);
        if (s->plan.runs_dtmf_cards)
            s->key_effect = vl_effect_stronger(s->key_effect, vl_audio_plan_effect(&s->plan, VL_ENTITY_CARD));
        set_delay(s, shape);
    }
    if (status == VEIL_OK && s->listens) status = make_ears(s);
    if (status == VEIL_OK) status = take(s, VL_STREAM_SPANS_MAX, sizeof *s->spans, &s->spans);
    if (status == VEIL_OK) status = take(s, VL_STREAM_FINDINGS_MAX, sizeof *s->findings, &s->findings);
    if (status == VEIL_OK) status = make_mix(s);
    if (status == VEIL_OK && s->plan.disguises)
        status = vl_disguise_make(s->shape.rate_hz, s->shape.channels, s->plan.disguised, &s->work, &s->disguise);
    if (status == VEIL_OK) status = take(s, (size_t)s->capacity, frame_bytes, &s->buffer);
    s->kept = vl_audio_work_save(&s->work);
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "no memory for the stream");
}

/* More than is needed: the exact sum is not known before the options are read. */
static size_t memory_bytes(const vl_audio_engine *engine, const veil_audio_stream_options *shape,
                           const veil_audio_options *options)
{
    const bool disguises = vl_audio_disguises(&engine->defaults, options);
    double guard_ms = options->guard_ms < 0 ? VL_GUARD_MS : options->guard_ms;
    double fade_ms = options->fade_ms < 0 ? VL_FADE_MS : options->fade_ms;
    double ms = shape->delay_ms + guard_ms + MARGIN_FADES * fade_ms + 200 + ROOM_MS;
    size_t frame_bytes = shape->channel_count * vl_sample_bytes(shape->format);
    size_t held = (size_t)(ms * shape->sample_rate_hz / 1000) * frame_bytes;
    if (disguises)
        held += vl_disguise_delay(shape->sample_rate_hz) * frame_bytes +
                vl_disguise_bytes(shape->sample_rate_hz, shape->channel_count);
    size_t ears = vl_dtmf_table_bytes(shape->sample_rate_hz) +
                  shape->channel_count * (vl_dtmf_samples_bytes(shape->sample_rate_hz) + sizeof(vl_dtmf_track) +
                                          sizeof(vl_stream_run) + 192);
    size_t lists = VL_STREAM_SPANS_MAX * sizeof(vl_span) + VL_STREAM_FINDINGS_MAX * sizeof(veil_audio_finding);
    return held + ears + lists + options_bytes(options) + TILE_BYTES_MOST + VL_NOISE_BYTES + SCRATCH_BYTES + 4096;
}

static veil_status check_shape(const vl_audio_engine *engine, const veil_audio_stream_options *shape,
                               const veil_audio_options *options, veil_error *error)
{
    if (vl_sample_bytes(shape->format) == 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sample format %u is unknown", shape->format);
    if (shape->delay_ms > LATE_MS_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "delay_ms exceeds %u", LATE_MS_MAX);
    if (options->range_count != 0 || options->transcript != NULL)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "ranges and transcripts are added to a stream later");
    if ((options->flags & VEIL_AUDIO_ASR) != 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "a stream hears no words: add transcripts of utterances");
    veil_status status =
        vl_sound_check_shape(shape->sample_rate_hz, shape->channel_count, 0, shape->format, &engine->limits, error);
    if (status == VEIL_OK && options->guard_ms <= VL_GUARD_MS_MAX && options->fade_ms <= VL_FADE_MS_MAX &&
        memory_bytes(engine, shape, options) > BUFFER_MOST)
        status = vl_error_set(error, VEIL_ERR_LIMIT, 0, "the stream would hold back more than a gigabyte");
    if (status == VEIL_OK && vl_audio_disguises(&engine->defaults, options))
        status = vl_disguise_check(shape->sample_rate_hz, shape->channel_count, options->disguise_channels, error);
    return status;
}

veil_status vl_audio_stream_create(const vl_audio_engine *engine, const veil_audio_stream_options *shape,
                                   const veil_audio_options *options, vl_audio_stream **out, veil_error *error)
{
    veil_audio_options defaults;
    *out = NULL;
    if (options == NULL) {
        defaults = (veil_audio_options){.struct_size = sizeof defaults,
                                        .min_score = -1,
                                        .guard_ms = -1,
                                        .fade_ms = -1}; /* as veil_audio_options_init */
        options = &defaults;
    }
    veil_status status = check_shape(engine, shape, options, error);
    if (status != VEIL_OK) return status;
    vl_audio_stream *s = vl_alloc_zero(&engine->allocator, 1, sizeof *s);
    if (s == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "audio stream");
    s->engine = engine;
    s->shape = (vl_sound){.total_frames = VL_STREAM_UNKNOWN,
                          .rate_hz = shape->sample_rate_hz,
                          .channels = shape->channel_count,
                          .format = shape->format};
    bool is_sane =
        options->guard_ms <= VL_GUARD_MS_MAX && options->fade_ms <= VL_FADE_MS_MAX; /* else the plan says so */
    s->work.pool = engine->pool;
    s->work.capacity = is_sane ? memory_bytes(engine, shape, options) : options_bytes(options) + 4096;
    s->work.base = vl_secret_pages(s->work.capacity);
    status = s->work.base == NULL ? vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "audio stream")
                                  : fill(s, shape, options, error);
    if (status != VEIL_OK) {
        vl_audio_stream_destroy(s);
        return status;
    }
    *out = s;
    return VEIL_OK;
}

/* Back to what was there after creation. */
static void forget_scratch(vl_audio_stream *s)
{
    vl_audio_work_reset(&s->work, s->kept);
}

void vl_audio_stream_destroy(vl_audio_stream *stream)
{
    if (stream == NULL) return;
    vl_allocator allocator = stream->engine->allocator;
    if (stream->work.base != NULL) {
        vl_audio_work_empty(&stream->work);
        vl_secret_pages_free(stream->work.base, stream->work.capacity);
    }
    vl_wipe(stream, sizeof *stream);
    vl_free(&allocator, stream, sizeof *stream);
}

/* ---- What comes in ---- */

veil_status vl_stream_fail(vl_audio_stream *stream, veil_status status)
{
    if (stream->failure == VEIL_OK) stream->failure = status;
    return status;
}

veil_status vl_stream_report(vl_audio_stream *stream, const veil_audio_finding *finding)
{
    if (stream->finding_count == VL_STREAM_FINDINGS_MAX) return VEIL_ERR_LIMIT;
    stream->findings[stream->finding_count++] = *finding;
    return VEIL_OK;
}

uint64_t vl_audio_stream_delay(const vl_audio_stream *stream)
{
    return stream->delay;
}

static veil_status add(vl_audio_stream *s, double start_s, double end_s, int32_t channel, const char *entity,
                       veil_error *error)
{
    vl_span span;
    uint32_t effect = vl_audio_plan_effect(&s->plan, entity);
    if (!vl_span_make(&s->shape, s->plan.guard_s, start_s, end_s, channel, effect, &span)) return VEIL_OK;
    veil_status status = vl_stream_add_span(s, span, false);
    if (status == VEIL_ERR_TIMEOUT) {
        return vl_error_set(error, status, 0, "%s came late: frames up to %llu are out; the rest of it is silenced",
                            entity, (unsigned long long)s->out);
    }
    if (status != VEIL_OK) vl_error_set(error, vl_stream_fail(s, status), 0, "more than %u spans", VL_STREAM_SPANS_MAX);
    return status;
}

static const char *range_fault(const vl_audio_stream *s, const veil_audio_range *range)
{
    if (!isfinite(range->start_s) || !isfinite(range->end_s)) return "a time is not finite";
    if (range->start_s < 0 || range->end_s > 1e9) return "a time is out of range";
    if (range->start_s >= range->end_s) return "its times are reversed or equal";
    if (range->channel < -1 || range->channel >= (int32_t)s->shape.channels) return "no such channel";
    return range->reserved != 0 ? "reserved is not 0" : NULL;
}

veil_status vl_audio_stream_add_range(vl_audio_stream *stream, const veil_audio_range *range, veil_error *error)
{
    const char *fault = range_fault(stream, range);
    if (!stream->plan.runs_ranges)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "a range was given, but RANGE is excluded");
    if (fault != NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "range: %s", fault);
    if (stream->finding_count >= VL_STREAM_FINDINGS_ASK)
        return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%u findings wait to be pulled",
                            stream->finding_count);
    (void)vl_stream_report(stream, &(veil_audio_finding){.entity = VL_ENTITY_RANGE,
                                                         .start_s = range->start_s,
                                                         .end_s = range->end_s,
                                                         .score = 1.0f,
                                                         .source = VEIL_SOURCE_RANGE,
                                                         .channel = range->channel});
    return add(stream, range->start_s, range->end_s, range->channel, VL_ENTITY_RANGE, error);
}

/* What cannot be reported is not taken: the host would believe in a sound that holds less. */
static veil_status add_hits(vl_audio_stream *s, const vl_hits *hits, veil_error *error)
{
    veil_status worst = VEIL_OK;
    uint32_t reported = 0;
    for (uint32_t i = 0; i < hits->count; i++)
        reported += hits->items[i].is_reported;
    if (reported > VL_STREAM_FINDINGS_MAX - s->finding_count) {
        return vl_error_set(error, vl_stream_fail(s, VEIL_ERR_LIMIT), 0, "transcript: %u findings, room for %u",
                            reported, VL_STREAM_FINDINGS_MAX - s->finding_count);
    }
    for (uint32_t i = 0; i < hits->count; i++) {
        const vl_hit *hit = &hits->items[i];
        if (hit->is_reported) {
            veil_status told = vl_stream_report(s, &(veil_audio_finding){.entity = hit->entity,
                                                                         .start_s = hit->start_s,
                                                                         .end_s = hit->end_s,
                                                                         .score = hit->score,
                                                                         .source = hit->source,
                                                                         .channel = hit->channel});
            if (told != VEIL_OK) return vl_stream_fail(s, told); /* cannot be: counted above */
        }
        int32_t channel = s->plan.speaker_only ? hit->channel : -1;
        veil_status status = add(s, hit->start_s, hit->end_s, channel, hit->entity, error);
        if (status != VEIL_OK) worst = status;
    }
    return worst;
}

/* What a transcript says and cannot be read may be what had to go: the stream ends in silence. */
veil_status vl_audio_stream_add_transcript(vl_audio_stream *stream, const char *transcript, size_t transcript_bytes,
                                           uint32_t format, veil_error *error)
{
    const vl_audio_engine *engine = stream->engine;
    if (engine->text == NULL)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "transcripts need a sanitizer with text");
    if (transcript_bytes > engine->max_transcript_bytes) {
        return vl_error_set(error, vl_stream_fail(stream, VEIL_ERR_LIMIT), 0, "transcript: %zu bytes exceed the limit",
                            transcript_bytes);
    }
    if (stream->finding_count >= VL_STREAM_FINDINGS_ASK)
        return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%u findings wait to be pulled",
                            stream->finding_count);
    vl_audio_work *work = NULL;
    veil_status status = vl_audio_works_take(engine->works, &work);
    if (status != VEIL_OK && status != VEIL_ERR_BUSY) vl_stream_fail(stream, status);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no free audio workspace");
    vl_transcript read;
    vl_hits hits = {0};
    vl_findings findings = {.hits = &hits, .has_sound = true};
    const vl_transcript_source source = {.bytes = transcript,
                                         .size_bytes = transcript_bytes,
                                         .format = format,
                                         .channels = stream->shape.channels,
                                         .duration_s = (double)stream->in / stream->shape.rate_hz};
    status = vl_transcript_parse(&source, work, &read, error);
    if (status == VEIL_OK) status = vl_transcript_find(engine->text, &stream->plan, &read, work, &findings, error);
    if (status != VEIL_OK && status != VEIL_ERR_BUSY && status != VEIL_ERR_INVALID_ARGUMENT)
        vl_stream_fail(stream, status);
    if (status == VEIL_OK) {
        status = add_hits(stream, &hits, error);
    }
    vl_audio_works_give(engine->works, work);
    return status;
}

static void make_room(vl_audio_stream *s, size_t frame_bytes)
{
    uint64_t held = s->in - s->out;
    if (s->first == 0) return;
    if (held != 0) memmove(s->buffer, s->buffer + s->first * frame_bytes, (size_t)(held * frame_bytes));
    s->first = 0;
}

static veil_status hear(vl_audio_stream *s, const void *samples, uint64_t frames, veil_error *error)
{
    vl_sound block = s->shape;
    block.samples = (void *)(uintptr_t)samples;
    block.first_frame = s->in;
    block.frames = frames;
    if (!vl_pcm_are_numbers(s->engine->kernels, &block, 0, (size_t)(frames * block.channels))) {
        return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, s->in, "a sample is NaN or infinite behind frame %llu",
                            (unsigned long long)s->in);
    }
    veil_status status = s->listens ? vl_stream_listen(s, &block) : VEIL_OK;
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "more spans or findings than a stream can hold");
}

veil_status vl_audio_stream_push(vl_audio_stream *stream, const void *samples, uint64_t frames, uint64_t *taken,
                                 veil_error *error)
{
    vl_audio_stream *s = stream;
    size_t frame_bytes = s->shape.channels * vl_sample_bytes(s->shape.format);
    *taken = 0;
    if (s->has_ended) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "the stream has ended");
    if (frames != 0 && s->shape.format != VEIL_SAMPLE_S24 && (uintptr_t)samples % vl_sample_bytes(s->shape.format) != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "samples is not aligned to a sample");
    if (s->finding_count >= VL_STREAM_FINDINGS_ASK)
        return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%u findings wait to be pulled", s->finding_count);
    uint64_t room = s->capacity - (s->in - s->out);
    if (frames > room) frames = room;
    if (frames == 0) return VEIL_OK;
    veil_status status = s->failure == VEIL_OK ? hear(s, samples, frames, error) : VEIL_OK;
    if (status != VEIL_OK) vl_stream_fail(s, status);
    if (s->first + (s->in - s->out) + frames > s->capacity) make_room(s, frame_bytes);
    char *to = s->buffer + (s->first + (s->in - s->out)) * frame_bytes;
    if (s->failure == VEIL_OK) memcpy(to, samples, (size_t)(frames * frame_bytes));
    s->in += frames;
    *taken = frames;
    return status;
}

veil_status vl_audio_stream_end(vl_audio_stream *stream, veil_error *error)
{
    if (stream->has_ended) return VEIL_OK;
    stream->has_ended = true;
    stream->shape.total_frames = stream->in;
    veil_status status = VEIL_OK;
    if (stream->listens && stream->failure == VEIL_OK) status = vl_stream_finish_keys(stream);
    if (status == VEIL_OK) return status;
    return vl_error_set(error, vl_stream_fail(stream, status), 0, "more spans or findings than a stream can hold");
}

/* ---- What goes out ---- */

static uint64_t touched_in(const vl_tracks *tracks, uint64_t from, uint64_t to)
{
    uint64_t frames = 0;
    for (uint32_t i = 0; i < tracks->touched_count; i++) {
        uint64_t start = tracks->touched[i].start > from ? tracks->touched[i].start : from;
        uint64_t end = tracks->touched[i].end < to ? tracks->touched[i].end : to;
        if (start < end) frames += end - start;
    }
    return frames;
}

static void give_findings(vl_audio_stream *s, veil_audio_result *result)
{
    uint32_t count = s->finding_count;
    if (result != NULL) {
        if (count > result->finding_capacity) count = (uint32_t)result->finding_capacity;
        if (count != 0) memcpy(result->findings, s->findings, count * sizeof *s->findings);
        result->finding_count = count;
    }
    uint32_t left = s->finding_count - count;
    if (left != 0) memmove(s->findings, s->findings + count, left * sizeof *s->findings);
    vl_wipe(s->findings + left, count * sizeof *s->findings);
    s->finding_count = left;
}

static void fill_result(const vl_audio_stream *s, uint64_t frames, veil_audio_result *result)
{
    if (result == NULL) return;
    result->frame_count = frames;
    result->redacted_frames = s->failure != VEIL_OK ? frames : touched_in(&s->now, s->out, s->out + frames);
    result->sample_rate_hz = s->shape.rate_hz;
    result->channel_count = s->shape.channels;
}

/* Frames [out, out + count) of the buffer become what the disguise makes of them; those behind went in as far as it needs. */
static void disguise(vl_audio_stream *s, uint64_t count)
{
    size_t frame_bytes = s->shape.channels * vl_sample_bytes(s->shape.format);
    vl_sound held = s->shape;
    held.samples = s->buffer + s->first * frame_bytes;
    held.first_frame = s->out;
    held.frames = s->in - s->out;
    vl_disguise_run(&s->disguise, &s->mix, &held, s->out + count + s->disguise.delay);
}

veil_status vl_audio_stream_pull(vl_audio_stream *stream, void *out, uint64_t capacity, uint64_t *frames,
                                 veil_audio_result *result, veil_error *error)
{
    vl_audio_stream *s = stream;
    size_t frame_bytes = s->shape.channels * vl_sample_bytes(s->shape.format);
    *frames = 0;
    if (s->shape.format != VEIL_SAMPLE_S24 && (uintptr_t)out % vl_sample_bytes(s->shape.format) != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "out is not aligned to a sample");
    uint64_t limit = vl_stream_release_limit(s), count = limit > s->out ? limit - s->out : 0;
    if (count > capacity) count = capacity;
    vl_sound block = s->shape;
    block.samples = out;
    block.first_frame = s->out;
    block.frames = count;
    s->now.touched_count = 0;
    if (count != 0 && s->failure == VEIL_OK) {
        veil_status status = vl_stream_lay_out(s, count);
        if (status != VEIL_OK) vl_stream_fail(s, status);
    }
    if (s->failure != VEIL_OK) {
        vl_sound_zero(&block);
    } else if (count != 0) {
        if (s->plan.disguises) disguise(s, count);
        memcpy(out, s->buffer + s->first * frame_bytes, (size_t)(count * frame_bytes));
        vl_mix_apply(&s->mix, &block);
    }
    if (count != 0) vl_wipe(s->buffer + s->first * frame_bytes, (size_t)(count * frame_bytes));
    fill_result(s, count, result);
    give_findings(s, result);
    s->first += count;
    s->out += count;
    vl_stream_forget(s);
    forget_scratch(s);
    *frames = count;
    if (s->failure == VEIL_OK) return VEIL_OK;
    return vl_error_set(error, s->failure, 0, "the stream failed before frame %llu: silence from here on",
                        (unsigned long long)s->in);
}

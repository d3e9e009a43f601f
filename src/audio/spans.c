/* Spans and segments. Frames are rounded outward, so that no part of a sample period inside a span is left. */
#include "audio/spans.h"

#include <math.h>

#include "audio/sort.h"

enum { EFFECTS = 3 };

/* Rising strength. */
static const uint32_t effect_order[EFFECTS] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_NOISE, VEIL_EFFECT_SILENCE};

static uint32_t rank_of(uint32_t effect)
{
    for (uint32_t i = 0; i < EFFECTS; i++) {
        if (effect_order[i] == effect) return i;
    }
    return EFFECTS - 1; /* nothing else passes the plan; silence leaks least */
}

veil_status vl_spans_check_range(const veil_audio_range *range, size_t index, const vl_sound *sound, double guard_s,
                                 veil_error *error)
{
    double duration = (double)sound->total_frames / sound->rate_hz;
    const char *what = NULL;
    if (!isfinite(range->start_s) || !isfinite(range->end_s)) {
        what = "a time is not finite";
    } else if (range->start_s < 0) {
        what = "it starts before the sound";
    } else if (range->start_s >= range->end_s) {
        what = "its times are reversed or equal";
    } else if (range->start_s >= duration) {
        what = "it starts beyond the end of the sound";
    } else if (range->end_s > duration + guard_s) {
        what = "it ends beyond the end of the sound";
    } else if (range->channel < -1 || range->channel >= (int32_t)sound->channels) {
        what = "no such channel";
    } else if (range->reserved != 0) {
        what = "reserved is not 0";
    }
    if (what == NULL) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, index, "range %zu: %s", index, what);
}

bool vl_span_make(const vl_sound *sound, double guard_s, double start_s, double end_s, int32_t channel, uint32_t effect,
                  vl_span *out)
{
    double start = floor(fmax(start_s - guard_s, 0) * sound->rate_hz);
    double end = ceil((end_s + guard_s) * sound->rate_hz);
    uint64_t last = sound->total_frames;
    *out = (vl_span){.start = start >= (double)last ? last : (uint64_t)start,
                     .end = end >= (double)last ? last : (uint64_t)end,
                     .channel = channel,
                     .effect = effect};
    return out->start < out->end && effect != VEIL_EFFECT_KEEP;
}

uint32_t vl_effect_stronger(uint32_t a, uint32_t b)
{
    if (a == VEIL_EFFECT_KEEP) return b;
    if (b == VEIL_EFFECT_KEEP) return a;
    return rank_of(a) > rank_of(b) ? a : b;
}

static void add_span(const vl_sound *sound, double guard_s, double start_s, double end_s, int32_t channel,
                     uint32_t effect, vl_span *spans, uint32_t *count)
{
    if (vl_span_make(sound, guard_s, start_s, end_s, channel, effect, &spans[*count])) (*count)++;
}

static bool span_before(const void *left, const void *right)
{
    const vl_span *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end < b->end;
    if (a->channel != b->channel) return a->channel < b->channel;
    return a->effect < b->effect;
}

/* A key goes in every channel, whichever it was heard in, unless the speaker's is enough: it may be too faint to be heard in
 * another, and still be there. */
static void add_tones(const vl_audio_plan *plan, const vl_tones *tones, const vl_sound *sound, vl_span *spans,
                      uint32_t *count)
{
    uint32_t key_effect = plan->runs_dtmf ? vl_audio_plan_effect(plan, VL_ENTITY_DTMF) : VEIL_EFFECT_KEEP;
    uint32_t card_effect = plan->runs_dtmf_cards ? vl_audio_plan_effect(plan, VL_ENTITY_CARD) : VEIL_EFFECT_KEEP;
    for (uint32_t i = 0; i < tones->count; i++) {
        const vl_tone *tone = &tones->items[i];
        if (tone->key.key == 0) continue; /* a card: its keys go, the pauses between them hold nothing of it */
        double start_s = (double)tone->key.start / sound->rate_hz, end_s = (double)tone->key.end / sound->rate_hz;
        int32_t channel = plan->speaker_only ? tone->channel : -1;
        add_span(sound, plan->guard_s, start_s, end_s, channel, key_effect, spans, count);
        if (tone->is_in_card && card_effect != key_effect)
            add_span(sound, plan->guard_s, start_s, end_s, channel, card_effect, spans, count);
    }
}

veil_status vl_spans_make(const vl_audio_plan *plan, const vl_found *found, const vl_sound *sound, vl_audio_work *work,
                          vl_span **out, uint32_t *count)
{
    *count = 0;
    void *memory = NULL;
    uint64_t most = (uint64_t)found->hits->count + 2ull * found->tones->count;
    if (most > UINT32_MAX / 8 || found->range_count > UINT32_MAX / 8 - most) return VEIL_ERR_NO_MEMORY;
    veil_status status = vl_audio_work_alloc(work, found->range_count + (size_t)most, sizeof(vl_span), &memory);
    if (status != VEIL_OK) return status;
    *out = memory;
    uint32_t range_effect = found->range_count == 0 ? 0 : vl_audio_plan_effect(plan, VL_ENTITY_RANGE);
    for (size_t i = 0; i < found->range_count; i++) {
        const veil_audio_range *range = &found->ranges[i];
        add_span(sound, plan->guard_s, range->start_s, range->end_s, range->channel, range_effect, *out, count);
    }
    for (uint32_t i = 0; i < found->hits->count; i++) {
        const vl_hit *hit = &found->hits->items[i];
        double guard_s = fmax(plan->guard_s, (double)hit->guard_s);
        add_span(sound, guard_s, hit->start_s, hit->end_s, plan->speaker_only ? hit->channel : -1,
                 vl_audio_plan_effect(plan, hit->entity), *out, count);
    }
    add_tones(plan, found->tones, sound, *out, count);
    vl_sort(*out, *count, sizeof **out, span_before);
    return VEIL_OK;
}

/* Walks spans in order of their start and cuts time wherever the strongest effect changes. */
typedef struct sweep {
    vl_segment *segments;
    uint32_t count;
    uint64_t at;            /* everything before is settled */
    uint64_t ends[EFFECTS]; /* how far spans seen so far reach, by rank */
    uint64_t join_frames;   /* gaps up to this are filled */
} sweep;

static void sweep_emit(sweep *s, uint64_t start, uint64_t end, uint32_t effect)
{
    if (s->count > 0) {
        vl_segment *last = &s->segments[s->count - 1];
        bool touches = last->end == start;
        if (!touches && start - last->end <= s->join_frames) {
            last->end = start;
            touches = true;
        }
        if (touches) last->ends_run = 0;
        if (touches && last->effect == effect) {
            last->end = end;
            last->ends_run = 1;
            return;
        }
        s->segments[s->count++] =
            (vl_segment){.start = start, .end = end, .effect = effect, .starts_run = !touches, .ends_run = 1};
        return;
    }
    s->segments[s->count++] =
        (vl_segment){.start = start, .end = end, .effect = effect, .starts_run = 1, .ends_run = 1};
}

/* Settle everything before `limit`. */
static void sweep_to(sweep *s, uint64_t limit)
{
    while (s->at < limit) {
        uint32_t rank = EFFECTS;
        for (uint32_t i = 0; i < EFFECTS; i++) {
            if (s->ends[i] > s->at) rank = i;
        }
        if (rank == EFFECTS) break; /* a gap */
        uint64_t end = s->ends[rank] < limit ? s->ends[rank] : limit;
        sweep_emit(s, s->at, end, effect_order[rank]);
        s->at = end;
    }
    s->at = limit;
}

static void sweep_add(sweep *s, const vl_span *span)
{
    sweep_to(s, span->start);
    uint32_t rank = rank_of(span->effect);
    if (span->end > s->ends[rank]) s->ends[rank] = span->end;
}

static veil_status make_track(const vl_span *spans, uint32_t count, int32_t channel, uint64_t total_frames,
                              uint64_t join_frames, vl_audio_work *work, vl_track *out)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++)
        used += spans[i].channel == -1 || spans[i].channel == channel;
    *out = (vl_track){.channel = channel};
    if (used == 0) return VEIL_OK;
    void *memory = NULL;
    /* A span starts one segment, and its end at most one more for each weaker effect below it. */
    veil_status status = vl_audio_work_alloc(work, (size_t)used * EFFECTS, sizeof(vl_segment), &memory);
    if (status != VEIL_OK) return status;
    sweep s = {.segments = memory, .join_frames = join_frames};
    for (uint32_t i = 0; i < count; i++) {
        if (spans[i].channel == -1 || spans[i].channel == channel) sweep_add(&s, &spans[i]);
    }
    sweep_to(&s, total_frames);
    out->segments = s.segments;
    out->count = s.count;
    return VEIL_OK;
}

static veil_status make_touched(const vl_span *spans, uint32_t count, uint64_t total_frames, vl_audio_work *work,
                                vl_tracks *out)
{
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, count, sizeof(vl_segment), &memory);
    if (status != VEIL_OK) return status;
    out->touched = memory;
    uint64_t fade = out->fade_frames;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t start = spans[i].start > fade ? spans[i].start - fade : 0;
        uint64_t end = total_frames - spans[i].end > fade ? spans[i].end + fade : total_frames;
        vl_segment *last = out->touched_count == 0 ? NULL : &out->touched[out->touched_count - 1];
        if (last != NULL && start <= last->end) {
            if (end > last->end) last->end = end;
        } else {
            out->touched[out->touched_count++] = (vl_segment){.start = start, .end = end};
        }
    }
    for (uint32_t i = 0; i < out->touched_count; i++) {
        out->touched_frames += out->touched[i].end - out->touched[i].start;
    }
    return VEIL_OK;
}

veil_status vl_tracks_make(const vl_span *spans, uint32_t count, const vl_sound *sound, double fade_s,
                           vl_audio_work *work, vl_tracks *out)
{
    *out = (vl_tracks){.fade_frames = (uint64_t)ceil(fade_s * sound->rate_hz)};
    if (count == 0) return VEIL_OK;
    veil_status status = make_touched(spans, count, sound->total_frames, work, out);
    if (status != VEIL_OK) return status;
    bool is_common = true;
    for (uint32_t i = 0; i < count; i++)
        is_common = is_common && spans[i].channel == -1;
    uint32_t tracks = is_common ? 1 : sound->channels;
    void *memory = NULL;
    status = vl_audio_work_alloc(work, tracks, sizeof(vl_track), &memory);
    if (status != VEIL_OK) return status;
    out->items = memory;
    for (uint32_t i = 0; i < tracks; i++) {
        vl_track track;
        status = make_track(spans, count, is_common ? -1 : (int32_t)i, sound->total_frames, 2 * out->fade_frames, work,
                            &track);
        if (status != VEIL_OK) return status;
        if (track.count != 0) out->items[out->count++] = track;
    }
    return VEIL_OK;
}

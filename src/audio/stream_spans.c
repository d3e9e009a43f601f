/*
 * Spans of a stream. A frame may go out when every span that can touch it is known: those that start before it, and those a
 * little behind it, for a fade lies outside its span, and runs that are closer than two fades become one.
 */
#include <string.h>

#include "audio/sort.h"
#include "audio/stream_impl.h"

static bool joins(const vl_span *a, const vl_span *b)
{
    return a->channel == b->channel && a->effect == b->effect && a->start <= b->end && b->start <= a->end;
}

/* What overlaps with the same effect is one span, or hours of keys would fill the table. */
static void absorb(vl_audio_stream *stream, vl_span *span)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < stream->span_count; i++) {
        const vl_span *one = &stream->spans[i];
        if (!joins(one, span)) {
            stream->spans[kept++] = *one;
            continue;
        }
        if (one->start < span->start) span->start = one->start;
        if (one->end > span->end) span->end = one->end;
    }
    stream->span_count = kept;
}

veil_status vl_stream_add_span(vl_audio_stream *stream, vl_span span, bool was_expected)
{
    bool is_late = !was_expected && span.start < stream->out + stream->margin && stream->out != 0;
    if (is_late) {
        span.effect = VEIL_EFFECT_SILENCE;
        if (span.start < stream->out || stream->plan.disguises) span.start = stream->out;
        /* The disguise has heard what is silenced too late: what it makes of that, to the end of the last frame, goes as well. */
        uint64_t heard = stream->plan.disguises ? stream->disguise.fed + stream->disguise.delay : 0;
        if (span.end < heard) span.end = heard;
    }
    if (span.start < span.end) {
        absorb(stream, &span);
        if (stream->span_count == VL_STREAM_SPANS_MAX) return VEIL_ERR_LIMIT;
        uint32_t at = stream->span_count++;
        while (at > 0 && stream->spans[at - 1].start > span.start) {
            stream->spans[at] = stream->spans[at - 1];
            at--;
        }
        stream->spans[at] = span;
    }
    return is_late ? VEIL_ERR_TIMEOUT : VEIL_OK;
}

/* Before it, nothing new can begin, guard band included: of keys, by what the detector has settled; of ranges, by how late they
 * may come. */
static uint64_t known_until(const vl_audio_stream *stream)
{
    uint64_t late = stream->late + stream->guard;
    uint64_t known = stream->in > late ? stream->in - late : 0;
    if (!stream->listens) return known;
    uint64_t guard = (uint64_t)(stream->plan.guard_s * stream->shape.rate_hz) + 2;
    for (uint32_t c = 0; c < stream->shape.channels; c++) {
        uint64_t settled = vl_dtmf_settled(&stream->tracks[c]);
        settled = settled > guard ? settled - guard : 0;
        if (settled < known) known = settled;
    }
    return known;
}

uint64_t vl_stream_release_limit(const vl_audio_stream *stream)
{
    if (stream->has_ended) return stream->in;
    if (stream->failure != VEIL_OK) return stream->in > stream->delay ? stream->in - stream->delay : 0;
    uint64_t known = known_until(stream);
    return known > stream->margin ? known - stream->margin : 0;
}

static bool span_before(const void *left, const void *right)
{
    const vl_span *a = left, *b = right;
    return a->start < b->start;
}

veil_status vl_stream_lay_out(vl_audio_stream *stream, uint64_t frames)
{
    uint64_t reach = stream->out + frames + stream->margin, total = stream->shape.total_frames;
    uint32_t count = 0;
    void *memory = NULL;
    stream->now = (vl_tracks){.fade_frames = stream->now.fade_frames};
    while (count < stream->span_count && stream->spans[count].start < reach)
        count++;
    veil_status status = vl_audio_work_alloc(&stream->work, count + stream->shape.channels, sizeof(vl_span), &memory);
    if (status != VEIL_OK) return status;
    vl_span *near = memory;
    if (count != 0) memcpy(near, stream->spans, count * sizeof *near);
    if (stream->listens && !stream->has_ended) {
        count += vl_stream_open_keys(stream, near + count);
        vl_sort(near, count, sizeof *near, span_before);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (near[i].end > total) near[i].end = total;
        if (near[i].start < near[i].end) near[kept++] = near[i];
    }
    return vl_tracks_make(near, kept, &stream->shape, stream->plan.fade_s, &stream->work, &stream->now);
}

/* A run of spans goes as a whole: what is left of one would begin where it did not. */
void vl_stream_forget(vl_audio_stream *stream)
{
    uint32_t done = 0;
    uint64_t end = 0;
    for (uint32_t i = 0; i < stream->span_count; i++) {
        const vl_span *span = &stream->spans[i];
        if (i > 0 && span->start > end + stream->margin && end + 2 * stream->margin < stream->out) done = i;
        if (span->end > end) end = span->end;
    }
    if (stream->span_count != 0 && end + 2 * stream->margin < stream->out) done = stream->span_count;
    if (done == 0) return;
    stream->span_count -= done;
    memmove(stream->spans, stream->spans + done, stream->span_count * sizeof *stream->spans);
}

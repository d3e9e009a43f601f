/* Keys in a stream: spans while they sound, findings when they end, card numbers when their run ends. */
#include "audio/stream_impl.h"

static veil_status end_run(vl_audio_stream *stream, vl_stream_run *run, int32_t channel)
{
    vl_card_keys cards[VL_CARDS_IN_RUN];
    const double rate = stream->shape.rate_hz;
    uint32_t count = stream->plan.runs_dtmf_cards ? vl_cards_in_run(run->digits, run->count, cards) : 0;
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < count && status == VEIL_OK; i++) {
        const uint32_t last = cards[i].first + cards[i].count - 1;
        status = vl_stream_report(stream, &(veil_audio_finding){.entity = VL_ENTITY_CARD,
                                                                .start_s = (double)run->starts[cards[i].first] / rate,
                                                                .end_s = (double)run->ends[last] / rate,
                                                                .score = 1.0f,
                                                                .source = VEIL_SOURCE_DTMF,
                                                                .channel = channel});
    }
    vl_wipe(run, sizeof *run);
    return status;
}

static veil_status follow_run(vl_audio_stream *stream, const vl_dtmf_key *key)
{
    vl_stream_run *run = &stream->runs[stream->channel];
    uint64_t pause = (uint64_t)(VL_CARD_PAUSE_MAX_S * stream->shape.rate_hz);
    bool is_digit = key->key >= '0' && key->key <= '9';
    bool is_over = run->count != 0 && (!is_digit || key->start > run->ends[run->count - 1] + pause);
    veil_status status = is_over || run->count == VL_CARD_RUN_MAX ? end_run(stream, run, stream->channel) : VEIL_OK;
    if (!is_digit || status != VEIL_OK) return status;
    run->starts[run->count] = key->start;
    run->ends[run->count] = key->end;
    run->digits[run->count++] = key->key;
    return VEIL_OK;
}

static vl_span span_of(const vl_audio_stream *stream, uint32_t channel, uint64_t start, uint64_t end)
{
    vl_span span;
    double rate = stream->shape.rate_hz;
    vl_span_make(&stream->shape, stream->plan.guard_s, (double)start / rate, (double)end / rate,
                 stream->plan.speaker_only ? (int32_t)channel : -1, stream->key_effect, &span);
    return span;
}

static veil_status take_key(void *user, const vl_dtmf_key *heard)
{
    vl_audio_stream *stream = user;
    vl_dtmf_key key = *heard;
    if (key.end > stream->shape.total_frames) key.end = stream->shape.total_frames;
    if (key.start >= key.end) return VEIL_OK;
    veil_status status = VEIL_OK;
    if (stream->plan.runs_dtmf) {
        status = vl_stream_report(stream, &(veil_audio_finding){.entity = VL_ENTITY_DTMF,
                                                                .start_s = (double)key.start / stream->shape.rate_hz,
                                                                .end_s = (double)key.end / stream->shape.rate_hz,
                                                                .score = 1.0f,
                                                                .source = VEIL_SOURCE_DTMF,
                                                                .channel = stream->channel,
                                                                .key = (uint32_t)(unsigned char)key.key});
    }
    if (status == VEIL_OK) status = follow_run(stream, &key);
    if (status != VEIL_OK || stream->key_effect == VEIL_EFFECT_KEEP) return status;
    return vl_stream_add_span(stream, span_of(stream, (uint32_t)stream->channel, key.start, key.end), true);
}

veil_status vl_stream_listen(vl_audio_stream *stream, const vl_sound *block)
{
    veil_status status = VEIL_OK;
    for (uint32_t c = 0; c < block->channels && status == VEIL_OK; c++) {
        stream->channel = (int32_t)c;
        status = vl_dtmf_listen(&stream->tracks[c], block, c, take_key, stream);
    }
    return status;
}

veil_status vl_stream_finish_keys(vl_audio_stream *stream)
{
    veil_status status = VEIL_OK;
    for (uint32_t c = 0; c < stream->shape.channels && status == VEIL_OK; c++) {
        stream->channel = (int32_t)c;
        status = vl_dtmf_finish(&stream->tracks[c], take_key, stream);
        veil_status run_status = end_run(stream, &stream->runs[c], (int32_t)c);
        if (status == VEIL_OK) status = run_status;
    }
    return status;
}

uint32_t vl_stream_open_keys(const vl_audio_stream *stream, vl_span *out)
{
    uint32_t count = 0;
    if (stream->key_effect == VEIL_EFFECT_KEEP) return 0;
    for (uint32_t c = 0; c < stream->shape.channels; c++) {
        const vl_dtmf_track *track = &stream->tracks[c];
        if (track->state != VL_DTMF_ON) continue;
        uint64_t end = vl_dtmf_settled(track);
        if (end > track->open.start) out[count++] = span_of(stream, c, track->open.start, end);
    }
    return count;
}

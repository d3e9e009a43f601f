/* Words on their way in: checks that hold for every format. */
#include "audio/transcript_sink.h"

#include <math.h>
#include <string.h>

veil_status vl_sink_malformed(vl_transcript_sink *sink, size_t offset, const char *what)
{
    return vl_error_set(sink->error, VEIL_ERR_MALFORMED_INPUT, offset, "transcript: %s", what);
}

veil_status vl_sink_malformed_word(vl_transcript_sink *sink, size_t offset, const char *what)
{
    return vl_error_set(sink->error, VEIL_ERR_MALFORMED_INPUT, offset, "transcript: word %u: %s", sink->index, what);
}

veil_status vl_sink_check_times(vl_transcript_sink *sink, size_t offset, double start_s, double end_s, bool is_segment)
{
    double last = sink->source->duration_s + VL_TRANSCRIPT_TOLERANCE_S;
    if (isinf(start_s) || isinf(end_s)) return vl_sink_malformed_word(sink, offset, "a time is not a number");
    if (start_s < 0 || end_s < 0) return vl_sink_malformed_word(sink, offset, "a time is negative");
    if (start_s > end_s) return vl_sink_malformed_word(sink, offset, "its times are reversed");
    if (start_s > last) return vl_sink_malformed_word(sink, offset, "it starts beyond the end of the sound");
    /* Whisper rounds the last segment up to its 30 s window, so only words are held to the end. */
    if (!is_segment && end_s > last) {
        return vl_sink_malformed_word(sink, offset, "it ends beyond the end of the sound");
    }
    return VEIL_OK;
}

static veil_status grow(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    void *memory = NULL;
    uint32_t capacity = t->capacity < 64 ? 128 : t->capacity * 2;
    veil_status status = vl_audio_work_alloc(sink->work, capacity, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for %u words", capacity);
    if (t->count != 0) memcpy(memory, t->words, t->count * sizeof(vl_word));
    t->words = memory;
    t->capacity = capacity;
    return VEIL_OK;
}

veil_status vl_sink_add(vl_transcript_sink *sink, size_t offset, const vl_word *word)
{
    vl_transcript *t = sink->out;
    veil_status status =
        vl_sink_check_times(sink, offset, word->start_s, word->end_s, (word->flags & VL_WORD_IS_SEGMENT) != 0);
    if (status != VEIL_OK) return status;
    if (t->count == VL_TRANSCRIPT_MAX_WORDS) {
        return vl_error_set(sink->error, VEIL_ERR_LIMIT, offset, "transcript: more than %u words",
                            VL_TRANSCRIPT_MAX_WORDS);
    }
    if (t->count == t->capacity) status = grow(sink);
    if (status != VEIL_OK) return status;
    t->words[t->count] = *word;
    t->words[t->count].id = t->count;
    t->count++;
    sink->index++;
    return VEIL_OK;
}

veil_status vl_sink_place(vl_transcript_sink *sink, const char *raw, size_t raw_bytes, uint8_t encoding, uint32_t word)
{
    vl_transcript *t = sink->out;
    if (!sink->source->wants_places) return VEIL_OK;
    if (t->place_count == sink->place_capacity) {
        uint32_t capacity = sink->place_capacity == 0 ? 256 : sink->place_capacity * 2;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(sink->work, capacity, sizeof(vl_place), &memory);
        if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its places");
        if (t->place_count != 0) memcpy(memory, t->places, t->place_count * sizeof(vl_place));
        t->places = memory;
        sink->place_capacity = capacity;
    }
    t->places[t->place_count++] = (vl_place){.offset = (uint32_t)(raw - sink->source->bytes),
                                             .size_bytes = (uint32_t)raw_bytes,
                                             .word = word,
                                             .encoding = encoding};
    return VEIL_OK;
}

veil_status vl_sink_time(vl_transcript_sink *sink, size_t start, size_t end)
{
    vl_transcript *t = sink->out;
    if (!sink->source->wants_places) return VEIL_OK;
    if (t->time_count == sink->time_capacity) {
        uint32_t capacity = sink->time_capacity == 0 ? 256 : sink->time_capacity * 2;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(sink->work, capacity, sizeof(vl_time_place), &memory);
        if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its times");
        if (t->time_count != 0) memcpy(memory, t->times, t->time_count * sizeof(vl_time_place));
        t->times = memory;
        sink->time_capacity = capacity;
    }
    t->times[t->time_count++] = (vl_time_place){.start = (uint32_t)start, .end = (uint32_t)end};
    return VEIL_OK;
}

veil_status vl_sink_beside(vl_transcript_sink *sink, const vl_beside *beside)
{
    vl_transcript *t = sink->out;
    if (t->beside_count == sink->beside_capacity) {
        uint32_t capacity = sink->beside_capacity == 0 ? 64 : sink->beside_capacity * 2;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(sink->work, capacity, sizeof(vl_beside), &memory);
        if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its texts");
        if (t->beside_count != 0) memcpy(memory, t->besides, t->beside_count * sizeof(vl_beside));
        t->besides = memory;
        sink->beside_capacity = capacity;
    }
    t->besides[t->beside_count++] = *beside;
    return VEIL_OK;
}

/* Strings of members that no table of a format has: nobody knows what they are, so they are kept to be searched. */
#include <math.h>
#include <string.h>

#include "audio/mask.h"
#include "audio/transcript_json.h"

/* VL_STRAY_RUNS: there are too many. Members that shared a run would break up each other's texts. */
static uint32_t run_of(vl_transcript_sink *sink, uint64_t hash)
{
    for (uint32_t i = 0; i < sink->run_count; i++) {
        if (sink->runs[i] == hash) return i;
    }
    if (sink->run_count == VL_STRAY_RUNS) return VL_STRAY_RUNS;
    sink->runs[sink->run_count] = hash;
    return sink->run_count++;
}

veil_status vl_sink_stray(vl_transcript_sink *sink, const vl_stray *stray, uint64_t run)
{
    vl_transcript *t = sink->out;
    uint32_t at = run_of(sink, run);
    if (at == VL_STRAY_RUNS)
        return vl_error_set(sink->error, VEIL_ERR_LIMIT, 0, "transcript: more than %u members that no format has",
                            VL_STRAY_RUNS);
    if (t->stray_count == sink->stray_capacity) {
        uint32_t capacity = sink->stray_capacity == 0 ? 64 : sink->stray_capacity * 2;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(sink->work, capacity, sizeof(vl_stray), &memory);
        if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its members");
        if (t->stray_count != 0) memcpy(memory, t->strays, t->stray_count * sizeof(vl_stray));
        t->strays = memory;
        sink->stray_capacity = capacity;
    }
    t->strays[t->stray_count] = *stray;
    t->strays[t->stray_count++].run = at;
    return VEIL_OK;
}

bool vl_json_says_speech(const vl_json_token *key)
{
    static const char *const names[] = {"text", "transcript", "sentence", "display", "lexical", "itn"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (key->raw != NULL && vl_json_equals(key, names[i])) return true;
    }
    return false;
}

/* Times and numbers with a point say nothing. */
static bool is_stray(const vl_json_token *key, const vl_json_token *value, double sound_end_s)
{
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < value->raw_bytes; i++) {
        digits += value->raw[i] >= '0' && value->raw[i] <= '9';
        points += value->raw[i] == '.';
    }
    bool is_fraction = points == 1 && digits + points == value->raw_bytes;
    bool is_sized = value->raw_bytes != 0 && value->raw_bytes <= UINT32_MAX / 2;
    return is_sized && !is_fraction && !vl_rewrite_is_time(key, value, sound_end_s);
}

/* FNV; kinds of objects part members of one name. */
static uint64_t hash_name(uint64_t hash, const vl_json_token *key)
{
    for (size_t i = 0; i < key->raw_bytes; i++)
        hash = (hash ^ (unsigned char)key->raw[i]) * 0x100000001B3ull;
    return hash * 31 + 1;
}

veil_status vl_json_read_strays(vl_json *json, vl_json_token *token, uint8_t kind, vl_transcript_sink *sink,
                                bool *is_json)
{
    const uint64_t base = hash_name(0xCBF29CE484222325ull + kind, token);
    const uint32_t outside = json->depth;
    vl_json_token key = *token;
    uint64_t run = base;
    do {
        vl_json_type type = vl_json_next(json, token);
        *is_json = type != VL_JSON_ERROR && type != VL_JSON_END;
        if (!*is_json) return VEIL_ERR_MALFORMED_INPUT;
        if (type == VL_JSON_KEY) {
            key = *token;
            run = hash_name(base, &key);
        }
        if (type != VL_JSON_STRING || !is_stray(&key, token, sink->source->duration_s)) continue;
        const vl_stray stray = {.raw = token->raw,
                                .raw_bytes = (uint32_t)token->raw_bytes,
                                .start_s = NAN,
                                .end_s = NAN,
                                .encoding = token->has_escapes ? VL_TEXT_JSON : VL_TEXT_PLAIN,
                                .says_speech = vl_json_says_speech(&key)};
        veil_status status = vl_sink_stray(sink, &stray, run);
        if (status != VEIL_OK) return status;
    } while (json->depth > outside);
    return VEIL_OK;
}

void vl_json_settle_strays(vl_transcript *transcript, uint32_t first, double start_s, double end_s)
{
    if (isnan(start_s) || isnan(end_s)) return;
    for (uint32_t i = first; i < transcript->stray_count; i++) {
        vl_stray *stray = &transcript->strays[i];
        if (!isnan(stray->start_s)) continue;
        stray->start_s = start_s;
        stray->end_s = end_s;
    }
}

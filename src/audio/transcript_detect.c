/*
 * Which format a transcript is in, by its content: the members of the first object, looked at in order until one decides. A member
 * that several formats have decides only when nothing better comes.
 */
#include <string.h>

#include "audio/transcript_sink.h"
#include "core/json.h"

typedef struct clue {
    const char *key;
    vl_json_type type;  /* of its value */
    const char *inside; /* a member that the value (or the first object in it) has; NULL: no matter */
    uint8_t format;
    bool is_weak;
} clue;

#define ANY_TYPE VL_JSON_END /* no value has it */

static const clue clues[] = {
    {"segments", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_WHISPER, false},
    {"word_segments", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_WHISPER, false},
    {"transcription", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_WHISPER_CPP, false},
    {"result", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_VOSK, false},
    {"alternatives", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_VOSK, false},
    {"partial", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_VOSK, false},
    {"results", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_GOOGLE, false},
    {"response", VL_JSON_OBJECT_BEGIN, "results", VEIL_TRANSCRIPT_GOOGLE, false},
    {"results", VL_JSON_OBJECT_BEGIN, "channels", VEIL_TRANSCRIPT_DEEPGRAM, false},
    {"results", VL_JSON_OBJECT_BEGIN, "utterances", VEIL_TRANSCRIPT_DEEPGRAM, false},
    {"results", VL_JSON_OBJECT_BEGIN, NULL, VEIL_TRANSCRIPT_AWS, false},
    {"Transcript", VL_JSON_OBJECT_BEGIN, NULL, VEIL_TRANSCRIPT_AWS, false},
    {"TranscriptEvent", VL_JSON_OBJECT_BEGIN, NULL, VEIL_TRANSCRIPT_AWS, false},
    {"TranscriptResultStream", VL_JSON_OBJECT_BEGIN, NULL, VEIL_TRANSCRIPT_AWS, false},
    {"channel", VL_JSON_OBJECT_BEGIN, "alternatives", VEIL_TRANSCRIPT_DEEPGRAM, false},
    {"recognizedPhrases", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"combinedRecognizedPhrases", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"combinedPhrases", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"phrases", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"NBest", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"RecognitionStatus", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_AZURE, false},
    {"audio_url", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_ASSEMBLYAI, false},
    {"acoustic_model", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_ASSEMBLYAI, false},
    {"utterances", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_ASSEMBLYAI, false},
    {"w", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_POCKETSPHINX, false},
    {"start_sec", VL_JSON_NUMBER, NULL, VEIL_TRANSCRIPT_PICOVOICE, false},
    {"startSec", VL_JSON_NUMBER, NULL, VEIL_TRANSCRIPT_PICOVOICE, false},
    {"words", VL_JSON_ARRAY_BEGIN, "start_sec", VEIL_TRANSCRIPT_PICOVOICE, false},
    {"words", VL_JSON_ARRAY_BEGIN, "startSec", VEIL_TRANSCRIPT_PICOVOICE, false},
    {"words", VL_JSON_ARRAY_BEGIN, NULL, VEIL_TRANSCRIPT_WHISPER, true},
    {"segments", ANY_TYPE, NULL, VEIL_TRANSCRIPT_WHISPER, true},
    {"words", ANY_TYPE, NULL, VEIL_TRANSCRIPT_WHISPER, true},
    {"transcript", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_PICOVOICE, true},
    {"text", VL_JSON_STRING, NULL, VEIL_TRANSCRIPT_VOSK, true},
};

/* How much of a value is searched for the member that decides: it is among the first in every format. */
#define MEMBERS_LOOKED_AT 16u

/* Does the object that starts at the parser, or the first one in the array there, have this member? Works on a copy. */
static bool has_inside(vl_json json, const vl_json_token *value, const char *name)
{
    vl_json_token token = *value;
    if (token.type == VL_JSON_ARRAY_BEGIN) vl_json_next(&json, &token);
    if (token.type != VL_JSON_OBJECT_BEGIN) return false;
    for (uint32_t i = 0; i < MEMBERS_LOOKED_AT; i++) {
        if (vl_json_next(&json, &token) != VL_JSON_KEY) return false;
        if (vl_json_equals(&token, name)) return true;
        if (!vl_json_skip(&json, &token)) return false;
    }
    return false;
}

static const clue *read_clue(const vl_json *json, const vl_json_token *key, const vl_json_token *value)
{
    for (size_t i = 0; i < sizeof clues / sizeof clues[0]; i++) {
        bool may_be = clues[i].type == value->type || clues[i].type == ANY_TYPE;
        if (!may_be || !vl_json_equals(key, clues[i].key)) continue;
        if (clues[i].inside == NULL || has_inside(*json, value, clues[i].inside)) return &clues[i];
    }
    return NULL;
}

/* "start" and "text" or "words": a segment of Whisper's by itself, in an array of them. */
static uint32_t of_object(vl_json *json, bool is_item)
{
    vl_json_token key, value;
    uint32_t best = VEIL_TRANSCRIPT_AUTO;
    bool has_text = false, has_start = false;
    while (vl_json_next(json, &key) == VL_JSON_KEY) {
        vl_json_next(json, &value);
        const clue *found = read_clue(json, &key, &value);
        if (found != NULL && !found->is_weak) return found->format;
        has_text |= vl_json_equals(&key, "text") || vl_json_equals(&key, "words") || vl_json_equals(&key, "word");
        has_start |= vl_json_equals(&key, "start");
        if (is_item && has_text && has_start) return VEIL_TRANSCRIPT_WHISPER;
        /* words before a text alone: a list of words says more */
        if (found != NULL && (best == VEIL_TRANSCRIPT_AUTO || best == VEIL_TRANSCRIPT_VOSK)) best = found->format;
        bool is_nested = value.type == VL_JSON_OBJECT_BEGIN || value.type == VL_JSON_ARRAY_BEGIN;
        if (is_nested && !vl_json_skip(json, &value)) return best;
    }
    return best;
}

uint32_t vl_transcript_detect_json(const char *bytes, size_t size_bytes)
{
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, bytes, size_bytes);
    if (vl_json_next(&json, &token) == VL_JSON_OBJECT_BEGIN) return of_object(&json, false);
    if (token.type != VL_JSON_ARRAY_BEGIN || vl_json_next(&json, &token) != VL_JSON_OBJECT_BEGIN)
        return VEIL_TRANSCRIPT_AUTO;
    return of_object(&json, true);
}

/*
 * Transcripts: Whisper (segments[].words[], verbose_json with words[] at the top, whisperX with missing times, segments
 * without words) and Vosk (result[], alternatives[], one object or many) become one list of words with times.
 *
 * The words are grouped in layers: alternatives of the same speech (Vosk's n-best list, or words that are given both in
 * segments and at the top). Each layer is one running text; nothing is found across layers, and something that is found in
 * any of them is removed.
 */
#ifndef VL_AUDIO_TRANSCRIPT_H
#define VL_AUDIO_TRANSCRIPT_H

#include "audio/work.h"
#include "core/error.h"

/** How far a time may lie beyond the end of the sound (recognizers pad the last frame); it is then cut to the end. */
#define VL_TRANSCRIPT_TOLERANCE_S 0.5
#define VL_TRANSCRIPT_MAX_WORDS   (1u << 20) /* a hundred hours of speech */

enum {
    VL_WORD_IS_SEGMENT = 1u, /* stands for a whole segment that has no words */
    VL_WORD_STARTS_LIST = 2u /* first of its list: a space goes before it whatever it looks like */
};

typedef struct vl_word {
    double start_s; /* NaN while unknown */
    double end_s;
    const char *raw; /* into the JSON */
    uint32_t raw_bytes;
    uint32_t text_start; /* in vl_transcript.text */
    uint32_t text_end;
    uint16_t layer;
    uint8_t has_escapes;
    uint8_t flags;
} vl_word;

typedef struct vl_transcript {
    vl_word *words; /* grouped by layer */
    uint32_t count;
    uint32_t capacity;
    uint32_t layer_count; /* 0 when there are no words */
    char *text;           /* the words of all layers, joined */
    uint32_t text_bytes;
} vl_transcript;

/**
 * Parse and check. Times are made complete (a word without times gets the whole gap between its neighbours), cut to the sound, and
 * ordered start <= end.
 * @param duration_s  of the sound
 * @return VEIL_OK; MALFORMED_INPUT (the message names the word's index); LIMIT; BUSY, NO_MEMORY
 */
veil_status vl_transcript_parse(const char *json, size_t json_bytes, uint32_t format, double duration_s,
                                vl_audio_work *work, vl_transcript *out, veil_error *error);

/** transcript_times.c: give words[first, count) the times they lack, between lo_s and hi_s (NaN: not known, leave open). */
void vl_transcript_fill_times(vl_word *words, uint32_t first, uint32_t count, double lo_s, double hi_s);

#endif

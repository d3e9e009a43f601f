/* Where the parsers of all formats put what they read. */
#ifndef VL_AUDIO_TRANSCRIPT_SINK_H
#define VL_AUDIO_TRANSCRIPT_SINK_H

#include "audio/transcript.h"

typedef struct vl_transcript_sink {
    const vl_transcript_source *source;
    vl_transcript *out;
    vl_audio_work *work;
    veil_error *error;
    uint32_t place_capacity;
    uint32_t beside_capacity;
    uint32_t stray_capacity;
    uint32_t time_capacity;
    uint32_t run_count;
    uint64_t runs[VL_STRAY_RUNS]; /* by the hash of their member */
    bool has_seconds;             /* some word has a second writing */
    uint32_t index;               /* words and segments so far, for messages */
    bool joins_by_space;          /* a word without a leading space continues the one before it, if any has one */
    bool joins_segments;          /* so do segments, which may be tokens (whisper.cpp -ml 1) */
    bool zero_may_be_all;         /* channel 0 alone is what the format says of a sound that was mixed down */
    bool has_other_lists; /* words at the top beside segments (Whisper): segments that they repeat are dropped */
} vl_transcript_sink;

/** MALFORMED_INPUT at `offset` of the document. */
veil_status vl_sink_malformed(vl_transcript_sink *sink, size_t offset, const char *what);
veil_status vl_sink_malformed_word(vl_transcript_sink *sink, size_t offset, const char *what);

/** Check a word's times against each other and the sound; NaN is accepted. */
veil_status vl_sink_check_times(vl_transcript_sink *sink, size_t offset, double start_s, double end_s, bool is_segment);
/** Check the times, the channel, and add it. `word->id` is set here. */
veil_status vl_sink_add(vl_transcript_sink *sink, size_t offset, const vl_word *word);
/** Note where a text stands; nothing when places are not wanted. */
veil_status vl_sink_place(vl_transcript_sink *sink, const char *raw, size_t raw_bytes, uint8_t encoding, uint32_t word);

/** Note a string of a member that is not known; `run` is the hash of the member. */
veil_status vl_sink_stray(vl_transcript_sink *sink, const vl_stray *stray, uint64_t run);

/** Note where a time stands; nothing when places are not wanted. */
veil_status vl_sink_time(vl_transcript_sink *sink, size_t start, size_t end);
/** Note a text beside words; what is blank is left out. */
veil_status vl_sink_beside(vl_transcript_sink *sink, const vl_beside *beside);

/** One call for each family of formats. They append to sink->out and leave times open where the format does. */
veil_status vl_transcript_read_json(vl_transcript_sink *sink, uint32_t format);
veil_status vl_transcript_read_ctm(vl_transcript_sink *sink);
veil_status vl_transcript_read_cues(vl_transcript_sink *sink, bool is_vtt);

/** transcript_groups.c: drop what is said twice, order by channel and layer. */
veil_status vl_transcript_group(vl_transcript_sink *sink);
/** transcript_repeats.c: Whisper's segments that the words at the top repeat. */
veil_status vl_transcript_drop_segments(vl_transcript_sink *sink);
/** transcript_repeats.c: second lists of the same words. A word that is dropped keeps the id of its twin in text_start. */
veil_status vl_transcript_drop_repeats(vl_transcript_sink *sink);
/** transcript_groups.c: a group of the second writings for each group that has any. */
veil_status vl_transcript_add_seconds(vl_transcript_sink *sink);
/** transcript_text.c: the running text of every group. */
veil_status vl_transcript_join(vl_transcript_sink *sink);

/** The first line or object tells. */
uint32_t vl_transcript_detect_json(const char *bytes, size_t size_bytes);
bool vl_transcript_is_ctm(const char *bytes, size_t size_bytes);
bool vl_transcript_is_vtt(const char *bytes, size_t size_bytes);
bool vl_transcript_is_srt(const char *bytes, size_t size_bytes);

#endif

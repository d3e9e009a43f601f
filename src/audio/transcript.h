/*
 * Transcripts: whatever a recognizer wrote (docs/transcripts.md lists the formats) becomes one list of words with times. What a
 * format gives without word times (a subtitle cue, a phrase) is one word that stands for its whole time.
 *
 * The words are grouped by channel and layer. Layers are other writings of the same speech: alternatives, partial results, a
 * second copy of the words. Each group is one running text; nothing is found across groups, and what is found in any of
 * them is removed.
 */
#ifndef VL_AUDIO_TRANSCRIPT_H
#define VL_AUDIO_TRANSCRIPT_H

#include "audio/work.h"
#include "core/error.h"

/** How far a time may lie beyond the end of the sound (recognizers pad the last frame); it is then cut to the end. */
#define VL_TRANSCRIPT_TOLERANCE_S 0.5
#define VL_TRANSCRIPT_MAX_WORDS   (1u << 20) /* a hundred hours of speech */
#define VL_CHANNEL_MAX            255        /* highest channel that a transcript may name */

enum {
    VL_LAYER_MAIN = 0,
    VL_LAYER_REPEAT = 1,  /* a second list of the same words: dropped when every word has its twin in the main one */
    VL_LAYER_PARTIAL = 2, /* results that a later one replaces */
    VL_LAYER_FORM = 3,    /* to 6: the same words in another writing (lexical, ITN) */
    VL_LAYER_OTHER = 8,   /* and above: alternatives, the first of which is in the main layer */
    VL_LAYER_LIMIT = 255,
    VL_LAYER_SECOND = 256, /* added: the second writings of a layer's words */
    VL_LAYER_BESIDE = 512  /* and above: of hits, in texts beside words */
};

enum {
    VL_WORD_IS_SEGMENT = 1u,  /* stands for more than a word: a cue or segment that has no words of its own */
    VL_WORD_STARTS_LIST = 2u, /* first of its list: a space goes before it whatever it looks like */
    VL_WORD_CONTINUES = 4u,   /* belongs to the word before it: no space between them, and they go together */
    VL_WORD_IS_MARK = 8u,     /* punctuation by the format's word: continues, and takes no time */
    VL_WORD_IS_DROPPED = 16u  /* within the parser */
};

/** How `raw` is written. */
enum { VL_TEXT_PLAIN, VL_TEXT_JSON /* escapes */, VL_TEXT_MARKUP /* <tags>, &entities; , line ends */ };

typedef struct vl_word {
    double start_s; /* NaN while unknown */
    double end_s;
    const char *raw; /* into the transcript */
    uint32_t raw_bytes;
    uint32_t text_start; /* in vl_transcript.text */
    uint32_t text_end;
    uint32_t id; /* in the order of the document */
    uint16_t layer;
    int16_t channel; /* -1: not known, so all */
    uint8_t encoding;
    uint8_t flags;
    uint8_t second_encoding;
    uint32_t second_bytes;
    const char *second; /* what the word is in another writing, or NULL */
} vl_word;

/** Which words a text is about: known (id_first, id_end); those of the document that lie in its time; those up to the next that come. */
enum { VL_ABOUT_IDS, VL_ABOUT_ITS_TIME, VL_ABOUT_NEXT };

/** A text beside words: what a segment, an alternative or the whole says in one piece while its words say it too. */
typedef struct vl_beside {
    const char *raw;
    uint32_t raw_bytes;
    uint32_t id_first; /* of its words */
    uint32_t id_end;
    double start_s; /* its own, NaN: none */
    double end_s;
    uint8_t encoding;
    uint8_t is_whole; /* of the document */
    uint8_t about;    /* VL_ABOUT_* */
} vl_beside;

/** A string of a member that the format does not have. Those of one member, wherever it stands, are one run: what they say together
 *  is searched, for it may be said a word a string. */
typedef struct vl_stray {
    const char *raw;
    uint32_t raw_bytes;
    uint32_t run;
    double start_s; /* of the object that it is in; NaN: none is known */
    double end_s;
    uint8_t encoding;
    uint8_t says_speech; /* by the name of the member */
} vl_stray;

#define VL_STRAY_RUNS 256u /* kinds of members that no format has: more are LIMIT */

/** Where a word or a segment stands in the document; a word may stand there in several writings. */
typedef struct vl_place {
    uint32_t offset;
    uint32_t size_bytes;
    uint32_t word; /* id while parsing, then index; VL_NO_WORD: text that is nobody's */
    uint8_t encoding;
} vl_place;

#define VL_NO_WORD UINT32_MAX

/** Bytes [start, end) of the document that were read as a time. */
typedef struct vl_time_place {
    uint32_t start;
    uint32_t end;
} vl_time_place;

typedef struct vl_transcript {
    vl_word *words; /* grouped by channel and layer */
    uint32_t count;
    uint32_t capacity;
    uint32_t group_count; /* 0 when there are no words */
    char *text;           /* the words of all groups, joined */
    uint32_t text_bytes;
    uint32_t format;  /* VEIL_TRANSCRIPT_*: what it is */
    vl_place *places; /* in order; only when asked for */
    uint32_t place_count;
    uint32_t time_count;
    vl_time_place *times;    /* of JSON, in order; only when places are asked for */
    const float *confidence; /* of each word; NULL: not known */
    vl_beside *besides;
    uint32_t beside_count;
    vl_stray *strays; /* in the order of the document */
    uint32_t stray_count;
    const uint32_t *index_of; /* of ids; only where there are besides or places */
    double end_s;             /* of the sound, else of the last word */
} vl_transcript;

typedef struct vl_transcript_source {
    const char *bytes;
    size_t size_bytes;
    uint32_t format;   /* VEIL_TRANSCRIPT_*; AUTO tells from the content */
    uint32_t channels; /* of the sound; 0: not known */
    double duration_s; /* of the sound; INFINITY: not known */
    bool wants_places;
} vl_transcript_source;

/** Step over the byte order marks at the beginning. Places count from behind them: who asks for places skips them first. */
void vl_transcript_skip_bom(vl_transcript_source *source);
/**
 * Parse and check. Times are made complete (a word without times gets the whole gap between its neighbours), cut to the sound, and
 * ordered start <= end.
 * @return VEIL_OK; MALFORMED_INPUT (the message names the word's index); LIMIT; BUSY, NO_MEMORY
 */
veil_status vl_transcript_parse(const vl_transcript_source *source, vl_audio_work *work, vl_transcript *out,
                                veil_error *error);

/** The format of a transcript by its content, or VEIL_TRANSCRIPT_AUTO when it is none that is known. */
uint32_t vl_transcript_detect(const char *bytes, size_t size_bytes);
/** "Whisper", for messages. */
const char *vl_transcript_format_name(uint32_t format);

/** transcript_times.c: give words[first, count) the times they lack, between lo_s and hi_s (NaN: not known, leave open). */
void vl_transcript_fill_times(vl_word *words, uint32_t first, uint32_t count, double lo_s, double hi_s);

/** Do a and b belong to the same running text? */
static inline bool vl_word_same_group(const vl_word *a, const vl_word *b)
{
    return a->layer == b->layer && a->channel == b->channel;
}

/** transcript_text.c: write the text behind `raw`, decoded, to `out` (at most as many bytes as raw). SIZE_MAX: a bad escape. */
size_t vl_transcript_decode(const char *raw, size_t raw_bytes, uint8_t encoding, char *out);
/** transcript_text.c: the bytes of raw that decode to [start, end), markup between them included. */
void vl_transcript_raw_span(const char *raw, size_t raw_bytes, uint8_t encoding, size_t start, size_t end,
                            size_t *raw_start, size_t *raw_end);

#endif

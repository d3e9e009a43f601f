/*
 * Transcripts in JSON: one reader for all of them. What a format looks like is a table: kinds of objects, and for each the
 * members that matter. A format is a file with its tables; the reader (transcript_json.c) knows none of them.
 */
#ifndef VL_AUDIO_TRANSCRIPT_JSON_H
#define VL_AUDIO_TRANSCRIPT_JSON_H

#include "audio/transcript_sink.h"
#include "audio/transcript_units.h"
#include "core/json.h"

enum {                /* what a member is */
       VL_J_LIST,     /* array of objects of kind `to` */
       VL_J_OBJECT,   /* one object of kind `to` */
       VL_J_INTO,     /* an object whose members count as this object's own; kind `to` has their rows */
       VL_J_OTHERS,   /* array: the first object in the layer of the list, each further one in a layer of its own */
       VL_J_REPEAT,   /* array: words that are said elsewhere too */
       VL_J_BY_INDEX, /* array: its place is its channel */
       VL_J_START,    /* times; arg: VL_UNIT_* */
       VL_J_END,
       VL_J_LENGTH,
       VL_J_TEXT,      /* arg: which writing to take where there are several, the highest */
       VL_J_FORM,      /* another writing of an object that has no words; arg: 0 to 3 */
       VL_J_WHOLE,     /* all that is said, once more: an error when nothing else says it */
       VL_J_UNSETTLED, /* what is said up to the end of the words that follow, which may say it otherwise */
       VL_J_CHANNEL,   /* arg: VL_CH_* */
       VL_J_MARK,      /* "punctuation" */
       VL_J_PARTIAL    /* true: a later result replaces it */
};

enum {
    VL_CH_ZERO, /* 0, 1, or an array whose first item is that */
    VL_CH_ONE,  /* 1, 2; 0 is none */
    VL_CH_NAME  /* "ch_0" */
};

enum {
    VL_CLOSE_GROUP, /* its words, or its text as one segment */
    VL_CLOSE_WORD,
    VL_CLOSE_BESIDE, /* its text is about the words of the document that lie in its time */
    VL_CLOSE_ITEM    /* one word in several alternatives, each of them a word without times; or a word like any */
};

typedef struct vl_json_row {
    const char *key;
    uint8_t key_bytes;
    uint8_t action;
    uint8_t arg;
    uint8_t to;
} vl_json_row;

#define VL_ROW(key, action, arg, to)                                                                                   \
    {                                                                                                                  \
        key, sizeof key - 1, action, arg, to                                                                           \
    }

typedef struct vl_json_kind {
    const vl_json_row *rows;
    uint8_t row_count;
    uint8_t close; /* VL_CLOSE_* */
} vl_json_kind;

#define VL_KIND(rows, close)                                                                                           \
    {                                                                                                                  \
        rows, sizeof rows / sizeof rows[0], close                                                                      \
    }

typedef struct vl_json_shape {
    const vl_json_kind *kinds; /* kind 0 is the document's object */
    const char *const
        *marker_ends;         /* pairs of first and last characters: words between them are no speech; NULL: none */
    uint8_t item_kind;        /* of the objects of an array at the top */
    bool is_spaced;           /* leading spaces say where words begin */
    bool joins_segments;      /* segments too */
    bool has_variants;        /* "one(2)": the number of a pronunciation */
    bool unknown_is_negative; /* negative times are unknown */
    bool counts_ms;           /* times are whole milliseconds; where they cannot be, somebody wrote seconds */
    bool zero_may_be_all;     /* see vl_transcript_sink */
} vl_json_shape;

/** transcript_beside.c: the texts beside words of a document, which begins at word `first_word`: besides[first, beside_count) are its own,
 *  those before them that are not settled wait for words. *said_s: the end of what was said so far. False: some text has no
 *  words. */
bool vl_besides_settle(vl_transcript *t, uint32_t first, uint32_t first_word, double *said_s);

/** A word that is no speech: "<sil>". */
bool vl_json_is_marker(const vl_json_shape *shape, const vl_json_token *text);
/** Do the words from first_word on lie closer than anyone speaks? */
bool vl_json_is_too_quick(const vl_transcript *transcript, uint32_t first_word);

typedef enum vl_time_read {
    VL_TIME_READ,
    VL_TIME_NONE, /* null */
    VL_TIME_WRONG,
    VL_TIME_TWICE, /* a member of its object */
    VL_TIME_BAD_JSON
} vl_time_read;

/** The next value as a time in seconds, which may be negative. `unit` is VL_UNIT_*; *out is written only with READ and WRONG. */
vl_time_read vl_json_read_time(vl_json *json, vl_json_token *token, uint8_t unit, double *out);

/** Does a member of this name say what was said? */
bool vl_json_says_speech(const vl_json_token *key);
/** transcript_strays.c: behind the key of a member that no table has: read its value, keep its strings. *is_json false: it is none. */
veil_status vl_json_read_strays(vl_json *json, vl_json_token *token, uint8_t kind, vl_transcript_sink *sink,
                                bool *is_json);
/** Those from `first` on that have no time yet are about this one. NaN: none is known. */
void vl_json_settle_strays(vl_transcript *transcript, uint32_t first, double start_s, double end_s);

/** The same but for capitals and the punctuation around it. */
bool vl_json_is_same_writing(vl_json_token a, vl_json_token b);

/** "one(2)" is "one", said in its second way. */
void vl_json_cut_variant(vl_json_token *text);

extern const vl_json_shape vl_shape_whisper, vl_shape_whisper_cpp, vl_shape_vosk, vl_shape_aws, vl_shape_google,
    vl_shape_azure, vl_shape_deepgram, vl_shape_assemblyai, vl_shape_picovoice, vl_shape_pocketsphinx;

#endif

/*
 * Redacted transcripts: what of a transcript is written over. Words go with the time that is cut from the sound; text that has no
 * words goes where something is found in it, or where it says again what was found elsewhere.
 */
#ifndef VL_AUDIO_MASK_H
#define VL_AUDIO_MASK_H

#include "audio/find.h"
#include "core/json.h"

/** Bytes [start, end) of a text that are written over with the name of the entity. */
typedef struct vl_mask {
    uint32_t start;
    uint32_t end;
    const char *entity;
    float score;     /* of what it repeats; 0: not known */
    uint32_t secret; /* index + 1 of what it repeats; 0: none */
} vl_mask;

typedef struct vl_masks {
    vl_mask *items;
    uint32_t count;
    uint32_t capacity;
} vl_masks;

enum {
    VL_CUT_OF_WORDS,
    VL_CUT_OF_SEGMENT, /* says that something is in that time, not what */
    VL_CUT_OF_SOUND    /* the caller's: whatever is said in that time */
};

/** A time that is cut, in one channel or all (-1). */
typedef struct vl_cut {
    double start_s;
    double end_s;
    const char *entity;
    int32_t channel;
    uint32_t kind; /* VL_CUT_* */
} vl_cut;

/** parts.c: the hash of a part of what was found; 0: none. */
typedef struct vl_part {
    uint64_t key;
    const char *entity;
} vl_part;

typedef struct vl_parts {
    vl_part *slots; /* NULL: none */
    uint32_t mask;
    uint32_t reserved;
} vl_parts;

/** Of a string of a member that no format has: bytes [start, end) of the one whose text stands at `offset` of the document. */
typedef struct vl_stray_mask {
    uint32_t offset;
    uint32_t start;
    uint32_t end; /* UINT32_MAX: to its end */
    uint32_t reserved;
    const char *entity;
} vl_stray_mask;

typedef struct vl_masker {
    const vl_text_engine *text;
    const vl_audio_plan *plan;
    vl_audio_work *work;
    veil_error *error;
    const vl_transcript *transcript;
    vl_masks found; /* in vl_transcript.text, in order, apart */
    vl_cut *cuts;   /* by start */
    uint32_t cut_count;
    double longest_s; /* of the cuts */
    vl_secrets secrets;
    vl_parts parts;
    const char *bytes; /* the document */
    vl_stray_mask *stray_masks;
    uint32_t stray_mask_count;
} vl_masker;

veil_status vl_masks_add(vl_masks *masks, uint32_t start, uint32_t end, const char *entity, vl_audio_work *work);
/** In order, and apart: what overlaps or touches becomes one. */
void vl_masks_settle(vl_masks *masks);

/** Add where secrets stand in the text. BUSY, NO_MEMORY */
veil_status vl_secrets_search(const vl_secrets *secrets, const char *text, uint32_t size_bytes, vl_audio_work *work,
                              vl_masks *out);

/** Remember the parts of hits, but for those that the plan keeps. `text` is the transcript's. BUSY, NO_MEMORY */
veil_status vl_parts_make(vl_parts *parts, const char *text, const vl_hits *hits, const vl_audio_plan *plan,
                          vl_audio_work *work);
/** Add what begins or ends the text, or all of it, where it is part of a finding. BUSY, NO_MEMORY */
veil_status vl_parts_search(const vl_parts *parts, const char *text, uint32_t size_bytes, vl_audio_work *work,
                            vl_masks *out);

/** From what was found in the transcript, and the caller's ranges and findings. masker->secrets must be indexed. */
veil_status vl_masker_make(vl_masker *masker, const vl_hits *hits, const veil_audio_options *options);
/** Why word `index` goes as a whole, or NULL. */
const char *vl_masker_word(const vl_masker *masker, uint32_t index);
/** What goes of a segment (word `index`), in bytes of its own text. */
veil_status vl_masker_segment(const vl_masker *masker, uint32_t index, vl_masks *out);
/** What goes of a text that is no word of the transcript. says_speech: even a single word in it may be part of a finding. */
veil_status vl_masker_text(const vl_masker *masker, const char *text, uint32_t size_bytes, bool says_speech,
                           vl_masks *out);

/** find_strays.c: note what goes of members that no format has. BUSY, NO_MEMORY */
veil_status vl_strays_mask(vl_masker *masker, const vl_strays *strays);
/** find_strays.c: add what goes of the string at `offset`. BUSY, NO_MEMORY */
veil_status vl_masker_stray(const vl_masker *masker, uint32_t offset, uint32_t size_bytes, vl_masks *out);

/** A field of one word without spaces is a name, a number, a time or an address of the recognizer's more often than speech: patterns
 *  of these entities are too weak there. */
bool vl_is_weak_in_names(const char *entity);

#define VL_NUMBER_DIGITS 64u /* a number of more digits is none that anyone has */

/** rewrite_number.c: does this text, of a member that is named like a time, say a time within the sound, and nothing else? */
bool vl_rewrite_is_time(const vl_json_token *key, const vl_json_token *value, double sound_end_s);
/** rewrite_number.c: the digits of a number that is whole ("5.36e2" is 536), without leading zeros. 0: it is not, or is 0. */
uint32_t vl_rewrite_digits(const vl_json_token *token, char out[VL_NUMBER_DIGITS]);

/** rewrite.c: the document with its masks. Writes what fits; *out_bytes is what it takes. */
veil_status vl_transcript_rewrite(vl_masker *masker, const vl_transcript_source *source, char *out, size_t capacity,
                                  size_t *out_bytes);

#endif

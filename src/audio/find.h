/*
 * Findings in a transcript: the words as they stand and their spoken forms go through the text engine; what it finds is mapped
 * back to words and from there to times.
 */
#ifndef VL_AUDIO_FIND_H
#define VL_AUDIO_FIND_H

#include "audio/plan.h"
#include "audio/transcript.h"

/** Something found. Every one is removed; those that won are reported. */
typedef struct vl_hit {
    const char *entity;
    double start_s;
    double end_s;
    uint32_t word_first;
    uint32_t word_last;
    uint32_t text_start; /* in vl_transcript.text: what shows it */
    uint32_t text_end;
    const char *written; /* as it would be written, where that is not the text itself; or NULL */
    uint32_t written_bytes;
    uint32_t is_time; /* shown by a text beside words: all of that time, whatever the words are */
    float score;
    float confidence; /* of its least sure word; 1 where that is not known */
    float guard_s;    /* least guard band, beside the plan's */
    uint16_t layer;
    int16_t channel; /* where it was said; -1: not known. It is removed from all */
    uint8_t view;
    uint8_t is_reported;
    uint8_t source; /* VEIL_SOURCE_TRANSCRIPT or _ASR */
} vl_hit;

typedef struct vl_hits {
    vl_hit *items;
    uint32_t count;
    uint32_t capacity;
} vl_hits;

/** What something found looks like, to recognise it elsewhere: letters and digits alone, ASCII in lower case. */
typedef struct vl_secret {
    const char *text;
    const char *entity;
    uint32_t size_bytes;
    uint32_t next;    /* in a chain of secrets.c */
    float score;      /* of the finding */
    uint32_t is_seen; /* in words or in what is beside them: it goes from the sound */
} vl_secret;

typedef struct vl_secrets {
    vl_secret *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t *heads; /* secrets.c: chains by the beginning of the text */
    uint32_t mask;
} vl_secrets;

/** secrets.c: copy letters and digits of text to out (as many bytes at most). @return bytes written */
uint32_t vl_squeeze(const char *text, uint32_t size_bytes, char *out);
/** secrets.c: bytes at the start of text that are no letter or digit (all of one character); 0: the first byte is kept. */
uint32_t vl_unkept(const char *text, uint32_t size_bytes);
/** secrets.c: remember text[0, size_bytes) as this entity's. BUSY, NO_MEMORY */
veil_status vl_secrets_add(vl_secrets *secrets, const char *text, uint32_t size_bytes, const veil_finding *finding,
                           bool is_seen, vl_audio_work *work);
/** secrets.c: chains for the search; once, when all are added. BUSY, NO_MEMORY */
veil_status vl_secrets_index(vl_secrets *secrets, vl_audio_work *work);

/** find_strays.c: members that no format has, as texts: word i of them is strays[stray_of[i]]. */
typedef struct vl_strays {
    vl_transcript texts;
    vl_hits hits; /* that count */
    uint32_t *stray_of;
} vl_strays;

/** What is found in them; adds secrets. */
veil_status vl_strays_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                           vl_audio_work *work, vl_secrets *secrets, vl_strays *out, veil_error *error);
/** What no word says goes with the time of its object. Without one: MALFORMED_INPUT when there is a sound. */
veil_status vl_strays_settle(const vl_audio_plan *plan, const vl_transcript *transcript, vl_audio_work *work,
                             const vl_secrets *secrets, vl_strays *strays, bool has_sound, vl_hits *hits,
                             veil_error *error);

/** find_repeats.c: what is found in a transcript, and what it is for. */
typedef struct vl_findings {
    vl_hits *hits; /* added to */
    vl_secrets secrets;
    vl_strays strays;
    bool has_sound; /* it is cut from one */
} vl_findings;

/**
 * All that a transcript gives away: vl_audio_find, members that no format has, and every word that says again what was found
 * elsewhere. What a redacted transcript masks in words is cut from the sound, for both come from these hits. Secrets are filled
 * and indexed.
 */
veil_status vl_transcript_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                               vl_audio_work *work, vl_findings *findings, veil_error *error);

/** Adds to `hits`. `secrets` may be NULL. Statuses as vl_text_scan, and BUSY, NO_MEMORY, TIMEOUT. */
veil_status vl_audio_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                          vl_audio_work *work, vl_hits *hits, vl_secrets *secrets, veil_error *error);

/** find_beside.c: what texts beside words show and no hit of the words from `from` on covers. As vl_audio_find. */
veil_status vl_audio_find_beside(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                                 vl_audio_work *work, vl_hits *hits, uint32_t from, vl_secrets *secrets,
                                 veil_error *error);

/** find.c: one more. BUSY, NO_MEMORY */
veil_status vl_hits_add(vl_hits *hits, const vl_hit *hit, vl_audio_work *work);

/** Of hits from `from` on that show the same thing in different layers (readings of the same sound), report one: the surest, else
 *  the first. Sorts them. */
void vl_hits_report_once(vl_hits *hits, uint32_t from);

#endif

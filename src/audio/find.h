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
    float score;
    uint16_t layer;
    int16_t channel; /* -1: all */
    uint8_t view;
    uint8_t is_reported;
} vl_hit;

typedef struct vl_hits {
    vl_hit *items;
    uint32_t count;
    uint32_t capacity;
} vl_hits;

/** Statuses as vl_text_scan, and BUSY, NO_MEMORY, TIMEOUT. */
veil_status vl_audio_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                          vl_audio_work *work, vl_hits *out, veil_error *error);

#endif

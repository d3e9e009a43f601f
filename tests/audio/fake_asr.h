/*
 * A recogniser whose answers the test writes down: it reads the sound as a real one does (in blocks, to the end), then gives
 * the words of the channel it heard, which it knows from the level of the sound.
 */
#ifndef VL_TESTS_FAKE_ASR_H
#define VL_TESTS_FAKE_ASR_H

#include <stdatomic.h>
#include <stdbool.h>

#include "veil.h"

#define FAKE_CHANNELS 4

typedef struct fake_asr {
    /* what it does */
    const veil_asr_word *words[FAKE_CHANNELS];
    size_t word_count[FAKE_CHANNELS];
    veil_status create_status;
    uint32_t create_fails_at; /* 1: the first instance */
    veil_status status;       /* of recognize, after the words */
    uint64_t reads_at_most;   /* 0: everything */
    uint32_t sleep_ms;        /* before it reads */
    uint32_t pause_ms;        /* behind its first block */
    uint32_t repeat;          /* give the first word this often */
    bool is_quiet;            /* keep no notes: several threads call */
    /* what it saw */
    atomic_uint created;
    atomic_uint alive;
    atomic_uint calls;
    atomic_bool was_entered_twice;
    uint64_t samples_heard; /* of the last call */
    uint32_t rate_hz;
    char language[16];
    veil_status sink_status; /* of the last word that was refused */
} fake_asr;

/** Level of a channel's samples by which the fake tells it: 0.1, 0.2, ... */
#define FAKE_LEVEL(channel) (0.1f * (float)((channel) + 1))

veil_asr_engine fake_asr_engine(fake_asr *fake);

#define FAKE_WORD(text, start, end) fake_word(text, start, end, 0)
veil_asr_word fake_word(const char *text, double start_s, double end_s, uint32_t alternative);
/** Words of `text` (parted by spaces) from start_s on, one every step_s. @return how many */
size_t fake_words(const char *text, double start_s, double step_s, uint32_t alternative, veil_asr_word *out,
                  size_t capacity);

#endif

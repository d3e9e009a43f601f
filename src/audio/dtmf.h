/*
 * DTMF keys in the samples of one channel, found as they come (ITU-T Q.23 gives the frequencies, Q.24 what a receiver must
 * accept). The signal is cut into hops of 5 ms; a window is two hops under a Hann taper, correlated with the eight
 * frequencies. A key is two tones, one of each group, that keep level and frequency over 30 ms and more and carry a good
 * part of all power. Decisions depend on the samples alone, not on how they were cut into pieces.
 */
#ifndef VL_AUDIO_DTMF_H
#define VL_AUDIO_DTMF_H

#include <stdbool.h>

#include "audio/sound.h"
#include "core/alloc.h"
#include "core/kernels.h"

#define VL_DTMF_TONES   8u
#define VL_DTMF_BATCH   32u /* hops taken in at once */
#define VL_DTMF_HISTORY 16u /* hops kept behind them */
#define VL_DTMF_ROW_HOP 16u /* how far before the test that makes it sure a key may begin */
#define VL_DTMF_DELAY_HOP                                                                                              \
    (VL_DTMF_ROW_HOP + 2) /* a key's first sample is known before the sample this far behind it is out */

/** The correlation of one sample rate. Immutable, shared by any number of tracks. */
typedef struct vl_dtmf_bank {
    uint32_t rate_hz;
    uint32_t hop;                 /* samples; a window is two */
    const int16_t *table;         /* rows of VL_TONE_LANES pairs: see tone_windows in core/kernels.h */
    float power;                  /* squared correlation to mean square of the tone, both in 16-bit units */
    float hz_per_turn;            /* a phase step of one radian between windows, in Hz */
    float turn_re[VL_DTMF_TONES]; /* e^(-j w hop): takes out the phase that a window gains over the one before */
    float turn_im[VL_DTMF_TONES];
} vl_dtmf_bank;

/** A key that was pressed, in frames. */
typedef struct vl_dtmf_key {
    uint64_t start;
    uint64_t end;
    char key;
} vl_dtmf_key;

/** Receives keys in order. Not VEIL_OK stops the search. */
typedef veil_status (*vl_dtmf_sink)(void *user, const vl_dtmf_key *key);

typedef struct vl_dtmf_window {
    uint64_t index; /* UINT64_MAX: none */
    float re[VL_DTMF_TONES];
    float im[VL_DTMF_TONES];
} vl_dtmf_window;

/** What a test of five windows gave. */
typedef struct vl_dtmf_match {
    uint32_t tone[2];
    bool is_sure;     /* beyond doubt, for a sound that stays steady */
    float power[2];   /* of the coherent sum, correlation squared */
    float step_re[2]; /* phase step between windows, as measured */
    float step_im[2];
} vl_dtmf_match;

typedef struct vl_dtmf_track {
    const vl_dtmf_bank *bank;
    const vl_kernels *kernels;
    int16_t *samples;  /* HISTORY + BATCH hops and a half-filled one */
    uint64_t base_hop; /* hop of samples[0] */
    uint32_t filled;   /* samples there */
    uint64_t frames;   /* of the channel, taken in so far */
    uint64_t next;     /* window to be judged next */
    uint64_t floor;    /* windows before this belong to a key that has ended */
    uint64_t energy[VL_DTMF_HISTORY + VL_DTMF_BATCH + 1];
    uint64_t good; /* bit per even window lately: loud enough and tonal */
    vl_dtmf_window windows[VL_DTMF_HISTORY];
    vl_dtmf_match match; /* of the key that sounds, or of one that passed */
    enum { VL_DTMF_IDLE, VL_DTMF_ONCE, VL_DTMF_ON } state;
    uint64_t row;     /* the first of the tests lately that named the key of `match`, or NONE */
    uint64_t begins;  /* where that key begins */
    uint64_t passed;  /* the last of them */
    uint64_t last;    /* ON: last window in which it sounded */
    vl_dtmf_key open; /* that sounds, or the one before */
} vl_dtmf_track;

size_t vl_dtmf_table_bytes(uint32_t rate_hz);
/** `table` is vl_dtmf_table_bytes large, aligned to 64, and stays as long as the bank. */
void vl_dtmf_bank_make(uint32_t rate_hz, int16_t *table, vl_dtmf_bank *out);

size_t vl_dtmf_samples_bytes(uint32_t rate_hz);
/** `samples` is vl_dtmf_samples_bytes large. */
void vl_dtmf_track_start(vl_dtmf_track *track, const vl_dtmf_bank *bank, const vl_kernels *kernels, int16_t *samples);
/** Where the next samples go, and how many fit (never 0). */
int16_t *vl_dtmf_room(vl_dtmf_track *track, size_t *count);
/** `count` samples were written there. */
veil_status vl_dtmf_advance(vl_dtmf_track *track, size_t count, vl_dtmf_sink sink, void *user);
/** The channel ends: report what still sounds. A key may end a little behind the last frame. */
veil_status vl_dtmf_finish(vl_dtmf_track *track, vl_dtmf_sink sink, void *user);
/** No key that is not known yet starts before this frame. One that sounds lasts at least until here. */
uint64_t vl_dtmf_settled(const vl_dtmf_track *track);

/** All sixteen keys are found in a made-up recording, and nothing else. SELF_TEST, NO_MEMORY */
veil_status vl_dtmf_prove(const vl_dtmf_bank *bank, const vl_kernels *kernels, const vl_allocator *allocator,
                          veil_error *error);

#endif

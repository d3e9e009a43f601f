/*
 * The keys of a whole sound: every channel listened to, block by block; keys that sound in several channels counted once; runs
 * of digits that make a card number.
 */
#ifndef VL_AUDIO_TONES_H
#define VL_AUDIO_TONES_H

#include "audio/dtmf.h"
#include "audio/work.h"

#define VL_ENTITY_DTMF      "DTMF"
#define VL_ENTITY_CARD      "CREDIT_CARD"
#define VL_DTMF_BANKS       8u /* sample rates whose table is made at creation */
#define VL_CARD_DIGITS_MIN  12u
#define VL_CARD_DIGITS_MAX  19u
#define VL_CARD_PAUSE_MAX_S 5.0 /* between two keys of one number */
#define VL_CARD_RUN_MAX     64u /* keys looked at together; the next run begins behind them */
#define VL_CARDS_IN_RUN     (VL_CARD_RUN_MAX / VL_CARD_DIGITS_MIN)

/** Banks of the common rates. */
typedef struct vl_dtmf_banks {
    vl_dtmf_bank items[VL_DTMF_BANKS];
    void *memory;
    size_t memory_bytes;
} vl_dtmf_banks;

/** Make the tables and prove the detector. NO_MEMORY, SELF_TEST */
veil_status vl_dtmf_banks_create(const vl_allocator *allocator, const vl_kernels *kernels, vl_dtmf_banks *out,
                                 veil_error *error);
void vl_dtmf_banks_destroy(vl_dtmf_banks *banks, const vl_allocator *allocator);

/** NULL: this rate has no table yet. */
const vl_dtmf_bank *vl_dtmf_banks_find(const vl_dtmf_banks *banks, uint32_t rate_hz);

/** A key, or a card (key.key 0: from its first key to its last). */
typedef struct vl_tone {
    vl_dtmf_key key;
    int32_t channel; /* -1: several */
    bool is_in_card;
} vl_tone;

typedef struct vl_tones {
    vl_tone *items; /* by start */
    uint32_t count;
    uint32_t capacity;
} vl_tones;

/** The next block of a channel to its track. What the sink returned */
veil_status vl_dtmf_listen(vl_dtmf_track *track, const vl_sound *block, uint32_t channel, vl_dtmf_sink sink,
                           void *user);

/** A scan on its way. */
typedef struct vl_tone_scan {
    const vl_kernels *kernels;
    vl_audio_work *work;
    vl_sound shape;
    vl_dtmf_bank own_bank; /* of a rate that has no table yet */
    vl_dtmf_track *tracks; /* one for each channel */
    vl_tones tones;
    int32_t channel; /* whose keys are coming */
} vl_tone_scan;

/** BUSY, NO_MEMORY */
veil_status vl_tone_scan_begin(vl_tone_scan *scan, const vl_dtmf_banks *banks, const vl_kernels *kernels,
                               const vl_sound *shape, vl_audio_work *work);
/** The next block of the sound. MALFORMED_INPUT: a sample is no number. BUSY, NO_MEMORY */
veil_status vl_tone_scan_add(vl_tone_scan *scan, const vl_sound *block, veil_error *error);
/** Keys by start, cards among them. BUSY, NO_MEMORY */
veil_status vl_tone_scan_end(vl_tone_scan *scan, vl_tones *out);

/** Mark the keys of card numbers among [first, next), which are those of one channel by start, and add the cards at the end.
 *  BUSY, NO_MEMORY */
veil_status vl_tones_find_cards(vl_tones *tones, uint32_t first, uint32_t next, uint32_t rate_hz, vl_audio_work *work);

/** Digits [first, first + count) of a run are a card number. */
typedef struct vl_card_keys {
    uint32_t first;
    uint32_t count;
} vl_card_keys;

/** The cards in a run of keys, `digits` being characters 0 to 9, count at most VL_CARD_RUN_MAX: the whole of it when it passes Luhn's
 *  check, whoever issues such cards; else what lies in it, the longest first, as the text engine's rules have it (issuer, length,
 *  check). @return how many, in order */
uint32_t vl_cards_in_run(const char *digits, uint32_t count, vl_card_keys out[VL_CARDS_IN_RUN]);
/** BUSY, NO_MEMORY */
veil_status vl_tones_add(vl_tones *tones, const vl_tone *tone, vl_audio_work *work);

#endif

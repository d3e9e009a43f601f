/* Made-up keypresses: tones, pauses, noise, from seeds. */
#ifndef TESTS_AUDIO_DTMF_FIXTURE_H
#define TESTS_AUDIO_DTMF_FIXTURE_H

#include "audio/dtmf.h"

typedef struct pressed {
    char key;
    double start_s;
    double end_s;
} pressed;

/** How a sequence sounds. Zero-initialise and set what matters. */
typedef struct sequence {
    uint32_t rate_hz;
    const char *keys;
    double tone_ms;
    double pause_ms;
    double level_db;   /* RMS of both tones together, re full scale */
    double twist_db;   /* column over row */
    double offset_pct; /* of both frequencies */
    double noise_db;   /* RMS re full scale; 0: none */
} sequence;

#define KEYS_ALL "123A456B789C*0#D"

/** malloc'ed 16-bit mono; `truth` gets one entry a key. 250 ms before, 150 ms behind. */
int16_t *make_sequence(const sequence *s, uint64_t *seed, size_t *frames, pressed *truth);

/** Normal noise of RMS `level` times full scale, added and clipped. */
void add_noise(int16_t *samples, size_t frames, double level, uint64_t *seed);

#endif

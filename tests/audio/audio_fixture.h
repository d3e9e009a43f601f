/* What audio tests share: an engine with its runtime, random sounds, and a small random generator with a printed seed. */
#ifndef VL_TESTS_AUDIO_FIXTURE_H
#define VL_TESTS_AUDIO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audio/audio.h"
#include "audio/sound.h"

typedef struct audio_fixture {
    veil_config config;
    vl_runtime runtime;
    vl_text_engine *text; /* NULL unless asked for */
    vl_audio_engine *engine;
} audio_fixture;

/** An engine with the defaults at this CPU level. `config` may be NULL. */
void audio_fixture_open(audio_fixture *fixture, const veil_config *config, uint32_t cpu_level, bool with_text);
void audio_fixture_close(audio_fixture *fixture);

/** xorshift64*, never 0. */
uint64_t random_next(uint64_t *state);
/** 0 to limit - 1. */
uint64_t random_below(uint64_t *state, uint64_t limit);

/** malloc'ed samples with random content of speech-like level. */
void *random_samples(uint64_t *state, uint32_t format, size_t count);

veil_audio_options audio_options(void);
veil_audio audio_of(void *samples, uint64_t frames, uint32_t rate_hz, uint32_t channels, uint32_t format);

#endif

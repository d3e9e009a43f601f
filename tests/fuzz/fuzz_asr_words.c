/*
 * Any bytes as what a recogniser of speech says: words with times, texts and sizes of all kinds, and the status it ends with.
 * What must hold: the call answers OK, or fails with the sound silenced; findings lie within the sound, start before end.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define RATE   16000u
#define FRAMES (RATE / 2)

static veil_sanitizer *sanitizer;
static const uint8_t *script;
static size_t script_bytes;

static void require(int condition)
{
    if (!condition) abort();
}

static veil_status create(void *user, void **instance)
{
    *instance = user;
    return VEIL_OK;
}

static void destroy(void *instance)
{
    (void)instance;
}

/* A word: start and end as whatever double the bytes are or in hundredths, alternative, text_bytes, text. */
static veil_status speak(veil_asr_sink sink, void *sink_user)
{
    const uint8_t *at = script + 2, *end = script + script_bytes;
    veil_status status = VEIL_OK;
    while (end - at >= 20 && status == VEIL_OK) {
        veil_asr_word word = {.struct_size = sizeof word, .confidence = 1, .alternative = at[1] & 31};
        memcpy(&word.start_s, at + 2, sizeof word.start_s);
        memcpy(&word.end_s, at + 10, sizeof word.end_s);
        if ((at[0] & 1) == 0) word.start_s = at[2] / 100.0, word.end_s = word.start_s + at[3] / 100.0;
        if ((at[0] & 254) == 254) memcpy(&word.confidence, at + 2, sizeof word.confidence);
        word.text_bytes = at[18];
        at += 19;
        if (word.text_bytes > (size_t)(end - at)) word.text_bytes = (size_t)(end - at);
        word.text = (const char *)at;
        at += word.text_bytes;
        status = sink(sink_user, &word);
    }
    return status;
}

static veil_status recognize(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    static float block[1000];
    (void)instance;
    for (size_t got = 1, heard = 0; got != 0 && !(script[0] == 255 && heard > 4000); heard += got)
        got = sound->read(sound->reader, block, 1 + script[0] * 3u);
    veil_status status = speak(sink, sink_user);
    return status == VEIL_OK ? -(veil_status)(script[1] / 13) : status;
}

/* So that LeakSanitizer checks what destroying leaves behind. */
static void tear_down(void)
{
    veil_sanitizer_destroy(sanitizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_up(void)
{
    static const veil_asr_engine engine = {
        .struct_size = sizeof engine, .create = create, .recognize = recognize, .destroy = destroy};
    if (sanitizer != NULL) return;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_AUDIO;
    config.audio_workspaces = 1;
    config.asr = &engine;
    require(veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK && atexit(tear_down) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int16_t samples[FRAMES];
    static veil_audio_finding findings[64];
    set_up();
    if (size < 2) return 0;
    script = data;
    script_bytes = size;
    for (size_t i = 0; i < FRAMES; i++)
        samples[i] = 1000;
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.flags = VEIL_AUDIO_ASR;
    veil_audio audio = {.struct_size = sizeof audio,
                        .samples = samples,
                        .frame_count = FRAMES,
                        .sample_rate_hz = RATE,
                        .channel_count = 1,
                        .format = VEIL_SAMPLE_S16};
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 64};
    veil_status status = veil_audio_redact(sanitizer, &options, &audio, &result, NULL);
    for (size_t i = 0; status == VEIL_OK && i < result.finding_count && i < 64; i++)
        require(findings[i].start_s >= 0 && findings[i].start_s <= findings[i].end_s && findings[i].end_s <= 0.5);
    bool is_untouched = status == VEIL_OK || status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_UNSUPPORTED ||
                        status == VEIL_ERR_LIMIT || status == VEIL_ERR_BUSY;
    for (size_t i = 0; !is_untouched && i < FRAMES; i++)
        require(samples[i] == 0);
    return 0;
}

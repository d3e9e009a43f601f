/*
 * Any bytes as a transcript, through the public call. What must hold: no status but those documented; after an error that
 * closes, the sound is all zeros; after success, findings lie within the sound.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define RATE     8000u
#define FRAMES   (20u * RATE)
#define CHANNELS 2u
#define FINDINGS 64u

static veil_sanitizer *sanitizer;
static int16_t samples[FRAMES * CHANNELS];

static void require(int condition)
{
    if (!condition) abort();
}

/* So that LeakSanitizer checks what destroying leaves behind. */
static void tear_down(void)
{
    veil_sanitizer_destroy(sanitizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (sanitizer == NULL) {
        veil_config config;
        veil_config_init(&config);
        config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
        require(veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK && atexit(tear_down) == 0);
    }
    for (size_t i = 0; i < FRAMES * CHANNELS; i++)
        samples[i] = 1000;
    veil_audio audio = {.struct_size = sizeof audio,
                        .samples = samples,
                        .frame_count = FRAMES,
                        .sample_rate_hz = RATE,
                        .channel_count = CHANNELS,
                        .format = VEIL_SAMPLE_S16};
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.transcript = (const char *)data;
    options.transcript_bytes = size;
    veil_audio_finding findings[FINDINGS];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = FINDINGS};
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = veil_audio_redact(sanitizer, &options, &audio, &result, &error);
    require(status == VEIL_OK || status == VEIL_ERR_MALFORMED_INPUT || status == VEIL_ERR_LIMIT);
    if (status == VEIL_ERR_MALFORMED_INPUT) {
        for (size_t i = 0; i < FRAMES * CHANNELS; i++)
            require(samples[i] == 0);
    }
    static char redacted[1 << 20];
    size_t redacted_bytes = 0;
    veil_status written = veil_transcript_redact(sanitizer, &options, (double)FRAMES / RATE, CHANNELS, redacted,
                                                 sizeof redacted, &redacted_bytes, NULL);
    require(written == VEIL_OK || written == VEIL_ERR_LIMIT || written == VEIL_ERR_BUFFER_TOO_SMALL ||
            written == VEIL_ERR_MALFORMED_INPUT);
    require(status != VEIL_OK || written != VEIL_ERR_MALFORMED_INPUT);
    require(written == VEIL_OK || redacted[0] == '\0');
    size_t count = result.finding_count < FINDINGS ? result.finding_count : FINDINGS;
    for (size_t i = 0; status == VEIL_OK && i < count; i++) {
        require(findings[i].entity != NULL && findings[i].start_s >= 0 && findings[i].start_s <= findings[i].end_s);
        require(findings[i].end_s <= (double)FRAMES / RATE);
        require(findings[i].channel >= -1 && findings[i].channel < (int32_t)CHANNELS);
    }
    return 0;
}

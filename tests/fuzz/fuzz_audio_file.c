/*
 * Any bytes as a sound file, through the public calls: bound, scan, redact. What must hold: the output fits the bound; after
 * an error the output is all zeros; what was written can be read again and has the same length.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define OUT_MAX    (4u << 20)
#define SLOW_BYTES (1u << 20) /* what is longer would be disguised for seconds */

static veil_sanitizer *sanitizer;
static uint8_t *out;

static void require(int condition)
{
    if (!condition) abort();
}

/* So that LeakSanitizer checks what destroying leaves behind. */
static void tear_down(void)
{
    veil_sanitizer_destroy(sanitizer);
    free(out);
}

/* libsndfile 1.2.0 leaves what libvorbis took where it refuses a broken Vorbis header (docs/dependencies.md): not ours to free. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:vorbis_info_init\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_up(void)
{
    if (sanitizer != NULL) return;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_AUDIO;
    config.max_audio_seconds = 20; /* keeps a frame that repeats silence for hours from eating the fuzzer's time */
    require(veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK && atexit(tear_down) == 0);
    out = malloc(OUT_MAX);
    require(out != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    set_up();
    static const uint8_t nothing[1];
    if (size == 0) data = nothing;
    size_t bound = 0, out_bytes = 0;
    veil_status bound_status = veil_audio_encoded_bound(sanitizer, data, size, &bound, NULL);
    veil_audio_range range = {.start_s = 0, .end_s = 0.01, .channel = -1};
    const veil_effect_rule rules[] = {{sizeof rules[0], "RANGE", VEIL_EFFECT_BEEP + size % 3, 0},
                                      {sizeof rules[0], "*", VEIL_EFFECT_DISGUISE, 0}};
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.ranges = &range;
    options.range_count = 1;
    options.effects = rules;
    options.effect_count = size / 3 % 4 == 0 && bound < SLOW_BYTES ? 2 : 1;
    options.guard_ms = 100;
    veil_audio_result result = {.struct_size = sizeof result};
    size_t capacity = bound < OUT_MAX ? bound : OUT_MAX;
    memset(out, 0x55, capacity);
    veil_status status =
        veil_audio_redact_encoded(sanitizer, &options, data, size, out, capacity, &out_bytes, &result, NULL);
    require(bound_status == VEIL_OK || status != VEIL_OK);
    if (status != VEIL_OK) {
        for (size_t i = 0; i < capacity; i++)
            require(out[i] == 0);
        require(status != VEIL_ERR_INTERNAL && (status != VEIL_ERR_BUFFER_TOO_SMALL || bound > OUT_MAX));
        return 0;
    }
    require(out_bytes <= bound);
    veil_audio_result again = {.struct_size = sizeof again};
    options.ranges = NULL;
    options.range_count = 0;
    require(veil_audio_scan_encoded(sanitizer, &options, out, out_bytes, &again, NULL) == VEIL_OK);
    require(again.frame_count == result.frame_count && again.sample_rate_hz == result.sample_rate_hz);
    return 0;
}

/*
 * A stream of sound driven by bytes: shape and options, then pushes, pulls, ranges and transcripts in any order. It never gives more
 * frames than came, nothing but silence after a failure, and in the end all that came.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

#define CHUNK 1024u

static veil_sanitizer *sanitizer;

static void require(bool holds)
{
    if (!holds) abort();
}

static void tear_down(void)
{
    veil_sanitizer_destroy(sanitizer);
}

static void set_up(void)
{
    if (sanitizer != NULL) return;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_AUDIO;
    require(veil_sanitizer_create(&config, &sanitizer, NULL) == VEIL_OK && atexit(tear_down) == 0);
}

typedef struct reader {
    const uint8_t *data;
    size_t left;
} reader;

static uint32_t take(reader *r)
{
    if (r->left == 0) return 0;
    r->left--;
    return *r->data++;
}

typedef struct run {
    veil_audio_stream *stream;
    uint64_t in;
    uint64_t out;
    uint32_t frame_bytes;
    uint32_t channels;
    bool is_float;
    bool has_failed;
} run;

static void push(run *u, reader *r)
{
    static _Alignas(8) uint8_t samples[CHUNK * 2 * 4];
    uint64_t frames = 1 + take(r) * 4, taken = 0;
    for (size_t i = 0; i < frames * u->frame_bytes; i++)
        samples[i] = (uint8_t)(take(r) + (u->is_float && i % 4 == 3 ? 0 : 3 * i));
    veil_status status = veil_audio_stream_push(u->stream, samples, frames, &taken, NULL);
    require(taken <= frames);
    u->in += taken;
    u->has_failed = u->has_failed || (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL);
}

static uint64_t pull(run *u, uint32_t most)
{
    static _Alignas(8) uint8_t out[CHUNK * 2 * 4];
    veil_audio_finding findings[2];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = most % 3};
    uint64_t got = 0;
    if (result.finding_capacity == 0) result.findings = NULL;
    memset(out, 0x5A, sizeof out);
    veil_status status = veil_audio_stream_pull(u->stream, out, most, &got, most % 2 == 0 ? &result : NULL, NULL);
    require(got <= most && u->out + got <= u->in);
    for (size_t i = got * u->frame_bytes; i < sizeof out; i++)
        require(out[i] == 0x5A);
    u->has_failed = u->has_failed || status != VEIL_OK;
    for (size_t i = 1; u->has_failed && i < got * u->frame_bytes; i++)
        require(out[i] == out[0]);
    u->out += got;
    return got;
}

static void tell(run *u, reader *r)
{
    if (take(r) % 4 == 0) {
        char text[64];
        size_t size = take(r) % sizeof text;
        for (size_t i = 0; i < size; i++)
            text[i] = (char)take(r);
        veil_status status = veil_audio_stream_add_transcript(u->stream, text, size, take(r) % 4, NULL);
        u->has_failed = u->has_failed || (status != VEIL_OK && status != VEIL_ERR_TIMEOUT &&
                                          status != VEIL_ERR_BUFFER_TOO_SMALL && status != VEIL_ERR_BUSY);
        return;
    }
    double start = take(r) / 100.0, length = take(r) / 200.0;
    const veil_audio_range range = {start, start + length, (int32_t)(take(r) % 4) - 1, 0};
    veil_status status = veil_audio_stream_add_range(u->stream, &range, NULL);
    u->has_failed = u->has_failed || status == VEIL_ERR_LIMIT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t sizes[] = {2, 4, 4, 3, 1, 1};
    reader r = {data, size};
    set_up();
    veil_audio_stream_options shape = {sizeof shape, 8000 + take(&r) * 37, 1 + take(&r) % 2, 1 + take(&r) % 6,
                                       take(&r)};
    const uint32_t effect = take(&r);
    const veil_effect_rule rules[] = {{sizeof rules[0], "*", VEIL_EFFECT_BEEP + effect % 3, 0},
                                      {sizeof rules[0], "*", VEIL_EFFECT_DISGUISE, 0}};
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.guard_ms = (int32_t)take(&r) % 60;
    options.fade_ms = (int32_t)take(&r) % 10;
    options.effects = rules;
    options.effect_count = effect / 3 % 4 == 0 ? 2 : 1;
    if (options.effect_count == 2) options.disguise_channels = effect / 12 % (1u << shape.channel_count);
    run u = {.channels = shape.channel_count,
             .frame_bytes = shape.channel_count * sizes[shape.format - 1],
             .is_float = shape.format == VEIL_SAMPLE_F32};
    require(veil_audio_stream_create(sanitizer, &shape, &options, &u.stream, NULL) == VEIL_OK);
    while (r.left != 0) {
        uint32_t what = take(&r);
        if (what % 4 == 0)
            tell(&u, &r);
        else if (what % 4 == 1)
            (void)pull(&u, (what * 5) % CHUNK);
        else
            push(&u, &r);
    }
    u.has_failed = veil_audio_stream_end(u.stream, NULL) != VEIL_OK || u.has_failed;
    while (pull(&u, CHUNK) != 0) {
    }
    require(u.out == u.in);
    veil_audio_stream_destroy(u.stream);
    return 0;
}

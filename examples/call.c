/* A call while it lasts: packets of 20 ms in, packets without the pressed keys out. Usage: example_call */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "veil.h"

enum { RATE = 8000, PACKET = RATE / 50, PACKETS = 100 };

/* A hum, and the keys 1, 4, 5 for 80 ms each, from 0.5 s on. */
static int16_t sample_at(int frame)
{
    static const double low[] = {697, 770, 770}, high[] = {1209, 1209, 1336};
    double t = (double)frame / RATE, value = 0.05 * sin(2 * 3.14159265 * 140 * t);
    int key = (frame - RATE / 2) / (RATE / 5), within = (frame - RATE / 2) % (RATE / 5);
    if (frame >= RATE / 2 && key < 3 && within < RATE * 80 / 1000)
        value += 0.2 * (sin(2 * 3.14159265 * low[key] * t) + sin(2 * 3.14159265 * high[key] * t));
    return (int16_t)(32767 * value);
}

static int16_t sent[PACKET * PACKETS]; /* what the other side hears */

static veil_status carry(veil_audio_stream *stream, veil_error *error)
{
    uint64_t sent_frames = 0, got = 0, taken = 0;
    for (int packet = 0; packet <= PACKETS; packet++) {
        int16_t samples[PACKET];
        veil_audio_finding found[8];
        veil_audio_result result = {.struct_size = sizeof result, .findings = found, .finding_capacity = 8};
        for (int i = 0; i < PACKET; i++)
            samples[i] = sample_at(packet * PACKET + i);
        veil_status status = packet < PACKETS ? veil_audio_stream_push(stream, samples, PACKET, &taken, error)
                                              : veil_audio_stream_end(stream, error);
        /* What the host knows itself may be added at any time, as long as its sound is still held back. */
        const veil_audio_range account_number = {1.5, 1.7, -1, 0};
        if (status == VEIL_OK && packet == 20) status = veil_audio_stream_add_range(stream, &account_number, error);
        uint64_t room = PACKET * PACKETS - sent_frames;
        if (status == VEIL_OK) status = veil_audio_stream_pull(stream, sent + sent_frames, room, &got, &result, error);
        if (status != VEIL_OK) return status;
        sent_frames += got;
        for (size_t i = 0; i < result.finding_count; i++) {
            if (found[i].key != 0) printf("key %c at %.2f s\n", (char)found[i].key, found[i].start_s);
        }
    }
    return sent_frames == PACKET * PACKETS ? VEIL_OK : VEIL_ERR_INTERNAL;
}

int main(void)
{
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_audio_stream *stream = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_AUDIO;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);

    veil_audio_stream_options shape = {sizeof shape, RATE, 1, VEIL_SAMPLE_S16, 0};
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.guard_ms = 20; /* keys have sharp edges: less is held back than with the default, which is made for words */
    if (status == VEIL_OK) status = veil_audio_stream_create(sanitizer, &shape, &options, &stream, &error);
    if (status == VEIL_OK) {
        printf("%.0f ms behind\n", 1000.0 * (double)veil_audio_stream_delay_frames(stream) / RATE);
        status = carry(stream, &error);
    }
    /* Nothing of the keys is left in what was sent. */
    veil_audio all = {sizeof all, sent, PACKET * PACKETS, RATE, 1, VEIL_SAMPLE_S16, VEIL_LAYOUT_INTERLEAVED};
    veil_audio_result left = {.struct_size = sizeof left};
    if (status == VEIL_OK) status = veil_audio_scan(sanitizer, NULL, &all, &left, &error);
    if (status == VEIL_OK) printf("DTMF %zu left\n", left.finding_count);
    if (status != VEIL_OK) fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);
    veil_audio_stream_destroy(stream);
    veil_sanitizer_destroy(sanitizer);
    return status == VEIL_OK ? 0 : 1;
}

/*
 * Audio rows: 10 s of 16 kHz mono with a transcript, parsing included; with a range; the search for telephone keys alone, beside
 * the Goertzel filters that a user would write; a packet of 20 ms, at once and in a stream. A plain copy is the floor.
 */
#include "inputs.h"
#include "rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 160000u

typedef struct audio_work {
    const veil_sanitizer *sanitizer;
    int16_t *source;
    int16_t *samples;
    veil_audio_options options;
    veil_audio_range range;
    veil_audio_result result;
    veil_audio_finding findings[64];
    veil_audio_stream *stream;
    size_t at; /* of the stream's next packet */
    veil_status status;
} audio_work;

static void refresh(void *context)
{
    audio_work *work = context;
    memcpy(work->samples, work->source, FRAMES * sizeof *work->samples);
}

static void run_redact(void *context)
{
    audio_work *work = context;
    veil_audio audio = {sizeof audio, work->samples, FRAMES, 16000, 1, VEIL_SAMPLE_S16, 0};
    work->status |= veil_audio_redact(work->sanitizer, &work->options, &audio, &work->result, NULL);
}

static void run_noise(void *context)
{
    audio_work *work = context;
    const veil_effect_rule noise = {sizeof noise, "*", VEIL_EFFECT_NOISE, 0};
    veil_audio_options options = work->options;
    options.effects = &noise;
    options.effect_count = 1;
    veil_audio audio = {sizeof audio, work->samples, FRAMES, 16000, 1, VEIL_SAMPLE_S16, 0};
    work->status |= veil_audio_redact(work->sanitizer, &options, &audio, &work->result, NULL);
}

static void run_copy(void *context)
{
    audio_work *work = context;
    refresh(work);
    bench_keep(work->samples);
}

/* ---- Telephone keys ---- */

static void run_scan(void *context)
{
    audio_work *work = context;
    veil_audio audio = {sizeof audio, work->source, FRAMES, 16000, 1, VEIL_SAMPLE_S16, 0};
    work->status |= veil_audio_scan(work->sanitizer, &work->options, &audio, &work->result, NULL);
}

/* Eight filters over blocks of 20 ms, largest of each group compared with the block's power: no edges, no voice rejected. */
static void run_goertzel(void *context)
{
    enum { BLOCK = 320 };
    static const float hertz[8] = {697, 770, 852, 941, 1209, 1336, 1477, 1633};
    audio_work *work = context;
    uint32_t keys = 0;
    float factor[8];
    for (int f = 0; f < 8; f++)
        factor[f] = 2 * cosf(2 * 3.14159265f * hertz[f] / 16000);
    for (size_t at = 0; at + BLOCK <= FRAMES; at += BLOCK) {
        float one[8] = {0}, two[8] = {0}, energy = 0, low = 0, high = 0;
        for (size_t i = 0; i < BLOCK; i++) {
            float x = work->source[at + i];
            energy += x * x;
            for (int f = 0; f < 8; f++) {
                float now = x + factor[f] * one[f] - two[f];
                two[f] = one[f];
                one[f] = now;
            }
        }
        for (int f = 0; f < 8; f++) {
            float power = one[f] * one[f] + two[f] * two[f] - factor[f] * one[f] * two[f];
            if (f < 4 && power > low) low = power;
            if (f >= 4 && power > high) high = power;
        }
        keys += low + high > 0.5f * energy * BLOCK / 2;
    }
    bench_keep(&keys);
}

static void measure_keys(bench_report *report, audio_work *work)
{
    static const char *const name = "DTMF";
    const double bytes = FRAMES * sizeof(int16_t);
    veil_audio_options_init(&work->options);
    work->options.entities = &name;
    work->options.entity_count = 1;
    const bench_case cases[] = {{"audio.dtmf10s", "veil scan", run_scan, NULL, work, bytes, 0, 250e3, "<= 0.25 ms"},
                                {"audio.dtmf10s", "plain Goertzel", run_goertzel, NULL, work, bytes, 0, 0, NULL}};
    if (!bench_wants(report, cases[0].row)) return;
    bench_run(report, cases, 2);
    if (work->status != VEIL_OK) bench_cannot(report, cases[0].row, "the call failed");
}

/* ---- Packets ---- */

#define PACKET 320u /* 20 ms */

static void run_packet(void *context)
{
    audio_work *work = context;
    veil_audio audio = {sizeof audio, work->samples, PACKET, 16000, 1, VEIL_SAMPLE_S16, 0};
    work->status |= veil_audio_redact(work->sanitizer, &work->options, &audio, &work->result, NULL);
}

static void run_stream(void *context)
{
    audio_work *work = context;
    uint64_t taken = 0, got = 0;
    work->status |= veil_audio_stream_push(work->stream, work->source + work->at, PACKET, &taken, NULL);
    work->status |= veil_audio_stream_pull(work->stream, work->samples, PACKET, &got, NULL, NULL);
    work->at = (work->at + PACKET) % (FRAMES - PACKET);
}

static void measure_packets(bench_report *report, audio_work *work)
{
    static const char *const name = "RANGE";
    const double bytes = PACKET * sizeof(int16_t);
    veil_audio_stream_options shape = {sizeof shape, 16000, 1, VEIL_SAMPLE_S16, 0};
    const veil_audio_range known = {0.005, 0.015, -1, 0};
    work->range = known;
    veil_audio_options_init(&work->options);
    work->options.entities = &name;
    work->options.entity_count = 1;
    work->options.guard_ms = 0;
    work->options.fade_ms = 1;
    work->options.level_dbfs = -20;
    veil_audio_options all;
    veil_audio_options_init(&all);
    if (veil_audio_stream_create(work->sanitizer, &shape, &all, &work->stream, NULL) != VEIL_OK) {
        bench_cannot(report, "audio.chunk20ms", "no stream");
        return;
    }
    work->options.ranges = &work->range;
    work->options.range_count = 1;
    const bench_case cases[] = {
        {"audio.chunk20ms", "veil redact, a known range", run_packet, NULL, work, bytes, 0, 1e3, "<= 1 us"},
        {"audio.chunk20ms", "veil stream, keys looked for", run_stream, NULL, work, bytes, 0, 0, NULL}};
    if (bench_wants(report, cases[0].row)) {
        bench_run(report, cases, 2);
        if (work->status != VEIL_OK) bench_cannot(report, cases[0].row, "a call failed");
    }
    veil_audio_stream_destroy(work->stream);
}

/* ---- Ten seconds of disguised voice: the order of the prediction grows with the rate ---- */

#define RATES 3u

typedef struct disguise_work {
    const veil_sanitizer *sanitizer;
    int16_t *source;
    int16_t *samples;
    uint32_t rate_hz;
    veil_status status;
} disguise_work;

static void refresh_disguise(void *context)
{
    disguise_work *work = context;
    memcpy(work->samples, work->source, 10ull * work->rate_hz * sizeof *work->samples);
}

static void run_disguise(void *context)
{
    static const char *const name = "RANGE"; /* keys are another row's */
    disguise_work *work = context;
    const veil_effect_rule disguise = {sizeof disguise, "*", VEIL_EFFECT_DISGUISE, 0};
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.entities = &name;
    options.entity_count = 1;
    options.effects = &disguise;
    options.effect_count = 1;
    veil_audio audio = {sizeof audio, work->samples, 10ull * work->rate_hz, work->rate_hz, 1, VEIL_SAMPLE_S16, 0};
    work->status |= veil_audio_redact(work->sanitizer, &options, &audio, NULL, NULL);
}

static void measure_disguise(bench_report *report, const audio_work *work)
{
    static const char *const names[RATES] = {"veil redact, 16 kHz", "veil redact, 8 kHz", "veil redact, 48 kHz"};
    static const uint32_t rates[RATES] = {16000, 8000, 48000};
    const size_t most = 10ull * 48000;
    if (!bench_wants(report, "audio.disguise10s")) return;
    disguise_work all[RATES];
    bench_case cases[RATES];
    int16_t *memory = malloc(2 * most * sizeof *memory);
    if (memory == NULL) {
        bench_cannot(report, "audio.disguise10s", "out of memory");
        return;
    }
    bench_make_sound(memory, most, 1);
    for (size_t i = 0; i < RATES; i++) {
        const double bytes = 10.0 * rates[i] * sizeof *memory;
        all[i] = (disguise_work){work->sanitizer, memory, memory + most, rates[i], VEIL_OK};
        cases[i] =
            (bench_case){"audio.disguise10s", names[i], run_disguise, refresh_disguise, &all[i], bytes, 0, 0, NULL};
    }
    bench_run(report, cases, RATES);
    if ((all[0].status | all[1].status | all[2].status) != VEIL_OK)
        bench_cannot(report, "audio.disguise10s", "a call failed");
    free(memory);
}

static void measure(bench_report *report, audio_work *work)
{
    const double bytes = FRAMES * sizeof(int16_t);
    veil_audio_options_init(&work->options);
    work->options.transcript = bench_transcript10;
    work->options.transcript_bytes = strlen(bench_transcript10);
    const bench_case cases[] = {
        {"audio.transcript10s", "veil redact", run_redact, refresh, work, bytes, 0, 60e3, "<= 60 us"},
        {"audio.transcript10s", "copy (floor)", run_copy, NULL, work, bytes, 0, 0, NULL}};
    if (bench_wants(report, cases[0].row)) {
        bench_run(report, cases, 2);
        if (work->status != VEIL_OK || work->result.finding_count == 0) {
            bench_cannot(report, cases[0].row, "the call failed or found nothing");
        }
    }
    veil_audio_options_init(&work->options);
    work->options.ranges = &work->range;
    work->options.range_count = 1;
    const bench_case ranges[] = {{"audio.range10s", "veil redact", run_redact, refresh, work, bytes, 0, 0, NULL},
                                 {"audio.range10s", "veil redact, noise", run_noise, refresh, work, bytes, 0, 0, NULL},
                                 {"audio.range10s", "copy (floor)", run_copy, NULL, work, bytes, 0, 0, NULL}};
    if (bench_wants(report, ranges[0].row)) {
        bench_run(report, ranges, 3);
        if (work->status != VEIL_OK) bench_cannot(report, ranges[0].row, "the call failed");
    }
    measure_disguise(report, work);
    measure_keys(report, work);
    measure_packets(report, work);
}

/* An hour of speech: words of the transcript to findings, samples not read (no keys are listened for). Beside it the same transcript
 * redacted, with everything that runs by default. */
#define HOUR_WORDS 9000u

typedef struct hour_work {
    const veil_sanitizer *sanitizer;
    char *transcript;
    int16_t *silence; /* never read */
    char *out;
    size_t out_capacity;
    veil_audio_options options;
    veil_audio_options defaults;
    veil_audio_result result;
    veil_status status;
} hour_work;

static void run_hour_scan(void *context)
{
    hour_work *work = context;
    veil_audio audio = {sizeof audio, work->silence, 3600ull * 8000, 8000, 1, VEIL_SAMPLE_S16, 0};
    veil_status status = veil_audio_scan(work->sanitizer, &work->options, &audio, &work->result, NULL);
    if (status != VEIL_ERR_BUFFER_TOO_SMALL) work->status |= status; /* the count is enough */
}

static void run_hour_redact(void *context)
{
    hour_work *work = context;
    size_t bytes = 0;
    work->status |=
        veil_transcript_redact(work->sanitizer, &work->defaults, 3600, 1, work->out, work->out_capacity, &bytes, NULL);
}

static void measure_hour(bench_report *report, const veil_sanitizer *sanitizer)
{
    static const char *const keys[] = {"DTMF", "CREDIT_CARD"};
    hour_work work = {.sanitizer = sanitizer, .transcript = bench_make_transcript(HOUR_WORDS, 1)};
    work.silence = calloc(3600ull * 8000, sizeof *work.silence);
    if (work.transcript != NULL) work.out_capacity = 2 * strlen(work.transcript);
    work.out = malloc(work.out_capacity + 1);
    if (work.transcript == NULL || work.silence == NULL || work.out == NULL) {
        bench_cannot(report, "audio.transcript1h", "out of memory");
    } else {
        veil_audio_options_init(&work.options);
        work.options.transcript = work.transcript;
        work.options.transcript_bytes = strlen(work.transcript);
        work.defaults = work.options;
        work.options.exclude = keys;
        work.options.exclude_count = 2;
        work.result.struct_size = sizeof work.result;
        double bytes = (double)work.options.transcript_bytes;
        const bench_case cases[] = {
            {"audio.transcript1h", "veil scan", run_hour_scan, NULL, &work, bytes, 0, 10e6, "<= 10 ms"},
            {"audio.transcript1h", "veil redact (transcript)", run_hour_redact, NULL, &work, bytes, 0, 0, NULL}};
        bench_run(report, cases, 2);
        if (work.status != VEIL_OK || work.result.finding_count == 0)
            bench_cannot(report, cases[0].row, "the call failed or found nothing");
    }
    free(work.transcript);
    free(work.silence);
    free(work.out);
}

void bench_rows_audio(bench_report *report)
{
    if (!bench_wants(report, "audio")) return;
    bench_pin(report, true);
    audio_work *work = calloc(1, sizeof *work);
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
    veil_error error = VEIL_ERROR_INIT;
    if (work == NULL || (work->source = malloc(FRAMES * 2)) == NULL || (work->samples = malloc(FRAMES * 2)) == NULL) {
        bench_cannot(report, "audio", "out of memory");
    } else if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, "audio", error.message);
    } else {
        bench_make_sound(work->source, FRAMES, 1);
        work->sanitizer = sanitizer;
        work->range = (veil_audio_range){2.0, 4.0, -1, 0};
        work->result =
            (veil_audio_result){.struct_size = sizeof work->result, .findings = work->findings, .finding_capacity = 64};
        measure(report, work);
        if (bench_wants(report, "audio.transcript1h")) measure_hour(report, sanitizer);
    }
    veil_sanitizer_destroy(sanitizer);
    if (work != NULL) {
        free(work->source);
        free(work->samples);
    }
    free(work);
}

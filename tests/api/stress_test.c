/*
 * A wrong-output detector under load (THREATS row 26): threads share one handle, each with inputs of its own and the outputs
 * that these must give, through the synchronous calls, batches and jobs. A mixed-up workspace, cache entry or scratch shows
 * as another thread's output. Under TSan it is the race detector's food as well.
 */
#include "api_support.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { THREADS = 8, WIDTH = 160, HEIGHT = 120, FRAMES = 8000 };

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { ROUNDS = 12 };
#else
enum { ROUNDS = 60 };
#endif

typedef struct worker {
    const veil_sanitizer *sanitizer;
    int id;
    int wrong;
    const char *what; /* the first thing that was wrong */
    char text[160];
    char expected[160];
    size_t finding_count;
    uint8_t pixels[WIDTH * HEIGHT * 3];
    int16_t samples[FRAMES];
    int16_t pulled[FRAMES];
} worker;

static void expect(worker *w, bool is_right, const char *what)
{
    if (is_right) return;
    w->wrong++;
    if (w->what == NULL) w->what = what;
}

/* Thread i has i % 4 addresses between numbers of its own. */
static void write_texts(worker *w)
{
    char *text = w->text;
    char *expected = w->expected;
    text += sprintf(text, "thread %d:", w->id);
    expected += sprintf(expected, "thread %d:", w->id);
    w->finding_count = (size_t)w->id % 4;
    for (size_t i = 0; i < w->finding_count; i++) {
        text += sprintf(text, " user%d.%zu@example.com is", w->id, i);
        expected += sprintf(expected, " <EMAIL_ADDRESS> is");
    }
}

static void do_text(worker *w)
{
    char out[200];
    size_t out_bytes = 0;
    veil_finding findings[4];
    veil_text_result result = {sizeof result, findings, 4, 0};
    const veil_status status =
        veil_text_redact(w->sanitizer, NULL, w->text, strlen(w->text), out, sizeof out, &out_bytes, &result, NULL);
    expect(w, status == VEIL_OK, "text status");
    expect(w, out_bytes == strlen(w->expected) && memcmp(out, w->expected, out_bytes) == 0, "text output");
    expect(w, result.finding_count == w->finding_count, "text findings");
    for (size_t i = 0; i < result.finding_count && i < 4; i++)
        expect(w,
               strcmp(findings[i].entity, "EMAIL_ADDRESS") == 0 && w->text[findings[i].start - 1] == ' ' &&
                   w->text[findings[i].end] == ' ',
               "text offsets");
}

static void do_batch(worker *w)
{
    char outs[12][200];
    veil_text_item items[12];
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < 12; i++)
        items[i] = (veil_text_item){
            .text = w->text, .text_bytes = strlen(w->text), .out = outs[i], .out_capacity = sizeof outs[i]};
    expect(w, veil_text_redact_batch(w->sanitizer, NULL, items, 12, sizeof items[0], NULL) == VEIL_OK, "batch status");
    for (size_t i = 0; i < 12; i++)
        expect(w, items[i].out_bytes == strlen(w->expected) && memcmp(outs[i], w->expected, items[i].out_bytes) == 0,
               "batch output");
}

/* The same text in pieces of a few bytes. */
static void do_stream(worker *w)
{
    char out[200];
    size_t out_bytes = 0;
    const size_t size = strlen(w->text);
    const size_t step = (size_t)w->id + 3;
    veil_text_stream *stream = NULL;
    expect(w, veil_text_stream_create(w->sanitizer, NULL, &stream, NULL) == VEIL_OK, "stream");
    for (size_t at = 0; stream != NULL && at <= size; at += step) {
        size_t taken = 0, got = 0;
        const size_t piece = size - at < step ? size - at : step;
        expect(w, veil_text_stream_push(stream, w->text + at, piece, &taken, NULL) == VEIL_OK && taken == piece,
               "push");
        if (at + step > size) expect(w, veil_text_stream_end(stream, NULL) == VEIL_OK, "end");
        expect(w, veil_text_stream_pull(stream, out + out_bytes, sizeof out - out_bytes, &got, NULL, NULL) == VEIL_OK,
               "pull");
        out_bytes += got;
    }
    veil_text_stream_destroy(stream);
    expect(w, out_bytes == strlen(w->expected) && memcmp(out, w->expected, out_bytes) == 0, "stream output");
}

/* A range of this thread's own: inside there is none of its samples, outside (guard and fades apart) all of them. */
static void do_audio(worker *w)
{
    for (int i = 0; i < FRAMES; i++)
        w->samples[i] = (int16_t)(100 * (w->id + 1) + i % 7);
    veil_audio audio = {sizeof audio, w->samples, FRAMES, 8000, 1, VEIL_SAMPLE_S16, 0};
    const double start = 0.3 + 0.02 * w->id;
    const veil_audio_range range = {start, start + 0.1, -1, 0};
    const veil_effect_rule silence = {sizeof silence, "*", VEIL_EFFECT_SILENCE, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.ranges = &range;
    o.range_count = 1;
    o.effects = &silence;
    o.effect_count = 1;
    o.guard_ms = 10;
    expect(w, veil_audio_redact(w->sanitizer, &o, &audio, NULL, NULL) == VEIL_OK, "audio status");
    const int first = (int)(start * 8000);
    for (int i = 0; i < FRAMES; i++) {
        const bool is_inside = i >= first && i < first + 800;
        const bool is_far = i < first - 160 || i > first + 800 + 160;
        if (is_inside) expect(w, w->samples[i] == 0, "audio inside");
        if (is_far) expect(w, w->samples[i] == 100 * (w->id + 1) + i % 7, "audio outside");
    }
}

/* The same sound in pieces, with a transcript that says an address in this thread's own time. */
static void do_audio_stream(worker *w)
{
    int16_t *out = w->pulled;
    char json[256];
    const double start = 0.3 + 0.02 * w->id;
    const veil_audio_stream_options shape = {.struct_size = sizeof shape,
                                             .sample_rate_hz = 8000,
                                             .channel_count = 1,
                                             .format = VEIL_SAMPLE_S16,
                                             .delay_ms = 1000};
    const veil_effect_rule silence = {sizeof silence, "*", VEIL_EFFECT_SILENCE, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.effects = &silence;
    o.effect_count = 1;
    o.guard_ms = 10;
    veil_audio_stream *stream = NULL;
    uint64_t at = 0, got = 0;
    expect(w, veil_audio_stream_create(w->sanitizer, &shape, &o, &stream, NULL) == VEIL_OK, "audio stream");
    for (int i = 0; i < FRAMES; i++)
        w->samples[i] = (int16_t)(100 * (w->id + 1) + i % 7);
    const uint64_t step = (uint64_t)(700 + 100 * w->id);
    for (uint64_t taken = 0; stream != NULL && at < FRAMES; at += taken) {
        const uint64_t piece = FRAMES - at < step ? FRAMES - at : step;
        taken = 0;
        expect(w, veil_audio_stream_push(stream, w->samples + at, piece, &taken, NULL) == VEIL_OK, "audio push");
        if (taken == 0) break;
    }
    const int bytes = snprintf(
        json, sizeof json, "{\"result\":[{\"word\":\"user%d@example.com\",\"start\":%.2f,\"end\":%.2f}],\"text\":\"\"}",
        w->id, start, start + 0.1);
    expect(w, veil_audio_stream_add_transcript(stream, json, (size_t)bytes, VEIL_TRANSCRIPT_VOSK, NULL) == VEIL_OK,
           "audio words");
    expect(w, veil_audio_stream_end(stream, NULL) == VEIL_OK, "audio end");
    for (uint64_t frames = 1; frames != 0 && got < FRAMES; got += frames)
        if (veil_audio_stream_pull(stream, out + got, FRAMES - got, &frames, NULL, NULL) != VEIL_OK) break;
    veil_audio_stream_destroy(stream);
    expect(w, at == FRAMES && got == FRAMES, "audio frames");
    const int first = (int)(start * 8000);
    for (int i = 0; i < FRAMES; i++) {
        const bool is_inside = i >= first && i < first + 800;
        const bool is_far = i < first - 160 || i > first + 800 + 160;
        if (is_inside) expect(w, out[i] == 0, "audio stream inside");
        if (is_far) expect(w, out[i] == 100 * (w->id + 1) + i % 7, "audio stream outside");
    }
}

#if VEIL_TEST_IMAGE
/* A box of this thread's own, filled with its own colour; the detector runs on some rounds, the cache answers on others. */
static void do_image(worker *w, int round)
{
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        w->pixels[i] = (uint8_t)(w->id * 20 + 10);
    veil_image image = {sizeof image, w->pixels, (size_t)WIDTH * 3, WIDTH, HEIGHT, VEIL_PIXEL_RGB, 0};
    const veil_region box = {.x = 8 * w->id, .y = 4 * w->id, .w = 24, .h = 16};
    const veil_effect_rule fill = {sizeof fill, "REGION", VEIL_EFFECT_FILL, 0x010203u * (uint32_t)(w->id + 1)};
    veil_image_options o;
    veil_image_options_init(&o);
    o.regions = &box;
    o.region_count = 1;
    o.effects = &fill;
    o.effect_count = 1;
    o.tenant = (uint64_t)(round % 3 + 1);
    o.flags = round % 4 == 0 ? VEIL_IMAGE_NO_DETECTORS : 0;
    expect(w, veil_image_redact(w->sanitizer, &o, &image, NULL, NULL) == VEIL_OK, "image status");
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const bool is_inside = x >= box.x && x < box.x + 24 && y >= box.y && y < box.y + 16;
            const uint8_t expected = (uint8_t)(is_inside ? w->id + 1 : w->id * 20 + 10);
            expect(w, w->pixels[(y * WIDTH + x) * 3] == expected, is_inside ? "image inside" : "image outside");
        }
}
#endif

static void do_job(worker *w, veil_queue *queue)
{
    char out[200];
    const veil_job job = {.struct_size = sizeof job,
                          .kind = VEIL_JOB_TEXT_REDACT,
                          .priority = (uint32_t)w->id % 3,
                          .input = w->text,
                          .input_bytes = strlen(w->text),
                          .out = out,
                          .out_capacity = sizeof out,
                          .queue = queue,
                          .user = w};
    while (veil_submit(w->sanitizer, &job, NULL) == VEIL_ERR_BUSY)
        (void)poll(NULL, 0, 1);
    veil_completion done = {0};
    struct pollfd waiting = {veil_queue_fd(queue), POLLIN, 0};
    while (veil_queue_poll(queue, &done, 1, sizeof done) == 0)
        (void)poll(&waiting, 1, 1000);
    expect(w, done.user == w && done.status == VEIL_OK, "job status");
    expect(w, done.out_bytes == strlen(w->expected) && memcmp(out, w->expected, done.out_bytes) == 0, "job output");
}

static void *run(void *argument)
{
    worker *w = argument;
    veil_queue *queue = NULL;
    expect(w, veil_queue_create(w->sanitizer, 2, &queue, NULL) == VEIL_OK, "queue");
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 20; i++)
            do_text(w);
        do_batch(w);
        do_stream(w);
        do_audio(w);
        if (round % 2 == w->id % 2) do_audio_stream(w);
        do_job(w, queue);
#if VEIL_TEST_IMAGE
        if (round % 3 == w->id % 3) do_image(w, round);
#endif
        veil_metrics metrics = {.struct_size = sizeof metrics};
        expect(w, veil_metrics_snapshot(w->sanitizer, &metrics) == VEIL_OK, "metrics");
    }
    veil_queue_destroy(queue);
    return NULL;
}

static void stress(uint32_t pool_workspaces)
{
    static worker workers[THREADS];
    veil_config config;
    config_for(&config, 0);
    config.worker_count = 2;
    config.queue_capacity = 4;
    config.text_workspaces = pool_workspaces;
    config.image_workspaces = 2;
    config.audio_workspaces = pool_workspaces;
    config.cache_entries = 16;
    veil_sanitizer *s = make(&config);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        memset(&workers[i], 0, sizeof workers[i]);
        workers[i].sanitizer = s;
        workers[i].id = i;
        write_texts(&workers[i]);
        assert_int_equal(pthread_create(&threads[i], NULL, run, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        if (workers[i].wrong != 0) fail_msg("thread %d: %d wrong, first: %s", i, workers[i].wrong, workers[i].what);
    veil_metrics m = {.struct_size = sizeof m};
    assert_int_equal(veil_metrics_snapshot(s, &m), VEIL_OK);
    /* the counters are exact: texts, batches of 12, jobs */
    assert_int_equal(m.operations[VEIL_METRIC_TEXT_REDACT].calls, THREADS * ROUNDS * (20 + 12 + 1));
    assert_int_equal(m.operations[VEIL_METRIC_TEXT_REDACT].errors, 0);
    assert_int_equal(m.operations[VEIL_METRIC_AUDIO_REDACT].calls, THREADS * ROUNDS);
    veil_sanitizer_destroy(s);
}

static void threads_never_see_each_others_data(void **state)
{
    (void)state;
    stress(THREADS);
}

static void nor_when_workspaces_must_grow(void **state)
{
    (void)state;
    stress(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_never_see_each_others_data),
        cmocka_unit_test(nor_when_workspaces_must_grow),
    };
    return cmocka_run_group_tests_name("stress", tests, NULL, NULL);
}

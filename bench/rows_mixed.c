/*
 * Mixed load: texts of at most 4 KB, the 640x480 picture and the 10 s recording, in a fixed order, through veil_submit. First
 * as fast as the workers go (the capacity), then at 80 % of it with arrivals on a fixed clock; a latency runs from the time
 * a job was due to its completion, so a late generator counts against Veil and not for it. The generator shares the CPUs
 * with the workers.
 */
#include "inputs.h"
#include "peers.h"
#include "rows.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image/known_face.h"

#define SLOTS         256u /* jobs in flight at most */
#define IMAGE_SLOTS   8u
#define CYCLE         100u /* of 100 jobs 2 are pictures, 8 are sounds, 90 are texts */
#define FRAMES        160000u
#define MAIL_BYTES    4096u
#define IMAGE_BYTES   ((size_t)640 * 480 * 3)
#define CAPACITY_JOBS 4000u

typedef struct slot {
    struct mixed *owner;
    _Atomic uint32_t is_busy;
    uint64_t due_ns;
    uint32_t sequence;
    veil_image image;
    veil_audio audio;
    char text_out[MAIL_BYTES * 4];
} slot;

typedef struct mixed {
    const veil_sanitizer *sanitizer;
    slot *slots;
    slot *image_slots;
    slot *audio_slots;
    char mail[MAIL_BYTES];
    veil_image_options image_options;
    veil_audio_options audio_options;
    double *latencies;
    uint32_t latency_capacity;
    _Atomic uint32_t done;
    _Atomic uint32_t failed;
} mixed;

static void on_done(void *user, const veil_completion *completion)
{
    slot *self = user;
    mixed *work = self->owner;
    uint64_t now = bench_now_ns();
    if (self->sequence < work->latency_capacity) work->latencies[self->sequence] = (double)(now - self->due_ns);
    if (completion->status != VEIL_OK) atomic_fetch_add(&work->failed, 1);
    atomic_store_explicit(&self->is_busy, 0, memory_order_release);
    atomic_fetch_add_explicit(&work->done, 1, memory_order_release);
}

static void fill_job(mixed *work, veil_job *job, uint32_t kind, slot *self)
{
    memset(job, 0, sizeof *job);
    job->struct_size = sizeof *job;
    job->kind = kind;
    job->on_done = on_done;
    job->user = self;
    if (kind == VEIL_JOB_IMAGE_REDACT) {
        job->options = &work->image_options;
        job->subject = &self->image;
    } else if (kind == VEIL_JOB_AUDIO_REDACT) {
        job->options = &work->audio_options;
        job->subject = &self->audio;
    } else {
        job->input = work->mail;
        job->input_bytes = MAIL_BYTES;
        job->out = self->text_out;
        job->out_capacity = sizeof self->text_out;
    }
}

static slot *choose(mixed *work, uint32_t sequence, uint32_t *kind)
{
    uint32_t place = sequence % CYCLE;
    if (place % 50 == 0) {
        *kind = VEIL_JOB_IMAGE_REDACT;
        return &work->image_slots[sequence / 50 % IMAGE_SLOTS];
    }
    if (place % 12 == 6) {
        *kind = VEIL_JOB_AUDIO_REDACT;
        return &work->audio_slots[sequence / 4 % IMAGE_SLOTS];
    }
    *kind = VEIL_JOB_TEXT_REDACT;
    return &work->slots[sequence % SLOTS];
}

static void wait_until(uint64_t due_ns)
{
    struct timespec until = {(time_t)(due_ns / 1000000000u), (long)(due_ns % 1000000000u)};
    while (bench_now_ns() < due_ns)
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* Submit `count` jobs, `interval_ns` apart (0: as fast as slots and queues allow), and wait for all. Seconds it took. */
static double drive(mixed *work, uint32_t count, double interval_ns)
{
    atomic_store(&work->done, 0);
    uint64_t begin = bench_now_ns();
    for (uint32_t i = 0; i < count; i++) {
        uint64_t due = begin + (uint64_t)(interval_ns * i);
        if (interval_ns > 0) wait_until(due);
        uint32_t kind = 0;
        slot *self = choose(work, i, &kind);
        struct timespec pause = {0, 20000};
        while (atomic_load_explicit(&self->is_busy, memory_order_acquire) != 0)
            nanosleep(&pause, NULL);
        self->due_ns = interval_ns > 0 ? due : bench_now_ns();
        self->sequence = i;
        atomic_store_explicit(&self->is_busy, 1, memory_order_relaxed);
        veil_job job;
        fill_job(work, &job, kind, self);
        while (veil_submit(work->sanitizer, &job, NULL) == VEIL_ERR_BUSY)
            nanosleep(&pause, NULL);
    }
    struct timespec pause = {0, 100000};
    while (atomic_load_explicit(&work->done, memory_order_acquire) < count)
        nanosleep(&pause, NULL);
    return (double)(bench_now_ns() - begin) / 1e9;
}

static bool make_slots(mixed *work)
{
    work->slots = calloc(SLOTS, sizeof *work->slots);
    work->image_slots = calloc(IMAGE_SLOTS, sizeof *work->image_slots);
    work->audio_slots = calloc(IMAGE_SLOTS, sizeof *work->audio_slots);
    if (work->slots == NULL || work->image_slots == NULL || work->audio_slots == NULL) return false;
    for (uint32_t i = 0; i < SLOTS; i++)
        work->slots[i].owner = work;
    for (uint32_t i = 0; i < IMAGE_SLOTS; i++) {
        uint8_t *pixels = malloc(IMAGE_BYTES);
        int16_t *samples = malloc(FRAMES * sizeof *samples);
        if (pixels == NULL || samples == NULL) {
            free(pixels);
            free(samples);
            return false;
        }
        veil_region truth;
        vl_known_face_draw(pixels, 640 * 3, 640, 480, &truth);
        bench_make_sound(samples, FRAMES, i);
        work->image_slots[i].owner = work->audio_slots[i].owner = work;
        work->image_slots[i].image = (veil_image){sizeof(veil_image), pixels, 640 * 3, 640, 480, VEIL_PIXEL_BGR, 0};
        work->audio_slots[i].audio = (veil_audio){sizeof(veil_audio), samples, FRAMES, 16000, 1, VEIL_SAMPLE_S16, 0};
    }
    return true;
}

static void free_slots(mixed *work)
{
    for (uint32_t i = 0; i < IMAGE_SLOTS; i++) {
        if (work->image_slots != NULL) free(work->image_slots[i].image.pixels);
        if (work->audio_slots != NULL) free(work->audio_slots[i].audio.samples);
    }
    free(work->slots);
    free(work->image_slots);
    free(work->audio_slots);
    free(work->latencies);
}

static void measure(bench_report *report, mixed *work)
{
    bench_make_mail(work->mail, MAIL_BYTES, 1);
    veil_image_options_init(&work->image_options);
    work->image_options.flags = VEIL_IMAGE_NO_CACHE;
    veil_audio_options_init(&work->audio_options);
    work->audio_options.transcript = bench_transcript10;
    work->audio_options.transcript_bytes = strlen(bench_transcript10);
    drive(work, CAPACITY_JOBS / 4, 0); /* warm-up */
    double seconds = drive(work, CAPACITY_JOBS, 0);
    double interval_ns = seconds * 1e9 / CAPACITY_JOBS / 0.8;
    uint32_t jobs = report->plan.rounds > 3 ? 40000 : report->plan.rounds > 1 ? 8000 : 800;
    work->latencies = calloc(jobs, sizeof(double));
    if (work->latencies == NULL) {
        bench_cannot(report, "mixed", "out of memory");
        return;
    }
    work->latency_capacity = jobs;
    double loaded = drive(work, jobs, interval_ns);
    work->latency_capacity = 0;
    bench_result result = {.items_per_s = jobs / loaded};
    snprintf(result.row, sizeof result.row, "mixed.load80");
    snprintf(result.who, sizeof result.who, "veil_submit, %u workers", report->worker_count);
    snprintf(result.limit_text, sizeof result.limit_text, "P99.9 <= 10 ms");
    bench_summarise(work->latencies, jobs, &result);
    bench_append(report, &result);
    if (atomic_load(&work->failed) != 0) bench_cannot(report, "mixed", "a job failed");
}

void bench_rows_mixed(bench_report *report)
{
    if (!bench_wants(report, "mixed.load80")) return;
    bench_pin(report, false);
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_config_init(&config);
    (void)veil_config_apply_profile(&config, VEIL_PROFILE_SPEED);
    config.worker_count = report->worker_count;
    config.queue_capacity = 1024;
    veil_error error = VEIL_ERROR_INIT;
    mixed *work = calloc(1, sizeof *work);
    bench_cv_single_thread();
    if (work == NULL || !make_slots(work)) {
        bench_cannot(report, "mixed", "out of memory");
    } else if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, "mixed", error.message);
    } else {
        work->sanitizer = sanitizer;
        measure(report, work);
    }
    veil_sanitizer_destroy(sanitizer);
    if (work != NULL) free_slots(work);
    free(work);
}

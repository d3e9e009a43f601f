/*
 * Rows of what else is found in pictures, and of many pictures: the search for codes by itself where nothing is printed; a batch of
 * pictures over the workers and the same batch on the caller alone; a frame of a quiet camera.
 */
#include "peers.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/known_face.h"

#define WIDTH    640
#define HEIGHT   480
#define BYTES    ((size_t)WIDTH * HEIGHT * 3)
#define PICTURES 16

typedef struct picture_work {
    const veil_sanitizer *sanitizer;
    veil_image_sequence *sequence;
    uint8_t *source;
    uint8_t *pixels; /* PICTURES of them */
    veil_image images[PICTURES];
    veil_image_item items[PICTURES];
    veil_image_options options;
    veil_status status;
} picture_work;

static void refresh(void *context)
{
    picture_work *work = context;
    memcpy(work->pixels, work->source, BYTES);
}

static void refresh_all(void *context)
{
    picture_work *work = context;
    for (size_t i = 0; i < PICTURES; i++)
        memcpy(work->pixels + i * BYTES, work->source, BYTES);
}

static void run_one(void *context)
{
    picture_work *work = context;
    veil_image_result result = {.struct_size = sizeof result};
    work->status |= veil_image_redact(work->sanitizer, &work->options, &work->images[0], &result, NULL);
}

static void run_batch(void *context)
{
    picture_work *work = context;
    work->status |=
        veil_image_redact_batch(work->sanitizer, &work->options, work->items, PICTURES, sizeof work->items[0], NULL);
}

static void run_frame(void *context)
{
    picture_work *work = context;
    veil_image_result result = {.struct_size = sizeof result};
    work->status |= veil_image_sequence_redact(work->sequence, &work->images[0], &result, NULL);
}

static veil_sanitizer *create(bench_report *report, const char *row, uint32_t workers)
{
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    (void)veil_config_apply_profile(&config, VEIL_PROFILE_SPEED);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.worker_count = workers;
    config.image_workspaces = workers + 1;
    config.near_duplicates = 0;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) bench_cannot(report, row, error.message);
    return sanitizer;
}

static void finish(bench_report *report, picture_work *work, const char *row, const bench_case *cases, size_t count)
{
    work->status = VEIL_OK;
    bench_run(report, cases, count);
    if (work->status != VEIL_OK) bench_cannot(report, row, "a call failed");
}

static void measure_codes(bench_report *report, picture_work *work)
{
    static const char *const codes[] = {"QR_CODE", "BARCODE"};
    const char *row = "image.codes";
    veil_sanitizer *sanitizer = bench_wants(report, row) ? create(report, row, 0) : NULL;
    if (sanitizer == NULL) return;
    if (veil_sanitizer_has_entity(sanitizer, "QR_CODE") != 1) { /* a build without VEIL_CODES */
        veil_sanitizer_destroy(sanitizer);
        return;
    }
    work->sanitizer = sanitizer;
    veil_image_options_init(&work->options);
    work->options.flags = VEIL_IMAGE_NO_CACHE;
    work->options.entities = codes;
    work->options.entity_count = 2;
    const bench_case cases[] = {{row, "veil redact, no print", run_one, refresh, work, BYTES, 0, 0, NULL}};
    finish(report, work, row, cases, 1);
    veil_sanitizer_destroy(sanitizer);
}

/*
 * The caller works, too: N workers are N - 1 beside it, so that N threads are compared with one. OpenCV gets one thread, as
 * docs/latency.md asks: with its own pool the "one thread" would be two, and the two would wait for that pool.
 */
static void measure_batch(bench_report *report, picture_work *work)
{
    const char *row = "image.batch16";
    char who[40];
    if (!bench_wants(report, row)) return;
    bench_pin(report, false);
    const uint32_t others = report->worker_count > 1 ? report->worker_count - 1 : 1;
    veil_sanitizer *one = create(report, row, 0), *many = create(report, row, others);
    if (one != NULL && many != NULL) {
        snprintf(who, sizeof who, "veil redact_batch, %u threads", others + 1);
        veil_image_options_init(&work->options);
        work->options.flags = VEIL_IMAGE_NO_CACHE;
        picture_work alone = *work;
        work->sanitizer = many;
        alone.sanitizer = one;
        const bench_case cases[] = {{row, who, run_batch, refresh_all, work, BYTES * PICTURES, PICTURES, 0, NULL},
                                    {row, "veil redact_batch, one thread", run_batch, refresh_all, &alone,
                                     BYTES * PICTURES, PICTURES, 0, NULL}};
        alone.status = VEIL_OK;
        finish(report, work, row, cases, 2);
        if (alone.status != VEIL_OK) bench_cannot(report, row, "a call failed");
    }
    veil_sanitizer_destroy(one);
    veil_sanitizer_destroy(many);
    bench_pin(report, true);
}

static void measure_quiet_camera(bench_report *report, picture_work *work)
{
    const char *row = "image.quiet_frame";
    veil_sanitizer *sanitizer = bench_wants(report, row) ? create(report, row, 0) : NULL;
    if (sanitizer == NULL) return;
    if (veil_image_sequence_create(sanitizer, NULL, 250, 15, &work->sequence, NULL) == VEIL_OK) {
        const bench_case cases[] = {{row, "veil sequence, not searched", run_frame, refresh, work, BYTES, 0, 0, NULL}};
        finish(report, work, row, cases, 1);
    } else {
        bench_cannot(report, row, "no sequence");
    }
    veil_image_sequence_destroy(work->sequence);
    veil_sanitizer_destroy(sanitizer);
}

void bench_rows_pictures(bench_report *report)
{
    if (!bench_wants(report, "image.codes") && !bench_wants(report, "image.batch16") &&
        !bench_wants(report, "image.quiet_frame"))
        return;
    bench_pin(report, true);
    bench_cv_single_thread();
    picture_work *work = calloc(1, sizeof *work);
    if (work == NULL || (work->source = malloc(BYTES)) == NULL || (work->pixels = malloc(BYTES * PICTURES)) == NULL) {
        bench_cannot(report, "image", "out of memory");
    } else {
        vl_known_face_draw(work->source, WIDTH * 3, WIDTH, HEIGHT, NULL);
        for (size_t i = 0; i < PICTURES; i++) {
            work->images[i] =
                (veil_image){sizeof(veil_image), work->pixels + i * BYTES, WIDTH * 3, WIDTH, HEIGHT, VEIL_PIXEL_BGR, 0};
            work->items[i].image = &work->images[i];
        }
        measure_codes(report, work);
        measure_batch(report, work);
        measure_quiet_camera(report, work);
    }
    if (work != NULL) {
        free(work->source);
        free(work->pixels);
    }
    free(work);
}

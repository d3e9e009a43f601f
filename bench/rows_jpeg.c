/*
 * JPEG to JPEG at 1920x1080, quality 90, 4:2:0, one drawn face on a wall with grain, so that the file has about as many bits a
 * pixel as a photo: Veil in profile SPEED, faces only, without the cache; beside it OpenCV's imdecode, the same network at
 * the same size on the same picture, a Gaussian blur (31) of the face, and imencode. The peer is told where the face is.
 */
#include "peers.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/known_face.h"

#define WIDTH    1920
#define HEIGHT   1080
#define QUALITY  90
#define BYTES    ((size_t)WIDTH * HEIGHT * 3)
#define CAPACITY ((size_t)8 << 20)
#define FACE_W   640u /* of the part that the face is drawn in: the face is about a third of it */
#define FACE_H   480u

typedef struct jpeg_work {
    const veil_sanitizer *sanitizer;
    veil_image_options options;
    veil_image_result result;
    veil_region regions[16];
    uint8_t *pixels, *file, *out;
    size_t file_bytes, out_bytes, bound;
    bench_cv_jpeg *peer;
    bench_cv_box face;
    bool is_wrong;
} jpeg_work;

/* Grain of -14 to 14 over slow shades: 0.3 bytes a pixel in the file, as photos have at this quality. */
static void draw(jpeg_work *work)
{
    uint32_t random = 1;
    veil_region truth;
    memset(work->pixels, 128, BYTES);
    size_t corner = ((size_t)(HEIGHT - FACE_H) / 2 * WIDTH + (WIDTH - FACE_W) / 2) * 3;
    vl_known_face_draw(work->pixels + corner, (size_t)WIDTH * 3, FACE_W, FACE_H, &truth);
    work->face =
        (bench_cv_box){truth.x + (int)(WIDTH - FACE_W) / 2, truth.y + (int)(HEIGHT - FACE_H) / 2, truth.w, truth.h};
    for (size_t i = 0; i < BYTES; i++) {
        random = random * 1664525u + 1013904223u; /* Numerical Recipes */
        int grain = (int)(random >> 24) % 29 - 14, level = work->pixels[i] + grain;
        work->pixels[i] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
    }
}

static void run_veil(void *context)
{
    jpeg_work *work = context;
    veil_status status = veil_image_redact_encoded(work->sanitizer, &work->options, work->file, work->file_bytes,
                                                   work->out, work->bound, &work->out_bytes, &work->result, NULL);
    if (status != VEIL_OK || work->result.region_count == 0 || work->result.path != VEIL_PATH_COEFFICIENTS)
        work->is_wrong = true;
}

static void run_cv(void *context)
{
    jpeg_work *work = context;
    if (bench_cv_jpeg_redact(work->peer, work->file, work->file_bytes, QUALITY, &work->face) == 0)
        work->is_wrong = true;
}

static bench_cv_jpeg *make_peer(void)
{
    FILE *file = fopen(BENCH_MODEL_PATH, "rb");
    if (file == NULL) return NULL;
    size_t capacity = 16u << 20;
    char *bytes = malloc(capacity);
    size_t count = bytes != NULL ? fread(bytes, 1, capacity, file) : 0;
    fclose(file);
    bench_cv_jpeg *peer = count > 0 ? bench_cv_jpeg_create(bytes, count) : NULL;
    free(bytes);
    return peer;
}

static veil_sanitizer *create(bench_report *report, const char *row)
{
    static const char *const entities[] = {"FACE"};
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    (void)veil_config_apply_profile(&config, VEIL_PROFILE_SPEED);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) bench_cannot(report, row, error.message);
    return sanitizer;
}

static void measure(bench_report *report, jpeg_work *work)
{
    const char *row = "image.jpeg1080";
    veil_sanitizer *sanitizer = create(report, row);
    work->sanitizer = sanitizer;
    work->peer = make_peer();
    draw(work);
    work->file_bytes = bench_cv_jpeg_encode(work->pixels, WIDTH, HEIGHT, QUALITY, work->file, CAPACITY);
    veil_image_options_init(&work->options);
    work->options.flags = VEIL_IMAGE_NO_CACHE;
    work->result =
        (veil_image_result){.struct_size = sizeof work->result, .regions = work->regions, .region_capacity = 16};
    if (sanitizer == NULL || work->peer == NULL || work->file_bytes == 0) {
        bench_cannot(report, row, "the sanitizer, the network or the file could not be made");
    } else {
        work->bound = CAPACITY;
        const bench_case cases[] = {
            {row, "veil redact", run_veil, NULL, work, (double)work->file_bytes, 0, 0, NULL},
            {row, "OpenCV decode, network, blur, encode", run_cv, NULL, work, (double)work->file_bytes, 0, 0, NULL}};
        bench_run(report, cases, 2);
        if (work->is_wrong) bench_cannot(report, row, "a call failed or did not find the face");
    }
    bench_cv_jpeg_destroy(work->peer);
    veil_sanitizer_destroy(sanitizer);
}

void bench_rows_jpeg(bench_report *report)
{
    if (!bench_wants(report, "image.jpeg1080")) return;
    bench_pin(report, true);
    bench_cv_single_thread();
    jpeg_work *work = calloc(1, sizeof *work);
    if (work == NULL || (work->pixels = malloc(BYTES)) == NULL || (work->file = malloc(CAPACITY)) == NULL ||
        (work->out = calloc(1, CAPACITY)) == NULL)
        bench_cannot(report, "image.jpeg1080", "out of memory");
    else
        measure(report, work);
    if (work != NULL) {
        free(work->pixels);
        free(work->file);
        free(work->out);
    }
    free(work);
}

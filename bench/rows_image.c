/*
 * Image rows at 640x480 BGR with one drawn face: detection and effect without the cache, the exact repeat, and beside them
 * cv::dnn alone on the same network and OpenCV's Haar cascade with a Gaussian blur. With --model, that network as well.
 */
#include "peers.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/known_face.h"

#define WIDTH  640
#define HEIGHT 480
#define BYTES  ((size_t)WIDTH * HEIGHT * 3)
#define HAAR   "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml" /* Debian's opencv-data */

typedef struct image_work {
    const veil_sanitizer *sanitizer;
    uint8_t *source;
    uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    veil_image_options options;
    veil_image_result result;
    veil_region regions[16];
    uint32_t expected_cache;
    bool is_wrong;
    bench_net *net;
    bench_haar *haar;
    size_t haar_faces;
} image_work;

static void refresh(void *context)
{
    image_work *work = context;
    memcpy(work->pixels, work->source, (size_t)work->width * work->height * 3);
}

static void run_redact(void *context)
{
    image_work *work = context;
    veil_image image = {
        sizeof image, work->pixels, (size_t)work->width * 3, work->width, work->height, VEIL_PIXEL_BGR, 0};
    veil_status status = veil_image_redact(work->sanitizer, &work->options, &image, &work->result, NULL);
    if (status != VEIL_OK || work->result.region_count == 0 || work->result.cache != work->expected_cache) {
        work->is_wrong = true;
    }
}

static void run_net(void *context)
{
    bench_net_forward(((image_work *)context)->net);
}

static void run_haar(void *context)
{
    image_work *work = context;
    work->haar_faces = bench_haar_redact(work->haar, work->pixels, WIDTH, HEIGHT);
}

static void run_gauss(void *context)
{
    static const bench_cv_box face = {200, 100, 160, 200};
    bench_cv_blur(((image_work *)context)->pixels, WIDTH, HEIGHT, &face);
}

/* What the network alone decides: the search for codes is a cost of its own. */
static void run_faces(void *context)
{
    static const char *const faces[] = {"FACE"};
    image_work *work = context;
    work->options.entities = faces;
    work->options.entity_count = 1;
    run_redact(work);
    work->options.entities = NULL;
    work->options.entity_count = 0;
}

static veil_sanitizer *create(bench_report *report, const char *row, const char *model, uint32_t cache_hash,
                              uint32_t near_duplicates)
{
    veil_sanitizer *sanitizer = NULL;
    veil_config config;
    veil_config_init(&config);
    (void)veil_config_apply_profile(&config, VEIL_PROFILE_SPEED);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.model_path = model;
    config.cache_hash = cache_hash;
    config.near_duplicates = near_duplicates;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) bench_cannot(report, row, error.message);
    return sanitizer;
}

/* The network file that cv::dnn alone runs: the one asked for, or the embedded one, read from the source tree. */
static bench_net *make_net(const char *model)
{
    const char *path = model != NULL ? model : BENCH_MODEL_PATH;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    size_t capacity = 16u << 20;
    char *bytes = malloc(capacity);
    size_t count = bytes != NULL ? fread(bytes, 1, capacity, file) : 0;
    fclose(file);
    bench_net *net = count > 0 ? bench_net_create(bytes, count, 320, 240) : NULL;
    free(bytes);
    return net;
}

static void measure_detect(bench_report *report, image_work *work, const char *row, const char *model, double limit_ns)
{
    if (!bench_wants(report, row)) return;
    veil_sanitizer *sanitizer = create(report, row, model, VEIL_CACHE_HASH_XXH3, 0);
    work->net = make_net(model);
    if (work->haar == NULL) work->haar = bench_haar_create(HAAR);
    if (sanitizer == NULL || work->net == NULL || work->haar == NULL) {
        bench_cannot(report, row, "the sanitizer, the network or the cascade could not be loaded");
    } else {
        work->sanitizer = sanitizer;
        veil_image_options_init(&work->options);
        work->options.flags = VEIL_IMAGE_NO_CACHE;
        work->expected_cache = VEIL_CACHE_NONE;
        work->is_wrong = false;
        const bench_case cases[] = {
            {row, "veil redact", run_redact, refresh, work, BYTES, 0, limit_ns, limit_ns > 0 ? "<= 3.3 ms" : NULL},
            {row, "veil redact, faces alone", run_faces, refresh, work, BYTES, 0, limit_ns > 0 ? 2.8e6 : 0,
             limit_ns > 0 ? "<= 2.8 ms" : NULL},
            {row, "cv::dnn forward alone", run_net, NULL, work, BYTES, 0, 0, NULL},
            {row, "OpenCV Haar + GaussianBlur", run_haar, refresh, work, BYTES, 0, 0, NULL}};
        bench_run(report, cases, 4);
        if (work->is_wrong) bench_cannot(report, row, "a call failed or did not find the face");
    }
    bench_net_destroy(work->net);
    work->net = NULL;
    veil_sanitizer_destroy(sanitizer);
}

/* What the larger inputs of the other profiles cost, on the picture of image.detect and on one of 3840x2160 in tiles. */
static void measure_profile(bench_report *report, image_work *work, const char *row, uint32_t profile)
{
    static const char *const faces[] = {"FACE"};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (!bench_wants(report, row)) return;
    veil_config_init(&config);
    (void)veil_config_apply_profile(&config, profile);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = faces;
    config.entity_count = 1;
    config.image_workspaces = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        bench_cannot(report, row, error.message);
        return;
    }
    work->sanitizer = sanitizer;
    veil_image_options_init(&work->options);
    work->options.flags = VEIL_IMAGE_NO_CACHE;
    work->expected_cache = VEIL_CACHE_NONE;
    work->is_wrong = false;
    const bench_case cases[] = {
        {row, "veil redact", run_redact, refresh, work, 3.0 * work->width * work->height, 0, 0, NULL}};
    bench_run(report, cases, 1);
    if (work->is_wrong) bench_cannot(report, row, "a call failed or did not find the face");
    veil_sanitizer_destroy(sanitizer);
}

static void measure_large(bench_report *report, image_work *small)
{
    image_work *work = calloc(1, sizeof *work);
    if (!bench_wants(report, "image.detect_4k") || work == NULL) {
        free(work);
        return;
    }
    *work = *small;
    work->width = 3840;
    work->height = 2160;
    work->result.regions = work->regions;
    work->source = malloc((size_t)3840 * 2160 * 3);
    work->pixels = malloc((size_t)3840 * 2160 * 3);
    if (work->source == NULL || work->pixels == NULL) {
        bench_cannot(report, "image.detect_4k", "out of memory");
    } else {
        vl_known_face_draw(work->source, (size_t)3840 * 3, 3840, 2160, NULL);
        measure_profile(report, work, "image.detect_4k", VEIL_PROFILE_ACCURACY);
    }
    free(work->source);
    free(work->pixels);
    free(work);
}

static void measure_repeat(bench_report *report, image_work *work, const char *row, uint32_t cache_hash)
{
    if (!bench_wants(report, row)) return;
    veil_sanitizer *sanitizer = create(report, row, NULL, cache_hash, 0);
    if (sanitizer == NULL) return;
    work->sanitizer = sanitizer;
    veil_image_options_init(&work->options);
    work->expected_cache = VEIL_CACHE_MISS;
    refresh(work);
    run_redact(work);
    work->is_wrong = false;
    work->expected_cache = VEIL_CACHE_EXACT;
    const bench_case cases[] = {{row, "veil redact", run_redact, refresh, work, BYTES, 0, 150e3, "<= 0.15 ms"}};
    bench_run(report, cases, 1);
    if (work->is_wrong) bench_cannot(report, row, "a call failed or did not hit the cache");
    veil_sanitizer_destroy(sanitizer);
}

/* The remembered picture with other noise in its lowest bits for each call, so that it is never an exact repeat. */
static void refresh_noisy(void *context)
{
    static uint32_t random = 1;
    image_work *work = context;
    for (size_t i = 0; i < BYTES; i++) {
        random = random * 1664525u + 1013904223u; /* Numerical Recipes */
        work->pixels[i] = work->source[i] ^ (uint8_t)(random >> 31);
    }
}

/* A near hit saves the network alone: codes are looked for in every picture, so there is a row of each. */
static void measure_near(bench_report *report, image_work *work, const char *row, size_t entity_count)
{
    static const char *const faces[] = {"FACE"};
    if (!bench_wants(report, row)) return;
    veil_sanitizer *sanitizer = create(report, row, NULL, VEIL_CACHE_HASH_XXH3, 1);
    if (sanitizer == NULL) return;
    work->sanitizer = sanitizer;
    veil_image_options_init(&work->options);
    work->options.entities = entity_count != 0 ? faces : NULL;
    work->options.entity_count = entity_count;
    work->expected_cache = VEIL_CACHE_MISS;
    refresh(work);
    run_redact(work);
    work->is_wrong = false;
    work->expected_cache = VEIL_CACHE_NEAR;
    const double limit_ns = entity_count != 0 ? 300e3 : 0;
    const bench_case cases[] = {{row, entity_count != 0 ? "veil redact, faces" : "veil redact, faces and codes",
                                 run_redact, refresh_noisy, work, BYTES, 0, limit_ns,
                                 limit_ns > 0 ? "<= 0.3 ms" : NULL}};
    bench_run(report, cases, 1);
    if (work->is_wrong) bench_cannot(report, row, "a call failed or was no near hit");
    veil_sanitizer_destroy(sanitizer);
}

static void measure_region(bench_report *report, image_work *work)
{
    static const struct {
        const char *row;
        uint32_t effect;
    } effects[] = {{"image.effect_fill", VEIL_EFFECT_FILL},
                   {"image.effect_smooth", VEIL_EFFECT_SMOOTH},
                   {"image.effect_blur", VEIL_EFFECT_BLUR},
                   {"image.effect_pixelate", VEIL_EFFECT_PIXELATE}};
    static const veil_region face = {NULL, 200, 100, 160, 200, 0, 0};
    veil_sanitizer *sanitizer = NULL;
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        if (!bench_wants(report, effects[i].row)) continue;
        if (sanitizer == NULL) sanitizer = create(report, effects[i].row, NULL, VEIL_CACHE_HASH_XXH3, 0);
        if (sanitizer == NULL) return;
        const veil_effect_rule rule = {sizeof rule, "*", effects[i].effect, 0};
        work->sanitizer = sanitizer;
        veil_image_options_init(&work->options);
        work->options.flags = VEIL_IMAGE_NO_DETECTORS | VEIL_IMAGE_NO_CACHE;
        work->options.regions = &face;
        work->options.region_count = 1;
        work->options.effects = &rule;
        work->options.effect_count = 1;
        work->expected_cache = VEIL_CACHE_NONE;
        work->is_wrong = false;
        const bench_case cases[] = {
            {effects[i].row, "veil, 160x200 region", run_redact, refresh, work, 160.0 * 200 * 3, 0, 50e3, "<= 0.05 ms"},
            {effects[i].row, "OpenCV GaussianBlur 31", run_gauss, refresh, work, 160.0 * 200 * 3, 0, 0, NULL}};
        bench_run(report, cases, 2);
        if (work->is_wrong) bench_cannot(report, effects[i].row, "a call failed");
    }
    veil_sanitizer_destroy(sanitizer);
}

void bench_rows_image(bench_report *report)
{
    if (!bench_wants(report, "image")) return;
    bench_pin(report, true);
    image_work *work = calloc(1, sizeof *work);
    if (work == NULL || (work->source = malloc(BYTES)) == NULL || (work->pixels = malloc(BYTES)) == NULL) {
        bench_cannot(report, "image", "out of memory");
    } else {
        bench_cv_single_thread();
        work->width = WIDTH;
        work->height = HEIGHT;
        veil_region truth;
        vl_known_face_draw(work->source, WIDTH * 3, WIDTH, HEIGHT, &truth);
        work->result =
            (veil_image_result){.struct_size = sizeof work->result, .regions = work->regions, .region_capacity = 16};
        measure_detect(report, work, "image.detect", NULL, 3.3e6);
        if (report->model_path != NULL) measure_detect(report, work, "image.detect_model", report->model_path, 0);
        measure_profile(report, work, "image.detect_balanced", VEIL_PROFILE_BALANCED);
        measure_profile(report, work, "image.detect_accuracy", VEIL_PROFILE_ACCURACY);
        measure_large(report, work);
        measure_repeat(report, work, "image.repeat_xxh3", VEIL_CACHE_HASH_XXH3);
        measure_repeat(report, work, "image.repeat_mac", VEIL_CACHE_HASH_MAC);
        measure_near(report, work, "image.near", 1);
        measure_near(report, work, "image.near_codes", 0);
        measure_region(report, work);
    }
    if (work != NULL) {
        bench_haar_destroy(work->haar);
        free(work->source);
        free(work->pixels);
    }
    free(work);
}

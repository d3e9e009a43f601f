/*
 * The engine under pressure: many threads, few workspaces, refused memory, forks, and keys that somebody tries to forge.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/engine.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

static veil_sanitizer *make_sanitizer(const veil_config *config)
{
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;

    if (veil_sanitizer_create(config, &sanitizer, &error) != VEIL_OK) fail_msg("%s", error.message);
    return sanitizer;
}

/* ---- Threads (THREATS row 26) ------------------------------------------------------------------------------------ */

enum { THREADS = 4, ROUNDS = 12, PICTURES = 6 };

typedef struct stress {
    const veil_sanitizer *sanitizer;
    vl_image_view pictures[PICTURES];
    vl_image_view expected[PICTURES]; /* as one thread alone redacts them */
    uint32_t flags;
    _Atomic uint32_t wrong;
    _Atomic uint32_t failed;
} stress;

typedef struct stress_thread {
    stress *shared;
    uint32_t seed;
} stress_thread;

static void *run_stress(void *argument)
{
    stress_thread *self = argument;
    stress *s = self->shared;

    for (int round = 0; round < ROUNDS; round++) {
        const uint32_t n = picture_random(&self->seed) % PICTURES;
        vl_image_view copy = picture_copy(&s->pictures[n]);
        veil_image image = picture_image(&copy);
        veil_image_options options;

        veil_image_options_init(&options);
        options.flags = s->flags;
        if (veil_image_redact(s->sanitizer, &options, &image, NULL, NULL) != VEIL_OK)
            s->failed++;
        else if (memcmp(copy.pixels, s->expected[n].pixels, (size_t)copy.width * copy.height * 3) != 0)
            s->wrong++;
        picture_free(&copy);
    }
    return NULL;
}

static void stress_make(stress *s)
{
    for (uint32_t n = 0; n < PICTURES; n++) {
        veil_image image;

        s->pictures[n] = picture_make(200 + 40 * n, 320, VEIL_PIXEL_BGR);
        picture_draw_wall(&s->pictures[n], n);
        picture_paste_face(&s->pictures[n], 5 * n, 20 * n, 160, 120 + 10 * n, NULL);
        s->expected[n] = picture_copy(&s->pictures[n]);
        image = picture_image(&s->expected[n]);
        assert_int_equal(veil_image_redact(s->sanitizer, NULL, &image, NULL, NULL), VEIL_OK);
    }
}

static void run_threads(const veil_config *config, uint32_t flags)
{
    veil_sanitizer *sanitizer = make_sanitizer(config);
    stress s = {.sanitizer = sanitizer, .flags = flags};
    stress_thread threads[THREADS];
    pthread_t ids[THREADS];

    stress_make(&s);
    for (uint32_t i = 0; i < THREADS; i++) {
        threads[i] = (stress_thread){&s, 1000 + i};
        assert_int_equal(pthread_create(&ids[i], NULL, run_stress, &threads[i]), 0);
    }
    for (uint32_t i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
    assert_int_equal(s.failed, 0);
    assert_int_equal(s.wrong, 0);
    for (uint32_t n = 0; n < PICTURES; n++) {
        picture_free(&s.pictures[n]);
        picture_free(&s.expected[n]);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* More threads than workspaces, so it also grows while it works. */
static void test_threads_get_what_one_thread_gets(void **state)
{
    veil_config config = picture_config();

    (void)state;
    config.image_workspaces = 1;
    run_threads(&config, VEIL_IMAGE_NO_CACHE);
    run_threads(&config, 0);
    config.near_duplicates = 1;
    run_threads(&config, 0);
}

/* ---- Workspaces -------------------------------------------------------------------------------------------------- */

static vl_runtime *runtime_make(const vl_allocator *allocator)
{
    static const vl_pool_class classes[] = {{1u << 20, 2}};
    vl_runtime *runtime = calloc(1, sizeof *runtime);
    uint8_t *secret = malloc(VL_HASH_SECRET_BYTES);

    if (runtime == NULL || secret == NULL) abort();
    runtime->allocator = *allocator;
    runtime->kernels = vl_kernels_for(VEIL_CPU_AUTO);
    runtime->hash_secret = secret;
    assert_int_equal(vl_random_bytes(secret, VL_HASH_SECRET_BYTES), VEIL_OK);
    assert_int_equal(vl_metrics_create(&vl_allocator_default, VEIL_METRICS_OFF, &runtime->metrics), VEIL_OK);
    assert_int_equal(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &runtime->pool), VEIL_OK);
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &runtime->crypto, NULL), VEIL_OK);
    return runtime;
}

static void runtime_free(vl_runtime *runtime)
{
    vl_crypto_destroy(runtime->crypto);
    vl_pool_destroy(runtime->pool);
    vl_metrics_destroy(runtime->metrics);
    free((void *)runtime->hash_secret);
    free(runtime);
}

static void test_busy_when_growing_is_forbidden(void **state)
{
    vl_runtime *runtime = runtime_make(&vl_allocator_default);
    veil_config config = picture_config();
    vl_image_engine *engine;
    vl_image_workspace *held, *second;
    uint32_t slot, other;
    vl_image_view view = picture_make(64, 48, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);

    (void)state;
    config.image_workspaces = 1;
    config.pool_policy = VEIL_POOL_BUSY;
    memset(view.pixels, 9, 64 * 48 * 3);
    assert_int_equal(vl_image_engine_create(&config, runtime, NULL, &engine, NULL), VEIL_OK);
    assert_int_equal(vl_image_workspace_take(engine, &slot, &held, NULL), VEIL_OK);
    assert_int_equal(vl_image_workspace_take(engine, &other, &second, NULL), VEIL_ERR_BUSY);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_ERR_BUSY);
    assert_int_equal(view.pixels[100], 9); /* nothing was started */
    vl_image_workspace_give(engine, slot);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_OK);
    vl_image_engine_destroy(engine);
    picture_free(&view);
    runtime_free(runtime);
}

static void test_growing_makes_proven_instances(void **state)
{
    vl_runtime *runtime = runtime_make(&vl_allocator_default);
    veil_config config = picture_config();
    vl_image_engine *engine;
    vl_image_workspace *held[3];
    uint32_t slots[3];

    (void)state;
    config.image_workspaces = 1;
    assert_int_equal(vl_image_engine_create(&config, runtime, NULL, &engine, NULL), VEIL_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(vl_image_workspace_take(engine, &slots[i], &held[i], NULL), VEIL_OK);
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(held[i], held[j]);
    }
    for (int i = 0; i < 3; i++)
        vl_image_workspace_give(engine, slots[i]);
    vl_image_engine_destroy(engine);
    runtime_free(runtime);
}

/* After a call nothing of the picture may be left in what Veil keeps. */
static void test_workspace_is_clean_after_a_call(void **state)
{
    vl_runtime *runtime = runtime_make(&vl_allocator_default);
    veil_config config = picture_config();
    vl_image_engine *engine;
    vl_image_workspace *workspace;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);
    uint32_t slot;

    (void)state;
    config.image_workspaces = 1;
    config.near_duplicates = 1;
    picture_draw_face(&view, NULL);
    assert_int_equal(vl_image_engine_create(&config, runtime, NULL, &engine, NULL), VEIL_OK);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_OK);
    assert_int_equal(vl_image_workspace_take(engine, &slot, &workspace, NULL), VEIL_OK);
    const vl_detector *detector = &workspace->detector;
    for (size_t i = 0; i < 3 * 320 * 240; i++)
        assert_true(detector->planes[i] == 0);
    for (size_t i = 0; i < detector->model->facts.prior_count * sizeof(vl_box); i++)
        assert_int_equal(((const uint8_t *)detector->boxes)[i], 0);
    for (size_t i = 0; i < sizeof workspace->letterbox.sums; i++)
        assert_int_equal(((const uint8_t *)&workspace->letterbox.sums)[i], 0);
    for (size_t i = 0; i < sizeof workspace->effects; i++)
        assert_int_equal(((const uint8_t *)&workspace->effects)[i], 0);
    for (size_t i = 0; i < workspace->region_capacity * sizeof(vl_effect_region); i++)
        assert_int_equal(((const uint8_t *)workspace->regions)[i], 0);
    vl_image_workspace_give(engine, slot);
    vl_image_engine_destroy(engine);
    picture_free(&view);
    runtime_free(runtime);
}

enum { PIECE = 16 }; /* floats of the reduced picture that are searched for */

/* Where a piece of memory (kept inverted, so that it does not find itself) occurs in all memory that can be written. */
static size_t count_in_memory(const uint32_t inverted[PIECE])
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    size_t count = 0;

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long begin, end;
        char mode[8];

        if (sscanf(line, "%lx-%lx %7s", &begin, &end, mode) != 3 || strncmp(mode, "rw", 2) != 0) continue;
        for (const uint32_t *at = (const uint32_t *)begin; (unsigned long)(at + PIECE) <= end; at++) {
            uint32_t i = 0;

            while (i < PIECE && at[i] == ~inverted[i])
                i++;
            count += i == PIECE;
        }
    }
    fclose(maps);
    return count;
}

static float planes[3 * 320 * 240];

/* Not even OpenCV's heap may hold what the network was shown. */
static void test_reduced_picture_is_nowhere_in_memory(void **state)
{
    const vl_letterbox box = vl_letterbox_fit(640, 480, 320, 240);
    vl_letterbox_scratch *scratch = calloc(1, sizeof *scratch);
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    veil_image image = picture_image(&view);
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;
    uint32_t piece[PIECE];
    uint32_t seed = 1;

    (void)state;
    assert_non_null(scratch);
    if (!malloc_count_works()) {
        print_message("skipped: the sanitizer's shadow memory is too large to search\n");
        free(scratch);
        picture_free(&view);
        skip();
    }
    for (size_t i = 0; i < 640 * 480 * 3; i++)
        view.pixels[i] = (uint8_t)picture_random(&seed);
    vl_letterbox_draw(&box, &view, vl_kernels_for(VEIL_CPU_AUTO), planes, scratch);
    memcpy(piece, planes + 320 * 120 + 100, sizeof piece);
    for (int i = 0; i < PIECE; i++)
        piece[i] = ~piece[i];
    assert_true(count_in_memory(piece) > 0); /* the search works */
    vl_wipe(planes, sizeof planes);
    assert_int_equal(count_in_memory(piece), 0);
    sanitizer = make_sanitizer(&config);
    assert_int_equal(veil_image_redact(sanitizer, NULL, &image, NULL, NULL), VEIL_OK);
    assert_int_equal(count_in_memory(piece), 0);
    veil_sanitizer_destroy(sanitizer);
    free(scratch);
    picture_free(&view);
}

/* ---- Faults ------------------------------------------------------------------------------------------------------ */

static bool is_zero(const vl_image_view *view)
{
    for (size_t i = 0; i < (size_t)view->width * view->height * 3; i++) {
        if (view->pixels[i] != 0) return false;
    }
    return true;
}

/* A detector that fails in the middle of a call: its network is exchanged for one of other outputs (INTERNAL), and its
 * priors for numbers that are none (INTERNAL). The picture must be gone, and the engine must work again afterwards. */
static void test_failing_detector_zeroes_the_picture(void **state)
{
    vl_runtime *runtime = runtime_make(&vl_allocator_default);
    veil_config config = picture_config();
    vl_image_engine *engine;
    vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view view;
    veil_image image;
    vl_prior *kept;
    size_t prior_bytes;

    (void)state;
    config.image_workspaces = 1;
    picture_draw_face(&face, NULL);
    assert_int_equal(vl_image_engine_create(&config, runtime, NULL, &engine, NULL), VEIL_OK);
    prior_bytes = engine->model.facts.prior_count * sizeof *kept;
    kept = malloc(prior_bytes);
    assert_non_null(kept);
    memcpy(kept, engine->model.priors, prior_bytes);
    memset(engine->model.priors, 0xFF, prior_bytes); /* NaN */
    view = picture_copy(&face);
    image = picture_image(&view);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_ERR_INTERNAL);
    assert_true(is_zero(&view));
    picture_free(&view);
    memcpy(engine->model.priors, kept, prior_bytes);
    free(kept);

    vl_onnx_facts wrong = engine->model.facts;
    vl_cv_net *good = engine->workspaces[0]->detector.net;
    wrong.prior_count--;
    assert_int_equal(vl_cv_net_create(&runtime->allocator, engine->model.onnx, engine->model.onnx_bytes, &wrong,
                                      &engine->workspaces[0]->detector.net),
                     VEIL_OK);
    view = picture_copy(&face);
    image = picture_image(&view);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_ERR_INTERNAL);
    assert_true(is_zero(&view));
    picture_free(&view);
    vl_cv_net_destroy(engine->workspaces[0]->detector.net);
    engine->workspaces[0]->detector.net = good;

    view = picture_copy(&face);
    image = picture_image(&view);
    assert_int_equal(vl_image_redact(engine, NULL, &image, NULL, NULL), VEIL_OK);
    assert_false(is_zero(&view));
    assert_memory_not_equal(view.pixels, face.pixels, 640 * 480 * 3);
    picture_free(&view);
    picture_free(&face);
    vl_image_engine_destroy(engine);
    runtime_free(runtime);
}

static void test_create_survives_every_refused_allocation(void **state)
{
    veil_config config = picture_config();

    (void)state;
    config.near_duplicates = 1;
    config.image_workspaces = 2;
    for (uint64_t n = 1;; n++) {
        fail_alloc heap = {.fail_at = n};
        const vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
        vl_runtime *runtime = runtime_make(&hooks);
        vl_image_engine *engine = NULL;
        const veil_status status = vl_image_engine_create(&config, runtime, NULL, &engine, NULL);

        if (status == VEIL_OK) vl_image_engine_destroy(engine);
        runtime_free(runtime);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) {
            assert_int_equal(status, VEIL_OK);
            assert_true(n > 5);
            break;
        }
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
        assert_null(engine);
    }
}

/* The allocations inside OpenCV, too: whatever fails, the picture is either redacted or gone. */
static void test_redact_survives_refused_memory_in_opencv(void **state)
{
    veil_config config = picture_config();
    vl_image_view face = picture_make(320, 240, VEIL_PIXEL_BGR);
    vl_image_view expected;
    veil_image image;
    veil_sanitizer *sanitizer;
    veil_image_options options;
    size_t failures = 0;

    (void)state;
    if (!malloc_count_works()) {
        print_message("skipped: the sanitizer owns malloc\n");
        picture_free(&face);
        skip();
    }
    sanitizer = make_sanitizer(&config);
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_NO_CACHE;
    picture_draw_face(&face, NULL);
    expected = picture_copy(&face);
    image = picture_image(&expected);
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
    for (uint64_t n = 1; n < 2000; n += 1 + n / 8) {
        vl_image_view view = picture_copy(&face);
        veil_status status;
        bool has_failed;

        image = picture_image(&view);
        malloc_count_fail_at(n);
        status = veil_image_redact(sanitizer, &options, &image, NULL, NULL);
        has_failed = malloc_count_fail_done();
        failures += status != VEIL_OK;
        if (status == VEIL_OK)
            assert_memory_equal(view.pixels, expected.pixels, 320 * 240 * 3);
        else
            assert_true(is_zero(&view));
        picture_free(&view);
        if (!has_failed) break;
        /* and the same sanitizer goes on */
        view = picture_copy(&face);
        image = picture_image(&view);
        assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
        assert_memory_equal(view.pixels, expected.pixels, 320 * 240 * 3);
        picture_free(&view);
    }
    assert_true(failures > 0);
    picture_free(&face);
    picture_free(&expected);
    veil_sanitizer_destroy(sanitizer);
}

/* ---- Allocation -------------------------------------------------------------------------------------------------- */

static uint64_t allocations_of(const veil_sanitizer *sanitizer, const veil_image_options *options, vl_image_view *view)
{
    veil_image image = picture_image(view);
    const malloc_counts before = malloc_count_read();
    const veil_status status = veil_image_redact(sanitizer, options, &image, NULL, NULL);
    const malloc_counts after = malloc_count_since(before);

    assert_int_equal(status, VEIL_OK);
    assert_int_equal(after.live_blocks, 0);
    assert_int_equal(after.live_maps, 0);
    return after.allocations + after.maps;
}

static void test_allocations_of_a_call(void **state)
{
    const veil_region given = {NULL, 10, 10, 100, 100, 0, 0};
    veil_config config = picture_config();
    veil_image_options options, regions;
    veil_sanitizer *sanitizer;
    vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    uint64_t inside = 0;

    (void)state;
    if (!malloc_count_works()) {
        print_message("skipped: the sanitizer owns malloc\n");
        picture_free(&face);
        picture_free(&view);
        skip();
    }
    sanitizer = make_sanitizer(&config);
    picture_draw_face(&face, NULL);
    veil_image_options_init(&options);
    veil_image_options_init(&regions);
    regions.regions = &given;
    regions.region_count = 1;
    regions.flags = VEIL_IMAGE_NO_DETECTORS;
    for (int n = 0; n < 20; n++) {
        uint64_t count;

        options.flags = VEIL_IMAGE_NO_CACHE;
        memcpy(view.pixels, face.pixels, 640 * 480 * 3);
        count = allocations_of(sanitizer, &options, &view);
        if (n == 2) inside = count;
        if (n > 2) assert_true(count <= inside); /* OpenCV's own, and no more from call to call */
        options.flags = 0;
        memcpy(view.pixels, face.pixels, 640 * 480 * 3);
        count = allocations_of(sanitizer, &options, &view);
        if (n > 0) assert_int_equal(count, 0); /* exact repeat */
        assert_int_equal(allocations_of(sanitizer, &regions, &view), 0);
    }
    print_message("%llu allocations in cv::dnn a call\n", (unsigned long long)inside);
    picture_free(&face);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/*
 * XXH3 multiplies, for each 8 bytes of a 64-byte stripe, the low and high half of (data ^ secret). With a secret that is
 * known, choose the low half of two such words, in the same place of two stripes, to make one factor zero: what is in the
 * high halves then only enters as a sum, and one can be raised by what the other is lowered. Two pictures, one hash.
 */
static void forge(const uint8_t *secret, uint8_t *data, uint64_t high_one, uint64_t high_two)
{
    const size_t stripes[2] = {4, 5};
    const uint64_t highs[2] = {high_one, high_two};

    for (int i = 0; i < 2; i++) {
        uint64_t word;

        memcpy(&word, secret + stripes[i] * 8, sizeof word);
        word = (word & 0xFFFFFFFFu) | highs[i] << 32;
        memcpy(data + stripes[i] * 64, &word, sizeof word);
    }
}

static void test_collision_forged_for_an_unkeyed_hash(void **state)
{
    enum { HEAD = sizeof(vl_picture_head), SIDE = 64, BYTES = HEAD + SIDE * SIDE };
    uint8_t secret[VL_HASH_SECRET_BYTES];
    static uint8_t one[BYTES], two[BYTES];
    vl_image_view views[2] = {{one + HEAD, SIDE, SIDE, SIDE, VEIL_PIXEL_GRAY},
                              {two + HEAD, SIDE, SIDE, SIDE, VEIL_PIXEL_GRAY}};
    const vl_image_request request = {.min_score = 0.73F};
    const vl_picture_head head = vl_picture_head_make("exact-3", &request, &views[0]);
    XXH128_hash_t a, b;

    (void)state;
    memset(one, 0x40, sizeof one);
    memcpy(one, &head, sizeof head);
    memcpy(two, one, sizeof one);
    forge(XXH3_kSecret, one, 1000, 2000);
    forge(XXH3_kSecret, two, 1500, 1500);
    assert_memory_not_equal(one, two, sizeof one);
    a = XXH3_128bits(one, sizeof one);
    b = XXH3_128bits(two, sizeof two);
    assert_true(XXH128_isEqual(a, b)); /* the attack works on the hash without a secret */

    for (uint32_t mode = VEIL_CACHE_HASH_XXH3; mode <= VEIL_CACHE_HASH_MAC; mode++) {
        vl_hasher *hasher;
        vl_hash128 x, y;

        assert_int_equal(vl_random_bytes(secret, sizeof secret), VEIL_OK);
        assert_int_equal(vl_hasher_create(&vl_allocator_default, mode, secret, &hasher), VEIL_OK);
        assert_int_equal(vl_exact_key(hasher, &request, &views[0], &x), VEIL_OK);
        assert_int_equal(vl_exact_key(hasher, &request, &views[1], &y), VEIL_OK);
        assert_false(x.low == y.low && x.high == y.high);
        vl_hasher_destroy(hasher);
    }
}

static void test_mac_mode_serves_repeats(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    const veil_image image = picture_image(&view);
    veil_region found[2];
    veil_image_result result = {sizeof result, found, 2, 0, 0, 0, 0, 0};

    (void)state;
    config.cache_hash = VEIL_CACHE_HASH_MAC;
    sanitizer = make_sanitizer(&config);
    picture_draw_face(&view, NULL);
    assert_int_equal(veil_image_scan(sanitizer, NULL, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.cache, VEIL_CACHE_MISS);
    assert_int_equal(veil_image_scan(sanitizer, NULL, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.cache, VEIL_CACHE_EXACT);
    assert_int_equal(result.region_count, 1);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

static uint32_t mark_of(const veil_sanitizer *sanitizer, const vl_image_view *view)
{
    const veil_image image = picture_image(view);
    veil_region found[2];
    veil_image_result result = {sizeof result, found, 2, 0, 0, 0, 0, 0};

    return veil_image_scan(sanitizer, NULL, &image, &result, NULL) == VEIL_OK ? result.cache : UINT32_MAX;
}

/* A child starts with an empty cache under a new secret, and works. */
static void test_fork(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;
    vl_image_view view = picture_make(320, 240, VEIL_PIXEL_BGR);
    pid_t child;
    int how = 0;

    (void)state;
    config.near_duplicates = 1;
    sanitizer = make_sanitizer(&config);
    picture_draw_face(&view, NULL);
    assert_int_equal(mark_of(sanitizer, &view), VEIL_CACHE_MISS);
    assert_int_equal(mark_of(sanitizer, &view), VEIL_CACHE_EXACT);
    child = fork();
    if (child == 0) {
        bool is_good = veil_sanitizer_after_fork(sanitizer) == VEIL_OK;

        is_good = is_good && mark_of(sanitizer, &view) == VEIL_CACHE_MISS;
        is_good = is_good && mark_of(sanitizer, &view) == VEIL_CACHE_EXACT;
        _exit(is_good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    assert_int_equal(mark_of(sanitizer, &view), VEIL_CACHE_EXACT);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_get_what_one_thread_gets),
        cmocka_unit_test(test_busy_when_growing_is_forbidden),
        cmocka_unit_test(test_growing_makes_proven_instances),
        cmocka_unit_test(test_workspace_is_clean_after_a_call),
        cmocka_unit_test(test_reduced_picture_is_nowhere_in_memory),
        cmocka_unit_test(test_failing_detector_zeroes_the_picture),
        cmocka_unit_test(test_create_survives_every_refused_allocation),
        cmocka_unit_test(test_redact_survives_refused_memory_in_opencv),
        cmocka_unit_test(test_allocations_of_a_call),
        cmocka_unit_test(test_collision_forged_for_an_unkeyed_hash),
        cmocka_unit_test(test_mac_mode_serves_repeats),
        cmocka_unit_test(test_fork),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What fails below must fail here cleanly: allocations refused one after the other (the host's hooks, then malloc and mmap of
 * the whole program), threads that do not start, models that cannot be read. After each: the status says so, nothing
 * leaks, no output holds input, and the same handle works again.
 */
#include "api_support.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "support/fail_alloc.h"
#include "support/malloc_count.h"

/* ---- The n-th pthread_create from now on fails ---- */

static _Atomic int threads_left; /* 0: all start */

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                          void *(*start)(void *), void *argument)
{
    typedef int (*create_fn)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static _Atomic(create_fn) real;
    if (atomic_load(&threads_left) > 0 && atomic_fetch_sub(&threads_left, 1) == 1) return EAGAIN;
    if (atomic_load(&real) == NULL) {
        void *symbol = dlsym(RTLD_NEXT, "pthread_create");
        create_fn found;
        memcpy(&found, &symbol, sizeof found);
        atomic_store(&real, found);
    }
    return atomic_load(&real)(thread, attributes, start, argument);
}

/* ---- Creation ---- */

static const char *const few[] = {"EMAIL_ADDRESS", "CREDIT_CARD", "RANGE", "FACE"};

/* Few entities: compiling all of them hundreds of times would take minutes and reach the same code. */
static void small_config(veil_config *config, uint32_t modalities)
{
    config_for(config, modalities);
    config->entities = few;
    config->entity_count = (modalities & VEIL_MODALITY_IMAGE) != 0   ? 4
                           : (modalities & VEIL_MODALITY_AUDIO) != 0 ? 3
                                                                     : 2;
    config->text_workspaces = 2;
    config->image_workspaces = 1;
    config->audio_workspaces = 2;
    config->cache_entries = 64;
}

static void fail_each_hook_allocation(veil_config *config)
{
    for (uint64_t n = 1;; n++) {
        fail_alloc heap = {.fail_at = n};
        config->alloc = fail_alloc_take;
        config->free = fail_alloc_free;
        config->alloc_user = &heap;
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        const veil_status status = veil_sanitizer_create(config, &s, &error);
        const bool has_failed = fail_alloc_has_failed(&heap);
        if (status == VEIL_OK) veil_sanitizer_destroy(s);
        if (!fail_alloc_is_clean(&heap)) fail_msg("allocation %llu refused: not all was freed", (unsigned long long)n);
        if (!has_failed) {
            assert_int_equal(status, VEIL_OK);
            assert_true(n > 5);
            return;
        }
        if (status != VEIL_ERR_NO_MEMORY)
            fail_msg("allocation %llu refused: %s: %s", (unsigned long long)n, veil_status_string(status),
                     error.message);
        assert_null(s);
        assert_true(error.message[0] != '\0');
    }
}

static void create_survives_every_refused_allocation(void **state)
{
    (void)state;
    veil_config config;
    small_config(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 2;
    config.queue_capacity = 8;
    fail_each_hook_allocation(&config);
    small_config(&config, VEIL_MODALITY_TEXT);
    config.key = "0123456789abcdef"; /* ciphers in each workspace */
    config.key_bytes = 16;
    fail_each_hook_allocation(&config);
    small_config(&config, VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO);
    fail_each_hook_allocation(&config);
#if VEIL_TEST_IMAGE
    small_config(&config, VEIL_MODALITY_TEXT | VEIL_MODALITY_IMAGE | VEIL_MODALITY_AUDIO);
    fail_each_hook_allocation(&config);
#endif
}

/* malloc and mmap of everything, libraries included: every early one, then ever larger steps. */
static void create_survives_a_failing_malloc(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    veil_config config;
    small_config(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 1;
    config.queue_capacity = 8;
    config.key = "0123456789abcdef";
    config.key_bytes = 16;
    veil_sanitizer_destroy(make(&config)); /* what libraries keep for ever is there now */
    bool has_failed = true;
    for (uint64_t n = 1; has_failed; n += 1 + n / 24) {
        const malloc_counts before = malloc_count_read();
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        malloc_count_fail_at(n);
        const veil_status status = veil_sanitizer_create(&config, &s, &error);
        has_failed = malloc_count_fail_done();
        veil_sanitizer_destroy(s);
        const malloc_counts since = malloc_count_since(before);
        if (has_failed && status == VEIL_OK) continue; /* a library did without */
        if (has_failed && status != VEIL_ERR_NO_MEMORY && status != VEIL_ERR_INTERNAL)
            fail_msg("malloc %llu refused: %s: %s", (unsigned long long)n, veil_status_string(status), error.message);
        if (!has_failed) assert_int_equal(status, VEIL_OK);
        /* libcrypto loses blocks of its own when it is refused memory (OpenSSL 3.0); the hooks above count ours. */
        if (strstr(error.message, "libcrypto") != NULL) continue;
        if (since.live_blocks != 0 || since.live_maps != 0)
            fail_msg("malloc %llu refused: %lld blocks and %lld maps left", (unsigned long long)n,
                     (long long)since.live_blocks, (long long)since.live_maps);
    }
}

static void create_survives_threads_that_do_not_start(void **state)
{
    (void)state;
    for (int n = 1; n <= 3; n++) {
        fail_alloc heap = {0};
        veil_config config;
        small_config(&config, VEIL_MODALITY_TEXT);
        config.worker_count = 3;
        config.alloc = fail_alloc_take;
        config.free = fail_alloc_free;
        config.alloc_user = &heap;
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        atomic_store(&threads_left, n);
        const veil_status status = veil_sanitizer_create(&config, &s, &error);
        atomic_store(&threads_left, 0);
        assert_true(status < 0);
        assert_null(s);
        assert_non_null(strstr(error.message, "workers"));
        assert_true(fail_alloc_is_clean(&heap));
    }
}

#if VEIL_TEST_IMAGE
static void a_model_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    char truncated[] = "/tmp/veil-model-XXXXXX";
    const int fd = mkstemp(truncated);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "\x08\x07\x12\x04veil", 8), 8);
    close(fd);
    /* missing; a folder; opens but every read fails; empty; begins like a model */
    const char *const paths[] = {"/nonexistent/face.onnx", "/tmp", "/proc/self/mem", "/dev/null", truncated};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        fail_alloc heap = {0};
        veil_config config;
        config_for(&config, VEIL_MODALITY_IMAGE);
        config.model_path = paths[i];
        config.alloc = fail_alloc_take;
        config.free = fail_alloc_free;
        config.alloc_user = &heap;
        veil_sanitizer *s = NULL;
        veil_error error = VEIL_ERROR_INIT;
        const veil_status status = veil_sanitizer_create(&config, &s, &error);
        if (status != VEIL_ERR_MODEL && status != VEIL_ERR_IO)
            fail_msg("%s: %s: %s", paths[i], veil_status_string(status), error.message);
        assert_null(s);
        assert_true(fail_alloc_is_clean(&heap));
    }
    unlink(truncated);
}
#endif

/* ---- Calls ---- */

static const char transcript[] =
    "{\"text\":\"mail jane dot roe at example dot com now\",\"result\":["
    "{\"word\":\"mail\",\"start\":0.0,\"end\":0.1},{\"word\":\"jane\",\"start\":0.1,\"end\":0.2},"
    "{\"word\":\"dot\",\"start\":0.2,\"end\":0.3},{\"word\":\"roe\",\"start\":0.3,\"end\":0.4},"
    "{\"word\":\"at\",\"start\":0.4,\"end\":0.5},{\"word\":\"example\",\"start\":0.5,\"end\":0.6},"
    "{\"word\":\"dot\",\"start\":0.6,\"end\":0.7},{\"word\":\"com\",\"start\":0.7,\"end\":0.8},"
    "{\"word\":\"now\",\"start\":0.8,\"end\":0.9}]}";

static int16_t sound[16000];
static char out[256];

typedef veil_status (*call_fn)(const veil_sanitizer *s);

static veil_status call_text(const veil_sanitizer *s)
{
    size_t out_bytes = 0;
    memset(out, 'x', sizeof out);
    const veil_status status =
        veil_text_redact(s, NULL, SAMPLE, sizeof SAMPLE - 1, out, sizeof out, &out_bytes, NULL, NULL);
    for (size_t i = 0; status != VEIL_OK && i < sizeof out; i++)
        if (out[i] != 0) return VEIL_ERR_INTERNAL;
    return status;
}

static veil_status call_batch(const veil_sanitizer *s)
{
    veil_text_item items[32];
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < 32; i++) {
        items[i].text = SAMPLE;
        items[i].text_bytes = sizeof SAMPLE - 1;
        items[i].out = out;
        items[i].out_capacity = 0;
    }
    const veil_status status = veil_text_redact_batch(s, NULL, items, 32, sizeof items[0], NULL);
    return status == VEIL_ERR_BUFFER_TOO_SMALL ? VEIL_OK : status;
}

static veil_status call_audio(const veil_sanitizer *s)
{
    for (size_t i = 0; i < 16000; i++)
        sound[i] = (int16_t)(i * 7919 % 2000);
    veil_audio audio = {sizeof audio, sound, 16000, 16000, 1, VEIL_SAMPLE_S16, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.transcript = transcript;
    o.transcript_bytes = sizeof transcript - 1;
    const veil_status status = veil_audio_redact(s, &o, &audio, NULL, NULL);
    const bool is_untouched = status == VEIL_ERR_BUSY;
    for (size_t i = 0; status != VEIL_OK && !is_untouched && i < 16000; i++)
        if (sound[i] != 0) return VEIL_ERR_INTERNAL - 1;
    return status;
}

#if VEIL_TEST_IMAGE
static uint8_t pixels[320 * 240 * 3];

static veil_status call_image(const veil_sanitizer *s)
{
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(1 + i * 7919 % 200);
    veil_image image = {sizeof image, pixels, 320 * 3, 320, 240, VEIL_PIXEL_BGR, 0};
    veil_image_options o;
    veil_image_options_init(&o);
    o.flags = VEIL_IMAGE_NO_CACHE;
    const veil_status status = veil_image_redact(s, &o, &image, NULL, NULL);
    const bool is_untouched = status == VEIL_ERR_BUSY;
    for (size_t i = 0; status != VEIL_OK && !is_untouched && i < sizeof pixels; i++)
        if (pixels[i] != 0) return VEIL_ERR_INTERNAL - 1;
    return status;
}
#endif

static void fail_each_malloc_of(call_fn call, const veil_sanitizer *s, uint64_t steps)
{
    assert_int_equal(call(s), VEIL_OK);
    bool has_failed = true;
    for (uint64_t n = 1; has_failed; n += 1 + n / steps) {
        malloc_count_fail_at(n);
        const veil_status status = call(s);
        has_failed = malloc_count_fail_done();
        if (!has_failed) assert_int_equal(status, VEIL_OK);
        if (status != VEIL_OK && status != VEIL_ERR_NO_MEMORY && status != VEIL_ERR_INTERNAL)
            fail_msg("malloc %llu refused: %s (%d)", (unsigned long long)n, veil_status_string(status), (int)status);
        assert_int_equal(call(s), VEIL_OK); /* the same handle goes on */
    }
}

static void calls_survive_a_failing_malloc(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    veil_config config;
    small_config(&config, VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO);
    config.worker_count = 1;
    veil_sanitizer *s = make(&config);
    fail_each_malloc_of(call_text, s, UINT64_MAX);
    fail_each_malloc_of(call_batch, s, UINT64_MAX);
    fail_each_malloc_of(call_audio, s, UINT64_MAX);
    veil_sanitizer_destroy(s);
#if VEIL_TEST_IMAGE
    small_config(&config, VEIL_MODALITY_IMAGE);
    config.entities = &few[3];
    config.entity_count = 1;
    s = make(&config);
    fail_each_malloc_of(call_image, s, 12); /* OpenCV allocates hundreds of times a call */
    veil_sanitizer_destroy(s);
#endif
}

static void hot_calls_do_not_allocate(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    veil_config config;
    small_config(&config, VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO);
    config.worker_count = 1;
    veil_sanitizer *s = make(&config);
    assert_int_equal(call_text(s), VEIL_OK);
    assert_int_equal(call_batch(s), VEIL_OK);
    assert_int_equal(call_audio(s), VEIL_OK);
    const malloc_counts before = malloc_count_read();
    int failed = 0;
    for (int i = 0; i < 50; i++)
        failed += call_text(s) != VEIL_OK || call_batch(s) != VEIL_OK || call_audio(s) != VEIL_OK;
    const malloc_counts since = malloc_count_since(before);
    assert_int_equal(failed, 0);
    assert_int_equal(since.allocations, 0);
    assert_int_equal(since.maps, 0);
    veil_sanitizer_destroy(s);
}

static void note_end(void *user, const veil_completion *done)
{
    atomic_fetch_add((_Atomic int *)user, done->status == VEIL_OK ? 1 : 1000);
}

static void submitting_does_not_allocate(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    veil_config config;
    small_config(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 1;
    veil_sanitizer *s = make(&config);
    _Atomic int ended = 0;
    const veil_job job = {.struct_size = sizeof job,
                          .kind = VEIL_JOB_TEXT_REDACT,
                          .input = SAMPLE,
                          .input_bytes = sizeof SAMPLE - 1,
                          .out = out,
                          .out_capacity = sizeof out,
                          .on_done = note_end,
                          .user = &ended};
    malloc_counts before = malloc_count_read();
    for (int i = 0; i < 100; i++) {
        if (i == 50) before = malloc_count_read(); /* the worker's own start is over */
        assert_int_equal(veil_submit(s, &job, NULL), VEIL_OK);
        while (atomic_load(&ended) <= i)
            usleep(50);
    }
    assert_int_equal(malloc_count_since(before).allocations, 0);
    assert_int_equal(atomic_load(&ended), 100);
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_survives_every_refused_allocation),
        cmocka_unit_test(create_survives_a_failing_malloc),
        cmocka_unit_test(create_survives_threads_that_do_not_start),
#if VEIL_TEST_IMAGE
        cmocka_unit_test(a_model_that_cannot_be_read_is_an_error),
#endif
        cmocka_unit_test(calls_survive_a_failing_malloc),
        cmocka_unit_test(hot_calls_do_not_allocate),
        cmocka_unit_test(submitting_does_not_allocate),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}

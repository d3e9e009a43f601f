/* A forked child: workers stayed behind, synchronous calls work after after_fork, and destroying never hangs. */
#include "api_support.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static veil_sanitizer *make_workers(void)
{
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 2;
    return make(&config);
}

/* 0 when the handle works in this process. Children must not use cmocka's asserts: they would report twice. */
static int try_handle(veil_sanitizer *s)
{
    char out[64];
    size_t out_bytes = 0;
    if (veil_text_redact(s, NULL, SAMPLE, sizeof SAMPLE - 1, out, sizeof out, &out_bytes, NULL, NULL) != VEIL_OK)
        return 1;
    if (out_bytes != sizeof SAMPLE_REDACTED - 1 || memcmp(out, SAMPLE_REDACTED, out_bytes) != 0) return 2;
    static veil_text_item items[64];
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < 64; i++) {
        items[i].text = SAMPLE;
        items[i].text_bytes = 5;
    }
    if (veil_text_scan_batch(s, NULL, items, 64, sizeof items[0], NULL) != VEIL_OK) return 3;
    return 0;
}

static int in_child(int (*body)(veil_sanitizer *), veil_sanitizer *s)
{
    const pid_t child = fork();
    if (child == 0) {
        alarm(60); /* a child that hangs dies, and fails the test */
        _exit(body(s));
    }
    int status = 0;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int use_after_fork(veil_sanitizer *s)
{
    if (veil_sanitizer_after_fork(s) != VEIL_OK) return 10;
    veil_text_result result = {sizeof result, NULL, 0, 0};
    const veil_job job = {.struct_size = sizeof job,
                          .kind = VEIL_JOB_TEXT_SCAN,
                          .input = "x",
                          .input_bytes = 1,
                          .result = &result,
                          .on_done = (veil_completion_fn)(void (*)(void))abort};
    if (veil_submit(s, &job, NULL) != VEIL_ERR_UNSUPPORTED) return 11;
    const int failed = try_handle(s);
    if (failed != 0) return failed;
    if (veil_sanitizer_after_fork(s) != VEIL_OK) return 12; /* once more does no harm */
    veil_sanitizer_destroy(s);
    return 0;
}

static int destroy_at_once(veil_sanitizer *s)
{
    veil_sanitizer_destroy(s);
    return 0;
}

static int make_own(veil_sanitizer *s)
{
    (void)s;
    veil_sanitizer *own = NULL;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
#if !defined(__SANITIZE_THREAD__) /* TSan ends a child of a threaded parent that starts threads */
    config.worker_count = 1;
#endif
    if (veil_sanitizer_create(&config, &own, NULL) != VEIL_OK) return 20;
    const int failed = try_handle(own);
    veil_sanitizer_destroy(own);
    return failed;
}

static void a_child_goes_on_without_workers(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers();
    assert_int_equal(try_handle(s), 0);
    assert_int_equal(in_child(use_after_fork, s), 0);
    assert_int_equal(in_child(destroy_at_once, s), 0);
    assert_int_equal(in_child(make_own, s), 0);
    assert_int_equal(try_handle(s), 0);                      /* the parent never noticed */
    assert_int_equal(veil_sanitizer_after_fork(s), VEIL_OK); /* not a child: keeps its workers */
    assert_int_equal(try_handle(s), 0);
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_goes_on_without_workers)};
    return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}

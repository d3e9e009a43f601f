/* Metrics: exact counts from many more threads than shards, sampling, modes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "core/clock.h"
#include "core/metrics.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

#define THREADS 200 /* more than the 64 shards with an owner */
#define CALLS   1000

static void *call_many(void *argument)
{
    vl_metrics *metrics = argument;
    for (uint64_t i = 0; i < CALLS; i++) {
        uint64_t begin = vl_metrics_begin(metrics, VEIL_METRIC_TEXT_SCAN);
        vl_metrics_end(metrics, VEIL_METRIC_TEXT_SCAN, begin, 33, i % 10 == 0 ? VEIL_ERR_LIMIT : VEIL_OK);
        vl_metrics_count(metrics, VL_COUNT_FINDINGS, 3);
    }
    return NULL;
}

static void counts_are_exact_under_threads(void **state)
{
    (void)state;
    vl_metrics *metrics;
    pthread_t threads[THREADS];
    veil_operation_metrics scan;
    assert_int_equal(vl_metrics_create(&vl_allocator_default, VEIL_METRICS_SAMPLED, &metrics), VEIL_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_many, metrics), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    vl_metrics_operation(metrics, VEIL_METRIC_TEXT_SCAN, &scan);
    assert_int_equal(scan.calls, THREADS * CALLS);
    assert_int_equal(scan.errors, THREADS * CALLS / 10);
    assert_int_equal(scan.bytes, 33ull * THREADS * CALLS);
    assert_int_equal(vl_metrics_read(metrics, VL_COUNT_FINDINGS), 3 * THREADS * CALLS);
    assert_int_equal(vl_metrics_read(metrics, VL_COUNT_REJECTED), 0);
    assert_true(scan.samples > 0 && scan.samples <= THREADS * CALLS / 16);
    vl_metrics_destroy(metrics);
}

static uint64_t samples_of(uint32_t mode, int calls)
{
    vl_metrics *metrics;
    veil_operation_metrics seen;
    assert_int_equal(vl_metrics_create(&vl_allocator_default, mode, &metrics), VEIL_OK);
    for (int i = 0; i < calls; i++)
        vl_metrics_end(metrics, VEIL_METRIC_IMAGE_SCAN, vl_metrics_begin(metrics, VEIL_METRIC_IMAGE_SCAN), 1, VEIL_OK);
    vl_metrics_operation(metrics, VEIL_METRIC_IMAGE_SCAN, &seen);
    assert_int_equal(seen.calls, calls);
    vl_metrics_destroy(metrics);
    return seen.samples;
}

static void modes_time_all_some_or_none(void **state)
{
    (void)state;
    assert_int_equal(samples_of(VEIL_METRICS_FULL, 640), 640);
    assert_int_equal(samples_of(VEIL_METRICS_OFF, 640), 0);
    assert_int_equal(samples_of(VEIL_METRICS_SAMPLED, 1), 1); /* the first call is timed */
    assert_in_range(samples_of(VEIL_METRICS_SAMPLED, 64000), 990, 1010);
}

/* A host whose calls repeat with period 64 must not always time the same one. */
static void sampling_has_no_period(void **state)
{
    (void)state;
    vl_metrics *metrics;
    int timed[64] = {0};
    int phases = 0;
    assert_int_equal(vl_metrics_create(&vl_allocator_default, VEIL_METRICS_SAMPLED, &metrics), VEIL_OK);
    for (int i = 0; i < 64 * 1000; i++) {
        uint64_t begin = vl_metrics_begin(metrics, VEIL_METRIC_AUDIO_SCAN);
        timed[i % 64] += begin != 0;
        vl_metrics_end(metrics, VEIL_METRIC_AUDIO_SCAN, begin, 0, VEIL_OK);
    }
    for (int i = 0; i < 64; i++)
        phases += timed[i] > 0;
    assert_true(phases > 48);
    vl_metrics_destroy(metrics);
}

static void recorded_latencies_show(void **state)
{
    (void)state;
    vl_metrics *metrics;
    veil_operation_metrics wait;
    assert_int_equal(vl_metrics_create(&vl_allocator_default, VEIL_METRICS_SAMPLED, &metrics), VEIL_OK);
    for (uint64_t i = 1; i <= 1000; i++)
        vl_metrics_record(metrics, VEIL_METRIC_JOB_WAIT, i * 1000);
    vl_metrics_operation(metrics, VEIL_METRIC_JOB_WAIT, &wait);
    assert_int_equal(wait.calls, 1000);
    assert_int_equal(wait.samples, 1000);
    assert_in_range(wait.p50_ns, 500000, 500000 + 500000 / 32);
    assert_in_range(wait.p99_ns, 990000, 1000000);
    assert_int_equal(wait.max_ns, 1000000);
    assert_int_equal(wait.p9999_ns, 1000000);
    vl_metrics_destroy(metrics);
}

static void bad_arguments_do_nothing(void **state)
{
    (void)state;
    vl_metrics *metrics;
    veil_operation_metrics out;
    fail_alloc heap = {.fail_at = 1};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    assert_int_equal(vl_metrics_create(&hooks, VEIL_METRICS_FULL, &metrics), VEIL_ERR_NO_MEMORY);
    assert_null(metrics);
    assert_int_equal(vl_metrics_create(&hooks, 3, &metrics), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_metrics_create(&hooks, VEIL_METRICS_FULL, &metrics), VEIL_OK);
    assert_int_equal(vl_metrics_begin(metrics, VEIL_METRIC_COUNT), 0);
    vl_metrics_end(metrics, VEIL_METRIC_COUNT, 0, 1, VEIL_OK);
    vl_metrics_count(metrics, VL_COUNT_END, 1);
    vl_metrics_operation(metrics, VEIL_METRIC_COUNT, &out);
    assert_int_equal(out.calls, 0);
    vl_metrics_destroy(metrics);
    assert_int_equal(vl_metrics_begin(NULL, 0), 0);
    vl_metrics_end(NULL, 0, 0, 0, VEIL_OK);
    vl_metrics_destroy(NULL);
    assert_true(fail_alloc_is_clean(&heap));
}

static void nothing_is_allocated_by_counting(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    vl_metrics *metrics;
    assert_int_equal(vl_metrics_create(&vl_allocator_default, VEIL_METRICS_FULL, &metrics), VEIL_OK);
    malloc_counts before = malloc_count_read();
    call_many(metrics);
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(change.allocations + change.maps, 0);
    vl_metrics_destroy(metrics);
}

static void deadlines(void **state)
{
    (void)state;
    assert_int_equal(vl_deadline_after_us(0), 0);
    assert_false(vl_deadline_passed(0));
    assert_true(vl_deadline_passed(1));
    assert_int_equal(vl_deadline_after_us(UINT64_MAX), UINT64_MAX);
    assert_int_equal(vl_deadline_after_us(UINT64_MAX / 1000), UINT64_MAX);
    assert_false(vl_deadline_passed(UINT64_MAX));
    uint64_t now = vl_clock_ns();
    uint64_t deadline = vl_deadline_after_us(1000000);
    assert_in_range(deadline, now + 1000000000ull, now + 60000000000ull);
    assert_false(vl_deadline_passed(deadline));
    assert_true(vl_clock_ns() >= now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact_under_threads),
        cmocka_unit_test(modes_time_all_some_or_none),
        cmocka_unit_test(sampling_has_no_period),
        cmocka_unit_test(recorded_latencies_show),
        cmocka_unit_test(bad_arguments_do_nothing),
        cmocka_unit_test(nothing_is_allocated_by_counting),
        cmocka_unit_test(deadlines),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}

/* Histograms: bucket bounds, quantiles against a sorted list, merging. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/histogram.h"

static vl_histogram one;
static vl_histogram two;

static uint64_t only(uint64_t value)
{
    vl_histogram_clear(&one);
    vl_histogram_record(&one, value);
    return vl_histogram_quantile(&one, 0.5);
}

static void empty_is_zero(void **state)
{
    (void)state;
    vl_histogram_clear(&one);
    assert_int_equal(vl_histogram_quantile(&one, 0.5), 0);
    assert_int_equal(vl_histogram_quantile(&one, 1), 0);
}

/* The bound of a value's bucket, seen by putting a larger value above it, is off by at most 1/32. */
static void error_is_at_most_one_32nd(void **state)
{
    (void)state;
    for (int e = 0; e < 42; e++) {
        for (int64_t d = -3; d <= 3; d++) {
            int64_t value = (int64_t)(1ull << e) + d;
            if (value < 0 || value >= 1ll << 42) continue;
            vl_histogram_clear(&one);
            vl_histogram_record(&one, (uint64_t)value);
            vl_histogram_record(&one, UINT64_MAX);
            uint64_t bound = vl_histogram_quantile(&one, 0.5);
            assert_true(bound >= (uint64_t)value);
            assert_true(bound - (uint64_t)value <= (uint64_t)value / 32);
        }
    }
}

static void small_values_are_exact(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < 64; value++) {
        vl_histogram_clear(&one);
        vl_histogram_record(&one, value);
        vl_histogram_record(&one, 1000);
        assert_int_equal(vl_histogram_quantile(&one, 0.5), value);
    }
}

static void never_above_the_maximum(void **state)
{
    (void)state;
    assert_int_equal(only(1000001), 1000001);
    assert_int_equal(only(UINT64_MAX), UINT64_MAX);
    assert_int_equal(only(1ull << 42), 1ull << 42);
    assert_int_equal(only(0), 0);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void quantiles_match_a_sorted_list(void **state)
{
    (void)state;
    static uint64_t values[20000];
    static const double qs[] = {0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1};
    size_t n = sizeof values / sizeof values[0];
    uint64_t seed = 42;
    vl_histogram_clear(&one);
    vl_histogram_clear(&two);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        values[i] = (seed >> 33) >> (seed >> 59); /* spread over all magnitudes */
        vl_histogram_record(i % 3 ? &one : &two, values[i]);
    }
    vl_histogram_merge(&one, &two);
    assert_int_equal(one.count, n);
    qsort(values, n, sizeof values[0], ascending);
    assert_int_equal(one.max, values[n - 1]);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    assert_int_equal(one.sum, sum);
    for (size_t i = 0; i < sizeof qs / sizeof qs[0]; i++) {
        double rank = qs[i] * (double)n;
        size_t index = rank <= 1 ? 0 : (size_t)rank - (rank == (double)(size_t)rank);
        uint64_t got = vl_histogram_quantile(&one, qs[i]);
        assert_true(got >= values[index]);
        assert_true(got - values[index] <= values[index] / 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_zero),
        cmocka_unit_test(error_is_at_most_one_32nd),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(never_above_the_maximum),
        cmocka_unit_test(quantiles_match_a_sorted_list),
    };
    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}

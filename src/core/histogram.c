/*
 * Log-linear histogram. Values below 64 have a bucket each; above, a power of two [2^e, 2^(e+1)) has 32 equal steps:
 * index = (e - 5) * 32 + (value >> (e - 5)). Readers may run beside writers; they see some recent state of each counter.
 */
#include "core/histogram.h"

#include <assert.h>

#define STEP_BITS 5
#define STEPS     (1u << STEP_BITS)

static_assert(VL_HISTOGRAM_BUCKETS == (42 - STEP_BITS + 1) * STEPS, "2^42 is where the last bucket ends");

static uint32_t bucket_of(uint64_t value)
{
    if (value < 2 * STEPS) return (uint32_t)value;
    uint32_t shift = 63u - (uint32_t)__builtin_clzll(value) - STEP_BITS;
    uint32_t index = shift * STEPS + (uint32_t)(value >> shift);
    return index < VL_HISTOGRAM_BUCKETS ? index : VL_HISTOGRAM_BUCKETS - 1;
}

/* Largest value that falls into the bucket. */
static uint64_t bucket_top(uint32_t index)
{
    if (index < 2 * STEPS) return index;
    uint32_t shift = index / STEPS - 1;
    uint64_t step = index % STEPS + STEPS;
    return ((step + 1) << shift) - 1;
}

static void raise_max(_Atomic uint64_t *max, uint64_t value)
{
    uint64_t seen = atomic_load_explicit(max, memory_order_relaxed);
    while (seen < value &&
           !atomic_compare_exchange_weak_explicit(max, &seen, value, memory_order_relaxed, memory_order_relaxed)) {
    }
}

void vl_histogram_clear(vl_histogram *histogram)
{
    for (uint32_t i = 0; i < VL_HISTOGRAM_BUCKETS; i++) {
        atomic_store_explicit(&histogram->buckets[i], 0, memory_order_relaxed);
    }
    atomic_store_explicit(&histogram->count, 0, memory_order_relaxed);
    atomic_store_explicit(&histogram->sum, 0, memory_order_relaxed);
    atomic_store_explicit(&histogram->max, 0, memory_order_relaxed);
}

void vl_histogram_record(vl_histogram *histogram, uint64_t value)
{
    atomic_fetch_add_explicit(&histogram->buckets[bucket_of(value)], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
    raise_max(&histogram->max, value);
}

void vl_histogram_merge(vl_histogram *into, const vl_histogram *from)
{
    for (uint32_t i = 0; i < VL_HISTOGRAM_BUCKETS; i++) {
        uint64_t n = atomic_load_explicit(&from->buckets[i], memory_order_relaxed);
        if (n != 0) atomic_fetch_add_explicit(&into->buckets[i], n, memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&into->count, atomic_load_explicit(&from->count, memory_order_relaxed),
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&into->sum, atomic_load_explicit(&from->sum, memory_order_relaxed), memory_order_relaxed);
    raise_max(&into->max, atomic_load_explicit(&from->max, memory_order_relaxed));
}

/* The number of values is summed anew: beside a writer, `count` may run ahead of the buckets. */
static uint64_t bucket_sum(const vl_histogram *histogram)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < VL_HISTOGRAM_BUCKETS; i++) {
        sum += atomic_load_explicit(&histogram->buckets[i], memory_order_relaxed);
    }
    return sum;
}

uint64_t vl_histogram_quantile(const vl_histogram *histogram, double q)
{
    uint64_t total = bucket_sum(histogram);
    if (total == 0) return 0;
    double wanted = q <= 0 ? 1 : q >= 1 ? (double)total : q * (double)total;
    uint64_t max = atomic_load_explicit(&histogram->max, memory_order_relaxed);
    uint64_t seen = 0;
    for (uint32_t i = 0; i + 1 < VL_HISTOGRAM_BUCKETS; i++) {
        seen += atomic_load_explicit(&histogram->buckets[i], memory_order_relaxed);
        if ((double)seen >= wanted) return bucket_top(i) < max ? bucket_top(i) : max;
    }
    return max; /* the last bucket is open-ended */
}

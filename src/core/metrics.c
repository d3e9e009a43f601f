/*
 * Counters and latencies of one sanitizer. The first OWNED_SHARDS threads of the process own a shard each: one writer, so a
 * relaxed load and store count exactly without a locked instruction. Later threads share the remaining shards and add
 * atomically. A thread's number is given once per process, never taken back (that would need a thread-exit hook in the
 * host); a host that keeps making threads pays some nanoseconds more, and stays exact.
 */
#include "core/metrics.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "core/clock.h"
#include "core/histogram.h"

#define OWNED_SHARDS  64u
#define COMMON_SHARDS 16u
#define SHARDS        (OWNED_SHARDS + COMMON_SHARDS)

typedef struct operation_counts {
    _Atomic uint64_t calls;
    _Atomic uint64_t errors;
    _Atomic uint64_t bytes;
} operation_counts;

typedef struct shard {
    _Alignas(128) operation_counts operations[VEIL_METRIC_COUNT]; /* 128: the prefetcher pulls lines in pairs */
    _Atomic uint64_t counters[VL_COUNT_END];
} shard;

struct vl_metrics {
    shard shards[SHARDS];
    vl_histogram latency[VEIL_METRIC_COUNT];
    vl_allocator allocator;
    uint32_t mode;
};

static _Atomic uint32_t next_thread;
/* Initial-exec: 4 bytes from the static TLS that the loader keeps spare for libraries opened late; saves a call. */
static _Thread_local uint32_t thread_number __attribute__((tls_model("initial-exec"))); /* 1-based, 0: not given yet */

static uint32_t shard_index(void)
{
    uint32_t number = thread_number;
    if (__builtin_expect(number == 0, 0)) {
        number = atomic_fetch_add_explicit(&next_thread, 1, memory_order_relaxed) + 1;
        if (number == 0 || number > UINT32_MAX / 2) number = OWNED_SHARDS + 1; /* after 2^31 threads: share */
        thread_number = number;
    }
    number--;
    return number < OWNED_SHARDS ? number : OWNED_SHARDS + number % COMMON_SHARDS;
}

static void add(_Atomic uint64_t *counter, uint64_t amount, uint32_t index)
{
    if (index < OWNED_SHARDS) {
        uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);
        atomic_store_explicit(counter, old + amount, memory_order_relaxed);
    } else {
        atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
    }
}

veil_status vl_metrics_create(const vl_allocator *allocator, uint32_t mode, vl_metrics **out)
{
    *out = NULL;
    if (mode > VEIL_METRICS_OFF) return VEIL_ERR_INVALID_ARGUMENT;
    vl_metrics *metrics = vl_alloc_aligned(allocator, _Alignof(vl_metrics), sizeof *metrics);
    if (metrics == NULL) return VEIL_ERR_NO_MEMORY;
    metrics->allocator = *allocator;
    metrics->mode = mode;
    *out = metrics;
    return VEIL_OK;
}

void vl_metrics_destroy(vl_metrics *metrics)
{
    if (metrics == NULL) return;
    vl_allocator allocator = metrics->allocator;
    vl_free_aligned(&allocator, metrics, _Alignof(vl_metrics), sizeof *metrics);
}

/*
 * Which calls are timed: not every 64th, for a host whose work repeats with a period of 64 would always see the same call.
 * Multiples of the golden ratio spread evenly over [0, 2^64); the 1/64 lowest are taken, the first call among them.
 */
static bool is_sampled(uint64_t calls_before)
{
    return calls_before * 0x9E3779B97F4A7C15ull < (1ull << 58);
}

uint64_t vl_metrics_begin(vl_metrics *metrics, uint32_t operation)
{
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT || metrics->mode == VEIL_METRICS_OFF) return 0;
    if (metrics->mode == VEIL_METRICS_FULL) return vl_clock_ns();
    const operation_counts *counts = &metrics->shards[shard_index()].operations[operation];
    return is_sampled(atomic_load_explicit(&counts->calls, memory_order_relaxed)) ? vl_clock_ns() : 0;
}

void vl_metrics_end(vl_metrics *metrics, uint32_t operation, uint64_t begin, uint64_t bytes, veil_status status)
{
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT) return;
    uint32_t index = shard_index();
    operation_counts *counts = &metrics->shards[index].operations[operation];
    add(&counts->calls, 1, index);
    add(&counts->bytes, bytes, index);
    if (status != VEIL_OK) add(&counts->errors, 1, index);
    if (begin != 0) vl_histogram_record(&metrics->latency[operation], vl_clock_ns() - begin);
}

void vl_metrics_add(vl_metrics *metrics, uint32_t operation, uint64_t calls, uint64_t errors, uint64_t bytes)
{
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT) return;
    uint32_t index = shard_index();
    operation_counts *counts = &metrics->shards[index].operations[operation];
    add(&counts->calls, calls, index);
    add(&counts->errors, errors, index);
    add(&counts->bytes, bytes, index);
}

void vl_metrics_record(vl_metrics *metrics, uint32_t operation, uint64_t ns)
{
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT) return;
    uint32_t index = shard_index();
    add(&metrics->shards[index].operations[operation].calls, 1, index);
    if (metrics->mode != VEIL_METRICS_OFF) vl_histogram_record(&metrics->latency[operation], ns);
}

void vl_metrics_count(vl_metrics *metrics, vl_counter counter, uint64_t amount)
{
    if (metrics == NULL || (uint32_t)counter >= VL_COUNT_END) return;
    uint32_t index = shard_index();
    add(&metrics->shards[index].counters[counter], amount, index);
}

uint64_t vl_metrics_read(const vl_metrics *metrics, vl_counter counter)
{
    if (metrics == NULL || (uint32_t)counter >= VL_COUNT_END) return 0;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < SHARDS; i++) {
        sum += atomic_load_explicit(&metrics->shards[i].counters[counter], memory_order_relaxed);
    }
    return sum;
}

void vl_metrics_operation(const vl_metrics *metrics, uint32_t operation, veil_operation_metrics *out)
{
    *out = (veil_operation_metrics){0};
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT) return;
    for (uint32_t i = 0; i < SHARDS; i++) {
        const operation_counts *counts = &metrics->shards[i].operations[operation];
        out->calls += atomic_load_explicit(&counts->calls, memory_order_relaxed);
        out->errors += atomic_load_explicit(&counts->errors, memory_order_relaxed);
        out->bytes += atomic_load_explicit(&counts->bytes, memory_order_relaxed);
    }
    const vl_histogram *latency = &metrics->latency[operation];
    out->samples = atomic_load_explicit(&latency->count, memory_order_relaxed);
    out->p50_ns = vl_histogram_quantile(latency, 0.5);
    out->p90_ns = vl_histogram_quantile(latency, 0.9);
    out->p99_ns = vl_histogram_quantile(latency, 0.99);
    out->p999_ns = vl_histogram_quantile(latency, 0.999);
    out->p9999_ns = vl_histogram_quantile(latency, 0.9999);
    out->max_ns = atomic_load_explicit(&latency->max, memory_order_relaxed);
}

uint64_t vl_metrics_sum_ns(const vl_metrics *metrics, uint32_t operation)
{
    if (metrics == NULL || operation >= VEIL_METRIC_COUNT) return 0;
    return atomic_load_explicit(&metrics->latency[operation].sum, memory_order_relaxed);
}

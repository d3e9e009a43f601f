/*
 * Counters and latency histograms of one sanitizer. Counters are exact and sharded by thread slot, so that threads do not
 * share cache lines; latencies are sampled (1 call in 64 unless configured).
 */
#ifndef VL_CORE_METRICS_H
#define VL_CORE_METRICS_H

#include "core/alloc.h"

typedef struct vl_metrics vl_metrics;

typedef enum vl_counter {
    VL_COUNT_CACHE_NEAR,
    VL_COUNT_FINDINGS,
    VL_COUNT_REJECTED,
    VL_COUNT_EXPIRED,
    VL_COUNT_END
} vl_counter;

/** mode VEIL_METRICS_*. */
veil_status vl_metrics_create(const vl_allocator *allocator, uint32_t mode, vl_metrics **out);
void vl_metrics_destroy(vl_metrics *metrics);

/** Begin a call: returns a start time when this call is to be timed, else 0. `operation` VEIL_METRIC_*. */
uint64_t vl_metrics_begin(vl_metrics *metrics, uint32_t operation);

/** End it: counts the call, its bytes, its failure, and records the latency when `begin` is not 0. */
void vl_metrics_end(vl_metrics *metrics, uint32_t operation, uint64_t begin, uint64_t bytes, veil_status status);

/** Count several calls at once, none of them timed: what a batch adds per run of items. */
void vl_metrics_add(vl_metrics *metrics, uint32_t operation, uint64_t calls, uint64_t errors, uint64_t bytes);

/** Record a latency that was measured elsewhere (job wait). */
void vl_metrics_record(vl_metrics *metrics, uint32_t operation, uint64_t ns);

void vl_metrics_count(vl_metrics *metrics, vl_counter counter, uint64_t amount);
uint64_t vl_metrics_read(const vl_metrics *metrics, vl_counter counter);
void vl_metrics_operation(const vl_metrics *metrics, uint32_t operation, veil_operation_metrics *out);
/** Nanoseconds of all calls that were timed. */
uint64_t vl_metrics_sum_ns(const vl_metrics *metrics, uint32_t operation);

#endif

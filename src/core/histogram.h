/*
 * Log-linear latency histograms: 32 linear steps per power of two, so a quantile is off by at most 1/32. Recording is one
 * relaxed atomic add; histograms merge by addition.
 */
#ifndef VL_CORE_HISTOGRAM_H
#define VL_CORE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

#define VL_HISTOGRAM_BUCKETS 1216 /* values up to 2^42 ns (73 minutes); larger ones count in the last */

typedef struct vl_histogram {
    _Atomic uint64_t buckets[VL_HISTOGRAM_BUCKETS];
    _Atomic uint64_t count;
    _Atomic uint64_t sum; /* of the recorded values; wraps after 584 years of nanoseconds */
    _Atomic uint64_t max;
} vl_histogram;

void vl_histogram_clear(vl_histogram *histogram);
void vl_histogram_record(vl_histogram *histogram, uint64_t value);
void vl_histogram_merge(vl_histogram *into, const vl_histogram *from);
/** Smallest recorded bucket bound at or above quantile q (0 to 1); 0 when empty. Never more than the maximum. */
uint64_t vl_histogram_quantile(const vl_histogram *histogram, double q);

#endif

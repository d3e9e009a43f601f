/*
 * What every engine is given at creation: the services of one sanitizer. Owned by src/api; outlives the engines.
 */
#ifndef VL_CORE_RUNTIME_H
#define VL_CORE_RUNTIME_H

#include "core/alloc.h"
#include "core/cpu.h"
#include "core/error.h"
#include "core/hash.h"
#include "core/metrics.h"
#include "core/pool.h"

typedef struct vl_runtime {
    vl_allocator allocator;
    const vl_kernels *kernels;
    vl_metrics *metrics;
    vl_pool *pool; /* work buffers that may hold input */
    vl_crypto *crypto;
    const uint8_t *hash_secret; /* VL_HASH_SECRET_BYTES random bytes of this sanitizer, in secret pages */
    veil_log_fn log;            /* or NULL */
    void *log_user;
} vl_runtime;

/** Log one line when the host wants it. Same rule as vl_error_set: no input bytes. */
void vl_log(const vl_runtime *runtime, uint32_t level, const char *format, ...) VL_PRINTF(3, 4);

#endif

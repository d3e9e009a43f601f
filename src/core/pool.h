/*
 * Buffer pool: fixed size classes, reserved with mmap and touched at creation, 64-byte aligned, lock-free hand-out, wiped
 * on return, kept out of core dumps (MADV_DONTDUMP), locked in memory where the limit allows (mlock). Holds everything that
 * may contain input: work buffers of all engines.
 */
#ifndef VL_CORE_POOL_H
#define VL_CORE_POOL_H

#include "core/alloc.h"

typedef struct vl_pool vl_pool;

typedef struct vl_pool_class {
    size_t buffer_bytes;   /* rounded up to 64 */
    uint32_t buffer_count; /* preallocated */
} vl_pool_class;

typedef struct vl_pool_stats {
    uint64_t reserved_bytes;
    uint64_t grown; /* times a buffer had to be made after creation */
    uint64_t busy;  /* times a request was refused */
    uint32_t in_use;
    uint32_t is_locked; /* 1: mlock succeeded for all of it */
} vl_pool_stats;

/** policy VEIL_POOL_*. Classes ascending by size, at most 16. */
veil_status vl_pool_create(const vl_allocator *allocator, const vl_pool_class *classes, size_t class_count,
                           uint32_t policy, vl_pool **out);
/** Every buffer must have been returned. */
void vl_pool_destroy(vl_pool *pool);

/**
 * A buffer of at least `size_bytes`, zeroed. From the smallest class that fits and has one free, then larger ones; then by
 * policy BUSY, or a new mapping (also for sizes above the largest class).
 * @return VEIL_OK, VEIL_ERR_BUSY, VEIL_ERR_LIMIT (policy BUSY: larger than the largest class), VEIL_ERR_NO_MEMORY
 */
veil_status vl_pool_take(vl_pool *pool, size_t size_bytes, void **out);

/** Bytes of a buffer of the largest class. */
size_t vl_pool_largest(const vl_pool *pool);

/** Wipe the first `used_bytes` (or all: SIZE_MAX) and return it. NULL is accepted. */
void vl_pool_give(vl_pool *pool, void *buffer, size_t used_bytes);

void vl_pool_stats_read(const vl_pool *pool, vl_pool_stats *stats);

/** Pages for one long-lived secret-holding object (a workspace): mmap, DONTDUMP, mlock where allowed, touched. */
void *vl_secret_pages(size_t size_bytes);
void vl_secret_pages_free(void *pages, size_t size_bytes);

#endif

/*
 * Sharded result cache with constant-size entries. Keys are 128-bit hashes made under a per-process secret with size,
 * format, tenant and configuration mixed in by the caller; values are opaque bytes (regions, tile statistics), never text
 * or pictures. Set-associative, fixed memory; entries live in secret pages. A lookup copies the value out. Each shard has a
 * short mutex; no lock is held across work.
 */
#ifndef VL_CORE_CACHE_H
#define VL_CORE_CACHE_H

#include <stdbool.h>

#include "core/hash.h"

typedef struct vl_cache vl_cache;

typedef struct vl_cache_stats {
    uint64_t hits;
    uint64_t misses;
    uint64_t evictions;
} vl_cache_stats;

/** Entries are rounded up to a power of two. value_bytes is the fixed size of every value. */
veil_status vl_cache_create(const vl_allocator *allocator, uint32_t entry_count, size_t value_bytes, vl_cache **out);
void vl_cache_destroy(vl_cache *cache);

/** True and the value copied to `value` (value_bytes), or false. All 128 bits of the key are compared. */
bool vl_cache_get(vl_cache *cache, vl_hash128 key, void *value);

/** Insert or replace; evicts the least recently used entry of the set. */
void vl_cache_put(vl_cache *cache, vl_hash128 key, const void *value);

void vl_cache_stats_read(const vl_cache *cache, vl_cache_stats *stats);

/** In a forked child, before any other call: forget all entries (their keys' secret is renewed) and free the locks. */
void vl_cache_after_fork(vl_cache *cache);

#endif

/*
 * Sharded set-associative cache. A set is 8 ways: keys and ages side by side (what a lookup reads), values behind them.
 *
 *   shard: mutex, clock, counts | set: tag tag .. tag | set ... || values: value value ...
 *
 * A shard's mutex guards its clock, counts, tags and values, and is held only for the compare and one copy. Age 0 marks an
 * empty way, so every 128-bit key is valid. Everything lives in one mapping of secret pages.
 */
#include "core/cache.h"

#include <pthread.h>
#include <string.h>

#include "core/pages.h"

#define WAYS       8u
#define SHARDS_MAX 64u
#define LINE_BYTES 64u

typedef struct tag {
    vl_hash128 key;
    uint64_t age; /* shard clock at the last use; 0: empty */
} tag;

typedef struct shard {
    _Alignas(LINE_BYTES) pthread_mutex_t lock;
    uint64_t clock;
    vl_cache_stats stats;
} shard;

struct vl_cache {
    vl_allocator allocator;
    size_t total_bytes;
    size_t value_bytes;
    size_t value_stride;
    uint32_t ways;        /* of a set: WAYS, or fewer when the whole cache is smaller */
    uint32_t shard_count; /* powers of two */
    uint32_t sets_per_shard;
    shard *shards;
    tag *tags;    /* [shard][set][way] */
    char *values; /* as tags */
};

static uint32_t round_up_pow2(uint32_t n)
{
    return n <= 1 ? 1 : 1u << (32 - (uint32_t)__builtin_clz(n - 1));
}

/* Lays out the one mapping: cache | shards | tags | values. 0 when a size overflows. */
static size_t layout(vl_cache *plan, uint32_t entries, size_t value_bytes, size_t offsets[3])
{
    plan->ways = entries < WAYS ? entries : WAYS;
    uint32_t sets = entries / plan->ways;
    plan->shard_count = sets < SHARDS_MAX ? sets : SHARDS_MAX;
    plan->sets_per_shard = sets / plan->shard_count;
    plan->value_bytes = value_bytes;
    if (__builtin_add_overflow(value_bytes, 7u, &plan->value_stride)) return 0;
    plan->value_stride &= ~(size_t)7;
    offsets[0] = (sizeof(vl_cache) + LINE_BYTES - 1) & ~(size_t)(LINE_BYTES - 1);
    offsets[1] = offsets[0] + plan->shard_count * sizeof(shard);
    offsets[2] = offsets[1] + entries * sizeof(tag);
    size_t values;
    if (__builtin_mul_overflow(plan->value_stride, entries, &values)) return 0;
    if (__builtin_add_overflow(values, offsets[2], &plan->total_bytes)) return 0;
    return plan->total_bytes;
}

static bool locks_init(vl_cache *cache)
{
    for (uint32_t i = 0; i < cache->shard_count; i++) {
        if (pthread_mutex_init(&cache->shards[i].lock, NULL) == 0) continue;
        while (i-- > 0)
            (void)pthread_mutex_destroy(&cache->shards[i].lock);
        return false;
    }
    return true;
}

veil_status vl_cache_create(const vl_allocator *allocator, uint32_t entry_count, size_t value_bytes, vl_cache **out)
{
    *out = NULL;
    if (entry_count == 0 || entry_count > 1u << 31 || value_bytes == 0) return VEIL_ERR_INVALID_ARGUMENT;
    vl_cache plan = {0};
    size_t offsets[3];
    if (layout(&plan, round_up_pow2(entry_count), value_bytes, offsets) == 0) return VEIL_ERR_NO_MEMORY;
    char *base = vl_pages_map(plan.total_bytes, NULL);
    if (base == NULL) return VEIL_ERR_NO_MEMORY;
    vl_cache *cache = (vl_cache *)(void *)base;
    *cache = plan;
    cache->allocator = *allocator;
    cache->shards = (shard *)(void *)(base + offsets[0]);
    cache->tags = (tag *)(void *)(base + offsets[1]);
    cache->values = base + offsets[2];
    if (!locks_init(cache)) {
        vl_pages_unmap(base, plan.total_bytes);
        return VEIL_ERR_NO_MEMORY;
    }
    *out = cache;
    return VEIL_OK;
}

void vl_cache_destroy(vl_cache *cache)
{
    if (cache == NULL) return;
    for (uint32_t i = 0; i < cache->shard_count; i++) {
        (void)pthread_mutex_destroy(&cache->shards[i].lock);
    }
    vl_pages_unmap(cache, cache->total_bytes);
}

/* The two halves of the key choose shard and set; all of it is compared later. */
static shard *shard_of(vl_cache *cache, vl_hash128 key, size_t *first_way)
{
    size_t index = key.high & (cache->shard_count - 1);
    size_t set = key.low & (cache->sets_per_shard - 1);
    *first_way = (index * cache->sets_per_shard + set) * cache->ways;
    return &cache->shards[index];
}

static tag *find(vl_cache *cache, size_t first_way, vl_hash128 key)
{
    for (tag *way = cache->tags + first_way, *end = way + cache->ways; way < end; way++) {
        if (way->age != 0 && way->key.low == key.low && way->key.high == key.high) return way;
    }
    return NULL;
}

static char *value_of(vl_cache *cache, const tag *way)
{
    return cache->values + (size_t)(way - cache->tags) * cache->value_stride;
}

bool vl_cache_get(vl_cache *cache, vl_hash128 key, void *value)
{
    size_t first_way;
    shard *home = shard_of(cache, key, &first_way);
    (void)pthread_mutex_lock(&home->lock);
    tag *way = find(cache, first_way, key);
    if (way != NULL) {
        way->age = ++home->clock;
        memcpy(value, value_of(cache, way), cache->value_bytes);
        home->stats.hits++;
    } else {
        home->stats.misses++;
    }
    (void)pthread_mutex_unlock(&home->lock);
    return way != NULL;
}

static tag *oldest(vl_cache *cache, size_t first_way)
{
    tag *best = cache->tags + first_way;
    for (tag *way = best + 1, *end = best + cache->ways; way < end; way++) {
        if (way->age < best->age) best = way;
    }
    return best;
}

void vl_cache_put(vl_cache *cache, vl_hash128 key, const void *value)
{
    size_t first_way;
    shard *home = shard_of(cache, key, &first_way);
    (void)pthread_mutex_lock(&home->lock);
    tag *way = find(cache, first_way, key);
    if (way == NULL) {
        way = oldest(cache, first_way);
        if (way->age != 0) home->stats.evictions++;
    }
    way->key = key;
    way->age = ++home->clock;
    memcpy(value_of(cache, way), value, cache->value_bytes);
    (void)pthread_mutex_unlock(&home->lock);
}

void vl_cache_stats_read(const vl_cache *cache, vl_cache_stats *stats)
{
    *stats = (vl_cache_stats){0};
    for (uint32_t i = 0; i < cache->shard_count; i++) {
        shard *part = &cache->shards[i];
        (void)pthread_mutex_lock(&part->lock);
        stats->hits += part->stats.hits;
        stats->misses += part->stats.misses;
        stats->evictions += part->stats.evictions;
        (void)pthread_mutex_unlock(&part->lock);
    }
}

void vl_cache_after_fork(vl_cache *cache)
{
    if (cache == NULL) return;
    size_t entries = (size_t)cache->shard_count * cache->sets_per_shard * cache->ways;
    vl_wipe(cache->tags, entries * sizeof(tag));
    vl_wipe(cache->values, entries * cache->value_stride);
    for (uint32_t i = 0; i < cache->shard_count; i++) { /* a thread that is gone may have held it */
        (void)pthread_mutex_init(&cache->shards[i].lock, NULL);
    }
}

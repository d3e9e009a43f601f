/*
 * Two tables of core's cache: `index` maps a keyed hash of a quarter of the perceptual hash to the key of an entry, so that
 * pictures whose hashes differ in a few bits still meet in one quarter; `entries` holds fingerprint and faces. Hash bits
 * never leave this file but as input of a keyed hash.
 */
#include "image/near_cache.h"

#include <string.h>

#define BANDS         4u
#define BAND_BITS     16u
#define HAMMING_MAX   10u
#define ENTRIES_BYTES (8u << 20)

typedef struct near_entry {
    uint64_t phash;
    uint32_t tile_columns;
    uint32_t tile_rows;
    vl_cached_faces faces;
    int16_t tiles[];
} near_entry;

struct vl_near_cache {
    vl_fingerprint_key key; /* first: aligned */
    const vl_runtime *runtime;
    vl_cache *index;
    vl_cache *entries;
    size_t entry_bytes;
};

struct vl_near_scratch {
    vl_fingerprint_scratch work; /* first: aligned */
    size_t page_bytes;
    size_t entry_bytes;
    vl_fingerprint taken;
    near_entry *entry; /* into these pages, as are taken.tiles */
};

static size_t entry_bytes_of(uint32_t input_width, uint32_t input_height)
{
    return sizeof(near_entry) + vl_tile_count(input_width, input_height) * VL_TILE_VALUES * sizeof(int16_t);
}

/* The cache rounds up to powers of two; so the largest one that keeps to the limit. */
static uint32_t entries_that_fit(uint32_t wanted, size_t entry_bytes)
{
    uint32_t count = 1;

    while (count * 2 <= wanted && (size_t)count * 2 * entry_bytes <= ENTRIES_BYTES)
        count *= 2;
    return count;
}

veil_status vl_near_cache_create(const vl_runtime *runtime, uint32_t entry_count, uint32_t input_width,
                                 uint32_t input_height, vl_near_cache **out)
{
    const size_t entry_bytes = entry_bytes_of(input_width, input_height);
    const uint32_t count = entries_that_fit(entry_count, entry_bytes);
    vl_near_cache *cache = vl_secret_pages(sizeof *cache);
    veil_status status;

    *out = NULL;
    if (cache == NULL) return VEIL_ERR_NO_MEMORY;
    cache->runtime = runtime;
    cache->entry_bytes = entry_bytes;
    vl_fingerprint_key_make(runtime->hash_secret, &cache->key);
    status = vl_cache_create(&runtime->allocator, count * BANDS, sizeof(vl_hash128), &cache->index);
    if (status == VEIL_OK) status = vl_cache_create(&runtime->allocator, count, entry_bytes, &cache->entries);
    if (status != VEIL_OK)
        vl_near_cache_destroy(cache);
    else
        *out = cache;
    return status;
}

void vl_near_cache_destroy(vl_near_cache *cache)
{
    if (cache == NULL) return;
    vl_cache_destroy(cache->index);
    vl_cache_destroy(cache->entries);
    vl_secret_pages_free(cache, sizeof *cache);
}

void vl_near_cache_after_fork(vl_near_cache *cache)
{
    vl_cache_after_fork(cache->index);
    vl_cache_after_fork(cache->entries);
    vl_fingerprint_key_make(cache->runtime->hash_secret, &cache->key);
}

vl_near_scratch *vl_near_scratch_create(uint32_t input_width, uint32_t input_height)
{
    const size_t entry_bytes = (entry_bytes_of(input_width, input_height) + 63) & ~(size_t)63;
    const size_t tile_bytes = vl_tile_count(input_width, input_height) * VL_TILE_VALUES * sizeof(int16_t);
    const size_t page_bytes = sizeof(vl_near_scratch) + entry_bytes + tile_bytes;
    vl_near_scratch *scratch = vl_secret_pages(page_bytes);

    if (scratch == NULL) return NULL;
    scratch->page_bytes = page_bytes;
    scratch->entry_bytes = entry_bytes;
    scratch->entry = (near_entry *)(scratch + 1);
    scratch->taken.tiles = (int16_t *)((uint8_t *)(scratch + 1) + entry_bytes);
    return scratch;
}

void vl_near_scratch_destroy(vl_near_scratch *scratch)
{
    if (scratch != NULL) vl_secret_pages_free(scratch, scratch->page_bytes);
}

void vl_near_scratch_wipe(vl_near_scratch *scratch)
{
    const size_t rest = scratch->page_bytes - sizeof *scratch;

    vl_wipe(&scratch->work, sizeof scratch->work);
    vl_wipe(scratch->entry, rest); /* and the tiles behind it */
    scratch->taken.phash = 0;
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

typedef struct near_key {
    vl_picture_head head;
    uint64_t band; /* BANDS stands for the whole hash */
    uint64_t bits;
} near_key;

static vl_hash128 key_of(const vl_near_cache *cache, const vl_picture_head *head, uint64_t phash, uint32_t band)
{
    near_key key = {.head = *head, .band = band, .bits = phash};

    if (band < BANDS) key.bits = phash >> (band * BAND_BITS) & ((1u << BAND_BITS) - 1);
    return vl_hash_keyed(cache->runtime->hash_secret, &key, sizeof key);
}

/* ---- Looking up and remembering ---------------------------------------------------------------------------------- */

static bool is_near(const near_entry *entry, const vl_fingerprint *taken)
{
    const vl_fingerprint stored = {entry->phash, entry->tile_columns, entry->tile_rows, (int16_t *)entry->tiles};

    return (uint32_t)__builtin_popcountll(stored.phash ^ taken->phash) <= HAMMING_MAX &&
           vl_fingerprint_is_same(&stored, taken);
}

bool vl_near_cache_get(vl_near_cache *cache, vl_near_scratch *scratch, const vl_picture_head *head,
                       const vl_letterbox *box, const float *planes, vl_cached_faces *faces)
{
    vl_hash128 seen = {0, 0};

    vl_fingerprint_take(&cache->key, box, planes, &scratch->work, &scratch->taken);
    for (uint32_t band = 0; band < BANDS; band++) {
        vl_hash128 entry_key;

        if (!vl_cache_get(cache->index, key_of(cache, head, scratch->taken.phash, band), &entry_key)) continue;
        if (entry_key.low == seen.low && entry_key.high == seen.high) continue;
        seen = entry_key;
        if (!vl_cache_get(cache->entries, entry_key, scratch->entry)) continue;
        if (!is_near(scratch->entry, &scratch->taken)) continue;
        *faces = scratch->entry->faces;
        return true;
    }
    return false;
}

void vl_near_cache_put(vl_near_cache *cache, vl_near_scratch *scratch, const vl_picture_head *head,
                       const vl_cached_faces *faces)
{
    const vl_fingerprint *taken = &scratch->taken;
    const vl_hash128 entry_key = key_of(cache, head, taken->phash, BANDS);
    const size_t tile_bytes = (size_t)taken->tile_columns * taken->tile_rows * VL_TILE_VALUES * sizeof *taken->tiles;

    memset(scratch->entry, 0, scratch->entry_bytes);
    scratch->entry->phash = taken->phash;
    scratch->entry->tile_columns = taken->tile_columns;
    scratch->entry->tile_rows = taken->tile_rows;
    scratch->entry->faces = *faces;
    memcpy(scratch->entry->tiles, taken->tiles, tile_bytes);
    vl_cache_put(cache->entries, entry_key, scratch->entry);
    for (uint32_t band = 0; band < BANDS; band++)
        vl_cache_put(cache->index, key_of(cache, head, taken->phash, band), &entry_key);
}

/* Cache: hits, misses, LRU in the set, full key compare, exact counts, many threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/cache.h"
#include "support/malloc_count.h"

static void values_come_back(void **state)
{
    (void)state;
    vl_cache *cache;
    char value[13];
    vl_cache_stats stats;
    assert_int_equal(vl_cache_create(&vl_allocator_default, 100, sizeof value, &cache), VEIL_OK);
    memset(value, 'x', sizeof value);
    assert_false(vl_cache_get(cache, (vl_hash128){0, 0}, value)); /* empty, even for the all-zero key */
    assert_int_equal(value[0], 'x');
    vl_cache_put(cache, (vl_hash128){0, 0}, "twelve chars");
    vl_cache_put(cache, (vl_hash128){7, 9}, "other  value");
    assert_true(vl_cache_get(cache, (vl_hash128){0, 0}, value));
    assert_string_equal(value, "twelve chars");
    vl_cache_put(cache, (vl_hash128){0, 0}, "replaced one");
    assert_true(vl_cache_get(cache, (vl_hash128){0, 0}, value));
    assert_string_equal(value, "replaced one");
    assert_true(vl_cache_get(cache, (vl_hash128){7, 9}, value));
    assert_string_equal(value, "other  value");
    vl_cache_stats_read(cache, &stats);
    assert_int_equal(stats.hits, 3);
    assert_int_equal(stats.misses, 1);
    assert_int_equal(stats.evictions, 0);
    vl_cache_destroy(cache);
    vl_cache_destroy(NULL);
}

static void all_128_bits_are_compared(void **state)
{
    (void)state;
    vl_cache *cache;
    uint64_t value = 1;
    vl_hash128 key = {0x0123456789ABCDEFull, 0xFEDCBA9876543210ull};
    assert_int_equal(vl_cache_create(&vl_allocator_default, 4096, sizeof value, &cache), VEIL_OK);
    vl_cache_put(cache, key, &value);
    for (int bit = 0; bit < 64; bit++) {
        assert_false(vl_cache_get(cache, (vl_hash128){key.low ^ 1ull << bit, key.high}, &value));
        assert_false(vl_cache_get(cache, (vl_hash128){key.low, key.high ^ 1ull << bit}, &value));
    }
    assert_true(vl_cache_get(cache, key, &value));
    vl_cache_destroy(cache);
}

static void the_least_recently_used_goes(void **state)
{
    (void)state;
    vl_cache *cache;
    uint64_t value;
    vl_cache_stats stats;
    assert_int_equal(vl_cache_create(&vl_allocator_default, 8, sizeof value, &cache), VEIL_OK); /* one set */
    for (uint64_t i = 0; i < 8; i++)
        vl_cache_put(cache, (vl_hash128){i, ~i}, &i);
    assert_true(vl_cache_get(cache, (vl_hash128){0, ~0ull}, &value));
    value = 100;
    vl_cache_put(cache, (vl_hash128){100, 100}, &value); /* evicts 1, as 0 was used again */
    assert_false(vl_cache_get(cache, (vl_hash128){1, ~1ull}, &value));
    assert_true(vl_cache_get(cache, (vl_hash128){0, ~0ull}, &value));
    assert_true(vl_cache_get(cache, (vl_hash128){2, ~2ull}, &value));
    assert_int_equal(value, 2);
    vl_cache_stats_read(cache, &stats);
    assert_int_equal(stats.evictions, 1);
    vl_cache_destroy(cache);
}

static void odd_sizes_work(void **state)
{
    (void)state;
    static const uint32_t entries[] = {1, 2, 3, 7, 8, 9, 500, 513};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        for (size_t bytes = 1; bytes < 40; bytes += 13) {
            vl_cache *cache;
            char value[64] = {0};
            assert_int_equal(vl_cache_create(&vl_allocator_default, entries[i], bytes, &cache), VEIL_OK);
            for (uint64_t k = 0; k < 1000; k++) {
                vl_hash128 key = {k * 0x9E3779B97F4A7C15ull, k * 0xC2B2AE3D27D4EB4Full};
                memset(value, (int)(k & 0x7F), bytes);
                vl_cache_put(cache, key, value);
                memset(value, 0, bytes);
                assert_true(vl_cache_get(cache, key, value));
                assert_int_equal(value[bytes - 1], (int)(k & 0x7F));
            }
            vl_cache_destroy(cache);
        }
    }
}

static void bad_sizes_are_refused(void **state)
{
    (void)state;
    vl_cache *cache;
    assert_int_equal(vl_cache_create(&vl_allocator_default, 0, 8, &cache), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_cache_create(&vl_allocator_default, 8, 0, &cache), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_cache_create(&vl_allocator_default, UINT32_MAX, 8, &cache), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_cache_create(&vl_allocator_default, 64, SIZE_MAX / 8, &cache), VEIL_ERR_NO_MEMORY);
    assert_int_equal(vl_cache_create(&vl_allocator_default, 64, SIZE_MAX, &cache), VEIL_ERR_NO_MEMORY);
    assert_null(cache);
}

static void nothing_is_allocated_after_creation(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    vl_cache *cache;
    uint64_t value = 0;
    malloc_counts start = malloc_count_read();
    malloc_count_fail_at(1);
    veil_status status = vl_cache_create(&vl_allocator_default, 64, sizeof value, &cache);
    assert_true(malloc_count_fail_done());
    assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    assert_null(cache);
    assert_int_equal(vl_cache_create(&vl_allocator_default, 64, sizeof value, &cache), VEIL_OK);
    malloc_counts before = malloc_count_read();
    for (uint64_t i = 0; i < 1000; i++) {
        vl_cache_put(cache, (vl_hash128){i, i * 3}, &i);
        (void)vl_cache_get(cache, (vl_hash128){i / 2, i / 2 * 3}, &value);
    }
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(change.allocations + change.maps, 0);
    vl_cache_destroy(cache);
    assert_int_equal(malloc_count_since(start).live_maps, 0);
}

static void after_fork_it_is_empty(void **state)
{
    (void)state;
    vl_cache *cache;
    uint64_t value = 5;
    assert_int_equal(vl_cache_create(&vl_allocator_default, 64, sizeof value, &cache), VEIL_OK);
    vl_cache_put(cache, (vl_hash128){1, 2}, &value);
    vl_cache_after_fork(cache);
    assert_false(vl_cache_get(cache, (vl_hash128){1, 2}, &value));
    vl_cache_put(cache, (vl_hash128){1, 2}, &value);
    assert_true(vl_cache_get(cache, (vl_hash128){1, 2}, &value));
    vl_cache_after_fork(NULL);
    vl_cache_destroy(cache);
}

#define THREADS 4
#define ROUNDS  20000

typedef struct contest {
    vl_cache *cache;
    _Atomic uint64_t lookups;
    _Atomic uint64_t hits;
    _Atomic uint32_t torn;
} contest;

static void *compete(void *argument)
{
    contest *shared = argument;
    uint64_t seed = (uint64_t)(uintptr_t)&seed;
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        uint64_t k = seed >> 56;
        vl_hash128 key = {k * 0x9E3779B97F4A7C15ull, k << 3};
        uint64_t value[6];
        atomic_fetch_add(&shared->lookups, 1);
        if (vl_cache_get(shared->cache, key, value)) {
            atomic_fetch_add(&shared->hits, 1);
            for (int j = 0; j < 6; j++)
                if (value[j] != k) atomic_fetch_add(&shared->torn, 1);
        } else {
            for (int j = 0; j < 6; j++)
                value[j] = k;
            vl_cache_put(shared->cache, key, value);
        }
    }
    return NULL;
}

static void threads_see_whole_values_and_exact_counts(void **state)
{
    (void)state;
    contest shared = {0};
    pthread_t threads[THREADS];
    vl_cache_stats stats;
    assert_int_equal(vl_cache_create(&vl_allocator_default, 128, 48, &shared.cache), VEIL_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, compete, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    vl_cache_stats_read(shared.cache, &stats);
    assert_int_equal(shared.torn, 0);
    assert_int_equal(stats.hits, shared.hits);
    assert_int_equal(stats.hits + stats.misses, shared.lookups);
    assert_true(stats.hits > 0 && stats.evictions > 0);
    vl_cache_destroy(shared.cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(all_128_bits_are_compared),
        cmocka_unit_test(the_least_recently_used_goes),
        cmocka_unit_test(odd_sizes_work),
        cmocka_unit_test(bad_sizes_are_refused),
        cmocka_unit_test(nothing_is_allocated_after_creation),
        cmocka_unit_test(after_fork_it_is_empty),
        cmocka_unit_test(threads_see_whole_values_and_exact_counts),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}

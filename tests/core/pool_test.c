/* Pools: sizes, alignment, zeros, wiping, dump exclusion, growth and BUSY; failing every allocation and mapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/pool.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

static const vl_pool_class two_classes[] = {{1000, 3}, {70000, 2}};

static bool is_zero(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != 0) return false;
    }
    return true;
}

static void buffers_are_aligned_zeroed_and_disjoint(void **state)
{
    (void)state;
    vl_pool *pool;
    void *buffers[5];
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 2, VEIL_POOL_BUSY, &pool), VEIL_OK);
    for (int i = 0; i < 5; i++) {
        size_t size = i < 3 ? 1024 : 70000; /* 1000 is rounded up to 1024 */
        assert_int_equal(vl_pool_take(pool, size, &buffers[i]), VEIL_OK);
        assert_int_equal((uintptr_t)buffers[i] % 64, 0);
        assert_true(is_zero(buffers[i], size));
        memset(buffers[i], 0x11 * (i + 1), size);
    }
    for (int i = 0; i < 5; i++) {
        const uint8_t *bytes = buffers[i];
        size_t size = i < 3 ? 1024 : 70000;
        assert_int_equal(bytes[0], 0x11 * (i + 1));
        assert_int_equal(bytes[size - 1], 0x11 * (i + 1));
        vl_pool_give(pool, buffers[i], SIZE_MAX);
        assert_true(is_zero(buffers[i], size)); /* wiped on return: the mapping is still there to look at */
    }
    vl_pool_give(pool, NULL, 5);
    vl_pool_destroy(pool);
}

static void only_used_bytes_are_wiped(void **state)
{
    (void)state;
    vl_pool *pool;
    void *buffer;
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 1000, &buffer), VEIL_OK);
    memset(buffer, 0xEE, 300);
    vl_pool_give(pool, buffer, 300);
    assert_true(is_zero(buffer, 1024));
    vl_pool_destroy(pool);
}

static void a_larger_class_helps_out_then_busy(void **state)
{
    (void)state;
    vl_pool *pool;
    void *buffers[6];
    vl_pool_stats stats;
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 2, VEIL_POOL_BUSY, &pool), VEIL_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(vl_pool_take(pool, 10, &buffers[i]), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 10, &buffers[5]), VEIL_ERR_BUSY);
    assert_null(buffers[5]);
    assert_int_equal(vl_pool_take(pool, vl_pool_largest(pool), &buffers[5]), VEIL_ERR_BUSY);
    assert_int_equal(vl_pool_take(pool, vl_pool_largest(pool) + 1, &buffers[5]), VEIL_ERR_LIMIT); /* now and for ever */
    assert_null(buffers[5]);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.busy, 2);
    assert_int_equal(stats.in_use, 5);
    assert_int_equal(stats.grown, 0);
    vl_pool_give(pool, buffers[2], 10);
    assert_int_equal(vl_pool_take(pool, 10, &buffers[5]), VEIL_OK);
    assert_ptr_equal(buffers[5], buffers[2]);
    vl_pool_give(pool, buffers[2], 10);
    for (int i = 0; i < 5; i++)
        if (i != 2) vl_pool_give(pool, buffers[i], 10);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.in_use, 0);
    vl_pool_destroy(pool);
}

static void growth_is_kept_oversize_is_not(void **state)
{
    (void)state;
    vl_pool *pool;
    void *buffers[4];
    void *huge;
    vl_pool_stats before;
    vl_pool_stats stats;
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 1, VEIL_POOL_GROW, &pool), VEIL_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(vl_pool_take(pool, 1000, &buffers[i]), VEIL_OK);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.grown, 1);
    assert_int_equal((uintptr_t)buffers[3] % 64, 0);
    memset(buffers[3], 0xCC, 1024);
    for (int i = 0; i < 4; i++)
        vl_pool_give(pool, buffers[i], SIZE_MAX);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(vl_pool_take(pool, 1000, &buffers[i]), VEIL_OK);
        assert_true(is_zero(buffers[i], 1024));
    }
    vl_pool_stats_read(pool, &before);
    assert_int_equal(before.grown, 1); /* the fourth buffer was there already */
    assert_int_equal(vl_pool_take(pool, 1 << 20, &huge), VEIL_OK);
    assert_true(is_zero(huge, 1 << 20));
    vl_pool_stats_read(pool, &stats);
    assert_true(stats.reserved_bytes >= before.reserved_bytes + (1 << 20));
    vl_pool_give(pool, huge, SIZE_MAX);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.reserved_bytes, before.reserved_bytes);
    for (int i = 0; i < 4; i++)
        vl_pool_give(pool, buffers[i], 0);
    assert_int_equal(vl_pool_take(pool, SIZE_MAX - 8, &huge), VEIL_ERR_NO_MEMORY);
    assert_int_equal(vl_pool_take(pool, SIZE_MAX / 4, &huge), VEIL_ERR_NO_MEMORY);
    vl_pool_destroy(pool);
}

static void a_foreign_pointer_is_not_followed(void **state)
{
    (void)state;
    vl_pool *pool;
    _Alignas(64) static uint8_t foreign[256];
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    foreign[128] = 7;
    vl_pool_give(pool, foreign + 128, SIZE_MAX);
    assert_int_equal(foreign[128], 7);
    vl_pool_destroy(pool);
}

/* Given twice, a buffer would be handed to two holders at once. */
static void a_second_give_is_ignored(void **state)
{
    (void)state;
    vl_pool *pool;
    vl_pool_stats stats;
    void *buffers[3];
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 2}, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &buffers[0]), VEIL_OK);
    vl_pool_give(pool, buffers[0], 64);
    vl_pool_give(pool, buffers[0], 64);
    assert_int_equal(vl_pool_take(pool, 64, &buffers[0]), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &buffers[1]), VEIL_OK);
    assert_ptr_not_equal(buffers[0], buffers[1]);
    assert_int_equal(vl_pool_take(pool, 64, &buffers[2]), VEIL_ERR_BUSY);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.in_use, 2);
    vl_pool_give(pool, buffers[0], 64);
    vl_pool_give(pool, buffers[1], 64);
    vl_pool_destroy(pool);
}

static void bad_classes_are_refused(void **state)
{
    (void)state;
    const vl_pool_class descending[] = {{2000, 1}, {1000, 1}};
    const vl_pool_class empty[] = {{0, 1}};
    const vl_pool_class none[] = {{64, 0}};
    const vl_pool_class absurd[] = {{SIZE_MAX / 2, 4}};
    vl_pool *pool;
    assert_int_equal(vl_pool_create(&vl_allocator_default, descending, 2, 0, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_pool_create(&vl_allocator_default, empty, 1, 0, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_pool_create(&vl_allocator_default, none, 1, 0, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_pool_create(&vl_allocator_default, absurd, 1, 0, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 17, 0, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 2, 9, &pool), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(pool);
}

/* The VmFlags line of the mapping that holds `address`; "dd" is "do not dump", "lo" locked (proc(5)). */
static bool mapping_has_flag(const void *address, const char *flag)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    bool is_inside = false;
    bool has_flag = false;
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long first;
        unsigned long last;
        if (sscanf(line, "%lx-%lx ", &first, &last) == 2) {
            is_inside = (uintptr_t)address >= first && (uintptr_t)address < last;
        } else if (is_inside && strncmp(line, "VmFlags:", 8) == 0) {
            has_flag = strstr(line, flag) != NULL;
            break;
        }
    }
    (void)fclose(maps);
    return has_flag;
}

static void pages_stay_out_of_core_dumps(void **state)
{
    (void)state;
    vl_pool *pool;
    void *buffer;
    void *grown;
    int on_stack = 0;
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 1}, 1, VEIL_POOL_GROW, &pool), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &buffer), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &grown), VEIL_OK);
    uint8_t *secret = vl_secret_pages(10000);
    assert_non_null(secret);
    assert_true(is_zero(secret, 10000));
    assert_true(mapping_has_flag(buffer, " dd"));
    assert_true(mapping_has_flag(grown, " dd"));
    assert_true(mapping_has_flag(secret, " dd"));
    assert_true(mapping_has_flag(secret + 9999, " dd"));
    assert_false(mapping_has_flag(&on_stack, " dd")); /* the reader of flags does not say yes to all */
    vl_pool_give(pool, buffer, 0);
    vl_pool_give(pool, grown, 0);
    vl_secret_pages_free(secret, 10000);
    vl_secret_pages_free(NULL, 10);
    assert_null(vl_secret_pages(0));
    assert_null(vl_secret_pages(SIZE_MAX));
    vl_pool_destroy(pool);
}

static void locking_is_reported_truthfully(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip(); /* sanitizers turn mlock into nothing and call it success */
    vl_pool *pool;
    void *buffer;
    vl_pool_stats stats;
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 1}, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &buffer), VEIL_OK);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.is_locked, mapping_has_flag(buffer, " lo"));
    vl_pool_give(pool, buffer, 0);
    vl_pool_destroy(pool);
}

static void every_failure_leaves_nothing_behind(void **state)
{
    (void)state;
    uint64_t n = 1;
    for (;; n++) {
        fail_alloc heap = {.fail_at = n};
        vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
        vl_pool *pool;
        veil_status status = vl_pool_create(&hooks, two_classes, 2, VEIL_POOL_GROW, &pool);
        if (status == VEIL_OK) vl_pool_destroy(pool);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) break;
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
        assert_null(pool);
    }
    assert_true(n >= 3);
    if (!malloc_count_works()) return;
    for (n = 1;; n++) { /* the same with mmap refused, too */
        vl_pool *pool;
        malloc_counts before = malloc_count_read();
        malloc_count_fail_at(n);
        veil_status status = vl_pool_create(&vl_allocator_default, two_classes, 2, VEIL_POOL_GROW, &pool);
        bool failed = malloc_count_fail_done();
        if (status == VEIL_OK) vl_pool_destroy(pool);
        malloc_counts change = malloc_count_since(before);
        assert_int_equal(change.live_blocks, 0);
        assert_int_equal(change.live_maps, 0);
        if (!failed) break;
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    }
    assert_true(n >= 5); /* heap three times, pages twice */
}

static void refused_growth_is_no_memory_and_recovers(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    vl_pool *pool;
    void *first;
    void *second;
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 1}, 1, VEIL_POOL_GROW, &pool), VEIL_OK);
    assert_int_equal(vl_pool_take(pool, 64, &first), VEIL_OK);
    malloc_count_fail_at(1);
    veil_status status = vl_pool_take(pool, 64, &second);
    assert_true(malloc_count_fail_done());
    assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    assert_null(second);
    assert_int_equal(vl_pool_take(pool, 64, &second), VEIL_OK);
    vl_pool_give(pool, first, 0);
    vl_pool_give(pool, second, 0);
    vl_pool_destroy(pool);
}

static void a_warm_pool_asks_for_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    vl_pool *pool;
    void *buffer;
    assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 2, VEIL_POOL_GROW, &pool), VEIL_OK);
    malloc_counts before = malloc_count_read();
    for (int i = 0; i < 1000; i++) {
        if (vl_pool_take(pool, (size_t)i * 70, &buffer) == VEIL_OK) vl_pool_give(pool, buffer, (size_t)i * 70);
    }
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(change.allocations, 0);
    assert_int_equal(change.maps, 0);
    vl_pool_destroy(pool);
}

#define THREADS 4
#define ROUNDS  3000

typedef struct contest {
    vl_pool *pool;
    _Atomic uint32_t violations;
} contest;

static void *compete(void *argument)
{
    contest *shared = argument;
    uint8_t mark = (uint8_t)((uintptr_t)&mark >> 8 | 1);
    for (int i = 0; i < ROUNDS; i++) {
        void *buffer;
        size_t size = i % 3 == 0 ? 60000 : 900;
        if (vl_pool_take(shared->pool, size, &buffer) != VEIL_OK) continue;
        uint8_t *bytes = buffer;
        if (bytes[0] != 0 || bytes[899] != 0) atomic_fetch_add(&shared->violations, 1);
        memset(bytes, mark, 900);
        if (bytes[450] != mark) atomic_fetch_add(&shared->violations, 1);
        vl_pool_give(shared->pool, buffer, 900);
    }
    return NULL;
}

static void threads_get_clean_buffers_of_their_own(void **state)
{
    (void)state;
    for (uint32_t policy = VEIL_POOL_GROW; policy <= VEIL_POOL_BUSY; policy++) {
        contest shared = {0};
        pthread_t threads[THREADS];
        vl_pool_stats stats;
        assert_int_equal(vl_pool_create(&vl_allocator_default, two_classes, 2, policy, &shared.pool), VEIL_OK);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, compete, &shared), 0);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        vl_pool_stats_read(shared.pool, &stats);
        assert_int_equal(shared.violations, 0);
        assert_int_equal(stats.in_use, 0);
        vl_pool_destroy(shared.pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_are_aligned_zeroed_and_disjoint),
        cmocka_unit_test(only_used_bytes_are_wiped),
        cmocka_unit_test(a_larger_class_helps_out_then_busy),
        cmocka_unit_test(growth_is_kept_oversize_is_not),
        cmocka_unit_test(a_foreign_pointer_is_not_followed),
        cmocka_unit_test(a_second_give_is_ignored),
        cmocka_unit_test(bad_classes_are_refused),
        cmocka_unit_test(pages_stay_out_of_core_dumps),
        cmocka_unit_test(locking_is_reported_truthfully),
        cmocka_unit_test(every_failure_leaves_nothing_behind),
        cmocka_unit_test(refused_growth_is_no_memory_and_recovers),
        cmocka_unit_test(a_warm_pool_asks_for_nothing),
        cmocka_unit_test(threads_get_clean_buffers_of_their_own),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}

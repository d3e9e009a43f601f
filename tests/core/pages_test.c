/* Secret pages when the kernel says no: without dump exclusion there are no pages; without locking they are touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/pages.h"
#include "core/pool.h"
#include "support/malloc_count.h"

static bool refuses_madvise;
static bool refuses_mlock;

__attribute__((visibility("default"))) int madvise(void *address, size_t size_bytes, int advice)
{
    if (refuses_madvise) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_madvise, address, size_bytes, advice);
}

__attribute__((visibility("default"))) int mlock(const void *address, size_t size_bytes)
{
    if (refuses_mlock) {
        errno = ENOMEM;
        return -1;
    }
    return (int)syscall(SYS_mlock, address, size_bytes);
}

static int back_to_normal(void **state)
{
    (void)state;
    refuses_madvise = false;
    refuses_mlock = false;
    return 0;
}

static void no_dump_exclusion_no_pages(void **state)
{
    (void)state;
    bool locked = true;
    vl_pool *pool;
    malloc_counts before = malloc_count_read();
    refuses_madvise = true;
    assert_null(vl_pages_map(5000, &locked));
    assert_false(locked);
    assert_null(vl_secret_pages(5000));
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 1}, 1, VEIL_POOL_GROW, &pool),
                     VEIL_ERR_NO_MEMORY);
    assert_null(pool);
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(change.live_maps, 0);
    assert_int_equal(change.live_blocks, 0);
}

static void unlocked_pages_are_resident_all_the_same(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char resident[16] = {0};
    bool locked = true;
    refuses_mlock = true;
    uint8_t *pages = vl_pages_map(16 * page - 5, &locked);
    assert_non_null(pages);
    assert_false(locked);
    assert_int_equal(mincore(pages, 16 * page, resident), 0);
    for (int i = 0; i < 16; i++)
        assert_int_equal(resident[i] & 1, 1);
    for (size_t i = 0; i < 16 * page; i++)
        assert_int_equal(pages[i], 0);
    vl_pages_unmap(pages, 16 * page - 5);
}

static void the_pool_says_that_it_is_not_locked(void **state)
{
    (void)state;
    vl_pool *pool;
    vl_pool_stats stats;
    refuses_mlock = true;
    assert_int_equal(vl_pool_create(&vl_allocator_default, &(vl_pool_class){64, 1}, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    vl_pool_stats_read(pool, &stats);
    assert_int_equal(stats.is_locked, 0);
    vl_pool_destroy(pool);
}

static void sizes_round_to_pages(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    assert_int_equal(vl_pages_round(0), 0);
    assert_int_equal(vl_pages_round(1), page);
    assert_int_equal(vl_pages_round(page), page);
    assert_int_equal(vl_pages_round(page + 1), 2 * page);
    assert_int_equal(vl_pages_round(SIZE_MAX), 0);
    vl_pages_unmap(NULL, 5);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
#include <sanitizer/lsan_interface.h>
#pragma weak __lsan_do_recoverable_leak_check
#define leak_check __lsan_do_recoverable_leak_check
#else
static int (*const leak_check)(void) = NULL;
#endif

static char *volatile kept; /* where the compiler cannot follow */

/* What a workspace owns is no leak while the workspace is there, and is one when its pages went without it. */
static void leak_sanitizer_looks_into_pages(void **state)
{
    (void)state;
    if (leak_check == NULL) skip();
    void **pages = vl_secret_pages(5000);
    assert_non_null(pages);
    pages[100] = malloc(77);
    assert_int_equal(leak_check(), 0);
    kept = pages[100];
    vl_secret_pages_free(pages, 5000);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(no_dump_exclusion_no_pages, back_to_normal),
        cmocka_unit_test_teardown(unlocked_pages_are_resident_all_the_same, back_to_normal),
        cmocka_unit_test_teardown(the_pool_says_that_it_is_not_locked, back_to_normal),
        cmocka_unit_test(sizes_round_to_pages),
        cmocka_unit_test(leak_sanitizer_looks_into_pages),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}

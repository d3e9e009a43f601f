/* The heap door: hooks are used, sizes are checked, alignment holds, wiping wipes; and the test allocators themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

static void hooks_see_everything(void **state)
{
    (void)state;
    fail_alloc heap = {0};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    void *a = vl_alloc(&hooks, 100);
    void *b = vl_alloc_zero(&hooks, 10, 10);
    void *c = vl_alloc_aligned(&hooks, 64, 100);
    assert_int_equal(heap.calls, 3);
    assert_int_equal(heap.live, 3);
    vl_free(&hooks, a, 100);
    vl_free(&hooks, b, 100);
    vl_free_aligned(&hooks, c, 64, 100);
    assert_true(fail_alloc_is_clean(&heap));
}

static void wrong_size_is_a_defect(void **state)
{
    (void)state;
    fail_alloc heap = {0};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    vl_free(&hooks, vl_alloc(&hooks, 100), 99);
    assert_int_equal(heap.live, 0);
    assert_false(fail_alloc_is_clean(&heap));
}

static void config_gives_hooks_or_malloc(void **state)
{
    (void)state;
    fail_alloc heap = {0};
    veil_config config = {.alloc = fail_alloc_take, .free = fail_alloc_free, .alloc_user = &heap};
    vl_allocator hooks = vl_allocator_from_config(&config);
    void *a = vl_alloc(&hooks, 8);
    assert_int_equal(heap.calls, 1);
    vl_free(&hooks, a, 8);
    config.alloc = NULL;
    assert_ptr_equal(vl_allocator_from_config(&config).alloc, vl_allocator_default.alloc);
    assert_ptr_equal(vl_allocator_from_config(NULL).free, vl_allocator_default.free);
}

static void absurd_sizes_are_refused(void **state)
{
    (void)state;
    fail_alloc heap = {0};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    assert_null(vl_alloc(&hooks, 0));
    assert_null(vl_alloc(&hooks, SIZE_MAX));
    assert_null(vl_alloc_zero(&hooks, SIZE_MAX / 2, 3)); /* wraps to a small number without the check */
    assert_null(vl_alloc_zero(&hooks, 0, 8));
    assert_null(vl_alloc_aligned(&hooks, 64, SIZE_MAX - 32));
    assert_null(vl_alloc_aligned(&hooks, 48, 100));
    assert_null(vl_alloc_aligned(&hooks, 8192, 100));
    assert_int_equal(heap.calls, 0);
}

static void aligned_blocks_are_aligned_and_zero(void **state)
{
    (void)state;
    fail_alloc heap = {0};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        for (size_t size = 1; size < 300; size += 37) {
            uint8_t *block = vl_alloc_aligned(&hooks, alignment, size);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % alignment, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(block[i], 0);
            memset(block, 0xFF, size);
            vl_free_aligned(&hooks, block, alignment, size);
        }
    }
    assert_true(fail_alloc_is_clean(&heap));
}

static void refusal_is_null(void **state)
{
    (void)state;
    fail_alloc heap = {.fail_at = 1, .fail_all_after = true};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    assert_null(vl_alloc(&hooks, 8));
    assert_null(vl_alloc_zero(&hooks, 1, 8));
    assert_null(vl_alloc_aligned(&hooks, 64, 8));
    vl_free(&hooks, NULL, 8);
    vl_free_aligned(&hooks, NULL, 64, 8);
    assert_true(fail_alloc_has_failed(&heap));
    assert_true(fail_alloc_is_clean(&heap));
}

static void wipe_clears(void **state)
{
    (void)state;
    uint8_t secret[67];
    memset(secret, 0x5A, sizeof secret);
    vl_wipe(secret + 1, 65);
    assert_int_equal(secret[0], 0x5A);
    assert_int_equal(secret[66], 0x5A);
    for (size_t i = 1; i < 66; i++)
        assert_int_equal(secret[i], 0);
    vl_wipe(NULL, 10);
}

static void malloc_count_counts_and_fails(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    malloc_counts before = malloc_count_read();
    void *volatile a = malloc(10);
    void *volatile b = calloc(3, 5);
    a = realloc(a, 1000);
    free(a);
    malloc_counts during = malloc_count_since(before);
    free(b);
    malloc_counts after = malloc_count_since(before);
    malloc_count_fail_at(2);
    void *volatile c = malloc(1);
    void *volatile d = malloc(1);
    void *volatile e = malloc(1);
    bool failed = malloc_count_fail_done();
    assert_int_equal(during.allocations, 3);
    assert_int_equal(during.live_blocks, 1);
    assert_int_equal(after.live_blocks, 0);
    assert_int_equal(after.frees, 2);
    assert_true(failed);
    assert_non_null(c);
    assert_null(d);
    assert_non_null(e);
    free(c);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hooks_see_everything),
        cmocka_unit_test(wrong_size_is_a_defect),
        cmocka_unit_test(config_gives_hooks_or_malloc),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(aligned_blocks_are_aligned_and_zero),
        cmocka_unit_test(refusal_is_null),
        cmocka_unit_test(wipe_clears),
        cmocka_unit_test(malloc_count_counts_and_fails),
    };
    return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}

/*
 * Allocator hooks that count, check sizes and fail the n-th allocation. Works under every sanitizer. Use:
 *
 *     CMake:  veil_test(x_test SOURCES x_test.c ../support/fail_alloc.c LAYERS core)
 *     fail_alloc heap = {0};                                   fails nothing
 *     vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
 *     config.alloc = fail_alloc_take; config.free = fail_alloc_free; config.alloc_user = &heap;    the same for veil.h
 *
 * The fault loop of a create function, for every allocation it makes:
 *
 *     for (uint64_t n = 1;; n++) {
 *         fail_alloc heap = {.fail_at = n};
 *         veil_status status = create(&hooks, &thing);
 *         if (status == VEIL_OK) destroy(thing);
 *         assert_true(fail_alloc_is_clean(&heap));             all freed, each with the size it was asked for
 *         if (!fail_alloc_has_failed(&heap)) { assert_int_equal(status, VEIL_OK); break; }
 *         assert_int_equal(status, VEIL_ERR_NO_MEMORY); assert_null(thing);
 *     }
 */
#ifndef VL_TESTS_FAIL_ALLOC_H
#define VL_TESTS_FAIL_ALLOC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fail_alloc {
    uint64_t fail_at;         /* 1: the first allocation fails, and so on, once; 0: none */
    bool fail_all_after;      /* with fail_at: all later ones fail, too */
    _Atomic uint64_t calls;   /* allocations asked for, refused ones included */
    _Atomic int64_t live;     /* blocks not freed yet */
    _Atomic int64_t bytes;    /* in those blocks */
    _Atomic uint64_t defects; /* freed with another size than asked for, twice, or not ours */
} fail_alloc;

/** veil_alloc_fn and veil_free_fn; `user` is a fail_alloc. Any thread. */
void *fail_alloc_take(void *user, size_t size_bytes);
void fail_alloc_free(void *user, void *memory, size_t size_bytes);

/** The failure that was asked for has happened. */
bool fail_alloc_has_failed(const fail_alloc *heap);

/** Nothing is live and nothing was freed wrongly. */
bool fail_alloc_is_clean(const fail_alloc *heap);

#endif

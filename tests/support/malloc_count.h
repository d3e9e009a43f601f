/*
 * Counts, and fails on request, what the whole test program asks of malloc and of mmap: our code and every library below it.
 * Works by defining malloc, free, mmap and their kin in the program itself. Use:
 *
 *     CMake:  veil_test(x_test SOURCES x_test.c ../support/malloc_count.c LAYERS core)
 *
 *     if (!malloc_count_works()) skip();            sanitizers own malloc: nothing is counted or failed there
 *     malloc_counts before = malloc_count_read();
 *     ... the calls that must not allocate ...
 *     assert_int_equal(malloc_count_since(before).allocations, 0);
 *
 *     malloc_count_fail_at(n);                       the n-th allocation (heap or mmap) from now on by this thread fails
 *     status = create(&thing);
 *     bool failed = malloc_count_fail_done();        true when the failure happened; ends failing
 *
 * Counts cover all threads; failing covers the thread that asked for it. cmocka's own assertions and printing allocate:
 * keep them outside of the measured part. Leaks: `live_blocks` before and after.
 */
#ifndef VL_TESTS_MALLOC_COUNT_H
#define VL_TESTS_MALLOC_COUNT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct malloc_counts {
    uint64_t allocations; /* malloc, calloc, realloc, posix_memalign, aligned_alloc, memalign */
    uint64_t frees;       /* of non-NULL pointers */
    uint64_t maps;        /* mmap by anybody but malloc itself */
    uint64_t unmaps;
    int64_t live_blocks; /* allocations that succeeded and are not freed yet */
    int64_t live_maps;
} malloc_counts;

/** False in builds with ASan or TSan (all counts stay 0, nothing fails). */
bool malloc_count_works(void);

malloc_counts malloc_count_read(void);
/** What happened since `before`. */
malloc_counts malloc_count_since(malloc_counts before);

void malloc_count_fail_at(uint64_t n);
bool malloc_count_fail_done(void);

#endif

/*
 * Counts allocations by standing in front of jemalloc: the program's own malloc family calls jemalloc's extended interface,
 * so that nothing has to be looked up while the first allocation is under way.
 */
#include "measure.h"

#include <errno.h>
#include <jemalloc/jemalloc.h>
#include <stdatomic.h>
#include <string.h>

static _Atomic uint64_t allocation_count;

uint64_t bench_allocations(void)
{
    return atomic_load_explicit(&allocation_count, memory_order_relaxed);
}

static void *take(size_t size, int flags)
{
    atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
    void *memory = mallocx(size > 0 ? size : 1, flags);
    if (memory == NULL) errno = ENOMEM;
    return memory;
}

void *malloc(size_t size)
{
    return take(size, 0);
}

void *calloc(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return take(count * size, MALLOCX_ZERO);
}

void *realloc(void *memory, size_t size)
{
    if (memory == NULL) return take(size, 0);
    atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
    return rallocx(memory, size > 0 ? size : 1, 0);
}

void free(void *memory)
{
    if (memory != NULL) dallocx(memory, 0);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return take(size, MALLOCX_ALIGN(alignment));
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size)
{
    return take(size, MALLOCX_ALIGN(alignment));
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = take(size, MALLOCX_ALIGN(alignment));
    if (memory == NULL) return ENOMEM;
    *out = memory;
    return 0;
}

size_t malloc_usable_size(void *memory)
{
    return memory != NULL ? sallocx(memory, 0) : 0;
}

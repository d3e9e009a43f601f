/*
 * The program's own malloc family in front of glibc's (__libc_*), and mmap in front of the system call. Definitions in the
 * executable come first in symbol lookup, so libraries use them, too; glibc's own use of mmap inside malloc does not pass
 * here. Left out under sanitizers, which must own malloc.
 */
#include "support/malloc_count.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_COUNT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_COUNT 0
#endif
#endif
#ifndef HAS_COUNT
#define HAS_COUNT 1
#endif

static _Atomic uint64_t allocations, frees, maps, unmaps;
static _Atomic int64_t live_blocks, live_maps;
static _Thread_local uint64_t countdown; /* 0: nothing to fail; 1: the next one fails */
static _Thread_local bool has_failed;

bool malloc_count_works(void)
{
    return HAS_COUNT;
}

malloc_counts malloc_count_read(void)
{
    return (malloc_counts){atomic_load(&allocations), atomic_load(&frees),       atomic_load(&maps),
                           atomic_load(&unmaps),      atomic_load(&live_blocks), atomic_load(&live_maps)};
}

malloc_counts malloc_count_since(malloc_counts before)
{
    malloc_counts now = malloc_count_read();
    return (malloc_counts){now.allocations - before.allocations,
                           now.frees - before.frees,
                           now.maps - before.maps,
                           now.unmaps - before.unmaps,
                           now.live_blocks - before.live_blocks,
                           now.live_maps - before.live_maps};
}

void malloc_count_fail_at(uint64_t n)
{
    countdown = n;
    has_failed = false;
}

bool malloc_count_fail_done(void)
{
    countdown = 0;
    return has_failed;
}

#if HAS_COUNT

#define EXPORT __attribute__((visibility("default")))

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

EXPORT void *malloc(size_t size);
EXPORT void *calloc(size_t count, size_t size);
EXPORT void *realloc(void *memory, size_t size);
EXPORT void *memalign(size_t alignment, size_t size);
EXPORT void *aligned_alloc(size_t alignment, size_t size);
EXPORT int posix_memalign(void **out, size_t alignment, size_t size);
EXPORT void free(void *memory);

/* True when this allocation is the one that must fail. */
static bool must_fail(void)
{
    if (countdown == 0 || --countdown != 0) return false;
    has_failed = true;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory)
{
    if (memory != NULL) atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
    return memory;
}

void *malloc(size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return must_fail() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return must_fail() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    if (must_fail()) return NULL;
    void *moved = __libc_realloc(memory, size);
    if (memory == NULL) return counted(moved);
    if (moved == NULL && size == 0) atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
    return moved;
}

void *memalign(size_t alignment, size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return must_fail() ? NULL : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *out = memory;
    return 0;
}

void free(void *memory)
{
    if (memory == NULL) return;
    atomic_fetch_add_explicit(&frees, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
    __libc_free(memory);
}

EXPORT void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    atomic_fetch_add_explicit(&maps, 1, memory_order_relaxed);
    if (must_fail()) return MAP_FAILED;
    void *pages = (void *)syscall(SYS_mmap, address, size, protection, flags, fd, offset);
    if (pages != MAP_FAILED) atomic_fetch_add_explicit(&live_maps, 1, memory_order_relaxed);
    return pages;
}

EXPORT int munmap(void *pages, size_t size)
{
    atomic_fetch_add_explicit(&unmaps, 1, memory_order_relaxed);
    int result = (int)syscall(SYS_munmap, pages, size);
    if (result == 0) atomic_fetch_sub_explicit(&live_maps, 1, memory_order_relaxed);
    return result;
}

#endif

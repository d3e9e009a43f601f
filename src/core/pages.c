/*
 * Pages for memory that may hold input: anonymous mappings that core dumps leave out, locked where RLIMIT_MEMLOCK allows,
 * touched so that no page fault falls into a call. Fails closed: where the kernel refuses to keep the pages out of dumps,
 * there are no pages. Swap: only locked pages are safe from it; docs/security.md tells hosts how to raise the limit.
 */
#include "core/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/pool.h"

/*
 * LeakSanitizer looks for pointers in globals, stacks and malloc's blocks, not in mappings: what a workspace owns would
 * count as leaked while its sanitizer lives. Programs of ours built with AddressSanitizer tell it.
 */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_LSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LSAN 1
#endif
#endif
#ifdef HAS_LSAN
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_register_root_region(pages, size_bytes)   ((void)0)
#define __lsan_unregister_root_region(pages, size_bytes) ((void)0)
#endif

size_t vl_pages_round(size_t size_bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t padded;
    if (size_bytes == 0 || __builtin_add_overflow(size_bytes, page - 1, &padded)) return 0;
    return padded & ~(page - 1);
}

/* Writing, not reading, gives every page its own frame. */
static void touch(void *pages, size_t size_bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *bytes = pages;
    for (size_t i = 0; i < size_bytes; i += page)
        bytes[i] = 0;
}

void *vl_pages_map(size_t size_bytes, bool *locked)
{
    size_t rounded = vl_pages_round(size_bytes);
    if (locked != NULL) *locked = false;
    if (rounded == 0) return NULL;
    void *pages = mmap(NULL, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    if (madvise(pages, rounded, MADV_DONTDUMP) != 0) {
        (void)munmap(pages, rounded);
        return NULL;
    }
    bool is_locked = mlock(pages, rounded) == 0; /* a refusal is normal: the default limit is 8 MiB */
    if (locked != NULL) *locked = is_locked;
    if (!is_locked) touch(pages, rounded);
    __lsan_register_root_region(pages, rounded);
    return pages;
}

void vl_pages_unmap(void *pages, size_t size_bytes)
{
    if (pages == NULL) return;
    size_t rounded = vl_pages_round(size_bytes);
    __lsan_unregister_root_region(pages, rounded);
    vl_wipe(pages, rounded); /* the kernel clears frames only when it hands them out again */
    (void)munmap(pages, rounded);
}

void *vl_secret_pages(size_t size_bytes)
{
    return vl_pages_map(size_bytes, NULL);
}

void vl_secret_pages_free(void *pages, size_t size_bytes)
{
    vl_pages_unmap(pages, size_bytes);
}

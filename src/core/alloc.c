/*
 * The one door to the heap: the host's hooks or malloc, overflow-checked, and wiping that stays in the program. Nothing here
 * caches or logs. Memory that may hold input does not come from here but from secret pages (pool.h).
 */
#include "core/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *default_alloc(void *user, size_t size_bytes)
{
    (void)user;
    return malloc(size_bytes);
}

static void default_free(void *user, void *memory, size_t size_bytes)
{
    (void)user;
    (void)size_bytes;
    free(memory);
}

const vl_allocator vl_allocator_default = {default_alloc, default_free, NULL};

vl_allocator vl_allocator_from_config(const veil_config *config)
{
    if (config == NULL || config->alloc == NULL || config->free == NULL) return vl_allocator_default;
    return (vl_allocator){config->alloc, config->free, config->alloc_user};
}

void *vl_alloc(const vl_allocator *allocator, size_t size_bytes)
{
    if (size_bytes == 0 || size_bytes > PTRDIFF_MAX) return NULL;
    return allocator->alloc(allocator->user, size_bytes);
}

void *vl_alloc_zero(const vl_allocator *allocator, size_t count, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, size_bytes, &total)) return NULL;
    void *memory = vl_alloc(allocator, total);
    if (memory != NULL) memset(memory, 0, total);
    return memory;
}

/*
 * base            aligned
 * |  slack  | ptr |  size_bytes ...  |     the word before the aligned address leads back to base
 * The total is size + alignment + one pointer, so free can tell the hook the size that it was asked for.
 */
static size_t aligned_total(size_t alignment, size_t size_bytes)
{
    size_t total;
    if (__builtin_add_overflow(size_bytes, alignment + sizeof(void *), &total)) return 0;
    return total;
}

void *vl_alloc_aligned(const vl_allocator *allocator, size_t alignment, size_t size_bytes)
{
    if (size_bytes == 0 || alignment == 0 || alignment > 4096 || (alignment & (alignment - 1)) != 0) return NULL;
    if (alignment < sizeof(void *)) alignment = sizeof(void *); /* keeps the stored pointer itself aligned */
    size_t total = aligned_total(alignment, size_bytes);
    char *base = vl_alloc(allocator, total);
    if (base == NULL) return NULL;
    uintptr_t first = (uintptr_t)base + sizeof(void *);
    size_t slack = (size_t)(-first & (alignment - 1));
    char *aligned = base + sizeof(void *) + slack;
    memset(aligned, 0, size_bytes);
    memcpy(aligned - sizeof(void *), &base, sizeof(void *));
    return aligned;
}

void vl_free(const vl_allocator *allocator, void *memory, size_t size_bytes)
{
    if (memory != NULL) allocator->free(allocator->user, memory, size_bytes);
}

void vl_free_aligned(const vl_allocator *allocator, void *memory, size_t alignment, size_t size_bytes)
{
    if (memory == NULL) return;
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    char *base;
    memcpy(&base, (char *)memory - sizeof(void *), sizeof(void *));
    allocator->free(allocator->user, base, aligned_total(alignment, size_bytes));
}

void vl_wipe(void *memory, size_t size_bytes)
{
    if (memory != NULL) explicit_bzero(memory, size_bytes);
}

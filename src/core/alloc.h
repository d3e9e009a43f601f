/*
 * The one door to the heap. Everything of our own is taken here, so that the host's hooks see it, and tests can fail it.
 */
#ifndef VL_CORE_ALLOC_H
#define VL_CORE_ALLOC_H

#include "veil.h"

/** The host's hooks, or malloc and free. Copied by value into every object that owns memory. */
typedef struct vl_allocator {
    veil_alloc_fn alloc;
    veil_free_fn free;
    void *user;
} vl_allocator;

/** malloc and free. */
extern const vl_allocator vl_allocator_default;

/** The hooks of a config, or the default when both are NULL. */
vl_allocator vl_allocator_from_config(const veil_config *config);

/** Memory aligned to 16 bytes, not initialised; NULL when refused or when size is 0. */
void *vl_alloc(const vl_allocator *allocator, size_t size_bytes);

/** As vl_alloc, zeroed; count * size is checked for overflow. */
void *vl_alloc_zero(const vl_allocator *allocator, size_t count, size_t size_bytes);

/** Memory aligned to `alignment` (a power of two, at most 4096), zeroed. Free with vl_free_aligned and the same size. */
void *vl_alloc_aligned(const vl_allocator *allocator, size_t alignment, size_t size_bytes);

/** Free what vl_alloc or vl_alloc_zero returned. NULL is accepted. `size_bytes` as asked for. */
void vl_free(const vl_allocator *allocator, void *memory, size_t size_bytes);
void vl_free_aligned(const vl_allocator *allocator, void *memory, size_t alignment, size_t size_bytes);

/** Overwrite with zeros in a way the compiler may not drop. */
void vl_wipe(void *memory, size_t size_bytes);

#endif

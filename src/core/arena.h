/* Memory that lives as long as its owner: taken piece by piece, freed at once. */
#ifndef VL_CORE_ARENA_H
#define VL_CORE_ARENA_H

#include "core/alloc.h"

typedef struct vl_arena_block vl_arena_block;

/** Zero-initialise, then set the allocator. */
typedef struct vl_arena {
    vl_allocator allocator;
    vl_arena_block *blocks;
} vl_arena;

/** Aligned to 16 bytes, zeroed; NULL: no memory. */
void *vl_arena_take(vl_arena *arena, size_t size_bytes);
/** A copy of text[0, size_bytes) with a NUL behind it, or NULL. */
char *vl_arena_copy(vl_arena *arena, const char *text, size_t size_bytes);
void vl_arena_free(vl_arena *arena);

#endif

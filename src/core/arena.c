/* Memory that lives as long as its owner, in blocks that grow no further once they are full. */
#include "core/arena.h"

#include <stdint.h>
#include <string.h>

#define BLOCK_BYTES 16384u

struct vl_arena_block {
    vl_arena_block *next;
    size_t size;
    size_t used;
    _Alignas(16) uint8_t bytes[];
};

void *vl_arena_take(vl_arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2) return NULL;
    size_t need = (size_bytes + 15) / 16 * 16;
    vl_arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < need) {
        size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
        block = vl_alloc_zero(&arena->allocator, 1, sizeof *block + size);
        if (block == NULL) return NULL;
        block->size = size;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *taken = block->bytes + block->used;
    block->used += need;
    return taken;
}

char *vl_arena_copy(vl_arena *arena, const char *text, size_t size_bytes)
{
    char *copy = vl_arena_take(arena, size_bytes + 1);
    if (copy != NULL && size_bytes > 0) memcpy(copy, text, size_bytes);
    return copy;
}

void vl_arena_free(vl_arena *arena)
{
    while (arena->blocks != NULL) {
        vl_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        vl_wipe(block->bytes, block->used); /* word lists may be lists of people */
        vl_free(&arena->allocator, block, sizeof *block + block->size);
    }
}

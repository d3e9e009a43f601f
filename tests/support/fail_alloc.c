/* Counting allocator hooks for tests: a 16-byte header in front of each block remembers its size and its heap. */
#include "support/fail_alloc.h"

#include <stdlib.h>
#include <string.h>

typedef struct block {
    size_t size_bytes;
    const fail_alloc *heap; /* cleared by free */
} block;

_Static_assert(sizeof(block) == 16, "blocks stay aligned to 16 bytes");

void *fail_alloc_take(void *user, size_t size_bytes)
{
    fail_alloc *heap = user;
    uint64_t call = atomic_fetch_add(&heap->calls, 1) + 1;
    if (heap->fail_at != 0 && (call == heap->fail_at || (heap->fail_all_after && call > heap->fail_at))) return NULL;
    block *head = malloc(sizeof *head + size_bytes);
    if (head == NULL) return NULL;
    *head = (block){size_bytes, heap};
    memset(head + 1, 0xA5, size_bytes); /* nobody may count on zeros */
    atomic_fetch_add(&heap->live, 1);
    atomic_fetch_add(&heap->bytes, (int64_t)size_bytes);
    return head + 1;
}

void fail_alloc_free(void *user, void *memory, size_t size_bytes)
{
    fail_alloc *heap = user;
    if (memory == NULL) return;
    block *head = (block *)memory - 1;
    if (head->heap != heap || head->size_bytes != size_bytes) {
        atomic_fetch_add(&heap->defects, 1);
        if (head->heap != heap) return;
    }
    atomic_fetch_sub(&heap->live, 1);
    atomic_fetch_sub(&heap->bytes, (int64_t)head->size_bytes);
    head->heap = NULL;
    free(head);
}

bool fail_alloc_has_failed(const fail_alloc *heap)
{
    return heap->fail_at != 0 && atomic_load(&heap->calls) >= heap->fail_at;
}

bool fail_alloc_is_clean(const fail_alloc *heap)
{
    return atomic_load(&heap->live) == 0 && atomic_load(&heap->bytes) == 0 && atomic_load(&heap->defects) == 0;
}

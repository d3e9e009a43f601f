/*
 * Buffer pool. Each class is one mapping cut into equal buffers, and a lock-free stack of buffer numbers:
 *
 *   class 0 | header buffer | header buffer | ...      header: 64 bytes, says class and number, so that `give` needs no
 *   class 1 | header     buffer | ...                  search; the buffer itself starts on the next cache line
 *
 * A pool that grows adds buffers of the class one mapping at a time, up to GROWTH_MAX a class, and keeps them; beyond that,
 * and for sizes above the largest class, a mapping lives only from take to give. Buffers are zero whenever they are free.
 */
#include "core/pool.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "core/pages.h"
#include "core/slots.h"

#define CLASS_MAX  16
#define LINE_BYTES 64
#define GROWTH_MAX 1024 /* kept extra buffers of a class; bounds the pointer table (8 KiB), not the memory in use */
#define NO_CLASS   UINT32_MAX
#define MAGIC      0x5645494C504F4F4Cull /* "VEILPOOL": a pointer that is not ours is refused instead of followed */

typedef struct header {
    uint64_t magic;
    size_t buffer_bytes;  /* without this header */
    uint32_t class_index; /* NO_CLASS: unmapped when given back */
    uint32_t slot;
    bool is_taken; /* written by the holder alone */
} header;

static_assert(sizeof(header) <= LINE_BYTES, "the buffer starts one line after its header");

typedef struct pool_class {
    char *base; /* count * stride bytes */
    size_t buffer_bytes;
    size_t stride;
    uint32_t count;
    vl_slots *slots; /* 0..count-1 in base, then grown ones */
    _Atomic(header *) grown[GROWTH_MAX];
} pool_class;

struct vl_pool {
    vl_allocator allocator;
    uint32_t policy;
    uint32_t class_count;
    _Atomic uint64_t reserved_bytes;
    _Atomic uint64_t grown;
    _Atomic uint64_t busy;
    _Atomic uint32_t in_use;
    _Atomic bool is_locked;
    pool_class classes[];
};

static size_t pool_bytes(size_t class_count)
{
    return sizeof(vl_pool) + class_count * sizeof(pool_class);
}

static header *header_of(void *buffer)
{
    return (header *)(void *)((char *)buffer - LINE_BYTES);
}

static void header_write(header *head, size_t buffer_bytes, uint32_t class_index, uint32_t slot)
{
    *head = (header){MAGIC, buffer_bytes, class_index, slot, false};
}

static bool class_sizes(const vl_pool_class *spec, pool_class *class)
{
    size_t total;
    if (spec->buffer_bytes == 0 || spec->buffer_count == 0) return false;
    if (__builtin_add_overflow(spec->buffer_bytes, LINE_BYTES - 1, &class->buffer_bytes)) return false;
    class->buffer_bytes &= ~(size_t)(LINE_BYTES - 1);
    if (__builtin_add_overflow(class->buffer_bytes, LINE_BYTES, &class->stride)) return false;
    if (__builtin_mul_overflow(class->stride, spec->buffer_count, &total)) return false;
    class->count = spec->buffer_count;
    return class->count < UINT32_MAX - GROWTH_MAX - 1;
}

static veil_status class_create(vl_pool *pool, const vl_pool_class *spec, uint32_t index)
{
    pool_class *class = &pool->classes[index];
    if (!class_sizes(spec, class)) return VEIL_ERR_INVALID_ARGUMENT;
    if (index > 0 && class->buffer_bytes <= pool->classes[index - 1].buffer_bytes) return VEIL_ERR_INVALID_ARGUMENT;
    uint32_t capacity = class->count + (pool->policy == VEIL_POOL_GROW ? GROWTH_MAX : 0);
    veil_status status = vl_slots_create(&pool->allocator, capacity, class->count, &class->slots);
    if (status != VEIL_OK) return status;
    bool locked;
    class->base = vl_pages_map(class->stride * class->count, &locked);
    if (class->base == NULL) return VEIL_ERR_NO_MEMORY;
    if (!locked) atomic_store_explicit(&pool->is_locked, false, memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->reserved_bytes, vl_pages_round(class->stride * class->count),
                              memory_order_relaxed);
    for (uint32_t i = 0; i < class->count; i++) {
        header_write((header *)(void *)(class->base + i * class->stride), class->buffer_bytes, index, i);
    }
    return VEIL_OK;
}

veil_status vl_pool_create(const vl_allocator *allocator, const vl_pool_class *classes, size_t class_count,
                           uint32_t policy, vl_pool **out)
{
    *out = NULL;
    if (classes == NULL || class_count == 0 || class_count > CLASS_MAX) return VEIL_ERR_INVALID_ARGUMENT;
    if (policy != VEIL_POOL_GROW && policy != VEIL_POOL_BUSY) return VEIL_ERR_INVALID_ARGUMENT;
    vl_pool *pool = vl_alloc_aligned(allocator, LINE_BYTES, pool_bytes(class_count));
    if (pool == NULL) return VEIL_ERR_NO_MEMORY;
    pool->allocator = *allocator;
    pool->policy = policy;
    pool->class_count = (uint32_t)class_count;
    atomic_store_explicit(&pool->is_locked, true, memory_order_relaxed);
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < class_count && status == VEIL_OK; i++) {
        status = class_create(pool, &classes[i], i);
    }
    if (status == VEIL_OK) {
        *out = pool;
    } else {
        vl_pool_destroy(pool);
    }
    return status;
}

static void class_destroy(pool_class *class)
{
    for (size_t i = 0; i < GROWTH_MAX; i++) {
        vl_pages_unmap(atomic_load(&class->grown[i]), class->stride);
    }
    if (class->base != NULL) vl_pages_unmap(class->base, class->stride * class->count);
    vl_slots_destroy(class->slots);
}

void vl_pool_destroy(vl_pool *pool)
{
    if (pool == NULL) return;
    for (uint32_t i = 0; i < pool->class_count; i++) {
        class_destroy(&pool->classes[i]);
    }
    vl_allocator allocator = pool->allocator;
    vl_free_aligned(&allocator, pool, LINE_BYTES, pool_bytes(pool->class_count));
}

static header *class_header(pool_class *class, uint32_t slot)
{
    if (slot < class->count) return (header *)(void *)(class->base + slot * class->stride);
    return atomic_load_explicit(&class->grown[slot - class->count], memory_order_acquire);
}

static header *map_buffer(vl_pool *pool, size_t buffer_bytes, uint32_t class_index, uint32_t slot)
{
    size_t total;
    bool locked;
    if (__builtin_add_overflow(buffer_bytes, LINE_BYTES, &total)) return NULL;
    header *head = vl_pages_map(total, &locked);
    if (head == NULL) return NULL;
    if (!locked) atomic_store_explicit(&pool->is_locked, false, memory_order_relaxed);
    header_write(head, buffer_bytes, class_index, slot);
    atomic_fetch_add_explicit(&pool->reserved_bytes, vl_pages_round(total), memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->grown, 1, memory_order_relaxed);
    return head;
}

/* One more buffer of the class, kept from now on. A slot whose mapping was refused is lost to growth
 * (bounded by GROWTH_MAX); requests then still get single mappings. */
static header *class_grow(vl_pool *pool, uint32_t class_index)
{
    pool_class *class = &pool->classes[class_index];
    uint32_t slot = vl_slots_grow(class->slots);
    if (slot == VL_SLOT_NONE) return map_buffer(pool, class->buffer_bytes, NO_CLASS, 0);
    header *head = map_buffer(pool, class->buffer_bytes, class_index, slot);
    if (head != NULL) atomic_store_explicit(&class->grown[slot - class->count], head, memory_order_release);
    return head;
}

static header *take_free(vl_pool *pool, uint32_t first_class)
{
    for (uint32_t i = first_class; i < pool->class_count; i++) {
        uint32_t slot = vl_slots_take(pool->classes[i].slots);
        if (slot != VL_SLOT_NONE) return class_header(&pool->classes[i], slot);
    }
    return NULL;
}

veil_status vl_pool_take(vl_pool *pool, size_t size_bytes, void **out)
{
    *out = NULL;
    uint32_t fit = 0;
    while (fit < pool->class_count && pool->classes[fit].buffer_bytes < size_bytes)
        fit++;
    /* Trying again would not help: BUSY is for what comes back. */
    if (fit == pool->class_count && pool->policy == VEIL_POOL_BUSY) return VEIL_ERR_LIMIT;
    header *head = take_free(pool, fit);
    if (head == NULL && pool->policy == VEIL_POOL_BUSY) {
        atomic_fetch_add_explicit(&pool->busy, 1, memory_order_relaxed);
        return VEIL_ERR_BUSY;
    }
    if (head == NULL)
        head = fit < pool->class_count ? class_grow(pool, fit) : map_buffer(pool, size_bytes, NO_CLASS, 0);
    if (head == NULL) return VEIL_ERR_NO_MEMORY;
    atomic_fetch_add_explicit(&pool->in_use, 1, memory_order_relaxed);
    head->is_taken = true;
    *out = (char *)head + LINE_BYTES;
    return VEIL_OK;
}

size_t vl_pool_largest(const vl_pool *pool)
{
    return pool->classes[pool->class_count - 1].buffer_bytes;
}

void vl_pool_give(vl_pool *pool, void *buffer, size_t used_bytes)
{
    if (buffer == NULL) return;
    header *head = header_of(buffer);
    /* Not ours, overrun from below, or given twice: to leak it is safe, to hand it to two holders would mix their data. */
    if (head->magic != MAGIC || !head->is_taken) return;
    head->is_taken = false;
    vl_wipe(buffer, used_bytes < head->buffer_bytes ? used_bytes : head->buffer_bytes);
    atomic_fetch_sub_explicit(&pool->in_use, 1, memory_order_relaxed);
    if (head->class_index != NO_CLASS) {
        vl_slots_give(pool->classes[head->class_index].slots, head->slot);
        return;
    }
    size_t total = head->buffer_bytes + LINE_BYTES;
    atomic_fetch_sub_explicit(&pool->reserved_bytes, vl_pages_round(total), memory_order_relaxed);
    vl_pages_unmap(head, total);
}

void vl_pool_stats_read(const vl_pool *pool, vl_pool_stats *stats)
{
    stats->reserved_bytes = atomic_load_explicit(&pool->reserved_bytes, memory_order_relaxed);
    stats->grown = atomic_load_explicit(&pool->grown, memory_order_relaxed);
    stats->busy = atomic_load_explicit(&pool->busy, memory_order_relaxed);
    stats->in_use = atomic_load_explicit(&pool->in_use, memory_order_relaxed);
    stats->is_locked = atomic_load_explicit(&pool->is_locked, memory_order_relaxed) ? 1 : 0;
}

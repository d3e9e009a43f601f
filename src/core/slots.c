/*
 * A Treiber stack of slot numbers in one array. The head holds {change counter, index + 1}; a take that was overtaken by
 * take-take-give of the same slot sees another counter and tries again, so a stale `next` is never installed. The counter
 * has 32 bits: to be fooled, a thread must sleep through exactly a multiple of 2^32 changes.
 */
#include "core/slots.h"

#include <stdatomic.h>

struct vl_slots {
    _Alignas(64) _Atomic uint64_t head; /* counter << 32 | (index + 1), low half 0: empty */
    _Alignas(64) _Atomic uint32_t used; /* slots that were handed to the pool so far: growth takes the next */
    uint32_t capacity;
    vl_allocator allocator;
    _Atomic uint32_t next[]; /* index + 1 of the slot below, 0: none */
};

static size_t slots_bytes(uint32_t capacity)
{
    return sizeof(vl_slots) + (size_t)capacity * sizeof(_Atomic uint32_t);
}

veil_status vl_slots_create(const vl_allocator *allocator, uint32_t capacity, uint32_t initially_free, vl_slots **out)
{
    *out = NULL;
    if (capacity == 0 || capacity == VL_SLOT_NONE || initially_free > capacity) return VEIL_ERR_INVALID_ARGUMENT;
    vl_slots *slots = vl_alloc_aligned(allocator, 64, slots_bytes(capacity));
    if (slots == NULL) return VEIL_ERR_NO_MEMORY;
    slots->capacity = capacity;
    slots->allocator = *allocator;
    atomic_init(&slots->used, initially_free);
    for (uint32_t i = 0; i < capacity; i++) {
        atomic_init(&slots->next[i], i + 1 < initially_free ? i + 2 : 0);
    }
    atomic_init(&slots->head, initially_free > 0 ? 1 : 0);
    *out = slots;
    return VEIL_OK;
}

void vl_slots_destroy(vl_slots *slots)
{
    if (slots == NULL) return;
    vl_allocator allocator = slots->allocator;
    vl_free_aligned(&allocator, slots, 64, slots_bytes(slots->capacity));
}

static uint64_t make_head(uint64_t old_head, uint32_t link)
{
    return ((old_head >> 32) + 1) << 32 | link;
}

uint32_t vl_slots_take(vl_slots *slots)
{
    uint64_t head = atomic_load_explicit(&slots->head, memory_order_acquire);
    for (;;) {
        uint32_t link = (uint32_t)head;
        if (link == 0) return VL_SLOT_NONE;
        uint32_t below = atomic_load_explicit(&slots->next[link - 1], memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&slots->head, &head, make_head(head, below), memory_order_acquire,
                                                  memory_order_acquire))
            return link - 1;
    }
}

void vl_slots_give(vl_slots *slots, uint32_t slot)
{
    uint64_t head = atomic_load_explicit(&slots->head, memory_order_relaxed);
    do {
        atomic_store_explicit(&slots->next[slot], (uint32_t)head, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&slots->head, &head, make_head(head, slot + 1),
                                                    memory_order_release, memory_order_relaxed));
}

uint32_t vl_slots_grow(vl_slots *slots)
{
    uint32_t used = atomic_load_explicit(&slots->used, memory_order_relaxed);
    while (used < slots->capacity) {
        if (atomic_compare_exchange_weak_explicit(&slots->used, &used, used + 1, memory_order_relaxed,
                                                  memory_order_relaxed))
            return used;
    }
    return VL_SLOT_NONE;
}

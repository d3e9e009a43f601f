/*
 * Lock-free pool of numbered slots: hands out indices 0 to capacity-1, each to one holder at a time. Workspaces and buffers
 * are kept in arrays beside it. The free list is a stack of indices whose head carries a counter (no ABA).
 */
#ifndef VL_CORE_SLOTS_H
#define VL_CORE_SLOTS_H

#include "core/alloc.h"

#define VL_SLOT_NONE UINT32_MAX

typedef struct vl_slots vl_slots;

veil_status vl_slots_create(const vl_allocator *allocator, uint32_t capacity, uint32_t initially_free, vl_slots **out);
void vl_slots_destroy(vl_slots *slots);

/** A free slot, or VL_SLOT_NONE. Wait-free but for contention; prefers the most recently returned (warm caches). */
uint32_t vl_slots_take(vl_slots *slots);

/** Give a slot back (also used to add slots initially_free..capacity-1 one by one when a pool grows). */
void vl_slots_give(vl_slots *slots, uint32_t slot);

/** Reserve one never-used slot index for growth, or VL_SLOT_NONE when at capacity. */
uint32_t vl_slots_grow(vl_slots *slots);

#endif

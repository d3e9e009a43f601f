/*
 * Workspaces of the audio engine. The free ones are slots of a lock-free stack; growing publishes a new workspace in its slot
 * before the slot is ever handed out, so readers need no lock.
 */
#include "audio/asr.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_FENCES 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_FENCES 1
#endif
#ifdef HAS_FENCES
#include <sanitizer/asan_interface.h>
#define FENCE_BYTES 64u
#else
#define FENCE_BYTES 0u
#endif

#define ALIGNMENT       64u
#define CHUNK_BYTES     ((size_t)1 << 20)
#define CHUNK_DOUBLINGS 7u
#define GROWN_LIMIT     1024u /* workspaces that a growing pool may reach: 1,024 calls at the same time */

struct vl_audio_works {
    vl_allocator allocator;
    vl_pool *pool;
    vl_slots *slots;
    vl_audio_work *works;
    uint32_t capacity;
    uint32_t policy;
    const veil_asr_engine *asr;
};

/* Under AddressSanitizer what is not handed out may not be touched, nor what lies between two allocations. */
static void fence(const char *from, size_t bytes)
{
#ifdef HAS_FENCES
    ASAN_POISON_MEMORY_REGION(from, bytes);
#endif
    (void)from;
    (void)bytes;
}

static void open_fence(const char *from, size_t bytes)
{
#ifdef HAS_FENCES
    ASAN_UNPOISON_MEMORY_REGION(from, bytes);
#endif
    (void)from;
    (void)bytes;
}

static veil_status work_open(vl_audio_works *works, uint32_t slot)
{
    vl_audio_work *work = &works->works[slot];
    work->slot = slot;
    work->capacity = VL_AUDIO_WORK_BYTES;
    work->pool = works->pool;
    if (work->asr == NULL && works->asr != NULL && works->asr->create != NULL) {
        veil_status status = vl_asr_status(works->asr->create(works->asr->user, &work->asr));
        if (status != VEIL_OK) {
            work->asr = NULL;
            return status;
        }
    }
    work->base = vl_secret_pages(VL_AUDIO_WORK_BYTES);
    if (work->base == NULL) return VEIL_ERR_NO_MEMORY;
    fence(work->base, work->capacity);
    return VEIL_OK;
}

static void work_close(vl_audio_works *works, vl_audio_work *work)
{
    if (work->base != NULL) open_fence(work->base, work->capacity);
    if (work->base != NULL) vl_secret_pages_free(work->base, VL_AUDIO_WORK_BYTES);
    if (work->asr != NULL) works->asr->destroy(work->asr);
}

veil_status vl_audio_works_create(const vl_runtime *runtime, uint32_t count, uint32_t policy,
                                  const veil_asr_engine *asr, vl_audio_works **out)
{
    *out = NULL;
    vl_audio_works *works = vl_alloc_zero(&runtime->allocator, 1, sizeof *works);
    if (works == NULL) return VEIL_ERR_NO_MEMORY;
    works->allocator = runtime->allocator;
    works->pool = runtime->pool;
    works->policy = policy;
    works->asr = asr;
    works->capacity = count > GROWN_LIMIT || policy == VEIL_POOL_BUSY ? count : GROWN_LIMIT;
    veil_status status = VEIL_ERR_NO_MEMORY;
    works->works = vl_alloc_zero(&works->allocator, works->capacity, sizeof *works->works);
    if (works->works == NULL) goto fail;
    for (uint32_t i = 0; i < count; i++) {
        status = work_open(works, i);
        if (status != VEIL_OK) goto fail;
    }
    status = vl_slots_create(&works->allocator, works->capacity, count, &works->slots);
    if (status != VEIL_OK) goto fail;
    *out = works;
    return VEIL_OK;
fail:
    vl_audio_works_destroy(works);
    return status;
}

void vl_audio_works_destroy(vl_audio_works *works)
{
    if (works == NULL) return;
    vl_allocator allocator = works->allocator;
    if (works->works != NULL) {
        for (uint32_t i = 0; i < works->capacity; i++)
            work_close(works, &works->works[i]);
        vl_free(&allocator, works->works, works->capacity * sizeof *works->works);
    }
    vl_slots_destroy(works->slots);
    vl_free(&allocator, works, sizeof *works);
}

veil_status vl_audio_works_take(vl_audio_works *works, vl_audio_work **out)
{
    *out = NULL;
    uint32_t slot = vl_slots_take(works->slots);
    if (slot == VL_SLOT_NONE) {
        if (works->policy == VEIL_POOL_BUSY) return VEIL_ERR_BUSY;
        slot = vl_slots_grow(works->slots);
        if (slot == VL_SLOT_NONE) return VEIL_ERR_BUSY;
    }
    /* A slot whose pages were refused once comes back empty; whoever takes it next tries again. */
    veil_status status = works->works[slot].base == NULL ? work_open(works, slot) : VEIL_OK;
    if (status != VEIL_OK) {
        vl_slots_give(works->slots, slot);
        return status;
    }
    *out = &works->works[slot];
    return VEIL_OK;
}

/* Down to `count` chunks, and `used` bytes of the last of them. */
static void drop_extra(vl_audio_work *work, uint32_t count, size_t used)
{
    while (work->extra_count > count) {
        vl_audio_chunk *chunk = &work->extra[--work->extra_count];
        open_fence(chunk->base, chunk->capacity);
        vl_pool_give(work->pool, chunk->base, chunk->used);
        *chunk = (vl_audio_chunk){0};
    }
    if (count == 0) return;
    vl_audio_chunk *last = &work->extra[count - 1];
    open_fence(last->base + used, last->used - used);
    vl_wipe(last->base + used, last->used - used);
    fence(last->base + used, last->used - used);
    last->used = used;
}

static void drop_base(vl_audio_work *work, size_t used)
{
    open_fence(work->base + used, work->used - used);
    vl_wipe(work->base + used, work->used - used);
    fence(work->base + used, work->used - used);
    work->used = used;
}

void vl_audio_works_give(vl_audio_works *works, vl_audio_work *work)
{
    if (work == NULL) return;
    drop_base(work, 0);
    drop_extra(work, 0, 0);
    vl_slots_give(works->slots, work->slot);
}

/* Of the size that is due, else, where the pool has none so large, of the size that is needed. */
static veil_status add_chunk(vl_audio_work *work, size_t bytes)
{
    if (work->extra_count == VL_AUDIO_WORK_EXTRA) return VEIL_ERR_NO_MEMORY;
    size_t due = CHUNK_BYTES << (work->extra_count < CHUNK_DOUBLINGS ? work->extra_count : CHUNK_DOUBLINGS);
    size_t size = bytes > due ? bytes : due;
    void *memory = NULL;
    veil_status status = vl_pool_take(work->pool, size, &memory);
    if (status != VEIL_OK && size > bytes) status = vl_pool_take(work->pool, size = bytes, &memory);
    if (status != VEIL_OK) return status;
    work->extra[work->extra_count++] = (vl_audio_chunk){.base = memory, .capacity = size};
    fence(memory, size);
    return VEIL_OK;
}

veil_status vl_audio_work_alloc(vl_audio_work *work, size_t count, size_t size_bytes, void **out)
{
    *out = NULL;
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size_bytes, &bytes) || bytes > SIZE_MAX / 2) return VEIL_ERR_NO_MEMORY;
    const size_t asked = bytes;
    bytes = bytes == 0 ? ALIGNMENT : (bytes + FENCE_BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (bytes <= work->capacity - work->used) {
        *out = work->base + work->used;
        open_fence(*out, asked);
        work->used += bytes;
        return VEIL_OK;
    }
    vl_audio_chunk *last = work->extra_count == 0 ? NULL : &work->extra[work->extra_count - 1];
    if (last == NULL || bytes > last->capacity - last->used) {
        veil_status status = add_chunk(work, bytes);
        if (status != VEIL_OK) return status;
        last = &work->extra[work->extra_count - 1];
    }
    *out = last->base + last->used;
    open_fence(*out, asked);
    last->used += bytes;
    return VEIL_OK;
}

vl_audio_work_mark vl_audio_work_save(const vl_audio_work *work)
{
    return (vl_audio_work_mark){.used = work->used,
                                .extra_used = work->extra_count == 0 ? 0 : work->extra[work->extra_count - 1].used,
                                .extra_count = work->extra_count};
}

void vl_audio_work_reset(vl_audio_work *work, vl_audio_work_mark mark)
{
    drop_base(work, mark.used);
    drop_extra(work, mark.extra_count, mark.extra_used);
}

void vl_audio_work_empty(vl_audio_work *work)
{
    drop_base(work, 0);
    drop_extra(work, 0, 0);
    open_fence(work->base, work->capacity);
}

/*
 * What one audio call needs: a workspace of fixed size from the engine's pool, handed out as a bump arena. What does not fit
 * (transcripts of many hours, thousands of ranges) comes from chunks of the runtime's buffer pool under its policy, each twice as
 * large as the one before, handed out in the same way. Everything is wiped when the call ends, for it held the transcript.
 */
#ifndef VL_AUDIO_WORK_H
#define VL_AUDIO_WORK_H

#include <stdbool.h>

#include "core/runtime.h"
#include "core/slots.h"

/** Room for the words, views and findings of about one and a half hours of fast speech (measured in tests/audio). */
#define VL_AUDIO_WORK_BYTES ((size_t)4 << 20)
#define VL_AUDIO_WORK_EXTRA 32 /* chunks beyond the workspace that one call may hold */

typedef struct vl_audio_chunk {
    char *base;
    size_t capacity;
    size_t used;
} vl_audio_chunk;

typedef struct vl_audio_work {
    char *base;      /* secret pages */
    size_t capacity; /* of base */
    size_t used;
    vl_pool *pool;
    vl_audio_chunk extra[VL_AUDIO_WORK_EXTRA]; /* the last one is handed out from */
    uint32_t extra_count;
    uint32_t slot;
    void *asr; /* the recogniser's instance, or NULL */
} vl_audio_work;

typedef struct vl_audio_works vl_audio_works;

/** `count` workspaces now; policy VEIL_POOL_* says what happens when all are taken. `asr` (NULL, or its `create` NULL: none) must
 *  outlive them. NO_MEMORY, or what `create` returned */
veil_status vl_audio_works_create(const vl_runtime *runtime, uint32_t count, uint32_t policy,
                                  const veil_asr_engine *asr, vl_audio_works **out);
void vl_audio_works_destroy(vl_audio_works *works);

/** @return VEIL_OK, VEIL_ERR_BUSY, VEIL_ERR_NO_MEMORY, or what the recogniser's `create` returned */
veil_status vl_audio_works_take(vl_audio_works *works, vl_audio_work **out);
/** Wipe what was used and give it back. NULL is accepted. */
void vl_audio_works_give(vl_audio_works *works, vl_audio_work *work);

/** Zeroed memory, aligned to 64 bytes, until the call ends. @return VEIL_OK, VEIL_ERR_BUSY, VEIL_ERR_NO_MEMORY */
veil_status vl_audio_work_alloc(vl_audio_work *work, size_t count, size_t size_bytes, void **out);

/** What was allocated after a mark goes back at once, wiped. */
typedef struct vl_audio_work_mark {
    size_t used;
    size_t extra_used; /* of the last chunk */
    uint32_t extra_count;
    uint32_t reserved;
} vl_audio_work_mark;

vl_audio_work_mark vl_audio_work_save(const vl_audio_work *work);
void vl_audio_work_reset(vl_audio_work *work, vl_audio_work_mark mark);
/** All of a workspace whose base its owner is about to free goes back, wiped. */
void vl_audio_work_empty(vl_audio_work *work);

#endif

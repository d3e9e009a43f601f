/* What batches of all kinds share: claiming runs of items from one counter, with the help of workers (batch.c). */
#ifndef VL_API_BATCH_H
#define VL_API_BATCH_H

#include "sanitizer.h"

typedef struct vl_batch_work vl_batch_work;

/** Do items [first, end). Any thread, several at once; each item once. */
typedef void (*vl_batch_fn)(const vl_batch_work *work, size_t first, size_t end);

struct vl_batch_work {
    const veil_sanitizer *sanitizer;
    const void *options; /* of the call that the items stand for, checked */
    void *items;
    size_t item_count;
    size_t item_bytes;
    uint32_t operation; /* VEIL_METRIC_* */
    uint32_t hands;     /* threads that may take part */
    size_t run_items_max;
    vl_batch_fn run;
};

static inline void *vl_batch_item(const vl_batch_work *work, size_t index)
{
    return (char *)work->items + index * work->item_bytes;
}

/** Do all items, with at most `helpers` workers beside the calling thread. Returns when all are done. */
void vl_batch_run(vl_batch_work *work, uint32_t helpers);

#endif

/*
 * Batches over the workers and the calling thread: of texts here, of pictures in batch_image.c.
 *
 * The caller opens a batch slot and asks workers for help; everyone, the caller included, claims runs of items from one
 * counter until none are left. The caller never waits for a worker that has not begun: it closes the slot when the items
 * are gone, and a helper that comes later sees a closed slot, or a newer generation, and leaves. So a batch is never slower
 * than the caller alone, however busy the workers are.
 *
 *   state: generation (32 bits) | open (1) | helpers inside (31)
 *
 * Helpers touch the batch's fields only between a successful enter and leave; slots live as long as the handle. Counting is
 * per run of items, not per item: 64-byte texts take less time than a counter would.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "batch.h"
#include "check.h"
#include "sanitizer.h"

#define BATCH_SLOTS   32u /* batches at the same time that get help; further ones run on their callers alone */
#define RUN_ITEMS_MAX 512u
#define STATE_OPEN    (UINT64_C(1) << 31)
#define STATE_INSIDE  (STATE_OPEN - 1)

typedef vl_batch_work batch_work;

struct vl_batch {
    _Alignas(64) _Atomic uint64_t state;
    _Alignas(64) _Atomic size_t next; /* first item that nobody claimed */
    _Alignas(64) batch_work work;
    pthread_mutex_t lock; /* guards nothing but the wait for `gone` */
    pthread_cond_t gone;  /* the last helper left a closed batch */
};

typedef struct batch_record {
    uint32_t work; /* VL_WORK_BATCH */
    uint32_t slot;
    uint32_t generation;
    uint32_t reserved;
} batch_record;

static veil_text_item *item_at(const batch_work *work, size_t index)
{
    return (veil_text_item *)vl_batch_item(work, index);
}

static veil_status run_item(const batch_work *work, veil_text_item *item)
{
    const vl_text_engine *engine = work->sanitizer->text;
    veil_text_result result = {sizeof result, item->findings, item->finding_capacity, 0};
    veil_status status;
    if (work->operation == VEIL_METRIC_TEXT_SCAN) {
        status =
            vl_text_scan(engine, (const veil_text_options *)work->options, item->text, item->text_bytes, &result, NULL);
        item->out_bytes = 0;
    } else {
        status = vl_text_redact(engine, (const veil_text_options *)work->options, item->text, item->text_bytes,
                                item->out, item->out_capacity, &item->out_bytes, &result, NULL);
        if (status != VEIL_OK)
            vl_scrub(item->out, item->out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : &item->out_bytes);
    }
    const bool keeps_count = status == VEIL_OK || status == VEIL_ERR_BUFFER_TOO_SMALL;
    item->finding_count = keeps_count ? result.finding_count : 0;
    item->status = status;
    return status;
}

/* One run of texts: its first item goes through the sampled clock like any call, the others are added up. */
static void run_texts(const batch_work *work, size_t first, size_t end)
{
    vl_metrics *metrics = work->sanitizer->runtime.metrics;
    const uint64_t begin = vl_metrics_begin(metrics, work->operation);
    const veil_status status = run_item(work, item_at(work, first));
    vl_metrics_end(metrics, work->operation, begin, item_at(work, first)->text_bytes, status);
    uint64_t bytes = 0;
    uint64_t failed = 0;
    uint64_t findings = item_at(work, first)->finding_count;
    for (size_t i = first + 1; i < end; i++) {
        veil_text_item *item = item_at(work, i);
        failed += run_item(work, item) != VEIL_OK;
        bytes += item->text_bytes;
        findings += item->finding_count;
    }
    vl_metrics_add(metrics, work->operation, end - first - 1, failed, bytes);
    if (findings != 0) vl_metrics_count(metrics, VL_COUNT_FINDINGS, findings);
}

/* Claim and run until nothing is left. Runs shrink towards the end, so that all hands finish together. */
static void run_all(const batch_work *work, _Atomic size_t *next)
{
    size_t first = atomic_load_explicit(next, memory_order_relaxed);
    while (first < work->item_count) {
        size_t length = (work->item_count - first) / (2 * (size_t)work->hands);
        length = length == 0 ? 1 : (length > work->run_items_max ? work->run_items_max : length);
        if (!atomic_compare_exchange_weak_explicit(next, &first, first + length, memory_order_relaxed,
                                                   memory_order_relaxed))
            continue;
        work->run(work, first, first + length);
        first = atomic_load_explicit(next, memory_order_relaxed);
    }
}

static bool enter(vl_batch *batch, uint32_t generation)
{
    uint64_t state = atomic_load_explicit(&batch->state, memory_order_acquire);
    while ((state >> 32) == generation && (state & STATE_OPEN) != 0)
        if (atomic_compare_exchange_weak_explicit(&batch->state, &state, state + 1, memory_order_acq_rel,
                                                  memory_order_acquire))
            return true;
    return false;
}

static void leave(vl_batch *batch)
{
    const uint64_t state = atomic_fetch_sub_explicit(&batch->state, 1, memory_order_acq_rel) - 1;
    if ((state & (STATE_OPEN | STATE_INSIDE)) != 0) return;
    (void)pthread_mutex_lock(&batch->lock);
    (void)pthread_cond_broadcast(&batch->gone);
    (void)pthread_mutex_unlock(&batch->lock);
}

/* Let nobody else in and wait for those inside: each is at most one run of items from the end. */
static void close_batch(vl_batch *batch)
{
    uint64_t state = atomic_fetch_and_explicit(&batch->state, ~STATE_OPEN, memory_order_acq_rel);
    if ((state & STATE_INSIDE) == 0) return;
    (void)pthread_mutex_lock(&batch->lock);
    while ((atomic_load_explicit(&batch->state, memory_order_acquire) & STATE_INSIDE) != 0)
        (void)pthread_cond_wait(&batch->gone, &batch->lock);
    (void)pthread_mutex_unlock(&batch->lock);
}

void vl_batch_help(veil_sanitizer *sanitizer, const void *payload, veil_status status)
{
    const batch_record *record = payload;
    if (status != VEIL_OK) return; /* the sanitizer is going away; no batch can be open */
    vl_batch *batch = &sanitizer->batches[record->slot];
    if (!enter(batch, record->generation)) return;
    run_all(&batch->work, &batch->next);
    leave(batch);
}

static void run_with_help(const batch_work *work, vl_batch *batch, uint32_t slot, uint32_t helpers)
{
    const uint64_t generation = ((atomic_load_explicit(&batch->state, memory_order_relaxed) >> 32) + 1) & UINT32_MAX;
    batch->work = *work;
    atomic_store_explicit(&batch->next, 0, memory_order_relaxed);
    atomic_store_explicit(&batch->state, generation << 32 | STATE_OPEN, memory_order_release);
    const batch_record record = {VL_WORK_BATCH, slot, (uint32_t)generation, 0};
    for (uint32_t i = 0; i < helpers; i++)
        if (vl_workers_submit(work->sanitizer->workers, &record, sizeof record, VEIL_PRIORITY_NORMAL, 0) != VEIL_OK)
            break; /* all queues are full: do the work here */
    run_all(&batch->work, &batch->next);
    close_batch(batch);
}

/* Helpers that pay: one for every other run of items, at most one per worker. */
static uint32_t helpers_for(const veil_sanitizer *s, size_t item_count)
{
    if (s->workers == NULL) return 0;
    const uint32_t workers = vl_workers_count(s->workers);
    const size_t wanted = item_count / 8;
    return wanted < workers ? (uint32_t)wanted : workers;
}

void vl_batch_run(vl_batch_work *work, uint32_t helpers)
{
    const veil_sanitizer *s = work->sanitizer;
    const uint32_t slot = helpers == 0 ? VL_SLOT_NONE : vl_slots_take(s->batch_free);
    if (slot == VL_SLOT_NONE) {
        _Atomic size_t next = 0;
        work->hands = 1;
        run_all(work, &next);
        return;
    }
    work->hands = helpers + 1;
    run_with_help(work, &s->batches[slot], slot, helpers);
    vl_slots_give(s->batch_free, slot);
}

static bool is_item_wrong(const batch_work *work, const veil_text_item *item)
{
    bool is_wrong = (item->text == NULL && item->text_bytes != 0) || item->reserved != 0 ||
                    (item->findings == NULL && item->finding_capacity != 0) ||
                    (item->out == NULL && item->out_capacity != 0);
    if (work->operation == VEIL_METRIC_TEXT_SCAN)
        is_wrong = is_wrong || item->out != NULL;
    else
        is_wrong = is_wrong || vl_overlap(item->text, item->text_bytes, item->out, item->out_capacity);
    return is_wrong || (work->item_bytes > sizeof *item && !vl_tail_is_zero(item, sizeof *item, work->item_bytes));
}

/* One wrong item refuses the batch before anything was started. */
static veil_status check_items(const batch_work *work, veil_error *error)
{
    const size_t size = work->item_bytes;
    if (size < sizeof(veil_text_item) || size % 8 != 0 || size > 65536)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "item_bytes is %zu; this library knows %zu", size,
                            sizeof(veil_text_item));
    if (work->items == NULL && work->item_count != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "items is NULL but item_count is not 0");
    if (work->item_count > SIZE_MAX / size)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "item_count is more than memory can hold");
    for (size_t i = 0; i < work->item_count; i++)
        if (is_item_wrong(work, item_at(work, i)))
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "items[%zu]: a pointer does not agree with its count, out is not for scanning or "
                                "overlaps the text, or a reserved field is not 0",
                                i);
    return VEIL_OK;
}

static veil_status first_failure(const batch_work *work, veil_error *error)
{
    for (size_t i = 0; i < work->item_count; i++) {
        const veil_status status = item_at(work, i)->status;
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "items[%zu]: %s", i, veil_status_string(status));
    }
    return VEIL_OK;
}

static veil_status batch(batch_work *work, veil_error *error)
{
    const veil_sanitizer *s = work->sanitizer;
    veil_text_options local;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (s == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    if ((s->config.modalities & VEIL_MODALITY_TEXT) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without text");
    const veil_text_options *options = work->options;
    veil_status status = vl_check_text_options(&options, &local, error);
    work->options = options;
    if (status == VEIL_OK) status = check_items(work, error);
    if (status != VEIL_OK || work->item_count == 0) return status;
    vl_batch_run(work, helpers_for(s, work->item_count));
    return first_failure(work, error);
}

veil_status veil_text_scan_batch(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                 veil_text_item *items, size_t item_count, size_t item_bytes, veil_error *error)
{
    batch_work work = {sanitizer, options,       items,    item_count, item_bytes, VEIL_METRIC_TEXT_SCAN,
                       1,         RUN_ITEMS_MAX, run_texts};
    return batch(&work, error);
}

veil_status veil_text_redact_batch(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                   veil_text_item *items, size_t item_count, size_t item_bytes, veil_error *error)
{
    batch_work work = {sanitizer, options,       items,    item_count, item_bytes, VEIL_METRIC_TEXT_REDACT,
                       1,         RUN_ITEMS_MAX, run_texts};
    return batch(&work, error);
}

static void init_waits(veil_sanitizer *sanitizer)
{
    for (uint32_t i = 0; i < BATCH_SLOTS; i++) {
        (void)pthread_mutex_init(&sanitizer->batches[i].lock, NULL);
        (void)pthread_cond_init(&sanitizer->batches[i].gone, NULL);
    }
}

veil_status vl_batches_create(veil_sanitizer *sanitizer)
{
    const vl_allocator *allocator = &sanitizer->runtime.allocator;
    sanitizer->batches = vl_alloc_aligned(allocator, 64, BATCH_SLOTS * sizeof(vl_batch));
    if (sanitizer->batches == NULL) return VEIL_ERR_NO_MEMORY;
    init_waits(sanitizer);
    return vl_slots_create(allocator, BATCH_SLOTS, BATCH_SLOTS, &sanitizer->batch_free);
}

void vl_batches_after_fork(veil_sanitizer *sanitizer)
{
    /* A parent's thread may have waited here: destroying its condition variable would wait for it for ever. */
    if (sanitizer->batches != NULL) init_waits(sanitizer);
}

void vl_batches_destroy(veil_sanitizer *sanitizer)
{
    vl_slots_destroy(sanitizer->batch_free);
    if (sanitizer->batches == NULL) return;
    for (uint32_t i = 0; i < BATCH_SLOTS; i++) {
        (void)pthread_mutex_destroy(&sanitizer->batches[i].lock);
        (void)pthread_cond_destroy(&sanitizer->batches[i].gone);
    }
    vl_free_aligned(&sanitizer->runtime.allocator, sanitizer->batches, 64, BATCH_SLOTS * sizeof(vl_batch));
}

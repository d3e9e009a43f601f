/* Bounded job queue of one worker. See queue.h; no algorithm here but linked lists of indices in a fixed array. */
#include "core/queue.h"

#include <string.h>

#include "core/pages.h"

static void reset_lists(vl_queue *queue)
{
    for (uint32_t i = 0; i < queue->capacity; i++) {
        queue->jobs[i].next = i + 1 < queue->capacity ? i + 2 : 0;
    }
    queue->free_head = 1;
    for (uint32_t rank = 0; rank < VL_QUEUE_PRIORITIES; rank++) {
        queue->head[rank] = queue->tail[rank] = 0;
        atomic_store_explicit(&queue->waiting[rank], 0, memory_order_relaxed);
    }
}

veil_status vl_queue_init(vl_queue *queue, uint32_t capacity, _Atomic uint64_t *total)
{
    *queue = (vl_queue){.capacity = capacity, .mapped_bytes = (size_t)capacity * sizeof(vl_queue_job), .total = total};
    queue->jobs = vl_pages_map(queue->mapped_bytes, NULL);
    if (queue->jobs == NULL) return VEIL_ERR_NO_MEMORY;
    if (pthread_mutex_init(&queue->lock, NULL) != 0) {
        vl_pages_unmap(queue->jobs, queue->mapped_bytes);
        queue->jobs = NULL;
        return VEIL_ERR_NO_MEMORY;
    }
    reset_lists(queue);
    return VEIL_OK;
}

void vl_queue_destroy(vl_queue *queue)
{
    if (queue->jobs == NULL) return;
    (void)pthread_mutex_destroy(&queue->lock);
    vl_pages_unmap(queue->jobs, queue->mapped_bytes);
    queue->jobs = NULL;
}

static void append(vl_queue *queue, uint32_t link, uint32_t rank)
{
    queue->jobs[link - 1].next = 0;
    if (queue->tail[rank] != 0) {
        queue->jobs[queue->tail[rank] - 1].next = link;
    } else {
        queue->head[rank] = link;
    }
    queue->tail[rank] = link;
    atomic_fetch_add_explicit(&queue->waiting[rank], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(queue->total, 1, memory_order_seq_cst); /* the sleepers' protocol in workers.c */
}

veil_status vl_queue_push(vl_queue *queue, const void *payload, size_t payload_bytes, uint32_t rank,
                          uint64_t submitted_ns, uint64_t deadline_ns)
{
    (void)pthread_mutex_lock(&queue->lock);
    uint32_t link = queue->free_head;
    veil_status status = queue->is_closed ? VEIL_ERR_CANCELLED : link == 0 ? VEIL_ERR_BUSY : VEIL_OK;
    if (status == VEIL_OK) {
        vl_queue_job *job = &queue->jobs[link - 1];
        queue->free_head = job->next;
        if (payload_bytes > 0) memcpy(job->payload, payload, payload_bytes);
        job->payload_bytes = (uint32_t)payload_bytes;
        job->submitted_ns = submitted_ns;
        job->deadline_ns = deadline_ns;
        append(queue, link, rank);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return status;
}

bool vl_queue_pop(vl_queue *queue, uint32_t rank, vl_queue_job *job)
{
    if (atomic_load_explicit(&queue->waiting[rank], memory_order_relaxed) == 0) return false;
    (void)pthread_mutex_lock(&queue->lock);
    uint32_t link = queue->head[rank];
    if (link != 0) {
        vl_queue_job *source = &queue->jobs[link - 1];
        queue->head[rank] = source->next;
        if (source->next == 0) queue->tail[rank] = 0;
        memcpy(job->payload, source->payload, source->payload_bytes);
        job->payload_bytes = source->payload_bytes;
        job->submitted_ns = source->submitted_ns;
        job->deadline_ns = source->deadline_ns;
        vl_wipe(source->payload, source->payload_bytes);
        source->next = queue->free_head;
        queue->free_head = link;
        atomic_fetch_sub_explicit(&queue->waiting[rank], 1, memory_order_relaxed);
        atomic_fetch_sub_explicit(queue->total, 1, memory_order_seq_cst);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return link != 0;
}

void vl_queue_close(vl_queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    (void)pthread_mutex_unlock(&queue->lock);
}

void vl_queue_after_fork(vl_queue *queue)
{
    (void)pthread_mutex_init(&queue->lock, NULL);
    vl_wipe(queue->jobs, (size_t)queue->capacity * sizeof(vl_queue_job));
    reset_lists(queue);
    queue->is_closed = true;
}

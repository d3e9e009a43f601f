/*
 * Bounded job queue of one worker: a fixed array of job records, threaded into a free list and one FIFO list for each
 * priority. The queue's mutex guards all of it and is held for one copy. Lives in secret pages, records are wiped when taken.
 */
#ifndef VL_CORE_QUEUE_H
#define VL_CORE_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/workers.h"

#define VL_QUEUE_PRIORITIES 3

typedef struct vl_queue_job {
    _Alignas(16) unsigned char payload[VL_JOB_BYTES];
    uint64_t submitted_ns;
    uint64_t deadline_ns;
    uint32_t payload_bytes;
    uint32_t next; /* index + 1, 0: none */
} vl_queue_job;

typedef struct vl_queue {
    pthread_mutex_t lock; /* guards the rest; taken alone, never with another lock */
    vl_queue_job *jobs;
    size_t mapped_bytes;
    uint32_t capacity;
    uint32_t free_head; /* index + 1 */
    uint32_t head[VL_QUEUE_PRIORITIES];
    uint32_t tail[VL_QUEUE_PRIORITIES];
    bool is_closed;
    _Atomic uint64_t *total;                       /* jobs in all queues; moves with the lists, under this lock */
    _Atomic uint32_t waiting[VL_QUEUE_PRIORITIES]; /* written under the lock; read without it as a hint */
} vl_queue;

/** `total` is counted up and down with this queue's jobs; it is shared by all queues. VEIL_OK or NO_MEMORY. */
veil_status vl_queue_init(vl_queue *queue, uint32_t capacity, _Atomic uint64_t *total);
void vl_queue_destroy(vl_queue *queue);

/** Copy a job in. `rank` 0 runs first. VEIL_OK; BUSY when full; CANCELLED after vl_queue_close. */
veil_status vl_queue_push(vl_queue *queue, const void *payload, size_t payload_bytes, uint32_t rank,
                          uint64_t submitted_ns, uint64_t deadline_ns);

/** Move the oldest job of a rank out to `job`. False when there is none. */
bool vl_queue_pop(vl_queue *queue, uint32_t rank, vl_queue_job *job);

/** Refuse further jobs. */
void vl_queue_close(vl_queue *queue);

/** In a forked child: a thread that is gone may hold the lock; wipe all jobs and close. */
void vl_queue_after_fork(vl_queue *queue);

#endif

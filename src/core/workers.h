/*
 * Worker threads: pinned to the CPUs the process may use, a bounded queue each with three priorities, stealing between
 * them, deadlines. Submitting allocates nothing: a job is a fixed-size record copied into a queue slot. No lock is held
 * while a job runs.
 */
#ifndef VL_CORE_WORKERS_H
#define VL_CORE_WORKERS_H

#include "core/alloc.h"

#define VL_JOB_BYTES 256

typedef struct vl_workers vl_workers;

/** Runs on a worker (status VEIL_OK), or ends a job that will not run (TIMEOUT on a worker, CANCELLED on the destroying
 *  thread). `payload` is the worker's private copy. `waited_ns` is the time since submit. */
typedef void (*vl_job_fn)(void *context, void *payload, veil_status status, uint64_t waited_ns);

/** queue_capacity per worker, counting all priorities. */
veil_status vl_workers_create(const vl_allocator *allocator, uint32_t worker_count, uint32_t queue_capacity,
                              vl_job_fn fn, void *context, vl_workers **out);
/** Running jobs end, waiting ones get CANCELLED, threads are joined. */
void vl_workers_destroy(vl_workers *workers);
/** In a forked child: the threads are gone; waiting jobs are forgotten. */
void vl_workers_after_fork(vl_workers *workers);

/** Queue a job of at most VL_JOB_BYTES. deadline_ns absolute (vl_clock_ns) or 0. VEIL_OK, VEIL_ERR_BUSY. */
veil_status vl_workers_submit(vl_workers *workers, const void *payload, size_t payload_bytes, uint32_t priority,
                              uint64_t deadline_ns);
uint32_t vl_workers_count(const vl_workers *workers);
uint64_t vl_workers_waiting(const vl_workers *workers);

#endif

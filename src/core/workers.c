/*
 * Worker threads. Each has a queue (queue.h); submit hands jobs out in turn and falls over to the next queue when one is
 * full. A worker looks for the highest priority first, in its own queue, then in the others', so a high job that waits behind
 * a busy worker is stolen before anybody starts a normal one. A steady flood of high jobs starves the lower ones: priorities
 * are strict, deadlines are what bounds waiting.
 *
 * Sleeping: `waiting` counts queued jobs, `sleepers` threads that are about to sleep or do. Submit writes the first and reads
 * the second, a worker the other way round, both sequentially consistent: one of them always sees the other.
 * Locks: a queue's lock and sleep_lock are never held together, and neither while a job runs.
 */
#include "core/workers.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/pages.h"
#include "core/queue.h"

#define QUEUE_CAPACITY_MAX 65536u
#define WORKERS_MAX        1024u
#define AFFINITY_CPUS      8192 /* CONFIG_NR_CPUS of the largest distribution kernels */

typedef struct worker {
    vl_queue queue;
    vl_workers *all;
    pthread_t thread;
    uint32_t index;
    int cpu;          /* pinned here; -1: not pinned */
    vl_queue_job job; /* the private copy of the running one */
} worker;

struct vl_workers {
    vl_allocator allocator;
    vl_job_fn fn;
    void *context;
    size_t mapped_bytes;
    uint32_t count;
    uint32_t started;
    bool has_locks;
    _Atomic bool is_forked;             /* the threads stayed in the parent */
    _Alignas(64) _Atomic uint32_t turn; /* next queue for submit */
    _Alignas(64) _Atomic uint64_t waiting;
    _Atomic uint32_t sleepers;
    _Atomic bool is_stopping;
    pthread_mutex_t sleep_lock; /* guards nothing but the sleep itself */
    pthread_cond_t wake;
    worker workers[];
};

#define SPINS 100 /* times some 10 to 45 ns, by CPU */

static void relax_cpu(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static uint32_t rank_of(uint32_t priority)
{
    return priority == VEIL_PRIORITY_HIGH ? 0 : priority == VEIL_PRIORITY_NORMAL ? 1 : 2;
}

/* Own queue first, then the neighbours', one priority after the other. */
static bool take_job(worker *self)
{
    vl_workers *all = self->all;
    for (uint32_t rank = 0; rank < VL_QUEUE_PRIORITIES; rank++) {
        for (uint32_t i = 0; i < all->count; i++) {
            uint32_t victim = self->index + i < all->count ? self->index + i : self->index + i - all->count;
            if (vl_queue_pop(&all->workers[victim].queue, rank, &self->job)) return true;
        }
    }
    return false;
}

static void run_job(vl_workers *all, vl_queue_job *job, veil_status status)
{
    uint64_t now_ns = vl_clock_ns();
    if (status == VEIL_OK && job->deadline_ns != 0 && now_ns >= job->deadline_ns) status = VEIL_ERR_TIMEOUT;
    all->fn(all->context, job->payload, status, now_ns - job->submitted_ns);
    vl_wipe(job->payload, job->payload_bytes);
}

/*
 * A few microseconds of looking before lying down: waking a thread costs the submitter a system call (about 2 us here), so a
 * worker that sees the next job come saves it. Bounded, so an idle process does not spin.
 */
static bool work_comes_soon(vl_workers *all)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&all->waiting, memory_order_relaxed) != 0) return true;
        relax_cpu();
    }
    return false;
}

static void sleep_until_work(vl_workers *all)
{
    if (work_comes_soon(all)) return;
    (void)pthread_mutex_lock(&all->sleep_lock);
    atomic_fetch_add_explicit(&all->sleepers, 1, memory_order_seq_cst);
    while (atomic_load_explicit(&all->waiting, memory_order_seq_cst) == 0 &&
           !atomic_load_explicit(&all->is_stopping, memory_order_seq_cst)) {
        (void)pthread_cond_wait(&all->wake, &all->sleep_lock);
    }
    atomic_fetch_sub_explicit(&all->sleepers, 1, memory_order_seq_cst);
    (void)pthread_mutex_unlock(&all->sleep_lock);
}

static void pin_and_name(const worker *self)
{
    char name[16];
    (void)snprintf(name, sizeof name, "veil-%u", (unsigned)self->index);
    (void)pthread_setname_np(pthread_self(), name);
    if (self->cpu < 0) return;
    cpu_set_t set[AFFINITY_CPUS / CPU_SETSIZE];
    CPU_ZERO_S(sizeof set, set);
    CPU_SET_S((size_t)self->cpu, sizeof set, set);
    (void)sched_setaffinity(0, sizeof set, set); /* a CPU that went offline: the worker stays unpinned */
}

static void *worker_main(void *argument)
{
    worker *self = argument;
    vl_workers *all = self->all;
    pin_and_name(self);
    while (!atomic_load_explicit(&all->is_stopping, memory_order_seq_cst)) {
        if (take_job(self)) {
            run_job(all, &self->job, VEIL_OK);
        } else {
            sleep_until_work(all);
        }
    }
    return NULL;
}

/* The n-th CPU, in turn, of those that the creating thread may use. */
static void choose_cpus(vl_workers *all)
{
    cpu_set_t set[AFFINITY_CPUS / CPU_SETSIZE];
    CPU_ZERO_S(sizeof set, set);
    bool is_known = sched_getaffinity(0, sizeof set, set) == 0 && CPU_COUNT_S(sizeof set, set) > 0;
    size_t cpu = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        all->workers[i].cpu = -1;
        if (!is_known) continue;
        while (!CPU_ISSET_S(cpu % AFFINITY_CPUS, sizeof set, set))
            cpu++;
        all->workers[i].cpu = (int)(cpu++ % AFFINITY_CPUS);
    }
}

/* Signals are the host's business: its handlers must not run on our threads. Faults stay deliverable, so that a crash
 * handler of the host still sees them. */
static void worker_signals(sigset_t *blocked)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    (void)sigfillset(blocked);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        (void)sigdelset(blocked, faults[i]);
    }
}

/* The mask goes through the thread's attributes: the creating thread's own mask is never touched. */
static veil_status start_threads(vl_workers *all)
{
    pthread_attr_t attributes;
    sigset_t blocked;
    if (pthread_attr_init(&attributes) != 0) return VEIL_ERR_NO_MEMORY;
    worker_signals(&blocked);
    veil_status status = pthread_attr_setsigmask_np(&attributes, &blocked) == 0 ? VEIL_OK : VEIL_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < all->count && status == VEIL_OK; i++) {
        worker *self = &all->workers[i];
        if (pthread_create(&self->thread, &attributes, worker_main, self) != 0) {
            status = VEIL_ERR_NO_MEMORY; /* EAGAIN: out of threads or stack memory */
        } else {
            all->started++;
        }
    }
    (void)pthread_attr_destroy(&attributes);
    return status;
}

static veil_status init_all(vl_workers *all, uint32_t queue_capacity)
{
    if (pthread_mutex_init(&all->sleep_lock, NULL) != 0) return VEIL_ERR_NO_MEMORY;
    if (pthread_cond_init(&all->wake, NULL) != 0) {
        (void)pthread_mutex_destroy(&all->sleep_lock);
        return VEIL_ERR_NO_MEMORY;
    }
    all->has_locks = true;
    for (uint32_t i = 0; i < all->count; i++) {
        all->workers[i].all = all;
        all->workers[i].index = i;
        veil_status status = vl_queue_init(&all->workers[i].queue, queue_capacity, &all->waiting);
        if (status != VEIL_OK) return status;
    }
    choose_cpus(all);
    return start_threads(all);
}

veil_status vl_workers_create(const vl_allocator *allocator, uint32_t worker_count, uint32_t queue_capacity,
                              vl_job_fn fn, void *context, vl_workers **out)
{
    *out = NULL;
    if (worker_count == 0 || worker_count > WORKERS_MAX || fn == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    if (queue_capacity == 0 || queue_capacity > QUEUE_CAPACITY_MAX) return VEIL_ERR_INVALID_ARGUMENT;
    size_t size_bytes = sizeof(vl_workers) + worker_count * sizeof(worker);
    vl_workers *all = vl_pages_map(size_bytes, NULL); /* holds the payloads of running jobs */
    if (all == NULL) return VEIL_ERR_NO_MEMORY;
    all->allocator = *allocator;
    all->fn = fn;
    all->context = context;
    all->mapped_bytes = size_bytes;
    all->count = worker_count;
    veil_status status = init_all(all, queue_capacity);
    if (status != VEIL_OK) {
        vl_workers_destroy(all);
        return status;
    }
    *out = all;
    return VEIL_OK;
}

static void stop_threads(vl_workers *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->workers[i].queue.jobs != NULL) vl_queue_close(&all->workers[i].queue);
    }
    (void)pthread_mutex_lock(&all->sleep_lock);
    atomic_store_explicit(&all->is_stopping, true, memory_order_seq_cst);
    (void)pthread_cond_broadcast(&all->wake);
    (void)pthread_mutex_unlock(&all->sleep_lock);
    for (uint32_t i = 0; i < all->started; i++) {
        (void)pthread_join(all->workers[i].thread, NULL);
    }
}

static void cancel_waiting(vl_workers *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        worker *self = &all->workers[i];
        for (uint32_t rank = 0; rank < VL_QUEUE_PRIORITIES && self->queue.jobs != NULL; rank++) {
            while (vl_queue_pop(&self->queue, rank, &self->job))
                run_job(all, &self->job, VEIL_ERR_CANCELLED);
        }
    }
}

void vl_workers_destroy(vl_workers *workers)
{
    if (workers == NULL) return;
    bool is_forked = atomic_load(&workers->is_forked);
    if (workers->has_locks && !is_forked) {
        stop_threads(workers);
        cancel_waiting(workers);
        (void)pthread_cond_destroy(&workers->wake);
        (void)pthread_mutex_destroy(&workers->sleep_lock);
    }
    for (uint32_t i = 0; i < workers->count; i++) {
        vl_queue_destroy(&workers->workers[i].queue);
    }
    vl_pages_unmap(workers, workers->mapped_bytes);
}

void vl_workers_after_fork(vl_workers *workers)
{
    if (workers == NULL) return;
    atomic_store(&workers->is_forked, true);
    atomic_store(&workers->is_stopping, true);
    atomic_store(&workers->waiting, 0);
    for (uint32_t i = 0; i < workers->count; i++) {
        vl_queue_after_fork(&workers->workers[i].queue);
        vl_wipe(&workers->workers[i].job, sizeof workers->workers[i].job);
    }
}

static void wake_one(vl_workers *workers)
{
    if (atomic_load_explicit(&workers->sleepers, memory_order_seq_cst) == 0) return;
    (void)pthread_mutex_lock(&workers->sleep_lock);
    (void)pthread_mutex_unlock(&workers->sleep_lock); /* whoever counted itself is now waiting on `wake` */
    (void)pthread_cond_signal(&workers->wake);
}

veil_status vl_workers_submit(vl_workers *workers, const void *payload, size_t payload_bytes, uint32_t priority,
                              uint64_t deadline_ns)
{
    if (payload_bytes > VL_JOB_BYTES || priority > VEIL_PRIORITY_LOW) return VEIL_ERR_INVALID_ARGUMENT;
    if (atomic_load_explicit(&workers->is_forked, memory_order_relaxed)) return VEIL_ERR_UNSUPPORTED;
    uint64_t now_ns = vl_clock_ns();
    uint32_t first = atomic_fetch_add_explicit(&workers->turn, 1, memory_order_relaxed) % workers->count;
    veil_status status = VEIL_ERR_BUSY;
    for (uint32_t i = 0; i < workers->count && status == VEIL_ERR_BUSY; i++) {
        vl_queue *queue = &workers->workers[(first + i) % workers->count].queue;
        status = vl_queue_push(queue, payload, payload_bytes, rank_of(priority), now_ns, deadline_ns);
    }
    if (status == VEIL_OK) wake_one(workers);
    return status;
}

uint32_t vl_workers_count(const vl_workers *workers)
{
    return workers == NULL || atomic_load(&workers->is_forked) ? 0 : workers->count;
}

uint64_t vl_workers_waiting(const vl_workers *workers)
{
    return workers == NULL ? 0 : atomic_load_explicit(&workers->waiting, memory_order_relaxed);
}

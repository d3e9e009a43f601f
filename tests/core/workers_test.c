/* Workers: every job ends exactly once, priorities, deadlines, stealing, BUSY, cancelling, fork, threads that do not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/workers.h"
#include "support/malloc_count.h"

/* ---- a pthread_create that can fail: the n-th call from now on ---- */

static _Atomic int create_countdown;

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                          void *(*start)(void *), void *argument)
{
    typedef int (*create_fn)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static _Atomic(create_fn) real;
    if (atomic_load(&create_countdown) > 0 && atomic_fetch_sub(&create_countdown, 1) == 1) return EAGAIN;
    if (atomic_load(&real) == NULL) {
        void *symbol = dlsym(RTLD_NEXT, "pthread_create");
        create_fn found;
        memcpy(&found, &symbol, sizeof found);
        atomic_store(&real, found);
    }
    return atomic_load(&real)(thread, attributes, start, argument);
}

/* ---- what jobs do ---- */

typedef struct record {
    _Atomic uint32_t runs;
    _Atomic uint32_t timeouts;
    _Atomic uint32_t cancels;
    _Atomic uint32_t order_next;
    _Atomic uint32_t order[64]; /* ids in the order they ran */
    _Atomic bool is_gate_open;
    _Atomic uint32_t at_gate;
    _Atomic uint32_t thread_checks_failed;
    _Atomic uintptr_t last_payload;
} record;

typedef struct payload {
    uint32_t id;
    bool waits_at_gate;
    char secret[32];
} payload;

static void nap(void)
{
    usleep(200);
}

static void on_job(void *context, void *bytes, veil_status status, uint64_t waited_ns)
{
    record *seen = context;
    const payload *job = bytes;
    (void)waited_ns;
    if (status == VEIL_ERR_TIMEOUT) {
        atomic_fetch_add(&seen->timeouts, 1);
        return;
    }
    if (status == VEIL_ERR_CANCELLED) {
        atomic_fetch_add(&seen->cancels, 1);
        return;
    }
    atomic_store(&seen->last_payload, (uintptr_t)bytes);
    if (job->waits_at_gate) {
        atomic_fetch_add(&seen->at_gate, 1);
        while (!atomic_load(&seen->is_gate_open))
            nap();
    } else {
        uint32_t place = atomic_fetch_add(&seen->order_next, 1);
        if (place < 64) atomic_store(&seen->order[place], job->id);
    }
    atomic_fetch_add(&seen->runs, 1);
}

static vl_workers *start(record *seen, uint32_t workers, uint32_t capacity)
{
    vl_workers *all;
    assert_int_equal(vl_workers_create(&vl_allocator_default, workers, capacity, on_job, seen, &all), VEIL_OK);
    return all;
}

static veil_status submit(vl_workers *all, uint32_t id, bool waits, uint32_t priority, uint64_t deadline_ns)
{
    payload job = {id, waits, "a secret that must not stay"};
    return vl_workers_submit(all, &job, sizeof job, priority, deadline_ns);
}

/* Park every worker in a job that waits for the gate. */
static void park(vl_workers *all, record *seen, uint32_t workers)
{
    for (uint32_t i = 0; i < workers; i++)
        assert_int_equal(submit(all, 0, true, VEIL_PRIORITY_HIGH, 0), VEIL_OK);
    while (atomic_load(&seen->at_gate) < workers)
        nap();
}

static void wait_for(_Atomic uint32_t *counter, uint32_t value)
{
    while (atomic_load(counter) < value)
        nap();
}

/* ---- tests ---- */

static void higher_priorities_run_first(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 1, 16);
    park(all, &seen, 1);
    assert_int_equal(submit(all, 30, false, VEIL_PRIORITY_LOW, 0), VEIL_OK);
    assert_int_equal(submit(all, 20, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    assert_int_equal(submit(all, 31, false, VEIL_PRIORITY_LOW, 0), VEIL_OK);
    assert_int_equal(submit(all, 10, false, VEIL_PRIORITY_HIGH, 0), VEIL_OK);
    assert_int_equal(submit(all, 21, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    assert_int_equal(submit(all, 11, false, VEIL_PRIORITY_HIGH, 0), VEIL_OK);
    assert_int_equal(vl_workers_waiting(all), 6);
    atomic_store(&seen.is_gate_open, true);
    wait_for(&seen.runs, 7);
    static const uint32_t want[] = {10, 11, 20, 21, 30, 31};
    for (int i = 0; i < 6; i++)
        assert_int_equal(seen.order[i], want[i]);
    assert_int_equal(vl_workers_waiting(all), 0);
    vl_workers_destroy(all);
}

static void a_full_queue_is_busy_at_once(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 2, 3);
    park(all, &seen, 2);
    for (uint32_t i = 0; i < 6; i++) /* both queues, wherever the first choice falls */
        assert_int_equal(submit(all, i, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    assert_int_equal(submit(all, 6, false, VEIL_PRIORITY_HIGH, 0), VEIL_ERR_BUSY);
    atomic_store(&seen.is_gate_open, true);
    wait_for(&seen.runs, 8);
    assert_int_equal(submit(all, 7, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    wait_for(&seen.runs, 9);
    vl_workers_destroy(all);
    assert_int_equal(seen.runs, 9);
    assert_int_equal(seen.cancels, 0);
}

static void an_expired_job_never_runs(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 1, 8);
    park(all, &seen, 1);
    assert_int_equal(submit(all, 1, false, VEIL_PRIORITY_NORMAL, vl_deadline_after_us(500)), VEIL_OK);
    assert_int_equal(submit(all, 2, false, VEIL_PRIORITY_NORMAL, vl_deadline_after_us(60000000)), VEIL_OK);
    assert_int_equal(submit(all, 3, false, VEIL_PRIORITY_HIGH, 1), VEIL_OK);
    usleep(2000);
    atomic_store(&seen.is_gate_open, true);
    wait_for(&seen.runs, 2);
    wait_for(&seen.timeouts, 2);
    vl_workers_destroy(all);
    assert_int_equal(seen.order_next, 1);
    assert_int_equal(seen.order[0], 2);
    assert_int_equal(seen.runs, 2);
}

/* One worker is parked; what was queued for it in turn must be run by the other. */
static void idle_workers_steal(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 2, 32);
    park(all, &seen, 1);
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(submit(all, i, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    wait_for(&seen.runs, 20);
    assert_false(atomic_load(&seen.is_gate_open));
    atomic_store(&seen.is_gate_open, true);
    vl_workers_destroy(all);
    assert_int_equal(seen.runs, 21);
}

static void *open_gate_soon(void *argument)
{
    record *seen = argument;
    usleep(3000);
    atomic_store(&seen->is_gate_open, true);
    return NULL;
}

static void destroy_cancels_what_waits(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 1, 16);
    park(all, &seen, 1);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(submit(all, i, false, i % 3, 0), VEIL_OK);
    pthread_t opener;
    assert_int_equal(pthread_create(&opener, NULL, open_gate_soon, &seen), 0);
    vl_workers_destroy(all);
    assert_int_equal(pthread_join(opener, NULL), 0);
    assert_int_equal(seen.runs + seen.cancels, 11);
    assert_true(seen.runs >= 1);
    vl_workers_destroy(NULL);
}

static void the_payload_is_wiped_after_the_run(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 1, 4);
    assert_int_equal(submit(all, 1, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    wait_for(&seen.runs, 1);
    assert_int_equal(submit(all, 2, true, VEIL_PRIORITY_NORMAL, 0), VEIL_OK); /* the copy is in use: wait inside it */
    wait_for(&seen.at_gate, 1);
    const char *copy = (const char *)atomic_load(&seen.last_payload);
    assert_memory_equal(copy + offsetof(payload, secret), "a secret", 8);
    uint8_t none = 0;
    assert_int_equal(vl_workers_submit(all, &none, 0, VEIL_PRIORITY_LOW, 1),
                     VEIL_OK); /* empty: writes nothing itself */
    atomic_store(&seen.is_gate_open, true);
    wait_for(&seen.timeouts, 1); /* so the run before it is over, and wiped */
    for (size_t i = 0; i < sizeof(payload); i++)
        assert_int_equal(copy[i], 0);
    vl_workers_destroy(all);
}

static void bad_arguments_are_refused(void **state)
{
    (void)state;
    record seen = {0};
    static char large[VL_JOB_BYTES + 1];
    vl_workers *all;
    const vl_allocator *heap = &vl_allocator_default;
    assert_int_equal(vl_workers_create(heap, 0, 8, on_job, &seen, &all), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_create(heap, 100000, 8, on_job, &seen, &all), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_create(heap, 1, 0, on_job, &seen, &all), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_create(heap, 1, 65537, on_job, &seen, &all), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_create(heap, 1, 8, NULL, &seen, &all), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(all);
    assert_int_equal(vl_workers_count(NULL), 0);
    assert_int_equal(vl_workers_waiting(NULL), 0);
    all = start(&seen, 1, 8);
    assert_int_equal(vl_workers_submit(all, large, sizeof large, 0, 0), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_submit(all, large, 1, 3, 0), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_workers_submit(all, large, VL_JOB_BYTES, 0, 0), VEIL_OK);
    vl_workers_destroy(all);
}

static void check_thread(void *context, void *bytes, veil_status status, uint64_t waited_ns)
{
    record *seen = context;
    char name[16] = "";
    sigset_t blocked;
    cpu_set_t cpus;
    (void)bytes;
    (void)status;
    (void)waited_ns;
    bool is_good = pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strncmp(name, "veil-", 5) == 0;
    is_good &= pthread_sigmask(SIG_SETMASK, NULL, &blocked) == 0;
    is_good &= sigismember(&blocked, SIGTERM) == 1 && sigismember(&blocked, SIGINT) == 1 &&
               sigismember(&blocked, SIGCHLD) == 1 && sigismember(&blocked, SIGUSR1) == 1;
    is_good &= sigismember(&blocked, SIGSEGV) == 0; /* a host's crash handler still gets faults */
    is_good &= sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) == 1;
    if (!is_good) atomic_fetch_add(&seen->thread_checks_failed, 1);
    atomic_fetch_add(&seen->runs, 1);
}

static void threads_are_named_pinned_and_deaf_to_signals(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all;
    sigset_t before;
    sigset_t after;
    cpu_set_t cpus_before;
    cpu_set_t cpus_after;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    assert_int_equal(sched_getaffinity(0, sizeof cpus_before, &cpus_before), 0);
    assert_int_equal(vl_workers_create(&vl_allocator_default, 3, 8, check_thread, &seen, &all), VEIL_OK);
    assert_int_equal(vl_workers_count(all), 3);
    for (uint32_t i = 0; i < 12; i++)
        assert_int_equal(submit(all, i, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    wait_for(&seen.runs, 12);
    assert_int_equal(seen.thread_checks_failed, 0);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0); /* ours is untouched */
    for (int number = 1; number < 32; number++)
        assert_int_equal(sigismember(&before, number), sigismember(&after, number));
    assert_int_equal(sched_getaffinity(0, sizeof cpus_after, &cpus_after), 0);
    assert_true(CPU_EQUAL(&cpus_before, &cpus_after));
    vl_workers_destroy(all);
}

static void a_thread_that_does_not_start_fails_clean(void **state)
{
    (void)state;
    record seen = {0};
    for (int n = 1; n <= 3; n++) {
        vl_workers *all = (vl_workers *)&seen;
        malloc_counts before = malloc_count_read();
        atomic_store(&create_countdown, n);
        assert_int_equal(vl_workers_create(&vl_allocator_default, 3, 8, on_job, &seen, &all), VEIL_ERR_NO_MEMORY);
        assert_null(all);
        assert_int_equal(malloc_count_since(before).live_maps, 0);
    }
    atomic_store(&create_countdown, 0);
    if (!malloc_count_works()) return;
    for (uint64_t n = 1;; n++) { /* and each mapping refused */
        vl_workers *all;
        malloc_counts before = malloc_count_read();
        malloc_count_fail_at(n);
        veil_status status = vl_workers_create(&vl_allocator_default, 2, 8, on_job, &seen, &all);
        bool failed = malloc_count_fail_done();
        if (status == VEIL_OK) vl_workers_destroy(all);
        assert_int_equal(malloc_count_since(before).live_maps, 0);
        if (!failed) break;
        if (status != VEIL_OK) assert_int_equal(status, VEIL_ERR_NO_MEMORY);
        assert_true(n < 20);
    }
}

static void submitting_allocates_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    record seen = {0};
    vl_workers *all = start(&seen, 2, 64);
    assert_int_equal(submit(all, 0, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    wait_for(&seen.runs, 1);
    malloc_counts before = malloc_count_read();
    for (uint32_t i = 0; i < 500; i++) {
        while (submit(all, i, false, i % 3, 0) != VEIL_OK)
            nap();
    }
    wait_for(&seen.runs, 501);
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(change.allocations + change.maps, 0);
    vl_workers_destroy(all);
}

static void a_forked_child_lets_go(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 2, 16);
    park(all, &seen, 2);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(submit(all, i, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
    pid_t child = fork();
    if (child == 0) {
        payload job = {0};
        vl_workers_after_fork(all);
        vl_workers_after_fork(NULL);
        bool is_good = vl_workers_count(all) == 0 && vl_workers_waiting(all) == 0 &&
                       vl_workers_submit(all, &job, sizeof job, 0, 0) == VEIL_ERR_UNSUPPORTED;
        vl_workers_destroy(all);
        is_good = is_good && seen.runs == 0 && seen.cancels == 0;
        _exit(is_good ? 0 : 1);
    }
    int status = -1;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    atomic_store(&seen.is_gate_open, true);
    wait_for(&seen.runs, 7); /* the parent goes on */
    vl_workers_destroy(all);
}

#define SUBMITTERS 4
#define JOBS       4000

typedef struct contest {
    vl_workers *all;
    record *seen;
    _Atomic uint32_t accepted;
    _Atomic uint32_t busy;
} contest;

static void *submit_many(void *argument)
{
    contest *shared = argument;
    for (uint32_t i = 0; i < JOBS; i++) {
        uint64_t deadline_ns = i % 5 == 0 ? vl_deadline_after_us(20) : 0;
        veil_status status = submit(shared->all, i, false, i % 3, deadline_ns);
        atomic_fetch_add(status == VEIL_OK ? &shared->accepted : &shared->busy, 1);
        if (i % 500 == 0) nap(); /* lets the workers fall asleep now and then */
    }
    return NULL;
}

static void every_accepted_job_ends_once(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 4; workers++) {
        record seen = {0};
        contest shared = {.all = start(&seen, workers, 64), .seen = &seen};
        pthread_t threads[SUBMITTERS];
        for (int i = 0; i < SUBMITTERS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, submit_many, &shared), 0);
        for (int i = 0; i < SUBMITTERS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        wait_for(&seen.runs, 1);        /* on a busy machine every submitter may be done before a worker had its turn */
        vl_workers_destroy(shared.all); /* some may still wait: they are cancelled */
        assert_int_equal(shared.accepted + shared.busy, SUBMITTERS * JOBS);
        assert_int_equal(seen.runs + seen.timeouts + seen.cancels, shared.accepted);
    }
}

/* Lost wake-ups show as a hang here: each job is handed to sleeping workers. */
static void sleeping_workers_wake_for_each_job(void **state)
{
    (void)state;
    record seen = {0};
    vl_workers *all = start(&seen, 3, 4);
    for (uint32_t i = 1; i <= 2000; i++) {
        assert_int_equal(submit(all, i, false, VEIL_PRIORITY_NORMAL, 0), VEIL_OK);
        uint64_t give_up = vl_deadline_after_us(20000000);
        while (atomic_load(&seen.runs) < i && !vl_deadline_passed(give_up))
            sched_yield();
        assert_int_equal(seen.runs, i);
    }
    vl_workers_destroy(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(higher_priorities_run_first),
        cmocka_unit_test(a_full_queue_is_busy_at_once),
        cmocka_unit_test(an_expired_job_never_runs),
        cmocka_unit_test(idle_workers_steal),
        cmocka_unit_test(destroy_cancels_what_waits),
        cmocka_unit_test(the_payload_is_wiped_after_the_run),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(threads_are_named_pinned_and_deaf_to_signals),
        cmocka_unit_test(a_thread_that_does_not_start_fails_clean),
        cmocka_unit_test(submitting_allocates_nothing),
        cmocka_unit_test(a_forked_child_lets_go),
        cmocka_unit_test(every_accepted_job_ends_once),
        cmocka_unit_test(sleeping_workers_wake_for_each_job),
    };
    return cmocka_run_group_tests_name("workers", tests, NULL, NULL);
}

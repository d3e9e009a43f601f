/*
 * Submitted jobs: checks, completion by callback and by queue, the descriptor, room that is never exceeded, deadlines,
 * cancellation, priorities, and what untouched means. Workers are held up by a callback that waits at a gate, so that every
 * case is decided and none depends on timing.
 */
#include "api_support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#define BAD VEIL_ERR_INVALID_ARGUMENT

static veil_error error = VEIL_ERROR_INIT;

/* ---- A worker that stands still ---- */

typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int standing; /* workers inside */
    bool is_open;
} gate;

#define GATE_INIT                                                                                                      \
    {                                                                                                                  \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false                                                  \
    }

static void stand(void *user, const veil_completion *done)
{
    gate *g = user;
    (void)done;
    pthread_mutex_lock(&g->lock);
    g->standing++;
    pthread_cond_broadcast(&g->changed);
    while (!g->is_open)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void open_gate(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->is_open = true;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

static veil_job text_job(veil_text_result *result)
{
    return (veil_job){.struct_size = sizeof(veil_job),
                      .kind = VEIL_JOB_TEXT_SCAN,
                      .input = SAMPLE,
                      .input_bytes = sizeof SAMPLE - 1,
                      .result = result};
}

static void fill_text_job(veil_job *job, veil_text_result *result)
{
    *job = text_job(result);
}

/* Occupy `count` workers. */
static void hold_workers(const veil_sanitizer *s, gate *g, int count, veil_text_result *result)
{
    veil_job job = text_job(result);
    job.on_done = stand;
    job.user = g;
    for (int i = 0; i < count; i++) {
        job.result = &result[i];
        while (veil_submit(s, &job, NULL) == VEIL_ERR_BUSY)
            usleep(100);
    }
    pthread_mutex_lock(&g->lock);
    while (g->standing < count)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static veil_sanitizer *make_workers(uint32_t workers, uint32_t queue_capacity)
{
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.worker_count = workers;
    config.queue_capacity = queue_capacity;
    return make(&config);
}

static bool is_readable(int fd, int timeout_ms)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    return poll(&waiting, 1, timeout_ms) == 1;
}

/* ---- Cases ---- */

static void every_wrong_job_is_refused(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    veil_text_result result = {sizeof result, NULL, 0, 0};
    gate g = GATE_INIT;
    g.is_open = true;
    veil_job job;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        fill_text_job(&job, &result);                                                                                  \
        job.on_done = stand;                                                                                           \
        job.user = &g;                                                                                                 \
        __VA_ARGS__;                                                                                                   \
        assert_refused(veil_submit(s, &job, &error), BAD, error, word);                                                \
    } while (0)
    WRONG("struct_size", job.struct_size = 0);
    WRONG("struct_size", job.struct_size = sizeof job - 8);
    WRONG("kind", job.kind = 0);
    WRONG("kind", job.kind = 9);
    WRONG("priority", job.priority = 3);
    WRONG("on_done", job.on_done = NULL);
    WRONG("result", job.result = NULL);
    WRONG("input", job.input = NULL);
    WRONG("input", job.kind = VEIL_JOB_TEXT_REDACT; job.input = NULL);
    WRONG("out", job.kind = VEIL_JOB_TEXT_REDACT; job.out_capacity = 4);
    WRONG("subject", job.kind = VEIL_JOB_IMAGE_SCAN);
    WRONG("subject", job.kind = VEIL_JOB_IMAGE_REDACT);
    WRONG("subject", job.kind = VEIL_JOB_AUDIO_SCAN);
    WRONG("subject", job.kind = VEIL_JOB_AUDIO_REDACT);
    WRONG("result", job.kind = VEIL_JOB_AUDIO_SCAN; job.subject = &g; job.result = NULL);
#undef WRONG
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 4, &queue, &error), VEIL_OK);
    job = text_job(&result);
    job.on_done = stand;
    job.queue = queue;
    assert_refused(veil_submit(s, &job, &error), BAD, error, "exactly one");
    job.on_done = NULL;
    assert_refused(veil_submit(NULL, &job, &error), BAD, error, "sanitizer");
    assert_refused(veil_submit(s, NULL, &error), BAD, error, "job");
    job.kind = VEIL_JOB_AUDIO_REDACT;
    job.subject = &g;
    assert_refused(veil_submit(s, &job, &error), VEIL_ERR_UNSUPPORTED, error, "without");
    veil_error small = {.struct_size = 8};
    assert_int_equal(veil_submit(s, &job, &small), BAD);
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(s);

    s = make_for(VEIL_MODALITY_TEXT);
    job = text_job(&result);
    job.on_done = stand;
    assert_refused(veil_submit(s, &job, &error), VEIL_ERR_UNSUPPORTED, error, "workers");
    veil_sanitizer_destroy(s);
}

static void queues_check_their_arguments(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    veil_queue *queue = (veil_queue *)&error;
    veil_completion one;
    assert_refused(veil_queue_create(NULL, 4, &queue, &error), BAD, error, "sanitizer");
    assert_null(queue);
    assert_refused(veil_queue_create(s, 4, NULL, &error), BAD, error, "out");
    assert_refused(veil_queue_create(s, 0, &queue, &error), BAD, error, "capacity");
    assert_refused(veil_queue_create(s, 65537, &queue, &error), BAD, error, "capacity");
    assert_int_equal(veil_queue_create(s, 65536, &queue, NULL), VEIL_OK);
    veil_queue_destroy(queue);
    assert_int_equal(veil_queue_create(s, 1, &queue, &error), VEIL_OK);
    assert_int_equal(veil_queue_poll(NULL, &one, 1, sizeof one), BAD);
    assert_int_equal(veil_queue_poll(queue, NULL, 1, sizeof one), BAD);
    assert_int_equal(veil_queue_poll(queue, &one, 1, 24), BAD);
    assert_int_equal(veil_queue_poll(queue, &one, 1, sizeof one + 1), BAD);
    assert_int_equal(veil_queue_poll(queue, &one, 1, sizeof one), 0);
    assert_int_equal(veil_queue_poll(queue, NULL, 0, sizeof one), 0);
    assert_int_equal(veil_queue_fd(NULL), -1);
    const int fd = veil_queue_fd(queue);
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    veil_queue_destroy(queue);
    assert_int_equal(fcntl(fd, F_GETFL), -1);
    veil_queue_destroy(NULL);
    veil_sanitizer_destroy(s);
}

static void completions_come_through_a_descriptor(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    veil_sanitizer *s = make_workers(2, 64);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, COUNT, &queue, &error), VEIL_OK);
    static char out[COUNT][64];
    for (size_t i = 0; i < COUNT; i++) {
        veil_job job = text_job(NULL);
        job.kind = VEIL_JOB_TEXT_REDACT;
        job.out = out[i];
        job.out_capacity = sizeof out[i];
        job.queue = queue;
        job.user = out[i];
        assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    }
    bool seen[COUNT] = {false};
    for (size_t got = 0; got < COUNT;) {
        veil_completion done[8];
        assert_true(is_readable(veil_queue_fd(queue), 10000));
        const int32_t count = veil_queue_poll(queue, done, 8, sizeof done[0]);
        assert_in_range(count, 1, 8);
        for (int32_t i = 0; i < count; i++) {
            const size_t index = (size_t)((char(*)[64])done[i].user - out);
            assert_int_equal(done[i].struct_size, sizeof done[i]);
            assert_int_equal(done[i].status, VEIL_OK);
            assert_int_equal(done[i].out_bytes, sizeof SAMPLE_REDACTED - 1);
            assert_memory_equal(out[index], SAMPLE_REDACTED, sizeof SAMPLE_REDACTED - 1);
            assert_false(seen[index]);
            seen[index] = true;
        }
        got += (size_t)count;
    }
    assert_false(is_readable(veil_queue_fd(queue), 0));
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(s);
}

/* Completions of other sizes: an older caller's end after the status, a newer caller's tail is zeroed. */
static void completions_fit_the_callers_struct(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 8, &queue, &error), VEIL_OK);
    veil_text_result results[3];
    for (size_t i = 0; i < 3; i++) {
        results[i] = (veil_text_result){sizeof results[i], NULL, 0, 0};
        veil_job job = text_job(&results[i]);
        job.input_bytes = 4;
        job.queue = queue;
        job.user = &results[i];
        assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    }
    unsigned char bytes[2 * (sizeof(veil_completion) + 16)];
    memset(bytes, 0xee, sizeof bytes);
    for (int waited = 0; waited < 3;) {
        assert_true(is_readable(veil_queue_fd(queue), 10000));
        if (waited < 2) {
            const int32_t count = veil_queue_poll(queue, (veil_completion *)bytes, (uint32_t)(2 - waited), 32);
            assert_true(count > 0);
            waited += count;
            assert_int_equal(((veil_completion *)bytes)->struct_size, 32);
            assert_int_equal(bytes[32 * 2], 0xee);
        } else {
            const size_t size = sizeof(veil_completion) + 16;
            assert_int_equal(veil_queue_poll(queue, (veil_completion *)bytes, 1, size), 1);
            assert_int_equal(((veil_completion *)bytes)->struct_size, size);
            assert_int_equal(bytes[size - 1], 0);
            assert_int_equal(bytes[size], 0xee);
            waited++;
        }
    }
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(s);
}

static void a_full_queue_answers_busy_at_once(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 4);
    gate g = GATE_INIT;
    veil_text_result held = {sizeof held, NULL, 0, 0};
    hold_workers(s, &g, 1, &held);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 2, &queue, &error), VEIL_OK);
    veil_text_result results[16];
    size_t accepted = 0;
    for (size_t i = 0; i < 4; i++) { /* the completion queue is the narrower one */
        results[i] = (veil_text_result){sizeof results[i], NULL, 0, 99};
        veil_job job = text_job(&results[i]);
        job.queue = queue;
        const veil_status status = veil_submit(s, &job, &error);
        if (status == VEIL_OK) accepted++;
        if (status != VEIL_OK) assert_int_equal(status, VEIL_ERR_BUSY);
    }
    assert_int_equal(accepted, 2);
    gate open = GATE_INIT;
    open.is_open = true;
    for (size_t i = 4; i < 16; i++) { /* then the workers' */
        results[i] = (veil_text_result){sizeof results[i], NULL, 0, 99};
        veil_job job = text_job(&results[i]);
        job.on_done = stand;
        job.user = &open;
        if (veil_submit(s, &job, &error) == VEIL_OK) accepted++;
    }
    assert_int_equal(accepted, 4);
    assert_int_equal(error.status, VEIL_ERR_BUSY);
    veil_metrics metrics = {.struct_size = sizeof metrics};
    assert_int_equal(veil_metrics_snapshot(s, &metrics), VEIL_OK);
    assert_int_equal(metrics.jobs_rejected, 12);
    assert_int_equal(metrics.jobs_waiting, 4);
    assert_int_equal(results[2].finding_count, 99);
    open_gate(&g);
    for (size_t got = 0; got < 2;) {
        veil_completion done[4];
        assert_true(is_readable(veil_queue_fd(queue), 10000));
        got += (size_t)veil_queue_poll(queue, done, 4, sizeof done[0]);
    }
    veil_sanitizer_destroy(s);
    veil_queue_destroy(queue); /* a queue may outlive its sanitizer */
}

static void an_expired_job_never_runs(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    gate g = GATE_INIT;
    veil_text_result held = {sizeof held, NULL, 0, 0};
    hold_workers(s, &g, 1, &held);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 2, &queue, &error), VEIL_OK);
    char out[64];
    memset(out, 'x', sizeof out);
    veil_text_result result = {sizeof result, NULL, 0, 99};
    veil_job job = text_job(&result);
    job.kind = VEIL_JOB_TEXT_REDACT;
    job.out = out;
    job.out_capacity = sizeof out;
    job.queue = queue;
    job.deadline_us = 1000;
    assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    usleep(3000);
    open_gate(&g);
    veil_completion done;
    assert_true(is_readable(veil_queue_fd(queue), 10000));
    assert_int_equal(veil_queue_poll(queue, &done, 1, sizeof done), 1);
    assert_int_equal(done.status, VEIL_ERR_TIMEOUT);
    assert_int_equal(done.error.status, VEIL_ERR_TIMEOUT);
    assert_int_equal(done.out_bytes, 0);
    assert_int_equal(out[0], 'x');
    assert_int_equal(out[63], 'x');
    assert_int_equal(result.finding_count, 99);
    veil_metrics metrics = {.struct_size = sizeof metrics};
    assert_int_equal(veil_metrics_snapshot(s, &metrics), VEIL_OK);
    assert_int_equal(metrics.jobs_expired, 1);
    assert_int_equal(metrics.operations[VEIL_METRIC_TEXT_REDACT].calls, 0);
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(s);
}

typedef struct tally {
    _Atomic int cancelled;
    _Atomic int others;
} tally;

static void count_end(void *user, const veil_completion *done)
{
    tally *t = user;
    if (done->status == VEIL_ERR_CANCELLED)
        atomic_fetch_add(&t->cancelled, 1);
    else
        atomic_fetch_add(&t->others, 1);
}

static void *open_soon(void *argument)
{
    usleep(100000); /* destroy has told the worker to stop by now, and waits for it */
    open_gate(argument);
    return NULL;
}

static void destroying_cancels_what_waits(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 16);
    gate g = GATE_INIT;
    veil_text_result held = {sizeof held, NULL, 0, 0};
    hold_workers(s, &g, 1, &held);
    tally t = {0, 0};
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 4, &queue, &error), VEIL_OK);
    veil_text_result results[8];
    for (size_t i = 0; i < 8; i++) {
        results[i] = (veil_text_result){sizeof results[i], NULL, 0, 99};
        veil_job job = text_job(&results[i]);
        if (i < 4) {
            job.on_done = count_end;
            job.user = &t;
        } else {
            job.queue = queue;
        }
        assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    }
    pthread_t opener;
    assert_int_equal(pthread_create(&opener, NULL, open_soon, &g), 0);
    veil_sanitizer_destroy(s);
    pthread_join(opener, NULL);
    veil_completion done[8];
    const int32_t count = veil_queue_poll(queue, done, 8, sizeof done[0]);
    int cancelled = atomic_load(&t.cancelled);
    for (int32_t i = 0; i < count; i++)
        cancelled += done[i].status == VEIL_ERR_CANCELLED;
    assert_int_equal(count, 4); /* exactly one completion each, however far the worker got */
    assert_int_equal(atomic_load(&t.cancelled) + atomic_load(&t.others), 4);
    assert_true(cancelled > 0);
    for (size_t i = 0; i < 8; i++)
        assert_true(results[i].finding_count == 99 || results[i].finding_count == 1);
    veil_queue_destroy(queue);
}

/* Destroyed while its jobs are still on their way (against the rules): nothing is written to freed memory. */
static void a_queue_destroyed_too_early_does_no_harm(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    gate g = GATE_INIT;
    veil_text_result held = {sizeof held, NULL, 0, 0};
    hold_workers(s, &g, 1, &held);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 4, &queue, &error), VEIL_OK);
    veil_text_result results[2] = {{sizeof results[0], NULL, 0, 0}, {sizeof results[0], NULL, 0, 0}};
    for (size_t i = 0; i < 2; i++) {
        veil_job job = text_job(&results[i]);
        job.queue = queue;
        assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    }
    veil_queue_destroy(queue);
    open_gate(&g);
    veil_sanitizer_destroy(s);
}

typedef struct order_log {
    pthread_mutex_t lock;
    int order[3];
    int count;
} order_log;

typedef struct order_entry {
    order_log *log;
    int id;
} order_entry;

static void note_order(void *user, const veil_completion *done)
{
    const order_entry *entry = user;
    (void)done;
    pthread_mutex_lock(&entry->log->lock);
    entry->log->order[entry->log->count++] = entry->id;
    pthread_mutex_unlock(&entry->log->lock);
}

static void higher_priorities_run_first(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    gate g = GATE_INIT;
    veil_text_result held = {sizeof held, NULL, 0, 0};
    hold_workers(s, &g, 1, &held);
    order_log log = {PTHREAD_MUTEX_INITIALIZER, {0}, 0};
    static const uint32_t submitted[3] = {VEIL_PRIORITY_LOW, VEIL_PRIORITY_NORMAL, VEIL_PRIORITY_HIGH};
    order_entry entries[3];
    veil_text_result results[3];
    for (int i = 0; i < 3; i++) {
        entries[i] = (order_entry){&log, (int)submitted[i]};
        results[i] = (veil_text_result){sizeof results[i], NULL, 0, 0};
        veil_job job = text_job(&results[i]);
        job.priority = submitted[i];
        job.on_done = note_order;
        job.user = &entries[i];
        assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    }
    open_gate(&g);
    for (int waited = 0; waited < 10000; waited++) {
        pthread_mutex_lock(&log.lock);
        const int count = log.count;
        pthread_mutex_unlock(&log.lock);
        if (count == 3) break;
        usleep(1000);
    }
    veil_sanitizer_destroy(s);
    assert_int_equal(log.count, 3);
    assert_int_equal(log.order[0], VEIL_PRIORITY_HIGH);
    assert_int_equal(log.order[1], VEIL_PRIORITY_NORMAL);
    assert_int_equal(log.order[2], VEIL_PRIORITY_LOW);
}

/* What a job's own call finds wrong comes as its completion, with the output cleared. */
static void a_failing_job_reports_through_its_completion(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(1, 8);
    veil_queue *queue = NULL;
    assert_int_equal(veil_queue_create(s, 2, &queue, &error), VEIL_OK);
    veil_text_options o;
    veil_text_options_init(&o);
    o.flags = 64;
    char out[64];
    memset(out, 'x', sizeof out);
    veil_job job = text_job(NULL);
    job.kind = VEIL_JOB_TEXT_REDACT;
    job.options = &o;
    job.out = out;
    job.out_capacity = sizeof out;
    job.queue = queue;
    assert_int_equal(veil_submit(s, &job, &error), VEIL_OK);
    veil_completion done;
    assert_true(is_readable(veil_queue_fd(queue), 10000));
    assert_int_equal(veil_queue_poll(queue, &done, 1, sizeof done), 1);
    assert_int_equal(done.status, BAD);
    assert_non_null(strstr(done.error.message, "flags"));
    assert_int_equal(out[0], 0);
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_job_is_refused),
        cmocka_unit_test(queues_check_their_arguments),
        cmocka_unit_test(completions_come_through_a_descriptor),
        cmocka_unit_test(completions_fit_the_callers_struct),
        cmocka_unit_test(a_full_queue_answers_busy_at_once),
        cmocka_unit_test(an_expired_job_never_runs),
        cmocka_unit_test(destroying_cancels_what_waits),
        cmocka_unit_test(a_queue_destroyed_too_early_does_no_harm),
        cmocka_unit_test(higher_priorities_run_first),
        cmocka_unit_test(a_failing_job_reports_through_its_completion),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}

/* Job queues: first in, first out within a rank; bounded; wiped when taken; closed; the shared count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/queue.h"
#include "support/malloc_count.h"

static _Atomic uint64_t total;
static vl_queue queue;
static vl_queue_job job;

static int fresh(void **state)
{
    (void)state;
    total = 0;
    return vl_queue_init(&queue, 3, &total) == VEIL_OK ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    vl_queue_destroy(&queue);
    vl_queue_destroy(&queue); /* a second time does nothing */
    return 0;
}

static veil_status push(const char *text, uint32_t rank)
{
    return vl_queue_push(&queue, text, strlen(text) + 1, rank, 10, 20);
}

static void check_pop(uint32_t rank, const char *text)
{
    assert_true(vl_queue_pop(&queue, rank, &job));
    assert_string_equal((const char *)job.payload, text);
    assert_int_equal(job.payload_bytes, strlen(text) + 1);
    assert_int_equal(job.submitted_ns, 10);
    assert_int_equal(job.deadline_ns, 20);
}

static void ranks_are_separate_and_in_order(void **state)
{
    (void)state;
    assert_false(vl_queue_pop(&queue, 0, &job));
    assert_int_equal(push("a", 1), VEIL_OK);
    assert_int_equal(push("b", 0), VEIL_OK);
    assert_int_equal(push("c", 1), VEIL_OK);
    assert_int_equal(total, 3);
    assert_false(vl_queue_pop(&queue, 2, &job));
    check_pop(1, "a");
    check_pop(0, "b");
    assert_int_equal(push("d", 1), VEIL_OK);
    check_pop(1, "c");
    check_pop(1, "d");
    assert_false(vl_queue_pop(&queue, 1, &job));
    assert_int_equal(total, 0);
}

static void it_is_bounded_for_ever(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++) { /* slots come back */
        for (uint32_t i = 0; i < 3; i++)
            assert_int_equal(push("x", (i + (uint32_t)round) % 3), VEIL_OK);
        assert_int_equal(push("y", 0), VEIL_ERR_BUSY);
        for (uint32_t i = 0; i < 3; i++)
            check_pop(i, "x");
        assert_int_equal(total, 0);
    }
}

static void nothing_of_a_taken_job_stays(void **state)
{
    (void)state;
    static const char secret[] = "a secret of many bytes";
    assert_int_equal(push(secret, 2), VEIL_OK);
    check_pop(2, secret);
    for (uint32_t i = 0; i < queue.capacity; i++) {
        for (size_t j = 0; j < VL_JOB_BYTES; j++)
            assert_int_equal(queue.jobs[i].payload[j], 0);
    }
}

static void a_closed_queue_refuses_but_gives(void **state)
{
    (void)state;
    assert_int_equal(push("a", 0), VEIL_OK);
    vl_queue_close(&queue);
    assert_int_equal(push("b", 0), VEIL_ERR_CANCELLED);
    check_pop(0, "a");
    assert_false(vl_queue_pop(&queue, 0, &job));
}

static void after_fork_it_is_empty_and_closed(void **state)
{
    (void)state;
    assert_int_equal(push("a", 0), VEIL_OK);
    vl_queue_after_fork(&queue);
    assert_false(vl_queue_pop(&queue, 0, &job));
    assert_int_equal(push("b", 0), VEIL_ERR_CANCELLED);
}

static void refused_pages_are_no_memory(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    vl_queue other;
    malloc_count_fail_at(1);
    veil_status status = vl_queue_init(&other, 3, &total);
    assert_true(malloc_count_fail_done());
    assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    vl_queue_destroy(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranks_are_separate_and_in_order, fresh, drop),
        cmocka_unit_test_setup_teardown(it_is_bounded_for_ever, fresh, drop),
        cmocka_unit_test_setup_teardown(nothing_of_a_taken_job_stays, fresh, drop),
        cmocka_unit_test_setup_teardown(a_closed_queue_refuses_but_gives, fresh, drop),
        cmocka_unit_test_setup_teardown(after_fork_it_is_empty_and_closed, fresh, drop),
        cmocka_unit_test_setup_teardown(refused_pages_are_no_memory, fresh, drop),
    };
    return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}

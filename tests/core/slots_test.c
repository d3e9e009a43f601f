/* Slots: every index has one holder at a time, alone and under threads that take and give as fast as they can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/slots.h"
#include "support/fail_alloc.h"

static void slots_are_handed_out_once(void **state)
{
    (void)state;
    vl_slots *slots;
    assert_int_equal(vl_slots_create(&vl_allocator_default, 4, 3, &slots), VEIL_OK);
    assert_int_equal(vl_slots_take(slots), 0);
    assert_int_equal(vl_slots_take(slots), 1);
    assert_int_equal(vl_slots_take(slots), 2);
    assert_int_equal(vl_slots_take(slots), VL_SLOT_NONE);
    vl_slots_give(slots, 0);
    vl_slots_give(slots, 2);
    assert_int_equal(vl_slots_take(slots), 2); /* the warm one first */
    assert_int_equal(vl_slots_take(slots), 0);
    assert_int_equal(vl_slots_grow(slots), 3);
    assert_int_equal(vl_slots_grow(slots), VL_SLOT_NONE);
    assert_int_equal(vl_slots_take(slots), VL_SLOT_NONE); /* a grown slot belongs to who grew it */
    vl_slots_give(slots, 3);
    assert_int_equal(vl_slots_take(slots), 3);
    vl_slots_destroy(slots);
}

static void create_checks_and_fails_clean(void **state)
{
    (void)state;
    fail_alloc heap = {.fail_at = 1};
    vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
    vl_slots *slots = (vl_slots *)&heap;
    assert_int_equal(vl_slots_create(&hooks, 4, 4, &slots), VEIL_ERR_NO_MEMORY);
    assert_null(slots);
    assert_int_equal(vl_slots_create(&hooks, 0, 0, &slots), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_slots_create(&hooks, 4, 5, &slots), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_slots_create(&hooks, VL_SLOT_NONE, 5, &slots), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_slots_create(&hooks, 4, 0, &slots), VEIL_OK);
    assert_int_equal(vl_slots_take(slots), VL_SLOT_NONE);
    vl_slots_destroy(slots);
    vl_slots_destroy(NULL);
    assert_true(fail_alloc_is_clean(&heap));
}

#define THREADS 4
#define ROUNDS  40000
#define SLOTS   5

typedef struct contest {
    vl_slots *slots;
    _Atomic uint32_t holders[SLOTS];
    uint64_t work[SLOTS]; /* not atomic: TSan sees it when two threads hold one slot */
    _Atomic uint64_t done;
    _Atomic uint32_t violations;
} contest;

static void *compete(void *argument)
{
    contest *shared = argument;
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t slot = vl_slots_take(shared->slots);
        if (slot == VL_SLOT_NONE && i % 1000 == 0) slot = vl_slots_grow(shared->slots);
        if (slot == VL_SLOT_NONE) continue;
        if (atomic_fetch_add(&shared->holders[slot], 1) != 0) atomic_fetch_add(&shared->violations, 1);
        shared->work[slot]++;
        atomic_fetch_add(&shared->done, 1);
        atomic_fetch_sub(&shared->holders[slot], 1);
        vl_slots_give(shared->slots, slot);
    }
    return NULL;
}

static void threads_never_share_a_slot(void **state)
{
    (void)state;
    static contest shared;
    pthread_t threads[THREADS];
    assert_int_equal(vl_slots_create(&vl_allocator_default, SLOTS, 2, &shared.slots), VEIL_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, compete, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    uint64_t work = 0;
    for (int i = 0; i < SLOTS; i++)
        work += shared.work[i];
    assert_int_equal(shared.violations, 0);
    assert_int_equal(work, shared.done);
    assert_true(work > 0);
    vl_slots_destroy(shared.slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_are_handed_out_once),
        cmocka_unit_test(create_checks_and_fails_clean),
        cmocka_unit_test(threads_never_share_a_slot),
    };
    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}

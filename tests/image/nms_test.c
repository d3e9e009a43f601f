/* Suppression: golden cases, and its properties on random boxes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "image/nms.h"

static void test_strongest_stays(void **state)
{
    vl_box boxes[] = {
        {0.00F, 0.00F, 0.20F, 0.20F, 0.80F}, /* covered by the next: IoU .68 */
        {0.02F, 0.02F, 0.22F, 0.22F, 0.90F},
        {0.50F, 0.50F, 0.70F, 0.70F, 0.75F},
        {0.15F, 0.15F, 0.35F, 0.35F, 0.70F}, /* touches the second: IoU .07 */
    };

    (void)state;
    assert_int_equal(vl_nms_apply(boxes, 4, 0.45F), 3);
    assert_true(boxes[0].score == 0.90F);
    assert_true(boxes[1].score == 0.75F);
    assert_true(boxes[2].score == 0.70F);
}

static void test_nothing_and_one(void **state)
{
    vl_box box = {0, 0, 1, 1, 0.5F};

    (void)state;
    assert_int_equal(vl_nms_apply(&box, 0, 0.45F), 0);
    assert_int_equal(vl_nms_apply(&box, 1, 0.45F), 1);
}

static float part(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 8) / 16777216.0F;
}

static void random_boxes(vl_box *boxes, size_t count, unsigned *seed)
{
    for (size_t i = 0; i < count; i++) {
        boxes[i].x0 = part(seed);
        boxes[i].y0 = part(seed);
        boxes[i].x1 = boxes[i].x0 + 0.05F + 0.3F * part(seed);
        boxes[i].y1 = boxes[i].y0 + 0.05F + 0.3F * part(seed);
        boxes[i].score = (float)(int)(part(seed) * 20) / 20.0F; /* many equal scores */
    }
}

/* Kept boxes do not cover each other; every dropped one is covered by a kept one at least as strong; order is by score. */
static void test_properties(void **state)
{
    enum { COUNT = 90 };
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 200; round++) {
        vl_box before[COUNT], after[COUNT];
        size_t kept;

        random_boxes(before, COUNT, &seed);
        memcpy(after, before, sizeof before);
        kept = vl_nms_apply(after, COUNT, 0.45F);
        assert_in_range(kept, 1, COUNT);
        for (size_t i = 0; i < kept; i++) {
            assert_true(i == 0 || after[i - 1].score >= after[i].score);
            for (size_t j = 0; j < i; j++)
                assert_true(vl_box_iou(&after[i], &after[j]) <= 0.45F);
        }
        for (size_t i = 0; i < COUNT; i++) {
            bool is_accounted_for = false;

            for (size_t j = 0; j < kept && !is_accounted_for; j++)
                is_accounted_for = memcmp(&after[j], &before[i], sizeof before[i]) == 0 ||
                                   (after[j].score >= before[i].score && vl_box_iou(&after[j], &before[i]) > 0.45F);
            assert_true(is_accounted_for);
        }
    }
}

/* The result must not depend on the order in which candidates came. */
static void test_order_of_candidates_does_not_matter(void **state)
{
    enum { COUNT = 60 };
    unsigned seed = 11;

    (void)state;
    for (int round = 0; round < 100; round++) {
        vl_box one[COUNT], two[COUNT];
        size_t kept;

        random_boxes(one, COUNT, &seed);
        for (size_t i = 0; i < COUNT; i++)
            two[i] = one[COUNT - 1 - i];
        kept = vl_nms_apply(one, COUNT, 0.45F);
        assert_int_equal(vl_nms_apply(two, COUNT, 0.45F), kept);
        assert_memory_equal(one, two, kept * sizeof one[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strongest_stays),
        cmocka_unit_test(test_nothing_and_one),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_order_of_candidates_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The class kernels: every level against the plain twin, at all small sizes and alignments, in blocks of just their size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "veil.h"

static uint32_t seed = 7;

static uint8_t next_byte(void)
{
    static const char likely[] = "09azAZ_@.:-/ \x80\xff"
                                 "eyJgh---AKI";
    seed = seed * 1664525 + 1013904223;
    return (seed >> 24 & 1) != 0 ? (uint8_t)likely[(seed >> 8) % (sizeof likely - 1)] : (uint8_t)(seed >> 16);
}

static void compare_level(const vl_kernels *kernels, const uint8_t *text, size_t n, const vl_lead_set *set)
{
    vl_class_block blocks[5];
    vl_class_block plain[5];
    uint64_t marks[5] = {0};
    uint64_t plain_marks[5] = {0};
    memset(blocks, 0, sizeof blocks);
    memset(plain, 0, sizeof plain);
    kernels->classify(text, n, blocks);
    vl_kernels_plain.classify(text, n, plain);
    assert_memory_equal(blocks, plain, sizeof blocks);
    assert_int_equal(kernels->find_lead(text, n, set), vl_kernels_plain.find_lead(text, n, set));
    kernels->mark_leads(text, n, set, marks);
    vl_kernels_plain.mark_leads(text, n, set, plain_marks);
    assert_memory_equal(marks, plain_marks, sizeof marks);
    vl_letter_set letters;
    vl_letter_set_clear(&letters);
    vl_letter_set_add(&letters, 0, "az@");
    vl_letter_set_add(&letters, 7, "kia");
    vl_letter_set_add(&letters, 7, "-_1");
    bool any = kernels->mark_letters(text, n, &letters, marks);
    assert_int_equal(any, vl_kernels_plain.mark_letters(text, n, &letters, plain_marks));
    assert_memory_equal(marks, plain_marks, sizeof marks);
}

static void letters_are_found_in_both_cases(void **state)
{
    (void)state;
    static const char text[] = "sec ..SECret s3c seC sex";
    vl_letter_set set;
    uint64_t marks;
    vl_letter_set_clear(&set);
    vl_letter_set_add(&set, 3, "sec");
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        assert_true(kernels->mark_letters((const uint8_t *)text, sizeof text - 1, &set, &marks));
        assert_int_equal(marks, 1ull | 1ull << 6 | 1ull << 17);
        assert_false(kernels->mark_letters((const uint8_t *)"se", 2, &set, &marks));
        assert_int_equal(marks, 0);
    }
}

static void levels_agree(void **state)
{
    (void)state;
    vl_lead_set set;
    vl_lead_set_clear(&set);
    vl_lead_set_add(&set, 0, "eyj");
    vl_lead_set_add(&set, 1, "gh-");
    vl_lead_set_add(&set, 2, "aki");
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n <= 300; n++) {
            uint8_t *text = malloc(n > 0 ? n : 1);
            assert_non_null(text);
            for (size_t i = 0; i < n; i++)
                text[i] = next_byte();
            size_t offset = n % 7 < n ? n % 7 : 0;
            compare_level(kernels, text + offset, n - offset, &set);
            free(text);
        }
    }
}

static void plain_classes_are_right(void **state)
{
    (void)state;
    vl_class_block block;
    vl_kernels_plain.classify((const uint8_t *)"a1_@.:-/Z \xc3", 11, &block);
    assert_int_equal(block.alpha, 0x101);
    assert_int_equal(block.digit, 2);
    assert_int_equal(block.under, 4);
    assert_int_equal(block.at, 8);
    assert_int_equal(block.dot, 16);
    assert_int_equal(block.colon, 32);
    assert_int_equal(block.dash, 64);
    assert_int_equal(block.slash, 128);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels_agree),
                                       cmocka_unit_test(letters_are_found_in_both_cases),
                                       cmocka_unit_test(plain_classes_are_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

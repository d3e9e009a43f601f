/* Anchors: which digits call a matcher, at every place in a block and the same at every CPU level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */
#include <string.h>

#include "core/cpu.h"
#include "support/seed.h"
#include "text/anchors.h"
#include "veil.h"

#define BLOCKS VL_ANCHOR_BLOCKS

static vl_tables tables;

static bool find(const char *text, size_t size, uint32_t level, vl_anchors *out)
{
    vl_class_block blocks[BLOCKS + 2];
    memset(blocks, 0, sizeof blocks);
    memset(out, 0, sizeof *out);
    vl_scan scan = {.text = (const uint8_t *)text, .size = size, .blocks = blocks, .tables = &tables};
    scan.block_count = (size + 63) / 64;
    scan.kernels = vl_kernels_for(level);
    vl_kernels_plain.classify(scan.text, size, blocks);
    return vl_anchors_find(&scan, 0, out);
}

static size_t count_bits(const uint64_t *bits)
{
    size_t count = 0;
    for (size_t i = 0; i < BLOCKS; i++)
        count += (size_t)__builtin_popcountll(bits[i]);
    return count;
}

/* Numbers and words that call a matcher when the text stands at each place of a block. Bytes that are in no class surround it. */
static void expect(const char *sample, size_t numbers, size_t words)
{
    char text[3 * 64];
    vl_anchors anchors;
    for (size_t at = 1; at < 80; at++) {
        memset(text, '\n', sizeof text);
        memcpy(text + at, sample, strlen(sample));
        (void)find(text, sizeof text, VEIL_CPU_AUTO, &anchors);
        size_t number_count = 0;
        for (size_t i = 0; i < BLOCKS; i++)
            number_count += (size_t)__builtin_popcountll(anchors.numbers[i] & ~anchors.words[i]);
        assert_int_equal(number_count, numbers);
        assert_in_range(count_bits(anchors.words), words, words + 1); /* a word may be looked at twice across blocks */
    }
}

static void lone_groups_call_nobody(void **state)
{
    (void)state;
    expect("[123]", 0, 0);
    expect("port 80, 443", 1, 0); /* 80 may be a group of something */
    expect("12345us", 0, 0);
    expect("took 5 s", 0, 0);
    expect("(12345)", 0, 0);
    expect("v1", 0, 0);
    expect("x[123]: 7", 0, 0);
}

static void what_may_be_found_calls(void **state)
{
    (void)state;
    expect("123456", 1, 0);
    expect("536-90-4399", 1, 0); /* the others go on from two digits and a dash, or are the last */
    expect("10.0.0.1", 1, 0);
    expect("5 May 2021", 2, 0);
    expect("15 May 2021", 2, 0);
    expect("Jul  1 09:00:55", 2, 0);
    expect("12345678Z", 1, 0);
    expect("AB123456C", 0, 1);
    expect("(415) 555-0132", 2, 0);
    expect("(1) (415)", 1, 0);
    expect("12:10.0.0.1", 2, 0);
}

static uint32_t seed = 3;

static char next_byte(void)
{
    static const char likely[] = "0123456789012345678901234567890123456789abcdefXYZ__@...:::---///  ()\n";
    seed = seed * 1664525 + 1013904223;
    return likely[(seed >> 8) % (sizeof likely - 1)];
}

static void levels_agree(void **state)
{
    (void)state;
    char text[BLOCKS * 64];
    vl_anchors plain;
    vl_anchors other;
    for (size_t round = 0; round < 2000; round++) {
        size_t size = round % sizeof text + 1;
        for (size_t i = 0; i < size; i++)
            text[i] = next_byte();
        bool is_any = find(text, size, VEIL_CPU_PLAIN, &plain);
        for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++) {
            if (vl_kernels_for(level) == NULL) continue;
            assert_int_equal(find(text, size, level, &other), is_any);
            if (is_any) assert_memory_equal(&plain, &other, sizeof plain);
        }
    }
}

int main(void)
{
    seed = (uint32_t)test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lone_groups_call_nobody),
        cmocka_unit_test(what_may_be_found_calls),
        cmocka_unit_test(levels_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

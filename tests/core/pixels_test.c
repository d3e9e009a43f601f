/* Pixel kernels: every level this machine has gives the bytes of the plain form, at random sizes and alignments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "veil.h"

enum { ROUNDS = 3000, MAX_N = 700 };

static uint32_t random_state = 20261121;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* Exactly n bytes at an odd address from malloc, so that a sanitizer sees every byte beyond them. */
typedef struct exact {
    uint8_t *base;
    uint8_t *data;
} exact;

static exact exact_make(size_t n, size_t align)
{
    size_t shift = (next_random() % 64) / align * align;
    exact e = {malloc(n + shift + 1), NULL};
    assert_non_null(e.base);
    e.data = e.base + shift;
    for (size_t i = 0; i < n; i++)
        e.data[i] = (uint8_t)(next_random() >> 24);
    e.base = realloc(e.base, n + shift > 0 ? n + shift : 1);
    assert_non_null(e.base);
    e.data = e.base + shift;
    return e;
}

static const vl_kernels *level_at(int index)
{
    static const uint32_t levels[] = {VEIL_CPU_AVX2, VEIL_CPU_AVX512};
    return vl_kernels_for(levels[index]);
}

static void column_sums_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = next_random() % MAX_N, rows = next_random() % (round % 10 == 0 ? 258 : 20);
        size_t stride = n + next_random() % 40;
        exact pixels = exact_make(rows == 0 ? 0 : stride * (rows - 1) + n, 1);
        if (round % 7 == 0) memset(pixels.data, 255, rows == 0 ? 0 : stride * (rows - 1) + n); /* the largest sums */
        exact expected = exact_make(2 * n, 2), got = exact_make(2 * n, 2);
        vl_kernels_plain.column_sums(pixels.data, stride, rows, n, (uint16_t *)(void *)expected.data);
        for (int i = 0; i < 2; i++) {
            const vl_kernels *kernels = level_at(i);
            if (kernels == NULL) continue;
            kernels->column_sums(pixels.data, stride, rows, n, (uint16_t *)(void *)got.data);
            assert_memory_equal(got.data, expected.data, 2 * n);
        }
        free(pixels.base);
        free(expected.base);
        free(got.base);
    }
}

static void column_sums_are_right(void **state)
{
    (void)state;
    static const uint8_t rows[] = {1, 2, 3, 99, 4, 5, 6, 99, 255, 255, 255};
    static const uint16_t expected[] = {260, 262, 264};
    uint16_t sums[3];
    vl_kernels_for(VEIL_CPU_AUTO)->column_sums(rows, 4, 3, 3, sums);
    assert_memory_equal(sums, expected, sizeof expected);
}

static void mix_rows_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = next_random() % MAX_N;
        exact a = exact_make(2 * n, 2), b = exact_make(2 * n, 2), expected = exact_make(n, 1), got = exact_make(n, 1);
        int16_t *from = (int16_t *)(void *)a.data, *to = (int16_t *)(void *)b.data;
        for (size_t i = 0; i < n; i++) {
            from[i] = (int16_t)(next_random() % 4 == 0 ? 32640 : next_random() % 32641);
            to[i] = (int16_t)(next_random() % 4 == 0 ? 0 : next_random() % 32641);
        }
        int16_t weight = (int16_t)(round % 5 == 0 ? 32767 : next_random() % 32768);
        vl_kernels_plain.mix_rows(from, to, weight, n, expected.data);
        for (int i = 0; i < 2; i++) {
            const vl_kernels *kernels = level_at(i);
            if (kernels == NULL) continue;
            kernels->mix_rows(from, to, weight, n, got.data);
            assert_memory_equal(got.data, expected.data, n);
        }
        free(a.base);
        free(b.base);
        free(expected.base);
        free(got.base);
    }
}

static void mix_rows_are_right(void **state)
{
    (void)state;
    static const int16_t a[] = {0, 32640, 128, 12800}, b[] = {32640, 0, 128, 0};
    static const uint8_t start[] = {0, 255, 1, 100}, middle[] = {128, 128, 1, 50};
    uint8_t out[4];
    const vl_kernels *kernels = vl_kernels_for(VEIL_CPU_AUTO);
    kernels->mix_rows(a, b, 0, 4, out);
    assert_memory_equal(out, start, 4);
    kernels->mix_rows(a, b, 16384, 4, out);
    assert_memory_equal(out, middle, 4);
}

static void clear_hidden_agrees(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = next_random() % 200;
        exact expected = exact_make(4 * n, 1), got = exact_make(4 * n, 1);
        for (size_t i = 0; i < n; i++)
            if (next_random() % 3 == 0) expected.data[4 * i + 3] = 0;
        exact original = exact_make(4 * n, 1);
        if (n > 0) memcpy(original.data, expected.data, 4 * n);
        vl_kernels_plain.clear_hidden(expected.data, n);
        for (size_t i = 0; i < n; i++) {
            static const uint8_t zero[4] = {0};
            const uint8_t *want = original.data[4 * i + 3] == 0 ? zero : original.data + 4 * i;
            assert_memory_equal(expected.data + 4 * i, want, 4);
        }
        for (int i = 0; i < 2; i++) {
            const vl_kernels *kernels = level_at(i);
            if (kernels == NULL) continue;
            if (n > 0) memcpy(got.data, original.data, 4 * n);
            kernels->clear_hidden(got.data, n);
            assert_memory_equal(got.data, expected.data, 4 * n);
        }
        free(original.base);
        free(expected.base);
        free(got.base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(column_sums_agree),  cmocka_unit_test(column_sums_are_right), cmocka_unit_test(mix_rows_agree),
        cmocka_unit_test(mix_rows_are_right), cmocka_unit_test(clear_hidden_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

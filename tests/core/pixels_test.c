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

static void luma_rows_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = next_random() % 200, step = 3 + next_random() % 2;
        exact pixels = exact_make(step * n, 1), expected = exact_make(n, 1), got = exact_make(n, 1);
        vl_kernels_plain.luma_row(pixels.data, step, n, expected.data);
        for (size_t i = 0; i < n; i++) {
            const uint8_t *p = pixels.data + step * i;
            assert_int_equal(expected.data[i], (p[0] + 2 * p[1] + p[2]) / 4);
        }
        for (int i = 0; i < 2; i++) {
            if (level_at(i) == NULL) continue;
            level_at(i)->luma_row(pixels.data, step, n, got.data);
            if (n > 0) assert_memory_equal(got.data, expected.data, n);
        }
        free(pixels.base);
        free(expected.base);
        free(got.base);
    }
}

static void halves_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = next_random() % 200;
        exact a = exact_make(2 * n, 1), b = exact_make(2 * n, 1), expected = exact_make(n, 1), got = exact_make(n, 1);
        vl_kernels_plain.halve_rows(a.data, b.data, n, expected.data);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(expected.data[i],
                             (a.data[2 * i] + a.data[2 * i + 1] + b.data[2 * i] + b.data[2 * i + 1] + 2) / 4);
        for (int i = 0; i < 2; i++) {
            if (level_at(i) == NULL) continue;
            level_at(i)->halve_rows(a.data, b.data, n, got.data);
            if (n > 0) assert_memory_equal(got.data, expected.data, n);
        }
        free(a.base);
        free(b.base);
        free(expected.base);
        free(got.base);
    }
}

static void edges_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = next_random() % 200;
        const uint8_t most = (uint8_t)(next_random() >> 24);
        exact up = exact_make(n, 1), row = exact_make(n + 2, 1), down = exact_make(n, 1);
        exact expected = exact_make(n, 1), got = exact_make(n, 1), first = exact_make(n, 1);
        if (n > 0) memcpy(expected.data, first.data, n);
        vl_kernels_plain.count_edges(up.data, row.data + 1, down.data, n, most, expected.data);
        for (size_t i = 0; i < n; i++) {
            const int across = abs(row.data[i] - row.data[i + 2]), along = abs(up.data[i] - down.data[i]);
            assert_int_equal(expected.data[i], (uint8_t)(first.data[i] + (across > most || along > most)));
        }
        for (int i = 0; i < 2; i++) {
            if (level_at(i) == NULL) continue;
            if (n > 0) memcpy(got.data, first.data, n);
            level_at(i)->count_edges(up.data, row.data + 1, down.data, n, most, got.data);
            if (n > 0) assert_memory_equal(got.data, expected.data, n);
        }
        free(up.base);
        free(row.base);
        free(down.base);
        free(expected.base);
        free(got.base);
        free(first.base);
    }
}

static void planes_agree(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = next_random() % 100;
        exact a = exact_make(6 * n, 1), b = exact_make(6 * n, 1);
        exact expected = exact_make(3 * n * sizeof(float), 4), got = exact_make(3 * n * sizeof(float), 4);
        float *const want = (float *)(void *)expected.data, *const is = (float *)(void *)got.data;
        float *const to[3] = {want, want + n, want + 2 * n}, *const too[3] = {is, is + n, is + 2 * n};
        const float scale = (float)(next_random() % 1000) / 70000.0F, shift = -(float)(next_random() % 100) / 77.0F;
        vl_kernels_plain.halve_to_planes(a.data, b.data, n, scale, shift, to);
        for (size_t i = 0; i < 3 * n; i++) {
            const size_t at = i % n * 6 + i / n;
            const int sum = a.data[at] + a.data[at + 3] + b.data[at] + b.data[at + 3];
            assert_true(want[i] - ((double)sum * scale + shift) < 1e-4 &&
                        want[i] - ((double)sum * scale + shift) > -1e-4);
        }
        for (int i = 0; i < 2; i++) {
            if (level_at(i) == NULL) continue;
            level_at(i)->halve_to_planes(a.data, b.data, n, scale, shift, too);
            if (n > 0) assert_memory_equal(got.data, expected.data, 3 * n * sizeof(float));
        }
        free(a.base);
        free(b.base);
        free(expected.base);
        free(got.base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(column_sums_agree),   cmocka_unit_test(column_sums_are_right),
        cmocka_unit_test(mix_rows_agree),      cmocka_unit_test(mix_rows_are_right),
        cmocka_unit_test(clear_hidden_agrees), cmocka_unit_test(luma_rows_agree),
        cmocka_unit_test(halves_agree),        cmocka_unit_test(edges_agree),
        cmocka_unit_test(planes_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The tone kernels at every CPU level against sums written down here, at random sizes, steps and alignments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "veil.h"

#define ROUNDS 300

static uint64_t seed = 20261129;

static uint32_t next(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(seed >> 33);
}

/* Ends where the allocation ends, so that ASan sees a read past it. */
static int16_t *take(char **memory, size_t count, int32_t most)
{
    size_t shift = next() % 32 * sizeof(int16_t);
    *memory = malloc(shift + count * sizeof(int16_t) + 1);
    assert_non_null(*memory);
    int16_t *samples = (int16_t *)(void *)(*memory + shift);
    for (size_t i = 0; i < count; i++)
        samples[i] = next() % 5 == 0 ? INT16_MIN : (int16_t)((int32_t)(next() % (2 * (uint32_t)most + 1)) - most);
    return samples;
}

static void check_windows(const int16_t *samples, size_t step, size_t pairs, size_t count, const int16_t *table)
{
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512 && vl_kernels_for(level) != NULL; level++) {
        int32_t *out = malloc((count * VL_TONE_LANES + 1) * sizeof *out);
        assert_non_null(out);
        out[count * VL_TONE_LANES] = 7654321;
        vl_kernels_for(level)->tone_windows(samples, step, pairs, count, table, out);
        for (size_t w = 0; w < count; w++) {
            for (size_t lane = 0; lane < VL_TONE_LANES; lane++) {
                int64_t sum = 0;
                for (size_t i = 0; i < 2 * pairs; i++)
                    sum += samples[w * step + i] * table[(i / 2 * VL_TONE_LANES + lane) * 2 + i % 2];
                assert_int_equal(out[w * VL_TONE_LANES + lane], sum);
            }
        }
        assert_int_equal(out[count * VL_TONE_LANES], 7654321);
        free(out);
    }
}

static void windows_are_the_same_at_every_level(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t pairs = next() % 130, step = next() % 200, count = next() % 20;
        char *memory = NULL, *table_memory = NULL;
        int32_t most = pairs == 0 ? 1 : (int32_t)(INT32_MAX / 32768 / (2 * (int64_t)pairs));
        int16_t *samples = take(&memory, count == 0 ? 0 : (count - 1) * step + 2 * pairs, 32767);
        int16_t *table = take(&table_memory, pairs * 2 * VL_TONE_LANES, 1);
        for (size_t i = 0; i < pairs * 2 * VL_TONE_LANES; i++)
            table[i] = (int16_t)((int32_t)(next() % (2 * (uint32_t)most + 1)) - most);
        check_windows(samples, step, pairs, count, table);
        free(memory);
        free(table_memory);
    }
}

static void energies_are_the_same_at_every_level(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t hop = 1 + next() % 300, count = next() % 30;
        char *memory = NULL;
        int16_t *samples = take(&memory, hop * count, 32767);
        for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512 && vl_kernels_for(level) != NULL; level++) {
            uint64_t out[31] = {0};
            out[count] = 99;
            vl_kernels_for(level)->hop_energies(samples, hop, count, out);
            for (size_t h = 0; h < count; h++) {
                uint64_t sum = 0;
                for (size_t i = 0; i < hop; i++)
                    sum += (uint64_t)((int64_t)samples[h * hop + i] * samples[h * hop + i]);
                assert_int_equal(out[h], sum);
            }
            assert_int_equal(out[count], 99);
        }
        free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_the_same_at_every_level),
        cmocka_unit_test(energies_are_the_same_at_every_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

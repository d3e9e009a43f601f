/* Every sample kernel at every CPU level against its plain twin, at random sizes and alignments. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "core/samples.h"
#include "veil.h"

#define ROUNDS  400
#define SAMPLES 4200

static uint64_t seed = 20261121;

static uint32_t next(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(seed >> 33);
}

/* A block whose end is the end of the allocation, so that ASan sees a read past it. */
typedef struct block {
    char *memory;
    char *samples;
    size_t count;
} block;

static block take(size_t sample_bytes)
{
    block b = {.count = next() % SAMPLES};
    size_t shift = next() % 16 * sample_bytes;
    b.memory = malloc(shift + b.count * sample_bytes + 1);
    assert_non_null(b.memory);
    b.samples = b.memory + shift;
    return b;
}

static const vl_kernels *level_at(uint32_t level)
{
    return vl_kernels_for(level);
}

static void sum_of_16_bit_squares_is_the_same_at_every_level(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        block b = take(sizeof(int16_t));
        int16_t *s = (int16_t *)(void *)b.samples;
        for (size_t i = 0; i < b.count; i++)
            s[i] = round % 7 == 0 ? INT16_MIN : (int16_t)next();
        uint64_t expected = 0;
        for (size_t i = 0; i < b.count; i++)
            expected += (uint64_t)((int64_t)s[i] * s[i]);
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            assert_int_equal(level_at(level)->s16_sum_squares(s, b.count), expected);
        }
        free(b.memory);
    }
}

static void floats_that_are_no_numbers_are_seen_wherever_they_stand(void **state)
{
    (void)state;
    static const uint32_t bad_bits[] = {0x7F800000u, 0xFF800000u, 0x7FC00000u, 0x7F800001u, 0xFFFFFFFFu};
    for (int round = 0; round < ROUNDS; round++) {
        block b = take(sizeof(float));
        float *s = (float *)(void *)b.samples;
        for (size_t i = 0; i < b.count; i++)
            s[i] = (float)(int32_t)next() * 1e-9f;
        if (b.count > 2) s[next() % b.count] = 3.4028234e38f; /* the largest number is one */
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            assert_true(level_at(level)->f32_all_finite(s, b.count));
        }
        if (b.count > 0) memcpy(&s[next() % b.count], &bad_bits[next() % 5], sizeof(float));
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            assert_int_equal(level_at(level)->f32_all_finite(s, b.count), b.count == 0);
        }
        free(b.memory);
    }
}

static void sum_of_float_squares_has_the_same_bits_at_every_level(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        block b = take(sizeof(float));
        float *s = (float *)(void *)b.samples;
        double about = 0;
        for (size_t i = 0; i < b.count; i++) {
            s[i] = (float)(int32_t)(next() - 0x40000000u) * 1e-9f;
            about += (double)s[i] * s[i];
        }
        double expected = level_at(VEIL_CPU_PLAIN)->f32_sum_squares(s, b.count);
        assert_true(expected >= about * 0.999999 && expected <= about * 1.000001);
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            double sum = level_at(level)->f32_sum_squares(s, b.count);
            assert_memory_equal(&sum, &expected, sizeof sum);
        }
        free(b.memory);
    }
}

static void numbers_become_16_bits_at_every_level(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        block b = take(sizeof(float));
        float *s = (float *)(void *)b.samples, gain = (float)(next() % 60000);
        int16_t *out = malloc((b.count + 1) * sizeof *out);
        assert_non_null(out);
        for (size_t i = 0; i < b.count; i++) /* halves among them, and some beyond full scale */
            s[i] = next() % 4 == 0 && gain > 0 ? (float)(next() % 100) / 2 / gain
                                               : (float)(int32_t)(next() - 0x40000000u) * 1e-9f;
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            memset(out, 0x55, (b.count + 1) * sizeof *out);
            level_at(level)->f32_to_s16(s, b.count, gain, out);
            for (size_t i = 0; i < b.count; i++) {
                float value = s[i] * gain;
                long expected = value > 32767 ? 32767 : value < -32768 ? -32768 : lrintf(value);
                assert_int_equal(out[i], expected);
            }
            assert_int_equal(out[b.count], 0x5555);
        }
        free(out);
        free(b.memory);
    }
}

static void noise_of_floats_is_that_of_integers_scaled(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        block b = take(sizeof(float));
        float *s = (float *)(void *)b.samples;
        uint32_t counter = next();
        for (uint32_t level = VEIL_CPU_PLAIN; level_at(level) != NULL && level <= VEIL_CPU_AVX512; level++) {
            level_at(level)->noise_f32(s, b.count, counter, 3.1e-6f);
            for (size_t i = 0; i < b.count; i++) {
                float expected = (float)vl_noise_at(counter + (uint32_t)i) * 3.1e-6f;
                assert_memory_equal(&s[i], &expected, sizeof expected);
            }
        }
        free(b.memory);
    }
}

/* Uniform noise: mean near 0, power near amplitude^2 / 3, neighbours unrelated. */
static void noise_is_white(void **state)
{
    (void)state;
    enum { COUNT = 65536 };
    float *s = malloc(COUNT * sizeof *s);
    assert_non_null(s);
    vl_kernels_plain.noise_f32(s, COUNT, 0, 30000.0f / 32768);
    double sum = 0, power = 0, lag = 0;
    for (size_t i = 0; i < COUNT; i++) {
        sum += (double)s[i];
        power += (double)s[i] * (double)s[i];
        if (i > 0) lag += (double)s[i] * (double)s[i - 1];
    }
    assert_true(sum / COUNT < 300 && sum / COUNT > -300);
    assert_true(power / COUNT > 0.97 * 3e8 && power / COUNT < 1.03 * 3e8);
    assert_true(lag / power < 0.02 && lag / power > -0.02);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_of_16_bit_squares_is_the_same_at_every_level),
        cmocka_unit_test(floats_that_are_no_numbers_are_seen_wherever_they_stand),
        cmocka_unit_test(sum_of_float_squares_has_the_same_bits_at_every_level),
        cmocka_unit_test(numbers_become_16_bits_at_every_level),
        cmocka_unit_test(noise_of_floats_is_that_of_integers_scaled),
        cmocka_unit_test(noise_is_white),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

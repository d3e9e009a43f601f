/* The resampler: tones keep their level and place, what does not fit the lower rate goes, and blocks do not matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/resample.h"
#include "audio_fixture.h"

#define TWO_PI 6.283185307179586

static vl_resample_table table;

static size_t run(const float *in, size_t in_count, uint32_t in_hz, uint32_t out_hz, uint64_t seed, float *out,
                  size_t capacity)
{
    static vl_resampler r;
    vl_resampler_start(&r, &table, in_hz, out_hz);
    size_t used = 0, written = 0;
    while (written < capacity) {
        size_t want = seed == 0 ? capacity - written : 1 + (size_t)random_below(&seed, 300);
        if (want > capacity - written) want = capacity - written;
        size_t got = vl_resampler_take(&r, out + written, want);
        written += got;
        if (got != 0) continue;
        size_t room = vl_resampler_room(&r);
        assert_true(room != 0);
        size_t count = seed == 0 ? room : 1 + (size_t)random_below(&seed, room);
        static float block[sizeof r.buffer / sizeof r.buffer[0]];
        memset(block, 0, sizeof block);
        size_t left = in_count - used, take = count < left ? count : left;
        memcpy(block, in + used, take * sizeof *in);
        used += take;
        vl_resampler_put(&r, block, count);
    }
    return written;
}

static void tones_keep_their_level_and_place(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000};
    for (size_t a = 0; a < 8; a++) {
        for (size_t b = 0; b < 8; b++) {
            uint32_t in_hz = rates[a], out_hz = rates[b], low = in_hz < out_hz ? in_hz : out_hz;
            double hz = low * 0.3;
            size_t in_count = in_hz / 4, out_count = out_hz / 4;
            float *in = malloc(in_count * sizeof *in), *out = malloc(out_count * sizeof *out);
            assert_true(in != NULL && out != NULL);
            for (size_t i = 0; i < in_count; i++)
                in[i] = (float)sin(TWO_PI * hz * (double)i / in_hz);
            run(in, in_count, in_hz, out_hz, 0, out, out_count);
            double worst = 0;
            for (size_t i = out_count / 5; i < out_count - out_count / 5; i++)
                worst = fmax(worst, fabs(out[i] - sin(TWO_PI * hz * (double)i / out_hz)));
            assert_true(worst < 0.002);
            free(in);
            free(out);
        }
    }
}

static void what_does_not_fit_the_lower_rate_goes(void **state)
{
    (void)state;
    static float in[48000], out[16000];
    for (size_t i = 0; i < 48000; i++)
        in[i] = (float)sin(TWO_PI * 9000 * (double)i / 48000);
    run(in, 48000, 48000, 16000, 0, out, 16000);
    for (size_t i = 2000; i < 14000; i++)
        assert_true(fabsf(out[i]) < 0.001f);
}

static void blocks_do_not_matter(void **state)
{
    (void)state;
    static float in[20000], whole[20000], parts[20000];
    for (uint64_t seed = 1; seed <= 40; seed++) {
        uint64_t random = seed * 0x9E3779B97F4A7C15ull;
        uint32_t in_hz = 8000 + (uint32_t)random_below(&random, 184001);
        uint32_t out_hz = 8000 + (uint32_t)random_below(&random, 40001);
        size_t in_count = (size_t)random_below(&random, 20000);
        size_t out_count = (size_t)((uint64_t)in_count * out_hz / in_hz);
        if (out_count > 20000) out_count = 20000;
        for (size_t i = 0; i < in_count; i++)
            in[i] = (float)((int32_t)random_below(&random, 2001) - 1000) / 1000.0f;
        run(in, in_count, in_hz, out_hz, 0, whole, out_count);
        run(in, in_count, in_hz, out_hz, random, parts, out_count);
        assert_memory_equal(whole, parts, out_count * sizeof *whole);
    }
}

int main(void)
{
    vl_resample_table_make(&table);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tones_keep_their_level_and_place),
        cmocka_unit_test(what_does_not_fit_the_lower_rate_goes),
        cmocka_unit_test(blocks_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

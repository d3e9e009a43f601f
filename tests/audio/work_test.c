/* Workspaces: what does not fit the fixed one is handed out of few chunks; marks, wiping, and calls as large as they may be. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/work.h"
#include "audio_fixture.h"

#define SMALL 64u

static uint32_t in_use(const audio_fixture *f)
{
    vl_pool_stats stats;
    vl_pool_stats_read(f->runtime.pool, &stats);
    return stats.in_use;
}

static void small_pieces_share_chunks(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_works *works = NULL;
    vl_audio_work *work = NULL;
    assert_int_equal(vl_audio_works_create(&f.runtime, 1, VEIL_POOL_GROW, NULL, &works), VEIL_OK);
    assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
    const uint32_t before = in_use(&f);
    for (int round = 0; round < 2; round++) {
        vl_audio_work_mark mark = {0};
        uint32_t marked = 0;
        for (uint32_t i = 0; i < 200000; i++) {
            if (i == 100000) mark = vl_audio_work_save(work);
            if (i == 100000) marked = in_use(&f);
            void *piece = NULL;
            assert_int_equal(vl_audio_work_alloc(work, SMALL, 1, &piece), VEIL_OK);
            assert_int_equal((uintptr_t)piece % 64, 0);
            for (uint32_t k = 0; k < SMALL; k++)
                assert_int_equal(((char *)piece)[k], 0);
            memset(piece, 0xA5, SMALL);
        }
        assert_true(marked > before && in_use(&f) < before + 8);
        vl_audio_work_reset(work, mark);
        assert_int_equal(in_use(&f), marked);
        void *large = NULL, *piece = NULL; /* larger than any chunk so far, then more of the small ones */
        assert_int_equal(vl_audio_work_alloc(work, 40, 1 << 20, &large), VEIL_OK);
        memset(large, 1, (size_t)40 << 20);
        for (uint32_t i = 0; i < 1000; i++)
            assert_int_equal(vl_audio_work_alloc(work, SMALL, 1, &piece), VEIL_OK);
        vl_audio_works_give(works, work);
        assert_int_equal(in_use(&f), before);
        assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
    }
    vl_audio_works_give(works, work);
    vl_audio_works_destroy(works);
    audio_fixture_close(&f);
}

/* A pool that does not grow has no chunk as large as is due: what is needed must do. */
static void a_small_pool_serves_what_it_can(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_pool *pool = NULL;
    const vl_pool_class classes[] = {{65536, 3}};
    assert_int_equal(vl_pool_create(&f.runtime.allocator, classes, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    vl_runtime runtime = f.runtime;
    runtime.pool = pool;
    vl_audio_works *works = NULL;
    vl_audio_work *work = NULL;
    void *memory = NULL;
    assert_int_equal(vl_audio_works_create(&runtime, 1, VEIL_POOL_BUSY, NULL, &works), VEIL_OK);
    assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
    assert_int_equal(vl_audio_work_alloc(work, VL_AUDIO_WORK_BYTES - 64, 1, &memory), VEIL_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(vl_audio_work_alloc(work, 40000, 1, &memory), VEIL_OK);
    assert_int_equal(vl_audio_work_alloc(work, 40000, 1, &memory), VEIL_ERR_BUSY);
    vl_audio_works_give(works, work);
    vl_audio_works_destroy(works);
    vl_pool_destroy(pool);
    audio_fixture_close(&f);
}

/* One in `every` words is an address; words are 0.05 s apart. */
static char *long_transcript(uint32_t words, uint32_t every, size_t *size)
{
    char *text = malloc((size_t)words * 48);
    assert_non_null(text);
    size_t at = 0;
    for (uint32_t i = 0; i < words; i++) {
        double start_s = i * 0.05;
        at += (size_t)sprintf(text + at, "a 1 %.2f 0.04 ", start_s);
        at += (size_t)(i % every == every / 2 ? sprintf(text + at, "jane%u@example.com\n", i)
                                              : sprintf(text + at, "word%u\n", i % 50));
    }
    *size = at;
    return text;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
        count++;
    return count;
}

static void long_calls_with_findings_are_served(void **state)
{
    (void)state;
    static const struct {
        uint32_t words, every;
    } cases[] = {{40000, 4000}, {30000, 3}, {250000, 5000}};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size, out_bytes;
        char *text = long_transcript(cases[i].words, cases[i].every, &size);
        veil_audio_options options = audio_options();
        options.transcript = text;
        options.transcript_bytes = size;
        const size_t room = size + 65536;
        char *out = malloc(room + 1);
        assert_non_null(out);
        veil_error error = VEIL_ERROR_INIT;
        veil_status status = vl_transcript_redact(f.engine, &options, 0, 1, out, room, &out_bytes, &error);
        if (status != VEIL_OK) fail_msg("%u words: %d %s", cases[i].words, status, error.message);
        out[out_bytes] = '\0';
        assert_int_equal(count_of(out, "[EMAIL_ADDRESS]"), cases[i].words / cases[i].every);
        assert_null(strstr(out, "jane"));
        free(out);
        free(text);
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_pieces_share_chunks),
        cmocka_unit_test(a_small_pool_serves_what_it_can),
        cmocka_unit_test(long_calls_with_findings_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

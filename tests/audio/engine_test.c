/*
 * The engine as a whole: arguments, failing closed, limits, BUSY, deadlines, allocation failures at creation and in calls,
 * and threads. Words are needed only as far as the parser goes; what is found in them is find_test's matter.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio/work.h"
#include "audio_fixture.h"
#include "support/fail_alloc.h"
#include "transcript_fixture.h"

#define FRAMES 16000u

static int16_t sound[FRAMES];

static veil_audio fresh_sound(void)
{
    for (size_t i = 0; i < FRAMES; i++)
        sound[i] = 1234;
    return audio_of(sound, FRAMES, 16000, 1, VEIL_SAMPLE_S16);
}

static bool all_are(int16_t value)
{
    for (size_t i = 0; i < FRAMES; i++) {
        if (sound[i] != value) return false;
    }
    return true;
}

static void shapes_outside_the_limits_are_refused_before_a_sample_is_read(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    const struct {
        uint64_t frames;
        uint32_t rate, channels, format;
        veil_status status;
    } cases[] = {
        {FRAMES, 7999, 1, VEIL_SAMPLE_S16, VEIL_ERR_INVALID_ARGUMENT},
        {FRAMES, 192001, 1, VEIL_SAMPLE_S16, VEIL_ERR_INVALID_ARGUMENT},
        {FRAMES, 0, 1, VEIL_SAMPLE_S16, VEIL_ERR_INVALID_ARGUMENT},
        {FRAMES, 16000, 0, VEIL_SAMPLE_S16, VEIL_ERR_INVALID_ARGUMENT},
        {FRAMES, 16000, 33, VEIL_SAMPLE_S16, VEIL_ERR_LIMIT},
        {FRAMES, 16000, UINT32_MAX, VEIL_SAMPLE_S16, VEIL_ERR_LIMIT},
        {FRAMES, 16000, 1, 0, VEIL_ERR_INVALID_ARGUMENT},
        {FRAMES, 16000, 1, 7, VEIL_ERR_INVALID_ARGUMENT},
        {16000ull * 4 * 3600 + 1, 16000, 1, VEIL_SAMPLE_S16, VEIL_ERR_LIMIT},
        {UINT64_MAX, 16000, 1, VEIL_SAMPLE_S16, VEIL_ERR_LIMIT},
        {UINT64_MAX / 2, 192000, 32, VEIL_SAMPLE_F32, VEIL_ERR_LIMIT},
        {0, 16000, 1, VEIL_SAMPLE_S16, VEIL_OK},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        fresh_sound();
        veil_audio audio = audio_of(sound, cases[k].frames, cases[k].rate, cases[k].channels, cases[k].format);
        veil_error error = VEIL_ERROR_INIT;
        assert_int_equal(vl_audio_redact(f.engine, NULL, &audio, NULL, &error), cases[k].status);
        assert_int_equal(error.status, cases[k].status);
        assert_true(all_are(1234));
    }
    veil_audio odd = audio_of((char *)sound + 1, 10, 16000, 1, VEIL_SAMPLE_S16);
    assert_int_equal(vl_audio_redact(f.engine, NULL, &odd, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    audio_fixture_close(&f);
}

static void set_name(veil_audio_options *options, int where, const char *const *name, veil_effect_rule *rule)
{
    *options = audio_options();
    *rule = (veil_effect_rule){sizeof *rule, *name, VEIL_EFFECT_BEEP, 0};
    if (where == 0) options->entities = name, options->entity_count = 1;
    if (where == 1) options->exclude = name, options->exclude_count = 1;
    if (where == 2) options->effects = rule, options->effect_count = 1;
}

static void unknown_names_are_errors_wherever_they_stand(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    static const struct {
        const char *name;
        veil_status status;
    } cases[] = {{"RANGE", VEIL_OK},
                 {"SPOKEN_NUMBER", VEIL_OK},
                 {"DTMF", VEIL_OK},
                 {"SPOKEN_NUMBERS", VEIL_ERR_INVALID_ARGUMENT},
                 {"range", VEIL_ERR_INVALID_ARGUMENT},
                 {"", VEIL_ERR_INVALID_ARGUMENT},
                 {NULL, VEIL_ERR_INVALID_ARGUMENT}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        for (int where = 0; where < 3; where++) {
            veil_audio_options options;
            veil_effect_rule rule;
            set_name(&options, where, &cases[k].name, &rule);
            veil_audio audio = fresh_sound();
            assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), cases[k].status);
            assert_true(all_are(1234));
        }
    }
    veil_effect_rule pixels = {sizeof pixels, "*", VEIL_EFFECT_BLUR, 0};
    veil_audio_options options = audio_options();
    options.effects = &pixels;
    options.effect_count = 1;
    veil_audio audio = fresh_sound();
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    audio_fixture_close(&f);
}

static void ranges_with_range_excluded_are_a_contradiction(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    const char *range_name = "RANGE", *other = "SPOKEN_NUMBER";
    veil_audio_range range = {.start_s = 0.2, .end_s = 0.3, .channel = -1};
    veil_audio_options options = audio_options();
    options.ranges = &range;
    options.range_count = 1;
    options.exclude = &range_name;
    options.exclude_count = 1;
    veil_audio audio = fresh_sound();
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_true(all_are(1234));
    /* A list of entities does not take the caller's own ranges away. */
    options.exclude_count = 0;
    options.entities = &other;
    options.entity_count = 1;
    veil_audio_result result = {.struct_size = sizeof result};
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 1);
    audio_fixture_close(&f);
}

static void a_configuration_is_checked_and_its_effects_come_first(void **state)
{
    (void)state;
    veil_config config;
    veil_config_init(&config);
    veil_effect_rule rules[] = {{sizeof rules[0], "*", VEIL_EFFECT_FILL, 0},
                                {sizeof rules[0], "RANGE", VEIL_EFFECT_SILENCE, 0}};
    config.effects = rules;
    config.effect_count = 2;
    audio_fixture f;
    audio_fixture_open(&f, &config, VEIL_CPU_AUTO, false);
    veil_audio_range range = {.start_s = 0.4, .end_s = 0.5, .channel = -1};
    veil_audio_options options = audio_options();
    options.ranges = &range;
    options.range_count = 1;
    veil_audio audio = fresh_sound();
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_OK);
    assert_int_equal(sound[7000], 0);
    /* The call's "*" is weaker than the configuration's own word on RANGE. */
    veil_effect_rule star = {sizeof star, "*", VEIL_EFFECT_NOISE, 0};
    options.effects = &star;
    options.effect_count = 1;
    audio = fresh_sound();
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_OK);
    assert_int_equal(sound[7000], 0);
    assert_int_equal(vl_audio_engine_has(f.engine, "RANGE"), 1);
    assert_int_equal(vl_audio_engine_has(f.engine, "SPOKEN_NUMBER"), 1);
    assert_int_equal(vl_audio_engine_has(f.engine, "DTMF"), 1);
    const char *dtmf = "DTMF";
    config.exclude = &dtmf;
    config.exclude_count = 1;
    vl_audio_engine *engine = NULL;
    assert_int_equal(vl_audio_engine_create(&config, &f.runtime, NULL, &engine, NULL), VEIL_OK);
    assert_int_equal(vl_audio_engine_has(engine, "DTMF"), 0);
    vl_audio_engine_destroy(engine);
    audio_fixture_close(&f);
}

static void a_transcript_needs_a_text_engine(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    char *json = transcript_whisper("a", 0);
    veil_audio_options options = audio_options();
    options.transcript = json;
    options.transcript_bytes = strlen(json);
    veil_audio audio = fresh_sound();
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_ERR_UNSUPPORTED);
    assert_true(all_are(1234));
    free(json);
    audio_fixture_close(&f);
}

static void a_small_array_of_findings(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    veil_audio_range ranges[] = {{.start_s = 0.7, .end_s = 0.8, .channel = -1},
                                 {.start_s = 0.2, .end_s = 0.3, .channel = -1},
                                 {.start_s = 0.2, .end_s = 0.25, .channel = 0}};
    veil_audio_options options = audio_options();
    options.ranges = ranges;
    options.range_count = 3;
    veil_audio_finding findings[3];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 2};
    veil_audio audio = fresh_sound();
    assert_int_equal(vl_audio_scan(f.engine, &options, &audio, &result, NULL), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(result.finding_count, 3);
    assert_true(findings[0].end_s == 0.25 && findings[1].end_s == 0.3);
    assert_true(all_are(1234));
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, &result, NULL), VEIL_OK);
    assert_int_equal(result.finding_count, 3);
    assert_int_equal(result.frame_count, FRAMES);
    result.finding_capacity = 3;
    assert_int_equal(vl_audio_scan(f.engine, &options, &audio, &result, NULL), VEIL_OK);
    assert_true(findings[2].start_s == 0.7 && findings[0].channel == 0);
    audio_fixture_close(&f);
}

static void every_workspace_taken_is_busy_and_touches_nothing(void **state)
{
    (void)state;
    veil_config config;
    veil_config_init(&config);
    config.audio_workspaces = 2;
    config.pool_policy = VEIL_POOL_BUSY;
    audio_fixture f;
    audio_fixture_open(&f, &config, VEIL_CPU_AUTO, false);
    vl_audio_works *works;
    assert_int_equal(vl_audio_works_create(&f.runtime, 2, VEIL_POOL_BUSY, NULL, &works), VEIL_OK);
    vl_audio_work *held[3];
    assert_int_equal(vl_audio_works_take(works, &held[0]), VEIL_OK);
    assert_int_equal(vl_audio_works_take(works, &held[1]), VEIL_OK);
    assert_int_equal(vl_audio_works_take(works, &held[2]), VEIL_ERR_BUSY);
    vl_audio_works_give(works, held[0]);
    assert_int_equal(vl_audio_works_take(works, &held[2]), VEIL_OK);
    vl_audio_works_give(works, held[1]);
    vl_audio_works_give(works, held[2]);
    vl_audio_works_destroy(works);
    assert_int_equal(vl_audio_works_create(&f.runtime, 1, VEIL_POOL_GROW, NULL, &works), VEIL_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(vl_audio_works_take(works, &held[i]), VEIL_OK);
    assert_true(held[0] != held[1] && held[1] != held[2]);
    for (int i = 0; i < 3; i++)
        vl_audio_works_give(works, held[i]);
    vl_audio_works_destroy(works);
    audio_fixture_close(&f);
}

static void a_workspace_is_wiped_when_it_goes_back(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    vl_audio_works *works;
    vl_audio_work *work;
    assert_int_equal(vl_audio_works_create(&f.runtime, 1, VEIL_POOL_GROW, NULL, &works), VEIL_OK);
    assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
    void *memory = NULL;
    assert_int_equal(vl_audio_work_alloc(work, 1, 100000, &memory), VEIL_OK);
    memset(memory, 0x41, 100000);
    void *beyond = NULL; /* from the pool */
    assert_int_equal(vl_audio_work_alloc(work, 1, VL_AUDIO_WORK_BYTES, &beyond), VEIL_OK);
    assert_int_equal(vl_audio_work_alloc(work, SIZE_MAX, 2, &beyond), VEIL_ERR_NO_MEMORY);
    vl_audio_works_give(works, work);
    assert_int_equal(vl_audio_works_take(works, &work), VEIL_OK);
    void *again = NULL;
    assert_int_equal(vl_audio_work_alloc(work, 1, 100000, &again), VEIL_OK);
    assert_ptr_equal(again, memory);
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(((char *)again)[i], 0);
    vl_audio_works_give(works, work);
    vl_audio_works_destroy(works);
    audio_fixture_close(&f);
}

static void every_failing_allocation_of_create_is_survived(void **state)
{
    (void)state;
    veil_config config;
    veil_config_init(&config);
    veil_effect_rule rules[] = {{sizeof rules[0], "RANGE", VEIL_EFFECT_NOISE, 0},
                                {sizeof rules[0], "*", VEIL_EFFECT_SILENCE, 0}};
    config.effects = rules;
    config.effect_count = 2;
    audio_fixture f;
    audio_fixture_open(&f, &config, VEIL_CPU_AUTO, false);
    uint64_t n = 1;
    for (;; n++) {
        fail_alloc heap = {.fail_at = n};
        vl_runtime runtime = f.runtime;
        runtime.allocator = (vl_allocator){fail_alloc_take, fail_alloc_free, &heap};
        vl_audio_engine *engine = NULL;
        veil_error error = VEIL_ERROR_INIT;
        veil_status status = vl_audio_engine_create(&config, &runtime, NULL, &engine, &error);
        if (status == VEIL_OK) vl_audio_engine_destroy(engine);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) {
            assert_int_equal(status, VEIL_OK);
            break;
        }
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
        assert_null(engine);
    }
    assert_true(n > 5);
    audio_fixture_close(&f);
}

typedef struct worker {
    const audio_fixture *fixture;
    uint64_t seed;
    bool is_right;
} worker;

/* Each thread has its own sound and range; the answer must be what one thread alone gives. */
static void *work_alone(void *user)
{
    worker *w = user;
    w->is_right = true;
    for (int round = 0; round < 60; round++) {
        int16_t *a = random_samples(&w->seed, VEIL_SAMPLE_S16, 8000);
        double start = (double)random_below(&w->seed, 400) / 1000;
        veil_audio_range range = {.start_s = start, .end_s = start + 0.2, .channel = -1};
        veil_effect_rule rule = {sizeof rule, "*", VEIL_EFFECT_BEEP + (uint32_t)round % 3, 0};
        veil_audio_options options = audio_options();
        options.ranges = &range;
        options.range_count = 1;
        options.effects = &rule;
        options.effect_count = 1;
        options.guard_ms = 20;
        int16_t *b = malloc(16000);
        if (b == NULL) return NULL;
        memcpy(b, a, 16000);
        veil_audio first = audio_of(a, 8000, 8000, 1, VEIL_SAMPLE_S16), second = first;
        second.samples = b;
        veil_status s1 = vl_audio_redact(w->fixture->engine, &options, &first, NULL, NULL);
        veil_status s2 = vl_audio_redact(w->fixture->engine, &options, &second, NULL, NULL);
        if (s1 != VEIL_OK || s2 != VEIL_OK || memcmp(a, b, 16000) != 0) w->is_right = false;
        free(a);
        free(b);
    }
    return NULL;
}

static void many_threads_share_one_engine(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    pthread_t threads[6];
    worker workers[6];
    for (uint64_t i = 0; i < 6; i++) {
        workers[i] = (worker){.fixture = &f, .seed = 1000 + i};
        assert_int_equal(pthread_create(&threads[i], NULL, work_alone, &workers[i]), 0);
    }
    for (size_t i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].is_right);
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_outside_the_limits_are_refused_before_a_sample_is_read),
        cmocka_unit_test(unknown_names_are_errors_wherever_they_stand),
        cmocka_unit_test(ranges_with_range_excluded_are_a_contradiction),
        cmocka_unit_test(a_configuration_is_checked_and_its_effects_come_first),
        cmocka_unit_test(a_transcript_needs_a_text_engine),
        cmocka_unit_test(a_small_array_of_findings),
        cmocka_unit_test(every_workspace_taken_is_busy_and_touches_nothing),
        cmocka_unit_test(a_workspace_is_wiped_when_it_goes_back),
        cmocka_unit_test(every_failing_allocation_of_create_is_survived),
        cmocka_unit_test(many_threads_share_one_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

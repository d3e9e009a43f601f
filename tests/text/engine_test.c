/* Options, failures, allocation and threads of the text engine, through the public calls. */
#include <pthread.h>

#include "support/fail_alloc.h"
#include "support/malloc_count.h"
#include "text/scan_fixture.h"

static const char sample[] =
    "Hi, reach me at jane.roe@example.com or 415-555-0132; SSN 536-90-4399, card 4111 1111 1111 1111";

static veil_status redact(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                          char *out, size_t capacity, size_t *out_bytes)
{
    return veil_text_redact(sanitizer, options, text, strlen(text), out, capacity, out_bytes, NULL, NULL);
}

static void redact_replaces_every_finding(void **state)
{
    (void)state;
    char out[512];
    size_t out_bytes;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    assert_int_equal(redact(sanitizer, NULL, sample, out, sizeof out, &out_bytes), VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, "Hi, reach me at <EMAIL_ADDRESS> or <PHONE_NUMBER>; SSN <US_SSN>, card <CREDIT_CARD>");
    veil_sanitizer_destroy(sanitizer);
}

static void small_output_reports_the_size_and_holds_nothing(void **state)
{
    (void)state;
    char out[64];
    size_t out_bytes;
    size_t needed;
    char full[512];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    assert_int_equal(redact(sanitizer, NULL, sample, full, sizeof full, &needed), VEIL_OK);
    for (size_t capacity = 0; capacity < sizeof out; capacity++) {
        memset(out, 'x', sizeof out);
        assert_int_equal(redact(sanitizer, NULL, sample, out, capacity, &out_bytes), VEIL_ERR_BUFFER_TOO_SMALL);
        assert_int_equal(out_bytes, needed);
        for (size_t i = 0; i < capacity; i++)
            assert_int_equal(out[i], 0);
    }
    veil_sanitizer_destroy(sanitizer);
}

static size_t count_with(const veil_sanitizer *sanitizer, const veil_text_options *options)
{
    static found all;
    scan_text(sanitizer, options, sample, sizeof sample - 1, &all);
    return all.count;
}

static void options_narrow_and_widen(void **state)
{
    (void)state;
    const char *email[] = {"EMAIL_ADDRESS"};
    const char *typo[] = {"EMAIL_ADRESS"};
    const char *pesel[] = {"PL_PESEL"};
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    assert_int_equal(count_with(sanitizer, &options), 4);
    options.entities = email;
    options.entity_count = 1;
    assert_int_equal(count_with(sanitizer, &options), 1);
    options.entities = pesel; /* runs whatever its language when it is named */
    scan_text(sanitizer, &options, "44051401458", 11, &all);
    assert_int_equal(all.count, 1);
    veil_text_options_init(&options);
    options.exclude = email;
    options.exclude_count = 1;
    assert_int_equal(count_with(sanitizer, &options), 3);
    veil_text_options_init(&options);
    options.min_score = 0.99f;
    assert_int_equal(count_with(sanitizer, &options), 2);
    veil_text_options_init(&options);
    options.language = "de"; /* US_SSN is bound to English */
    assert_int_equal(count_with(sanitizer, &options), 3);
    veil_text_result result = {sizeof result, all.items, FOUND_MAX, 0};
    options.language = "zu"; /* the last of the list, and the first */
    assert_int_equal(count_with(sanitizer, &options), 3);
    options.language = "aa";
    assert_int_equal(count_with(sanitizer, &options), 3);
    static const char *const unknown[] = {"German", "sp", "xx", "a ", " a", "e", "", "EN", "zuz"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        options.language = unknown[i];
        assert_int_equal(veil_text_scan(sanitizer, &options, sample, 5, &result, NULL), VEIL_ERR_INVALID_ARGUMENT);
    }
    options.language = "German";
    assert_int_equal(veil_text_scan(sanitizer, &options, sample, 5, &result, NULL), VEIL_ERR_INVALID_ARGUMENT);
    veil_text_options_init(&options);
    options.entities = typo;
    options.entity_count = 1;
    assert_int_equal(veil_text_scan(sanitizer, &options, sample, 5, &result, NULL), VEIL_ERR_INVALID_ARGUMENT);
    veil_sanitizer_destroy(sanitizer);
}

/* A configuration of faces alone asks for no text: a call's language or exclusion does not change that, a name does. */
static void a_language_asks_for_nothing(void **state)
{
    (void)state;
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    const char *face[] = {"FACE"};
    const char *email[] = {"EMAIL_ADDRESS"};
    veil_config_init(&config);
    config.entities = face;
    config.entity_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) skip(); /* a build without images */
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = "en";
    assert_int_equal(count_with(sanitizer, &options), 0);
    options.entities = email;
    options.entity_count = 1;
    assert_int_equal(count_with(sanitizer, &options), 1);
    veil_sanitizer_destroy(sanitizer);
}

static void operators_of_a_call_win(void **state)
{
    (void)state;
    char out[512];
    size_t out_bytes;
    veil_operator_rule rules[2] = {
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_KEEP},
        {.struct_size = sizeof rules[0], .entity = "US_SSN", .op = VEIL_OP_MASK, .mask_char = '#', .mask_count = 5}};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = rules;
    options.operator_count = 2;
    assert_int_equal(redact(sanitizer, &options, "a@b.com, ssn 536-90-4399", out, sizeof out, &out_bytes), VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, "a@b.com, ssn #####0-4399");
    rules[0].entity = "NOBODY";
    assert_int_equal(redact(sanitizer, &options, "clean", out, sizeof out, &out_bytes), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(out_bytes, 0);
    veil_sanitizer_destroy(sanitizer);
}

static void calls_allocate_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    char out[512];
    size_t out_bytes;
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    const char *entities[] = {"EMAIL_ADDRESS", "GITHUB_TOKEN"};
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = entities;
    options.entity_count = 2;
    const char *token = "x ghp_abcdefghijklmnopqrstuvwxyz01234AbCdE";
    malloc_counts before = malloc_count_read();
    for (int i = 0; i < 100; i++) {
        assert_int_equal(redact(sanitizer, NULL, sample, out, sizeof out, &out_bytes), VEIL_OK);
        assert_int_equal(redact(sanitizer, &options, token, out, sizeof out, &out_bytes), VEIL_OK);
        scan_text(sanitizer, NULL, sample, sizeof sample - 1, &all);
    }
    malloc_counts since = malloc_count_since(before);
    assert_int_equal(since.allocations, 0);
    assert_int_equal(since.maps, 0);
    veil_sanitizer_destroy(sanitizer);
}

/* Every allocation that goes through the hook is failed once. */
static void creation_survives_every_refused_allocation(void **state)
{
    (void)state;
    uint64_t n = 1;
    for (bool done = false; !done; n++) {
        fail_alloc heap = {.fail_at = n};
        veil_config config;
        veil_sanitizer *sanitizer = NULL;
        veil_config_init(&config);
        config.modalities = VEIL_MODALITY_TEXT;
        config.text_workspaces = 2;
        config.alloc = fail_alloc_take;
        config.free = fail_alloc_free;
        config.alloc_user = &heap;
        veil_status status = veil_sanitizer_create(&config, &sanitizer, NULL);
        done = !fail_alloc_has_failed(&heap);
        assert_int_equal(status, done ? VEIL_OK : VEIL_ERR_NO_MEMORY);
        veil_sanitizer_destroy(sanitizer);
        assert_true(fail_alloc_is_clean(&heap));
        assert_true(n < 1000);
    }
    assert_true(n > 10);
}

typedef struct worker {
    const veil_sanitizer *sanitizer;
    unsigned id;
    bool is_wrong;
} worker;

/* Each thread has its own text and checks that no other thread's findings come back. */
static void *work(void *argument)
{
    worker *w = argument;
    char text[128];
    char expected[128];
    char out[256];
    size_t out_bytes;
    for (unsigned i = 0; i < 3000; i++) {
        (void)snprintf(text, sizeof text, "t%u mail user%u.%u@example.com ip 10.0.%u.1 end", w->id, w->id, i, w->id);
        (void)snprintf(expected, sizeof expected, "t%u mail <EMAIL_ADDRESS> ip <IP_ADDRESS> end", w->id);
        veil_status status = redact(w->sanitizer, NULL, text, out, sizeof out, &out_bytes);
        w->is_wrong |= status != VEIL_OK || out_bytes != strlen(expected) || memcmp(out, expected, out_bytes) != 0;
    }
    return NULL;
}

static void threads_do_not_mix_their_texts(void **state)
{
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    worker workers[THREADS];
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.text_workspaces = 2; /* fewer than threads: the pool grows under them */
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (worker){sanitizer, i, false};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_false(workers[i].is_wrong);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redact_replaces_every_finding),
        cmocka_unit_test(small_output_reports_the_size_and_holds_nothing),
        cmocka_unit_test(options_narrow_and_widen),
        cmocka_unit_test(a_language_asks_for_nothing),
        cmocka_unit_test(operators_of_a_call_win),
        cmocka_unit_test(calls_allocate_nothing),
        cmocka_unit_test(creation_survives_every_refused_allocation),
        cmocka_unit_test(threads_do_not_mix_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

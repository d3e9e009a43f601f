/*
 * Batches: every item gets what the single call would give it, with and without workers, at sizes around the edges of the
 * division into runs; failures stay with their item; several batches at once do not mix.
 */
#include "api_support.h"

#include <pthread.h>
#include <stdbool.h>

static veil_sanitizer *make_workers(uint32_t workers)
{
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.worker_count = workers;
    return make(&config);
}

#define OUT_BYTES 96

typedef struct texts {
    size_t count;
    char (*input)[OUT_BYTES];
    char (*output)[OUT_BYTES];
    veil_finding *findings;
    veil_text_item *items;
} texts;

/* Item i holds i % 3 addresses, so neighbours differ and a mix-up shows. */
static texts make_texts(size_t count, unsigned seed)
{
    texts t = {.count = count};
    t.input = calloc(count + 1, OUT_BYTES);
    t.output = calloc(count + 1, OUT_BYTES);
    t.findings = calloc(count + 1, sizeof *t.findings);
    t.items = calloc(count + 1, sizeof *t.items);
    for (size_t i = 0; i < count; i++) {
        const size_t kind = (i + seed) % 3;
        (void)snprintf(t.input[i], OUT_BYTES, "%zu-%u%s%s", i, seed, kind > 0 ? " a@example.com" : "",
                       kind > 1 ? " and b@example.org" : "");
        t.items[i].text = t.input[i];
        t.items[i].text_bytes = strlen(t.input[i]);
        t.items[i].findings = &t.findings[i];
        t.items[i].finding_capacity = 1;
    }
    return t;
}

static void free_texts(texts *t)
{
    free(t->input);
    free(t->output);
    free(t->findings);
    free(t->items);
}

static void want_output(texts *t)
{
    for (size_t i = 0; i < t->count; i++) {
        t->items[i].out = t->output[i];
        t->items[i].out_capacity = OUT_BYTES;
    }
}

static bool is_redacted(const texts *t, size_t i, unsigned seed)
{
    const size_t kind = (i + seed) % 3;
    char expected[OUT_BYTES];
    const int length = snprintf(expected, sizeof expected, "%zu-%u%s%s", i, seed, kind > 0 ? " <EMAIL_ADDRESS>" : "",
                                kind > 1 ? " and <EMAIL_ADDRESS>" : "");
    const veil_text_item *item = &t->items[i];
    return item->status == VEIL_OK && item->finding_count == kind && item->out_bytes == (size_t)length &&
           memcmp(item->out, expected, (size_t)length) == 0;
}

static void every_item_gets_its_own_answer(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 7, 8, 9, 63, 500, 2049, 5000};
    for (uint32_t workers = 0; workers <= 3; workers++) {
        veil_sanitizer *s = make_workers(workers);
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            texts t = make_texts(counts[c], 0);
            want_output(&t);
            assert_int_equal(veil_text_redact_batch(s, NULL, t.items, t.count, sizeof t.items[0], NULL), VEIL_OK);
            for (size_t i = 0; i < t.count; i++)
                if (!is_redacted(&t, i, 0)) fail_msg("item %zu of %zu, %u workers", i, t.count, workers);
            free_texts(&t);
        }
        veil_sanitizer_destroy(s);
    }
}

static void scanning_reports_what_fits(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(2);
    texts t = make_texts(100, 0);
    veil_error error = VEIL_ERROR_INIT;
    assert_refused(veil_text_scan_batch(s, NULL, t.items, t.count, sizeof t.items[0], &error),
                   VEIL_ERR_BUFFER_TOO_SMALL, error, "items[2]"); /* two findings, room for one */
    for (size_t i = 0; i < t.count; i++) {
        assert_int_equal(t.items[i].finding_count, i % 3);
        assert_int_equal(t.items[i].status, i % 3 > 1 ? VEIL_ERR_BUFFER_TOO_SMALL : VEIL_OK);
        if (i % 3 > 0) assert_string_equal(t.findings[i].entity, "EMAIL_ADDRESS");
    }
    free_texts(&t);
    veil_sanitizer_destroy(s);
}

static void a_failing_item_does_not_stop_the_others(void **state)
{
    (void)state;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 2;
    config.utf8_policy = VEIL_UTF8_STRICT;
    config.max_text_bytes = 60;
    veil_sanitizer *s = make(&config);
    texts t = make_texts(300, 0);
    want_output(&t);
    static const char not_utf8[] = "\xff\xfe not text a@example.com";
    memcpy(t.input[17], not_utf8, sizeof not_utf8);
    t.items[17].text_bytes = sizeof not_utf8 - 1;
    t.items[18].text_bytes = 61;
    t.items[19].out_capacity = 3;
    memset(t.output, 'x', 20 * OUT_BYTES);
    veil_error error = VEIL_ERROR_INIT;
    assert_refused(veil_text_redact_batch(s, NULL, t.items, t.count, sizeof t.items[0], &error),
                   VEIL_ERR_MALFORMED_INPUT, error, "items[17]");
    assert_int_equal(t.items[17].status, VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(t.items[18].status, VEIL_ERR_LIMIT);
    assert_int_equal(t.items[19].status, VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(t.items[17].out_bytes, 0);
    assert_true(t.items[19].out_bytes > 3);
    for (size_t b = 0; b < OUT_BYTES; b++) {
        assert_int_equal(t.output[17][b], 0);
        assert_int_equal(t.output[18][b], 0);
        assert_int_equal(t.output[19][b], b < 3 ? 0 : 'x');
    }
    for (size_t i = 0; i < t.count; i++)
        if (i < 17 || i > 19) assert_true(is_redacted(&t, i, 0));
    free_texts(&t);
    veil_sanitizer_destroy(s);
}

/* A newer caller's items are longer; their tails must be zero. */
static void items_may_be_longer(void **state)
{
    (void)state;
    typedef struct newer {
        veil_text_item item;
        uint64_t tail;
    } newer;
    newer items[3];
    char out[3][64];
    memset(items, 0, sizeof items);
    for (size_t i = 0; i < 3; i++)
        items[i].item = (veil_text_item){
            .text = SAMPLE, .text_bytes = sizeof SAMPLE - 1, .out = out[i], .out_capacity = sizeof out[i]};
    veil_sanitizer *s = make_workers(0);
    assert_int_equal(veil_text_redact_batch(s, NULL, &items[0].item, 3, sizeof items[0], NULL), VEIL_OK);
    assert_memory_equal(out[2], SAMPLE_REDACTED, sizeof SAMPLE_REDACTED - 1);
    items[1].tail = 1;
    assert_int_equal(veil_text_redact_batch(s, NULL, &items[0].item, 3, sizeof items[0], NULL),
                     VEIL_ERR_INVALID_ARGUMENT);
    veil_sanitizer_destroy(s);
}

static void calls_and_bytes_are_counted_exactly(void **state)
{
    (void)state;
    veil_sanitizer *s = make_workers(2);
    texts t = make_texts(1000, 0);
    uint64_t bytes = 0;
    for (size_t i = 0; i < t.count; i++)
        bytes += t.items[i].text_bytes;
    (void)veil_text_scan_batch(s, NULL, t.items, t.count, sizeof t.items[0], NULL);
    veil_metrics metrics = {.struct_size = sizeof metrics};
    assert_int_equal(veil_metrics_snapshot(s, &metrics), VEIL_OK);
    const veil_operation_metrics *scan = &metrics.operations[VEIL_METRIC_TEXT_SCAN];
    assert_int_equal(scan->calls, 1000);
    assert_int_equal(scan->bytes, bytes);
    assert_int_equal(scan->errors, 333); /* two findings, room for one */
    free_texts(&t);
    veil_sanitizer_destroy(s);
}

typedef struct hand {
    const veil_sanitizer *sanitizer;
    unsigned seed;
    size_t wrong;
} hand;

static void *run_batches(void *argument)
{
    hand *h = argument;
    for (unsigned round = 0; round < 20; round++) {
        texts t = make_texts(200 + h->seed * 50, h->seed);
        want_output(&t);
        h->wrong += veil_text_redact_batch(h->sanitizer, NULL, t.items, t.count, sizeof t.items[0], NULL) != VEIL_OK;
        for (size_t i = 0; i < t.count; i++)
            h->wrong += !is_redacted(&t, i, h->seed);
        free_texts(&t);
    }
    return NULL;
}

/* More batches at once than there are places for helpers would still be right: the rest runs on its callers. */
static void batches_at_once_do_not_mix(void **state)
{
    (void)state;
    enum { HANDS = 6 };
    veil_sanitizer *s = make_workers(2);
    pthread_t threads[HANDS];
    hand hands[HANDS];
    for (unsigned i = 0; i < HANDS; i++) {
        hands[i] = (hand){s, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, run_batches, &hands[i]), 0);
    }
    for (unsigned i = 0; i < HANDS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(hands[i].wrong, 0);
    }
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_gets_its_own_answer),          cmocka_unit_test(scanning_reports_what_fits),
        cmocka_unit_test(a_failing_item_does_not_stop_the_others), cmocka_unit_test(items_may_be_longer),
        cmocka_unit_test(calls_and_bytes_are_counted_exactly),     cmocka_unit_test(batches_at_once_do_not_mix),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}

/* veil_image_redact_batch: the answers of single calls, whoever did them; wrong items start nothing; failures stay alone. */
#include "api_support.h"

#define W     96u
#define H     64u
#define COUNT 12u

static veil_sanitizer *make_with(uint32_t workers, uint32_t policy)
{
    static const char *const region[] = {"REGION"};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    config_for(&config, VEIL_MODALITY_IMAGE);
    config.entities = region; /* no network is needed */
    config.entity_count = 1;
    config.worker_count = workers;
    config.pool_policy = policy;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    return sanitizer;
}

static void batches_do_what_single_calls_do(void **state)
{
    (void)state;
    for (uint32_t workers = 0; workers <= 3; workers += 3) {
        veil_sanitizer *sanitizer = make_with(workers, workers == 3 ? VEIL_POOL_BUSY : VEIL_POOL_GROW);
        uint8_t *pixels = malloc((size_t)COUNT * W * H), *wanted = malloc((size_t)W * H);
        veil_image images[COUNT];
        static veil_image_item items[COUNT];
        veil_region found[COUNT];
        const veil_region box = {NULL, 10, 12, 40, 30, 0, 0};
        veil_image_options options;
        veil_image_options_init(&options);
        options.regions = &box;
        options.region_count = 1;
        memset(items, 0, sizeof items);
        for (uint32_t i = 0; i < COUNT; i++) {
            memset(pixels + (size_t)i * W * H, (int)(10 + i), (size_t)W * H);
            images[i] = (veil_image){sizeof(veil_image), pixels + (size_t)i * W * H, W, W, H, VEIL_PIXEL_GRAY, 0};
            items[i].image = &images[i];
            items[i].regions = &found[i];
            items[i].region_capacity = 1;
        }
        images[5].width = 8; /* the box lies outside of this one */
        assert_int_equal(veil_image_redact_batch(sanitizer, &options, items, COUNT, sizeof items[0], NULL),
                         VEIL_ERR_INVALID_ARGUMENT);
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(items[i].status, i == 5 ? VEIL_ERR_INVALID_ARGUMENT : VEIL_OK);
            assert_int_equal(items[i].region_count, i == 5 ? 0 : 1);
            memset(wanted, (int)(10 + i), (size_t)W * H);
            for (int y = 12; y < 42 && i != 5; y++)
                memset(wanted + y * (int)W + 10, 0, 40);
            assert_memory_equal(wanted, images[i].pixels, (size_t)W * H);
        }
        veil_metrics metrics = {.struct_size = sizeof metrics};
        assert_int_equal(veil_metrics_snapshot(sanitizer, &metrics), VEIL_OK);
        assert_int_equal(metrics.operations[VEIL_METRIC_IMAGE_REDACT].calls, COUNT);
        assert_int_equal(metrics.operations[VEIL_METRIC_IMAGE_REDACT].errors, 1);
        free(pixels);
        free(wanted);
        veil_sanitizer_destroy(sanitizer);
    }
}

static void one_wrong_item_starts_nothing(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_with(0, VEIL_POOL_GROW);
    static uint8_t pixels[64 * 64];
    uint8_t out[64] = {0};
    memset(pixels, 9, sizeof pixels);
    veil_image image = {sizeof image, pixels, 64, 64, 64, VEIL_PIXEL_GRAY, 0};
    const veil_region box = {NULL, 1, 1, 4, 4, 0, 0};
    veil_image_options options;
    veil_image_options_init(&options);
    options.regions = &box;
    options.region_count = 1;
    const veil_image_item good = {.image = &image};
    veil_image_item wrong[6];
    for (int i = 0; i < 6; i++)
        wrong[i] = (veil_image_item){0};
    wrong[1] = good;
    wrong[1].input = out;
    wrong[2] = good;
    wrong[2].reserved = 1;
    wrong[3] = good;
    wrong[3].region_capacity = 1;
    wrong[4] = (veil_image_item){.input = out, .input_bytes = sizeof out, .out = out, .out_capacity = sizeof out};
    wrong[5] = good;
    wrong[5].out_capacity = 5;
    for (int i = 0; i < 6; i++) {
        veil_image_item items[2] = {good, wrong[i]};
        veil_error error = VEIL_ERROR_INIT;
        assert_refused(veil_image_redact_batch(sanitizer, &options, items, 2, sizeof items[0], &error),
                       VEIL_ERR_INVALID_ARGUMENT, error, "items[1]");
        assert_int_equal(pixels[65], 9);
    }
    veil_image_item one = good;
    assert_int_equal(veil_image_redact_batch(sanitizer, &options, &one, 1, 8, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_redact_batch(sanitizer, &options, NULL, 1, sizeof one, NULL),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_redact_batch(NULL, &options, &one, 1, sizeof one, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_redact_batch(sanitizer, &options, NULL, 0, sizeof one, NULL), VEIL_OK);
    veil_sanitizer_destroy(sanitizer);
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(veil_image_redact_batch(sanitizer, &options, &one, 1, sizeof one, NULL), VEIL_ERR_UNSUPPORTED);
    veil_sanitizer_destroy(sanitizer);
}

/* Broken files: each item its own status, its output zero, the others done. */
static void encoded_items_fail_alone(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_with(2, VEIL_POOL_GROW);
    static const uint8_t broken[] = {0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3};
    uint8_t outs[3][256];
    veil_image_item items[3];
    memset(outs, 7, sizeof outs);
    for (int i = 0; i < 3; i++)
        items[i] =
            (veil_image_item){.input = broken, .input_bytes = sizeof broken, .out = outs[i], .out_capacity = 256};
    assert_int_equal(veil_image_redact_batch(sanitizer, NULL, items, 3, sizeof items[0], NULL),
                     VEIL_ERR_MALFORMED_INPUT);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(items[i].status, VEIL_ERR_MALFORMED_INPUT);
        assert_int_equal(items[i].out_bytes, 0);
        for (int k = 0; k < 256; k++)
            assert_int_equal(outs[i][k], 0);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    if (!built_with("VEIL_IMAGE")) return print_message("skipped: a build without images\n"), 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_do_what_single_calls_do),
        cmocka_unit_test(one_wrong_item_starts_nothing),
        cmocka_unit_test(encoded_items_fail_alone),
    };
    return cmocka_run_group_tests_name("image_batch", tests, NULL, NULL);
}

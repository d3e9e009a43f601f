/*
 * Text in pictures with a reader of the host's: words to text to boxes, what is hidden, what is remembered, and what happens when
 * the reader fails. The reader here "reads" a list of words; tests/plugins has one that reads pixels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/codes.h"

#define W 320u
#define H 240u

typedef struct script {
    const veil_ocr_word *words;
    size_t count;
    size_t repeats;     /* of all words, 0: once */
    veil_status answer; /* of recognize, when the sink did not stop it */
    veil_status create_answer;
    int created;
    int destroyed;
    int read;
    uint8_t first_pixel;
} script;

static script host;

static veil_status host_create(void *user, void **instance)
{
    script *s = user;
    *instance = s;
    s->created += s->create_answer == VEIL_OK;
    return s->create_answer;
}

static veil_status host_read(void *instance, const struct veil_image *picture, veil_ocr_sink sink, void *sink_user)
{
    script *s = instance;
    assert_int_equal(picture->struct_size, sizeof *picture);
    assert_int_equal(picture->format, VEIL_PIXEL_GRAY);
    s->first_pixel = *(const uint8_t *)picture->pixels;
    s->read++;
    for (size_t r = 0; r <= s->repeats; r++) {
        for (size_t i = 0; i < s->count; i++) {
            const veil_status status = sink(sink_user, &s->words[i]);
            if (status != VEIL_OK) return status;
        }
    }
    return s->answer;
}

static void host_destroy(void *instance)
{
    script *s = instance;
    if (s != NULL) s->destroyed++;
}

static const veil_ocr_engine engine = {sizeof engine, "script", &host, host_create, host_read, host_destroy};

#define WORD(text_, x_, y_, w_, line_)                                                                                 \
    {                                                                                                                  \
        sizeof(veil_ocr_word), text_, sizeof(text_) - 1, x_, y_, w_, 12, 0.9F, line_                                   \
    }

static veil_sanitizer *make(const veil_effect_rule *effects, size_t effect_count)
{
    static const char *const entities[] = {"QR_CODE",     "REGION", "EMAIL_ADDRESS",
                                           "CREDIT_CARD", "US_SSN", "PHONE_NUMBER"};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    config.entities = entities + (vl_codes_are_built() ? 0 : 1); /* no faces: no network is needed */
    config.entity_count = 6 - (vl_codes_are_built() ? 0 : 1);
    config.ocr = &engine;
    config.image_workspaces = 1;
    config.effects = effects;
    config.effect_count = effect_count;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("%s", error.message);
    return sanitizer;
}

static void set_words(const veil_ocr_word *words, size_t count)
{
    host.words = words;
    host.count = count;
    host.repeats = 0;
    host.answer = VEIL_OK;
    host.read = 0;
}

static veil_status look(const veil_sanitizer *sanitizer, const vl_image_view *view, const char *const *entities,
                        size_t count, veil_region regions[8], veil_image_result *result)
{
    const veil_image image = picture_image(view);
    veil_image_options options;
    veil_image_options_init(&options);
    options.entities = entities;
    options.entity_count = count;
    options.flags = entities == NULL ? VEIL_IMAGE_TEXT : 0;
    *result = (veil_image_result){.struct_size = sizeof *result, .regions = regions, .region_capacity = 8};
    return veil_image_scan(sanitizer, &options, &image, result, NULL);
}

static bool has_region(const veil_region *regions, size_t count, const char *entity, int32_t x, int32_t y, int32_t w)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(regions[i].entity, entity) == 0 && regions[i].x == x && regions[i].y == y && regions[i].w == w)
            return true;
    return false;
}

static void test_words_become_boxes_one_for_each_line(void **state)
{
    static const veil_ocr_word words[] = {
        WORD("mail", 10, 20, 40, 1),  WORD("jane.roe@example.com", 60, 20, 150, 1),
        WORD("card", 10, 60, 40, 2),  WORD("4111", 60, 60, 40, 2),
        WORD("1111", 110, 60, 40, 2), WORD("1111", 10, 90, 40, 3),
        WORD("1111", 60, 90, 40, 3),  WORD("thanks", 120, 90, 60, 3),
    };
    veil_sanitizer *sanitizer = make(NULL, 0);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
    veil_region regions[8];
    veil_image_result result;
    (void)state;
    picture_draw_wall(&view, 1);
    set_words(words, 8);
    assert_int_equal(look(sanitizer, &view, NULL, 0, regions, &result), VEIL_OK);
    assert_int_equal(result.region_count, 3);
    assert_true(has_region(regions, 3, "EMAIL_ADDRESS", 60, 20, 150));
    assert_true(has_region(regions, 3, "CREDIT_CARD", 60, 60, 90)); /* two words of one line: one box */
    assert_true(has_region(regions, 3, "CREDIT_CARD", 10, 90, 90));
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(host.created, host.destroyed);
}

static void test_numbers_that_were_read_with_other_spaces(void **state)
{
    static const veil_ocr_word words[] = {WORD("4111", 60, 60, 40, 2), WORD("111111111111", 110, 60, 120, 2)};
    veil_sanitizer *sanitizer = make(NULL, 0);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_region regions[8];
    veil_image_result result;
    (void)state;
    set_words(words, 2);
    assert_int_equal(look(sanitizer, &view, NULL, 0, regions, &result), VEIL_OK);
    assert_true(has_region(regions, result.region_count, "CREDIT_CARD", 60, 60, 170));
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

static void test_names_decide_what_is_found_and_remembered(void **state)
{
    static const veil_ocr_word words[] = {WORD("jane.roe@example.com", 60, 20, 150, 1),
                                          WORD("536-90-4399", 60, 60, 150, 2)};
    static const char *const mail[] = {"EMAIL_ADDRESS"}, *const ssn[] = {"US_SSN"}, *const region[] = {"REGION"};
    veil_sanitizer *sanitizer = make(NULL, 0);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_RGBA);
    veil_region regions[8];
    veil_image_result result;
    (void)state;
    picture_draw_wall(&view, 2);
    set_words(words, 2);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(look(sanitizer, &view, mail, 1, regions, &result), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_string_equal(regions[0].entity, "EMAIL_ADDRESS");
        assert_int_equal(look(sanitizer, &view, ssn, 1, regions, &result), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_string_equal(regions[0].entity, "US_SSN");
        assert_int_equal(host.read, 2); /* the second round is remembered */
    }
    assert_int_equal(look(sanitizer, &view, region, 1, regions, &result), VEIL_OK);
    assert_int_equal(result.region_count, 0);
    assert_int_equal(host.read, 2); /* nobody asked for text */
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

static void test_text_is_filled_unless_rules_say_otherwise(void **state)
{
    static const veil_ocr_word words[] = {WORD("jane.roe@example.com", 60, 20, 150, 1),
                                          WORD("536-90-4399", 60, 120, 150, 2)};
    static const veil_effect_rule rules[] = {{sizeof rules[0], "US_SSN", VEIL_EFFECT_FILL, 0xFFFFFF},
                                             {sizeof rules[0], "US_SSN", VEIL_EFFECT_SILENCE, 0}};
    static const veil_effect_rule keep = {sizeof keep, "US_SSN", VEIL_EFFECT_KEEP, 0};
    veil_sanitizer *sanitizer = make(rules, 2);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_image image = picture_image(&view);
    veil_image_options options;
    (void)state;
    memset(view.pixels, 90, (size_t)W * H);
    set_words(words, 2);
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_TEXT;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
    assert_int_equal(view.pixels[26 * W + 100], 0);
    assert_int_equal(view.pixels[126 * W + 100], 255);
    assert_int_equal(view.pixels[200 * W + 100], 90);
    memset(view.pixels, 91, (size_t)W * H);
    options.effects = &keep;
    options.effect_count = 1;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
    assert_int_equal(view.pixels[26 * W + 100], 0);
    assert_int_equal(view.pixels[126 * W + 100], 91);
    assert_int_equal(host.first_pixel, 91);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

/* Means of cells give text away to who tries a list of guesses. */
static void test_text_is_never_blurred(void **state)
{
    static const veil_ocr_word words[] = {WORD("jane.roe@example.com", 60, 20, 150, 1)};
    static const uint32_t effects[] = {VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_image image = picture_image(&view);
    (void)state;
    set_words(words, 1);
    for (size_t i = 0; i < 4; i++) {
        const veil_effect_rule rules[] = {{sizeof rules[0], "*", VEIL_EFFECT_KEEP, 0},
                                          {sizeof rules[0], "*", effects[i % 2], 0}};
        const veil_effect_rule named = {sizeof named, "EMAIL_ADDRESS", effects[i % 2], 0};
        veil_sanitizer *sanitizer = i < 2 ? make(rules, 2) : make(NULL, 0);
        veil_image_options options;
        veil_image_options_init(&options);
        options.flags = VEIL_IMAGE_TEXT;
        options.effects = i < 2 ? NULL : rules;
        options.effect_count = i < 2 ? 0 : 2;
        memset(view.pixels, 90, (size_t)W * H);
        assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_OK);
        assert_int_equal(view.pixels[26 * W + 100], 0);
        options.effects = &named;
        options.effect_count = 1;
        assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
        veil_sanitizer_destroy(sanitizer);
    }
    picture_free(&view);
}

/* A reader that fails, stops, or gives what cannot be true: the call fails, and nothing of the picture is left. */
static void test_a_reader_that_fails_fails_the_call(void **state)
{
    static const veil_ocr_word good = WORD("jane.roe@example.com", 60, 20, 150, 1);
    static const veil_ocr_word outside = WORD("word", 400, 20, 150, 1), flat = WORD("word", 10, 20, 0, 1);
    static const veil_ocr_word old = {8, "word", 4, 1, 1, 1, 1, 0, 1}, empty = WORD("", 10, 20, 10, 1);
    const struct {
        const veil_ocr_word *word;
        size_t repeats;
        veil_status answer;
        veil_status expected;
        bool is_untouched;
    } rows[] = {{&good, 0, VEIL_ERR_MODEL, VEIL_ERR_MODEL, false},
                {&good, 0, VEIL_ERR_LIMIT, VEIL_ERR_CALLBACK, false},
                {&good, 0, VEIL_ERR_BUSY, VEIL_ERR_CALLBACK, false},
                {&good, 0, VEIL_ERR_UNSUPPORTED, VEIL_ERR_CALLBACK, false},
                {&good, 0, VEIL_ERR_INVALID_ARGUMENT, VEIL_ERR_CALLBACK, false},
                {&good, 0, VEIL_ERR_NO_MEMORY, VEIL_ERR_NO_MEMORY, false},
                {&good, 0, 7, VEIL_ERR_CALLBACK, false},
                {&good, 0, -1000, VEIL_ERR_CALLBACK, false},
                {&outside, 0, VEIL_OK, VEIL_ERR_CALLBACK, false},
                {&flat, 0, VEIL_OK, VEIL_ERR_CALLBACK, false},
                {&old, 0, VEIL_OK, VEIL_ERR_CALLBACK, false},
                {&empty, 0, VEIL_OK, VEIL_ERR_CALLBACK, false},
                {&good, 40000, VEIL_OK, VEIL_ERR_LIMIT, true}};
    veil_sanitizer *sanitizer = make(NULL, 0);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_image image = picture_image(&view);
    veil_image_options options;
    (void)state;
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_TEXT | VEIL_IMAGE_NO_CACHE;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(view.pixels, 90, (size_t)W * H);
        set_words(rows[i].word, 1);
        host.repeats = rows[i].repeats;
        host.answer = rows[i].answer;
        assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), rows[i].expected);
        assert_int_equal(view.pixels[100 * W + 100], rows[i].is_untouched ? 90 : 0);
    }
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

static void test_creation_checks_the_reader(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    static const char *const region[] = {"REGION"};
    veil_ocr_engine wrong = engine;
    (void)state;
    config.entities = region;
    config.entity_count = 1;
    config.ocr = &wrong;
    wrong.recognize = NULL;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_ERR_INVALID_ARGUMENT);
    wrong = engine;
    wrong.struct_size = 8;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_ERR_INVALID_ARGUMENT);
    config.ocr = &engine;
    host.create_answer = VEIL_ERR_MODEL;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_ERR_MODEL);
    host.create_answer = VEIL_OK;
    assert_null(sanitizer);
}

static void test_without_a_reader_text_is_unsupported(void **state)
{
    static const char *const region[] = {"REGION"}, *const mail[] = {"EMAIL_ADDRESS"};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_region regions[8];
    veil_image_result result;
    (void)state;
    config.entities = region;
    config.entity_count = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(look(sanitizer, &view, NULL, 0, regions, &result), VEIL_ERR_UNSUPPORTED);
    assert_int_equal(look(sanitizer, &view, mail, 1, regions, &result), VEIL_ERR_UNSUPPORTED);
    picture_free(&view);
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_become_boxes_one_for_each_line),
        cmocka_unit_test(test_numbers_that_were_read_with_other_spaces),
        cmocka_unit_test(test_names_decide_what_is_found_and_remembered),
        cmocka_unit_test(test_text_is_filled_unless_rules_say_otherwise),
        cmocka_unit_test(test_text_is_never_blurred),
        cmocka_unit_test(test_a_reader_that_fails_fails_the_call),
        cmocka_unit_test(test_creation_checks_the_reader),
        cmocka_unit_test(test_without_a_reader_text_is_unsupported),
    };
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}

/* Configuration files through veil.h: every key, every mistake with its line and column, bombs, allocation failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/fail_alloc.h"
#include "veil.h"

static veil_config_file *create(void)
{
    veil_config_file *file = NULL;
    assert_int_equal(veil_config_file_create(NULL, &file, NULL), VEIL_OK);
    return file;
}

static veil_config_file *read_good(const char *yaml)
{
    veil_config_file *file = create();
    veil_error error = VEIL_ERROR_INIT;
    if (veil_config_file_read(file, yaml, strlen(yaml), VEIL_TEST_SOURCE_DIR "/examples", 0, &error) != VEIL_OK)
        fail_msg("%s", error.message);
    return file;
}

static void refused_with(const char *yaml, size_t bytes, uint32_t flags, veil_status status, const char *reason)
{
    veil_config_file *file = create();
    veil_error error = VEIL_ERROR_INIT;
    veil_status got = veil_config_file_read(file, yaml, bytes, NULL, flags, &error);
    if (got != status || strstr(error.message, reason) == NULL)
        fail_msg("%s: \"%s\", wanted \"%s\"", veil_status_string(got), error.message, reason);
    assert_int_equal(error.status, status);
    for (const char *c = error.message; *c; c++)
        assert_in_range(*c, ' ', '~');
    veil_config config;
    veil_config_init(&config);
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_file_read(file, "min_score: 1", 12, NULL, 0, NULL), VEIL_ERR_INVALID_ARGUMENT);
    veil_config_file_destroy(file);
}

static void refused(const char *yaml, const char *reason)
{
    refused_with(yaml, strlen(yaml), 0, VEIL_ERR_INVALID_ARGUMENT, reason);
}

static void every_setting_arrives(void **state)
{
    veil_config config;
    veil_config expected;
    (void)state;
    veil_config_file *file =
        read_good("max_text_bytes: 1_000_000\n"
                  "profile: memory\n"
                  "language: de\n"
                  "min_score: 0.25\n"
                  "face_min_score: .5\n"
                  "margin_percent: 20\n"
                  "utf8_policy: strict\n"
                  "text_workspaces: 3\n"
                  "pool_policy: busy\n"
                  "metrics: full\n"
                  "cpu_level: plain\n"
                  "near_duplicates: true\n"
                  "face_input_width: 256\n"
                  "face_tiles: true\n"
                  "modalities: [text]\n"
                  "entities: [EMAIL_ADDRESS, US_SSN]\n"
                  "exclude: US_SSN\n"
                  "operators:\n"
                  "  - {entity: EMAIL_ADDRESS, op: mask, mask_char: \"\xe2\x82\xac\", mask_count: 4, mask_end: end}\n"
                  "  - {entity: '*', op: replace, text: ''}\n"
                  "effects: [{entity: '*', effect: beep}]\n");
    veil_config_init(&config);
    veil_config_init(&expected);
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_OK);
    veil_config_apply_profile(&expected, VEIL_PROFILE_MEMORY);
    assert_int_equal(config.profile, VEIL_PROFILE_MEMORY);
    assert_int_equal(config.queue_capacity, expected.queue_capacity);
    assert_int_equal(config.text_workspaces, 3);
    assert_string_equal(config.language, "de");
    assert_float_equal(config.min_score, 0.25f, 0);
    assert_float_equal(config.face_min_score, 0.5f, 0);
    assert_float_equal(config.margin_percent, 20.0f, 0);
    assert_int_equal(config.utf8_policy, VEIL_UTF8_STRICT);
    assert_int_equal(config.pool_policy, VEIL_POOL_BUSY);
    assert_int_equal(config.metrics, VEIL_METRICS_FULL);
    assert_int_equal(config.cpu_level, VEIL_CPU_PLAIN);
    assert_int_equal(config.near_duplicates, 1);
    assert_int_equal(config.face_input_width, 256);
    assert_int_equal(config.face_input_height, expected.face_input_height);
    assert_int_equal(config.face_tiles, 1);
    assert_int_equal(config.modalities, VEIL_MODALITY_TEXT);
    assert_int_equal(config.max_text_bytes, 1000000);
    assert_int_equal(config.max_image_bytes, expected.max_image_bytes);
    assert_int_equal(config.entity_count, 2);
    assert_string_equal(config.entities[1], "US_SSN");
    assert_int_equal(config.exclude_count, 1);
    assert_int_equal(config.operator_count, 2);
    assert_int_equal(config.operators[0].mask_char, 0x20AC);
    assert_int_equal(config.operators[0].mask_end, 1);
    assert_string_equal(config.operators[1].text, "");
    assert_int_equal(config.effects[0].effect, VEIL_EFFECT_BEEP);
    assert_int_equal(config.recognizer_count, 0);
    veil_config_file_destroy(file);
}

static void the_example_finds_what_it_says(void **state)
{
    static char yaml[16384];
    static const char text[] =
        "EMP-104217 saw storch & s\xc3\xb6hne, Robin Poe; Ward 12 West; 10.0.3.4 info@example.com";
    char out[512];
    size_t bytes = 0;
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    (void)state;
    FILE *stream = fopen(VEIL_TEST_SOURCE_DIR "/examples/rules.yaml", "rb");
    assert_non_null(stream);
    size_t size = fread(yaml, 1, sizeof yaml - 1, stream);
    fclose(stream);
    yaml[size] = '\0';
    veil_config_file *file = read_good(yaml);
    veil_config_init(&config);
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_OK);
    config.modalities = VEIL_MODALITY_TEXT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("%s", error.message);
    veil_config_file_destroy(file); /* everything was copied */
    memset(yaml, 'x', sizeof yaml);
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, sizeof text - 1, out, sizeof out, &bytes, NULL, NULL),
                     VEIL_OK);
    out[bytes] = '\0';
    assert_string_equal(out, "<EMPLOYEE_NUMBER> saw <PROJECT>, <PERSON>; <HOSPITAL_WARD>; 10.0.3.4 info@example.com");
    size_t own = 0;
    const char *before = "";
    for (size_t i = 0; i < veil_sanitizer_entity_count(sanitizer); i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        assert_int_equal(veil_sanitizer_entity_at(sanitizer, i, &info), VEIL_OK);
        assert_true(strcmp(before, info.name) < 0);
        before = info.name;
        own += strncmp(info.description, "own recognizer", 14) == 0;
    }
    assert_int_equal(own, 5);
    veil_entity_info info = {.struct_size = sizeof info};
    assert_int_equal(veil_sanitizer_entity_at(sanitizer, veil_sanitizer_entity_count(sanitizer), &info),
                     VEIL_ERR_INVALID_ARGUMENT);
    veil_sanitizer_destroy(sanitizer);
}

static void every_mistake_has_its_place(void **state)
{
    (void)state;
    refused("min_scor: 1", "line 1, column 1: unknown key of the file; did you mean min_score?");
    refused("language: xx", "line 1, column 11: this is neither");
    refused("min_score: high", "line 1, column 12: a number from 0 to 1");
    refused("min_score: 1.5", "line 1, column 12: a number from 0 to 1");
    refused("min_score: \"0.5\"", "a number from 0 to 1");
    refused("min_score: 1\nmin_score: 1", "line 2, column 1: this key stands here twice");
    refused("text_workspaces: 1.5", "a whole number");
    refused("pool_policy: shrink", "line 1, column 14: one of these is wanted here: grow, busy");
    refused("near_duplicates: yes", "true or false");
    refused("modalities: [text, video]", "line 1, column 20: one of these is wanted here: text, image, audio");
    refused("key: abc", "keys do not stand in configuration files");
    refused("entities: []", "the list is empty");
    refused("entities: [EMAIL_ADDRESS,\n  EMAIL_ADRESS]", "line 2, column 3: unknown entity");
    refused("exclude: [NOPE]", "unknown entity");
    refused("operators: {}", "operators is a list");
    refused("operators: [{entity: NOPE, op: keep}]", "line 1, column 22: unknown entity");
    refused("operators: [{entity: FACE, op: keep}]", "this entity is not found in text");
    refused("operators: [{entity: URL, op: blur}]", "line 1, column 31: one of these is wanted here: replace");
    refused("operators: [{entity: URL}]", "an operator needs entity and op");
    refused("operators: [{entity: URL, op: mask, mask_char: ab}]", "one character");
    refused("operators: [{entity: URL, op: mask, count: 1}]", "unknown key of an operator");
    refused("effects: [{entity: FACE, effect: mask}]", "one of these is wanted here: fill");
    refused("effects: [{entity: FACE, effect: fill, color_rgb: red}]", "six hexadecimal digits");
    refused("recognizers: {}", "recognizers is a list");
    refused("recognizers:\n- name: a", "line 2, column 3: entity is missing");
    refused("recognizers:\n- entity: A\n  words: [x]", "line 2, column 3: name is missing");
    refused("recognizers:\n- {name: a, entity: A}", "patterns, words or words_file is missing");
    refused("recognizers:\n- {name: a, entity: a, words: [x]}", "line 2: recognizer a: entity is not");
    refused("recognizers:\n- {name: a, entity: A, words: [x], pattern: y}", "one of patterns, words or a file");
    refused("recognizers:\n- {name: a, entity: A, words: [x], validator: luhnn}",
            "line 2, column 47: unknown validator");
    refused("recognizers:\n- {name: a, entity: A, words: [x], score: 2}", "a number from 0 to 1");
    refused("recognizers:\n- {name: a, entity: A, words: [x], languages: [english]}", "no code of ISO 639-1");
    refused("recognizers:\n- {name: a, entity: A, words: [x], wholeword: true}", "did you mean whole_word?");
    refused("recognizers:\n- {name: a, entity: A, words: [x]}\n- {name: a, entity: B, words: [y]}",
            "line 3, column 3: another recognizer has this name (line 2)");
    refused("recognizers:\n- {name: a, entity: A, words: [[x]]}", "a text is wanted here");
    refused("recognizers:\n- {name: a, entity: A, words_file: w.txt}", "files cannot be named here");
    refused("deny:\n- {words: [x]}", "entity is missing");
    refused("deny:\n- {entity: A, words: [x], score: 1}", "unknown key of a deny list");
    refused("allow:\n- {entity: NOPE, text: x}", "line 2, column 12: unknown entity");
    refused("allow:\n- {entity: URL}", "text, pattern or texts_file is missing");
    refused("just text", "the file is a map");
    refused("", "is empty");
    refused("[a]: b", "a key is a word");
}

static void rule_files_hold_no_settings(void **state)
{
    (void)state;
    const char *yaml = "deny:\n- {entity: A, words: [x]}\nmin_score: 1\n";
    refused_with(yaml, strlen(yaml), VEIL_FILE_RULES, VEIL_ERR_INVALID_ARGUMENT,
                 "line 3, column 1: min_score is a setting; this is a rule file");
    refused_with("entities: [URL]", 15, VEIL_FILE_RULES, VEIL_ERR_INVALID_ARGUMENT, "entities is a setting");
    veil_config_file *file = create();
    assert_int_equal(veil_config_file_read(file, "deny: []", 8, NULL, 2, NULL), VEIL_ERR_INVALID_ARGUMENT);
    veil_config_file_destroy(file);
}

static void what_is_no_yaml_or_a_bomb_is_refused(void **state)
{
    (void)state;
    static char deep[4096];
    refused_with("a: [", 4, 0, VEIL_ERR_MALFORMED_INPUT, "line ");
    refused_with("a: b: c", 7, 0, VEIL_ERR_MALFORMED_INPUT, "line 1, column");
    refused_with("entities: &x [URL]", 18, 0, VEIL_ERR_MALFORMED_INPUT, "anchors and tags are not accepted");
    refused_with("entities: *x", 12, 0, VEIL_ERR_MALFORMED_INPUT, "aliases are not accepted");
    refused_with("language: !!str en", 18, 0, VEIL_ERR_MALFORMED_INPUT, "anchors and tags");
    refused_with("language: en\n---\nlanguage: en\n", 30, 0, VEIL_ERR_MALFORMED_INPUT, "more than one document");
    refused_with("language: \"e\\0n\"", 16, 0, VEIL_ERR_MALFORMED_INPUT, "holds a NUL");
    refused_with("language: \xff", 11, 0, VEIL_ERR_MALFORMED_INPUT, "byte 10");
    memset(deep, '[', sizeof deep);
    refused_with(deep, sizeof deep, 0, VEIL_ERR_LIMIT, "nest deeper than 8");
    char *long_text = calloc(1, ((size_t)16 << 20) + 1);
    assert_non_null(long_text);
    memset(long_text, ' ', ((size_t)16 << 20) + 1);
    refused_with(long_text, ((size_t)16 << 20) + 1, 0, VEIL_ERR_LIMIT, "16 MiB");
    free(long_text);
}

static void word_files_are_read_beside_the_file(void **state)
{
    char directory[] = "/tmp/veil-rules-XXXXXX";
    char path[128];
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    const char *yaml = "deny: [{entity: A, words_file: w.txt}]";
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/w.txt", directory);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs("one\r\n\ntwo words\nlast", stream);
    fclose(stream);
    veil_config_file *file = create();
    assert_int_equal(veil_config_file_read(file, yaml, strlen(yaml), directory, VEIL_FILE_RULES, &error), VEIL_OK);
    veil_config_init(&config);
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_OK);
    assert_int_equal(config.recognizers[0].item_count, 3);
    assert_string_equal(config.recognizers[0].items[1], "two words");
    assert_string_equal(config.recognizers[0].items[2], "last");
    assert_int_equal(veil_config_file_read(file, "model_path: /face.onnx", 22, directory, 0, &error), VEIL_OK);
    assert_string_equal(veil_config_file_path(file, 0), path);
    assert_string_equal(veil_config_file_path(file, 1), "/face.onnx");
    assert_null(veil_config_file_path(file, 2));
    assert_null(veil_config_file_path(NULL, 0));
    veil_config_file_destroy(file);
    remove(path);
    file = create();
    assert_int_equal(veil_config_file_read(file, yaml, strlen(yaml), directory, 0, &error), VEIL_ERR_IO);
    assert_string_equal(error.message, "line 1, column 32: there is no such file");
    veil_config_file_destroy(file);
    file = create();
    assert_int_equal(veil_config_file_read(file, "deny: [{entity: A, words_file: /dev}]", 37, directory, 0, &error),
                     VEIL_ERR_IO);
    assert_string_equal(error.message, "line 1, column 32: this is no regular file");
    veil_config_file_destroy(file);
    remove(directory);
}

static void names_may_come_from_an_earlier_file(void **state)
{
    veil_config config;
    (void)state;
    veil_config_file *file = read_good("deny: [{entity: MINE, words: [x]}]");
    assert_int_equal(veil_config_file_read(file, "entities: [MINE, URL]", 21, NULL, 0, NULL), VEIL_OK);
    veil_config_init(&config);
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_OK);
    config.modalities = VEIL_MODALITY_TEXT;
    veil_sanitizer *sanitizer = NULL;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(veil_sanitizer_has_entity(sanitizer, "MINE"), 1);
    assert_int_equal(veil_sanitizer_has_entity(sanitizer, "EMAIL_ADDRESS"), 0);
    veil_sanitizer_destroy(sanitizer);
    veil_config_file_destroy(file);
}

static void reading_fails_clean_at_every_allocation(void **state)
{
    const char *yaml = "deny: [{entity: A, words: [a, b, c, d, e, f, g, h, i, j]}]\nallow: [x, {entity: A, pattern: "
                       "y}]\nlanguage: de\n";
    (void)state;
    for (uint64_t n = 1;; n++) {
        fail_alloc heap = {.fail_at = n};
        veil_config config;
        veil_config_file *file = NULL;
        veil_config_init(&config);
        config.alloc = fail_alloc_take;
        config.free = fail_alloc_free;
        config.alloc_user = &heap;
        veil_status status = veil_config_file_create(&config, &file, NULL);
        if (status == VEIL_OK) status = veil_config_file_read(file, yaml, strlen(yaml), NULL, 0, NULL);
        veil_config_file_destroy(file);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) {
            assert_int_equal(status, VEIL_OK);
            break;
        }
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    }
}

static void arguments_are_checked(void **state)
{
    veil_config config;
    veil_config_file *file = create();
    (void)state;
    veil_config_init(&config);
    assert_int_equal(veil_config_file_create(NULL, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_file_read(NULL, "a", 1, NULL, 0, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_file_read(file, NULL, 1, NULL, 0, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_file_apply(NULL, &config), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_config_file_apply(file, NULL), VEIL_ERR_INVALID_ARGUMENT);
    config.struct_size = 16;
    assert_int_equal(veil_config_file_apply(file, &config), VEIL_ERR_INVALID_ARGUMENT);
    veil_config_file_destroy(file);
    veil_config_file_destroy(NULL);
    assert_int_equal(veil_sanitizer_entity_count(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_arrives),
        cmocka_unit_test(the_example_finds_what_it_says),
        cmocka_unit_test(every_mistake_has_its_place),
        cmocka_unit_test(rule_files_hold_no_settings),
        cmocka_unit_test(what_is_no_yaml_or_a_bomb_is_refused),
        cmocka_unit_test(word_files_are_read_beside_the_file),
        cmocka_unit_test(names_may_come_from_an_earlier_file),
        cmocka_unit_test(reading_fails_clean_at_every_allocation),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

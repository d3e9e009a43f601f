/* The catalogue over all engines: ordered, complete, the same through has_entity; what the build says of itself. */
#include "api_support.h"

#include <stdbool.h>

#define BAD VEIL_ERR_INVALID_ARGUMENT

static bool is_in_catalogue(const char *name, const char *kind)
{
    for (size_t i = 0; i < veil_entity_count(); i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        assert_int_equal(veil_entity_at(i, &info), VEIL_OK);
        if (strcmp(info.name, name) == 0) return strcmp(info.kind, kind) == 0;
    }
    return false;
}

static void entities_are_ordered_and_described(void **state)
{
    (void)state;
    char last[64] = "";
    const size_t count = veil_entity_count();
    assert_true(count >= 27); /* the text entities, in every build */
    for (size_t i = 0; i < count; i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        assert_int_equal(veil_entity_at(i, &info), VEIL_OK);
        assert_true(strcmp(last, info.name) < 0); /* ordered, and no name twice */
        assert_true(strlen(info.name) < sizeof last);
        strcpy(last, info.name);
        assert_true(strlen(info.description) > 3);
        assert_non_null(info.country);
        assert_non_null(info.languages);
        assert_non_null(info.validator);
        assert_true(info.score >= 0.0f && info.score <= 1.0f);
        assert_true(info.is_default <= 1);
        assert_int_equal(info.struct_size, sizeof info);
    }
    assert_true(is_in_catalogue("EMAIL_ADDRESS", "text"));
    assert_true(is_in_catalogue("JWT", "text"));
    assert_int_equal(is_in_catalogue("FACE", "image"), built_with("VEIL_IMAGE"));
    assert_int_equal(is_in_catalogue("REGION", "image"), built_with("VEIL_IMAGE"));
    assert_int_equal(is_in_catalogue("RANGE", "audio"), built_with("VEIL_AUDIO"));
}

static void look_ups_check_their_arguments(void **state)
{
    (void)state;
    veil_entity_info info = {.struct_size = sizeof info};
    assert_int_equal(veil_entity_at(veil_entity_count(), &info), BAD);
    assert_int_equal(veil_entity_at(SIZE_MAX, &info), BAD);
    assert_int_equal(veil_entity_at(0, NULL), BAD);
    info.struct_size = 8;
    assert_int_equal(veil_entity_at(0, &info), BAD);
    memset(&info, 0xee, sizeof info);
    info.struct_size = 16;
    assert_int_equal(veil_entity_at(0, &info), VEIL_OK);
    assert_non_null(info.name);
    assert_int_equal(info.is_default, 0xeeeeeeee);
    assert_int_equal(veil_build_info_get(NULL), BAD);
    veil_build_info build = {.struct_size = 0};
    assert_int_equal(veil_build_info_get(&build), BAD);
}

static void a_sanitizer_says_what_it_looks_for(void **state)
{
    (void)state;
    static const char *const exclude[] = {"URL"};
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.exclude = exclude;
    config.exclude_count = 1;
    veil_sanitizer *s = make(&config);
    assert_int_equal(veil_sanitizer_has_entity(s, "EMAIL_ADDRESS"), 1);
    assert_int_equal(veil_sanitizer_has_entity(s, "URL"), 0);
    /* known to a build with images, but its modality is off */
    assert_int_equal(veil_sanitizer_has_entity(s, "FACE"), built_with("VEIL_IMAGE") ? 0 : BAD);
    assert_int_equal(veil_sanitizer_has_entity(s, "EMAIL_ADRESS"), BAD);
    assert_int_equal(veil_sanitizer_has_entity(s, ""), BAD);
    assert_int_equal(veil_sanitizer_has_entity(s, NULL), BAD);
    assert_int_equal(veil_sanitizer_has_entity(NULL, "URL"), BAD);
    veil_sanitizer_destroy(s);
    if (built_with("VEIL_IMAGE") && !built_with("VEIL_EMBED_MODEL")) return; /* creation would need a file */
    s = make_for(0);
    assert_int_equal(veil_sanitizer_has_entity(s, "FACE"), built_with("VEIL_IMAGE") ? 1 : BAD);
    assert_int_equal(veil_sanitizer_has_entity(s, "RANGE"), built_with("VEIL_AUDIO") ? 1 : BAD);
    assert_int_equal(veil_sanitizer_has_entity(s, "EMAIL_ADDRESS"), 1);
    veil_sanitizer_destroy(s);
}

static void the_build_describes_itself(void **state)
{
    (void)state;
    veil_build_info info = {.struct_size = sizeof info};
    assert_int_equal(veil_build_info_get(&info), VEIL_OK);
    assert_string_equal(info.version, veil_version_string());
    assert_non_null(strstr(info.engines, "Hyperscan"));
    assert_non_null(strstr(info.options, "VEIL_TEXT"));
    assert_true(strcmp(info.cpu_level, "plain") == 0 || strncmp(info.cpu_level, "avx", 3) == 0);
    assert_non_null(info.models);
}

static int log_lines;
static char last_line[256];

static void keep_line(void *user, uint32_t level, const char *message)
{
    (void)user, (void)level;
    log_lines++;
    (void)snprintf(last_line, sizeof last_line, "%s", message);
}

static void the_log_says_what_was_created_and_what_was_not(void **state)
{
    (void)state;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.log = keep_line;
    veil_sanitizer *s = make(&config);
    assert_true(log_lines > 0);
    assert_non_null(strstr(last_line, "created"));
    assert_null(strchr(last_line, '\n'));
    veil_sanitizer_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entities_are_ordered_and_described),
        cmocka_unit_test(look_ups_check_their_arguments),
        cmocka_unit_test(a_sanitizer_says_what_it_looks_for),
        cmocka_unit_test(the_build_describes_itself),
        cmocka_unit_test(the_log_says_what_was_created_and_what_was_not),
    };
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}

/* Reasons and log lines: what was said arrives, bounded and terminated; nobody listening is fine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/runtime.h"

static void a_reason_is_recorded(void **state)
{
    (void)state;
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_error_set(&error, VEIL_ERR_LIMIT, 77, "%u of %u bytes", 5u, 4u), VEIL_ERR_LIMIT);
    assert_int_equal(error.status, VEIL_ERR_LIMIT);
    assert_int_equal(error.offset, 77);
    assert_string_equal(error.message, "5 of 4 bytes");
    assert_int_equal(error.struct_size, sizeof error);
    vl_error_clear(&error);
    assert_int_equal(error.status, VEIL_OK);
    assert_int_equal(error.offset, 0);
    assert_string_equal(error.message, "");
}

static void a_long_reason_is_cut(void **state)
{
    (void)state;
    veil_error error = VEIL_ERROR_INIT;
    (void)vl_error_set(&error, VEIL_ERR_IO, 0, "%0500d", 1);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    assert_int_equal(vl_error_set(NULL, VEIL_ERR_MODEL, 1, "x"), VEIL_ERR_MODEL);
    vl_error_clear(NULL);
    vl_log(NULL, VEIL_LOG_INFO, "x");
    vl_runtime silent = {0};
    vl_log(&silent, VEIL_LOG_INFO, "x");
}

typedef struct heard {
    uint32_t level;
    uint32_t lines;
    char text[300];
} heard;

static void listen(void *user, uint32_t level, const char *message)
{
    heard *log = user;
    log->level = level;
    log->lines++;
    assert_true(strlen(message) < sizeof log->text);
    strcpy(log->text, message);
}

static void a_log_line_arrives(void **state)
{
    (void)state;
    heard log = {0};
    vl_runtime runtime = {.log = listen, .log_user = &log};
    vl_log(&runtime, VEIL_LOG_WARNING, "pool %s grew to %d", "text", 3);
    assert_int_equal(log.lines, 1);
    assert_int_equal(log.level, VEIL_LOG_WARNING);
    assert_string_equal(log.text, "pool text grew to 3");
    vl_log(&runtime, VEIL_LOG_INFO, "%0900d", 1);
    assert_int_equal(log.lines, 2);
    assert_int_equal(strlen(log.text), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_is_recorded),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(a_log_line_arrives),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}

/* The version at run time is the one of the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "veil.h"

static void version_equals_header(void **state)
{
    (void)state;
    assert_int_equal(veil_version_number(), VEIL_VERSION_MAJOR * 10000 + VEIL_VERSION_MINOR * 100 + VEIL_VERSION_PATCH);
    assert_string_equal(veil_version_string(), "0.1.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(version_equals_header)};
    return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}

/* The table of top-level domains: ordered (the search relies on it), complete where it matters, and bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/tlds.h"

static const char *const names[] = {
#include "text/tlds_table.inc"
};

#define NAME_COUNT (sizeof names / sizeof names[0])

static void the_table_is_ordered_and_found(void **state)
{
    (void)state;
    size_t short_names = 0;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        size_t n = strlen(names[i]);
        assert_in_range(n, 2, 19);
        if (i > 0) assert_true(strcmp(names[i - 1], names[i]) < 0);
        assert_true(vl_tld_exists(names[i], n));
        short_names += n == 2;
    }
    assert_in_range(short_names, 240, 260); /* every country code */
}

static void cases_and_near_misses(void **state)
{
    (void)state;
    assert_true(vl_tld_exists("COM", 3));
    assert_true(vl_tld_exists("Museum", 6));
    assert_true(vl_tld_exists("xn--p1ai", 8));
    assert_true(vl_tld_exists("XN--P1AI", 8));
    assert_false(vl_tld_exists("xn--", 4));
    assert_false(vl_tld_exists("con", 3));
    assert_false(vl_tld_exists("comm", 4));
    assert_false(vl_tld_exists("c", 1));
    assert_false(vl_tld_exists("", 0));
    assert_false(vl_tld_exists("local", 5));
    assert_false(vl_tld_exists("travelersinsurances", 19));
    assert_false(vl_tld_exists("travelersinsuranceagency", 24));
}

static void private_names(void **state)
{
    (void)state;
    static const char *const known[] = {"corp",  "example",     "home",      "internal", "intranet", "invalid", "lan",
                                        "local", "localdomain", "localhost", "onion",    "private",  "test"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_true(vl_tld_is_private(known[i], strlen(known[i])));
        assert_false(vl_tld_exists(known[i], strlen(known[i])));
    }
    assert_false(vl_tld_is_private("com", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_ordered_and_found),
        cmocka_unit_test(cases_and_near_misses),
        cmocka_unit_test(private_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Korea: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void kr_rrn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"9601211021413", VL_VALID},
        {"050912-2000019", VL_VALID},
        {"001332-1234567", VL_INVALID},
        {"960231-1021413", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_kr_rrn, cases);
}

static void kr_frn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"9111245678906", VL_VALID},
        {"0013321234567", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_kr_frn, cases);
}

static void kr_brn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"104-86-56659", VL_VALID},
        {"104-86-56658", VL_INVALID},
        {"000-00-00000", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_kr_brn, cases);
    every_change_is_refused(vl_validate_kr_brn, "104-86-56659");
}

static void kr_driver(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"11-22-123456-12", VL_VALID},
        {"11-22-123456-1", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_kr_driver, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kr_rrn),
        cmocka_unit_test(kr_frn),
        cmocka_unit_test(kr_brn),
        cmocka_unit_test(kr_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

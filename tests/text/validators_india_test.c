/* India: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void in_gstin(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"27AAPFU0939F1ZV", VL_VALID},
        {"27ABCDE1234F1Z5", VL_INVALID},
        {"40AAPFU0939F1ZV", VL_INVALID},
        {"27AAPFU0939F1YV", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_in_gstin, cases);
    every_change_is_refused(vl_validate_in_gstin, "27AAPFU0939F1ZV");
}

static void in_plate(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"KA53ME3456", VL_VALID},   {"DL3CJI0001", VL_VALID}, {"ZZ53ME3456", VL_INVALID},
        {"KA53ME0000", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_in_plate, cases);
}

static void in_diplomatic(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"84CD123", VL_VALID},

    };
    CHECK(vl_validate_in_diplomatic, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_gstin),
        cmocka_unit_test(in_plate),
        cmocka_unit_test(in_diplomatic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

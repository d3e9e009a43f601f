/* United Kingdom: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void uk_driver(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"MORGA657054SM9IJ", VL_UNKNOWN}, {"MORGA663054SM9IJ", VL_INVALID}, {"MORGA601004SM9IJ", VL_INVALID},
        {"99999657054SM9IJ", VL_INVALID}, {"MO9GA657054SM9IJ", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_uk_driver, cases);
}

static void uk_postcode(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"SW1A 1AA", VL_UNKNOWN}, {"M1 1AE", VL_UNKNOWN},  {"GIR 0AA", VL_UNKNOWN}, {"EC1A1BB", VL_UNKNOWN},
        {"QA1 1AA", VL_INVALID},  {"ZZ1 1AA", VL_INVALID}, {"FF1 1AA", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_uk_postcode, cases);
}

static void uk_plate(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"LN14 HGT", VL_VALID},   {"AB51ABC", VL_VALID},    {"AB00 ABC", VL_INVALID},
        {"AB49 ABC", VL_INVALID}, {"AB01 ABC", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_uk_plate, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uk_driver),
        cmocka_unit_test(uk_postcode),
        cmocka_unit_test(uk_plate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

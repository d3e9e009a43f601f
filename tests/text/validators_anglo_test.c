/* Australia, Canada, US provider numbers: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void au_abn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"51 824 753 556", VL_VALID},
        {"51824753556", VL_VALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_au_abn, cases);
    every_change_is_refused(vl_validate_au_abn, "51 824 753 556");
    every_change_is_refused(vl_validate_au_abn, "51824753556");
}

static void au_acn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"000 000 019", VL_VALID},   {"000000180", VL_VALID},   {"004 085 616", VL_VALID},
        {"824 753 557", VL_INVALID}, {"000000000", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_au_acn, cases);
    every_change_is_refused(vl_validate_au_acn, "000 000 019");
    every_change_is_refused(vl_validate_au_acn, "000000180");
    every_change_is_refused(vl_validate_au_acn, "004 085 616");
}

static void au_medicare(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"2123 45670 1", VL_VALID},
        {"2123 25870 1", VL_INVALID},
        {"7123 45670 1", VL_INVALID},
        {"2123 45670 0", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_au_medicare, cases);
}

static void au_tfn(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"123 456 782", VL_VALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_au_tfn, cases);
    every_change_is_refused(vl_validate_au_tfn, "123 456 782");
}

static void ca_sin(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"130 692 544", VL_UNKNOWN},
        {"812 345 678", VL_INVALID},
        {"111 111 111", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_ca_sin, cases);
    every_change_is_refused(vl_validate_ca_sin, "130 692 544");
}

static void us_npi(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"1234567893", VL_VALID},   {"1245319599", VL_VALID}, {"9234567893", VL_INVALID},
        {"1111111112", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_us_npi, cases);
    every_change_is_refused(vl_validate_us_npi, "1234567893");
    every_change_is_refused(vl_validate_us_npi, "1245319599");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(au_abn), cmocka_unit_test(au_acn), cmocka_unit_test(au_medicare),
        cmocka_unit_test(au_tfn), cmocka_unit_test(ca_sin), cmocka_unit_test(us_npi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Nigeria and South Africa: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void ng_nin(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"12345678902", VL_VALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_ng_nin, cases);
    every_change_is_refused(vl_validate_ng_nin, "12345678902");
}

static void ng_plate(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"KJA-999PZ", VL_UNKNOWN},
        {"KJA-000PZ", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_ng_plate, cases);
}

static void za_id(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"8001015009087", VL_VALID},   {"0001015002288", VL_VALID},   {"8001015009086", VL_INVALID},
        {"8013015009083", VL_INVALID}, {"8001015009176", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_za_id, cases);
    every_change_is_refused(vl_validate_za_id, "8001015009087");
    every_change_is_refused(vl_validate_za_id, "0001015002288");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ng_nin),
        cmocka_unit_test(ng_plate),
        cmocka_unit_test(za_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

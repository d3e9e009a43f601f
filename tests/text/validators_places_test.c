/* Coordinates: ranges of ISO 6709, the forms that maps print, RFC 5870's geo: example. Ages. */
#include "slips.h"
#include "text/validators_world.h"

static void coordinates(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"48.858370, 2.294481", VL_UNKNOWN},
        {"-33.8688, 151.2093", VL_UNKNOWN},
        {"40.7128\xC2\xB0 N, 74.0060\xC2\xB0 W", VL_UNKNOWN},
        {"74.0060W 40.7128N", VL_UNKNOWN},
        {"40\xC2\xB0"
         "26\xE2\x80\xB2"
         "46\xE2\x80\xB3N",
         VL_UNKNOWN},
        {"N 48\xC2\xB0 51.504'", VL_UNKNOWN},
        {"geo:37.786971,-122.399677", VL_UNKNOWN},
        {"N48.5 W2.5", VL_UNKNOWN},
        {"179.9999", VL_UNKNOWN},
        {"91.0000, 10.0000", VL_INVALID},
        {"10.0000, 181.0000", VL_INVALID},
        {"90.5N", VL_INVALID},
        {"40.5N, 181.5W", VL_INVALID},
        {"40.5N, 10.5S", VL_INVALID},
        {"40\xC2\xB0"
         "61'10\"N",
         VL_INVALID},
        {"40\xC2\xB0"
         "10'61\"N",
         VL_INVALID},
        {"200.1234", VL_INVALID},
    };
    CHECK(vl_validate_gps, numbers);
}

static void pairs(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"-33.86880,151.20930", VL_UNKNOWN}, {"51.50740, -0.12780", VL_UNKNOWN}, {"0.12345,-0.44440", VL_INVALID},
        {"-0.12345, 9.99990", VL_INVALID},   {"-91.00000,10.00000", VL_INVALID}, {"45.12345", VL_INVALID},
    };
    CHECK(vl_validate_gps_pair, numbers);
}

static void ages(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"42 years old", VL_UNKNOWN}, {"aged 99", VL_UNKNOWN}, {"0", VL_UNKNOWN},    {"120", VL_UNKNOWN},
        {"121", VL_INVALID},          {"007", VL_INVALID},     {"1234", VL_INVALID}, {"old", VL_INVALID},
    };
    CHECK(vl_validate_age, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coordinates),
        cmocka_unit_test(pairs),
        cmocka_unit_test(ages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SSN and ITIN by the ranges that SSA and IRS publish; DEA numbers from DEA's own explanation and Presidio's tests. */
#include "vectors.h"

static void social_security_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"536-90-4399", VL_UNKNOWN},
        {"078 05 1123", VL_UNKNOWN},
        {"078051121", VL_UNKNOWN},
        {"899-99-9999", VL_UNKNOWN},
        {"078-05-1120", VL_INVALID}, /* printed in wallets in 1938 */
        {"219-09-9999", VL_INVALID},
        {"000-12-3456", VL_INVALID},
        {"666-12-3456", VL_INVALID},
        {"900-12-3456", VL_INVALID},
        {"078 00 1123", VL_INVALID},
        {"078 05 0000", VL_INVALID},
        {"693-09.4444", VL_INVALID},
        {"07-805-1123", VL_INVALID},
        {"078-051121", VL_UNKNOWN},
        {"07805-1121", VL_UNKNOWN},
        {"078--05-1121", VL_INVALID},
        {"078-05-1121-", VL_INVALID},
        {"111-11-1111", VL_INVALID},
        {"123456789", VL_INVALID},
        {"0780511201", VL_INVALID},
        {"000000000", VL_INVALID},
        {"078-05-112a", VL_INVALID},
        {"078a05a1123", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_us_ssn, numbers);
}

static void taxpayer_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"912-50-1234", VL_UNKNOWN}, {"912-65-1234", VL_UNKNOWN}, {"912-70-1234", VL_UNKNOWN},
        {"912-88-1234", VL_UNKNOWN}, {"912-92-1234", VL_UNKNOWN}, {"912991234", VL_UNKNOWN},
        {"912-49-1234", VL_INVALID}, {"912-66-1234", VL_INVALID}, {"912-69-1234", VL_INVALID},
        {"912-89-1234", VL_INVALID}, {"912-93-1234", VL_INVALID}, {"812-70-1234", VL_INVALID},
        {"912 70-1234", VL_INVALID},
    };
    CHECK(vl_validate_us_itin, numbers);
}

static void dea_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"AB1234563", VL_VALID},   {"K92993548", VL_VALID},    {"fs1234563", VL_VALID},   {"BG8207031", VL_INVALID},
        {"AB1234564", VL_INVALID}, {"IB1234563", VL_INVALID},  {"YB1234563", VL_INVALID}, {"A81234563", VL_INVALID},
        {"AB123456", VL_INVALID},  {"AB12345630", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_medical_license, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(social_security_numbers),
        cmocka_unit_test(taxpayer_numbers),
        cmocka_unit_test(dea_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

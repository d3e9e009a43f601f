/* Philippines, Singapore, Thailand: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void ph_tin(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"000-123-456-000", VL_UNKNOWN}, {"000123456", VL_UNKNOWN}, {"600-000-000", VL_INVALID},
        {"000000000", VL_INVALID},       {"", VL_INVALID},
    };
    CHECK(vl_validate_ph_tin, cases);
}

static void ph_mobile(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"09171234567", VL_UNKNOWN},
        {"+639171234567", VL_UNKNOWN},
        {"08171234567", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_ph_mobile, cases);
}

static void sg_nric(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"S2740116C", VL_VALID},   {"F2346401L", VL_VALID},   {"M1234567K", VL_VALID},
        {"T1234567Z", VL_INVALID}, {"A1234567Z", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_sg_nric, cases);
    every_change_is_refused(vl_validate_sg_nric, "S2740116C");
    every_change_is_refused(vl_validate_sg_nric, "F2346401L");
    every_change_is_refused(vl_validate_sg_nric, "M1234567K");
}

static void sg_uen(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"53125226D", VL_VALID},    {"201434292D", VL_VALID},   {"T16RF0037C", VL_VALID}, {"S57TU0392K", VL_VALID},
        {"T16XX0037C", VL_INVALID}, {"992434292D", VL_INVALID}, {"", VL_INVALID},         {"53125226d", VL_UNKNOWN},
    };
    CHECK(vl_validate_sg_uen, cases);
    every_change_is_refused(vl_validate_sg_uen, "53125226D");
    every_change_is_refused(vl_validate_sg_uen, "201434292D");
    every_change_is_refused(vl_validate_sg_uen, "T16RF0037C");
    every_change_is_refused(vl_validate_sg_uen, "S57TU0392K");
}

static void th_tnin(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"1234567890121", VL_VALID},   {"2345678901234", VL_VALID},   {"3456789012347", VL_VALID},
        {"1294567890124", VL_INVALID}, {"1684567890124", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_th_tnin, cases);
    every_change_is_refused(vl_validate_th_tnin, "1234567890121");
    every_change_is_refused(vl_validate_th_tnin, "2345678901234");
    every_change_is_refused(vl_validate_th_tnin, "3456789012347");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ph_tin), cmocka_unit_test(ph_mobile), cmocka_unit_test(sg_nric),
        cmocka_unit_test(sg_uen), cmocka_unit_test(th_tnin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Turkey: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void tr_id(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"10000000146", VL_VALID},   {"36493665440", VL_VALID},   {"62286775983", VL_INVALID},
        {"02531814694", VL_INVALID}, {"97485249605", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_tr_id, cases);
    every_change_is_refused(vl_validate_tr_id, "10000000146");
    every_change_is_refused(vl_validate_tr_id, "36493665440");
}

static void tr_phone(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"0 (532) 1234567", VL_UNKNOWN},
        {"0412 123 45 67", VL_UNKNOWN},
        {"6123456789", VL_INVALID},
        {"8123456789", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_tr_phone, cases);
}

static void tr_plate(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"34 ABC 1234", VL_VALID},   {"81 A 12", VL_VALID},       {"00 ABC 123", VL_INVALID},
        {"82 ABC 123", VL_INVALID},  {"10 DEC 2019", VL_UNKNOWN}, {"49 EST 2017", VL_UNKNOWN},
        {"21 CFR 1301", VL_UNKNOWN}, {"34 DEF 1301", VL_VALID},

    };
    CHECK(vl_validate_tr_plate, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tr_id),
        cmocka_unit_test(tr_phone),
        cmocka_unit_test(tr_plate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

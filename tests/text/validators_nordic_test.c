/* CPR: CPR-kontoret's 070761-4285 and others. Fodselsnummer: fnrinfo.no's worked example 31129956715, numbers from the
 * issue trackers of public validators; numbers of 2032 are made here by the tax authority's formula. */
#include "slips.h"
#include "text/validators_world.h"

static void cpr(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"070761-4285", VL_UNKNOWN}, {"211062-5629", VL_UNKNOWN}, {"0707614285", VL_UNKNOWN},
        {"2902004234", VL_UNKNOWN},  {"670761-4285", VL_UNKNOWN}, {"290261-4285", VL_INVALID},
        {"310461-4285", VL_INVALID}, {"001261-4285", VL_INVALID}, {"071361-4285", VL_INVALID},
        {"070761-0000", VL_INVALID}, {"070761-428", VL_INVALID},
    };
    CHECK(vl_validate_dk_cpr, numbers);
}

static void fnr(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"15108695088", VL_VALID},   {"31129956715", VL_VALID},   {"311299 56715", VL_VALID},
        {"11111598403", VL_VALID},   {"23114048690", VL_VALID},   {"17054026641", VL_VALID},
        {"45014054018", VL_VALID},   {"31129956716", VL_INVALID}, {"31129956725", VL_INVALID},
        {"32129956715", VL_INVALID}, {"30029956715", VL_INVALID}, {"3112995671", VL_INVALID},
    };
    CHECK(vl_validate_no_fnr, numbers);
    assert_no_slips(vl_validate_no_fnr, "15108695088");
    assert_no_slips(vl_validate_no_fnr, "31129956715");
}

/* Every first check digit whose sum leaves 0 to 3 has a second one, save where that would be 10. */
static void fnr_of_2032(void **state)
{
    (void)state;
    static const unsigned first[9] = {3, 7, 6, 1, 8, 9, 4, 5, 2};
    static const unsigned second[10] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    unsigned valid = 0;
    for (unsigned rest = 0; rest < 11; rest++) {
        char number[] = "01013200100";
        unsigned sum = 0;
        for (size_t i = 0; i < 9; i++)
            sum += (unsigned)(number[i] - '0') * first[i];
        unsigned k1 = (rest + 11 - sum % 11) % 11;
        if (k1 == 10) continue;
        number[9] = (char)('0' + k1);
        sum = 0;
        for (size_t i = 0; i < 10; i++)
            sum += (unsigned)(number[i] - '0') * second[i];
        unsigned k2 = (11 - sum % 11) % 11;
        if (k2 == 10) continue;
        number[10] = (char)('0' + k2);
        vl_validity got = judge(vl_validate_no_fnr, number);
        assert_int_equal(got, rest <= 3 ? VL_VALID : VL_INVALID);
        valid += got == VL_VALID;
    }
    assert_true(valid >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpr),
        cmocka_unit_test(fnr),
        cmocka_unit_test(fnr_of_2032),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

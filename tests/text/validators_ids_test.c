/* NHS: the NHS Data Dictionary's and common test numbers. NINO: HMRC's prefix rules. Aadhaar: Presidio's tests and UIDAI's test
 * number. PAN: the Income Tax Department's explanation. */
#include "vectors.h"

static void nhs_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"943 476 5919", VL_VALID},   {"9434765919", VL_VALID},      {"401-023-2137", VL_VALID},
        {"943 476 5918", VL_INVALID}, {"401-023-2138", VL_INVALID},  {"0000000000", VL_INVALID},
        {"943 476 591", VL_INVALID},  {"943 476 59199", VL_INVALID}, {"943 476 591a", VL_INVALID},
    };
    CHECK(vl_validate_uk_nhs, numbers);
}

/* Where 11 - (sum mod 11) is 10 no digit completes the number. */
static void nhs_numbers_without_a_check_digit(void **state)
{
    (void)state;
    char number[] = "1000000010"; /* 10 + 2 = 12, so the check would be 10 */
    for (char c = '0'; c <= '9'; c++) {
        number[9] = c;
        number[8] = '1';
        vl_validity got = judge(vl_validate_uk_nhs, number);
        assert_int_equal(got, VL_INVALID);
    }
}

static void national_insurance_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"PR 123612C", VL_UNKNOWN}, {"AB 12 34 56 C", VL_UNKNOWN}, {"ab123456d", VL_UNKNOWN}, {"AB123456", VL_UNKNOWN},
        {"AB123456E", VL_INVALID},  {"DA123456A", VL_INVALID},     {"AO123456A", VL_INVALID}, {"QQ123456C", VL_INVALID},
        {"BG123456A", VL_INVALID},  {"GB123456A", VL_INVALID},     {"KN123456A", VL_INVALID}, {"NK123456A", VL_INVALID},
        {"NT123456A", VL_INVALID},  {"TN123456A", VL_INVALID},     {"ZZ123456A", VL_INVALID}, {"AB12345A", VL_INVALID},
        {"A1123456A", VL_INVALID},
    };
    CHECK(vl_validate_uk_nino, numbers);
}

static void aadhaar_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"3123 4567 8909", VL_VALID},  {"3123-4567-8909", VL_VALID},   {"3123:4567:8909", VL_VALID},
        {"399876543211", VL_VALID},    {"9999 4105 7058", VL_VALID},   {"1234 5678 9012", VL_INVALID},
        {"399876543212", VL_INVALID},  {"0123 4567 8909", VL_INVALID}, {"222222222222", VL_INVALID},
        {"3123 4567 890", VL_INVALID},
    };
    CHECK(vl_validate_in_aadhaar, numbers);
}

/* Verhoeff finds every single digit and every swap of neighbours. */
static void verhoeff_finds_swaps(void **state)
{
    (void)state;
    char number[] = "399876543211";
    for (size_t place = 0; place < 11; place++) {
        char a = number[place];
        char b = number[place + 1];
        if (a == b) continue;
        number[place] = b;
        number[place + 1] = a;
        assert_int_equal(judge(vl_validate_in_aadhaar, number), VL_INVALID);
        number[place] = a;
        number[place + 1] = b;
    }
}

static void account_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"ABBPM4567S", VL_UNKNOWN}, {"AAACR5055K", VL_UNKNOWN}, {"abcpe1234f", VL_UNKNOWN}, {"ABCDE1234F", VL_INVALID},
        {"ABBPM0000S", VL_INVALID}, {"ABBP14567S", VL_INVALID}, {"ABBPM45671", VL_INVALID}, {"A1111DFSFS", VL_INVALID},
        {"fddcd6253b", VL_INVALID}, {"fddcd6253k", VL_UNKNOWN}, {"ABBPM4567", VL_INVALID},
    };
    CHECK(vl_validate_in_pan, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nhs_numbers),
        cmocka_unit_test(nhs_numbers_without_a_check_digit),
        cmocka_unit_test(national_insurance_numbers),
        cmocka_unit_test(aadhaar_numbers),
        cmocka_unit_test(verhoeff_finds_swaps),
        cmocka_unit_test(account_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

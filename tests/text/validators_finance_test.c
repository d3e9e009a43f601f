/* BIC: banks' codes in the SWIFT directory. LEI: those of GLEIF (506700GE1G29325QX363), Bloomberg, JPMorgan, BaFin-
 * registered funds. ISIN: ISO 6166's US0378331005, AU0000XVGZA3, GB0002634946 and securities of other countries. */
#include "slips.h"
#include "text/validators_world.h"

static void bic(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"DEUTDEFF", VL_UNKNOWN}, {"DEUTDEFF500", VL_UNKNOWN}, {"NEDSZAJJXXX", VL_UNKNOWN}, {"BOFAUS3N", VL_UNKNOWN},
        {"CHASUS33", VL_UNKNOWN}, {"deutdeff", VL_UNKNOWN},    {"DEUTXXFF", VL_INVALID},    {"DEUTDEFFX00", VL_INVALID},
        {"COMPUTER", VL_INVALID}, {"DEUT1EFF", VL_INVALID},    {"DEUTDEFF50", VL_INVALID},  {"DEUT DEFF", VL_INVALID},
    };
    CHECK(vl_validate_swift_bic, numbers);
}

static void lei(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"5493001KJTIIGC8Y1R12", VL_VALID},   {"506700GE1G29325QX363", VL_VALID},   {"HWUPKR0MPOU8FGXBT394", VL_VALID},
        {"529900T8BM49AURSDO55", VL_VALID},   {"7ZW8QJWVPR4P1J1KQY45", VL_VALID},   {"213800KUD8LAJWSQ9D15", VL_VALID},
        {"5493001KJTIIGC8Y1R13", VL_INVALID}, {"5493001KJTIIGC8Y1R1A", VL_INVALID}, {"5493001KJTIIGC8Y1R1", VL_INVALID},
        {"00000000000000000098", VL_UNKNOWN},
    };
    CHECK(vl_validate_lei, numbers);
    assert_no_slips(vl_validate_lei, "5493001KJTIIGC8Y1R12");
}

static void isin(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"US0378331005", VL_VALID},   {"US0373831005", VL_INVALID}, {"AU0000XVGZA3", VL_VALID},
        {"GB0002634946", VL_VALID},   {"XS0356705219", VL_VALID},   {"DE000BAY0017", VL_VALID},
        {"JP3633400001", VL_VALID},   {"CH0031240127", VL_VALID},   {"NL0000729408", VL_VALID},
        {"US30303M1027", VL_VALID},   {"NZCL86618876", VL_UNKNOWN}, {"CKP156153074", VL_UNKNOWN},
        {"US0378331006", VL_INVALID}, {"ZZ0378331005", VL_INVALID}, {"US037833100", VL_INVALID},
    };
    CHECK(vl_validate_isin, numbers);
    assert_no_slips(vl_validate_isin, "US0378331005");
    assert_no_slips(vl_validate_isin, "GB0002634946");
    assert_no_slips(vl_validate_isin, "DE000BAY0017");
}

static void countries(void **state)
{
    (void)state;
    static const char *const good[] = {"AD", "BQ", "CW", "DE", "EH", "FO", "GB", "HK", "IO", "JE", "KZ", "LY", "MF",
                                       "NZ", "OM", "PS", "QA", "RS", "SX", "TL", "UM", "VA", "WS", "XK", "YT", "ZW"};
    static const char *const bad[] = {"AA", "UK", "EU", "XX", "ZZ", "de", "1A", "OO"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(vl_is_country(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(vl_is_country(bad[i]));
    unsigned count = 0;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            count += vl_is_country((const char[]){a, b});
    assert_int_equal(count, 250); /* the 249 of ISO 3166-1 and XK */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bic),
        cmocka_unit_test(lei),
        cmocka_unit_test(isin),
        cmocka_unit_test(countries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

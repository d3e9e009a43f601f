/* VIN: the example of 49 CFR 565 (1M8GDM9AXKP042788) and of makers' pages. IMEI: 3GPP's and GSMA's examples
 * 49-015420-323751-8, 35-209900-176148-1 and its IMEISV 35-209900-176148-23. ICCID: carriers' specimen numbers. */
#include "slips.h"
#include "text/validators_world.h"

static void vin(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"1M8GDM9AXKP042788", VL_VALID},   {"5GZCZ43D13S812715", VL_VALID},   {"1HGCM82633A004352", VL_VALID},
        {"WBA3A5G59DNP26082", VL_VALID},   {"JH4KA7561PC008269", VL_VALID},   {"1m8gdm9axkp042788", VL_VALID},
        {"WVWZZZ1JZXW000001", VL_UNKNOWN}, {"VF1BB05CF12345678", VL_UNKNOWN}, {"1HGCM82633A004353", VL_INVALID},
        {"1M8GDM9AXKP0427I8", VL_INVALID}, {"1M8GDM9AXKPO42788", VL_INVALID}, {"11111111111111111", VL_INVALID},
        {"1M8GDM9AXKP04278", VL_INVALID},  {"WVWZZZ1JZXW00A001", VL_INVALID},
    };
    CHECK(vl_validate_vin, numbers);
    assert_no_slips(vl_validate_vin, "1M8GDM9AXKP042788");
}

static void imei(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"490154203237518", VL_VALID},   {"49-015420-323751-8", VL_VALID},    {"35-209900-176148-1", VL_VALID},
        {"356938035643809", VL_VALID},   {"35-209900-176148-23", VL_UNKNOWN}, {"35-209900-176148-99", VL_INVALID},
        {"490154203237519", VL_INVALID}, {"590154203237517", VL_INVALID},     {"111111111111111", VL_INVALID},
        {"49015420323751", VL_INVALID},
    };
    CHECK(vl_validate_imei, numbers);
    assert_no_slips(vl_validate_imei, "490154203237518");
}

static void imsi(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"310150123456789", VL_UNKNOWN}, {"460001357924680", VL_UNKNOWN}, {"26201123456789", VL_UNKNOWN},
        {"203150123456789", VL_INVALID}, {"310000000000000", VL_INVALID}, {"3101501234567", VL_INVALID},
    };
    CHECK(vl_validate_imsi, numbers);
}

static void iccid(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"89014103211118510720", VL_VALID},     {"8949222074451242066", VL_VALID},
        {"8901 4103 2111 1851 0720", VL_VALID}, {"89014103211118510723", VL_VALID},
        {"89014103211118510733", VL_INVALID},   {"8949222074451242067", VL_INVALID},
        {"88014103211118510720", VL_INVALID},   {"8905410321111851072", VL_INVALID},
        {"890141032111185", VL_INVALID},
    };
    CHECK(vl_validate_iccid, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vin),
        cmocka_unit_test(imei),
        cmocka_unit_test(imsi),
        cmocka_unit_test(iccid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

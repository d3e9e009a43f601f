/* Rodne cislo: the Czech ministry's 736028/5163 and others. CNP, EGN (GRAO's 7523169263), OIB (the tax office's
 * 33392005961 in use), isikukood (test numbers of the Estonian certificate authority: 38001085718, 60001019906,
 * 51001091072), asmens kodas, personas kods 161175-19997. */
#include "slips.h"
#include "text/validators_world.h"

static void rodne_cislo(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"736028/5163", VL_VALID},   {"710319/2745", VL_VALID},   {"7103192745", VL_VALID},
        {"685229/4449", VL_VALID},   {"780123/3540", VL_VALID},   {"530101/123", VL_UNKNOWN},
        {"536101/123", VL_UNKNOWN},  {"991231123", VL_UNKNOWN},   {"710319/2746", VL_INVALID},
        {"713319/2745", VL_INVALID}, {"710332/2745", VL_INVALID}, {"530101/000", VL_INVALID},
        {"71031927", VL_INVALID},
    };
    CHECK(vl_validate_cz_rc, numbers);
    assert_no_slips(vl_validate_cz_rc, "736028/5163");
    assert_no_slips(vl_validate_cz_rc, "710319/2745");
}

static void cnp(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"1800101221144", VL_VALID},   {"1630615123457", VL_VALID},   {"2960229042612", VL_VALID},
        {"5110102441483", VL_VALID},   {"1800101221145", VL_INVALID}, {"1800132221144", VL_INVALID},
        {"1800101601144", VL_INVALID}, {"0800101221144", VL_INVALID}, {"180010122114", VL_INVALID},
    };
    CHECK(vl_validate_ro_cnp, numbers);
    assert_no_slips(vl_validate_ro_cnp, "1800101221144");
    assert_no_slips(vl_validate_ro_cnp, "1630615123457");
}

static void egn(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"7523169263", VL_VALID},   {"8032056031", VL_VALID},   {"6101057509", VL_VALID},
        {"7501020018", VL_VALID},   {"0041010002", VL_VALID},   {"7523169264", VL_INVALID},
        {"7523329263", VL_INVALID}, {"7513169263", VL_INVALID}, {"752316926", VL_INVALID},
    };
    CHECK(vl_validate_bg_egn, numbers);
    assert_no_slips(vl_validate_bg_egn, "7523169263");
    assert_no_slips(vl_validate_bg_egn, "6101057509");
}

static void oib(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"33392005961", VL_VALID},     {"69435151530", VL_VALID},   {"HR33392005961", VL_VALID},
        {"94577403194", VL_VALID},     {"33392005962", VL_INVALID}, {"11111111111", VL_INVALID},
        {"DE33392005961", VL_INVALID}, {"3339200596", VL_INVALID},
    };
    CHECK(vl_validate_hr_oib, numbers);
    assert_no_slips(vl_validate_hr_oib, "33392005961");
    assert_no_slips(vl_validate_hr_oib, "94577403194");
}

static void baltic_codes(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"37605030299", VL_VALID},   {"38001085718", VL_VALID},   {"47101010033", VL_VALID},
        {"33309240064", VL_VALID},   {"60001019906", VL_VALID},   {"51001091072", VL_VALID},
        {"38001085719", VL_INVALID}, {"38013085718", VL_INVALID}, {"38002305718", VL_INVALID},
        {"98001085718", VL_INVALID}, {"3800108571", VL_INVALID},
    };
    CHECK(vl_validate_baltic_code, numbers);
}

static void personas_kods(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"161175-19997", VL_VALID},   {"16117519997", VL_VALID},    {"121282-11210", VL_VALID},
        {"320010-10205", VL_UNKNOWN}, {"32867300679", VL_UNKNOWN},  {"161175-19998", VL_INVALID},
        {"161375-19997", VL_INVALID}, {"310275-19997", VL_INVALID}, {"161175-39997", VL_INVALID},
        {"161175-1999", VL_INVALID},
    };
    CHECK(vl_validate_lv_pk, numbers);
    assert_no_slips(vl_validate_lv_pk, "161175-19997");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rodne_cislo), cmocka_unit_test(cnp),          cmocka_unit_test(egn),
        cmocka_unit_test(oib),         cmocka_unit_test(baltic_codes), cmocka_unit_test(personas_kods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

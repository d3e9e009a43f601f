/* Identity card of China: the examples of GB 11643 (11010519491231002X, 440524188001010014). Hong Kong: the
 * department's specimen A123456(3) and sample cards. Taiwan: A123456789; residents' A800000014. My Number:
 * 123456789018. Inland Revenue's worked examples 49091850, 35901981, 49098576, 136410132 (and 136410133, 9125568, which
 * it calls invalid). NHI: Te Whatu Ora's ZAA0067, ZAB0003 and, in the new format, ACA31FM, ASE37QK, ARE62RS, BGJ06AS,
 * BGA44DT, BWT41BY. Emirates: the card's specimen 784-1979-1234567-1. */
#include "slips.h"
#include "text/validators_world.h"

static void teudat_zehut(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"039337423", VL_VALID},   {"3933742-3", VL_VALID},   {"39337423", VL_VALID}, {"123456782", VL_VALID},
        {"039337424", VL_INVALID}, {"000000000", VL_INVALID}, {"123456", VL_INVALID},
    };
    CHECK(vl_validate_il_id, numbers);
    assert_no_slips(vl_validate_il_id, "039337423");
}

static void emirates_id(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"784-1979-1234567-1", VL_VALID},   {"784197912345671", VL_VALID},      {"784-1979-1234567-2", VL_INVALID},
        {"785-1979-1234567-1", VL_INVALID}, {"784-1879-1234567-2", VL_INVALID}, {"784-1979-123456-1", VL_INVALID},
    };
    CHECK(vl_validate_ae_emirates_id, numbers);
    assert_no_slips(vl_validate_ae_emirates_id, "784-1979-1234567-1");
}

static void resident_identity_card(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"11010519491231002X", VL_VALID},   {"440524188001010014", VL_VALID},   {"11010519491231002x", VL_VALID},
        {"360426199101010071", VL_VALID},   {"320311770706001", VL_UNKNOWN},    {"110105194912310021", VL_INVALID},
        {"11010519491331002X", VL_INVALID}, {"16010519491231002X", VL_INVALID}, {"90010519491231002X", VL_INVALID},
        {"320311771306001", VL_INVALID},    {"1101051949123100", VL_INVALID},
    };
    CHECK(vl_validate_cn_ric, numbers);
    assert_no_slips(vl_validate_cn_ric, "11010519491231002X");
    assert_no_slips(vl_validate_cn_ric, "440524188001010014");
}

static void hong_kong(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"A123456(3)", VL_VALID},   {"G123456(A)", VL_VALID},  {"AB987654(3)", VL_VALID},  {"C123456(9)", VL_VALID},
        {"L555555(0)", VL_VALID},   {"a1234563", VL_VALID},    {"A123456(4)", VL_INVALID}, {"A123456(B)", VL_INVALID},
        {"1123456(3)", VL_INVALID}, {"A12345(3)", VL_INVALID},
    };
    CHECK(vl_validate_hk_id, numbers);
    assert_no_slips(vl_validate_hk_id, "A123456(3)");
}

static void taiwan(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"A123456789", VL_VALID},   {"F131232216", VL_VALID},   {"A800000014", VL_VALID},   {"AC01234567", VL_VALID},
        {"FA12345689", VL_VALID},   {"A123456788", VL_INVALID}, {"a123456789", VL_UNKNOWN}, {"A323456789", VL_INVALID},
        {"AE01234567", VL_INVALID}, {"A12345678", VL_INVALID},
    };
    CHECK(vl_validate_tw_id, numbers);
}

static void my_number(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"123456789018", VL_VALID},   {"1234 5678 9018", VL_VALID}, {"123456789019", VL_INVALID},
        {"000000000000", VL_INVALID}, {"12345678901", VL_INVALID},
    };
    CHECK(vl_validate_jp_my_number, numbers);
    assert_no_slips(vl_validate_jp_my_number, "123456789018");
}

static void mykad(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"770305-02-1234", VL_UNKNOWN}, {"770305021234", VL_UNKNOWN},   {"770230-02-1234", VL_INVALID},
        {"771305-02-1234", VL_INVALID}, {"770305-00-1234", VL_INVALID}, {"770305-17-1234", VL_INVALID},
        {"770305-97-1234", VL_INVALID}, {"770305-02-123", VL_INVALID},
    };
    CHECK(vl_validate_my_nric, numbers);
}

static void nik(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"3171011708450001", VL_UNKNOWN}, {"3273015201990002", VL_UNKNOWN}, {"317101.170845.0001", VL_UNKNOWN},
        {"3171013202450001", VL_INVALID}, {"3171011713450001", VL_INVALID}, {"2071011708450001", VL_INVALID},
        {"3171011708450000", VL_INVALID}, {"317101170845001", VL_INVALID},
    };
    CHECK(vl_validate_id_nik, numbers);
}

static void ird(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"49091850", VL_VALID},  {"35901981", VL_VALID},   {"49098576", VL_VALID},
        {"136410132", VL_VALID}, {"49-091-850", VL_VALID}, {"136410133", VL_INVALID},
        {"9125568", VL_INVALID}, {"09125568", VL_INVALID}, {"249091850", VL_INVALID},
    };
    CHECK(vl_validate_nz_ird, numbers);
    assert_no_slips(vl_validate_nz_ird, "49-091-850");
}

static void nhi(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"ZAA0067", VL_VALID},   {"ZAA0075", VL_VALID},   {"ZAB0003", VL_VALID},   {"ZZZ0016", VL_VALID},
        {"ACA31FM", VL_VALID},   {"ASE37QK", VL_VALID},   {"ARE62RS", VL_VALID},   {"BGJ06AS", VL_VALID},
        {"BGA44DT", VL_VALID},   {"bwt41by", VL_VALID},   {"ZAA0068", VL_INVALID}, {"ZIA0067", VL_INVALID},
        {"ZAD96LT", VL_INVALID}, {"ACA31FN", VL_INVALID}, {"ACA3AFM", VL_INVALID}, {"ZAA006", VL_INVALID},
    };
    CHECK(vl_validate_nz_nhi, numbers);
    assert_no_slips(vl_validate_nz_nhi, "ZAA0067");
    assert_no_slips(vl_validate_nz_nhi, "ACA31FM");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(teudat_zehut), cmocka_unit_test(emirates_id), cmocka_unit_test(resident_identity_card),
        cmocka_unit_test(hong_kong),    cmocka_unit_test(taiwan),      cmocka_unit_test(my_number),
        cmocka_unit_test(mykad),        cmocka_unit_test(nik),         cmocka_unit_test(ird),
        cmocka_unit_test(nhi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

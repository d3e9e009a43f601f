/* NIR: specimens of the health card (2 69 05 49 588 157 80) and of INSEE's pages, Corsica computed by its rule. SIREN:
 * INSEE's 732 829 320, La Poste 356 000 000. BSN: the test numbers 111222333 and 123456782. Belgium: the register's
 * examples before and after 2000. AHV: the ZAS's 756.9217.0769.85 and 756.1234.5678.97. SVNR: the Hauptverband's 1237
 * 010180. PPS: the department's 1234567T, Revenue's 1234567FA. */
#include "slips.h"
#include "text/validators_world.h"

static void nir(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"2 69 05 49 588 157 80", VL_VALID},   {"1 51 02 46 102 043 25", VL_VALID},
        {"295109912611193", VL_VALID},         {"253072A07300443", VL_VALID},
        {"2 53 07 2b 073 004 70", VL_VALID},   {"1850578006084", VL_UNKNOWN},
        {"1 85 05 78 006 084 91", VL_VALID},   {"2 69 05 49 588 157 81", VL_INVALID},
        {"253072A07300470", VL_INVALID},       {"253072C07300443", VL_INVALID},
        {"5 69 05 49 588 157 80", VL_INVALID}, {"2 69 13 49 588 157 80", VL_INVALID},
        {"2 69 05 49 588 000 42", VL_INVALID}, {"269054958815", VL_INVALID},
    };
    CHECK(vl_validate_fr_nir, numbers);
    assert_no_slips(vl_validate_fr_nir, "2 69 05 49 588 157 80");
    assert_no_slips(vl_validate_fr_nir, "253072A07300443");
}

static void siren(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"732 829 320", VL_VALID},   {"356000000", VL_VALID},   {"552 008 443", VL_VALID},
        {"732 829 321", VL_INVALID}, {"000000000", VL_INVALID}, {"73282932", VL_INVALID},
    };
    CHECK(vl_validate_fr_siren, numbers);
    assert_no_slips(vl_validate_fr_siren, "732 829 320");
}

static void siret(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"732 829 320 00074", VL_VALID},   {"356 000 000 00048", VL_VALID}, {"35600000049837", VL_VALID},
        {"404 833 048 00022", VL_VALID},   {"35600000049838", VL_INVALID},  {"73282932000075", VL_INVALID},
        {"732 829 321 00074", VL_INVALID}, {"20250314092651", VL_INVALID},  {"7328293200007", VL_INVALID},
    };
    CHECK(vl_validate_fr_siret, numbers);
    assert_no_slips(vl_validate_fr_siret, "732 829 320 00074");
}

static void bsn(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"111222333", VL_VALID},   {"123456782", VL_VALID},   {"1112.22.333", VL_VALID}, {"12345672", VL_VALID},
        {"123456789", VL_INVALID}, {"000000000", VL_INVALID}, {"999999999", VL_INVALID}, {"1234567", VL_INVALID},
    };
    CHECK(vl_validate_nl_bsn, numbers);
    assert_no_slips(vl_validate_nl_bsn, "111222333");
    assert_no_slips(vl_validate_nl_bsn, "123456782");
}

static void national_number(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"85.07.30-033.28", VL_VALID},   {"17.07.30-033.84", VL_VALID},   {"85073003328", VL_VALID},
        {"72.02.02-900.81", VL_VALID},   {"85.07.30-033.29", VL_INVALID}, {"85.02.30-033.28", VL_INVALID},
        {"85.13.30-033.28", VL_INVALID}, {"85.07.30-000.61", VL_INVALID}, {"85.07.30-033.2", VL_INVALID},
    };
    CHECK(vl_validate_be_national_number, numbers);
    assert_no_slips(vl_validate_be_national_number, "85.07.30-033.28");
    assert_no_slips(vl_validate_be_national_number, "17.07.30-033.84");
}

static void ahv(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"756.9217.0769.85", VL_VALID},  {"756.1234.5678.97", VL_VALID},   {"756.3047.5009.62", VL_VALID},
        {"7569217076985", VL_VALID},     {"756.9217.0769.86", VL_INVALID}, {"757.9217.0769.85", VL_INVALID},
        {"756.9217.0769.8", VL_INVALID},
    };
    CHECK(vl_validate_ch_ahv, numbers);
    assert_no_slips(vl_validate_ch_ahv, "756.9217.0769.85");
}

static void svnr(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"1237 010180", VL_VALID},   {"7819 030883", VL_VALID},   {"1237010180", VL_UNKNOWN},
        {"7819030883", VL_VALID},    {"1238 010180", VL_INVALID}, {"1237 310280", VL_INVALID},
        {"0237 010180", VL_INVALID}, {"1237 011680", VL_INVALID}, {"1237 01018", VL_INVALID},
    };
    CHECK(vl_validate_at_svnr, numbers);
    assert_no_slips(vl_validate_at_svnr, "1237 010180");
}

static void pt_nif(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"501964843", VL_VALID},   {"PT 501 964 843", VL_VALID}, {"123456789", VL_VALID},
        {"287024008", VL_VALID},   {"999999990", VL_VALID},      {"501964844", VL_INVALID},
        {"401964843", VL_INVALID}, {"ES501964843", VL_INVALID},  {"50196484", VL_INVALID},
    };
    CHECK(vl_validate_pt_nif, numbers);
    assert_no_slips(vl_validate_pt_nif, "501964843");
}

static void pps(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"1234567T", VL_VALID},   {"1234567TW", VL_VALID},   {"1234567FA", VL_VALID},   {"6433435F", VL_VALID},
        {"6433435OA", VL_VALID},  {"6433435IH", VL_VALID},   {"6433435FT", VL_VALID},   {"6433435fw", VL_VALID},
        {"1234567U", VL_INVALID}, {"1234567WA", VL_INVALID}, {"1234567FZ", VL_INVALID}, {"0000000W", VL_INVALID},
        {"123456T", VL_INVALID},
    };
    CHECK(vl_validate_ie_pps, numbers);
    assert_no_slips(vl_validate_ie_pps, "1234567T");
    assert_no_slips(vl_validate_ie_pps, "1234567FA");
}

static void amka(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"01013099997", VL_VALID},   {"09095986684", VL_VALID},  {"01013099998", VL_INVALID},
        {"31023099997", VL_INVALID}, {"0101309999", VL_INVALID},
    };
    CHECK(vl_validate_gr_amka, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nir),  cmocka_unit_test(siren),           cmocka_unit_test(siret),
        cmocka_unit_test(bsn),  cmocka_unit_test(national_number), cmocka_unit_test(ahv),
        cmocka_unit_test(svnr), cmocka_unit_test(pt_nif),          cmocka_unit_test(pps),
        cmocka_unit_test(amka),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

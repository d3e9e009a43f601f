/* CPF, CNPJ: numbers of the Receita Federal's pages and of public bodies (Banco do Brasil, Caixa, Petrobras);
 * 12.ABC.345/01DE-35 is the Receita's example of a number with letters. CURP: RENAPO's example HEGG560427MVZRRL04. RFC:
 * the SAT's examples and test keys (EKU9003173C9, XIA190128J61, FUNK671228PH6). RUT, CUIT, NIT: companies and
 * authorities (the DIAN's own NIT is 800.197.268-4). */
#include "slips.h"
#include "text/validators_world.h"

static void cpf(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"111.444.777-35", VL_VALID},   {"529.982.247-25", VL_VALID},   {"123.456.789-09", VL_VALID},
        {"11144477735", VL_VALID},      {"111.444.777-36", VL_INVALID}, {"111.111.111-11", VL_INVALID},
        {"000.000.000-00", VL_INVALID}, {"111.444.777-3", VL_INVALID},  {"111.444.777-355", VL_INVALID},
        {"111.444.77a-35", VL_INVALID},
    };
    CHECK(vl_validate_br_cpf, numbers);
    assert_no_slips(vl_validate_br_cpf, "111.444.777-35");
    assert_no_slips(vl_validate_br_cpf, "529.982.247-25");
}

static void cnpj(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"11.222.333/0001-81", VL_VALID},   {"00.000.000/0001-91", VL_VALID},   {"00.360.305/0001-04", VL_VALID},
        {"33.000.167/0001-01", VL_VALID},   {"12.ABC.345/01DE-35", VL_VALID},   {"12abc34501de35", VL_VALID},
        {"12.ABC.345/01DE-3A", VL_INVALID}, {"12.ABC.345/01DE-36", VL_INVALID}, {"11.222.333/0001-82", VL_INVALID},
        {"11.111.111/1111-11", VL_INVALID}, {"11.222.333/0001-8", VL_INVALID},
    };
    CHECK(vl_validate_br_cnpj, numbers);
    assert_no_slips(vl_validate_br_cnpj, "11.222.333/0001-81");
    assert_no_slips(vl_validate_br_cnpj, "12.ABC.345/01DE-35");
}

static void curp(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"HEGG560427MVZRRL04", VL_VALID},   {"BOXW310820HNERXN09", VL_VALID},   {"hegg560427mvzrrl04", VL_VALID},
        {"HEGG560427MVZRRL05", VL_INVALID}, {"HEGG561327MVZRRL04", VL_INVALID}, {"HEGG560431MVZRRL04", VL_INVALID},
        {"HEGG560427MXXRRL04", VL_INVALID}, {"HEGG560427TVZRRL04", VL_INVALID}, {"HEGG560427MVZARL04", VL_INVALID},
        {"HBGG560427MVZRRL04", VL_INVALID}, {"HEGG560427MVZRRL0", VL_INVALID},
    };
    CHECK(vl_validate_mx_curp, numbers);
}

static void rfc(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"GODE561231GR8", VL_VALID},   {"EKU9003173C9", VL_VALID},    {"XIA190128J61", VL_VALID},
        {"FUNK671228PH6", VL_VALID},   {"H&E951128469", VL_VALID},    {"gode-561231-gr8", VL_VALID},
        {"GODE561231GR9", VL_UNKNOWN}, {"XAXX010101000", VL_INVALID}, {"XEXX010101000", VL_INVALID},
        {"GODE561331GR8", VL_INVALID}, {"GODE560231GR8", VL_INVALID}, {"GO1E561231GR8", VL_INVALID},
        {"GODE561231GR", VL_INVALID},  {"GODE561231G", VL_INVALID},
    };
    CHECK(vl_validate_mx_rfc, numbers);
    assert_no_slips(vl_validate_mx_rfc, "GODE561231GR8");
    assert_no_slips(vl_validate_mx_rfc, "EKU9003173C9");
}

static void rut(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"12.345.678-5", VL_VALID},   {"30.686.957-4", VL_VALID},   {"76.086.428-5", VL_VALID},
        {"10.000.013-K", VL_VALID},   {"60803000-k", VL_VALID},     {"12.345.678-6", VL_INVALID},
        {"12.345.678-K", VL_INVALID}, {"00.000.000-0", VL_INVALID}, {"1.234-5", VL_INVALID},
    };
    CHECK(vl_validate_cl_rut, numbers);
    assert_no_slips(vl_validate_cl_rut, "12.345.678-5");
    assert_no_slips(vl_validate_cl_rut, "30.686.957-4");
}

static void cuit(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"20-12345678-6", VL_VALID},   {"20-05536168-2", VL_VALID},  {"30-50001091-2", VL_VALID},
        {"33-69345023-9", VL_VALID},   {"30-70308853-4", VL_VALID},  {"20-12345678-7", VL_INVALID},
        {"21-12345678-6", VL_INVALID}, {"20-1234567-6", VL_INVALID},
    };
    CHECK(vl_validate_ar_cuit, numbers);
    assert_no_slips(vl_validate_ar_cuit, "20-05536168-2");
    assert_no_slips(vl_validate_ar_cuit, "30-70308853-4");
}

static void nit(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"213.123.432-1", VL_VALID}, {"800.197.268-4", VL_VALID},   {"860.002.964-4", VL_VALID},
        {"899.999.068-1", VL_VALID}, {"800.197.268-5", VL_INVALID}, {"000.000.000-0", VL_INVALID},
        {"80019-4", VL_INVALID},
    };
    CHECK(vl_validate_co_nit, numbers);
    assert_no_slips(vl_validate_co_nit, "800.197.268-4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpf), cmocka_unit_test(cnpj), cmocka_unit_test(curp), cmocka_unit_test(rfc),
        cmocka_unit_test(rut), cmocka_unit_test(cuit), cmocka_unit_test(nit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

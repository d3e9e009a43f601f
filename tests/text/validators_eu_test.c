/* NIF: Presidio's tests and the Ministry's sample number. Fiscal code: the sample of the Agenzia delle Entrate (Mario Rossi) and
 * an omocodia variant with its recomputed check. PESEL: Presidio's tests and the Ministry's samples. */
#include "vectors.h"

static void spanish_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"12345678Z", VL_VALID},   {"1111111G", VL_VALID},   {"12345678-z", VL_VALID},  {"Y8063915Z", VL_VALID},
        {"Z8078221M", VL_VALID},   {"X1234567L", VL_VALID},  {"12345678A", VL_INVALID}, {"Y8063915A", VL_INVALID},
        {"A8078221M", VL_INVALID}, {"X123456L", VL_INVALID}, {"123456789", VL_INVALID}, {"123456Z", VL_INVALID},
        {"1234567Z8", VL_INVALID},
    };
    CHECK(vl_validate_es_nif, numbers);
}

static void italian_codes(void **state)
{
    (void)state;
    static const verdict codes[] = {
        {"RSSMRA85T10A562S", VL_VALID},    {"rssmra85t10a562s", VL_VALID},
        {"RSS MRA 85T10 A562S", VL_VALID}, {"RSSMRA85T10A56NH", VL_VALID},   /* omocodia: N for 2 */
        {"AAAAAA00B11C333Y", VL_VALID},    {"AAAAAA00B11C333N", VL_UNKNOWN}, /* wrong check, right shape */
        {"RSSMRA85F10A562S", VL_INVALID},                                    /* no month F */
        {"RSSMRA85T32A562S", VL_INVALID},                                    /* day 32 */
        {"RSSMRA85T72A562S", VL_INVALID},                                    /* day 72 */
        {"RSSMRA85T00A562S", VL_INVALID},  {"RSSMRA85T10A5629", VL_INVALID},
        {"RSSMR185T10A562S", VL_INVALID},  {"RSSMRA8AT10A562S", VL_INVALID}, /* A stands for no digit */
        {"A55AAA00B11C333N", VL_INVALID},  {"RSSMRA85T10A562", VL_INVALID},
    };
    CHECK(vl_validate_it_fiscal_code, codes);
}

static void polish_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"44051401458", VL_VALID},   {"02070803628", VL_VALID},   {"44051401359", VL_VALID},
        {"44051401459", VL_INVALID}, {"85040812345", VL_INVALID}, {"11110021111", VL_INVALID},
        {"4405140145", VL_INVALID},  {"00000000000", VL_INVALID}, {"02230803624", VL_INVALID},
        {"4405140145a", VL_INVALID},
    };
    CHECK(vl_validate_pl_pesel, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spanish_numbers),
        cmocka_unit_test(italian_codes),
        cmocka_unit_test(polish_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

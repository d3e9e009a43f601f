/* Germany: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void de_bsnr(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"021234568", VL_UNKNOWN}, {"521234567", VL_UNKNOWN}, {"000000000", VL_INVALID},
        {"02123456", VL_INVALID},  {"", VL_INVALID},
    };
    CHECK(vl_validate_de_bsnr, cases);
}

static void de_health(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"A000500015", VL_VALID},   {"C000500021", VL_VALID},  {"M123456785", VL_VALID}, {"M123456789", VL_INVALID},
        {"A000500010", VL_INVALID}, {"A12345678", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_health, cases);
    every_change_is_refused(vl_validate_de_health, "A000500015");
    every_change_is_refused(vl_validate_de_health, "C000500021");
    every_change_is_refused(vl_validate_de_health, "M123456785");
}

static void de_document(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"L01X00T471", VL_VALID},  {"C01X00T478", VL_VALID},   {"CZ6311T03", VL_VALID}, {"L01X00T47", VL_INVALID},
        {"C01234567", VL_INVALID}, {"A01X00T471", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_document, cases);
    every_change_is_refused(vl_validate_de_document, "L01X00T471");
    every_change_is_refused(vl_validate_de_document, "C01X00T478");
    every_change_is_refused(vl_validate_de_document, "CZ6311T03");
}

static void de_plate(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"B-AB 1234", VL_UNKNOWN}, {"HH AB 1234", VL_UNKNOWN}, {"ÜB-AB 12", VL_UNKNOWN},     {"S AB 12E", VL_UNKNOWN},
        {"QQ AB 12", VL_INVALID},  {"X-AB 12", VL_INVALID},    {"WUN-AB 1234X", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_plate, cases);
}

static void de_lanr(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"234567701", VL_VALID},   {"100000601", VL_VALID}, {"234567601", VL_INVALID},
        {"000000000", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_lanr, cases);
}

static void de_plz(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"80331", VL_UNKNOWN}, {"01067", VL_UNKNOWN}, {"00000", VL_INVALID}, {"05123", VL_INVALID},
        {"43001", VL_INVALID}, {"99999", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_plz, cases);
}

static void de_pension(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"15070649C103", VL_VALID},
        {"38551285K051", VL_VALID},
        {"15070649C100", VL_INVALID},
        {"65070803A012", VL_INVALID},
        {"15850649C103", VL_INVALID},
        {"15070049C103", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_de_pension, cases);
}

static void de_tax_id(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"86095742719", VL_VALID},
        {"47036892816", VL_VALID},
        {"12345678901", VL_INVALID},
        {"02345678901", VL_INVALID},
        {"11111111111", VL_INVALID},
        {"98765432100", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_de_tax_id, cases);
    every_change_is_refused(vl_validate_de_tax_id, "86095742719");
    every_change_is_refused(vl_validate_de_tax_id, "47036892816");
}

static void de_vat(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"DE136695976", VL_VALID},  {"DE129273398", VL_VALID},   {"AT123456789", VL_INVALID},
        {"DE12345678", VL_INVALID}, {"DE036695976", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_de_vat, cases);
    every_change_is_refused(vl_validate_de_vat, "DE136695976");
    every_change_is_refused(vl_validate_de_vat, "DE129273398");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(de_bsnr),    cmocka_unit_test(de_health), cmocka_unit_test(de_document),
        cmocka_unit_test(de_plate),   cmocka_unit_test(de_lanr),   cmocka_unit_test(de_plz),
        cmocka_unit_test(de_pension), cmocka_unit_test(de_tax_id), cmocka_unit_test(de_vat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

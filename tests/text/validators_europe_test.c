/* Finland, Italy, Spain, Sweden: published and made-up numbers that pass, and the same with one digit changed or two changed places. */
#include "changes.h"
#include "text/validators_national.h"

static void es_nie(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"Y8063915Z", VL_VALID},   {"Z8078221M", VL_VALID}, {"X-1234567-L", VL_VALID},
        {"W8063915Z", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_es_nie, cases);
    every_change_is_refused(vl_validate_es_nie, "Y8063915Z");
    every_change_is_refused(vl_validate_es_nie, "Z8078221M");
    every_change_is_refused(vl_validate_es_nie, "X-1234567-L");
}

static void fi_code(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"131052-308T", VL_VALID},
        {"020594X902N", VL_VALID},
        {"010516B902W", VL_VALID},
        {"131052/308T", VL_INVALID},
        {"310211-9022", VL_INVALID},
        {"131052-001T", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_fi_code, cases);
    every_change_is_refused(vl_validate_fi_code, "131052-308T");
    every_change_is_refused(vl_validate_fi_code, "020594X902N");
    every_change_is_refused(vl_validate_fi_code, "010516B902W");
}

static void it_vat(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"01333550323", VL_VALID},   {"01333550_323", VL_VALID}, {"00000000000", VL_INVALID},
        {"01333559323", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_it_vat, cases);
    every_change_is_refused(vl_validate_it_vat, "01333550323");
    every_change_is_refused(vl_validate_it_vat, "01333550_323");
}

static void se_person(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"871220-2384", VL_VALID},
        {"198712202384", VL_VALID},
        {"189110089811", VL_VALID},
        {"200504422381", VL_INVALID},
        {"871220-2385", VL_INVALID},
        {"871320-2384", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_se_person, cases);
}

static void se_organisation(void **state)
{
    (void)state;
    static const verdict cases[] = {
        {"556703-7485", VL_VALID},   {"5567037485", VL_VALID}, {"19000309-3393", VL_INVALID},
        {"056703-7485", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_se_organisation, cases);
    every_change_is_refused(vl_validate_se_organisation, "556703-7485");
    every_change_is_refused(vl_validate_se_organisation, "5567037485");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(es_nie),    cmocka_unit_test(fi_code),         cmocka_unit_test(it_vat),
        cmocka_unit_test(se_person), cmocka_unit_test(se_organisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

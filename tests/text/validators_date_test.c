/* Dates by the Gregorian calendar and the forms of ISO 8601, RFC 3339 and everyday English. */
#include "vectors.h"

static void numeric_dates(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"21.5.2021", VL_UNKNOWN},  {"21.5.21", VL_UNKNOWN},     {"05/21/21", VL_UNKNOWN},   {"5-20-2021", VL_UNKNOWN},
        {"2024-02-29", VL_UNKNOWN}, {"2000-02-29", VL_UNKNOWN},  {"2023-02-29", VL_INVALID}, {"1900-02-29", VL_INVALID},
        {"31/12/1999", VL_UNKNOWN}, {"31/04/1999", VL_INVALID},  {"13/13/2020", VL_INVALID}, {"32.1.2020", VL_INVALID},
        {"0/5/2020", VL_INVALID},   {"5-20.2021", VL_INVALID},   {"2021-13-01", VL_INVALID}, {"2021-00-10", VL_INVALID},
        {"05/21", VL_UNKNOWN},      {"5/32", VL_INVALID},        {"13/14", VL_INVALID},      {"05/2021", VL_UNKNOWN},
        {"13/2021", VL_INVALID},    {"2021-05", VL_UNKNOWN},     {"20240605", VL_UNKNOWN},   {"20241305", VL_INVALID},
        {"1.2.3.4", VL_INVALID},    {"7.21.40", VL_INVALID},     {"7.21.2040", VL_UNKNOWN},  {"3/4/5", VL_INVALID},
        {"1/2/0345", VL_INVALID},   {"123-45-6789", VL_INVALID}, {"", VL_INVALID},
    };
    CHECK(vl_validate_date_time, texts);
}

static void named_months(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"5-MAY-2021", VL_UNKNOWN},
        {"May-2021", VL_UNKNOWN},
        {"May 5, 2021", VL_UNKNOWN},
        {"5th of September", VL_UNKNOWN},
        {"Sept. 5", VL_UNKNOWN},
        {"29 Feb 2024", VL_UNKNOWN},
        {"29 Feb 2023", VL_INVALID},
        {"30 February", VL_INVALID},
        {"31 June 2020", VL_INVALID},
        {"2021 Mar 7", VL_UNKNOWN},
        {"Dec 10 06:55:46", VL_UNKNOWN},
        {"Sun Dec 04 04:47:44 2005", VL_UNKNOWN},
        {"Sun Dec 34 04:47:44 2005", VL_INVALID},
        {"May June 2020", VL_INVALID},
        {"Maybe 45", VL_INVALID},
        {"Sunday", VL_UNKNOWN},
    };
    CHECK(vl_validate_date_time, texts);
}

static void clocks_and_zones(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"2024-06-05T09:15:30.500-07:00", VL_UNKNOWN},
        {"2024-12-31T23:59:59+00:00", VL_UNKNOWN},
        {"2024-03-15T14:30Z", VL_UNKNOWN},
        {"2016-12-31T23:59:60Z", VL_UNKNOWN},
        {"2024-06-05 09:15:30,123", VL_UNKNOWN},
        {"20240605T091530Z", VL_UNKNOWN},
        {"2024-06-05T24:00:00", VL_UNKNOWN},
        {"09:15", VL_UNKNOWN},
        {"9:15 pm", VL_UNKNOWN},
        {"5 pm", VL_UNKNOWN},
        {"3/4/2020 5pm", VL_UNKNOWN},
        {"2024-06-05T09:15:30+0530", VL_UNKNOWN},
        {"2024-06-05T25:00:00", VL_INVALID},
        {"2024-06-05T24:01:00", VL_INVALID},
        {"2024-06-05T09:60:00", VL_INVALID},
        {"2024-06-05T09:15:61", VL_INVALID},
        {"2024-06-05T09:15:30+15:00", VL_INVALID},
        {"2024-06-31T09:15:30Z", VL_INVALID},
        {"20240605T256000Z", VL_INVALID},
        {"13 pm", VL_INVALID},
        {"9:5", VL_INVALID},
        {"123:45:56", VL_INVALID},
        {"24:", VL_INVALID},
    };
    CHECK(vl_validate_date_time, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numeric_dates),
        cmocka_unit_test(named_months),
        cmocka_unit_test(clocks_and_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Dates moved by days: every form that is found, leap years and ends of months, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/dates_shift.h"

static void check(const char *text, int32_t days, const char *expected)
{
    char out[2 * VL_DATE_MAX_BYTES];
    size_t out_bytes = 0;
    bool is_taken = vl_date_shift_text(text, strlen(text), days, out, &out_bytes);
    if (expected == NULL) {
        if (is_taken) fail_msg("\"%s\" became \"%.*s\"", text, (int)out_bytes, out);
        return;
    }
    if (!is_taken) fail_msg("\"%s\" was refused", text);
    if (out_bytes != strlen(expected) || memcmp(out, expected, out_bytes) != 0)
        fail_msg("\"%s\" became \"%.*s\", not \"%s\"", text, (int)out_bytes, out, expected);
}

static void numbers_keep_their_form(void **state)
{
    (void)state;
    check("2021-03-12", 1, "2021-03-13");
    check("2021-03-12", -12, "2021-02-28");
    check("2020-02-28", 1, "2020-02-29");
    check("2020-02-29", 366, "2021-03-01");
    check("1900-02-28", 1, "1900-03-01"); /* no leap year */
    check("2000-02-28", 1, "2000-02-29"); /* one */
    check("1969-12-31", 1, "1970-01-01");
    check("2021-12-31T23:59:60Z", 1, "2022-01-01T23:59:60Z");
    check("2021-03-12 09:55:06.123+02:00", 30, "2021-04-11 09:55:06.123+02:00");
    check("2021/03/12", 10, "2021/03/22");
    check("2021.3.9", 1, "2021.3.10");
    check("03/12/2021", 1, "03/13/2021"); /* month first with slashes */
    check("13/12/2021", 1, "14/12/2021"); /* unless that is no date */
    check("12.03.2021", 1, "13.03.2021");
    check("12-03-2021", 1, "13-03-2021");
    check("12-25-2021", 7, "01-01-2022");
    check("3/9/21", 1, "3/10/21");
    check("12/31/99", 1, "01/01/00");
    check("20210312", 20, "20210401");
    check("20210312T0930", 20, "20210401T0930");
    check("20210312T093015Z", -12, "20210228T093015Z");
    check("12/2021", 31, "01/2022");
    check("2021-12", 31, "2022-01");
    check("05/21", 11, "06/01");
    check("02/29", 1, "03/01");
}

static void names_keep_their_language_and_case(void **state)
{
    (void)state;
    check("5 May 2021", 30, "4 June 2021");
    check("5-MAY-2021", 30, "4-JUN-2021");
    check("May 5, 2021", -5, "April 30, 2021");
    check("March 12th, 2021", 9, "March 21st, 2021");
    check("March 31st, 2021", 2, "April 2nd, 2021");
    check("12th of March, 2021", 10, "22nd of March, 2021");
    check("2ND MARCH 2021", 9, "11TH MARCH 2021");
    check("Fri, 12 Mar 2021 09:55:06 -0600", 3, "Mon, 15 Mar 2021 09:55:06 -0600");
    check("10/Oct/2000:13:55:36 -0700", 30, "09/Nov/2000:13:55:36 -0700");
    check("04JUL1985", 30, "03AUG1985");
    check("Jul  1 09:00:55", 8, "Jul  9 09:00:55");
    check("Jul  1 09:00:55", 9, "Jul 10 09:00:55");
    check("Jul 10 09:00:55", -9, "Jul  1 09:00:55");
    check("Jan  1 04:47:44 2005", -1, "Dec 31 04:47:44 2004");
    check("December 2021", 31, "January 2022");
    check("12. M\xC3\xA4rz 2021", 30, "11. April 2021");
    check("12. Mai 2021", -61, "12. M\xC3\xA4rz 2021");
    check("3 de mayo de 2021", 60, "2 de julio de 2021");
    check("1 mai 2021", 100, "9 ao\xC3\xBBt 2021");
    check("1er mai 2021", 1, "2 mai 2021");
    check("12 agosto 2021", 31, "12 settembre 2021");
    check("D\xC3\x89"
          "CEMBRE 5, 2021",
          -120, "AO\xC3\x9BT 7, 2021");
    check("5 Sept 2021", 30, "5 Oct 2021");
    check("March 12, 2021, 10:00AM", 1, "March 13, 2021, 10:00AM");
}

static void what_is_not_understood_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "09:30",
                                        "5 pm",
                                        "2021",
                                        "May",
                                        "2021-02-30",
                                        "2021-13-01",
                                        "yesterday",
                                        "12 Brumaire 2021",
                                        "1 2 3 4",
                                        "31/31/2021",
                                        "123456789",
                                        "May June 2021",
                                        "0999-01-01",
                                        "12345-01-01"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check(texts[i], 10, NULL);
    check("9999-12-31", 1, NULL);
    check("1000-01-01", -1, NULL);
    check("05/21", 365, NULL); /* would stay as it is */
    char longer[VL_DATE_MAX_BYTES + 2];
    memset(longer, ' ', sizeof longer);
    memcpy(longer, "2021-03-12", 10);
    longer[sizeof longer - 1] = '\0';
    check(longer, 1, NULL);
}

/* Against a calendar that counts day by day. */
static void every_day_of_four_centuries(void **state)
{
    (void)state;
    static const unsigned lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = 1799, month = 12, day = 31;
    for (int32_t days = 1; days <= 146097 + 365; days++) {
        bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        unsigned length = lengths[month - 1] + (month == 2 && is_leap);
        if (++day > length) day = 1, month++;
        if (month > 12) month = 1, year++;
        char text[40], back[2 * VL_DATE_MAX_BYTES];
        size_t out_bytes;
        (void)snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
        assert_true(vl_date_shift_text("1799-12-31", 10, days, back, &out_bytes));
        assert_int_equal(out_bytes, 10);
        assert_memory_equal(back, text, 10);
        assert_true(vl_date_shift_text(text, 10, -days, back, &out_bytes));
        assert_memory_equal(back, "1799-12-31", 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_form),
        cmocka_unit_test(names_keep_their_language_and_case),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(every_day_of_four_centuries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Telephone numbers: made-up or reserved ones (NANP 555-01xx, Ofcom's and ACMA's ranges for drama) in the forms that people
 * write, one for each of more than forty numbering plans, and numbers that are something else. */
#include "vectors.h"

static void digits_alone(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"912345678", VL_UNKNOWN}, {"5551234", VL_UNKNOWN},  {"32123456", VL_UNKNOWN}, {"123456", VL_INVALID},
        {"20240229", VL_INVALID},  {"20230229", VL_UNKNOWN}, {"99999999", VL_INVALID}, {"1234567890123", VL_INVALID},
    };
    CHECK(vl_validate_phone_digits, texts);
}

static void international_numbers(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"+1 415 555 0132", VL_UNKNOWN},
        {"+1-743-438-6774x62406", VL_UNKNOWN},
        {"+7 495 123-45-67", VL_UNKNOWN},
        {"+20 2 25551234", VL_UNKNOWN},
        {"+27 11 978 5313", VL_UNKNOWN},
        {"+30 21 0123 4567", VL_UNKNOWN},
        {"+31 20 123 4567", VL_UNKNOWN},
        {"+32 2 555 12 12", VL_UNKNOWN},
        {"+33 1 42 68 53 00", VL_UNKNOWN},
        {"+34 612 345 678", VL_UNKNOWN},
        {"+36 1 234 5678", VL_UNKNOWN},
        {"+39 06 1234 5678", VL_UNKNOWN},
        {"+40 21 123 4567", VL_UNKNOWN},
        {"+41 44 668 18 00", VL_UNKNOWN},
        {"+43 1 234567890", VL_UNKNOWN},
        {"+44 20 7946 0958", VL_UNKNOWN},
        {"+44 (0)20 7946 0958", VL_UNKNOWN},
        {"+45 32 12 34 56", VL_UNKNOWN},
        {"+46 8 123 456 78", VL_UNKNOWN},
        {"+47 21 23 45 67", VL_UNKNOWN},
        {"+48 22 123 45 67", VL_UNKNOWN},
        {"+49 30 1234567", VL_UNKNOWN},
        {"+51 1 234 5678", VL_UNKNOWN},
        {"+52 55 1234 5678", VL_UNKNOWN},
        {"+54 9 11 2345-6789", VL_UNKNOWN},
        {"+55 11 98456 5666", VL_UNKNOWN},
        {"+56 2 2123 4567", VL_UNKNOWN},
        {"+57 601 1234567", VL_UNKNOWN},
        {"+60 3-1234 5678", VL_UNKNOWN},
        {"+61 2 5550 1234", VL_UNKNOWN},
        {"+62 21 1234 5678", VL_UNKNOWN},
        {"+63 2 8123 4567", VL_UNKNOWN},
        {"+64 9 123 4567", VL_UNKNOWN},
        {"+65 6123 4567", VL_UNKNOWN},
        {"+66 2 123 4567", VL_UNKNOWN},
        {"+81 3-1234-5678", VL_UNKNOWN},
        {"+82 2-1234-5678", VL_UNKNOWN},
        {"+84 24 1234 5678", VL_UNKNOWN},
        {"+86 138 0013 8000", VL_UNKNOWN},
        {"+90 212 123 45 67", VL_UNKNOWN},
        {"+91 4155550132", VL_UNKNOWN},
        {"+92 21 12345678", VL_UNKNOWN},
        {"+212 520-123456", VL_UNKNOWN},
        {"+234 803 123 4567", VL_UNKNOWN},
        {"+254 20 1234567", VL_UNKNOWN},
        {"+351 21 123 4567", VL_UNKNOWN},
        {"+353 1 234 5678", VL_UNKNOWN},
        {"+358 9 1234567", VL_UNKNOWN},
        {"+380 44 123 4567", VL_UNKNOWN},
        {"+420 234 567 890", VL_UNKNOWN},
        {"+852 2123 4567", VL_UNKNOWN},
        {"+880 2 1234 5678", VL_UNKNOWN},
        {"+886 2 1234 5678", VL_UNKNOWN},
        {"+966 11 123 4567", VL_UNKNOWN},
        {"+971 4 123 4567", VL_UNKNOWN},
        {"+972 9-762-5400", VL_UNKNOWN},
        {"0044 20 7946 0958", VL_UNKNOWN},
        {"011 44 20 7946 0958", VL_UNKNOWN},
        {"001-748-088-2851x818", VL_UNKNOWN},
        {"+210 123 456 789", VL_INVALID},
        {"+999 12345678", VL_INVALID},
        {"+1 415 555 013", VL_INVALID},
        {"+44 20 7946", VL_INVALID},
        {"+65 6123 45678", VL_INVALID},
        {"+0530", VL_INVALID},
        {"+1234567890123456", VL_INVALID},
        {"+", VL_INVALID},
    };
    CHECK(vl_validate_phone, texts);
}

static void national_numbers(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"415-555-0132", VL_UNKNOWN},         {"(415) 555-0132", VL_UNKNOWN},
        {"415.555.0132", VL_UNKNOWN},         {"4155550132", VL_UNKNOWN},
        {"1-800-555-0199", VL_UNKNOWN},       {"(978)645-9740x11144", VL_UNKNOWN},
        {"415-555-0132 ext. 12", VL_UNKNOWN}, {"415-555-0132 extension 12", VL_UNKNOWN},
        {"09-7625400", VL_UNKNOWN},           {"020 7946 0958", VL_UNKNOWN},
        {"07700 900123", VL_UNKNOWN},         {"07700900123", VL_UNKNOWN},
        {"01 42 68 53 00", VL_UNKNOWN},       {"030 1234567", VL_UNKNOWN},
        {"(11) 4706-6184", VL_UNKNOWN},       {"(88) 684-334", VL_UNKNOWN},
        {"02.27.96.63.08", VL_UNKNOWN},
    };
    CHECK(vl_validate_phone, texts);
}

static void other_numbers(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"1700000000", VL_INVALID},          /* seconds since 1970 */
        {"1700000000123", VL_INVALID},       /* milliseconds */
        {"2115550132", VL_INVALID},          /* area code N11 */
        {"4151550132", VL_INVALID},          /* exchange from 1 */
        {"4159110132", VL_INVALID},          /* exchange N11 */
        {"1.2.3", VL_INVALID},               /* version */
        {"10.0.19041.1234", VL_INVALID},     /* build */
        {"192.168.1.100", VL_INVALID},       /* address */
        {"2021-05-21", VL_INVALID},          /* date */
        {"2021-05-21 12:30", VL_INVALID},    /* date and time */
        {"536-90-4399", VL_INVALID},         /* social security number */
        {"4111 1111 1111 1111", VL_INVALID}, /* card */
        {"0000000000", VL_INVALID},
        {"555-555-5555", VL_INVALID},
        {"123456", VL_INVALID},
        {"415-555-0132x", VL_INVALID},
        {"415-555-0132 extra", VL_INVALID},
        {"415-555-01a2", VL_INVALID},
        {"415-555-0132x123456789", VL_INVALID},
        {"12,345,678,901", VL_INVALID},
        {"081110 015832", VL_INVALID}, /* date and time of a log line */
        {"", VL_INVALID},
    };
    CHECK(vl_validate_phone, texts);
}

static void loose_groupings(void **state)
{
    (void)state;
    static const verdict texts[] = {
        {"785 8949", VL_UNKNOWN},       {"50-98-28-96", VL_UNKNOWN},    {"73 448 266", VL_UNKNOWN},
        {"9885 1152", VL_UNKNOWN},      {"25 833387", VL_UNKNOWN},      {"415-555-0132", VL_UNKNOWN},
        {"+49 30 1234567", VL_UNKNOWN}, {"2021-05-21", VL_INVALID},     {"21-05-2021", VL_INVALID},
        {"536-90-4399", VL_INVALID},    {"4111 1111 1111", VL_INVALID}, {"1.2.3.4567", VL_INVALID},
        {"7858949", VL_INVALID},        {"+999 12345678", VL_INVALID},  {"61-51-81", VL_INVALID},
        {"10-105-160-184", VL_INVALID}, {"10 105 160 184", VL_UNKNOWN}, {"10-905-160-184", VL_UNKNOWN},
        {"61 51 81", VL_UNKNOWN},       {"61.51.81", VL_INVALID},       {"61 5181", VL_INVALID},
    };
    CHECK(vl_validate_phone_loose, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_alone),  cmocka_unit_test(international_numbers), cmocka_unit_test(national_numbers),
        cmocka_unit_test(other_numbers), cmocka_unit_test(loose_groupings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

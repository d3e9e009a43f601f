/* Cards: test numbers that the networks and their processors publish (Stripe, Adyen, PayPal test-card pages). Routing numbers:
 * Federal Reserve Bank directory (Bank of New York, Wells Fargo, Chase). */
#include "vectors.h"

static void cards_of_every_network_pass(void **state)
{
    (void)state;
    static const verdict cards[] = {
        {"4111 1111 1111 1111", VL_VALID}, {"4222222222222", VL_VALID},      {"4012-8888-8888-1881", VL_VALID},
        {"5555555555554444", VL_VALID},    {"2223003122003222", VL_VALID},   {"2720 9900 0000 0007", VL_VALID},
        {"378282246310005", VL_VALID},     {"3714 496353 98431", VL_VALID},  {"30569309025904", VL_VALID},
        {"36227206271667", VL_VALID},      {"6011111111111117", VL_VALID},   {"6445644564456445", VL_VALID},
        {"3530111333300000", VL_VALID},    {"3566002020360505", VL_VALID},   {"6200000000000005", VL_VALID},
        {"6205500000000000004", VL_VALID}, {"6771798025000004", VL_VALID},   {"5019717010103742", VL_VALID},
        {"6759649826438453", VL_VALID},    {"5000550000000029", VL_VALID},   {"2200770239097761", VL_VALID},
        {"6062826786276634", VL_VALID},    {"5066991111111118", VL_VALID},   {"9792030394440796", VL_VALID},
        {"122000000000003", VL_VALID},     {"2131 0000 0000 001", VL_VALID},
    };
    CHECK(vl_validate_credit_card, cards);
}

static void cards_with_a_fault_fail(void **state)
{
    (void)state;
    static const verdict cards[] = {
        {"4111 1111 1111 1112", VL_INVALID}, /* check digit */
        {"4012-8888-8888-1882", VL_INVALID},
        {"411111111111111", VL_INVALID},     /* fifteen digits */
        {"9999999999999995", VL_INVALID},    /* passes Luhn, no network */
        {"2721000000000004", VL_INVALID},    /* behind Mastercard's range */
        {"1748503543012", VL_INVALID},       /* Presidio: 13 digits from 1 */
        {"1700000000004", VL_INVALID},       /* milliseconds since 1970 that pass Luhn */
        {"6400421658804613208", VL_INVALID}, /* a storage block; 640 to 643 belong to no network */
        {"0000000000000000", VL_INVALID},
        {"41111111111", VL_INVALID},
        {"41111111111111111111", VL_INVALID},
        {"4111 1111 1111 111a", VL_INVALID},
        {"", VL_INVALID},
    };
    CHECK(vl_validate_credit_card, cards);
}

/* Of the ten numbers that differ in their last digit exactly one passes; a swap of neighbours is found unless they are 0 and 9. */
static void luhn_finds_single_digits_and_swaps(void **state)
{
    (void)state;
    char number[17] = "4539214712746634";
    for (size_t place = 1; place < 16; place++) {
        char kept = number[place];
        for (char c = '0'; c <= '9'; c++) {
            number[place] = c;
            assert_int_equal(judge(vl_validate_credit_card, number), c == kept ? VL_VALID : VL_INVALID);
        }
        number[place] = kept;
    }
    for (size_t place = 1; place < 15; place++) {
        char a = number[place];
        char b = number[place + 1];
        number[place] = b;
        number[place + 1] = a;
        bool is_blind = a == b || (a == '0' && b == '9') || (a == '9' && b == '0');
        assert_int_equal(judge(vl_validate_credit_card, number), is_blind ? VL_VALID : VL_INVALID);
        number[place] = a;
        number[place + 1] = b;
    }
}

static void routing_numbers(void **state)
{
    (void)state;
    static const verdict numbers[] = {
        {"021000018", VL_VALID},   {"121042882", VL_VALID},    {"021000021", VL_VALID},   {"0210-0002-1", VL_VALID},
        {"121042883", VL_INVALID}, {"000000000", VL_INVALID},  {"131000009", VL_INVALID}, /* district 13 */
        {"12104288", VL_INVALID},  {"1210428822", VL_INVALID}, {"12104288a", VL_INVALID},
    };
    CHECK(vl_validate_aba_routing, numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_of_every_network_pass),
        cmocka_unit_test(cards_with_a_fault_fail),
        cmocka_unit_test(luhn_finds_single_digits_and_swaps),
        cmocka_unit_test(routing_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

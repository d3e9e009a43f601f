/*
 * Slips of the pen: every wrong digit in one place and every swap of two neighbours, counted where the validator still says
 * VL_VALID. Checksums modulo a prime find all; others let some swaps pass (Luhn: 09 and 90), which the tests state.
 */
#ifndef VL_TESTS_TEXT_SLIPS_H
#define VL_TESTS_TEXT_SLIPS_H

#include "vectors.h"

#define SLIP_BYTES 64

typedef struct slips {
    unsigned digits; /* wrong digits that pass */
    unsigned swaps;  /* swaps that pass */
} slips;

static inline bool is_slip_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline slips count_slips(vl_validator_fn validate, const char *number)
{
    char text[SLIP_BYTES];
    slips passed = {0, 0};
    size_t size = strlen(number);
    size_t last = SIZE_MAX; /* digit before, over a separator */
    assert_true(size < sizeof text);
    memcpy(text, number, size + 1);
    assert_int_equal(judge(validate, text), VL_VALID);
    for (size_t i = 0; i < size; i++) {
        char kept = number[i];
        if (!is_slip_digit(kept)) continue;
        for (char c = '0'; c <= '9'; c++) {
            text[i] = c;
            passed.digits += c != kept && judge(validate, text) == VL_VALID;
        }
        text[i] = kept;
        if (last != SIZE_MAX && number[last] != kept) {
            text[i] = number[last];
            text[last] = kept;
            passed.swaps += judge(validate, text) == VL_VALID;
            text[last] = number[last];
            text[i] = kept;
        }
        last = i;
    }
    return passed;
}

/** No slip of `number` passes. */
static inline void assert_no_slips(vl_validator_fn validate, const char *number)
{
    slips passed = count_slips(validate, number);
    if (passed.digits + passed.swaps != 0)
        print_error("\"%s\": %u digits, %u swaps pass\n", number, passed.digits, passed.swaps);
    assert_int_equal(passed.digits, 0);
    assert_int_equal(passed.swaps, 0);
}

#endif

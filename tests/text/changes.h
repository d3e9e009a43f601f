/* What a check digit is for: numbers with one digit changed, or two neighbours in each other's place, are refused. */
#ifndef VL_TESTS_TEXT_CHANGES_H
#define VL_TESTS_TEXT_CHANGES_H

#include "vectors.h"

/** Every other digit at every place. Nearly all checks see all of them; moduli that are no
 *  prime, and check digits that stand for two remainders, miss one in seven at most. Exchanged neighbours: one in three may. */
static inline void every_change_is_refused(vl_validator_fn validate, const char *text)
{
    char changed[64];
    unsigned tries = 0, passed = 0, swaps = 0, passed_swaps = 0;
    size_t size = strlen(text);
    assert_true(size < sizeof changed);
    for (size_t i = 0; i < size; i++) {
        memcpy(changed, text, size + 1);
        if (text[i] < '0' || text[i] > '9') continue;
        for (char digit = '0'; digit <= '9'; digit++) {
            if (digit == text[i]) continue;
            changed[i] = digit;
            tries++;
            passed += judge(validate, changed) != VL_INVALID;
        }
        changed[i] = text[i];
        if (i + 1 == size || text[i + 1] < '0' || text[i + 1] > '9' || text[i + 1] == text[i]) continue;
        changed[i] = text[i + 1];
        changed[i + 1] = text[i];
        swaps++;
        passed_swaps += judge(validate, changed) != VL_INVALID;
    }
    if (passed * 7 > tries || passed_swaps * 3 > swaps + 2)
        fail_msg("%s: %u of %u changes and %u of %u exchanges pass", text, passed, tries, passed_swaps, swaps);
}

#endif

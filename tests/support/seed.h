/* The seed of a test that makes its cases by chance: always the same one, so that no build fails by bad luck, unless
 * VEIL_TEST_SEED names another (a sweep over many of them is how new cases are looked for). */
#ifndef VL_TESTS_SUPPORT_SEED_H
#define VL_TESTS_SUPPORT_SEED_H

#include <stdint.h>
#include <stdlib.h>

/** Never 0: some generators stand still there. */
static inline uint64_t test_seed(uint64_t usual)
{
    const char *given = getenv("VEIL_TEST_SEED");
    uint64_t seed = given == NULL ? usual : strtoull(given, NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) + usual;
    return seed == 0 ? usual : seed;
}

#endif

/* Tables of texts with the verdict that a validator must give; a failure names the text (test data, never real). */
#ifndef VL_TESTS_TEXT_VECTORS_H
#define VL_TESTS_TEXT_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/validators.h"

typedef struct verdict {
    const char *text;
    vl_validity expected;
} verdict;

/* Each text is copied to the heap without its NUL, so that a sanitizer sees a read past the end. */
static inline vl_validity judge(vl_validator_fn validate, const char *text)
{
    size_t bytes = strlen(text);
    char *copy = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(copy);
    memcpy(copy, text, bytes);
    vl_validity got = validate(copy, bytes);
    free(copy);
    return got;
}

static inline void check_verdicts(vl_validator_fn validate, const verdict *verdicts, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        vl_validity got = judge(validate, verdicts[i].text);
        if (got == verdicts[i].expected) continue;
        print_error("\"%s\": %d, expected %d\n", verdicts[i].text, (int)got, (int)verdicts[i].expected);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(validate, verdicts) check_verdicts(validate, verdicts, sizeof(verdicts) / sizeof(verdicts)[0])

#endif

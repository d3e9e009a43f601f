/* Which rows have known beginnings and go into the anchored set, and how their patterns are written: the same for the library
 * and for the program that compiles them when the library is built. */
#ifndef VL_TEXT_SECRETS_ROWS_H
#define VL_TEXT_SECRETS_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "text/recognizers.h"

static inline bool vl_secret_is_anchored(uint32_t flags, const char *lead)
{
    return (flags & VL_ROW_HYPERSCAN) != 0 && lead[0] != '\0' && (flags & VL_ROW_CASELESS) == 0;
}

/** As snprintf. A boundary at the beginning is the caller's to judge: the database sees no byte before the match. */
static inline int vl_pattern_anchor(const char *text, char *out, size_t capacity)
{
    bool is_word = text[0] == '\\' && text[1] == 'b';
    return snprintf(out, capacity, "^(?:%s)", text + (is_word ? 2 : 0));
}

#endif

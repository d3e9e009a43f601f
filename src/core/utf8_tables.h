/*
 * UTF-8 by three 16-entry lookups (Keiser and Lemire 2020), for the SIMD forms: the high and the low nibble of the byte
 * before and the high nibble of this one each give the set of errors that they allow; an error is real where all three
 * agree. The tables are argument lists, so that each form can repeat them over its vector.
 */
#ifndef VL_CORE_UTF8_TABLES_H
#define VL_CORE_UTF8_TABLES_H

#include <stddef.h>
#include <stdint.h>

enum {
    TOO_SHORT = 1,       /* lead, then no continuation */
    TOO_LONG = 2,        /* ASCII, then a continuation */
    OVERLONG_3 = 4,      /* E0, then below A0 */
    TOO_LARGE = 8,       /* F4, then 90 and above; F5 and above, then 90 and above */
    SURROGATE = 16,      /* ED, then A0 and above */
    OVERLONG_2 = 32,     /* C0, C1 */
    OVERLONG_4 = 64,     /* F0, then 80 to 8F */
    TOO_LARGE_1000 = 64, /* F5 and above, then 80 to 8F: shares the bit, for the low nibbles differ */
    TWO_CONTS = 128,     /* continuation after continuation: right only inside sequences of three and four */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS, /* decided by the two other lookups alone */
    LARGE = CARRY | TOO_LARGE | TOO_LARGE_1000,
    CONT_8 = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
    CONT_9 = TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
    CONT_A = TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE
};

/* By the high nibble of the byte before. */
#define UTF8_BEFORE_HIGH                                                                                               \
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS, TWO_CONTS, TWO_CONTS,   \
        TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,                              \
        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4

/* By the low nibble of the byte before. */
#define UTF8_BEFORE_LOW                                                                                                \
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE, LARGE, LARGE,   \
        LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE | SURROGATE, LARGE, LARGE

/* By the high nibble of this byte. */
#define UTF8_THIS_HIGH                                                                                                 \
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, CONT_8, CONT_9, CONT_A,    \
        CONT_A, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT

/* The start of the sequence that `end` may cut: up to three bytes back. What follows is judged by the plain twin. */
static inline size_t utf8_sequence_start(const uint8_t *text, size_t end)
{
    size_t back = 0;
    while (back < 3 && back < end && (text[end - 1 - back] & 0xC0) == 0x80)
        back++;
    return back < end && text[end - 1 - back] >= 0xC0 ? end - 1 - back : end;
}

#endif

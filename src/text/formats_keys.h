/* What stands around a run of digits, by kinds, and what of it a pattern can have. */
#ifndef VL_TEXT_FORMATS_KEYS_H
#define VL_TEXT_FORMATS_KEYS_H

#include "text/formats.h"

enum { /* before the digits */
       VL_BEFORE_OTHER,
       VL_BEFORE_SPACE,
       VL_BEFORE_DASH,
       VL_BEFORE_DOT,
       VL_BEFORE_SLASH,
       VL_BEFORE_COLON,
       VL_BEFORE_UNDER,
       VL_BEFORE_REST,   /* dash, dot or colon, and they go on from another number */
       VL_BEFORE_LETTERS /* one letter; up to VL_LETTERS_MAX or more */
};
#define VL_LETTERS_MAX 8u

enum { /* behind them; with a digit behind is one more */
       VL_BEHIND_OTHER,
       VL_BEHIND_SPACE,
       VL_BEHIND_SPACE_DIGIT,
       VL_BEHIND_DASH,
       VL_BEHIND_DASH_DIGIT,
       VL_BEHIND_DOT,
       VL_BEHIND_DOT_DIGIT,
       VL_BEHIND_SLASH,
       VL_BEHIND_COLON,
       VL_BEHIND_LETTER,
       VL_BEHIND_UNDER,
       VL_BEHIND_COUNT
};

#define VL_RUN_MAX   16u /* digits, or more */
#define VL_WORD_MAX  63u /* bytes, or more */
#define VL_KEY_COUNT 4096u

extern const uint8_t vl_kinds_before[256]; /* letters are none: they are counted */
extern const uint8_t vl_kinds_behind[256];

static inline unsigned vl_key_of(unsigned before, unsigned run, unsigned behind)
{
    return before << 8 | (run < VL_RUN_MAX ? run - 1 : VL_RUN_MAX - 1) << 4 | behind;
}

/* A second run of digits behind a space, a dash or a dot. */
#define VL_SECOND_MAX 15u       /* digits, or more */
#define VL_SECOND_ANY (3u * 16) /* there is none, or something else stands between */
#define VL_THIRD_ANY  256u

/** Row of 16 lengths for the kind behind the first run, or VL_SECOND_ANY. */
static inline unsigned vl_second_of(unsigned behind)
{
    bool joins = behind == VL_BEHIND_SPACE_DIGIT || behind == VL_BEHIND_DASH_DIGIT || behind == VL_BEHIND_DOT_DIGIT;
    return joins ? (behind / 2 - 1) * 16 : VL_SECOND_ANY;
}

/* Rows of vl_format_view.sets. */
enum {
    VL_AROUND_BEFORE = 0,
    VL_AROUND_RUN = VL_AROUND_BEFORE + 16, /* run and behind */
    VL_AROUND_WORD = VL_AROUND_RUN + 256,
    VL_AROUND_DIGIT = VL_AROUND_WORD + 64,
    VL_AROUND_SECOND = VL_AROUND_DIGIT + 10,
    VL_AROUND_PREVIOUS = VL_AROUND_SECOND + 64,
    VL_AROUND_NEXT = VL_AROUND_PREVIOUS + 256,
    VL_AROUND_NEXT_BUT_ONE = VL_AROUND_NEXT + 256,
    VL_AROUND_THIRD = VL_AROUND_NEXT_BUT_ONE + 256,
    VL_AROUND_ROWS = VL_AROUND_THIRD + 257
};

/* Rows of vl_format_view.numbers. */
enum {
    VL_NUMBER_BEGIN = 0, /* what stands before, and digits: VL_BEFORE_* << 4 | digits - 1 */
    VL_NUMBER_WORD = VL_NUMBER_BEGIN + 256,
    VL_NUMBER_SECOND = VL_NUMBER_WORD + 256,
    VL_NUMBER_NEXT = VL_NUMBER_SECOND + 64,
    VL_NUMBER_NEXT_BUT_ONE = VL_NUMBER_NEXT + 256,
    VL_NUMBER_THIRD = VL_NUMBER_NEXT_BUT_ONE + 256,
    VL_NUMBER_ROWS = VL_NUMBER_THIRD + 256
};

/** What can stand around the first run of digits of a pattern's matches. */
typedef struct vl_outline {
    uint64_t keys[VL_KEY_COUNT / 64];
    uint64_t word_lengths; /* bit n: n bytes */
    uint16_t digits;       /* that may be the first one */
    uint16_t seconds[4];   /* lengths of the second run, by joint; [3]: any */
    vl_byte_bits previous;
    vl_byte_bits next[2];
    vl_byte_bits third;
} vl_outline;

static inline bool vl_outline_has(const vl_outline *outline, unsigned key)
{
    return (outline->keys[key / 64] >> (key % 64) & 1) != 0;
}

/** The outline of an automaton for rows with these flags, and format->starts. NULL, or why there is none: a match may hold no
 *  digit. */
const char *vl_outline_find(const vl_automaton *automaton, uint32_t flags, vl_format *format, vl_outline *outline);

#endif

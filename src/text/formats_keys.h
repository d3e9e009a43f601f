/* Keys: what stands around a run of digits, in twelve bits, and which keys a pattern can have. */
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

#define VL_KEY_BEFORE_SHIFT 8u
#define VL_RUN_MAX          16u /* digits, or more */

#define VL_SECOND_MAX 15u /* digits of the second run, or more */
#define VL_SECOND_ANY 3u

/** Index into vl_format.seconds. */
static inline unsigned vl_second_of(unsigned behind)
{
    bool joins = behind == VL_BEHIND_SPACE_DIGIT || behind == VL_BEHIND_DASH_DIGIT || behind == VL_BEHIND_DOT_DIGIT;
    return joins ? behind / 2 - 1 : VL_SECOND_ANY;
}

extern const uint8_t vl_kinds_before[256]; /* letters are none: they are counted */
extern const uint8_t vl_kinds_behind[256];

static inline unsigned vl_key_of(unsigned before, unsigned length, unsigned behind)
{
    return before << VL_KEY_BEFORE_SHIFT | (length < VL_RUN_MAX ? length - 1 : VL_RUN_MAX - 1) << 4 | behind;
}

/** A set of keys. */
typedef struct vl_key_set {
    uint64_t words[VL_FORMAT_KEYS / 64];
} vl_key_set;

/** The keys that a match of the automaton can have, for rows with these flags, and format->starts and ->digits. NULL, or why there
 *  is a match without a key: it holds no digit. */
const char *vl_keys_find(const vl_automaton *automaton, uint32_t flags, vl_format *format, vl_key_set *keys);

#endif

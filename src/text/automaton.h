/*
 * Patterns of bounded length as position automata (Glushkov's construction): one bit for each byte that the pattern can ask for,
 * at most 64. There are no loops, for repeats are bounded and written out, so every edge leads to a higher bit.
 *
 * The subset: literals, \t, \xHH, escaped punctuation, \d, classes without ^ and without names, (?:|), ? {n} {n,m}, and \b as the
 * first and the last thing of the pattern, required where the match begins or ends with a word character. No backslash is ever
 * matched, so a match holds no JSON escape.
 */
#ifndef VL_TEXT_AUTOMATON_H
#define VL_TEXT_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VL_POSITIONS       64u
#define VL_AUTOMATON_WIDTH 48u /* bytes of the longest match: its ends fit in one word with room to spare */

/** A set of byte values. */
typedef struct vl_byte_bits {
    uint64_t words[4];
} vl_byte_bits;

static inline bool vl_byte_bits_has(const vl_byte_bits *set, uint8_t byte)
{
    return (set->words[byte / 64] >> (byte % 64) & 1) != 0;
}

typedef struct vl_automaton {
    uint64_t first;                /* positions of a match's first byte */
    uint64_t accept;               /* of its last byte */
    uint64_t follow[VL_POSITIONS]; /* positions of the byte behind */
    vl_byte_bits sets[VL_POSITIONS];
    unsigned count;
    unsigned width;   /* bytes of the longest match */
    bool starts_word; /* \b at the beginning: matches begin with a word character that none precedes */
    bool ends_word;
} vl_automaton;

/** NULL, or why the pattern is outside the subset (a constant text). */
const char *vl_automaton_compile(const char *pattern, bool is_caseless, vl_automaton *out);

/** Positions whose set meets `bytes`. */
uint64_t vl_automaton_meets(const vl_automaton *automaton, const vl_byte_bits *bytes);

/** Union of the follow sets of `positions`. */
uint64_t vl_automaton_follow(const vl_automaton *automaton, uint64_t positions);

#endif

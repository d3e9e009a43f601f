/*
 * The keys of a pattern: its automaton is run on kinds of bytes instead of bytes, first over what stands before the first digit,
 * then over the run of digits, then one byte further. Sets of positions are united where that loses nothing but sharpness: a key
 * too many costs a useless try, and none is left out.
 */
#include "text/formats_keys.h"

#include <string.h>

const uint8_t vl_kinds_before[256] = {
    [' '] = VL_BEFORE_SPACE, ['-'] = VL_BEFORE_DASH,  ['.'] = VL_BEFORE_DOT,
    ['/'] = VL_BEFORE_SLASH, [':'] = VL_BEFORE_COLON, ['_'] = VL_BEFORE_UNDER,
};

#define L VL_BEHIND_LETTER
const uint8_t vl_kinds_behind[256] = {
    [' '] = VL_BEHIND_SPACE,
    ['-'] = VL_BEHIND_DASH,
    ['.'] = VL_BEHIND_DOT,
    ['/'] = VL_BEHIND_SLASH,
    [':'] = VL_BEHIND_COLON,
    ['_'] = VL_BEHIND_UNDER,
    ['A'] = L,
    ['B'] = L,
    ['C'] = L,
    ['D'] = L,
    ['E'] = L,
    ['F'] = L,
    ['G'] = L,
    ['H'] = L,
    ['I'] = L,
    ['J'] = L,
    ['K'] = L,
    ['L'] = L,
    ['M'] = L,
    ['N'] = L,
    ['O'] = L,
    ['P'] = L,
    ['Q'] = L,
    ['R'] = L,
    ['S'] = L,
    ['T'] = L,
    ['U'] = L,
    ['V'] = L,
    ['W'] = L,
    ['X'] = L,
    ['Y'] = L,
    ['Z'] = L,
    ['a'] = L,
    ['b'] = L,
    ['c'] = L,
    ['d'] = L,
    ['e'] = L,
    ['f'] = L,
    ['g'] = L,
    ['h'] = L,
    ['i'] = L,
    ['j'] = L,
    ['k'] = L,
    ['l'] = L,
    ['m'] = L,
    ['n'] = L,
    ['o'] = L,
    ['p'] = L,
    ['q'] = L,
    ['r'] = L,
    ['s'] = L,
    ['t'] = L,
    ['u'] = L,
    ['v'] = L,
    ['w'] = L,
    ['x'] = L,
    ['y'] = L,
    ['z'] = L,
};
#undef L

enum { KIND_OTHER, KIND_SPACE, KIND_DASH, KIND_DOT, KIND_SLASH, KIND_COLON, KIND_UNDER, KIND_LETTER, KIND_COUNT };

/* As a byte before, and as a byte behind. */
static const uint8_t kind_before[KIND_COUNT] = {
    VL_BEFORE_OTHER, VL_BEFORE_SPACE, VL_BEFORE_DASH,  VL_BEFORE_DOT,
    VL_BEFORE_SLASH, VL_BEFORE_COLON, VL_BEFORE_UNDER, VL_BEFORE_LETTERS,
};
static const uint8_t kind_behind[KIND_COUNT] = {
    VL_BEHIND_OTHER, VL_BEHIND_SPACE, VL_BEHIND_DASH,  VL_BEHIND_DOT,
    VL_BEHIND_SLASH, VL_BEHIND_COLON, VL_BEHIND_UNDER, VL_BEHIND_LETTER,
};

typedef struct work {
    const vl_automaton *automaton;
    uint64_t kinds[KIND_COUNT]; /* positions that take a byte of the kind */
    uint64_t digits;
    uint32_t flags;
    vl_format *format;
    vl_key_set *keys;
    uint64_t runs[VL_FORMAT_STARTS]; /* positions of the first digit, by what stands before it */
} work;

static unsigned kind_of(uint8_t byte)
{
    for (unsigned kind = KIND_SPACE; kind < KIND_COUNT; kind++)
        if (vl_kinds_behind[byte] == kind_behind[kind]) return kind;
    return KIND_OTHER;
}

static void sort_positions(work *w)
{
    vl_byte_bits sets[KIND_COUNT + 1];
    memset(sets, 0, sizeof sets);
    for (unsigned byte = 0; byte < 256; byte++) {
        unsigned kind = byte >= '0' && byte <= '9' ? KIND_COUNT : kind_of((uint8_t)byte);
        sets[kind].words[byte / 64] |= 1ull << (byte % 64);
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        w->kinds[kind] = vl_automaton_meets(w->automaton, &sets[kind]);
    w->digits = vl_automaton_meets(w->automaton, &sets[KIND_COUNT]);
}

static void add_start(work *w, unsigned before, unsigned distance, uint64_t digits)
{
    w->runs[before] |= digits;
    w->format->starts[before] |= 1ull << (63 - distance);
}

/* A digit may come behind `distance` other bytes, the last of them of this kind. */
static void add_digits(work *w, unsigned before, unsigned distance, uint64_t digits)
{
    if (digits == 0) return;
    if (distance == 0) {
        for (unsigned kind = VL_BEFORE_OTHER; kind <= VL_BEFORE_COLON; kind++)
            add_start(w, kind, 0, digits);
        if ((w->flags & VL_ROW_NUMBER_LEFT) == 0) add_start(w, VL_BEFORE_REST, 0, digits);
        return;
    }
    add_start(w, before, distance, digits);
    bool may_go_on = before == VL_BEFORE_DASH || before == VL_BEFORE_DOT || before == VL_BEFORE_COLON;
    if (may_go_on && distance == 1) add_start(w, VL_BEFORE_REST, distance, digits);
}

static unsigned next_before(unsigned before, unsigned kind)
{
    if (kind != KIND_LETTER || before < VL_BEFORE_LETTERS) return kind_before[kind];
    return before + 1 < VL_BEFORE_LETTERS + VL_LETTERS_MAX ? before + 1 : before;
}

/* One byte more of what stands before the first digit. next: positions behind it, by its kind. False when a match can be over. */
static bool step_prefix(const work *w, unsigned before, uint64_t positions, uint64_t *next)
{
    for (unsigned kind = 0; kind < KIND_COUNT && positions != 0; kind++) {
        uint64_t taken = positions & w->kinds[kind];
        if ((taken & w->automaton->accept) != 0) return false;
        next[next_before(before, kind)] |= vl_automaton_follow(w->automaton, taken);
    }
    return true;
}

static bool walk_prefix(work *w)
{
    uint64_t sets[VL_FORMAT_STARTS] = {w->automaton->first}; /* by kind of the last byte: positions of the next */
    for (unsigned distance = 0; distance < VL_AUTOMATON_WIDTH; distance++) {
        uint64_t next[VL_FORMAT_STARTS] = {0};
        for (unsigned before = 0; before < VL_FORMAT_STARTS; before++) {
            add_digits(w, before, distance, sets[before] & w->digits);
            if (!step_prefix(w, before, sets[before], next)) return false;
        }
        memcpy(sets, next, sizeof sets);
    }
    return true;
}

static void add_key(work *w, unsigned before, unsigned length, unsigned behind)
{
    unsigned key = vl_key_of(before, length, behind);
    w->keys->words[key / 64] |= 1ull << (key % 64);
}

/* The match ends with the run of digits. */
static void add_last(work *w, unsigned before, unsigned length)
{
    for (unsigned behind = 0; behind < VL_BEHIND_COUNT; behind++) {
        bool is_word = behind == VL_BEHIND_LETTER || behind == VL_BEHIND_UNDER;
        bool goes_on = behind == VL_BEHIND_DASH_DIGIT || behind == VL_BEHIND_DOT_DIGIT;
        if (is_word || (goes_on && (w->flags & VL_ROW_NUMBER_RIGHT) != 0)) continue;
        add_key(w, before, length, behind);
        w->format->seconds[vl_second_of(behind)] = UINT16_MAX;
    }
}

/* Lengths of the run of digits that begins at these positions, up to VL_SECOND_MAX or more. */
static uint16_t lengths_of(const work *w, uint64_t run)
{
    uint16_t lengths = 0;
    for (unsigned length = 1; run != 0; length++) {
        uint64_t next = vl_automaton_follow(w->automaton, run);
        uint64_t others = 0;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
            others |= next & w->kinds[kind];
        bool may_end = others != 0 || (run & w->automaton->accept) != 0;
        if (may_end) lengths |= (uint16_t)(1u << (length < VL_SECOND_MAX ? length : VL_SECOND_MAX));
        run = next & w->digits;
    }
    return lengths;
}

/* The match goes on behind the run with a byte of the kind, at one of these positions. */
static void add_inner(work *w, unsigned before, unsigned length, unsigned kind, uint64_t positions)
{
    if (positions == 0) return;
    unsigned behind = kind_behind[kind];
    uint64_t next = vl_automaton_follow(w->automaton, positions);
    bool may_end = (positions & w->automaton->accept) != 0;
    bool joins = kind == KIND_SPACE || kind == KIND_DASH || kind == KIND_DOT;
    uint64_t others = 0;
    for (unsigned k = 0; k < KIND_COUNT; k++)
        others |= next & w->kinds[k];
    if (!joins || may_end || others != 0) add_key(w, before, length, behind);
    if (!joins || (!may_end && (next & w->digits) == 0)) return;
    add_key(w, before, length, behind + 1);
    w->format->seconds[vl_second_of(behind + 1)] |= may_end ? UINT16_MAX : lengths_of(w, next & w->digits);
}

static void walk_digits(work *w, unsigned before)
{
    uint64_t run = w->runs[before];
    for (unsigned length = 1; run != 0; length++) {
        uint64_t next = vl_automaton_follow(w->automaton, run);
        if ((run & w->automaton->accept) != 0) add_last(w, before, length);
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
            add_inner(w, before, length, kind, next & w->kinds[kind]);
        run = next & w->digits;
    }
}

const char *vl_keys_find(const vl_automaton *automaton, uint32_t flags, vl_format *format, vl_key_set *keys)
{
    work w = {.automaton = automaton, .flags = flags, .format = format, .keys = keys};
    memset(keys, 0, sizeof *keys);
    memset(format->starts, 0, sizeof format->starts);
    memset(format->seconds, 0, sizeof format->seconds);
    format->seconds[VL_SECOND_ANY] = UINT16_MAX;
    format->digits = 0;
    sort_positions(&w);
    if (!walk_prefix(&w)) return "a match may hold no digit";
    uint64_t firsts = 0;
    for (unsigned before = 0; before < VL_FORMAT_STARTS; before++) {
        firsts |= w.runs[before];
        walk_digits(&w, before);
    }
    for (unsigned digit = 0; digit < 10; digit++) {
        vl_byte_bits one = {{1ull << ('0' + digit)}};
        if ((vl_automaton_meets(automaton, &one) & firsts) != 0) format->digits |= (uint16_t)(1u << digit);
    }
    return NULL;
}

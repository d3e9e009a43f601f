/*
 * The outline of a pattern: its automaton is run on kinds of bytes instead of bytes, first over what stands before the first
 * digit, then over the run of digits, then a few bytes further. Sets of positions are united where that loses nothing but
 * sharpness: an outline that is too wide costs a useless try, and nothing is left out.
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
    uint64_t kinds[KIND_COUNT];         /* positions that take a byte of the kind */
    uint64_t others;                    /* that take any byte but a digit */
    vl_byte_bits bytes[KIND_COUNT + 1]; /* of a kind; the last: digits */
    uint64_t digits;
    vl_byte_bits border; /* bytes that may stand behind a match */
    uint32_t flags;
    vl_format *format;
    vl_outline *out;
    uint64_t runs[VL_FORMAT_STARTS]; /* positions of the first digit, by what stands before it */
} work;

static const vl_byte_bits all_bytes = {{~0ull, ~0ull, ~0ull, ~0ull}};

static unsigned kind_of(uint8_t byte)
{
    for (unsigned kind = KIND_SPACE; kind < KIND_COUNT; kind++)
        if (vl_kinds_behind[byte] == kind_behind[kind]) return kind;
    return KIND_OTHER;
}

static void sort_positions(work *w)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        unsigned kind = byte >= '0' && byte <= '9' ? KIND_COUNT : kind_of((uint8_t)byte);
        bool is_word = kind >= KIND_UNDER;
        w->bytes[kind].words[byte / 64] |= 1ull << (byte % 64);
        if (!is_word || !w->automaton->ends_word) w->border.words[byte / 64] |= 1ull << (byte % 64);
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        w->kinds[kind] = vl_automaton_meets(w->automaton, &w->bytes[kind]);
        w->others |= w->kinds[kind];
    }
    w->digits = vl_automaton_meets(w->automaton, &w->bytes[KIND_COUNT]);
}

static uint64_t behind(const work *w, uint64_t positions)
{
    return vl_automaton_follow(w->automaton, positions);
}

static bool may_end(const work *w, uint64_t positions)
{
    return (positions & w->automaton->accept) != 0;
}

/* Bytes that the positions take. */
static void add_bytes(const work *w, uint64_t positions, vl_byte_bits *out)
{
    for (; positions != 0; positions &= positions - 1)
        for (unsigned i = 0; i < 4; i++)
            out->words[i] |= w->automaton->sets[__builtin_ctzll(positions)].words[i];
}

static void add_border(const work *w, vl_byte_bits *out)
{
    for (unsigned i = 0; i < 4; i++)
        out->words[i] |= w->border.words[i];
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
        w->out->previous = all_bytes;
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
static bool step_prefix(work *w, unsigned before, uint64_t positions, uint64_t *next)
{
    for (unsigned kind = 0; kind < KIND_COUNT && positions != 0; kind++) {
        uint64_t taken = positions & w->kinds[kind];
        if (may_end(w, taken)) return false;
        next[next_before(before, kind)] |= behind(w, taken);
        for (; taken != 0; taken &= taken - 1)
            if ((behind(w, taken & -taken) & w->digits) != 0) add_bytes(w, taken & -taken, &w->out->previous);
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

static void add_key(work *w, unsigned before, unsigned length, unsigned kind)
{
    unsigned key = vl_key_of(before, length, kind);
    w->out->keys[key / 64] |= 1ull << (key % 64);
}

/* The match ends with the run of digits. */
static void add_last(work *w, unsigned before, unsigned length)
{
    for (unsigned kind = 0; kind < VL_BEHIND_COUNT; kind++) {
        bool is_word = kind == VL_BEHIND_LETTER || kind == VL_BEHIND_UNDER;
        bool goes_on = kind == VL_BEHIND_DASH_DIGIT || kind == VL_BEHIND_DOT_DIGIT;
        if (is_word || (goes_on && (w->flags & VL_ROW_NUMBER_RIGHT) != 0)) continue;
        add_key(w, before, length, kind);
        w->out->seconds[vl_second_of(kind) / 16] = UINT16_MAX;
    }
    add_border(w, &w->out->next[0]);
    w->out->next[1] = all_bytes;
    w->out->third = all_bytes;
}

/* Lengths of the run of digits that begins at these positions, and the bytes behind it. */
static uint16_t lengths_of(work *w, uint64_t run)
{
    uint16_t lengths = 0;
    for (unsigned length = 1; run != 0; length++) {
        uint64_t next = behind(w, run);
        if (may_end(w, run)) add_border(w, &w->out->third);
        add_bytes(w, next & w->others, &w->out->third);
        if (may_end(w, run) || (next & w->others) != 0)
            lengths |= (uint16_t)(1u << (length < VL_SECOND_MAX ? length : VL_SECOND_MAX));
        run = next & w->digits;
    }
    return lengths;
}

/* The match goes on behind the run with a byte of the kind, at one of these positions. */
static void add_inner(work *w, unsigned before, unsigned length, unsigned kind, uint64_t positions)
{
    if (positions == 0) return;
    unsigned as_behind = kind_behind[kind];
    uint64_t next = behind(w, positions);
    bool is_last = may_end(w, positions);
    bool joins = kind == KIND_SPACE || kind == KIND_DASH || kind == KIND_DOT;
    add_bytes(w, positions, &w->out->next[0]);
    add_bytes(w, next, &w->out->next[1]);
    if (is_last) add_border(w, &w->out->next[1]);
    if (!joins || is_last || (next & w->others) != 0) add_key(w, before, length, as_behind);
    if (!joins || (!is_last && (next & w->digits) == 0)) return;
    add_key(w, before, length, as_behind + 1);
    if (is_last) w->out->third = all_bytes;
    w->out->seconds[vl_second_of(as_behind + 1) / 16] |= is_last ? UINT16_MAX : lengths_of(w, next & w->digits);
}

static void walk_digits(work *w, unsigned before)
{
    uint64_t run = w->runs[before];
    for (unsigned length = 1; run != 0; length++) {
        uint64_t next = behind(w, run);
        if (may_end(w, run)) add_last(w, before, length);
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
            add_inner(w, before, length, kind, next & w->kinds[kind]);
        run = next & w->digits;
    }
}

/* Positions of the next byte, by the bytes of its word before it. */
typedef struct word_sets {
    uint64_t before[VL_AUTOMATON_WIDTH + 1]; /* no digit was seen */
    uint64_t behind[VL_AUTOMATON_WIDTH + 1]; /* the first digit stands in this word */
} word_sets;

static void step_word(work *w, const word_sets *now, unsigned count, word_sets *next)
{
    uint64_t letters = w->kinds[KIND_LETTER] | w->kinds[KIND_UNDER];
    uint64_t breaks = 0;
    for (unsigned kind = 0; kind < KIND_UNDER; kind++)
        breaks |= w->kinds[kind];
    uint64_t digits = (now->before[count] & w->digits) | (now->behind[count] & (w->digits | letters));
    next->before[count + 1] |= behind(w, now->before[count] & letters);
    next->behind[count + 1] |= behind(w, digits);
    next->before[0] |= behind(w, now->before[count] & breaks);
    if (may_end(w, digits)) w->out->word_lengths |= 1ull << (count + 1);
    if ((now->behind[count] & breaks) != 0) w->out->word_lengths |= 1ull << count;
}

static void walk_words(work *w)
{
    word_sets now = {.before = {w->automaton->first}};
    for (unsigned distance = 0; distance < VL_AUTOMATON_WIDTH; distance++) {
        word_sets next = {.before = {0}};
        for (unsigned count = 0; count < VL_AUTOMATON_WIDTH; count++)
            if ((now.before[count] | now.behind[count]) != 0) step_word(w, &now, count, &next);
        now = next;
    }
}

const char *vl_outline_find(const vl_automaton *automaton, uint32_t flags, vl_format *format, vl_outline *outline)
{
    work w = {.automaton = automaton, .flags = flags, .format = format, .out = outline};
    memset(outline, 0, sizeof *outline);
    memset(format->starts, 0, sizeof format->starts);
    outline->seconds[VL_SECOND_ANY / 16] = UINT16_MAX;
    sort_positions(&w);
    if (!walk_prefix(&w)) return "a match may hold no digit";
    uint64_t firsts = 0;
    for (unsigned before = 0; before < VL_FORMAT_STARTS; before++) {
        firsts |= w.runs[before];
        walk_digits(&w, before);
    }
    walk_words(&w);
    for (unsigned digit = 0; digit < 10; digit++) {
        vl_byte_bits one = {{1ull << ('0' + digit)}};
        if ((vl_automaton_meets(automaton, &one) & firsts) != 0) outline->digits |= (uint16_t)(1u << digit);
    }
    return NULL;
}

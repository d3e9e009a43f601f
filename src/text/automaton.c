/*
 * A recursive descent over the pattern that makes positions as it reads. A repeat reads its atom again for every copy, so that
 * no tree is kept; the number of positions bounds both time and depth.
 */
#include "text/automaton.h"

#include <string.h>

#include "text/chars.h"

#define DEPTH_MAX 16u

typedef struct reader {
    const char *at;
    const char *end;
    vl_automaton *out;
    bool is_caseless;
    unsigned depth;
    const char *reason; /* NULL while all is well */
} reader;

/* What a piece of the pattern matches: positions of its first and last bytes, and whether it may be empty. */
typedef struct part {
    uint64_t first;
    uint64_t last;
    bool may_be_empty;
} part;

static part parse_choice(reader *in);

static part refuse(reader *in, const char *reason)
{
    if (in->reason == NULL) in->reason = reason;
    return (part){0, 0, false};
}

static void add_byte(vl_byte_bits *set, uint8_t byte)
{
    set->words[byte / 64] |= 1ull << (byte % 64);
}

static void add_range(vl_byte_bits *set, uint8_t low, uint8_t high)
{
    for (unsigned byte = low; byte <= high; byte++)
        add_byte(set, (uint8_t)byte);
}

static part make_position(reader *in, const vl_byte_bits *set)
{
    vl_automaton *out = in->out;
    if (out->count == VL_POSITIONS) return refuse(in, "it has more than 64 positions");
    unsigned position = out->count++;
    vl_byte_bits *own = &out->sets[position];
    *own = *set;
    for (char c = 'a'; c <= 'z' && in->is_caseless; c++) {
        uint8_t other = (uint8_t)(c - 'a' + 'A');
        bool has_either = vl_byte_bits_has(set, (uint8_t)c) || vl_byte_bits_has(set, other);
        if (!has_either) continue;
        add_byte(own, (uint8_t)c);
        add_byte(own, other);
    }
    if (vl_byte_bits_has(own, '\\')) return refuse(in, "it matches a backslash");
    out->follow[position] = 0;
    return (part){1ull << position, 1ull << position, false};
}

/* The byte behind a backslash; is_digits: it was \d. */
static uint8_t read_escape(reader *in, bool *is_digits)
{
    *is_digits = false;
    if (in->at == in->end) {
        (void)refuse(in, "it ends in a backslash");
        return 0;
    }
    char c = *in->at++;
    if (c == 'd') {
        *is_digits = true;
        return 0;
    }
    if (c == 't') return '\t';
    if (c == 'x' && in->end - in->at >= 2) {
        int high = vl_hex_value(in->at[0]);
        int low = vl_hex_value(in->at[1]);
        in->at += 2;
        if (high >= 0 && low >= 0) return (uint8_t)(high << 4 | low);
    }
    if (vl_is_alnum(c) || (uint8_t)c >= 0x80) (void)refuse(in, "it has an escape that is not known");
    return (uint8_t)c;
}

/* One byte of a class, or \d, which is then in the set already. */
static uint8_t read_member(reader *in, vl_byte_bits *set, bool *is_digits)
{
    *is_digits = false;
    char c = *in->at++;
    if (c == '[') (void)refuse(in, "it has a bracket in a class");
    if (c != '\\') return (uint8_t)c;
    uint8_t byte = read_escape(in, is_digits);
    if (*is_digits) add_range(set, '0', '9');
    return byte;
}

static part parse_class(reader *in)
{
    vl_byte_bits set = {{0}};
    if (in->at < in->end && *in->at == '^') return refuse(in, "it has a negated class");
    bool has_any = false;
    while (in->at < in->end && *in->at != ']' && in->reason == NULL) {
        bool is_digits;
        uint8_t low = read_member(in, &set, &is_digits);
        has_any = true;
        bool is_range = in->end - in->at >= 2 && in->at[0] == '-' && in->at[1] != ']';
        if (is_digits) continue;
        if (!is_range) {
            add_byte(&set, low);
            continue;
        }
        in->at++;
        uint8_t high = read_member(in, &set, &is_digits);
        if (is_digits || high < low) return refuse(in, "it has a range of a class in wrong order");
        add_range(&set, low, high);
    }
    if (in->at == in->end || !has_any) return refuse(in, "it has an empty or open class");
    in->at++;
    return make_position(in, &set);
}

static part parse_group(reader *in)
{
    if (in->end - in->at < 2 || in->at[0] != '?' || in->at[1] != ':') return refuse(in, "its groups are not all (?:");
    in->at += 2;
    part whole = parse_choice(in);
    if (in->at == in->end || *in->at != ')') return refuse(in, "it has an open group");
    in->at++;
    return whole;
}

static part parse_atom(reader *in)
{
    char c = *in->at++;
    vl_byte_bits set = {{0}};
    switch (c) {
    case '(':
        return parse_group(in);
    case '[':
        return parse_class(in);
    case '\\': {
        bool is_digits;
        uint8_t byte = read_escape(in, &is_digits);
        if (is_digits)
            add_range(&set, '0', '9');
        else
            add_byte(&set, byte);
        return make_position(in, &set);
    }
    case '.':
    case '*':
    case '+':
    case '?':
    case '{':
    case '^':
    case '$':
        return refuse(in, "it has one of . * + ^ $, or a repeat of nothing");
    default:
        add_byte(&set, (uint8_t)c);
        return make_position(in, &set);
    }
}

static unsigned read_number(reader *in)
{
    unsigned value = 0;
    if (in->at == in->end || !vl_is_digit(*in->at)) (void)refuse(in, "it has a repeat without a number");
    for (; in->at < in->end && vl_is_digit(*in->at) && value <= VL_POSITIONS; in->at++)
        value = value * 10 + (unsigned)(*in->at - '0');
    return value;
}

/* ? {n} {n,m}, or nothing: once */
static void read_repeat(reader *in, unsigned *least, unsigned *most)
{
    *least = 1;
    *most = 1;
    if (in->at == in->end) return;
    if (*in->at == '?') {
        *least = 0;
        in->at++;
    } else if (*in->at == '{') {
        in->at++;
        *least = read_number(in);
        *most = *least;
        if (in->at < in->end && *in->at == ',') {
            in->at++;
            *most = read_number(in);
        }
        if (in->at == in->end || *in->at++ != '}') (void)refuse(in, "it has an open repeat");
    } else {
        return;
    }
    bool repeats_more = in->at < in->end && (*in->at == '?' || *in->at == '+' || *in->at == '*' || *in->at == '{');
    if (repeats_more || *most == 0 || *most < *least || *most > VL_POSITIONS)
        (void)refuse(in, "it has a repeat that is empty, too long, lazy or doubled");
}

static void connect(vl_automaton *out, uint64_t from, uint64_t to)
{
    for (; from != 0; from &= from - 1)
        out->follow[__builtin_ctzll(from)] |= to;
}

/* `b` behind `a` */
static part join(reader *in, part a, part b)
{
    connect(in->out, a.last, b.first);
    part both = {a.first, b.last, a.may_be_empty && b.may_be_empty};
    if (a.may_be_empty) both.first |= b.first;
    if (b.may_be_empty) both.last |= a.last;
    return both;
}

/* An atom with its repeat. Optional copies hang on the copy before, which keeps the follow sets small. */
static part parse_repeat(reader *in)
{
    const char *atom = in->at;
    unsigned least;
    unsigned most;
    part chain = parse_atom(in);
    if (in->reason != NULL) return chain;
    read_repeat(in, &least, &most);
    const char *behind = in->at;
    uint64_t lasts = least <= 1 ? chain.last : 0;
    for (unsigned copy = 2; copy <= most && in->reason == NULL; copy++) {
        in->at = atom;
        part next = parse_atom(in);
        chain = join(in, chain, next);
        if (copy >= least) lasts |= chain.last;
    }
    in->at = behind;
    chain.last = lasts;
    if (least == 0) chain.may_be_empty = true;
    return chain;
}

static part parse_sequence(reader *in)
{
    part whole = {0, 0, true};
    while (in->at < in->end && *in->at != '|' && *in->at != ')' && in->reason == NULL)
        whole = join(in, whole, parse_repeat(in));
    return whole;
}

static part parse_choice(reader *in)
{
    if (++in->depth > DEPTH_MAX) return refuse(in, "its groups are too deep");
    part whole = parse_sequence(in);
    while (in->at < in->end && *in->at == '|' && in->reason == NULL) {
        in->at++;
        part other = parse_sequence(in);
        whole.first |= other.first;
        whole.last |= other.last;
        whole.may_be_empty = whole.may_be_empty || other.may_be_empty;
    }
    in->depth--;
    return whole;
}

uint64_t vl_automaton_meets(const vl_automaton *automaton, const vl_byte_bits *bytes)
{
    uint64_t positions = 0;
    for (unsigned i = 0; i < automaton->count; i++) {
        uint64_t both = 0;
        for (unsigned w = 0; w < 4; w++)
            both |= automaton->sets[i].words[w] & bytes->words[w];
        positions |= (uint64_t)(both != 0) << i;
    }
    return positions;
}

uint64_t vl_automaton_follow(const vl_automaton *automaton, uint64_t positions)
{
    uint64_t all = 0;
    for (; positions != 0; positions &= positions - 1)
        all |= automaton->follow[__builtin_ctzll(positions)];
    return all;
}

static void measure_width(vl_automaton *out)
{
    unsigned widths[VL_POSITIONS] = {0};
    for (unsigned i = 0; i < out->count; i++) {
        if ((out->first >> i & 1) != 0 && widths[i] == 0) widths[i] = 1;
        if ((out->accept >> i & 1) != 0 && widths[i] > out->width) out->width = widths[i];
        for (uint64_t next = out->follow[i]; next != 0; next &= next - 1) {
            unsigned *width = &widths[__builtin_ctzll(next)];
            if (*width < widths[i] + 1) *width = widths[i] + 1;
        }
    }
}

/* \b must stand exactly where the match begins or ends with word characters. */
static const char *check_borders(const vl_automaton *out)
{
    vl_byte_bits word = {{0}};
    vl_byte_bits other = {{0}};
    add_range(&word, '0', '9');
    add_range(&word, 'A', 'Z');
    add_range(&word, 'a', 'z');
    add_byte(&word, '_');
    for (unsigned w = 0; w < 4; w++)
        other.words[w] = ~word.words[w];
    uint64_t words = vl_automaton_meets(out, &word);
    uint64_t others = vl_automaton_meets(out, &other);
    if ((out->first & (out->starts_word ? others : words)) != 0)
        return "it needs \\b before a word character that begins it, and nowhere else";
    if ((out->accept & (out->ends_word ? others : words)) != 0)
        return "it needs \\b behind a word character that ends it, and nowhere else";
    return NULL;
}

const char *vl_automaton_compile(const char *pattern, bool is_caseless, vl_automaton *out)
{
    size_t length = strlen(pattern);
    memset(out, 0, sizeof *out);
    reader in = {.at = pattern, .end = pattern + length, .out = out, .is_caseless = is_caseless};
    out->starts_word = length >= 2 && memcmp(pattern, "\\b", 2) == 0;
    if (out->starts_word) in.at += 2;
    out->ends_word = in.end - in.at >= 2 && memcmp(in.end - 2, "\\b", 2) == 0;
    if (out->ends_word) in.end -= 2;
    part whole = parse_sequence(&in);
    if (in.reason == NULL && in.at != in.end) (void)refuse(&in, "it has alternatives or a bracket outside of groups");
    if (in.reason == NULL && whole.may_be_empty) (void)refuse(&in, "it matches nothing at all");
    if (in.reason != NULL) return in.reason;
    out->first = whole.first;
    out->accept = whole.last;
    measure_width(out);
    if (out->width > VL_AUTOMATON_WIDTH) return "it matches more than 48 bytes";
    return check_borders(out);
}

/*
 * Where matchers are called: the class bitmaps of eight blocks give the anchors of each matcher by bit operations alone. Each
 * class is a vector of eight words, a block a lane; the compiler makes of it what the CPU has (the function is compiled for each
 * level from the same C).
 *
 * Anchors are left out where no matcher can do anything, for each one costs a call and a branch that no one can foresee: most
 * digits of a log belong to ports, durations and parts of timestamps. What is left out here must be what the matchers refuse.
 */
#include "text/anchors.h"

#include <stddef.h>
#include <string.h>

#include "text/formats.h"
#include "veil.h"

#define INLINE static inline __attribute__((always_inline))

/* A word of each of the group's blocks. */
typedef uint64_t lanes __attribute__((vector_size(8 * VL_ANCHOR_BLOCKS)));
_Static_assert(VL_ANCHOR_BLOCKS == 8, "shuffles count so far");

/* A class's bits in the group's blocks, and in the blocks one before and one behind each of them. */
typedef struct plane {
    lanes now;
    lanes previous;
    lanes next;
} plane;

typedef struct planes {
    plane digit;
    plane alpha;
    plane under;
    plane dot;
    plane colon;
    plane dash;
    plane slash;
} planes;

INLINE lanes all(uint64_t word)
{
    return (lanes){word, word, word, word, word, word, word, word};
}

INLINE void store(uint64_t *out, lanes v)
{
    memcpy(out, &v, sizeof v);
}

/* A class's bits moved so that those n bytes before (ahead) a position stand at it. */
INLINE lanes before(const plane *p, unsigned n)
{
    return p->now << n | p->previous >> (64 - n);
}

/* For bits that were computed for the blocks and the next ones. */
INLINE lanes pull(lanes now, lanes next, unsigned n)
{
    return now >> n | next << (64 - n);
}

INLINE lanes ahead(const plane *p, unsigned n)
{
    return pull(p->now, p->next, n);
}

/* Bits of bytes that end a group of digits with more to come: the next digit is one to three bytes away, with no colon between
 * (telephone numbers have up to three bytes between groups, dates two, and all others one). */
INLINE lanes joints(lanes digit1, lanes digit2, lanes digit3, lanes colon, lanes colon1)
{
    return digit1 | ((digit2 | digit3) & ~(colon | colon1));
}

/* Groups of up to five digits that have a joint behind them; the other results serve later steps. */
typedef struct runs {
    lanes two; /* this digit and the next */
    lanes four;
    lanes five;
} runs;

INLINE lanes joined_numbers(const planes *p, runs *out)
{
    const plane *digit = &p->digit;
    lanes digit1 = ahead(digit, 1);
    lanes digit2 = ahead(digit, 2);
    lanes digit3 = ahead(digit, 3);
    lanes two = digit->now & digit1;
    lanes three = two & digit2;
    lanes four = three & digit3;
    lanes five = four & ahead(digit, 4);
    lanes next = digit->next;
    lanes ends = joints(digit1, digit2, digit3, p->colon.now, ahead(&p->colon, 1));
    lanes ends_next = joints(next >> 1, next >> 2, next >> 3, p->colon.next, p->colon.next >> 1);
    ends &= ~(digit->now | p->alpha.now | p->under.now);
    ends_next &= ~(next | p->alpha.next | p->under.next);
    *out = (runs){two, four, five};
    return pull(ends, ends_next, 1) | (pull(ends, ends_next, 2) & two) | (pull(ends, ends_next, 3) & three) |
           (pull(ends, ends_next, 4) & four) | (pull(ends, ends_next, 5) & five);
}

/* For the formats, by block; the last is 0. */
typedef struct found_words {
    uint64_t
        firsts[VL_ANCHOR_BLOCKS +
               1]; /* the first digits of words, one a word (of words up to 64 bytes), but of those that are free */
    uint64_t rests[VL_ANCHOR_BLOCKS + 1];
    const uint64_t *rules; /* vl_format_view.free */
} found_words;

/* Words of VL_LEAST_DIGIT_WORD bytes or more begin here, or go on. */
INLINE lanes long_words(const planes *p)
{
    lanes word = p->digit.now | p->alpha.now | p->under.now;
    lanes next = p->digit.next | p->alpha.next | p->under.next;
    lanes two = word & pull(word, next, 1);
    lanes two_next = next & next >> 1;
    lanes four = two & pull(two, two_next, 2);
    lanes four_next = two_next & two_next >> 2;
    return four & pull(four, four_next, 4);
}
_Static_assert(VL_LEAST_DIGIT_WORD == 8 && VL_LEAST_WORD == 4, "long_words and first_digits count so far");

/* First digits of groups with which some matcher may do something (see vl_match_number). The others have five digits or fewer
 * and
 * - a letter behind them, and their word is shorter than any that begins with a digit;
 * - or something else, and no digit soon behind that, so that they are neither a group of a number nor of a telephone number, a
 *   date or an address; and no month's name can stand beside them. */
INLINE lanes busy_numbers(const planes *p)
{
    runs digits;
    const plane *alpha = &p->alpha;
    lanes busy = joined_numbers(p, &digits);
    lanes letters = ahead(alpha, 3) & ahead(alpha, 4);
    busy |= letters & ahead(alpha, 2) & ~ahead(&p->digit, 1);              /* "5 May" */
    busy |= letters & ahead(alpha, 5) & digits.two & ~ahead(&p->digit, 2); /* "15 May" */
    busy |= digits.four & before(alpha, 2);                                /* "May 2021" */
    busy |= digits.four & before(alpha, 3) & ~digits.five;                 /* "May, 2021" */
    return busy | (digits.five & ahead(&p->digit, 5));
}

/* All ones where the word that the block before ends with has a digit in it. */
INLINE lanes ends_with_digit(const planes *p)
{
    lanes gaps = ~(p->digit.previous | p->alpha.previous | p->under.previous);
    for (unsigned step = 1; step < 64; step *= 2)
        gaps |= gaps >> step;
    return (lanes)((p->digit.previous & ~gaps) != 0);
}

/* The first digit of each word that begins with letters; where these come from the block before it may be a later digit, which
 * costs a look. In `words` those shorter than VL_LEAST_WORD are left out. */
INLINE void first_digits(const planes *p, uint64_t all_words, lanes starts_of_numbers, vl_anchors *out,
                         found_words *found)
{
    lanes letters = p->alpha.now | p->under.now;
    lanes word = p->digit.now | letters;
    lanes next = p->digit.next | p->alpha.next | p->under.next;
    lanes starts = letters & ~(word << 1);
    lanes first = (letters + starts) & ~letters & p->digit.now;
    lanes entering = p->digit.now & (p->alpha.previous | p->under.previous) >> 63;
    lanes longer = pull(word, next, 1) & pull(word, next, 2) & pull(word, next, 3);
    lanes brief = starts & ~longer & ~all(1 | all_words);     /* the block's first byte may be the middle of a word */
    lanes going_on = word & ~(word + 1) & ends_with_digit(p); /* no first digit is there */
    store(found->firsts, ((first | entering) & ~going_on) | starts_of_numbers);
    store(out->words, (first | entering) & ~(brief << 1 | brief << 2));
}

/* A dot one to three bytes behind, and two more that far apart: an address may begin here. */
INLINE lanes three_dots(const plane *dot)
{
    lanes next = dot->next;
    lanes second = dot->now & (ahead(dot, 2) | ahead(dot, 3) | ahead(dot, 4));
    lanes second_next = next & (next >> 2 | next >> 3 | next >> 4);
    lanes first =
        dot->now & (pull(second, second_next, 2) | pull(second, second_next, 3) | pull(second, second_next, 4));
    lanes first_next = next & (second_next >> 2 | second_next >> 3 | second_next >> 4);
    return pull(first, first_next, 1) | pull(first, first_next, 2) | pull(first, first_next, 3);
}

/* Separators of a hardware address: the first of five that stand three bytes apart. */
INLINE lanes five_apart(const plane *p)
{
    lanes pairs = p->now & ahead(p, 3);
    lanes pairs_next = p->next & p->next >> 3;
    return pairs & pull(pairs, pairs_next, 6) & ahead(p, 12);
}

INLINE lanes host_dots(const planes *p)
{
    return p->dot.now & ahead(&p->alpha, 1) & (before(&p->alpha, 1) | before(&p->digit, 1));
}

/* What stands n bytes ahead: a letter, a letter or underscore, any byte of a word. */
INLINE lanes letter_ahead(const planes *p, unsigned n)
{
    return ahead(&p->alpha, n);
}

INLINE lanes name_ahead(const planes *p, unsigned n)
{
    return ahead(&p->alpha, n) | ahead(&p->under, n);
}

/* A dot with one to three digits behind it and a dot behind these. */
INLINE lanes joined_dots(const planes *p, bool is_next)
{
    lanes none = all(0);
    lanes dot = is_next ? p->dot.next : p->dot.now;
    lanes dot_next = is_next ? none : p->dot.next; /* few bits of the next block are asked */
    lanes digit = is_next ? p->digit.next : p->digit.now;
    lanes digit_next = is_next ? none : p->digit.next;
    lanes two =
        pull(digit, digit_next, 2) & (pull(dot, dot_next, 3) | (pull(digit, digit_next, 3) & pull(dot, dot_next, 4)));
    return dot & pull(digit, digit_next, 1) & (pull(dot, dot_next, 2) | two);
}

/* Numbers of the shapes that `rules` allows to be left out: see VL_FREE_*. */
INLINE lanes free_words(const planes *p, lanes starts, lanes rests, const uint64_t *rules)
{
    lanes d1 = ahead(&p->digit, 1), d2 = ahead(&p->digit, 2), d3 = ahead(&p->digit, 3), d4 = ahead(&p->digit, 4);
    lanes d5 = ahead(&p->digit, 5), d6 = ahead(&p->digit, 6);
    lanes one = starts & ~d1, two = starts & d1 & ~d2, three = starts & d1 & d2 & ~d3;
    lanes four = starts & d1 & d2 & d3 & ~d4;
    lanes more = starts & d1 & d2 & d3 & d4;
    lanes dot1 = ahead(&p->dot, 1), dot2 = ahead(&p->dot, 2), dot3 = ahead(&p->dot, 3);
    lanes a1 = letter_ahead(p, 1), a2 = letter_ahead(p, 2), a3 = letter_ahead(p, 3), a4 = letter_ahead(p, 4);
    lanes n1 = name_ahead(p, 1), n2 = name_ahead(p, 2), n3 = name_ahead(p, 3), n4 = name_ahead(p, 4);
    lanes dotted = (one & dot1) | (two & dot2) | (three & dot3);
    lanes ended = (one & ~(n1 | dot1 | a2)) | (two & ~(n2 | dot2 | a3)) | (three & ~(n3 | dot3 | a4));
    lanes unit = (one & a1 & ~(n2 | d2)) | (two & a2 & ~(n3 | d3)) | (three & a3 & ~(n4 | d4));
    lanes hour = two & a2 & d3 & d4 & ~(name_ahead(p, 5) | d5);
    lanes year = four & ahead(&p->dash, 4) & d5 & d6 & ~ahead(&p->digit, 7) & ahead(&p->dash, 7);
    lanes j = joined_dots(p, false), j_next = joined_dots(p, true);
    lanes dots = (one & pull(j, j_next, 1)) | (two & pull(j, j_next, 2)) | (three & pull(j, j_next, 3));
    lanes lettered = (four & a4) | (more & ~d5 & letter_ahead(p, 5)) | (more & d5 & ~d6 & letter_ahead(p, 6));
    lanes points = before(&p->dot, 1) | before(&p->colon, 1);
    lanes found = rests & ((dotted & points & all(rules[VL_FREE_POINT])) | (ended & all(rules[VL_FREE_END])) |
                           (unit & all(rules[VL_FREE_UNIT])) | (hour & all(rules[VL_FREE_HOUR])));
    found |= (year & all(rules[VL_FREE_YEAR])) | (dots & all(rules[VL_FREE_DOTS]));
    return found | (lettered & ~long_words(p) & all(rules[VL_FREE_LONG]));
}

/* Numbers: at the start of a word. A digit and a dot before it, or two digits and one of - and :, make this the rest of
 * another number (a version, a timestamp, a port). Four digits and a colon end a number of their own. */
INLINE void number_anchors(const planes *p, uint64_t all_words, vl_anchors *out, found_words *found)
{
    const plane *digit = &p->digit;
    lanes dot_before = before(&p->dot, 1);
    lanes two_before = before(digit, 2) & before(digit, 3);
    lanes four_before = before(digit, 4) & before(digit, 5);
    lanes rests =
        (dot_before & before(digit, 2)) | ((before(&p->dash, 1) | (before(&p->colon, 1) & ~four_before)) & two_before);
    lanes starts = digit->now & ~(before(digit, 1) | before(&p->alpha, 1) | before(&p->under, 1));
    /* An address may follow them all the same ("12:10.0.0.1"): its first group has at most three digits and a dot. */
    lanes dotted = three_dots(&p->dot) & ~dot_before;
    store(out->numbers, starts & ~(rests & ~dotted) & (busy_numbers(p) | long_words(p) | all(all_words)));
    store(out->rests, rests);
    store(found->rests, starts & rests);
    first_digits(p, all_words, starts & ~free_words(p, starts, rests, found->rules), out, found);
}

/* Those of the colons that have one of `others` (or of others_next, in the next blocks) two to five bytes behind. */
INLINE lanes near_others(lanes colons, lanes others, lanes others_next)
{
    return colons & (pull(others, others_next, 2) | pull(others, others_next, 3) | pull(others, others_next, 4) |
                     pull(others, others_next, 5));
}

/* The first of five colons or more that stand like those of an address. */
INLINE lanes five_colons(const plane *colon)
{
    lanes found = colon->now;
    lanes next = colon->next;
    for (unsigned i = 1; i < 5; i++) {
        found = near_others(colon->now, found, next);
        next = near_others(colon->next, next, all(0)); /* the few first bits of it matter */
    }
    return found;
}

INLINE void colon_anchors(const planes *p, vl_anchors *out)
{
    const plane *colon = &p->colon;
    lanes alone = colon->now & ~before(colon, 1);
    lanes behind = ahead(colon, 1);
    store(out->schemes, colon->now & ahead(&p->slash, 1) & ahead(&p->slash, 2));
    store(out->doubles, alone & behind & ~ahead(colon, 2));
    store(out->singles, alone & ~behind & five_colons(colon));
    store(out->macs, five_apart(colon) | five_apart(&p->dash));
}

/* The group's blocks, the one before them and the one behind, as the classifier made them. */
typedef struct group {
    const vl_class_block *first;
    const vl_class_block *previous;
    size_t count;
    vl_class_block nothing;
} group;

INLINE lanes block_lanes(const vl_class_block *block)
{
    lanes v;
    memcpy(&v, block, sizeof v);
    return v;
}

#define SHUFFLE(a, b, ...) __builtin_shufflevector((a), (b), __VA_ARGS__)

/* Eight blocks of eight classes become eight classes of eight blocks. */
INLINE void transpose(lanes rows[8])
{
    lanes pairs[8];
    lanes fours[8];
    for (unsigned i = 0; i < 8; i += 2) {
        pairs[i] = SHUFFLE(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        pairs[i + 1] = SHUFFLE(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (unsigned i = 0; i < 8; i += 4) {
        for (unsigned j = i; j < i + 2; j++) {
            fours[j] = SHUFFLE(pairs[j], pairs[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            fours[j + 2] = SHUFFLE(pairs[j], pairs[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        rows[i] = SHUFFLE(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = SHUFFLE(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* A class of the blocks, with that of the block before them and the block behind them (its own lane of each). */
#define MAKE_PLANE(rows, previous, next, lane)                                                                         \
    (plane)                                                                                                            \
    {                                                                                                                  \
        (rows)[lane], SHUFFLE((rows)[lane], (previous), 8 + (lane), 0, 1, 2, 3, 4, 5, 6),                              \
            SHUFFLE((rows)[lane], (next), 1, 2, 3, 4, 5, 6, 7, 8 + (lane))                                             \
    }
#define LANE(member) (offsetof(vl_class_block, member) / 8)

INLINE void lay_out(const group *g, planes *p)
{
    lanes rows[8];
    for (size_t i = 0; i < VL_ANCHOR_BLOCKS; i++)
        rows[i] = block_lanes(i < g->count ? &g->first[i] : &g->nothing);
    lanes previous = block_lanes(g->previous);
    lanes next = block_lanes(g->count == VL_ANCHOR_BLOCKS ? &g->first[g->count] : &g->nothing);
    transpose(rows);
    p->digit = MAKE_PLANE(rows, previous, next, LANE(digit));
    p->alpha = MAKE_PLANE(rows, previous, next, LANE(alpha));
    p->under = MAKE_PLANE(rows, previous, next, LANE(under));
    p->dot = MAKE_PLANE(rows, previous, next, LANE(dot));
    p->colon = MAKE_PLANE(rows, previous, next, LANE(colon));
    p->dash = MAKE_PLANE(rows, previous, next, LANE(dash));
    p->slash = MAKE_PLANE(rows, previous, next, LANE(slash));
}

INLINE void find_all(const planes *p, uint64_t all_words, vl_anchors *out, found_words *found)
{
    number_anchors(p, all_words, out, found);
    colon_anchors(p, out);
    store(out->hosts, host_dots(p));
}

/* One function a level. */
#define LEVEL(name, ...)                                                                                               \
    __VA_ARGS__ static void lay_##name(const group *g, planes *p)                                                      \
    {                                                                                                                  \
        lay_out(g, p);                                                                                                 \
    }                                                                                                                  \
    __VA_ARGS__ static void all_##name(const planes *p, uint64_t all_words, vl_anchors *out, found_words *found)       \
    {                                                                                                                  \
        find_all(p, all_words, out, found);                                                                            \
    }                                                                                                                  \
    static void find_##name(const group *g, uint64_t all_words, vl_anchors *out, found_words *found)                   \
    {                                                                                                                  \
        planes p;                                                                                                      \
        lay_##name(g, &p);                                                                                             \
        all_##name(&p, all_words, out, found);                                                                         \
    }

LEVEL(plain, __attribute__((noinline)))
#if defined(__x86_64__)
LEVEL(avx2, __attribute__((noinline, target("avx2"))))

__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) static void
find_avx512(const group *g, uint64_t all_words, vl_anchors *out, found_words *found)
{
    planes p;
    lay_out(g, &p);
    find_all(&p, all_words, out, found);
}
#endif

static void find(const group *g, uint32_t level, uint64_t all_words, vl_anchors *out, found_words *found)
{
#if defined(__x86_64__)
    if (level >= VEIL_CPU_AVX512) {
        find_avx512(g, all_words, out, found);
        return;
    }
    if (level == VEIL_CPU_AVX2) {
        find_avx2(g, all_words, out, found);
        return;
    }
#endif
    (void)level;
    find_plain(g, all_words, out, found);
}

/* Block i of those that begin one before `index`. */
static const vl_class_block *block_of(const vl_scan *scan, size_t index, size_t i)
{
    static const vl_class_block nothing;
    bool is_there = index + i > 0 && index + i <= scan->block_count + 1;
    return is_there ? &scan->blocks[index + i - 1] : &nothing;
}

/* Prose has dots alone. False when none of them is a host's. */
static bool find_hosts(const vl_scan *scan, size_t index, size_t count, vl_anchors *out)
{
    uint64_t any = 0;
    for (size_t i = 0; i < count; i++) {
        const vl_class_block *block = &scan->blocks[index + i];
        const vl_class_block *previous = block_of(scan, index, i);
        uint64_t named = block->alpha << 1 | previous->alpha >> 63 | previous->digit >> 63;
        uint64_t letter = block->alpha >> 1 | block[1].alpha << 63;
        out->hosts[i] = block->dot & letter & named;
        any |= out->hosts[i] | block->at;
    }
    if (any != 0) memset(out, 0, offsetof(vl_anchors, hosts));
    return any != 0;
}

bool vl_anchors_find(vl_scan *scan, size_t index, vl_anchors *out)
{
    size_t count = scan->block_count - index < VL_ANCHOR_BLOCKS ? scan->block_count - index : VL_ANCHOR_BLOCKS;
    uint64_t any = 0;
    for (size_t i = index; i < index + count; i++)
        any |= scan->blocks[i].digit | scan->blocks[i].colon | scan->blocks[i].dash;
    if (any == 0) return find_hosts(scan, index, count, out);
    group g;
    g.first = &scan->blocks[index];
    g.previous = block_of(scan, index, 0);
    g.count = count;
    memset(&g.nothing, 0, sizeof g.nothing);
    static const uint64_t no_rules[VL_FREE_RULES];
    found_words found = {.rules = scan->formats != NULL ? scan->formats->free : no_rules};
    find(&g, scan->kernels->level, scan->tables->has_short_words ? ~0ull : 0, out, &found);
    if (scan->formats != NULL && !scan->knows_formats) vl_formats_select(scan);
    if (scan->formats == NULL)
        memset(out->formats, 0, sizeof out->formats);
    else
        vl_formats_find(scan, scan->formats, index, count, found.firsts, found.rests, out->formats);
    return true;
}

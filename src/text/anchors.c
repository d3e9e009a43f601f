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

#include "text/formats_keys.h"
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
    plane leads; /* three bytes that may stand behind a short run of digits of some format; previous is not there */
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

/* What the steps before have found for formats. */
typedef struct digit_words {
    lanes starts;     /* first digits of words that begin with one */
    lanes rests;      /* of these, numbers that go on from another */
    lanes in_words;   /* first digits of other words */
    lanes long_words; /* words of VL_LONG_WORD bytes or more begin here */
    lanes huge_words; /* of VL_HUGE_WORD */
    lanes in_long;    /* first digits in those that begin with a letter */
    lanes in_huge;
} digit_words;

INLINE void find_long_words(const planes *p, digit_words *found)
{
    lanes word = p->digit.now | p->alpha.now | p->under.now;
    lanes next = p->digit.next | p->alpha.next | p->under.next;
    lanes two = word & pull(word, next, 1);
    lanes two_next = next & next >> 1;
    lanes four = two & pull(two, two_next, 2);
    lanes four_next = two_next & two_next >> 2;
    lanes eight = four & pull(four, four_next, 4);
    found->long_words = eight;
    found->huge_words = eight & pull(eight, four_next & four_next >> 4, 8);
}
_Static_assert(VL_LEAST_DIGIT_WORD == 8 && VL_LONG_WORD == 8 && VL_HUGE_WORD == 16 && VL_LEAST_WORD == 4,
               "find_long_words and first_digits count so far");

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

/* The first digit of each word that begins with letters; words shorter than VL_LEAST_WORD are left out. Where the letters come
 * from the block before it may be a later digit, which costs a look. */
INLINE lanes first_digits(const planes *p, uint64_t all_words, digit_words *found)
{
    lanes letters = p->alpha.now | p->under.now;
    lanes word = p->digit.now | letters;
    lanes next = p->digit.next | p->alpha.next | p->under.next;
    lanes starts = letters & ~(word << 1);
    lanes first = (letters + starts) & ~letters & p->digit.now;
    lanes entering = p->digit.now & (p->alpha.previous | p->under.previous) >> 63;
    lanes longer = pull(word, next, 1) & pull(word, next, 2) & pull(word, next, 3);
    lanes brief = starts & ~longer & ~all(1 | all_words); /* the block's first byte may be the middle of a word */
    lanes in_long = (letters + (starts & found->long_words)) & ~letters & first;
    lanes in_huge = (letters + (starts & found->huge_words)) & ~letters & first;
    found->in_words = first | entering;
    found->in_long = in_long | entering;
    found->in_huge = in_huge | entering;
    return (first | entering) & ~(brief << 1 | brief << 2);
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

/* What stands behind runs of digits, by kind. */
typedef struct kind_lanes {
    lanes of[VL_FILTER_KINDS];
} kind_lanes;

INLINE void find_kinds(const planes *p, lanes digit, lanes dot, const plane *d, const plane *t, bool is_next,
                       kind_lanes *out)
{
    lanes none = all(0);
    lanes digit_next =
        is_next ? none : d->next; /* few bits of the next block are asked: what is behind them is in it */
    lanes dot_next = is_next ? none : t->next;
    lanes digit1 = pull(digit, digit_next, 1);
    lanes digit2 = pull(digit, digit_next, 2);
    lanes digit3 = pull(digit, digit_next, 3);
    lanes word = is_next ? p->alpha.next | p->under.next : p->alpha.now | p->under.now;
    lanes word_next = is_next ? none : p->alpha.next | p->under.next;
    lanes slash = is_next ? p->slash.next : p->slash.now;
    lanes colon = is_next ? p->colon.next : p->colon.now;
    lanes dashed = (is_next ? p->dash.next : p->dash.now) & digit1;
    lanes dotted = dot & digit1;
    lanes two = dashed & digit2 & ~digit3;
    lanes dots = pull(dot, dot_next, 2) | (digit2 & (pull(dot, dot_next, 3) | (digit3 & pull(dot, dot_next, 4))));
    out->of[VL_FILTER_WORD] = word;
    out->of[VL_FILTER_DASH_TWO] = two;
    out->of[VL_FILTER_DASH_DIGIT] = dashed & ~two;
    out->of[VL_FILTER_DOT_DOT] = dotted & dots;
    out->of[VL_FILTER_DOT_DIGIT] = dotted & ~dots;
    out->of[VL_FILTER_LAST] = word & ~pull(word, word_next, 1) & ~digit1;
    out->of[VL_FILTER_SLASH] = slash;
    out->of[VL_FILTER_COLON] = colon;
    out->of[VL_FILTER_OTHER] = ~(digit | word | dashed | dotted | slash | colon);
}

/* Of the blocks, and of the next ones. */
INLINE void find_both_kinds(const planes *p, kind_lanes out[2])
{
    find_kinds(p, p->digit.now, p->dot.now, &p->digit, &p->dot, false, &out[0]);
    find_kinds(p, p->digit.next, p->dot.next, &p->digit, &p->dot, true, &out[1]);
}

INLINE lanes of_kinds(const kind_lanes *kinds, const vl_kind_list *list)
{
    lanes bytes = all(0);
    for (unsigned i = 0; i < list->count; i++)
        bytes |= kinds->of[list->kinds[i]];
    return bytes;
}

/* Digits behind one to four letters or more, or an underscore, as the filter wants them. */
INLINE lanes wanted_words(const plane *alpha, const vl_digit_filter *filter)
{
    lanes one = before(alpha, 1);
    lanes two = one & before(alpha, 2);
    lanes three = two & before(alpha, 3);
    lanes four = three & before(alpha, 4);
    return (~one & all(filter->letters[0])) | (one & ~two & all(filter->letters[1])) |
           (two & ~three & all(filter->letters[2])) | (three & ~four & all(filter->letters[3])) |
           (four & all(filter->letters[4]));
}

/* Behind a joint that the filter takes for numbers of n + 1 digits that go on from another one. */
INLINE lanes wanted_joints(const planes *p, const vl_digit_filter *filter, size_t n)
{
    lanes taken = all(0);
    if (filter->joints[VL_FILTER_AFTER_DASH][n] != 0) taken |= before(&p->dash, 1);
    if (filter->joints[VL_FILTER_AFTER_DOT][n] != 0) taken |= before(&p->dot, 1);
    if (filter->joints[VL_FILTER_AFTER_COLON][n] != 0) taken |= before(&p->colon, 1);
    return taken;
}

INLINE void add_joined(const kind_lanes kinds[2], unsigned kind, bool is_wanted, plane *bytes)
{
    if (!is_wanted) return;
    bytes->now |= kinds[0].of[kind];
    bytes->next |= kinds[1].of[kind];
}

/* Runs of digits that some format can take, as far as they are known. */
typedef struct found_runs {
    lanes run; /* digits that begin a run longer than the lengths that were looked at */
    lanes numbers;
    lanes rests;
    lanes words;
} found_runs;

/* Those of n + 1 digits; the last step: or more. */
INLINE void find_length(const planes *p, const kind_lanes kinds[2], const vl_digit_filter *filter, unsigned n,
                        found_runs *f)
{
    bool is_last = n == VL_FILTER_RUNS - 1;
    lanes longer = is_last ? all(0) : f->run & ahead(&p->digit, n + 1);
    lanes exact = f->run & ~longer;
    lanes taken = exact;
    lanes led = exact; /* without the ends of words that need no lead */
    f->run = longer;
    if (!is_last) {
        plane wanted = {all(0), all(0), of_kinds(&kinds[1], &filter->number_kinds)}; /* previous is not asked */
        wanted.now = of_kinds(&kinds[0], &filter->number_kinds);
        add_joined(kinds, VL_FILTER_DASH_TWO, filter->number_two[n], &wanted);
        add_joined(kinds, VL_FILTER_DOT_DOT, filter->number_dots[n], &wanted);
        if (filter->number_ends[n] == 0) {
            wanted.now &= p->leads.now;
            wanted.next &= p->leads.next;
        }
        led &= ahead(&wanted, n + 1);
        add_joined(kinds, VL_FILTER_LAST, filter->number_last[n], &wanted);
        taken &= ahead(&wanted, n + 1);
    }
    f->numbers |= taken & all(filter->numbers[n]);
    if (filter->rest_kinds[n].count > 0) {
        const vl_kind_list *list = &filter->rest_kinds[n];
        lanes rest = is_last ? exact : pull(of_kinds(&kinds[0], list), of_kinds(&kinds[1], list), n + 1);
        f->rests |= (filter->rest_last[n] ? taken : led) & rest & wanted_joints(p, filter, n);
    }
    if (filter->words[n] == 0) return;
    const vl_kind_list *list = &filter->word_kinds[n];
    f->words |= is_last ? exact : exact & pull(of_kinds(&kinds[0], list), of_kinds(&kinds[1], list), n + 1);
}

/* is_wide: vectors are registers, so that steps can stand one behind the other; else that would take much of the stack. */
INLINE void find_formats(const planes *p, const kind_lanes kinds[2], const digit_words *d,
                         const vl_digit_filter *filter, bool is_wide, uint64_t *out)
{
    found_runs f = {.run = p->digit.now};
    f.numbers = (d->long_words & all(filter->long_numbers)) | (d->huge_words & all(filter->huge_numbers));
    f.rests = (d->long_words & all(filter->long_rests)) | (d->huge_words & all(filter->huge_rests));
    if (is_wide) {
#pragma GCC unroll 8
        for (unsigned n = 0; n < VL_FILTER_RUNS; n++)
            find_length(p, kinds, filter, n, &f);
    } else {
#pragma GCC unroll 1
        for (unsigned n = 0; n < VL_FILTER_RUNS; n++)
            find_length(p, kinds, filter, n, &f);
    }
    f.words &= d->in_words;
    f.words |= (d->in_long & all(filter->long_words)) | (d->in_huge & all(filter->huge_words));
    store(out,
          (d->starts & ((f.numbers & ~d->rests) | (f.rests & d->rests))) | (f.words & wanted_words(&p->alpha, filter)));
}

/* Numbers: at the start of a word. A digit and a dot before it, or two digits and one of - and :, make this the rest of
 * another number (a version, a timestamp, a port). Four digits and a colon end a number of their own. */
INLINE void number_anchors(const planes *p, uint64_t all_words, digit_words *found, vl_anchors *out)
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
    find_long_words(p, found);
    found->starts = starts;
    found->rests = rests;
    store(out->numbers, starts & ~(rests & ~dotted) & (busy_numbers(p) | found->long_words | all(all_words)));
    store(out->rests, rests);
    store(out->words, first_digits(p, all_words, found));
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
    uint64_t leads[VL_ANCHOR_BLOCKS + 1];
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
    memcpy(&p->leads.now, g->leads, sizeof p->leads.now);
    memcpy(&p->leads.next, g->leads + 1, sizeof p->leads.next);
}

INLINE void find_others(const planes *p, uint64_t all_words, digit_words *found, vl_anchors *out)
{
    number_anchors(p, all_words, found, out);
    colon_anchors(p, out);
    store(out->hosts, host_dots(p));
}

/* One function a level; in parts, for where a vector takes many registers each part has hundreds of bytes of them on the stack. */
#define LEVEL(name, ...)                                                                                               \
    __VA_ARGS__ static void lay_##name(const group *g, planes *p, kind_lanes kinds[2])                                 \
    {                                                                                                                  \
        lay_out(g, p);                                                                                                 \
        find_both_kinds(p, kinds);                                                                                     \
    }                                                                                                                  \
    __VA_ARGS__ static void others_##name(const planes *p, uint64_t all_words, digit_words *found, vl_anchors *out)    \
    {                                                                                                                  \
        find_others(p, all_words, found, out);                                                                         \
    }                                                                                                                  \
    __VA_ARGS__ static void formats_##name(const planes *p, const kind_lanes kinds[2], const digit_words *found,       \
                                           const vl_digit_filter *filter, uint64_t *out)                               \
    {                                                                                                                  \
        find_formats(p, kinds, found, filter, false, out);                                                             \
    }                                                                                                                  \
    static void find_##name(const group *g, uint64_t all_words, const vl_digit_filter *filter, vl_anchors *out)        \
    {                                                                                                                  \
        planes p;                                                                                                      \
        kind_lanes kinds[2];                                                                                           \
        digit_words found;                                                                                             \
        lay_##name(g, &p, kinds);                                                                                      \
        others_##name(&p, all_words, &found, out);                                                                     \
        formats_##name(&p, kinds, &found, filter, out->formats);                                                       \
    }

LEVEL(plain, __attribute__((noinline)))
#if defined(__x86_64__)
LEVEL(avx2, __attribute__((noinline, target("avx2"))))

__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) static void
find_avx512(const group *g, uint64_t all_words, const vl_digit_filter *filter, vl_anchors *out)
{
    planes p;
    digit_words found;
    kind_lanes kinds[2];
    lay_out(g, &p);
    find_both_kinds(&p, kinds);
    find_others(&p, all_words, &found, out);
    find_formats(&p, kinds, &found, filter, true, out->formats);
}
#endif

static void find(const group *g, uint32_t level, uint64_t all_words, const vl_digit_filter *filter, vl_anchors *out)
{
#if defined(__x86_64__)
    if (level >= VEIL_CPU_AVX512) {
        find_avx512(g, all_words, filter, out);
        return;
    }
    if (level == VEIL_CPU_AVX2) {
        find_avx2(g, all_words, filter, out);
        return;
    }
#endif
    (void)level;
    find_plain(g, all_words, filter, out);
}

/* Block i of those that begin one before `index`. */
static const vl_class_block *block_of(const vl_scan *scan, size_t index, size_t i)
{
    static const vl_class_block nothing;
    bool is_there = index + i > 0 && index + i <= scan->block_count + 1;
    return is_there ? &scan->blocks[index + i - 1] : &nothing;
}

/* The marks of the group's blocks and of the one behind. */
static void lay_leads(const vl_scan *scan, const vl_format_view *view, size_t index, size_t count, group *g)
{
    memset(g->leads, 0, sizeof g->leads);
    size_t from = scan->base + index * 64;
    size_t size = (count + 1) * 64;
    if (view == NULL || from >= scan->size) return;
    if (size > scan->size - from) size = scan->size - from;
    scan->kernels->mark_leads(scan->text + from, size, &view->filter.leads, g->leads);
}

/* A row that waits for a context word is not asked for where none stands: in the 64 bytes before a match, which begins less than
 * 64 bytes before its digits. */
static const vl_format_view *choose_view(vl_scan *scan, size_t index, size_t count)
{
    if (scan->strong == NULL) return scan->formats;
    size_t from = index < 2 ? 0 : index - 2;
    return vl_context_may_stand(scan, from, index + count) ? scan->formats : scan->strong;
}
_Static_assert(VL_ANCHOR_BLOCKS + 2 <= VL_CONTEXT_BLOCKS, "two blocks before the group are asked for");

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
    static const vl_digit_filter no_formats;
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
    const vl_format_view *view = choose_view(scan, index, count);
    out->view = view;
    lay_leads(scan, view, index, count, &g);
    find(&g, scan->kernels->level, scan->tables->has_short_words ? ~0ull : 0,
         view != NULL ? &view->filter : &no_formats, out);
    return true;
}

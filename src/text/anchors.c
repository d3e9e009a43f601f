/*
 * Where matchers are called: the class bitmaps of eight blocks give the anchors of each matcher by bit operations alone. The
 * bitmaps of one class are laid side by side first, so that the compiler does the same for four blocks at a time; the function
 * is compiled for each level of CPU from the same C.
 *
 * Anchors are left out where no matcher can do anything, for each one costs a call and a branch that no one can foresee: most
 * digits of a log belong to ports, durations and parts of timestamps. What is left out here must be what the matchers refuse.
 */
#include "text/anchors.h"

#include <stddef.h>
#include <string.h>

#include "text/formats.h"
#include "veil.h"

#define ACROSS (VL_ANCHOR_BLOCKS + 3) /* with the block before, the one behind, and one of zeros */

/* Bitmaps by class; [0] is the block before. */
typedef struct planes {
    uint64_t digit[ACROSS];
    uint64_t alpha[ACROSS];
    uint64_t under[ACROSS];
    uint64_t dot[ACROSS];
    uint64_t colon[ACROSS];
    uint64_t dash[ACROSS];
    uint64_t slash[ACROSS];
} planes;

#define INLINE static inline __attribute__((always_inline))

/* A class's bits moved so that those n bytes before (ahead) a position stand at it. p: its plane at the block before. */
INLINE uint64_t before(const uint64_t *p, unsigned n)
{
    return p[1] << n | p[0] >> (64 - n);
}

INLINE uint64_t ahead(const uint64_t *p, unsigned n)
{
    return p[1] >> n | p[2] << (64 - n);
}

/* The same for bits that were computed for this block and the next. */
INLINE uint64_t pull(uint64_t current, uint64_t next, unsigned n)
{
    return current >> n | next << (64 - n);
}

/* Bits of bytes that end a group of digits with more to come: the next digit is one to three bytes away, with no colon between
 * (telephone numbers have up to three bytes between groups, dates two, and all others one). */
INLINE uint64_t joints(uint64_t digit1, uint64_t digit2, uint64_t digit3, uint64_t colon, uint64_t colon1)
{
    return digit1 | ((digit2 | digit3) & ~(colon | colon1));
}

/* Groups of up to five digits that have a joint behind them; the other results serve later steps. */
typedef struct runs {
    uint64_t two; /* this digit and the next */
    uint64_t four;
    uint64_t five;
} runs;

INLINE uint64_t joined_numbers(const planes *p, size_t i, runs *out)
{
    const uint64_t *digit = &p->digit[i];
    const uint64_t *colon = &p->colon[i];
    uint64_t digit1 = ahead(digit, 1);
    uint64_t digit2 = ahead(digit, 2);
    uint64_t digit3 = ahead(digit, 3);
    uint64_t two = digit[1] & digit1;
    uint64_t three = two & digit2;
    uint64_t four = three & digit3;
    uint64_t five = four & ahead(digit, 4);
    uint64_t next = digit[2];
    uint64_t ends = joints(digit1, digit2, digit3, colon[1], ahead(colon, 1));
    uint64_t ends_next = joints(next >> 1, next >> 2, next >> 3, colon[2], colon[2] >> 1);
    ends &= ~(digit[1] | p->alpha[i + 1] | p->under[i + 1]);
    ends_next &= ~(next | p->alpha[i + 2] | p->under[i + 2]);
    *out = (runs){two, four, five};
    return pull(ends, ends_next, 1) | (pull(ends, ends_next, 2) & two) | (pull(ends, ends_next, 3) & three) |
           (pull(ends, ends_next, 4) & four) | (pull(ends, ends_next, 5) & five);
}

/* Words of VL_LEAST_DIGIT_WORD bytes begin here. */
INLINE uint64_t long_words(const planes *p, size_t i)
{
    uint64_t word = p->digit[i + 1] | p->alpha[i + 1] | p->under[i + 1];
    uint64_t next = p->digit[i + 2] | p->alpha[i + 2] | p->under[i + 2];
    uint64_t two = word & pull(word, next, 1);
    uint64_t two_next = next & next >> 1;
    uint64_t four = two & pull(two, two_next, 2);
    return four & pull(four, two_next & two_next >> 2, 4);
}
_Static_assert(VL_LEAST_DIGIT_WORD == 8 && VL_LEAST_WORD == 4, "long_words and first_digits count so far");

/* First digits of groups with which some matcher may do something (see vl_match_number). The others have five digits or fewer
 * and
 * - a letter behind them, and their word is shorter than any that begins with a digit;
 * - or something else, and no digit soon behind that, so that they are neither a group of a number nor of a telephone number, a
 *   date or an address; and no month's name can stand beside them. */
INLINE uint64_t busy_numbers(const planes *p, size_t i)
{
    runs digits;
    const uint64_t *alpha = &p->alpha[i];
    uint64_t busy = joined_numbers(p, i, &digits);
    uint64_t letters = ahead(alpha, 3) & ahead(alpha, 4);
    busy |= letters & ahead(alpha, 2) & ~ahead(&p->digit[i], 1);              /* "5 May" */
    busy |= letters & ahead(alpha, 5) & digits.two & ~ahead(&p->digit[i], 2); /* "15 May" */
    busy |= digits.four & before(alpha, 2);                                   /* "May 2021" */
    busy |= digits.four & before(alpha, 3) & ~digits.five;                    /* "May, 2021" */
    busy |= digits.five & ahead(&p->digit[i], 5);
    return busy | long_words(p, i);
}

/* The first digit of each word that begins with letters; words shorter than VL_LEAST_WORD are left out. Where the letters come
 * from the block before it may be a later digit, which costs a look. */
INLINE uint64_t first_digits(const planes *p, size_t i, uint64_t all_words, uint64_t *all)
{
    uint64_t digit = p->digit[i + 1];
    uint64_t letters = p->alpha[i + 1] | p->under[i + 1];
    uint64_t word = digit | letters;
    uint64_t next = p->digit[i + 2] | p->alpha[i + 2] | p->under[i + 2];
    uint64_t starts = letters & ~(word << 1);
    uint64_t first = (letters + starts) & ~letters & digit;
    uint64_t entering = digit & (p->alpha[i] | p->under[i]) >> 63;
    uint64_t longer = pull(word, next, 1) & pull(word, next, 2) & pull(word, next, 3);
    uint64_t brief = starts & ~longer & ~1ull & ~all_words; /* the block's first byte may be the middle of a word */
    *all = first | entering;
    return *all & ~(brief << 1 | brief << 2);
}

/* A dot one to three bytes behind, and two more that far apart: an address may begin here. */
INLINE uint64_t three_dots(const uint64_t *dot)
{
    uint64_t next = dot[2];
    uint64_t second = dot[1] & (ahead(dot, 2) | ahead(dot, 3) | ahead(dot, 4));
    uint64_t second_next = next & (next >> 2 | next >> 3 | next >> 4);
    uint64_t first =
        dot[1] & (pull(second, second_next, 2) | pull(second, second_next, 3) | pull(second, second_next, 4));
    uint64_t first_next = next & (second_next >> 2 | second_next >> 3 | second_next >> 4);
    return pull(first, first_next, 1) | pull(first, first_next, 2) | pull(first, first_next, 3);
}

/* Separators of a hardware address: the first of five that stand three bytes apart. */
INLINE uint64_t five_apart(const uint64_t *p)
{
    uint64_t pairs = p[1] & ahead(p, 3);
    uint64_t pairs_next = p[2] & p[2] >> 3;
    return pairs & pull(pairs, pairs_next, 6) & ahead(p, 12);
}

INLINE uint64_t host_dots(const planes *p, size_t i)
{
    return p->dot[i + 1] & ahead(&p->alpha[i], 1) & (before(&p->alpha[i], 1) | before(&p->digit[i], 1));
}

/* Runs of digits that some format can take, by their length and what stands behind them: [n][i] has the bytes behind a run of
 * n + 1. The block before comes first, as in planes. */
typedef struct taken {
    const vl_digit_filter *filter;
    uint64_t numbers[VL_FILTER_RUNS][ACROSS];
    uint64_t words[VL_FILTER_RUNS][ACROSS];
} taken;

INLINE void find_taken(const planes *p, size_t x, taken *out)
{
    const vl_digit_filter *filter = out->filter;
    uint64_t digit1 = p->digit[x] >> 1 | p->digit[x + 1] << 63;
    uint64_t kinds[VL_FILTER_KINDS];
    kinds[VL_FILTER_WORD] = p->alpha[x] | p->under[x];
    kinds[VL_FILTER_DASH_DIGIT] = p->dash[x] & digit1;
    kinds[VL_FILTER_DOT_DIGIT] = p->dot[x] & digit1;
    kinds[VL_FILTER_SLASH] = p->slash[x];
    kinds[VL_FILTER_COLON] = p->colon[x];
    kinds[VL_FILTER_OTHER] = ~(p->digit[x] | kinds[VL_FILTER_WORD] | kinds[VL_FILTER_DASH_DIGIT] |
                               kinds[VL_FILTER_DOT_DIGIT] | p->slash[x] | p->colon[x]);
    for (size_t run = 0; run < VL_FILTER_RUNS - 1; run++) {
        uint64_t numbers = 0;
        uint64_t words = 0;
        for (size_t kind = 0; kind < VL_FILTER_KINDS; kind++) {
            numbers |= kinds[kind] & filter->numbers[run][kind];
            words |= kinds[kind] & filter->words[run][kind];
        }
        out->numbers[run][x] = numbers;
        out->words[run][x] = words;
    }
}

/* Digits behind one to four letters or more, or an underscore, as the filter wants them. */
INLINE uint64_t wanted_words(const uint64_t *alpha, const vl_digit_filter *filter)
{
    uint64_t one = before(alpha, 1);
    uint64_t two = one & before(alpha, 2);
    uint64_t three = two & before(alpha, 3);
    uint64_t four = three & before(alpha, 4);
    return (~one & filter->letters[0]) | (one & ~two & filter->letters[1]) | (two & ~three & filter->letters[2]) |
           (three & ~four & filter->letters[3]) | (four & filter->letters[4]);
}

/* starts: first digits of words that begin with one; in_words: of others */
INLINE uint64_t format_anchors(const planes *p, size_t i, const taken *formats, uint64_t starts, uint64_t rest,
                               uint64_t in_words)
{
    const vl_digit_filter *filter = formats->filter;
    const uint64_t *digit = &p->digit[i];
    uint64_t run = digit[1];
    uint64_t numbers = 0;
    uint64_t words = 0;
    uint64_t rests = 0;
    for (unsigned n = 0; n < VL_FILTER_RUNS - 1; n++) {
        uint64_t longer = run & ahead(digit, n + 1);
        uint64_t exact = run & ~longer;
        numbers |= exact & ahead(&formats->numbers[n][i], n + 1);
        words |= exact & ahead(&formats->words[n][i], n + 1);
        rests |= exact & filter->rests[n];
        run = longer;
    }
    const uint64_t *any = filter->numbers[VL_FILTER_RUNS - 1];
    const uint64_t *any_word = filter->words[VL_FILTER_RUNS - 1];
    numbers |= run & (any[0] | any[1] | any[2] | any[3] | any[4] | any[5]);
    words |= run & (any_word[0] | any_word[1] | any_word[2] | any_word[3] | any_word[4] | any_word[5]);
    rests |= run & filter->rests[VL_FILTER_RUNS - 1];
    return (starts & ~rest & numbers) | (starts & rest & rests) |
           (in_words & words & wanted_words(&p->alpha[i], filter));
}

/* Numbers: at the start of a word. A digit and a dot before it, or two digits and one of - and :, make this the rest of
 * another number (a version, a timestamp, a port). Four digits and a colon end a number of their own. */
INLINE void number_anchors(const planes *p, size_t i, uint64_t all_words, const taken *formats, vl_anchors *out)
{
    uint64_t in_words;
    const uint64_t *digit = &p->digit[i];
    uint64_t dot_before = before(&p->dot[i], 1);
    uint64_t two_before = before(digit, 2) & before(digit, 3);
    uint64_t four_before = before(digit, 4) & before(digit, 5);
    uint64_t rest = (dot_before & before(digit, 2)) |
                    ((before(&p->dash[i], 1) | (before(&p->colon[i], 1) & ~four_before)) & two_before);
    uint64_t starts = digit[1] & ~before(digit, 1) & ~before(&p->alpha[i], 1) & ~before(&p->under[i], 1);
    /* An address may follow them all the same ("12:10.0.0.1"): its first group has at most three digits and a dot. */
    uint64_t dotted = three_dots(&p->dot[i]) & ~dot_before;
    out->numbers[i] = starts & ~(rest & ~dotted) & (busy_numbers(p, i) | all_words);
    out->rests[i] = rest;
    out->words[i] = first_digits(p, i, all_words, &in_words);
    out->formats[i] = format_anchors(p, i, formats, starts, rest, in_words);
}

INLINE void colon_anchors(const planes *p, size_t i, vl_anchors *out)
{
    const uint64_t *colon = &p->colon[i];
    uint64_t alone = colon[1] & ~before(colon, 1);
    uint64_t behind = ahead(colon, 1);
    out->schemes[i] = colon[1] & ahead(&p->slash[i], 1) & ahead(&p->slash[i], 2);
    out->doubles[i] = alone & behind & ~ahead(colon, 2);
    out->singles[i] = alone & ~behind;
    out->macs[i] = five_apart(colon) | five_apart(&p->dash[i]);
}

/* count: a multiple of four, so that vectors leave no rest */
INLINE void find_anchors(const planes *restrict p, size_t count, uint64_t all_words, const vl_digit_filter *filter,
                         vl_anchors *restrict out)
{
    taken formats;
    formats.filter = filter;
    for (size_t i = 1; i <= count; i++)
        find_taken(p, i, &formats);
    find_taken(p, count + 1, &formats);
    for (size_t i = 0; i < count; i++) {
        number_anchors(p, i, all_words, &formats, out);
        colon_anchors(p, i, out);
        out->hosts[i] = host_dots(p, i);
    }
}

static void find_plain(const planes *p, size_t count, uint64_t all_words, const vl_digit_filter *filter,
                       vl_anchors *out)
{
    find_anchors(p, count, all_words, filter, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void find_avx2(const planes *p, size_t count, uint64_t all_words,
                                                      const vl_digit_filter *filter, vl_anchors *out)
{
    find_anchors(p, count, all_words, filter, out);
}

__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) static void
find_avx512(const planes *p, size_t count, uint64_t all_words, const vl_digit_filter *filter, vl_anchors *out)
{
    find_anchors(p, count, all_words, filter, out);
}
#endif

static void find(const planes *p, size_t count, uint32_t level, uint64_t all_words, const vl_digit_filter *filter,
                 vl_anchors *out)
{
#if defined(__x86_64__)
    if (level >= VEIL_CPU_AVX512) {
        find_avx512(p, count, all_words, filter, out);
        return;
    }
    if (level == VEIL_CPU_AVX2) {
        find_avx2(p, count, all_words, filter, out);
        return;
    }
#endif
    (void)level;
    find_plain(p, count, all_words, filter, out);
}

/* Block i of those that begin one before `index`. */
static const vl_class_block *block_of(const vl_scan *scan, size_t index, size_t i)
{
    static const vl_class_block nothing;
    bool is_there = index + i > 0 && index + i <= scan->block_count + 1;
    return is_there ? &scan->blocks[index + i - 1] : &nothing;
}

static void lay_out(const vl_scan *scan, size_t index, size_t count, planes *p)
{
    p->digit[count + 2] = 0;
    for (size_t i = 0; i < count + 2; i++) {
        const vl_class_block *block = block_of(scan, index, i);
        p->digit[i] = block->digit;
        p->alpha[i] = block->alpha;
        p->under[i] = block->under;
        p->dot[i] = block->dot;
        p->colon[i] = block->colon;
        p->dash[i] = block->dash;
        p->slash[i] = block->slash;
    }
}

/* Prose has dots alone. False when none of them is a host's. */
static bool find_hosts(const vl_scan *scan, size_t index, size_t count, vl_anchors *out)
{
    uint64_t any = 0;
    for (size_t i = 0; i < count; i++) {
        const vl_class_block *block = &scan->blocks[index + i];
        const vl_class_block *previous = block_of(scan, index, i);
        uint64_t named = block->alpha << 1 | previous->alpha >> 63 | previous->digit >> 63;
        out->hosts[i] = block->dot & pull(block->alpha, block[1].alpha, 1) & named;
        any |= out->hosts[i] | block->at;
    }
    if (any != 0) memset(out, 0, offsetof(vl_anchors, hosts));
    return any != 0;
}

bool vl_anchors_find(const vl_scan *scan, size_t index, vl_anchors *out)
{
    static const vl_digit_filter no_formats;
    size_t count = scan->block_count - index < VL_ANCHOR_BLOCKS ? scan->block_count - index : VL_ANCHOR_BLOCKS;
    uint64_t any = 0;
    for (size_t i = index; i < index + count; i++)
        any |= scan->blocks[i].digit | scan->blocks[i].colon | scan->blocks[i].dash;
    if (any == 0) return find_hosts(scan, index, count, out);
    planes p;
    count = (count + 3) / 4 * 4;
    lay_out(scan, index, count, &p);
    find(&p, count, scan->kernels->level, scan->tables->has_short_words ? ~0ull : 0,
         scan->formats != NULL ? &scan->formats->filter : &no_formats, out);
    return true;
}

/*
 * The scanner's walk: for each block of 64 bytes, bit operations on the class bitmaps give the anchors (the bytes at which
 * something may be found), and each anchor goes to its matcher. A block without anchors costs the operations alone.
 */
#include "text/scan.h"

/* The block's neighbours, for bits that move across its ends. */
typedef struct block_view {
    const vl_class_block *previous;
    const vl_class_block *current;
    const vl_class_block *next;
} block_view;

#define BEFORE(view, member, n) ((view)->current->member << (n) | (view)->previous->member >> (64 - (n)))
#define BEHIND(view, member, n) ((view)->current->member >> (n) | (view)->next->member << (64 - (n)))

static const vl_class_block no_block;

static void run_emails(vl_scan *scan, uint64_t anchors, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1)
        vl_match_email(scan, at + vl_low_bit(anchors));
}

static bool has_four(uint64_t bits)
{
    bits &= bits - 1;
    bits &= bits - 1;
    return (bits & (bits - 1)) != 0;
}

/* Separators of a hardware address: the first of five that stand three bytes apart. */
static uint64_t five_apart(uint64_t current, uint64_t next)
{
    uint64_t pairs = current & (current >> 3 | next << 61);
    uint64_t next_pairs = next & next >> 3;
    uint64_t four = pairs & (pairs >> 6 | next_pairs << 58);
    return four & (current >> 12 | next << 52);
}

static void run_colons(vl_scan *scan, const block_view *view, uint64_t mask, size_t at)
{
    uint64_t colon = view->current->colon;
    uint64_t after = BEHIND(view, colon, 1);
    uint64_t schemes = colon & BEHIND(view, slash, 1) & BEHIND(view, slash, 2) & mask;
    for (; schemes != 0; schemes &= schemes - 1)
        vl_match_scheme(scan, at + vl_low_bit(schemes));
    uint64_t doubles = colon & after & ~BEFORE(view, colon, 1) & ~BEHIND(view, colon, 2) & mask;
    uint64_t full = has_four(colon & mask) ? colon & mask & ~after & ~BEFORE(view, colon, 1) : 0;
    size_t reached = 0; /* a full address has seven colons and is looked at once */
    for (doubles |= full; doubles != 0; doubles &= doubles - 1) {
        size_t p = at + vl_low_bit(doubles);
        if (p < reached) continue;
        uint32_t before = scan->count;
        vl_match_colons(scan, p);
        if (scan->count != before) reached = scan->base + scan->matches[scan->count - 1].end;
    }
    for (uint64_t macs = five_apart(colon, view->next->colon) & mask; macs != 0; macs &= macs - 1)
        vl_match_mac(scan, at + vl_low_bit(macs));
}

static void run_dashes(vl_scan *scan, const block_view *view, uint64_t mask, size_t at)
{
    for (uint64_t macs = five_apart(view->current->dash, view->next->dash) & mask; macs != 0; macs &= macs - 1)
        vl_match_mac(scan, at + vl_low_bit(macs));
}

static void run_dots(vl_scan *scan, const block_view *view, uint64_t mask, size_t at)
{
    uint64_t dots = view->current->dot & BEHIND(view, alpha, 1) & mask;
    dots &= BEFORE(view, alpha, 1) | BEFORE(view, digit, 1);
    for (; dots != 0; dots &= dots - 1)
        vl_match_host(scan, at + vl_low_bit(dots));
}

/* This block's bits, moved down by n with the next block's behind them. */
static inline uint64_t ahead(uint64_t current, uint64_t next, unsigned n)
{
    return current >> n | next << (64 - n);
}

/* Bits of bytes that end a group of digits with more to come: the next digit is one to three bytes away, with no colon between
 * (telephone numbers have up to three bytes between groups, dates two, and all others one). */
static inline uint64_t joints(uint64_t digits1, uint64_t digits2, uint64_t digits3, uint64_t colon, uint64_t colon1)
{
    return digits1 | ((digits2 | digits3) & ~(colon | colon1));
}

/* First digits of groups with which some matcher may do something (see vl_match_number). The others have five digits or fewer
 * and
 * - a letter behind them, and their word is shorter than any that begins with a digit;
 * - or something else, and no digit soon behind that, so that they are neither a group of a number nor of a telephone number, a
 *   date or an address; and no month's name can stand beside them. */
static uint64_t busy_numbers(const block_view *view)
{
    const vl_class_block *c = view->current;
    const vl_class_block *n = view->next;
    uint64_t digit1 = ahead(c->digit, n->digit, 1);
    uint64_t digit2 = ahead(c->digit, n->digit, 2);
    uint64_t digit3 = ahead(c->digit, n->digit, 3);
    uint64_t two = c->digit & digit1;
    uint64_t three = two & digit2;
    uint64_t four = three & digit3;
    uint64_t five = four & ahead(c->digit, n->digit, 4);
    uint64_t word = c->digit | c->alpha | c->under;
    uint64_t word_next = n->digit | n->alpha | n->under;
    uint64_t ends = joints(digit1, digit2, digit3, c->colon, ahead(c->colon, n->colon, 1)) & ~word;
    uint64_t ends_next = joints(n->digit >> 1, n->digit >> 2, n->digit >> 3, n->colon, n->colon >> 1) & ~word_next;
    uint64_t busy = ahead(ends, ends_next, 1) | (ahead(ends, ends_next, 2) & two) |
                    (ahead(ends, ends_next, 3) & three) | (ahead(ends, ends_next, 4) & four) |
                    (ahead(ends, ends_next, 5) & five);
    uint64_t alphas = ahead(c->alpha, n->alpha, 3) & ahead(c->alpha, n->alpha, 4);
    busy |= alphas & ahead(c->alpha, n->alpha, 2) & ~digit1;       /* "5 May" */
    busy |= alphas & ahead(c->alpha, n->alpha, 5) & two & ~digit2; /* "15 May" */
    busy |= four & BEFORE(view, alpha, 2);                         /* "May 2021" */
    busy |= five & ahead(c->digit, n->digit, 5);
    uint64_t word2 = word & ahead(word, word_next, 1);
    uint64_t word2_next = word_next & word_next >> 1;
    uint64_t word4 = word2 & ahead(word2, word2_next, 2);
    return busy | (word4 & ahead(word4, word2_next & word2_next >> 2, 4));
}

/* The first digit of each word that begins with letters; short words are left out. Where the letters come from the block
 * before it may be a later one, which costs a look. */
static uint64_t first_digits(const vl_scan *scan, const block_view *view)
{
    uint64_t digit = view->current->digit;
    uint64_t letters = view->current->alpha | view->current->under;
    uint64_t starts = letters & ~((digit | letters) << 1);
    uint64_t first = (letters + starts) & ~letters & digit;
    uint64_t entering = digit & (view->previous->alpha | view->previous->under) >> 63;
    uint64_t word = digit | letters;
    uint64_t next = view->next->digit | view->next->alpha | view->next->under;
    uint64_t longer = ahead(word, next, 1) & ahead(word, next, 2) & ahead(word, next, 3);
    uint64_t brief =
        scan->tables->has_short_words
            ? 0
            : starts & ~longer & ~1ull; /* less than VL_LEAST_WORD; the first byte may be the middle of a word */
    return (first | entering) & ~(brief << 1 | brief << 2);
}

/* A dot one to three bytes behind, and two more that far apart: an address may begin here. */
static uint64_t three_dots(const block_view *view)
{
    uint64_t dot = view->current->dot;
    uint64_t next = view->next->dot;
    uint64_t second = dot & (ahead(dot, next, 2) | ahead(dot, next, 3) | ahead(dot, next, 4));
    uint64_t second_next = next & (next >> 2 | next >> 3 | next >> 4);
    uint64_t first =
        dot & (ahead(second, second_next, 2) | ahead(second, second_next, 3) | ahead(second, second_next, 4));
    uint64_t first_next = next & (second_next >> 2 | second_next >> 3 | second_next >> 4);
    return ahead(first, first_next, 1) | ahead(first, first_next, 2) | ahead(first, first_next, 3);
}

static void run_digits(vl_scan *scan, const block_view *view, uint64_t mask, size_t at)
{
    uint64_t digit = view->current->digit;
    uint64_t digit_before = BEFORE(view, digit, 1);
    uint64_t letter_before = BEFORE(view, alpha, 1) | BEFORE(view, under, 1);
    /* Numbers: at the start of a word. A digit and a dot before it, or two digits and one of - and :, make this the rest of
     * another number (a version, a timestamp, a port). Four digits and a colon end a number of their own. */
    uint64_t dot_before = BEFORE(view, dot, 1);
    uint64_t two_before = BEFORE(view, digit, 2) & BEFORE(view, digit, 3);
    uint64_t four_before = BEFORE(view, digit, 4) & BEFORE(view, digit, 5);
    uint64_t rest = (dot_before & BEFORE(view, digit, 2)) |
                    ((BEFORE(view, dash, 1) | (BEFORE(view, colon, 1) & ~four_before)) & two_before);
    uint64_t numbers = digit & ~digit_before & ~letter_before;
    /* An address may follow them all the same ("12:10.0.0.1"): its first group has at most three digits and a dot. */
    uint64_t dotted = three_dots(view) & ~dot_before;
    uint64_t words = first_digits(scan, view);
    numbers &= ~(rest & ~dotted);
    if (!scan->tables->has_short_words) numbers &= busy_numbers(view);
    uint64_t anchors = (numbers | words) & mask;
    for (; anchors != 0; anchors &= anchors - 1) {
        unsigned bit = vl_low_bit(anchors);
        if ((words >> bit & 1) != 0)
            vl_match_word(scan, at + bit);
        else
            vl_match_number(scan, at + bit, (rest >> bit & 1) != 0);
    }
}

static void run_block(vl_scan *scan, const block_view *view, uint64_t mask, size_t at)
{
    const vl_class_block *block = view->current;
    if ((block->at & mask) != 0) run_emails(scan, block->at & mask, at);
    if ((block->colon & mask) != 0) run_colons(scan, view, mask, at);
    if ((block->dash & mask) != 0) run_dashes(scan, view, mask, at);
    if ((block->dot & mask) != 0) run_dots(scan, view, mask, at);
    if ((block->digit & mask) != 0) run_digits(scan, view, mask, at);
}

size_t vl_scan_blocks(vl_scan *scan, size_t limit)
{
    for (size_t index = (scan->first - scan->base) / 64; scan->base + index * 64 < limit; index++) {
        size_t at = scan->base + index * 64;
        uint32_t before = scan->count;
        block_view view = {index == 0 ? &no_block : &scan->blocks[index - 1], &scan->blocks[index],
                           &scan->blocks[index + 1]};
        uint64_t mask = ~0ull;
        if (at < scan->first) mask <<= scan->first - at;
        if (limit - at < 64) mask &= (1ull << (limit - at)) - 1;
        run_block(scan, &view, mask, at);
        if (scan->count < VL_MATCH_MAX) continue;
        scan->count = before;
        return at;
    }
    return limit;
}

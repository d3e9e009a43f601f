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
    uint64_t dotted = (BEHIND(view, dot, 1) | BEHIND(view, dot, 2) | BEHIND(view, dot, 3)) & ~dot_before;
    uint64_t words = digit & letter_before;
    uint64_t anchors = ((numbers & ~(rest & ~dotted)) | words) & mask;
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

/*
 * The scanner's walk: each anchor (a byte at which something may be found, see anchors.c) goes to its matcher. A block without
 * anchors costs next to nothing.
 */
#include "text/anchors.h"

static void run_emails(vl_scan *scan, uint64_t anchors, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1)
        vl_match_email(scan, at + vl_low_bit(anchors));
}

/* Bits of [from, to) in the block at `at`. */
static uint64_t bits_between(size_t from, size_t to, size_t at)
{
    uint64_t bits = ~0ull;
    if (to <= at || from >= at + 64) return 0;
    if (from > at) bits <<= from - at;
    if (to < at + 64) bits &= (1ull << (to - at)) - 1;
    return bits;
}

/* Bytes of the block that URLs hold; scan->url_end is where those of earlier blocks end at the latest. */
static uint64_t run_schemes(vl_scan *scan, uint64_t anchors, size_t at)
{
    uint64_t held = bits_between(at, scan->url_end, at);
    for (; anchors != 0; anchors &= anchors - 1) {
        uint32_t before = scan->count;
        vl_match_scheme(scan, at + vl_low_bit(anchors));
        if (scan->count == before) continue;
        const vl_match *url = &scan->matches[scan->count - 1];
        held |= bits_between(scan->base + url->start, scan->base + url->end, at);
    }
    return held;
}

/* IPv6: "::", or one of many single colons; a full address has seven and is looked at once. */
static void run_colons(vl_scan *scan, uint64_t anchors, size_t at)
{
    size_t reached = 0;
    for (; anchors != 0; anchors &= anchors - 1) {
        size_t p = at + vl_low_bit(anchors);
        if (p < reached) continue;
        uint32_t before = scan->count;
        vl_match_colons(scan, p);
        if (scan->count != before) reached = scan->base + scan->matches[scan->count - 1].end;
    }
}

static void run_macs(vl_scan *scan, uint64_t anchors, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1)
        vl_match_mac(scan, at + vl_low_bit(anchors));
}

static void run_hosts(vl_scan *scan, uint64_t anchors, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1)
        vl_match_host(scan, at + vl_low_bit(anchors));
}

static void run_digits(vl_scan *scan, uint64_t anchors, uint64_t words, uint64_t rests, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1) {
        unsigned bit = vl_low_bit(anchors);
        if ((words >> bit & 1) != 0)
            vl_match_word(scan, at + bit);
        else
            vl_match_number(scan, at + bit, (rests >> bit & 1) != 0);
    }
}

static void run_formats(vl_scan *scan, uint64_t anchors, uint64_t rests, size_t at)
{
    for (; anchors != 0; anchors &= anchors - 1) {
        unsigned bit = vl_low_bit(anchors);
        vl_match_formats(scan, scan->formats, at + bit, (rests >> bit & 1) != 0);
    }
}

static void run_block(vl_scan *scan, const vl_class_block *block, const vl_anchors *anchors, size_t i, uint64_t mask,
                      size_t at)
{
    if ((block->at & mask) != 0) run_emails(scan, block->at & mask, at);
    uint64_t colons = (block->colon & mask) != 0 ? mask : 0;
    uint64_t held = run_schemes(scan, anchors->schemes[i] & colons, at);
    run_colons(scan, (anchors->doubles[i] | anchors->singles[i]) & colons, at);
    run_macs(scan, anchors->macs[i] & mask, at);
    run_hosts(scan, anchors->hosts[i] & mask & ~held, at); /* dots of URLs need no look */
    run_digits(scan, (anchors->numbers[i] | anchors->words[i]) & mask, anchors->words[i], anchors->rests[i], at);
    run_formats(scan, anchors->formats[i] & mask, anchors->rests[i], at);
}

size_t vl_scan_blocks(vl_scan *scan, size_t limit)
{
    vl_anchors anchors;
    size_t first = (scan->first - scan->base) / 64;
    for (size_t index = first; scan->base + index * 64 < limit; index++) {
        size_t i = (index - first) % VL_ANCHOR_BLOCKS;
        if (i == 0 && !vl_anchors_find(scan, index, &anchors)) {
            index += VL_ANCHOR_BLOCKS - 1;
            continue;
        }
        size_t at = scan->base + index * 64;
        uint32_t before = scan->count;
        uint64_t mask = ~0ull;
        if (at < scan->first) mask <<= scan->first - at;
        if (limit - at < 64) mask &= (1ull << (limit - at)) - 1;
        run_block(scan, &scan->blocks[index], &anchors, i, mask, at);
        if (scan->count < VL_MATCH_MAX) continue;
        scan->count = before;
        return at;
    }
    return limit;
}

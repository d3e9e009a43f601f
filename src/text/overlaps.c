/*
 * Overlap resolution (THREATS row 12). Matches that touch no other are the usual case and cost one comparison each. A chain
 * (a run of matches that overlap one after the other) is resolved by strength: the strongest match wins its span, whatever
 * overlaps a winner loses. Chains are at most VL_CHAIN_MAX_BYTES long, so the bytes that winners hold fit a bitmap on the
 * stack; a longer chain is walked from the left instead (its bytes go as one piece anyway, and a stream can decide it
 * without seeing its end).
 */
#include "text/overlaps.h"

#include <stdbool.h>
#include <string.h>

/* Above this many matches a chain is sorted by strength instead of being searched for each winner. */
#define SMALL_CHAIN 8u

/* Order of IEEE-754 floats as integers, so that the order is total whatever the bits are. */
static int64_t score_key(float score)
{
    int32_t bits;
    memcpy(&bits, &score, sizeof bits);
    return bits < 0 ? (int64_t)INT32_MIN - bits : bits;
}

static bool is_stronger(const vl_match *a, const vl_match *b)
{
    int64_t score_a = score_key(a->score);
    int64_t score_b = score_key(b->score);
    if (score_a != score_b) return score_a > score_b;
    uint32_t length_a = a->end - a->start;
    uint32_t length_b = b->end - b->start;
    if (length_a != length_b) return length_a > length_b;
    if (a->priority != b->priority) return a->priority > b->priority;
    if (a->start != b->start) return a->start < b->start;
    if (a->row != b->row) return a->row < b->row;
    return a->entity < b->entity;
}

/* Start, end, entity, and the stronger of equals first: duplicates come to lie behind the one that stays. */
static bool is_before(const vl_match *a, const vl_match *b)
{
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end < b->end;
    if (a->entity != b->entity) return a->entity < b->entity;
    return is_stronger(a, b);
}

typedef bool (*precedes_fn)(const vl_match *a, const vl_match *b);

static void sift_down(vl_match *heap, size_t root, size_t count, precedes_fn precedes)
{
    vl_match moved = heap[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && precedes(&heap[child], &heap[child + 1])) child++;
        if (!precedes(&moved, &heap[child])) break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = moved;
}

static void heap_sort(vl_match *matches, size_t count, precedes_fn precedes)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(matches, i, count, precedes);
    for (size_t last = count; last-- > 1;) {
        vl_match top = matches[0];
        matches[0] = matches[last];
        matches[last] = top;
        sift_down(matches, 0, last, precedes);
    }
}

/* Insertion while the matches come nearly ordered; a budget of moves keeps the worst case at O(n log n). */
static void sort_matches(vl_match *matches, size_t count, precedes_fn precedes)
{
    size_t budget = 8 * count + 64;
    for (size_t i = 1; i < count; i++) {
        if (!precedes(&matches[i], &matches[i - 1])) continue;
        vl_match moved = matches[i];
        size_t to = i;
        for (; to > 0 && precedes(&moved, &matches[to - 1]); to--)
            matches[to] = matches[to - 1];
        matches[to] = moved;
        if (i - to > budget) {
            heap_sort(matches, count, precedes);
            return;
        }
        budget -= i - to;
    }
}

static bool is_duplicate(const vl_match *a, const vl_match *b)
{
    return a->start == b->start && a->end == b->end && a->entity == b->entity;
}

/* Drop empty matches and all but the first of equal ones (ordered by is_before). */
static size_t drop_duplicates(vl_match *matches, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (matches[i].start >= matches[i].end) continue;
        if (kept > 0 && is_duplicate(&matches[kept - 1], &matches[i])) {
            matches[kept - 1].is_view &= matches[i].is_view;
            continue;
        }
        matches[kept++] = matches[i];
    }
    return kept;
}

/* The chain that begins at matches[0]: how many matches it has and where its last byte ends. */
static size_t chain_length(const vl_match *matches, size_t count, uint32_t *end)
{
    uint32_t reach = matches[0].end;
    size_t n = 1;
    for (; n < count && matches[n].start < reach; n++) {
        if (matches[n].end > reach) reach = matches[n].end;
    }
    *end = reach;
    return n;
}

static bool do_overlap(const vl_match *a, const vl_match *b)
{
    return a->start < b->end && b->start < a->end;
}

/* For a handful of matches: a match wins when no stronger winner overlaps it. is_loser is 2 while undecided. */
static void resolve_small(vl_match *chain, size_t count)
{
    for (size_t i = 0; i < count; i++)
        chain[i].is_loser = 2;
    for (;;) {
        vl_match *best = NULL;
        for (size_t i = 0; i < count; i++) {
            if (chain[i].is_loser == 2 && (best == NULL || is_stronger(&chain[i], best))) best = &chain[i];
        }
        if (best == NULL) return;
        for (size_t i = 0; i < count; i++) {
            if (chain[i].is_loser == 2 && do_overlap(best, &chain[i])) chain[i].is_loser = 1;
        }
        best->is_loser = 0;
    }
}

/* Bits of [from, to) that lie in one 64-bit word. */
static uint64_t word_mask(uint32_t from, uint32_t to, uint32_t word)
{
    uint64_t mask = UINT64_MAX;
    if (word == from / 64) mask &= UINT64_MAX << (from % 64);
    if (word == (to - 1) / 64) mask &= UINT64_MAX >> (63 - (to - 1) % 64);
    return mask;
}

static bool is_any_taken(const uint64_t *taken, uint32_t from, uint32_t to)
{
    for (uint32_t word = from / 64; word <= (to - 1) / 64; word++) {
        if ((taken[word] & word_mask(from, to, word)) != 0) return true;
    }
    return false;
}

static void take(uint64_t *taken, uint32_t from, uint32_t to)
{
    for (uint32_t word = from / 64; word <= (to - 1) / 64; word++)
        taken[word] |= word_mask(from, to, word);
}

/* For many matches in at most VL_CHAIN_MAX_BYTES: by strength, with a bit for each byte that a winner holds. */
static void resolve_dense(vl_match *chain, size_t count)
{
    uint64_t taken[VL_CHAIN_MAX_BYTES / 64] = {0};
    uint32_t base = chain[0].start;
    sort_matches(chain, count, is_stronger);
    for (size_t i = 0; i < count; i++) {
        uint32_t from = chain[i].start - base;
        uint32_t to = chain[i].end - base;
        chain[i].is_loser = is_any_taken(taken, from, to);
        if (!chain[i].is_loser) take(taken, from, to);
    }
    sort_matches(chain, count, is_before);
}

/* For a chain beyond the bound: the first match wins, then the first that starts behind it, and so on. */
static void resolve_from_left(vl_match *chain, size_t count)
{
    uint32_t reach = 0;
    for (size_t i = 0; i < count; i++) {
        chain[i].is_loser = i > 0 && chain[i].start < reach;
        if (!chain[i].is_loser) reach = chain[i].end;
    }
}

static void resolve_chain(vl_match *chain, size_t count, uint32_t chain_bytes)
{
    if (count == 1) {
        chain[0].is_loser = 0;
    } else if (chain_bytes > VL_CHAIN_MAX_BYTES) {
        resolve_from_left(chain, count);
    } else if (count <= SMALL_CHAIN) {
        resolve_small(chain, count);
    } else {
        resolve_dense(chain, count);
    }
}

/* True when the matches are ordered and none touches another: nothing is left to do but to call them winners. */
static bool settle_disjoint(vl_match *matches, size_t count)
{
    uint32_t reach = 0;
    for (size_t i = 0; i < count; i++) {
        if (matches[i].start < reach || matches[i].start >= matches[i].end) return false;
        reach = matches[i].end;
        matches[i].is_loser = 0;
    }
    return true;
}

static void resolve_chains(vl_match *matches, size_t count)
{
    for (size_t i = 0; i < count;) {
        uint32_t end;
        size_t length = chain_length(matches + i, count - i, &end);
        resolve_chain(matches + i, length, end - matches[i].start);
        i += length;
    }
}

size_t vl_overlaps_resolve(vl_match *matches, size_t count)
{
    if (settle_disjoint(matches, count)) return count;
    sort_matches(matches, count, is_before);
    count = drop_duplicates(matches, count);
    resolve_chains(matches, count);
    return count;
}

size_t vl_overlaps_resolve_behind(vl_match *matches, size_t count, vl_chain *chain)
{
    size_t n = 0;
    chain->count = 0;
    if (chain->reach == 0) return vl_overlaps_resolve(matches, count);
    sort_matches(matches, count, is_before);
    count = drop_duplicates(matches, count);
    for (; n < count && matches[n].start < chain->reach; n++) {
        matches[n].is_loser = matches[n].start < chain->winner_end;
        if (!matches[n].is_loser) chain->winner_end = matches[n].end;
        if (matches[n].end > chain->reach) chain->reach = matches[n].end;
    }
    chain->count = n;
    resolve_chains(matches + n, count - n);
    return count;
}

/* The pieces of one chain while they are written. */
typedef struct chain_cover {
    const vl_match *chain;
    size_t count;
    size_t next_loser;     /* first match that has not been looked at as cover */
    const vl_match *reach; /* the loser seen so far that ends last */
    vl_piece *pieces;
    size_t piece_count;
} chain_cover;

/* Look at every loser that starts at or before `at`, and remember the one that reaches furthest. */
static void cover_look(chain_cover *cover, uint32_t at)
{
    for (; cover->next_loser < cover->count && cover->chain[cover->next_loser].start <= at; cover->next_loser++) {
        const vl_match *match = &cover->chain[cover->next_loser];
        if (!match->is_loser) continue;
        const vl_match *best = cover->reach;
        if (best == NULL || match->end > best->end || (match->end == best->end && is_stronger(match, best)))
            cover->reach = match;
    }
}

/* Cover [from, to), which no winner holds: as few losers as can be, each with its placeholder. */
static void cover_gap(chain_cover *cover, uint32_t from, uint32_t to)
{
    bool is_first = true;
    while (from < to) {
        cover_look(cover, from);
        const vl_match *loser = cover->reach;
        if (loser == NULL || loser->end <= from) return; /* cannot be: a chain has no holes */
        uint32_t end = loser->end < to ? loser->end : to;
        vl_piece *last = is_first ? NULL : &cover->pieces[cover->piece_count - 1];
        if (last != NULL && last->entity == loser->entity) {
            last->end = end;
        } else {
            cover->pieces[cover->piece_count++] = (vl_piece){from, end, loser->entity, VL_PIECE_REST};
        }
        is_first = false;
        from = end;
    }
}

static size_t cover_chain(const vl_match *chain, size_t count, uint32_t chain_end, vl_piece *pieces)
{
    if (chain_end - chain[0].start > VL_CHAIN_MAX_BYTES) {
        pieces[0] = (vl_piece){chain[0].start, chain_end, chain[0].entity, VL_PIECE_LONG};
        return 1;
    }
    chain_cover cover = {.chain = chain, .count = count, .pieces = pieces};
    uint32_t at = chain[0].start;
    for (size_t i = 0; i < count; i++) {
        if (chain[i].is_loser) continue;
        cover_gap(&cover, at, chain[i].start);
        uint16_t kind = chain[i].is_view ? VL_PIECE_LONG : VL_PIECE_WHOLE;
        cover.pieces[cover.piece_count++] = (vl_piece){chain[i].start, chain[i].end, chain[i].entity, kind};
        at = chain[i].end;
    }
    cover_gap(&cover, at, chain_end);
    return cover.piece_count;
}

size_t vl_overlaps_pieces(const vl_match *matches, size_t count, vl_piece *pieces)
{
    size_t piece_count = 0;
    for (size_t i = 0; i < count;) {
        uint32_t end;
        size_t length = chain_length(matches + i, count - i, &end);
        piece_count += cover_chain(matches + i, length, end, pieces + piece_count);
        i += length;
    }
    return piece_count;
}

/*
 * Overlaps: the contract of the header on cases one can check by eye, then the same as properties over random sets. The
 * reference is the definition itself: by strength, whatever overlaps a winner loses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/cpu_time.h"
#include "support/seed.h"
#include "text/overlaps.h"

#define SET_MAX 400u

static vl_match match(uint32_t start, uint32_t end, float score, uint16_t entity)
{
    return (vl_match){.start = start, .end = end, .score = score, .row = entity, .entity = entity, .is_loser = 9};
}

static void disjoint_matches_all_win(void **state)
{
    (void)state;
    vl_match matches[3] = {match(0, 5, 0.5f, 1), match(5, 9, 0.4f, 2), match(20, 22, 1.0f, 3)};
    vl_piece pieces[7];
    assert_int_equal(vl_overlaps_resolve(matches, 3), 3);
    assert_int_equal(vl_overlaps_pieces(matches, 3, pieces), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(matches[i].is_loser, 0);
        assert_int_equal(pieces[i].start, matches[i].start);
        assert_int_equal(pieces[i].end, matches[i].end);
        assert_int_equal(pieces[i].entity, matches[i].entity);
        assert_int_equal(pieces[i].kind, VL_PIECE_WHOLE);
    }
}

static void a_losers_tail_goes_too(void **state)
{
    (void)state;
    vl_match matches[2] = {match(5, 30, 0.5f, 7), match(0, 12, 1.0f, 3)};
    vl_piece pieces[5];
    assert_int_equal(vl_overlaps_resolve(matches, 2), 2);
    assert_int_equal(matches[0].entity, 3);
    assert_int_equal(matches[0].is_loser, 0);
    assert_int_equal(matches[1].is_loser, 1);
    assert_int_equal(vl_overlaps_pieces(matches, 2, pieces), 2);
    assert_int_equal(pieces[1].start, 12);
    assert_int_equal(pieces[1].end, 30);
    assert_int_equal(pieces[1].entity, 7);
    assert_int_equal(pieces[1].kind, VL_PIECE_REST);
}

static void a_loser_around_a_winner_leaves_two_rests(void **state)
{
    (void)state;
    vl_match matches[2] = {match(0, 30, 0.5f, 7), match(10, 20, 1.0f, 3)};
    vl_piece pieces[5];
    assert_int_equal(vl_overlaps_resolve(matches, 2), 2);
    assert_int_equal(vl_overlaps_pieces(matches, 2, pieces), 3);
    assert_int_equal(pieces[0].end, 10);
    assert_int_equal(pieces[0].kind, VL_PIECE_REST);
    assert_int_equal(pieces[1].entity, 3);
    assert_int_equal(pieces[2].start, 20);
    assert_int_equal(pieces[2].end, 30);
}

/* A loses to B, B to C; A and C do not meet, so A wins its span. */
static void a_loser_defeats_nobody(void **state)
{
    (void)state;
    vl_match matches[3] = {match(0, 10, 0.5f, 1), match(8, 20, 0.6f, 2), match(18, 30, 0.9f, 3)};
    vl_piece pieces[7];
    assert_int_equal(vl_overlaps_resolve(matches, 3), 3);
    assert_int_equal(matches[0].is_loser, 0);
    assert_int_equal(matches[1].is_loser, 1);
    assert_int_equal(matches[2].is_loser, 0);
    assert_int_equal(vl_overlaps_pieces(matches, 3, pieces), 3);
    assert_int_equal(pieces[1].start, 10);
    assert_int_equal(pieces[1].end, 18);
}

/* Each rule decides where the ones before it are equal. */
static void strength_is_score_length_priority_start_row(void **state)
{
    (void)state;
    vl_match score[2] = {match(0, 20, 0.5f, 1), match(5, 10, 0.6f, 2)};
    assert_int_equal(vl_overlaps_resolve(score, 2), 2);
    assert_int_equal(score[0].is_loser, 1);
    vl_match length[2] = {match(0, 10, 0.5f, 1), match(5, 16, 0.5f, 2)};
    assert_int_equal(vl_overlaps_resolve(length, 2), 2);
    assert_int_equal(length[0].is_loser, 1);
    vl_match priority[2] = {match(0, 10, 0.5f, 1), match(5, 15, 0.5f, 2)};
    priority[1].priority = 1;
    assert_int_equal(vl_overlaps_resolve(priority, 2), 2);
    assert_int_equal(priority[0].is_loser, 1);
    vl_match start[2] = {match(5, 15, 0.5f, 1), match(0, 10, 0.5f, 2)};
    assert_int_equal(vl_overlaps_resolve(start, 2), 2);
    assert_int_equal(start[0].entity, 2);
    assert_int_equal(start[0].is_loser, 0);
    vl_match row[2] = {match(0, 10, 0.5f, 1), match(0, 10, 0.5f, 2)};
    row[0].row = 9;
    assert_int_equal(vl_overlaps_resolve(row, 2), 2);
    assert_int_equal(row[0].is_loser, 1);
    assert_int_equal(row[1].is_loser, 0);
}

static void duplicates_become_one_and_empty_ones_go(void **state)
{
    (void)state;
    vl_match matches[5] = {match(3, 9, 0.4f, 1), match(3, 9, 0.8f, 1), match(3, 9, 0.8f, 2), match(7, 7, 1.0f, 1),
                           match(9, 3, 1.0f, 1)};
    assert_int_equal(vl_overlaps_resolve(matches, 5), 2);
    assert_true(matches[0].score > 0.7f);
    assert_int_equal(matches[0].entity, 1);
    assert_int_equal(matches[1].entity, 2);
    assert_int_equal(vl_overlaps_resolve(matches, 0), 0);
    assert_int_equal(vl_overlaps_pieces(matches, 0, NULL), 0);
}

static void a_chain_beyond_the_bound_is_one_piece(void **state)
{
    (void)state;
    static vl_match matches[200];
    static vl_piece pieces[401];
    for (uint32_t i = 0; i < 200; i++)
        matches[i] = match(i * 50, i * 50 + 60, 0.5f + (float)i / 1000, (uint16_t)(5 + i));
    assert_int_equal(vl_overlaps_resolve(matches, 200), 200);
    assert_int_equal(vl_overlaps_pieces(matches, 200, pieces), 1);
    assert_int_equal(pieces[0].start, 0);
    assert_int_equal(pieces[0].end, 199 * 50 + 60);
    assert_int_equal(pieces[0].entity, 5);
    assert_int_equal(pieces[0].kind, VL_PIECE_LONG);
    assert_int_equal(matches[0].is_loser, 0);
    assert_int_equal(matches[1].is_loser, 1);
    assert_int_equal(matches[2].is_loser, 0);
}

static void a_chain_of_exactly_the_bound_is_resolved(void **state)
{
    (void)state;
    for (uint32_t extra = 0; extra < 2; extra++) {
        vl_match matches[2] = {match(100, 5000, 0.5f, 1), match(4000, 100 + VL_CHAIN_MAX_BYTES + extra, 0.4f, 2)};
        vl_piece pieces[5];
        assert_int_equal(vl_overlaps_resolve(matches, 2), 2);
        assert_int_equal(vl_overlaps_pieces(matches, 2, pieces), extra == 0 ? 2 : 1);
    }
}

/* ---- properties ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t random_set(vl_match *matches, uint64_t *seed)
{
    static const float scores[5] = {0.4f, 0.5f, 0.5f, 0.85f, 1.0f};
    size_t count = next_random(seed) % (next_random(seed) % 4 == 0 ? SET_MAX : 12);
    uint32_t range = 20 + (uint32_t)(next_random(seed) % 3000);
    uint32_t longest = 1 + (uint32_t)(next_random(seed) % 60);
    for (size_t i = 0; i < count; i++) {
        uint32_t start = (uint32_t)(next_random(seed) % range);
        uint32_t end = start + 1 + (uint32_t)(next_random(seed) % longest);
        matches[i] = match(start, end, scores[next_random(seed) % 5], (uint16_t)(next_random(seed) % 6));
        matches[i].row = (uint16_t)(next_random(seed) % 9);
        matches[i].priority = (uint8_t)(next_random(seed) % 3);
    }
    return count;
}

static bool overlap(const vl_match *a, const vl_match *b)
{
    return a->start < b->end && b->start < a->end;
}

/* The header's words, one after the other. */
static bool is_stronger(const vl_match *a, const vl_match *b)
{
    if (a->score != b->score) return a->score > b->score;
    if (a->end - a->start != b->end - b->start) return a->end - a->start > b->end - b->start;
    if (a->priority != b->priority) return a->priority > b->priority;
    if (a->start != b->start) return a->start < b->start;
    if (a->row != b->row) return a->row < b->row;
    return a->entity < b->entity;
}

static int compare_strength(const void *a, const void *b)
{
    return is_stronger(a, b) ? -1 : is_stronger(b, a) ? 1 : 0;
}

/* True when the definition makes `which` a winner among `sorted` (strongest first). */
static void reference_winners(const vl_match *sorted, size_t count, bool *wins)
{
    for (size_t i = 0; i < count; i++) {
        wins[i] = true;
        for (size_t j = 0; j < i; j++) {
            if (wins[j] && overlap(&sorted[i], &sorted[j])) wins[i] = false;
        }
    }
}

static void check_order(const vl_match *matches, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const vl_match *a = &matches[i - 1];
        const vl_match *b = &matches[i];
        bool is_ordered = a->start < b->start || (a->start == b->start && a->end < b->end) ||
                          (a->start == b->start && a->end == b->end && a->entity < b->entity);
        assert_true(is_ordered);
    }
}

static void check_winners(const vl_match *matches, size_t count)
{
    static vl_match sorted[SET_MAX];
    static bool wins[SET_MAX];
    memcpy(sorted, matches, count * sizeof *matches);
    qsort(sorted, count, sizeof *sorted, compare_strength);
    reference_winners(sorted, count, wins);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sorted[i].is_loser, !wins[i]);
}

/* Pieces are ordered, do not overlap, cover every byte of every match and no other byte; winners keep their own entity. */
static void check_pieces(const vl_match *original, size_t original_count, const vl_match *matches, size_t count)
{
    static vl_piece pieces[2 * SET_MAX + 1];
    static uint8_t covered[4096];
    static uint8_t wanted[4096];
    size_t piece_count = vl_overlaps_pieces(matches, count, pieces);
    assert_true(piece_count <= 2 * count + 1);
    memset(covered, 0, sizeof covered);
    memset(wanted, 0, sizeof wanted);
    uint32_t reach = 0;
    for (size_t i = 0; i < piece_count; i++) {
        assert_true(pieces[i].start >= reach && pieces[i].start < pieces[i].end);
        reach = pieces[i].end;
        memset(covered + pieces[i].start, 1, pieces[i].end - pieces[i].start);
    }
    for (size_t i = 0; i < original_count; i++)
        memset(wanted + original[i].start, 1, original[i].end - original[i].start);
    assert_memory_equal(covered, wanted, sizeof covered);
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (matches[i].is_loser) continue;
        while (next < piece_count && pieces[next].kind == VL_PIECE_REST)
            next++;
        assert_true(next < piece_count);
        assert_int_equal(pieces[next].start, matches[i].start);
        assert_int_equal(pieces[next].end, matches[i].end);
        assert_int_equal(pieces[next++].entity, matches[i].entity);
    }
}

static void random_sets_keep_the_contract(void **state)
{
    (void)state;
    static vl_match original[SET_MAX];
    static vl_match matches[SET_MAX];
    static vl_match again[SET_MAX];
    uint64_t seed = test_seed(0x9E3779B97F4A7C15u);
    for (int round = 0; round < 4000; round++) {
        size_t original_count = random_set(original, &seed);
        memcpy(matches, original, sizeof matches);
        size_t count = vl_overlaps_resolve(matches, original_count);
        assert_true(count <= original_count);
        check_order(matches, count);
        uint32_t first = count > 0 ? matches[0].start : 0;
        uint32_t last = 0;
        for (size_t i = 0; i < count; i++)
            last = matches[i].end > last ? matches[i].end : last;
        assert_true(last - first <= VL_CHAIN_MAX_BYTES); /* so no chain is beyond the bound here */
        check_winners(matches, count);
        check_pieces(original, original_count, matches, count);
        memcpy(again, matches, sizeof again);
        assert_int_equal(vl_overlaps_resolve(again, count), count);
        assert_memory_equal(again, matches, count * sizeof *matches);
    }
}

/* The same set in another order gives the same answer. */
static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static vl_match a[SET_MAX];
    static vl_match b[SET_MAX];
    uint64_t seed = test_seed(42);
    for (int round = 0; round < 1000; round++) {
        size_t count = random_set(a, &seed);
        memcpy(b, a, sizeof b);
        for (size_t i = count; i > 1; i--) {
            size_t j = next_random(&seed) % i;
            vl_match moved = b[i - 1];
            b[i - 1] = b[j];
            b[j] = moved;
        }
        size_t kept = vl_overlaps_resolve(a, count);
        assert_int_equal(vl_overlaps_resolve(b, count), kept);
        assert_memory_equal(a, b, kept * sizeof *a);
    }
}

/* The best of five runs over `count` matches that come in order or in reverse. */
static double seconds_a_match(vl_match *matches, uint32_t count, bool is_reversed)
{
    double best = 1.0;
    for (int run = 0; run < 5; run++) {
        for (uint32_t i = 0; i < count; i++) {
            uint32_t place = is_reversed ? count - i : i;
            matches[i] = match(place * 10, place * 10 + 8, 0.5f, 1);
        }
        double before = cpu_seconds();
        assert_int_equal(vl_overlaps_resolve(matches, count), count);
        double taken = (cpu_seconds() - before) / count;
        if (taken < best) best = taken;
    }
    return best;
}

/* Time per match stays flat when sets grow 16 times, in the usual order and in the worst: the bound of 8 is far above the growth
 * of a logarithm and far below that of a quadratic sort (16 times, and 16 times more for each match). */
static void time_grows_with_the_number_of_matches(void **state)
{
    (void)state;
    enum { SMALL = 8192, LARGE = SMALL * 16 };
    vl_match *matches = malloc(LARGE * sizeof *matches);
    assert_non_null(matches);
    for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
        double few = seconds_a_match(matches, SMALL, is_reversed);
        double many = seconds_a_match(matches, LARGE, is_reversed);
        print_message("%s: %.1f ns a match\n", is_reversed ? "reversed" : "ordered", many * 1e9);
        assert_true(many < 8 * few + 50e-9);
    }
    free(matches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disjoint_matches_all_win),
        cmocka_unit_test(a_losers_tail_goes_too),
        cmocka_unit_test(a_loser_around_a_winner_leaves_two_rests),
        cmocka_unit_test(a_loser_defeats_nobody),
        cmocka_unit_test(strength_is_score_length_priority_start_row),
        cmocka_unit_test(duplicates_become_one_and_empty_ones_go),
        cmocka_unit_test(a_chain_beyond_the_bound_is_one_piece),
        cmocka_unit_test(a_chain_of_exactly_the_bound_is_resolved),
        cmocka_unit_test(random_sets_keep_the_contract),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(time_grows_with_the_number_of_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

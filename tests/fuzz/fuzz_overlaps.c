/* Sets of matches from arbitrary bytes (12 a match): the header's promises hold whatever the scores, spans and rows are. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/overlaps.h"

#define MATCH_MAX 512u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* start 16 bits, length 8 bits (scaled by the next), score 32 bits as they come, row, entity, priority */
static vl_match read_match(const uint8_t *p)
{
    vl_match match = {0};
    uint32_t length = p[3] % 4 == 0 ? p[2] * 64u : p[2] % 32u;
    match.start = (uint32_t)p[0] << 8 | p[1];
    match.end = match.start + length;
    memcpy(&match.score, p + 4, sizeof match.score);
    match.row = p[8];
    match.entity = p[9] % 8;
    match.priority = p[10] % 4;
    match.is_loser = p[11];
    return match;
}

static bool is_covered(const vl_piece *pieces, size_t count, const vl_match *match)
{
    uint32_t at = match->start;
    for (size_t i = 0; i < count && at < match->end; i++) {
        if (pieces[i].start <= at && pieces[i].end > at) at = pieces[i].end;
    }
    return at >= match->end;
}

static void check(const vl_match *original, size_t original_count, const vl_match *matches, size_t count)
{
    static vl_piece pieces[2 * MATCH_MAX + 1];
    size_t piece_count = vl_overlaps_pieces(matches, count, pieces);
    uint32_t reach = 0;
    uint32_t winner_reach = 0;
    require(piece_count <= 2 * count + 1);
    for (size_t i = 0; i < piece_count; i++) {
        require(pieces[i].start >= reach && pieces[i].end > pieces[i].start);
        reach = pieces[i].end;
    }
    for (size_t i = 0; i < original_count; i++)
        require(is_covered(pieces, piece_count, &original[i]));
    for (size_t i = 0; i < count; i++) {
        require(matches[i].is_loser <= 1);
        require(i == 0 || matches[i].start >= matches[i - 1].start);
        if (matches[i].is_loser) continue;
        require(matches[i].start >= winner_reach);
        winner_reach = matches[i].end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static vl_match original[MATCH_MAX];
    static vl_match matches[MATCH_MAX];
    static vl_match again[MATCH_MAX];
    size_t original_count = size / 12 < MATCH_MAX ? size / 12 : MATCH_MAX;
    for (size_t i = 0; i < original_count; i++)
        original[i] = read_match(data + 12 * i);
    memcpy(matches, original, sizeof matches);
    size_t count = vl_overlaps_resolve(matches, original_count);
    require(count <= original_count);
    check(original, original_count, matches, count);
    memcpy(again, matches, sizeof again);
    require(vl_overlaps_resolve(again, count) == count);
    require(memcmp(again, matches, count * sizeof *matches) == 0);
    return 0;
}

/*
 * Context words and the score of a match. Words are runs of two ASCII letters or more; those that begin in the 64 bytes before
 * a match count, up to the fifth of three letters or more. A word of the text stands for a context
 * word when it is equal, or begins with one of four letters or more ("accounts", "passportno"): Presidio compares any part of
 * a lemma, which lets "us" match in "status". Nothing is looked up unless the result can change.
 */
#include "text/scan.h"

#include <string.h>

#define CONTEXT_RAISE 0.35f
#define CONTEXT_LEAST 0.4f
#define WORDS_BACK    5u

/* The table's index for a word: its first two letters, whatever their case. */
static unsigned index_of(const uint8_t *word)
{
    return (word[0] & 31u) << 5 | (word[1] & 31u);
}

/* Words of two letters have a bucket that takes any third byte but a letter. The others share seven by the upper half of their
 * letters, so that in a bucket lower halves alone mix: a third of the words of logs and prose passes (by first letter: half). */
static void add_lead(vl_lead_set *leads, const char *word, size_t length)
{
    if (length > 2) {
        unsigned halves = ((unsigned)word[0] >> 4 & 1) | ((unsigned)word[1] >> 3 & 2) | ((unsigned)word[2] >> 2 & 4);
        vl_lead_set_add(leads, halves % 7, word);
        return;
    }
    for (unsigned third = 0; third < 256; third++)
        if (!vl_is_alpha((char)third)) vl_lead_set_add(leads, 7, (const char[]){word[0], word[1], (char)third});
}

static void add_word(vl_tables *tables, size_t row, const char *word, size_t length)
{
    vl_context_set *set = &tables->context[row];
    if (set->count == sizeof set->lengths) return;
    tables->context_rows[index_of((const uint8_t *)word)] |= 1ull << (row % 64);
    add_lead(&tables->context_leads, word, length);
    set->words[set->count] = word;
    set->lengths[set->count++] = (uint8_t)length;
}

void vl_context_prepare(vl_tables *tables)
{
    for (size_t row = 0; row < vl_row_end(&tables->catalogue); row++) {
        const char *at = vl_row_of(&tables->catalogue, (unsigned)row)->context;
        while (*at != '\0') {
            size_t length = strcspn(at, " ");
            add_word(tables, row, at, length);
            at += length;
            at += *at == ' ';
        }
    }
}

/* Where words begin in the 64 bytes before `start`, and which of them have three letters. */
static uint64_t word_begins(const vl_scan *scan, size_t start, uint64_t *longer)
{
    uint64_t letters = vl_behind_alpha(scan, start);
    uint64_t goes_on = start >= 65 && vl_is_alpha((char)scan->text[start - 65]);
    *longer = letters >> 2 | 3ull << 62;
    return letters & ~(letters << 1 | goes_on) & (letters >> 1 | 1ull << 63);
}

/* Rows with a context word that may begin in each block, and where: made when a match first asks. */
static void look_ahead(vl_scan *scan)
{
    size_t classified =
        scan->size - scan->base < scan->block_count * 64 ? scan->size - scan->base : scan->block_count * 64;
    scan->kernels->mark_leads(scan->text + scan->base, classified, &scan->tables->context_leads, scan->marks);
    scan->marks[scan->block_count] = 0;
    uint64_t letter_before = 0;
    for (size_t i = 0; i < scan->block_count; i++) {
        uint64_t letters = scan->blocks[i].alpha;
        uint64_t begins = scan->marks[i] & letters & ~(letters << 1 | letter_before);
        const uint8_t *text = scan->text + scan->base + i * 64;
        uint64_t rows = 0;
        letter_before = letters >> 63;
        scan->marks[i] = begins;
        for (; begins != 0; begins &= begins - 1)
            rows |= scan->tables->context_rows[index_of(text + vl_low_bit(begins))];
        scan->block_rows[i + 1] = rows;
    }
    scan->has_marks = true;
}

static uint64_t marks_behind(const vl_scan *scan, size_t start)
{
    size_t have = start - scan->base;
    if (have < 64) return have == 0 ? 0 : scan->marks[0] << (64 - have);
    size_t from = have - 64;
    unsigned shift = from % 64;
    uint64_t low = scan->marks[from / 64] >> shift;
    return shift == 0 ? low : low | scan->marks[from / 64 + 1] << (64 - shift);
}

/* The words that count, of those that begin at `begins`: drop what lies before the fifth of the longer ones. */
static uint64_t nearest_words(uint64_t begins, uint64_t longer)
{
    uint64_t left = begins & longer;
    uint64_t lowest = 0;
    for (unsigned i = 0; i < WORDS_BACK && left != 0; i++) {
        lowest = 1ull << (63 - (unsigned)__builtin_clzll(left));
        left ^= lowest;
    }
    return left == 0 ? begins : begins & ~(lowest - 1);
}

static bool is_word(const uint8_t *text, size_t length, const char *word, size_t word_length)
{
    if (length < word_length || (length > word_length && word_length < 4)) return false;
    for (size_t i = 0; i < word_length; i++)
        if ((text[i] | 0x20) != (uint8_t)word[i]) return false;
    return true;
}

static bool is_listed(const vl_context_set *set, const uint8_t *text, size_t length)
{
    for (size_t i = 0; i < set->count; i++)
        if (is_word(text, length, set->words[i], set->lengths[i])) return true;
    return false;
}

static bool find_word(vl_scan *scan, unsigned row, size_t start)
{
    uint64_t longer;
    uint64_t begins = word_begins(scan, start, &longer);
    uint64_t marks = marks_behind(scan, start);
    uint64_t words = (begins & marks) == 0 ? 0 : nearest_words(begins, longer) & marks;
    for (; words != 0; words &= words - 1) {
        size_t word = start + vl_low_bit(words) - 64;
        if ((scan->tables->context_rows[index_of(scan->text + word)] >> (row % 64) & 1) == 0) continue;
        if (is_listed(&scan->tables->context[row], scan->text + word, vl_run(vl_view_alpha(scan, word)))) return true;
    }
    return false;
}

bool vl_context_stands(vl_scan *scan, unsigned row, size_t start)
{
    if (!scan->has_marks) look_ahead(scan);
    size_t have = start - scan->base;
    uint64_t rows = scan->block_rows[have / 64] | scan->block_rows[(have + 63) / 64]; /* of the last 64 bytes */
    return (rows >> (row % 64) & 1) != 0 && find_word(scan, row, start);
}

static void keep(vl_scan *scan, unsigned row, size_t start, size_t end, float score)
{
    const vl_row *rule = vl_row_of(&scan->tables->catalogue, row);
    vl_match *match = &scan->matches[scan->count++];
    match->start = (uint32_t)(start - scan->base);
    match->end = (uint32_t)(end - scan->base);
    match->score = score;
    match->row = (uint16_t)row;
    match->entity = rule->entity;
    match->priority = rule->priority;
    match->is_loser = 0;
    match->reserved = 0;
}

/* What stands beside the candidate speaks against it. */
static bool is_refused(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    uint32_t flags = vl_row_of(&scan->tables->catalogue, row)->flags;
    if ((flags & VL_ROW_WHOLE) != 0 && vl_is_piece(scan, start, end)) return true;
    if ((flags & VL_ROW_ALONE) != 0 && vl_is_joined(scan, start) && !vl_context_stands(scan, row, start)) return true;
    return (flags & VL_ROW_NO_KEY) != 0 && vl_is_key(scan, start) && !vl_context_stands(scan, row, start);
}

static void emit_checked(vl_scan *scan, unsigned row, size_t start, size_t end, vl_validity validity, float score)
{
    const vl_row *rule = vl_row_of(&scan->tables->catalogue, row);
    if (start < scan->first) return;         /* found in the window before */
    if (scan->count == VL_MATCH_MAX) return; /* vl_scan_blocks sees it and ends the window before */
    if (validity == VL_INVALID && (rule->flags & VL_ROW_SOFT_CHECK) == 0) return;
    if (validity == VL_VALID && (rule->flags & VL_ROW_WEAK_CHECK) == 0) {
        score = 1.0f;
    } else if (vl_context_stands(scan, row, start)) {
        score = score + CONTEXT_RAISE;
        if (score < CONTEXT_LEAST) score = CONTEXT_LEAST;
        if (score > 1.0f || validity == VL_VALID) score = 1.0f;
    }
    if (score >= scan->min_score && !is_refused(scan, row, start, end)) keep(scan, row, start, end, score);
}

void vl_emit_checked(vl_scan *scan, unsigned row, size_t start, size_t end, vl_validity validity)
{
    emit_checked(scan, row, start, end, validity, vl_row_of(&scan->tables->catalogue, row)->score);
}

void vl_emit_scored(vl_scan *scan, unsigned row, size_t start, size_t end, float score)
{
    const vl_row *rule = vl_row_of(&scan->tables->catalogue, row);
    vl_validity validity =
        rule->validate == NULL ? VL_UNKNOWN : rule->validate((const char *)scan->text + start, end - start);
    emit_checked(scan, row, start, end, validity, score);
}

void vl_emit(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    const vl_row *rule = vl_row_of(&scan->tables->catalogue, row);
    bool needs_context = rule->validate == NULL || (rule->flags & VL_ROW_WEAK_CHECK) != 0;
    if (needs_context && rule->score < scan->min_score && !vl_context_stands(scan, row, start)) return;
    vl_validity validity =
        rule->validate == NULL ? VL_UNKNOWN : rule->validate((const char *)scan->text + start, end - start);
    vl_emit_checked(scan, row, start, end, validity);
}

/*
 * Context words and the score of a match. Words are runs of ASCII letters; the five nearest before a match count (one- and
 * two-letter words are compared, but do not use up the five), at most 128 bytes back. A word of the text stands for a context
 * word when it is equal, or begins with one of four letters or more ("accounts", "passportno"): Presidio compares any part of
 * a lemma, which lets "us" match in "status". Nothing is looked up unless the result can change.
 */
#include "text/scan.h"

#include <string.h>

#define CONTEXT_RAISE 0.35f
#define CONTEXT_LEAST 0.4f
#define WORDS_BACK    5u

static void add_word(vl_context_set *set, const char *word, size_t length)
{
    if (set->count == sizeof set->lengths) return;
    set->letters |= 1u << (word[0] & 31);
    set->words[set->count] = word;
    set->lengths[set->count++] = (uint8_t)length;
}

void vl_context_prepare(vl_tables *tables)
{
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        const char *at = vl_rows[row].context;
        while (*at != '\0') {
            size_t length = strcspn(at, " ");
            add_word(&tables->context[row], at, length);
            at += length;
            at += *at == ' ';
        }
    }
}

/* Take the words that begin in the 64 bytes up to `end`, nearest first. False when five were seen. */
static bool collect(const vl_scan *scan, vl_before *before, size_t end, unsigned *counted)
{
    uint64_t letters = vl_behind_alpha(scan, end);
    uint64_t begins = letters & ~(letters << 1);
    if (end >= 64 && end - 64 > scan->base && vl_is_alpha((char)scan->text[end - 65])) begins &= ~1ull;
    while (begins != 0) {
        unsigned at = 63 - (unsigned)__builtin_clzll(begins);
        size_t start = end - 64 + at;
        begins &= ~(1ull << at);
        unsigned length = vl_run(vl_view_alpha(scan, start));
        if (length < 2) continue;
        before->letters |= 1u << (scan->text[start] & 31);
        before->starts[before->count] = start;
        before->lengths[before->count++] = (uint8_t)length;
        *counted += length > 2;
        if (*counted == WORDS_BACK || before->count == VL_CONTEXT_WORDS) return false;
    }
    return true;
}

static void gather(vl_scan *scan, size_t start)
{
    vl_before *before = &scan->before;
    unsigned counted = 0;
    before->at = start;
    before->letters = 0;
    before->count = 0;
    if (collect(scan, before, start, &counted) && start - scan->base > 64)
        (void)collect(scan, before, start - 64, &counted);
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

bool vl_context_stands(vl_scan *scan, unsigned row, size_t start)
{
    const vl_context_set *set = &scan->tables->context[row];
    if (scan->before.at != start) gather(scan, start);
    if ((scan->before.letters & set->letters) == 0) return false;
    for (size_t i = 0; i < scan->before.count; i++) {
        const uint8_t *word = scan->text + scan->before.starts[i];
        bool is_candidate = (set->letters >> (word[0] & 31) & 1) != 0;
        if (is_candidate && is_listed(set, word, scan->before.lengths[i])) return true;
    }
    return false;
}

static void keep(vl_scan *scan, unsigned row, size_t start, size_t end, float score)
{
    vl_match *match = &scan->matches[scan->count++];
    match->start = (uint32_t)(start - scan->base);
    match->end = (uint32_t)(end - scan->base);
    match->score = score;
    match->row = (uint16_t)row;
    match->entity = vl_rows[row].entity;
    match->priority = vl_rows[row].priority;
    match->is_loser = 0;
    match->reserved = 0;
}

void vl_emit_checked(vl_scan *scan, unsigned row, size_t start, size_t end, vl_validity validity)
{
    const vl_row *rule = &vl_rows[row];
    if (start < scan->first) return;         /* found in the window before */
    if (scan->count == VL_MATCH_MAX) return; /* vl_scan_blocks sees it and ends the window before */
    if (validity == VL_INVALID && (rule->flags & VL_ROW_SOFT_CHECK) == 0) return;
    float score = rule->score;
    if (validity == VL_VALID && (rule->flags & VL_ROW_WEAK_CHECK) == 0) {
        score = 1.0f;
    } else if (vl_context_stands(scan, row, start)) {
        score = score + CONTEXT_RAISE;
        if (score < CONTEXT_LEAST) score = CONTEXT_LEAST;
        if (score > 1.0f || validity == VL_VALID) score = 1.0f;
    }
    if (score >= scan->min_score) keep(scan, row, start, end, score);
}

void vl_emit(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    const vl_row *rule = &vl_rows[row];
    bool needs_context = rule->validate == NULL || (rule->flags & VL_ROW_WEAK_CHECK) != 0;
    if (needs_context && rule->score < scan->min_score && !vl_context_stands(scan, row, start)) return;
    vl_validity validity =
        rule->validate == NULL ? VL_UNKNOWN : rule->validate((const char *)scan->text + start, end - start);
    vl_emit_checked(scan, row, start, end, validity);
}

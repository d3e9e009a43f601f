/*
 * Context words and the score of a match. Words are runs of two letters or more; those that begin in the 64 bytes before a
 * match count, up to the fifth of three letters or more. A word of the text stands for a context word when it is equal, or
 * begins with one of four letters or more ("accounts", "passportno"): Presidio compares any part of a lemma, which lets "us"
 * match in "status". Words of other scripts count anywhere in the 64 bytes. Nothing is looked up unless the result can change.
 *
 * Most matches have no context word. A look at all 64 bytes at once tells where none of the row's words can begin; then each of
 * the few words that count is looked for only when its first four letters open the gate. Where bytes beyond ASCII stand, the 64
 * bytes before a match are folded and read word by word.
 */
#include "text/context.h"

#include <string.h>

#include "text/scan.h"

#define CONTEXT_RAISE 0.35f
#define CONTEXT_LEAST 0.4f
#define WORDS_BACK    5

/* Where words begin in the 64 bytes before `start`, and which of them have three letters. */
static inline uint64_t word_begins(const vl_scan *scan, size_t start, uint64_t letters, uint64_t *longer)
{
    uint64_t goes_on = start >= 65 && vl_is_alpha((char)scan->text[start - 65]);
    *longer = letters >> 2 | 3ull << 62;
    return letters & ~(letters << 1 | goes_on) & (letters >> 1 | 1ull << 63);
}

/* Bytes beyond ASCII in text[0, size). */
static inline bool has_other_bytes(const uint8_t *text, size_t size)
{
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t eight;
        memcpy(&eight, text + i, 8);
        any |= eight;
    }
    for (; i < size; i++)
        any |= text[i];
    return (any & 0x8080808080808080u) != 0;
}

/* The word at p, with letters at the low bits of `run`: its first four open the gate. */
static inline bool opens(const vl_scan *scan, size_t p, uint64_t run)
{
    static const uint32_t masks[5] = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF};
    unsigned length = vl_run(run & 15);
    uint32_t first = 0;
    if (p + 4 <= scan->size)
        memcpy(&first, scan->text + p, 4);
    else
        memcpy(&first, scan->text + p, length);
    unsigned begin = vl_context_begin((first | 0x20202020) & masks[length]);
    return (scan->gate->begins[begin / 64] >> (begin % 64) & 1) != 0;
}

/* The words that count, of those that begin at `begins`: drop what lies before the fifth of the longer ones. */
static inline uint64_t nearest_words(uint64_t begins, uint64_t longer)
{
    uint64_t left = begins & longer;
    uint64_t before = left;
    for (unsigned i = 0; i < WORDS_BACK; i++)
        before &= ~(1ull << 63 >> __builtin_clzll(before | 1));
    uint64_t fifth = left ^ before;
    return before == 0 ? begins : begins & ~((fifth & -fifth) - 1);
}

/* Of the words that count before `start`, those that may be context words. */
static inline uint64_t open_words(const vl_scan *scan, size_t start)
{
    uint64_t longer;
    uint64_t letters = vl_behind_alpha(scan, start);
    uint64_t begins = word_begins(scan, start, letters, &longer);
    uint64_t kept = 0;
    for (uint64_t words = nearest_words(begins, longer); words != 0; words &= words - 1) {
        unsigned at = vl_low_bit(words);
        size_t p = start + at - 64;
        kept |= (uint64_t)opens(scan, p, at <= 60 ? letters >> at : vl_view_alpha(scan, p)) << at;
    }
    return kept;
}

static bool find_ascii(vl_scan *scan, size_t start)
{
    bool is_found = false;
    for (uint64_t words = open_words(scan, start); words != 0; words &= words - 1) {
        size_t word = start + vl_low_bit(words) - 64;
        size_t length = vl_run(vl_view_alpha(scan, word));
        is_found = vl_context_find(scan->tables->context, scan->text + word, length, scan->languages, is_found,
                                   &scan->support);
    }
    return is_found;
}

/* Latin letters of text[0, size), with ' ' for all else; returns their number. */
static size_t fold(const uint8_t *text, size_t size, uint8_t *letters)
{
    size_t count = 0;
    for (size_t at = 0; at < size;) {
        at += vl_letter_fold(text + at, size - at, &letters[count]);
        count += letters[count] != 0;
    }
    return count;
}

/* Words of the folded bytes from the last one back. The first one may have begun before them. */
static bool find_folded(vl_scan *scan, const uint8_t *letters, size_t count, bool is_cut)
{
    bool is_found = false;
    unsigned longer = 0;
    while (count > 0 && longer < WORDS_BACK) {
        size_t end = count;
        while (count > 0 && letters[count - 1] != ' ')
            count--;
        size_t length = end - count;
        if (length >= 2 && !(count == 0 && is_cut))
            is_found = vl_context_find(scan->tables->context, letters + count, length, scan->languages, is_found,
                                       &scan->support);
        longer += length >= 3;
        count -= count > 0;
    }
    return is_found;
}

static bool find_script(vl_scan *scan, const uint8_t *text, size_t size, bool is_found)
{
    for (size_t at = 0; at < size; at++)
        if (text[at] >= 0xC0)
            is_found = vl_context_find_script(scan->tables->context, text + at, size - at, scan->languages, is_found,
                                              &scan->support);
    return is_found;
}

static __attribute__((noinline)) bool find_other(vl_scan *scan, size_t start)
{
    uint8_t raw[VL_CONTEXT_BYTES];
    uint8_t letters[VL_CONTEXT_BYTES];
    size_t from = start > VL_CONTEXT_BYTES ? start - VL_CONTEXT_BYTES : 0;
    while (from < start && (scan->text[from] & 0xC0) == 0x80 && start - from > VL_CONTEXT_BYTES - 3)
        from++; /* the rest of a character */
    size_t size = start - from;
    memcpy(raw, scan->text + from, size);
    bool is_cut = from > 0 && (vl_is_alpha((char)scan->text[from - 1]) || scan->text[from - 1] >= 0x80);
    bool is_found = find_folded(scan, letters, fold(raw, size, letters), is_cut);
    if (scan->gate->has_script) {
        vl_script_lower(raw, size);
        is_found = find_script(scan, raw, size, is_found);
    }
    vl_wipe(raw, sizeof raw);
    vl_wipe(letters, sizeof letters);
    return is_found;
}

/* Rows that have a context word before `start`. Many rows ask about one place, so the answer is kept. */
static __attribute__((noinline)) void find_support(vl_scan *scan, size_t start)
{
    size_t from = start - scan->base > VL_CONTEXT_BYTES ? start - VL_CONTEXT_BYTES : scan->base;
    scan->support_start = start;
    bool is_other = has_other_bytes(scan->text + from, start - from);
    scan->has_support = is_other ? find_other(scan, start) : find_ascii(scan, start);
}

/* False: none of the row's words begins in the bytes that count before `start`. At the window's and the text's ends nothing is
 * known. Escapes, whose letters are no part of words, are not told apart here. */
static inline bool may_stand(const vl_scan *scan, unsigned row, size_t start)
{
    if (start - scan->base < VL_CONTEXT_BYTES || start + 2 > scan->size) return true;
    return scan->kernels->may_begin_word(scan->text + start - VL_CONTEXT_BYTES, &scan->gate->rows[row]);
}
_Static_assert(VL_CONTEXT_BYTES == 64, "the kernel looks at so many");

bool vl_context_may_stand(const vl_scan *scan, unsigned row, size_t start)
{
    if (scan->support_start != start) return may_stand(scan, row, start);
    return scan->has_support && vl_row_set_has(&scan->support, row);
}

bool vl_context_stands(vl_scan *scan, unsigned row, size_t start)
{
    if (scan->support_start != start) {
        if (!may_stand(scan, row, start)) return false;
        find_support(scan, start);
    }
    return scan->has_support && vl_row_set_has(&scan->support, row);
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
    match->is_view = 0;
}

/* It belongs to a telephone number, and those are looked for. */
static bool is_dialled(const vl_scan *scan, unsigned row, size_t start, size_t end)
{
    bool is_phone = vl_row_of(&scan->tables->catalogue, row)->entity == VL_ENTITY_PHONE_NUMBER;
    return !is_phone && vl_on(scan, VL_ROW_PHONE) && vl_is_dialled(scan, start, end);
}

/* What stands beside the candidate speaks against it. */
static bool is_refused(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    uint32_t flags = vl_row_of(&scan->tables->catalogue, row)->flags;
    if ((flags & VL_ROW_WHOLE) != 0 && (vl_is_piece(scan, start, end) || is_dialled(scan, row, start, end)))
        return true;
    if ((flags & VL_ROW_ALONE) != 0 && vl_is_joined(scan, start) && !vl_context_stands(scan, row, start)) return true;
    bool is_programs = ((flags & VL_ROW_NO_KEY) != 0 && vl_is_key(scan, start)) ||
                       ((flags & (VL_ROW_NO_KEY | VL_ROW_NO_UNIT)) != 0 && vl_is_counted(scan, end));
    return is_programs && !vl_context_stands(scan, row, start);
}

static void emit_checked(vl_scan *scan, unsigned row, size_t start, size_t end, vl_validity validity, float score)
{
    const vl_row *rule = vl_row_of(&scan->tables->catalogue, row);
    if (start < scan->first) return;         /* found in the window before */
    if (scan->count == VL_MATCH_MAX) return; /* vl_scan_blocks sees it and ends the window before */
    if (validity == VL_INVALID && (rule->flags & VL_ROW_SOFT_CHECK) == 0) return;
    if (validity == VL_VALID && ((rule->flags & VL_ROW_WEAK_CHECK) == 0 || scan->is_named)) {
        score = 1.0f;
    } else if (vl_context_stands(scan, row, start)) {
        score = score + CONTEXT_RAISE;
        if (score < CONTEXT_LEAST) score = CONTEXT_LEAST;
        if (score > 1.0f || validity == VL_VALID) score = 1.0f;
    } else if ((rule->flags & VL_ROW_NEEDS_WORD) != 0 || ((rule->flags & VL_ROW_ASKS_WORD) != 0 && !scan->is_named)) {
        return;
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
    bool needs_context = rule->validate == NULL || ((rule->flags & VL_ROW_WEAK_CHECK) != 0 && !scan->is_named);
    if (needs_context && rule->score < scan->min_score && !vl_context_stands(scan, row, start)) return;
    vl_validity validity =
        rule->validate == NULL ? VL_UNKNOWN : rule->validate((const char *)scan->text + start, end - start);
    vl_emit_checked(scan, row, start, end, validity);
}

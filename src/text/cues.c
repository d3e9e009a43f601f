/*
 * An age is one to three digits, and most BICs are eight letters: neither can be told without the word in front, and no anchor of
 * digits leads to the second. So the words are looked for (by their first three bytes), and what follows within 64 bytes is
 * read. A value holds nothing of its cue, so that JSON and key=value stay what they are.
 */
#include "text/cues.h"

#include <string.h>

#define REACH      64u /* bytes from a cue to the end of its value */
#define GAP_MAX    12u /* between a key and its value */
#define WORDS_MAX  6u  /* between a cue and a BIC */
#define VALUES_MAX 512u
#define PIECE      1024u /* bytes searched at once */
#define CAPITALS   4u    /* letters of a word that shows that all is written in capitals */

typedef enum cue_kind { CUE_AGE, CUE_BIC } cue_kind;

typedef struct cue {
    const char *word; /* lower case */
    cue_kind kind;
} cue;

static const cue cues[] = {{"aged", CUE_AGE},  {"age", CUE_AGE},   {"edad", CUE_AGE}, {"\xC3\xA2ge", CUE_AGE},
                           {"alter", CUE_AGE}, {"swift", CUE_BIC}, {"bic", CUE_BIC}};

static void add_lead(vl_lead_set *set, unsigned bucket, const char *word)
{
    char lead[VL_LEAD_BYTES];
    memcpy(lead, word, VL_LEAD_BYTES);
    vl_lead_set_add(set, bucket, lead);
    lead[0] = vl_to_upper(lead[0]);
    vl_lead_set_add(set, bucket, lead);
    for (size_t i = 1; i < VL_LEAD_BYTES; i++)
        lead[i] = vl_to_upper(lead[i]);
    vl_lead_set_add(set, bucket, lead);
}

void vl_cues_prepare(vl_letter_set *all, vl_lead_set *silent)
{
    vl_letter_set_clear(all);
    vl_lead_set_clear(silent);
    for (unsigned i = 0; i < sizeof cues / sizeof cues[0]; i++) {
        vl_letter_set_add(all, i, cues[i].word);
        if (cues[i].kind == CUE_BIC) add_lead(silent, i, cues[i].word);
    }
}

/* The cue at p, a word of its own or the last part of "user_age" and "userAge"; "max-age" is none. */
static const cue *find_cue(const vl_scan *scan, size_t p, size_t *end)
{
    uint8_t before = p > 0 ? scan->text[p - 1] : 0;
    bool is_capital = scan->text[p] >= 'A' && scan->text[p] <= 'Z';
    bool is_inner = vl_is_alnum((char)before) && !(is_capital && before >= 'a' && before <= 'z');
    if ((is_inner && !vl_ends_escape(scan, p - 1)) || before == '-') return NULL;
    for (size_t i = 0; i < sizeof cues / sizeof cues[0]; i++) {
        size_t length = strlen(cues[i].word);
        size_t same = 0;
        while (same < length && (uint8_t)vl_to_lower((char)vl_byte(scan, p + same)) == (uint8_t)cues[i].word[same])
            same++;
        *end = p + length;
        if (same == length && !vl_word_at(scan, *end)) return &cues[i];
    }
    return NULL;
}

/* Bytes of what may stand between a key and its value at p: a space, a sign, quotes, brackets, an escape; no end of a sentence. */
static size_t gap_length(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    if (c == '\\') return 1u + vl_escape_length(scan, p + 1);
    if (c >= 0x80) return 1;
    bool ends_sentence = c == '.' || c == '!' || c == '?' || c == ')' || c == '%' || c == '$' || c == 0;
    return vl_is_word(c) || ends_sentence ? 0 : 1;
}

/* " of" and " is", " von", " de" between the word and the number. */
static size_t skip_link(const vl_scan *scan, size_t p)
{
    static const char *const links[] = {" of ", " is ", " was ", " de ", " von "};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        size_t length = strlen(links[i]);
        if (scan->size - p > length && memcmp(scan->text + p, links[i], length) == 0) return p + length - 1;
    }
    return p;
}

/* One to three digits that are a number of their own: no fraction, no range, no share. */
static void read_age(vl_scan *scan, size_t p)
{
    size_t start = skip_link(scan, p);
    size_t from = start;
    for (size_t gap = 1; gap > 0 && start - from < GAP_MAX; start += gap)
        gap = gap_length(scan, start);
    if (start == from) return;
    size_t end = start;
    while (end - start < 4 && vl_digit_at(scan, end))
        end++;
    uint8_t next = vl_byte(scan, end);
    bool goes_on = (next == '.' || next == '-' || next == ':') && vl_digit_at(scan, end + 1);
    if (end == start || end - start > 3 || vl_is_word(next) || goes_on || next == '%') return;
    vl_emit(scan, VL_ROW_AGE_KEY, start, end);
}

static bool is_capital_word(const uint8_t *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (word[i] < 'A' || word[i] > 'Z') return false;
    return true;
}

/* A word in capitals that is none of those that name a BIC: the text is written in capitals, and any word may look like one. */
static bool shows_capitals(const uint8_t *word, size_t length)
{
    static const char *const names[] = {"BIC", "CODE", "SWIFT", "NUMBER", "BANK", "IBAN"};
    if (length < CAPITALS || !is_capital_word(word, length)) return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0) return false;
    return true;
}

static bool is_bic(const uint8_t *word, size_t length)
{
    if ((length != 8 && length != 11) || !is_capital_word(word, 6)) return false;
    for (size_t i = 6; i < length; i++)
        if (!vl_is_digit((char)word[i]) && (word[i] < 'A' || word[i] > 'Z')) return false;
    return vl_rows[VL_ROW_BIC].validate((const char *)word, length) != VL_INVALID;
}

/* The first word behind the cue that is a BIC. */
static void read_bic(vl_scan *scan, size_t p)
{
    size_t stop = scan->size - p < REACH ? scan->size : p + REACH;
    bool is_loud = false;
    for (unsigned words = 0; p < stop && words < WORDS_MAX; words++) {
        while (p < stop && !vl_is_word(scan->text[p]))
            p++;
        p = vl_behind_escape(scan, p);
        size_t start = p;
        while (p < scan->size && p - start < REACH && vl_is_word(scan->text[p]))
            p++;
        bool is_letters = is_capital_word(scan->text + start, p - start);
        if (is_bic(scan->text + start, p - start) && !(is_loud && is_letters)) {
            vl_emit(scan, VL_ROW_BIC, start, p);
            return;
        }
        is_loud |= shows_capitals(scan->text + start, p - start);
    }
}

typedef struct wants {
    bool age;
    bool bic;
} wants;

/* What the cue at p tells, if one stands there. */
static void look_at(vl_scan *scan, size_t p, wants wanted)
{
    size_t end;
    const cue *found = find_cue(scan, p, &end);
    if (found == NULL) return;
    if (found->kind == CUE_AGE && wanted.age) read_age(scan, end);
    if (found->kind == CUE_BIC && wanted.bic) read_bic(scan, end);
}

/* The cues at the marks of 64 bytes. Returns where there were `most` matches, or SIZE_MAX. */
static size_t look_at_marks(vl_scan *scan, size_t at, uint64_t marks, wants wanted, uint32_t most)
{
    for (; marks != 0; marks &= marks - 1) {
        size_t p = at + vl_low_bit(marks);
        look_at(scan, p, wanted);
        if (scan->count >= most) return p;
    }
    return SIZE_MAX;
}

void vl_cues_scan(vl_scan *scan, const vl_letter_set *all, size_t *limit)
{
    wants wanted = {vl_on(scan, VL_ROW_AGE_KEY), vl_on(scan, VL_ROW_BIC)};
    if (!wanted.age && !wanted.bic) return;
    uint32_t most = scan->count + VALUES_MAX;
    size_t at = scan->first > scan->base + REACH ? scan->first - REACH : scan->base;
    size_t stop = *limit + 2 < scan->size ? *limit + 2 : scan->size;
    for (; at < *limit; at += PIECE) {
        uint64_t marks[PIECE / 64 + 1] = {0};
        size_t size = stop - at < PIECE + 2 ? stop - at : PIECE + 2; /* two bytes more, for the last places */
        if (!scan->kernels->mark_letters(scan->text + at, size, all, marks)) continue;
        for (size_t i = 0; i < PIECE / 64; i++) {
            size_t last = look_at_marks(scan, at + i * 64, marks[i], wanted, most);
            if (last == SIZE_MAX) continue;
            *limit = last + 1;
            return;
        }
    }
}

/*
 * Folding: a table look-up for each character beyond ASCII. Digits of any script, full-width and mathematical characters, odd
 * dashes, spaces and dots stand for one ASCII character whatever is around them. Letters that only look like Latin ones are
 * letters of other languages as a rule; they count where the rest of their word is Latin. The table is made by
 * cmake/fold_table.py.
 */
#include "text/fold.h"

#include "text/chars.h"
#include "text/fold_table.inc"

#define TABLE_END 0x20000u

static bool continues(const uint8_t *text, unsigned count)
{
    for (unsigned i = 1; i <= count; i++)
        if ((text[i] & 0xC0) != 0x80) return false;
    return true;
}

unsigned vl_fold_decode(const uint8_t *text, size_t size, uint32_t *code_point)
{
    uint8_t c = text[0];
    if (c >= 0xC2 && c <= 0xDF && size >= 2 && continues(text, 1)) {
        *code_point = (c & 0x1Fu) << 6 | (text[1] & 0x3Fu);
        return 2;
    }
    if ((c & 0xF0) == 0xE0 && size >= 3 && continues(text, 2)) {
        *code_point = (c & 0x0Fu) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
        return *code_point >= 0x800 && (*code_point & 0xF800) != 0xD800 ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4 && size >= 4 && continues(text, 3)) {
        *code_point = (c & 7u) << 18 | (text[1] & 0x3Fu) << 12 | (text[2] & 0x3Fu) << 6 | (text[3] & 0x3Fu);
        return *code_point >= 0x10000 && *code_point <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

unsigned vl_fold_encode(uint32_t code_point, uint8_t out[4])
{
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    unsigned length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (unsigned i = length - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (uint8_t)(0xF00u >> length | code_point);
    return length;
}

uint8_t vl_fold_code(uint32_t code_point)
{
    if (code_point < TABLE_END) return fold_pages[fold_index[code_point / 64]][code_point % 64];
    return code_point >= 0xE0000 && code_point < 0xE1000 ? VL_FOLD_HIDDEN : 0; /* tags, variation selectors */
}

void vl_fold_leads(vl_byte_set *set)
{
    for (size_t i = 0; i < sizeof fold_leads; i++)
        vl_byte_set_add(set, fold_leads[i]);
}

static bool is_joint(uint8_t c)
{
    return c == '@' || c == '.' || c == '_' || c == '-' || c == '+';
}

typedef enum vl_word_part { PART_NONE, PART_LATIN, PART_JOINT, PART_FOLDED, PART_FOREIGN } vl_word_part;

/* What the character at p is to a word, and its length. */
static vl_word_part part_at(const uint8_t *text, size_t size, size_t p, unsigned *length)
{
    uint32_t code_point;
    *length = 1;
    if (text[p] < 0x80) {
        if (vl_is_alnum((char)text[p])) return PART_LATIN;
        return is_joint(text[p]) ? PART_JOINT : PART_NONE;
    }
    *length = vl_fold_decode(text + p, size - p, &code_point);
    if (*length == 0) {
        *length = 1;
        return PART_NONE;
    }
    uint8_t code = vl_fold_code(code_point);
    if (code == 0) return code_point >= 0xC0 && code_point < 0x2000 ? PART_FOREIGN : PART_NONE;
    if (code >= VL_FOLD_ALIKE || code == VL_FOLD_HIDDEN || vl_is_alnum((char)code)) return PART_FOLDED;
    return is_joint(code) ? PART_JOINT : PART_NONE;
}

static size_t char_before(const uint8_t *text, size_t p)
{
    size_t at = p - 1;
    while (at > 0 && p - at < 4 && (text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Parts of the word that were seen, as bits. */
static unsigned walk_back(const uint8_t *text, size_t size, size_t p, size_t *start)
{
    unsigned seen = 0;
    size_t at = p;
    while (at > 0 && p - at < VL_FOLD_WORD) {
        unsigned length;
        size_t before = char_before(text, at);
        vl_word_part part = part_at(text, size, before, &length);
        if (part == PART_NONE || before + length != at) break;
        seen |= 1u << part;
        at = before;
    }
    *start = at;
    return seen;
}

static unsigned walk_on(const uint8_t *text, size_t size, size_t p, size_t *end)
{
    unsigned seen = 0;
    size_t at = p;
    while (at < size && at - p < VL_FOLD_WORD) {
        unsigned length;
        vl_word_part part = part_at(text, size, at, &length);
        if (part == PART_NONE) break;
        seen |= 1u << part;
        at += length;
    }
    *end = at;
    return seen;
}

bool vl_fold_is_mixed(const uint8_t *text, size_t size, size_t p, vl_fold_word *word)
{
    if (p >= word->start && p < word->end && word->end - word->start <= VL_FOLD_WORD) return word->is_mixed;
    unsigned seen = walk_back(text, size, p, &word->start);
    seen |= walk_on(text, size, p, &word->end);
    word->is_mixed = (seen & 1u << PART_LATIN) != 0 && (seen & 1u << PART_FOREIGN) == 0;
    return word->is_mixed;
}

/*
 * Classification kernels in plain C: the reference for the SIMD forms. One bitmap per class and 64 bytes of text; positions
 * behind the end are 0 in every bitmap.
 */
#include <string.h>

#include "core/kernels_impl.h"

static void classify_byte(uint8_t byte, uint64_t bit, vl_class_block *block)
{
    uint8_t folded = (uint8_t)(byte | 0x20);
    if (byte >= '0' && byte <= '9') block->digit |= bit;
    if (folded >= 'a' && folded <= 'z') block->alpha |= bit;
    if (byte == '_') block->under |= bit;
    if (byte == '@') block->at |= bit;
    if (byte == '.') block->dot |= bit;
    if (byte == ':') block->colon |= bit;
    if (byte == '-') block->dash |= bit;
    if (byte == '/') block->slash |= bit;
}

void vl_classify_plain(const uint8_t *text, size_t n, vl_class_block *blocks)
{
    for (size_t i = 0; i < n; i += 64) {
        vl_class_block *block = &blocks[i / 64];
        size_t count = n - i < 64 ? n - i : 64;
        memset(block, 0, sizeof *block);
        for (size_t j = 0; j < count; j++)
            classify_byte(text[i + j], 1ull << j, block);
    }
}

static uint8_t lead_buckets(const vl_lead_set *set, const uint8_t *text)
{
    uint8_t buckets = 0xFF;
    for (size_t k = 0; k < VL_LEAD_BYTES; k++)
        buckets &= set->low[k][text[k] & 15] & set->high[k][text[k] >> 4];
    return buckets;
}

size_t vl_find_lead_plain(const uint8_t *text, size_t n, const vl_lead_set *set)
{
    for (size_t i = 0; i + VL_LEAD_BYTES <= n; i++)
        if (lead_buckets(set, text + i) != 0) return i;
    return n;
}

void vl_lead_set_clear(vl_lead_set *set)
{
    memset(set, 0, sizeof *set);
}

void vl_lead_set_add(vl_lead_set *set, unsigned bucket, const char *lead)
{
    for (size_t k = 0; k < VL_LEAD_BYTES; k++) {
        uint8_t byte = (uint8_t)lead[k];
        set->low[k][byte & 15] |= (uint8_t)(1u << (bucket & 7));
        set->high[k][byte >> 4] |= (uint8_t)(1u << (bucket & 7));
    }
}

bool vl_mark_letters_plain(const uint8_t *text, size_t n, const vl_letter_set *set, uint64_t *marks)
{
    uint64_t any = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t buckets = i + VL_LEAD_BYTES <= n ? 0xFF : 0;
        for (size_t k = 0; k < VL_LEAD_BYTES && buckets != 0; k++)
            buckets &= set->of[k][text[i + k] & 31];
        if (i % 64 == 0) marks[i / 64] = 0;
        marks[i / 64] |= (uint64_t)(buckets != 0) << (i % 64);
        any |= buckets;
    }
    return any != 0;
}

static bool is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 0x20) - 'a') < 26;
}

bool vl_may_begin_word_plain(const uint8_t *text, const vl_letter_set *set)
{
    for (size_t i = 0; i < 64; i++) {
        uint8_t byte = text[i];
        if (byte >= 0x80 || byte == '\\' || byte == '%' || byte == 0x1B) return true;
        if (!is_letter(byte) || (i >= VL_WORD_ENTRY && is_letter(text[i - 1]))) continue;
        if ((set->of[0][byte & 31] & set->of[1][text[i + 1] & 31] & set->of[2][text[i + 2] & 31]) != 0) return true;
    }
    return false;
}

static unsigned low_bit(uint64_t bits)
{
    return bits == 0 ? 64 : (unsigned)__builtin_ctzll(bits);
}

static uint8_t at_most(unsigned value, unsigned limit)
{
    return (uint8_t)(value < limit ? value : limit);
}

/* 64 bits from `at` on. */
static uint64_t digits_at(const vl_number_input *in, size_t at)
{
    const vl_class_block *b = &in->blocks[at / 64];
    uint64_t low = b[0].digit >> at % 64;
    return at % 64 == 0 || at / 64 == in->count ? low : low | b[1].digit << (64 - at % 64);
}

static uint64_t word_at(const vl_number_input *in, size_t at)
{
    const vl_class_block *b = &in->blocks[at / 64];
    uint64_t low = (b[0].digit | b[0].alpha | b[0].under) >> at % 64;
    if (at % 64 == 0 || at / 64 == in->count) return low;
    return low | (b[1].digit | b[1].alpha | b[1].under) << (64 - at % 64);
}

static bool is_alpha_at(const vl_number_input *in, size_t at)
{
    return (in->blocks[at / 64].alpha >> at % 64 & 1) != 0;
}

/* Where the word begins whose first digit is at `place`. False: before the text, or too far away. */
static bool find_begin(const vl_number_input *in, size_t place, size_t *begin)
{
    *begin = place;
    while (*begin > 0 && (word_at(in, *begin - 1) & 1) != 0 && place - *begin < 64)
        --*begin;
    return place - *begin < 64 && !(*begin == 0 && in->goes_on && (word_at(in, 0) & 1) != 0);
}

static uint8_t kind_before(const vl_number_input *in, size_t place, size_t begin)
{
    unsigned letters = 0;
    while (place - letters > begin && is_alpha_at(in, place - letters - 1))
        letters++;
    if (letters > 0) return (uint8_t)(7 + at_most(letters, VL_NUMBER_LETTERS));
    uint8_t before = in->text[(ptrdiff_t)place - 1];
    bool is_rest = (in->rests[place / 64] >> place % 64 & 1) != 0;
    return is_rest ? in->rest_kind : before < 128 ? in->kinds[before] : 0;
}

/* The second run behind the digits that end at `end`. False: it reaches too far. */
static bool read_second(const vl_number_input *in, size_t begin, size_t end, size_t i, vl_number_block *out)
{
    static const uint8_t joints[3] = {' ', '-', '.'};
    uint64_t digits = digits_at(in, end + 1);
    out->second[i] = VL_NUMBER_NO_SECOND;
    out->third[i] = VL_NUMBER_NO_THIRD;
    for (unsigned joint = 0; joint < 3 && (digits & 1) != 0; joint++) {
        if (in->text[end] != joints[joint]) continue;
        size_t second_end = end + 1 + low_bit(~digits);
        if (second_end - begin > 63) return false;
        out->second[i] = (uint8_t)(joint * 16 + at_most((unsigned)(second_end - end - 1), 15));
        out->third[i] = in->text[second_end];
    }
    return true;
}

static bool read_number(const vl_number_input *in, size_t place, size_t i, vl_number_block *out)
{
    size_t begin;
    size_t end = place + low_bit(~digits_at(in, place));
    size_t word_end = place + low_bit(~word_at(in, place));
    if (!find_begin(in, place, &begin) || word_end - begin > 62 || !read_second(in, begin, end, i, out)) return false;
    unsigned run = (unsigned)(end - place);
    out->place[i] = (uint16_t)place;
    out->begin[i] = (uint8_t)(kind_before(in, place, begin) << 4 | at_most(run - 1, VL_NUMBER_RUN_MAX - 1));
    out->word[i] = (uint8_t)(at_most((unsigned)(word_end - begin), VL_NUMBER_WORD_MAX) << 4 | (in->text[place] & 15));
    out->next[i] = in->text[end];
    out->next_but_one[i] = in->text[end + 1];
    return true;
}

size_t vl_read_numbers_plain(const vl_number_input *input, vl_number_block *out, uint64_t *left)
{
    size_t count = 0;
    for (size_t block = 0; block < input->count; block++) {
        left[block] = 0;
        for (uint64_t starts = input->starts[block]; starts != 0; starts &= starts - 1) {
            if (read_number(input, block * 64 + low_bit(starts), count, out))
                count++;
            else
                left[block] |= starts & -starts;
        }
    }
    return count;
}

void vl_letter_set_clear(vl_letter_set *set)
{
    memset(set, 0, sizeof *set);
}

void vl_letter_set_add(vl_letter_set *set, unsigned bucket, const char *lead)
{
    for (size_t k = 0; k < VL_LEAD_BYTES; k++)
        set->of[k][(uint8_t)lead[k] & 31] |= (uint8_t)(1u << (bucket & 7));
}

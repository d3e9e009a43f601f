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

void vl_mark_leads_plain(const uint8_t *text, size_t n, const vl_lead_set *set, uint64_t *marks)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t folded[VL_LEAD_BYTES];
        for (size_t k = 0; k < VL_LEAD_BYTES; k++)
            folded[k] = i + k < n ? text[i + k] | 0x20 : 0x20;
        if (i % 64 == 0) marks[i / 64] = 0;
        marks[i / 64] |= (uint64_t)(lead_buckets(set, folded) != 0) << (i % 64);
    }
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

void vl_letter_set_clear(vl_letter_set *set)
{
    memset(set, 0, sizeof *set);
}

void vl_letter_set_add(vl_letter_set *set, unsigned bucket, const char *lead)
{
    for (size_t k = 0; k < VL_LEAD_BYTES; k++)
        set->of[k][(uint8_t)lead[k] & 31] |= (uint8_t)(1u << (bucket & 7));
}

/*
 * Classification kernels for AVX-512 (F, BW, VL, VBMI): a block a step, tails by masked loads, which touch nothing past the
 * end. Comparing gives the bitmaps directly.
 */
#include <immintrin.h>

#include "core/kernels_impl.h"

static inline void classify_block(__m512i v, vl_class_block *block)
{
    __m512i digit = _mm512_sub_epi8(v, _mm512_set1_epi8('0'));
    __m512i letter = _mm512_sub_epi8(_mm512_or_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
    block->digit = _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10));
    block->alpha = _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26));
    block->under = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('_'));
    block->at = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('@'));
    block->dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
    block->colon = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(':'));
    block->dash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('-'));
    block->slash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('/'));
}

void vl_classify_avx512(const uint8_t *text, size_t n, vl_class_block *blocks)
{
    size_t i = 0;
    for (; i + 64 <= n; i += 64)
        classify_block(_mm512_loadu_si512(text + i), &blocks[i / 64]);
    if (i < n) /* the zero bytes that fill a short load belong to no class */
        classify_block(_mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)(n - i)), text + i), &blocks[i / 64]);
}

static inline __m512i table(const uint8_t *sixteen)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)sixteen));
}

static inline __m512i look_up(__m512i low, __m512i high, __m512i v)
{
    __m512i nibble = _mm512_set1_epi8(15);
    __m512i a = _mm512_shuffle_epi8(low, _mm512_and_si512(v, nibble));
    __m512i b = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble));
    return _mm512_and_si512(a, b);
}

size_t vl_find_lead_avx512(const uint8_t *text, size_t n, const vl_lead_set *set)
{
    __m512i low0 = table(set->low[0]), low1 = table(set->low[1]), low2 = table(set->low[2]);
    __m512i high0 = table(set->high[0]), high1 = table(set->high[1]), high2 = table(set->high[2]);
    for (size_t i = 0; i + VL_LEAD_BYTES <= n; i += 64) {
        size_t starts = n - i - (VL_LEAD_BYTES - 1); /* positions that have all their bytes */
        __mmask64 valid = _bzhi_u64(~0ull, starts < 64 ? (unsigned)starts : 64);
        __m512i found = look_up(low0, high0, _mm512_maskz_loadu_epi8(valid, text + i));
        found = _mm512_and_si512(found, look_up(low1, high1, _mm512_maskz_loadu_epi8(valid, text + i + 1)));
        found = _mm512_and_si512(found, look_up(low2, high2, _mm512_maskz_loadu_epi8(valid, text + i + 2)));
        uint64_t hits = _mm512_test_epi8_mask(found, found) & valid;
        if (hits != 0) return i + (size_t)_tzcnt_u64(hits);
    }
    return n;
}

/* 64 bytes at text with 0x20 set; those behind `left` are 0x20. */
static inline __m512i folded(const uint8_t *text, size_t left)
{
    __mmask64 valid = _bzhi_u64(~0ull, left < 64 ? (unsigned)left : 64);
    return _mm512_or_si512(_mm512_maskz_loadu_epi8(valid, text), _mm512_set1_epi8(0x20));
}

void vl_mark_leads_avx512(const uint8_t *text, size_t n, const vl_lead_set *set, uint64_t *marks)
{
    __m512i low0 = table(set->low[0]), low1 = table(set->low[1]), low2 = table(set->low[2]);
    __m512i high0 = table(set->high[0]), high1 = table(set->high[1]), high2 = table(set->high[2]);
    for (size_t i = 0; i < n; i += 64) {
        size_t left = n - i;
        __m512i found = look_up(low0, high0, folded(text + i, left));
        found = _mm512_and_si512(found, look_up(low1, high1, folded(text + i + 1, left - 1)));
        found = _mm512_and_si512(found, look_up(low2, high2, folded(text + i + 2, left > 2 ? left - 2 : 0)));
        marks[i / 64] = _mm512_test_epi8_mask(found, found) & _bzhi_u64(~0ull, left < 64 ? (unsigned)left : 64);
    }
}

/* A permute takes six bits of its index: the entries stand twice. */
static inline __m512i letter_table(const uint8_t *entries)
{
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(const void *)entries));
}

/* Bits of the three looked up bytes that have a bucket in common. */
static inline uint64_t common_mask(__m512i a, __m512i b, __m512i c)
{
    return _mm512_test_epi8_mask(_mm512_and_si512(a, b), c);
}

bool vl_mark_letters_avx512(const uint8_t *text, size_t n, const vl_letter_set *set, uint64_t *marks)
{
    __m512i of0 = letter_table(set->of[0]), of1 = letter_table(set->of[1]), of2 = letter_table(set->of[2]);
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 66 <= n; i += 64) {
        __m512i a = _mm512_permutexvar_epi8(_mm512_loadu_si512(text + i), of0);
        __m512i b = _mm512_permutexvar_epi8(_mm512_loadu_si512(text + i + 1), of1);
        __m512i c = _mm512_permutexvar_epi8(_mm512_loadu_si512(text + i + 2), of2);
        uint64_t mask = common_mask(a, b, c);
        marks[i / 64] = mask;
        any |= mask;
    }
    for (; i < n; i += 64) {
        size_t starts = n - i > 2 ? n - i - 2 : 0; /* positions that have all their bytes */
        __mmask64 valid = _bzhi_u64(~0ull, starts < 64 ? (unsigned)starts : 64);
        __m512i a = _mm512_permutexvar_epi8(_mm512_maskz_loadu_epi8(valid, text + i), of0);
        __m512i b = _mm512_permutexvar_epi8(_mm512_maskz_loadu_epi8(valid, text + i + 1), of1);
        __m512i c = _mm512_permutexvar_epi8(_mm512_maskz_loadu_epi8(valid, text + i + 2), of2);
        uint64_t mask = common_mask(a, b, c) & valid;
        marks[i / 64] = mask;
        any |= mask;
    }
    return any != 0;
}

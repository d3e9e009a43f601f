/*
 * Classification kernels for AVX2: two half blocks a step. Tails go through the plain twin on a copy of the last bytes, so
 * that nothing is read past the end.
 */
#include <immintrin.h>
#include <string.h>

#include "core/kernels_impl.h"

/* Bytes in [from, from + span], as unsigned values. */
static inline uint32_t range_mask(__m256i v, char from, char span)
{
    __m256i offset = _mm256_sub_epi8(v, _mm256_set1_epi8(from));
    __m256i inside = _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(span)), offset);
    return (uint32_t)_mm256_movemask_epi8(inside);
}

static inline uint32_t equal_mask(__m256i v, char byte)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(byte)));
}

static inline uint64_t join(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

static inline void classify_block(const uint8_t *text, vl_class_block *block)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(text + 32));
    __m256i fold = _mm256_set1_epi8(0x20);
    __m256i lower_a = _mm256_or_si256(a, fold);
    __m256i lower_b = _mm256_or_si256(b, fold);
    block->digit = join(range_mask(a, '0', 9), range_mask(b, '0', 9));
    block->alpha = join(range_mask(lower_a, 'a', 25), range_mask(lower_b, 'a', 25));
    block->under = join(equal_mask(a, '_'), equal_mask(b, '_'));
    block->at = join(equal_mask(a, '@'), equal_mask(b, '@'));
    block->dot = join(equal_mask(a, '.'), equal_mask(b, '.'));
    block->colon = join(equal_mask(a, ':'), equal_mask(b, ':'));
    block->dash = join(equal_mask(a, '-'), equal_mask(b, '-'));
    block->slash = join(equal_mask(a, '/'), equal_mask(b, '/'));
}

void vl_classify_avx2(const uint8_t *text, size_t n, vl_class_block *blocks)
{
    size_t i = 0;
    for (; i + 64 <= n; i += 64)
        classify_block(text + i, &blocks[i / 64]);
    if (i == n) return;
    uint8_t tail[64] = {0};
    memcpy(tail, text + i, n - i);
    classify_block(tail, &blocks[i / 64]);
}

static inline __m256i table(const uint8_t *sixteen)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)sixteen));
}

static inline __m256i look_up(__m256i low, __m256i high, __m256i v)
{
    __m256i nibble = _mm256_set1_epi8(15);
    __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble));
    __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
    return _mm256_and_si256(a, b);
}

size_t vl_find_lead_avx2(const uint8_t *text, size_t n, const vl_lead_set *set)
{
    __m256i low0 = table(set->low[0]), low1 = table(set->low[1]), low2 = table(set->low[2]);
    __m256i high0 = table(set->high[0]), high1 = table(set->high[1]), high2 = table(set->high[2]);
    size_t i = 0;
    for (; i + 34 <= n; i += 32) {
        __m256i found = look_up(low0, high0, _mm256_loadu_si256((const __m256i *)(const void *)(text + i)));
        found = _mm256_and_si256(
            found, look_up(low1, high1, _mm256_loadu_si256((const __m256i *)(const void *)(text + i + 1))));
        found = _mm256_and_si256(
            found, look_up(low2, high2, _mm256_loadu_si256((const __m256i *)(const void *)(text + i + 2))));
        uint32_t none = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
        if (none != UINT32_MAX) return i + (size_t)_tzcnt_u32(~none);
    }
    return i + vl_find_lead_plain(text + i, n - i, set);
}

/* One of 32 entries by the low five bits; a shuffle takes four of them and bit 7, which is cleared. */
static inline __m256i letters_of(const uint8_t *entries, const uint8_t *text)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i index = _mm256_and_si256(v, _mm256_set1_epi8(15));
    __m256i low = _mm256_shuffle_epi8(table(entries), index);
    __m256i high = _mm256_shuffle_epi8(table(entries + 16), index);
    return _mm256_blendv_epi8(low, high, _mm256_slli_epi16(v, 3)); /* bit 4 comes to bit 7 */
}

bool vl_mark_letters_avx2(const uint8_t *text, size_t n, const vl_letter_set *set, uint64_t *marks)
{
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 66 <= n; i += 64) {
        uint32_t none[2];
        for (size_t half = 0; half < 2; half++) {
            const uint8_t *at = text + i + 32 * half;
            __m256i found = _mm256_and_si256(letters_of(set->of[0], at), letters_of(set->of[1], at + 1));
            found = _mm256_and_si256(found, letters_of(set->of[2], at + 2));
            none[half] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
        }
        marks[i / 64] = ~join(none[0], none[1]);
        any |= marks[i / 64];
    }
    bool is_in_rest = i < n && vl_mark_letters_plain(text + i, n - i, set, marks + i / 64);
    return any != 0 || is_in_rest;
}

static inline uint32_t escape_mask(__m256i v)
{
    return equal_mask(v, '\\') | equal_mask(v, '%') | equal_mask(v, 0x1B) | (uint32_t)_mm256_movemask_epi8(v);
}

bool vl_may_begin_word_avx2(const uint8_t *text, const vl_letter_set *set)
{
    uint32_t none[2];
    uint32_t letter[2];
    uint32_t other = 0;
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *at = text + 32 * half;
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)at);
        __m256i found = _mm256_and_si256(letters_of(set->of[0], at), letters_of(set->of[1], at + 1));
        found = _mm256_and_si256(found, letters_of(set->of[2], at + 2));
        none[half] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
        letter[half] = range_mask(_mm256_or_si256(v, _mm256_set1_epi8(0x20)), 'a', 25);
        other |= escape_mask(v);
    }
    uint64_t letters = join(letter[0], letter[1]);
    uint64_t begins = letters & (~(letters << 1) | ((1ull << VL_WORD_ENTRY) - 1));
    return other != 0 || (~join(none[0], none[1]) & begins) != 0;
}

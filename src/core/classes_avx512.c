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

bool vl_may_begin_word_avx512(const uint8_t *text, const vl_letter_set *set)
{
    __m512i v = _mm512_loadu_si512(text);
    __m512i a = _mm512_permutexvar_epi8(v, letter_table(set->of[0]));
    __m512i b = _mm512_permutexvar_epi8(_mm512_loadu_si512(text + 1), letter_table(set->of[1]));
    __m512i c = _mm512_permutexvar_epi8(_mm512_loadu_si512(text + 2), letter_table(set->of[2]));
    __m512i letter = _mm512_sub_epi8(_mm512_or_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
    uint64_t letters = _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26));
    uint64_t begins = letters & (~(letters << 1) | ((1ull << VL_WORD_ENTRY) - 1));
    uint64_t other = _mm512_movepi8_mask(v) | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')) |
                     _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('%')) |
                     _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x1B));
    return ((common_mask(a, b, c) & begins) | other) != 0;
}

/* Without the last start, when everything from it on to the end is in `bits`. */
static inline uint64_t drop_reaching(uint64_t starts, uint64_t bits)
{
    unsigned last = 63 - (unsigned)__builtin_clzll(starts | 1);
    return starts != 0 && ~bits >> last == 0 ? starts ^ 1ull << last : starts;
}

static inline uint64_t drop_last(uint64_t bits)
{
    return bits ^ 1ull << (63 - (unsigned)__builtin_clzll(bits));
}

/* Adding a run's first bit to its bits carries to the bit behind it: one addition gives the ends of all runs, in the order of
 * their starts. */
static inline uint64_t ends_of(uint64_t starts, uint64_t bits)
{
    return (bits + starts) & ~bits;
}

typedef struct number_bits {
    uint64_t starts;
    uint64_t ends; /* of the digits */
    uint64_t dash;
    uint64_t dot;
    uint64_t seconds; /* first digits of second runs */
} number_bits;

static inline number_bits find_numbers(const vl_number_input *input, __m512i v)
{
    number_bits bits = {.starts = drop_reaching(input->starts, input->word)};
    bits.dash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('-'));
    bits.dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
    uint64_t joint = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' ')) | bits.dash | bits.dot;
    bits.ends = ends_of(bits.starts, input->digit);
    if (bits.ends >> 63 != 0) { /* what is behind lies in the next 64 bytes */
        bits.starts = drop_last(bits.starts);
        bits.ends = drop_last(bits.ends);
    }
    bits.seconds = (bits.ends & joint) << 1 & input->digit;
    uint64_t inside = drop_reaching(bits.seconds, input->digit);
    if (inside == bits.seconds) return bits;
    bits.seconds = inside;
    bits.starts = drop_last(bits.starts);
    bits.ends = drop_last(bits.ends);
    return bits;
}

static const uint8_t counted[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* The places of bits, one behind the other. */
static inline __m512i places_of(uint64_t bits)
{
    return _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(counted));
}

static inline __m512i shifted_in(__m512i high, __m512i low)
{
    return _mm512_or_si512(_mm512_slli_epi16(high, 4), low); /* both are below 16: no bit reaches another byte */
}

static inline void store_words(const vl_number_input *input, const number_bits *bits, __m512i at, __m512i end,
                               vl_number_block *out)
{
    __m512i run = _mm512_sub_epi8(_mm512_sub_epi8(end, at), _mm512_set1_epi8(1));
    __m512i bytes = _mm512_sub_epi8(places_of(ends_of(bits->starts, input->word)), at);
    __m512i before = _mm512_permutexvar_epi8(at, _mm512_loadu_si512(input->text - 1));
    __m512i first = _mm512_permutexvar_epi8(at, _mm512_loadu_si512(input->text));
    __m512i kind =
        _mm512_permutex2var_epi8(_mm512_loadu_si512(input->kinds), before, _mm512_loadu_si512(input->kinds + 64));
    kind = _mm512_maskz_mov_epi8(~_mm512_movepi8_mask(before), kind);
    kind = _mm512_mask_mov_epi8(kind, _pext_u64(input->rests, bits->starts), _mm512_set1_epi8((char)input->rest_kind));
    run = _mm512_min_epu8(run, _mm512_set1_epi8(VL_NUMBER_RUN_MAX - 1));
    bytes = _mm512_min_epu8(bytes, _mm512_set1_epi8(VL_NUMBER_WORD_MAX));
    _mm512_storeu_si512(out->place, at);
    _mm512_storeu_si512(out->begin, shifted_in(kind, run));
    _mm512_storeu_si512(out->word, shifted_in(bytes, _mm512_and_si512(first, _mm512_set1_epi8(15))));
}

static inline void store_seconds(const vl_number_input *input, const number_bits *bits, __m512i end,
                                 vl_number_block *out)
{
    __m512i v = _mm512_loadu_si512(input->text);
    uint64_t have = _pext_u64(bits->seconds >> 1, bits->ends);
    __m512i second_end = _mm512_maskz_expand_epi8(have, places_of(ends_of(bits->seconds, input->digit)));
    __m512i second = _mm512_sub_epi8(_mm512_sub_epi8(second_end, end), _mm512_set1_epi8(1));
    second = _mm512_min_epu8(second, _mm512_set1_epi8(15));
    second = _mm512_mask_add_epi8(second, _pext_u64(bits->dash, bits->ends), second, _mm512_set1_epi8(16));
    second = _mm512_mask_add_epi8(second, _pext_u64(bits->dot, bits->ends), second, _mm512_set1_epi8(32));
    __m512i third = _mm512_permutexvar_epi8(second_end, v);
    third = _mm512_mask_mov_epi8(_mm512_set1_epi8((char)VL_NUMBER_NO_THIRD), have, third);
    _mm512_storeu_si512(out->second, _mm512_mask_mov_epi8(_mm512_set1_epi8(VL_NUMBER_NO_SECOND), have, second));
    _mm512_storeu_si512(out->third, third);
    _mm512_storeu_si512(out->next, _mm512_permutexvar_epi8(end, v));
    _mm512_storeu_si512(out->next_but_one, _mm512_permutexvar_epi8(end, _mm512_loadu_si512(input->text + 1)));
}

uint64_t vl_read_numbers_avx512(const vl_number_input *input, vl_number_block *out)
{
    number_bits bits = find_numbers(input, _mm512_loadu_si512(input->text));
    if (bits.starts == 0) return 0;
    __m512i at = places_of(bits.starts);
    __m512i end = places_of(bits.ends);
    store_words(input, &bits, at, end, out);
    store_seconds(input, &bits, end, out);
    return bits.starts;
}

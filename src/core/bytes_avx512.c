/*
 * Byte kernels for AVX-512 (F, BW, VL, VBMI). Membership is a lookup in the 256-bit bitmap: one byte permute fetches the
 * bitmap byte (index: the upper five bits), another one the bit (lower three). Permutes ignore upper index bits, so the
 * tables are repeated to fill 64 bytes and no index is masked. Tails use masked loads, which touch nothing past the end.
 */
#include <immintrin.h>

#include "core/kernels_impl.h"
#include "core/utf8_tables.h"

#define LAST_STEP (VL_RUN_LEAST - 8) /* from a run of 8 to one that find_run looks for */

typedef struct set512 {
    __m512i bitmap;
    __m512i bit;
} set512;

static inline set512 set512_load(const vl_byte_set *set)
{
    set512 tables;
    tables.bitmap = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(const void *)set->bits));
    tables.bit = _mm512_set1_epi64((long long)0x8040201008040201ull);
    return tables;
}

static inline __mmask64 set512_mask(set512 tables, __m512i v)
{
    __m512i byte = _mm512_permutexvar_epi8(_mm512_srli_epi16(v, 3), tables.bitmap);
    __m512i bit = _mm512_permutexvar_epi8(v, tables.bit);
    return _mm512_test_epi8_mask(byte, bit);
}

/* 0 <= n <= 64 */
static inline __m512i load_first(const uint8_t *text, size_t n)
{
    return _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)n), text);
}

/* The byte 0 that fills a short load may be in the set: masked off. */
static inline size_t find_tail(set512 tables, const uint8_t *text, size_t i, size_t n)
{
    uint64_t mask = set512_mask(tables, load_first(text + i, n - i)) & _bzhi_u64(~0ull, (unsigned)(n - i));
    return mask != 0 ? i + (size_t)_tzcnt_u64(mask) : n;
}

size_t vl_find_in_set_avx512(const uint8_t *text, size_t n, const vl_byte_set *set)
{
    set512 tables = set512_load(set);
    if (n <= 64) return find_tail(tables, text, 0, n);
    size_t i = 0;
    for (; i + 256 <= n; i += 256) {
        uint64_t a = set512_mask(tables, _mm512_loadu_si512(text + i));
        uint64_t b = set512_mask(tables, _mm512_loadu_si512(text + i + 64));
        uint64_t c = set512_mask(tables, _mm512_loadu_si512(text + i + 128));
        uint64_t d = set512_mask(tables, _mm512_loadu_si512(text + i + 192));
        if ((a | b | c | d) == 0) continue;
        if (a != 0) return i + (size_t)_tzcnt_u64(a);
        if (b != 0) return i + 64 + (size_t)_tzcnt_u64(b);
        if (c != 0) return i + 128 + (size_t)_tzcnt_u64(c);
        return i + 192 + (size_t)_tzcnt_u64(d);
    }
    for (; i + 64 <= n; i += 64) {
        uint64_t mask = set512_mask(tables, _mm512_loadu_si512(text + i));
        if (mask != 0) return i + (size_t)_tzcnt_u64(mask);
    }
    return find_tail(tables, text, i, n);
}

bool vl_mark_set_avx512(const uint8_t *text, size_t n, const vl_byte_set *set, uint64_t *marks)
{
    set512 tables = set512_load(set);
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t mask = set512_mask(tables, _mm512_loadu_si512(text + i));
        marks[i / 64] = mask;
        any |= mask;
    }
    if (i < n) {
        uint64_t mask = set512_mask(tables, load_first(text + i, n - i)) & _bzhi_u64(~0ull, (unsigned)(n - i));
        marks[i / 64] = mask;
        any |= mask;
    }
    return any != 0;
}

static inline uint64_t alnum_mask(__m512i v)
{
    __m512i digit = _mm512_sub_epi8(v, _mm512_set1_epi8('0'));
    __m512i letter = _mm512_sub_epi8(_mm512_or_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
    return _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10)) | _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26));
}

/* Doubling: a bit stands for a run of 1, 2, 4, 8 and at last VL_RUN_LEAST that ends there; `in` is the same for the block before. */
static size_t find_run_from(const uint8_t *text, size_t i, size_t n, uint64_t before)
{
    for (; i < n; i += 64) {
        uint64_t run = alnum_mask(load_first(text + i, n - i < 64 ? n - i : 64)); /* zeros are no letters */
        uint64_t in = before; /* of the block before, as far as the step asks */
        before = run;
        for (unsigned step = 1; step < 8 && run != 0; step *= 2) {
            uint64_t next = run & (run << step | in >> (64 - step));
            in &= in << step;
            run = next;
        }
        run &= run << LAST_STEP | in >> (64 - LAST_STEP);
        if (run != 0) return i + (size_t)_tzcnt_u64(run);
    }
    return n;
}

/* Eight blocks a step: the doubling is then done on vectors of bitmaps. [0] of each is what the step before left. */
#define RUN_STEP(from, to, step)                                                                                       \
    for (unsigned b = 1; b <= 8; b++)                                                                                  \
    (to)[b] = (from)[b] & ((from)[b] << (step) | (from)[b - 1] >> (64 - (step)))

size_t vl_find_run_avx512(const uint8_t *text, size_t n)
{
    uint64_t one[9] = {0}, two[9] = {0}, four[9] = {0}, eight[9] = {0}, all[9] = {0};
    size_t i = 0;
    for (; i + 512 <= n; i += 512) {
        uint64_t any = 0;
        for (unsigned b = 0; b < 8; b++)
            one[b + 1] = alnum_mask(_mm512_loadu_si512(text + i + b * 64));
        RUN_STEP(one, two, 1);
        RUN_STEP(two, four, 2);
        RUN_STEP(four, eight, 4);
        RUN_STEP(eight, all, LAST_STEP);
        for (unsigned b = 1; b <= 8; b++)
            any |= all[b];
        if (any != 0) break;
        one[0] = one[8];
        two[0] = two[8];
        four[0] = four[8];
        eight[0] = eight[8];
    }
    return find_run_from(text, i, n, one[0]);
}
#undef RUN_STEP

static inline __m512i table16(const uint8_t entries[16])
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

static inline __m512i high_nibbles(__m512i v)
{
    return _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0F));
}

/* `v` moved up by `count` bytes, filled from the end of the block before: `shifted` has the block's upper quarter first. */
#define BEFORE(v, shifted, count) _mm512_alignr_epi8(v, shifted, 16 - (count))

/* A bit for each byte where the text is wrong; utf8_tables.h says how. */
static inline __mmask64 utf8_errors(__m512i v, __m512i previous)
{
    static const uint8_t before_high[16] = {UTF8_BEFORE_HIGH};
    static const uint8_t before_low[16] = {UTF8_BEFORE_LOW};
    static const uint8_t this_high[16] = {UTF8_THIS_HIGH};
    __m512i shifted = _mm512_alignr_epi64(v, previous, 6); /* 16 bytes earlier, across the lanes */
    __m512i before = BEFORE(v, shifted, 1);
    __m512i low_nibbles = _mm512_and_si512(before, _mm512_set1_epi8(0x0F));
    __m512i errors = _mm512_shuffle_epi8(table16(before_high), high_nibbles(before));
    errors = _mm512_and_si512(errors, _mm512_shuffle_epi8(table16(before_low), low_nibbles));
    errors = _mm512_and_si512(errors, _mm512_shuffle_epi8(table16(this_high), high_nibbles(v)));
    /* The third and fourth byte of a sequence must be a second continuation in a row, and no other byte may be. */
    __m512i third = _mm512_subs_epu8(BEFORE(v, shifted, 2), _mm512_set1_epi8(0xE0 - 0x80));
    __m512i fourth = _mm512_subs_epu8(BEFORE(v, shifted, 3), _mm512_set1_epi8(0xF0 - 0x80));
    __m512i continues = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    __m512i wrong = _mm512_xor_si512(continues, errors);
    return _mm512_test_epi8_mask(wrong, wrong);
}

/*
 * Whole blocks as long as they hold no error; then the plain twin from the last place that is surely between two sequences.
 * A block is accepted before its last sequence is complete: that sequence is judged again, with what follows it.
 */
size_t vl_utf8_valid_prefix_avx512(const uint8_t *text, size_t n)
{
    __m512i previous = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        __m512i v = _mm512_loadu_si512(text + i);
        if (_mm512_movepi8_mask(_mm512_or_si512(v, previous)) != 0 && utf8_errors(v, previous) != 0) break;
        previous = v;
    }
    size_t start = utf8_sequence_start(text, i);
    return start + vl_utf8_valid_prefix_plain(text + start, n - start);
}

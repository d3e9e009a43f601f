/*
 * Byte kernels for AVX2. Membership: two 16-entry tables, indexed by the low nibble, hold a bit for each high nibble; a
 * shuffle gives 0 where the index has its top bit set, which chooses between the two tables for free. Texts shorter than a
 * vector are read in two overlapping smaller loads, longer tails in one overlapping load: nothing past the end is touched.
 */
#include <immintrin.h>
#include <string.h>

#include "core/kernels_impl.h"
#include "core/utf8_tables.h"

#define LAST_STEP (VL_RUN_LEAST - 8) /* from a run of 8 to one that find_run looks for */

typedef struct set256 {
    __m256i low;
    __m256i high;
    __m256i bit_of_nibble;
} set256;

static inline set256 set256_load(const vl_byte_set *set)
{
    set256 tables;
    tables.low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)set->low));
    tables.high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)set->high));
    tables.bit_of_nibble = _mm256_set1_epi64x((long long)0x8040201008040201ull);
    return tables;
}

/* Non-zero bytes where `v` is in the set. */
static inline __m256i set256_test(set256 tables, __m256i v)
{
    __m256i nibble_mask = _mm256_set1_epi8((char)0x8F);
    __m256i low = _mm256_shuffle_epi8(tables.low, _mm256_and_si256(v, nibble_mask));
    __m256i flipped = _mm256_xor_si256(v, _mm256_set1_epi8((char)0x80));
    __m256i high = _mm256_shuffle_epi8(tables.high, _mm256_and_si256(flipped, nibble_mask));
    __m256i upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
    __m256i bit = _mm256_shuffle_epi8(tables.bit_of_nibble, upper);
    return _mm256_and_si256(_mm256_or_si256(low, high), bit);
}

static inline uint32_t set256_mask(set256 tables, __m256i v)
{
    __m256i absent = _mm256_cmpeq_epi8(set256_test(tables, v), _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(absent);
}

static inline __m256i load256(const uint8_t *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

/* 16 <= n < 32: the first and the last 16 bytes side by side. 8 <= n < 16: the same with 8. Below: a loop. */
static size_t find_short(const uint8_t *text, size_t n, const vl_byte_set *set)
{
    if (n < 8) return vl_find_in_set_plain(text, n, set);
    size_t half = n < 16 ? 8 : 16;
    __m128i first = _mm_setzero_si128();
    __m128i last = _mm_setzero_si128();
    if (half == 16) {
        first = _mm_loadu_si128((const __m128i *)(const void *)text);
        last = _mm_loadu_si128((const __m128i *)(const void *)(text + n - 16));
    } else {
        first = _mm_loadl_epi64((const __m128i *)(const void *)text);
        last = _mm_loadl_epi64((const __m128i *)(const void *)(text + n - 8));
    }
    uint32_t mask = set256_mask(set256_load(set), _mm256_set_m128i(last, first));
    uint32_t keep = half == 16 ? 0xFFFFu : 0xFFu;
    uint32_t in_first = mask & keep;
    uint32_t in_last = (mask >> 16) & keep;
    if (in_first != 0) return (size_t)_tzcnt_u32(in_first);
    if (in_last != 0) return n - half + (size_t)_tzcnt_u32(in_last);
    return n;
}

size_t vl_find_in_set_avx2(const uint8_t *text, size_t n, const vl_byte_set *set)
{
    if (n < 32) return find_short(text, n, set);
    set256 tables = set256_load(set);
    size_t i = 0;
    for (; i + 128 <= n; i += 128) {
        __m256i a = set256_test(tables, load256(text + i));
        __m256i b = set256_test(tables, load256(text + i + 32));
        __m256i c = set256_test(tables, load256(text + i + 64));
        __m256i d = set256_test(tables, load256(text + i + 96));
        __m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));
        if (!_mm256_testz_si256(any, any)) break; /* the loop below finds it within four steps */
    }
    for (; i + 32 <= n; i += 32) {
        uint32_t mask = set256_mask(tables, load256(text + i));
        if (mask != 0) return i + (size_t)_tzcnt_u32(mask);
    }
    if (i == n) return n;
    uint32_t mask = set256_mask(tables, load256(text + n - 32));
    return mask != 0 ? n - 32 + (size_t)_tzcnt_u32(mask) : n;
}

bool vl_mark_set_avx2(const uint8_t *text, size_t n, const vl_byte_set *set, uint64_t *marks)
{
    set256 tables = set256_load(set);
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t high = set256_mask(tables, load256(text + i + 32));
        marks[i / 64] = set256_mask(tables, load256(text + i)) | high << 32;
        any |= marks[i / 64];
    }
    bool is_in_rest = i < n && vl_mark_set_plain(text + i, n - i, set, marks + i / 64);
    return any != 0 || is_in_rest;
}

static inline uint64_t alnum_mask(const uint8_t *text)
{
    __m256i v = load256(text);
    __m256i letter = _mm256_or_si256(v, _mm256_set1_epi8(0x20));
    __m256i nine = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
    __m256i z = _mm256_sub_epi8(letter, _mm256_set1_epi8('a'));
    __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(nine, _mm256_set1_epi8(9)), nine);
    __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(z, _mm256_set1_epi8(25)), z);
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(is_digit, is_letter));
}

/* Doubling: a bit stands for a run of 1, 2, 4, 8 and at last VL_RUN_LEAST that ends there; `in` is the same for the block before. */
size_t vl_find_run_avx2(const uint8_t *text, size_t n)
{
    uint64_t before = 0;
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t run = alnum_mask(text + i) | alnum_mask(text + i + 32) << 32;
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
    size_t from = i < VL_RUN_LEAST ? 0 : i - (VL_RUN_LEAST - 1); /* what came in from the last block */
    size_t found = vl_find_run_plain(text + from, n - from);
    return from + found;
}

static inline __m256i table16(const uint8_t entries[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

static inline __m256i high_nibbles(__m256i v)
{
    return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
}

/* `v` moved up by `count` bytes, filled from the end of the block before. */
#define BEFORE(v, previous, count) _mm256_alignr_epi8(v, _mm256_permute2x128_si256(previous, v, 0x21), 16 - (count))

/* Non-zero bytes where the text is wrong; utf8_tables.h says how. */
static inline __m256i utf8_errors(__m256i v, __m256i previous)
{
    static const uint8_t before_high[16] = {UTF8_BEFORE_HIGH};
    static const uint8_t before_low[16] = {UTF8_BEFORE_LOW};
    static const uint8_t this_high[16] = {UTF8_THIS_HIGH};
    __m256i before = BEFORE(v, previous, 1);
    __m256i low_nibbles = _mm256_and_si256(before, _mm256_set1_epi8(0x0F));
    __m256i errors = _mm256_shuffle_epi8(table16(before_high), high_nibbles(before));
    errors = _mm256_and_si256(errors, _mm256_shuffle_epi8(table16(before_low), low_nibbles));
    errors = _mm256_and_si256(errors, _mm256_shuffle_epi8(table16(this_high), high_nibbles(v)));
    /* The third and fourth byte of a sequence must be a second continuation in a row, and no other byte may be. */
    __m256i third = _mm256_subs_epu8(BEFORE(v, previous, 2), _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(BEFORE(v, previous, 3), _mm256_set1_epi8(0xF0 - 0x80));
    __m256i continues = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(continues, errors);
}

/*
 * Whole blocks as long as they hold no error; then the plain twin from the last place that is surely between two sequences.
 * A block is accepted before its last sequence is complete: that sequence is judged again, with what follows it.
 */
size_t vl_utf8_valid_prefix_avx2(const uint8_t *text, size_t n)
{
    __m256i previous = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i v = load256(text + i);
        if (_mm256_movemask_epi8(_mm256_or_si256(v, previous)) != 0) {
            __m256i errors = utf8_errors(v, previous);
            if (!_mm256_testz_si256(errors, errors)) break;
        }
        previous = v;
    }
    size_t start = utf8_sequence_start(text, i);
    return start + vl_utf8_valid_prefix_plain(text + start, n - start);
}

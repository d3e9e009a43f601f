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

/*
 * read_numbers. Adding a run's first bit to its bits carries to the bit behind it: one addition gives the ends of all runs, in
 * the order of their starts, and compressing places by these bits gives an entry a word. Windows of 64 bytes begin where a word
 * begins, so that only words that are too long are left.
 */
typedef struct number_window {
    const uint8_t *text;
    uint64_t digit;
    uint64_t alpha;
    uint64_t word;
    uint64_t starts; /* of words that the window holds */
    uint64_t rests;
    uint64_t ends;    /* of their digits */
    uint64_t seconds; /* first digits of second runs */
    uint64_t dash;
    uint64_t dot;
} number_window;

static inline uint64_t ends_of(uint64_t starts, uint64_t bits)
{
    return (bits + starts) & ~bits;
}

/* 64 bits of two words from the shift on. */
static inline uint64_t from_bit(uint64_t low, uint64_t high, unsigned shift)
{
    return low >> shift | (high << 1) << (63 - shift);
}

static inline void open_numbers(const vl_number_input *input, size_t at, number_window *w)
{
    const vl_class_block *b = &input->blocks[at / 64];
    unsigned shift = at % 64;
    w->text = input->text + at;
    w->digit = from_bit(b[0].digit, b[1].digit, shift);
    w->alpha = from_bit(b[0].alpha, b[1].alpha, shift);
    w->word = w->digit | w->alpha | from_bit(b[0].under, b[1].under, shift);
    w->starts = from_bit(input->starts[at / 64], input->starts[at / 64 + 1], shift);
    w->rests = from_bit(input->rests[at / 64], input->rests[at / 64 + 1], shift);
}

/* Where the word begins that holds the last bit of `bits`, of which there is one. */
static inline unsigned last_word(uint64_t word, uint64_t bits)
{
    unsigned last = 63 - (unsigned)__builtin_clzll(bits);
    uint64_t gaps = ~word & ((1ull << last) - 1);
    return gaps == 0 ? 0 : 64 - (unsigned)__builtin_clzll(gaps);
}

/* Keeps the words that are whole in the window with their second runs, too. Returns where the next window begins. */
static inline unsigned close_numbers(number_window *w, __m512i v, unsigned next)
{
    w->dash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('-'));
    w->dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
    uint64_t joint = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' ')) | w->dash | w->dot;
    w->ends = ends_of(w->starts, w->digit);
    w->seconds = (w->ends & joint) << 1 & w->digit;
    unsigned last = 63 - (unsigned)__builtin_clzll(w->seconds | 1);
    if (w->seconds == 0 || ~w->digit >> last != 0) return next;
    next = last_word(w->word, w->starts);
    w->seconds ^= 1ull << last;
    w->ends ^= 1ull << (last - 1);
    w->starts ^= 1ull << (63 - (unsigned)__builtin_clzll(w->starts));
    return next;
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

static inline void store_half(uint8_t *out, __m512i v) /* a window holds 32 numbers at most */
{
    _mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(v));
}

static inline __m512i shifted_in(__m512i high, __m512i low)
{
    return _mm512_or_si512(_mm512_slli_epi16(high, 4), low); /* both are below 16: no bit reaches another byte */
}

/* Begins of those runs of `all` that end at `ends`. */
static inline __m512i begins_of(uint64_t all, uint64_t ends)
{
    uint64_t chosen = _pext_u64(ends, ~all & all << 1);
    return _mm512_maskz_compress_epi8(chosen, places_of(all & ~(all << 1)));
}

static inline __m512i kinds_of(const vl_number_input *input, const number_window *w, __m512i at)
{
    __m512i before = _mm512_permutexvar_epi8(at, _mm512_loadu_si512(w->text - 1));
    __m512i kind =
        _mm512_permutex2var_epi8(_mm512_loadu_si512(input->kinds), before, _mm512_loadu_si512(input->kinds + 64));
    kind = _mm512_maskz_mov_epi8(~_mm512_movepi8_mask(before), kind);
    kind = _mm512_mask_mov_epi8(kind, _pext_u64(w->rests, w->starts), _mm512_set1_epi8((char)input->rest_kind));
    uint64_t behind_letters = w->starts & w->alpha << 1;
    if (behind_letters == 0) return kind;
    uint64_t lettered = _pext_u64(behind_letters, w->starts);
    __m512i begins = _mm512_maskz_expand_epi8(lettered, begins_of(w->alpha, behind_letters));
    __m512i letters = _mm512_min_epu8(_mm512_sub_epi8(at, begins), _mm512_set1_epi8(VL_NUMBER_LETTERS));
    return _mm512_mask_add_epi8(kind, lettered, letters, _mm512_set1_epi8(7));
}

static inline void store_words(const vl_number_input *input, const number_window *w, __m512i at, __m512i end,
                               vl_number_block *out, size_t count)
{
    uint64_t word_ends = ends_of(w->starts, w->word);
    __m512i begin = (w->starts & w->word << 1) == 0 ? at : begins_of(w->word, word_ends);
    __m512i run = _mm512_sub_epi8(_mm512_sub_epi8(end, at), _mm512_set1_epi8(1));
    __m512i bytes = _mm512_sub_epi8(places_of(word_ends), begin);
    __m512i first = _mm512_permutexvar_epi8(at, _mm512_loadu_si512(w->text));
    run = _mm512_min_epu8(run, _mm512_set1_epi8(VL_NUMBER_RUN_MAX - 1));
    bytes = _mm512_min_epu8(bytes, _mm512_set1_epi8(VL_NUMBER_WORD_MAX));
    store_half(out->begin + count, shifted_in(kinds_of(input, w, at), run));
    store_half(out->word + count, shifted_in(bytes, _mm512_and_si512(first, _mm512_set1_epi8(15))));
}

static inline void store_seconds(const number_window *w, __m512i v, __m512i end, vl_number_block *out, size_t count)
{
    uint64_t have = _pext_u64(w->seconds >> 1, w->ends);
    __m512i second_end = _mm512_maskz_expand_epi8(have, places_of(ends_of(w->seconds, w->digit)));
    __m512i second = _mm512_sub_epi8(_mm512_sub_epi8(second_end, end), _mm512_set1_epi8(1));
    second = _mm512_min_epu8(second, _mm512_set1_epi8(15));
    second = _mm512_mask_add_epi8(second, _pext_u64(w->dash, w->ends), second, _mm512_set1_epi8(16));
    second = _mm512_mask_add_epi8(second, _pext_u64(w->dot, w->ends), second, _mm512_set1_epi8(32));
    __m512i third = _mm512_permutexvar_epi8(second_end, v);
    third = _mm512_mask_mov_epi8(_mm512_set1_epi8((char)VL_NUMBER_NO_THIRD), have, third);
    store_half(out->second + count, _mm512_mask_mov_epi8(_mm512_set1_epi8(VL_NUMBER_NO_SECOND), have, second));
    store_half(out->third + count, third);
    store_half(out->next + count, _mm512_permutexvar_epi8(end, v));
    store_half(out->next_but_one + count, _mm512_permutexvar_epi8(end, _mm512_loadu_si512(w->text + 1)));
}

static inline size_t store_numbers(const vl_number_input *input, const number_window *w, size_t window, __m512i v,
                                   vl_number_block *out, size_t count)
{
    __m512i at = places_of(w->starts);
    __m512i end = places_of(w->ends);
    __m512i place = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(at));
    _mm512_storeu_si512(out->place + count, _mm512_add_epi16(place, _mm512_set1_epi16((short)window)));
    store_words(input, w, at, end, out, count);
    store_seconds(w, v, end, out, count);
    return count + (size_t)_mm_popcnt_u64(w->starts);
}

static inline void leave(uint64_t *left, size_t window, uint64_t bits)
{
    size_t shift = window % 64;
    left[window / 64] |= bits << shift;
    if (shift != 0 && bits >> (64 - shift) != 0) left[window / 64 + 1] |= bits >> (64 - shift);
}

/* Of the window's starts, those of a word that began before it or fills it. */
static inline uint64_t take_cut(number_window *w, uint64_t gaps, unsigned next, bool goes_on)
{
    uint64_t cut = gaps == 0 ? ~0ull : goes_on ? (gaps & -gaps) - 1 : 0;
    uint64_t left = w->starts & cut;
    w->starts &= ~cut & ((1ull << next) - 1);
    return left;
}

size_t vl_read_numbers_avx512(const vl_number_input *input, vl_number_block *out, uint64_t *left)
{
    size_t count = 0;
    bool goes_on = input->goes_on;
    for (size_t i = 0; i < input->count; i++)
        left[i] = 0;
    for (size_t at = 0; at < input->count * 64;) {
        number_window w;
        open_numbers(input, at, &w);
        uint64_t gaps = ~(w.word | 1ull << 63);
        unsigned next = gaps == 0 ? 63 : 64 - (unsigned)__builtin_clzll(gaps);
        uint64_t cut = take_cut(&w, gaps, next, goes_on);
        uint64_t first = w.starts & -w.starts;
        if (cut != 0) leave(left, at, cut);
        if (first != 0) {
            __m512i v = _mm512_loadu_si512(w.text);
            next = close_numbers(&w, v, next);
            if (w.starts != 0) count = store_numbers(input, &w, at, v, out, count);
        }
        if (next == 0) { /* the first word's second run is too long */
            leave(left, at, first);
            next = (unsigned)__builtin_ctzll(~w.word) + 1;
        }
        goes_on = (w.word >> (next - 1) & 1) != 0;
        at += next;
    }
    return count;
}

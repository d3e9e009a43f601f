/*
 * The function table of SIMD kernels. A kernel is a pure function over byte or sample arrays; it knows no modality. They
 * come in families, three files each: bytes_{plain,avx2,avx512}.c, and likewise pixels_*, samples_* and tones_*. Adding one: a member
 * here, a line in <family>_kernels.inc (kernels_impl.h says how), its plain twin, the AVX2 and AVX-512 forms where they pay
 * (the line says which level's form is used instead), and a case in tests/core/<family>_test.c, which compares all levels at
 * random sizes and alignments. Kernels may read only the
 * bytes they are given (no over-read past the end).
 */
#ifndef VL_CORE_KERNELS_H
#define VL_CORE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A set of byte values, as the two nibble tables that a byte shuffle needs and as a plain bitmap. Build: vl_byte_set_*. */
typedef struct vl_byte_set {
    uint8_t low[16];  /* low[n] bit (h & 7): byte (h << 4 | n) is in the set, for high nibbles 0-7 */
    uint8_t high[16]; /* the same for high nibbles 8-15 */
    uint64_t bits[4]; /* bit b of the 256-bit set */
} vl_byte_set;

void vl_byte_set_clear(vl_byte_set *set);
void vl_byte_set_add(vl_byte_set *set, uint8_t byte);

/** What hash_rows hashes: head_bytes, row_bytes and row_count as numbers, the head, then each row without its padding. */
typedef struct vl_hash_input {
    const void *head;
    size_t head_bytes;
    const void *rows;
    size_t row_bytes;
    size_t stride_bytes;
    size_t row_count;
} vl_hash_input;

#define VL_XXH3_STATE_BYTES 576 /* aligned to 64 bytes; buffers input: keep it in secret pages */

/** Classes of 64 bytes of text: bit i stands for byte i, positions behind the end are 0. One cache line. */
typedef struct vl_class_block {
    uint64_t digit; /* 0-9 */
    uint64_t alpha; /* A-Z a-z */
    uint64_t under; /* _ */
    uint64_t at;    /* @ */
    uint64_t dot;   /* . */
    uint64_t colon; /* : */
    uint64_t dash;  /* - */
    uint64_t slash; /* / */
} vl_class_block;

#define VL_WORD_ENTRY 32 /* as far as letters of an escape that began before may reach */

#define VL_TONE_LANES 16 /* eight frequencies, cosines and then sines */

#define VL_RUN_LEAST 14 /* ten bytes in base64, padding apart */

#define VL_LEAD_BYTES 3

/** Up to eight buckets of three-byte sequences, as nibble tables. A position may match that begins none of them (bytes of one
 *  bucket mix), never the other way round. Build: vl_lead_set_*. */
typedef struct vl_lead_set {
    uint8_t low[VL_LEAD_BYTES][16];
    uint8_t high[VL_LEAD_BYTES][16];
} vl_lead_set;

void vl_lead_set_clear(vl_lead_set *set);
void vl_lead_set_add(vl_lead_set *set, unsigned bucket, const char *lead);

/** The same by the low five bits of each byte, which are a letter of either case: buckets mix less, other bytes with letters
 *  more. Build: vl_letter_set_*. */
typedef struct vl_letter_set {
    uint8_t of[VL_LEAD_BYTES][32];
} vl_letter_set;

void vl_letter_set_clear(vl_letter_set *set);
void vl_letter_set_add(vl_letter_set *set, unsigned bucket, const char *lead);

#define VL_NUMBER_RUN_MAX   16u /* digits, or more */
#define VL_NUMBER_WORD_MAX  15u /* bytes of the word, or more */
#define VL_NUMBER_NO_SECOND 48u
#define VL_NUMBER_NO_THIRD  255u

#define VL_NUMBER_BLOCKS  8u
#define VL_NUMBER_ENTRIES (VL_NUMBER_BLOCKS * 32 + 64) /* room for all numbers of so many blocks, and one store */
#define VL_NUMBER_LETTERS 8u                           /* before the digits, or more */

/** Words with digits in text[0, 64 * count), where text[-1] and text[64 * count, 64 * (count + 1)) can be read, too. */
typedef struct vl_number_input {
    const uint8_t *text;
    const vl_class_block *blocks; /* count of them, and the one behind */
    size_t count;                 /* at most VL_NUMBER_BLOCKS */
    const uint64_t *starts;       /* the first digits of words, one a word of up to 64 bytes, by block; one 0 more */
    const uint64_t *rests;        /* of these, with rest_kind before them; one 0 more */
    const uint8_t *kinds;         /* below 8, by the byte before, 128 of them; other bytes have kind 0 */
    uint8_t rest_kind;            /* below 8 */
    bool goes_on;                 /* a word goes on at text[0] */
} vl_number_input;

/** An entry for each word that was read. */
typedef struct vl_number_block {
    uint16_t place[VL_NUMBER_ENTRIES]; /* of the first digit */
    uint8_t begin
        [VL_NUMBER_ENTRIES]; /* digits - 1, at most VL_NUMBER_RUN_MAX - 1, + 16 * what stands before: letters + 7, at
                                        * most VL_NUMBER_LETTERS + 7, or a kind */
    uint8_t word[VL_NUMBER_ENTRIES]; /* first digit + 16 * bytes of the word, at most VL_NUMBER_WORD_MAX */
    uint8_t next[VL_NUMBER_ENTRIES]; /* the two bytes behind the digits */
    uint8_t next_but_one[VL_NUMBER_ENTRIES];
    uint8_t second
        [VL_NUMBER_ENTRIES]; /* digits of a second run, at most 15, + 16 * (0 behind a space, 1 a dash, 2 a dot); or
                                        * VL_NUMBER_NO_SECOND */
    uint8_t third[VL_NUMBER_ENTRIES]; /* the byte behind the second run; or VL_NUMBER_NO_THIRD */
} vl_number_block;

typedef struct vl_kernels {
    uint32_t level; /* VEIL_CPU_* */

    /* ---- bytes ---- */

    /** Index of the first byte of text[0, n) that is in `set`, or n. */
    size_t (*find_in_set)(const uint8_t *text, size_t n, const vl_byte_set *set);

    /** Bit i of marks tells whether text[i] is in `set`; (n + 63) / 64 words. True when any is. */
    bool (*mark_set)(const uint8_t *text, size_t n, const vl_byte_set *set, uint64_t *marks);

    /** Index of the last byte of the first VL_RUN_LEAST ASCII letters and digits in a row in text[0, n), or n. */
    size_t (*find_run)(const uint8_t *text, size_t n);

    /** Length of the longest prefix of text[0, n) that is valid UTF-8 (n when all is). */
    size_t (*utf8_valid_prefix)(const uint8_t *text, size_t n);

    /* ---- hash: XXH3-128 under a secret; low half first in `out` ---- */

    void (*hash_rows)(void *state, const uint8_t *secret, size_t secret_bytes, const vl_hash_input *input,
                      uint64_t out[2]);
    void (*hash_bytes)(const uint8_t *secret, size_t secret_bytes, const void *data, size_t n, uint64_t out[2]);

    /* ---- samples ---- */

    /** Sum of squares of 16-bit samples; exact (2^34 samples fit). */
    uint64_t (*s16_sum_squares)(const int16_t *samples, size_t n);

    /** True when no sample is NaN or infinite. */
    bool (*f32_all_finite)(const float *samples, size_t n);

    /** Sum of squares in double, added in one fixed order (16 interleaved lanes), so that every level gives the same bits. */
    double (*f32_sum_squares)(const float *samples, size_t n);

    /** Numbers times a gain to 16 bits, rounded to even and held within them. None is NaN. */
    void (*f32_to_s16)(const float *in, size_t n, float gain, int16_t *out);

    /** White noise: sample i depends on counter + i alone. 16-bit integers times `scale`. */
    void (*noise_f32)(float *out, size_t n, uint32_t counter, float scale);

    /* ---- tones ---- */

    /**
     * Windowed correlations of `count` windows, `step` samples apart, of 2 * pairs samples each:
     * out[w * VL_TONE_LANES + lane] is the sum of samples[w * step + 2 i + j] * table[(i * VL_TONE_LANES + lane) * 2 + j].
     * The table must be such that no sum leaves 32 bits for any samples.
     */
    void (*tone_windows)(const int16_t *samples, size_t step, size_t pairs, size_t count, const int16_t *table,
                         int32_t *out);

    /** out[h] = sum of squares of samples[h * hop, (h + 1) * hop), for `count` hops. */
    void (*hop_energies)(const int16_t *samples, size_t hop, size_t count, uint64_t *out);

    /* ---- pixels ---- */

    /** sums[i] = rows[i] + rows[stride + i] + ... over row_count rows, for each of n columns. row_count is at most 257. */
    void (*column_sums)(const uint8_t *rows, size_t stride_bytes, size_t row_count, size_t n, uint16_t *sums);

    /**
     * A row between two others: out[i] = a[i] + (b[i] - a[i]) * weight / 32768, rounded to 8 bits. Inputs are 0 to 255 with 7
     * bits of fraction (0 to 32640); weight is 0 to 32767.
     */
    void (*mix_rows)(const int16_t *a, const int16_t *b, int16_t weight, size_t n, uint8_t *out);

    /** Zero the first three bytes of every 4-byte pixel whose fourth byte (alpha) is 0. */
    void (*clear_hidden)(uint8_t *pixels, size_t pixel_count);

    /** Brightness of n pixels of `step` bytes, 3 or 4: out[i] = (first + 2 * second + third) / 4. */
    void (*luma_row)(const uint8_t *pixels, size_t step, size_t n, uint8_t *out);

    /** out[i] = the mean of a[2 i], a[2 i + 1], b[2 i], b[2 i + 1], rounded. */
    void (*halve_rows)(const uint8_t *a, const uint8_t *b, size_t n, uint8_t *out);

    /**
     * Pixels of three bytes of two rows, four of them for each output: out[c][i] = (the sum of byte c of pixels 2 i and 2 i + 1 of both rows) *
     * scale + shift, multiplied and then added in floats.
     */
    void (*halve_to_planes)(const uint8_t *a, const uint8_t *b, size_t n, float scale, float shift,
                            float *const out[3]);

    /** counts[i] + 1 (without carry) where row[i - 1] and row[i + 1], or up[i] and down[i], are more than `most` apart. row[-1] and row[n] are read. */
    void (*count_edges)(const uint8_t *up, const uint8_t *row, const uint8_t *down, size_t n, uint8_t most,
                        uint8_t *counts);

    /* ---- classes ---- */

    /** Classes of text[0, n) into (n + 63) / 64 blocks. */
    void (*classify)(const uint8_t *text, size_t n, vl_class_block *blocks);

    /** Index of the first position of text[0, n) whose three bytes match a bucket of `set`, or n. */
    size_t (*find_lead)(const uint8_t *text, size_t n, const vl_lead_set *set);

    /** Bit i of marks tells whether the three bytes at text[i] match a bucket; (n + 63) / 64 words. True when any is set. */
    bool (*mark_letters)(const uint8_t *text, size_t n, const vl_letter_set *set, uint64_t *marks);

    /** Whether a word of text[0, 64) may begin with a sequence of `set` (which may go on in text[64, 66)): false when no ASCII
     *  letter that stands first of its letters, or among the first VL_WORD_ENTRY bytes, begins one, and neither bytes beyond
     *  ASCII nor bytes that begin escapes (backslash, percent, ESC) stand in text[0, 64). */
    bool (*may_begin_word)(const uint8_t *text, const vl_letter_set *set);

    /** What stands around the first digits of words, in order. Returns the number of entries. `left`, by block: those of
     *  input->starts that have none, because their word begins before the text, or from its begin to the end of the word, or of
     *  the second run, there are 63 bytes or more (64 for the run). */
    size_t (*read_numbers)(const vl_number_input *input, vl_number_block *out, uint64_t *left);
} vl_kernels;

extern const vl_kernels vl_kernels_plain;
extern const vl_kernels vl_kernels_avx2;
extern const vl_kernels vl_kernels_avx512;

#endif

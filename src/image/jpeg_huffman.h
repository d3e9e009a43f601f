/*
 * Huffman codes of JPEG (T.81, annex C and F.1.2, F.2.2) as tables, for reading from an unstuffed buffer and for writing.
 *
 *   look[12 bits ahead]:  value << 16 | steps << 8 | length        code and value are both within the 12 bits
 *                         symbol << 8 | 0x80 | length of the code  the value is not
 *                         0                                        the code is not, or there is none
 *   skip[12 bits ahead]:  ends << 15 | steps << 4 | length         as many whole codes and values as fit, values left out
 */
#ifndef VL_IMAGE_JPEG_HUFFMAN_H
#define VL_IMAGE_JPEG_HUFFMAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    VL_HUFFMAN_LOOK = 12,
    VL_HUFFMAN_SLOW = 0x80,  /* in look: the length is of the code alone */
    VL_HUFFMAN_ENDS = 0x80,  /* steps of an end-of-block code: further than any block goes */
    VL_HUFFMAN_LONGEST = 31, /* bits of a code and its value */
    VL_HUFFMAN_PADDING =
        4096 /* zero bytes behind a buffer: more than an MCU can take (10 blocks, 64 codes of 31 bits) */
};

typedef struct vl_huffman {
    uint32_t look[1 << VL_HUFFMAN_LOOK];
    uint16_t skip[1 << VL_HUFFMAN_LOOK];
    uint32_t code[256]; /* to write: of each symbol, and its length, 0: there is none */
    uint8_t size[256];
    int32_t last[18];  /* to read long codes: the last code of each length, or -1 */
    int32_t first[17]; /* what to add to a code to get its place in `symbols` */
    uint8_t symbols[256];
} vl_huffman;

/** `bits[1..16]`: how many codes of each length; `values`: their symbols in order. False: no prefix code. */
bool vl_huffman_make(const uint8_t bits[17], const uint8_t values[256], bool is_dc, vl_huffman *table);

/** Bits ahead. `ahead` holds `left` of them at its top; `at` is the position of the first. */
typedef struct vl_bit_reader {
    const uint8_t *bytes; /* VL_HUFFMAN_PADDING of zeros behind the last */
    uint64_t at;
    uint64_t ahead;
    uint32_t left;
} vl_bit_reader;

static inline uint64_t vl_bits_at(const uint8_t *bytes, uint64_t at)
{
    uint64_t word;
    memcpy(&word, bytes + (at >> 3), sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word << (at & 7); /* at least 57 bits are real */
}

static inline void vl_bit_reader_seek(vl_bit_reader *r, uint64_t at)
{
    r->at = at;
    r->ahead = vl_bits_at(r->bytes, at);
    r->left = 57;
}

static inline void vl_bit_reader_take(vl_bit_reader *r, uint32_t count)
{
    r->at += count;
    r->ahead <<= count;
    r->left -= count;
    if (r->left < VL_HUFFMAN_LONGEST) vl_bit_reader_seek(r, r->at);
}

/** The next symbol the long way: value << 16 | steps << 8, or UINT32_MAX: no such code. Takes its bits. */
uint32_t vl_huffman_slow(const vl_huffman *table, bool is_dc, vl_bit_reader *r);

/** A value of `size` bits as T.81 codes it (F.2.2.1): the upper half positive, the lower half negative. */
static inline int32_t vl_huffman_extend(uint32_t raw, uint32_t size)
{
    if (size == 0) return 0;
    return raw >> (size - 1) != 0 ? (int32_t)raw : (int32_t)raw - (int32_t)((1u << size) - 1);
}

#endif

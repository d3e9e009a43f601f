/*
 * Byte kernels in plain C: the reference that the SIMD forms are compared with, and what other CPUs run. Also the building
 * of byte sets, which every form shares.
 */
#include <string.h>

#include "core/kernels_impl.h"

void vl_byte_set_clear(vl_byte_set *set)
{
    memset(set, 0, sizeof *set);
}

void vl_byte_set_add(vl_byte_set *set, uint8_t byte)
{
    uint8_t *table = byte < 0x80 ? set->low : set->high;
    table[byte & 15] |= (uint8_t)(1u << ((byte >> 4) & 7));
    set->bits[byte >> 6] |= 1ull << (byte & 63);
}

size_t vl_find_in_set_plain(const uint8_t *text, size_t n, const vl_byte_set *set)
{
    for (size_t i = 0; i < n; i++) {
        if ((set->bits[text[i] >> 6] >> (text[i] & 63)) & 1) return i;
    }
    return n;
}

bool vl_mark_set_plain(const uint8_t *text, size_t n, const vl_byte_set *set, uint64_t *marks)
{
    uint64_t any = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bit = set->bits[text[i] >> 6] >> (text[i] & 63) & 1;
        if (i % 64 == 0) marks[i / 64] = 0;
        marks[i / 64] |= bit << (i % 64);
        any |= bit;
    }
    return any != 0;
}

size_t vl_find_run_plain(const uint8_t *text, size_t n)
{
    size_t run = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_digit = (uint8_t)(text[i] - '0') < 10;
        bool is_letter = (uint8_t)((text[i] | 0x20) - 'a') < 26;
        run = is_digit || is_letter ? run + 1 : 0;
        if (run == VL_RUN_LEAST) return i;
    }
    return n;
}

/* Bytes of the well-formed sequence at text[0], 0 when there is none: Unicode 15, table 3-7. */
static size_t utf8_sequence(const uint8_t *text, size_t n)
{
    uint8_t lead = text[0];
    size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || length > n) return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;  /* no overlong forms */
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF; /* no surrogates, nothing above U+10FFFF */
    if (text[1] < low || text[1] > high) return 0;
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) return 0;
    }
    return length;
}

size_t vl_utf8_valid_prefix_plain(const uint8_t *text, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint64_t word;
        if (i + sizeof word <= n) {
            memcpy(&word, text + i, sizeof word);
            if ((word & 0x8080808080808080ull) == 0) {
                i += sizeof word;
                continue;
            }
        }
        size_t length = text[i] < 0x80 ? 1 : utf8_sequence(text + i, n - i);
        if (length == 0) return i;
        i += length;
    }
    return i;
}

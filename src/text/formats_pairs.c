/*
 * Pairs: by the two bytes behind a run of digits, which lengths of the run some format can have there. One look-up in a table of
 * classes of bytes (some ten kilobytes), so that a run that nothing can match costs next to nothing.
 */
#include <string.h>

#include "text/formats_keys.h"

static const vl_byte_bits all_bytes = {{~0ull, ~0ull, ~0ull, ~0ull}};
static const vl_byte_bits digit_bytes = {{0x03FF000000000000ull}};

void vl_classes_split(uint8_t class_of[256], unsigned *class_count, const vl_byte_bits *set)
{
    unsigned inside[256] = {0}; /* bytes of a class in the set, of all */
    unsigned sizes[256] = {0};
    uint8_t renamed[256];
    for (unsigned byte = 0; byte < 256; byte++) {
        inside[class_of[byte]] += vl_byte_bits_has(set, (uint8_t)byte);
        sizes[class_of[byte]]++;
    }
    unsigned before = *class_count;
    for (unsigned class = 0; class < before; class ++) {
        bool is_split = inside[class] != 0 && inside[class] != sizes[class];
        renamed[class] = (uint8_t)(is_split ? (*class_count)++ : class);
    }
    if (*class_count == before) return;
    for (unsigned byte = 0; byte < 256; byte++)
        if (vl_byte_bits_has(set, (uint8_t)byte)) class_of[byte] = renamed[class_of[byte]];
}

/* Bytes that a kind stands for behind a run, first and second one. */
static void bytes_of_kind(unsigned behind, vl_byte_bits *first, vl_byte_bits *second)
{
    bool is_joined = vl_second_of(behind) != VL_SECOND_ANY;
    bool may_join = is_joined || behind == VL_BEHIND_SPACE || behind == VL_BEHIND_DASH || behind == VL_BEHIND_DOT;
    *first = (vl_byte_bits){{0}};
    for (unsigned byte = 0; byte < 256; byte++)
        if (vl_kinds_behind[byte] == behind - is_joined && !vl_byte_bits_has(&digit_bytes, (uint8_t)byte))
            first->words[byte / 64] |= 1ull << (byte % 64);
    *second = all_bytes;
    for (unsigned i = 0; i < 4 && may_join; i++)
        second->words[i] = is_joined ? digit_bytes.words[i] : ~digit_bytes.words[i];
}

static void find_classes(const vl_outline *outlines, const uint16_t *ids, size_t count, vl_format_pairs *pairs)
{
    memset(pairs->class_of, 0, sizeof pairs->class_of);
    pairs->class_count = 1;
    vl_classes_split(pairs->class_of, &pairs->class_count, &digit_bytes);
    for (unsigned behind = 0; behind < VL_BEHIND_COUNT; behind++) {
        vl_byte_bits first;
        vl_byte_bits second;
        bytes_of_kind(behind, &first, &second);
        vl_classes_split(pairs->class_of, &pairs->class_count, &first);
    }
    for (size_t i = 0; i < count; i++) {
        vl_classes_split(pairs->class_of, &pairs->class_count, &outlines[ids[i]].next[0]);
        vl_classes_split(pairs->class_of, &pairs->class_count, &outlines[ids[i]].next[1]);
    }
}

/* One byte of each class. */
static void find_members(const vl_format_pairs *pairs, uint8_t members[256])
{
    for (unsigned byte = 256; byte-- > 0;)
        members[pairs->class_of[byte]] = (uint8_t)byte;
}

static bool has_both(const vl_byte_bits *a, const vl_byte_bits *b, uint8_t byte)
{
    return vl_byte_bits_has(a, byte) && vl_byte_bits_has(b, byte);
}

/* Runs of these lengths may have a byte of this kind behind them. */
static void add_kind(const vl_outline *outline, unsigned around, unsigned behind, uint16_t lengths,
                     const uint8_t *members, vl_format_pairs *pairs)
{
    vl_byte_bits first;
    vl_byte_bits second;
    unsigned count = pairs->class_count;
    bytes_of_kind(behind, &first, &second);
    for (unsigned i = 0; i < count; i++) {
        if (!has_both(&first, &outline->next[0], members[i])) continue;
        uint16_t *row = pairs->lengths + (around * count + i) * count;
        for (unsigned j = 0; j < count; j++)
            if (has_both(&second, &outline->next[1], members[j])) row[j] |= lengths;
    }
}

static void add_outline(const vl_outline *outline, const uint8_t *members, vl_format_pairs *pairs)
{
    uint16_t lengths[VL_PAIRS_LONG][16] = {{0}}; /* by kind behind */
    bool may_be_short = (outline->word_lengths & ((1ull << VL_LONG_WORD) - 1)) != 0;
    for (unsigned word = 0; word < VL_KEY_COUNT / 64; word++) {
        for (uint64_t left = outline->keys[word]; left != 0; left &= left - 1) {
            unsigned key = word * 64 + vl_low_bit(left);
            lengths[vl_pairs_before(key >> 8)][key & 15] |= (uint16_t)(1u << (key >> 4 & 15));
        }
    }
    for (unsigned around = may_be_short ? 0 : VL_PAIRS_LONG; around < VL_PAIRS_COUNT; around++) {
        for (unsigned behind = 0; behind < VL_BEHIND_COUNT; behind++) {
            uint16_t wanted = lengths[around % VL_PAIRS_LONG][behind];
            if (wanted != 0) add_kind(outline, around, behind, wanted, members, pairs);
        }
    }
}

bool vl_pairs_make(const vl_allocator *allocator, const vl_outline *outlines, const uint16_t *ids, size_t count,
                   vl_format_pairs *out)
{
    uint8_t members[256];
    find_classes(outlines, ids, count, out);
    out->lengths =
        vl_alloc_zero(allocator, (size_t)VL_PAIRS_COUNT * out->class_count * out->class_count, sizeof *out->lengths);
    if (out->lengths == NULL) return false;
    find_members(out, members);
    for (size_t i = 0; i < count; i++)
        add_outline(&outlines[ids[i]], members, out);
    return true;
}

void vl_pairs_drop(const vl_allocator *allocator, vl_format_pairs *pairs)
{
    size_t size = (size_t)VL_PAIRS_COUNT * pairs->class_count * pairs->class_count;
    vl_free(allocator, pairs->lengths, size * sizeof *pairs->lengths);
}

/* The tables, and the codes that are too long for them. */
#include "image/jpeg_huffman.h"

enum { DC_BITS_MAX = 11, AC_BITS_MAX = 15, ZERO_RUN = 0xF0, SYMBOLS_MAX = 256 };

/* Steps that a symbol makes in a block; 0: the symbol says nothing that we know. */
static uint32_t steps_of(uint32_t symbol, bool is_dc)
{
    uint32_t size = symbol & 15;
    if (is_dc) return symbol <= DC_BITS_MAX ? 1 : 0;
    if (symbol == 0) return VL_HUFFMAN_ENDS;
    if (symbol == ZERO_RUN) return 16;
    return size > 0 && size <= AC_BITS_MAX ? (symbol >> 4) + 1 : 0;
}

/* C.2 and F.2.2.3: codes of each length count up, and the next length begins at twice the code that would follow. */
static bool number_codes(const uint8_t bits[17], vl_huffman *table)
{
    int32_t code = 0, count = 0;
    for (int length = 1; length <= 16; length++) {
        table->first[length] = count - code;
        if (count + bits[length] > SYMBOLS_MAX) return false;
        for (int i = 0; i < bits[length]; i++, code++, count++) {
            uint8_t symbol = table->symbols[count];
            if (table->size[symbol] != 0) return false; /* twice */
            table->code[symbol] = (uint32_t)code;
            table->size[symbol] = (uint8_t)length;
        }
        if (code >= 1 << length) return false; /* more codes than this length has, or the one of all ones */
        table->last[length] = bits[length] > 0 ? code - 1 : -1;
        code <<= 1;
    }
    table->last[17] = INT32_MAX;
    return true;
}

static void fill_look(vl_huffman *table, uint32_t symbol, bool is_dc)
{
    uint32_t length = table->size[symbol], size = symbol & 15, steps = steps_of(symbol, is_dc);
    if (length == 0 || length > VL_HUFFMAN_LOOK || steps == 0) return;
    uint32_t rest = VL_HUFFMAN_LOOK - length, first = table->code[symbol] << rest;
    for (uint32_t i = 0; i < 1u << rest; i++) {
        uint32_t entry = symbol << 8 | VL_HUFFMAN_SLOW | length;
        if (size <= rest) {
            uint32_t raw = size > 0 ? i >> (rest - size) : 0;
            int32_t value = vl_huffman_extend(raw, size);
            entry = (uint32_t)(uint16_t)(int16_t)value << 16 | steps << 8 | (length + size);
        }
        table->look[first + i] = entry;
    }
}

static uint16_t skip_from(const vl_huffman *table, uint32_t window)
{
    uint32_t used = 0, steps = 0, mask = (1u << VL_HUFFMAN_LOOK) - 1;
    while (used < VL_HUFFMAN_LOOK) {
        uint32_t entry = table->look[window << used & mask], length = entry & 0xFF, step = entry >> 8 & 0xFF;
        if (length == 0 || (length & VL_HUFFMAN_SLOW) != 0 || length > VL_HUFFMAN_LOOK - used) break;
        used += length;
        if (step == VL_HUFFMAN_ENDS) return (uint16_t)(1u << 15 | steps << 4 | used);
        steps += step;
        if (steps > 63) return 0; /* too far for one block: the other way decides */
    }
    return (uint16_t)(steps << 4 | used);
}

bool vl_huffman_make(const uint8_t bits[17], const uint8_t values[256], bool is_dc, vl_huffman *table)
{
    memset(table, 0, sizeof *table);
    memcpy(table->symbols, values, sizeof table->symbols);
    if (!number_codes(bits, table)) return false;
    for (uint32_t symbol = 0; symbol < SYMBOLS_MAX; symbol++)
        fill_look(table, symbol, is_dc);
    for (uint32_t window = 0; !is_dc && window < 1u << VL_HUFFMAN_LOOK; window++)
        table->skip[window] = skip_from(table, window);
    return true;
}

uint32_t vl_huffman_slow(const vl_huffman *table, bool is_dc, vl_bit_reader *r)
{
    int length = 1;
    while (length <= 16 && (int32_t)(r->ahead >> (64 - length)) > table->last[length])
        length++;
    if (length > 16) return UINT32_MAX;
    int32_t place = (int32_t)(r->ahead >> (64 - length)) + table->first[length];
    if (place < 0 || place >= SYMBOLS_MAX) return UINT32_MAX;
    uint32_t symbol = table->symbols[place], size = symbol & 15, steps = steps_of(symbol, is_dc);
    if (steps == 0 || table->size[symbol] != length) return UINT32_MAX;
    uint32_t raw = size > 0 ? (uint32_t)(r->ahead << length >> (64 - size)) : 0;
    int32_t value = vl_huffman_extend(raw, size);
    vl_bit_reader_take(r, (uint32_t)length + size);
    return (uint32_t)(uint16_t)(int16_t)value << 16 | steps << 8;
}

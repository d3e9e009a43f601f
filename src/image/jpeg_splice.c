/*
 * Writes a scan again: headers made anew from what they said, and of the coded bits all but those of replaced MCUs as they were. An
 * MCU that follows a replaced one is coded anew as well, since its DC values are differences from those before.
 */
#include <string.h>

#include "image/jpeg_scan.h"

enum {
    CHUNK_BYTES = 2048, /* gathered before they go to the sink */
    COPY_BITS = 56,     /* at a time: what one load surely brings */
    MARKER_BODY = 600   /* longest header that we make: four tables of 16 bits */
};

static const uint8_t zigzag[VL_JPEG_BLOCK_VALUES] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                                     12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                                     35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                                     58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

#define APART __attribute__((noinline)) /* each with a stack frame of its own, which stays small */

/* ---- Bits ---- */

typedef struct bit_writer {
    vl_sink *sink;
    uint64_t word; /* its low 64 - room bits wait */
    uint32_t room;
    uint32_t used; /* of chunk */
    uint8_t chunk[CHUNK_BYTES];
} bit_writer;

static void drain(bit_writer *b)
{
    vl_sink_write(b->sink, b->chunk, b->used);
    b->used = 0;
}

/* The `bytes` high bytes of a word, with a zero behind each 0xFF. */
static void put_bytes(bit_writer *b, uint64_t word, uint32_t bytes)
{
    if (b->used > CHUNK_BYTES - 16) drain(b);
    for (uint32_t i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(word >> (56 - 8 * i));
        b->chunk[b->used++] = byte;
        if (byte == 0xFF) b->chunk[b->used++] = 0;
    }
}

static inline void put_word(bit_writer *b, uint64_t word)
{
    uint64_t flipped = ~word;
    bool has_ff = ((flipped - 0x0101010101010101u) & ~flipped & 0x8080808080808080u) != 0;
    if (has_ff || b->used > CHUNK_BYTES - 16) {
        put_bytes(b, word, 8);
        return;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(b->chunk + b->used, &word, sizeof word);
    b->used += 8;
}

/* `value` has at most `count` bits, at most 56. */
static inline void put_bits(bit_writer *b, uint64_t value, uint32_t count)
{
    if (count < b->room) {
        b->word = b->word << count | value;
        b->room -= count;
        return;
    }
    uint32_t rest = count - b->room;
    put_word(b, b->room < 64 ? b->word << b->room | value >> rest : value >> rest);
    b->word = value; /* bits above the lowest `rest` are shifted out before this word is full */
    b->room = 64 - rest;
}

/* Fill up with ones (T.81, F.1.2.3). */
static void end_bits(bit_writer *b)
{
    uint32_t bits = 64 - b->room, bytes = (bits + 7) / 8, pad = 8 * bytes - bits;
    if (bits == 0) return;
    uint64_t word = b->word << pad | ((1u << pad) - 1);
    put_bytes(b, word << (64 - 8 * bytes), bytes);
    b->word = 0;
    b->room = 64;
}

static void copy_bits(bit_writer *b, const uint8_t *bytes, uint64_t from, uint64_t to)
{
    for (; to - from >= COPY_BITS; from += COPY_BITS)
        put_bits(b, vl_bits_at(bytes, from) >> (64 - COPY_BITS), COPY_BITS);
    uint32_t rest = (uint32_t)(to - from);
    if (rest > 0) put_bits(b, vl_bits_at(bytes, from) >> (64 - rest), rest);
}

/* ---- Blocks ---- */

/* T.81, F.1.2.1: the category of a value, and its bits. */
static bool put_symbol(bit_writer *b, const vl_huffman *table, uint32_t run, int32_t value)
{
    uint32_t magnitude = (uint32_t)(value < 0 ? -value : value);
    uint32_t size = magnitude == 0 ? 0 : 32 - (uint32_t)__builtin_clz(magnitude);
    uint32_t symbol = run << 4 | size;
    if (size > 15 || table->size[symbol] == 0) return false;
    uint32_t raw = value < 0 ? (uint32_t)(value - 1) & ((1u << size) - 1) : magnitude;
    put_bits(b, (uint64_t)table->code[symbol] << size | raw, table->size[symbol] + size);
    return true;
}

static bool put_block(bit_writer *b, const vl_huffman *dc, const vl_huffman *ac, int32_t before, const int16_t *values)
{
    uint32_t run = 0;
    if (!put_symbol(b, dc, 0, values[0] - before)) return false;
    for (uint32_t k = 1; k < VL_JPEG_BLOCK_VALUES; k++) {
        if (values[zigzag[k]] == 0) {
            run++;
            continue;
        }
        for (; run >= 16; run -= 16)
            if (!put_symbol(b, ac, 15, 0)) return false;
        if (!put_symbol(b, ac, run, values[zigzag[k]])) return false;
        run = 0;
    }
    return run == 0 || put_symbol(b, ac, 0, 0);
}

typedef struct splice {
    const vl_jpeg_scan *scan;
    const vl_jpeg_window *window;
    const vl_jpeg_blocks *blocks;
    bit_writer bits;
} splice;

static bool is_replaced(const splice *s, uint32_t mcu)
{
    uint32_t x = mcu % s->scan->frame->mcus_w, y = mcu / s->scan->frame->mcus_w;
    return (vl_jpeg_window_mark(s->window, x, y) & VL_JPEG_WRITE) != 0;
}

/* DC of the last block of component c in an MCU, as it is written. */
static int32_t last_dc(const splice *s, uint32_t mcu, uint32_t c)
{
    const vl_jpeg_component *component = &s->scan->frame->component[c];
    uint32_t x = mcu % s->scan->frame->mcus_w * component->h + component->h - 1;
    uint32_t y = mcu / s->scan->frame->mcus_w * component->v + component->v - 1;
    if (is_replaced(s, mcu)) return s->blocks->at(s->blocks->source, c, x, y)[0];
    return vl_jpeg_scan_low((void *)(uintptr_t)s->scan, c, x, y)[0];
}

/* New coefficients of a replaced MCU, or its own of one behind it. */
static void gather_mcu(const splice *s, uint32_t mcu, int16_t (*blocks)[VL_JPEG_BLOCK_VALUES])
{
    const vl_jpeg_frame *frame = s->scan->frame;
    if (!is_replaced(s, mcu)) {
        vl_jpeg_scan_mcu(s->scan, mcu, blocks);
        return;
    }
    for (uint32_t c = 0; c < frame->count; c++) {
        const vl_jpeg_component *component = &frame->component[c];
        uint32_t x = mcu % frame->mcus_w * component->h, y = mcu / frame->mcus_w * component->v;
        for (uint32_t i = 0; i < component->h * component->v; i++, blocks++)
            memcpy(*blocks, s->blocks->at(s->blocks->source, c, x + i % component->h, y + i / component->h),
                   sizeof *blocks);
    }
}

APART static bool put_mcu(splice *s, uint32_t mcu, bool is_first)
{
    int16_t blocks[VL_JPEG_MCU_BLOCKS_MAX][VL_JPEG_BLOCK_VALUES] = {{0}};
    int16_t(*next)[VL_JPEG_BLOCK_VALUES] = blocks;
    bool is_good = true;
    gather_mcu(s, mcu, blocks);
    for (uint32_t c = 0; c < s->scan->frame->count; c++) {
        const vl_jpeg_component *component = &s->scan->frame->component[c];
        int32_t before = is_first ? 0 : last_dc(s, mcu - 1, c);
        for (uint32_t i = 0; i < component->h * component->v && is_good; i++, next++) {
            is_good = put_block(&s->bits, s->scan->dc[c], s->scan->ac[c], before, *next);
            before = (*next)[0];
        }
    }
    vl_wipe(blocks, sizeof blocks);
    return is_good;
}

/* MCUs [first, end) are one restart interval. */
static bool put_interval(splice *s, uint32_t first, uint32_t end, uint64_t end_bit)
{
    bool was_replaced = false;
    uint32_t kept = first; /* where the run of kept MCUs began */
    for (uint32_t mcu = first; mcu < end; mcu++) {
        bool is_new = is_replaced(s, mcu), is_coded = is_new || was_replaced;
        if (is_coded && kept < mcu) copy_bits(&s->bits, s->scan->bits, s->scan->starts[kept], s->scan->starts[mcu]);
        if (is_coded && !put_mcu(s, mcu, mcu == first)) return false;
        if (is_coded) kept = mcu + 1;
        was_replaced = is_new;
    }
    if (kept < end) copy_bits(&s->bits, s->scan->bits, s->scan->starts[kept], end_bit);
    end_bits(&s->bits);
    return true;
}

/* ---- Headers (T.81, B.2) ---- */

typedef struct marker {
    uint32_t size;
    uint8_t body[MARKER_BODY];
} marker;

static void add(marker *m, uint32_t value, uint32_t bytes)
{
    for (; bytes > 0; bytes--)
        m->body[m->size++] = (uint8_t)(value >> (8 * bytes - 8));
}

static void write_marker(vl_sink *sink, uint32_t code, const void *body, size_t size)
{
    const uint8_t head[4] = {0xFF, (uint8_t)code, (uint8_t)((size + 2) >> 8), (uint8_t)(size + 2)};
    vl_sink_write(sink, head, sizeof head);
    vl_sink_write(sink, body, size);
}

/* JFIF says YCbCr or gray, Adobe's marker the rest; as libjpeg writes them. */
APART static void write_color(const vl_jpeg_scan *s, vl_sink *sink)
{
    static const uint8_t transforms[] = {[VL_JPEG_RGB] = 0, [VL_JPEG_CMYK] = 0, [VL_JPEG_YCCK] = 2};
    marker m = {0};
    if (s->frame->color == VL_JPEG_GRAY || s->frame->color == VL_JPEG_YCC) {
        memcpy(m.body, "JFIF", 5);
        m.size = 5;
        add(&m, 0x0101, 2);
        add(&m, s->cinfo->saw_JFIF_marker ? s->cinfo->density_unit : 0, 1);
        add(&m, s->cinfo->saw_JFIF_marker ? s->cinfo->X_density : 1, 2);
        add(&m, s->cinfo->saw_JFIF_marker ? s->cinfo->Y_density : 1, 2);
        add(&m, 0, 2); /* no thumbnail */
        write_marker(sink, 0xE0, m.body, m.size);
    } else if (s->frame->color != VL_JPEG_CMYK || s->frame->is_inverted) {
        memcpy(m.body, "Adobe", 5);
        m.size = 5;
        add(&m, 100, 2);
        add(&m, 0, 4);
        add(&m, transforms[s->frame->color], 1);
        write_marker(sink, 0xEE, m.body, m.size);
    }
}

APART static void write_icc(const vl_image_info *info, vl_bytes input, vl_sink *sink)
{
    vl_jpeg_icc icc;
    if (info->icc_bytes == 0) return;
    uint32_t count = vl_jpeg_icc_chunks(input, &icc);
    for (uint32_t number = 1; number <= count; number++)
        write_marker(sink, 0xE2, input.data + icc.offset[number], icc.size[number]);
}

/* True when a table has values above 255. */
APART static bool write_quantisers(const vl_jpeg_scan *s, vl_sink *sink)
{
    uint32_t done = 0;
    bool has_wide = false;
    for (uint32_t c = 0; c < s->frame->count; c++) {
        uint32_t id = (uint32_t)s->cinfo->comp_info[c].quant_tbl_no;
        const uint16_t *values = s->frame->component[c].quant;
        marker m = {0};
        bool is_wide = false;
        if (done >> id & 1) continue;
        done |= 1u << id;
        for (uint32_t k = 0; k < VL_JPEG_BLOCK_VALUES; k++)
            is_wide = is_wide || values[k] > 255;
        add(&m, (is_wide ? 0x10u : 0) | id, 1);
        for (uint32_t k = 0; k < VL_JPEG_BLOCK_VALUES; k++)
            add(&m, values[zigzag[k]], is_wide ? 2 : 1);
        write_marker(sink, 0xDB, m.body, m.size);
        has_wide = has_wide || is_wide;
    }
    return has_wide;
}

APART static void write_codes(const vl_jpeg_scan *s, vl_sink *sink)
{
    uint32_t done = 0;
    for (uint32_t i = 0; i < 2 * s->frame->count; i++) {
        const jpeg_component_info *component = &s->cinfo->comp_info[i / 2];
        uint32_t kind = i % 2, id = (uint32_t)(kind == 0 ? component->dc_tbl_no : component->ac_tbl_no), count = 0;
        const JHUFF_TBL *table = kind == 0 ? s->cinfo->dc_huff_tbl_ptrs[id] : s->cinfo->ac_huff_tbl_ptrs[id];
        marker m = {0};
        if (done >> (4 * kind + id) & 1) continue;
        done |= 1u << (4 * kind + id);
        add(&m, kind << 4 | id, 1);
        for (int length = 1; length <= 16; length++) {
            add(&m, table->bits[length], 1);
            count += table->bits[length];
        }
        memcpy(m.body + m.size, table->huffval, count); /* at most 256: the table was made */
        write_marker(sink, 0xC4, m.body, m.size + count);
    }
}

APART static void write_frame(const vl_jpeg_scan *s, bool has_wide, vl_sink *sink)
{
    marker frame = {0}, scan = {0};
    bool is_extended = has_wide;
    add(&frame, 8, 1);
    add(&frame, s->frame->height, 2);
    add(&frame, s->frame->width, 2);
    add(&frame, s->frame->count, 1);
    add(&scan, s->frame->count, 1);
    for (uint32_t c = 0; c < s->frame->count; c++) {
        const jpeg_component_info *component = &s->cinfo->comp_info[c];
        add(&frame, (uint32_t)component->component_id, 1);
        add(&frame, (uint32_t)component->h_samp_factor << 4 | (uint32_t)component->v_samp_factor, 1);
        add(&frame, (uint32_t)component->quant_tbl_no, 1);
        add(&scan, (uint32_t)component->component_id, 1);
        add(&scan, (uint32_t)component->dc_tbl_no << 4 | (uint32_t)component->ac_tbl_no, 1);
        is_extended = is_extended || component->dc_tbl_no > 1 || component->ac_tbl_no > 1;
    }
    write_marker(sink, is_extended ? 0xC1 : 0xC0, frame.body, frame.size);
    write_codes(s, sink);
    if (s->cinfo->restart_interval > 0) {
        marker restart = {0};
        add(&restart, s->cinfo->restart_interval, 2);
        write_marker(sink, 0xDD, restart.body, restart.size);
    }
    add(&scan, 63, 2); /* all coefficients, at once */
    add(&scan, 0, 1);
    write_marker(sink, 0xDA, scan.body, scan.size);
}

bool vl_jpeg_scan_write(const vl_jpeg_scan *scan, const vl_jpeg_window *window, const vl_jpeg_blocks *blocks,
                        const vl_image_info *info, vl_bytes input, vl_sink *sink)
{
    splice s = {.scan = scan, .window = window, .blocks = blocks, .bits = {.sink = sink, .room = 64}};
    bool is_good = true;
    vl_sink_write(sink, "\xff\xd8", 2);
    write_color(scan, sink);
    write_icc(info, input, sink);
    write_frame(scan, write_quantisers(scan, sink), sink);
    for (uint32_t i = 0; i < scan->interval_count && is_good; i++) {
        const uint8_t restart[2] = {0xFF, (uint8_t)(0xD0 + ((i - 1) & 7))};
        uint32_t first = i * scan->interval_mcus, left = scan->mcus - first;
        drain(&s.bits);
        if (i > 0) vl_sink_write(sink, restart, sizeof restart);
        is_good =
            put_interval(&s, first, first + (left < scan->interval_mcus ? left : scan->interval_mcus), scan->ends[i]);
    }
    drain(&s.bits);
    vl_sink_write(sink, "\xff\xd9", 2);
    vl_wipe(s.bits.chunk, sizeof s.bits.chunk);
    return is_good;
}

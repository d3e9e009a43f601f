/* From a file's bytes to bits, and once over all of them. See the header. */
#include "image/jpeg_scan.h"

#include <string.h>

/* T.81, figure 5 */
static const uint8_t zigzag[VL_JPEG_BLOCK_VALUES] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                                     12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                                     35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                                     58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

#define TABLES_MAX (2 * NUM_HUFF_TBLS)
#define BITS_MAX   UINT32_MAX /* positions are 32 bits */

/* ---- Bytes to bits ---- */

/* Copy up to the next 0xFF; true when there was one. */
static bool copy_plain(vl_bytes input, size_t *from, uint8_t *to, size_t *size)
{
    const uint8_t *start = input.data + *from;
    const uint8_t *found = memchr(start, 0xFF, input.size - *from);
    size_t count = found != NULL ? (size_t)(found - start) : input.size - *from;
    memcpy(to + *size, start, count);
    *size += count;
    *from += count;
    return found != NULL;
}

/* Until EOI. False: another marker, restarts that were not announced or are out of order, or no end. */
static bool unstuff(vl_jpeg_scan *s, vl_bytes input)
{
    size_t from = 0, size = 0;
    uint32_t interval = 0;
    s->intervals[0] = 0;
    while (copy_plain(input, &from, s->bits, &size)) {
        while (from + 1 < input.size && input.data[from + 1] == 0xFF)
            from++; /* fill bytes */
        if (from + 1 >= input.size) return false;
        uint32_t marker = input.data[from + 1];
        from += 2;
        if (marker == 0) {
            s->bits[size++] = 0xFF;
        } else if (marker >= 0xD0 && marker <= 0xD7) {
            if (interval + 1 >= s->interval_count || marker != 0xD0 + (interval & 7)) return false;
            s->intervals[++interval] = (uint32_t)(8 * size);
        } else {
            s->intervals[s->interval_count] = (uint32_t)(8 * size);
            return marker == 0xD9 && interval + 1 == s->interval_count;
        }
    }
    return false;
}

/* ---- Blocks ---- */

/* The next symbol, its value in the upper half: value << 16 | steps << 8, or UINT32_MAX. */
static inline __attribute__((always_inline)) uint32_t next_value(const vl_huffman *table, bool is_dc, vl_bit_reader *r)
{
    uint32_t entry = table->look[r->ahead >> (64 - VL_HUFFMAN_LOOK)], length = entry & 0xFF;
    if (length > VL_HUFFMAN_SLOW) { /* the code is known, the value follows */
        uint32_t symbol = entry >> 8, size = symbol & 15, code = length - VL_HUFFMAN_SLOW;
        uint32_t raw = (uint32_t)(r->ahead << code >> (64 - size)); /* size is not 0 */
        int32_t value = vl_huffman_extend(raw, size);
        vl_bit_reader_take(r, code + size);
        return (uint32_t)(uint16_t)(int16_t)value << 16 | ((is_dc ? 0 : symbol >> 4) + 1) << 8;
    }
    if (length == 0) {
        vl_bit_reader copy = *r; /* only this one has an address: *r stays in registers */
        entry = vl_huffman_slow(table, is_dc, &copy);
        *r = copy;
        return entry;
    }
    vl_bit_reader_take(r, length);
    return entry;
}

static inline int32_t value_of(uint32_t entry)
{
    return (int16_t)(entry >> 16);
}

/* Values up to zigzag position `last` go where `place` says (63 and `zigzag`: all of them). The place that the reader has come to,
 * 0: damaged. */
static inline __attribute__((always_inline)) uint32_t read_values(const vl_huffman *ac, vl_bit_reader *r, uint32_t last,
                                                                  const uint8_t *place, int16_t *out)
{
    uint32_t k = 1;
    while (k <= last) {
        uint32_t entry = next_value(ac, false, r);
        if (entry == UINT32_MAX) return 0;
        k += entry >> 8 & 0xFF;
        if (k >= VL_HUFFMAN_ENDS) return VL_JPEG_BLOCK_VALUES;
        if (k > VL_JPEG_BLOCK_VALUES) return 0;
        if (place[k - 1] != 0) out[place[k - 1]] = (int16_t)value_of(entry);
    }
    return k;
}

/* Read on to the end of the block, several codes with each look; one load brings bits for four looks. */
static inline __attribute__((always_inline)) bool skip_values(const vl_huffman *ac, vl_bit_reader *r, uint32_t k)
{
    while (k < VL_JPEG_BLOCK_VALUES) {
        vl_bit_reader_seek(r, r->at);
        for (int look = 0; look < 4; look++) {
            uint32_t several = ac->skip[r->ahead >> (64 - VL_HUFFMAN_LOOK)], count = several & 15;
            uint32_t next = k + (several >> 4 & 0x7FF);
            if (count == 0 || next >= VL_JPEG_BLOCK_VALUES) break;
            r->at += count;
            r->ahead <<= count;
            k = next;
            if (several >> 15) k = VL_HUFFMAN_ENDS;
            if (several >> 15) break;
        }
        if (k == VL_HUFFMAN_ENDS) break;
        vl_bit_reader_seek(r, r->at);
        uint32_t entry = next_value(ac, false, r);
        if (entry == UINT32_MAX) return false;
        k += entry >> 8 & 0xFF;
        if (k > VL_JPEG_BLOCK_VALUES && k < VL_HUFFMAN_ENDS) return false;
    }
    vl_bit_reader_seek(r, r->at);
    return true;
}

/* Where zigzag positions lie in side x side values; 0: not kept (DC is done apart). `last`: the last that is. */
static void place_low(uint32_t side, uint8_t place[VL_JPEG_BLOCK_VALUES], uint32_t *last)
{
    *last = 0;
    for (uint32_t k = 1; k < VL_JPEG_BLOCK_VALUES; k++) {
        uint32_t u = zigzag[k] % 8, v = zigzag[k] / 8;
        bool is_kept = u < side && v < side;
        place[k] = (uint8_t)(is_kept ? v * side + u : 0);
        if (is_kept) *last = k;
    }
}

typedef struct sweep {
    vl_jpeg_scan *scan;
    vl_bit_reader reader;
    int32_t dc[VL_JPEG_COMPONENTS_MAX]; /* predictions */
    uint32_t last;
    uint8_t place[VL_JPEG_BLOCK_VALUES];
} sweep;

static bool sweep_block(sweep *w, uint32_t c, int16_t *low)
{
    vl_bit_reader r = w->reader; /* in registers */
    uint32_t entry = next_value(w->scan->dc[c], true, &r);
    if (entry == UINT32_MAX) return false;
    w->dc[c] += value_of(entry);
    if (w->dc[c] < INT16_MIN || w->dc[c] > INT16_MAX) return false;
    low[0] = (int16_t)w->dc[c];
    uint32_t k = read_values(w->scan->ac[c], &r, w->last, w->place, low);
    bool is_good = k != 0 && skip_values(w->scan->ac[c], &r, k);
    w->reader = r;
    return is_good;
}

/* One component's blocks of an MCU. */
static bool sweep_component(sweep *w, uint32_t c, uint32_t mx, uint32_t my)
{
    const vl_jpeg_component *component = &w->scan->frame->component[c];
    for (uint32_t j = 0; j < component->v; j++) {
        int16_t *low = vl_jpeg_scan_low(w->scan, c, mx * component->h, my * component->v + j);
        for (uint32_t i = 0; i < component->h; i++, low += w->scan->side * w->scan->side)
            if (!sweep_block(w, c, low)) return false;
    }
    return true;
}

static bool sweep_mcu(sweep *w, uint32_t mx, uint32_t my)
{
    for (uint32_t c = 0; c < w->scan->frame->count; c++)
        if (!sweep_component(w, c, mx, my)) return false;
    return true;
}

/* All MCUs once: where they begin, and their low coefficients. */
static bool sweep_all(vl_jpeg_scan *s)
{
    sweep w = {.scan = s, .reader.bytes = s->bits};
    uint32_t interval = 0, left = 0, mcu = 0;
    place_low(s->side, w.place, &w.last);
    for (uint32_t my = 0; my < s->frame->mcus_h; my++) {
        for (uint32_t mx = 0; mx < s->frame->mcus_w; mx++, mcu++) {
            if (left == 0) {
                memset(w.dc, 0, sizeof w.dc);
                vl_bit_reader_seek(&w.reader, s->intervals[interval++]);
                left = s->interval_mcus;
            }
            s->starts[mcu] = (uint32_t)w.reader.at;
            if (!sweep_mcu(&w, mx, my) || w.reader.at > s->intervals[interval]) return false;
            left--;
            s->ends[interval - 1] = (uint32_t)w.reader.at;
        }
    }
    return true;
}

/* ---- Opening ---- */

static bool is_ours(const struct jpeg_decompress_struct *cinfo, const vl_jpeg_frame *frame)
{
    uint32_t blocks = 0;
    if (cinfo->progressive_mode || cinfo->arith_code || cinfo->data_precision != 8) return false;
    if (cinfo->comps_in_scan != cinfo->num_components || cinfo->Ss != 0 || cinfo->Se != 63) return false;
    for (uint32_t c = 0; c < frame->count; c++) {
        const jpeg_component_info *component = cinfo->cur_comp_info[c];
        if (component != &cinfo->comp_info[c]) return false; /* in another order */
        if (component->dc_tbl_no >= NUM_HUFF_TBLS || component->ac_tbl_no >= NUM_HUFF_TBLS) return false;
        if (cinfo->dc_huff_tbl_ptrs[component->dc_tbl_no] == NULL) return false;
        if (cinfo->ac_huff_tbl_ptrs[component->ac_tbl_no] == NULL) return false;
        if (component->quant_tbl_no >= NUM_QUANT_TBLS || cinfo->quant_tbl_ptrs[component->quant_tbl_no] == NULL)
            return false;
        blocks += frame->component[c].h * frame->component[c].v;
    }
    return blocks <= VL_JPEG_MCU_BLOCKS_MAX && cinfo->src->bytes_in_buffer < BITS_MAX / 8 - VL_HUFFMAN_PADDING;
}

static bool make_tables(vl_jpeg_scan *s)
{
    bool is_made[TABLES_MAX] = {false};
    for (uint32_t c = 0; c < s->frame->count; c++) {
        for (uint32_t k = 0; k < 2; k++) {
            const jpeg_component_info *component = &s->cinfo->comp_info[c];
            int id = k == 0 ? component->dc_tbl_no : component->ac_tbl_no;
            const JHUFF_TBL *from = k == 0 ? s->cinfo->dc_huff_tbl_ptrs[id] : s->cinfo->ac_huff_tbl_ptrs[id];
            uint32_t index = k * NUM_HUFF_TBLS + (uint32_t)id;
            if (!is_made[index] && !vl_huffman_make(from->bits, from->huffval, k == 0, &s->tables[index])) return false;
            is_made[index] = true;
            *(k == 0 ? &s->dc[c] : &s->ac[c]) = &s->tables[index];
        }
    }
    return true;
}

static size_t part(size_t *total, size_t bytes)
{
    size_t at = *total;
    *total += (bytes + 63) & ~(size_t)63;
    return at;
}

static bool take_memory(vl_jpeg_scan *s, size_t input_bytes)
{
    size_t total = 0, low[VL_JPEG_COMPONENTS_MAX];
    size_t tables = part(&total, TABLES_MAX * sizeof *s->tables);
    size_t bits = part(&total, input_bytes + VL_HUFFMAN_PADDING);
    size_t starts = part(&total, s->mcus * sizeof *s->starts);
    size_t ends = part(&total, s->interval_count * sizeof *s->ends);
    size_t intervals = part(&total, (s->interval_count + 1) * sizeof *s->intervals);
    for (uint32_t c = 0; c < s->frame->count; c++) {
        const vl_jpeg_component *component = &s->frame->component[c];
        low[c] = part(&total, (size_t)s->mcus * component->h * component->v * s->side * s->side * sizeof(int16_t));
    }
    if (vl_pool_take(s->pool, total, &s->memory) != VEIL_OK) return s->memory = NULL, false;
    uint8_t *base = s->memory;
    s->memory_bytes = total;
    s->tables = (vl_huffman *)(void *)(base + tables);
    s->bits = base + bits;
    s->starts = (uint32_t *)(void *)(base + starts);
    s->ends = (uint32_t *)(void *)(base + ends);
    s->intervals = (uint32_t *)(void *)(base + intervals);
    for (uint32_t c = 0; c < s->frame->count; c++)
        s->low[c] = (int16_t *)(void *)(base + low[c]);
    return true;
}

bool vl_jpeg_scan_open(const struct jpeg_decompress_struct *cinfo, const vl_jpeg_frame *frame, uint32_t side,
                       vl_pool *pool, vl_jpeg_scan *scan)
{
    *scan = (vl_jpeg_scan){.cinfo = cinfo, .frame = frame, .side = side, .pool = pool};
    if (!is_ours(cinfo, frame)) return false;
    const vl_bytes input = {cinfo->src->next_input_byte, cinfo->src->bytes_in_buffer};
    scan->mcus = frame->mcus_w * frame->mcus_h;
    scan->interval_mcus = cinfo->restart_interval > 0 ? cinfo->restart_interval : scan->mcus;
    scan->interval_count = (scan->mcus + scan->interval_mcus - 1) / scan->interval_mcus;
    bool is_good = take_memory(scan, input.size) && make_tables(scan) && unstuff(scan, input) && sweep_all(scan);
    if (!is_good) vl_jpeg_scan_close(scan);
    return is_good;
}

void vl_jpeg_scan_close(vl_jpeg_scan *scan)
{
    if (scan->memory != NULL) vl_pool_give(scan->pool, scan->memory, scan->memory_bytes);
    scan->memory = NULL;
}

/* ---- Answers ---- */

int16_t *vl_jpeg_scan_low(void *source, uint32_t component, uint32_t x, uint32_t y)
{
    const vl_jpeg_scan *s = source;
    size_t index = (size_t)y * s->frame->mcus_w * s->frame->component[component].h + x;
    return s->low[component] + index * s->side * s->side;
}

void vl_jpeg_scan_mcu(const vl_jpeg_scan *scan, uint32_t mcu, int16_t (*blocks)[VL_JPEG_BLOCK_VALUES])
{
    vl_bit_reader r = {.bytes = scan->bits};
    uint32_t mx = mcu % scan->frame->mcus_w, my = mcu / scan->frame->mcus_w;
    vl_bit_reader_seek(&r, scan->starts[mcu]);
    for (uint32_t c = 0; c < scan->frame->count; c++) {
        const vl_jpeg_component *component = &scan->frame->component[c];
        for (uint32_t i = 0; i < component->h * component->v; i++, blocks++) {
            uint32_t x = mx * component->h + i % component->h, y = my * component->v + i / component->h;
            (void)next_value(scan->dc[c], true, &r); /* the sweep has added it up */
            (void)read_values(scan->ac[c], &r, VL_JPEG_BLOCK_VALUES - 1, zigzag, *blocks);
            (*blocks)[0] = *vl_jpeg_scan_low((void *)(uintptr_t)scan, c, x, y);
        }
    }
}

/*
 * Formats from the table's rows, at creation: equal patterns share one, bytes that no pattern tells apart share a class, and each
 * value of what may stand around a run of digits has a set of formats. Time and memory are small (some milliseconds, half a megabyte for 300 rows).
 */
#include <string.h>

#include "core/error.h"
#include "text/formats_keys.h"

#define FORMATS_MAX   VL_FORMATS_MAX
#define SHARED_FLAGS  (VL_ROW_CASELESS | VL_ROW_NUMBER_LEFT | VL_ROW_NUMBER_RIGHT)
#define FOREIGN_FLAGS (VL_ROW_HYPERSCAN | VL_ROW_OWN)

/* What creation needs for a while. */
typedef struct maker {
    vl_formats *formats;
    const vl_row *table;
    size_t table_count;
    veil_error *error;
    vl_automaton automata[FORMATS_MAX];
    vl_outline outlines[FORMATS_MAX];
    uint16_t first_row[FORMATS_MAX]; /* of the format */
    uint16_t format_of[VL_ROW_MAX];
} maker;

static bool is_ours(const vl_row *row)
{
    return (row->flags & FOREIGN_FLAGS) == 0;
}

static bool is_same(const vl_row *a, const vl_row *b)
{
    return ((a->flags ^ b->flags) & SHARED_FLAGS) == 0 && strcmp(a->pattern, b->pattern) == 0;
}

static veil_status compile_row(maker *m, size_t row)
{
    const vl_row *rule = &m->table[row];
    size_t format = 0;
    while (format < m->formats->count && !is_same(&m->table[m->first_row[format]], rule))
        format++;
    m->format_of[row] = (uint16_t)format;
    m->formats->row_count++;
    if (format < m->formats->count) return VEIL_OK;
    if (format == FORMATS_MAX) return vl_error_set(m->error, VEIL_ERR_INTERNAL, row, "more than 512 formats");
    m->first_row[format] = (uint16_t)row;
    m->formats->count++;
    const char *reason =
        vl_automaton_compile(rule->pattern, (rule->flags & VL_ROW_CASELESS) != 0, &m->automata[format]);
    if (reason == NULL) return VEIL_OK;
    return vl_error_set(m->error, VEIL_ERR_SELF_TEST, row, "recognizer %s: its pattern cannot be compiled: %s",
                        rule->name, reason);
}

/* Split every class of bytes that has some in the set and others. */
static void split_classes(uint8_t class_of[256], unsigned *class_count, const vl_byte_bits *set)
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

static void find_classes(maker *m)
{
    m->formats->class_count = 1;
    for (size_t format = 0; format < m->formats->count; format++) {
        const vl_automaton *automaton = &m->automata[format];
        for (unsigned i = 0; i < automaton->count; i++) {
            bool is_known =
                i > 0 && memcmp(&automaton->sets[i], &automaton->sets[i - 1], sizeof automaton->sets[i]) == 0;
            if (!is_known) split_classes(m->formats->class_of, &m->formats->class_count, &automaton->sets[i]);
        }
    }
}

/* Edges to the next position and the one behind it are shifts; the rest is looked up. */
static void lay_edges(const vl_automaton *automaton, vl_format *format, uint64_t *follow)
{
    format->follow = follow;
    for (unsigned i = 0; i < automaton->count; i++) {
        uint64_t next = automaton->follow[i];
        uint64_t one = i + 1 < VL_POSITIONS ? next & 2ull << i : 0;
        uint64_t two = i + 2 < VL_POSITIONS ? next & 4ull << i : 0;
        format->one |= (uint64_t)(one != 0) << i;
        format->two |= (uint64_t)(two != 0) << i;
        follow[i] = next & ~(one | two);
        format->more |= (uint64_t)(follow[i] != 0) << i;
    }
}

static void lay_masks(const vl_formats *formats, const vl_automaton *automaton, uint64_t *masks)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint64_t mask = 0;
        for (unsigned i = 0; i < automaton->count; i++)
            mask |= (uint64_t)vl_byte_bits_has(&automaton->sets[i], (uint8_t)byte) << i;
        masks[formats->class_of[byte]] = mask;
    }
}

static veil_status lay_formats(maker *m)
{
    vl_formats *formats = m->formats;
    formats->mask_count = formats->count * formats->class_count;
    formats->follow_count = formats->count * VL_POSITIONS;
    formats->items = vl_alloc_zero(&formats->allocator, formats->count, sizeof *formats->items);
    formats->masks = vl_alloc_zero(&formats->allocator, formats->mask_count, sizeof *formats->masks);
    formats->follow = vl_alloc_zero(&formats->allocator, formats->follow_count, sizeof *formats->follow);
    formats->rows = vl_alloc_zero(&formats->allocator, formats->row_count, sizeof *formats->rows);
    if (formats->items == NULL || formats->masks == NULL || formats->follow == NULL || formats->rows == NULL)
        return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    size_t rows = 0;
    for (size_t i = 0; i < formats->count; i++) {
        vl_format *format = &formats->items[i];
        const vl_row *rule = &m->table[m->first_row[i]];
        format->first = m->automata[i].first;
        format->accept = m->automata[i].accept;
        format->starts_word = m->automata[i].starts_word;
        lay_edges(&m->automata[i], format, formats->follow + i * VL_POSITIONS);
        lay_masks(formats, &m->automata[i], formats->masks + i * formats->class_count);
        format->masks = formats->masks + i * formats->class_count;
        format->row_begin = (uint16_t)rows;
        for (size_t row = 0; row < m->table_count; row++)
            if (is_ours(&m->table[row]) && m->format_of[row] == i) formats->rows[rows++] = (uint16_t)row;
        format->row_count = (uint16_t)(rows - format->row_begin);
        const char *reason = vl_outline_find(&m->automata[i], rule->flags, format, &m->outlines[i]);
        if (reason != NULL)
            return vl_error_set(m->error, VEIL_ERR_SELF_TEST, m->first_row[i], "recognizer %s: %s", rule->name, reason);
    }
    return VEIL_OK;
}

static void add_bit(vl_format_view *view, unsigned row, size_t bit)
{
    view->sets[row * view->words + bit / 64] |= 1ull << (bit % 64);
}

static void add_bytes(vl_format_view *view, unsigned first_row, const vl_byte_bits *bytes, size_t bit)
{
    for (unsigned w = 0; w < 4; w++)
        for (uint64_t left = bytes->words[w]; left != 0; left &= left - 1)
            add_bit(view, first_row + w * 64 + vl_low_bit(left), bit);
}

static void add_to_view(vl_format_view *view, const vl_outline *outline, size_t bit)
{
    for (unsigned word = 0; word < VL_KEY_COUNT / 64; word++) {
        if (outline->keys[word] != 0) add_bit(view, VL_AROUND_BEFORE + word / 4, bit);
        for (uint64_t left = outline->keys[word]; left != 0; left &= left - 1)
            add_bit(view, VL_AROUND_RUN + word % 4 * 64 + vl_low_bit(left), bit);
    }
    for (unsigned length = 0; length < 64; length++) {
        if ((outline->word_lengths >> length & 1) != 0) add_bit(view, VL_AROUND_WORD + length, bit);
        if ((outline->seconds[length / 16] >> (length % 16) & 1) != 0) add_bit(view, VL_AROUND_SECOND + length, bit);
    }
    for (unsigned digit = 0; digit < 10; digit++)
        if ((outline->digits >> digit & 1) != 0) add_bit(view, VL_AROUND_DIGIT + digit, bit);
    add_bytes(view, VL_AROUND_PREVIOUS, &outline->previous, bit);
    add_bytes(view, VL_AROUND_NEXT, &outline->next[0], bit);
    add_bytes(view, VL_AROUND_NEXT_BUT_ONE, &outline->next[1], bit);
    add_bytes(view, VL_AROUND_THIRD, &outline->third, bit);
    add_bit(view, VL_AROUND_THIRD + VL_THIRD_ANY, bit);
}

static bool is_chosen(const vl_formats *formats, const vl_format *format, const vl_row_set *chosen)
{
    for (size_t i = 0; i < format->row_count && chosen != NULL; i++)
        if (vl_row_set_has(chosen, formats->rows[format->row_begin + i])) return true;
    return chosen == NULL;
}

/* The same sets by what the kernel reads of numbers (vl_number_block). */
static void add_number(uint64_t *sets, const vl_outline *outline, uint64_t bit)
{
    for (unsigned word = 0; word < VL_KEY_COUNT / 64; word++)
        for (uint64_t left = outline->keys[word]; left != 0; left &= left - 1)
            sets[VL_NUMBER_BEGIN + (word * 64 + vl_low_bit(left)) / 16] |= bit;
    for (unsigned length = 0; length < 64; length++) {
        unsigned capped = length < VL_NUMBER_WORD_MAX ? length : VL_NUMBER_WORD_MAX;
        for (unsigned digit = 0; digit < 10 && (outline->word_lengths >> length & 1) != 0; digit++)
            if ((outline->digits >> digit & 1) != 0) sets[VL_NUMBER_WORD + capped * 16 + digit] |= bit;
        if ((outline->seconds[length / 16] >> (length % 16) & 1) != 0) sets[VL_NUMBER_SECOND + length] |= bit;
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        if (vl_byte_bits_has(&outline->next[0], (uint8_t)byte)) sets[VL_NUMBER_NEXT + byte] |= bit;
        if (vl_byte_bits_has(&outline->next[1], (uint8_t)byte)) sets[VL_NUMBER_NEXT_BUT_ONE + byte] |= bit;
        if (vl_byte_bits_has(&outline->third, (uint8_t)byte)) sets[VL_NUMBER_THIRD + byte] |= bit;
    }
    sets[VL_NUMBER_THIRD + VL_NUMBER_NO_THIRD] |= bit;
}

static void make_numbers(const maker *m, vl_format_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        add_number(view->numbers + i / 64 * VL_NUMBER_ROWS, &m->outlines[view->ids[i]], 1ull << (i % 64));
}
_Static_assert(VL_NUMBER_NO_SECOND == VL_SECOND_ANY && VL_NUMBER_RUN_MAX == VL_RUN_MAX, "keys and numbers agree");

/* The formats of the chosen rows; NULL: of all. */
static veil_status make_view(maker *m, const vl_row_set *chosen, vl_format_view *view)
{
    const vl_formats *formats = m->formats;
    view->formats = formats;
    view->ids = vl_alloc_zero(&formats->allocator, formats->count, sizeof *view->ids);
    if (view->ids == NULL) return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    for (size_t i = 0; i < formats->count; i++)
        if (is_chosen(formats, &formats->items[i], chosen)) view->ids[view->count++] = (uint16_t)i;
    view->words = (view->count + 63) / 64;
    if (view->words == 0) return VEIL_OK;
    view->sets = vl_alloc_zero(&formats->allocator, VL_AROUND_ROWS * view->words, sizeof *view->sets);
    if (view->sets == NULL) return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    for (size_t bit = 0; bit < view->count; bit++)
        add_to_view(view, &m->outlines[view->ids[bit]], bit);
    view->numbers = vl_alloc_zero(&formats->allocator, VL_NUMBER_ROWS * view->words, sizeof *view->numbers);
    if (view->numbers == NULL) return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    make_numbers(m, view);
    vl_free_find(view);
    return VEIL_OK;
}

static void drop_view(const vl_formats *formats, vl_format_view *view)
{
    vl_free(&formats->allocator, view->ids, formats->count * sizeof *view->ids);
    vl_free(&formats->allocator, view->sets, VL_AROUND_ROWS * view->words * sizeof *view->sets);
    vl_free(&formats->allocator, view->numbers, VL_NUMBER_ROWS * view->words * sizeof *view->numbers);
}

static veil_status make_all(maker *m, const vl_row_set *chosen)
{
    veil_status status = VEIL_OK;
    for (size_t row = 0; row < m->table_count && status == VEIL_OK; row++)
        if (is_ours(&m->table[row])) status = compile_row(m, row);
    if (status != VEIL_OK || m->formats->count == 0) return status;
    find_classes(m);
    status = lay_formats(m);
    if (status == VEIL_OK) status = make_view(m, NULL, &m->formats->all);
    return status == VEIL_OK ? make_view(m, chosen, &m->formats->chosen) : status;
}

veil_status vl_formats_create(const vl_allocator *allocator, const vl_row *rows, size_t row_count,
                              const vl_row_set *chosen, vl_formats **out, veil_error *error)
{
    *out = NULL;
    vl_formats *formats = vl_alloc_zero(allocator, 1, sizeof *formats);
    maker *m = vl_alloc_zero(allocator, 1, sizeof *m);
    veil_status status = VEIL_OK;
    if (formats != NULL) formats->allocator = *allocator;
    if (formats == NULL || m == NULL) {
        status = vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "formats");
    } else {
        m->formats = formats;
        m->table = rows;
        m->table_count = row_count;
        m->error = error;
        status = make_all(m, chosen);
    }
    vl_free(allocator, m, sizeof *m);
    if (status == VEIL_OK)
        *out = formats;
    else if (formats != NULL)
        vl_formats_destroy(formats);
    return status;
}

void vl_formats_destroy(vl_formats *formats)
{
    if (formats == NULL) return;
    vl_allocator allocator = formats->allocator;
    vl_free(&allocator, formats->items, formats->count * sizeof *formats->items);
    vl_free(&allocator, formats->masks, formats->mask_count * sizeof *formats->masks);
    vl_free(&allocator, formats->follow, formats->follow_count * sizeof *formats->follow);
    vl_free(&allocator, formats->rows, formats->row_count * sizeof *formats->rows);
    drop_view(formats, &formats->all);
    drop_view(formats, &formats->chosen);
    vl_free(&allocator, formats, sizeof *formats);
}

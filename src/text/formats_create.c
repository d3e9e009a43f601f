/*
 * Formats from the table's rows, at creation: equal patterns share one, bytes that no pattern tells apart share a class, and each
 * key has a list of the formats to try. Time and memory are small (some milliseconds, half a megabyte for 300 rows).
 */
#include <string.h>

#include "core/error.h"
#include "text/formats_keys.h"

#define FORMATS_MAX   512u /* bits of a format_set */
#define SET_WORDS     (FORMATS_MAX / 64)
#define LIST_SLOTS    8192u /* for the different lists of VL_FORMAT_KEYS keys */
#define SHARED_FLAGS  (VL_ROW_CASELESS | VL_ROW_NUMBER_LEFT | VL_ROW_NUMBER_RIGHT)
#define FOREIGN_FLAGS (VL_ROW_HYPERSCAN | VL_ROW_OWN)
#define LIST_SIZE_MAX UINT16_MAX

/* What creation needs for a while. */
typedef struct maker {
    vl_formats *formats;
    const vl_row *table;
    size_t table_count;
    veil_error *error;
    vl_automaton automata[FORMATS_MAX];
    vl_key_set keys[FORMATS_MAX];
    uint16_t first_row[FORMATS_MAX]; /* of the format */
    uint16_t format_of[VL_ROW_MAX];
    uint64_t sets[VL_FORMAT_KEYS][SET_WORDS]; /* formats of a key */
    uint16_t slots[LIST_SLOTS];               /* a key that has the list, and 1; 0: free */
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

/* Split every class that has bytes in the set and others. */
static void split_classes(vl_formats *formats, const vl_byte_bits *set)
{
    unsigned inside[256] = {0}; /* bytes of a class in the set, of all */
    unsigned sizes[256] = {0};
    uint8_t renamed[256];
    for (unsigned byte = 0; byte < 256; byte++) {
        inside[formats->class_of[byte]] += vl_byte_bits_has(set, (uint8_t)byte);
        sizes[formats->class_of[byte]]++;
    }
    unsigned before = formats->class_count;
    for (unsigned class = 0; class < before; class ++) {
        bool is_split = inside[class] != 0 && inside[class] != sizes[class];
        renamed[class] = (uint8_t)(is_split ? formats->class_count++ : class);
    }
    if (formats->class_count == before) return;
    for (unsigned byte = 0; byte < 256; byte++)
        if (vl_byte_bits_has(set, (uint8_t)byte)) formats->class_of[byte] = renamed[formats->class_of[byte]];
}

static void find_classes(maker *m)
{
    m->formats->class_count = 1;
    for (size_t format = 0; format < m->formats->count; format++) {
        const vl_automaton *automaton = &m->automata[format];
        for (unsigned i = 0; i < automaton->count; i++) {
            bool is_known =
                i > 0 && memcmp(&automaton->sets[i], &automaton->sets[i - 1], sizeof automaton->sets[i]) == 0;
            if (!is_known) split_classes(m->formats, &automaton->sets[i]);
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
        const char *reason = vl_keys_find(&m->automata[i], rule->flags, format, &m->keys[i]);
        if (reason != NULL)
            return vl_error_set(m->error, VEIL_ERR_SELF_TEST, m->first_row[i], "recognizer %s: %s", rule->name, reason);
    }
    return VEIL_OK;
}

static void gather_sets(maker *m, const vl_row_set *chosen)
{
    memset(m->sets, 0, sizeof m->sets);
    for (size_t i = 0; i < m->formats->count; i++) {
        const vl_format *format = &m->formats->items[i];
        bool is_chosen = chosen == NULL;
        for (size_t r = 0; r < format->row_count && !is_chosen; r++)
            is_chosen = vl_row_set_has(chosen, m->formats->rows[format->row_begin + r]);
        for (unsigned key = 0; key < VL_FORMAT_KEYS && is_chosen; key++)
            if ((m->keys[i].words[key / 64] >> (key % 64) & 1) != 0) m->sets[key][i / 64] |= 1ull << (i % 64);
    }
}

static unsigned size_of(const uint64_t *set)
{
    unsigned size = 0;
    for (unsigned w = 0; w < SET_WORDS; w++)
        size += (unsigned)__builtin_popcountll(set[w]);
    return size;
}

/* The slot of the key's set: free, or with a key that has the same one. */
static uint16_t *find_slot(maker *m, unsigned key)
{
    uint64_t hash = 0;
    for (unsigned w = 0; w < SET_WORDS; w++)
        hash = (hash ^ m->sets[key][w]) * 0x9E3779B97F4A7C15ull;
    for (size_t slot = (size_t)(hash >> 51);; slot = (slot + 1) % LIST_SLOTS) { /* 13 bits */
        uint16_t taken = m->slots[slot];
        if (taken == 0 || memcmp(m->sets[taken - 1], m->sets[key], sizeof m->sets[key]) == 0) return &m->slots[slot];
    }
}

static uint16_t *write_list(const uint64_t *set, uint16_t *at)
{
    *at++ = (uint16_t)size_of(set);
    for (unsigned i = 0; i < FORMATS_MAX; i++)
        if ((set[i / 64] >> (i % 64) & 1) != 0) *at++ = (uint16_t)i;
    return at;
}

/* Kinds behind a run, as anchors.c tells them apart. */
static const uint8_t filter_kinds[VL_BEHIND_COUNT] = {
    [VL_BEHIND_OTHER] = VL_FILTER_OTHER,
    [VL_BEHIND_SPACE] = VL_FILTER_OTHER,
    [VL_BEHIND_SPACE_DIGIT] = VL_FILTER_OTHER,
    [VL_BEHIND_DASH] = VL_FILTER_OTHER,
    [VL_BEHIND_DASH_DIGIT] = VL_FILTER_DASH_DIGIT,
    [VL_BEHIND_DOT] = VL_FILTER_OTHER,
    [VL_BEHIND_DOT_DIGIT] = VL_FILTER_DOT_DIGIT,
    [VL_BEHIND_SLASH] = VL_FILTER_SLASH,
    [VL_BEHIND_COLON] = VL_FILTER_COLON,
    [VL_BEHIND_LETTER] = VL_FILTER_WORD,
    [VL_BEHIND_UNDER] = VL_FILTER_WORD,
};

static void add_to_filter(vl_digit_filter *filter, unsigned key)
{
    unsigned before = key >> VL_KEY_BEFORE_SHIFT;
    unsigned run = key >> 4 & (VL_RUN_MAX - 1);
    unsigned behind = key & 15;
    unsigned kind = filter_kinds[behind];
    if (run >= VL_FILTER_RUNS) run = VL_FILTER_RUNS - 1;
    if (before == VL_BEFORE_REST) {
        filter->rests[run] = ~0ull;
    } else if (before != VL_BEFORE_UNDER && before < VL_BEFORE_LETTERS) {
        filter->numbers[run][kind] = ~0ull;
    } else {
        unsigned letters = before == VL_BEFORE_UNDER ? 0 : before - VL_BEFORE_LETTERS + 1;
        filter->words[run][kind] = ~0ull;
        filter->letters[letters < VL_FILTER_LETTERS ? letters : VL_FILTER_LETTERS - 1] = ~0ull;
    }
}

/* Lists of all keys, each different one once. */
static veil_status make_view(maker *m, const vl_row_set *chosen, vl_format_view *view)
{
    size_t size = 0;
    gather_sets(m, chosen);
    memset(m->slots, 0, sizeof m->slots);
    view->formats = m->formats;
    for (unsigned key = 0; key < VL_FORMAT_KEYS; key++) {
        uint16_t *slot = find_slot(m, key);
        if (*slot == 0) size += 1 + size_of(m->sets[key]);
        if (*slot == 0) *slot = (uint16_t)(key + 1);
    }
    if (size > LIST_SIZE_MAX)
        return vl_error_set(m->error, VEIL_ERR_INTERNAL, size, "the lists of formats are too long");
    view->lists = vl_alloc(&m->formats->allocator, size * sizeof *view->lists);
    if (view->lists == NULL) return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    view->list_size = size;
    uint16_t *at = view->lists;
    for (unsigned key = 0; key < VL_FORMAT_KEYS; key++) {
        if (size_of(m->sets[key]) > 0) add_to_filter(&view->filter, key);
        unsigned owner = *find_slot(m, key) - 1u;
        view->list_of[key] = owner == key ? (uint16_t)(at - view->lists) : view->list_of[owner];
        if (owner == key) at = write_list(m->sets[key], at);
    }
    return VEIL_OK;
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
    vl_free(&allocator, formats->all.lists, formats->all.list_size * sizeof *formats->all.lists);
    vl_free(&allocator, formats->chosen.lists, formats->chosen.list_size * sizeof *formats->chosen.lists);
    vl_free(&allocator, formats, sizeof *formats);
}

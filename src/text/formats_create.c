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

static void find_classes(maker *m)
{
    m->formats->class_count = 1;
    for (size_t format = 0; format < m->formats->count; format++) {
        const vl_automaton *automaton = &m->automata[format];
        for (unsigned i = 0; i < automaton->count; i++) {
            bool is_known =
                i > 0 && memcmp(&automaton->sets[i], &automaton->sets[i - 1], sizeof automaton->sets[i]) == 0;
            if (!is_known) vl_classes_split(m->formats->class_of, &m->formats->class_count, &automaton->sets[i]);
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

/* Kinds behind a run, as anchors.c tells them apart; those with a second run are told apart further. */
static const uint8_t filter_kinds[VL_BEHIND_COUNT] = {
    [VL_BEHIND_OTHER] = VL_FILTER_OTHER, [VL_BEHIND_SPACE] = VL_FILTER_OTHER, [VL_BEHIND_SPACE_DIGIT] = VL_FILTER_OTHER,
    [VL_BEHIND_DASH] = VL_FILTER_OTHER,  [VL_BEHIND_DOT] = VL_FILTER_OTHER,   [VL_BEHIND_SLASH] = VL_FILTER_SLASH,
    [VL_BEHIND_COLON] = VL_FILTER_COLON, [VL_BEHIND_LETTER] = VL_FILTER_WORD, [VL_BEHIND_UNDER] = VL_FILTER_WORD,
};

/* Which kind of byte before the run has the key; or which joint, when it goes on from another number. */
static const uint8_t joint_kinds[VL_FILTER_JOINTS] = {
    [VL_FILTER_AFTER_DASH] = VL_BEFORE_DASH,
    [VL_FILTER_AFTER_DOT] = VL_BEFORE_DOT,
    [VL_FILTER_AFTER_COLON] = VL_BEFORE_COLON,
};

static void add_kind(vl_kind_list *list, unsigned kind)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->kinds[i] == kind) return;
    if (list->count < VL_FILTER_KINDS) list->kinds[list->count++] = (uint8_t)kind; /* there are no more */
}

static void add_kinds(vl_kind_list *list, const vl_outline *outline, unsigned behind)
{
    uint16_t dashed = outline->seconds[vl_second_of(VL_BEHIND_DASH_DIGIT) / 16];
    uint16_t dotted = outline->seconds[vl_second_of(VL_BEHIND_DOT_DIGIT) / 16];
    if (behind == VL_BEHIND_DASH_DIGIT) {
        if ((dashed & 4) != 0) add_kind(list, VL_FILTER_DASH_TWO);
        if ((dashed & ~4) != 0) add_kind(list, VL_FILTER_DASH_DIGIT);
    } else if (behind == VL_BEHIND_DOT_DIGIT) {
        bool has_dot = (dotted & 14) != 0 && vl_byte_bits_has(&outline->third, '.');
        if (has_dot) add_kind(list, VL_FILTER_DOT_DOT);
        add_kind(list, VL_FILTER_DOT_DIGIT);
    } else {
        add_kind(list, filter_kinds[behind]);
    }
}

static void filter_number(vl_digit_filter *filter, const vl_outline *outline, unsigned length, unsigned behind)
{
    unsigned run = length < VL_FILTER_RUNS ? length - 1 : VL_FILTER_RUNS - 1;
    bool may_be_last = (outline->lasts >> length & 1) != 0;
    vl_kind_list kinds = {.count = 0};
    add_kinds(&kinds, outline, behind);
    for (unsigned i = 0; i < kinds.count; i++) {
        if (kinds.kinds[i] == VL_FILTER_DASH_TWO)
            filter->number_two[run] = true;
        else if (kinds.kinds[i] == VL_FILTER_DOT_DOT)
            filter->number_dots[run] = true;
        else
            add_kind(&filter->number_kinds, kinds.kinds[i]);
    }
    if (may_be_last) filter->number_last[run] = true;
    if ((outline->ends >> length & 1) != 0) filter->number_ends[run] = ~0ull;
}

/* How a format is left out: by the run of digits exactly, or by the length of its word alone, where runs of many lengths would
 * let nearly everything pass. */
enum { SORT_EXACT, SORT_LONG, SORT_HUGE };

#define RUNS_EXACT 3 /* more lengths of runs are many */

static int sort_of(const vl_outline *outline)
{
    uint32_t runs = 0;
    if ((outline->word_lengths & ((1ull << VL_HUGE_WORD) - 1)) == 0) return SORT_HUGE;
    if ((outline->word_lengths & ((1ull << VL_LONG_WORD) - 1)) != 0) return SORT_EXACT;
    for (unsigned word = 0; word < VL_KEY_COUNT / 64; word++) /* four runs of sixteen keys */
        for (unsigned run = 0; run < 4; run++)
            if ((outline->keys[word] >> (16 * run) & 0xFFFF) != 0) runs |= 1u << (word % 4 * 4 + run);
    return __builtin_popcount(runs) > RUNS_EXACT ? SORT_LONG : SORT_EXACT;
}

static void filter_rest(vl_digit_filter *filter, const vl_outline *outline, int sort, unsigned length, unsigned behind)
{
    unsigned run = length < VL_FILTER_RUNS ? length - 1 : VL_FILTER_RUNS - 1;
    if (sort == SORT_HUGE) filter->huge_rests = ~0ull;
    if (sort == SORT_LONG) filter->long_rests = ~0ull;
    if (sort != SORT_EXACT) return;
    filter_number(filter, outline, length, behind);
    add_kinds(&filter->rest_kinds[run], outline, behind);
    if ((outline->lasts >> length & 1) != 0) filter->rest_last[run] = true;
    if (filter->rest_last[run]) add_kind(&filter->rest_kinds[run], VL_FILTER_LAST);
    for (unsigned joint = 0; joint < VL_FILTER_JOINTS; joint++)
        if (vl_outline_has(outline, vl_key_of(joint_kinds[joint], length, behind))) filter->joints[joint][run] = ~0ull;
}

static void filter_word(vl_digit_filter *filter, const vl_outline *outline, int sort, unsigned key)
{
    unsigned before = key >> 8;
    unsigned length = (key >> 4 & 15) + 1;
    unsigned run = length < VL_FILTER_RUNS ? length - 1 : VL_FILTER_RUNS - 1;
    unsigned letters = before == VL_BEFORE_UNDER ? 0 : before - VL_BEFORE_LETTERS + 1;
    filter->letters[letters < VL_FILTER_LETTERS ? letters : VL_FILTER_LETTERS - 1] = ~0ull;
    if (sort == SORT_HUGE) filter->huge_words = ~0ull;
    if (sort == SORT_LONG) filter->long_words = ~0ull;
    if (sort != SORT_EXACT) return;
    filter->words[run] = ~0ull; /* no lead is asked: few words have digits */
    add_kinds(&filter->word_kinds[run], outline, key & 15);
}

static void filter_key(vl_digit_filter *filter, const vl_outline *outline, int sort, unsigned key)
{
    unsigned before = key >> 8;
    unsigned length = (key >> 4 & 15) + 1;
    if (before == VL_BEFORE_REST) {
        filter_rest(filter, outline, sort, length, key & 15);
    } else if (before == VL_BEFORE_UNDER || before >= VL_BEFORE_LETTERS) {
        filter_word(filter, outline, sort, key);
    } else {
        if (sort == SORT_HUGE) filter->huge_numbers = ~0ull;
        if (sort == SORT_LONG) filter->long_numbers = ~0ull;
        if (sort == SORT_EXACT) filter_number(filter, outline, length, key & 15);
        if (sort == SORT_EXACT) filter->numbers[length < VL_FILTER_RUNS ? length - 1 : VL_FILTER_RUNS - 1] = ~0ull;
    }
}

/* Leads are compared with bit 5 set (see mark_leads). */
static void filter_lead(vl_lead_set *leads, unsigned bucket, unsigned i, const vl_byte_bits *bytes)
{
    for (unsigned w = 0; w < 4; w++) {
        for (uint64_t left = bytes->words[w]; left != 0; left &= left - 1) {
            unsigned folded = (w * 64 + vl_low_bit(left)) | 0x20;
            leads->low[i][folded & 15] |= (uint8_t)(1u << bucket);
            leads->high[i][folded >> 4] |= (uint8_t)(1u << bucket);
        }
    }
}

static void filter_leads(vl_lead_set *leads, const vl_outline *outline)
{
    for (unsigned bucket = 0; bucket < VL_OUTLINE_BUCKETS; bucket++)
        for (unsigned i = 0; i < VL_LEAD_BYTES; i++)
            filter_lead(leads, bucket, i, &outline->leads[bucket][i]);
}

static void add_to_filter(vl_digit_filter *filter, const vl_outline *outline)
{
    int sort = sort_of(outline);
    for (unsigned word = 0; word < VL_KEY_COUNT / 64; word++)
        for (uint64_t left = outline->keys[word]; left != 0; left &= left - 1)
            filter_key(filter, outline, sort, word * 64 + vl_low_bit(left));
    if (sort == SORT_EXACT) filter_leads(&filter->leads, outline);
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
    add_to_filter(&view->filter, outline);
}

static bool is_chosen(const vl_formats *formats, const vl_format *format, const vl_row_set *chosen)
{
    for (size_t i = 0; i < format->row_count && chosen != NULL; i++)
        if (vl_row_set_has(chosen, formats->rows[format->row_begin + i])) return true;
    return chosen == NULL;
}

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
    if (!vl_pairs_make(&formats->allocator, m->outlines, view->ids, view->count, &view->pairs))
        return vl_error_set(m->error, VEIL_ERR_NO_MEMORY, 0, "formats");
    return VEIL_OK;
}

static void drop_view(const vl_formats *formats, vl_format_view *view)
{
    vl_free(&formats->allocator, view->ids, formats->count * sizeof *view->ids);
    vl_free(&formats->allocator, view->sets, VL_AROUND_ROWS * view->words * sizeof *view->sets);
    vl_pairs_drop(&formats->allocator, &view->pairs);
}

static veil_status make_all(maker *m, const vl_row_set *chosen, const vl_row_set *strong)
{
    veil_status status = VEIL_OK;
    for (size_t row = 0; row < m->table_count && status == VEIL_OK; row++)
        if (is_ours(&m->table[row])) status = compile_row(m, row);
    if (status != VEIL_OK || m->formats->count == 0) return status;
    find_classes(m);
    status = lay_formats(m);
    if (status == VEIL_OK) status = make_view(m, NULL, &m->formats->all);
    if (status == VEIL_OK) status = make_view(m, chosen, &m->formats->chosen);
    return status == VEIL_OK ? make_view(m, strong, &m->formats->strong) : status;
}

veil_status vl_formats_create(const vl_allocator *allocator, const vl_row *rows, size_t row_count,
                              const vl_row_set *chosen, const vl_row_set *strong, vl_formats **out, veil_error *error)
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
        status = make_all(m, chosen, strong);
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
    drop_view(formats, &formats->strong);
    vl_free(&allocator, formats, sizeof *formats);
}

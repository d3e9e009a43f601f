/*
 * Rows found by their pattern alone. A match holds a digit, so it is looked for where the first run of digits of a word stands.
 * What is around that run (kind of byte before, with the number of letters; length; kind of byte behind) is a key of twelve bits;
 * a table made at creation says which formats can match there at all, and how far before the digits they begin. Only these run
 * their automaton. At a typical run of digits in a log that is none, whatever the number of rows.
 *
 * The keys of a format are computed from its automaton, on kinds of bytes instead of bytes (formats_keys.c).
 */
#include "text/formats.h"

#include "text/formats_keys.h"

static uint8_t behind_kind(const vl_scan *scan, size_t p)
{
    uint8_t kind = vl_kinds_behind[vl_byte(scan, p)];
    bool may_join = kind == VL_BEHIND_SPACE || kind == VL_BEHIND_DASH || kind == VL_BEHIND_DOT;
    return may_join && vl_digit_at(scan, p + 1) ? kind + 1 : kind;
}

unsigned vl_format_key(const vl_scan *scan, size_t p, bool is_rest)
{
    uint64_t letters = vl_behind_alpha(scan, p);
    unsigned before = VL_BEFORE_OTHER;
    if (letters >> 63 != 0) {
        unsigned count = ~letters == 0 ? 64 : (unsigned)__builtin_clzll(~letters);
        before = VL_BEFORE_LETTERS + (count < VL_LETTERS_MAX ? count : VL_LETTERS_MAX) - 1;
    } else if (is_rest) {
        before = VL_BEFORE_REST;
    } else if (p > 0) {
        before = vl_kinds_before[scan->text[p - 1]];
    }
    unsigned length = vl_run(vl_view_digit(scan, p));
    unsigned behind = behind_kind(scan, p + length);
    return vl_key_of(before, length, behind);
}

static inline uint64_t step(const vl_format *format, uint64_t state)
{
    uint64_t next = (state & format->one) << 1 | (state & format->two) << 2;
    for (uint64_t more = state & format->more; more != 0; more &= more - 1)
        next |= format->follow[vl_low_bit(more)];
    return next;
}

uint64_t vl_format_ends(const vl_formats *formats, const vl_format *format, const vl_scan *scan, size_t start)
{
    size_t left = scan->size - start;
    unsigned limit = left < VL_AUTOMATON_WIDTH ? (unsigned)left : VL_AUTOMATON_WIDTH;
    const uint8_t *text = scan->text + start;
    uint64_t state = format->first;
    uint64_t ends = 0;
    for (unsigned i = 0; i < limit; i++) {
        state &= format->masks[formats->class_of[text[i]]];
        if (state == 0) break;
        ends |= (uint64_t)((state & format->accept) != 0) << i;
        state = step(format, state);
    }
    /* a match that ends with a word character ends a word; others have no condition, and no word character behind matters */
    uint64_t words = vl_view_word(scan, start);
    return ends & ~(words & words >> 1);
}

uint64_t vl_format_starts(const vl_format *format, const vl_scan *scan, size_t p, unsigned key)
{
    uint64_t starts = format->starts[key >> VL_KEY_BEFORE_SHIFT];
    uint64_t digits = vl_behind_digit(scan, p);
    if (p < 63) starts &= ~0ull << (63 - p);
    if (format->starts_word) { /* bit 63 - d: the byte before p - d is no word character, the one at p - d is */
        uint64_t words = vl_behind_word(scan, p);
        starts &= ~words & (words >> 1 | 1ull << 63);
    }
    if (digits == 0) return starts;
    unsigned nearest = 63 - (unsigned)__builtin_clzll(digits); /* the match's digits begin at p */
    return starts & ~0ull << nearest;
}

static bool right_holds(const vl_scan *scan, uint32_t flags, size_t end)
{
    uint8_t c = vl_byte(scan, end);
    if (!vl_digit_at(scan, end + 1)) return true;
    if ((flags & VL_ROW_NUMBER_RIGHT) != 0 && (c == '-' || c == '.')) return false;
    if ((flags & VL_ROW_SLASH_RIGHT) != 0 && c == '/') return false;
    return (flags & VL_ROW_TIME_RIGHT) == 0 || c != ':';
}

/* True: this end is the match's, whether its score is high enough or not. */
static bool settle(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    const vl_row *rule = &vl_rows[row];
    if (rule->validate == NULL || (rule->flags & VL_ROW_SOFT_CHECK) != 0) {
        vl_emit(scan, row, start, end);
        return true;
    }
    bool needs_context = (rule->flags & VL_ROW_WEAK_CHECK) != 0 && rule->score < scan->min_score;
    if (needs_context && !vl_context_stands(scan, row, start)) return true;
    vl_validity validity = rule->validate((const char *)scan->text + start, end - start);
    if (validity == VL_INVALID) return false;
    vl_emit_checked(scan, row, start, end, validity);
    return true;
}

/* The longest end that the row's conditions and its validator accept. */
static void try_row(vl_scan *scan, unsigned row, size_t start, uint64_t ends)
{
    uint32_t flags = vl_rows[row].flags;
    while (ends != 0) {
        unsigned last = 63 - (unsigned)__builtin_clzll(ends);
        size_t end = start + last + 1;
        ends ^= 1ull << last;
        if (!right_holds(scan, flags, end)) continue;
        if (ends != 0 && (flags & VL_ROW_WHOLE) != 0 && vl_is_piece(scan, start, end)) continue;
        if (settle(scan, row, start, end)) return;
    }
}

static void try_format(vl_scan *scan, const vl_formats *formats, const vl_format *format, size_t start, bool is_rest)
{
    uint64_t ends = vl_format_ends(formats, format, scan, start);
    if (ends == 0) return;
    bool goes_on = is_rest && vl_digit_at(scan, start);
    for (unsigned i = 0; i < format->row_count; i++) {
        unsigned row = formats->rows[format->row_begin + i];
        if (!vl_on(scan, row) || (goes_on && (vl_rows[row].flags & VL_ROW_NUMBER_LEFT) != 0)) continue;
        try_row(scan, row, start, ends);
    }
}

static bool is_in_force(const vl_scan *scan, const vl_formats *formats, const vl_format *format)
{
    for (unsigned i = 0; i < format->row_count; i++)
        if (vl_on(scan, formats->rows[format->row_begin + i])) return true;
    return false;
}

const vl_format_view *vl_formats_view(const vl_formats *formats, bool is_default)
{
    if (formats == NULL || formats->count == 0) return NULL;
    return is_default ? &formats->chosen : &formats->all;
}

/* Length of the run of digits behind the one at p and one byte more; 0 where that does not matter. */
static unsigned second_run(const vl_scan *scan, size_t p, unsigned second)
{
    if (second == VL_SECOND_ANY) return 0;
    size_t at = p + vl_run(vl_view_digit(scan, p)) + 1;
    unsigned length = vl_run(vl_view_digit(scan, at));
    return length < VL_SECOND_MAX ? length : VL_SECOND_MAX;
}

bool vl_format_fits(const vl_format *format, const vl_scan *scan, size_t p, unsigned key)
{
    unsigned second = vl_second_of(key & 15);
    unsigned digit = scan->text[p] - '0';
    return (format->digits >> digit & 1) != 0 && (format->seconds[second] >> second_run(scan, p, second) & 1) != 0;
}

void vl_match_formats(vl_scan *scan, size_t p, bool is_rest)
{
    const vl_format_view *view = scan->formats;
    unsigned key = vl_format_key(scan, p, is_rest);
    const uint16_t *list = &view->lists[view->list_of[key]];
    for (unsigned i = 1; i <= list[0]; i++) {
        const vl_format *format = &view->formats->items[list[i]];
        if (!vl_format_fits(format, scan, p, key) || !is_in_force(scan, view->formats, format)) continue;
        uint64_t starts = vl_format_starts(format, scan, p, key);
        for (; starts != 0; starts &= starts - 1)
            try_format(scan, view->formats, format, p - (63 - vl_low_bit(starts)), is_rest);
    }
}

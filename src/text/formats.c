/*
 * Rows found by their pattern alone. A match holds a digit, so it is looked for where the first run of digits of a word stands.
 * What is around that run (vl_around) decides which formats can match there at all: for each value of each of its members there
 * is a set of formats, made at creation (formats_keys.c), and the few sets are intersected. Only formats that are left run their
 * automaton. At a typical run of digits in a log that is none, whatever the number of rows: so what stands around all numbers of
 * a block is read together, by a kernel, and only where something is left it is looked at closely, number by number.
 */
#include "text/formats.h"

#include <string.h>

#include "text/formats_keys.h"

static uint8_t behind_kind(const vl_scan *scan, size_t p)
{
    uint8_t kind = vl_kinds_behind[vl_byte(scan, p)];
    bool may_join = kind == VL_BEHIND_SPACE || kind == VL_BEHIND_DASH || kind == VL_BEHIND_DOT;
    return may_join && vl_digit_at(scan, p + 1) ? kind + 1 : kind;
}

static uint8_t before_kind(const vl_scan *scan, size_t p, bool is_rest)
{
    uint64_t letters = vl_behind_alpha(scan, p);
    if (letters >> 63 != 0) {
        unsigned count = ~letters == 0 ? 64 : (unsigned)__builtin_clzll(~letters);
        return (uint8_t)(VL_BEFORE_LETTERS + (count < VL_LETTERS_MAX ? count : VL_LETTERS_MAX) - 1);
    }
    if (is_rest) return VL_BEFORE_REST;
    return p > 0 ? vl_kinds_before[scan->text[p - 1]] : VL_BEFORE_OTHER;
}

static uint8_t at_most(unsigned value, unsigned limit)
{
    return (uint8_t)(value < limit ? value : limit);
}

vl_around vl_around_read(const vl_scan *scan, size_t p, bool is_rest)
{
    vl_around around;
    uint64_t digits = vl_view_digit(scan, p);
    uint64_t word_before = ~vl_behind_word(scan, p);
    unsigned run = vl_run(digits);
    size_t end = p + run;
    unsigned word = (word_before == 0 ? 64 : (unsigned)__builtin_clzll(word_before)) + vl_run(vl_view_word(scan, p));
    around.before = before_kind(scan, p, is_rest);
    around.run = at_most(run - 1, VL_RUN_MAX - 1);
    around.behind = behind_kind(scan, end);
    around.word = at_most(word, VL_WORD_MAX);
    around.digit = scan->text[p] - '0';
    around.previous = p > 0 ? scan->text[p - 1] : '\n';
    around.next[0] = vl_byte(scan, end);
    around.next[1] = vl_byte(scan, end + 1);
    around.second = (uint8_t)vl_second_of(around.behind);
    around.third = VL_THIRD_ANY;
    if (around.second != VL_SECOND_ANY) {
        unsigned second = vl_run(vl_view_digit(scan, end + 1));
        around.third = vl_byte(scan, end + 1 + second);
        around.second += at_most(second, VL_SECOND_MAX);
    }
    return around;
}

/* The sets of the values of each member. */
typedef struct around_sets {
    const uint64_t *of[9];
} around_sets;

static inline around_sets sets_of(const vl_format_view *view, const vl_around *around)
{
    const uint64_t *sets = view->sets;
    size_t words = view->words;
    return (around_sets){
        {sets + (VL_AROUND_RUN + around->run * 16u + around->behind) * words,
         sets + (VL_AROUND_NEXT + around->next[0]) * words, sets + (VL_AROUND_NEXT_BUT_ONE + around->next[1]) * words,
         sets + (VL_AROUND_BEFORE + around->before) * words, sets + (VL_AROUND_WORD + around->word) * words,
         sets + (VL_AROUND_DIGIT + around->digit) * words, sets + (VL_AROUND_SECOND + around->second) * words,
         sets + (VL_AROUND_PREVIOUS + around->previous) * words, sets + (VL_AROUND_THIRD + around->third) * words}};
}

static inline uint64_t common(const around_sets *sets, size_t w)
{
    const uint64_t *const *of = sets->of;
    return of[0][w] & of[1][w] & of[2][w] & of[3][w] & of[4][w] & of[5][w] & of[6][w] & of[7][w] & of[8][w];
}

uint64_t vl_formats_at(const vl_format_view *view, const vl_around *around, size_t w)
{
    around_sets sets = sets_of(view, around);
    return common(&sets, w);
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

uint64_t vl_format_starts(const vl_format *format, const vl_scan *scan, size_t p, unsigned before)
{
    uint64_t starts = format->starts[before];
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
    bool is_weak = (rule->flags & VL_ROW_WEAK_CHECK) != 0 && !scan->is_named;
    bool needs_context = is_weak && rule->score < scan->min_score;
    if (needs_context && !vl_context_stands(scan, row, start)) return true;
    vl_validity validity = rule->validate((const char *)scan->text + start, end - start);
    if (validity == VL_INVALID) return false;
    if (row == VL_ROW_CARD_TRACK || row == VL_ROW_CARD_TRACK_2) end = vl_track_end(scan, start, end);
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

/* Without a context word the row reports nothing, whatever its check says. */
static bool waits(const vl_scan *scan, unsigned row)
{
    const vl_row *rule = &vl_rows[row];
    uint32_t asks = scan->is_named ? VL_ROW_NEEDS_WORD : VL_ROW_NEEDS_WORD | VL_ROW_ASKS_WORD;
    uint32_t unproved = scan->is_named ? VL_ROW_NO_PROOF : VL_ROW_NO_PROOF | VL_ROW_WEAK_CHECK;
    bool is_enough = rule->score >= scan->min_score && (rule->flags & asks) == 0;
    return !is_enough && (rule->validate == NULL || (rule->flags & unproved) != 0);
}

/* Some row of the format can report a match that begins at `start`: a question cheaper than the automaton. Whether a context word
 * stands there costs more, and is asked of what matches. */
static bool is_worth_it(const vl_scan *scan, const vl_formats *formats, const vl_format *format, size_t start)
{
    for (unsigned i = 0; i < format->row_count; i++) {
        unsigned row = formats->rows[format->row_begin + i];
        if (vl_on(scan, row) && (!waits(scan, row) || vl_context_may_stand(scan, row, start))) return true;
    }
    return false;
}

static void try_starts(vl_scan *scan, const vl_formats *formats, const vl_format *format, size_t p,
                       const vl_around *around)
{
    uint64_t starts = vl_format_starts(format, scan, p, around->before);
    for (; starts != 0; starts &= starts - 1) {
        size_t start = p - (63 - vl_low_bit(starts));
        if (is_worth_it(scan, formats, format, start))
            try_format(scan, formats, format, start, around->before == VL_BEFORE_REST);
    }
}

const vl_format_view *vl_formats_view(const vl_formats *formats, bool is_default)
{
    if (formats == NULL || formats->count == 0) return NULL;
    return is_default ? &formats->chosen : &formats->all;
}

/* Words with digits, taken together: at which of them some format is in all sets of theirs. */
static inline __attribute__((always_inline)) void possible(const vl_format_view *view, const vl_number_block *numbers,
                                                           const uint64_t *on, size_t count, size_t words,
                                                           uint64_t *places)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t any = 0;
        for (size_t w = 0; w < words; w++) {
            const uint64_t *sets = view->numbers + w * VL_NUMBER_ROWS;
            any |= on[w] & sets[VL_NUMBER_BEGIN + numbers->begin[i]] & sets[VL_NUMBER_WORD + numbers->word[i]] &
                   sets[VL_NUMBER_NEXT + numbers->next[i]] & sets[VL_NUMBER_NEXT_BUT_ONE + numbers->next_but_one[i]] &
                   sets[VL_NUMBER_SECOND + numbers->second[i]] & sets[VL_NUMBER_THIRD + numbers->third[i]];
        }
        places[numbers->place[i] / 64] |= (uint64_t)(any != 0) << (numbers->place[i] % 64);
    }
}

static void find_possible(const vl_format_view *view, const vl_number_block *numbers, const uint64_t *on, size_t count,
                          uint64_t *places)
{
    switch (view->words) {
    case 1:
        possible(view, numbers, on, count, 1, places);
        break;
    case 2:
        possible(view, numbers, on, count, 2, places);
        break;
    case 3:
        possible(view, numbers, on, count, 3, places);
        break;
    default:
        possible(view, numbers, on, count, view->words, places);
    }
}

void vl_formats_select(vl_scan *scan)
{
    const vl_format_view *view = scan->formats;
    memset(scan->formats_on, 0, sizeof scan->formats_on);
    for (size_t bit = 0; bit < view->count; bit++) {
        const vl_format *format = &view->formats->items[view->ids[bit]];
        bool is_on = false;
        for (unsigned i = 0; i < format->row_count; i++)
            is_on |= vl_on(scan, view->formats->rows[format->row_begin + i]);
        scan->formats_on[bit / 64] |= (uint64_t)is_on << (bit % 64);
    }
    scan->knows_formats = true;
}

void vl_formats_find(const vl_scan *scan, const vl_format_view *view, size_t index, size_t count,
                     const uint64_t *starts, const uint64_t *rests, uint64_t *places)
{
    vl_number_block numbers;
    uint8_t edge[1 + (VL_NUMBER_BLOCKS + 1) * 64];
    size_t at = scan->base + index * 64;
    size_t left = scan->size - at;
    const vl_class_block *before = &scan->blocks[index - (index > 0)];
    vl_number_input input = {.text = scan->text + at,
                             .blocks = &scan->blocks[index],
                             .count = count,
                             .starts = starts,
                             .rests = rests,
                             .kinds = vl_kinds_before,
                             .rest_kind = VL_BEFORE_REST};
    input.goes_on = index > 0 && (before->digit | before->alpha | before->under) >> 63 != 0;
    bool is_edge = at == 0 || left < (count + 1) * 64;
    if (is_edge) { /* zeros where nothing can be read */
        if (left > (count + 1) * 64) left = (count + 1) * 64;
        memset(edge, 0, sizeof edge);
        if (at > 0) edge[0] = scan->text[at - 1];
        memcpy(edge + 1, input.text, left);
        input.text = edge + 1;
    }
    size_t found = scan->kernels->read_numbers(&input, &numbers, places);
    if (is_edge) vl_wipe(edge, sizeof edge);
    find_possible(view, &numbers, scan->formats_on, found, places);
}
_Static_assert(VL_BEFORE_LETTERS == 8 && VL_LETTERS_MAX == VL_NUMBER_LETTERS, "letters count as in keys");

void vl_match_formats(vl_scan *scan, const vl_format_view *view, size_t p, bool is_rest)
{
    vl_around around = vl_around_read(scan, p, is_rest);
    around_sets sets = sets_of(view, &around);
    for (size_t w = 0; w < view->words; w++) {
        for (uint64_t left = common(&sets, w) & scan->formats_on[w]; left != 0; left &= left - 1) {
            const vl_format *format = &view->formats->items[view->ids[w * 64 + vl_low_bit(left)]];
            try_starts(scan, view->formats, format, p, &around);
        }
    }
}

/*
 * Where a text is settled. The words of prose settle it: a word of four letters or more that is no month's or day's name is in no match
 * with white space but those of the rows that vl_tail_prepare finds to be loose or free, so no match crosses the space behind
 * it. The words that such a match may be made of are called warm here: with digits, of up to three letters, months, or with bytes
 * beyond ASCII. What stands behind a match may decide it ("9885 1152 office"), but not further than the first word of prose and
 * a byte behind it.
 */
#include "text/tail.h"

#include <string.h>

#include "text/automaton.h"
#include "text/scan.h"

#define OWN_WIDTH   128u /* of dates, telephone numbers, cards, accounts: rows with code of their own */
#define OWN_GAP     32u  /* bytes without a digit in them, and before their first digit */
#define AHEAD       32u  /* what a decision may look at behind a match */
#define KEY_WIDTH   96u  /* of the begin line of a private key */
#define NEAR        24u  /* so far back it is worth it to go to a word's start */
#define ESCAPE      6u   /* bytes of an escape */
#define PROSE_LEAST 4u   /* letters of a word of prose */
#define TRACK_MAX   80u  /* bytes of a magnetic stripe's first track */
#define LOCAL_MAX   64u  /* bytes of "jane roe" in "\"jane roe\"@example.com" */

/* How far a match came, as bits: word state (letters of the word so far, up to four; or it has a digit), then whether a digit
 * was seen, then whether white space was. */
enum { WORD_DIGIT = 5, WORD_STATES = 6 };
#define STATE(word, has_digit, has_space) (1u << ((word) + WORD_STATES * ((has_digit) + 2 * (has_space))))

typedef struct row_shape {
    size_t gap; /* longest run of bytes that may be no digits */
    bool has_space;
    bool takes_newline;
    bool is_loose;
    bool is_free;
} row_shape;

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A word of prose ends here: with white space or a match's end behind it. */
static void end_word(unsigned word, unsigned has_digit, unsigned has_space, row_shape *shape)
{
    if (word != PROSE_LEAST || !has_space) return;
    if (has_digit)
        shape->is_loose = true;
    else
        shape->is_free = true;
}

static uint32_t step_state(uint32_t states, const vl_byte_bits *set, row_shape *shape)
{
    bool has_digit = false, has_space = false, has_letter = false, has_other = false;
    for (unsigned c = 0; c < 256; c++) {
        if (!vl_byte_bits_has(set, (uint8_t)c)) continue;
        has_digit |= vl_is_digit((char)c);
        has_space |= is_space((uint8_t)c);
        has_letter |= vl_is_alpha((char)c);
        has_other |= !vl_is_alnum((char)c) && !is_space((uint8_t)c);
        shape->takes_newline |= c == '\n' || c == '\r';
    }
    shape->has_space |= has_space;
    uint32_t next = 0;
    for (unsigned i = 0; i < 4 * WORD_STATES; i++) {
        if ((states >> i & 1) == 0) continue;
        unsigned word = i % WORD_STATES, digit = i / WORD_STATES % 2, space = i / (2 * WORD_STATES);
        unsigned longer = word == WORD_DIGIT || word == PROSE_LEAST ? word : word + 1;
        if (has_digit) next |= STATE(WORD_DIGIT, 1u, space);
        if (has_letter) next |= STATE(longer, digit, space);
        if (has_other) next |= STATE(word == WORD_DIGIT ? word : 0u, digit, space);
        if (!has_space) continue;
        end_word(word, digit, 1, shape);
        next |= STATE(0u, digit, 1u);
    }
    return next;
}

static bool takes_others(const vl_byte_bits *set)
{
    uint64_t digits = 0x3FFull << '0';
    return (set->words[0] & ~digits) != 0 || (set->words[1] | set->words[2] | set->words[3]) != 0;
}

static void shape_of(const vl_automaton *automaton, row_shape *shape)
{
    uint32_t states[VL_POSITIONS] = {0};
    size_t gaps[VL_POSITIONS] = {0}; /* before position i */
    for (unsigned i = 0; i < automaton->count; i++) {
        /* without a word's boundary the match may begin inside a longer word */
        if ((automaton->first >> i & 1) != 0) states[i] |= STATE(automaton->starts_word ? 0u : PROSE_LEAST, 0u, 0u);
        states[i] = step_state(states[i], &automaton->sets[i], shape);
        size_t gap = takes_others(&automaton->sets[i]) ? gaps[i] + 1 : 0;
        if (gap > shape->gap) shape->gap = gap;
        for (unsigned j = i + 1; j < automaton->count; j++) {
            if ((automaton->follow[i] >> j & 1) == 0) continue;
            states[j] |= states[i];
            if (gap > gaps[j]) gaps[j] = gap;
        }
        if ((automaton->accept >> i & 1) == 0) continue;
        for (unsigned s = 0; s < 4 * WORD_STATES; s++) {
            unsigned word = s % WORD_STATES;
            bool is_open = !automaton->ends_word && word > 0 && word < WORD_DIGIT;
            if ((states[i] >> s & 1) != 0)
                end_word(is_open ? PROSE_LEAST : word, s / WORD_STATES % 2, s / (2 * WORD_STATES), shape);
        }
        bool has_no_digit = (states[i] >> 2 * WORD_STATES & ((1u << WORD_STATES) - 1)) != 0;
        if (has_no_digit) shape->is_free = true;
    }
}

/* A dot that stands for any byte: neither behind a backslash nor in a class. */
static bool has_any_byte(const char *pattern)
{
    bool is_class = false;
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '[' || *at == ']')
            is_class = *at == '[';
        else if (*at == '.' && !is_class)
            return true;
    }
    return false;
}

/* A pattern outside the automaton's subset: what may take white space is taken for free. */
static void shape_of_text(const char *pattern, row_shape *shape)
{
    bool takes_all = strstr(pattern, "[^") != NULL || has_any_byte(pattern) || strstr(pattern, "\\W") != NULL ||
                     strstr(pattern, "\\D") != NULL;
    shape->takes_newline = takes_all || strstr(pattern, "\\s") != NULL || strstr(pattern, "\\n") != NULL ||
                           strstr(pattern, "\\r") != NULL || strchr(pattern, '\n') != NULL;
    shape->has_space = shape->takes_newline || strchr(pattern, ' ') != NULL || strstr(pattern, "\\x20") != NULL ||
                       strstr(pattern, "\\t") != NULL;
    shape->is_free = true;
}

static void add_leads(vl_tail *tail, const char *lead, size_t width)
{
    if (width > tail->lead_width) tail->lead_width = width;
    for (; strlen(lead) >= 3; lead += 3 + (lead[3] == ' ')) {
        if (tail->lead_count == VL_TAIL_LEADS) { /* too many to look for */
            if (width > tail->free_width) tail->free_width = width;
            return;
        }
        memcpy(tail->leads[tail->lead_count++], lead, 3);
    }
}

static size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void add_row(vl_tail *tail, const vl_row *row)
{
    vl_automaton automaton;
    row_shape shape = {0};
    size_t width = max_size(row->width_max, VL_AUTOMATON_WIDTH);
    if ((row->flags & VL_ROW_OWN) != 0) return;
    if (vl_automaton_compile(row->pattern, (row->flags & VL_ROW_CASELESS) != 0, &automaton) == NULL) {
        shape_of(&automaton, &shape);
        shape.is_free |= shape.is_loose && !automaton.starts_word; /* loose_start looks where numbers begin */
        width = automaton.width;
    } else {
        shape_of_text(row->pattern, &shape);
    }
    if ((row->flags & VL_ROW_NO_REFERENCE) != 0) width = KEY_WIDTH;
    if (!shape.has_space) return;
    tail->takes_newlines |= shape.takes_newline;
    tail->width = max_size(tail->width, width);
    tail->gap = max_size(tail->gap, shape.gap);
    if (shape.is_free && row->lead[0] != '\0')
        add_leads(tail, row->lead, width);
    else if (shape.is_free)
        tail->free_width = max_size(tail->free_width, width);
    else if (shape.is_loose)
        tail->loose_width = max_size(tail->loose_width, width);
}

/* The host's own: width_max is not 0 where a finding may hold white space (custom.c). */
static void add_own_row(vl_tail *tail, const vl_row *row)
{
    if (row->width_max == 0) return;
    tail->takes_newlines = true;
    tail->width = max_size(tail->width, row->width_max);
    tail->free_width = max_size(tail->free_width, row->width_max);
}

void vl_tail_prepare(vl_tail *tail, const vl_catalogue *catalogue, const vl_row_set *rows)
{
    *tail = (vl_tail){.width = OWN_WIDTH,
                      .gap = OWN_GAP,
                      .has_quotes = vl_row_set_has(rows, VL_ROW_EMAIL),
                      .has_tracks = vl_row_set_has(rows, VL_ROW_CARD_TRACK)};
    for (unsigned row = 0; row < vl_row_end(catalogue); row++)
        if (vl_row_set_has(rows, row) && row < VL_ROW_COUNT)
            add_row(tail, vl_row_of(catalogue, row));
        else if (vl_row_set_has(rows, row))
            add_own_row(tail, vl_row_of(catalogue, row));
}

/* ---- The text's end ---- */

/* Where the run of bytes without white space that ends at `p` begins. */
static size_t run_start(const uint8_t *text, size_t from, size_t p)
{
    while (p > from && !is_space(text[p - 1]))
        p--;
    return p;
}

/* The end of the word before `p`, without the white space; `from` when there is none. */
static size_t word_end(const uint8_t *text, size_t from, size_t p)
{
    while (p > from && is_space(text[p - 1]))
        p--;
    return p;
}

/* A word of prose: no digit, and its last letters are four or more and no name of a month or a day. No word at all settles as well. */
static bool is_prose(const uint8_t *text, size_t start, size_t end)
{
    if (start == end) return true;
    for (size_t i = start; i < end; i++)
        if (text[i] >= 0x80 || vl_is_digit((char)text[i])) return false;
    while (end > start && !vl_is_alpha((char)text[end - 1]))
        end--;
    size_t letters = end;
    while (letters > start && vl_is_alpha((char)text[letters - 1]))
        letters--;
    return end - letters >= PROSE_LEAST && vl_month_of(text + letters, end - letters) == 0 &&
           !vl_is_weekday(text + letters, end - letters);
}

/* The first digit of [from, size), or size. */
static size_t first_digit(const uint8_t *text, size_t from, size_t size)
{
    while (from < size && !vl_is_digit((char)text[from]))
        from++;
    return from;
}

/* Where what is `reach` bytes wide at most may begin that is not decided at the text's end. It may begin inside a word ("/2015-08-10
 * 17:53" behind a token), so this is no word's start but where one is near. */
static size_t reach_start(const uint8_t *text, size_t from, size_t size, size_t reach)
{
    if (size - from <= reach) return from;
    size_t p = size - reach;
    size_t least = p - from > NEAR ? p - NEAR : from;
    return run_start(text, least, p);
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Back from `p`, a word's start, to the first place that no match with white space crosses; the first digit behind p stands at
 * `digit`. What stands before a word of prose is decided by it and a byte behind. Not further than such matches are wide. */
static vl_settled walk_back(const vl_tail *tail, const uint8_t *text, size_t from, size_t p, size_t digit, size_t size)
{
    size_t least = min_size(p, reach_start(text, from, size, tail->width + AHEAD));
    while (p > least && digit - p < tail->gap) {
        size_t end = word_end(text, from, p);
        size_t start = run_start(text, from, end);
        if (is_prose(text, start, end)) {
            size_t end_before = word_end(text, from, start);
            if (p < size || is_prose(text, run_start(text, from, end_before), end_before)) return (vl_settled){p, true};
        }
        p = start;
        size_t first = first_digit(text, start, end);
        if (first < end) digit = first;
    }
    return p > least ? (vl_settled){p, true} : (vl_settled){least, least == from};
}

/* The first beginning of a row with known ones. */
static size_t find_lead(const vl_tail *tail, const uint8_t *text, size_t from, size_t size)
{
    size_t at = size - from > tail->lead_width ? size - tail->lead_width : from;
    for (; at + 3 <= size; at++)
        for (size_t i = 0; i < tail->lead_count; i++)
            if (text[at] == (uint8_t)tail->leads[i][0] && memcmp(text + at, tail->leads[i], 3) == 0) return at;
    return size;
}

/* The digit at p goes on from one before, which is no escape's ("\\u00a043", "%2043"). */
static bool is_inside_number(const uint8_t *text, size_t from, size_t p)
{
    if (p == from || !vl_is_digit((char)text[p - 1])) return false;
    for (size_t i = p; i > from && p - i < ESCAPE; i--)
        if (text[i - 1] == '\\' || text[i - 1] == '%') return false;
    return true;
}

/* As far as a match may reach back that begins with a digit in the last bytes and goes on with words of prose. */
static vl_settled loose_start(const vl_tail *tail, const uint8_t *text, size_t from, size_t size)
{
    size_t reach = tail->loose_width + AHEAD;
    size_t least = size - from > reach ? size - reach : from;
    while (least < size && vl_is_digit((char)text[least]) && is_inside_number(text, from, least))
        least++;
    size_t digit = first_digit(text, least, size);
    if (digit == size) return (vl_settled){size, true};
    vl_settled start = walk_back(tail, text, from, run_start(text, from, digit), digit, size);
    return start.end > least ? start : (vl_settled){least, least == from};
}

static vl_settled earlier(vl_settled a, vl_settled b)
{
    return b.end < a.end ? b : a;
}

/* The quote before `inside` that may begin the quoted part of an e-mail address: it is not closed yet, or closed before an at sign.
 * `size` when there is none. */
static size_t quote_start(const uint8_t *text, size_t from, size_t inside, size_t size)
{
    size_t least = inside - from > LOCAL_MAX ? inside - LOCAL_MAX : from;
    size_t p = inside;
    while (p > least && text[p - 1] != '"' && text[p - 1] >= ' ')
        p--;
    if (p == least || text[p - 1] != '"' || !vl_is_alnum((char)text[p])) return size;
    size_t start = p - 1;
    if (start > from && text[start - 1] == '\\') start--;
    if (start > from && vl_is_alnum((char)text[start - 1])) return size;
    const uint8_t *close = memchr(text + inside, '"', size - inside);
    if (close == NULL) return size - start <= LOCAL_MAX ? start : size;
    size_t behind = (size_t)(close + 1 - text);
    return behind == size || text[behind] == '@' ? start : size;
}

/* The track before `inside` whose name or data, which may hold spaces, are not there yet; `size` when there is none. */
static size_t track_start(const uint8_t *text, size_t from, size_t inside, size_t size)
{
    size_t least = inside - from > TRACK_MAX ? inside - TRACK_MAX : from;
    size_t start = size;
    for (size_t p = inside; p > least + 1 && text[p - 1] >= ' '; p--)
        if ((text[p - 1] == '^' || text[p - 1] == '=' || text[p - 1] == 'D') && vl_is_digit((char)text[p - 2]))
            start = p - 1;
    while (start < size && start > from && vl_is_alnum((char)text[start - 1]))
        start--;
    return start;
}

vl_settled vl_tail_settled(const vl_tail *tail, const uint8_t *text, size_t from, size_t size)
{
    if (!tail->takes_newlines && size > from) {
        const uint8_t *newline = memrchr(text + from, '\n', size - from);
        if (newline != NULL) from = (size_t)(newline + 1 - text);
    }
    size_t run = run_start(text, from, size);
    if (run == from) return (vl_settled){from, true};
    vl_settled settled = walk_back(tail, text, from, run, first_digit(text, run, size), size);
    if (tail->loose_width > 0) settled = earlier(settled, loose_start(tail, text, from, size));
    size_t free_start = reach_start(text, from, size, tail->free_width + AHEAD);
    if (tail->free_width > 0) settled = earlier(settled, (vl_settled){free_start, free_start == from});
    settled = earlier(settled, (vl_settled){find_lead(tail, text, from, size), false});
    if (tail->has_tracks && settled.end > from) {
        size_t track = track_start(text, from, settled.end, size);
        settled = earlier(settled, (vl_settled){track, track == from});
    }
    if (!tail->has_quotes || settled.end == from) return settled;
    size_t quote = quote_start(text, from, settled.end, size);
    return earlier(settled, (vl_settled){quote, quote == from});
}

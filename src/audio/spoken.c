/* Units of spoken text: cutting words into tokens, and writing the joined units down with a map back to the words. */
#include "audio/spoken.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_outer(char c)
{
    return c != '\0' && strchr(".,;:!?\"'()[]{}#", c) != NULL;
}

bool vl_units_own(vl_units *units, vl_unit *unit, const char *bytes, size_t size_bytes)
{
    if (size_bytes > units->own_capacity - units->own_bytes) return false;
    memcpy(units->own + units->own_bytes, bytes, size_bytes);
    unit->core_start = units->own_bytes;
    units->own_bytes += (uint32_t)size_bytes;
    unit->core_end = units->own_bytes;
    unit->flags |= VL_UNIT_OWN;
    return true;
}

/* "5,000" and "1,234,567": groups of three behind the first comma. */
static bool is_grouped(const char *core, size_t n)
{
    size_t lead = 0;
    while (lead < n && is_digit(core[lead]))
        lead++;
    if (lead == 0 || lead > 3 || lead == n || (n - lead) % 4 != 0) return false;
    for (size_t i = lead; i < n; i++) {
        bool is_comma_place = (i - lead) % 4 == 0;
        if (is_comma_place ? core[i] != ',' : !is_digit(core[i])) return false;
    }
    return true;
}

static bool all_digits(const char *core, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(core[i])) return false;
    }
    return n != 0;
}

/* "-", and the dashes of print, U+2013 and U+2014. */
static bool is_dash(const char *core, size_t n)
{
    if (n == 1) return core[0] == '-';
    return n == 3 && core[0] == '\xE2' && core[1] == '\x80' && (core[2] == '\x93' || core[2] == '\x94');
}

/* What a piece of text stands for by itself. */
static void classify(vl_units *units, vl_unit *unit)
{
    const char *core = units->transcript->text + unit->core_start;
    size_t n = unit->core_end - unit->core_start;
    unit->lexeme = VL_LEX_WORD;
    if (n == 0) return;
    bool has_plus = n > 1 && core[0] == '+';
    if (all_digits(core + has_plus, n - has_plus)) {
        unit->lexeme = VL_LEX_DIGITS;
        unit->spoken_digits = (uint32_t)(n - has_plus);
    } else if (is_dash(core, n)) {
        unit->lexeme = VL_LEX_LINK;
        unit->value = '-';
    } else if (is_grouped(core, n)) {
        char digits[32];
        uint32_t count = 0;
        for (size_t i = 0; i < n && count < sizeof digits; i++) {
            if (core[i] != ',') digits[count++] = core[i];
        }
        bool is_kept = count != sizeof digits && vl_units_own(units, unit, digits, count);
        vl_wipe(digits, sizeof digits);
        if (!is_kept) return;
        unit->lexeme = VL_LEX_DIGITS;
        unit->flags |= VL_UNIT_CARDINAL;
        unit->spoken_digits = count > 7 ? count : 0; /* no amount that people name has more */
    } else {
        const vl_lexicon_entry *entry = vl_lexicon_find(units->lexicon, core, n);
        if (entry != NULL && !entry->is_stem) {
            unit->lexeme = entry->lexeme;
            unit->value = entry->value;
        } else if (n == 1 && is_letter(core[0])) {
            unit->lexeme = VL_LEX_LETTER;
            unit->value = (uint8_t)(core[0] | 0x20);
        }
    }
}

static bool may_be_part(const vl_unit *unit)
{
    switch (unit->lexeme) {
    case VL_LEX_DIGITS:
    case VL_LEX_UNIT:
    case VL_LEX_OH:
    case VL_LEX_TEEN:
    case VL_LEX_TENS:
    case VL_LEX_HUNDRED:
    case VL_LEX_SCALE:
    case VL_LEX_ORDINAL:
    case VL_LEX_TIMES:
    case VL_LEX_LETTER:
        return true;
    default:
        return false;
    }
}

/* "forty-two", "4-1-1-1", "J-A-N-E" are several units when every part is one that can be; "jean-luc" stays whole. */
static bool split_hyphens(vl_units *units, const vl_unit *whole)
{
    const char *text = units->transcript->text;
    uint32_t count = units->count, own_bytes = units->own_bytes, start = whole->core_start;
    if (memchr(text + start, '-', whole->core_end - start) == NULL) return false;
    for (uint32_t at = start; at <= whole->core_end; at++) {
        if (at < whole->core_end && text[at] != '-') continue;
        vl_unit *part = &units->items[units->count++];
        *part = *whole;
        part->core_start = part->full_start = start;
        part->core_end = part->full_end = at;
        part->after = VL_BREAK_HYPHEN;
        classify(units, part);
        if (!may_be_part(part)) {
            units->count = count;
            units->own_bytes = own_bytes;
            return false;
        }
        start = at + 1;
    }
    vl_unit *last = &units->items[units->count - 1];
    last->full_end = whole->full_end;
    last->after = whole->after;
    units->items[count].full_start = whole->full_start;
    return true;
}

/* Parts of a compound: numbers, and "und" between them. */
static const vl_lexicon_entry *longest_part(const vl_units *units, uint32_t start, uint32_t end)
{
    const char *text = units->transcript->text;
    uint32_t most = end - start > VL_LEXICON_WORD ? VL_LEXICON_WORD : end - start;
    for (uint32_t n = most; n >= 2; n--) {
        const vl_lexicon_entry *entry = vl_lexicon_find(units->lexicon, text + start, n);
        if (entry == NULL) continue;
        bool is_number = entry->lexeme >= VL_LEX_UNIT && entry->lexeme <= VL_LEX_TIMES && entry->lexeme != VL_LEX_OH &&
                         entry->lexeme != VL_LEX_ORDINAL;
        if (is_number || entry->lexeme == VL_LEX_AND) return entry;
    }
    return NULL;
}

/* How many bytes of text the entry's word takes: accents make it longer than the folded word. */
static uint32_t part_bytes(const vl_units *units, const vl_lexicon_entry *entry, uint32_t start, uint32_t end)
{
    uint32_t n = 2, last = 0;
    for (; n <= end - start && n <= VL_LEXICON_WORD; n++) {
        if (vl_lexicon_find(units->lexicon, units->transcript->text + start, n) == entry) last = n;
    }
    return last;
}

/* "vierhundertzwei" is vier, hundert, zwei; a word with anything else in it stays whole. */
static bool split_compound(vl_units *units, const vl_unit *whole)
{
    uint32_t count = units->count;
    for (uint32_t at = whole->core_start; at < whole->core_end;) {
        const vl_lexicon_entry *entry = longest_part(units, at, whole->core_end);
        uint32_t n = entry == NULL ? 0 : part_bytes(units, entry, at, whole->core_end);
        bool is_whole_stem = entry != NULL && n == whole->core_end - whole->core_start;
        bool is_at_edge = at == whole->core_start || at + n == whole->core_end;
        if (n == 0 || is_whole_stem || (is_at_edge && entry->lexeme == VL_LEX_AND)) {
            units->count = count;
            return false;
        }
        vl_unit *part = &units->items[units->count++];
        *part = *whole;
        if (at != whole->core_start) part->full_start = at;
        part->core_start = at;
        part->core_end = at += n;
        if (at != whole->core_end) part->full_end = at;
        part->lexeme = entry->lexeme;
        part->value = entry->value;
        part->after = at == whole->core_end ? whole->after : VL_BREAK_NONE;
    }
    return units->count > count;
}

static void read_token(vl_units *units, uint32_t start, uint32_t end, uint32_t word_first, uint32_t word_last)
{
    const char *text = units->transcript->text;
    vl_unit unit = {.full_start = start,
                    .full_end = end,
                    .core_start = start,
                    .core_end = end,
                    .word_first = word_first,
                    .word_last = word_last};
    while (unit.core_start < unit.core_end && is_outer(text[unit.core_start]))
        unit.core_start++;
    while (unit.core_end > unit.core_start && is_outer(text[unit.core_end - 1])) {
        char c = text[--unit.core_end];
        uint8_t kind = c == '.' || c == '!' || c == '?' ? VL_BREAK_STOP : VL_BREAK_COMMA;
        if (kind > unit.after) unit.after = kind;
    }
    classify(units, &unit);
    bool has_compounds = (units->lexicon->rules & VL_RULE_COMPOUNDS) != 0;
    if (unit.lexeme == VL_LEX_WORD && has_compounds && split_compound(units, &unit)) return;
    if (unit.lexeme == VL_LEX_WORD && split_hyphens(units, &unit)) return;
    units->items[units->count++] = unit;
}

static uint32_t count_tokens(const vl_transcript *t, uint32_t from, uint32_t to)
{
    uint32_t count = 1;
    for (uint32_t i = from; i < to; i++)
        count += is_space(t->text[i]) || t->text[i] == '-';
    return count;
}

veil_status vl_units_read(const vl_transcript *transcript, const vl_lexicon *lexicon, uint32_t first, uint32_t end,
                          vl_audio_work *work, vl_units *out)
{
    const vl_word *words = transcript->words;
    uint32_t from = words[first].text_start, to = words[end - 1].text_end;
    *out = (vl_units){.transcript = transcript, .lexicon = lexicon};
    void *items = NULL, *own = NULL;
    uint32_t room = count_tokens(transcript, from, to);
    if ((lexicon->rules & VL_RULE_COMPOUNDS) != 0) room += (to - from) / 2; /* a part has two bytes at least */
    veil_status status = vl_audio_work_alloc(work, room, sizeof *out->items, &items);
    if (status != VEIL_OK) return status;
    /* No number is longer than the words that say it ("six billion" is one of the closest); the slack covers the rest; other
     * languages say "mil". */
    out->own_capacity = (lexicon->rules == 0 ? 1 : 2) * (to - from) + 64;
    status = vl_audio_work_alloc(work, out->own_capacity, 1, &own);
    if (status != VEIL_OK) return status;
    out->items = items;
    out->own = own;
    uint32_t word = first, at = from;
    while (at < to) {
        if (is_space(transcript->text[at])) {
            at++;
            continue;
        }
        uint32_t start = at;
        while (at < to && !is_space(transcript->text[at]))
            at++;
        while (word + 1 < end && words[word].text_end <= start)
            word++;
        uint32_t last = word;
        while (last + 1 < end && words[last + 1].text_start < at)
            last++;
        read_token(out, start, at, word, last);
    }
    return VEIL_OK;
}

/* What stands between a unit and the next: '\0' for nothing. */
static char separator_after(const vl_unit *unit, bool is_strict)
{
    if ((unit->flags & VL_UNIT_JOIN) == 0) return ' ';
    if (!is_strict) return '\0';
    if ((unit->flags & VL_UNIT_UNEQUAL) != 0) return ' ';
    if (unit->lexeme != VL_LEX_DIGITS || unit->after == VL_BREAK_NONE) return '\0';
    return unit->after == VL_BREAK_HYPHEN ? '-' : ' ';
}

static size_t render_unit(const vl_units *units, const vl_unit *unit, bool joins_left, bool joins_right, char *out)
{
    bool is_joined = joins_left || joins_right;
    if ((unit->flags & VL_UNIT_ACTIVE) != 0 || (is_joined && unit->lexeme == VL_LEX_NATO)) {
        out[0] = (char)(unit->lexeme == VL_LEX_NATO ? unit->value & ~0x20 : unit->value);
        return 1;
    }
    const char *text = (unit->flags & VL_UNIT_OWN) != 0 ? units->own : units->transcript->text;
    uint32_t start = unit->core_start, end = unit->core_end;
    if ((unit->flags & VL_UNIT_OWN) == 0) {
        if (!joins_left) start = unit->full_start;
        if (!joins_right) end = unit->full_end;
    }
    memcpy(out, text + start, end - start);
    if (is_joined && unit->lexeme == VL_LEX_LETTER) {
        for (uint32_t i = 0; i < end - start; i++)
            out[i] = (char)(is_letter(out[i]) ? out[i] & ~0x20 : out[i]);
    }
    return end - start;
}

veil_status vl_spoken_render(const vl_units *units, bool is_strict, vl_audio_work *work, vl_spoken_view *out)
{
    *out = (vl_spoken_view){0};
    size_t bytes = units->own_bytes;
    for (uint32_t i = 0; i < units->count; i++)
        bytes += units->items[i].full_end - units->items[i].full_start + 2;
    void *text = NULL, *pieces = NULL;
    veil_status status = vl_audio_work_alloc(work, bytes, 1, &text);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, units->count, sizeof *out->pieces, &pieces);
    if (status != VEIL_OK) return status;
    out->text = text;
    out->pieces = pieces;
    char before = ' ';
    uint32_t at = 0;
    for (uint32_t i = 0; i < units->count; i++) {
        const vl_unit *unit = &units->items[i];
        char after = i + 1 < units->count ? separator_after(unit, is_strict) : ' ';
        out->pieces[out->piece_count++] =
            (vl_spoken_piece){at, unit->word_first, unit->word_last, unit->full_start, unit->full_end};
        at += (uint32_t)render_unit(units, unit, before != ' ', after != ' ', out->text + at);
        if (after != '\0' && i + 1 < units->count) out->text[at++] = after;
        before = after;
    }
    out->text_bytes = at;
    return VEIL_OK;
}

/* The last piece that starts at or before `offset`. */
static uint32_t piece_at(const vl_spoken_view *view, uint32_t offset)
{
    uint32_t low = 0, high = view->piece_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (view->pieces[middle].out_start <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void vl_spoken_words(const vl_spoken_view *view, uint32_t start, uint32_t end, uint32_t *word_first,
                     uint32_t *word_last)
{
    uint32_t first = piece_at(view, start), last = piece_at(view, end > start ? end - 1 : start);
    *word_first = view->pieces[first].word_first;
    *word_last = view->pieces[first].word_last;
    for (uint32_t i = first + 1; i <= last; i++) {
        if (view->pieces[i].word_last > *word_last) *word_last = view->pieces[i].word_last;
    }
}

void vl_spoken_text(const vl_spoken_view *view, uint32_t start, uint32_t end, uint32_t *text_start, uint32_t *text_end)
{
    uint32_t first = piece_at(view, start), last = piece_at(view, end > start ? end - 1 : start);
    *text_start = view->pieces[first].text_start;
    *text_end = view->pieces[first].text_end;
    for (uint32_t i = first + 1; i <= last; i++) {
        if (view->pieces[i].text_end > *text_end) *text_end = view->pieces[i].text_end;
    }
}

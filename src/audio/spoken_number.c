/*
 * Number words to digits. People read numbers in many ways: digit by digit, in tens ("forty one eleven"), with "double" and
 * "triple", as hundreds ("forty-two hundred") or as years ("nineteen oh four"). Each group is written down as it was said and
 * the groups stand side by side, which is right for all of these; amounts ("five thousand and six") are added up.
 */
#include <string.h>

#include "audio/spoken.h"

#define LARGEST 1000000000000ull /* amounts above stay in words */

static bool is_numeric(const vl_unit *unit)
{
    return unit->lexeme >= VL_LEX_DIGITS && unit->lexeme <= VL_LEX_TENS;
}

typedef struct reader {
    vl_units *units;
    uint32_t at; /* next unit to read */
} reader;

/* The unit `ahead` of the reader, when nothing but a hyphen stands before it. */
static const vl_unit *peek(const reader *r, uint32_t ahead)
{
    uint32_t index = r->at + ahead;
    if (index >= r->units->count) return NULL;
    if (ahead > 0 && r->units->items[index - 1].after > VL_BREAK_HYPHEN) return NULL;
    return &r->units->items[index];
}

static bool peek_is(const reader *r, uint32_t ahead, vl_lexeme lexeme)
{
    const vl_unit *unit = peek(r, ahead);
    return unit != NULL && unit->lexeme == lexeme;
}

typedef struct amount {
    uint64_t value;
    uint32_t taken;   /* units */
    uint32_t spoken;  /* digits that were said */
    bool is_cardinal; /* with thousand and above */
} amount;

static bool has_rule(const reader *r, uint32_t rule)
{
    return (r->units->lexicon->rules & rule) != 0;
}

/* What follows "soixante" and "quatre-vingt": 1 to 19, "et" before it or not. But "quatre-vingts" says that nothing does, and the
 * "quatre" of another eighty is not it. */
static amount read_nineteen(const reader *r, uint32_t ahead)
{
    uint32_t has_and = peek_is(r, ahead, VL_LEX_AND);
    const vl_unit *rest = peek(r, ahead + has_and), *next = peek(r, ahead + has_and + 1);
    bool is_teen = rest != NULL && rest->lexeme == VL_LEX_TEEN;
    bool is_unit = rest != NULL && rest->lexeme == VL_LEX_UNIT && rest->value != 0;
    bool is_eighty = is_unit && rest->value == 4 && next != NULL && next->lexeme == VL_LEX_TENS && next->value == 20;
    if ((!is_teen && !is_unit) || is_eighty) return (amount){0};
    amount number = {.value = rest->value, .taken = has_and + 1, .spoken = 2};
    if (is_teen && rest->value == 10 && next != NULL && next->lexeme == VL_LEX_UNIT && next->value >= 7) {
        number.value += next->value;
        number.taken++;
    }
    return number;
}

/* "quatre-vingt-douze", "soixante et onze", "dix-sept": numbers of two digits in twenties. taken is 0 when it is none. */
static amount read_twenties(const reader *r, uint32_t ahead)
{
    const vl_unit *unit = peek(r, ahead), *next = peek(r, ahead + 1);
    if (!has_rule(r, VL_RULE_TWENTIES) || next == NULL) return (amount){0};
    bool is_ten = unit->lexeme == VL_LEX_TEEN && unit->value == 10 && next->lexeme == VL_LEX_UNIT && next->value >= 7;
    if (is_ten) return (amount){.value = 10u + next->value, .taken = 2, .spoken = 2};
    bool is_eighty =
        unit->lexeme == VL_LEX_UNIT && unit->value == 4 && next->lexeme == VL_LEX_TENS && next->value == 20;
    bool is_sixty = unit->lexeme == VL_LEX_TENS && unit->value == 60;
    if (!is_eighty && !is_sixty) return (amount){0};
    amount number = {.value = is_eighty ? 80 : 60, .taken = is_eighty ? 2 : 1, .spoken = 2};
    bool is_plural = is_eighty && r->units->transcript->text[next->core_end - 1] == 's';
    amount rest = is_plural ? (amount){0} : read_nineteen(r, ahead + number.taken);
    number.value += rest.value;
    number.taken += rest.taken;
    return number;
}

/* "zwei und vierzig", "treinta y uno", "vingt et un". */
static amount read_with_and(const reader *r, uint32_t ahead)
{
    const vl_unit *unit = peek(r, ahead), *other = peek(r, ahead + 2);
    if (other == NULL || !peek_is(r, ahead + 1, VL_LEX_AND)) return (amount){0};
    bool is_unit_first = has_rule(r, VL_RULE_UNIT_FIRST) && unit->lexeme == VL_LEX_UNIT && unit->value != 0 &&
                         other->lexeme == VL_LEX_TENS;
    bool is_tens_first = has_rule(r, VL_RULE_TENS_AND) && unit->lexeme == VL_LEX_TENS && other->lexeme == VL_LEX_UNIT &&
                         other->value != 0;
    if (!is_unit_first && !is_tens_first) return (amount){0};
    return (amount){.value = (uint64_t)unit->value + other->value, .taken = 3, .spoken = 2};
}

/* One to ninety-nine, at `ahead`; taken is 0 when there is none. */
static amount read_small(const reader *r, uint32_t ahead)
{
    const vl_unit *unit = peek(r, ahead);
    if (unit == NULL) return (amount){0};
    if (r->units->lexicon->rules != 0) {
        amount special = read_twenties(r, ahead);
        if (special.taken == 0) special = read_with_and(r, ahead);
        if (special.taken != 0) return special;
    }
    if (unit->lexeme == VL_LEX_UNIT) return (amount){.value = unit->value, .taken = 1, .spoken = 1};
    if (unit->lexeme == VL_LEX_TEEN) return (amount){.value = unit->value, .taken = 1, .spoken = 2};
    if (unit->lexeme != VL_LEX_TENS) return (amount){0};
    const vl_unit *next = peek(r, ahead + 1);
    bool has_unit = next != NULL && next->lexeme == VL_LEX_UNIT && next->value != 0;
    return (amount){.value = unit->value + (has_unit ? next->value : 0u), .taken = has_unit ? 2 : 1, .spoken = 2};
}

/* What follows a hundred or a thousand: "and five", "fifteen"; a lone unit that more digits follow is read by itself
 * ("eight hundred five five five"). */
static amount read_rest(const reader *r, uint32_t ahead)
{
    bool has_and = peek_is(r, ahead, VL_LEX_AND);
    amount rest = read_small(r, ahead + has_and);
    if (rest.taken == 0 || rest.value == 0) return (amount){0};
    const vl_unit *behind = peek(r, ahead + has_and + rest.taken);
    bool is_lone = rest.spoken == 1 && !has_and && behind != NULL && is_numeric(behind);
    if (is_lone) return (amount){0};
    rest.taken += has_and;
    return rest;
}

/* A number below ten thousand: "forty-two hundred and six". */
static amount read_group(const reader *r, uint32_t ahead)
{
    amount group = read_small(r, ahead);
    if (group.taken == 0 && has_rule(r, VL_RULE_BARE_HUNDRED) && peek_is(r, ahead, VL_LEX_HUNDRED)) group.value = 1;
    if ((group.taken == 0 && group.value == 0) || group.value == 0 || !peek_is(r, ahead + group.taken, VL_LEX_HUNDRED))
        return group;
    group.value *= 100;
    group.taken++;
    amount rest = read_rest(r, ahead + group.taken);
    group.value += rest.value;
    group.taken += rest.taken;
    group.spoken = group.value >= 1000 ? 4 : 3;
    return group;
}

static uint64_t power_of_ten(uint8_t exponent)
{
    uint64_t power = 1;
    for (uint8_t i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

static amount read_amount(const reader *r)
{
    amount total = read_group(r, 0);
    if (total.taken == 0 && has_rule(r, VL_RULE_BARE_HUNDRED) && peek_is(r, 0, VL_LEX_SCALE))
        total = (amount){.value = 1, .spoken = 1};
    if ((total.taken == 0 && total.value == 0) || total.value == 0 || !peek_is(r, total.taken, VL_LEX_SCALE))
        return total;
    amount group = total;
    total = (amount){.is_cardinal = true};
    uint8_t exponent_before = 255;
    for (;;) {
        const vl_unit *scale = peek(r, total.taken + group.taken);
        bool is_scaled = scale != NULL && scale->lexeme == VL_LEX_SCALE && scale->value < exponent_before;
        if (is_scaled) group.value *= power_of_ten(scale->value);
        total.value += group.value;
        total.taken += group.taken + is_scaled;
        total.spoken += group.spoken;
        if (!is_scaled || total.value >= LARGEST) break;
        exponent_before = scale->value;
        amount rest = read_rest(r, total.taken);
        amount hundreds = read_group(r, total.taken);
        group = hundreds.taken > rest.taken && hundreds.value >= 100 ? hundreds : rest;
        if (group.taken == 0) break;
    }
    return total;
}

/* Write units [at, at + taken) as one at `out`. */
static vl_unit *merge(vl_units *units, vl_unit *out, uint32_t at, uint32_t taken, vl_lexeme lexeme)
{
    vl_unit first = units->items[at];
    const vl_unit *last = &units->items[at + taken - 1];
    first.full_end = last->full_end;
    first.word_last = last->word_last;
    first.after = last->after;
    first.lexeme = (uint8_t)lexeme;
    *out = first;
    return out;
}

static uint32_t build_amount(vl_units *units, uint32_t at, vl_unit *out)
{
    reader r = {units, at};
    amount number = read_amount(&r);
    char digits[24];
    size_t count = sizeof digits;
    uint64_t value = number.value;
    do {
        digits[--count] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    merge(units, out, at, number.taken, VL_LEX_DIGITS);
    if (!vl_units_own(units, out, digits + count, sizeof digits - count)) out->lexeme = VL_LEX_WORD;
    out->spoken_digits = number.spoken;
    if (number.is_cardinal) out->flags |= VL_UNIT_CARDINAL;
    vl_wipe(digits, sizeof digits);
    units->is_changed = true;
    return number.taken;
}

/* "double oh", "triple five", "double l". */
static uint32_t build_times(vl_units *units, uint32_t at, vl_unit *out)
{
    reader r = {units, at};
    uint8_t times = units->items[at].value;
    const vl_unit *next = peek(&r, 1);
    char c = '\0';
    bool is_letter_unit = false;
    if (next != NULL) {
        bool is_digit_text = next->lexeme == VL_LEX_DIGITS && next->core_end - next->core_start == 1;
        if (next->lexeme == VL_LEX_UNIT) c = (char)('0' + next->value);
        if (next->lexeme == VL_LEX_OH) c = '0';
        if (is_digit_text) c = units->transcript->text[next->core_start];
        is_letter_unit = next->lexeme == VL_LEX_LETTER || next->lexeme == VL_LEX_NATO;
        if (is_letter_unit) c = (char)next->value;
    }
    if (c == '\0') {
        merge(units, out, at, 1, VL_LEX_WORD);
        return 1;
    }
    if (c == 'u' && times == 2) { /* the letter's name */
        c = 'w';
        times = 1;
    }
    char repeated[4] = {c, c, c, c};
    merge(units, out, at, 2, is_letter_unit ? VL_LEX_LETTER : VL_LEX_DIGITS);
    out->value = (uint8_t)c;
    if (!vl_units_own(units, out, repeated, times)) out->lexeme = VL_LEX_WORD;
    out->spoken_digits = is_letter_unit ? 0 : times;
    units->is_changed = true;
    return 2;
}

/* "oh" is a zero beside digits; "o" is a letter otherwise, "oh" a word. */
static uint32_t build_oh(vl_units *units, uint32_t at, const vl_unit *before, vl_unit *out)
{
    reader r = {units, at};
    bool is_letter_name = units->items[at].value == 1;
    const vl_unit *next = peek(&r, 1);
    bool after_digits = before != NULL && before->lexeme == VL_LEX_DIGITS && before->after != VL_BREAK_STOP;
    bool after_letter = before != NULL && (before->lexeme == VL_LEX_LETTER || before->lexeme == VL_LEX_NATO);
    bool before_digits = next != NULL && (is_numeric(next) || next->lexeme == VL_LEX_TIMES);
    bool is_zero = after_digits || (before_digits && !(is_letter_name && after_letter));
    merge(units, out, at, 1, is_zero ? VL_LEX_DIGITS : is_letter_name ? VL_LEX_LETTER : VL_LEX_WORD);
    if (!is_zero) {
        out->value = 'o';
        return 1;
    }
    if (!vl_units_own(units, out, "0", 1)) out->lexeme = VL_LEX_WORD;
    out->spoken_digits = 1;
    units->is_changed = true;
    return 1;
}

/* "b", "bravo", "b as in bravo", "b for bob". */
static uint32_t build_letter(vl_units *units, uint32_t at, vl_unit *out)
{
    reader r = {units, at};
    uint32_t taken = 1;
    uint32_t link = peek_is(&r, 1, VL_LEX_AS) ? 1 : 0;
    if (link != 0 && peek_is(&r, 2, VL_LEX_AS)) link = 2;
    const vl_unit *example = link != 0 ? peek(&r, link + 1) : NULL;
    if (example != NULL && example->core_end > example->core_start && (example->flags & VL_UNIT_OWN) == 0) {
        char c = units->transcript->text[example->core_start];
        if ((c | 0x20) == units->items[at].value && example->core_end - example->core_start > 1) taken = link + 2;
    }
    vl_unit letter = units->items[at]; /* `out` may be the same place */
    merge(units, out, at, taken, (vl_lexeme)letter.lexeme);
    out->full_end = letter.full_end; /* what is written is the letter, not its example */
    if (taken > 1) units->is_changed = true;
    return taken;
}

/* "four one uh five": a sound of hesitation inside a run belongs to nobody. */
static bool is_dropped(const vl_units *units, uint32_t at, const vl_unit *before)
{
    if (before == NULL || at + 1 >= units->count) return false;
    bool after_run =
        before->lexeme == VL_LEX_DIGITS || before->lexeme == VL_LEX_LETTER || before->lexeme == VL_LEX_GLUE;
    const vl_unit *next = &units->items[at + 1];
    return after_run && (is_numeric(next) || next->lexeme == VL_LEX_LETTER || next->lexeme == VL_LEX_TIMES ||
                         next->lexeme == VL_LEX_FILLER);
}

#define LINKS_MAX   3u
#define LINK_BEFORE 3u /* digits */
#define LINK_BEHIND 3u /* number words, in this group and, behind more such words, in those that follow */
#define LINK_GROUP  2u /* in this group, where others follow */
#define LINK_UNITS  8u /* looked at, either way */

static bool is_link(const vl_unit *unit)
{
    bool is_plain = unit->lexeme == VL_LEX_PLAIN && unit->value == VL_PLAIN_LINKS;
    return is_plain || unit->lexeme == VL_LEX_LINK || unit->lexeme == VL_LEX_AND || unit->lexeme == VL_LEX_FILLER;
}

static uint32_t digits_before(const vl_units *units, uint32_t written)
{
    uint32_t digits = 0, least = written > LINK_UNITS ? written - LINK_UNITS : 0;
    for (uint32_t i = written; i > least && units->items[i - 1].lexeme == VL_LEX_DIGITS; i--) {
        if ((units->items[i - 1].flags & VL_UNIT_CARDINAL) == 0) digits += units->items[i - 1].spoken_digits;
    }
    return digits;
}

/* "nine zero, okay, four three nine nine" */
static bool is_followed(const vl_units *units, uint32_t at)
{
    uint32_t behind = 0;
    for (uint32_t i = at; i < units->count && i < at + 2 * LINK_UNITS && behind < LINK_BEHIND; i++) {
        const vl_unit *unit = &units->items[i];
        if (is_link(unit) && behind >= LINK_GROUP) continue; /* the next group of the number */
        if (!is_numeric(unit) && unit->lexeme != VL_LEX_TIMES) break;
        behind += unit->lexeme == VL_LEX_DIGITS ? unit->spoken_digits : 1;
    }
    return behind >= LINK_BEHIND;
}

/* "four one one one, and then one one one one": words between the groups of one long number. `written` units are built. How many
 * units from `at` on they are, or 0. */
static uint32_t count_links(const vl_units *units, uint32_t at, uint32_t written)
{
    uint32_t links = 0;
    while (at + links < units->count && links <= LINKS_MAX && is_link(&units->items[at + links]))
        links++;
    if (links == 0 || links > LINKS_MAX) return 0;
    return digits_before(units, written) >= LINK_BEFORE && is_followed(units, at + links) ? links : 0;
}

/* "at sign", "guion bajo": the word behind makes it sure, or another sign. */
static uint32_t build_glue(vl_units *units, uint32_t at, vl_unit *out)
{
    const vl_unit *unit = &units->items[at];
    bool has_next = at + 1 < units->count && unit->after == VL_BREAK_NONE;
    bool is_at_sign = has_next && unit->value == '@' && units->items[at + 1].lexeme == VL_LEX_SIGN;
    bool is_low = has_next && unit->value == '-' && units->items[at + 1].lexeme == VL_LEX_LOW;
    uint32_t taken = is_at_sign || is_low ? 2 : 1;
    merge(units, out, at, taken, VL_LEX_GLUE);
    if (is_low) out->value = '_';
    if (is_at_sign) out->flags |= VL_UNIT_FORCED;
    return taken;
}

/* A hundred or a thousand by itself is one of them, where the language says so. */
static uint32_t build_scale(vl_units *units, uint32_t at, vl_unit *out)
{
    if ((units->lexicon->rules & VL_RULE_BARE_HUNDRED) != 0) return build_amount(units, at, out);
    merge(units, out, at, 1, VL_LEX_WORD);
    return 1;
}

static uint32_t build_one(vl_units *units, uint32_t at, const vl_unit *before, vl_unit *out)
{
    switch (units->items[at].lexeme) {
    case VL_LEX_UNIT:
    case VL_LEX_TEEN:
    case VL_LEX_TENS:
        return build_amount(units, at, out);
    case VL_LEX_HUNDRED:
    case VL_LEX_SCALE:
        return build_scale(units, at, out);
    case VL_LEX_TIMES:
        return build_times(units, at, out);
    case VL_LEX_OH:
        return build_oh(units, at, before, out);
    case VL_LEX_LETTER:
    case VL_LEX_NATO:
        return build_letter(units, at, out);
    case VL_LEX_GLUE:
        return build_glue(units, at, out);
    case VL_LEX_POINT:
        merge(units, out, at, 1, VL_LEX_GLUE)->flags |= VL_UNIT_POINT;
        return 1;
    case VL_LEX_DIGITS:
    case VL_LEX_PLAIN:
        *out = units->items[at];
        return 1;
    default:
        merge(units, out, at, 1, VL_LEX_WORD);
        return 1;
    }
}

void vl_units_build_numbers(vl_units *units)
{
    uint32_t written = 0, at = 0;
    while (at < units->count) {
        const vl_unit *before = written > 0 ? &units->items[written - 1] : NULL;
        if (units->items[at].lexeme == VL_LEX_FILLER && is_dropped(units, at, before)) {
            units->is_changed = true;
            at++;
            continue;
        }
        uint32_t links = count_links(units, at, written);
        if (links != 0) {
            units->is_changed = true;
            if (units->items[at].lexeme == VL_LEX_LINK && units->items[at].value == '-')
                units->items[written - 1].after = VL_BREAK_HYPHEN;
            at += links;
            continue;
        }
        vl_unit built; /* never written over a unit that is still to be read: written <= at */
        uint32_t day = units->lexicon == &vl_lexicon_en ? vl_units_build_day(units, at, before, &built) : 0;
        at += day != 0 ? day : build_one(units, at, before, &built);
        units->items[written++] = built;
    }
    units->count = written;
}

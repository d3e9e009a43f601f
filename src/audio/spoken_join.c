/*
 * Which units are written without a space between them: signs that join ("dot" in "example dot com"), runs of digits, spelled
 * letters. "at" is a common word, so it becomes a sign only before something that looks like a domain.
 */
#include <string.h>

#include "audio/spoken.h"

#define DOMAIN_UNITS 24u /* spelled letters of a domain's first label */
#define DOMAIN_WORDS 3u  /* "my company dot com" */

static bool is_signed(const vl_unit *unit)
{
    return (unit->flags & VL_UNIT_ACTIVE) != 0;
}

static bool is_spelled(const vl_unit *unit)
{
    return unit->lexeme == VL_LEX_LETTER || unit->lexeme == VL_LEX_NATO;
}

static bool is_wordy(const vl_unit *unit)
{
    return unit->lexeme == VL_LEX_WORD || unit->lexeme == VL_LEX_PLAIN || unit->lexeme == VL_LEX_NATO;
}

/* A full stop ends a word for good; behind a letter or a number it may be a pause ("J. A. N. E."). */
static bool ends_hard(const vl_unit *unit)
{
    return unit->after == VL_BREAK_STOP && is_wordy(unit);
}

static bool is_dot(const vl_unit *unit)
{
    return unit->lexeme == VL_LEX_GLUE && unit->value == '.' && (unit->flags & VL_UNIT_POINT) == 0;
}

/* "gmail.com" written as one word. */
static bool holds_domain(const vl_units *units, const vl_unit *unit)
{
    const char *core = units->transcript->text + unit->core_start;
    size_t n = unit->core_end - unit->core_start;
    if (unit->lexeme != VL_LEX_WORD || (unit->flags & VL_UNIT_OWN) != 0) return false;
    const char *dot = n > 3 ? memchr(core + 1, '.', n - 3) : NULL; /* one byte before, two behind */
    return dot != NULL && (dot[1] | 0x20) >= 'a' && (dot[1] | 0x20) <= 'z' && memchr(core, '@', n) == NULL;
}

/* How many units after `at` lie before the dot of a domain, or 0. */
static uint32_t domain_before_dot(const vl_units *units, uint32_t at)
{
    uint32_t words = 0;
    for (uint32_t i = at + 1; i < units->count && i - at <= DOMAIN_UNITS; i++) {
        const vl_unit *unit = &units->items[i];
        if (is_dot(unit)) return i + 1 < units->count ? i - at - 1 : 0;
        if (unit->lexeme == VL_LEX_GLUE && unit->value != '-') return 0;
        words += is_wordy(unit) || unit->lexeme == VL_LEX_DIGITS;
        if (words > DOMAIN_WORDS || ends_hard(unit)) return 0;
    }
    return 0;
}

static bool core_is(const vl_units *units, const vl_unit *unit, const char *word)
{
    size_t n = strlen(word);
    if ((unit->flags & VL_UNIT_OWN) != 0 || unit->core_end - unit->core_start != n) return false;
    return strncasecmp(units->transcript->text + unit->core_start, word, n) == 0;
}

static void join(vl_unit *unit)
{
    unit->flags |= VL_UNIT_JOIN;
}

static void activate(vl_units *units, uint32_t at)
{
    units->items[at].flags |= VL_UNIT_ACTIVE | VL_UNIT_JOIN;
    units->is_changed = true;
}

/* The local part of an address reaches back over letters and numbers to the word they stand behind ("jane one two at"). */
static void join_local_part(vl_units *units, uint32_t at)
{
    uint32_t i = at - 1;
    while (i > 0) {
        const vl_unit *unit = &units->items[i];
        vl_unit *before = &units->items[i - 1];
        bool is_tail = unit->lexeme == VL_LEX_DIGITS || is_spelled(unit);
        if (!is_tail || before->lexeme == VL_LEX_GLUE || ends_hard(before) || before->lexeme == VL_LEX_PLAIN) return;
        join(before);
        if (before->lexeme == VL_LEX_WORD) return;
        i--;
    }
}

static bool join_at(vl_units *units, uint32_t at)
{
    vl_unit *items = units->items;
    const vl_unit *next = &items[at + 1];
    if (items[at - 1].lexeme == VL_LEX_GLUE || items[at - 1].lexeme == VL_LEX_PLAIN) return false;
    uint32_t before_dot = domain_before_dot(units, at);
    bool is_forced = (items[at].flags & VL_UNIT_FORCED) != 0;
    bool is_web = core_is(units, next, "www");
    if (!is_forced && (is_web || (before_dot == 0 && !holds_domain(units, next)))) return false;
    for (uint32_t i = 1; i < before_dot; i++)
        join(&items[at + i]);
    join_local_part(units, at);
    return true;
}

/* Does an address follow within a few words? Then "plus" is part of its name. */
static bool at_follows(const vl_units *units, uint32_t at)
{
    for (uint32_t i = at + 1; i < units->count && i <= at + 6; i++) {
        const vl_unit *unit = &units->items[i];
        if (unit->lexeme == VL_LEX_GLUE && unit->value == '@') return i + 1 < units->count;
        if (ends_hard(unit)) return false;
    }
    return false;
}

static bool is_digits_or_spelled(const vl_unit *unit)
{
    return unit->lexeme == VL_LEX_DIGITS || is_spelled(unit);
}

/* What a sign may join to on this side; NULL: nothing. */
static const vl_unit *unit_after_sign(const vl_units *units, uint32_t at)
{
    if (at + 1 >= units->count || units->items[at].after == VL_BREAK_STOP) return NULL;
    const vl_unit *next = &units->items[at + 1];
    return next->lexeme == VL_LEX_GLUE ? NULL : next;
}

static const vl_unit *unit_before_sign(const vl_units *units, uint32_t at)
{
    if (at == 0) return NULL;
    const vl_unit *before = &units->items[at - 1];
    return ends_hard(before) || before->lexeme == VL_LEX_GLUE ? NULL : before;
}

static void join_sign(vl_units *units, uint32_t at)
{
    vl_unit *items = units->items;
    vl_unit *sign = &items[at];
    const vl_unit *next = unit_after_sign(units, at);
    const vl_unit *before = unit_before_sign(units, at);
    bool digits_next = next != NULL && next->lexeme == VL_LEX_DIGITS;
    bool digits_before = before != NULL && before->lexeme == VL_LEX_DIGITS;
    bool is_active = next != NULL && before != NULL;
    bool joins_before = true;
    switch (sign->value) {
    case '@':
        is_active = is_active && join_at(units, at);
        break;
    case '+':
        joins_before = is_active && at_follows(units, at);
        is_active = joins_before || (digits_next && !digits_before);
        break;
    case ':':
        is_active = is_active && is_digits_or_spelled(next) && is_digits_or_spelled(before);
        break;
    default:
        if ((sign->flags & VL_UNIT_POINT) != 0) is_active = digits_before && digits_next;
        break;
    }
    if (!is_active) {
        sign->lexeme = VL_LEX_WORD;
        return;
    }
    activate(units, at);
    if (joins_before) join(&items[at - 1]);
}

static bool is_article(const vl_units *units, uint32_t at)
{
    const vl_unit *unit = &units->items[at];
    bool is_word = unit->lexeme == VL_LEX_LETTER && (unit->value == 'a' || unit->value == 'i');
    return is_word && (at == 0 || (units->items[at - 1].flags & VL_UNIT_JOIN) == 0);
}

/* `first`: of the run of joined units that unit `at` ends. */
static void join_run(vl_units *units, uint32_t at, uint32_t first)
{
    vl_unit *unit = &units->items[at];
    const vl_unit *next = &units->items[at + 1];
    if ((unit->flags & VL_UNIT_JOIN) != 0 || is_signed(unit) || next->lexeme == VL_LEX_GLUE) return;
    bool from_digits = unit->lexeme == VL_LEX_DIGITS, to_digits = next->lexeme == VL_LEX_DIGITS;
    bool from_letter = is_spelled(unit), to_letter = is_spelled(next);
    if (from_digits && to_digits) {
        join(unit);
        units->is_ambiguous |= unit->after != VL_BREAK_NONE;
    } else if (from_letter && to_letter) {
        join(unit);
    } else if (from_letter && to_digits && !is_article(units, at)) {
        unit->flags |= VL_UNIT_JOIN | VL_UNIT_UNEQUAL;
        units->is_ambiguous = true;
    } else if (from_digits && to_letter && at > 0 && (units->items[at - 1].flags & VL_UNIT_JOIN) != 0) {
        /* A code that began with letters may go on with them; a phone number does not. */
        if (!is_spelled(&units->items[first])) return;
        unit->flags |= VL_UNIT_JOIN | VL_UNIT_UNEQUAL;
        units->is_ambiguous = true;
    } else {
        return;
    }
    units->is_changed = true;
}

void vl_units_join(vl_units *units)
{
    for (uint32_t i = 0; i < units->count; i++) {
        if (units->items[i].lexeme == VL_LEX_GLUE) join_sign(units, i);
    }
    for (uint32_t i = 0, first = 0; i + 1 < units->count; i++) {
        if (i != 0 && (units->items[i - 1].flags & VL_UNIT_JOIN) == 0) first = i;
        join_run(units, i, first);
    }
}

/*
 * Days of spoken dates: "march third nineteen eighty four", "the twenty first of may", "june four nineteen ninety". They become words
 * of their own ("3rd"), so that they do not run into the year behind them. English.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "audio/spoken.h"

static bool is_month(const vl_units *units, const vl_unit *unit)
{
    static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
    if (unit == NULL || (unit->flags & VL_UNIT_OWN) != 0) return false;
    const char *core = units->transcript->text + unit->core_start;
    size_t n = unit->core_end - unit->core_start;
    for (size_t i = 0; i < 12; i++) {
        if (strlen(months[i]) == n && strncasecmp(core, months[i], n) == 0) return true;
    }
    return false;
}

static const vl_unit *unit_at(const vl_units *units, uint32_t at)
{
    return at < units->count ? &units->items[at] : NULL;
}

static bool is_of(const vl_units *units, const vl_unit *unit)
{
    return unit != NULL && unit->core_end - unit->core_start == 2 &&
           strncasecmp(units->transcript->text + unit->core_start, "of", 2) == 0;
}

/* "nineteen ...", "twenty ...", "two thousand", "1984" */
static bool begins_year(const vl_units *units, uint32_t at)
{
    const vl_unit *unit = unit_at(units, at), *next = unit_at(units, at + 1);
    if (unit == NULL) return false;
    bool is_century =
        (unit->lexeme == VL_LEX_TEEN && unit->value >= 18) || (unit->lexeme == VL_LEX_TENS && unit->value == 20);
    bool is_thousand = unit->lexeme == VL_LEX_UNIT && unit->value == 2 && next != NULL && next->lexeme == VL_LEX_SCALE;
    bool is_written = unit->lexeme == VL_LEX_DIGITS && unit->core_end - unit->core_start == 4;
    return is_thousand || is_written || (is_century && next != NULL);
}

/* The number at `at`: 1 to 31, and how many units say it. */
static uint32_t read_day(const vl_units *units, uint32_t at, uint32_t *taken, bool *is_ordinal)
{
    const vl_unit *unit = unit_at(units, at), *next = unit_at(units, at + 1);
    *taken = 1;
    *is_ordinal = unit->lexeme == VL_LEX_ORDINAL;
    if (*is_ordinal || unit->lexeme == VL_LEX_UNIT || unit->lexeme == VL_LEX_TEEN) return unit->value;
    if (unit->lexeme != VL_LEX_TENS || unit->value > 30) return 0;
    bool has_unit = next != NULL && (next->lexeme == VL_LEX_ORDINAL || next->lexeme == VL_LEX_UNIT) &&
                    next->value != 0 && next->value < 10 && unit->after <= VL_BREAK_HYPHEN;
    if (!has_unit) return unit->value;
    *taken = 2;
    *is_ordinal = next->lexeme == VL_LEX_ORDINAL;
    return (uint32_t)unit->value + next->value;
}

uint32_t vl_units_build_day(vl_units *units, uint32_t at, const vl_unit *before, vl_unit *out)
{
    uint32_t taken;
    bool is_ordinal;
    uint32_t day = read_day(units, at, &taken, &is_ordinal);
    if (day == 0 || day > 31) return 0;
    bool after_month = is_month(units, before) && before->after <= VL_BREAK_HYPHEN;
    bool before_month =
        is_ordinal && is_of(units, unit_at(units, at + taken)) && is_month(units, unit_at(units, at + taken + 1));
    if (!before_month && !(after_month && (is_ordinal || begins_year(units, at + taken)))) return 0;
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    char text[8];
    bool is_teen = day >= 11 && day <= 13;
    int n = snprintf(text, sizeof text, "%u%s", day, ends[day % 10 < 4 && !is_teen ? day % 10 : 0]);
    const vl_unit last = units->items[at + taken - 1];
    *out = units->items[at];
    out->full_end = last.full_end;
    out->word_last = last.word_last;
    out->after = last.after;
    out->lexeme = VL_LEX_WORD;
    if (!vl_units_own(units, out, text, (size_t)n)) return 0;
    units->is_changed = true;
    return taken;
}

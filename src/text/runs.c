/*
 * Runs: tokens that go on as long as their bytes do (makers have made theirs longer more than once, and a tail must not stay),
 * and values without quotes behind the name of a secret. See walks.h for what they owe to streams.
 */
#include <string.h>

#include "text/walks.h"

#define NAME_BYTES 48u /* of the next pair's name */
#define REST       64u /* bytes that are given up at the end of a long run whose end is open */

_Static_assert(VL_ROW_RUN_BASE64 >> 21 == 1 && VL_ROW_RUN_DOTS >> 21 == 2, "flags of a row make the kind of its run");

typedef enum step {
    STEP_END,
    STEP_ON,
    STEP_WAIT /* what is not there yet decides */
} step;

static step token_step(const vl_scan *scan, unsigned kind, size_t p)
{
    uint8_t c = scan->text[p];
    if (vl_is_word(c) || c == '-') return STEP_ON;
    if ((kind & 1) != 0 && (c == '+' || c == '/' || c == '=')) return STEP_ON;
    if ((kind & 2) == 0 || c != '.') return STEP_END;
    if (p + 1 == scan->size && scan->may_grow) return STEP_WAIT;
    uint8_t next = vl_byte(scan, p + 1);
    return vl_is_word(next) || next == '-' ? STEP_ON : STEP_END; /* a dot that ends a sentence is no part of it */
}

static bool ends_value(uint8_t c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '>' || c == '\\';
}

static bool is_closing(uint8_t c)
{
    return c == ',' || c == ';' || c == '&' || c == ')' || c == ']' || c == '}' || c == '|';
}

/* A value ends at a comma and its like where white space, the end, another closing sign or the next pair's name follow. */
static step value_step(const vl_scan *scan, size_t p)
{
    uint8_t c = scan->text[p];
    size_t at = p + 1;
    if (ends_value(c)) return STEP_END;
    if (!is_closing(c)) return STEP_ON;
    while (at - p < NAME_BYTES && (vl_is_word(vl_byte(scan, at)) || vl_byte(scan, at) == '-'))
        at++;
    if (at >= scan->size) return scan->may_grow ? STEP_WAIT : at == p + 1 ? STEP_END : STEP_ON;
    c = scan->text[at];
    if (at == p + 1) return ends_value(c) || is_closing(c) ? STEP_END : STEP_ON;
    return c == '=' || c == ':' ? STEP_END : STEP_ON;
}

size_t vl_run_end(vl_scan *scan, unsigned kind, size_t start, size_t least)
{
    vl_run_state *run = &scan->walks.runs[kind];
    if (start < run->start || start >= run->end || least > run->end)
        *run = (vl_run_state){.start = start, .end = least};
    step next = STEP_ON;
    while (run->end < scan->size && next == STEP_ON) {
        next = kind == VL_RUN_VALUE ? value_step(scan, run->end) : token_step(scan, kind, run->end);
        run->end += next == STEP_ON;
    }
    run->is_open = next == STEP_WAIT || (run->end == scan->size && scan->may_grow);
    return run->end;
}

void vl_emit_run(vl_scan *scan, unsigned kind, unsigned row, size_t start, size_t end)
{
    vl_run_state *run = &scan->walks.runs[kind];
    bool is_open = run->is_open;
    uint32_t before = scan->count;
    if (start > run->start && end <= run->end && run->is_found) return;
    if (end - start <= VL_CHAIN_MAX_BYTES) {
        if (is_open) vl_note_undecided(scan, start);
        vl_emit(scan, row, start, end);
    } else {
        const vl_row *rule = &vl_rows[row];
        vl_validity validity = VL_UNKNOWN;
        if (rule->validate != NULL) validity = rule->validate((const char *)scan->text + start, VL_CHAIN_MAX_BYTES);
        if (is_open) end -= REST;
        vl_emit_checked(scan, row, start, end, validity);
        if (is_open && scan->count != before) {
            scan->walks.open_run = kind;
            vl_note_open(scan, VL_OPEN_RUN, row, start, end);
        }
    }
    if (start != run->start && scan->count == before) return;
    run->start = start;
    run->is_found = scan->count != before;
}

void vl_match_run(vl_scan *scan, unsigned row, size_t start, size_t hit_end)
{
    unsigned kind = vl_rows[row].flags >> 21 & 3;
    vl_emit_run(scan, kind, row, start, vl_run_end(scan, kind, start, hit_end));
}

bool vl_walk_run(vl_scan *scan, size_t *end)
{
    vl_run_state *run = &scan->walks.runs[scan->walks.open_run];
    *end = vl_run_end(scan, scan->walks.open_run, run->start, run->end);
    if (!run->is_open) return true;
    *end -= REST;
    return false;
}

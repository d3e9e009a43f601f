/*
 * FPE: the letters and digits of a value become others by FF1, everything else stands still. What the alphabet is shows from
 * the value itself, before and after: digits alone (radix 10), digits and letters of one case (36), or of both (62). So that the
 * result says the same as the value did, FF1 is repeated until it does ("cycle walking" on the strings of that kind), which
 * decryption undoes step by step.
 *
 * A value that FF1 must not take goes to the placeholder: too few characters (a domain below a million), too many, bytes
 * beyond ASCII, which would stay in clear, and the rare one that would come out unchanged. Check digits are not kept: an
 * encrypted card number can be told from a real one.
 */
#include <string.h>

#include "text/chars.h"
#include "text/ciphers.h"
#include "text/ff1.h"

#define WALK_MAX    4096u
#define TWEAK_BYTES 8u

/* A value taken apart. */
typedef struct alphabet {
    uint32_t radix;
    bool is_lower; /* radix 36: its letters are small */
} alphabet;

static uint8_t numeral_of(const alphabet *a, char c)
{
    if (vl_is_digit(c)) return (uint8_t)(c - '0');
    if (a->radix == 62 && c >= 'a') return (uint8_t)(c - 'a' + 36);
    return (uint8_t)((c | 0x20) - 'a' + 10);
}

static char letter_of(const alphabet *a, uint8_t numeral)
{
    if (numeral < 10) return (char)('0' + numeral);
    if (numeral >= 36) return (char)('a' + numeral - 36);
    return (char)((a->is_lower ? 'a' : 'A') + numeral - 10);
}

/* The numerals' kind is that of their alphabet. */
static bool shows_alphabet(const alphabet *a, const uint8_t *numerals, size_t count)
{
    bool has_first = false;
    bool has_second = false;
    for (size_t i = 0; i < count; i++) {
        has_first |= numerals[i] >= 10 && numerals[i] < 36;
        has_second |= numerals[i] >= 36;
    }
    return a->radix == 10 || (has_first && (a->radix == 36 || has_second));
}

/* False when the value cannot be taken. */
static bool take_apart(const vl_value *value, alphabet *a, uint8_t *numerals, size_t *count)
{
    bool has_lower = false;
    bool has_upper = false;
    *count = 0;
    for (size_t i = 0; i < value->size; i++) {
        char c = value->text[i];
        if ((c & 0x80) != 0) return false;
        has_lower |= c >= 'a' && c <= 'z';
        has_upper |= c >= 'A' && c <= 'Z';
        *count += vl_is_alpha(c) || vl_is_digit(c);
    }
    a->radix = has_lower && has_upper ? 62 : has_lower || has_upper ? 36 : 10;
    a->is_lower = has_lower && !has_upper;
    if (!vl_ff1_fits(a->radix, *count)) return false;
    for (size_t i = 0, at = 0; i < value->size; i++)
        if (vl_is_alpha(value->text[i]) || vl_is_digit(value->text[i])) numerals[at++] = numeral_of(a, value->text[i]);
    return true;
}

/* The tweak is no secret; it only keeps one entity's and one field's numbers apart from another's. */
static veil_status make_tweak(const vl_value *value, uint8_t tweak[TWEAK_BYTES])
{
    uint8_t digest[32];
    char name[VL_ENTITY_NAME_BYTES + 1 + VL_OPERATOR_INPUT_MAX_BYTES];
    const char *field = value->inputs == NULL || value->inputs->field == NULL ? "" : value->inputs->field;
    size_t field_bytes = strlen(field);
    if (value->entity_bytes >= VL_ENTITY_NAME_BYTES || field_bytes > VL_OPERATOR_INPUT_MAX_BYTES)
        return VEIL_ERR_INTERNAL;
    memcpy(name, value->entity, value->entity_bytes);
    name[value->entity_bytes] = '\0';
    memcpy(name + value->entity_bytes + 1, field, field_bytes);
    veil_status status = vl_sha256(NULL, name, value->entity_bytes + 1 + field_bytes, digest);
    memcpy(tweak, digest, TWEAK_BYTES);
    return status;
}

static veil_status walk(vl_ciphers *c, const vl_value *value, bool encrypts, const alphabet *a, uint8_t *numerals,
                        size_t count, bool *is_found)
{
    uint8_t tweak[TWEAK_BYTES];
    veil_status status = make_tweak(value, tweak);
    *is_found = false;
    for (unsigned step = 0; step < WALK_MAX && status == VEIL_OK && !*is_found; step++) {
        status = vl_ff1_run(c->fpe, encrypts, a->radix, (vl_bytes){tweak, sizeof tweak}, numerals, count);
        *is_found = status == VEIL_OK && shows_alphabet(a, numerals, count);
    }
    return status;
}

/* False when a value would come out as it is. */
static bool write_back(const vl_value *value, const alphabet *a, const uint8_t *numerals, vl_sink *sink)
{
    char chunk[256];
    vl_sink start = *sink;
    bool is_changed = false;
    size_t filled = 0;
    for (size_t i = 0, at = 0; i < value->size; i++) {
        char c = value->text[i];
        if (vl_is_alpha(c) || vl_is_digit(c)) c = letter_of(a, numerals[at++]);
        is_changed |= c != value->text[i];
        chunk[filled++] = c;
        if (filled < sizeof chunk && i + 1 < value->size) continue;
        vl_sink_put(sink, chunk, filled);
        filled = 0;
    }
    vl_wipe(chunk, sizeof chunk);
    if (!is_changed) *sink = start;
    return is_changed;
}

veil_status vl_fpe_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                         bool *is_taken)
{
    (void)op;
    alphabet a;
    uint8_t numerals[VL_FF1_NUMERALS_MAX];
    size_t count;
    bool is_found = false;
    if (!take_apart(value, &a, numerals, &count)) return VEIL_OK;
    veil_status status = walk(ciphers, value, true, &a, numerals, count, &is_found);
    if (status == VEIL_OK && is_found) *is_taken = write_back(value, &a, numerals, sink);
    vl_wipe(numerals, sizeof numerals);
    return status;
}

veil_status vl_fpe_restore(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink)
{
    (void)op;
    alphabet a;
    uint8_t numerals[VL_FF1_NUMERALS_MAX];
    size_t count;
    bool is_found = false;
    if (!take_apart(value, &a, numerals, &count)) return VEIL_ERR_MALFORMED_INPUT;
    veil_status status = walk(ciphers, value, false, &a, numerals, count, &is_found);
    if (status == VEIL_OK && !(is_found && write_back(value, &a, numerals, sink))) status = VEIL_ERR_MALFORMED_INPUT;
    vl_wipe(numerals, sizeof numerals);
    return status;
}

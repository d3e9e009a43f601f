/*
 * PSEUDONYM: something made up in place of a value, of the same type and shape, and the same for the same value under the
 * same key. What decides is HMAC-SHA-256 of entity and value; nothing of the value but its shape goes into the result. Values
 * that differ only in how they are written (separators, letter case where it does not matter) get the same pseudonym.
 *
 * Pseudonyms come from ranges that are reserved for such use where there are any (pseudonyms_*.c name them). Reserved ranges are
 * small: two values may share a pseudonym, so it is no key for joining.
 */
#include "text/pseudonyms.h"

#include <string.h>

#include "text/chars.h"
#include "text/ciphers.h"

#define ATTEMPTS 16u

typedef enum spelling { SPELLED_EXACTLY, SPELLED_ANY_CASE, SPELLED_ALNUM } spelling;

typedef struct type_row {
    const char *entity;
    vl_maker_fn make;
    spelling spelled;
} type_row;

static const type_row types[] = {
    {"EMAIL_ADDRESS", vl_make_email, SPELLED_ANY_CASE}, {"URL", vl_make_url, SPELLED_EXACTLY},
    {"IP_ADDRESS", vl_make_ip, SPELLED_ANY_CASE},       {"MAC_ADDRESS", vl_make_mac, SPELLED_ALNUM},
    {"PHONE_NUMBER", vl_make_phone, SPELLED_ALNUM},     {"PH_MOBILE_NUMBER", vl_make_phone, SPELLED_ALNUM},
    {"TR_PHONE_NUMBER", vl_make_phone, SPELLED_ALNUM},  {"CREDIT_CARD", vl_make_card, SPELLED_ALNUM},
    {"IBAN_CODE", vl_make_iban, SPELLED_ALNUM},         {"US_SSN", vl_make_ssn, SPELLED_ALNUM},
    {"DATE_TIME", vl_make_date, SPELLED_EXACTLY},
};

static const type_row other = {"", vl_make_other, SPELLED_EXACTLY};

static const type_row *type_of(const vl_value *value)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strlen(types[i].entity) == value->entity_bytes &&
            memcmp(types[i].entity, value->entity, value->entity_bytes) == 0)
            return &types[i];
    return &other;
}

uint32_t vl_prf_below(vl_prf *prf, uint32_t limit)
{
    uint32_t number;
    if (prf->used == sizeof prf->block) {
        uint8_t input[36];
        memcpy(input, prf->seed, sizeof prf->seed);
        prf->blocks++;
        memcpy(input + sizeof prf->seed, &prf->blocks, sizeof prf->blocks);
        veil_status status = vl_hmac_run(prf->hmac, input, sizeof input, prf->block);
        if (status != VEIL_OK) prf->status = status;
        vl_wipe(input, sizeof input);
        prf->used = 0;
    }
    memcpy(&number, prf->block + prf->used, sizeof number); /* x86-64 and others we build for: little endian */
    prf->used += sizeof number;
    return (uint32_t)((uint64_t)number * limit >> 32); /* the bias is below limit / 2^32 */
}

/* Entity, zero, attempt, and the value as far as its spelling counts. */
static size_t seed_input(const vl_value *value, spelling spelled, uint8_t attempt, uint8_t *out)
{
    size_t size = value->entity_bytes;
    memcpy(out, value->entity, size);
    out[size++] = 0;
    out[size++] = attempt;
    for (size_t i = 0; i < value->size; i++) {
        char c = value->text[i];
        if (spelled == SPELLED_ALNUM && !vl_is_alnum(c) && (c & 0x80) == 0) continue;
        out[size++] = (uint8_t)(spelled == SPELLED_EXACTLY ? c : vl_to_lower(c));
    }
    return size;
}

static veil_status begin(vl_ciphers *c, const vl_value *value, spelling spelled, uint8_t attempt, vl_prf *prf)
{
    size_t size = seed_input(value, spelled, attempt, c->value);
    prf->hmac = c->pseudonym;
    prf->blocks = 0;
    prf->used = sizeof prf->block; /* the seed itself is never given out */
    prf->status = vl_hmac_run(c->pseudonym, c->value, size, prf->seed);
    vl_wipe(c->value, size);
    return prf->status;
}

veil_status vl_pseudonym_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                               bool *is_taken)
{
    (void)op;
    const type_row *type = type_of(value);
    if (value->entity_bytes >= VL_ENTITY_NAME_BYTES) return VEIL_ERR_INTERNAL;
    veil_status status = VEIL_OK;
    for (uint8_t attempt = 0; attempt < ATTEMPTS && status == VEIL_OK; attempt++) {
        vl_prf prf;
        vl_draft draft = {(char *)ciphers->sealed, 0, sizeof ciphers->sealed, false};
        status = begin(ciphers, value, type->spelled, attempt, &prf);
        if (status != VEIL_OK) break;
        bool is_made = type->make(&prf, value->text, value->size, &draft);
        status = prf.status;
        vl_wipe(&prf, sizeof prf);
        if (status != VEIL_OK || !is_made || draft.is_full) break;
        if (draft.size == value->size && memcmp(draft.out, value->text, value->size) == 0) continue;
        vl_sink_put(sink, draft.out, draft.size);
        *is_taken = true;
        break;
    }
    return status;
}

void vl_draft_put(vl_draft *draft, const char *text, size_t size)
{
    if (size > draft->capacity - draft->size) {
        draft->is_full = true;
        return;
    }
    memcpy(draft->out + draft->size, text, size);
    draft->size += size;
}

void vl_draft_put_char(vl_draft *draft, char c)
{
    vl_draft_put(draft, &c, 1);
}

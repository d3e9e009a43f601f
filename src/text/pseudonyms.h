/* Pseudonyms by type: the random stream that makes them, and one maker a type. */
#ifndef VL_TEXT_PSEUDONYMS_H
#define VL_TEXT_PSEUDONYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hash.h"

/** A stream of numbers that depends on the key, the entity and the value: the same for the same. */
typedef struct vl_prf {
    vl_hmac *hmac;
    uint8_t seed[32];
    uint8_t block[32];
    uint8_t used;
    uint32_t blocks;
    veil_status status;
} vl_prf;

/** 0 to limit - 1. */
uint32_t vl_prf_below(vl_prf *prf, uint32_t limit);

/** A writer with a bound: what does not fit sets `is_full`. */
typedef struct vl_draft {
    char *out;
    size_t size;
    size_t capacity;
    bool is_full;
} vl_draft;

void vl_draft_put(vl_draft *draft, const char *text, size_t size);
void vl_draft_put_char(vl_draft *draft, char c);

/** Makes a pseudonym of text[0, size). False: this value is none of the type. */
typedef bool (*vl_maker_fn)(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_email(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_url(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_ip(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_mac(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_phone(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_card(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_iban(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_ssn(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_date(vl_prf *prf, const char *text, size_t size, vl_draft *draft);
bool vl_make_other(vl_prf *prf, const char *text, size_t size, vl_draft *draft);

#endif

/*
 * Which literals begin at a place of the text: a table of the rows' leads, asked at every candidate, so that an engine is
 * started only where a match can begin. Three bytes decide by hash, then the whole literal is compared. Read only once built.
 */
#ifndef VL_TEXT_LEADS_H
#define VL_TEXT_LEADS_H

#include "text/recognizers.h"

#define VL_LEADS_MAX   512u
#define VL_LEADS_SLOTS 4096u

typedef struct vl_lead {
    const char *text; /* not terminated: a word of a row's list */
    uint8_t size_bytes;
    uint16_t row;
    uint16_t next; /* of the same hash; 0: none (0 is no lead) */
} vl_lead;

typedef struct vl_leads {
    uint16_t heads[VL_LEADS_SLOTS];
    vl_lead leads[VL_LEADS_MAX];
    uint16_t count;
} vl_leads;

static inline uint32_t vl_lead_hash(const uint8_t *text)
{
    uint32_t three = (uint32_t)text[0] | (uint32_t)text[1] << 8 | (uint32_t)text[2] << 16;
    return three * 0x9E3779B1u >> 20; /* the golden ratio, as in Knuth's multiplicative hashing */
}

/** False when there are too many, or one is shorter than three bytes. `text` outlives the table. */
bool vl_leads_add(vl_leads *leads, const char *text, size_t size_bytes, unsigned row);

/** A lead of one of the rows stands at text[0]; `size_bytes` are readable, at least three. */
bool vl_leads_match(const vl_leads *leads, const uint8_t *text, size_t size_bytes, const vl_row_set *rows);

/** The first step alone: may a lead stand here? */
static inline bool vl_leads_may(const vl_leads *leads, const uint8_t *text)
{
    return leads->heads[vl_lead_hash(text)] != 0;
}

#endif

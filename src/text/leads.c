#include "text/leads.h"

#include <string.h>

bool vl_leads_add(vl_leads *leads, const char *text, size_t size_bytes, unsigned row)
{
    if (leads->count + 1u >= VL_LEADS_MAX || size_bytes < 3 || size_bytes > UINT8_MAX) return false;
    uint32_t slot = vl_lead_hash((const uint8_t *)text);
    uint16_t index = ++leads->count;
    leads->leads[index] = (vl_lead){text, (uint8_t)size_bytes, (uint16_t)row, leads->heads[slot]};
    leads->heads[slot] = index;
    return true;
}

bool vl_leads_match(const vl_leads *leads, const uint8_t *text, size_t size_bytes, const vl_row_set *rows)
{
    for (uint16_t i = leads->heads[vl_lead_hash(text)]; i != 0; i = leads->leads[i].next) {
        const vl_lead *lead = &leads->leads[i];
        if (lead->size_bytes > size_bytes || memcmp(text, lead->text, lead->size_bytes) != 0) continue;
        if (vl_row_set_has(rows, lead->row)) return true;
    }
    return false;
}

/* Allow lists: findings that are none. Exact texts in a hash table, regular expressions in one Hyperscan database. */
#ifndef VL_TEXT_ALLOW_H
#define VL_TEXT_ALLOW_H

#include <hs.h>
#include <stdbool.h>

#include "core/alloc.h"
#include "text/recognizers.h"

typedef struct vl_allow vl_allow;

/** Rules were checked as far as needs no compiling. *out is NULL when there are none. The reason names the rule. */
veil_status vl_allow_create(const vl_allocator *allocator, const veil_allow_rule *rules, size_t count,
                            const vl_catalogue *catalogue, vl_allow **out, veil_error *error);
void vl_allow_destroy(vl_allow *allow);
/** Make `scratch` large enough. VEIL_OK or NO_MEMORY. */
veil_status vl_allow_scratch(const vl_allow *allow, hs_scratch_t **scratch);
/** VEIL_OK with the answer, or INTERNAL. */
veil_status vl_allow_holds(const vl_allow *allow, hs_scratch_t *scratch, const uint8_t *text, size_t size,
                           unsigned entity, bool *holds);

#endif

/* Operators: what is written in place of a finding. */
#ifndef VL_TEXT_OPERATORS_H
#define VL_TEXT_OPERATORS_H

#include <stdbool.h>

#include "core/hash.h"
#include "text/match.h"
#include "text/recognizers.h"

typedef struct vl_operator {
    uint8_t op; /* VEIL_OP_* */
    uint8_t mask_end;
    uint8_t mask_char_bytes;
    char mask_char[4];   /* UTF-8 */
    uint32_t mask_count; /* 0: all */
    uint32_t hash_bits;
    const char *text; /* REPLACE: borrowed (config: from the engine's copy; call: from the caller), NULL: <ENTITY> */
    uint32_t text_bytes;
} vl_operator;

/** An operator for every entity of the catalogue. */
typedef struct vl_operator_set {
    vl_operator of[VL_ENTITY_MAX];
    bool any_keep;
    bool any_hash;
} vl_operator_set;

/** Where redacted text goes: counts always, writes while there is room. */
typedef struct vl_sink {
    char *out;
    size_t capacity;
    size_t written; /* bytes needed so far, also beyond the capacity */
} vl_sink;

void vl_sink_put(vl_sink *sink, const char *bytes, size_t size_bytes);

/** REPLACE with placeholders everywhere. */
void vl_operators_default(vl_operator_set *set);

/**
 * Apply rules on top of `set`. The last rule that names an entity wins; "*" stands for every entity that these rules do not
 * name, wherever it stands among them. All rules are checked before the first is applied; a field that its operator would
 * ignore is refused. `entity_of` finds an entity's index by name in `names`, or -1.
 * @return VEIL_OK; INVALID_ARGUMENT (unknown entity, operator, bad numbers, text not UTF-8), KEY (hash without has_key)
 */
veil_status vl_operators_parse(vl_operator_set *set, const veil_operator_rule *rules, size_t rule_count, bool has_key,
                               int (*entity_of)(const void *names, const char *name), const void *names,
                               size_t entity_count, veil_error *error);

/**
 * Copy window[from, to) to the sink with `pieces` (disjoint, ordered, inside the range) replaced. hmac256/hmac512 may be
 * NULL when no operator hashes. placeholder_of gives "<ENTITY>" and its length.
 */
veil_status vl_operators_apply(const vl_operator_set *set, const char *window, size_t from, size_t to,
                               const vl_piece *pieces, size_t piece_count, vl_hmac *hmac256, vl_hmac *hmac512,
                               const char *(*placeholder_of)(const void *names, uint16_t entity, size_t *size_bytes),
                               const void *names, vl_sink *sink);

#endif

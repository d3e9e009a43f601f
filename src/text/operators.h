/* Operators: what is written in place of a finding. */
#ifndef VL_TEXT_OPERATORS_H
#define VL_TEXT_OPERATORS_H

#include <stdbool.h>

#include "core/ciphers.h"
#include "text/match.h"
#include "text/recognizers.h"
#include "text/sink.h"
#include "text/text.h"

#define VL_REPLACEMENT_MAX_BYTES 4096u /* a replacement text, and what a callback may write */
#define VL_ENTITY_NAME_BYTES     128u  /* room for a name and its NUL */

typedef struct vl_operator {
    uint8_t op; /* VEIL_OP_* */
    uint8_t mask_end;
    uint8_t mask_char_bytes;
    uint8_t cipher;      /* VEIL_CIPHER_* */
    char mask_char[4];   /* UTF-8 */
    uint32_t mask_count; /* 0: all */
    uint16_t hash_bits;
    uint16_t shift_days;
    const char *text; /* REPLACE: borrowed (config: from the engine's copy; call: from the caller), NULL: <ENTITY> */
    uint32_t text_bytes;
    veil_replace_fn replace;
    void *replace_user;
} vl_operator;

/** An operator for every entity of the catalogue. */
typedef struct vl_operator_set {
    vl_operator of[VL_ENTITY_MAX];
    bool any_keep;
    bool any_hash;
    bool any_shift;
    bool any_token;
    bool any_field; /* encrypt under GCM or SIV, fpe */
} vl_operator_set;

/** What a call says about its values, each ended by NUL; NULL: nothing. */
typedef struct vl_operator_inputs {
    const char *subject;
    const char *token_context;
    const char *field;
} vl_operator_inputs;

typedef struct vl_ciphers vl_ciphers; /* ciphers.h */

/** "<NAME>" of an entity. */
typedef const char *(*vl_placeholder_fn)(const void *names, uint16_t entity, size_t *size_bytes);

/** All that applying operators takes. */
typedef struct vl_operator_call {
    const vl_operator_set *set;
    vl_ciphers *ciphers; /* of the workspace; NULL without a key */
    char *buffer;        /* of the workspace: VL_REPLACEMENT_MAX_BYTES for callbacks */
    const vl_operator_inputs *inputs;
    vl_placeholder_fn placeholder_of;
    const void *names; /* what placeholder_of looks in */
} vl_operator_call;

/** REPLACE with placeholders everywhere. */
void vl_operators_default(vl_operator_set *set);

/**
 * Apply rules on top of `set`. The last rule that names an entity wins; "*" stands for every entity that these rules do not
 * name, wherever it stands among them. All rules are checked before the first is applied; a field that its operator would
 * ignore is refused. `entity_of` finds an entity's index by name in `names`, or -1. key_bytes: 0 for no key.
 * @return VEIL_OK; INVALID_ARGUMENT (unknown entity, operator, bad numbers, text not UTF-8), KEY (none, or of a wrong size)
 */
veil_status vl_operators_parse(vl_operator_set *set, const veil_operator_rule *rules, size_t rule_count,
                               size_t key_bytes, int (*entity_of)(const void *names, const char *name),
                               const void *names, size_t entity_count, veil_error *error);

/** One rule alone, as parse would take it. */
veil_status vl_operator_parse_one(const veil_operator_rule *rule, size_t key_bytes, vl_operator *out,
                                  veil_error *error);

/** Inputs that no operator uses, or that one lacks (`redacts`: it will run), are errors. */
veil_status vl_operators_check_inputs(const vl_operator_set *set, const vl_operator_inputs *inputs, bool redacts,
                                      veil_error *error);

/**
 * Copy window[from, to) to the sink with `pieces` (disjoint, ordered, inside the range) replaced.
 * @return VEIL_OK; KEY (no ciphers), CALLBACK, INTERNAL
 */
veil_status vl_operators_apply(const vl_operator_call *call, const char *window, size_t from, size_t to,
                               const vl_piece *pieces, size_t piece_count, vl_sink *sink);

#endif

/* Inside the text engine: the engine, its workspaces, and what is decided for one call. */
#ifndef VL_TEXT_ENGINE_H
#define VL_TEXT_ENGINE_H

#include "core/slots.h"
#include "text/custom.h"
#include "text/operators.h"
#include "text/scan.h"
#include "text/secrets.h"
#include "text/text.h"
#include "text/views.h"

#define VL_VALUE_BYTES 16384u /* a value of a document behind its name; larger ones with escapes go to the pool */

/** Everything that one call needs, preallocated in secret pages. */
typedef struct vl_workspace {
    vl_class_block blocks[VL_WINDOW_BLOCKS + 2]; /* two zero blocks behind the last */
    vl_match matches[VL_MATCH_MAX];
    vl_piece pieces[2 * VL_MATCH_MAX + 1];
    vl_operator_set operators;                  /* of calls that bring rules */
    vl_ciphers *ciphers;                        /* NULL without a key */
    char replacement[VL_REPLACEMENT_MAX_BYTES]; /* of callbacks */
    vl_secrets_scratch *secrets;
    vl_custom_scratch *custom; /* NULL: the host has no recognizers of its own */
    vl_views views;
    uint8_t value[VL_VALUE_BYTES]; /* of a document */
} vl_workspace;

struct vl_text_engine {
    const vl_runtime *runtime;
    vl_tables *tables;
    vl_secrets *secrets;
    vl_custom *custom;      /* NULL: none */
    vl_catalogue catalogue; /* the table and the host's own */
    vl_view_sets view_sets;
    uint32_t view_modes;      /* VL_VIEW_*: what is folded and decoded */
    vl_byte_set triggers;     /* of the rows in force */
    vl_byte_set triggers_all; /* of all rows, for calls that name entities */
    bool has_rows;            /* the configuration asks for text entities */
    bool can_leave;           /* every row in force has a trigger */
    bool can_leave_all;
    vl_row_set rows;        /* in force by default, minimum score not considered */
    bool asks_rows;         /* there are any */
    uint64_t live;          /* rows that gave their known answer */
    vl_entity_set excluded; /* by the configuration */
    vl_entity_set named;    /* empty: defaults */
    bool is_named;          /* `named` is not empty */
    char language[8];
    uint32_t languages; /* of context words that count */
    float min_score;
    float reach[VL_ROW_COUNT]; /* the highest score that a row can give */
    uint32_t utf8_policy;
    uint64_t max_bytes;
    bool may_grow;
    void *key; /* secret pages; NULL without */
    size_t key_bytes;
    struct vl_cipher_keys *cipher_keys; /* derived from it; NULL without */
    vl_operator_set *operators;
    char *operator_texts; /* copies that `operators` points into */
    size_t operator_text_bytes;
    vl_slots *slots;
    uint32_t capacity;
    _Atomic(vl_workspace *) *workspaces; /* capacity, made as they are first needed beyond the configured number */
};

/** What is decided for one call. */
typedef struct vl_plan {
    const vl_row_set *rows; /* in force: the engine's, or `own` */
    bool asks_rows;         /* there are any */
    vl_row_set own;
    float min_score;
    bool wants_losers;
    bool is_proof;      /* of a recognizer at creation: allow lists do not count */
    bool is_default;    /* rows are those of the engine */
    bool is_named;      /* the caller named entities */
    uint32_t languages; /* of context words that count */
    uint32_t view_modes;
    uint64_t deadline_ns;
    const veil_operator_rule *rules; /* of the call, on top of the engine's */
    size_t rule_count;
    vl_operator_inputs inputs; /* of the call */
    uint32_t format;           /* VEIL_FORMAT_* */
    bool has_header;           /* CSV: the first record names the columns */
    const veil_field_rule *fields;
    size_t field_count;
} vl_plan;

/** Where a run's results go. */
typedef struct vl_output {
    veil_text_result *result; /* or NULL */
    vl_sink *sink;            /* NULL: scan only */
} vl_output;

/* options.c */
veil_status vl_plan_make(const vl_text_engine *engine, const veil_text_options *options, vl_plan *plan,
                         veil_error *error);
/** Rows of a selection of entities for a language. `named` empty: the defaults. False when there are none. */
bool vl_rows_select(const vl_catalogue *catalogue, const vl_entity_set *named, const vl_entity_set *excluded,
                    const char *language, vl_row_set *rows);
/** Add the named entities to a set; text entities only, others are refused or passed over. */
veil_status vl_entities_parse(const vl_catalogue *catalogue, const char *const *names, size_t count, bool passes_others,
                              vl_entity_set *set, veil_error *error);
/** The highest score that each row of the table can give. */
void vl_reach_make(float reach[VL_ROW_COUNT]);
/** Bytes that some match of the rows must contain; false when a row has none. */
bool vl_triggers_make(const vl_catalogue *catalogue, const vl_row_set *rows, vl_byte_set *set);

/* engine.c */
/** False when no byte of the text can be in a match. */
bool vl_may_match(const vl_text_engine *engine, const vl_plan *plan, const uint8_t *text, size_t size);

/* workspaces.c */
veil_status vl_workspaces_create(vl_text_engine *engine, uint32_t count, veil_error *error);
void vl_workspaces_destroy(vl_text_engine *engine);
veil_status vl_workspace_take(const vl_text_engine *engine, uint32_t *slot, vl_workspace **out);
void vl_workspace_give(const vl_text_engine *engine, uint32_t slot);

/* windows.c */
veil_status vl_windows_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                           const uint8_t *text, size_t size, const vl_output *output, veil_error *error);

#endif

/*
 * JSON, NDJSON, CSV and TSV: findings in values only; what is not replaced stays byte for byte, and what is replaced is written
 * so that the document stays valid. A value is scanned as a text of its own, unescaped, behind the words of its key or header.
 */
#ifndef VL_TEXT_STRUCTURED_H
#define VL_TEXT_STRUCTURED_H

#include "text/windows.h"

#define VL_NAME_BYTES     128u /* words of a key or header before its value */
#define VL_LONG_NAMES_MAX 32u  /* names of columns over 256 bytes: more are LIMIT */

/** A field of CSV or TSV: [start, end) without quotes, and where the next one begins. */
typedef struct vl_csv_field {
    size_t first; /* with its quote */
    size_t start;
    size_t end;
    size_t next;
    bool is_quoted;
    bool has_quotes;   /* doubled ones */
    bool has_odd_ones; /* in a field without quotes: what is left of it may begin with one */
    bool ends_record;
} vl_csv_field;

/** One call. */
typedef struct vl_structured {
    const vl_text_engine *engine;
    const vl_plan *plan;
    vl_workspace *workspace;
    const vl_operator_set *operators;
    const uint8_t *text;
    size_t size;
    const vl_output *output;
    size_t copied;          /* the output holds text[0, copied) */
    uint32_t copy_encoding; /* VL_SINK_*: how text is copied */
    size_t values;          /* looked at so far */
    size_t widest;          /* fields of the widest record of CSV and TSV so far */
    size_t long_name_count;
    vl_csv_field long_names[VL_LONG_NAMES_MAX]; /* of columns: where they end, so that no record walks them again */
    bool drops_kept;
    bool may_need_quotes; /* an operator in force may write what a CSV field without quotes cannot hold */
    veil_error *error;
} vl_structured;

enum { VL_ESCAPES_NONE = 0, VL_ESCAPES_JSON = 1, VL_ESCAPES_CSV = 2 };

/** A key or a header as it stands in the text. */
typedef struct vl_name {
    size_t start; /* without quotes */
    size_t end;
    uint32_t escapes;
} vl_name;

typedef struct vl_field {
    size_t start; /* of the value's bytes in the text, without quotes */
    size_t end;
    uint32_t escapes;       /* VL_ESCAPES_*: how its bytes are written */
    uint32_t sink_encoding; /* VL_SINK_*: what replaces a part of it */
    bool needs_quotes;      /* ... but quotes must be set around it first: a number, a field without quotes */
    vl_name name;           /* start == end: none */
    int entity;             /* a rule says that all of it is this; -1: none does */
} vl_field;

/** Report and replace what is found in one value. Values come in the order of the text. */
veil_status vl_field_run(vl_structured *s, const vl_field *value);

/** Whether a rule names the field at this path, outermost name first, or in this column: from 1 on, 0: none. */
bool vl_field_fits(const vl_structured *s, const veil_field_rule *rule, const vl_name *path, size_t count,
                   size_t column);

/** The entity that the plan's rules give to the field at this path, outermost name first, or -1. `column`: from 1 on, 0: none. */
int vl_field_entity(const vl_structured *s, const vl_name *path, size_t count, size_t column);

/** structured_json.c: one document in [from, to); structured_csv.c: records with this separator. */
veil_status vl_structured_json(vl_structured *s, size_t from, size_t to);
veil_status vl_structured_csv(vl_structured *s, uint8_t separator);

/** A text in the plan's format. */
veil_status vl_structured_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                              const uint8_t *text, size_t size, const vl_output *output, veil_error *error);

#endif

/*
 * One line of --input jsonl: an object split into its top-level fields, as slices of the line. Fields that the command does
 * not know are copied as they were written (numbers of any size, key order, escapes); this is why no general JSON library
 * stands here: each of them would read such values and write them anew.
 */
#ifndef CLI_JSON_IN_H
#define CLI_JSON_IN_H

#include "cli/buf.h"

typedef struct cli_slice {
    const char *at;
    size_t size;
} cli_slice;

typedef struct cli_json_field {
    cli_slice key;   /* with its quotes */
    cli_slice value; /* without spaces around */
} cli_json_field;

typedef struct cli_json_line {
    cli_json_field *fields; /* reused from line to line */
    size_t count;
    size_t capacity;
} cli_json_line;

/** Split and check all of one line (RFC 8259, strict, at most 64 levels). False when it is no object. */
bool vl_cli_json_split(const char *line, size_t size, cli_json_line *out);
void vl_cli_json_line_free(cli_json_line *line);

/** Append what a string slice (with its quotes) stands for, as UTF-8; a lone surrogate becomes the three bytes that
 *  vl_cli_json_string turns back into the escape. False when the slice is no string. */
bool vl_cli_json_decode(cli_slice value, cli_buf *out);

/** True when the string slice spells this ASCII name, escaped or not. */
bool vl_cli_json_is(cli_slice value, const char *name);

/** The elements of an array slice, one a call: `*at` starts at 0. False at the end or when the slice is no array. */
bool vl_cli_json_element(cli_slice array, size_t *at, cli_slice *element);

#endif

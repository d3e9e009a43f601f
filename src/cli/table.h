/* A table for people: cells first, then one pass that aligns them. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/buf.h"

#define CLI_TABLE_COLUMNS 10

typedef struct cli_table {
    cli_buf cells; /* each ends in NUL; row after row */
    size_t columns;
    size_t count; /* cells so far */
    size_t width[CLI_TABLE_COLUMNS];
    unsigned right; /* bit c: column c is aligned to the right */
} cli_table;

void vl_cli_table_begin(cli_table *table, size_t columns, unsigned right);
/** Add a cell. Control characters and invalid UTF-8 become a dot: nothing in an input may steer the terminal. */
void vl_cli_table_cell(cli_table *table, const char *bytes, size_t size);
__attribute__((format(printf, 2, 3))) void vl_cli_table_fmt(cli_table *table, const char *format, ...);
/** Append the table to `out`; with `color` the first row is dim and the first column bold. Frees the cells. */
void vl_cli_table_end(cli_table *table, cli_buf *out, bool color);

/** Append `text` with control characters made harmless (for file names in messages). */
void vl_cli_plain(cli_buf *out, const char *bytes, size_t size);

#endif

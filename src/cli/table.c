/* Tables: see table.h. A code point counts as one place, which is right for the scripts that need no East Asian width. */
#include "cli/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the sequence that this byte begins; 0: none. */
static size_t sequence_bytes(unsigned char lead)
{
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead >= 0xF5) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Bytes of the character at p that may go to a terminal as they are; 0: none. */
static size_t plain_bytes(const unsigned char *p, size_t size)
{
    size_t need = sequence_bytes(*p);
    if (need == 0 || need > size) return 0;
    for (size_t k = 1; k < need; k++)
        if ((p[k] & 0xC0) != 0x80) return 0;
    if (need == 1) return *p >= 0x20 && *p != 0x7F;
    bool is_c1 = *p == 0xC2 && p[1] < 0xA0;
    bool is_general_punctuation = *p == 0xE2 && (p[1] == 0x80 || p[1] == 0x81); /* bidi controls among it */
    return is_c1 || is_general_punctuation ? 0 : need;
}

void vl_cli_plain(cli_buf *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t plain = plain_bytes((const unsigned char *)bytes + i, size - i);
        if (plain) vl_cli_buf_add(out, bytes + i, plain);
        if (!plain) vl_cli_buf_char(out, '.');
        i += plain ? plain : 1;
    }
}

void vl_cli_table_begin(cli_table *table, size_t columns, unsigned right)
{
    *table = (cli_table){.columns = columns, .right = right};
}

static size_t places(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

void vl_cli_table_cell(cli_table *table, const char *bytes, size_t size)
{
    size_t start = table->cells.size, column = table->count % table->columns;
    vl_cli_plain(&table->cells, bytes, size);
    vl_cli_buf_char(&table->cells, 0);
    table->count++;
    if (table->cells.failed) return;
    size_t width = places(table->cells.data + start);
    if (width > table->width[column]) table->width[column] = width;
}

void vl_cli_table_fmt(cli_table *table, const char *format, ...)
{
    char cell[128];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(cell, sizeof cell, format, list);
    va_end(list);
    vl_cli_table_cell(table, cell, size < 0 ? 0 : (size_t)size < sizeof cell ? (size_t)size : sizeof cell - 1);
}

static void print_cell(const cli_table *table, size_t index, const char *cell, cli_buf *out, bool color)
{
    size_t column = index % table->columns, pad = table->width[column] - places(cell);
    bool last = column + 1 == table->columns, right = table->right >> column & 1;
    const char *style = !color ? "" : index < table->columns ? "\033[2m" : column == 0 ? "\033[1m" : "";
    vl_cli_buf_str(out, "  ");
    if (right) vl_cli_buf_fill(out, ' ', pad);
    vl_cli_buf_str(out, style);
    vl_cli_buf_str(out, cell);
    if (*style) vl_cli_buf_str(out, "\033[0m");
    if (!right && !last) vl_cli_buf_fill(out, ' ', pad);
    if (last) vl_cli_buf_char(out, '\n');
}

void vl_cli_table_end(cli_table *table, cli_buf *out, bool color)
{
    const char *cell = table->cells.data;
    for (size_t i = 0; i < table->count && !table->cells.failed; i++) {
        print_cell(table, i, cell, out, color);
        cell += strlen(cell) + 1;
    }
    if (table->cells.failed) out->failed = true;
    vl_cli_buf_free(&table->cells);
}

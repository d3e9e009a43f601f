/*
 * Growable bytes for everything in this program that may hold input: pages of its own, left out of core dumps, and zeroed
 * before they go back to the system.
 */
#ifndef CLI_BUF_H
#define CLI_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cli_buf {
    char *data;
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes reserved */
    bool failed;     /* an append found no memory; sticky, so that writers may check once at the end */
} cli_buf;

/** Room for `capacity` bytes in all. False (and `failed`) when there is no memory. */
bool vl_cli_buf_reserve(cli_buf *buf, size_t capacity);
void vl_cli_buf_add(cli_buf *buf, const void *bytes, size_t size);
void vl_cli_buf_str(cli_buf *buf, const char *text);
void vl_cli_buf_char(cli_buf *buf, char c);
void vl_cli_buf_fill(cli_buf *buf, char c, size_t count);
/** printf for short pieces (up to 512 bytes), never for input. */
__attribute__((format(printf, 2, 3))) void vl_cli_buf_fmt(cli_buf *buf, const char *format, ...);
/** Zero and forget the content, keep the pages. */
void vl_cli_buf_clear(cli_buf *buf);
/** Drop the first `count` bytes. */
void vl_cli_buf_drop(cli_buf *buf, size_t count);
/** Zero and give back. */
void vl_cli_buf_free(cli_buf *buf);

#endif

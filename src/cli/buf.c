/*
 * Buffers of the command: see buf.h. Anonymous mappings instead of malloc, because only whole pages can be kept out of
 * core dumps, and because a buffer that grows must not leave its old copy behind in the heap.
 */
#include "cli/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define CLI_PAGE ((size_t)65536) /* granularity; a multiple of every page size on x86-64 but huge pages */

bool vl_cli_buf_reserve(cli_buf *buf, size_t capacity)
{
    if (capacity <= buf->capacity) return true;
    if (buf->failed || capacity > SIZE_MAX / 2) return buf->failed = true, false;
    size_t wanted = buf->capacity + buf->capacity / 2; /* half more each time: few copies, little waste */
    if (wanted < capacity) wanted = capacity;
    wanted = (wanted + CLI_PAGE - 1) / CLI_PAGE * CLI_PAGE;
    char *data = mmap(NULL, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) return buf->failed = true, false;
    (void)madvise(data, wanted, MADV_DONTDUMP);
    if (buf->size) memcpy(data, buf->data, buf->size);
    if (buf->data) {
        explicit_bzero(buf->data, buf->capacity);
        munmap(buf->data, buf->capacity);
    }
    buf->data = data;
    buf->capacity = wanted;
    return true;
}

void vl_cli_buf_add(cli_buf *buf, const void *bytes, size_t size)
{
    if (size == 0 || size > SIZE_MAX / 4 || !vl_cli_buf_reserve(buf, buf->size + size)) {
        if (size > SIZE_MAX / 4) buf->failed = true;
        return;
    }
    memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
}

void vl_cli_buf_str(cli_buf *buf, const char *text)
{
    vl_cli_buf_add(buf, text, strlen(text));
}

void vl_cli_buf_char(cli_buf *buf, char c)
{
    vl_cli_buf_add(buf, &c, 1);
}

void vl_cli_buf_fill(cli_buf *buf, char c, size_t count)
{
    if (count == 0 || !vl_cli_buf_reserve(buf, buf->size + count)) return;
    memset(buf->data + buf->size, c, count);
    buf->size += count;
}

void vl_cli_buf_fmt(cli_buf *buf, const char *format, ...)
{
    char piece[512];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(piece, sizeof piece, format, list);
    va_end(list);
    if (size > 0) vl_cli_buf_add(buf, piece, (size_t)size < sizeof piece ? (size_t)size : sizeof piece - 1);
}

void vl_cli_buf_clear(cli_buf *buf)
{
    if (buf->size) explicit_bzero(buf->data, buf->size);
    buf->size = 0;
}

void vl_cli_buf_drop(cli_buf *buf, size_t count)
{
    if (count == 0) return;
    memmove(buf->data, buf->data + count, buf->size - count);
    explicit_bzero(buf->data + buf->size - count, count);
    buf->size -= count;
}

void vl_cli_buf_free(cli_buf *buf)
{
    if (buf->data) {
        explicit_bzero(buf->data, buf->capacity);
        munmap(buf->data, buf->capacity);
    }
    *buf = (cli_buf){0};
}

/*
 * Reading inputs: see input.h. Files are read, not mapped: a mapped file that somebody truncates ends the program with a
 * signal. Limits are those that the library's defaults will hold the input to, so that nothing larger is read first.
 */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t limit_of[] = {
    [CLI_KIND_AUTO] = 1ull << 30,
    [CLI_KIND_TEXT] = 1ull << 30,    /* veil_config.max_text_bytes */
    [CLI_KIND_IMAGE] = 256ull << 20, /* veil_config.max_image_bytes */
    [CLI_KIND_AUDIO] = 4ull << 30,   /* what a WAV header can say */
};

#define CLI_SNIFF_LEAST                                                                                                \
    ((size_t)16) /* bytes that tell most kinds; a longer wait would hold up the first line of a log */

static bool fail(cli_input *input, veil_status status, const char *message)
{
    input->status = status;
    snprintf(input->message, sizeof input->message, "%s", message);
    return false;
}

static bool fail_errno(cli_input *input)
{
    return fail(input, VEIL_ERR_IO, strerror(errno)); /* the C locale: no setlocale in this program */
}

static bool settle_kind(cli_input *input, const void *bytes, size_t size)
{
    const char *what = NULL;
    if (input->kind != CLI_KIND_AUTO) return true;
    input->kind = vl_cli_sniff(bytes, size, &what);
    if (input->kind != CLI_KIND_AUTO) return true;
    char line[sizeof input->message];
    snprintf(line, sizeof line, "this looks like %s, which is not read; --kind text reads the bytes as they are", what);
    return fail(input, VEIL_ERR_UNSUPPORTED, line);
}

/* -1 error, 0 end, else bytes. */
static ssize_t read_some(int fd, char *to, size_t size)
{
    for (;;) {
        ssize_t got = read(fd, to, size);
        if (got >= 0 || errno != EINTR) return got;
    }
}

static bool read_all(cli_input *input, int fd, uint64_t size_hint)
{
    cli_buf *content = &input->content;
    size_t want = size_hint && size_hint < limit_of[CLI_KIND_AUDIO] ? (size_t)size_hint + 1 : CLI_SNIFF_BYTES;
    for (;;) {
        bool settled = input->kind != CLI_KIND_AUTO;
        if (!settled && content->size >= CLI_SNIFF_BYTES && !settle_kind(input, content->data, content->size))
            return false;
        if (content->size > limit_of[input->kind])
            return fail(input, VEIL_ERR_LIMIT, "larger than the limit for its kind");
        if (content->size == content->capacity || content->capacity < want) {
            if (!vl_cli_buf_reserve(content, content->size < want ? want : content->size + 1))
                return fail(input, VEIL_ERR_NO_MEMORY, "no memory for the input");
        }
        ssize_t got = read_some(fd, content->data + content->size, content->capacity - content->size);
        if (got < 0) return fail_errno(input);
        if (got == 0) return settle_kind(input, content->data ? content->data : "", content->size);
        content->size += (size_t)got;
    }
}

/* The first bytes of a pipe: as many as a kind is told from, or fewer when its writer pauses behind some. */
static bool read_beginning(cli_input *input)
{
    cli_buf *content = &input->content;
    if (!vl_cli_buf_reserve(content, CLI_SNIFF_BYTES))
        return fail(input, VEIL_ERR_NO_MEMORY, "no memory for the input");
    while (content->size < CLI_SNIFF_LEAST) {
        ssize_t got = read_some(STDIN_FILENO, content->data + content->size, CLI_SNIFF_BYTES - content->size);
        if (got < 0) return fail_errno(input);
        if (got == 0) break;
        content->size += (size_t)got;
    }
    if (!settle_kind(input, content->data, content->size)) return false;
    input->flows = input->kind == CLI_KIND_TEXT;
    return true;
}

int vl_cli_input_descriptor(cli_input *input)
{
    int fd = input->is_stdin ? STDIN_FILENO : open(input->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail_errno(input);
    return fd;
}

bool vl_cli_input_load(cli_input *input)
{
    struct stat info;
    if (input->loaded || input->status != VEIL_OK) return input->status == VEIL_OK;
    int fd = vl_cli_input_descriptor(input);
    if (fd < 0) return false;
    bool known = fstat(fd, &info) == 0;
    bool good = true;
    if (known && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        good = fail_errno(input);
    } else if (known && S_ISREG(info.st_mode) && (uint64_t)info.st_size > limit_of[input->kind]) {
        good = fail(input, VEIL_ERR_LIMIT, "larger than the limit for its kind");
    } else {
        good = read_all(input, fd, known && S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0);
    }
    if (!input->is_stdin) close(fd);
    if (!good) vl_cli_buf_free(&input->content);
    input->loaded = good;
    return good;
}

static void peek(cli_input *input)
{
    char head[CLI_SNIFF_BYTES];
    int fd = vl_cli_input_descriptor(input);
    if (fd < 0) return;
    ssize_t got = pread(fd, head, sizeof head, 0);
    if (got < 0)
        fail_errno(input);
    else
        settle_kind(input, head, (size_t)got);
    explicit_bzero(head, sizeof head);
    close(fd);
}

/* Pipes are opened once, by whoever reads them: opening one twice waits for a second writer. */
void vl_cli_input_open(cli_input *input, const char *name, cli_kind kind, bool stream)
{
    struct stat info;
    *input = (cli_input){.name = name,
                         .kind = stream ? CLI_KIND_TEXT : kind,
                         .is_stdin = strcmp(name, "-") == 0,
                         .may_flow = input->may_flow};
    if ((input->is_stdin ? fstat(STDIN_FILENO, &info) : stat(name, &info)) != 0) {
        fail_errno(input);
        return;
    }
    if (S_ISREG(info.st_mode)) {
        input->is_regular = true;
        input->device = info.st_dev;
        input->inode = info.st_ino;
        input->mode = info.st_mode & 0777;
    }
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        fail_errno(input);
    } else if (input->is_stdin || !input->is_regular) {
        bool flows = input->may_flow && input->is_stdin && !input->is_regular && !stream;
        if (flows && input->kind <= CLI_KIND_TEXT && !read_beginning(input)) return;
        if (!stream && !input->flows) vl_cli_input_load(input); /* its kind costs reading it now */
    } else if (input->kind == CLI_KIND_AUTO) {
        peek(input);
    }
}

void vl_cli_input_refuse(cli_input *input, const char *name, const char *message)
{
    *input = (cli_input){.name = name};
    fail(input, VEIL_ERR_UNSUPPORTED, message);
}

void vl_cli_input_free(cli_input *input)
{
    vl_cli_buf_free(&input->content);
    input->loaded = false;
}

bool vl_cli_read_file(const char *name, size_t limit, cli_buf *out, char *why, size_t why_size)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && out->size <= limit) {
        if (!vl_cli_buf_reserve(out, out->size + 65536)) break;
        got = read_some(fd, out->data + out->size, out->capacity - out->size);
        if (got > 0) out->size += (size_t)got;
    }
    if (got < 0)
        snprintf(why, why_size, "%s", strerror(errno));
    else if (out->failed)
        snprintf(why, why_size, "no memory");
    else if (out->size > limit)
        snprintf(why, why_size, "larger than %zu bytes", limit);
    if (fd >= 0) close(fd);
    return got >= 0 && !out->failed && out->size <= limit;
}

/*
 * Writing results: see output.h. O_TMPFILE leaves nothing behind even on a power cut; where a file system has none, a hidden
 * file beside the target stands in, and a signal handler knows its name.
 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLI_SLOTS 80 /* more than the 64 jobs that --jobs allows */

/* Names of unfinished files, for the signal handler alone to read. A slot belongs to whoever moved it from NULL. */
static _Atomic(char *) unfinished[CLI_SLOTS];

static void on_signal(int number)
{
    for (int i = 0; i < CLI_SLOTS; i++) {
        char *name = atomic_load(&unfinished[i]);
        if (name) unlink(name);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void vl_cli_out_guard(void)
{
    static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND}, old;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) sigaction(deadly[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe must be an error with an exit code */
}

static void remember(cli_out *out)
{
    out->slot = -1;
    for (int i = 0; i < CLI_SLOTS && out->slot < 0; i++) {
        char *empty = NULL;
        if (atomic_compare_exchange_strong(&unfinished[i], &empty, out->temp)) out->slot = i;
    }
}

static void forget(cli_out *out)
{
    if (out->slot >= 0) atomic_store(&unfinished[out->slot], NULL);
    out->slot = -1;
}

bool vl_cli_write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t wrote = write(fd, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static bool fail(cli_out *out)
{
    snprintf(out->message, sizeof out->message, "%s", strerror(errno));
    return false;
}

/* ".veil-<16 hex digits>" in the folder of `path`. */
static char *temp_name(const char *path)
{
    uint64_t random = 0;
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    char *name = malloc(folder + 32);
    if (!name || getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) return free(name), NULL;
    memcpy(name, path, folder);
    snprintf(name + folder, 32, ".veil-%016llx", (unsigned long long)random);
    return name;
}

static int open_unnamed(const char *path)
{
    if (access("/proc/self/fd", X_OK) != 0) return -1; /* put_name needs it */
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;
    free(folder);
    return fd;
}

bool vl_cli_out_open(cli_out *out, const char *path, mode_t mode)
{
    struct stat info;
    *out = (cli_out){.fd = -1, .slot = -1, .path = strdup(path), .temp = temp_name(path)};
    if (!out->path || !out->temp) return errno = ENOMEM, fail(out);
    bool exists = stat(path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) { /* renaming over /dev/null would be a catastrophe */
        out->is_direct = true;
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
        return out->fd >= 0 || fail(out);
    }
    out->fd = open_unnamed(path);
    if (out->fd < 0) {
        remember(out);
        out->fd = open(out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        out->is_named = out->fd >= 0;
    }
    if (out->fd < 0 || fchmod(out->fd, mode & 0777) != 0) return fail(out);
    return true;
}

bool vl_cli_out_write(cli_out *out, const void *bytes, size_t size)
{
    return vl_cli_write_all(out->fd, bytes, size) || fail(out);
}

/* Give an unnamed file its hidden name: linkat cannot replace a file that exists, rename can. */
static bool put_name(cli_out *out)
{
    char self[64];
    if (out->is_named) return true;
    snprintf(self, sizeof self, "/proc/self/fd/%d", out->fd);
    remember(out);
    out->is_named = linkat(AT_FDCWD, self, AT_FDCWD, out->temp, AT_SYMLINK_FOLLOW) == 0;
    return out->is_named;
}

bool vl_cli_out_commit(cli_out *out)
{
    bool good = out->is_direct || (fsync(out->fd) == 0 && put_name(out) && rename(out->temp, out->path) == 0);
    if (!good) fail(out);
    if (good) out->is_named = false;
    if (close(out->fd) != 0 && good && out->is_direct) good = fail(out);
    out->fd = -1;
    vl_cli_out_abandon(out);
    return good;
}

void vl_cli_out_abandon(cli_out *out)
{
    if (out->fd > 0) close(out->fd);
    if (out->is_named) unlink(out->temp);
    forget(out);
    free(out->path);
    free(out->temp);
    out->path = out->temp = NULL;
    out->is_named = false;
    out->fd = -1;
}

void vl_cli_out_remove(const char *path)
{
    struct stat info;
    if (lstat(path, &info) == 0 && S_ISREG(info.st_mode)) unlink(path);
}

char *vl_cli_out_name(const char *input, const char *folder)
{
    static const char mark[] = ".redacted";
    const char *slash = strrchr(input, '/');
    const char *base = slash ? slash + 1 : input;
    const char *name = folder ? base : input;
    const char *dot = strrchr(base, '.');
    if (!dot || dot == base || dot[1] == 0) dot = base + strlen(base); /* ".profile" has no extension */
    size_t size = (folder ? strlen(folder) : 0) + strlen(name) + sizeof mark + 2;
    char *out = malloc(size);
    if (!out) return NULL;
    bool joined = folder && *folder && folder[strlen(folder) - 1] != '/';
    snprintf(out, size, "%s%s%.*s%s%s", folder ? folder : "", joined ? "/" : "", (int)(dot - name), name, mark, dot);
    return out;
}

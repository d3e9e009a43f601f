/*
 * Where results go. A file appears whole or not at all: bytes go into an unnamed (or hidden) file in the same folder, reach
 * the disk, and only then take the name. Nothing of ours is left behind after an error or a signal.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <sys/types.h>

#include "cli/input.h"

typedef struct cli_out {
    int fd;
    int slot;      /* of the signal handler's list, or -1 */
    bool is_named; /* `temp` exists on disk */
    bool is_direct;
    char *path; /* final name */
    char *temp;
    char message[160];
} cli_out;

/** Begin a file that will be called `path`, with these permission bits. Devices and pipes are written directly. */
bool vl_cli_out_open(cli_out *out, const char *path, mode_t mode);
bool vl_cli_out_write(cli_out *out, const void *bytes, size_t size);
/** Make it appear under its name. False: nothing has changed on disk. Ends `out` either way. */
bool vl_cli_out_commit(cli_out *out);
/** Forget it. A zeroed or committed `out` is accepted. */
void vl_cli_out_abandon(cli_out *out);

/** Take back a file that was committed; devices and pipes stay. */
void vl_cli_out_remove(const char *path);

/** Write all of it to a descriptor; false with errno. */
bool vl_cli_write_all(int fd, const void *bytes, size_t size);

/** Install handlers that remove unfinished files on SIGINT, SIGTERM and SIGHUP; ignore SIGPIPE. */
void vl_cli_out_guard(void);

/** "call.wav" to "call.redacted.wav", "notes" to "notes.redacted", in `folder` or (NULL) beside the input. malloc'd. */
char *vl_cli_out_name(const char *input, const char *folder);

#endif

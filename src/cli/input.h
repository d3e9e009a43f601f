/*
 * One input of the command: a file, a pipe or stdin; what kind of thing it holds; its bytes.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <sys/types.h>

#include "cli/args.h"
#include "cli/buf.h"

typedef struct cli_input {
    const char *name; /* as given; "-" is stdin */
    const char *copy; /* where its copy goes when it was found in a folder, else NULL */
    cli_kind kind;    /* AUTO while unknown */
    cli_buf content;
    bool is_stdin;
    bool is_regular;
    bool loaded;
    bool may_flow; /* set before it is opened: text that comes from a pipe on stdin need not be read whole */
    bool flows;    /* it is such a text: `content` holds its beginning, the rest is still in the pipe */
    dev_t device;  /* of a regular file: to refuse an OUT that is this file */
    ino_t inode;
    mode_t mode;
    veil_status status; /* why it cannot be used, else VEIL_OK */
    char message[160];  /* the reason; no input bytes */
} cli_input;

/** Look at the first bytes: fills kind, identity and, on failure, status and message. What is no regular file is read whole,
 *  unless `stream` says that the caller reads it line by line. */
void vl_cli_input_open(cli_input *input, const char *name, cli_kind kind, bool stream);

/** One that is not even looked at. */
void vl_cli_input_refuse(cli_input *input, const char *name, const char *message);

/** Read all of it (once). False with status and message on failure. */
bool vl_cli_input_load(cli_input *input);

/** A descriptor to read it from the start, or -1 with status and message. Close it unless the input is stdin. */
int vl_cli_input_descriptor(cli_input *input);

void vl_cli_input_free(cli_input *input);

/** Read a small file of the user's (key, transcript) whole. False with a reason. */
bool vl_cli_read_file(const char *name, size_t limit, cli_buf *out, char *why, size_t why_size);

/** What the first bytes show: TEXT unless they are a known picture, sound or container. For what no version reads as text
 *  (archives, PDF, UTF-16) AUTO, and `what` names it. `size` up to CLI_SNIFF_BYTES. */
#define CLI_SNIFF_BYTES ((size_t)2048)
cli_kind vl_cli_sniff(const void *bytes, size_t size, const char **what);

#endif

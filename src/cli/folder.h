/*
 * Folders among the FILEs: everything below them, in the order of names. A copy keeps its name and its place: DIR/a/b.jpg goes to
 * DIR.redacted/a/b.jpg, or OUT/a/b.jpg with -o OUT.
 */
#ifndef CLI_FOLDER_H
#define CLI_FOLDER_H

#include "cli/args.h"

typedef struct cli_file {
    char *name;       /* to open */
    char *copy;       /* where its copy goes; NULL: as for files that are given one by one */
    bool is_readable; /* a regular file, or whatever else was given by name; else neither file nor folder */
} cli_file;

typedef struct cli_files {
    cli_file *items;
    size_t count;
    bool has_folders;
} cli_files;

/** List what the options name, or stdin when they name nothing. Symbolic links to files are followed, those to folders listed as
 *  they are (and fail). 0, or an exit code with the reason printed. */
int vl_cli_files_list(const cli_options *options, cli_files *files);
void vl_cli_files_free(cli_files *files);

/** Make the folders that lie above `path`. False with errno. */
bool vl_cli_make_parents(const char *path);

#endif

/* Walking folders. What cannot be entered is an error of the whole run: a folder that was half read must not look clean. */
#include "cli/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 64 /* folders in folders */

/* One folder that was named, and where its copies go. */
typedef struct walk {
    cli_files *files;
    size_t root_size; /* of the name before what is below it, its slash included */
    const char *target;
} walk;

static bool add(cli_files *files, char *name, char *copy, bool is_readable)
{
    if ((files->count & (files->count - 1)) == 0) { /* full only at powers of two (and at nothing) */
        cli_file *more = realloc(files->items, (files->count ? 2 * files->count : 1) * sizeof *more);
        if (!more) return false;
        files->items = more;
    }
    files->items[files->count++] = (cli_file){name, copy, is_readable};
    return true;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    bool has_slash = *folder && folder[strlen(folder) - 1] == '/';
    if (path) snprintf(path, size, "%s%s%s", folder, has_slash ? "" : "/", name);
    return path;
}

static int is_named(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int fail(const char *path, const char *why)
{
    fprintf(stderr, "veil: %s: %s\n", path, why);
    return 3;
}

static int walk_folder(const walk *w, const char *path, int depth);

/* Takes `path` over. */
static int take_entry(const walk *w, char *path, int depth)
{
    struct stat link, info;
    if (lstat(path, &link) == 0 && S_ISDIR(link.st_mode)) {
        int code = walk_folder(w, path, depth + 1);
        free(path);
        return code;
    }
    bool is_there = stat(path, &info) == 0;
    if (is_there && S_ISDIR(info.st_mode)) { /* a link */
        fprintf(stderr, "veil: %s: a link to a folder, left out\n", path);
        free(path);
        return 0;
    }
    bool is_file = is_there && S_ISREG(info.st_mode);
    char *copy = join(w->target, path + w->root_size);
    if (copy && add(w->files, path, copy, is_file)) return 0;
    free(copy);
    free(path);
    return fail("folder", "no memory");
}

static int walk_folder(const walk *w, const char *path, int depth)
{
    struct dirent **entries = NULL;
    if (depth > DEPTH_MAX) return fail(path, "folders lie too deep in each other");
    int count = scandir(path, &entries, is_named, by_bytes);
    if (count < 0) return fail(path, strerror(errno));
    int code = 0;
    for (int i = 0; i < count; i++) {
        char *name = code == 0 ? join(path, entries[i]->d_name) : NULL;
        if (code == 0) code = name ? take_entry(w, name, depth) : fail(path, "no memory");
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* The name without slashes at its end; "/" and "." have none of their own. */
static char *trimmed(const char *name)
{
    char *copy = strdup(name);
    for (size_t size = copy ? strlen(copy) : 0; size > 1 && copy[size - 1] == '/'; size--)
        copy[size - 1] = 0;
    return copy;
}

/* Where the copies of a folder go: OUT, a folder in OUT when there are several FILEs, or beside it. */
static char *target_of(const cli_options *options, const char *root)
{
    const char *slash = strrchr(root, '/');
    if (options->out && options->file_count > 1) return join(options->out, slash ? slash + 1 : root);
    if (options->out) return strdup(options->out);
    size_t size = strlen(root) + sizeof ".redacted";
    char *target = malloc(size);
    if (target) snprintf(target, size, "%s.redacted", root);
    return target;
}

/* The nearest folder above `path` that exists, as the disk knows it; malloc'd. */
static char *real_parent(const char *path)
{
    char *copy = strdup(path);
    char *found = copy ? realpath(copy, NULL) : NULL;
    while (copy && !found) {
        char *slash = strrchr(copy, '/');
        if (slash) slash[slash == copy ? 1 : 0] = 0;
        found = realpath(slash ? copy : ".", NULL);
        if (!slash || slash == copy) break;
    }
    free(copy);
    return found;
}

/* Copies must not come to lie among what is read: the next run would take them for originals. */
static bool lies_in(const char *target, const char *root)
{
    char *inner = real_parent(target), *outer = realpath(root, NULL);
    size_t size = outer ? strlen(outer) : 0;
    bool is_in = !inner || !outer || /* no memory: refusing is the safe answer */
                 (strncmp(inner, outer, size) == 0 && (inner[size] == '/' || inner[size] == 0 || size == 1));
    free(inner);
    free(outer);
    return is_in;
}

static bool needs_name(const char *root)
{
    const char *slash = strrchr(root, '/');
    const char *last = slash ? slash + 1 : root;
    return *last == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

static int add_folder(const cli_options *options, const char *name, cli_files *files)
{
    char *root = trimmed(name);
    char *target = root ? target_of(options, root) : NULL;
    int code = 0;
    if (!target) code = fail(name, "no memory");
    if (code == 0 && options->command == CLI_REDACT) {
        if (options->out && strcmp(options->out, "-") == 0)
            code = (fprintf(stderr, "veil: a folder does not fit on stdout; -o takes a directory\n"), 2);
        else if (needs_name(root) && (!options->out || options->file_count > 1))
            code = (fprintf(stderr, "veil: %s: say with -o where its copies go\n", name), 2);
        else if (lies_in(target, root))
            code =
                (fprintf(stderr, "veil: %s: its copies would lie inside of it; give -o another directory\n", name), 2);
    }
    walk w = {files, root ? strlen(root) + (strcmp(root, "/") != 0) : 0, target};
    if (code == 0) code = walk_folder(&w, root, 0);
    free(root);
    free(target);
    files->has_folders = true;
    return code;
}

int vl_cli_files_list(const cli_options *options, cli_files *files)
{
    struct stat info;
    int code = 0;
    for (size_t i = 0; i < options->file_count && code == 0; i++) {
        const char *name = options->files[i];
        if (strcmp(name, "-") != 0 && stat(name, &info) == 0 && S_ISDIR(info.st_mode))
            code = add_folder(options, name, files);
        else if (!add(files, strdup(name), NULL, true))
            code = fail(name, "no memory");
    }
    if (options->file_count == 0 && !add(files, strdup("-"), NULL, true)) code = fail("-", "no memory");
    if (code == 0 && files->count == 0) {
        fprintf(stderr, "veil: there is no file in %s\n", options->files[0]);
        code = 2;
    }
    for (size_t i = 0; i < files->count && code == 0; i++)
        if (!files->items[i].name) code = fail("FILE", "no memory");
    return code;
}

void vl_cli_files_free(cli_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].name);
        free(files->items[i].copy);
    }
    free(files->items);
    *files = (cli_files){0};
}

bool vl_cli_make_parents(const char *path)
{
    char *copy = strdup(path);
    bool good = copy != NULL;
    for (char *at = copy ? strchr(copy + 1, '/') : NULL; at && good; at = strchr(at + 1, '/')) {
        *at = 0;
        struct stat info;
        good = mkdir(copy, 0777) == 0 || (errno == EEXIST && stat(copy, &info) == 0 && S_ISDIR(info.st_mode));
        *at = '/';
    }
    free(copy);
    return good;
}

/*
 * Where copies go, decided before anything is read in full: beside the input, to -o, into a directory, or to stdout. Refuses
 * what would overwrite a file that is read, and two copies under one name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/folder.h"
#include "cli/output.h"
#include "cli/session.h"

typedef struct identity {
    dev_t device;
    ino_t inode;
} identity;

typedef struct plan {
    identity *read; /* regular files that this run reads, sorted */
    size_t read_count;
    const char **written; /* names of copies, transcript and report, sorted */
    size_t written_count;
} plan;

static int usage(const char *message)
{
    fprintf(stderr, "veil: %s\n", message);
    return 2;
}

static bool is_directory(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int by_identity(const void *a, const void *b)
{
    const identity *one = a, *other = b;
    if (one->device != other->device) return one->device < other->device ? -1 : 1;
    return one->inode == other->inode ? 0 : one->inode < other->inode ? -1 : 1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_read(plan *p, const char *path)
{
    struct stat info;
    if (path && stat(path, &info) == 0 && S_ISREG(info.st_mode))
        p->read[p->read_count++] = (identity){info.st_dev, info.st_ino};
}

static bool collect_reads(plan *p, const cli_session *session, const cli_input *inputs, size_t count)
{
    const cli_options *options = session->options;
    size_t lists = 0;
    while (veil_config_file_path(session->file, lists))
        lists++;
    p->read = malloc((count + options->rule_count + lists + 4) * sizeof *p->read);
    if (!p->read) return false;
    for (size_t i = 0; i < count; i++)
        if (inputs[i].is_regular) p->read[p->read_count++] = (identity){inputs[i].device, inputs[i].inode};
    add_read(p, options->transcript);
    add_read(p, options->key_file);
    add_read(p, options->model);
    add_read(p, options->config);
    for (size_t i = 0; i < options->rule_count; i++)
        add_read(p, options->rules[i]);
    for (size_t i = 0; i < lists; i++)
        add_read(p, veil_config_file_path(session->file, i));
    qsort(p->read, p->read_count, sizeof *p->read, by_identity);
    return true;
}

/* malloc'd, or NULL with *to_stdout. */
static char *name_of(const cli_options *options, const cli_input *input, bool folder, bool *to_stdout)
{
    const char *out = options->out;
    if (input->copy) return strdup(input->copy);
    *to_stdout = out ? !folder && strcmp(out, "-") == 0 : input->is_stdin;
    if (*to_stdout) return NULL;
    if (out && !folder) return strdup(out);
    return vl_cli_out_name(input->is_stdin ? "stdin" : input->name, folder ? out : NULL);
}

/* Names of one file may differ ("x", "./x", "dir/../x"): the folder is taken from the disk, the rest from the name. */
static bool is_same_target(const char *a, const char *b)
{
    struct stat one, other;
    const char *base_a = strrchr(a, '/'), *base_b = strrchr(b, '/');
    if (strcmp(base_a ? base_a + 1 : a, base_b ? base_b + 1 : b) != 0) return false;
    char *folder_a = base_a ? strndup(a, (size_t)(base_a - a) + 1) : strdup(".");
    char *folder_b = base_b ? strndup(b, (size_t)(base_b - b) + 1) : strdup(".");
    bool same = !folder_a || !folder_b || /* no memory: refusing is the safe answer */
                (stat(folder_a, &one) == 0 && stat(folder_b, &other) == 0 && one.st_dev == other.st_dev &&
                 one.st_ino == other.st_ino);
    free(folder_a);
    free(folder_b);
    return same;
}

/* The report and the transcript against every copy: only they may name a copy's file in other words. */
static int check_other(const plan *p, const char *report, const char *message)
{
    for (size_t i = 0; report && i < p->written_count; i++)
        if (is_same_target(p->written[i], report)) return usage(message);
    return 0;
}

/* The folders of what was found in folders. */
static int make_mirrors(const cli_options *options, const cli_input *inputs, const cli_result *results, size_t count)
{
    for (size_t i = 0; i < count && options->command == CLI_REDACT; i++) {
        if (!inputs[i].copy || vl_cli_make_parents(results[i].out_path)) continue;
        fprintf(stderr, "veil: %s: its folder cannot be made: %s\n", results[i].out_path, strerror(errno));
        return 2;
    }
    return 0;
}

static int make_folder(const cli_options *options, size_t count)
{
    const char *out = options->out;
    if (options->command != CLI_REDACT || !out || count < 2) return 0;
    if (mkdir(out, 0777) == 0 || is_directory(out)) return 0;
    fprintf(stderr, "veil: -o: with several files OUT is a directory: %s\n", strerror(errno));
    return 2;
}

static int name_copies(plan *p, const cli_options *options, const cli_input *inputs, cli_result *results, size_t count)
{
    const char *out = options->out;
    if (out && count > 1 && strcmp(out, "-") == 0)
        return usage("several files do not fit on stdout; -o takes a directory");
    bool folder = out && (count > 1 || options->file_count > 1 || is_directory(out));
    for (size_t i = 0; i < count; i++) {
        bool to_stdout = false;
        results[i].out_path = name_of(options, &inputs[i], folder, &to_stdout);
        if (!results[i].out_path && !to_stdout) return usage("no memory");
        if (!to_stdout) p->written[p->written_count++] = results[i].out_path;
    }
    return 0;
}

static int check_written(const plan *p)
{
    struct stat info;
    for (size_t i = 0; i < p->written_count; i++) {
        if (i && strcmp(p->written[i - 1], p->written[i]) == 0)
            return usage("two results would be written to the same file; give them different names or directories");
        if (stat(p->written[i], &info) != 0 || !S_ISREG(info.st_mode)) continue;
        identity one = {info.st_dev, info.st_ino};
        if (bsearch(&one, p->read, p->read_count, sizeof one, by_identity))
            return usage("a result would replace a file that is read; originals are never replaced");
    }
    return 0;
}

int vl_cli_plan(const cli_session *session, const cli_input *inputs, cli_result *results, size_t count)
{
    const cli_options *options = session->options;
    plan p = {0};
    int code = 0;
    p.written = malloc((count + 2) * sizeof *p.written);
    if (!p.written || !collect_reads(&p, session, inputs, count)) code = usage("no memory");
    if (code == 0 && options->command == CLI_REDACT) code = name_copies(&p, options, inputs, results, count);
    if (code == 0) code = check_other(&p, options->transcript_out, "--transcript-out names the same file as a copy");
    if (code == 0 && options->transcript_out) p.written[p.written_count++] = options->transcript_out;
    if (code == 0) code = check_other(&p, options->report, "--report names the same file as a copy or the transcript");
    if (code == 0 && options->report) p.written[p.written_count++] = options->report;
    if (code == 0) {
        qsort(p.written, p.written_count, sizeof *p.written, by_name);
        code = check_written(&p);
    }
    if (code == 0) code = make_mirrors(options, inputs, results, count);
    if (code == 0) code = make_folder(options, count);
    free(p.read);
    free(p.written);
    return code;
}

/* Finding and loading plugins. The folder is known relative to the program, so that an installed tree may be moved. */
#include "cli/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLUGIN_PATH_MAX 1024

static const struct {
    const char *name;
    const char *symbol;
} kinds[CLI_PLUGIN_COUNT] = {
    [CLI_PLUGIN_OCR] = {"ocr", VEIL_OCR_PLUGIN},
    [CLI_PLUGIN_ASR] = {"asr", VEIL_ASR_PLUGIN},
};

typedef veil_status (*plugin_fn)(void *engine);

/* The folder of the program itself, with its slash; the program is where the kernel says. */
static bool own_folder(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0 || (size_t)length >= size - 1) return false;
    path[length] = 0;
    char *slash = strrchr(path, '/');
    if (!slash) return false;
    slash[1] = 0;
    return true;
}

static bool path_of(cli_plugin_kind kind, const char *folder, char *path, size_t size)
{
    char own[PLUGIN_PATH_MAX] = "";
    if (!folder && !own_folder(own, sizeof own)) return false;
    /* a name without a slash would send dlopen searching */
    int length = folder ? snprintf(path, size, "%s/libveil-%s.so", *folder ? folder : ".", kinds[kind].name)
                        : snprintf(path, size, "%s%s/libveil-%s.so", own, VEIL_PLUGIN_RELATIVE, kinds[kind].name);
    return length > 0 && (size_t)length < size;
}

static bool fail(char *why, size_t why_size, cli_plugin_kind kind, const char *reason)
{
    snprintf(why, why_size, "plugin libveil-%s.so: %s", kinds[kind].name, reason);
    return false;
}

bool vl_cli_plugin_load(cli_plugin_kind kind, const char *folder, void *engine, char *why, size_t why_size)
{
    char path[PLUGIN_PATH_MAX];
    if (!path_of(kind, folder, path, sizeof path)) return fail(why, why_size, kind, "its folder is not known");
    if (access(path, R_OK) != 0) return fail(why, why_size, kind, strerror(errno));
    /* Engines of machine learning bring OpenMP, whose threads would compete with ours (--jobs). */
    (void)setenv("OMP_THREAD_LIMIT", "1", 0);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object) return fail(why, why_size, kind, "it cannot be loaded; is what it needs installed?");
    plugin_fn function = NULL;
    void *symbol = dlsym(object, kinds[kind].symbol);
    memcpy(&function, &symbol, sizeof function); /* ISO C has no cast from an object to a function */
    if (!function) return fail(why, why_size, kind, "it does not export the function that veil.h names");
    veil_status status = function(engine);
    return status == VEIL_OK || fail(why, why_size, kind, veil_status_string(status));
}

/* --rules and --config: YAML files read by the library; rules first, so that settings may name what they define. */
#include <stdio.h>
#include <string.h>

#include "cli/session.h"

#define CLI_YAML_MAX ((size_t)16 << 20)

/* The folder of a file, which the paths in it are relative to. */
static void directory_of(const char *name, char *out, size_t size)
{
    const char *slash = strrchr(name, '/');
    if (!slash)
        snprintf(out, size, ".");
    else
        snprintf(out, size, "%.*s", slash == name ? 1 : (int)(slash - name), name);
}

static int read_one(veil_config_file *file, const char *option, const char *name, uint32_t flags)
{
    char why[160];
    char directory[2048];
    veil_error error = VEIL_ERROR_INIT;
    cli_buf text = {0};
    if (strlen(name) >= sizeof directory || !vl_cli_read_file(name, CLI_YAML_MAX, &text, why, sizeof why)) {
        fprintf(stderr, "veil: --%s %s: %s\n", option, name, strlen(name) >= sizeof directory ? "too long" : why);
        return 2;
    }
    directory_of(name, directory, sizeof directory);
    veil_status status = veil_config_file_read(file, text.data, text.size, directory, flags, &error);
    vl_cli_buf_free(&text);
    if (status == VEIL_OK) return 0;
    fprintf(stderr, "veil: --%s %s: %s: %s\n", option, name, veil_status_string(status), error.message);
    return status == VEIL_ERR_NO_MEMORY ? 3 : 2;
}

int vl_cli_config_file(const cli_options *options, veil_config_file **file, veil_config *config)
{
    veil_error error = VEIL_ERROR_INIT;
    int code = 0;
    *file = NULL;
    veil_config_init(config);
    if (!options->config && options->rule_count == 0) return 0;
    veil_status status = veil_config_file_create(NULL, file, &error);
    if (status != VEIL_OK) {
        fprintf(stderr, "veil: %s: %s\n", veil_status_string(status), error.message);
        return status == VEIL_ERR_UNSUPPORTED ? 2 : 3;
    }
    for (size_t i = 0; i < options->rule_count && code == 0; i++)
        code = read_one(*file, "rules", options->rules[i], VEIL_FILE_RULES);
    if (code == 0 && options->config) code = read_one(*file, "config", options->config, 0);
    if (code == 0 && veil_config_file_apply(*file, config) != VEIL_OK) {
        fprintf(stderr, "veil: the configuration cannot be applied\n");
        code = 3;
    }
    if (code == 0) return 0;
    veil_config_file_destroy(*file);
    *file = NULL;
    return code;
}

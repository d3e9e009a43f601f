/*
 * Configuration files. This build has no YAML: every call says so.
 */
#include "check.h"

veil_status veil_config_file_create(const veil_config *config, veil_config_file **out, veil_error *error)
{
    (void)config;
    if (out != NULL) *out = NULL;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this build was made without VEIL_YAML");
}

veil_status veil_config_file_read(veil_config_file *file, const char *yaml, size_t yaml_bytes, const char *directory,
                                  uint32_t flags, veil_error *error)
{
    (void)file, (void)yaml, (void)yaml_bytes, (void)directory, (void)flags;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this build was made without VEIL_YAML");
}

veil_status veil_config_file_apply(const veil_config_file *file, veil_config *config)
{
    (void)file, (void)config;
    return VEIL_ERR_INVALID_ARGUMENT;
}

const char *veil_config_file_path(const veil_config_file *file, size_t index)
{
    (void)file;
    (void)index;
    return NULL;
}

void veil_config_file_destroy(veil_config_file *file)
{
    (void)file;
}

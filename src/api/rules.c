/*
 * Configuration files: YAML to the fields of a veil_config, with the memory that they point into. Everything that can be said
 * without compiling is said here, with its line; patterns are compiled by veil_sanitizer_create, which names their line, too.
 */
#include <string.h>

#include "check.h"
#include "config.h"
#include "rules_impl.h"

veil_status veil_config_file_create(const veil_config *config, veil_config_file **out, veil_error *error)
{
    veil_config copy;
    veil_status status = VEIL_OK;
    if (out != NULL) *out = NULL;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (out == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "out is NULL");
    vl_config_defaults(&copy);
    if (config != NULL) status = vl_config_copy(config, &copy, error);
    if (status != VEIL_OK) return status;
    if ((copy.alloc == NULL) != (copy.free == NULL))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.alloc and config.free: both or neither");
    const vl_allocator allocator = vl_allocator_from_config(&copy);
    veil_config_file *file = vl_alloc_zero(&allocator, 1, sizeof *file);
    if (file == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the configuration file");
    file->arena.allocator = allocator;
    *out = file;
    return VEIL_OK;
}

/* Names are known when all recognizers are. */
static veil_status check_uses(const veil_config_file *file)
{
    const veil_config own = {.recognizers = file->recognizers.items, .recognizer_count = file->recognizers.count};
    const vl_name_use *uses = file->uses.items;
    for (size_t i = 0; i < file->uses.count; i++) {
        uint32_t kind = vl_entity_kind(uses[i].name);
        if (kind == 0 && vl_text_config_names(&own, uses[i].name)) kind = VEIL_MODALITY_TEXT;
        if (kind == 0) return vl_node_refuse(file->error, uses[i].node, "unknown entity; veil entities lists them");
        if (uses[i].is_text && kind != VEIL_MODALITY_TEXT)
            return vl_node_refuse(file->error, uses[i].node, "this entity is not found in text");
    }
    return VEIL_OK;
}

veil_status veil_config_file_read(veil_config_file *file, const char *yaml, size_t yaml_bytes, const char *directory,
                                  uint32_t flags, veil_error *error)
{
    vl_node *root = NULL;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (file == NULL || (yaml == NULL && yaml_bytes != 0) || (flags & ~(uint32_t)VEIL_FILE_RULES) != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "file or yaml is NULL, or a flag is unknown");
    if (file->is_broken)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "an earlier read of this file failed");
    file->error = error;
    file->directory = directory;
    file->uses = (vl_list){NULL, 0, 0};
    veil_status status = vl_yaml_parse(&file->arena, yaml, yaml_bytes, &root, error);
    if (status == VEIL_OK && root == NULL)
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "the configuration file is empty");
    if (status == VEIL_OK) status = vl_read_settings(file, root, flags);
    if (status == VEIL_OK) status = check_uses(file);
    file->error = NULL;
    file->directory = NULL;
    file->is_broken = status != VEIL_OK;
    vl_error_end(error, status);
    return status;
}

veil_status veil_config_file_apply(const veil_config_file *file, veil_config *config)
{
    if (file == NULL || config == NULL || file->is_broken) return VEIL_ERR_INVALID_ARGUMENT;
    const veil_status status = vl_check_struct(config, sizeof *config, sizeof *config, "config", NULL);
    if (status != VEIL_OK) return status;
    vl_apply_settings(file, config);
    if (file->entities.count != 0) {
        config->entities = file->entities.items;
        config->entity_count = file->entities.count;
    }
    if (file->exclude.count != 0) {
        config->exclude = file->exclude.items;
        config->exclude_count = file->exclude.count;
    }
    if (file->operators.count != 0) {
        config->operators = file->operators.items;
        config->operator_count = file->operators.count;
    }
    if (file->effects.count != 0) {
        config->effects = file->effects.items;
        config->effect_count = file->effects.count;
    }
    if (file->recognizers.count != 0) {
        config->recognizers = file->recognizers.items;
        config->recognizer_count = file->recognizers.count;
    }
    if (file->allow.count != 0) {
        config->allow = file->allow.items;
        config->allow_count = file->allow.count;
    }
    return VEIL_OK;
}

const char *veil_config_file_path(const veil_config_file *file, size_t index)
{
    return file == NULL || index >= file->paths.count ? NULL : ((const char *const *)file->paths.items)[index];
}

void veil_config_file_destroy(veil_config_file *file)
{
    if (file == NULL) return;
    const vl_allocator allocator = file->arena.allocator;
    vl_arena_free(&file->arena);
    vl_free(&allocator, file, sizeof *file);
}

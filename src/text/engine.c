/*
 * The text engine: creation, workspaces, options. This version answers UNSUPPORTED while the scanner is being landed.
 */
#include "text/text.h"

#include <hs.h>

struct vl_text_engine {
    vl_allocator allocator;
};

veil_status vl_text_engine_create(const veil_config *config, const vl_runtime *runtime, vl_text_engine **out,
                                  veil_error *error)
{
    (void)config;
    *out = vl_alloc_zero(&runtime->allocator, 1, sizeof **out);
    if (*out == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text engine: no memory");
    (*out)->allocator = runtime->allocator;
    return VEIL_OK;
}

void vl_text_engine_destroy(vl_text_engine *engine)
{
    if (engine == NULL) return;
    vl_allocator allocator = engine->allocator;
    vl_free(&allocator, engine, sizeof *engine);
}

veil_status vl_text_scan(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                         size_t text_bytes, veil_text_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)text, (void)text_bytes, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "text is being built");
}

veil_status vl_text_redact(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                           size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                           veil_text_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)text, (void)text_bytes, (void)out, (void)out_capacity, (void)result;
    *out_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "text is being built");
}

uint64_t vl_text_engine_live(const vl_text_engine *engine)
{
    (void)engine;
    return 0;
}

veil_status vl_text_engine_has(const vl_text_engine *engine, const char *entity)
{
    (void)engine, (void)entity;
    return VEIL_ERR_INVALID_ARGUMENT;
}

size_t vl_text_entity_count(void)
{
    return 0;
}

void vl_text_entity_at(size_t index, veil_entity_info *info)
{
    (void)index, (void)info;
}

bool vl_text_entity_exists(const char *name)
{
    (void)name;
    return false;
}

const char *vl_text_engine_version(void)
{
    return "Hyperscan";
}

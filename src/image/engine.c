/*
 * The image engine: one call from checks to written pixels. This first form links and answers UNSUPPORTED; detector,
 * cache and pipeline follow in the next commits.
 */
#include "image/image.h"

#include <string.h>

struct vl_image_engine {
    vl_allocator allocator;
};

veil_status vl_image_engine_create(const veil_config *config, const vl_runtime *runtime, vl_image_engine **out,
                                   veil_error *error)
{
    vl_image_engine *engine = vl_alloc_zero(&runtime->allocator, 1, sizeof *engine);

    (void)config;
    *out = NULL;
    if (engine == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the image engine");
    engine->allocator = runtime->allocator;
    *out = engine;
    return VEIL_OK;
}

void vl_image_engine_destroy(vl_image_engine *engine)
{
    vl_allocator allocator;

    if (engine == NULL) return;
    allocator = engine->allocator;
    vl_free(&allocator, engine, sizeof *engine);
}

veil_status vl_image_scan(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                          veil_image_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)image, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "images are not served yet");
}

veil_status vl_image_redact(const vl_image_engine *engine, const veil_image_options *options, veil_image *image,
                            veil_image_result *result, veil_error *error)
{
    return vl_image_scan(engine, options, image, result, error);
}

veil_status vl_image_encoded_bound(const vl_image_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error)
{
    (void)engine, (void)input, (void)input_bytes;
    *bound_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "images are not served yet");
}

veil_status vl_image_scan_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                  size_t input_bytes, veil_image_result *result, veil_error *error)
{
    (void)input, (void)input_bytes;
    return vl_image_scan(engine, options, NULL, result, error);
}

veil_status vl_image_redact_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_image_result *result, veil_error *error)
{
    (void)input, (void)input_bytes;
    *out_bytes = 0;
    if (out_capacity > 0) memset(out, 0, out_capacity);
    return vl_image_scan(engine, options, NULL, result, error);
}

void vl_image_cache_stats(const vl_image_engine *engine, vl_cache_stats *stats)
{
    (void)engine;
    memset(stats, 0, sizeof *stats);
}

void vl_image_engine_after_fork(vl_image_engine *engine)
{
    (void)engine;
}

static const veil_entity_info catalogue[] = {
    {sizeof(veil_entity_info), "FACE", "Human face", "", "", "", "image", 0.73F, 1},
    {sizeof(veil_entity_info), "REGION", "Box given by the caller", "", "", "", "image", 1.0F, 1},
};

#define CATALOGUE_COUNT (sizeof catalogue / sizeof catalogue[0])

veil_status vl_image_engine_has(const vl_image_engine *engine, const char *entity)
{
    size_t i;

    (void)engine;
    for (i = 0; i < CATALOGUE_COUNT; i++) {
        if (strcmp(catalogue[i].name, entity) == 0) return 1;
    }
    return VEIL_ERR_INVALID_ARGUMENT;
}

size_t vl_image_entity_count(void)
{
    return CATALOGUE_COUNT;
}

void vl_image_entity_at(size_t index, veil_entity_info *info)
{
    *info = catalogue[index];
}

const char *vl_image_engine_version(void)
{
    return "OpenCV 4.6.0";
}

const char *vl_image_models(void)
{
    return "";
}

/*
 * The audio engine. This first form answers UNSUPPORTED to every call, so that the parts above can link; the parts that do
 * the work land piece by piece behind the same functions.
 */
#include "audio/audio.h"

#include <string.h>

struct vl_audio_engine {
    vl_allocator allocator;
};

veil_status vl_audio_engine_create(const veil_config *config, const vl_runtime *runtime, const vl_text_engine *text,
                                   vl_audio_engine **out, veil_error *error)
{
    (void)config;
    (void)text;
    vl_audio_engine *engine = vl_alloc_zero(&runtime->allocator, 1, sizeof *engine);
    if (engine == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "audio engine");
    engine->allocator = runtime->allocator;
    *out = engine;
    return VEIL_OK;
}

void vl_audio_engine_destroy(vl_audio_engine *engine)
{
    if (engine == NULL) return;
    vl_allocator allocator = engine->allocator;
    vl_free(&allocator, engine, sizeof *engine);
}

veil_status vl_audio_scan(const vl_audio_engine *engine, const veil_audio_options *options, const veil_audio *audio,
                          veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)audio, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "audio scan");
}

veil_status vl_audio_redact(const vl_audio_engine *engine, const veil_audio_options *options, veil_audio *audio,
                            veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)audio, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "audio redact");
}

veil_status vl_audio_encoded_bound(const vl_audio_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error)
{
    (void)engine, (void)input, (void)input_bytes;
    *bound_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

veil_status vl_audio_scan_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                  size_t input_bytes, veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)input, (void)input_bytes, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

veil_status vl_audio_redact_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)input, (void)input_bytes, (void)out, (void)out_capacity, (void)result;
    *out_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

static const struct {
    const char *name;
    const char *description;
    float score;
} catalogue[] = {
    {"RANGE", "A span of time that the caller names", 1.0f},
    {"SPOKEN_NUMBER", "Four or more spoken digits that no stronger entity covers", 0.5f},
};

veil_status vl_audio_engine_has(const vl_audio_engine *engine, const char *entity)
{
    (void)engine;
    for (size_t i = 0; i < vl_audio_entity_count(); i++) {
        if (strcmp(catalogue[i].name, entity) == 0) return 1;
    }
    return VEIL_ERR_INVALID_ARGUMENT;
}

size_t vl_audio_entity_count(void)
{
    return sizeof catalogue / sizeof catalogue[0];
}

void vl_audio_entity_at(size_t index, veil_entity_info *info)
{
    size_t struct_size = info->struct_size;
    *info = (veil_entity_info){.struct_size = struct_size,
                               .name = catalogue[index].name,
                               .description = catalogue[index].description,
                               .country = "",
                               .languages = "",
                               .validator = "",
                               .kind = "audio",
                               .score = catalogue[index].score,
                               .is_default = 1};
}

const char *vl_audio_engine_version(void)
{
    return "libsndfile";
}

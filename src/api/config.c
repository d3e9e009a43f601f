/*
 * Defaults and profiles. The numbers here are the ones that veil.h and docs/api.md name; a test compares all three.
 */
#include "config.h"

#include <string.h>

#define MIB (UINT64_C(1) << 20)

static uint32_t built_modalities(void)
{
    uint32_t modalities = VEIL_MODALITY_TEXT;
#if VEIL_HAS_IMAGE
    modalities |= VEIL_MODALITY_IMAGE;
#endif
#if VEIL_HAS_AUDIO
    modalities |= VEIL_MODALITY_AUDIO;
#endif
    return modalities;
}

uint32_t vl_config_built_modalities(void)
{
    return built_modalities();
}

/* What the named sets change, and nothing else does: applying one forgets the one before. */
typedef struct profile_values {
    uint32_t text_workspaces;
    uint32_t image_workspaces;
    uint32_t audio_workspaces;
    uint32_t queue_capacity;
    uint32_t cache_entries;
    uint32_t near_duplicates;
    uint32_t face_input_width;
    uint32_t face_input_height;
    uint32_t face_tiles;
} profile_values;

static const profile_values profiles[] = {
    [VEIL_PROFILE_BALANCED] = {16, 2, 4, 256, 1024, 0, 480, 360, 0},
    [VEIL_PROFILE_SPEED] = {16, 2, 4, 256, 4096, 1, 320, 240, 0},
    [VEIL_PROFILE_ACCURACY] = {16, 2, 4, 256, 1024, 0, 640, 480, 1},
    [VEIL_PROFILE_MEMORY] = {1, 1, 1, 64, 64, 0, 320, 240, 0},
};

static void apply(veil_config *config, uint32_t profile)
{
    const profile_values *values = &profiles[profile];
    config->profile = profile;
    config->text_workspaces = values->text_workspaces;
    config->image_workspaces = values->image_workspaces;
    config->audio_workspaces = values->audio_workspaces;
    config->queue_capacity = values->queue_capacity;
    config->cache_entries = values->cache_entries;
    config->near_duplicates = values->near_duplicates;
    config->face_input_width = values->face_input_width;
    config->face_input_height = values->face_input_height;
    config->face_tiles = values->face_tiles;
}

void vl_config_defaults(veil_config *config)
{
    memset(config, 0, sizeof *config);
    config->struct_size = sizeof *config;
    config->modalities = built_modalities();
    config->language = "en";
    config->min_score = 0.4f;
    config->margin_percent = 15.0f;
    config->max_audio_channels = 32;
    config->max_text_bytes = 1024 * MIB;
    config->max_image_bytes = 256 * MIB;
    config->max_image_pixels = 100000000;
    config->max_audio_seconds = UINT64_C(4) * 3600;
    apply(config, VEIL_PROFILE_BALANCED);
}

/* Write as much of `ours` as the caller's struct has room for, zero what it has beyond, and keep its own size. */
static void publish(void *theirs, size_t struct_size, const void *ours, size_t known)
{
    if (theirs == NULL || struct_size < sizeof(size_t)) return;
    memcpy(theirs, ours, struct_size < known ? struct_size : known);
    if (struct_size > known) memset((char *)theirs + known, 0, struct_size - known);
    memcpy(theirs, &struct_size, sizeof struct_size);
}

void veil_config_init_sized(veil_config *config, size_t struct_size)
{
    veil_config defaults;
    vl_config_defaults(&defaults);
    publish(config, struct_size, &defaults, sizeof defaults);
}

veil_status veil_config_apply_profile(veil_config *config, uint32_t profile)
{
    veil_config copy;
    if (profile >= sizeof profiles / sizeof profiles[0]) return VEIL_ERR_INVALID_ARGUMENT;
    const veil_status status = vl_config_copy(config, &copy, NULL);
    if (status != VEIL_OK) return status;
    apply(&copy, profile);
    publish(config, config->struct_size, &copy, sizeof copy);
    return VEIL_OK;
}

void veil_text_options_init_sized(veil_text_options *options, size_t struct_size)
{
    const veil_text_options defaults = {.struct_size = sizeof defaults, .min_score = -1.0f};
    publish(options, struct_size, &defaults, sizeof defaults);
}

void veil_image_options_init_sized(veil_image_options *options, size_t struct_size)
{
    const veil_image_options defaults = {.struct_size = sizeof defaults, .min_score = -1.0f, .margin_percent = -1.0f};
    publish(options, struct_size, &defaults, sizeof defaults);
}

void veil_audio_options_init_sized(veil_audio_options *options, size_t struct_size)
{
    const veil_audio_options defaults = {
        .struct_size = sizeof defaults, .min_score = -1.0f, .guard_ms = -1, .fade_ms = -1};
    publish(options, struct_size, &defaults, sizeof defaults);
}

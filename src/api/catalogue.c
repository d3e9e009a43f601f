/*
 * The catalogue of entities over all engines, ordered by name. Each engine's own list is static and ordered, so the merged
 * order is found by walking them side by side: no table, no allocation, a few dozen comparisons a look-up.
 */
#include "check.h"
#include "config.h"
#include "sanitizer.h"

#define INFO_MIN_BYTES 16u

typedef struct source {
    size_t (*count)(void);
    void (*at)(size_t index, veil_entity_info *info);
} source;

static const source sources[] = {
    {vl_text_entity_count, vl_text_entity_at},
#if VEIL_HAS_IMAGE
    {vl_image_entity_count, vl_image_entity_at},
#endif
#if VEIL_HAS_AUDIO
    {vl_audio_entity_count, vl_audio_entity_at},
#endif
};

#define SOURCE_COUNT (sizeof sources / sizeof sources[0])

size_t veil_entity_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        count += sources[i].count();
    return count;
}

/* The source whose next entity comes first by name; false when all are at their end. */
static bool next_of(size_t next[SOURCE_COUNT], veil_entity_info *best)
{
    size_t chosen = SOURCE_COUNT;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        if (next[i] >= sources[i].count()) continue;
        sources[i].at(next[i], &info);
        if (chosen != SOURCE_COUNT && strcmp(info.name, best->name) >= 0) continue;
        chosen = i;
        *best = info;
    }
    if (chosen == SOURCE_COUNT) return false;
    next[chosen]++;
    return true;
}

veil_status veil_entity_at(size_t index, veil_entity_info *info)
{
    size_t next[SOURCE_COUNT] = {0};
    veil_entity_info found = {.struct_size = sizeof found};
    if (vl_check_struct(info, INFO_MIN_BYTES, sizeof found, "info", NULL) != VEIL_OK) return VEIL_ERR_INVALID_ARGUMENT;
    for (size_t i = 0; i <= index; i++)
        if (!next_of(next, &found)) return VEIL_ERR_INVALID_ARGUMENT;
    const size_t size = info->struct_size;
    memcpy(info, &found, size < sizeof found ? size : sizeof found);
    info->struct_size = size;
    return VEIL_OK;
}

veil_status veil_sanitizer_has_entity(const veil_sanitizer *sanitizer, const char *entity)
{
    if (sanitizer == NULL || entity == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    const uint32_t kind = vl_entity_kind(entity);
    if (kind == VEIL_MODALITY_TEXT && sanitizer->text != NULL) return vl_text_engine_has(sanitizer->text, entity);
#if VEIL_HAS_IMAGE
    if (kind == VEIL_MODALITY_IMAGE && sanitizer->image != NULL) return vl_image_engine_has(sanitizer->image, entity);
#endif
#if VEIL_HAS_AUDIO
    if (kind == VEIL_MODALITY_AUDIO && sanitizer->audio != NULL) return vl_audio_engine_has(sanitizer->audio, entity);
#endif
    if (kind == 0 && sanitizer->text != NULL) return vl_text_engine_has(sanitizer->text, entity); /* the host's own */
    return kind == 0 ? VEIL_ERR_INVALID_ARGUMENT : 0; /* known, but its modality is off */
}

/* Entities that only own recognizers name stand behind the text catalogue, ordered by name as well. */
static size_t own_count(const veil_sanitizer *s)
{
    return s->text == NULL ? 0 : vl_text_engine_entity_count(s->text) - vl_text_entity_count();
}

size_t veil_sanitizer_entity_count(const veil_sanitizer *sanitizer)
{
    return sanitizer == NULL ? 0 : veil_entity_count() + own_count(sanitizer);
}

/* Walk both lists side by side. */
static veil_status merged_at(const veil_sanitizer *s, size_t index, veil_entity_info *found)
{
    size_t next[SOURCE_COUNT] = {0};
    size_t own = 0;
    veil_entity_info built_in = {.struct_size = sizeof built_in};
    bool has_built_in = next_of(next, &built_in);
    for (size_t i = 0;; i++) {
        veil_entity_info mine = {.struct_size = sizeof mine};
        const bool has_own = own < own_count(s);
        if (!has_own && !has_built_in) return VEIL_ERR_INVALID_ARGUMENT;
        if (has_own) vl_text_engine_entity_at(s->text, vl_text_entity_count() + own, &mine);
        const bool takes_own = has_own && (!has_built_in || strcmp(mine.name, built_in.name) < 0);
        *found = takes_own ? mine : built_in;
        if (i == index) return VEIL_OK;
        if (takes_own)
            own++;
        else
            has_built_in = next_of(next, &built_in);
    }
}

veil_status veil_sanitizer_entity_at(const veil_sanitizer *sanitizer, size_t index, veil_entity_info *info)
{
    veil_entity_info found = {.struct_size = sizeof found};
    if (sanitizer == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    veil_status status = vl_check_struct(info, INFO_MIN_BYTES, sizeof found, "info", NULL);
    if (status == VEIL_OK) status = merged_at(sanitizer, index, &found);
    if (status != VEIL_OK) return VEIL_ERR_INVALID_ARGUMENT;
    const size_t size = info->struct_size;
    found.is_default = veil_sanitizer_has_entity(sanitizer, found.name) == 1;
    memcpy(info, &found, size < sizeof found ? size : sizeof found);
    info->struct_size = size;
    return VEIL_OK;
}

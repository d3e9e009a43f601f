/* The entities that audio adds to those of text. */
#include <string.h>

#include "audio/engine_impl.h"

static const struct {
    const char *name;
    const char *description;
    float score;
} catalogue[] = {
    {VL_ENTITY_DTMF, "A key of a telephone, by its tones", 1.0f},
    {VL_ENTITY_RANGE, "A span of time that the caller names", 1.0f},
    {VL_ENTITY_SPOKEN_NUMBER, "Four or more spoken digits that no stronger entity covers", VL_SPOKEN_NUMBER_SCORE},
};

veil_status vl_audio_engine_has(const vl_audio_engine *engine, const char *entity)
{
    if (strcmp(entity, VL_ENTITY_DTMF) == 0) return engine->defaults.runs_dtmf;
    if (strcmp(entity, VL_ENTITY_RANGE) == 0) return engine->defaults.runs_ranges;
    if (strcmp(entity, VL_ENTITY_SPOKEN_NUMBER) == 0) return engine->defaults.runs_spoken_number;
    return VEIL_ERR_INVALID_ARGUMENT;
}

size_t vl_audio_entity_count(void)
{
    return sizeof catalogue / sizeof catalogue[0];
}

void vl_audio_entity_at(size_t index, veil_entity_info *info)
{
    bool is_spoken = strcmp(catalogue[index].name, VL_ENTITY_SPOKEN_NUMBER) == 0;
    *info = (veil_entity_info){.struct_size = info->struct_size,
                               .name = catalogue[index].name,
                               .description = catalogue[index].description,
                               .country = "",
                               .languages = is_spoken ? "de,en,es,fr,it" : "",
                               .validator = "",
                               .kind = "audio",
                               .score = catalogue[index].score,
                               .is_default = 1};
}

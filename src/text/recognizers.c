/* The recognizer table and the entity catalogue as constants, and the look-ups on them. */
#include "text/recognizers.h"

#include <string.h>

#include "text/text.h"
#include "text/validators_national.h"
#include "text/validators_world.h"

const vl_entity vl_entities[VL_ENTITY_COUNT] = {
#define ENTITY(name, country, languages, validator, is_default, description)                                           \
    {#name, "<" #name ">", sizeof #name + 1, country, languages, validator, description, is_default},
#include "text/entities_table.inc"
#undef ENTITY
};

const vl_row vl_rows[VL_ROW_COUNT] = {
#define ROW(id, entity, priority, score, flags, validate, context, pattern, lead, width, before, sample, trigger)      \
    {#id, VL_ENTITY_##entity, priority, flags, score, validate, context, pattern, lead, width, before, sample, trigger},
#include "text/recognizers_table.inc"
#undef ROW
};

_Static_assert(VL_ROW_COUNT <= VL_ROW_MAX / 2, "half of a row set is for the host's own recognizers");
_Static_assert(VL_ENTITY_COUNT <= VL_ENTITY_MAX / 2, "half of an entity set is for the host's own recognizers");

bool vl_row_set_is_empty(const vl_row_set *set)
{
    uint64_t any = 0;
    for (size_t i = 0; i < VL_ROW_WORDS; i++)
        any |= set->words[i];
    return any == 0;
}

bool vl_row_set_meets(const vl_row_set *a, const vl_row_set *b)
{
    uint64_t any = 0;
    for (size_t i = 0; i < VL_ROW_WORDS; i++)
        any |= a->words[i] & b->words[i];
    return any != 0;
}

bool vl_entity_set_is_empty(const vl_entity_set *set)
{
    uint64_t any = 0;
    for (size_t i = 0; i < VL_ENTITY_WORDS; i++)
        any |= set->words[i];
    return any == 0;
}

int vl_entity_find(const char *name)
{
    int low = 0;
    int high = VL_ENTITY_COUNT;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(name, vl_entities[middle].name);
        if (order == 0) return middle;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

int vl_catalogue_find(const void *catalogue, const char *name)
{
    const vl_catalogue *c = catalogue;
    int entity = vl_entity_find(name);
    for (unsigned i = 0; entity < 0 && i < c->own_entity_count; i++)
        if (strcmp(c->own_entities[i].name, name) == 0) entity = (int)(VL_ENTITY_COUNT + i);
    return entity;
}

static bool is_listed(const char *list, const char *language)
{
    size_t length = strlen(language);
    if (list[0] == '\0' || strcmp(language, "any") == 0) return true;
    for (; *list != '\0'; list += list[0] == ',') {
        size_t n = strcspn(list, ",");
        if (n == length && memcmp(list, language, n) == 0) return true;
        list += n;
    }
    return false;
}

bool vl_row_speaks(const vl_catalogue *catalogue, unsigned row, const char *language)
{
    const vl_row *rule = vl_row_of(catalogue, row);
    return (rule->flags & VL_ROW_LOCAL) == 0 || is_listed(rule->lead, language);
}

bool vl_row_runs(const vl_catalogue *catalogue, unsigned row, const char *language)
{
    if (row >= VL_ROW_COUNT) return is_listed(catalogue->own_languages[row - VL_ROW_COUNT], language);
    const vl_entity *entity = &vl_entities[vl_rows[row].entity];
    if (!vl_row_speaks(catalogue, row, language)) return false;
    return entity->is_default && is_listed(entity->languages, language);
}

const char *vl_entity_placeholder(const void *catalogue, uint16_t entity, size_t *size_bytes)
{
    const vl_entity *found = vl_entity_of(catalogue, entity);
    *size_bytes = found->placeholder_bytes;
    return found->placeholder;
}

size_t vl_text_row_count(void)
{
    return VL_ROW_COUNT;
}

const char *vl_text_row_entity(size_t row)
{
    return vl_entities[vl_rows[row].entity].name;
}

const char *vl_text_row_pattern(size_t row)
{
    return vl_rows[row].pattern;
}

bool vl_text_row_caseless(size_t row)
{
    return (vl_rows[row].flags & VL_ROW_CASELESS) != 0;
}

size_t vl_text_entity_count(void)
{
    return VL_ENTITY_COUNT;
}

bool vl_text_entity_exists(const char *name)
{
    return vl_entity_find(name) >= 0;
}

void vl_catalogue_describe(const vl_catalogue *catalogue, size_t index, veil_entity_info *info)
{
    const vl_entity *entity = vl_entity_of(catalogue, (unsigned)index);
    info->name = entity->name;
    info->description = entity->description;
    info->country = entity->country;
    info->languages = entity->languages;
    info->validator = entity->validator;
    info->kind = "text";
    info->is_default = entity->is_default;
    info->score = 0;
    for (unsigned row = 0; row < vl_row_end(catalogue); row++) {
        const vl_row *rule = vl_row_of(catalogue, row);
        if (rule->entity == index && rule->score > info->score) info->score = rule->score;
    }
}

void vl_text_entity_at(size_t index, veil_entity_info *info)
{
    const vl_catalogue table = {.own_rows = NULL};
    vl_catalogue_describe(&table, index, info);
}

/* recognizers:, deny: and allow: of a configuration file. */
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "rules_impl.h"

/* A recognizer, or an allow rule, while its map is read. */
typedef struct reading {
    veil_recognizer recognizer;
    vl_list items;
    vl_list context;
    vl_list languages;
    const vl_node *source; /* of the items; NULL: none yet */
    bool is_case_sensitive;
    bool has_score;
} reading;

static veil_status read_name(veil_config_file *file, void *target, const vl_node *node)
{
    return vl_read_text(file, node, &((reading *)target)->recognizer.name);
}

static veil_status read_entity(veil_config_file *file, void *target, const vl_node *node)
{
    return vl_read_text(file, node, &((reading *)target)->recognizer.entity);
}

static veil_status one_source(veil_config_file *file, reading *r, const vl_node *node, uint32_t kind)
{
    if (r->source != NULL) return vl_node_refuse(file->error, node, "one of patterns, words or a file is enough");
    r->source = node;
    r->recognizer.kind = kind;
    return VEIL_OK;
}

static veil_status read_patterns(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = one_source(file, r, node, VEIL_RECOGNIZER_PATTERN);
    return status == VEIL_OK ? vl_read_texts(file, node, &r->items) : status;
}

static veil_status read_words(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = one_source(file, r, node, VEIL_RECOGNIZER_WORDS);
    return status == VEIL_OK ? vl_read_texts(file, node, &r->items) : status;
}

static veil_status read_words_file(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = one_source(file, r, node, VEIL_RECOGNIZER_WORDS);
    return status == VEIL_OK ? vl_read_lines(file, node, &r->items) : status;
}

static veil_status read_validator(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = vl_read_text(file, node, &r->recognizer.validator);
    if (status == VEIL_OK && !vl_text_validator_exists(r->recognizer.validator))
        status = vl_node_refuse(file->error, node, "unknown validator; docs/api.md lists them");
    return status;
}

static veil_status read_score(veil_config_file *file, void *target, const vl_node *node)
{
    double score = 0;
    veil_status status = vl_read_number(file, node, 0, 1, &score);
    ((reading *)target)->recognizer.score = (float)score;
    ((reading *)target)->has_score = true;
    return status;
}

static veil_status read_context(veil_config_file *file, void *target, const vl_node *node)
{
    return vl_read_texts(file, node, &((reading *)target)->context);
}

static veil_status read_languages(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = vl_read_texts(file, node, &r->languages);
    const vl_node *item = node->kind == VL_NODE_LIST ? node->first : node;
    for (size_t i = 0; i < r->languages.count && status == VEIL_OK; i++, item = item->next)
        if (!vl_language_is_known(item->text) || strcmp(item->text, "any") == 0)
            status = vl_node_refuse(file->error, item, "this is no code of ISO 639-1");
    return status;
}

static veil_status read_case(veil_config_file *file, void *target, const vl_node *node)
{
    return vl_read_bool(file, node, &((reading *)target)->is_case_sensitive);
}

static veil_status read_flag(veil_config_file *file, reading *r, const vl_node *node, uint32_t flag)
{
    bool is_on = false;
    veil_status status = vl_read_bool(file, node, &is_on);
    if (is_on) r->recognizer.flags |= flag;
    return status;
}

static veil_status read_whole_word(veil_config_file *file, void *target, const vl_node *node)
{
    return read_flag(file, target, node, VEIL_RECOGNIZER_WHOLE_WORD);
}

static veil_status read_soft_check(veil_config_file *file, void *target, const vl_node *node)
{
    return read_flag(file, target, node, VEIL_RECOGNIZER_SOFT_CHECK);
}

static veil_status read_sample(veil_config_file *file, void *target, const vl_node *node)
{
    return vl_read_text(file, node, &((reading *)target)->recognizer.sample);
}

/* deny: knows those up to case_sensitive. */
static const vl_key keys[] = {
    {"name", read_name},
    {"entity", read_entity},
    {"pattern", read_patterns},
    {"patterns", read_patterns},
    {"words", read_words},
    {"words_file", read_words_file},
    {"whole_word", read_whole_word},
    {"languages", read_languages},
    {"case_sensitive", read_case},
    {"validator", read_validator},
    {"soft_check", read_soft_check},
    {"score", read_score},
    {"context", read_context},
    {"sample", read_sample},
};
#define KEY_COUNT  (sizeof keys / sizeof keys[0])
#define DENY_COUNT 9u

static veil_status check_double(const veil_config_file *file, const vl_node *node, const char *name)
{
    const veil_recognizer *all = file->recognizers.items;
    for (size_t i = 0; i + 1 < file->recognizers.count; i++)
        if (strcmp(all[i].name, name) == 0)
            return vl_node_refuse(file->error, node, "another recognizer has this name (line %u)", all[i].line);
    return VEIL_OK;
}

static veil_status finish(veil_config_file *file, const vl_node *node, reading *r)
{
    veil_recognizer *own = &r->recognizer;
    if (own->entity == NULL) return vl_node_refuse(file->error, node, "entity is missing");
    if (r->source == NULL) return vl_node_refuse(file->error, node, "patterns, words or words_file is missing");
    own->struct_size = sizeof *own;
    own->line = node->line;
    own->items = r->items.items;
    own->item_count = r->items.count;
    own->context = r->context.items;
    own->context_count = r->context.count;
    own->languages = r->languages.items;
    own->language_count = r->languages.count;
    if (!r->is_case_sensitive) own->flags |= VEIL_RECOGNIZER_CASELESS;
    veil_recognizer *slot = vl_list_add(file, &file->recognizers, sizeof *slot);
    if (slot == NULL) return vl_file_no_memory(file);
    *slot = *own;
    veil_status status = check_double(file, node, own->name);
    return status == VEIL_OK ? vl_text_recognizer_check(slot, file->recognizers.count - 1, file->error) : status;
}

veil_status vl_read_recognizers(veil_config_file *file, const vl_node *node)
{
    if (node->kind != VL_NODE_LIST) return vl_node_refuse(file->error, node, "recognizers is a list");
    for (const vl_node *item = node->first; item != NULL; item = item->next) {
        reading r = {.is_case_sensitive = true, .recognizer = {.score = 0.5f}};
        veil_status status = vl_read_map(file, item, keys, KEY_COUNT, &r, "a recognizer");
        if (status == VEIL_OK && r.recognizer.name == NULL)
            status = vl_node_refuse(file->error, item, "name is missing");
        if (status == VEIL_OK) status = finish(file, item, &r);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

veil_status vl_read_deny(veil_config_file *file, const vl_node *node)
{
    if (node->kind != VL_NODE_LIST) return vl_node_refuse(file->error, node, "deny is a list");
    for (const vl_node *item = node->first; item != NULL; item = item->next) {
        reading r = {.is_case_sensitive = true, .recognizer = {.score = 1.0f}};
        veil_status status = vl_read_map(file, item, keys, DENY_COUNT, &r, "a deny list");
        file->deny_count++;
        if (status == VEIL_OK && r.recognizer.name == NULL) {
            char *name = vl_arena_take(&file->arena, 24);
            if (name == NULL) return vl_file_no_memory(file);
            snprintf(name, 24, "deny-%u", file->deny_count);
            r.recognizer.name = name;
        }
        if (status == VEIL_OK) status = finish(file, item, &r);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

/* ---- Allow lists ------------------------------------------------------------------------------------------------- */

static veil_status allow_texts(veil_config_file *file, void *target, const vl_node *node)
{
    return read_words(file, target, node);
}

static veil_status allow_file(veil_config_file *file, void *target, const vl_node *node)
{
    return read_words_file(file, target, node);
}

static veil_status allow_entity(veil_config_file *file, void *target, const vl_node *node)
{
    reading *r = target;
    veil_status status = read_entity(file, target, node);
    if (status != VEIL_OK || strcmp(r->recognizer.entity, "*") == 0) return status;
    return vl_note_use(file, r->recognizer.entity, node, true);
}

static const vl_key allow_keys[] = {
    {"entity", allow_entity},   {"text", allow_texts},       {"texts", allow_texts},        {"texts_file", allow_file},
    {"pattern", read_patterns}, {"patterns", read_patterns}, {"case_sensitive", read_case},
};

static veil_status add_allowed(veil_config_file *file, const vl_node *node, const reading *r)
{
    for (size_t i = 0; i < r->items.count; i++) {
        veil_allow_rule *rule = vl_list_add(file, &file->allow, sizeof *rule);
        if (rule == NULL) return vl_file_no_memory(file);
        rule->struct_size = sizeof *rule;
        rule->entity = r->recognizer.entity;
        rule->text = ((const char *const *)r->items.items)[i];
        rule->kind = r->recognizer.kind == VEIL_RECOGNIZER_PATTERN ? VEIL_ALLOW_REGEX : VEIL_ALLOW_EXACT;
        rule->is_caseless = !r->is_case_sensitive;
        rule->line = node->line;
    }
    return VEIL_OK;
}

veil_status vl_read_allow(veil_config_file *file, const vl_node *node)
{
    if (node->kind != VL_NODE_LIST) return vl_node_refuse(file->error, node, "allow is a list");
    for (const vl_node *item = node->first; item != NULL; item = item->next) {
        reading r = {.is_case_sensitive = true, .recognizer = {.entity = "*"}};
        veil_status status;
        if (item->kind == VL_NODE_SCALAR)
            status = allow_texts(file, &r, item);
        else
            status = vl_read_map(file, item, allow_keys, sizeof allow_keys / sizeof allow_keys[0], &r, "an allow list");
        if (status == VEIL_OK && r.source == NULL)
            status = vl_node_refuse(file->error, item, "text, pattern or texts_file is missing");
        if (status == VEIL_OK) status = add_allowed(file, item, &r);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

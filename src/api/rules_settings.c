/* Settings of a configuration file: the fields of veil_config by name, one table row each. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "api/check.h"
#include "config.h"
#include "core/error.h"
#include "rules_impl.h"

typedef enum kind { U32, U64, FLOAT, CHOICE, FLAG, TEXT, PATH } kind;

typedef struct setting {
    const char *name;
    size_t offset;
    kind kind;
    double low; /* numbers */
    double high;
    const char *const *words; /* choices: index is the value */
} setting;

static const char *const profiles[] = {"balanced", "speed", "accuracy", "memory", NULL};
static const char *const policies[] = {"opaque", "strict", NULL};
static const char *const pools[] = {"grow", "busy", NULL};
static const char *const hashes[] = {"xxh3", "mac", NULL};
static const char *const metrics[] = {"sampled", "full", "off", NULL};
static const char *const levels[] = {"auto", "plain", "avx2", "avx512", NULL};

#define NUMBER(field, type, low, high)                                                                                 \
    {                                                                                                                  \
#field, offsetof(veil_config, field), type, low, high, NULL                                                    \
    }
#define CHOOSE(field, words)                                                                                           \
    {                                                                                                                  \
#field, offsetof(veil_config, field), CHOICE, 0, 0, words                                                      \
    }
#define OTHER(field, type)                                                                                             \
    {                                                                                                                  \
#field, offsetof(veil_config, field), type, 0, 0, NULL                                                         \
    }

/* Ranges are those of config_check.c, which has the last word. */
static const setting settings[] = {
    CHOOSE(profile, profiles), /* first: it changes others */
    OTHER(language, TEXT),
    OTHER(model_path, PATH),
    OTHER(model_sha256, TEXT),
    NUMBER(min_score, FLOAT, 0, 1),
    NUMBER(face_min_score, FLOAT, 0, 1),
    NUMBER(margin_percent, FLOAT, 0, 100),
    CHOOSE(utf8_policy, policies),
    NUMBER(text_workspaces, U32, 1, 4096),
    NUMBER(image_workspaces, U32, 1, 64),
    NUMBER(audio_workspaces, U32, 1, 4096),
    CHOOSE(pool_policy, pools),
    NUMBER(worker_count, U32, 0, 1024),
    NUMBER(queue_capacity, U32, 1, 65536),
    NUMBER(cache_entries, U32, 0, 1048576),
    CHOOSE(cache_hash, hashes),
    OTHER(near_duplicates, FLAG),
    NUMBER(face_input_width, U32, 128, 2048),
    NUMBER(face_input_height, U32, 128, 2048),
    OTHER(face_tiles, FLAG),
    CHOOSE(metrics, metrics),
    CHOOSE(cpu_level, levels),
    NUMBER(max_audio_channels, U32, 1, 1024),
    NUMBER(max_text_bytes, U64, 1, 1e15),
    NUMBER(max_image_bytes, U64, 1, 1e15),
    NUMBER(max_image_pixels, U64, 1, 4294836225),
    NUMBER(max_audio_seconds, U64, 1, 31622400),
};
#define SETTING_COUNT (sizeof settings / sizeof settings[0])
_Static_assert(SETTING_COUNT <= VL_SETTINGS_MAX, "is_set has room for all settings");

static void store(void *field, kind type, double number)
{
    if (type == U64)
        *(uint64_t *)field = (uint64_t)number;
    else if (type == FLOAT)
        *(float *)field = (float)number;
    else
        *(uint32_t *)field = (uint32_t)number;
}

static veil_status read_setting(veil_config_file *file, const setting *s, const vl_node *node)
{
    void *field = (char *)&file->values + s->offset;
    double number = 0;
    uint32_t chosen = 0;
    bool flag = false;
    veil_status status = VEIL_OK;
    switch (s->kind) {
    case CHOICE:
        status = vl_read_choice(file, node, s->words, &chosen);
        number = chosen;
        break;
    case FLAG:
        status = vl_read_bool(file, node, &flag);
        number = flag;
        break;
    case TEXT:
        return vl_read_text(file, node, field);
    case PATH:
        return vl_read_path(file, node, field);
    default:
        status = vl_read_number(file, node, s->low, s->high, &number);
        if (status == VEIL_OK && s->kind != FLOAT && number != (double)(uint64_t)number)
            status = vl_node_refuse(file->error, node, "a whole number is wanted here");
    }
    if (status == VEIL_OK) store(field, s->kind, number);
    return status;
}

static veil_status check_language(const veil_config_file *file, const vl_node *node)
{
    if (vl_language_is_known(node->text)) return VEIL_OK;
    return vl_node_refuse(file->error, node, "this is neither \"any\" nor a code of ISO 639-1");
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static veil_status read_names(veil_config_file *file, vl_list *list, const vl_node *node)
{
    list->count = 0; /* a later file replaces the list of an earlier one */
    veil_status status = vl_read_texts(file, node, list);
    const vl_node *item = node->kind == VL_NODE_LIST ? node->first : node;
    for (size_t i = 0; i < list->count && status == VEIL_OK; i++, item = item->next)
        status = vl_note_use(file, ((const char **)list->items)[i], item, false);
    return status;
}

static veil_status read_entity(veil_config_file *file, const vl_node *node, const char **out, bool is_text)
{
    veil_status status = vl_read_text(file, node, out);
    if (status != VEIL_OK || strcmp(*out, "*") == 0) return status;
    return vl_note_use(file, *out, node, is_text);
}

static veil_status read_u32(veil_config_file *file, const vl_node *node, double high, uint32_t *out)
{
    double number = 0;
    veil_status status = vl_read_number(file, node, 0, high, &number);
    if (status == VEIL_OK && number != (double)(uint32_t)number)
        status = vl_node_refuse(file->error, node, "a whole number is wanted here");
    if (status == VEIL_OK) *out = (uint32_t)number;
    return status;
}

static veil_status operator_entity(veil_config_file *file, void *target, const vl_node *node)
{
    return read_entity(file, node, &((veil_operator_rule *)target)->entity, true);
}

static veil_status operator_name(veil_config_file *file, void *target, const vl_node *node)
{
    /* VEIL_OP_*, from 1, without CALLBACK */
    static const char *const names[] = {"replace", "redact",    "mask",  "hash",       "keep", "encrypt",
                                        "fpe",     "pseudonym", "token", "date_shift", NULL};
    uint32_t index = 0;
    veil_status status = vl_read_choice(file, node, names, &index);
    ((veil_operator_rule *)target)->op = index + 1;
    return status;
}

static veil_status operator_text(veil_config_file *file, void *target, const vl_node *node)
{
    if (node->kind == VL_NODE_SCALAR) return ((veil_operator_rule *)target)->text = node->text, VEIL_OK; /* may be "" */
    return vl_read_text(file, node, &((veil_operator_rule *)target)->text);
}

static veil_status operator_mask_char(veil_config_file *file, void *target, const vl_node *node)
{
    const char *text = NULL;
    veil_status status = vl_read_text(file, node, &text);
    if (status != VEIL_OK) return status;
    const unsigned char *p = (const unsigned char *)text; /* libyaml has checked that it is UTF-8 */
    const size_t need = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (strlen(text) != need) return vl_node_refuse(file->error, node, "one character is wanted here");
    uint32_t point = need == 1 ? p[0] : p[0] & (0x7Fu >> need);
    for (size_t i = 1; i < need; i++)
        point = point << 6 | (p[i] & 0x3Fu);
    ((veil_operator_rule *)target)->mask_char = point;
    return VEIL_OK;
}

static veil_status operator_mask_count(veil_config_file *file, void *target, const vl_node *node)
{
    return read_u32(file, node, UINT32_MAX, &((veil_operator_rule *)target)->mask_count);
}

static veil_status operator_mask_end(veil_config_file *file, void *target, const vl_node *node)
{
    static const char *const ends[] = {"start", "end", NULL};
    return vl_read_choice(file, node, ends, &((veil_operator_rule *)target)->mask_end);
}

static veil_status operator_hash_bits(veil_config_file *file, void *target, const vl_node *node)
{
    static const char *const bits[] = {"256", "512", NULL};
    uint32_t index = 0;
    veil_status status = vl_read_choice(file, node, bits, &index);
    ((veil_operator_rule *)target)->hash_bits = index == 0 ? 256 : 512;
    return status;
}

static veil_status operator_cipher(veil_config_file *file, void *target, const vl_node *node)
{
    static const char *const ciphers[] = {"gcm", "siv", "cbc", NULL}; /* VEIL_CIPHER_*, from 1 */
    uint32_t index = 0;
    veil_status status = vl_read_choice(file, node, ciphers, &index);
    ((veil_operator_rule *)target)->cipher = index + 1;
    return status;
}

static veil_status operator_shift_days(veil_config_file *file, void *target, const vl_node *node)
{
    return read_u32(file, node, 36500, &((veil_operator_rule *)target)->shift_days);
}

static const vl_key operator_keys[] = {
    {"cipher", operator_cipher},
    {"shift_days", operator_shift_days},
    {"entity", operator_entity},
    {"op", operator_name},
    {"text", operator_text},
    {"mask_char", operator_mask_char},
    {"mask_count", operator_mask_count},
    {"mask_end", operator_mask_end},
    {"hash_bits", operator_hash_bits},
};

static veil_status effect_entity(veil_config_file *file, void *target, const vl_node *node)
{
    return read_entity(file, node, &((veil_effect_rule *)target)->entity, false);
}

static veil_status effect_name(veil_config_file *file, void *target, const vl_node *node)
{
    static const char *const names[] = {"fill", "smooth",  "blur",  "pixelate", "keep",
                                        "beep", "silence", "noise", "disguise", NULL};
    static const uint32_t effects[] = {VEIL_EFFECT_FILL,     VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR,
                                       VEIL_EFFECT_PIXELATE, VEIL_EFFECT_KEEP,   VEIL_EFFECT_BEEP,
                                       VEIL_EFFECT_SILENCE,  VEIL_EFFECT_NOISE,  VEIL_EFFECT_DISGUISE};
    uint32_t index = 0;
    veil_status status = vl_read_choice(file, node, names, &index);
    ((veil_effect_rule *)target)->effect = effects[index];
    return status;
}

static veil_status effect_color(veil_config_file *file, void *target, const vl_node *node)
{
    uint32_t color = 0;
    bool is_color = node->kind == VL_NODE_SCALAR && node->bytes == 6;
    for (size_t i = 0; is_color && i < 6; i++) {
        const char *digits = "0123456789abcdef";
        const char *at = strchr(digits, node->text[i] | (node->text[i] >= 'A' ? 0x20 : 0));
        is_color = at != NULL && *at != '\0';
        if (is_color) color = color << 4 | (uint32_t)(at - digits);
    }
    if (!is_color) return vl_node_refuse(file->error, node, "a colour of six hexadecimal digits is wanted here");
    ((veil_effect_rule *)target)->color_rgb = color;
    return VEIL_OK;
}

static const vl_key effect_keys[] = {{"entity", effect_entity}, {"effect", effect_name}, {"color_rgb", effect_color}};

static veil_status read_operators(veil_config_file *file, const vl_node *node)
{
    if (node->kind != VL_NODE_LIST) return vl_node_refuse(file->error, node, "operators is a list");
    for (const vl_node *item = node->first; item != NULL; item = item->next) {
        veil_operator_rule *rule = vl_list_add(file, &file->operators, sizeof *rule);
        if (rule == NULL) return vl_file_no_memory(file);
        *rule = (veil_operator_rule){.struct_size = sizeof *rule};
        veil_status status =
            vl_read_map(file, item, operator_keys, sizeof operator_keys / sizeof operator_keys[0], rule, "an operator");
        if (status != VEIL_OK) return status;
        if (rule->entity == NULL || rule->op == 0)
            return vl_node_refuse(file->error, item, "an operator needs entity and op");
        const char *wrong = vl_operator_fault(rule);
        if (wrong != NULL) return vl_node_refuse(file->error, item, "this operator has a wrong %s", wrong);
    }
    return VEIL_OK;
}

static veil_status read_effects(veil_config_file *file, const vl_node *node)
{
    if (node->kind != VL_NODE_LIST) return vl_node_refuse(file->error, node, "effects is a list");
    for (const vl_node *item = node->first; item != NULL; item = item->next) {
        veil_effect_rule *rule = vl_list_add(file, &file->effects, sizeof *rule);
        if (rule == NULL) return vl_file_no_memory(file);
        *rule = (veil_effect_rule){.struct_size = sizeof *rule};
        veil_status status =
            vl_read_map(file, item, effect_keys, sizeof effect_keys / sizeof effect_keys[0], rule, "an effect");
        if (status != VEIL_OK) return status;
        if (rule->entity == NULL || rule->effect == 0)
            return vl_node_refuse(file->error, item, "an effect needs entity and effect");
    }
    return VEIL_OK;
}

static veil_status read_modalities(veil_config_file *file, const vl_node *node)
{
    static const char *const names[] = {"text", "image", "audio", NULL};
    vl_list unused = {NULL, 0, 0};
    uint32_t modalities = 0;
    veil_status status = vl_read_texts(file, node, &unused);
    const vl_node *item = node->kind == VL_NODE_LIST ? node->first : node;
    for (size_t i = 0; i < unused.count && status == VEIL_OK; i++, item = item->next) {
        uint32_t index = 0;
        status = vl_read_choice(file, item, names, &index);
        modalities |= 1u << index;
    }
    file->values.modalities = modalities;
    return status;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static veil_status read_entities(veil_config_file *file, const vl_node *node)
{
    return read_names(file, &file->entities, node);
}

static veil_status read_exclude(veil_config_file *file, const vl_node *node)
{
    return read_names(file, &file->exclude, node);
}

static const struct section {
    const char *name;
    bool is_rule; /* of a rule file, too */
    veil_status (*read)(veil_config_file *file, const vl_node *node);
} sections[] = {
    {"recognizers", true, vl_read_recognizers},
    {"deny", true, vl_read_deny},
    {"allow", true, vl_read_allow},
    {"entities", false, read_entities},
    {"exclude", false, read_exclude},
    {"operators", false, read_operators},
    {"effects", false, read_effects},
    {"modalities", false, read_modalities},
};
#define SECTION_COUNT (sizeof sections / sizeof sections[0])

static veil_status read_key(veil_config_file *file, const vl_node *key, uint32_t flags, bool *is_known)
{
    const bool is_rules = (flags & VEIL_FILE_RULES) != 0;
    *is_known = true;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (strcmp(sections[i].name, key->text) != 0) continue;
        if (is_rules && !sections[i].is_rule)
            return vl_node_refuse(file->error, key, "%s is a setting; this is a rule file", sections[i].name);
        return sections[i].read(file, key->next);
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(settings[i].name, key->text) != 0) continue;
        if (is_rules) return vl_node_refuse(file->error, key, "%s is a setting; this is a rule file", settings[i].name);
        file->is_set[i] = true;
        veil_status status = read_setting(file, &settings[i], key->next);
        bool is_language = settings[i].offset == offsetof(veil_config, language);
        return status == VEIL_OK && is_language ? check_language(file, key->next) : status;
    }
    *is_known = false;
    return VEIL_OK;
}

static veil_status unknown_key(const veil_config_file *file, const vl_node *key)
{
    vl_key all[SECTION_COUNT + SETTING_COUNT];
    for (size_t i = 0; i < SECTION_COUNT; i++)
        all[i] = (vl_key){sections[i].name, NULL};
    for (size_t i = 0; i < SETTING_COUNT; i++)
        all[SECTION_COUNT + i] = (vl_key){settings[i].name, NULL};
    if (strcmp(key->text, "key") == 0 || strcmp(key->text, "key_file") == 0)
        return vl_node_refuse(file->error, key, "keys do not stand in configuration files");
    vl_node map = {.kind = VL_NODE_MAP, .line = key->line, .column = key->column, .first = (vl_node *)(uintptr_t)key};
    return vl_read_map((veil_config_file *)(uintptr_t)file, &map, all, SECTION_COUNT + SETTING_COUNT, NULL, "the file");
}

veil_status vl_read_settings(veil_config_file *file, const vl_node *root, uint32_t flags)
{
    if (root->kind != VL_NODE_MAP) return vl_node_refuse(file->error, root, "the file is a map of keys and values");
    for (const vl_node *key = root->first; key != NULL; key = key->next->next) {
        bool is_known;
        if (key->kind != VL_NODE_SCALAR) return vl_node_refuse(file->error, key, "a key is a word");
        for (const vl_node *other = root->first; other != key; other = other->next->next)
            if (strcmp(other->text, key->text) == 0)
                return vl_node_refuse(file->error, key, "this key stands here twice");
        veil_status status = read_key(file, key, flags, &is_known);
        if (status == VEIL_OK && !is_known) status = unknown_key(file, key);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

static size_t size_of(kind type)
{
    return type == U64 ? sizeof(uint64_t) : type == TEXT || type == PATH ? sizeof(char *) : sizeof(uint32_t);
}

void vl_apply_settings(const veil_config_file *file, veil_config *config)
{
    if (file->is_set[0]) (void)veil_config_apply_profile(config, file->values.profile);
    for (size_t i = 1; i < SETTING_COUNT; i++) {
        const setting *s = &settings[i];
        if (file->is_set[i])
            memcpy((char *)config + s->offset, (const char *)&file->values + s->offset, size_of(s->kind));
    }
    if (file->values.modalities != 0) config->modalities = file->values.modalities;
}

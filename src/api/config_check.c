/*
 * Every field of a config is read here, and a wrong one is refused by name: a setting that silently does nothing is how
 * redaction fails (THREATS row 25). Reasons name fields and numbers; names that the caller misspelt are not repeated, for a
 * list of names may come from a request.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "sanitizer.h"

#define CONFIG_MIN_BYTES 16u
#define WORKSPACES_MAX   4096u
#define NETWORKS_MAX     64u
#define WORKERS_MAX      1024u
#define QUEUE_MAX        65536u
#define CACHE_MAX        (1u << 20)
#define CHANNELS_MAX     1024u
#define FACE_INPUT_MIN   128u
#define FACE_INPUT_MAX   2048u
#define RATE_MIN_HZ      8000u
#define RATE_MAX_HZ      192000u
#define GUARD_MAX_MS     60000u
#define SECONDS_MAX      (UINT64_C(366) * 86400)

veil_status vl_config_copy(const veil_config *theirs, veil_config *ours, veil_error *error)
{
    vl_config_defaults(ours);
    const veil_status status = vl_check_struct(theirs, CONFIG_MIN_BYTES, sizeof *ours, "config", error);
    if (status != VEIL_OK) return status;
    memcpy(ours, theirs, theirs->struct_size < sizeof *ours ? theirs->struct_size : sizeof *ours);
    ours->struct_size = sizeof *ours;
    return VEIL_OK;
}

uint32_t vl_entity_kind(const char *name)
{
    if (vl_text_entity_exists(name)) return VEIL_MODALITY_TEXT;
    uint32_t kind = 0;
    veil_entity_info info = {.struct_size = sizeof info};
#if VEIL_HAS_IMAGE
    for (size_t i = 0; kind == 0 && i < vl_image_entity_count(); i++) {
        vl_image_entity_at(i, &info);
        if (strcmp(info.name, name) == 0) kind = VEIL_MODALITY_IMAGE;
    }
#endif
#if VEIL_HAS_AUDIO
    for (size_t i = 0; kind == 0 && i < vl_audio_entity_count(); i++) {
        vl_audio_entity_at(i, &info);
        if (strcmp(info.name, name) == 0) kind = VEIL_MODALITY_AUDIO;
    }
#endif
    (void)info;
    return kind;
}

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

typedef struct range_row {
    const char *field;
    uint64_t value;
    uint64_t low;
    uint64_t high;
} range_row;

static veil_status check_ranges(const veil_config *c, veil_error *error)
{
    const range_row rows[] = {
        {"profile", c->profile, VEIL_PROFILE_BALANCED, VEIL_PROFILE_MEMORY},
        {"utf8_policy", c->utf8_policy, VEIL_UTF8_OPAQUE, VEIL_UTF8_STRICT},
        {"text_workspaces", c->text_workspaces, 1, WORKSPACES_MAX},
        {"image_workspaces", c->image_workspaces, 1, NETWORKS_MAX},
        {"audio_workspaces", c->audio_workspaces, 1, WORKSPACES_MAX},
        {"pool_policy", c->pool_policy, VEIL_POOL_GROW, VEIL_POOL_BUSY},
        {"worker_count", c->worker_count, 0, WORKERS_MAX},
        {"queue_capacity", c->queue_capacity, 1, QUEUE_MAX},
        {"cache_entries", c->cache_entries, 0, CACHE_MAX},
        {"cache_hash", c->cache_hash, VEIL_CACHE_HASH_XXH3, VEIL_CACHE_HASH_MAC},
        {"near_duplicates", c->near_duplicates, 0, 1},
        {"face_input_width", c->face_input_width, FACE_INPUT_MIN, FACE_INPUT_MAX},
        {"face_input_height", c->face_input_height, FACE_INPUT_MIN, FACE_INPUT_MAX},
        {"face_tiles", c->face_tiles, 0, 1},
        {"reserved", c->reserved, 0, 0},
        {"metrics", c->metrics, VEIL_METRICS_SAMPLED, VEIL_METRICS_OFF},
        {"cpu_level", c->cpu_level, VEIL_CPU_AUTO, VEIL_CPU_AVX512},
        {"max_audio_channels", c->max_audio_channels, 1, CHANNELS_MAX},
        {"max_text_bytes", c->max_text_bytes, 1, SIZE_MAX},
        {"max_image_bytes", c->max_image_bytes, 1, SIZE_MAX},
        {"max_image_pixels", c->max_image_pixels, 1, UINT64_C(65535) * 65535},
        {"max_audio_seconds", c->max_audio_seconds, 1, SECONDS_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].value < rows[i].low || rows[i].value > rows[i].high)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.%s is %llu; it goes from %llu to %llu",
                                rows[i].field, (unsigned long long)rows[i].value, (unsigned long long)rows[i].low,
                                (unsigned long long)rows[i].high);
    return VEIL_OK;
}

static veil_status check_numbers(const veil_config *c, veil_error *error)
{
    if ((c->flags & ~(uint64_t)(VEIL_TEXT_NO_FOLD | VEIL_TEXT_NO_DECODE)) != 0)
        return invalid(error, "config.flags has an unknown bit");
    if (isnan(c->min_score) || c->min_score < 0.0f || c->min_score > 1.0f)
        return invalid(error, "config.min_score is not a number from 0 to 1");
    if (isnan(c->face_min_score) || c->face_min_score < 0.0f || c->face_min_score > 1.0f)
        return invalid(error, "config.face_min_score is not a number from 0 to 1");
    if (isnan(c->margin_percent) || c->margin_percent < 0.0f || c->margin_percent > 100.0f)
        return invalid(error, "config.margin_percent is not a number from 0 to 100");
    return VEIL_OK;
}

static veil_status check_modalities(const veil_config *c, veil_error *error)
{
    const uint32_t all = VEIL_MODALITY_TEXT | VEIL_MODALITY_IMAGE | VEIL_MODALITY_AUDIO;
    if (c->modalities == 0 || (c->modalities & ~all) != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.modalities is 0x%x", c->modalities);
    const uint32_t missing = c->modalities & ~vl_config_built_modalities();
    if (missing != 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "config.modalities asks for %s, which this build lacks",
                            (missing & VEIL_MODALITY_IMAGE) != 0 ? "images" : "audio");
    return VEIL_OK;
}

static bool is_hex64(const char *text)
{
    size_t digits = 0;
    while (digits < 65 &&
           ((text[digits] >= '0' && text[digits] <= '9') || (text[digits] >= 'a' && text[digits] <= 'f') ||
            (text[digits] >= 'A' && text[digits] <= 'F')))
        digits++;
    return digits == 64 && text[64] == '\0';
}

/* Settings that stand in relation to each other. */
static veil_status check_pairs(const veil_config *c, veil_error *error)
{
    if ((c->alloc == NULL) != (c->free == NULL)) return invalid(error, "config.alloc and config.free: both or neither");
    if ((c->key == NULL) != (c->key_bytes == 0)) return invalid(error, "config.key and config.key_bytes do not agree");
    if (c->key_bytes != 0 && c->key_bytes < VL_KEY_MIN_BYTES)
        return vl_error_set(error, VEIL_ERR_KEY, 0, "config.key_bytes is %zu; a key has at least %u", c->key_bytes,
                            VL_KEY_MIN_BYTES);
    if (c->key_bytes > VL_KEY_MAX_BYTES)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.key_bytes is %zu; a key has at most %u",
                            c->key_bytes, VL_KEY_MAX_BYTES);
    const bool has_image = (c->modalities & VEIL_MODALITY_IMAGE) != 0;
    if (c->model_path != NULL && !has_image) return invalid(error, "config.model_path is set, but images are not");
    if (c->model_path != NULL && c->model_path[0] == '\0') return invalid(error, "config.model_path is empty");
    if (c->model_sha256 != NULL && c->model_path == NULL)
        return invalid(error, "config.model_sha256 is set, but model_path is not");
    if (c->model_sha256 != NULL && !is_hex64(c->model_sha256))
        return invalid(error, "config.model_sha256 is not 64 hexadecimal digits");
    const bool has_text = (c->modalities & (VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO)) != 0 || c->ocr != NULL;
    if (!has_text && (c->recognizer_count != 0 || c->allow_count != 0))
        return invalid(error, "config.recognizers or config.allow is set, but neither text nor audio is");
    if (c->near_duplicates == 1 && c->cache_entries == 0)
        return invalid(error, "config.near_duplicates needs cache_entries");
    return VEIL_OK;
}

/* Modalities that can find what a name of this kind stands for: text entities are found in transcripts, too. */
static uint32_t served_by(const veil_config *c, uint32_t kind)
{
    if (kind != VEIL_MODALITY_TEXT) return kind;
    return VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO | (c->ocr != NULL ? VEIL_MODALITY_IMAGE : 0u);
}

/* As vl_entity_kind, with the entities that the config's own recognizers name. */
static uint32_t kind_of(const veil_config *c, const char *name)
{
    const uint32_t kind = vl_entity_kind(name);
    return kind == 0 && vl_text_config_names(c, name) ? VEIL_MODALITY_TEXT : kind;
}

static veil_status check_entity_names(const veil_config *c, veil_error *error)
{
    veil_status status = vl_check_names(c->entities, c->entity_count, "config.entities", error);
    if (status == VEIL_OK) status = vl_check_names(c->exclude, c->exclude_count, "config.exclude", error);
    if (status != VEIL_OK) return status;
    if (c->entities != NULL && c->entity_count == 0)
        return invalid(error, "config.entities is an empty list: nothing would be found");
    for (size_t i = 0; i < c->entity_count; i++) {
        const uint32_t kind = kind_of(c, c->entities[i]);
        if (kind == 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.entities[%zu] is no entity of this build",
                                i);
        if ((served_by(c, kind) & c->modalities) == 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "config.entities[%zu] is found by no modality that is on", i);
    }
    for (size_t i = 0; i < c->exclude_count; i++)
        if (kind_of(c, c->exclude[i]) == 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.exclude[%zu] is no entity of this build",
                                i);
    return VEIL_OK;
}

static veil_status check_effect_names(const veil_config *c, veil_error *error)
{
    for (size_t i = 0; i < c->effect_count; i++) {
        const char *name = c->effects[i].entity;
        if (strcmp(name, "*") == 0) continue;
        const uint32_t kind = kind_of(c, name);
        const uint32_t effect = c->effects[i].effect;
        const bool is_sound = effect >= VEIL_EFFECT_BEEP;
        /* Text entities are found in transcripts and in pictures: they take the effects of both. */
        const bool fits = kind == VEIL_MODALITY_TEXT || (kind == VEIL_MODALITY_IMAGE && !is_sound) ||
                          (kind == VEIL_MODALITY_AUDIO && (is_sound || effect == VEIL_EFFECT_KEEP));
        if (!fits)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "config.effects[%zu] names no entity that its effect can be used on", i);
        const bool is_by_means = effect == VEIL_EFFECT_BLUR || effect == VEIL_EFFECT_PIXELATE;
        if (is_by_means && strcmp(name, "FACE") != 0 && strcmp(name, "REGION") != 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                                "config.effects[%zu]: blur and pixelate are for FACE and REGION; text and codes can be "
                                "guessed from them",
                                i);
    }
    return VEIL_OK;
}

static veil_status check_rules(const veil_config *c, veil_error *error)
{
    veil_status status = vl_check_operators(c->operators, c->operator_count, error);
    if (status == VEIL_OK) status = vl_check_effects(c->effects, c->effect_count, error);
    if (status != VEIL_OK) return status;
    for (size_t i = 0; i < c->operator_count; i++) {
        veil_operator_rule rule;
        (void)vl_operator_rule_read(c->operators, i, &rule); /* its size was checked above */
        if (strcmp(rule.entity, "*") != 0 && kind_of(c, rule.entity) != VEIL_MODALITY_TEXT)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.operators[%zu] names no text entity", i);
        const bool needs_key = rule.op == VEIL_OP_HASH || (rule.op > VEIL_OP_KEEP && rule.op < VEIL_OP_CALLBACK);
        if (needs_key && c->key == NULL)
            return vl_error_set(error, VEIL_ERR_KEY, 0, "config.operators[%zu] is %s: it needs config.key", i,
                                vl_operator_name(rule.op));
    }
    return check_effect_names(c, error);
}

static bool is_rate(uint32_t rate_hz)
{
    return rate_hz == 0 || (rate_hz >= RATE_MIN_HZ && rate_hz <= RATE_MAX_HZ);
}

static veil_status check_ocr(const veil_config *c, veil_error *error)
{
    if (c->ocr == NULL) return VEIL_OK;
    const veil_status status = vl_check_struct(c->ocr, sizeof *c->ocr, sizeof *c->ocr, "config.ocr", error);
    if (status != VEIL_OK) return status;
    if ((c->modalities & VEIL_MODALITY_IMAGE) == 0) return invalid(error, "config.ocr is set, but images are not");
    if (c->ocr->create == NULL || c->ocr->recognize == NULL || c->ocr->destroy == NULL)
        return invalid(error, "config.ocr: create, recognize or destroy is NULL");
    return VEIL_OK;
}

static veil_status check_asr(const veil_config *c, veil_error *error)
{
    if (c->asr == NULL) return VEIL_OK;
    const veil_status status = vl_check_struct(c->asr, sizeof *c->asr, sizeof *c->asr, "config.asr", error);
    if (status != VEIL_OK) return status;
    if ((c->modalities & VEIL_MODALITY_AUDIO) == 0) return invalid(error, "config.asr is set, but audio is not");
    if (c->asr->create == NULL || c->asr->recognize == NULL || c->asr->destroy == NULL)
        return invalid(error, "config.asr: create, recognize or destroy is NULL");
    if (!is_rate(c->asr->sample_rate_hz) || c->asr->min_rate_hz > RATE_MAX_HZ)
        return invalid(error, "config.asr: sample_rate_hz or min_rate_hz is no rate from 8000 to 192000");
    if (c->asr->guard_ms > GUARD_MAX_MS) return invalid(error, "config.asr: guard_ms is above 60000");
    if (c->asr->reserved != 0) return invalid(error, "config.asr: reserved is not 0");
    return VEIL_OK;
}

veil_status vl_config_check(const veil_config *config, veil_error *error)
{
    veil_status status = check_modalities(config, error);
    if (status == VEIL_OK) status = check_ranges(config, error);
    if (status == VEIL_OK) status = check_numbers(config, error);
    if (status == VEIL_OK) status = check_pairs(config, error);
    if (status == VEIL_OK) status = vl_check_language(config->language, false, error);
    if (status == VEIL_OK) status = check_entity_names(config, error);
    if (status == VEIL_OK) status = check_rules(config, error);
    if (status == VEIL_OK) status = check_asr(config, error);
    if (status == VEIL_OK) status = check_ocr(config, error);
    return status;
}

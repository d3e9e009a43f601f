/* Options over configuration, and the lookup of effects. Rules are few, so they are searched, not indexed. */
#include "audio/plan.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"

static bool is_audio_name(const char *name)
{
    return strcmp(name, VL_ENTITY_RANGE) == 0 || strcmp(name, VL_ENTITY_SPOKEN_NUMBER) == 0 ||
           strcmp(name, VL_ENTITY_DTMF) == 0;
}

static bool is_sample_effect(uint32_t effect)
{
    return effect == VEIL_EFFECT_BEEP || effect == VEIL_EFFECT_SILENCE || effect == VEIL_EFFECT_NOISE ||
           effect == VEIL_EFFECT_DISGUISE;
}

static bool is_pixel_effect(uint32_t effect)
{
    return effect >= VEIL_EFFECT_FILL && effect <= VEIL_EFFECT_PIXELATE;
}

static bool has_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0) return true;
    }
    return false;
}

/* Without a text engine, what the catalogue names. */
static bool is_text_name(const vl_text_engine *text, const char *name)
{
    return text == NULL ? vl_text_entity_exists(name) : vl_text_engine_has(text, name) >= 0;
}

/* Names that a call may use: ours and the text engine's. */
static veil_status check_names(const vl_text_engine *text, const char *const *names, size_t count, const char *what,
                               veil_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && (is_audio_name(names[i]) || is_text_name(text, names[i]))) continue;
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i, "%s %zu: not an entity of audio or text", what, i);
    }
    return VEIL_OK;
}

/* The subset of `names` that the text engine serves, in work memory. */
static veil_status text_names(const char *const *names, size_t count, vl_audio_work *work, const char *const **out,
                              size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    if (count == 0) return VEIL_OK;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, count, sizeof(char *), &memory);
    if (status != VEIL_OK) return status;
    const char **kept = memory;
    for (size_t i = 0; i < count; i++) {
        if (!is_audio_name(names[i])) kept[(*out_count)++] = names[i];
    }
    *out = kept;
    return VEIL_OK;
}

static veil_status check_effects(const vl_text_engine *text, const veil_effect_rule *rules, size_t count,
                                 veil_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *entity = rules[i].entity;
        if (entity == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i, "effect %zu: entity is NULL", i);
        if (strcmp(entity, "*") != 0) {
            veil_status status = check_names(text, &entity, 1, "effect", error);
            if (status != VEIL_OK) return status;
        }
        if (!is_sample_effect(rules[i].effect) && rules[i].effect != VEIL_EFFECT_KEEP) {
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i, "effect %zu: %u is not an effect on samples", i,
                                rules[i].effect);
        }
        if (rules[i].effect == VEIL_EFFECT_DISGUISE && strcmp(entity, "*") != 0) {
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i,
                                "effect %zu: disguise is for the whole voice; its entity is *", i);
        }
    }
    return VEIL_OK;
}

static char *copy_name(const vl_allocator *allocator, const char *name)
{
    size_t bytes = strlen(name) + 1;
    char *copy = vl_alloc(allocator, bytes);
    if (copy != NULL) memcpy(copy, name, bytes);
    return copy;
}

/* A configuration serves images as well: its rules for pixels are not ours to judge, those for samples are. */
static veil_status copy_rules(const veil_config *config, const vl_allocator *allocator, vl_audio_defaults *out,
                              veil_error *error)
{
    if (config->effect_count == 0) return VEIL_OK;
    out->rules = vl_alloc_zero(allocator, config->effect_count, sizeof *out->rules);
    if (out->rules == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "effect rules");
    out->rule_count = config->effect_count;
    size_t kept = 0;
    for (size_t i = 0; i < config->effect_count; i++) {
        const veil_effect_rule *rule = &config->effects[i];
        if (rule->entity == NULL)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i, "effect %zu: entity is NULL", i);
        if (is_pixel_effect(rule->effect)) continue;
        if (rule->effect != VEIL_EFFECT_KEEP) {
            veil_status status = check_effects(out->text, rule, 1, error);
            if (status != VEIL_OK) return status;
        }
        out->rules[kept] = *rule;
        out->rules[kept].entity = copy_name(allocator, rule->entity);
        if (out->rules[kept].entity == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "effect rules");
        kept++;
    }
    return VEIL_OK;
}

static bool config_runs(const veil_config *config, const char *name)
{
    bool is_named = config->entities == NULL || has_name(config->entities, config->entity_count, name);
    return is_named && !has_name(config->exclude, config->exclude_count, name);
}

veil_status vl_audio_defaults_create(const veil_config *config, const vl_allocator *allocator,
                                     const vl_text_engine *text, vl_audio_defaults *out, veil_error *error)
{
    *out =
        (vl_audio_defaults){.text = text, .min_score = config->min_score, .lexicons = vl_lexicon_set(config->language)};
    bool is_narrowed = config->entities != NULL;
    out->runs_text = !is_narrowed;
    for (size_t i = 0; i < config->entity_count && is_narrowed; i++) {
        if (config->entities[i] != NULL && vl_text_config_names(config, config->entities[i])) out->runs_text = true;
    }
    out->runs_spoken_number = config_runs(config, VL_ENTITY_SPOKEN_NUMBER);
    out->runs_dtmf = config_runs(config, VL_ENTITY_DTMF);
    out->runs_dtmf_cards = config_runs(config, VL_ENTITY_CARD);
    out->runs_ranges = !has_name(config->exclude, config->exclude_count, VL_ENTITY_RANGE);
    veil_status status = copy_rules(config, allocator, out, error);
    if (status != VEIL_OK) vl_audio_defaults_destroy(out, allocator);
    return status;
}

void vl_audio_defaults_destroy(vl_audio_defaults *defaults, const vl_allocator *allocator)
{
    if (defaults->rules == NULL) return;
    for (size_t i = 0; i < defaults->rule_count; i++) {
        char *name = (char *)(uintptr_t)defaults->rules[i].entity;
        if (name != NULL) vl_free(allocator, name, strlen(name) + 1);
    }
    vl_free(allocator, defaults->rules, defaults->rule_count * sizeof *defaults->rules);
    *defaults = (vl_audio_defaults){0};
}

static veil_status read_numbers(const veil_audio_options *options, vl_audio_plan *plan, veil_error *error)
{
    if (isnan(options->min_score) || options->min_score > 1) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "min_score is not within 0 to 1");
    }
    if (options->guard_ms > VL_GUARD_MS_MAX || options->fade_ms > VL_FADE_MS_MAX) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "guard_ms or fade_ms exceeds %d or %d",
                            VL_GUARD_MS_MAX, VL_FADE_MS_MAX);
    }
    if (!(options->level_dbfs <= 0 && options->level_dbfs >= VL_LEVEL_DBFS_MIN)) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "level_dbfs is not within %d to 0", VL_LEVEL_DBFS_MIN);
    }
    if (options->level_dbfs < 0) plan->level = pow(10, (double)options->level_dbfs / 20);
    if (options->min_score >= 0) plan->min_score = options->min_score;
    if (options->guard_ms >= 0) plan->guard_s = options->guard_ms / 1000.0;
    if (options->fade_ms >= 0) plan->fade_s = options->fade_ms / 1000.0;
    if (options->transcript == NULL && options->transcript_bytes != 0) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "transcript is NULL but transcript_bytes is not 0");
    }
    plan->runs_asr = (options->flags & VEIL_AUDIO_ASR) != 0;
    if (options->ranges == NULL && options->range_count != 0) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "ranges is NULL but range_count is not 0");
    }
    return VEIL_OK;
}

/* What the call names runs, though the configuration does without; what it excludes does not. */
static bool call_runs(const veil_audio_options *options, const char *name, bool by_default)
{
    bool runs = options->entities == NULL ? by_default : has_name(options->entities, options->entity_count, name);
    return runs && !has_name(options->exclude, options->exclude_count, name);
}

static veil_status read_names(const veil_audio_options *options, vl_audio_work *work, vl_audio_plan *plan,
                              veil_error *error)
{
    const vl_text_engine *text = plan->defaults->text;
    veil_status status = check_names(text, options->entities, options->entity_count, "entity", error);
    if (status == VEIL_OK)
        status = check_names(text, options->exclude, options->exclude_count, "excluded entity", error);
    if (status == VEIL_OK) status = check_effects(text, options->effects, options->effect_count, error);
    if (status != VEIL_OK) return status;
    plan->rules = options->effects;
    plan->rule_count = options->effect_count;
    status = text_names(options->entities, options->entity_count, work, &plan->text.entities, &plan->text.entity_count);
    if (status == VEIL_OK) {
        status =
            text_names(options->exclude, options->exclude_count, work, &plan->text.exclude, &plan->text.exclude_count);
    }
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no buffer for entity names");
    if (options->entities != NULL) plan->runs_text = plan->text.entity_count != 0;
    plan->runs_spoken_number = call_runs(options, VL_ENTITY_SPOKEN_NUMBER, plan->runs_spoken_number);
    plan->runs_dtmf = call_runs(options, VL_ENTITY_DTMF, plan->runs_dtmf);
    plan->runs_dtmf_cards = call_runs(options, VL_ENTITY_CARD, plan->runs_dtmf_cards);
    plan->runs_ranges =
        plan->defaults->runs_ranges && !has_name(options->exclude, options->exclude_count, VL_ENTITY_RANGE);
    if (options->range_count != 0 && !plan->runs_ranges) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "ranges were given, but RANGE is excluded");
    }
    return VEIL_OK;
}

veil_status vl_audio_plan_make(const vl_audio_defaults *defaults, const veil_audio_options *options,
                               vl_audio_work *work, vl_audio_plan *out, veil_error *error)
{
    *out = (vl_audio_plan){.text = {.struct_size = sizeof out->text, .min_score = -1, .flags = VEIL_TEXT_ALL},
                           .runs_text = defaults->runs_text,
                           .runs_spoken_number = defaults->runs_spoken_number,
                           .runs_ranges = defaults->runs_ranges,
                           .runs_dtmf = defaults->runs_dtmf,
                           .runs_dtmf_cards = defaults->runs_dtmf_cards,
                           .lexicons = defaults->lexicons,
                           .min_score = defaults->min_score,
                           .guard_s = VL_GUARD_MS / 1000.0,
                           .fade_s = VL_FADE_MS / 1000.0,
                           .disguises = vl_audio_disguises(defaults, options),
                           .defaults = defaults};
    if (options == NULL) return VEIL_OK;
    out->speaker_only = (options->flags & VEIL_AUDIO_SPEAKER_ONLY) != 0;
    out->deadline_ns = options->timeout_us == 0 ? 0 : vl_deadline_after_us(options->timeout_us);
    out->text.language = options->language;
    if (options->language != NULL) out->lexicons = vl_lexicon_set(options->language);
    out->text.min_score = options->min_score;
    veil_status status = read_numbers(options, out, error);
    if (status == VEIL_OK) status = read_names(options, work, out, error);
    out->disguised = options->disguise_channels;
    if (status == VEIL_OK && out->disguised != 0 && !out->disguises)
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "disguise_channels belongs to the effect DISGUISE");
    return status;
}

bool vl_audio_knows(const vl_audio_defaults *defaults, const char *entity)
{
    return is_audio_name(entity) || is_text_name(defaults->text, entity);
}

static bool has_disguise(const veil_effect_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rules[i].effect == VEIL_EFFECT_DISGUISE) return true;
    }
    return false;
}

bool vl_audio_disguises(const vl_audio_defaults *defaults, const veil_audio_options *options)
{
    return has_disguise(defaults->rules, defaults->rule_count) ||
           (options != NULL && has_disguise(options->effects, options->effect_count));
}

static uint32_t find_rule(const veil_effect_rule *rules, size_t count, const char *entity)
{
    for (size_t i = count; i-- > 0;) {
        if (rules[i].effect == VEIL_EFFECT_DISGUISE) continue; /* says nothing of what is cut */
        if (rules[i].entity != NULL && strcmp(rules[i].entity, entity) == 0) return rules[i].effect;
    }
    return 0;
}

uint32_t vl_audio_plan_effect(const vl_audio_plan *plan, const char *entity)
{
    const char *names[2] = {entity, "*"};
    for (size_t i = 0; i < 2; i++) {
        uint32_t effect = find_rule(plan->rules, plan->rule_count, names[i]);
        if (effect == 0) effect = find_rule(plan->defaults->rules, plan->defaults->rule_count, names[i]);
        if (effect != 0) return effect;
    }
    return VEIL_EFFECT_BEEP;
}

/*
 * The text engine: creation with its proof that every recognizer works, and the two calls. A text that holds none of the
 * bytes that a match needs leaves before a workspace is taken.
 */
#include "text/engine.h"

#include <string.h>

#include "core/clock.h"
#include "text/ciphers.h"
#include "text/cues.h"
#include "text/formats.h"
#include "text/structured.h"

/* Known answers are short; the buffer holds what stands before and the sample. */
#define ANSWER_MAX 256u

static veil_status scan_with(const vl_text_engine *engine, const vl_plan *plan, const char *text, size_t text_bytes,
                             vl_output *output, veil_error *error)
{
    uint32_t slot;
    vl_workspace *workspace;
    veil_status status = vl_workspace_take(engine, &slot, &workspace);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no text workspace is free");
    if (plan->format == VEIL_FORMAT_TEXT)
        status = vl_windows_run(engine, plan, workspace, (const uint8_t *)text, text_bytes, output, error);
    else
        status = vl_structured_run(engine, plan, workspace, (const uint8_t *)text, text_bytes, output, error);
    vl_workspace_give(engine, slot);
    return status;
}

/* Does the row find its own sample, whole, with no other row to help? */
static veil_status prove_row(const vl_text_engine *engine, size_t row, bool *is_live, veil_error *error)
{
    char text[ANSWER_MAX];
    const vl_row *rule = vl_row_of(&engine->catalogue, (unsigned)row);
    size_t before = strlen(rule->before);
    size_t sample = strlen(rule->sample);
    *is_live = false;
    if (before + sample > sizeof text) return VEIL_OK;
    memcpy(text, rule->before, before);
    memcpy(text + before, rule->sample, sample);
    veil_finding finding = {.entity = NULL};
    veil_text_result result = {sizeof result, &finding, 1, 0};
    vl_output output = {.result = &result};
    vl_plan plan = {.asks_rows = true, .min_score = engine->min_score < 0.4f ? engine->min_score : 0.4f};
    plan.languages = UINT32_MAX;
    if (row >= VL_ROW_COUNT) plan.min_score = 0; /* whatever score the host gave it */
    plan.is_proof = true;
    plan.rows = &plan.own;
    vl_row_set_add(&plan.own, (unsigned)row);
    veil_status status = scan_with(engine, &plan, text, before + sample, &output, error);
    if (status != VEIL_OK) return status;
    *is_live = result.finding_count == 1 && finding.start == before && finding.end == before + sample;
    return VEIL_OK;
}

/* The host's own, as far as they have a sample. */
static veil_status prove_own(vl_text_engine *engine, veil_error *error)
{
    for (unsigned i = 0; i < engine->catalogue.own_row_count; i++) {
        bool is_live;
        if (vl_custom_sample(engine->custom, i) == NULL) continue;
        veil_status status = prove_row(engine, VL_ROW_COUNT + i, &is_live, error);
        if (status != VEIL_OK) return status;
        if (!is_live) return vl_custom_refuse_sample(engine->custom, i, error);
        engine->live++;
    }
    return VEIL_OK;
}

static veil_status prove_rows(vl_text_engine *engine, veil_error *error)
{
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        bool is_live;
        veil_status status = prove_row(engine, row, &is_live, error);
        if (status != VEIL_OK) return status;
        if (!is_live)
            return vl_error_set(error, VEIL_ERR_SELF_TEST, row, "recognizer %s did not find its known answer",
                                vl_rows[row].name);
        engine->live++;
    }
    return prove_own(engine, error);
}

/* Replacement texts are borrowed only until creation returns: keep copies. */
static veil_status copy_texts(vl_text_engine *engine, veil_error *error)
{
    size_t total = 0;
    for (size_t i = 0; i < vl_entity_end(&engine->catalogue); i++)
        if (engine->operators->of[i].text != NULL) total += engine->operators->of[i].text_bytes;
    if (total == 0) total = 1;
    engine->operator_texts = vl_alloc(&engine->runtime->allocator, total);
    if (engine->operator_texts == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text operators");
    engine->operator_text_bytes = total;
    char *at = engine->operator_texts;
    for (size_t i = 0; i < vl_entity_end(&engine->catalogue); i++) {
        vl_operator *op = &engine->operators->of[i];
        if (op->text == NULL) continue;
        memcpy(at, op->text, op->text_bytes);
        op->text = at;
        at += op->text_bytes;
    }
    return VEIL_OK;
}

static veil_status make_operators(vl_text_engine *engine, const veil_config *config, veil_error *error)
{
    engine->operators = vl_alloc_zero(&engine->runtime->allocator, 1, sizeof *engine->operators);
    if (engine->operators == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text operators");
    vl_operators_default(engine->operators);
    veil_status status =
        vl_operators_parse(engine->operators, config->operators, config->operator_count, engine->key_bytes,
                           vl_catalogue_find, &engine->catalogue, vl_entity_end(&engine->catalogue), error);
    return status == VEIL_OK ? copy_texts(engine, error) : status;
}

static veil_status copy_key(vl_text_engine *engine, const veil_config *config, veil_error *error)
{
    if (config->key == NULL || config->key_bytes == 0) return VEIL_OK;
    engine->key = vl_secret_pages(config->key_bytes);
    if (engine->key == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text key");
    memcpy(engine->key, config->key, config->key_bytes);
    engine->key_bytes = config->key_bytes;
    return vl_cipher_keys_create(&engine->runtime->allocator, engine->runtime->crypto, engine->key, engine->key_bytes,
                                 &engine->cipher_keys, error);
}

static veil_status choose_rows(vl_text_engine *engine, const veil_config *config, veil_error *error)
{
    const char *language = config->language == NULL ? "en" : config->language;
    if (!vl_language_is_known(language))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "language is neither \"any\" nor an ISO 639-1 code");
    memcpy(engine->language, language, strlen(language) + 1);
    size_t named = config->entities == NULL ? 0 : config->entity_count;
    veil_status status = vl_entities_parse(&engine->catalogue, config->entities, named, true, &engine->named, error);
    if (status == VEIL_OK)
        status = vl_entities_parse(&engine->catalogue, config->exclude, config->exclude_count, true, &engine->excluded,
                                   error);
    if (status != VEIL_OK) return status;
    engine->is_named = !vl_entity_set_is_empty(&engine->named);
    engine->has_rows = config->entities == NULL || engine->is_named; /* a list of faces alone asks for no text */
    if (engine->has_rows)
        engine->asks_rows =
            vl_rows_select(&engine->catalogue, &engine->named, &engine->excluded, language, &engine->rows);
    engine->can_leave = vl_triggers_make(&engine->catalogue, &engine->rows, &engine->triggers);
    vl_row_set all = {{0}};
    for (unsigned row = 0; row < vl_row_end(&engine->catalogue); row++)
        vl_row_set_add(&all, row);
    engine->can_leave_all = vl_triggers_make(&engine->catalogue, &all, &engine->triggers_all);
    vl_view_sets_make(&engine->view_sets);
    vl_view_triggers(engine->view_modes, &engine->triggers);
    vl_view_triggers(engine->view_modes, &engine->triggers_all);
    return VEIL_OK;
}

static veil_status make_tables(vl_text_engine *engine, veil_error *error)
{
    engine->tables = vl_alloc_zero(&engine->runtime->allocator, 1, sizeof *engine->tables);
    if (engine->tables == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text tables");
    engine->tables->catalogue = engine->catalogue;
    veil_status status = vl_context_create(&engine->catalogue, &engine->rows, engine->language,
                                           &engine->runtime->allocator, &engine->tables->context);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "text: context words");
    engine->languages = vl_context_languages(engine->tables->context, engine->language);
    vl_words_prepare(engine->tables);
    vl_web_prepare(engine->tables);
    vl_cues_prepare(&engine->tables->cue_leads, &engine->tables->silent_leads);
    status = vl_formats_create(&engine->runtime->allocator, vl_rows, VL_ROW_COUNT, &engine->rows,
                               &engine->tables->formats, error);
    if (status != VEIL_OK) return status;
    return vl_secrets_create(&engine->runtime->allocator, &engine->secrets, error);
}

veil_status vl_text_engine_create(const veil_config *config, const vl_runtime *runtime, vl_text_engine **out,
                                  veil_error *error)
{
    vl_text_engine *engine = vl_alloc_zero(&runtime->allocator, 1, sizeof *engine);
    *out = NULL;
    if (engine == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text engine");
    engine->runtime = runtime;
    engine->min_score = config->min_score;
    vl_reach_make(engine->reach);
    engine->utf8_policy = config->utf8_policy;
    engine->view_modes = vl_view_modes(VL_VIEW_FOLD | VL_VIEW_DECODE, config->flags);
    engine->max_bytes = config->max_text_bytes;
    engine->may_grow = config->pool_policy == VEIL_POOL_GROW;
    veil_status status = vl_custom_create(&runtime->allocator, config, &engine->custom, error);
    engine->catalogue = vl_custom_catalogue(engine->custom);
    if (engine->view_modes != 0 && vl_row_end(&engine->catalogue) > VL_ROW_COUNT) engine->view_modes |= VL_VIEW_OWN;
    if (status == VEIL_OK) status = choose_rows(engine, config, error);
    if (status == VEIL_OK) status = copy_key(engine, config, error);
    if (status == VEIL_OK) status = make_operators(engine, config, error);
    if (status == VEIL_OK) status = make_tables(engine, error);
    if (status == VEIL_OK)
        status = vl_workspaces_create(engine, config->text_workspaces == 0 ? 1 : config->text_workspaces, error);
    if (status == VEIL_OK) status = prove_rows(engine, error);
    if (status != VEIL_OK) {
        vl_text_engine_destroy(engine);
        return status;
    }
    *out = engine;
    return VEIL_OK;
}

void vl_text_engine_destroy(vl_text_engine *engine)
{
    if (engine == NULL) return;
    const vl_allocator *allocator = &engine->runtime->allocator;
    vl_workspaces_destroy(engine);
    vl_secrets_destroy(engine->secrets);
    vl_custom_destroy(engine->custom);
    if (engine->tables != NULL) vl_formats_destroy(engine->tables->formats);
    if (engine->tables != NULL) vl_context_destroy(engine->tables->context);
    vl_free(allocator, engine->tables, sizeof *engine->tables);
    vl_free(allocator, engine->operators, sizeof *engine->operators);
    vl_free(allocator, engine->operator_texts, engine->operator_text_bytes);
    vl_cipher_keys_destroy(engine->cipher_keys);
    if (engine->key != NULL) vl_secret_pages_free(engine->key, engine->key_bytes);
    vl_free(allocator, engine, sizeof *engine);
}

bool vl_may_match(const vl_text_engine *engine, const vl_plan *plan, const uint8_t *text, size_t size)
{
    const vl_kernels *kernels = engine->runtime->kernels;
    const vl_byte_set *set = plan->is_default ? &engine->triggers : &engine->triggers_all;
    bool can_leave = plan->is_default ? engine->can_leave : engine->can_leave_all;
    if (!plan->asks_rows) return false;
    if (!can_leave || kernels->find_in_set(text, size, set) < size) return true;
    if (vl_row_set_has(plan->rows, VL_ROW_BIC) && kernels->find_lead(text, size, &engine->tables->silent_leads) < size)
        return true;
    /* base64 may have no digit */
    return (plan->view_modes & VL_VIEW_DECODE) != 0 && kernels->find_run(text, size) < size;
}

/* Limits and encoding, then whether any match is possible at all. */
static veil_status admit(const vl_text_engine *engine, const vl_plan *plan, const uint8_t *text, size_t text_bytes,
                         bool *has_trigger, veil_error *error)
{
    const vl_kernels *kernels = engine->runtime->kernels;
    if (text_bytes > engine->max_bytes)
        return vl_error_set(error, VEIL_ERR_LIMIT, text_bytes, "the text is longer than max_text_bytes");
    if (engine->utf8_policy == VEIL_UTF8_STRICT) {
        size_t valid = kernels->utf8_valid_prefix(text, text_bytes);
        if (valid != text_bytes)
            return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, valid, "the text is not valid UTF-8");
    }
    if (vl_deadline_passed(plan->deadline_ns)) return vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed");
    *has_trigger = plan->format != VEIL_FORMAT_TEXT || vl_may_match(engine, plan, text, text_bytes);
    return VEIL_OK;
}

/* Rules and inputs of a call are checked even when no finding makes use of them. */
static bool needs_workspace(const vl_text_engine *engine, const vl_plan *plan, bool has_trigger)
{
    return has_trigger || plan->rule_count > 0 || plan->inputs.subject != NULL || plan->inputs.token_context != NULL ||
           plan->inputs.field != NULL || engine->operators->any_shift;
}

veil_status vl_text_scan(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                         size_t text_bytes, veil_text_result *result, veil_error *error)
{
    vl_plan plan;
    bool has_trigger = false;
    result->finding_count = 0;
    veil_status status = vl_plan_make(engine, options, &plan, error);
    if (status == VEIL_OK) status = admit(engine, &plan, (const uint8_t *)text, text_bytes, &has_trigger, error);
    if (status != VEIL_OK || !needs_workspace(engine, &plan, has_trigger)) return status;
    vl_output output = {.result = result};
    status = scan_with(engine, &plan, text, text_bytes, &output, error);
    if (status != VEIL_OK) {
        result->finding_count = 0;
        return status;
    }
    if (result->finding_count <= result->finding_capacity) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%zu findings, room for %zu", result->finding_count,
                        result->finding_capacity);
}

static veil_status finish_redact(vl_sink *sink, veil_status status, size_t *out_bytes, veil_error *error)
{
    if (status == VEIL_OK && sink->written <= sink->capacity) {
        *out_bytes = sink->written;
        return VEIL_OK;
    }
    size_t touched = sink->written < sink->capacity ? sink->written : sink->capacity;
    if (touched > 0) vl_wipe(sink->out, touched);
    *out_bytes = status == VEIL_OK ? sink->written : 0;
    if (status != VEIL_OK) return status;
    return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "the output needs %zu bytes, room for %zu", sink->written,
                        sink->capacity);
}

veil_status vl_text_redact(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                           size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                           veil_text_result *result, veil_error *error)
{
    vl_plan plan;
    bool has_trigger = false;
    vl_sink sink = {.out = out, .capacity = out_capacity};
    *out_bytes = 0;
    if (result != NULL) result->finding_count = 0;
    veil_status status = vl_plan_make(engine, options, &plan, error);
    if (status == VEIL_OK) status = admit(engine, &plan, (const uint8_t *)text, text_bytes, &has_trigger, error);
    if (status == VEIL_OK && needs_workspace(engine, &plan, has_trigger)) {
        vl_output output = {.result = result, .sink = &sink};
        status = scan_with(engine, &plan, text, text_bytes, &output, error);
    } else if (status == VEIL_OK && text_bytes > 0) {
        vl_sink_put(&sink, text, text_bytes);
    }
    if (status != VEIL_OK && result != NULL) result->finding_count = 0;
    return finish_redact(&sink, status, out_bytes, error);
}

uint64_t vl_text_engine_live(const vl_text_engine *engine)
{
    return engine->live;
}

veil_status vl_text_engine_has(const vl_text_engine *engine, const char *entity)
{
    int index = vl_catalogue_find(&engine->catalogue, entity);
    if (index < 0) return VEIL_ERR_INVALID_ARGUMENT;
    for (unsigned row = 0; row < vl_row_end(&engine->catalogue); row++)
        if (vl_row_of(&engine->catalogue, row)->entity == index && vl_row_set_has(&engine->rows, row)) return 1;
    return 0;
}

bool vl_text_config_names(const veil_config *config, const char *name)
{
    bool is_known = vl_text_entity_exists(name);
    for (size_t i = 0; !is_known && config->recognizers != NULL && i < config->recognizer_count; i++) {
        const veil_recognizer *own = &config->recognizers[i];
        is_known = own->struct_size == sizeof *own && own->entity != NULL && strcmp(own->entity, name) == 0;
    }
    return is_known;
}

size_t vl_text_engine_entity_count(const vl_text_engine *engine)
{
    return vl_entity_end(&engine->catalogue);
}

void vl_text_engine_entity_at(const vl_text_engine *engine, size_t index, veil_entity_info *info)
{
    vl_catalogue_describe(&engine->catalogue, index, info);
}

bool vl_text_engine_has_callbacks(const vl_text_engine *engine)
{
    return vl_custom_has_callbacks(engine->custom, &engine->rows);
}

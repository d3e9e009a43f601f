/* From configuration and options to the set of rows in force. Unknown names are errors: a filter that does nothing leaks. */
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "text/engine.h"

veil_status vl_entities_parse(const vl_catalogue *catalogue, const char *const *names, size_t count, bool passes_others,
                              vl_entity_set *set, veil_error *error)
{
    for (size_t i = 0; i < count; i++) {
        int entity = names[i] == NULL ? -1 : vl_catalogue_find(catalogue, names[i]);
        if (entity >= 0)
            vl_entity_set_add(set, (unsigned)entity);
        else if (!passes_others || names[i] == NULL)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, i, "entity %zu of the list is no text entity", i);
    }
    return VEIL_OK;
}

bool vl_rows_select(const vl_catalogue *catalogue, const vl_entity_set *named, const vl_entity_set *excluded,
                    const char *language, vl_row_set *rows)
{
    bool takes_defaults = vl_entity_set_is_empty(named);
    *rows = (vl_row_set){{0}};
    for (unsigned row = 0; row < vl_row_end(catalogue); row++) {
        unsigned entity = vl_row_of(catalogue, row)->entity;
        bool runs = vl_entity_set_has(named, entity) && vl_row_speaks(catalogue, row, language);
        if (takes_defaults) runs = vl_row_runs(catalogue, row, language);
        if (runs && !vl_entity_set_has(excluded, entity)) vl_row_set_add(rows, row);
    }
    return !vl_row_set_is_empty(rows);
}

bool vl_triggers_make(const vl_catalogue *catalogue, const vl_row_set *rows, vl_byte_set *set)
{
    bool has_all = true;
    vl_byte_set_clear(set);
    for (unsigned row = 0; row < vl_row_end(catalogue); row++) {
        if (!vl_row_set_has(rows, row)) continue;
        if ((vl_row_of(catalogue, row)->flags & VL_ROW_CUED) != 0) continue; /* the engine looks for its cues */
        const char *trigger = vl_row_of(catalogue, row)->trigger;
        if (trigger[0] == '\0') has_all = false;
        if (strcmp(trigger, "0-9") == 0) trigger = "0123456789";
        for (; *trigger != '\0'; trigger++)
            vl_byte_set_add(set, (uint8_t)*trigger);
    }
    return has_all;
}

void vl_reach_make(float reach[VL_ROW_COUNT])
{
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        const vl_row *rule = &vl_rows[row];
        reach[row] = rule->score;
        if (rule->context[0] != '\0') reach[row] = reach[row] + 0.35f < 0.4f ? 0.4f : reach[row] + 0.35f;
        if (rule->validate != NULL) reach[row] = 1.0f;
    }
}

/* Rows that cannot reach the minimum score, whatever stands before a match, need not run. Those of callbacks have scores of their
 * own. */
static void drop_unreachable(const vl_text_engine *engine, vl_row_set *rows, float min_score)
{
    for (unsigned i = 0; i * 64 < VL_ROW_COUNT; i++) {
        for (uint64_t bits = rows->words[i]; bits != 0; bits &= bits - 1) {
            unsigned row = i * 64 + (unsigned)__builtin_ctzll(bits);
            if (row < VL_ROW_COUNT && engine->reach[row] < min_score) vl_row_set_remove(rows, row);
        }
    }
}

static veil_status select_rows(const vl_text_engine *engine, const veil_text_options *options, vl_plan *plan,
                               veil_error *error)
{
    const vl_catalogue *catalogue = &engine->catalogue;
    vl_entity_set named = {{0}};
    vl_entity_set excluded = {{0}};
    bool changes = options->entities != NULL || options->exclude_count > 0 || options->language != NULL;
    if (!changes) return VEIL_OK;
    const char *language = options->language != NULL ? options->language : engine->language;
    if (!vl_language_is_known(language))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "language is neither \"any\" nor an ISO 639-1 code");
    if (options->entities != NULL && options->entity_count == 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "the list of entities is empty");
    veil_status status = vl_entities_parse(catalogue, options->entities,
                                           options->entities == NULL ? 0 : options->entity_count, false, &named, error);
    if (status == VEIL_OK)
        status = vl_entities_parse(catalogue, options->exclude, options->exclude_count, false, &excluded, error);
    if (status != VEIL_OK) return status;
    bool names_none = vl_entity_set_is_empty(&named);
    for (size_t i = 0; i < VL_ENTITY_WORDS && names_none; i++)
        excluded.words[i] |= engine->excluded.words[i];
    plan->rows = &plan->own;
    plan->is_default = false;
    plan->is_named = !names_none || engine->is_named;
    if (options->language != NULL) plan->languages = vl_context_languages(engine->tables->context, language);
    plan->own = (vl_row_set){{0}};
    plan->asks_rows = false;
    if (!names_none || engine->has_rows) /* a language alone asks for nothing new */
        plan->asks_rows =
            vl_rows_select(catalogue, names_none ? &engine->named : &named, &excluded, language, &plan->own);
    return VEIL_OK;
}

veil_status vl_plan_make(const vl_text_engine *engine, const veil_text_options *options, vl_plan *plan,
                         veil_error *error)
{
    plan->rows = &engine->rows;
    plan->asks_rows = engine->asks_rows;
    plan->min_score = engine->min_score;
    plan->wants_losers = false;
    plan->is_proof = false;
    plan->is_default = true;
    plan->is_named = engine->is_named;
    plan->languages = engine->languages;
    plan->view_modes = engine->view_modes;
    plan->deadline_ns = 0;
    plan->rules = NULL;
    plan->rule_count = 0;
    plan->inputs = (vl_operator_inputs){NULL, NULL, NULL};
    plan->format = VEIL_FORMAT_TEXT;
    plan->field_count = 0;
    if (options == NULL) return VEIL_OK;
    veil_status status = select_rows(engine, options, plan, error);
    if (status != VEIL_OK) return status;
    if (isnan(options->min_score) || options->min_score > 1.0f)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "min_score is not in [0, 1]");
    if (options->min_score >= 0) plan->min_score = options->min_score;
    if (!plan->is_default || plan->min_score != engine->min_score) { /* else the rows are the engine's as they are */
        if (plan->is_default) plan->own = engine->rows;
        plan->rows = &plan->own;
        drop_unreachable(engine, &plan->own, plan->min_score);
    }
    plan->view_modes = vl_view_modes(engine->view_modes, options->flags);
    plan->wants_losers = (options->flags & VEIL_TEXT_ALL) != 0;
    plan->rules = options->operators;
    plan->rule_count = options->operator_count;
    plan->inputs = (vl_operator_inputs){options->subject, options->token_context, options->field};
    plan->deadline_ns = vl_deadline_after_us(options->timeout_us);
    plan->format = options->format;
    plan->has_header = (options->flags & VEIL_TEXT_NO_HEADER) == 0;
    plan->fields = options->fields;
    plan->field_count = options->field_count;
    for (size_t i = 0; i < plan->field_count; i++)
        if (vl_catalogue_find(&engine->catalogue, plan->fields[i].entity) < 0)
            return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.fields[%zu] names no text entity", i);
    return VEIL_OK;
}

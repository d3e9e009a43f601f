/*
 * The way back: tokens in running text, and one value of ENCRYPT, FPE or TOKEN. What comes out is personal data again, so the
 * output is wiped on every failure as a redacted one is.
 */
#include <string.h>

#include "core/clock.h"
#include "text/ciphers.h"
#include "text/engine.h"

static veil_status refuse(veil_error *error, const char *reason)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", reason);
}

/* Fields that belong to finding things, in options of a call that finds nothing. */
static veil_status check_options(const veil_text_options *o, veil_error *error)
{
    bool is_idle = o->language != NULL || o->entities != NULL || o->exclude_count != 0 || o->operator_count != 0 ||
                   o->min_score >= 0 || o->flags != 0 || o->subject != NULL || o->format != VEIL_FORMAT_TEXT ||
                   o->field_count != 0;
    return is_idle ? refuse(error, "options set what this call does not use") : VEIL_OK;
}

static veil_status check_key(const vl_text_engine *engine, veil_error *error)
{
    if (engine->cipher_keys != NULL) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_KEY, 0, "the sanitizer was created without a key");
}

static veil_status check_size(const vl_text_engine *engine, size_t size, veil_error *error)
{
    if (size <= engine->max_bytes) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_LIMIT, size, "the text is longer than max_text_bytes");
}

static vl_operator_inputs inputs_of(const veil_text_options *options)
{
    vl_operator_inputs inputs = {NULL, NULL, NULL};
    if (options == NULL) return inputs;
    inputs.token_context = options->token_context;
    inputs.field = options->field;
    return inputs;
}

static veil_status finish(vl_sink *sink, veil_status status, size_t *out_bytes, veil_error *error)
{
    bool fits = sink->written <= sink->capacity;
    *out_bytes = status == VEIL_OK ? sink->written : 0;
    if (status == VEIL_OK && fits) return VEIL_OK;
    size_t touched = fits ? sink->written : sink->capacity;
    if (touched > 0) vl_wipe(sink->out, touched);
    if (status != VEIL_OK) return status;
    return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "the output needs %zu bytes, room for %zu", sink->written,
                        sink->capacity);
}

veil_status vl_text_restore(const vl_text_engine *engine, const veil_text_options *options, const char *text,
                            size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                            veil_restore_result *result, veil_error *error)
{
    uint32_t slot;
    vl_workspace *workspace;
    uint64_t restored = 0;
    uint64_t refused = 0;
    vl_sink sink = {.out = out, .capacity = out_capacity};
    const vl_operator_inputs inputs = inputs_of(options);
    *out_bytes = 0;
    veil_status status = options == NULL ? VEIL_OK : check_options(options, error);
    if (status == VEIL_OK && inputs.field != NULL)
        status = refuse(error, "options.field is given, but tokens have none");
    if (status == VEIL_OK) status = check_key(engine, error);
    if (status == VEIL_OK) status = check_size(engine, text_bytes, error);
    if (status != VEIL_OK) return status;
    if (text_bytes == 0) return VEIL_OK;
    status = vl_workspace_take(engine, &slot, &workspace);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no text workspace is free");
    status =
        vl_tokens_restore(workspace->ciphers, &inputs, text, text_bytes,
                          options == NULL ? 0 : vl_deadline_after_us(options->timeout_us), &sink, &restored, &refused);
    vl_workspace_give(engine, slot);
    if (status == VEIL_ERR_TIMEOUT) (void)vl_error_set(error, status, 0, "the deadline passed");
    status = finish(&sink, status, out_bytes, error);
    if (status == VEIL_OK && result != NULL) {
        result->restored_count = restored;
        result->refused_count = refused;
    }
    return status;
}

static veil_status restore_one(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink)
{
    if (op->op == VEIL_OP_ENCRYPT) return vl_encrypt_restore(ciphers, op, value, sink);
    if (op->op == VEIL_OP_FPE) return vl_fpe_restore(ciphers, op, value, sink);
    return vl_token_restore(ciphers, value, sink);
}

/* What the rule and the options say must have a meaning for the way back. */
static veil_status check_decrypt(const vl_text_engine *engine, const veil_text_options *options,
                                 const veil_operator_rule *rule, vl_operator *op, veil_error *error)
{
    veil_status status = options == NULL ? VEIL_OK : check_options(options, error);
    if (status == VEIL_OK && options != NULL && options->timeout_us != 0)
        status = refuse(error, "options.timeout_us is given, but one value has no stages");
    if (status == VEIL_OK) status = check_key(engine, error);
    if (status == VEIL_OK) status = vl_operator_parse_one(rule, engine->key_bytes, op, error);
    if (status != VEIL_OK) return status;
    if (op->op != VEIL_OP_ENCRYPT && op->op != VEIL_OP_FPE && op->op != VEIL_OP_TOKEN)
        return refuse(error, "rule.op is none that can be undone");
    if (rule->cipher == 0) op->cipher = 0; /* GCM or SIV: the value says */
    const vl_operator_inputs inputs = inputs_of(options);
    bool is_cbc = op->op == VEIL_OP_ENCRYPT && op->cipher == VEIL_CIPHER_CBC;
    if (inputs.token_context != NULL && op->op != VEIL_OP_TOKEN)
        return refuse(error, "options.token_context is given, but rule.op is not token");
    if (inputs.field != NULL && (is_cbc || op->op == VEIL_OP_TOKEN))
        return refuse(error, "options.field is given, but rule.op has none");
    return vl_catalogue_find(&engine->catalogue, rule->entity) >= 0 ? VEIL_OK
                                                                    : refuse(error, "rule.entity is no text entity");
}

veil_status vl_value_decrypt(const vl_text_engine *engine, const veil_text_options *options,
                             const veil_operator_rule *rule, const char *value, size_t value_bytes, char *out,
                             size_t out_capacity, size_t *out_bytes, veil_error *error)
{
    uint32_t slot;
    vl_workspace *workspace;
    vl_operator op;
    vl_sink sink = {.out = out, .capacity = out_capacity};
    const vl_operator_inputs inputs = inputs_of(options);
    *out_bytes = 0;
    veil_status status = check_decrypt(engine, options, rule, &op, error);
    if (status == VEIL_OK) status = check_size(engine, value_bytes, error);
    if (status != VEIL_OK) return status;
    status = vl_workspace_take(engine, &slot, &workspace);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no text workspace is free");
    const vl_value taken = {rule->entity, strlen(rule->entity), value, value_bytes, &inputs};
    status = restore_one(workspace->ciphers, &op, &taken, &sink);
    vl_workspace_give(engine, slot);
    if (status == VEIL_ERR_MALFORMED_INPUT)
        (void)vl_error_set(error, status, 0, "the value is not what this key, entity and operator make");
    return finish(&sink, status, out_bytes, error);
}

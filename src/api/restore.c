/* The calls that bring values back: checks, fail closed. They are not counted with text calls: nothing is found in them. */
#include "check.h"
#include "sanitizer.h"

#define RESULT_MIN_BYTES 24u

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

static veil_status check_common(const veil_sanitizer *s, const char *text, size_t text_bytes, const char *what,
                                char *out, size_t out_capacity, const size_t *out_bytes, veil_error *error)
{
    if (s == NULL) return invalid(error, "sanitizer is NULL");
    if ((s->config.modalities & VEIL_MODALITY_TEXT) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without text");
    if (text == NULL && text_bytes != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s is NULL but its size is not 0", what);
    return vl_check_output(text, text_bytes, out, out_capacity, out_bytes, error);
}

/* After a failure nothing of a value stands in `out`. */
static veil_status end(veil_status status, char *out, size_t out_capacity, size_t *out_bytes, veil_error *error)
{
    if (status == VEIL_OK) return status;
    vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    vl_error_end(error, status);
    return status;
}

static veil_status check_result(veil_restore_result *result, veil_error *error)
{
    if (result == NULL) return VEIL_OK;
    const veil_status status = vl_check_struct(result, RESULT_MIN_BYTES, sizeof *result, "result", error);
    if (status != VEIL_OK) return status;
    result->restored_count = 0;
    result->refused_count = 0;
    return VEIL_OK;
}

veil_status veil_text_restore(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                              size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                              veil_restore_result *result, veil_error *error)
{
    veil_text_options local;
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    if (status == VEIL_OK) status = check_result(result, error);
    if (status == VEIL_OK)
        status = check_common(sanitizer, text, text_bytes, "text", out, out_capacity, out_bytes, error);
    if (status == VEIL_OK) status = vl_check_text_options(&options, &local, error);
    if (status == VEIL_OK)
        status =
            vl_text_restore(sanitizer->text, options, text, text_bytes, out, out_capacity, out_bytes, result, error);
    return end(status, out, out_capacity, out_bytes, error);
}

veil_status veil_value_decrypt(const veil_sanitizer *sanitizer, const veil_text_options *options,
                               const veil_operator_rule *rule, const char *value, size_t value_bytes, char *out,
                               size_t out_capacity, size_t *out_bytes, veil_error *error)
{
    veil_text_options local;
    veil_operator_rule taken;
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    if (status == VEIL_OK)
        status = check_common(sanitizer, value, value_bytes, "value", out, out_capacity, out_bytes, error);
    if (status == VEIL_OK) status = vl_check_text_options(&options, &local, error);
    if (status == VEIL_OK && rule == NULL) status = invalid(error, "rule is NULL");
    if (status == VEIL_OK) status = vl_check_operators(rule, 1, error);
    if (status == VEIL_OK && !vl_operator_rule_read(rule, 0, &taken)) status = VEIL_ERR_INVALID_ARGUMENT;
    if (status == VEIL_OK)
        status =
            vl_value_decrypt(sanitizer->text, options, &taken, value, value_bytes, out, out_capacity, out_bytes, error);
    return end(status, out, out_capacity, out_bytes, error);
}

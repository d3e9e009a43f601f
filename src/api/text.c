/*
 * Text calls: checks, metrics, fail closed. The path of a short clean text with no options is the one that is counted in
 * nanoseconds, so it does what must be done and nothing else.
 */
#include "check.h"
#include "sanitizer.h"

static veil_status check_handle(const veil_sanitizer *s, veil_error *error)
{
    if (s == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    if ((s->config.modalities & VEIL_MODALITY_TEXT) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without text");
    return VEIL_OK;
}

static veil_status check_text(const char *text, size_t text_bytes, veil_error *error)
{
    if (text == NULL && text_bytes != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "text is NULL but text_bytes is not 0");
    return VEIL_OK;
}

/* Count a call that was refused before an engine saw it. */
static veil_status refuse(const veil_sanitizer *s, uint32_t operation, veil_status status, veil_error *error)
{
    if (s != NULL) vl_metrics_end(s->runtime.metrics, operation, 0, 0, status);
    vl_error_end(error, status); /* NULL here when it cannot be written */
    return status;
}

veil_status veil_text_scan(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                           size_t text_bytes, veil_text_result *result, veil_error *error)
{
    veil_text_options local;
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    if (status == VEIL_OK) status = vl_check_text_result(result, true, error);
    if (status == VEIL_OK) status = check_handle(sanitizer, error);
    if (status == VEIL_OK) status = check_text(text, text_bytes, error);
    if (status == VEIL_OK && options != NULL) status = vl_check_text_options(&options, &local, error);
    if (status != VEIL_OK) return refuse(sanitizer, VEIL_METRIC_TEXT_SCAN, status, error);
    vl_metrics *metrics = sanitizer->runtime.metrics;
    const uint64_t begin = vl_metrics_begin(metrics, VEIL_METRIC_TEXT_SCAN);
    status = vl_text_scan(sanitizer->text, options, text, text_bytes, result, error);
    vl_metrics_end(metrics, VEIL_METRIC_TEXT_SCAN, begin, text_bytes, status);
    if (result->finding_count != 0) vl_metrics_count(metrics, VL_COUNT_FINDINGS, result->finding_count);
    if (status == VEIL_OK) return status;
    if (status != VEIL_ERR_BUFFER_TOO_SMALL) result->finding_count = 0;
    vl_error_end(error, status);
    return status;
}

veil_status veil_text_redact(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                             size_t text_bytes, char *out, size_t out_capacity, size_t *out_bytes,
                             veil_text_result *result, veil_error *error)
{
    veil_text_options local;
    veil_text_result counted = {sizeof counted, NULL, 0, 0}; /* findings are counted, wanted or not */
    veil_status status = vl_error_begin(error) ? VEIL_OK : VEIL_ERR_INVALID_ARGUMENT;
    if (status != VEIL_OK) error = NULL;
    if (status == VEIL_OK) status = vl_check_text_result(result, false, error);
    if (status == VEIL_OK) status = check_handle(sanitizer, error);
    if (status == VEIL_OK) status = check_text(text, text_bytes, error);
    if (status == VEIL_OK) status = vl_check_output(text, text_bytes, out, out_capacity, out_bytes, error);
    if (status == VEIL_OK && options != NULL) status = vl_check_text_options(&options, &local, error);
    if (status != VEIL_OK) {
        vl_scrub(out, out_capacity, out_bytes);
        return refuse(sanitizer, VEIL_METRIC_TEXT_REDACT, status, error);
    }
    vl_metrics *metrics = sanitizer->runtime.metrics;
    const uint64_t begin = vl_metrics_begin(metrics, VEIL_METRIC_TEXT_REDACT);
    if (result == NULL) result = &counted;
    status = vl_text_redact(sanitizer->text, options, text, text_bytes, out, out_capacity, out_bytes, result, error);
    vl_metrics_end(metrics, VEIL_METRIC_TEXT_REDACT, begin, text_bytes, status);
    if (result->finding_count != 0) vl_metrics_count(metrics, VL_COUNT_FINDINGS, result->finding_count);
    if (status == VEIL_OK) return status;
    vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    if (status != VEIL_ERR_BUFFER_TOO_SMALL) result->finding_count = 0;
    vl_error_end(error, status);
    return status;
}

veil_status veil_text_convert_offsets(const char *text, size_t text_bytes, uint32_t unit, veil_finding *findings,
                                      size_t finding_count)
{
    if (text == NULL && text_bytes != 0) return VEIL_ERR_INVALID_ARGUMENT;
    if (findings == NULL && finding_count != 0) return VEIL_ERR_INVALID_ARGUMENT;
    if (unit > VEIL_OFFSET_UTF16) return VEIL_ERR_INVALID_ARGUMENT;
    if (finding_count == 0) return VEIL_OK;
    return vl_text_convert_offsets(text, text_bytes, unit, findings, finding_count);
}

/* The frame around image and audio calls. */
#include "call.h"

#include "config.h"

static veil_status lacking(const vl_call *call)
{
    const char *what = call->modality == VEIL_MODALITY_IMAGE ? "images" : "audio";
    const bool is_built = (vl_config_built_modalities() & call->modality) != 0;
    return vl_error_set(call->error, VEIL_ERR_UNSUPPORTED, 0, "this %s without %s",
                        is_built ? "sanitizer was created" : "build was made", what);
}

veil_status vl_call_begin(vl_call *call, const veil_sanitizer *sanitizer, uint32_t operation, uint32_t modality,
                          veil_error *error)
{
    const bool can_report = vl_error_begin(error);
    *call = (vl_call){.sanitizer = sanitizer, .operation = operation, .modality = modality};
    call->error = can_report ? error : NULL;
    if (!can_report) return VEIL_ERR_INVALID_ARGUMENT;
    if (sanitizer == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    return (sanitizer->config.modalities & modality) != 0 ? VEIL_OK : lacking(call);
}

void vl_call_start(vl_call *call, uint64_t bytes)
{
    call->bytes = bytes;
    call->begin = vl_metrics_begin(call->sanitizer->runtime.metrics, call->operation);
}

veil_status vl_call_end(vl_call *call, veil_status status)
{
    if (call->sanitizer != NULL)
        vl_metrics_end(call->sanitizer->runtime.metrics, call->operation, call->begin, call->bytes, status);
    vl_error_end(call->error, status);
    return status;
}

/*
 * Encoded pictures: header and limits first, then decoding into a buffer of the pool, the same stages as raw pixels, and
 * encoding from pixels alone. After any failure the caller's output is zero.
 */
#include <string.h>

#include "core/clock.h"
#include "image/engine.h"

typedef struct encoded_call {
    const void *input;
    size_t input_bytes;
    vl_image_request request;
    vl_image_info info;
    vl_image_view view;
    void *pixels; /* from the pool */
    vl_image_workspace *workspace;
    uint32_t slot;
    uint32_t mark;
} encoded_call;

static veil_status check_deadline(const encoded_call *call, veil_error *error)
{
    if (!vl_deadline_passed(call->request.deadline_ns)) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed");
}

veil_status vl_image_encoded_bound(const vl_image_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error)
{
    vl_image_info info;
    veil_status status;

    *bound_bytes = 0;
    status = vl_codec_read_header(input, input_bytes, &engine->limits, &info, error);
    if (status == VEIL_OK) *bound_bytes = vl_codec_bound(&info);
    return status;
}

static veil_status decode(const vl_image_engine *engine, encoded_call *call, veil_error *error)
{
    vl_pool *pool = engine->runtime->pool;
    veil_status status = vl_pool_take(pool, call->info.pixel_bytes, &call->pixels);

    if (status == VEIL_ERR_LIMIT)
        return vl_error_set(error, status, 0, "%u x %u pixels take %zu bytes; pool_policy BUSY keeps buffers up to %zu",
                            call->info.width, call->info.height, call->info.pixel_bytes, vl_pool_largest(pool));
    if (status != VEIL_OK)
        return vl_error_set(error, status, 0, "no buffer for %u x %u pixels", call->info.width, call->info.height);
    call->view = vl_view_make(call->pixels, call->info.width, call->info.height, call->info.format);
    status = vl_codec_decode(call->input, call->input_bytes, &call->info, pool, &call->view, error);
    return status == VEIL_OK ? check_deadline(call, error) : status;
}

/* Everything up to the found regions. On failure too, end() is due. */
static veil_status begin(const vl_image_engine *engine, const veil_image_options *options, encoded_call *call,
                         veil_error *error)
{
    veil_status status = vl_image_request_make(&engine->policy, options, &call->request, error);

    call->slot = VL_SLOT_NONE;
    if (status == VEIL_OK)
        status = vl_codec_read_header(call->input, call->input_bytes, &engine->limits, &call->info, error);
    if (status == VEIL_OK) status = vl_image_request_fits(&call->request, call->info.width, call->info.height, error);
    if (status == VEIL_OK) status = check_deadline(call, error);
    if (status == VEIL_OK) status = vl_image_workspace_take(engine, &call->slot, &call->workspace, error);
    if (status == VEIL_OK) status = decode(engine, call, error);
    if (status == VEIL_OK)
        status = vl_image_find(engine, call->workspace, &call->request, &call->view, &call->mark, error);
    if (status == VEIL_OK) status = check_deadline(call, error);
    return status;
}

static void end(const vl_image_engine *engine, encoded_call *call, veil_status status)
{
    if (status == VEIL_OK) vl_image_count(engine, call->workspace, &call->request, &call->view);
    vl_pool_give(engine->runtime->pool, call->pixels, call->info.pixel_bytes);
    if (call->workspace != NULL) vl_image_workspace_give(engine, call->slot);
}

veil_status vl_image_scan_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                  size_t input_bytes, veil_image_result *result, veil_error *error)
{
    encoded_call call = {.input = input, .input_bytes = input_bytes};
    veil_status status = begin(engine, options, &call, error);

    if (status == VEIL_OK)
        status = vl_image_report(call.workspace, &call.request, &call.view, call.mark, true, result, error);
    end(engine, &call, status);
    return status;
}

static veil_status finish(const vl_image_engine *engine, encoded_call *call, void *out, size_t out_capacity,
                          size_t *out_bytes, veil_image_result *result, veil_error *error)
{
    vl_image_hide(engine, call->workspace, &call->request, &call->view, &call->info.grid);
    (void)vl_image_report(call->workspace, &call->request, &call->view, call->mark, false, result, error);
    return vl_codec_encode(&call->view, &call->info, call->input, call->input_bytes, call->request.jpeg_quality,
                           engine->runtime->pool, out, out_capacity, out_bytes, error);
}

veil_status vl_image_redact_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_image_result *result, veil_error *error)
{
    encoded_call call = {.input = input, .input_bytes = input_bytes};
    veil_status status = begin(engine, options, &call, error);

    *out_bytes = 0;
    if (status == VEIL_OK) status = finish(engine, &call, out, out_capacity, out_bytes, result, error);
    if (status != VEIL_OK && out_capacity > 0) memset(out, 0, out_capacity);
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) *out_bytes = 0;
    end(engine, &call, status);
    return status;
}

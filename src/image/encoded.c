/*
 * Encoded pictures: header and limits first, then what is searched (of a JPEG only as many samples as the detector needs, of
 * others all pixels) into a buffer of the pool, the same stages as raw pixels, and writing: a JPEG's blocks as they were but for
 * those of the regions, or an encoder's output from pixels alone. After any failure the caller's output is zero.
 */
#include <string.h>

#include "core/clock.h"
#include "image/engine.h"
#include "image/jpeg_session.h"
#include "image/shapes.h"

typedef struct encoded_call {
    const void *input;
    size_t input_bytes;
    vl_image_request request;
    vl_image_info info;
    vl_image_view whole; /* the oriented picture; `pixels` only where all of it was decoded */
    vl_image_view view;  /* what is searched: the whole picture, or a smaller one */
    void *pixels;        /* of `view`; from the pool */
    size_t pixel_bytes;
    uint32_t detail; /* samples of `view` for 8 pixels; 0: none is needed */
    bool has_jpeg;   /* `jpeg` is in use */
    vl_jpeg_session jpeg;
    vl_image_workspace *workspace;
    uint32_t slot;
    uint32_t mark;
    uint32_t path;
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

static veil_status take_pixels(const vl_image_engine *engine, encoded_call *call, size_t bytes, veil_error *error)
{
    vl_pool *pool = engine->runtime->pool;
    veil_status status = vl_pool_take(pool, bytes, &call->pixels);

    call->pixel_bytes = bytes;
    if (status == VEIL_ERR_LIMIT)
        return vl_error_set(error, status, 0, "%u x %u pixels take %zu bytes; pool_policy BUSY keeps buffers up to %zu",
                            call->info.width, call->info.height, bytes, vl_pool_largest(pool));
    if (status != VEIL_OK)
        return vl_error_set(error, status, 0, "no buffer for %u x %u pixels", call->info.width, call->info.height);
    return status;
}

static veil_status decode(const vl_image_engine *engine, encoded_call *call, veil_error *error)
{
    veil_status status = take_pixels(engine, call, call->info.pixel_bytes, error);

    if (status != VEIL_OK) return status;
    call->view = vl_view_make(call->pixels, call->info.width, call->info.height, call->info.format);
    call->whole = call->view;
    call->detail = 8;
    return vl_codec_decode(call->input, call->input_bytes, &call->info, engine->runtime->pool, &call->view, error);
}

/* Coefficients, and as many samples as are looked at. */
static veil_status open_jpeg(const vl_image_engine *engine, encoded_call *call, veil_error *error)
{
    const vl_bytes input = {call->input, call->input_bytes};
    uint32_t width, height;
    veil_status status;

    call->has_jpeg = true;
    call->detail = vl_image_detail(engine, &call->request, call->info.width, call->info.height);
    status = vl_jpeg_session_open(input, &call->info, call->detail == 0 ? 1 : call->detail, engine->runtime->pool,
                                  &call->jpeg, error);
    if (status != VEIL_OK || call->detail == 0) return status;
    vl_jpeg_session_size(&call->jpeg, &width, &height);
    status = take_pixels(engine, call, vl_image_tight_bytes(width, height, call->info.format), error);
    if (status != VEIL_OK) return status;
    call->view = vl_view_make(call->pixels, width, height, call->info.format);
    return vl_jpeg_session_draw(&call->jpeg, &call->view, error);
}

static veil_status open_picture(const vl_image_engine *engine, encoded_call *call, veil_error *error)
{
    const bool is_kept = call->info.codec == VL_CODEC_JPEG && call->request.jpeg_quality == 0;
    veil_status status;

    call->whole = (vl_image_view){.width = call->info.width, .height = call->info.height, .format = call->info.format};
    status =
        is_kept && vl_jpeg_session_suits(&call->info) ? open_jpeg(engine, call, error) : decode(engine, call, error);
    return status == VEIL_OK ? check_deadline(call, error) : status;
}

static veil_status find(const vl_image_engine *engine, encoded_call *call, veil_error *error)
{
    veil_status status = vl_image_find(engine, call->workspace, &call->request, &call->view, &call->mark, error);

    if (status == VEIL_OK && call->detail != 0 && call->detail != 8)
        vl_image_enlarge(call->workspace, call->detail, &call->whole);
    if (status == VEIL_OK) vl_image_filter(call->workspace, &call->request);
    return status;
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
    if (status == VEIL_OK) status = open_picture(engine, call, error);
    if (status == VEIL_OK) status = find(engine, call, error);
    if (status == VEIL_OK) status = check_deadline(call, error);
    return status;
}

static void end(const vl_image_engine *engine, encoded_call *call, veil_status status)
{
    if (status == VEIL_OK) vl_image_count(engine, call->workspace, &call->request, &call->whole);
    if (call->has_jpeg) vl_jpeg_session_close(&call->jpeg);
    vl_pool_give(engine->runtime->pool, call->pixels, call->pixel_bytes);
    if (call->workspace != NULL) vl_image_workspace_give(engine, call->slot);
}

veil_status vl_image_scan_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                  size_t input_bytes, veil_image_result *result, veil_error *error)
{
    encoded_call call = {.input = input, .input_bytes = input_bytes};
    veil_status status = begin(engine, options, &call, error);

    if (status == VEIL_OK)
        status = vl_image_report(call.workspace, &call.request, &call.whole, call.mark, true, result, error);
    end(engine, &call, status);
    return status;
}

static veil_status recode(const vl_image_engine *engine, encoded_call *call, vl_sink *sink, size_t *out_bytes,
                          veil_error *error)
{
    vl_image_hide(engine, call->workspace, &call->request, &call->whole, &call->info.grid);
    call->path = call->info.codec == VL_CODEC_JPEG || call->info.is_lossy != 0 ? VEIL_PATH_LOSSY : VEIL_PATH_LOSSLESS;
    const vl_codec_touched touched = {call->workspace->regions, call->workspace->regions_used};
    return vl_codec_encode(&call->whole, &call->info, &touched, call->input, call->input_bytes,
                           call->request.jpeg_quality, engine->runtime->pool, sink->out, sink->capacity, out_bytes,
                           error);
}

static veil_status rewrite(const vl_image_engine *engine, encoded_call *call, vl_sink *sink, size_t *out_bytes,
                           veil_error *error)
{
    vl_image_workspace *workspace = call->workspace;
    bool is_coded;
    veil_status status;

    vl_image_collect(workspace, &call->request, &call->whole, NULL);
    status = vl_jpeg_session_redact(&call->jpeg, engine->runtime->kernels, workspace->regions, workspace->regions_used,
                                    &workspace->effects, sink, &is_coded, error);
    if (status != VEIL_OK) return status;
    call->path = VEIL_PATH_COEFFICIENTS;
    if (is_coded) return vl_sink_finish(sink, &call->info, out_bytes, error);
    vl_jpeg_session_close(&call->jpeg);
    vl_pool_give(engine->runtime->pool, call->pixels, call->pixel_bytes);
    call->pixels = NULL;
    workspace->regions_used = 0;
    status = decode(engine, call, error);
    return status == VEIL_OK ? recode(engine, call, sink, out_bytes, error) : status;
}

static veil_status finish(const vl_image_engine *engine, encoded_call *call, vl_sink *sink, size_t *out_bytes,
                          veil_image_result *result, veil_error *error)
{
    veil_status status =
        call->has_jpeg ? rewrite(engine, call, sink, out_bytes, error) : recode(engine, call, sink, out_bytes, error);

    (void)vl_image_report(call->workspace, &call->request, &call->whole, call->mark, false, result, error);
    if (result != NULL) result->path = call->path;
    return status;
}

veil_status vl_image_redact_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_image_result *result, veil_error *error)
{
    encoded_call call = {.input = input, .input_bytes = input_bytes};
    vl_sink sink = {out, out_capacity, 0};
    veil_status status = begin(engine, options, &call, error);

    *out_bytes = 0;
    if (status == VEIL_OK) status = finish(engine, &call, &sink, out_bytes, result, error);
    if (status != VEIL_OK && out_capacity > 0) memset(out, 0, out_capacity);
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) *out_bytes = 0;
    end(engine, &call, status);
    return status;
}

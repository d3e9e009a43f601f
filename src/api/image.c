/*
 * Image calls: checks, metrics, fail closed. A build without images has the same symbols; they answer UNSUPPORTED, after
 * the same scrubbing of output buffers, so that a caller's buffers end the same way in every build.
 */
#include "call.h"

/* Engines write the whole result; an older caller's shorter one is filled from a local copy afterwards. */
typedef struct lent_result {
    veil_image_result local;
    veil_image_result *theirs; /* or NULL */
    veil_image_result *use;    /* what the engine gets */
} lent_result;

static void lend(lent_result *lent, veil_image_result *theirs)
{
    lent->theirs = theirs;
    lent->use = theirs;
    if (theirs == NULL || theirs->struct_size >= sizeof *theirs) return;
    memset(&lent->local, 0, sizeof lent->local);
    memcpy(&lent->local, theirs, theirs->struct_size);
    lent->local.struct_size = sizeof lent->local;
    lent->use = &lent->local;
}

static void settle(lent_result *lent, veil_status status)
{
    veil_image_result *theirs = lent->theirs;
    if (theirs == NULL) return;
    const size_t size = theirs->struct_size;
    if (lent->use != theirs) memcpy(theirs, &lent->local, size);
    theirs->struct_size = size;
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) theirs->region_count = 0;
}

#if VEIL_HAS_IMAGE
#define ENGINE(function, ...) vl_image_##function(sanitizer->image, __VA_ARGS__)
#else
#define ENGINE(function, ...) VEIL_ERR_UNSUPPORTED
#endif

veil_status veil_image_scan(const veil_sanitizer *sanitizer, const veil_image_options *options, const veil_image *image,
                            veil_image_result *result, veil_error *error)
{
    vl_call call;
    veil_image_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_SCAN, VEIL_MODALITY_IMAGE, error);
    if (status == VEIL_OK) status = vl_check_image_result(result, true, error);
    if (status == VEIL_OK) status = vl_check_image(image, error);
    if (status == VEIL_OK) status = vl_check_image_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, vl_image_size_bytes(image));
        status = ENGINE(scan, options, image, lent.use, error);
        settle(&lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_image_redact(const veil_sanitizer *sanitizer, const veil_image_options *options, veil_image *image,
                              veil_image_result *result, veil_error *error)
{
    vl_call call;
    veil_image_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_REDACT, VEIL_MODALITY_IMAGE, error);
    if (status == VEIL_OK) status = vl_check_image_result(result, false, error);
    if (status == VEIL_OK) status = vl_check_image(image, error);
    if (status == VEIL_OK) status = vl_check_image_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, vl_image_size_bytes(image));
        status = ENGINE(redact, options, image, lent.use, error);
        settle(&lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_image_encoded_bound(const veil_sanitizer *sanitizer, const void *input, size_t input_bytes,
                                     size_t *bound_bytes, veil_error *error)
{
    vl_call call; /* not counted: reading a header is no scan */
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_SCAN, VEIL_MODALITY_IMAGE, error);
    if (bound_bytes != NULL) *bound_bytes = 0;
    if (status == VEIL_OK && bound_bytes == NULL)
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "bound_bytes is NULL");
    if (status == VEIL_OK) status = vl_check_input(input, input_bytes, error);
    if (status == VEIL_OK) {
        status = ENGINE(encoded_bound, input, input_bytes, bound_bytes, error);
        if (status != VEIL_OK) *bound_bytes = 0;
    }
    vl_error_end(call.error, status);
    return status;
}

veil_status veil_image_scan_encoded(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                    const void *input, size_t input_bytes, veil_image_result *result, veil_error *error)
{
    vl_call call;
    veil_image_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_SCAN, VEIL_MODALITY_IMAGE, error);
    if (status == VEIL_OK) status = vl_check_image_result(result, true, error);
    if (status == VEIL_OK) status = vl_check_input(input, input_bytes, error);
    if (status == VEIL_OK) status = vl_check_image_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, input_bytes);
        status = ENGINE(scan_encoded, options, input, input_bytes, lent.use, error);
        settle(&lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_image_redact_encoded(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                      const void *input, size_t input_bytes, void *out, size_t out_capacity,
                                      size_t *out_bytes, veil_image_result *result, veil_error *error)
{
    vl_call call;
    veil_image_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_REDACT, VEIL_MODALITY_IMAGE, error);
    if (status == VEIL_OK) status = vl_check_image_result(result, false, error);
    if (status == VEIL_OK) status = vl_check_input(input, input_bytes, error);
    if (status == VEIL_OK) status = vl_check_output(input, input_bytes, out, out_capacity, out_bytes, error);
    if (status == VEIL_OK) status = vl_check_image_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, input_bytes);
        status = ENGINE(redact_encoded, options, input, input_bytes, out, out_capacity, out_bytes, lent.use, error);
        settle(&lent, status);
    }
    if (status != VEIL_OK) vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    return vl_call_end(&call, status);
}

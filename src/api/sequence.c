/* Sequences of frames: checks and metrics in front of image/sequence.c. */
#include "call.h"
#include "check.h"
#include "sanitizer.h"

#if VEIL_HAS_IMAGE
#include "image/sequence.h"
#endif

#define DETECT_EVERY_MAX 250u
#define HOLD_FRAMES_MAX  1000u

struct veil_image_sequence {
    const veil_sanitizer *sanitizer;
    veil_image_options options; /* completed; its arrays are the caller's */
    bool has_options;
#if VEIL_HAS_IMAGE
    vl_image_sequence *sequence;
#endif
};

static veil_status check_create(const veil_sanitizer *sanitizer, uint32_t detect_every, uint32_t hold_frames,
                                veil_image_sequence **out, veil_error *error)
{
    if (out == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "out is NULL");
    *out = NULL;
    if (sanitizer == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer is NULL");
    if (detect_every == 0 || detect_every > DETECT_EVERY_MAX || hold_frames > HOLD_FRAMES_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "detect_every is %u, hold_frames %u; they go from 1 to %u and from 0 to %u", detect_every,
                            hold_frames, DETECT_EVERY_MAX, HOLD_FRAMES_MAX);
    if ((sanitizer->config.modalities & VEIL_MODALITY_IMAGE) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without images");
    return VEIL_OK;
}

static veil_status make(const veil_sanitizer *sanitizer, const veil_image_options *options, uint32_t detect_every,
                        uint32_t hold_frames, veil_image_sequence **out, veil_error *error)
{
#if VEIL_HAS_IMAGE
    const vl_allocator *allocator = &sanitizer->runtime.allocator;
    veil_image_sequence *made = vl_alloc_zero(allocator, 1, sizeof *made);
    if (made == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for a sequence");
    const veil_status status =
        vl_image_sequence_create(sanitizer->image, detect_every, hold_frames, &made->sequence, error);
    if (status != VEIL_OK) {
        vl_free(allocator, made, sizeof *made);
        return status;
    }
    made->sanitizer = sanitizer;
    made->has_options = options != NULL;
    if (options != NULL) made->options = *options;
    *out = made;
    return VEIL_OK;
#else
    (void)sanitizer;
    (void)options;
    (void)detect_every;
    (void)hold_frames;
    (void)out;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this build has no images");
#endif
}

veil_status veil_image_sequence_create(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                       uint32_t detect_every, uint32_t hold_frames, veil_image_sequence **out,
                                       veil_error *error)
{
    veil_image_options local;
    if (!vl_error_begin(error)) {
        if (out != NULL) *out = NULL;
        return VEIL_ERR_INVALID_ARGUMENT;
    }
    veil_status status = check_create(sanitizer, detect_every, hold_frames, out, error);
    if (status == VEIL_OK) status = vl_check_image_options(&options, &local, error);
    if (status == VEIL_OK) status = make(sanitizer, options, detect_every, hold_frames, out, error);
    vl_error_end(error, status);
    return status;
}

veil_status veil_image_sequence_redact(veil_image_sequence *sequence, veil_image *frame, veil_image_result *result,
                                       veil_error *error)
{
    vl_call call;
    const veil_sanitizer *sanitizer = sequence != NULL ? sequence->sanitizer : NULL;
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_IMAGE_REDACT, VEIL_MODALITY_IMAGE, error);
    if (status == VEIL_OK && result != NULL && result->struct_size != sizeof *result)
        status = vl_error_set(call.error, VEIL_ERR_INVALID_ARGUMENT, 0,
                              "result.struct_size is %zu; this call takes %zu", result->struct_size, sizeof *result);
    if (status == VEIL_OK) status = vl_check_image_result(result, false, call.error);
    if (status == VEIL_OK) status = vl_check_image(frame, call.error);
#if VEIL_HAS_IMAGE
    if (status == VEIL_OK) {
        const veil_image_options *options = sequence->has_options ? &sequence->options : NULL;
        vl_call_start(&call, vl_image_size_bytes(frame));
        status = vl_image_sequence_redact(sequence->sequence, options, frame, result, call.error);
        if (status != VEIL_OK && result != NULL) result->region_count = 0;
    }
#endif
    return vl_call_end(&call, status);
}

void veil_image_sequence_destroy(veil_image_sequence *sequence)
{
    if (sequence == NULL) return;
#if VEIL_HAS_IMAGE
    vl_image_sequence_destroy(sequence->sequence);
#endif
    const vl_allocator allocator = sequence->sanitizer->runtime.allocator;
    vl_free(&allocator, sequence, sizeof *sequence);
}

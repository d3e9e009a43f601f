/*
 * Audio calls: checks, metrics, fail closed. A build without audio has the same symbols; they answer UNSUPPORTED, after
 * the same scrubbing of output buffers, so that a caller's buffers end the same way in every build.
 */
#include "call.h"

/* Engines write the whole result; an older caller's shorter one is filled from a local copy afterwards. One that is not
 * wanted is still made, to count the findings. */
typedef struct lent_result {
    veil_audio_result local;
    veil_audio_result *theirs; /* or NULL */
    veil_audio_result *use;    /* what the engine gets */
} lent_result;

static void lend(lent_result *lent, veil_audio_result *theirs)
{
    lent->theirs = theirs;
    lent->use = theirs;
    if (theirs != NULL && theirs->struct_size >= sizeof *theirs) return;
    memset(&lent->local, 0, sizeof lent->local);
    if (theirs != NULL) memcpy(&lent->local, theirs, theirs->struct_size);
    lent->local.struct_size = sizeof lent->local;
    lent->use = &lent->local;
}

static void settle(const veil_sanitizer *sanitizer, lent_result *lent, veil_status status)
{
    veil_audio_result *theirs = lent->theirs;
    if (status == VEIL_OK || status == VEIL_ERR_BUFFER_TOO_SMALL)
        vl_metrics_count(sanitizer->runtime.metrics, VL_COUNT_FINDINGS, lent->use->finding_count);
    if (theirs == NULL) return;
    const size_t size = theirs->struct_size;
    if (lent->use != theirs) memcpy(theirs, &lent->local, size);
    theirs->struct_size = size;
    if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) theirs->finding_count = 0;
}

#if VEIL_HAS_AUDIO
#define ENGINE(function, ...) vl_audio_##function(sanitizer->audio, __VA_ARGS__)
#else
#define ENGINE(function, ...) VEIL_ERR_UNSUPPORTED
#endif

veil_status veil_audio_scan(const veil_sanitizer *sanitizer, const veil_audio_options *options, const veil_audio *audio,
                            veil_audio_result *result, veil_error *error)
{
    vl_call call;
    veil_audio_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_SCAN, VEIL_MODALITY_AUDIO, error);
    if (status == VEIL_OK) status = vl_check_audio_result(result, true, error);
    if (status == VEIL_OK) status = vl_check_audio(audio, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, vl_audio_size_bytes(audio));
        status = ENGINE(scan, options, audio, lent.use, error);
        settle(sanitizer, &lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_audio_redact(const veil_sanitizer *sanitizer, const veil_audio_options *options, veil_audio *audio,
                              veil_audio_result *result, veil_error *error)
{
    vl_call call;
    veil_audio_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_REDACT, VEIL_MODALITY_AUDIO, error);
    if (status == VEIL_OK) status = vl_check_audio_result(result, false, error);
    if (status == VEIL_OK) status = vl_check_audio(audio, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, vl_audio_size_bytes(audio));
        status = ENGINE(redact, options, audio, lent.use, error);
        settle(sanitizer, &lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_audio_encoded_bound(const veil_sanitizer *sanitizer, const void *input, size_t input_bytes,
                                     size_t *bound_bytes, veil_error *error)
{
    vl_call call; /* not counted: reading a header is no scan */
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_SCAN, VEIL_MODALITY_AUDIO, error);
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

veil_status veil_audio_scan_encoded(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                    const void *input, size_t input_bytes, veil_audio_result *result, veil_error *error)
{
    vl_call call;
    veil_audio_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_SCAN, VEIL_MODALITY_AUDIO, error);
    if (status == VEIL_OK) status = vl_check_audio_result(result, true, error);
    if (status == VEIL_OK) status = vl_check_input(input, input_bytes, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, input_bytes);
        status = ENGINE(scan_encoded, options, input, input_bytes, lent.use, error);
        settle(sanitizer, &lent, status);
    }
    return vl_call_end(&call, status);
}

veil_status veil_audio_redact_encoded(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                      const void *input, size_t input_bytes, void *out, size_t out_capacity,
                                      size_t *out_bytes, veil_audio_result *result, veil_error *error)
{
    vl_call call;
    veil_audio_options local;
    lent_result lent = {0};
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_REDACT, VEIL_MODALITY_AUDIO, error);
    if (status == VEIL_OK) status = vl_check_audio_result(result, false, error);
    if (status == VEIL_OK) status = vl_check_input(input, input_bytes, error);
    if (status == VEIL_OK) status = vl_check_output(input, input_bytes, out, out_capacity, out_bytes, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
    if (status == VEIL_OK) {
        lend(&lent, result);
        vl_call_start(&call, input_bytes);
        status = ENGINE(redact_encoded, options, input, input_bytes, out, out_capacity, out_bytes, lent.use, error);
        settle(sanitizer, &lent, status);
    }
    if (status != VEIL_OK) vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    return vl_call_end(&call, status);
}

veil_status veil_transcript_redact(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                   double duration_s, uint32_t channel_count, char *out, size_t out_capacity,
                                   size_t *out_bytes, veil_error *error)
{
    vl_call call;
    veil_audio_options local;
    veil_status status = vl_call_begin(&call, sanitizer, VEIL_METRIC_AUDIO_SCAN, VEIL_MODALITY_AUDIO, error);
    if (status == VEIL_OK) status = vl_check_audio_options(&options, &local, error);
    if (status == VEIL_OK && (options == NULL || options->transcript == NULL))
        status = vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.transcript is NULL");
    if (status == VEIL_OK)
        status = vl_check_output(options->transcript, options->transcript_bytes, out, out_capacity, out_bytes, error);
    if (status == VEIL_OK) {
        vl_call_start(&call, options->transcript_bytes);
#if VEIL_HAS_AUDIO
        status = vl_transcript_redact(sanitizer->audio, options, duration_s, channel_count, out, out_capacity,
                                      out_bytes, error);
#else
        (void)duration_s;
        (void)channel_count;
        status = VEIL_ERR_UNSUPPORTED;
#endif
    }
    if (status != VEIL_OK) vl_scrub(out, out_capacity, status == VEIL_ERR_BUFFER_TOO_SMALL ? NULL : out_bytes);
    return vl_call_end(&call, status);
}

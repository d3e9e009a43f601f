#include "audio/engine_impl.h"
veil_status vl_audio_encoded_bound(const vl_audio_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error)
{
    (void)engine, (void)input, (void)input_bytes;
    *bound_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

veil_status vl_audio_scan_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                  size_t input_bytes, veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)input, (void)input_bytes, (void)result;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

veil_status vl_audio_redact_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_audio_result *result, veil_error *error)
{
    (void)engine, (void)options, (void)input, (void)input_bytes, (void)out, (void)out_capacity, (void)result;
    *out_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "encoded audio");
}

#include "image/codec.h"

#include "core/error.h"

vl_codec vl_codec_sniff(const void *input, size_t input_bytes)
{
    (void)input;
    (void)input_bytes;
    return VL_CODEC_UNKNOWN;
}
const char *vl_codec_name(vl_codec codec)
{
    (void)codec;
    return "unknown";
}
veil_status vl_codec_read_header(const void *input, size_t input_bytes, const vl_codec_limits *limits,
                                 vl_image_info *info, veil_error *error)
{
    (void)input, (void)input_bytes, (void)limits, (void)info;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "no codec");
}
veil_status vl_codec_decode(const void *input, size_t input_bytes, const vl_image_info *info, vl_pool *pool,
                            const vl_image_view *into, veil_error *error)
{
    (void)input, (void)input_bytes, (void)info, (void)pool, (void)into;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "no codec");
}
veil_status vl_codec_encode(const vl_image_view *view, const vl_image_info *info, const void *input, size_t input_bytes,
                            uint32_t quality, vl_pool *pool, void *out, size_t out_capacity, size_t *out_bytes,
                            veil_error *error)
{
    (void)view, (void)info, (void)input, (void)input_bytes, (void)quality, (void)pool, (void)out, (void)out_capacity;
    *out_bytes = 0;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "no codec");
}
size_t vl_codec_bound(const vl_image_info *info)
{
    (void)info;
    return 0;
}
const char *vl_codec_versions(void)
{
    return "";
}

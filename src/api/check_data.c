/*
 * Checks of what calls read and write: pictures, sounds, encoded bytes, result structs. Limits of the configuration are the
 * engines' business; here is what holds under any configuration.
 */
#include "check.h"

#define RATE_MIN_HZ      8000u
#define RATE_MAX_HZ      192000u
#define SIDE_MAX         65535u
#define CHANNELS_MAX     1024u
#define RESULT_MIN_BYTES 32u /* through the count: what both result structs of 0.1.0 begin with */

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

veil_status vl_check_text_result(veil_text_result *result, bool required, veil_error *error)
{
    if (result == NULL && !required) return VEIL_OK;
    const veil_status status = vl_check_struct(result, RESULT_MIN_BYTES, sizeof *result, "result", error);
    if (status != VEIL_OK) return status;
    result->finding_count = 0;
    if (result->findings == NULL && result->finding_capacity != 0)
        return invalid(error, "result.findings is NULL but finding_capacity is not 0");
    return VEIL_OK;
}

veil_status vl_check_image_result(veil_image_result *result, bool required, veil_error *error)
{
    if (result == NULL && !required) return VEIL_OK;
    const veil_status status = vl_check_struct(result, RESULT_MIN_BYTES, sizeof *result, "result", error);
    if (status != VEIL_OK) return status;
    result->region_count = 0;
    if (result->regions == NULL && result->region_capacity != 0)
        return invalid(error, "result.regions is NULL but region_capacity is not 0");
    return VEIL_OK;
}

veil_status vl_check_audio_result(veil_audio_result *result, bool required, veil_error *error)
{
    if (result == NULL && !required) return VEIL_OK;
    const veil_status status = vl_check_struct(result, RESULT_MIN_BYTES, sizeof *result, "result", error);
    if (status != VEIL_OK) return status;
    result->finding_count = 0;
    if (result->findings == NULL && result->finding_capacity != 0)
        return invalid(error, "result.findings is NULL but finding_capacity is not 0");
    return VEIL_OK;
}

static uint32_t pixel_bytes(uint32_t format)
{
    switch (format) {
    case VEIL_PIXEL_BGR:
    case VEIL_PIXEL_RGB:
        return 3;
    case VEIL_PIXEL_BGRA:
    case VEIL_PIXEL_RGBA:
        return 4;
    case VEIL_PIXEL_GRAY:
    case VEIL_PIXEL_NV12: /* of the plane of luma */
    case VEIL_PIXEL_I420:
        return 1;
    default:
        return 0;
    }
}

static bool is_planar(uint32_t format)
{
    return format == VEIL_PIXEL_NV12 || format == VEIL_PIXEL_I420;
}

static uint32_t sample_bytes(uint32_t format)
{
    switch (format) {
    case VEIL_SAMPLE_S16:
        return 2;
    case VEIL_SAMPLE_F32:
    case VEIL_SAMPLE_S32:
        return 4;
    case VEIL_SAMPLE_S24:
        return 3;
    case VEIL_SAMPLE_MULAW:
    case VEIL_SAMPLE_ALAW:
        return 1;
    default:
        return 0;
    }
}

veil_status vl_check_image(const veil_image *image, veil_error *error)
{
    const veil_status status = vl_check_struct(image, sizeof *image, sizeof *image, "image", error);
    if (status != VEIL_OK) return status;
    if (image->pixels == NULL) return invalid(error, "image.pixels is NULL");
    if (image->reserved != 0) return invalid(error, "image.reserved is not 0");
    const uint32_t bytes = pixel_bytes(image->format);
    if (bytes == 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image.format %u is unknown", image->format);
    if (image->width == 0 || image->width > SIDE_MAX || image->height == 0 || image->height > SIDE_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image is %u by %u; each side goes from 1 to %u",
                            image->width, image->height, SIDE_MAX);
    const uint32_t odd = is_planar(image->format) ? image->width & 1 : 0; /* the last column's chroma is whole */
    if (image->stride_bytes < (size_t)image->width * bytes + odd || image->stride_bytes > SIZE_MAX / SIDE_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "image.stride_bytes is %zu; a row of %u pixels takes %zu", image->stride_bytes,
                            image->width, (size_t)image->width * bytes);
    return VEIL_OK;
}

veil_status vl_check_audio(const veil_audio *audio, veil_error *error)
{
    const veil_status status = vl_check_struct(audio, sizeof *audio, sizeof *audio, "audio", error);
    if (status != VEIL_OK) return status;
    if (audio->layout > VEIL_LAYOUT_PLANAR)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "audio.layout %u is unknown", audio->layout);
    if (audio->samples == NULL && audio->frame_count != 0)
        return invalid(error, "audio.samples is NULL but frame_count is not 0");
    const uint32_t bytes = sample_bytes(audio->format);
    if (bytes == 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "audio.format %u is unknown", audio->format);
    if (audio->sample_rate_hz < RATE_MIN_HZ || audio->sample_rate_hz > RATE_MAX_HZ)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "audio.sample_rate_hz is %u; it goes from %u to %u",
                            audio->sample_rate_hz, RATE_MIN_HZ, RATE_MAX_HZ);
    if (audio->channel_count == 0 || audio->channel_count > CHANNELS_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "audio.channel_count is %u", audio->channel_count);
    if (audio->frame_count > SIZE_MAX / ((uint64_t)bytes * audio->channel_count))
        return invalid(error, "audio.frame_count is more than memory can hold");
    return VEIL_OK;
}

uint64_t vl_image_size_bytes(const veil_image *image)
{
    if (image == NULL) return 0;
    const uint64_t pixels = (uint64_t)image->width * image->height;
    return is_planar(image->format) ? pixels + pixels / 2 : pixels * pixel_bytes(image->format);
}

uint64_t vl_audio_size_bytes(const veil_audio *audio)
{
    return audio == NULL ? 0 : audio->frame_count * audio->channel_count * sample_bytes(audio->format);
}

veil_status vl_check_input(const void *input, size_t input_bytes, veil_error *error)
{
    if (input == NULL || input_bytes == 0) return invalid(error, "input is NULL or input_bytes is 0");
    return VEIL_OK;
}

veil_status vl_check_output(const void *input, size_t input_bytes, const void *out, size_t out_capacity,
                            const size_t *out_bytes, veil_error *error)
{
    if (out_bytes == NULL) return invalid(error, "out_bytes is NULL");
    if (out == NULL && out_capacity != 0) return invalid(error, "out is NULL but out_capacity is not 0");
    if (vl_overlap(input, input_bytes, out, out_capacity)) return invalid(error, "out overlaps the input");
    return VEIL_OK;
}

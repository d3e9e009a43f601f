/*
 * WebP through libwebp: still pictures, lossy and lossless, each written as what it was. The output is built here: libwebp's
 * picture chunks, the ICC profile, and nothing else. libwebp allocates with malloc and frees without wiping; what it writes
 * goes through memory of ours.
 */
#include <string.h>

#include <webp/decode.h>
#include <webp/encode.h>

#include "core/error.h"
#include "image/codec_internal.h"

enum {
    LOSSY_METHOD = 2,    /* of 6: a 640x427 photo takes 0.44 of the time of method 4 and 1 % more bytes */
    LOSSLESS_METHOD = 2, /* with effort 30 half the time of method 4 with 75, for 2 % more bytes */
    LOSSLESS_EFFORT = 30,
    RIFF_BYTES = 12,
    CHUNK_BYTES = 8,
    VP8X_BYTES = 10,
    FLAG_ICC = 32,
    FLAG_ALPHA = 16,
    GROWTH = 65536,
    DECODER_BYTES = 4 << 20 /* beside pixels: tables, rows */
};

/* ---- Reading ---- */

/* libwebp calls some of its refused allocations a damaged file (1.2.4: tables of codes, alpha): they are MALFORMED_INPUT here, too. */
static veil_status status_of(VP8StatusCode code, veil_error *error)
{
    if (code == VP8_STATUS_OUT_OF_MEMORY)
        return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "WebP: libwebp got no memory");
    if (code == VP8_STATUS_UNSUPPORTED_FEATURE)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "WebP: it uses a feature that is not supported");
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "WebP: damaged or cut short (libwebp status %d)",
                        (int)code);
}

/*
 * libwebp 1.2.4 follows a pointer that it never wrote where it gets no memory for its tables. It asks for the picture first, so what it will take is
 * asked for here, and given back: a process without memory is told so before. Another thread may still take it in between.
 */
static bool has_memory(const vl_image_info *info)
{
    const size_t bytes = (size_t)info->stored_width * info->stored_height * 4 + DECODER_BYTES;
    void *memory = vl_alloc(&vl_allocator_default, bytes);

    vl_free(&vl_allocator_default, memory, bytes);
    return memory != NULL;
}

static veil_status decode_into(vl_bytes input, const vl_image_info *info, const vl_image_view *stored,
                               veil_error *error)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "WebP: another libwebp");
    VP8StatusCode code = WebPGetFeatures(input.data, input.size, &config.input);
    if (code != VP8_STATUS_OK) return status_of(code, error);
    if ((uint32_t)config.input.width != info->stored_width || (uint32_t)config.input.height != info->stored_height ||
        config.input.has_animation || (config.input.has_alpha && info->format != VEIL_PIXEL_BGRA))
        return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "WebP: its headers disagree");
    if (!has_memory(info)) return status_of(VP8_STATUS_OUT_OF_MEMORY, error);
    config.output.colorspace = info->format == VEIL_PIXEL_BGRA ? MODE_BGRA : MODE_BGR;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = stored->pixels;
    config.output.u.RGBA.stride = (int)stored->stride_bytes;
    config.output.u.RGBA.size =
        stored->stride_bytes * (stored->height - 1) + (size_t)stored->width * vl_pixel_bytes(stored->format);
    code = WebPDecode(input.data, input.size, &config);
    WebPFreeDecBuffer(&config.output);
    return code == VP8_STATUS_OK ? VEIL_OK : status_of(code, error);
}

veil_status vl_webp_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                           veil_error *error)
{
    void *memory;
    size_t bytes = vl_image_tight_bytes(info->stored_width, info->stored_height, info->format);
    if (info->orientation == 1 && into->stride_bytes <= INT32_MAX) return decode_into(input, info, into, error);
    veil_status status = vl_pool_take(pool, bytes, &memory);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "WebP: no buffer for %zu bytes", bytes);
    const vl_image_view stored = vl_view_make(memory, info->stored_width, info->stored_height, info->format);
    status = decode_into(input, info, &stored, error);
    if (status == VEIL_OK) vl_orient_rows(into, info, memory, 0, info->stored_height);
    vl_pool_give(pool, memory, bytes);
    return status;
}

/* ---- Writing ---- */

/* What libwebp writes: its head states the length, and ours has to, before the rest. */
typedef struct collected {
    uint8_t *data;
    size_t size, capacity;
} collected;

static void collected_free(collected *c)
{
    if (c->data == NULL) return;
    vl_wipe(c->data, c->capacity);
    vl_free(&vl_allocator_default, c->data, c->capacity);
    c->data = NULL;
}

static int collect(const uint8_t *data, size_t size, const WebPPicture *picture)
{
    collected *c = picture->custom_ptr;
    if (size > c->capacity - c->size) {
        collected larger = {NULL, c->size, 2 * c->capacity + size + GROWTH};
        larger.data = vl_alloc(&vl_allocator_default, larger.capacity);
        if (larger.data == NULL) return 0;
        if (c->size > 0) memcpy(larger.data, c->data, c->size);
        collected_free(c);
        *c = larger;
    }
    memcpy(c->data + c->size, data, size);
    c->size += size;
    return 1;
}

static void put_little(uint8_t *p, size_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get_size(const uint8_t *chunk)
{
    return (uint32_t)chunk[7] << 24 | (uint32_t)chunk[6] << 16 | (uint32_t)chunk[5] << 8 | chunk[4];
}

static void write_chunk(vl_sink *sink, const char *type, const uint8_t *body, size_t size)
{
    uint8_t head[CHUNK_BYTES];
    memcpy(head, type, 4);
    put_little(head + 4, size, 4);
    vl_sink_write(sink, head, sizeof head);
    vl_sink_write(sink, body, size);
    if (size & 1) vl_sink_write(sink, "", 1);
}

/* RFC 9649, 2.7: the extended form has a header that announces what follows; the profile comes before the picture. */
static void write_extended(const collected *simple, const vl_image_info *info, vl_bytes icc, vl_sink *sink)
{
    const uint8_t *picture = simple->data + RIFF_BYTES, *end = simple->data + simple->size;
    uint8_t riff[RIFF_BYTES], head[VP8X_BYTES] = {FLAG_ICC};
    if (memcmp(picture, "VP8X", 4) == 0) picture += CHUNK_BYTES + get_size(picture);
    if (info->format == VEIL_PIXEL_BGRA) head[0] |= FLAG_ALPHA;
    put_little(head + 4, info->width - 1, 3);
    put_little(head + 7, info->height - 1, 3);
    size_t chunks = CHUNK_BYTES + VP8X_BYTES + CHUNK_BYTES + ((icc.size + 1) & ~(size_t)1) + (size_t)(end - picture);
    memcpy(riff, "RIFF", 4);
    put_little(riff + 4, chunks + 4, 4);
    memcpy(riff + 8, "WEBP", 4);
    vl_sink_write(sink, riff, sizeof riff);
    write_chunk(sink, "VP8X", head, sizeof head);
    write_chunk(sink, "ICCP", icc.data, icc.size);
    vl_sink_write(sink, picture, (size_t)(end - picture));
}

static bool set_config(WebPConfig *config, const vl_image_info *info)
{
    if (!WebPConfigInit(config)) return false;
    config->lossless = !info->is_lossy;
    config->quality = info->is_lossy ? (float)info->quality : LOSSLESS_EFFORT;
    config->method = info->is_lossy ? LOSSY_METHOD : LOSSLESS_METHOD;
    config->exact = 1; /* colours under alpha 0 were cleared before */
    return WebPValidateConfig(config) != 0;
}

/* Whether what the encoder calls a picture can be decoded. Where it lacks memory for its last bits, it writes fewer and says nothing (1.2.4,
 * lossless, also of alpha; codec_memory_test meets it). Takes a tenth of the time of encoding. */
static bool is_whole(const collected *out, const vl_image_info *info)
{
    int width, height;
    uint8_t *pixels;

    if (info->is_lossy && info->format != VEIL_PIXEL_BGRA) return true;
    pixels = WebPDecodeBGRA(out->data, out->size, &width, &height);
    WebPFree(pixels);
    return pixels != NULL;
}

static bool encode(const vl_image_view *view, const vl_image_info *info, WebPPicture *picture, collected *out)
{
    WebPConfig config;
    if (!set_config(&config, info) || !WebPPictureInit(picture)) return false;
    picture->use_argb = 1;
    picture->width = (int)view->width;
    picture->height = (int)view->height;
    picture->writer = collect;
    picture->custom_ptr = out;
    int is_in = view->format == VEIL_PIXEL_BGRA ? WebPPictureImportBGRA(picture, view->pixels, (int)view->stride_bytes)
                                                : WebPPictureImportBGR(picture, view->pixels, (int)view->stride_bytes);
    return is_in && WebPEncode(&config, picture) && out->size > RIFF_BYTES + CHUNK_BYTES && is_whole(out, info);
}

veil_status vl_webp_encode(const vl_image_view *view, const vl_image_info *info, vl_bytes input, vl_sink *sink,
                           veil_error *error)
{
    WebPPicture picture = {0};
    collected out = {0};
    vl_bytes icc = info->icc_bytes > 0 ? vl_webp_icc(input) : (vl_bytes){0};
    veil_status status = VEIL_OK;
    if (!encode(view, info, &picture, &out)) {
        /* without a word where it got no memory, too: there is nothing else left to fail at */
        bool is_memory = picture.error_code == VP8_ENC_OK || picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
                         picture.error_code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY ||
                         picture.error_code == VP8_ENC_ERROR_BAD_WRITE;
        status = vl_error_set(error, is_memory ? VEIL_ERR_NO_MEMORY : VEIL_ERR_INTERNAL, 0,
                              "WebP: cannot encode (libwebp error %d)", (int)picture.error_code);
    } else if (icc.size > 0) {
        write_extended(&out, info, icc, sink);
    } else {
        vl_sink_write(sink, out.data, out.size);
    }
    WebPPictureFree(&picture);
    collected_free(&out);
    return status;
}

uint32_t vl_webp_version(void)
{
    return (uint32_t)WebPGetEncoderVersion();
}

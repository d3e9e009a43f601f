/* See the header. */
#include "webp_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <webp/encode.h>

static void put_little(uint8_t *p, size_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static void add_chunk(test_bytes *out, const char *type, const void *data, size_t size)
{
    uint8_t head[8];
    memcpy(head, type, 4);
    put_little(head + 4, size, 4);
    bytes_append(out, head, 8);
    bytes_append(out, data, size);
    if (size & 1) bytes_append(out, "", 1);
}

static test_bytes encode(const webp_recipe *r)
{
    uint32_t channels = r->has_alpha ? 4 : 3;
    uint8_t *drawn = calloc((size_t)r->width * r->height, channels), *out = NULL;
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    if (drawn == NULL || !WebPConfigInit(&config) || !WebPPictureInit(&picture)) abort();
    draw_pattern(drawn, r->width, r->height, channels);
    const uint8_t *pixels = r->pixels != NULL ? r->pixels : drawn;
    config.lossless = r->is_lossless;
    config.exact = 1;
    config.quality = r->quality == 0 ? 90 : r->quality;
    picture.use_argb = 1;
    picture.width = (int)r->width;
    picture.height = (int)r->height;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    int stride = (int)(r->width * channels);
    if (!(r->has_alpha ? WebPPictureImportRGBA(&picture, pixels, stride)
                       : WebPPictureImportRGB(&picture, pixels, stride)) ||
        !WebPEncode(&config, &picture))
        abort();
    test_bytes bytes = {0};
    out = writer.mem;
    bytes_append(&bytes, out, writer.size);
    WebPMemoryWriterClear(&writer);
    WebPPictureFree(&picture);
    free(drawn);
    return bytes;
}

static void add_extras(test_bytes *out, const webp_recipe *r)
{
    static const char xmp[] = "<x:xmpmeta>SECRET-XMP-OWNER</x:xmpmeta>";
    if (r->orientation != 0 || r->has_secrets) {
        test_bytes exif = make_exif(r->orientation == 0 ? 1 : r->orientation, r->has_secrets);
        add_chunk(out, "EXIF", exif.data, exif.size);
        bytes_free(&exif);
    }
    if (!r->has_secrets) return;
    add_chunk(out, "XMP ", xmp, sizeof xmp - 1);
    add_chunk(out, "zzZZ", "SECRET-COMMENT", 14);
}

test_bytes make_webp(const webp_recipe *r)
{
    test_bytes simple = encode(r), out = {0};
    bool is_extended = r->is_animated || r->has_secrets || r->has_icc || r->orientation != 0;
    if (!is_extended) return simple;
    uint8_t head[10] = {0}, size[4];
    const uint8_t *picture = simple.data + 12;
    if (memcmp(picture, "VP8X", 4) == 0) picture += 18;
    head[0] = (uint8_t)((r->has_alpha ? 16 : 0) | (r->has_icc ? 32 : 0) | (r->is_animated ? 2 : 0) | 8 | 4);
    put_little(head + 4, r->width - 1, 3);
    put_little(head + 7, r->height - 1, 3);
    bytes_append(&out, "RIFF....WEBP", 12);
    add_chunk(&out, "VP8X", head, sizeof head);
    if (r->has_icc) {
        test_bytes icc = make_icc(3001, "RGB ");
        add_chunk(&out, "ICCP", icc.data, icc.size);
        bytes_free(&icc);
    }
    if (r->is_animated) add_chunk(&out, "ANIM", "\0\0\0\0\0\0", 6);
    bytes_append(&out, picture, simple.size - (size_t)(picture - simple.data));
    add_extras(&out, r);
    put_little(size, out.size - 8, 4);
    memcpy(out.data + 4, size, 4);
    if (r->has_secrets) bytes_append(&out, "SECRET-TRAILER", 14);
    bytes_free(&simple);
    return out;
}

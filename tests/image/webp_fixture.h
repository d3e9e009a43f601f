/* WebP pictures for the tests, made with libwebp itself; the container around them is put together here. */
#ifndef VL_TEST_WEBP_FIXTURE_H
#define VL_TEST_WEBP_FIXTURE_H

#include "picture_fixture.h"

typedef struct webp_recipe {
    uint32_t width, height;
    bool is_lossless;
    bool has_alpha;
    bool is_animated; /* says so in its header, and has an ANIM chunk */
    bool has_secrets; /* EXIF with GPS, XMP, an unknown chunk, bytes after the end */
    bool has_icc;
    float quality;         /* lossy; 0: 90 */
    uint32_t orientation;  /* 0: no EXIF */
    const uint8_t *pixels; /* tight RGB or RGBA; NULL: draw_pattern */
} webp_recipe;
test_bytes make_webp(const webp_recipe *recipe);

#endif

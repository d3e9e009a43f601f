/* Round trips through the codecs with a pool of their own. */
#ifndef VL_TEST_CODEC_FIXTURE_H
#define VL_TEST_CODEC_FIXTURE_H

#include "image/codec.h"
#include "picture_fixture.h"

extern const vl_codec_limits test_limits; /* the defaults of veil_config */

int codec_setup(void **state); /* state: vl_pool */
int codec_teardown(void **state);

typedef struct test_picture {
    vl_image_info info;
    vl_image_view view; /* tight, from malloc; pixels NULL after a failure */
    veil_status status;
} test_picture;

/** Header and decoding; never fails the test itself. Free with picture_free. */
test_picture picture_decode(vl_pool *pool, const test_bytes *file);
void picture_free(test_picture *picture);

/** Encode again into a buffer of the bound's size, and check that the result is within it. */
test_bytes picture_encode(vl_pool *pool, const test_picture *picture, const test_bytes *file, uint32_t quality);

#endif

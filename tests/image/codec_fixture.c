/* See the header. */
#include "codec_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

const vl_codec_limits test_limits = {.max_bytes = 256u << 20, .max_pixels = 100000000};

int codec_setup(void **state)
{
    vl_pool_class classes[] = {{64 << 10, 2}};
    vl_pool *pool = NULL;
    if (vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &pool) != VEIL_OK) return -1;
    *state = pool;
    return 0;
}

int codec_teardown(void **state)
{
    vl_pool_stats stats;
    vl_pool_stats_read(*state, &stats);
    vl_pool_destroy(*state);
    return stats.in_use == 0 ? 0 : -1; /* every path gave its buffers back */
}

test_picture picture_decode(vl_pool *pool, const test_bytes *file)
{
    test_picture picture = {0};
    veil_error error = VEIL_ERROR_INIT;
    picture.status = vl_codec_read_header(file->data, file->size, &test_limits, &picture.info, &error);
    if (picture.status != VEIL_OK) return picture;
    void *pixels = malloc(picture.info.pixel_bytes);
    assert_non_null(pixels);
    picture.view = vl_view_make(pixels, picture.info.width, picture.info.height, picture.info.format);
    picture.status = vl_codec_decode(file->data, file->size, &picture.info, pool, &picture.view, &error);
    if (picture.status == VEIL_OK) return picture;
    for (size_t i = 0; i < picture.info.pixel_bytes; i++)
        assert_int_equal(picture.view.pixels[i], 0); /* fail closed */
    picture_free(&picture);
    return picture;
}

void picture_free(test_picture *picture)
{
    free(picture->view.pixels);
    picture->view.pixels = NULL;
}

test_bytes picture_encode(vl_pool *pool, const test_picture *picture, const test_bytes *file, uint32_t quality)
{
    size_t bound = vl_codec_bound(&picture->info);
    test_bytes out = {malloc(bound), 0};
    assert_non_null(out.data);
    veil_status status = vl_codec_encode(&picture->view, &picture->info, NULL, file->data, file->size, quality, pool,
                                         out.data, bound, &out.size, NULL);
    assert_int_equal(status, VEIL_OK);
    assert_true(out.size <= bound);
    return out;
}

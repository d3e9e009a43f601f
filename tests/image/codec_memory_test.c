/*
 * Memory that is refused, and files that ask for too much of it. The whole way from file to file, every allocation failed in turn: JPEG as
 * coefficients (copied bits, transcoding, turned, decoded after all) and WebP. Detectors are off: OpenCV's allocations are tests/api's.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>

#include "codec_fixture.h"
#include "support/malloc_count.h"
#if VEIL_HAS_WEBP
#include <webp/decode.h>

#include "webp_fixture.h"
#endif

static veil_status redact(const veil_sanitizer *s, const test_bytes *file, uint32_t quality, uint8_t *out,
                          size_t capacity, size_t *out_bytes, uint32_t *path)
{
    const veil_region box = {.x = 10, .y = 8, .w = 14, .h = 12};
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result};
    veil_image_options_init(&options);
    options.regions = &box;
    options.region_count = 1;
    options.jpeg_quality = quality;
    const veil_status status =
        veil_image_redact_encoded(s, &options, file->data, file->size, out, capacity, out_bytes, &result, NULL);
    *path = result.path;
    return status;
}

typedef struct torture {
    const veil_sanitizer *sanitizer;
    test_bytes file;
    uint32_t quality;
    bool is_webp;
    uint8_t *whole; /* what comes out when nothing fails */
    size_t whole_bytes;
    uint8_t *out;
    size_t bound;
} torture;

typedef enum outcome { NOTHING_FAILED, SURVIVED, REFUSED, MISNAMED, CRASHED, LEAKED, WRONG } outcome;

/* libwebp may find another way to code a picture when it lacks memory for the best one. */
static bool is_same(const torture *t, size_t size)
{
    if (size == t->whole_bytes && memcmp(t->out, t->whole, size) == 0) return true;
#if VEIL_HAS_WEBP
    int w, h, whole_w, whole_h;
    uint8_t *pixels = t->is_webp ? WebPDecodeRGBA(t->out, size, &w, &h) : NULL;
    uint8_t *whole = t->is_webp ? WebPDecodeRGBA(t->whole, t->whole_bytes, &whole_w, &whole_h) : NULL;
    const bool is = pixels != NULL && whole != NULL && w == whole_w && h == whole_h &&
                    memcmp(pixels, whole, (size_t)w * (size_t)h * 4) == 0;
    WebPFree(pixels);
    WebPFree(whole);
    return is;
#else
    return false;
#endif
}

/* The n-th allocation fails: success with the right bytes all the same, or NO_MEMORY with none. No assertions: this may be a child. */
static outcome fail_one(const torture *t, uint64_t n)
{
    size_t size;
    uint32_t path;
    memset(t->out, 0xEE, t->bound);
    const malloc_counts before = malloc_count_read();
    malloc_count_fail_at(n);
    const veil_status status = redact(t->sanitizer, &t->file, t->quality, t->out, t->bound, &size, &path);
    const bool has_failed = malloc_count_fail_done();
    const malloc_counts since = malloc_count_since(before);
    if (since.live_blocks != 0 || since.live_maps != 0) return LEAKED;
    if (status == VEIL_OK) {
        if (!is_same(t, size)) return WRONG;
        return has_failed ? SURVIVED : NOTHING_FAILED;
    }
    for (size_t i = 0; i < t->bound; i++)
        if (t->out[i] != 0) return WRONG;
    if (size != 0 || !has_failed) return WRONG;
    if (status == VEIL_ERR_NO_MEMORY) return REFUSED;
    return t->is_webp && status == VEIL_ERR_MALFORMED_INPUT ? MISNAMED : WRONG; /* libwebp says no more for some */
}

/* libwebp 1.2.4 follows a pointer that it never wrote where it gets no memory for a table: not in this process. */
static outcome fail_one_in_child(const torture *t, uint64_t n)
{
    int how = 0;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit((int)fail_one(t, n));
    }
    assert_true(child > 0 && waitpid(child, &how, 0) == child);
    return WIFSIGNALED(how) ? CRASHED : (outcome)WEXITSTATUS(how);
}

static void fail_every_allocation(const veil_sanitizer *s, test_bytes file, uint32_t quality, uint32_t expected_path)
{
    torture t = {.sanitizer = s, .file = file, .quality = quality, .is_webp = memcmp(file.data, "RIFF", 4) == 0};
    uint32_t counts[WRONG + 1] = {0}, path;
    assert_int_equal(veil_image_encoded_bound(s, file.data, file.size, &t.bound, NULL), VEIL_OK);
    t.whole = malloc(t.bound);
    t.out = malloc(t.bound);
    assert_int_equal(redact(s, &file, quality, t.whole, t.bound, &t.whole_bytes, &path), VEIL_OK);
    assert_int_equal(path, expected_path);
    for (uint64_t n = 1; counts[NOTHING_FAILED] == 0; n++) {
        const outcome result = t.is_webp ? fail_one_in_child(&t, n) : fail_one(&t, n);
        if (result > CRASHED) fail_msg("failure %lu: outcome %d", (unsigned long)n, (int)result);
        counts[result]++;
    }
    print_message("path %u: %u refused, %u done without, %u called damage, %u ended libwebp\n", expected_path,
                  counts[REFUSED], counts[SURVIVED], counts[MISNAMED], counts[CRASHED]);
    assert_true(counts[REFUSED] > 4);
    assert_true(counts[MISNAMED] + counts[CRASHED] <= (t.is_webp ? counts[REFUSED] / 2 : 0));
    assert_int_equal(fail_one(&t, UINT64_MAX), NOTHING_FAILED); /* the sanitizer goes on */
    free(t.out);
    free(t.whole);
    bytes_free(&file);
}

static void jpeg_as_coefficients(void **state)
{
    const jpeg_recipe plain = {
        .width = 96, .height = 64, .channels = 3, .sampling_h = 2, .sampling_v = 2, .icc_chunks = 2};
    jpeg_recipe recipe = plain;
    if (!malloc_count_works()) skip();
    fail_every_allocation(*state, make_jpeg(&recipe), 0, VEIL_PATH_COEFFICIENTS);
    recipe.restart_interval = 3;
    fail_every_allocation(*state, make_jpeg(&recipe), 0, VEIL_PATH_COEFFICIENTS);
    recipe.is_progressive = true;
    fail_every_allocation(*state, make_jpeg(&recipe), 0, VEIL_PATH_COEFFICIENTS);
    recipe = plain;
    recipe.orientation = 6;
    fail_every_allocation(*state, make_jpeg(&recipe), 0, VEIL_PATH_COEFFICIENTS);
    recipe.width = 90; /* cannot be turned */
    recipe.orientation = 3;
    fail_every_allocation(*state, make_jpeg(&recipe), 0, VEIL_PATH_LOSSY);
    fail_every_allocation(*state, make_jpeg(&plain), 80, VEIL_PATH_LOSSY);
}

static void png_and_webp(void **state)
{
    if (!malloc_count_works()) skip();
    fail_every_allocation(*state,
                          make_png(&(png_recipe){.width = 50,
                                                 .height = 40,
                                                 .color_type = PNG_COLOR_TYPE_RGB_ALPHA,
                                                 .bit_depth = 8,
                                                 .has_icc = true,
                                                 .is_interlaced = true,
                                                 .orientation = 6}),
                          0, VEIL_PATH_LOSSLESS);
    fail_every_allocation(*state,
                          make_png(&(png_recipe){.width = 40,
                                                 .height = 30,
                                                 .color_type = PNG_COLOR_TYPE_GRAY_ALPHA,
                                                 .bit_depth = 16,
                                                 .is_interlaced = true}),
                          0, VEIL_PATH_LOSSLESS);
#if VEIL_HAS_WEBP
    for (int k = 0; k < 4; k++) {
        const webp_recipe recipe = {.width = 60,
                                    .height = 48,
                                    .is_lossless = k & 1,
                                    .has_alpha = k >= 2,
                                    .has_icc = k != 0,
                                    .orientation = k == 3 ? 6 : 0};
        fail_every_allocation(*state, make_webp(&recipe), 0, k & 1 ? VEIL_PATH_LOSSLESS : VEIL_PATH_LOSSY);
    }
#endif
}

#if VEIL_HAS_WEBP

/* Lossless, one colour, so no bits at all for pixels (RFC 9649, 6.2: codes of one symbol): 32 bytes for any size. */
static test_bytes make_blank(uint32_t width, uint32_t height)
{
    static const uint8_t head[] = "RIFF\x18\0\0\0WEBPVP8L\x0c\0\0\0\x2f";
    const uint32_t sides = (width - 1) | (height - 1) << 14;
    uint64_t bits = 0;
    uint8_t rest[11] = {(uint8_t)sides, (uint8_t)(sides >> 8), (uint8_t)(sides >> 16), (uint8_t)(sides >> 24)};
    test_bytes file = {0};
    for (int code = 0; code < 5;
         code++) /* no transform, no colour cache, no meta codes: 3 zeros; then simple, 1 symbol, 1 bit, it is 0 */
        bits |= (uint64_t)1 << (3 + 4 * code);
    for (int i = 0; i < 4; i++)
        rest[4 + i] = (uint8_t)(bits >> 8 * i);
    bytes_append(&file, head, sizeof head - 1);
    bytes_append(&file, rest, sizeof rest);
    return file;
}

/* Refused from the header, before anything is allocated. */
static void webp_bombs_are_refused(void **state)
{
    static const uint32_t sides[][2] = {{16384, 16384}, {10001, 10000}, {10000, 10000}, {4001, 4000}, {16384, 977}};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        test_bytes file = make_blank(sides[i][0], sides[i][1]);
        uint8_t out[16] = {0xEE, 0xEE};
        size_t bytes = 1, bound = 1;
        uint32_t path;
        const malloc_counts before = malloc_count_read();
        const veil_status status = redact(*state, &file, 0, out, sizeof out, &bytes, &path);
        const uint64_t allocations = malloc_count_since(before).allocations;
        assert_int_equal(status, VEIL_ERR_LIMIT);
        assert_int_equal(allocations, 0);
        assert_int_equal(bytes, 0);
        assert_int_equal(out[0], 0);
        assert_int_equal(veil_image_encoded_bound(*state, file.data, file.size, &bound, NULL), VEIL_ERR_LIMIT);
        bytes_free(&file);
    }
}

/* The largest blank that is taken: what it costs, in time and in memory. */
static void the_largest_blank_is_affordable(void **state)
{
    test_bytes file = make_blank(4000, 4000);
    uint8_t out[2048];
    size_t bytes = 0;
    uint32_t path;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    const clock_t start = clock();
    assert_int_equal(redact(*state, &file, 0, out, sizeof out, &bytes, &path), VEIL_OK);
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    getrusage(RUSAGE_SELF, &after);
    const double mib = (double)(after.ru_maxrss - before.ru_maxrss) / 1024;
    print_message("4000 x 4000 in %zu bytes: %.2f s, %.0f MiB, %zu bytes out\n", file.size, seconds, mib, bytes);
    assert_int_equal(path, VEIL_PATH_LOSSLESS);
    if (malloc_count_works()) assert_true(mib < 600); /* sanitizers keep memory of their own */
    bytes_free(&file);
}

#endif

static int make_sanitizer(void **state)
{
    static const char *const entities[] = {"REGION"}; /* no network, no codes */
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) return 1;
    *state = sanitizer;
    return 0;
}

static int drop_sanitizer(void **state)
{
    veil_sanitizer_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if VEIL_HAS_WEBP
        cmocka_unit_test(the_largest_blank_is_affordable), /* first: it looks at the peak of memory */
        cmocka_unit_test(webp_bombs_are_refused),
#endif
        cmocka_unit_test(jpeg_as_coefficients),
        cmocka_unit_test(png_and_webp),
    };
    return cmocka_run_group_tests_name("codec_memory", tests, make_sanitizer, drop_sanitizer);
}

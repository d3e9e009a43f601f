/* Image and audio calls: every wrong argument is refused by name; buffers in place stay untouched, others are cleared. */
#include "api_support.h"

#include <math.h>
#include <stdbool.h>

static veil_sanitizer *s;
static veil_sanitizer *text_only;
static veil_error error = VEIL_ERROR_INIT;

#define BAD VEIL_ERR_INVALID_ARGUMENT
#define W   8
#define H   8

static uint8_t pixels[W * H * 3];
static int16_t samples[8000];

static int setup(void **state)
{
    (void)state;
    s = make_for(0);
    text_only = make_for(VEIL_MODALITY_TEXT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    veil_sanitizer_destroy(s);
    veil_sanitizer_destroy(text_only);
    return 0;
}

static veil_image good_image(void)
{
    memset(pixels, 7, sizeof pixels);
    return (veil_image){sizeof(veil_image), pixels, (size_t)W * 3, W, H, VEIL_PIXEL_BGR, 0};
}

static veil_audio good_audio(void)
{
    for (size_t i = 0; i < 8000; i++)
        samples[i] = 7;
    return (veil_audio){sizeof(veil_audio), samples, 8000, 8000, 1, VEIL_SAMPLE_S16, 0};
}

static void every_wrong_image_is_refused(void **state)
{
    (void)state;
    veil_image_result result = {.struct_size = sizeof result};
    veil_image image;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        image = good_image();                                                                                          \
        __VA_ARGS__;                                                                                                   \
        result.region_count = 9;                                                                                       \
        assert_refused(veil_image_redact(s, NULL, &image, NULL, &error), BAD, error, word);                            \
        assert_refused(veil_image_scan(s, NULL, &image, &result, &error), BAD, error, word);                           \
        assert_int_equal(result.region_count, 0);                                                                      \
        assert_int_equal(pixels[0], 7);                                                                                \
    } while (0)
    WRONG("struct_size", image.struct_size = 0);
    WRONG("struct_size", image.struct_size = sizeof image - 8);
    WRONG("pixels", image.pixels = NULL);
    WRONG("stride_bytes", image.stride_bytes = W * 3 - 1);
    WRONG("stride_bytes", image.stride_bytes = SIZE_MAX);
    WRONG("image is 0", image.width = 0);
    WRONG("image is", image.height = 0);
    WRONG("image is", image.width = 65536; image.stride_bytes = 65536 * 3);
    WRONG("image is", image.height = 65536);
    WRONG("format", image.format = 0);
    WRONG("format", image.format = VEIL_PIXEL_I420 + 1);
    WRONG("reserved", image.reserved = 1);
#undef WRONG
    image = good_image();
    assert_refused(veil_image_redact(NULL, NULL, &image, NULL, &error), BAD, error, "sanitizer");
    assert_refused(veil_image_redact(s, NULL, NULL, NULL, &error), BAD, error, "image");
    assert_refused(veil_image_scan(s, NULL, &image, NULL, &error), BAD, error, "result");
    result.region_capacity = 1;
    assert_refused(veil_image_scan(s, NULL, &image, &result, &error), BAD, error, "regions");
    result = (veil_image_result){.struct_size = 24};
    assert_refused(veil_image_redact(s, NULL, &image, &result, &error), BAD, error, "struct_size");
    veil_error small = {.struct_size = 8};
    assert_int_equal(veil_image_redact(s, NULL, &image, NULL, &small), BAD);
    assert_refused(veil_image_redact(text_only, NULL, &image, NULL, &error), VEIL_ERR_UNSUPPORTED, error, "images");
    assert_int_equal(pixels[0], 7);
}

static void every_wrong_image_option_is_refused(void **state)
{
    (void)state;
    static const char *const typo[] = {"FACES"};
    static const char *const null_name[] = {NULL};
    const veil_region no_area = {.x = 1, .y = 1, .w = 0, .h = 3};
    const veil_region reserved = {.x = 1, .y = 1, .w = 2, .h = 3, .reserved = 1};
    const veil_effect_rule bad_effect = {sizeof bad_effect, "*", 77, 0};
    const veil_effect_rule typo_effect = {sizeof typo_effect, "FACES", VEIL_EFFECT_BLUR, 0};
    veil_image image = good_image();
    veil_image_options o;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        veil_image_options_init(&o);                                                                                   \
        __VA_ARGS__;                                                                                                   \
        assert_refused(veil_image_redact(s, &o, &image, NULL, &error), BAD, error, word);                              \
        assert_int_equal(pixels[0], 7);                                                                                \
    } while (0)
    WRONG("struct_size", o.struct_size = 12);
    WRONG("regions", o.region_count = 1);
    WRONG("regions[0]", o.regions = &no_area; o.region_count = 1);
    WRONG("regions[0]", o.regions = &reserved; o.region_count = 1);
    WRONG("entities", o.entity_count = 1);
    WRONG("entities[0]", o.entities = null_name; o.entity_count = 1);
    WRONG("", o.entities = typo; o.entity_count = 1);
    WRONG("exclude", o.exclude_count = 1);
    WRONG("", o.exclude = typo; o.exclude_count = 1);
    WRONG("effects", o.effect_count = 1);
    WRONG("effects[0]", o.effects = &bad_effect; o.effect_count = 1);
    WRONG("", o.effects = &typo_effect; o.effect_count = 1);
    WRONG("min_score", o.min_score = NAN);
    WRONG("min_score", o.min_score = 1.5f);
    WRONG("margin_percent", o.margin_percent = NAN);
    WRONG("margin_percent", o.margin_percent = 101.0f);
    WRONG("flags", o.flags = 1u << 31);
    WRONG("jpeg_quality", o.jpeg_quality = 101);
#undef WRONG
}

static void every_wrong_audio_is_refused(void **state)
{
    (void)state;
    veil_audio_result result = {.struct_size = sizeof result};
    veil_audio audio;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        audio = good_audio();                                                                                          \
        __VA_ARGS__;                                                                                                   \
        result.finding_count = 9;                                                                                      \
        assert_refused(veil_audio_redact(s, NULL, &audio, NULL, &error), BAD, error, word);                            \
        assert_refused(veil_audio_scan(s, NULL, &audio, &result, &error), BAD, error, word);                           \
        assert_int_equal(result.finding_count, 0);                                                                     \
        assert_int_equal(samples[0], 7);                                                                               \
    } while (0)
    WRONG("struct_size", audio.struct_size = 8);
    WRONG("samples", audio.samples = NULL);
    WRONG("sample_rate_hz", audio.sample_rate_hz = 7999);
    WRONG("sample_rate_hz", audio.sample_rate_hz = 192001);
    WRONG("channel_count", audio.channel_count = 0);
    WRONG("channel_count", audio.channel_count = UINT32_MAX);
    WRONG("format", audio.format = 0);
    WRONG("format", audio.format = 99);
    WRONG("frame_count", audio.frame_count = UINT64_MAX);
    WRONG("layout", audio.layout = 2);
#undef WRONG
    audio = good_audio();
    assert_refused(veil_audio_redact(NULL, NULL, &audio, NULL, &error), BAD, error, "sanitizer");
    assert_refused(veil_audio_redact(s, NULL, NULL, NULL, &error), BAD, error, "audio");
    assert_refused(veil_audio_scan(s, NULL, &audio, NULL, &error), BAD, error, "result");
    result.finding_capacity = 1;
    assert_refused(veil_audio_scan(s, NULL, &audio, &result, &error), BAD, error, "findings");
    veil_error small = {.struct_size = 8};
    assert_int_equal(veil_audio_redact(s, NULL, &audio, NULL, &small), BAD);
    assert_refused(veil_audio_redact(text_only, NULL, &audio, NULL, &error), VEIL_ERR_UNSUPPORTED, error, "audio");
    assert_int_equal(samples[0], 7);
}

static void every_wrong_audio_option_is_refused(void **state)
{
    (void)state;
    static const char *const typo[] = {"EMAIL_ADRESS"};
    const veil_audio_range backwards = {2.0, 1.0, -1, 0};
    const veil_audio_range not_finite = {0.0, INFINITY, -1, 0};
    const veil_audio_range negative = {-1.0, 1.0, -1, 0};
    const veil_audio_range channel = {0.0, 1.0, -2, 0};
    const veil_audio_range reserved = {0.0, 1.0, -1, 1};
    const veil_effect_rule bad_effect = {sizeof bad_effect, "*", 77, 0};
    veil_audio audio = good_audio();
    veil_audio_options o;
#define WRONG(word, ...)                                                                                               \
    do {                                                                                                               \
        veil_audio_options_init(&o);                                                                                   \
        __VA_ARGS__;                                                                                                   \
        assert_refused(veil_audio_redact(s, &o, &audio, NULL, &error), BAD, error, word);                              \
        assert_int_equal(samples[0], 7);                                                                               \
    } while (0)
    WRONG("struct_size", o.struct_size = 12);
    WRONG("ranges", o.range_count = 1);
    WRONG("ranges[0]", o.ranges = &backwards; o.range_count = 1);
    WRONG("ranges[0]", o.ranges = &not_finite; o.range_count = 1);
    WRONG("ranges[0]", o.ranges = &negative; o.range_count = 1);
    WRONG("ranges[0]", o.ranges = &channel; o.range_count = 1);
    WRONG("ranges[0]", o.ranges = &reserved; o.range_count = 1);
    WRONG("transcript", o.transcript_bytes = 1);
    WRONG("transcript_format", o.transcript_format = VEIL_TRANSCRIPT_VTT + 1);
    WRONG("min_score", o.min_score = NAN);
    WRONG("language", o.language = "EN");
    WRONG("language", o.language = "xx");
    WRONG("entities", o.entity_count = 1);
    WRONG("", o.entities = typo; o.entity_count = 1);
    WRONG("exclude", o.exclude_count = 1);
    WRONG("effects", o.effect_count = 1);
    WRONG("effects[0]", o.effects = &bad_effect; o.effect_count = 1);
    WRONG("guard_ms", o.guard_ms = 60001);
    WRONG("fade_ms", o.fade_ms = INT32_MAX);
    WRONG("flags", o.flags = 1u << 31);
    WRONG("level_dbfs", o.level_dbfs = 1);
    WRONG("level_dbfs", o.level_dbfs = -61);
    WRONG("level_dbfs", o.level_dbfs = NAN);
#undef WRONG
}

/* The encoded calls of both kinds have the same shape. */

static void expect_cleared(const veil_sanitizer *sanitizer, bool is_image, const void *input, size_t input_bytes,
                           veil_status expected, const char *word)
{
    uint8_t out[64];
    size_t out_bytes = 99;
    memset(out, 'x', sizeof out);
    if (is_image)
        assert_refused(
            veil_image_redact_encoded(sanitizer, NULL, input, input_bytes, out, sizeof out, &out_bytes, NULL, &error),
            expected, error, word);
    else
        assert_refused(
            veil_audio_redact_encoded(sanitizer, NULL, input, input_bytes, out, sizeof out, &out_bytes, NULL, &error),
            expected, error, word);
    assert_int_equal(out_bytes, 0);
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
}

static void encoded_calls_check_and_clear(void **state)
{
    (void)state;
    static const uint8_t junk[40] = "neither a picture nor a sound";
    for (int is_image = 0; is_image < 2; is_image++) {
        expect_cleared(NULL, is_image, junk, sizeof junk, BAD, "sanitizer");
        expect_cleared(s, is_image, NULL, 5, BAD, "input");
        expect_cleared(s, is_image, junk, 0, BAD, "input");
        expect_cleared(text_only, is_image, junk, sizeof junk, VEIL_ERR_UNSUPPORTED, is_image ? "images" : "audio");
    }
    uint8_t both[64] = "input";
    size_t out_bytes = 9;
    assert_refused(veil_image_redact_encoded(s, NULL, both, 40, both + 8, 50, &out_bytes, NULL, &error), BAD, error,
                   "overlaps");
    assert_refused(veil_audio_redact_encoded(s, NULL, both, 40, both + 8, 50, NULL, NULL, &error), BAD, error,
                   "out_bytes");
    assert_refused(veil_audio_redact_encoded(s, NULL, both, 40, NULL, 50, &out_bytes, NULL, &error), BAD, error, "out");
    assert_int_equal(out_bytes, 0);
    veil_image_result image_result = {.struct_size = sizeof image_result, .region_count = 4};
    veil_audio_result audio_result = {.struct_size = sizeof audio_result, .finding_count = 4};
    assert_refused(veil_image_scan_encoded(s, NULL, NULL, 4, &image_result, &error), BAD, error, "input");
    assert_refused(veil_audio_scan_encoded(s, NULL, NULL, 4, &audio_result, &error), BAD, error, "input");
    assert_int_equal(image_result.region_count, 0);
    assert_int_equal(audio_result.finding_count, 0);
    assert_refused(veil_image_scan_encoded(s, NULL, junk, 4, NULL, &error), BAD, error, "result");
    assert_refused(veil_audio_scan_encoded(s, NULL, junk, 4, NULL, &error), BAD, error, "result");
}

static void transcripts_check_and_clear(void **state)
{
    (void)state;
    static const char words[] = "{\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1}]}";
    char out[128];
    size_t out_bytes = 9;
    veil_audio_options o;
    veil_audio_options_init(&o);
    assert_refused(veil_transcript_redact(s, NULL, 0, 0, out, sizeof out, &out_bytes, &error), BAD, error,
                   "transcript");
    assert_refused(veil_transcript_redact(s, &o, 0, 0, out, sizeof out, &out_bytes, &error), BAD, error, "transcript");
    o.transcript = words;
    o.transcript_bytes = sizeof words - 1;
    assert_refused(veil_transcript_redact(NULL, &o, 0, 0, out, sizeof out, &out_bytes, &error), BAD, error,
                   "sanitizer");
    assert_refused(veil_transcript_redact(s, &o, 0, 0, out, sizeof out, NULL, &error), BAD, error, "out_bytes");
    assert_refused(veil_transcript_redact(s, &o, -1, 0, out, sizeof out, &out_bytes, &error), BAD, error, "duration_s");
    assert_refused(veil_transcript_redact(s, &o, 0, 0, NULL, 5, &out_bytes, &error), BAD, error, "out");
    assert_refused(veil_transcript_redact(text_only, &o, 0, 0, out, sizeof out, &out_bytes, &error),
                   VEIL_ERR_UNSUPPORTED, error, "audio");
    memset(out, 'x', sizeof out);
    assert_refused(veil_transcript_redact(s, &o, 0, 0, out, 10, &out_bytes, &error), VEIL_ERR_BUFFER_TOO_SMALL, error,
                   "takes");
    assert_int_equal(out_bytes, sizeof words - 1);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(out[i], 0);
    assert_int_equal(veil_transcript_redact(s, &o, 0, 0, out, sizeof out, &out_bytes, &error), VEIL_OK);
    assert_memory_equal(out, words, sizeof words - 1);
}

static void bounds_check_and_report_zero(void **state)
{
    (void)state;
    static const uint8_t junk[40] = "neither a picture nor a sound";
    size_t bound = 7;
    assert_refused(veil_image_encoded_bound(s, junk, 40, NULL, &error), BAD, error, "bound_bytes");
    assert_refused(veil_audio_encoded_bound(s, junk, 40, NULL, &error), BAD, error, "bound_bytes");
    assert_refused(veil_image_encoded_bound(NULL, junk, 40, &bound, &error), BAD, error, "sanitizer");
    assert_int_equal(bound, 0);
    bound = 7;
    assert_refused(veil_audio_encoded_bound(s, NULL, 40, &bound, &error), BAD, error, "input");
    assert_int_equal(bound, 0);
    bound = 7;
    assert_refused(veil_image_encoded_bound(text_only, junk, 40, &bound, &error), VEIL_ERR_UNSUPPORTED, error,
                   "images");
    assert_int_equal(bound, 0);
    bound = 7;
    assert_true(veil_image_encoded_bound(s, junk, 40, &bound, &error) < 0);
    assert_int_equal(bound, 0);
    bound = 7;
    assert_true(veil_audio_encoded_bound(s, junk, 40, &bound, &error) < 0);
    assert_int_equal(bound, 0);
}

/* An older caller's result ends with the count: what lies behind it is not ours to write. */
static void a_shorter_result_is_not_written_beyond_its_size(void **state)
{
    (void)state;
    veil_audio audio = good_audio();
    const veil_audio_range range = {0.1, 0.2, -1, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.ranges = &range;
    o.range_count = 1;
    veil_audio_result result;
    memset(&result, 0xee, sizeof result);
    result.struct_size = offsetof(veil_audio_result, redacted_frames);
    result.findings = NULL;
    result.finding_capacity = 0;
    assert_int_equal(veil_audio_redact(s, &o, &audio, &result, &error), VEIL_OK);
    assert_int_equal(result.struct_size, offsetof(veil_audio_result, redacted_frames));
    assert_int_equal(result.finding_count, 1);
    assert_int_equal(result.sample_rate_hz, 0xeeeeeeee);

    veil_image image = good_image();
    veil_image_result regions;
    memset(&regions, 0xee, sizeof regions);
    regions.struct_size = offsetof(veil_image_result, width);
    regions.regions = NULL;
    regions.region_capacity = 0;
    const veil_region box = {.x = 1, .y = 1, .w = 2, .h = 2};
    veil_image_options io;
    veil_image_options_init(&io);
    io.regions = &box;
    io.region_count = 1;
    io.flags = VEIL_IMAGE_NO_DETECTORS;
    assert_int_equal(veil_image_redact(s, &io, &image, &regions, &error), VEIL_OK);
    assert_int_equal(regions.region_count, 1);
    assert_int_equal(regions.width, 0xeeeeeeee);
}

static void every_wrong_call_of_a_sound_stream_is_refused(void **state)
{
    (void)state;
    veil_audio_stream_options shape = {sizeof shape, 8000, 1, VEIL_SAMPLE_S16, 0};
    veil_audio_stream *stream = NULL;
    uint64_t frames = 7;
    int16_t out[16];
    assert_refused(veil_audio_stream_create(NULL, &shape, NULL, &stream, &error), BAD, error, "sanitizer");
    assert_refused(veil_audio_stream_create(s, NULL, NULL, &stream, &error), BAD, error, "stream");
    assert_refused(veil_audio_stream_create(s, &shape, NULL, NULL, &error), BAD, error, "out");
    assert_refused(veil_audio_stream_create(text_only, &shape, NULL, &stream, &error), VEIL_ERR_UNSUPPORTED, error,
                   "audio");
    shape.struct_size = 8;
    assert_refused(veil_audio_stream_create(s, &shape, NULL, &stream, &error), BAD, error, "stream");
    shape.struct_size = sizeof shape;
    assert_null(stream);
    assert_int_equal(veil_audio_stream_create(s, &shape, NULL, &stream, &error), VEIL_OK);
    assert_refused(veil_audio_stream_push(NULL, out, 1, &frames, &error), BAD, error, "stream");
    assert_refused(veil_audio_stream_push(stream, NULL, 1, &frames, &error), BAD, error, "samples");
    assert_int_equal(frames, 0);
    assert_refused(veil_audio_stream_push(stream, out, 1, NULL, &error), BAD, error, "taken_frames");
    assert_refused(veil_audio_stream_add_range(stream, NULL, &error), BAD, error, "range");
    assert_refused(veil_audio_stream_add_transcript(stream, NULL, 0, 0, &error), BAD, error, "transcript");
    assert_refused(veil_audio_stream_add_transcript(stream, "", 0, 99, &error), BAD, error, "format");
    assert_refused(veil_audio_stream_pull(stream, NULL, 1, &frames, NULL, &error), BAD, error, "out");
    assert_refused(veil_audio_stream_pull(stream, out, 1, NULL, NULL, &error), BAD, error, "frames");
    veil_audio_result result = {.struct_size = sizeof result, .finding_capacity = 1};
    assert_refused(veil_audio_stream_pull(stream, out, 1, &frames, &result, &error), BAD, error, "findings");
    assert_refused(veil_audio_stream_end(NULL, &error), BAD, error, "stream");
    assert_int_equal(veil_audio_stream_delay_frames(NULL), 0);
    assert_true(veil_audio_stream_delay_frames(stream) >= 8000 * 190 / 1000);
    veil_audio_stream_destroy(NULL);
    veil_audio_stream_destroy(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_image_is_refused),
        cmocka_unit_test(every_wrong_image_option_is_refused),
        cmocka_unit_test(every_wrong_audio_is_refused),
        cmocka_unit_test(every_wrong_audio_option_is_refused),
        cmocka_unit_test(encoded_calls_check_and_clear),
        cmocka_unit_test(transcripts_check_and_clear),
        cmocka_unit_test(bounds_check_and_report_zero),
        cmocka_unit_test(every_wrong_call_of_a_sound_stream_is_refused),
        cmocka_unit_test(a_shorter_result_is_not_written_beyond_its_size),
    };
    return cmocka_run_group_tests_name("args_media", tests, setup, teardown);
}

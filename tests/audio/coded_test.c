/*
 * Ogg Vorbis, Ogg Opus, MP3 and RF64 in memory, written by libsndfile itself: the sound outside comes back about as it was, the
 * sound inside is gone, the length is the same, tags are not there; broken ones are refused.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "audio/codec.h"
#include "audio_fixture.h"
#include "dtmf_fixture.h"

#define RATE   16000u
#define FRAMES 40000u

typedef struct buffer {
    uint8_t *bytes;
    size_t size;
} buffer;

static const struct {
    const char *name;
    int format;
} kinds[] = {{"Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
             {"Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
             {"MP3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}};
#define KINDS (sizeof kinds / sizeof kinds[0])

static buffer encode(int format, uint32_t rate_hz, uint32_t channels, const float *samples, size_t frames)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    SF_INFO info = {.samplerate = (int)rate_hz, .channels = (int)channels, .format = format};
    SNDFILE *out = sf_open_fd(fileno(file), SFM_WRITE, &info, 0);
    assert_non_null(out);
    sf_set_string(out, SF_STR_TITLE, "secret title");
    sf_set_string(out, SF_STR_COMMENT, "secret comment");
    assert_int_equal(sf_writef_float(out, samples, (sf_count_t)frames), frames);
    sf_close(out);
    fseek(file, 0, SEEK_END);
    buffer b = {.size = (size_t)ftell(file)};
    rewind(file);
    b.bytes = malloc(b.size + 256);
    assert_non_null(b.bytes);
    assert_int_equal(fread(b.bytes, 1, b.size, file), b.size);
    fclose(file);
    return b;
}

static float *decode(buffer b, SF_INFO *info)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(b.bytes, 1, b.size, file), b.size);
    rewind(file);
    *info = (SF_INFO){0};
    SNDFILE *in = sf_open_fd(fileno(file), SFM_READ, info, 0);
    assert_non_null(in);
    float *samples = calloc((size_t)info->frames * (size_t)info->channels + 1, sizeof *samples);
    assert_non_null(samples);
    assert_int_equal(sf_readf_float(in, samples, info->frames), info->frames);
    sf_close(in);
    fclose(file);
    return samples;
}

/* Two tones that wander, different in each channel. */
static float *tones(uint32_t rate_hz, uint32_t channels, size_t frames)
{
    float *samples = malloc(frames * channels * sizeof *samples);
    assert_non_null(samples);
    for (size_t i = 0; i < frames * channels; i++) {
        double t = (double)(i / channels) / rate_hz, pitch = 300 + 200 * (double)(i % channels);
        samples[i] = (float)(0.3 * sin(6.283185 * (pitch * t + 20 * sin(t))));
    }
    return samples;
}

static veil_status redact(audio_fixture *f, const veil_audio_options *options, buffer in, buffer *out,
                          veil_audio_result *result, veil_error *error)
{
    size_t bound = 0;
    *error = (veil_error)VEIL_ERROR_INIT;
    *out = (buffer){0};
    veil_status status = vl_audio_encoded_bound(f->engine, in.bytes, in.size, &bound, error);
    if (status != VEIL_OK) return status;
    out->bytes = malloc(bound + 1);
    assert_non_null(out->bytes);
    out->bytes[bound] = 0xAA;
    status =
        vl_audio_redact_encoded(f->engine, options, in.bytes, in.size, out->bytes, bound, &out->size, result, error);
    assert_int_equal(out->bytes[bound], 0xAA);
    return status;
}

static double power(const float *samples, uint32_t channels, double from_s, double to_s, uint32_t rate_hz)
{
    double sum = 0;
    size_t from = (size_t)(from_s * rate_hz) * channels, to = (size_t)(to_s * rate_hz) * channels;
    for (size_t i = from; i < to; i++)
        sum += (double)samples[i] * (double)samples[i];
    return sum / (double)(to - from);
}

static void check_kind(audio_fixture *f, size_t kind, uint32_t rate_hz, uint32_t channels, size_t frames)
{
    veil_audio_range range = {1.0, 1.4, -1, 0};
    veil_effect_rule rule = {sizeof rule, "*", VEIL_EFFECT_SILENCE, 0};
    veil_audio_options options = audio_options();
    veil_audio_result result = {.struct_size = sizeof result};
    veil_error error;
    options.ranges = &range;
    options.range_count = 1;
    options.effects = &rule;
    options.effect_count = 1;
    options.guard_ms = 50;
    float *samples = tones(rate_hz, channels, frames);
    buffer in = encode(kinds[kind].format, rate_hz, channels, samples, frames), out;
    veil_status status = redact(f, &options, in, &out, &result, &error);
    if (status != VEIL_OK) fail_msg("%s %u Hz: %s", kinds[kind].name, rate_hz, error.message);
    assert_null(memmem(out.bytes, out.size, "secret", 6));
    SF_INFO before, after;
    float *a = decode(in, &before), *b = decode(out, &after);
    assert_int_equal(after.frames, before.frames);
    assert_int_equal(after.samplerate, before.samplerate);
    assert_int_equal(after.channels, before.channels);
    assert_int_equal(after.format & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK), kinds[kind].format);
    assert_true(power(b, channels, 1.0, 1.4, rate_hz) <
                1e-5); /* -40 dB below what was there: the codec's own ringing */
    assert_true(power(b, channels, 0.1, 0.7, rate_hz) > 0.5 * power(a, channels, 0.1, 0.7, rate_hz));
    assert_true(power(b, channels, 1.7, 2.2, rate_hz) > 0.5 * power(a, channels, 1.7, 2.2, rate_hz));
    assert_true(result.redacted_frames > 0.5 * rate_hz + 2 * 0.01 * rate_hz); /* a codec's frame more on each side */
    assert_true(result.redacted_frames < 0.9 * rate_hz);
    free(samples);
    free(a);
    free(b);
    free(in.bytes);
    free(out.bytes);
}

static void what_is_inside_goes_and_the_length_stays(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < KINDS; k++) {
        check_kind(&f, k, 16000, 1, 40000);
        check_kind(&f, k, 48000, 2, 119999);
        check_kind(&f, k, 8000, 1, 20001);
        if (kinds[k].format != (SF_FORMAT_OGG | SF_FORMAT_OPUS)) check_kind(&f, k, 44100, 2, 110251);
    }
    audio_fixture_close(&f);
}

static void keys_are_heard_through_every_codec(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    static pressed truth[16];
    uint64_t seed = 3;
    size_t frames = 0;
    sequence q = {RATE, KEYS_ALL, 80, 80, -15, 0, 0, -50};
    int16_t *mono = make_sequence(&q, &seed, &frames, truth);
    float *samples = malloc(frames * sizeof *samples);
    assert_non_null(samples);
    for (size_t i = 0; i < frames; i++)
        samples[i] = mono[i] / 32768.0f;
    for (size_t k = 0; k < KINDS; k++) {
        static veil_audio_finding findings[20];
        veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 20};
        veil_error error;
        buffer in = encode(kinds[k].format, RATE, 1, samples, frames), out;
        assert_int_equal(vl_audio_scan_encoded(f.engine, NULL, in.bytes, in.size, &result, NULL), VEIL_OK);
        assert_int_equal(result.finding_count, 16);
        for (size_t i = 0; i < 16; i++)
            assert_int_equal(findings[i].key, truth[i].key);
        assert_int_equal(redact(&f, NULL, in, &out, &result, &error), VEIL_OK);
        assert_int_equal(vl_audio_scan_encoded(f.engine, NULL, out.bytes, out.size, &result, NULL), VEIL_OK);
        assert_int_equal(result.finding_count, 0);
        free(in.bytes);
        free(out.bytes);
    }
    free(samples);
    free(mono);
    audio_fixture_close(&f);
}

static veil_status bound_of(const audio_fixture *f, const uint8_t *bytes, size_t size)
{
    size_t bound = 0;
    return vl_audio_encoded_bound(f->engine, bytes, size, &bound, NULL);
}

static void broken_ogg_is_refused(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    float *samples = tones(RATE, 1, FRAMES);
    for (size_t k = 0; k < 2; k++) {
        buffer in = encode(kinds[k].format, RATE, 1, samples, FRAMES);
        for (size_t size = 1; size < in.size; size += 1 + in.size / 97) /* cut anywhere */
            assert_true(bound_of(&f, in.bytes, size) < 0);
        memcpy(in.bytes + in.size, in.bytes, 27);
        assert_int_equal(bound_of(&f, in.bytes, in.size + 27), VEIL_ERR_MALFORMED_INPUT); /* bytes behind the end */
        uint8_t *two = malloc(2 * in.size);
        assert_non_null(two);
        memcpy(two, in.bytes, in.size);
        memcpy(two + in.size, in.bytes, in.size);
        assert_int_equal(bound_of(&f, two, 2 * in.size), VEIL_ERR_UNSUPPORTED); /* a second stream */
        in.bytes[28] ^= 0x20; /* its first packet is neither of the two now */
        assert_int_equal(bound_of(&f, in.bytes, in.size), VEIL_ERR_UNSUPPORTED);
        free(two);
        free(in.bytes);
    }
    free(samples);
    audio_fixture_close(&f);
}

static void tags_around_an_mp3_are_left_out(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    float *samples = tones(RATE, 1, FRAMES);
    buffer in = encode(kinds[2].format, RATE, 1, samples, FRAMES), out;
    buffer tagged = {.bytes = calloc(in.size + 600, 1), .size = in.size + 300 + 128};
    assert_non_null(tagged.bytes);
    memcpy(tagged.bytes, "ID3\4\0\0\0\0\2\x22", 10); /* 290 bytes of tag, as four times seven bits */
    memcpy(tagged.bytes + 40, "secret", 6);
    memcpy(tagged.bytes + 300, in.bytes, in.size);
    memcpy(tagged.bytes + 300 + in.size, "TAGsecret", 9);
    veil_audio_result result = {.struct_size = sizeof result};
    veil_error error;
    veil_status status = redact(&f, NULL, tagged, &out, &result, &error);
    if (status != VEIL_OK) fail_msg("%s", error.message);
    assert_int_equal(result.frame_count, FRAMES);
    assert_null(memmem(out.bytes, out.size, "secret", 6));
    tagged.bytes[7] = 0x7F; /* a tag that is longer than the file */
    assert_int_equal(bound_of(&f, tagged.bytes, tagged.size), VEIL_ERR_MALFORMED_INPUT);
    free(out.bytes);
    free(in.bytes);
    free(tagged.bytes);
    free(samples);
    audio_fixture_close(&f);
}

static void large_wav_with_a_small_sound_is_read(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    float *samples = tones(RATE, 2, FRAMES);
    buffer in = encode(SF_FORMAT_RF64 | SF_FORMAT_PCM_16, RATE, 2, samples, FRAMES), out;
    assert_memory_equal(in.bytes, "RF64", 4);
    veil_audio_result result = {.struct_size = sizeof result};
    veil_error error;
    veil_audio_range range = {1.0, 1.4, 1, 0};
    veil_audio_options options = audio_options();
    options.ranges = &range;
    options.range_count = 1;
    assert_int_equal(redact(&f, &options, in, &out, &result, &error), VEIL_OK);
    assert_memory_equal(out.bytes, "RIFF", 4);
    SF_INFO before, after;
    float *a = decode(in, &before), *b = decode(out, &after);
    assert_int_equal(after.frames, FRAMES);
    for (size_t i = 0; i < 2 * FRAMES; i++) {
        bool is_near = i % 2 == 1 && i / 2 > 0.84 * RATE && i / 2 < 1.56 * RATE;
        if (!is_near) assert_true(a[i] == b[i]);
    }
    for (size_t size = 4; size < 100; size++)
        assert_true(bound_of(&f, in.bytes, size) < 0);
    memset(in.bytes + 20 + 8, 0xFF, 7); /* a sound of 2^56 bytes */
    assert_true(bound_of(&f, in.bytes, in.size) < 0);
    free(a);
    free(b);
    free(in.bytes);
    free(out.bytes);
    free(samples);
    audio_fixture_close(&f);
}

static void limits_hold_before_anything_is_decoded(void **state)
{
    (void)state;
    veil_config config;
    veil_config_init(&config);
    config.max_audio_seconds = 2;
    audio_fixture f;
    audio_fixture_open(&f, &config, VEIL_CPU_AUTO, false);
    float *samples = tones(RATE, 1, FRAMES);
    for (size_t k = 0; k < KINDS; k++) {
        buffer in = encode(kinds[k].format, RATE, 1, samples, FRAMES); /* 2.5 s */
        assert_int_equal(bound_of(&f, in.bytes, in.size), VEIL_ERR_LIMIT);
        free(in.bytes);
    }
    free(samples);
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_inside_goes_and_the_length_stays),
        cmocka_unit_test(keys_are_heard_through_every_codec),
        cmocka_unit_test(broken_ogg_is_refused),
        cmocka_unit_test(tags_around_an_mp3_are_left_out),
        cmocka_unit_test(large_wav_with_a_small_sound_is_read),
        cmocka_unit_test(limits_hold_before_anything_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * WAV and FLAC in memory. Inputs are written by libsndfile itself, so every sample type is what other programs make; hostile
 * ones are made by changing bytes of these.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "audio/codec.h"
#include "audio_fixture.h"

#define FRAMES 9000u
#define RATE   16000u

typedef struct buffer {
    uint8_t *bytes;
    size_t size;
} buffer;

static buffer take_file(FILE *file)
{
    buffer b = {0};
    fseek(file, 0, SEEK_END);
    b.size = (size_t)ftell(file);
    rewind(file);
    b.bytes = malloc(b.size + 1);
    assert_non_null(b.bytes);
    assert_int_equal(fread(b.bytes, 1, b.size, file), b.size);
    return b;
}

/* A file of random sound as another program would write it, with tags. */
static buffer make_file(int format, uint32_t channels, uint64_t seed)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    SF_INFO info = {.samplerate = RATE, .channels = (int)channels, .format = format};
    SNDFILE *out = sf_open_fd(fileno(file), SFM_WRITE, &info, 0);
    assert_non_null(out);
    sf_set_string(out, SF_STR_TITLE, "secret title");
    sf_set_string(out, SF_STR_COMMENT, "secret comment");
    int32_t *samples = random_samples(&seed, VEIL_SAMPLE_S32, FRAMES * channels);
    for (size_t i = 0; i < FRAMES * channels; i++)
        samples[i] += (int32_t)random_below(&seed, 65536);
    assert_int_equal(sf_writef_int(out, samples, FRAMES), FRAMES);
    sf_close(out);
    free(samples);
    buffer b = take_file(file);
    fclose(file);
    return b;
}

/* Samples of a file as doubles (exact for every type here). */
static double *read_all(const void *bytes, size_t size, SF_INFO *info)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    rewind(file);
    *info = (SF_INFO){0};
    SNDFILE *in = sf_open_fd(fileno(file), SFM_READ, info, 0);
    assert_non_null(in);
    size_t count = (size_t)info->frames * (size_t)info->channels;
    double *samples = malloc(count * sizeof *samples + 1);
    assert_non_null(samples);
    assert_int_equal(sf_readf_double(in, samples, info->frames), info->frames);
    sf_close(in);
    fclose(file);
    return samples;
}

typedef struct range_options {
    veil_audio_range range;
    veil_effect_rule rule;
    veil_audio_options options;
} range_options;

static void set_range(range_options *r, uint32_t effect)
{
    r->range = (veil_audio_range){.start_s = 0.25, .end_s = 0.3, .channel = -1};
    r->rule = (veil_effect_rule){sizeof r->rule, "*", effect, 0};
    r->options = audio_options();
    r->options.ranges = &r->range;
    r->options.range_count = 1;
    r->options.effects = &r->rule;
    r->options.effect_count = 1;
    r->options.guard_ms = 20;
}

static veil_status redact(audio_fixture *f, const veil_audio_options *options, buffer in, buffer *out, size_t capacity,
                          veil_error *error)
{
    *error = (veil_error)VEIL_ERROR_INIT;
    out->bytes = malloc(capacity + 1);
    assert_non_null(out->bytes);
    memset(out->bytes, 0xAA, capacity + 1);
    veil_audio_result result = {.struct_size = sizeof result};
    veil_status status = vl_audio_redact_encoded(f->engine, options, in.bytes, in.size, out->bytes, capacity,
                                                 &out->size, &result, error);
    assert_int_equal(out->bytes[capacity], 0xAA);
    return status;
}

static bool holds(buffer b, const char *what)
{
    return memmem(b.bytes, b.size, what, strlen(what)) != NULL;
}

static const int formats[] = {
    SF_FORMAT_WAV | SF_FORMAT_PCM_U8,  SF_FORMAT_WAV | SF_FORMAT_PCM_16,   SF_FORMAT_WAV | SF_FORMAT_PCM_24,
    SF_FORMAT_WAV | SF_FORMAT_PCM_32,  SF_FORMAT_WAV | SF_FORMAT_FLOAT,    SF_FORMAT_WAV | SF_FORMAT_ALAW,
    SF_FORMAT_WAV | SF_FORMAT_ULAW,    SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, SF_FORMAT_WAVEX | SF_FORMAT_FLOAT,
    SF_FORMAT_FLAC | SF_FORMAT_PCM_S8, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,  SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
};

static void every_sample_type_comes_back_as_it_was_outside_the_span(void **state)
{
    (void)state;
    static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_SILENCE, VEIL_EFFECT_NOISE};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < 3 * sizeof formats / sizeof formats[0]; k++) {
        int format = formats[k / 3];
        uint32_t channels = 1 + (uint32_t)k % 2;
        buffer in = make_file(format, channels, 5 + k), out;
        range_options r;
        set_range(&r, effects[k % 3]);
        veil_error error;
        size_t bound = 0;
        assert_int_equal(vl_audio_encoded_bound(f.engine, in.bytes, in.size, &bound, NULL), VEIL_OK);
        veil_status status = redact(&f, &r.options, in, &out, bound, &error);
        if (status != VEIL_OK) fail_msg("%x: %s", (unsigned)format, error.message);
        assert_true(out.size <= bound);
        assert_false(holds(out, "secret") || holds(out, "LIST") || holds(out, "PEAK"));
        SF_INFO before, after;
        double *a = read_all(in.bytes, in.size, &before), *b = read_all(out.bytes, out.size, &after);
        assert_int_equal(after.format & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK), format);
        assert_int_equal(after.frames, FRAMES);
        assert_int_equal(after.samplerate, RATE);
        assert_int_equal(after.channels, channels);
        size_t changed = 0;
        for (size_t i = 0; i < FRAMES * channels; i++) {
            size_t frame = i / channels;
            bool is_touched = frame >= 0.23 * RATE - 81 && frame < 0.32 * RATE + 81;
            if (!is_touched) assert_true(a[i] == b[i]);
            if (frame >= 4000 && frame < 4800) changed += a[i] != b[i];
        }
        assert_true(changed > 700 * channels);
        free(a);
        free(b);
        free(in.bytes);
        free(out.bytes);
    }
    audio_fixture_close(&f);
}

static void files_that_differ_only_inside_give_the_same_file(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    range_options r;
    set_range(&r, VEIL_EFFECT_NOISE);
    buffer in = make_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 3), first, second;
    veil_error error;
    assert_int_equal(redact(&f, &r.options, in, &first, in.size, &error), VEIL_OK);
    const uint8_t *data = memmem(in.bytes, in.size, "data", 4);
    assert_non_null(data);
    for (size_t frame = 4000; frame < 4800; frame++)
        in.bytes[data + 8 - in.bytes + 2 * frame] ^= 0x5A;
    assert_int_equal(redact(&f, &r.options, in, &second, in.size, &error), VEIL_OK);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    free(first.bytes);
    free(second.bytes);
    free(in.bytes);
    audio_fixture_close(&f);
}

/* Block by block, what PCM gives in one piece: the first file is one block, the second is three, the third as many as its frames
 * in the way allow. */
static void a_disguised_file_is_what_its_samples_give(void **state)
{
    (void)state;
    static const struct {
        int format;
        uint32_t channels;
        uint32_t sample_format;
        double scale;
    } cases[] = {{SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, VEIL_SAMPLE_S16, 32768},
                 {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 5, VEIL_SAMPLE_F32, 1},
                 {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8, VEIL_SAMPLE_S16, 32768}};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const uint32_t channels = cases[k].channels;
        const size_t count = FRAMES * channels;
        buffer in = make_file(cases[k].format, channels, 90 + k), out;
        range_options r;
        set_range(&r, VEIL_EFFECT_BEEP);
        const veil_effect_rule rules[] = {r.rule, {sizeof r.rule, "*", VEIL_EFFECT_DISGUISE, 0}};
        r.options.effects = rules;
        r.options.effect_count = 2;
        r.options.disguise_channels = k == 1 ? 0x16 : 0;
        veil_error error;
        assert_int_equal(redact(&f, &r.options, in, &out, in.size + 65536 * channels, &error), VEIL_OK);
        SF_INFO before, after;
        double *a = read_all(in.bytes, in.size, &before), *b = read_all(out.bytes, out.size, &after);
        assert_int_equal(after.frames, FRAMES);
        vl_sound sound = {.frames = FRAMES, .channels = channels, .format = cases[k].sample_format};
        sound.samples = malloc(count * sizeof(float));
        assert_non_null(sound.samples);
        for (size_t i = 0; i < count; i++) {
            if (sound.format == VEIL_SAMPLE_S16)
                ((int16_t *)sound.samples)[i] = (int16_t)(a[i] * cases[k].scale);
            else
                ((float *)sound.samples)[i] = (float)a[i];
        }
        veil_audio audio = audio_of(sound.samples, FRAMES, RATE, channels, sound.format);
        assert_int_equal(vl_audio_redact(f.engine, &r.options, &audio, NULL, NULL), VEIL_OK);
        size_t same = 0;
        for (size_t i = 0; i < count; i++) {
            double value =
                sound.format == VEIL_SAMPLE_S16 ? ((int16_t *)sound.samples)[i] : (double)((float *)sound.samples)[i];
            if (value != b[i] * cases[k].scale)
                fail_msg("case %zu: frame %zu of channel %zu differs", k, i / channels, i % channels);
            bool is_chosen = r.options.disguise_channels == 0 || (r.options.disguise_channels >> i % channels & 1) != 0;
            same += is_chosen && a[i] == b[i];
        }
        assert_true(same < count / 20);
        free(sound.samples);
        free(a);
        free(b);
        free(in.bytes);
        free(out.bytes);
    }
    audio_fixture_close(&f);
}

static void a_small_buffer_says_what_it_takes_and_holds_nothing(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k += 3) {
        range_options r;
        set_range(&r, VEIL_EFFECT_BEEP);
        buffer in = make_file(formats[k], 2, k + 1), out, again;
        veil_error error;
        size_t capacities[] = {0, 1, 43, in.size / 2};
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(redact(&f, &r.options, in, &out, capacities[i], &error), VEIL_ERR_BUFFER_TOO_SMALL);
            for (size_t n = 0; n < capacities[i]; n++)
                assert_int_equal(out.bytes[n], 0);
            size_t needed = out.size;
            free(out.bytes);
            assert_int_equal(redact(&f, &r.options, in, &again, needed, &error), VEIL_OK);
            assert_int_equal(again.size, needed);
            free(again.bytes);
            assert_int_equal(redact(&f, &r.options, in, &again, needed - 1, &error), VEIL_ERR_BUFFER_TOO_SMALL);
            free(again.bytes);
        }
        free(in.bytes);
    }
    audio_fixture_close(&f);
}

static veil_status redact_damaged(audio_fixture *f, const uint8_t *bytes, size_t size)
{
    range_options r;
    set_range(&r, VEIL_EFFECT_BEEP);
    buffer in = {malloc(size + (size == 0)), size}, out;
    assert_non_null(in.bytes);
    memcpy(in.bytes, bytes, size);
    veil_error error;
    veil_status status = redact(f, &r.options, in, &out, 65536, &error);
    if (status != VEIL_OK) {
        for (size_t i = 0; i < 65536; i++)
            assert_int_equal(out.bytes[i], 0);
    }
    free(in.bytes);
    free(out.bytes);
    return status;
}

static void files_that_end_early_are_malformed(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++) {
        buffer in = make_file(formats[k], 1, 9);
        for (size_t size = 0; size < in.size; size += size < 200 ? 1 : in.size / 40 + 1) {
            veil_status status = redact_damaged(&f, in.bytes, size);
            if (status != VEIL_ERR_MALFORMED_INPUT) fail_msg("%x cut at %zu: %d", (unsigned)formats[k], size, status);
        }
        free(in.bytes);
    }
    audio_fixture_close(&f);
}

static void changed_bytes_never_do_worse_than_fail(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    uint64_t seed = 4242;
    static const int kinds[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
    for (size_t k = 0; k < 2; k++) {
        buffer in = make_file(kinds[k], 1, 10 + k);
        for (int round = 0; round < 150; round++) {
            size_t at = random_below(&seed, round % 2 == 0 ? 120 : in.size);
            uint8_t held = in.bytes[at];
            in.bytes[at] = (uint8_t)random_next(&seed);
            redact_damaged(&f, in.bytes, in.size); /* asserts that a failure leaves zeros */
            in.bytes[at] = held;
        }
        free(in.bytes);
    }
    audio_fixture_close(&f);
}

/* A WAV by hand: chunks as given behind the RIFF head. */
static buffer make_riff(const char *chunks, size_t size)
{
    buffer b = {malloc(size + 12), size + 12};
    assert_non_null(b.bytes);
    memcpy(b.bytes, "RIFF....WAVE", 12);
    uint32_t riff = (uint32_t)size + 4;
    memcpy(b.bytes + 4, &riff, 4);
    memcpy(b.bytes + 12, chunks, size);
    return b;
}

#define FMT(channels, rate, block, bits) "fmt \x10\0\0\0\x01\0" channels rate "\0\0\0\0" block bits
#define MONO16                           FMT("\x01\0", "\x40\x1F\0\0", "\x02\0", "\x10\0")
#define DATA4                            "data\x04\0\0\0abcd"

static void hostile_wav_headers_get_their_status(void **state)
{
    (void)state;
    static const struct {
        const char *chunks;
        size_t size;
        veil_status status;
    } cases[] = {
#define CASE(text, expected) {text, sizeof text - 1, expected}
        CASE(MONO16 DATA4, VEIL_OK),
        CASE(MONO16 DATA4 DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 MONO16 DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(DATA4 MONO16, VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16, VEIL_ERR_MALFORMED_INPUT),
        CASE(DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 "data\xFF\xFF\xFF\xFF"
                    "abcd",
             VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 "data\x05\0\0\0"
                    "abcd",
             VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 "data\x03\0\0\0"
                    "abc",
             VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 DATA4 "LIST\x10\0\0\0", VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 "LIST\x04\0\0\0wavl" DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(MONO16 DATA4 "cue \x04\0\0\0\0\0\0\0", VEIL_OK),
        CASE(FMT("\0\0", "\x40\x1F\0\0", "\0\0", "\x10\0") DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(FMT("\x01\0", "\0\0\0\0", "\x02\0", "\x10\0") DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(FMT("\x01\0", "\x01\0\0\0", "\x02\0", "\x10\0") DATA4, VEIL_ERR_UNSUPPORTED),
        CASE(FMT("\x01\0", "\xFF\xFF\xFF\x7F", "\x02\0", "\x10\0") DATA4, VEIL_ERR_UNSUPPORTED),
        CASE(FMT("\x01\0", "\x40\x1F\0\0", "\x04\0", "\x10\0") DATA4, VEIL_ERR_MALFORMED_INPUT),
        CASE(FMT("\x01\0", "\x40\x1F\0\0", "\x02\0", "\x0C\0") DATA4, VEIL_ERR_UNSUPPORTED),
        CASE(FMT("\x40\0", "\x40\x1F\0\0", "\x80\0", "\x10\0") "data\0\0\0\0", VEIL_ERR_LIMIT),
#undef CASE
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        buffer in = make_riff(cases[k].chunks, cases[k].size), out;
        veil_audio_options options = audio_options();
        veil_error error;
        veil_status status = redact(&f, &options, in, &out, 4096, &error);
        if (status != cases[k].status) fail_msg("case %zu: %d %s", k, status, error.message);
        free(out.bytes);
        veil_audio_result result = {.struct_size = sizeof result};
        status = vl_audio_scan_encoded(f.engine, &options, in.bytes, in.size, &result, &error);
        assert_int_equal(status, cases[k].status);
        free(in.bytes);
    }
    buffer small = make_riff(MONO16 DATA4, sizeof MONO16 DATA4 - 1);
    for (uint8_t size = 0; size < 40; size++) { /* a RIFF size that cuts the file short within itself */
        small.bytes[4] = size;
        assert_int_equal(redact_damaged(&f, small.bytes, small.size), VEIL_ERR_MALFORMED_INPUT);
    }
    free(small.bytes);
    audio_fixture_close(&f);
}

/* A header written to a pipe: what follows the data's head is sound, in whole frames, and the copy has the right sizes. */
static void streamed_wav_goes_to_the_end_of_the_file(void **state)
{
    (void)state;
    static const char unknown[2][5] = {"\0\0\0\0", "\xFF\xFF\xFF\xFF"};
    static const char chunks[] = MONO16 "LIST\x04\0\0\0INFOdata....abcdefg";
    const size_t size = sizeof chunks - 1, data_at = size - 7;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < 4; k++) {
        buffer in = make_riff(chunks, size), out;
        veil_audio_options options = audio_options();
        veil_error error;
        memcpy(in.bytes + 4, unknown[k / 2], 4);
        memcpy(in.bytes + 12 + data_at - 4, unknown[k % 2], 4);
        assert_int_equal(redact(&f, &options, in, &out, 4096, &error), VEIL_OK);
        const uint8_t sizes[] = {36 + 6, 0, 0, 0};
        assert_int_equal(out.size, 44 + 6);
        assert_memory_equal(out.bytes + 4, sizes, 4);
        assert_memory_equal(out.bytes + 36, "data\x06\0\0\0abcdef", 14);
        free(out.bytes);
        memcpy(in.bytes + 12 + data_at - 4, "\x06\0\0\0", 4); /* a size here and none there: not from a pipe */
        assert_int_equal(redact_damaged(&f, in.bytes, in.size), VEIL_ERR_MALFORMED_INPUT);
        free(in.bytes);
    }
    audio_fixture_close(&f);
}

static void other_kinds_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        veil_status status;
        const char *says;
    } cases[] = {
        {"OggS\0\2", 6, VEIL_ERR_MALFORMED_INPUT, "Ogg"},  {"ID3\4\0", 5, VEIL_ERR_UNSUPPORTED, "MP3"},
        {"\xFF\xFB\x90", 3, VEIL_ERR_UNSUPPORTED, "MP3"},  {"RF64....WAVE", 12, VEIL_ERR_MALFORMED_INPUT, "RF64"},
        {"....ftypM4A ", 12, VEIL_ERR_UNSUPPORTED, "MP4"}, {"FORM....AIFF", 12, VEIL_ERR_UNSUPPORTED, "AIFF"},
        {"hello", 5, VEIL_ERR_MALFORMED_INPUT, ""},        {"", 0, VEIL_ERR_MALFORMED_INPUT, ""},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        size_t bound = 1;
        veil_error error = VEIL_ERROR_INIT;
        assert_int_equal(vl_audio_encoded_bound(f.engine, cases[k].bytes, cases[k].size, &bound, &error),
                         cases[k].status);
        assert_non_null(strstr(error.message, cases[k].says));
        assert_int_equal(bound, 0);
    }
    audio_fixture_close(&f);
}

/* FLAC headers that promise hours for a few bytes: refused by the limit, or found short, without memory for the promise. */
static void a_flac_that_promises_too_much_is_refused(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    buffer in = make_file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, 77);
    in.bytes[8 + 13] |= 0x0F; /* top bits of the frame count: 2^35 frames, 596 hours */
    assert_int_equal(redact_damaged(&f, in.bytes, in.size), VEIL_ERR_LIMIT);
    in.bytes[8 + 13] &= 0xF0;
    in.bytes[8 + 14] = 0x0D; /* 218 million frames: under 4 hours */
    assert_int_equal(redact_damaged(&f, in.bytes, in.size), VEIL_ERR_MALFORMED_INPUT);
    memset(in.bytes + 8 + 14, 0, 4); /* length unknown */
    assert_int_equal(redact_damaged(&f, in.bytes, in.size), VEIL_ERR_UNSUPPORTED);
    free(in.bytes);
    audio_fixture_close(&f);
}

static void a_float_file_with_nan_leaves_zeros(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    buffer in = make_file(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, 8), out;
    float bad = NAN;
    memcpy(in.bytes + in.size - 400, &bad, sizeof bad); /* the tags are in front or behind; still within the data */
    const uint8_t *data = memmem(in.bytes, in.size, "data", 4);
    memcpy(in.bytes + (data - in.bytes) + 8 + 4 * 8000, &bad, sizeof bad);
    range_options r;
    veil_error error;
    for (uint32_t effect = VEIL_EFFECT_BEEP; effect <= VEIL_EFFECT_SILENCE; effect++) {
        set_range(&r, effect);
        assert_int_equal(redact(&f, &r.options, in, &out, 65536, &error), VEIL_ERR_MALFORMED_INPUT);
        for (size_t i = 0; i < 65536; i++)
            assert_int_equal(out.bytes[i], 0);
        free(out.bytes);
    }
    free(in.bytes);
    audio_fixture_close(&f);
}

/* The companded types are tables: every code must come back as the same sample. */
static void all_codes_of_mulaw_and_alaw_survive(void **state)
{
    (void)state;
    static const uint8_t types[] = {7, 6};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, false);
    for (size_t k = 0; k < 2; k++) {
        char chunks[256 + 32] = "fmt \x10\0\0\0.\0\x01\0\x40\x1F\0\0\x40\x1F\0\0\x01\0\x08\0data\0\x01\0\0";
        chunks[8] = (char)types[k];
        for (int i = 0; i < 256; i++)
            chunks[32 + i] = (char)i;
        buffer in = make_riff(chunks, sizeof chunks), out;
        veil_audio_options options = audio_options();
        veil_error error;
        assert_int_equal(redact(&f, &options, in, &out, 4096, &error), VEIL_OK);
        SF_INFO before, after;
        double *a = read_all(in.bytes, in.size, &before), *b = read_all(out.bytes, out.size, &after);
        assert_int_equal(after.frames, 256);
        for (int i = 0; i < 256; i++)
            assert_true(a[i] == b[i]);
        free(a);
        free(b);
        free(in.bytes);
        free(out.bytes);
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_type_comes_back_as_it_was_outside_the_span),
        cmocka_unit_test(files_that_differ_only_inside_give_the_same_file),
        cmocka_unit_test(a_disguised_file_is_what_its_samples_give),
        cmocka_unit_test(a_small_buffer_says_what_it_takes_and_holds_nothing),
        cmocka_unit_test(files_that_end_early_are_malformed),
        cmocka_unit_test(changed_bytes_never_do_worse_than_fail),
        cmocka_unit_test(hostile_wav_headers_get_their_status),
        cmocka_unit_test(streamed_wav_goes_to_the_end_of_the_file),
        cmocka_unit_test(other_kinds_are_named),
        cmocka_unit_test(a_flac_that_promises_too_much_is_refused),
        cmocka_unit_test(a_float_file_with_nan_leaves_zeros),
        cmocka_unit_test(all_codes_of_mulaw_and_alaw_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

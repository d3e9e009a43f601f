/*
 * The speech plugin as a host loads it: what it exports, what it refuses, and the whole way of a spoken card number: espeak-ng says
 * it, the times of its words are known because it is spoken in pieces, Veil removes it, and what is left is heard again.
 */
#include <dlfcn.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "veil.h"

#define RATE    16000u
#define SPOKEN  22050u /* samples a second of espeak-ng */
#define SECONDS 40u
#define PIECES  3

static const char *plugin_path;
static veil_asr_engine engine = {.struct_size = sizeof engine};

/* ---- What is heard ------------------------------------------------------------------------------------------------ */

typedef struct page {
    char text[2048]; /* words of every alternative behind a space each */
    size_t size;
    uint32_t count;
    uint32_t fails_at; /* answer LIMIT at this word */
    double from_s;     /* words whose middle lies within, and others */
    double to_s;
    uint32_t inside;
    uint32_t outside;
} page;

static veil_status take(void *user, const veil_asr_word *word)
{
    page *p = user;
    assert_int_equal(word->struct_size, sizeof *word);
    assert_true(word->text_bytes > 0 && word->text_bytes <= 256);
    assert_true(word->start_s >= 0 && word->end_s >= word->start_s && isfinite(word->end_s));
    assert_true(word->confidence >= 0 && word->confidence <= 1 && word->alternative < 16);
    if (++p->count == p->fails_at) return VEIL_ERR_LIMIT;
    double middle_s = (word->start_s + word->end_s) / 2;
    *(middle_s > p->from_s && middle_s < p->to_s ? &p->inside : &p->outside) += 1;
    if (p->size + word->text_bytes + 2 > sizeof p->text) return VEIL_OK;
    p->text[p->size++] = ' ';
    memcpy(p->text + p->size, word->text, word->text_bytes);
    p->size += word->text_bytes;
    p->text[p->size] = '\0';
    return VEIL_OK;
}

typedef struct source {
    const int16_t *samples;
    size_t count;
    size_t at;
} source;

static size_t read_samples(void *user, float *samples, size_t capacity)
{
    source *s = user;
    size_t count = s->count - s->at < capacity ? s->count - s->at : capacity;
    if (count > 3001) count = 3001; /* an odd block */
    for (size_t i = 0; i < count; i++)
        samples[i] = (float)s->samples[s->at + i] / 32768.0f;
    s->at += count;
    return count;
}

static veil_status hear(void *instance, const int16_t *samples, size_t count, const char *language, page *out)
{
    source s = {.samples = samples, .count = count};
    veil_asr_sound sound = {.struct_size = sizeof sound,
                            .read = read_samples,
                            .reader = &s,
                            .sample_count = count,
                            .language = language,
                            .sample_rate_hz = RATE};
    return engine.recognize(instance, &sound, take, out);
}

/* ---- What is said -------------------------------------------------------------------------------------------------- */

static int16_t spoken[SECONDS * SPOKEN];

/* One piece by espeak-ng. False: there is none. */
static bool say(const char *text, int16_t *out, size_t capacity, size_t *count)
{
    char command[512];
    snprintf(command, sizeof command, "espeak-ng -v en-us -s 140 --stdout '%s' 2>/dev/null", text);
    FILE *pipe = popen(command, "r");
    unsigned char header[44];
    bool is_wav = pipe != NULL && fread(header, 1, sizeof header, pipe) == sizeof header;
    *count = is_wav ? fread(out, sizeof *out, capacity, pipe) : 0;
    int failed = pipe == NULL ? 1 : pclose(pipe);
    return failed == 0 && *count > 1000 && *count < capacity;
}

static const char *const pieces[PIECES] = {"please write down the number of my credit card",
                                           "four one one one, one one one one, one one one one, one one one one",
                                           "thank you very much and have a nice day"};

/* The sentence, and where its number is. 0: skipped. */
static size_t say_sentence(double *start_s, double *end_s)
{
    const size_t pause = SPOKEN / 2;
    size_t at = pause;
    for (int i = 0; i < PIECES; i++) {
        size_t count = 0;
        if (!say(pieces[i], spoken + at, sizeof spoken / sizeof spoken[0] - at - pause, &count)) return 0;
        if (i == 1) *start_s = (double)at / SPOKEN, *end_s = (double)(at + count) / SPOKEN;
        at += count + pause;
    }
    return at;
}

/* The plugin's engine with an ear in between: what it says goes to the page and to Veil, which resamples for it. */
static page overheard;
static double number_start_s, number_end_s;

typedef struct relay {
    veil_asr_sink sink;
    void *user;
} relay;

static veil_status overhear(void *user, const veil_asr_word *word)
{
    relay *r = user;
    veil_status status = take(&overheard, word);
    return status == VEIL_OK ? r->sink(r->user, word) : status;
}

static veil_status recognize_and_note(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *user)
{
    relay r = {sink, user};
    overheard = (page){.from_s = number_start_s, .to_s = number_end_s};
    return engine.recognize(instance, sound, overhear, &r);
}

static veil_sanitizer *make_sanitizer(void)
{
    static veil_asr_engine relayed;
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    relayed = engine;
    relayed.recognize = recognize_and_note;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO;
    config.audio_workspaces = 1;
    config.asr = &relayed;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, &error), VEIL_OK);
    return sanitizer;
}

static veil_audio audio_of(int16_t *samples, size_t count)
{
    return (veil_audio){.struct_size = sizeof(veil_audio),
                        .samples = samples,
                        .frame_count = count,
                        .sample_rate_hz = SPOKEN,
                        .channel_count = 1,
                        .format = VEIL_SAMPLE_S16};
}

/* Findings; what was heard is in `overheard`. */
static size_t listen(const veil_sanitizer *sanitizer, int16_t *samples, size_t count, veil_audio_finding *first)
{
    veil_audio_finding findings[8] = {{0}};
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 8};
    veil_audio audio = audio_of(samples, count);
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.flags = VEIL_AUDIO_ASR;
    assert_int_equal(veil_audio_scan(sanitizer, &options, &audio, &result, NULL), VEIL_OK);
    assert_int_equal(result.words, VEIL_WORDS_ASR);
    *first = findings[0];
    return result.finding_count;
}

/* By recognition alone; else by the caller's range, which is exact. */
enum { BY_RANGE, BY_EAR, DISGUISED, WAYS };

static void redact(const veil_sanitizer *sanitizer, int way, double start_s, double end_s, size_t count,
                   int16_t *samples)
{
    const bool by_ear = way == BY_EAR;
    veil_audio_range range = {.start_s = start_s, .end_s = end_s, .channel = -1};
    const veil_effect_rule rules[] = {{sizeof rules[0], "*", VEIL_EFFECT_SILENCE, 0},
                                      {sizeof rules[0], "*", VEIL_EFFECT_DISGUISE, 0}};
    veil_audio audio = audio_of(samples, count);
    veil_audio_options options;
    veil_audio_options_init(&options);
    options.effects = rules;
    options.effect_count = way == DISGUISED ? 2 : 1;
    if (by_ear) options.flags = VEIL_AUDIO_ASR;
    if (!by_ear) options.ranges = &range, options.range_count = 1;
    assert_int_equal(veil_audio_redact(sanitizer, &options, &audio, NULL, NULL), VEIL_OK);
}

static void a_spoken_card_number_goes_and_the_rest_stays(void **state)
{
    (void)state;
    double start_s = 0, end_s = 0;
    size_t count = say_sentence(&start_s, &end_s);
    if (count == 0) {
        print_message("skipped: no espeak-ng\n");
        skip();
    }
    number_start_s = start_s;
    number_end_s = end_s;
    veil_sanitizer *sanitizer = make_sanitizer();
    veil_audio_finding number, left;
    size_t found = listen(sanitizer, spoken, count, &number);
    print_message("as spoken:%s\n", overheard.text);
    assert_true(found >= 1);
    print_message("%s from %.2f to %.2f s, spoken from %.2f to %.2f s\n", number.entity, number.start_s, number.end_s,
                  start_s, end_s);
    /* an assist: most of the number, and little beside it */
    double heard_s = fmin(number.end_s, end_s) - fmax(number.start_s, start_s);
    assert_true(heard_s > 0.6 * (end_s - start_s));
    assert_true(number.start_s > start_s - 1 && number.end_s < end_s + 1);
    static int16_t samples[SECONDS * SPOKEN];
    for (int way = 0; way < WAYS; way++) {
        static const char *const names[WAYS] = {"by range", "by ear", "by range, disguised"};
        const bool by_ear = way == BY_EAR;
        double from_s = by_ear ? number.start_s : start_s, to_s = by_ear ? number.end_s : end_s;
        memcpy(samples, spoken, sizeof samples);
        redact(sanitizer, way, start_s, end_s, count, samples);
        for (size_t i = (size_t)(from_s * SPOKEN) + 1; i < (size_t)(to_s * SPOKEN); i++)
            assert_int_equal(samples[i], 0);
        if (way != DISGUISED) assert_memory_equal(samples, spoken, (size_t)((start_s - 1.5) * SPOKEN) * 2);
        assert_int_equal(listen(sanitizer, samples, count, &left), 0);
        print_message("%s:%s\n", names[way], overheard.text);
        assert_true(by_ear || overheard.inside == 0); /* the number is gone, the rest is still recognised */
        assert_true(overheard.outside >= 4);
    }
    veil_sanitizer_destroy(sanitizer);
}

static void it_refuses_what_it_cannot_do(void **state)
{
    (void)state;
    void *instance = NULL;
    assert_int_equal(engine.create((void *)(uintptr_t) "/nonexistent", &instance), VEIL_ERR_MODEL);
    assert_null(instance);
    engine.destroy(NULL);
    assert_int_equal(engine.create(NULL, &instance), VEIL_OK);
    page p = {0};
    assert_int_equal(hear(instance, spoken, RATE, "de", &p), VEIL_ERR_UNSUPPORTED);
    assert_int_equal(hear(instance, spoken, RATE, "enm", &p), VEIL_ERR_UNSUPPORTED);
    source s = {.samples = spoken, .count = 8000};
    veil_asr_sound sound = {
        .struct_size = sizeof sound, .read = read_samples, .reader = &s, .sample_count = 8000, .sample_rate_hz = 8000};
    assert_int_equal(engine.recognize(instance, &sound, take, &p), VEIL_ERR_UNSUPPORTED);
    assert_int_equal(p.count, 0);
    engine.destroy(instance);
}

/* A model's folder of links, and a dictionary in which "nine" is said like "two". False: not to be had. */
static bool make_wrong_model(char folder[64])
{
    char command[1024];
    strcpy(folder, "/tmp/veil-asr-XXXXXX");
    if (mkdtemp(folder) == NULL) return false;
    snprintf(
        command, sizeof command,
        "m=/usr/share/pocketsphinx/model/en-us && test -d $m && ln -s $m/en-us $m/en-us.lm.bin %s/ && "
        "sed 's/^nine N AY N$/nine T UW/; s/^two T UW$/two N AY N/' $m/cmudict-en-us.dict >%s/cmudict-en-us.dict && "
        "! cmp -s $m/cmudict-en-us.dict %s/cmudict-en-us.dict",
        folder, folder, folder);
    return system(command) == 0;
}

/* Files that can be read make no recogniser yet: it has to hear a word first. */
static void a_model_that_hears_wrong_is_refused(void **state)
{
    (void)state;
    char folder[64], command[128];
    void *instance = NULL;
    bool is_made = make_wrong_model(folder);
    veil_status status = is_made ? engine.create(folder, &instance) : VEIL_ERR_MODEL;
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
    if (!is_made) {
        print_message("skipped: the model's folder is elsewhere\n");
        skip();
    }
    assert_int_equal(status, VEIL_ERR_MODEL);
    assert_null(instance);
}

/* What espeak-ng says at its rate, at the plugin's: in straight lines, which is good enough for digits. */
static size_t at_rate(const int16_t *samples, size_t count, int16_t *out)
{
    const size_t frames = (size_t)((double)count * RATE / SPOKEN) - 1;
    for (size_t i = 0; i < frames; i++) {
        double at = (double)i * SPOKEN / RATE;
        size_t before = (size_t)at;
        out[i] = (int16_t)lrint(samples[before] + (at - (double)before) * (samples[before + 1] - samples[before]));
    }
    return frames;
}

/* A zero that is said as "oh" is one between digits; elsewhere it is a cry. */
static void an_oh_between_digits_is_a_zero(void **state)
{
    (void)state;
    static int16_t samples[SECONDS * RATE];
    static const char *const said[2] = {"six oh two, five oh five, oh one nine nine",
                                        "oh dear, oh no, oh well, that is what we said"};
    void *instance = NULL;
    assert_int_equal(engine.create(NULL, &instance), VEIL_OK);
    for (int i = 0; i < 2; i++) {
        size_t count = 0;
        page p = {0};
        if (!say(said[i], spoken, sizeof spoken / sizeof spoken[0], &count)) {
            engine.destroy(instance);
            print_message("skipped: no espeak-ng\n");
            skip();
        }
        assert_int_equal(hear(instance, samples, at_rate(spoken, count, samples), "en", &p), VEIL_OK);
        print_message("%s: heard%s\n", said[i], p.text);
        /* the digits come first: more than one "oh" among ten words, and no run of them in other speech */
        if (i == 0) assert_true(strstr(p.text, " oh ") != NULL && strstr(p.text, " oh ") < p.text + 50);
        if (i == 1) assert_true(strstr(p.text, " one ") == NULL && strstr(p.text, " zero ") == NULL);
    }
    engine.destroy(instance);
}

static void silence_noise_and_nothing_are_no_words(void **state)
{
    (void)state;
    void *instance = NULL;
    assert_int_equal(engine.create(NULL, &instance), VEIL_OK);
    static int16_t samples[45 * RATE]; /* more than two pieces */
    page p = {0};
    assert_int_equal(hear(instance, samples, 0, "en", &p), VEIL_OK);
    assert_int_equal(hear(instance, samples, 77, "any", &p), VEIL_OK);
    assert_int_equal(hear(instance, samples, 45 * RATE, "en-US", &p), VEIL_OK);
    assert_int_equal(p.count, 0);
    engine.destroy(instance);
}

static void a_sink_that_stops_is_obeyed(void **state)
{
    (void)state;
    double start_s, end_s;
    size_t count = say_sentence(&start_s, &end_s);
    if (count == 0) {
        print_message("skipped: no espeak-ng\n");
        skip();
    }
    void *instance = NULL;
    assert_int_equal(engine.create(NULL, &instance), VEIL_OK);
    page p = {.fails_at = 3};
    assert_int_equal(hear(instance, spoken, count, "en", &p), VEIL_ERR_LIMIT);
    assert_int_equal(p.count, 3);
    engine.destroy(instance);
}

static void the_struct_is_filled_as_far_as_it_is_known(void **state)
{
    (void)state;
    void *object = dlopen(plugin_path, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(object);
    veil_asr_plugin_fn plugin = NULL;
    void *symbol = dlsym(object, VEIL_ASR_PLUGIN);
    assert_non_null(symbol);
    memcpy(&plugin, &symbol, sizeof plugin);
    veil_asr_engine small = {.struct_size = sizeof small - 8};
    assert_int_equal(plugin(&small), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(plugin(NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(plugin(&engine), VEIL_OK);
    assert_int_equal(engine.min_rate_hz, RATE);
    assert_int_equal(engine.guard_ms, 400);
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: asr_test PLUGIN\n"), 2;
    plugin_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_struct_is_filled_as_far_as_it_is_known),
        cmocka_unit_test(it_refuses_what_it_cannot_do),
        cmocka_unit_test(a_model_that_hears_wrong_is_refused),
        cmocka_unit_test(an_oh_between_digits_is_a_zero),
        cmocka_unit_test(silence_noise_and_nothing_are_no_words),
        cmocka_unit_test(a_spoken_card_number_goes_and_the_rest_stays),
        cmocka_unit_test(a_sink_that_stops_is_obeyed),
    };
    return cmocka_run_group_tests_name("plugin_asr", tests, NULL, NULL);
}

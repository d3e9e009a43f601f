/*
 * libveil-asr.so: hears English with PocketSphinx, as veil.h's veil_asr_engine. The sound is cut at pauses; what holds speech
 * is decoded three times, by a grammar of digits, by one that knows "oh", and by a language model. Digits that fit badly, are too short, or are too few in a
 * row are dropped (the grammar hears digits in everything); the others stand in the words' place, so that "my card
 * number is" lies before them. An assist: it misses words, and with them what they say.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/digits.h"
#include "plugins/known_sound.h"
#include "plugins/sphinx.h"

#define PIECE_SECONDS 20u /* at most; a pause after 6 s ends it sooner */
#define PIECE_LEAST   6u
#define PIECE_SAMPLES (PIECE_SECONDS * VL_SPHINX_RATE_HZ)
#define PIECE_FRAMES  (PIECE_SAMPLES / VL_SPHINX_FRAME)
#define PAUSE_FRAMES  40u  /* 0.4 s without speech: longer than between the digits of a number */
#define SPEECH_RISE   4.0  /* power over the floor: 6 dB */
#define SILENCE_POWER 1e-7 /* -70 dB of full scale: no voice is as quiet */
#define HIGH_TAPS     63u  /* of the filter that parts the band at 4 kHz */
#define HIGH_RISE     2.0  /* speech whose upper band rises less than 3 dB over the pauses has none */
#define WORD_SURE     0.5f /* words are right about as often as not; digits that are kept, more often */
#define DIGIT_SURE    0.8f
#define NOISE_STEPS   16.0f /* of 65,536 */
#define PI            3.141592653589793

#ifndef VEIL_ASR_MODEL_FOLDER
#define VEIL_ASR_MODEL_FOLDER "/usr/share/pocketsphinx/model/en-us"
#endif

typedef struct hearer {
    vl_sphinx *sphinx;
    float high[HIGH_TAPS]; /* high pass at 4 kHz */
    float *piece;          /* what is heard now, and what follows it */
    float *upper;          /* its band above 4 kHz */
    int16_t *samples;
    size_t count; /* samples in the piece */
    float power[PIECE_FRAMES];
    float scratch[PIECE_FRAMES];
    vl_heard heard;
    uint64_t first_frame; /* of the piece in the sound */
    vl_sphinx_ear ear;    /* that listens */
} hearer;

/* ---- Instances ----------------------------------------------------------------------------------------------------- */

/* Windowed sinc (Hamming): 1 minus a low pass at a quarter of the rate. */
static void make_high_pass(float *taps)
{
    const double middle = (HIGH_TAPS - 1) / 2.0;
    for (uint32_t i = 0; i < HIGH_TAPS; i++) {
        double t = i - middle;
        double low = t == 0 ? 0.5 : sin(PI * t / 2) / (PI * t);
        double window = 0.54 + 0.46 * cos(PI * t / (middle + 1));
        taps[i] = (float)((t == 0 ? 1 : 0) - low * window);
    }
}

static void hearer_destroy(void *instance)
{
    hearer *h = instance;
    if (h == NULL) return;
    vl_sphinx_close(h->sphinx);
    vl_heard_free(&h->heard);
    free(h->piece);
    free(h->upper);
    free(h->samples);
    free(h);
}

static veil_status hearer_create(void *user, void **instance)
{
    hearer *h = calloc(1, sizeof *h);
    if (h == NULL) return VEIL_ERR_NO_MEMORY;
    h->piece = calloc(PIECE_SAMPLES, sizeof *h->piece);
    h->upper = calloc(PIECE_SAMPLES, sizeof *h->upper);
    h->samples = calloc(PIECE_SAMPLES, sizeof *h->samples);
    veil_status status = h->piece == NULL || h->upper == NULL || h->samples == NULL ? VEIL_ERR_NO_MEMORY : VEIL_OK;
    if (status == VEIL_OK) status = vl_sphinx_open(user == NULL ? VEIL_ASR_MODEL_FOLDER : user, &h->sphinx);
    if (status == VEIL_OK) status = vl_known_sound_prove(h->sphinx);
    if (status != VEIL_OK) {
        hearer_destroy(h);
        return status;
    }
    make_high_pass(h->high);
    *instance = h;
    return VEIL_OK;
}

/* ---- Pieces ---------------------------------------------------------------------------------------------------------- */

static void powers(const float *samples, uint32_t frames, float *out)
{
    for (uint32_t f = 0; f < frames; f++) {
        float sum = 0;
        for (uint32_t i = 0; i < VL_SPHINX_FRAME; i++)
            sum += samples[f * VL_SPHINX_FRAME + i] * samples[f * VL_SPHINX_FRAME + i];
        out[f] = sum / VL_SPHINX_FRAME;
    }
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Power that a tenth of the frames stay below: the noise between words. */
static float floor_of(hearer *h, uint32_t frames)
{
    memcpy(h->scratch, h->power, frames * sizeof *h->scratch);
    qsort(h->scratch, frames, sizeof *h->scratch, compare_floats);
    float low = h->scratch[frames / 10];
    return low < (float)SILENCE_POWER ? (float)SILENCE_POWER : low;
}

static bool is_speech(const hearer *h, uint32_t frame, float floor)
{
    return h->power[frame] >= floor * (float)SPEECH_RISE;
}

/* Where the piece ends: in the middle of the last pause, or at its quietest frame late in the piece. */
static uint32_t cut_of(const hearer *h, uint32_t frames, float floor)
{
    const uint32_t least = PIECE_LEAST * VL_SPHINX_RATE_HZ / VL_SPHINX_FRAME;
    uint32_t run = 0, cut = 0;
    for (uint32_t f = 0; f < frames; f++) {
        run = is_speech(h, f, floor) ? 0 : run + 1;
        if (run >= PAUSE_FRAMES && f - run / 2 >= least) cut = f - run / 2;
    }
    if (cut != 0) return cut;
    uint32_t quietest = frames * 3 / 4;
    for (uint32_t f = quietest; f < frames; f++)
        if (h->power[f] < h->power[quietest]) quietest = f;
    return quietest;
}

static void filter(const hearer *h, uint32_t count)
{
    const int32_t middle = (HIGH_TAPS - 1) / 2;
    for (int32_t n = 0; n < (int32_t)count; n++) {
        float sum = 0;
        int32_t from = n < middle ? middle - n : 0;
        int32_t to = (int32_t)count - 1 - n < middle ? middle + (int32_t)count - 1 - n : (int32_t)HIGH_TAPS - 1;
        for (int32_t k = from; k <= to; k++)
            sum += h->high[k] * h->piece[n + k - middle];
        h->upper[n] = sum;
    }
}

/* Does speech, frames louder than the floor, have power above 4 kHz? */
static bool has_upper_band(hearer *h, uint32_t frames, float floor)
{
    double power[2] = {0, 0};
    uint32_t count[2] = {0, 0};
    powers(h->upper, frames, h->scratch);
    for (uint32_t f = 0; f < frames; f++) {
        bool speaks = is_speech(h, f, floor);
        power[speaks] += (double)h->scratch[f];
        count[speaks]++;
    }
    if (count[0] == 0 || count[1] == 0) return true;
    return power[1] / count[1] > HIGH_RISE * power[0] / count[0];
}

/*
 * Telephone speech in a file of 16 kHz has nothing above 4 kHz, where the model hears s, z and f. Its lower band, mirrored at
 * 4 kHz, stands in for it: a sample times (-1)^n. Of 208 digits that were tried, 16 more were heard right so.
 */
static void make_samples(hearer *h, uint32_t count, bool mirrors)
{
    uint32_t noise = 1;
    for (uint32_t n = 0; n < count; n++) {
        float value = h->piece[n];
        if (mirrors) value += (n % 2 == 0 ? 1.0f : -1.0f) * (h->piece[n] - h->upper[n]);
        /* a little noise, the same every time: in perfect silence the model's mean of a piece means nothing */
        noise = noise * 1664525u + 1013904223u;
        value = value * 32767.0f + (float)(noise >> 24) / 256.0f * NOISE_STEPS - NOISE_STEPS / 2;
        h->samples[n] = (int16_t)lrintf(value > 32767.0f ? 32767.0f : value < -32768.0f ? -32768.0f : value);
    }
}

static veil_status keep(void *user, const vl_sphinx_word *word)
{
    hearer *h = user;
    return vl_heard_add(&h->heard, h->ear, word, h->first_frame);
}

static veil_status decode(hearer *h, uint32_t frames, float floor)
{
    const uint32_t count = frames * VL_SPHINX_FRAME;
    filter(h, count);
    make_samples(h, count, !has_upper_band(h, frames, floor));
    h->ear = VL_EAR_DIGITS;
    veil_status status = vl_sphinx_hear(h->sphinx, h->ear, h->samples, count, keep, h);
    h->ear = VL_EAR_OHS;
    if (status == VEIL_OK) status = vl_sphinx_hear(h->sphinx, h->ear, h->samples, count, keep, h);
    if (status != VEIL_OK) return status;
    h->ear = VL_EAR_WORDS;
    make_samples(h, count, false);
    return vl_sphinx_hear(h->sphinx, h->ear, h->samples, count, keep, h);
}

static bool has_speech(const hearer *h, uint32_t frames, float floor)
{
    uint32_t count = 0;
    for (uint32_t f = 0; f < frames; f++)
        count += is_speech(h, f, floor);
    return count >= 10; /* 0.1 s */
}

/* Decode the piece up to its cut, or all of it at the end of the sound, and move what follows to the front. */
static veil_status hear_piece(hearer *h, bool is_last)
{
    uint32_t frames = (uint32_t)(h->count / VL_SPHINX_FRAME);
    if (frames == 0) return VEIL_OK;
    powers(h->piece, frames, h->power);
    float floor = floor_of(h, frames);
    if (!is_last) frames = cut_of(h, frames, floor);
    veil_status status = has_speech(h, frames, floor) ? decode(h, frames, floor) : VEIL_OK;
    h->count -= (size_t)frames * VL_SPHINX_FRAME;
    memmove(h->piece, h->piece + (size_t)frames * VL_SPHINX_FRAME, h->count * sizeof *h->piece);
    h->first_frame += frames;
    return status;
}

/* ---- Words -------------------------------------------------------------------------------------------------------- */

typedef struct speaker {
    veil_asr_sink sink;
    void *user;
    double duration_s;
} speaker;

static veil_status say(const speaker *s, const vl_heard_word *word, float confidence, uint32_t alternative)
{
    const double frame_s = (double)VL_SPHINX_FRAME / VL_SPHINX_RATE_HZ;
    const veil_asr_word spoken = {.struct_size = sizeof spoken,
                                  .text = word->text,
                                  .text_bytes = word->text_bytes,
                                  .start_s = fmin((double)word->first * frame_s, s->duration_s),
                                  .end_s = fmin((double)word->end * frame_s, s->duration_s),
                                  .confidence = confidence,
                                  .alternative = alternative};
    return word->text_bytes == 0 ? VEIL_OK : s->sink(s->user, &spoken);
}

/* A word between two runs of digits, so that they are two numbers. */
static veil_status part(const speaker *s, const vl_heard_word *last, uint32_t alternative)
{
    vl_heard_word word = {.text = "then", .text_bytes = 4, .first = last->end, .end = last->end};
    return say(s, &word, WORD_SURE, alternative);
}

static veil_status say_digits(const speaker *s, const vl_heard_list *digits)
{
    const vl_heard_word *last = NULL;
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < digits->count && status == VEIL_OK; i++) {
        const vl_heard_word *digit = &digits->items[i];
        if (last != NULL && last->run != digit->run) status = part(s, last, 0);
        if (status == VEIL_OK) status = say(s, digit, DIGIT_SURE, 0);
        last = digit;
    }
    return status;
}

/* Alternative 2: runs without the digit that keeps them from being card numbers. */
static veil_status say_cards(const speaker *s, const vl_heard_list *digits)
{
    veil_status status = VEIL_OK;
    for (size_t from = 0, to = 0; from < digits->count && status == VEIL_OK; from = to) {
        while (to < digits->count && digits->items[to].run == digits->items[from].run)
            to++;
        size_t surplus = vl_digits_surplus(digits->items + from, to - from);
        if (surplus == to - from) continue;
        for (size_t i = from; i < to && status == VEIL_OK; i++)
            if (i != from + surplus) status = say(s, &digits->items[i], WORD_SURE, 2);
        if (status == VEIL_OK) status = part(s, &digits->items[to - 1], 2);
    }
    return status;
}

/* Does most of the word lie within a run of digits that is kept? `at` moves on, for words come in order. */
static bool is_within_run(const vl_heard_list *digits, const vl_heard_word *word, size_t *at)
{
    uint64_t middle = (word->first + word->end) / 2;
    while (*at < digits->count && digits->items[*at].end < middle)
        (*at)++;
    if (*at == digits->count) return false;
    const vl_heard_word *after = &digits->items[*at];
    return after->first <= middle || (*at != 0 && after->run == after[-1].run);
}

/* Alternative 0: digits that are kept in the place of what the language model made of them; 1: all of its words. */
static veil_status say_all(hearer *h, const speaker *s)
{
    vl_digits_place_ohs(&h->heard);
    uint32_t runs = vl_digits_choose(&h->heard.digits);
    veil_status status = say_digits(s, &h->heard.digits);
    if (status == VEIL_OK) status = say_cards(s, &h->heard.digits);
    size_t at = 0;
    for (size_t i = 0; i < h->heard.words.count && status == VEIL_OK; i++) {
        const vl_heard_word *word = &h->heard.words.items[i];
        if (!is_within_run(&h->heard.digits, word, &at)) status = say(s, word, WORD_SURE, 0);
        if (status == VEIL_OK && runs != 0) status = say(s, word, WORD_SURE, 1);
    }
    return status;
}

/* ---- The callbacks ------------------------------------------------------------------------------------------------ */

static bool knows(const char *language)
{
    if (language == NULL || strcmp(language, "any") == 0) return true;
    return strncmp(language, "en", 2) == 0 && (language[2] == '\0' || language[2] == '-');
}

static veil_status hear_all(hearer *h, const veil_asr_sound *sound)
{
    veil_status status = VEIL_OK;
    for (size_t got = 1; got != 0 && status == VEIL_OK;) {
        got = sound->read(sound->reader, h->piece + h->count, PIECE_SAMPLES - h->count);
        h->count += got;
        if (h->count == PIECE_SAMPLES) status = hear_piece(h, false);
    }
    if (status != VEIL_OK || h->count == 0) return status;
    /* a whole number of frames; what is added is silence */
    size_t rest = h->count % VL_SPHINX_FRAME;
    if (rest != 0) {
        memset(h->piece + h->count, 0, (VL_SPHINX_FRAME - rest) * sizeof *h->piece);
        h->count += VL_SPHINX_FRAME - rest;
    }
    return hear_piece(h, true);
}

static veil_status hearer_recognize(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    hearer *h = instance;
    if (h == NULL || sound == NULL || sink == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    if (!knows(sound->language) || sound->sample_rate_hz != VL_SPHINX_RATE_HZ) return VEIL_ERR_UNSUPPORTED;
    const speaker s = {
        .sink = sink, .user = sink_user, .duration_s = (double)sound->sample_count / sound->sample_rate_hz};
    h->count = 0;
    h->first_frame = 0;
    veil_status status = hear_all(h, sound);
    if (status == VEIL_OK) status = say_all(h, &s);
    vl_heard_clear(&h->heard);
    explicit_bzero(h->piece, PIECE_SAMPLES * sizeof *h->piece);
    explicit_bzero(h->upper, PIECE_SAMPLES * sizeof *h->upper);
    explicit_bzero(h->samples, PIECE_SAMPLES * sizeof *h->samples);
    return status;
}

VEIL_API veil_status veil_asr_plugin(veil_asr_engine *engine);

veil_status veil_asr_plugin(veil_asr_engine *engine)
{
    if (engine == NULL || engine->struct_size < sizeof *engine) return VEIL_ERR_INVALID_ARGUMENT;
    *engine = (veil_asr_engine){.struct_size = engine->struct_size,
                                .name = "PocketSphinx 0.8+5prealpha, en-us",
                                .create = hearer_create,
                                .recognize = hearer_recognize,
                                .destroy = hearer_destroy,
                                .sample_rate_hz = VL_SPHINX_RATE_HZ,
                                .min_rate_hz = VL_SPHINX_RATE_HZ,
                                .guard_ms = 400};
    return VEIL_OK;
}

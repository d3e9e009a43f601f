/*
 * A word that is made here, and that a recogniser with the right model, dictionary and grammar must hear: "nine". A pulse train runs
 * through four resonators (difference equation of a formant synthesiser: Klatt, J. Acoust. Soc. Am. 67, 1980); the frequencies of
 * its vowel lie near the means of men's speech (Peterson & Barney, J. Acoust. Soc. Am. 24, 1952), those of n were tried.
 */
#include "plugins/known_sound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FORMANTS   4
#define PULSE_HZ   120.0
#define PULSE_FALL 20.0 /* Hz a second: nobody speaks on one note */
#define LOUD       6000.0
#define PI         3.141592653589793

/* What the mouth does at a moment; between two moments it moves in a straight line. */
typedef struct posture {
    double samples; /* until the next */
    double hz[FORMANTS];
    double loud;
} posture;

static const posture nine[] = {
    {3200, {250, 1000, 2200, 3500}, 0},  {480, {250, 1000, 2200, 3500}, 0},    {1600, {250, 1000, 2200, 3500}, .35},
    {640, {250, 1100, 2200, 3500}, .35}, {1600, {750, 1250, 2500, 3500}, 1},   {2080, {700, 1350, 2500, 3500}, 1},
    {800, {400, 2000, 2700, 3500}, .9},  {1760, {280, 1500, 2300, 3500}, .35}, {480, {250, 1400, 2300, 3500}, .3},
    {3200, {250, 1400, 2300, 3500}, 0},
};
static const double widths_hz[FORMANTS] = {60, 90, 150, 200};

#define POSTURES (sizeof nine / sizeof nine[0])

typedef struct voice {
    double past[FORMANTS][2];
    double phase;
    double flow[2];
    double last;
    uint32_t noise;
} voice;

/* Pulses, dulled twice as the folds dull them, through the resonators, brightened as lips do. */
static double next_sample(voice *v, const double hz[FORMANTS], double loud, double pulse_hz)
{
    v->phase += pulse_hz / VL_SPHINX_RATE_HZ;
    double pulse = v->phase >= 1 ? 1 : 0;
    v->phase -= pulse;
    v->flow[0] = 0.9 * v->flow[0] + pulse;
    v->flow[1] = 0.9 * v->flow[1] + v->flow[0];
    double value = v->flow[1] * loud;
    for (int i = 0; i < FORMANTS; i++) {
        double r = exp(-PI * widths_hz[i] / VL_SPHINX_RATE_HZ);
        double c = 2 * r * cos(2 * PI * hz[i] / VL_SPHINX_RATE_HZ), b = -r * r;
        value = (1 - c - b) * value + c * v->past[i][0] + b * v->past[i][1];
        v->past[i][1] = v->past[i][0];
        v->past[i][0] = value;
    }
    double bright = value - 0.95 * v->last;
    v->last = value;
    v->noise = v->noise * 1664525u + 1013904223u; /* a little, as in asr.c */
    return bright * LOUD + (double)(v->noise >> 24) / 16.0 - 8;
}

static size_t make_nine(int16_t *out)
{
    voice v = {.noise = 1};
    size_t at = 0;
    for (size_t k = 0; k + 1 < POSTURES; k++) {
        for (double i = 0; i < nine[k].samples; i++) {
            double part = i / nine[k].samples, hz[FORMANTS];
            for (int f = 0; f < FORMANTS; f++)
                hz[f] = nine[k].hz[f] + (nine[k + 1].hz[f] - nine[k].hz[f]) * part;
            double loud = nine[k].loud + (nine[k + 1].loud - nine[k].loud) * part;
            double pulse_hz = PULSE_HZ - PULSE_FALL * (double)at / VL_SPHINX_RATE_HZ;
            double value = next_sample(&v, hz, loud, pulse_hz);
            out[at++] = (int16_t)lrint(fmin(fmax(value, -32000), 32000));
        }
    }
    return at;
}

typedef struct answer {
    uint32_t words;
    uint32_t nines;
} answer;

static veil_status take(void *user, const vl_sphinx_word *word)
{
    answer *a = user;
    a->words++;
    a->nines += word->text_bytes == 4 && memcmp(word->text, "nine", 4) == 0;
    return VEIL_OK;
}

veil_status vl_known_sound_prove(vl_sphinx *sphinx)
{
    size_t samples = 0;
    for (size_t k = 0; k + 1 < POSTURES; k++)
        samples += (size_t)nine[k].samples;
    int16_t *sound = calloc(samples, sizeof *sound);
    if (sound == NULL) return VEIL_ERR_NO_MEMORY;
    answer digits = {0}, words = {0};
    size_t count = make_nine(sound);
    veil_status status = vl_sphinx_hear(sphinx, VL_EAR_DIGITS, sound, count, take, &digits);
    if (status == VEIL_OK) status = vl_sphinx_hear(sphinx, VL_EAR_WORDS, sound, count, take, &words);
    free(sound);
    if (status != VEIL_OK) return status;
    return digits.words == 1 && digits.nines == 1 && words.words != 0 ? VEIL_OK : VEIL_ERR_MODEL;
}

/*
 * See noise.h. The filter is the linear prediction of the target: its power spectrum gives an autocorrelation (Wiener and
 * Khinchin), and that the coefficients (Levinson and Durbin; J. Makhoul, "Linear prediction: a tutorial review", 1975). So
 * one table of the standard serves every rate.
 */
#include "audio/noise.h"

#include <math.h>
#include <string.h>

#define BANDS     18u
#define BINS      1024u
#define ORDER     8u  /* up to 48 kHz: within 3 dB of the target from 160 Hz to 8 kHz */
#define ORDER_MAX 16u /* above, where speech is a small part of the band */
#define RATE_LOW  48000u
#define WARM_UP   2048u /* frames until the filter has forgotten its start: poles of 0.986 and less */
#define PI        3.14159265358979323846
#define SEED      0x5EE9u

static const uint32_t known_rates[VL_NOISE_RATES] = {8000, 16000, 44100, 48000};

/* ANSI S3.5-1997, Table 3: speech spectrum level of normal effort in bands of a third of an octave, dB re 20 uPa. */
static const struct {
    double hz, db;
} speech[BANDS] = {{160, 32.41},  {200, 34.48},  {250, 34.75},  {315, 33.98},  {400, 34.59},  {500, 34.27},
                   {630, 32.06},  {800, 28.30},  {1000, 25.01}, {1250, 23.00}, {1600, 20.15}, {2000, 17.32},
                   {2500, 13.18}, {3150, 11.55}, {4000, 9.33},  {5000, 5.31},  {6300, 2.59},  {8000, 1.13}};

/* Beyond the table: the voice ends below 160 Hz, and goes on falling by 8 dB an octave above 8 kHz as it does below. */
double vl_speech_level_db(double hz)
{
    if (hz <= speech[0].hz) return speech[0].db - 12 * log2(speech[0].hz / fmax(hz, 60));
    if (hz >= speech[BANDS - 1].hz) return speech[BANDS - 1].db - 8 * log2(hz / speech[BANDS - 1].hz);
    uint32_t i = 1;
    while (speech[i].hz < hz)
        i++;
    double part = log2(hz / speech[i - 1].hz) / log2(speech[i].hz / speech[i - 1].hz);
    return speech[i - 1].db + part * (speech[i].db - speech[i - 1].db);
}

static void correlate(uint32_t rate_hz, uint32_t order, double r[ORDER_MAX + 1])
{
    memset(r, 0, (ORDER_MAX + 1) * sizeof *r);
    for (uint32_t i = 0; i < BINS; i++) {
        double angle = PI * (i + 0.5) / BINS, step = 2 * cos(angle);
        double power = pow(10, vl_speech_level_db(angle / PI * rate_hz / 2) / 10);
        double now = 1, before = cos(angle); /* cos(k angle) by its recurrence */
        for (uint32_t k = 0; k <= order; k++) {
            r[k] += power * now;
            double next = step * now - before;
            before = now;
            now = next;
        }
    }
}

/* a[0] is 1; the filter is 1 / (a[0] + a[1] z^-1 + ...). */
static void predict(const double *r, uint32_t order, double *a)
{
    double error = r[0];
    memset(a, 0, (ORDER_MAX + 1) * sizeof *a);
    a[0] = 1;
    for (uint32_t i = 1; i <= order; i++) {
        double sum = 0, old[ORDER_MAX + 1];
        for (uint32_t k = 0; k < i; k++)
            sum += a[k] * r[i - k];
        double reflection = -sum / error;
        memcpy(old, a, sizeof old);
        for (uint32_t k = 1; k <= i; k++)
            a[k] = old[k] + reflection * old[i - k];
        error *= 1 - reflection * reflection;
    }
}

/* Filter `count` values in place; `past` holds the newest output first. */
static void run_filter(const double *a, uint32_t order, double *past, float *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        double sum = values[i];
        for (uint32_t k = order; k > 0; k--) {
            sum -= a[k] * past[k - 1];
            if (k > 1) past[k - 1] = past[k - 2];
        }
        past[0] = sum;
        values[i] = (float)sum;
    }
}

void vl_noise_make(const vl_kernels *kernels, uint32_t rate_hz, float *values)
{
    double r[ORDER_MAX + 1], a[ORDER_MAX + 1], past[ORDER_MAX] = {0};
    const uint32_t order = rate_hz <= RATE_LOW ? ORDER : ORDER_MAX;
    correlate(rate_hz, order, r);
    predict(r, order, a);
    /* What comes before the period is its end, so that the last value leads to the first. */
    kernels->noise_f32(values, WARM_UP, SEED + VL_NOISE_FRAMES - WARM_UP, 1.0f / 32768);
    run_filter(a, order, past, values, WARM_UP);
    kernels->noise_f32(values, VL_NOISE_FRAMES, SEED, 1.0f / 32768);
    run_filter(a, order, past, values, VL_NOISE_FRAMES);
    double power = 0;
    for (uint32_t i = 0; i < VL_NOISE_FRAMES; i++)
        power += (double)values[i] * (double)values[i];
    const double gain = 1 / sqrt(power / VL_NOISE_FRAMES);
    for (uint32_t i = 0; i < VL_NOISE_FRAMES; i++)
        values[i] = (float)(values[i] * gain);
}

veil_status vl_noises_create(const vl_allocator *allocator, const vl_kernels *kernels, vl_noises *out)
{
    out->values = vl_alloc(allocator, VL_NOISE_RATES * VL_NOISE_BYTES);
    if (out->values == NULL) return VEIL_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < VL_NOISE_RATES; i++)
        vl_noise_make(kernels, known_rates[i], out->values + (size_t)i * VL_NOISE_FRAMES);
    return VEIL_OK;
}

void vl_noises_destroy(vl_noises *noises, const vl_allocator *allocator)
{
    if (noises->values != NULL) vl_free(allocator, noises->values, VL_NOISE_RATES * VL_NOISE_BYTES);
    noises->values = NULL;
}

const float *vl_noises_find(const vl_noises *noises, uint32_t rate_hz)
{
    for (uint32_t i = 0; i < VL_NOISE_RATES; i++) {
        if (known_rates[i] == rate_hz) return noises->values + (size_t)i * VL_NOISE_FRAMES;
    }
    return NULL;
}

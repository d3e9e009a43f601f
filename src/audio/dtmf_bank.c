/* The correlation table: Hann times cosine and sine of the eight frequencies, as 16-bit integers. */
#include <math.h>

#include "audio/dtmf_impl.h"

#define TWO_PI  6.283185307179586
#define HOP_S   0.005
#define SUM_MAX 2147000000.0 /* of 2^31, with room for rounding */
#define FULL    32768.0

/* ITU-T Q.23: rows, then columns. */
const float vl_dtmf_hz[VL_DTMF_TONES] = {697, 770, 852, 941, 1209, 1336, 1477, 1633};

static uint32_t hop_of(uint32_t rate_hz)
{
    return (uint32_t)lrint(rate_hz * HOP_S);
}

size_t vl_dtmf_table_bytes(uint32_t rate_hz)
{
    return (size_t)hop_of(rate_hz) * 2 * VL_TONE_LANES * sizeof(int16_t);
}

/* A turning vector, so that no sine is computed for a sample. */
typedef struct turning {
    double re, im, step_re, step_im;
} turning;

static void turn(turning *t)
{
    double re = t->re * t->step_re - t->im * t->step_im;
    t->im = t->re * t->step_im + t->im * t->step_re;
    t->re = re;
}

static turning turning_by(double radians)
{
    return (turning){1, 0, cos(radians), sin(radians)};
}

void vl_dtmf_bank_make(uint32_t rate_hz, int16_t *table, vl_dtmf_bank *out)
{
    const uint32_t hop = hop_of(rate_hz), length = 2 * hop;
    /* Any samples: the sum of |hann * cos| over a window is below length / 2. */
    const double amplitude = floor(fmin(SUM_MAX / (FULL * length / 2), 16384));
    *out = (vl_dtmf_bank){.rate_hz = rate_hz, .hop = hop, .table = table};
    /* A tone of amplitude a gives |sum| = a * amplitude * length / 4 and has the mean square a^2 / 2. */
    double gain = amplitude * length / 4;
    out->power = (float)(0.5 / (gain * gain));
    out->hz_per_turn = (float)(rate_hz / (TWO_PI * hop));
    for (uint32_t f = 0; f < VL_DTMF_TONES; f++) {
        double radians = TWO_PI * (double)vl_dtmf_hz[f] / rate_hz;
        out->turn_re[f] = (float)cos(radians * hop);
        out->turn_im[f] = (float)-sin(radians * hop);
        turning tone = turning_by(radians), taper = turning_by(TWO_PI / length);
        for (uint32_t i = 0; i < length; i++) {
            double scale = amplitude * 0.5 * (1 - taper.re);
            int16_t *row = table + (size_t)(i / 2) * 2 * VL_TONE_LANES + i % 2;
            row[2 * f] = (int16_t)lrint(scale * tone.re);
            row[2 * (f + VL_DTMF_TONES)] = (int16_t)lrint(-scale * tone.im);
            turn(&tone);
            turn(&taper);
        }
    }
}

/* Band-limited interpolation (J. O. Smith, Digital Audio Resampling, https://ccrma.stanford.edu/~jos/resample/), with a
 * Kaiser window. */
#include "audio/resample.h"

#include <math.h>
#include <string.h>

#define PI          3.141592653589793
#define KAISER_BETA 9.0  /* about 90 dB of stop band */
#define PASS        0.92 /* of half the lower rate: the window's transition lies between this and it */

/* Modified Bessel function of the first kind, order 0; the series ends when a term no longer counts. */
static double bessel_i0(double x)
{
    double sum = 1, term = 1;
    for (int k = 1; term > sum * 1e-12; k++) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

void vl_resample_table_make(vl_resample_table *table)
{
    const uint32_t last = VL_RESAMPLE_LOBES * VL_RESAMPLE_STEPS;
    for (uint32_t i = 0; i <= last; i++) {
        double t = (double)i / VL_RESAMPLE_STEPS, part = (double)i / last;
        double sinc = i == 0 ? 1 : sin(PI * t) / (PI * t);
        table->values[i] = (float)(sinc * bessel_i0(KAISER_BETA * sqrt(1 - part * part)) / bessel_i0(KAISER_BETA));
    }
    table->values[last + 1] = 0;
}

void vl_resampler_start(vl_resampler *r, const vl_resample_table *table, uint32_t in_hz, uint32_t out_hz)
{
    double ratio = out_hz < in_hz ? (double)out_hz / in_hz : 1;
    r->table = table;
    r->in_hz = in_hz;
    r->out_hz = out_hz;
    r->cutoff = ratio * PASS;
    r->span = (uint32_t)ceil(VL_RESAMPLE_LOBES / r->cutoff);
    if (r->span > VL_RESAMPLE_SPAN) r->span = VL_RESAMPLE_SPAN; /* rates in range never get there */
    memset(r->buffer, 0, sizeof r->buffer);
    r->count = r->span;
    r->first = 0;
    r->next_out = 0;
}

/* Number of the first input sample that output `next_out` needs; it is never before the buffer's first. */
static uint64_t first_needed(const vl_resampler *r)
{
    return r->next_out * r->in_hz / r->out_hz + 1; /* numbers are shifted by span already */
}

static void drop_used(vl_resampler *r)
{
    uint64_t needed = first_needed(r);
    size_t used = needed - r->first > r->count ? r->count : (size_t)(needed - r->first);
    r->count -= used;
    r->first += used;
    memmove(r->buffer, r->buffer + used, r->count * sizeof r->buffer[0]);
}

size_t vl_resampler_room(const vl_resampler *r)
{
    return sizeof r->buffer / sizeof r->buffer[0] - r->count;
}

void vl_resampler_put(vl_resampler *r, const float *samples, size_t count)
{
    memcpy(r->buffer + r->count, samples, count * sizeof *samples);
    r->count += count;
}

static float one(const vl_resampler *r, const float *at, double part)
{
    double sum = 0, step = r->cutoff * VL_RESAMPLE_STEPS;
    /* at[0] lies span - 1 samples before the output's whole position, and the output `part` behind that */
    for (uint32_t i = 0; i < 2 * r->span; i++) {
        double place = fabs((double)i - (r->span - 1) - part) * step;
        if (place >= VL_RESAMPLE_LOBES * VL_RESAMPLE_STEPS) continue;
        uint32_t index = (uint32_t)place;
        const float *values = &r->table->values[index];
        sum += at[i] * (values[0] + (values[1] - values[0]) * (place - index));
    }
    return (float)(sum * r->cutoff);
}

size_t vl_resampler_take(vl_resampler *r, float *out, size_t capacity)
{
    size_t written = 0;
    while (written < capacity) {
        uint64_t first = first_needed(r), position = r->next_out * r->in_hz;
        if (first + 2 * r->span > r->first + r->count) break;
        double part = (double)(position % r->out_hz) / r->out_hz;
        out[written++] = one(r, r->buffer + (first - r->first), part);
        r->next_out++;
    }
    if (written == 0) drop_used(r); /* the caller is about to put more */
    return written;
}

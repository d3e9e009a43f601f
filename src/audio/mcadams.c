/*
 * See mcadams.h. Prediction by autocorrelation (Levinson and Durbin), whose poles lie inside the unit circle; the new filter runs
 * as a chain of sections of two poles, which is stable as long as each is.
 */
#include "audio/mcadams.h"

#include <math.h>
#include <string.h>

#define SECTIONS    4u
#define PI          3.14159265358979323846
#define HZ_PER_POLE 800.0 /* order 20 at 16 kHz */
#define WHITENING   1e-5  /* of the power added as white noise: keeps the poles of empty bands away from the circle */
#define REAL_MOST   1e-7  /* imaginary part up to which a pole is real: double roots are not found better */
#define TAP_LEAST   1e-12 /* what is less at the end of the polynomial is a pole at 0 */
#define POWER_LEAST 1e-60 /* of a frame; below, it is silent */
#define PEAK_SHARE  0.70710678118654752440 /* of full scale, for where two frames meet their windows add up to root 2 */

void vl_mcadams_make(vl_mcadams *m, uint32_t rate_hz)
{
    memset(m, 0, sizeof *m);
    m->hop = (rate_hz + 50) / 100;
    m->order = 2 * (uint32_t)lrint(rate_hz / (2 * HZ_PER_POLE));
    m->rounds = VL_MCADAMS_ROUNDS;
    m->alpha = VL_MCADAMS_ALPHA;
    m->pivot = 2 * PI * VL_MCADAMS_PIVOT_HZ / rate_hz;
    for (uint32_t i = 0; i < 2 * m->hop; i++)
        m->window[i] = sin(PI * (i + 0.5) / (2 * m->hop));
}

/* Four sums at a time: one would wait for itself. */
static double dot(const double *a, const double *b, uint32_t count)
{
    double sum[4] = {0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        for (uint32_t k = 0; k < 4; k++)
            sum[k] += a[i + k] * b[i + k];
    }
    for (; i < count; i++)
        sum[0] += a[i] * b[i];
    return sum[0] + sum[1] + (sum[2] + sum[3]);
}

static double peak(const double *samples, uint32_t count)
{
    double most = 0;
    for (uint32_t i = 0; i < count; i++)
        most = fmax(most, fabs(samples[i]));
    return most;
}

static bool predict(vl_mcadams *m, double power)
{
    double lags[VL_ROOTS_MAX + 1], *a = m->taps;
    for (uint32_t k = 0; k <= m->order; k++)
        lags[k] = dot(m->samples, m->samples + k, 2 * m->hop - k) / power;
    double error = lags[0] * (1 + WHITENING);
    memset(a, 0, sizeof m->taps);
    a[0] = 1;
    for (uint32_t n = 1; n <= m->order; n++) {
        double sum = lags[n];
        for (uint32_t k = 1; k < n; k++)
            sum += a[k] * lags[n - k];
        double reflection = -sum / error;
        for (uint32_t k = 1; k <= n / 2; k++) {
            double low = a[k], high = a[n - k];
            a[k] = low + reflection * high;
            if (k != n - k) a[n - k] = high + reflection * low;
        }
        a[n] = reflection;
        error *= 1 - reflection * reflection;
        if (!(error > 0)) return false;
    }
    return true;
}

/* Leaves in `taps` what is needed to take the old filter away, in `re` the radius and in `im` the new angle of each pole of the upper
 * half, and of the real ones (angle 0, signed radius). Returns how many; UINT32_MAX: not found, not pairs, or not stable. */
static uint32_t turn_poles(vl_mcadams *m)
{
    uint32_t count = m->order, kept = 0, lower = 0, upper = 0;
    while (count > 0 && fabs(m->taps[count]) < TAP_LEAST)
        count--;
    if (!vl_roots_find(m->taps, count, m->rounds, m->re, m->im)) return UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        double x = m->re[i], y = m->im[i], radius = hypot(x, y);
        if (!(radius < 1)) return UINT32_MAX;
        lower += y < -REAL_MOST;
        upper += y > REAL_MOST;
        if (y < -REAL_MOST) continue;
        bool is_real = y <= REAL_MOST;
        m->re[kept] = is_real ? x : radius;
        m->im[kept++] = is_real ? 0 : m->pivot * pow(atan2(y, x) / m->pivot, m->alpha);
    }
    return lower == upper ? kept : UINT32_MAX;
}

/* What the prediction leaves. Backwards, so that it can be written over the samples. */
static void take_residual(const vl_mcadams *m, double *samples)
{
    double backwards[VL_ROOTS_MAX + 1];
    for (uint32_t k = 0; k <= m->order; k++)
        backwards[k] = m->taps[m->order - k];
    for (uint32_t i = 2 * m->hop; i-- > 0;) {
        uint32_t behind = i < m->order ? i : m->order;
        samples[i] = dot(backwards + m->order - behind, samples + i - behind, behind + 1);
    }
}

/* Several sections at a time: the sums of one alone would wait for each other. A section that is not there changes nothing. */
static void run_sections(double *samples, uint32_t count, const double *radius, const double *angle, uint32_t sections)
{
    double near[SECTIONS] = {0}, far[SECTIONS] = {0}, one[SECTIONS] = {0}, two[SECTIONS] = {0};
    for (uint32_t k = 0; k < sections; k++) {
        near[k] = angle[k] == 0 ? radius[k] : 2 * radius[k] * cos(angle[k]);
        far[k] = angle[k] == 0 ? 0 : -radius[k] * radius[k];
    }
    for (uint32_t i = 0; i < count; i++) {
        double now = samples[i];
        for (uint32_t k = 0; k < SECTIONS; k++) {
            now = now + far[k] * two[k] + near[k] * one[k];
            two[k] = one[k];
            one[k] = now;
        }
        samples[i] = now;
    }
}

bool vl_mcadams_frame(vl_mcadams *m, const double *frame, double *out)
{
    const uint32_t count = 2 * m->hop;
    for (uint32_t i = 0; i < count; i++)
        out[i] = m->samples[i] = frame[i] * m->window[i];
    double power = dot(out, out, count), most = fmax(1, peak(out, count)) * PEAK_SHARE;
    bool is_silent = power < POWER_LEAST;
    uint32_t poles = is_silent || !predict(m, power) ? UINT32_MAX : turn_poles(m);
    if (poles != UINT32_MAX) {
        take_residual(m, out);
        for (uint32_t i = 0; i < poles; i += SECTIONS)
            run_sections(out, count, m->re + i, m->im + i, poles - i < SECTIONS ? poles - i : SECTIONS);
    }
    double now = dot(out, out, count);
    if (poles == UINT32_MAX || !isfinite(now) || now < POWER_LEAST) {
        memset(out, 0, count * sizeof *out);
        return is_silent;
    }
    double gain = sqrt(power / now), high = peak(out, count) * gain;
    if (high > most) gain *= most / high;
    for (uint32_t i = 0; i < count; i++)
        out[i] *= gain * m->window[i];
    return true;
}

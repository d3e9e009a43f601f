/* See roots.h. Whether the search has come to its end is not asked of the steps it made: the roots are multiplied out again. */
#include "audio/roots.h"

#include <math.h>

#define TWO_PI       6.283185307179586
#define START_RADIUS 0.95 /* of speech, most poles lie between 0.7 and 1 */
#define START_TURN   0.4  /* of a step: no start is real or the conjugate of another, for such would never part */
#define STEP_SMALL   1e-7 /* a root that moved by less is there: the next step would be about the cube of it */
#define SIZE_LEAST   1e-300
#define RADIUS_MOST  2.0 /* who strays further comes back mirrored */
#define ORDER_BITS   6u
#define ORDER_STEPS  (1u << ORDER_BITS) /* not below VL_ROOTS_MAX */
#define MISS_MOST    1e-6               /* of a coefficient, relative to the largest */

typedef struct complex_number {
    double re;
    double im;
} complex_number;

static complex_number times(complex_number a, complex_number b)
{
    return (complex_number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static complex_number divide(complex_number a, complex_number b)
{
    double size = b.re * b.re + b.im * b.im;
    return (complex_number){(a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size};
}

/* Newton's step at z: value over slope. */
static complex_number newton(const double *taps, uint32_t count, complex_number z)
{
    complex_number value = {taps[0], 0}, slope = {0, 0};
    for (uint32_t i = 1; i <= count; i++) {
        slope = times(slope, z);
        slope.re += value.re;
        slope.im += value.im;
        value = times(value, z);
        value.re += taps[i];
    }
    if (slope.re == 0 && slope.im == 0) slope.re = STEP_SMALL;
    return divide(value, slope);
}

/* Sum of 1 / (z - other root). Two that meet push nobody, nor does one itself. */
static complex_number repulsion(const double *re, const double *im, uint32_t count, uint32_t self)
{
    complex_number sum = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        double x = re[self] - re[i], y = im[self] - im[i], share = 1 / (x * x + y * y + SIZE_LEAST);
        sum.re += x * share;
        sum.im -= y * share;
    }
    return sum;
}

static bool move_root(const double *taps, uint32_t count, double *re, double *im, uint32_t self)
{
    complex_number step = newton(taps, count, (complex_number){re[self], im[self]});
    complex_number push = times(step, repulsion(re, im, count, self));
    step = divide(step, (complex_number){1 - push.re, -push.im});
    double x = re[self] - step.re, y = im[self] - step.im, size = x * x + y * y;
    if (!(size <= RADIUS_MOST * RADIUS_MOST)) {
        x = isfinite(size) ? x / size : 0.5;
        y = isfinite(size) ? y / size : 0.5;
    }
    re[self] = x;
    im[self] = y;
    return step.re * step.re + step.im * step.im > STEP_SMALL * STEP_SMALL;
}

/* Multiply the roots out. Neighbours come far from each other, or the coefficients of half a circle of them would grow and take the
 * small ones' digits with them. */
static bool make_polynomial(const double *taps, uint32_t count, const double *re, const double *im)
{
    double a[VL_ROOTS_MAX + 1] = {1}, b[VL_ROOTS_MAX + 1] = {0}, largest = 1, miss = 0;
    uint32_t done = 0;
    for (uint32_t bits = 0; bits < ORDER_STEPS; bits++) {
        uint32_t i = 0;
        for (uint32_t k = 0; k < ORDER_BITS; k++)
            i = i << 1 | (bits >> k & 1);
        if (i >= count) continue;
        done++;
        for (uint32_t k = done; k > 0; k--) {
            a[k] -= a[k - 1] * re[i] - b[k - 1] * im[i];
            b[k] -= a[k - 1] * im[i] + b[k - 1] * re[i];
        }
    }
    for (uint32_t i = 1; i <= count; i++) {
        largest = fmax(largest, fabs(taps[i]));
        miss += fabs(a[i] - taps[i]) + fabs(b[i]); /* a NaN stays in a sum */
    }
    return miss <= MISS_MOST * largest;
}

bool vl_roots_find(const double *taps, uint32_t count, uint32_t rounds, double *re, double *im)
{
    bool moves[VL_ROOTS_MAX];
    for (uint32_t i = 0; i < count; i++) {
        double turn = TWO_PI * (i + START_TURN) / count;
        re[i] = START_RADIUS * cos(turn);
        im[i] = START_RADIUS * sin(turn);
        moves[i] = true;
    }
    bool any = count != 0;
    for (uint32_t round = 0; round < rounds && any; round++) {
        any = false;
        for (uint32_t i = 0; i < count; i++) {
            if (moves[i]) moves[i] = move_root(taps, count, re, im, i);
            any = any || moves[i];
        }
    }
    return make_polynomial(taps, count, re, im);
}

/*
 * All roots of a polynomial with real coefficients, at once, by the iteration of Aberth and Ehrlich (O. Aberth, "Iteration
 * methods for finding all zeros of a polynomial simultaneously", Mathematics of Computation 27, 1973). Bounded work, no memory.
 */
#ifndef VL_AUDIO_ROOTS_H
#define VL_AUDIO_ROOTS_H

#include <stdbool.h>
#include <stdint.h>

#define VL_ROOTS_MAX 60u

/**
 * Roots of z^count + taps[1] z^(count-1) + ... + taps[count]; taps[0] is 1, count at most VL_ROOTS_MAX. Meant for linear prediction:
 * the search begins just inside the unit circle.
 * @param rounds  over all roots, at most
 * @return false when the product of what was found is not the polynomial
 */
bool vl_roots_find(const double *taps, uint32_t count, uint32_t rounds, double *re, double *im);

#endif

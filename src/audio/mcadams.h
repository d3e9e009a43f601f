/*
 * One frame of a disguised voice: the poles of its linear prediction are turned, and what the prediction leaves (the voice's source)
 * is sent through the new ones. A pole at angle phi goes to phi^alpha, as in J. Patino et al., "Speaker anonymisation using the
 * McAdams coefficient" (Interspeech 2021, arXiv 2011.01130); there, phi is in radians at 16 kHz. Here the angle is measured in
 * units of 2,546 Hz, which is 1 radian at 16 kHz, so that a formant moves to the same frequency at each sample rate.
 */
#ifndef VL_AUDIO_MCADAMS_H
#define VL_AUDIO_MCADAMS_H

#include "audio/roots.h"

#define VL_MCADAMS_RATE_MAX 48000u
#define VL_MCADAMS_ALPHA    0.8    /* the paper's, and that of the VoicePrivacy challenge's second baseline */
#define VL_MCADAMS_PIVOT_HZ 2546.5 /* 16,000 / (2 pi): stays where it is */
#define VL_MCADAMS_HOP_MAX  480u   /* 10 ms at the highest rate */
#define VL_MCADAMS_ROUNDS   60u    /* speech takes about 6 */

/** What a frame needs at one sample rate, and scratch that has held samples. */
typedef struct vl_mcadams {
    uint32_t hop; /* 10 ms; a frame is two */
    uint32_t order;
    uint32_t rounds; /* of the search for poles */
    double pivot;    /* radians */
    double alpha;
    double window[2 * VL_MCADAMS_HOP_MAX]; /* root of Hann's: before and behind the filter, its squares add up to 1 */
    double samples[2 * VL_MCADAMS_HOP_MAX];
    double taps[VL_ROOTS_MAX + 1];
    double re[VL_ROOTS_MAX];
    double im[VL_ROOTS_MAX];
} vl_mcadams;

/** `rate_hz` is at most VL_MCADAMS_RATE_MAX. */
void vl_mcadams_make(vl_mcadams *m, uint32_t rate_hz);

/** Frame of 2 * hop samples in, its part of the sum out. False: there is no such filter for this frame, and `out` is silent. */
bool vl_mcadams_frame(vl_mcadams *m, const double *frame, double *out);

#endif

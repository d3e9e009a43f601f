/*
 * What is put in the place of samples. Everything that is put in is a function of the frame number, the spans and one level,
 * and the level comes from frames that no span or fade touches: two sounds that differ only inside the spans come out the
 * same, bit for bit. Samples inside a span are written, never read.
 */
#ifndef VL_AUDIO_EFFECTS_H
#define VL_AUDIO_EFFECTS_H

#include "audio/noise.h"
#include "audio/spans.h"

#define VL_BEEP_HZ       1000u
#define VL_LEVEL_DEFAULT 0.1  /* RMS re full scale (-20 dB) where no frame lies outside */
#define VL_LEVEL_MIN     0.01 /* -40 dB: a beep over silence is still heard */
#define VL_LEVEL_MAX     0.25 /* -12 dB: a beep over clipped sound hurts nobody */

#define VL_SINE_STEPS 1024u

/** One period of a sine, made once at creation. */
typedef struct vl_sine {
    float values[VL_SINE_STEPS + 1];
} vl_sine;

void vl_sine_make(vl_sine *sine);

/** What is put in, made once at creation. */
typedef struct vl_fills {
    vl_sine sine;
    vl_noises noises;
} vl_fills;

/** Power of the frames that stay as they are, block by block. */
typedef struct vl_level {
    double sum; /* of squares, full scale is 1 */
    uint64_t samples;
} vl_level;

/** Add a block. MALFORMED_INPUT when it holds a float that is NaN or infinite; the offset says which block. */
veil_status vl_level_add(vl_level *level, const vl_kernels *kernels, const vl_tracks *tracks, const vl_sound *block,
                         veil_error *error);
/** RMS within the limits above. */
double vl_level_rms(const vl_level *level);

/** Everything that applying needs; a tile of the beep, and the noise of an unusual rate, are made once a call. */
typedef struct vl_mix {
    const vl_tracks *tracks;
    const vl_kernels *kernels;
    const vl_sine *sine;
    bool only_silence;  /* whatever the segments ask for */
    const float *noise; /* a period, RMS 1; NULL where no segment asks for it */
    double level;
    void *tile; /* whole periods of the beep, interleaved; NULL where a period is too long */
    uint32_t tile_frames;
    uint32_t tile_channels;
} vl_mix;

/** `level` must be that of the whole sound. BUSY, NO_MEMORY. */
veil_status vl_mix_make(const vl_tracks *tracks, const vl_kernels *kernels, const vl_fills *fills, double level,
                        const vl_sound *sound, vl_audio_work *work, vl_mix *out);
/** Replace and fade what lies in this block. Cannot fail. */
void vl_mix_apply(const vl_mix *mix, const vl_sound *block);
/** The same in one channel, with silence for every effect. */
void vl_mix_silence(const vl_mix *mix, const vl_sound *block, uint32_t channel);

#endif

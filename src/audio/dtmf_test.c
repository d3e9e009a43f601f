/*
 * The test of five windows (30 ms): hard bounds first, then one cost over everything that tells a key from a voice.
 *
 * Voices come near: two harmonics on the right places, steady for 30 ms. What gives them away is what lies beside: other
 * lines between the tones of a group, power elsewhere, frequencies that are off by more than a telephone's. Weights and bounds
 * were fitted to synthetic keys (noise down to 0 dB, twists, offsets, speech behind them) against real and made speech
 * without keys, and rounded; tests/audio/dtmf_test.c repeats such sets in small.
 */
#include <math.h>

#include "audio/dtmf_impl.h"

#define OFFSET_MAX    0.024f /* Q.24: 1.5 % must pass, 3.5 % must not */
#define TWIST_MAX     7.1f   /* power ratio, 8.5 dB: Q.24 asks for 4 and 8 dB by direction, we for 6 in both */
#define COHERENCE_MIN 0.80f  /* share of the bin's power that is one steady tone */
#define SHARE_MIN     0.25f  /* of all power in the windows that is in the two tones */
#define SHARE_ENOUGH  0.6f   /* more of it proves nothing more */
#define OFFSET_UNIT   0.015f /* the offset that telephones may have */
#define TWIST_UNIT    6.0f   /* dB */
#define LINES_FLOOR   0.05f
#define COST_MAX      -5.5f
#define PI            3.14159265f
#define POWER_MIN     4.0f /* mean square of a tone in 16-bit units: -84 dBFS, below which there is only dither */

/* What the windows say of one frequency. */
typedef struct reading {
    float power;   /* sum over windows of |P|^2 */
    float step_re; /* sum of P[k] conj(P[k - 1]), nominal phase step taken out */
    float step_im;
} reading;

static reading read_tone(const vl_dtmf_track *track, const vl_dtmf_window *const *w, uint32_t f)
{
    reading r = {0};
    float re = 0, im = 0;
    for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
        float a = w[k]->re[f], b = w[k]->im[f];
        r.power += a * a + b * b;
        if (k > 0) {
            re += a * w[k - 1]->re[f] + b * w[k - 1]->im[f];
            im += b * w[k - 1]->re[f] - a * w[k - 1]->im[f];
        }
    }
    r.step_re = re * track->bank->turn_re[f] - im * track->bank->turn_im[f];
    r.step_im = re * track->bank->turn_im[f] + im * track->bank->turn_re[f];
    return r;
}

static uint32_t strongest(const vl_dtmf_window *const *w, uint32_t first)
{
    uint32_t best = first;
    float most = -1;
    for (uint32_t f = first; f < first + 4; f++) {
        float sum = 0;
        for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++)
            sum += w[k]->re[f] * w[k]->re[f] + w[k]->im[f] * w[k]->im[f];
        if (sum > most) {
            most = sum;
            best = f;
        }
    }
    return best;
}

static uint32_t nearest(float hz, uint32_t first)
{
    uint32_t best = first;
    for (uint32_t f = first + 1; f < first + 4; f++) {
        if (fabsf(vl_dtmf_hz[f] - hz) < fabsf(vl_dtmf_hz[best] - hz)) best = f;
    }
    return best;
}

static float measured_hz(const vl_dtmf_track *track, const reading *r, uint32_t f)
{
    return vl_dtmf_hz[f] + atan2f(r->step_im, r->step_re) * track->bank->hz_per_turn;
}

/* The windows of one frequency with the tone's own phase step taken out. */
static void stand_still(const vl_dtmf_match *m, uint32_t group, const vl_dtmf_window *const *w, uint32_t f,
                        float still_re[VL_DTMF_TEST_WINDOWS], float still_im[VL_DTMF_TEST_WINDOWS])
{
    float re = 1, im = 0;
    for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
        float a = w[k]->re[f], b = w[k]->im[f];
        still_re[k] = a * re + b * im;
        still_im[k] = b * re - a * im;
        float next = re * m->step_re[group] - im * m->step_im[group];
        im = re * m->step_im[group] + im * m->step_re[group];
        re = next;
    }
}

/* ---- Lines beside the tone ---- */

/* What a Hann window of 1 / bin seconds lets through of a line `hz` away; 1 at its middle. */
static float leak(float hz, float bin)
{
    float d = fabsf(hz) / bin;
    if (d < 0.001f) return 1;
    if (fabsf(d - 1) < 0.001f) return 0.5f;
    return sinf(PI * d) / (PI * d * (1 - d * d));
}

/* Power of the strongest line among five steps of 1 / (5 hops): a Fourier transform over the windows. */
static float strongest_line(const float re[VL_DTMF_TEST_WINDOWS], const float im[VL_DTMF_TEST_WINDOWS])
{
    static const float cosines[5] = {1, 0.30901699f, -0.80901699f, -0.80901699f, 0.30901699f};
    static const float sines[5] = {0, 0.95105652f, 0.58778525f, -0.58778525f, -0.95105652f};
    float most = 0;
    for (uint32_t line = 0; line < 5; line++) {
        float a = 0, b = 0;
        for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
            uint32_t turn = line * k % 5;
            a += re[k] * cosines[turn] + im[k] * sines[turn];
            b += im[k] * cosines[turn] - re[k] * sines[turn];
        }
        most = fmaxf(most, a * a + b * b);
    }
    return most / (VL_DTMF_TEST_WINDOWS * VL_DTMF_TEST_WINDOWS);
}

/* The strongest line near the group's other frequencies, what leaks from the tone taken out, by the tone's power. */
static float lines_beside(const vl_dtmf_track *track, const vl_dtmf_window *const *w, const vl_dtmf_match *m,
                          uint32_t group, float hz, const float tone[2])
{
    const vl_dtmf_bank *bank = track->bank;
    float bin = (float)bank->rate_hz / (float)(2 * bank->hop), most = 0;
    uint32_t f = m->tone[group];
    float own = leak(hz - vl_dtmf_hz[f], bin);
    for (uint32_t g = group * 4; g < group * 4 + 4; g++) {
        if (g == f) continue;
        float re[VL_DTMF_TEST_WINDOWS], im[VL_DTMF_TEST_WINDOWS];
        stand_still(m, group, w, g, re, im);
        float part = leak(hz - vl_dtmf_hz[g], bin) / own;
        float turn = PI * (vl_dtmf_hz[f] - vl_dtmf_hz[g]) / bin; /* from a window's start to its middle */
        float leak_re = part * (tone[0] * cosf(turn) - tone[1] * sinf(turn));
        float leak_im = part * (tone[0] * sinf(turn) + tone[1] * cosf(turn));
        for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
            re[k] -= leak_re;
            im[k] -= leak_im;
        }
        most = fmaxf(most, strongest_line(re, im));
    }
    return most / m->power[group];
}

/* ---- The test ---- */

/* What the cost is made of. */
typedef struct evidence {
    float offset;   /* by OFFSET_UNIT, squared, summed over the groups */
    float lines;    /* summed over the groups */
    float unsteady; /* product over the groups of how much of the bin is not the tone */
} evidence;

/* One group: which tone, on its frequency, and steady. */
static bool test_group(const vl_dtmf_track *track, const vl_dtmf_window *const *w, uint32_t group, vl_dtmf_match *m,
                       evidence *seen)
{
    const vl_dtmf_bank *bank = track->bank;
    uint32_t f = strongest(w, group * 4);
    reading r = read_tone(track, w, f);
    float hz = measured_hz(track, &r, f);
    uint32_t right = nearest(hz, group * 4);
    if (right != f) {
        f = right;
        r = read_tone(track, w, f);
        hz = measured_hz(track, &r, f);
    }
    if (fabsf(hz - vl_dtmf_hz[f]) > OFFSET_MAX * vl_dtmf_hz[f]) return false;
    float length = sqrtf(r.step_re * r.step_re + r.step_im * r.step_im);
    if (!(length > 0)) return false;
    float re = r.step_re / length, im = r.step_im / length;
    m->tone[group] = f;
    m->step_re[group] = re * bank->turn_re[f] + im * bank->turn_im[f]; /* the nominal step put back in */
    m->step_im[group] = im * bank->turn_re[f] - re * bank->turn_im[f];
    float still_re[VL_DTMF_TEST_WINDOWS], still_im[VL_DTMF_TEST_WINDOWS], tone[2] = {0, 0};
    stand_still(m, group, w, f, still_re, still_im);
    for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
        tone[0] += still_re[k] / VL_DTMF_TEST_WINDOWS;
        tone[1] += still_im[k] / VL_DTMF_TEST_WINDOWS;
    }
    m->power[group] = tone[0] * tone[0] + tone[1] * tone[1];
    float coherence = m->power[group] * VL_DTMF_TEST_WINDOWS / r.power;
    if (coherence < COHERENCE_MIN) return false;
    float offset = (hz / vl_dtmf_hz[f] - 1) / OFFSET_UNIT;
    seen->offset += offset * offset;
    seen->lines += lines_beside(track, w, m, group, hz, tone);
    seen->unsteady *= 1.02f - coherence;
    return true;
}

static float share_of(const vl_dtmf_track *track, uint64_t at, const vl_dtmf_match *m)
{
    uint64_t energy = 0;
    for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++) {
        uint64_t hop = at - k - track->base_hop;
        energy += track->energy[hop] + track->energy[hop + 1];
    }
    float mean = (float)energy / (float)(VL_DTMF_TEST_WINDOWS * 2 * track->bank->hop);
    return mean > 0 ? (m->power[0] + m->power[1]) * track->bank->power / mean : 0;
}

bool vl_dtmf_test(const vl_dtmf_track *track, uint64_t at, vl_dtmf_match *out)
{
    const vl_dtmf_window *w[VL_DTMF_TEST_WINDOWS];
    for (uint32_t k = 0; k < VL_DTMF_TEST_WINDOWS; k++)
        w[k] = vl_dtmf_window_at(track, at + k - (VL_DTMF_TEST_WINDOWS - 1));
    evidence seen = {.unsteady = 1};
    if (!test_group(track, w, 0, out, &seen) || !test_group(track, w, 1, out, &seen)) return false;
    float low = out->power[0], high = out->power[1];
    if (low > TWIST_MAX * high || high > TWIST_MAX * low) return false;
    float share = share_of(track, at, out);
    if (share < SHARE_MIN || fminf(low, high) * track->bank->power < POWER_MIN) return false;
    float counted = fminf(share, SHARE_ENOUGH), lines = LINES_FLOOR + seen.lines;
    float twist = 10 * log10f(high / low) / TWIST_UNIT;
    float cost =
        2 * seen.offset + 0.8f * twist * twist + logf(lines * lines * seen.unsteady / (counted * counted * counted));
    out->is_sure = cost <= COST_MAX;
    return true;
}

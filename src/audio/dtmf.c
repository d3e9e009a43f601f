/*
 * From windows to keys. Most sound is no key, so only every second window is looked at until two or three in a row are loud
 * in both groups; the windows between are made when the test needs them.
 *
 * A key is taken when two tests in a row name it and one of the row is sure. Its first and last sample come from how full the windows at its edges are:
 * windows under a Hann taper, half a window apart, add up to one, so the sum of their levels is the tone's length.
 */
#include "audio/dtmf.h"

#include <math.h>
#include <string.h>

#include "audio/dtmf_impl.h"

#define NONE    UINT64_MAX
#define EARLIER 2u /* windows before the test's that may hold the beginning */
#define START_HOP                                                                                                      \
    (VL_DTMF_TEST_WINDOWS + EARLIER) /* a key's first sample lies at most so far before the test that makes it one */
#define ROW_GAP      8u              /* tests of a key that noise may fail in a row */
#define LATER        3u    /* windows without the key that end it: a gap of 10 ms does not (Q.24), one of 25 ms does */
#define LEVEL_MIN    0.16f /* of the key's power: it still sounds */
#define STEP_MIN     0.36f /* cosine of how far the phase may slip between windows */
#define MARGIN       0.3   /* hops that a key is widened on both sides, for what noise does to the estimate */
#define GATE_SHARE   0.12f /* of a window's power in the strongest tone of each group */
#define GATE_BALANCE 0.02f /* 17 dB between the groups */
#define GATE_POWER   3.0f  /* mean square in 16-bit units */

static const char keys[4][5] = {"123A", "456B", "789C", "*0#D"};

size_t vl_dtmf_samples_bytes(uint32_t rate_hz)
{
    return vl_dtmf_table_bytes(rate_hz) / (2 * VL_TONE_LANES) * (VL_DTMF_HISTORY + VL_DTMF_BATCH + 1);
}

void vl_dtmf_track_start(vl_dtmf_track *track, const vl_dtmf_bank *bank, const vl_kernels *kernels, int16_t *samples)
{
    *track = (vl_dtmf_track){.bank = bank, .kernels = kernels, .samples = samples, .row = NONE};
    for (uint32_t i = 0; i < VL_DTMF_HISTORY; i++)
        track->windows[i].index = NONE;
}

const vl_dtmf_window *vl_dtmf_window_at(const vl_dtmf_track *track, uint64_t index)
{
    return &track->windows[index % VL_DTMF_HISTORY];
}

static void keep_window(vl_dtmf_track *track, uint64_t index, const int32_t *sums)
{
    vl_dtmf_window *w = &track->windows[index % VL_DTMF_HISTORY];
    w->index = index;
    for (uint32_t f = 0; f < VL_DTMF_TONES; f++) {
        w->re[f] = (float)sums[f];
        w->im[f] = (float)sums[f + VL_DTMF_TONES];
    }
}

static void need_window(vl_dtmf_track *track, uint64_t index)
{
    int32_t sums[VL_TONE_LANES];
    if (track->windows[index % VL_DTMF_HISTORY].index == index) return;
    const int16_t *from = track->samples + (index - track->base_hop) * track->bank->hop;
    track->kernels->tone_windows(from, 0, track->bank->hop, 1, track->bank->table, sums);
    keep_window(track, index, sums);
}

/* ---- The gate ---- */

/* Loud in one tone of each group, and not much besides. */
static bool is_tonal(const vl_dtmf_bank *bank, const int32_t *sums, uint64_t energy)
{
    float power[VL_DTMF_TONES];
    for (uint32_t f = 0; f < VL_DTMF_TONES; f++) {
        float re = (float)sums[f], im = (float)sums[f + VL_DTMF_TONES];
        power[f] = re * re + im * im;
    }
    float low = fmaxf(fmaxf(power[0], power[1]), fmaxf(power[2], power[3])) * bank->power;
    float high = fmaxf(fmaxf(power[4], power[5]), fmaxf(power[6], power[7])) * bank->power;
    float sum = low + high, weaker = low < high ? low : high;
    float mean = (float)energy / (float)(2 * bank->hop);
    return weaker >= GATE_POWER && weaker >= GATE_BALANCE * sum && sum >= GATE_SHARE * mean;
}

/* The even windows of [at - 4, at] passed the gate; `good` has the newest even window at bit 0. */
static bool may_be_key(const vl_dtmf_track *track, uint64_t at)
{
    uint64_t mask = at % 2 == 0 ? 7 : 3;
    return at >= track->floor + VL_DTMF_TEST_WINDOWS - 1 && (track->good & mask) == mask;
}

/* ---- Edges ---- */

static float level_of(const vl_dtmf_match *m, const vl_dtmf_window *w)
{
    float power = 0;
    for (uint32_t g = 0; g < 2; g++)
        power += w->re[m->tone[g]] * w->re[m->tone[g]] + w->im[m->tone[g]] * w->im[m->tone[g]];
    return fminf(1, sqrtf(power / (m->power[0] + m->power[1])));
}

/* `first` is the last window of the first test. */
static uint64_t start_of(vl_dtmf_track *track, uint64_t first)
{
    double mass = 0;
    uint64_t from = first - (VL_DTMF_TEST_WINDOWS - 1);
    from = from > track->floor + EARLIER ? from - EARLIER : track->floor;
    for (uint64_t i = from; i <= first; i++) {
        need_window(track, i);
        mass += (double)level_of(&track->match, vl_dtmf_window_at(track, i));
    }
    double hops = (double)first + 1.5 - mass - MARGIN;
    /* Before the first sample there is no window that would add up with the first. */
    return hops <= 1 ? 0 : (uint64_t)(hops * track->bank->hop);
}

static uint64_t end_of(const vl_dtmf_track *track, uint64_t until)
{
    double mass = 0;
    for (uint64_t i = track->last; i <= until; i++)
        mass += (double)level_of(&track->match, vl_dtmf_window_at(track, i));
    double hops = (double)track->last + 0.5 + mass + MARGIN;
    uint64_t end = (uint64_t)ceil(hops * track->bank->hop);
    return end;
}

/* ---- States ---- */

/* Where the key of a row begins at the earliest, once test `at` is the next. A row that goes on for long is no key so far, and the
 * sound cannot wait for it. */
static uint64_t row_start(const vl_dtmf_track *track, uint64_t at)
{
    uint64_t least = at > VL_DTMF_ROW_HOP ? (at - VL_DTMF_ROW_HOP) * track->bank->hop : 0;
    return track->begins > least ? track->begins : least;
}

static void begin_key(vl_dtmf_track *track, uint64_t at)
{
    const vl_dtmf_match *m = &track->match;
    /* The second test of a row knows the levels better than the first. */
    uint64_t start = track->row + 1 == at ? start_of(track, track->row) : row_start(track, at);
    if (start < track->open.end) start = track->open.end;
    track->open = (vl_dtmf_key){.start = start, .end = start, .key = keys[m->tone[0]][m->tone[1] - 4]};
    track->state = VL_DTMF_ON;
    track->last = at;
}

static bool is_loud(const vl_dtmf_match *m, const vl_dtmf_window *w, uint32_t group)
{
    float re = w->re[m->tone[group]], im = w->im[m->tone[group]];
    return re * re + im * im >= LEVEL_MIN * m->power[group];
}

/* Two windows in a row that are loud must also keep the tone's phase: another key is no continuation. */
static bool sounds(const vl_dtmf_track *track, uint64_t at)
{
    const vl_dtmf_match *m = &track->match;
    const vl_dtmf_window *w = vl_dtmf_window_at(track, at), *before = vl_dtmf_window_at(track, at - 1);
    for (uint32_t g = 0; g < 2; g++) {
        if (!is_loud(m, w, g)) return false;
        if (!is_loud(m, before, g)) continue;
        float re = w->re[m->tone[g]], im = w->im[m->tone[g]];
        float old_re = before->re[m->tone[g]], old_im = before->im[m->tone[g]];
        float step_re = re * old_re + im * old_im, step_im = im * old_re - re * old_im;
        float along = step_re * m->step_re[g] + step_im * m->step_im[g];
        if (along < STEP_MIN * sqrtf(step_re * step_re + step_im * step_im)) return false;
    }
    return true;
}

static veil_status follow_key(vl_dtmf_track *track, uint64_t at, vl_dtmf_sink sink, void *user)
{
    need_window(track, at);
    if (sounds(track, at)) track->last = at;
    if (at - track->last < LATER) return VEIL_OK;
    track->open.end = end_of(track, at);
    track->state = VL_DTMF_IDLE;
    track->floor = track->last + 1;
    return sink(user, &track->open);
}

/* Noise may fail some of a key's tests. */
static bool is_in_row(const vl_dtmf_track *track, uint64_t at)
{
    return track->row != NONE && track->row >= track->floor && at - track->passed <= ROW_GAP;
}

static void note_test(vl_dtmf_track *track, uint64_t at, const vl_dtmf_match *match)
{
    bool is_same = track->match.tone[0] == match->tone[0] && track->match.tone[1] == match->tone[1];
    bool goes_on = is_same && is_in_row(track, at);
    track->match = *match;
    track->passed = at;
    if (goes_on) return;
    track->row = at;
    track->begins = start_of(track, at);
}

static veil_status judge(vl_dtmf_track *track, uint64_t at, vl_dtmf_sink sink, void *user)
{
    vl_dtmf_match match;
    if (track->state == VL_DTMF_ON) return follow_key(track, at, sink, user);
    bool passed = false;
    if (may_be_key(track, at)) {
        for (uint64_t i = at - (VL_DTMF_TEST_WINDOWS - 1); i <= at; i++)
            need_window(track, i);
        passed = vl_dtmf_test(track, at, &match);
    }
    bool goes_on = passed && track->state == VL_DTMF_ONCE && track->match.tone[0] == match.tone[0] &&
                   track->match.tone[1] == match.tone[1];
    if (goes_on) match.is_sure = match.is_sure || track->match.is_sure;
    track->state = passed ? VL_DTMF_ONCE : VL_DTMF_IDLE;
    if (passed) note_test(track, at, &match);
    if (goes_on && match.is_sure) begin_key(track, at);
    return VEIL_OK;
}

/* ---- Intake ---- */

int16_t *vl_dtmf_room(vl_dtmf_track *track, size_t *count)
{
    *count = (size_t)(VL_DTMF_HISTORY + VL_DTMF_BATCH) * track->bank->hop - track->filled;
    return track->samples + track->filled;
}

/* Drop hops that nothing looks back to. */
static void shift(vl_dtmf_track *track)
{
    uint64_t oldest = track->next > VL_DTMF_HISTORY - 2 ? track->next - (VL_DTMF_HISTORY - 2) : 0;
    uint64_t hops = oldest - track->base_hop;
    if (oldest <= track->base_hop || hops < VL_DTMF_BATCH / 2) return;
    uint32_t moved = (uint32_t)hops * track->bank->hop;
    memmove(track->samples, track->samples + moved, (track->filled - moved) * sizeof *track->samples);
    memmove(track->energy, track->energy + hops, sizeof track->energy - (size_t)hops * sizeof *track->energy);
    track->filled -= moved;
    track->base_hop = oldest;
}

veil_status vl_dtmf_advance(vl_dtmf_track *track, size_t count, vl_dtmf_sink sink, void *user)
{
    const uint32_t hop = track->bank->hop;
    uint64_t hops_before = track->base_hop + track->filled / hop;
    track->filled += (uint32_t)count;
    track->frames += count;
    uint64_t hops = track->base_hop + track->filled / hop; /* whole hops there are */
    if (hops == hops_before) return VEIL_OK;
    track->kernels->hop_energies(track->samples + (hops_before - track->base_hop) * hop, hop,
                                 (size_t)(hops - hops_before), track->energy + (hops_before - track->base_hop));
    int32_t sums[(VL_DTMF_HISTORY + VL_DTMF_BATCH) / 2][VL_TONE_LANES];
    uint64_t even = track->next + track->next % 2, evens = hops > even + 1 ? (hops - even) / 2 : 0;
    if (evens != 0) {
        track->kernels->tone_windows(track->samples + (even - track->base_hop) * hop, 2 * (size_t)hop, hop,
                                     (size_t)evens, track->bank->table, sums[0]);
    }
    for (; track->next + 2 <= hops; track->next++) {
        uint64_t at = track->next;
        if (at % 2 == 0) {
            const int32_t *own = sums[(at - even) / 2];
            const uint64_t *energy = &track->energy[at - track->base_hop];
            keep_window(track, at, own);
            track->good = track->good << 1 | is_tonal(track->bank, own, energy[0] + energy[1]);
        }
        veil_status status = judge(track, at, sink, user);
        if (status != VEIL_OK) return status;
    }
    shift(track);
    return VEIL_OK;
}

/* Silence behind the end lets the last windows fill. */
veil_status vl_dtmf_finish(vl_dtmf_track *track, vl_dtmf_sink sink, void *user)
{
    size_t count = 0, pad = (size_t)(LATER + 2) * track->bank->hop;
    int16_t *room = vl_dtmf_room(track, &count);
    uint64_t frames = track->frames;
    memset(room, 0, pad * sizeof *room);
    veil_status status = vl_dtmf_advance(track, pad, sink, user);
    track->frames = frames;
    return status;
}

uint64_t vl_dtmf_settled(const vl_dtmf_track *track)
{
    uint64_t back = track->state == VL_DTMF_ON ? LATER : START_HOP;
    uint64_t at = track->next, settled = at > back ? (at - back) * track->bank->hop : 0;
    if (track->state == VL_DTMF_ON || !is_in_row(track, at)) return settled;
    uint64_t begins = row_start(track, at);
    return begins < settled ? begins : settled;
}

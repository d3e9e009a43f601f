/* See disguise.h. Samples of integers clip at full scale; floats may lie beyond, as they may on their way in. */
#include "audio/disguise.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "audio/pcm.h"

#define ALIGNMENT    64u /* of the workspace */
#define HOPS_HELD    4u
#define CHANNELS_MAX 64u /* that can be chosen one by one */

static uint32_t hop_of(uint32_t rate_hz)
{
    return (rate_hz + 50) / 100;
}

/* A frame on its way out, and what each channel holds. */
static size_t doubles_of(uint32_t rate_hz, uint32_t channels)
{
    return (size_t)hop_of(rate_hz) * (2 + channels * HOPS_HELD);
}

uint32_t vl_disguise_delay(uint32_t rate_hz)
{
    return rate_hz > VL_MCADAMS_RATE_MAX ? 0 : 2 * hop_of(rate_hz);
}

size_t vl_disguise_bytes(uint32_t rate_hz, uint32_t channels)
{
    if (rate_hz > VL_MCADAMS_RATE_MAX) return 0;
    return sizeof(vl_mcadams) + doubles_of(rate_hz, channels) * sizeof(double) + 2 * ALIGNMENT;
}

veil_status vl_disguise_check(uint32_t rate_hz, uint32_t channels, uint64_t chosen, veil_error *error)
{
    if (channels < CHANNELS_MAX && chosen >> channels != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0,
                            "disguise_channels names a channel beyond the %u there are", channels);
    if (rate_hz <= VL_MCADAMS_RATE_MAX) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "disguise works up to %u Hz; the sound has %u",
                        VL_MCADAMS_RATE_MAX, rate_hz);
}

veil_status vl_disguise_make(uint32_t rate_hz, uint32_t channels, uint64_t chosen, vl_audio_work *work,
                             vl_disguise *out)
{
    void *model = NULL, *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, 1, sizeof *out->model, &model);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, doubles_of(rate_hz, channels), sizeof(double), &memory);
    if (status != VEIL_OK) return status;
    double *made = memory;
    *out = (vl_disguise){.model = model,
                         .made = made,
                         .channels = made + 2 * hop_of(rate_hz),
                         .chosen = chosen,
                         .delay = vl_disguise_delay(rate_hz)};
    vl_mcadams_make(out->model, rate_hz);
    return VEIL_OK;
}

static bool is_chosen(const vl_disguise *d, uint32_t channel)
{
    return d->chosen == 0 || (channel < CHANNELS_MAX && (d->chosen >> channel & 1) != 0);
}

/* One channel of an interleaved view, or a plane. */
typedef struct lane {
    vl_sound view;
    uint32_t offset;
} lane;

static size_t index_of(const lane *l, uint64_t frame)
{
    return (size_t)(frame - l->view.first_frame) * l->view.channels + l->offset;
}

static void take_in(const lane *l, uint64_t at, uint32_t count, double *out)
{
    uint64_t end = l->view.first_frame + l->view.frames, left = at < end ? end - at : 0;
    uint32_t there = left < count ? (uint32_t)left : count;
    if (there != 0) vl_pcm_read(&l->view, index_of(l, at), l->view.channels, there, out);
    memset(out + there, 0, (count - there) * sizeof *out);
}

static void give_out(const lane *l, uint64_t at, uint32_t delay, uint32_t count, const double *from)
{
    const double most = l->view.format == VEIL_SAMPLE_F32 ? FLT_MAX : 1;
    for (uint32_t i = 0; i < count; i++) {
        if (at + i < l->view.first_frame + delay) continue; /* before the sound, or long gone */
        vl_pcm_write(&l->view, index_of(l, at + i - delay), fmax(-most, fmin(most, from[i])));
    }
}

/* A hop is full: the frame of it and the one before. */
static void step(vl_disguise *d, double *frame)
{
    const uint32_t hop = d->model->hop;
    double *overlap = frame + 2 * hop, *ready = frame + 3 * hop, *made = d->made;
    (void)vl_mcadams_frame(d->model, frame, made); /* false: silence */
    for (uint32_t i = 0; i < hop; i++)
        ready[i] = overlap[i] + made[i];
    memcpy(overlap, made + hop, hop * sizeof *made);
    memcpy(frame, frame + hop, hop * sizeof *frame);
}

static void run_lane(vl_disguise *d, const lane *l, double *frame, uint64_t until)
{
    const uint32_t hop = d->model->hop;
    uint32_t fill = d->fill;
    for (uint64_t at = d->fed; at < until;) {
        uint32_t count = until - at < hop - fill ? (uint32_t)(until - at) : hop - fill;
        take_in(l, at, count, frame + hop + fill);
        give_out(l, at, d->delay, count, frame + 3 * hop + fill);
        at += count;
        fill += count;
        if (fill < hop) continue;
        step(d, frame);
        fill = 0;
    }
}

void vl_disguise_run(vl_disguise *d, const vl_mix *mix, const vl_sound *view, uint64_t until)
{
    const uint32_t hop = d->model->hop;
    uint64_t end = view->first_frame + view->frames;
    vl_sound fresh = vl_sound_slice(view, d->fed, end < until ? end : until);
    if (until <= d->fed) return;
    for (uint32_t c = 0; c < view->channels; c++) {
        if (!is_chosen(d, c)) continue;
        vl_mix_silence(mix, &fresh, c);
        lane l = {.view = view->planes == NULL ? *view : vl_sound_plane(view, c),
                  .offset = view->planes == NULL ? c : 0};
        run_lane(d, &l, d->channels + (size_t)c * HOPS_HELD * hop, until);
    }
    d->fill = (uint32_t)((d->fill + (until - d->fed)) % hop);
    d->fed = until;
}

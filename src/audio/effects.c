/* Beep, noise, silence and fades on blocks of a sound. */
#include "audio/effects.h"

#include <math.h>
#include <string.h>

#include "audio/pcm.h"
#include "core/samples.h"

#define CHUNK_SAMPLES 16384u /* 64 KiB of floats: checked and squared while in the second-level cache */
#define TILE_BYTES    16384u /* a tile is copied in long runs from this size on */
#define TILE_MAX      65536u
#define SCALE_S16     32767.0
#define NOISE_RUN     512u
#define TWO_PI        6.283185307179586

void vl_sine_make(vl_sine *sine)
{
    for (uint32_t i = 0; i <= VL_SINE_STEPS; i++)
        sine->values[i] = (float)sin(TWO_PI * i / VL_SINE_STEPS);
}

/* Sine at `phase` of `period` steps, by linear interpolation: 110 dB below the tone with 1,024 steps. */
static double sine_at(const vl_sine *sine, uint64_t phase, uint32_t period)
{
    double position = (double)phase * VL_SINE_STEPS / period;
    uint32_t index = (uint32_t)position;
    double part = position - index;
    return sine->values[index] + (sine->values[index + 1] - sine->values[index]) * part;
}

/* ---- Level ---- */

/* First touched stretch that ends behind `frame`. */
static uint32_t first_touched(const vl_tracks *tracks, uint64_t frame)
{
    uint32_t low = 0, high = tracks->touched_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (tracks->touched[middle].end <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void add_untouched(vl_level *level, const vl_kernels *kernels, const vl_tracks *tracks, const vl_sound *block)
{
    uint64_t at = block->first_frame, end = at + block->frames;
    for (uint32_t i = first_touched(tracks, at); at < end; i++) {
        bool has_next = i < tracks->touched_count && tracks->touched[i].start < end;
        uint64_t stop = has_next ? tracks->touched[i].start : end;
        if (stop > at) {
            size_t first = (size_t)(at - block->first_frame) * block->channels;
            level->sum += vl_pcm_sum_squares(kernels, block, first, (size_t)(stop - at) * block->channels);
            level->samples += (stop - at) * block->channels;
        }
        at = has_next ? tracks->touched[i].end : end;
    }
}

static veil_status add_interleaved(vl_level *level, const vl_kernels *kernels, const vl_tracks *tracks,
                                   const vl_sound *block, veil_error *error)
{
    uint64_t chunk_frames = CHUNK_SAMPLES / block->channels;
    if (block->format != VEIL_SAMPLE_F32) chunk_frames = block->frames;
    for (uint64_t done = 0; done < block->frames; done += chunk_frames) {
        vl_sound chunk = *block;
        chunk.samples = (char *)block->samples + done * block->channels * vl_sample_bytes(block->format);
        chunk.first_frame += done;
        chunk.frames = block->frames - done < chunk_frames ? block->frames - done : chunk_frames;
        if (!vl_pcm_are_numbers(kernels, &chunk, 0, (size_t)chunk.frames * chunk.channels)) {
            return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, chunk.first_frame,
                                "a sample is NaN or infinite within %u samples from frame %llu", CHUNK_SAMPLES,
                                (unsigned long long)chunk.first_frame);
        }
        if (tracks->count != 0) add_untouched(level, kernels, tracks, &chunk);
    }
    return VEIL_OK;
}

veil_status vl_level_add(vl_level *level, const vl_kernels *kernels, const vl_tracks *tracks, const vl_sound *block,
                         veil_error *error)
{
    if (block->planes == NULL) return add_interleaved(level, kernels, tracks, block, error);
    veil_status status = VEIL_OK;
    for (uint32_t c = 0; c < block->channels && status == VEIL_OK; c++) {
        vl_sound plane = vl_sound_plane(block, c);
        status = add_interleaved(level, kernels, tracks, &plane, error);
    }
    return status;
}

double vl_level_rms(const vl_level *level)
{
    if (level->samples == 0) return VL_LEVEL_DEFAULT;
    double rms = sqrt(level->sum / (double)level->samples);
    return rms < VL_LEVEL_MIN ? VL_LEVEL_MIN : rms > VL_LEVEL_MAX ? VL_LEVEL_MAX : rms;
}

/* ---- Ramps ---- */

/* Frames [start, start + length) times a ramp between 0 and 1, as far as they lie in the block. */
static void scale_ramp(const vl_sound *block, int32_t channel, uint64_t start, uint64_t length, bool is_rising)
{
    uint64_t from = start > block->first_frame ? start : block->first_frame;
    uint64_t block_end = block->first_frame + block->frames, end = start + length;
    uint64_t to = end < block_end ? end : block_end;
    uint32_t first_channel = channel < 0 ? 0 : (uint32_t)channel;
    uint32_t last_channel = channel < 0 ? block->channels - 1 : (uint32_t)channel;
    for (uint64_t frame = from; frame < to; frame++) {
        uint64_t step = is_rising ? frame - start + 1 : end - frame;
        double gain = (double)step / (double)(length + 1);
        size_t base = (size_t)(frame - block->first_frame) * block->channels;
        for (uint32_t c = first_channel; c <= last_channel; c++)
            vl_pcm_scale(block, base + c, gain);
    }
}

/* ---- Fills: frames [from, to) of the whole sound, which lie in the block ---- */

static size_t sample_index(const vl_sound *block, uint64_t frame)
{
    return (size_t)(frame - block->first_frame) * block->channels;
}

static void fill_silence(const vl_sound *block, int32_t channel, uint64_t from, uint64_t to)
{
    if (channel < 0) {
        vl_pcm_silence(block, sample_index(block, from), (size_t)(to - from) * block->channels);
        return;
    }
    for (uint64_t frame = from; frame < to; frame++)
        vl_pcm_silence(block, sample_index(block, frame) + (uint32_t)channel, 1);
}

static void scale_floats(const float *restrict values, uint32_t count, float gain, float *restrict out)
{
    for (uint32_t i = 0; i < count; i++) {
        float value = values[i] * gain;
        value = value > 1 ? 1 : value;
        out[i] = value < -1 ? -1 : value;
    }
}

/* `count` values of the table to every step-th sample from `index` on; peaks end at full scale. */
static void write_noise(const vl_mix *mix, const vl_sound *block, size_t index, const float *values, uint32_t count)
{
    const size_t step = block->channels;
    if (block->format == VEIL_SAMPLE_S16) {
        int16_t ready[NOISE_RUN], *samples = (int16_t *)block->samples + index;
        int16_t *out = step == 1 ? samples : ready;
        mix->kernels->f32_to_s16(values, count, (float)(mix->level * SCALE_S16), out);
        for (uint32_t i = 0; out == ready && i < count; i++)
            samples[i * step] = ready[i];
        return;
    }
    if (block->format == VEIL_SAMPLE_F32) {
        float ready[NOISE_RUN], *samples = (float *)block->samples + index;
        float *out = step == 1 ? samples : ready;
        scale_floats(values, count, (float)mix->level, out);
        for (uint32_t i = 0; out == ready && i < count; i++)
            samples[i * step] = ready[i];
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        vl_pcm_write(block, index + i * step, fmax(-1, fmin(1, values[i] * mix->level)));
}

/* Each channel has its own place in the table; a plane that of the channel it is. */
static void fill_noise(const vl_mix *mix, const vl_sound *block, int32_t channel, uint64_t from, uint64_t to)
{
    uint32_t first_channel = channel < 0 ? 0 : (uint32_t)channel;
    uint32_t last_channel = channel < 0 ? block->channels - 1 : (uint32_t)channel;
    for (uint32_t c = first_channel; c <= last_channel; c++) {
        const uint64_t shift = (uint64_t)(block->plane + c) * VL_NOISE_STRIDE;
        uint32_t run = 0;
        for (uint64_t at = from; at < to; at += run) {
            uint32_t offset = (uint32_t)((at + shift) % VL_NOISE_FRAMES);
            run = VL_NOISE_FRAMES - offset < NOISE_RUN ? VL_NOISE_FRAMES - offset : NOISE_RUN;
            if (run > to - at) run = (uint32_t)(to - at);
            write_noise(mix, block, sample_index(block, at) + c, mix->noise + offset, run);
        }
    }
}

static void copy_tile(const vl_mix *mix, const vl_sound *block, uint64_t from, uint64_t to)
{
    size_t frame_bytes = block->channels * vl_sample_bytes(block->format);
    char *out = (char *)block->samples + (from - block->first_frame) * frame_bytes;
    uint64_t offset = from % mix->tile_frames;
    while (from < to) {
        uint64_t run = mix->tile_frames - offset;
        if (run > to - from) run = to - from;
        memcpy(out, (const char *)mix->tile + offset * frame_bytes, run * frame_bytes);
        out += run * frame_bytes;
        from += run;
        offset = 0;
    }
}

/* The phase comes from the frame's number in the whole sound, so the tone goes on from span to span and block to block. */
static void fill_beep(const vl_mix *mix, const vl_sound *block, int32_t channel, uint64_t from, uint64_t to)
{
    if (mix->tile != NULL && channel < 0 && mix->tile_channels == block->channels) {
        copy_tile(mix, block, from, to);
        return;
    }
    double amplitude = fmin(mix->level * sqrt(2.0), 1);
    uint32_t first_channel = channel < 0 ? 0 : (uint32_t)channel;
    uint32_t last_channel = channel < 0 ? block->channels - 1 : (uint32_t)channel;
    uint64_t phase = from % block->rate_hz * VL_BEEP_HZ % block->rate_hz;
    for (uint64_t frame = from; frame < to; frame++) {
        double value = sine_at(mix->sine, phase, block->rate_hz) * amplitude;
        size_t base = sample_index(block, frame);
        for (uint32_t c = first_channel; c <= last_channel; c++)
            vl_pcm_write(block, base + c, value);
        phase += VL_BEEP_HZ;
        if (phase >= block->rate_hz) phase -= block->rate_hz;
    }
}

/* ---- Mix ---- */

static uint32_t greatest_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Whether a segment has this effect. A tile serves tracks of all channels, and planes. */
static bool has_effect(const vl_tracks *tracks, uint32_t effect, bool in_any_track)
{
    for (uint32_t i = 0; i < tracks->count; i++) {
        for (uint32_t k = 0; (in_any_track || tracks->items[i].channel < 0) && k < tracks->items[i].count; k++) {
            if (tracks->items[i].segments[k].effect == effect) return true;
        }
    }
    return false;
}

static veil_status make_noise(const vl_fills *fills, uint32_t rate_hz, vl_audio_work *work, vl_mix *out)
{
    out->noise = vl_noises_find(&fills->noises, rate_hz);
    if (out->noise != NULL) return VEIL_OK;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, VL_NOISE_FRAMES, sizeof(float), &memory);
    if (status != VEIL_OK) return status;
    vl_noise_make(out->kernels, rate_hz, memory);
    out->noise = memory;
    return VEIL_OK;
}

static veil_status make_tile(const vl_sound *sound, vl_audio_work *work, vl_mix *out)
{
    uint32_t period = sound->rate_hz / greatest_divisor(sound->rate_hz, VL_BEEP_HZ);
    const bool is_planar = sound->planes != NULL;
    vl_sound tile = *sound;
    if (is_planar) tile.channels = 1;
    size_t frame_bytes = tile.channels * vl_sample_bytes(sound->format);
    if (period * frame_bytes > TILE_MAX) return VEIL_OK;
    uint32_t periods = (uint32_t)(TILE_BYTES / (period * frame_bytes)) + 1;
    uint64_t most = sound->total_frames / period + 1; /* a packet of 20 ms needs no tile of half a second */
    if (periods > most) periods = (uint32_t)most;
    uint32_t frames = period * periods;
    veil_status status = vl_audio_work_alloc(work, frames, frame_bytes, &out->tile);
    if (status != VEIL_OK) return status;
    tile.planes = NULL;
    tile.samples = out->tile;
    tile.first_frame = 0;
    tile.frames = period;
    vl_mix maker = *out;
    maker.tile = NULL;
    fill_beep(&maker, &tile, -1, 0, period);
    for (uint32_t i = 1; i < periods; i++) {
        memcpy((char *)out->tile + i * period * frame_bytes, out->tile, period * frame_bytes);
    }
    out->tile_frames = frames;
    out->tile_channels = tile.channels;
    return VEIL_OK;
}

veil_status vl_mix_make(const vl_tracks *tracks, const vl_kernels *kernels, const vl_fills *fills, double level,
                        const vl_sound *sound, vl_audio_work *work, vl_mix *out)
{
    *out = (vl_mix){.tracks = tracks, .kernels = kernels, .sine = &fills->sine, .level = level};
    veil_status status = VEIL_OK;
    if (has_effect(tracks, VEIL_EFFECT_NOISE, true)) status = make_noise(fills, sound->rate_hz, work, out);
    if (status == VEIL_OK && has_effect(tracks, VEIL_EFFECT_BEEP, sound->planes != NULL))
        status = make_tile(sound, work, out);
    return status;
}

static void apply_segment(const vl_mix *mix, const vl_sound *block, int32_t channel, const vl_segment *segment)
{
    uint64_t block_end = block->first_frame + block->frames, fade = mix->tracks->fade_frames;
    uint64_t from = segment->start > block->first_frame ? segment->start : block->first_frame;
    uint64_t to = segment->end < block_end ? segment->end : block_end;
    const uint32_t effect = mix->only_silence ? VEIL_EFFECT_SILENCE : segment->effect;
    if (from < to) {
        if (effect == VEIL_EFFECT_BEEP) {
            fill_beep(mix, block, channel, from, to);
        } else if (effect == VEIL_EFFECT_NOISE) {
            fill_noise(mix, block, channel, from, to);
        } else {
            fill_silence(block, channel, from, to);
        }
        /* What is put in swells and ends within the segment, so that its own edges make no click either. */
        uint64_t length = segment->end - segment->start, ramp = fade < length / 2 ? fade : length / 2;
        if (effect != VEIL_EFFECT_SILENCE) {
            scale_ramp(block, channel, segment->start, ramp, true);
            scale_ramp(block, channel, segment->end - ramp, ramp, false);
        }
    }
    if (segment->starts_run) {
        uint64_t start = segment->start > fade ? segment->start - fade : 0;
        scale_ramp(block, channel, start, segment->start - start, false);
    }
    if (segment->ends_run) scale_ramp(block, channel, segment->end, fade, true);
}

static void apply_track(const vl_mix *mix, const vl_sound *block, const vl_track *track)
{
    uint64_t block_end = block->first_frame + block->frames, fade = mix->tracks->fade_frames;
    uint32_t low = 0, high = track->count; /* first segment whose fade reaches into the block */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (track->segments[middle].end + fade <= block->first_frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (uint32_t i = low; i < track->count; i++) {
        if (track->segments[i].start > block_end + fade) return;
        apply_segment(mix, block, track->channel, &track->segments[i]);
    }
}

void vl_mix_apply(const vl_mix *mix, const vl_sound *block)
{
    for (uint32_t i = 0; i < mix->tracks->count; i++) {
        vl_track track = mix->tracks->items[i];
        if (block->planes == NULL) {
            apply_track(mix, block, &track);
            continue;
        }
        uint32_t first = track.channel < 0 ? 0 : (uint32_t)track.channel;
        uint32_t last = track.channel < 0 ? block->channels - 1 : (uint32_t)track.channel;
        track.channel = -1; /* all of the plane */
        for (uint32_t c = first; c <= last; c++) {
            vl_sound plane = vl_sound_plane(block, c);
            apply_track(mix, &plane, &track);
        }
    }
}

void vl_mix_silence(const vl_mix *mix, const vl_sound *block, uint32_t channel)
{
    vl_mix silent = *mix;
    silent.only_silence = true;
    vl_sound view = block->planes == NULL ? *block : vl_sound_plane(block, channel);
    for (uint32_t i = 0; i < mix->tracks->count && block->frames != 0; i++) {
        vl_track track = mix->tracks->items[i];
        if (track.channel >= 0 && track.channel != (int32_t)channel) continue;
        track.channel = view.channels == 1 ? -1 : (int32_t)channel;
        apply_track(&silent, &view, &track);
    }
}

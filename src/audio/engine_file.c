/*
 * Calls on sound files in memory. The file is decoded up to three times, block by block: for tones (where they are looked
 * for), for the level (only where an effect needs one), to replace and encode. No more than a block is held, whatever the
 * file's length.
 */
#include <string.h>

#include "audio/codec.h"
#include "audio/disguise.h"
#include "audio/engine_impl.h"

#define BLOCK_BYTES 65536u

typedef struct file_call {
    vl_audio_call call;
    vl_container container;
    const void *input;
    vl_sound block; /* buffer and shape */
    uint64_t block_frames;
    vl_source source;
    vl_decoder heard; /* open while the source is */
} file_call;

veil_status vl_audio_encoded_bound(const vl_audio_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error)
{
    vl_container container;
    *bound_bytes = 0;
    veil_status status = vl_container_read(input, input_bytes, &engine->limits, &container, error);
    if (status == VEIL_OK) *bound_bytes = container.bound_bytes;
    return status;
}

static veil_status reserve_block(file_call *f)
{
    if (f->block.samples != NULL) return VEIL_OK;
    size_t frame_bytes = f->container.sound.channels * vl_sample_bytes(f->container.sound.format);
    f->block = f->container.sound;
    f->block_frames = BLOCK_BYTES / frame_bytes + 1;
    veil_status status = vl_audio_work_alloc(f->call.work, (size_t)f->block_frames, frame_bytes, &f->block.samples);
    return status == VEIL_OK ? status : vl_error_set(f->call.error, status, 0, "no buffer for a block of samples");
}

/* Read the next block; frames is 0 at the end. */
static veil_status next_block(file_call *f, vl_decoder *decoder)
{
    uint64_t left = f->block.total_frames - decoder->next_frame;
    f->block.first_frame = decoder->next_frame;
    f->block.frames = left < f->block_frames ? left : f->block_frames;
    if (f->block.frames == 0) return VEIL_OK;
    veil_status status = vl_audio_call_check_time(&f->call, "the sound was read");
    return status == VEIL_OK ? vl_decoder_read(decoder, &f->block, f->call.error) : status;
}

/* ---- The file as a source ---- */

static veil_status file_open(void *self, veil_error *error)
{
    file_call *f = self;
    veil_status status = reserve_block(f);
    return status == VEIL_OK ? vl_decoder_open(&f->heard, &f->container, f->input, error) : status;
}

static veil_status file_next(void *self, vl_sound *block, veil_error *error)
{
    file_call *f = self;
    (void)error; /* the call's own */
    veil_status status = next_block(f, &f->heard);
    *block = f->block;
    return status;
}

static void file_close(void *self)
{
    vl_decoder_close(&((file_call *)self)->heard);
}

/* One pass over the sound for what can be heard in it. */
static veil_status listen(file_call *f)
{
    vl_decoder decoder;
    veil_status status = vl_decoder_open(&decoder, &f->container, f->input, f->call.error);
    if (status != VEIL_OK) return status;
    do {
        status = next_block(f, &decoder);
        if (status == VEIL_OK && f->block.frames != 0) status = vl_audio_call_listen(&f->call, &f->block);
    } while (status == VEIL_OK && f->block.frames != 0);
    vl_decoder_close(&decoder);
    return status;
}

static veil_status find_all(file_call *f, size_t input_bytes)
{
    f->source = (vl_source){.open = file_open, .next = file_next, .close = file_close, .self = f};
    f->call.source = &f->source;
    veil_status status =
        vl_container_read(f->input, input_bytes, &f->call.engine->limits, &f->container, f->call.error);
    f->call.sound = f->container.sound;
    if (status == VEIL_OK) status = vl_audio_call_begin(&f->call);
    f->call.plan.guard_s += f->container.widen_s;
    if (status == VEIL_OK) status = reserve_block(f);
    if (status == VEIL_OK && vl_audio_call_listens(&f->call)) status = listen(f);
    return status == VEIL_OK ? vl_audio_call_lay_out(&f->call) : status;
}

veil_status vl_audio_scan_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                  size_t input_bytes, veil_audio_result *result, veil_error *error)
{
    file_call f = {.call = {.engine = engine, .options = options, .error = error}, .input = input};
    veil_status status = find_all(&f, input_bytes);
    if (status == VEIL_OK) status = vl_audio_call_publish(&f.call, true, result);
    vl_audio_call_end(&f.call);
    return status;
}

static bool needs_level(const vl_tracks *tracks)
{
    for (uint32_t i = 0; i < tracks->count; i++) {
        for (uint32_t k = 0; k < tracks->items[i].count; k++) {
            if (tracks->items[i].segments[k].effect != VEIL_EFFECT_SILENCE) return true;
        }
    }
    return false;
}

static veil_status measure(file_call *f, vl_level *level)
{
    *level = (vl_level){0};
    if (f->call.plan.level > 0 || !needs_level(&f->call.tracks)) return VEIL_OK;
    vl_decoder decoder;
    veil_status status = vl_decoder_open(&decoder, &f->container, f->input, f->call.error);
    if (status != VEIL_OK) return status;
    do {
        status = next_block(f, &decoder);
        if (status == VEIL_OK) {
            status = vl_level_add(level, f->call.engine->kernels, &f->call.tracks, &f->block, f->call.error);
        }
    } while (status == VEIL_OK && f->block.frames != 0);
    vl_decoder_close(&decoder);
    return status;
}

static veil_status check_numbers(file_call *f)
{
    static const vl_tracks no_tracks;
    vl_level unused = {0}; /* no tracks: only the check that floats are numbers */
    return vl_level_add(&unused, f->call.engine->kernels, &no_tracks, &f->block, f->call.error);
}

static veil_status convert_blocks(file_call *f, const vl_mix *mix, vl_decoder *decoder, vl_encoder *encoder)
{
    for (;;) {
        veil_status status = next_block(f, decoder);
        if (status != VEIL_OK || f->block.frames == 0) return status;
        status = check_numbers(f);
        if (status != VEIL_OK) return status;
        vl_mix_apply(mix, &f->block);
        status = vl_encoder_write(encoder, &f->block, f->call.error);
        if (status != VEIL_OK) return status;
    }
}

/* Frames on their way through the disguise stay in front of the block that comes next. `wide` has room for both. */
static veil_status disguise_blocks(file_call *f, const vl_mix *mix, vl_disguise *d, char *wide, vl_decoder *decoder,
                                   vl_encoder *encoder)
{
    const size_t frame_bytes = f->block.channels * vl_sample_bytes(f->block.format);
    uint64_t held = 0;
    do {
        f->block.samples = wide + held * frame_bytes;
        veil_status status = next_block(f, decoder);
        if (status == VEIL_OK && f->block.frames != 0) status = check_numbers(f);
        if (status != VEIL_OK) return status;
        vl_sound view = f->block;
        view.samples = wide;
        view.first_frame -= held;
        view.frames += held;
        const uint64_t end = view.first_frame + view.frames, until = f->block.frames == 0 ? end + d->delay : end;
        vl_disguise_run(d, mix, &view, until);
        vl_sound done = vl_sound_slice(&view, view.first_frame, until > d->delay ? until - d->delay : 0);
        if (done.frames != 0) vl_mix_apply(mix, &done);
        if (done.frames != 0) status = vl_encoder_write(encoder, &done, f->call.error);
        if (status != VEIL_OK) return status;
        held = view.frames - done.frames;
        memmove(wide, wide + done.frames * frame_bytes, held * frame_bytes);
    } while (f->block.frames != 0);
    return VEIL_OK;
}

static veil_status convert_disguised(file_call *f, const vl_mix *mix, vl_decoder *decoder, vl_encoder *encoder)
{
    vl_disguise d;
    void *wide = NULL, *narrow = f->block.samples;
    const size_t frame_bytes = f->block.channels * vl_sample_bytes(f->block.format);
    const uint64_t frames = f->block_frames + vl_disguise_delay(f->block.rate_hz);
    veil_status status = vl_audio_work_alloc(f->call.work, (size_t)frames, frame_bytes, &wide);
    if (status == VEIL_OK)
        status = vl_disguise_make(f->block.rate_hz, f->block.channels, f->call.plan.disguised, f->call.work, &d);
    if (status != VEIL_OK) return vl_error_set(f->call.error, status, 0, "no buffer for the disguise");
    status = disguise_blocks(f, mix, &d, wide, decoder, encoder);
    f->block.samples = narrow;
    return status;
}

/* A lossy encoder that gave another length than it was given would shift every time behind it. */
static veil_status check_length(file_call *f, const void *out, size_t size)
{
    if (!vl_container_is_coded(f->container.kind)) return VEIL_OK;
    vl_container again = {.kind = f->container.kind, .body_bytes = size};
    veil_status status = vl_codec_probe(out, &again, f->call.error);
    if (status == VEIL_OK && again.sound.total_frames == f->container.sound.total_frames) return VEIL_OK;
    return vl_error_set(f->call.error, VEIL_ERR_INTERNAL, 0, "the encoder changed the length to %llu frames",
                        (unsigned long long)again.sound.total_frames);
}

static veil_status convert(file_call *f, const vl_level *level, void *out, size_t capacity, size_t *needed)
{
    vl_decoder decoder = {0};
    vl_encoder encoder = {0};
    vl_mix mix;
    const vl_audio_engine *engine = f->call.engine;
    veil_status status =
        vl_mix_make(&f->call.tracks, engine->kernels, &engine->fills,
                    f->call.plan.level > 0 ? f->call.plan.level : vl_level_rms(level), &f->block, f->call.work, &mix);
    if (status != VEIL_OK) return vl_error_set(f->call.error, status, 0, "no buffer for the effect");
    status = vl_decoder_open(&decoder, &f->container, f->input, f->call.error);
    if (status == VEIL_OK) status = vl_encoder_open(&encoder, &decoder, out, capacity, f->call.error);
    if (status == VEIL_OK)
        status = f->call.plan.disguises ? convert_disguised(f, &mix, &decoder, &encoder)
                                        : convert_blocks(f, &mix, &decoder, &encoder);
    if (status == VEIL_OK) status = vl_encoder_finish(&encoder, needed, f->call.error);
    vl_encoder_close(&encoder);
    vl_decoder_close(&decoder);
    return status == VEIL_OK && *needed <= capacity ? check_length(f, out, *needed) : status;
}

veil_status vl_audio_redact_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_audio_result *result, veil_error *error)
{
    file_call f = {.call = {.engine = engine, .options = options, .error = error, .redacts = true}, .input = input};
    vl_level level;
    size_t needed = 0;
    *out_bytes = 0;
    veil_status status = find_all(&f, input_bytes);
    if (status == VEIL_OK) status = measure(&f, &level);
    if (status == VEIL_OK) status = convert(&f, &level, out, out_capacity, &needed);
    if (status == VEIL_OK && needed > out_capacity) {
        status = vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "the output takes %zu bytes, room for %zu", needed,
                              out_capacity);
    }
    if (status == VEIL_OK) status = vl_audio_call_publish(&f.call, false, result);
    if (status == VEIL_OK || status == VEIL_ERR_BUFFER_TOO_SMALL) *out_bytes = needed;
    if (status != VEIL_OK && out_capacity != 0) memset(out, 0, out_capacity);
    vl_audio_call_end(&f.call);
    return status;
}

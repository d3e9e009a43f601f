/* libsndfile on memory. Its global error state (sf_error(NULL)) is shared between threads, so it is never read. */
#include "audio/codec.h"

#include <stdbool.h>
#include <string.h>

#define CHANNELS_MAPPED 64
#define CODED_LEVEL     0.2 /* of 0 (best) to 1 (smallest): what is coded again should not lose much more */

static sf_count_t memory_length(void *user)
{
    return (sf_count_t)((const vl_memory_file *)user)->size;
}

static sf_count_t memory_seek(sf_count_t offset, int whence, void *user)
{
    vl_memory_file *file = user;
    sf_count_t base = 0;
    if (whence == SEEK_CUR) base = (sf_count_t)file->position;
    if (whence == SEEK_END) base = (sf_count_t)file->size;
    sf_count_t target = 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
    file->position = (size_t)target;
    return target;
}

/* Copies from the head or from the body, whichever the position is in. */
static size_t read_part(vl_memory_file *file, char *out, size_t count)
{
    size_t head_bytes = file->container->head_bytes;
    bool in_head = file->position < head_bytes;
    const uint8_t *from = in_head ? file->container->head + file->position : file->body + file->position - head_bytes;
    size_t left = (in_head ? head_bytes : file->size) - file->position;
    size_t n = left < count ? left : count;
    memcpy(out, from, n);
    file->position += n;
    return n;
}

static sf_count_t memory_read(void *out, sf_count_t count, void *user)
{
    vl_memory_file *file = user;
    size_t done = 0;
    if (file->container == NULL) return 0;
    while (count > 0 && done < (size_t)count && file->position < file->size)
        done += read_part(file, (char *)out + done, (size_t)count - done);
    return (sf_count_t)done;
}

static sf_count_t memory_write(const void *bytes, sf_count_t count, void *user)
{
    vl_memory_file *file = user;
    size_t end = 0;
    if (count <= 0 || file->container != NULL) return 0;
    if (__builtin_add_overflow(file->position, (size_t)count, &end)) return 0;
    if (file->position < file->capacity) {
        size_t room = file->capacity - file->position;
        memcpy(file->out + file->position, bytes, room < (size_t)count ? room : (size_t)count);
    }
    file->position = end;
    if (end > file->size) file->size = end;
    return count;
}

static sf_count_t memory_tell(void *user)
{
    return (sf_count_t)((const vl_memory_file *)user)->position;
}

static SF_VIRTUAL_IO memory_io = {memory_length, memory_seek, memory_read, memory_write, memory_tell};

static bool is_of_kind(int format, vl_container_kind kind)
{
    int type = format & SF_FORMAT_TYPEMASK, sub = format & SF_FORMAT_SUBMASK;
    switch (kind) {
    case VL_CONTAINER_FLAC:
        return type == SF_FORMAT_FLAC;
    case VL_CONTAINER_VORBIS:
        return type == SF_FORMAT_OGG && sub == SF_FORMAT_VORBIS;
    case VL_CONTAINER_OPUS:
        return type == SF_FORMAT_OGG && sub == SF_FORMAT_OPUS;
    case VL_CONTAINER_MP3:
        return type == SF_FORMAT_MPEG && sub == SF_FORMAT_MPEG_LAYER_III;
    default:
        return type == SF_FORMAT_WAV || type == SF_FORMAT_WAVEX;
    }
}

static bool is_expected(const vl_decoder *decoder)
{
    const vl_sound *sound = &decoder->container->sound;
    const SF_INFO *info = &decoder->info;
    bool is_kind = is_of_kind(info->format, decoder->container->kind);
    return is_kind && info->frames >= 0 && (uint64_t)info->frames == sound->total_frames &&
           info->channels == (int)sound->channels && info->samplerate == (int)sound->rate_hz;
}

veil_status vl_codec_probe(const void *input, vl_container *container, veil_error *error)
{
    vl_decoder probe = {.memory = {.container = container,
                                   .body = (const uint8_t *)input + container->body_at,
                                   .size = container->body_bytes}};
    probe.file = sf_open_virtual(&memory_io, SFM_READ, &probe.info, &probe.memory);
    if (probe.file == NULL) return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "libsndfile refuses the file");
    SF_INFO info = probe.info;
    vl_decoder_close(&probe);
    bool is_usable = is_of_kind(info.format, container->kind) && info.frames > 0 && info.frames < SF_COUNT_MAX &&
                     info.channels > 0 && info.samplerate > 0;
    if (!is_usable) return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "the file has no length or shape");
    container->sound = (vl_sound){.total_frames = (uint64_t)info.frames,
                                  .rate_hz = (uint32_t)info.samplerate,
                                  .channels = (uint32_t)info.channels,
                                  .format = VEIL_SAMPLE_F32};
    return VEIL_OK;
}

veil_status vl_decoder_open(vl_decoder *decoder, const vl_container *container, const void *input, veil_error *error)
{
    *decoder = (vl_decoder){.memory = {.container = container,
                                       .body = (const uint8_t *)input + container->body_at,
                                       .size = container->head_bytes + container->body_bytes},
                            .container = container};
    decoder->file = sf_open_virtual(&memory_io, SFM_READ, &decoder->info, &decoder->memory);
    if (decoder->file == NULL) return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "libsndfile refuses the file");
    if (is_expected(decoder)) return VEIL_OK;
    vl_decoder_close(decoder);
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "the file's shape is not what its header says");
}

veil_status vl_decoder_read(vl_decoder *decoder, vl_sound *block, veil_error *error)
{
    sf_count_t want = (sf_count_t)block->frames, got = 0;
    if (block->format == VEIL_SAMPLE_S16) {
        got = sf_readf_short(decoder->file, block->samples, want);
    } else if (block->format == VEIL_SAMPLE_F32) {
        got = sf_readf_float(decoder->file, block->samples, want);
    } else {
        got = sf_readf_int(decoder->file, block->samples, want);
    }
    bool is_damaged = sf_error(decoder->file) != SF_ERR_NO_ERROR;
    decoder->next_frame += got > 0 ? (uint64_t)got : 0;
    if (got == want && !is_damaged) return VEIL_OK;
    size_t position = decoder->memory.position;
    size_t head_bytes = decoder->container->head_bytes;
    if (position >= head_bytes) position = position - head_bytes + decoder->container->body_at;
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, position, "the sound is damaged or ends at frame %llu of %llu",
                        (unsigned long long)decoder->next_frame,
                        (unsigned long long)decoder->container->sound.total_frames);
}

void vl_decoder_close(vl_decoder *decoder)
{
    if (decoder->file != NULL) sf_close(decoder->file);
    decoder->file = NULL;
}

veil_status vl_encoder_open(vl_encoder *encoder, const vl_decoder *decoder, void *out, size_t capacity,
                            veil_error *error)
{
    *encoder =
        (vl_encoder){.memory = {.out = out, .capacity = capacity}, .sample_format = decoder->container->sound.format};
    SF_INFO info = {.samplerate = decoder->info.samplerate,
                    .channels = decoder->info.channels,
                    .format = decoder->info.format & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK)};
    encoder->file = sf_open_virtual(&memory_io, SFM_WRITE, &info, &encoder->memory);
    if (encoder->file == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "libsndfile cannot make a writer");
    double level = CODED_LEVEL;
    if (vl_container_is_coded(decoder->container->kind))
        sf_command(encoder->file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    /* The PEAK chunk would carry the time of writing, and nobody asked for it. */
    sf_command(encoder->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    int map[CHANNELS_MAPPED];
    int map_bytes = info.channels * (int)sizeof(int);
    bool has_map = info.channels <= CHANNELS_MAPPED && (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAVEX &&
                   sf_command(decoder->file, SFC_GET_CHANNEL_MAP_INFO, map, map_bytes) == SF_TRUE;
    if (has_map) sf_command(encoder->file, SFC_SET_CHANNEL_MAP_INFO, map, map_bytes);
    return VEIL_OK;
}

veil_status vl_encoder_write(vl_encoder *encoder, const vl_sound *block, veil_error *error)
{
    sf_count_t want = (sf_count_t)block->frames, done = 0;
    if (encoder->sample_format == VEIL_SAMPLE_S16) {
        done = sf_writef_short(encoder->file, block->samples, want);
    } else if (encoder->sample_format == VEIL_SAMPLE_F32) {
        done = sf_writef_float(encoder->file, block->samples, want);
    } else {
        done = sf_writef_int(encoder->file, block->samples, want);
    }
    if (done == want && sf_error(encoder->file) == SF_ERR_NO_ERROR) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "libsndfile wrote %lld of %lld frames", (long long)done,
                        (long long)want);
}

veil_status vl_encoder_finish(vl_encoder *encoder, size_t *size_bytes, veil_error *error)
{
    int failed = sf_close(encoder->file);
    encoder->file = NULL;
    *size_bytes = encoder->memory.size;
    return failed == 0 ? VEIL_OK : vl_error_set(error, VEIL_ERR_INTERNAL, 0, "libsndfile cannot complete the file");
}

void vl_encoder_close(vl_encoder *encoder)
{
    if (encoder->file != NULL) sf_close(encoder->file);
    encoder->file = NULL;
}

/*
 * WAV (RIFF WAVE, Microsoft's Multimedia Programming Interface 1.0 and the WAVE_FORMAT_EXTENSIBLE note) and FLAC (RFC 9639)
 * headers, and the names of what else may come.
 */
#include "audio/container.h"

#include <string.h>

enum { WAVE_PCM = 1, WAVE_FLOAT = 3, WAVE_ALAW = 6, WAVE_MULAW = 7, WAVE_EXTENSIBLE = 0xFFFE };

#define CHUNK_HEAD       8u
#define RIFF_HEAD        12u
#define FMT_MIN          16u
#define DS64_MIN         28u
#define FMT_EXTENSIBLE   40u
#define WAV_HEADER_MAX   256u /* libsndfile writes at most RIFF, an extensible fmt, fact and data heads: 80 bytes */
#define STREAM_MAX       (UINT32_MAX - WAV_HEADER_MAX)
#define FLAC_HEADER_MAX  16384u /* STREAMINFO, vendor comment, padding */
#define FLAC_BLOCK_LEAST 1024u  /* libFLAC's presets take 1,152 samples and more a frame */
#define FLAC_FRAME_HEAD  32u    /* frame header and CRCs are at most 18 bytes */

typedef struct reader {
    const uint8_t *bytes;
    size_t size;
    const vl_sound_limits *limits;
    vl_container *out;
    veil_error *error;
} reader;

static uint32_t read_le(const uint8_t *p, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = bytes; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

static uint64_t read_be(const uint8_t *p, uint32_t bytes)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

static bool has_tag(const reader *r, size_t at, const char *tag)
{
    size_t n = strlen(tag);
    return at <= r->size && r->size - at >= n && memcmp(r->bytes + at, tag, n) == 0;
}

static veil_status malformed(const reader *r, size_t at, const char *what)
{
    return vl_error_set(r->error, VEIL_ERR_MALFORMED_INPUT, at, "%s", what);
}

static veil_status unsupported(const reader *r, const char *what)
{
    return vl_error_set(r->error, VEIL_ERR_UNSUPPORTED, 0, "%s is not supported in this version", what);
}

/* Rate and channels from a file are the file's fault, not the caller's. */
static veil_status set_shape(const reader *r, uint32_t rate_hz, uint32_t channels, uint64_t frames, uint32_t format)
{
    if (rate_hz == 0 || channels == 0) return malformed(r, 0, "the header gives no sample rate or no channels");
    if (rate_hz < VL_RATE_MIN || rate_hz > VL_RATE_MAX) {
        return vl_error_set(r->error, VEIL_ERR_UNSUPPORTED, 0, "sample rate %u Hz is not within %u to %u", rate_hz,
                            VL_RATE_MIN, VL_RATE_MAX);
    }
    r->out->sound = (vl_sound){.total_frames = frames, .rate_hz = rate_hz, .channels = channels, .format = format};
    return vl_sound_check_shape(rate_hz, channels, frames, format, r->limits, r->error);
}

/* ---- WAV ---- */

typedef struct wave {
    const uint8_t *fmt;
    uint32_t fmt_bytes;
    bool has_data;
    size_t data_at;
    uint32_t data_bytes;
    bool is_large; /* RF64: sizes that are all ones stand in the ds64 chunk */
    uint64_t large_data_bytes;
    bool is_streamed; /* the writer did not know the sizes, and could not go back to fill them in */
} wave;

/* What writers to a pipe leave where a size belongs: ffmpeg all ones, others nothing. */
static bool is_unknown(uint32_t size)
{
    return size == 0 || size == UINT32_MAX;
}

/* Size of the chunk at `at`. Data of a streamed file goes on to its end. */
static veil_status wave_chunk_size(const reader *r, size_t at, const wave *w, uint32_t *size)
{
    size_t left = r->size - at - CHUNK_HEAD;
    *size = read_le(r->bytes + at + 4, 4);
    if (w->is_large && *size == UINT32_MAX && has_tag(r, at, "data")) {
        if (w->large_data_bytes > STREAM_MAX) return unsupported(r, "WAV of more than 4 GiB");
        *size = (uint32_t)w->large_data_bytes;
    }
    if (w->is_streamed && has_tag(r, at, "data")) {
        if (!is_unknown(*size)) return malformed(r, at, "WAV: the data has a size, but the file around it has none");
        if (left > STREAM_MAX) return unsupported(r, "WAV of more than 4 GiB");
        *size = (uint32_t)left;
    }
    return *size > left ? malformed(r, at, "WAV: a chunk is longer than the file") : VEIL_OK;
}

static veil_status wave_chunk(const reader *r, size_t at, uint32_t size, wave *w)
{
    if (has_tag(r, at, "fmt ")) {
        if (w->fmt != NULL) return malformed(r, at, "WAV: two fmt chunks");
        w->fmt = r->bytes + at + CHUNK_HEAD;
        w->fmt_bytes = size;
    } else if (has_tag(r, at, "data")) {
        if (w->fmt == NULL) return malformed(r, at, "WAV: data before fmt");
        if (w->has_data) return malformed(r, at, "WAV: several data chunks");
        w->has_data = true;
        w->data_at = at + CHUNK_HEAD;
        w->data_bytes = size;
    } else if (has_tag(r, at, "wavl") || (has_tag(r, at, "LIST") && has_tag(r, at + CHUNK_HEAD, "wavl"))) {
        return malformed(r, at, "WAV: a list of data chunks");
    }
    return VEIL_OK;
}

static uint64_t read_le64(const uint8_t *p)
{
    return (uint64_t)read_le(p + 4, 4) << 32 | read_le(p, 4);
}

/* RF64: ds64 is the first chunk, with the sizes of RIFF and data in 64 bits. */
static veil_status wave_large(const reader *r, wave *w, uint64_t *riff_end)
{
    w->is_large = !has_tag(r, 0, "RIFF");
    if (!w->is_large) return VEIL_OK;
    bool is_whole = has_tag(r, RIFF_HEAD, "ds64") && r->size - RIFF_HEAD >= CHUNK_HEAD + DS64_MIN &&
                    read_le(r->bytes + RIFF_HEAD + 4, 4) >= DS64_MIN;
    if (!is_whole) return malformed(r, RIFF_HEAD, "RF64: no ds64 chunk");
    const uint8_t *ds64 = r->bytes + RIFF_HEAD + CHUNK_HEAD;
    w->large_data_bytes = read_le64(ds64 + 8);
    if (read_le(r->bytes + 4, 4) != UINT32_MAX) return VEIL_OK;
    if (read_le64(ds64) > SIZE_MAX / 2) return malformed(r, RIFF_HEAD, "RF64: the file ends before its size");
    *riff_end = read_le64(ds64) + CHUNK_HEAD;
    return VEIL_OK;
}

static veil_status wave_walk(reader *r, wave *w)
{
    uint64_t riff_end = (uint64_t)read_le(r->bytes + 4, 4) + CHUNK_HEAD;
    veil_status large = wave_large(r, w, &riff_end);
    if (large != VEIL_OK) return large;
    w->is_streamed = !w->is_large && is_unknown(read_le(r->bytes + 4, 4));
    if (w->is_streamed) riff_end = r->size;
    if (riff_end > r->size) {
        /* One pad byte at the very end is often left out. */
        if (riff_end - r->size > 1) return malformed(r, r->size, "WAV: the file ends before its RIFF size");
        riff_end = r->size;
    }
    if (riff_end < RIFF_HEAD) return malformed(r, 4, "WAV: the RIFF size is too small");
    r->size = (size_t)riff_end;
    size_t at = RIFF_HEAD;
    while (r->size - at >= CHUNK_HEAD) {
        uint32_t size;
        veil_status status = wave_chunk_size(r, at, w, &size);
        if (status == VEIL_OK) status = wave_chunk(r, at, size, w);
        if (status != VEIL_OK) return status;
        at += CHUNK_HEAD + size;
        if ((size & 1) != 0 && at < r->size) at++;
    }
    if (w->fmt == NULL || w->fmt_bytes < FMT_MIN) return malformed(r, at, "WAV: no usable fmt chunk");
    if (!w->has_data) return malformed(r, at, "WAV: no data chunk");
    return VEIL_OK;
}

/* The view that keeps every bit, and bits a sample; 0 for types that would not survive. */
static uint32_t wave_format(uint32_t type, uint32_t bits)
{
    if (type == WAVE_PCM && (bits == 8 || bits == 16)) return VEIL_SAMPLE_S16;
    if (type == WAVE_PCM && (bits == 24 || bits == 32)) return VEIL_SAMPLE_S32;
    if ((type == WAVE_ALAW || type == WAVE_MULAW) && bits == 8) return VEIL_SAMPLE_S16;
    if (type == WAVE_FLOAT && bits == 32) return VEIL_SAMPLE_F32;
    return 0;
}

static uint8_t *put_chunk(uint8_t *at, const char *tag, uint32_t size)
{
    memcpy(at, tag, 4);
    for (uint32_t i = 0; i < 4; i++)
        at[4 + i] = (uint8_t)(size >> 8 * i);
    return at + CHUNK_HEAD;
}

/* RIFF, the standard's part of fmt, data; a pad byte at the end may be missing. */
static void present_wave(reader *r, const wave *w, uint32_t fmt_bytes)
{
    uint32_t rest = 4 + CHUNK_HEAD + fmt_bytes + CHUNK_HEAD;
    uint8_t *at = put_chunk(r->out->head, "RIFF", w->data_bytes + rest); /* no longer than the input's own RIFF */
    memcpy(at, "WAVE", 4);
    at = put_chunk(at + 4, "fmt ", fmt_bytes);
    memcpy(at, w->fmt, fmt_bytes);
    at = put_chunk(at + fmt_bytes, "data", w->data_bytes);
    r->out->head_bytes = (uint32_t)(at - r->out->head);
    r->out->body_at = w->data_at;
    r->out->body_bytes = w->data_bytes;
}

static veil_status read_wave(reader *r)
{
    wave w = {0};
    veil_status status = wave_walk(r, &w);
    if (status != VEIL_OK) return status;
    uint32_t type = read_le(w.fmt, 2), channels = read_le(w.fmt + 2, 2), rate_hz = read_le(w.fmt + 4, 4);
    uint32_t block_bytes = read_le(w.fmt + 12, 2), bits = read_le(w.fmt + 14, 2);
    if (w.is_streamed && block_bytes > 0) w.data_bytes -= w.data_bytes % block_bytes; /* whoever wrote was cut off */
    if (type == WAVE_EXTENSIBLE) {
        if (w.fmt_bytes < FMT_EXTENSIBLE) return malformed(r, RIFF_HEAD, "WAV: the extensible fmt chunk is short");
        type = read_le(w.fmt + 24, 2); /* first two bytes of the sub-format GUID */
        present_wave(r, &w, FMT_EXTENSIBLE);
    } else {
        present_wave(r, &w, FMT_MIN);
    }
    uint32_t format = wave_format(type, bits);
    if (format == 0) {
        return vl_error_set(r->error, VEIL_ERR_UNSUPPORTED, 0,
                            "WAV format tag %u with %u bits is not supported in this version", type, bits);
    }
    if (channels == 0 || block_bytes != channels * (bits / 8)) {
        return malformed(r, RIFF_HEAD, "WAV: the frame size does not fit its channels and bits");
    }
    if (w.data_bytes % block_bytes != 0) return malformed(r, w.data_at, "WAV: the data ends within a frame");
    r->out->bound_bytes = (size_t)w.data_bytes + WAV_HEADER_MAX;
    return set_shape(r, rate_hz, channels, w.data_bytes / block_bytes, format);
}

/* ---- FLAC ---- */

#define FLAC_STREAMINFO_BYTES 34u
#define FLAC_FRAMES_AT        (4u + 4u + FLAC_STREAMINFO_BYTES)

/* "fLaC", STREAMINFO as the last block of metadata, then the frames. */
static void present_flac(const reader *r, size_t frames_at)
{
    uint8_t *head = r->out->head;
    memcpy(head, r->bytes, FLAC_FRAMES_AT);
    head[4] |= 0x80;
    r->out->head_bytes = FLAC_FRAMES_AT;
    r->out->body_at = frames_at;
    r->out->body_bytes = r->size - frames_at;
}

static veil_status flac_walk(const reader *r)
{
    size_t at = 4;
    for (bool is_last = false, is_first = true; !is_last; is_first = false) {
        if (r->size - at < 4) return malformed(r, at, "FLAC: the file ends within its metadata");
        is_last = (r->bytes[at] & 0x80) != 0;
        uint32_t type = r->bytes[at] & 0x7F, size = (uint32_t)read_be(r->bytes + at + 1, 3);
        if (size > r->size - at - 4) return malformed(r, at, "FLAC: a metadata block is longer than the file");
        bool is_streaminfo = type == 0 && size == FLAC_STREAMINFO_BYTES;
        if (is_first != is_streaminfo || type == 127)
            return malformed(r, at, "FLAC: the stream's description is wrong");
        at += 4 + size;
    }
    present_flac(r, at);
    return VEIL_OK;
}

static veil_status read_flac(reader *r)
{
    veil_status status = flac_walk(r);
    if (status != VEIL_OK) return status;
    /* STREAMINFO behind "fLaC" and the block's head: rate 20 bits, channels - 1 in 3, bits - 1 in 5, frames in 36. */
    uint64_t packed = read_be(r->bytes + 8 + 10, 8);
    uint32_t rate_hz = (uint32_t)(packed >> 44), channels = (uint32_t)(packed >> 41 & 7) + 1;
    uint32_t bits = (uint32_t)(packed >> 36 & 31) + 1;
    uint64_t frames = packed & 0xFFFFFFFFFull;
    if (frames == 0) return unsupported(r, "FLAC without a length in its header");
    if (bits != 8 && bits != 16 && bits != 24) {
        return vl_error_set(r->error, VEIL_ERR_UNSUPPORTED, 0, "FLAC with %u bits is not supported in this version",
                            bits);
    }
    status = set_shape(r, rate_hz, channels, frames, bits == 24 ? VEIL_SAMPLE_S32 : VEIL_SAMPLE_S16);
    if (status != VEIL_OK) return status;
    /* Verbatim frames are the worst that the encoder chooses; one more byte a channel for its subframe's head. */
    uint64_t blocks = frames / FLAC_BLOCK_LEAST + 2;
    uint64_t bound = frames * channels * (bits / 8) + blocks * (FLAC_FRAME_HEAD + 2u * channels) + FLAC_HEADER_MAX;
    if (bound > SIZE_MAX / 2) return malformed(r, 8, "FLAC: the length overflows the address space");
    r->out->bound_bytes = (size_t)bound;
    return VEIL_OK;
}

/* ---- Which ---- */

static veil_status name_other(const reader *r)
{
    static const struct {
        const char *tag;
        size_t at;
        const char *name;
    } others[] = {
        {"RIFX", 0, "big-endian WAV"},
        {"FORM", 0, "AIFF"},
        {".snd", 0, "AU"},
        {"caff", 0, "CAF"},
        {"ftyp", 4, "MP4 audio"},
        {"#!AMR", 0, "AMR"},
        {"riff", 0, "Wave64"},
        {"wvpk", 0, "WavPack"},
        {"\x1A\x45\xDF\xA3", 0, "Matroska"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (has_tag(r, others[i].at, others[i].tag)) return unsupported(r, others[i].name);
    }
    return malformed(r, 0, "not a sound file of a known kind");
}

veil_status vl_container_read(const void *input, size_t input_bytes, const vl_sound_limits *limits, vl_container *out,
                              veil_error *error)
{
    *out = (vl_container){0};
    reader r = {.bytes = input, .size = input_bytes, .limits = limits, .out = out, .error = error};
    bool is_mpeg = r.size >= 2 && r.bytes[0] == 0xFF && (r.bytes[1] & 0xE0) == 0xE0;
    if (is_mpeg || has_tag(&r, 0, "ID3") || has_tag(&r, 0, "OggS"))
        return vl_container_read_coded(input, input_bytes, limits, out, error);
    bool is_large = has_tag(&r, 0, "RF64") || has_tag(&r, 0, "BW64"); /* EBU Tech 3306, ITU-R BS.2088 */
    if ((is_large || has_tag(&r, 0, "RIFF")) && has_tag(&r, 8, "WAVE")) {
        out->kind = VL_CONTAINER_WAV;
        return read_wave(&r);
    }
    if (has_tag(&r, 0, "fLaC")) {
        out->kind = VL_CONTAINER_FLAC;
        return read_flac(&r);
    }
    return name_other(&r);
}
